"""The child process: the same readings, and any death of it is an ordinary refusal."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from db.cell_columns import CellColumns
from etl import sandbox
from etl.readers import read_file, workbook
from etl.sandbox import Limits, read_safely
from etl.types import Refused
from etl.wire import Array, packed, reading_from_json, reading_to_json, unpacked
from tests.etl.readers.make import FAR_CELL, docx_bytes, xlsx_bytes
from tests.etl.readers.test_workbook import ordinary

DOCX = docx_bytes(lambda document: document.add_paragraph("辍学学生 3 人。"))
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of the kernel")


def child(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Replaces what the child runs after its start."""
    monkeypatch.setattr(sandbox, "_START", "import os, sys, signal, time; sys.path.insert(0, sys.argv[1])\n" + code)


@pytest.mark.parametrize("content", [DOCX, xlsx_bytes(ordinary), "学校,1\n甲,2\n乙,3\n".encode("gb18030")])
def test_the_child_reads_the_same(content: bytes) -> None:
    assert read_safely("文件.txt", content) == read_file("文件.txt", content)


@pytest.mark.parametrize("content", [b"", FAR_CELL, b"%PDF-1.4", os.urandom(3000)])
def test_the_child_refuses_the_same(content: bytes) -> None:
    with pytest.raises(Refused) as inside:
        read_file("a", content)
    with pytest.raises(Refused) as outside:
        read_safely("a", content)
    assert (outside.value.code, outside.value.sentence) == (inside.value.code, inside.value.sentence)


@pytest.mark.parametrize("name", ["a\x00b.csv", "\ud800.csv", "x" * 300, "../a.csv"])
def test_any_name_reaches_the_child(name: str) -> None:
    assert read_safely(name, "校,1\n甲,2\n乙,3".encode()).media_type == "text/csv"


DEATHS = {
    "abort": ("os.abort()", "crashed"),
    "exit": ("sys.exit(3)", "crashed"),
    "exception": ("raise RuntimeError", "crashed"),
    "killed": ("os.kill(os.getpid(), signal.SIGKILL)", "killed"),
    "no answer": ("sys.exit(0)", "crashed"),
    "rubbish": ("os.write(1, b'{]')", "crashed"),
    "wrong shape": ("os.write(1, b'[1]')", "crashed"),
    "deep": ("os.write(1, b'[' * 60000)", "crashed"),
    "asleep": ("time.sleep(60)", "timeout"),
    "flood": ("while True: os.write(1, bytes(65536))", "too_large"),
}


@linux
@pytest.mark.parametrize(("code", "refusal"), DEATHS.values(), ids=DEATHS.keys())
def test_a_dying_child_is_a_refusal(monkeypatch: pytest.MonkeyPatch, code: str, refusal: str) -> None:
    child(monkeypatch, code)
    with pytest.raises(Refused) as refused:
        read_safely("a.txt", b"x" * 200_000, limits=Limits(wall_seconds=2, reply=1 << 20))
    assert refused.value.code == refusal
    with pytest.raises(ChildProcessError):  # no zombie is left
        os.waitpid(-1, os.WNOHANG)


@linux
@pytest.mark.parametrize(
    ("code", "limits", "refusal"),
    [
        ("while True: pass", Limits(cpu_seconds=1), "timeout"),
        ("bytes(3 << 30)", Limits(), "memory"),
        ("open('/dev/shm/limit-test', 'wb', 0).write(b'x')", Limits(), "crashed"),
        ("[os.dup(0) for _ in range(100)]", Limits(), "crashed"),
    ],
    ids=["cpu", "memory", "file", "handles"],
)
def test_limits_hold(monkeypatch: pytest.MonkeyPatch, code: str, limits: Limits, refusal: str) -> None:
    body = f"def hostile(name, content):\n    {code}\nimport etl.readers\netl.readers.read_file = hostile\n"
    child(monkeypatch, body + "from etl.sandbox_child import main; main()")
    try:
        with pytest.raises(Refused) as refused:
            read_safely("a.txt", b"x", limits=limits)
    finally:
        Path("/dev/shm/limit-test").unlink(missing_ok=True)
    assert refused.value.code == refusal


def test_the_child_sees_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "geheim")
    child(
        monkeypatch,
        "sys.stdin.buffer.read(); os.write(1, ('{\"refused\": [\"x\", \"' + ' '.join(os.environ) + '\"]}').encode())",
    )
    with pytest.raises(Refused) as refused:
        read_safely("a", b"x")
    assert "DATABASE_PASSWORD" not in refused.value.sentence


def change(data: dict[str, Any], **values: object) -> dict[str, Any]:
    return data | values


def test_the_wire_refuses_what_is_no_reading() -> None:
    good, _ = unpacked(b"".join(packed(reading_to_json(read_file("a", xlsx_bytes(ordinary)), []))))
    assert reading_from_json(good) == read_file("a", xlsx_bytes(ordinary))
    block = good["blocks"][0]
    bad = [
        change(good, text=5),
        change(good, notes=[1]),
        change(good, blocks=[change(block, start=-1)]),
        change(good, blocks=[change(block, text="不在此处")]),
        change(good, blocks=[change(block, grid=change(block["grid"], cells=[[{"a": 1}]]))]),
        change(good, blocks=[change(block, grid=change(block["grid"], cells=[[["os.system", "x"]]]))]),
        change(good, blocks=[change(block, grid=change(block["grid"], merges=[[0, 0, 0, "1"]]))]),
    ]
    for data in bad:
        with pytest.raises((ValueError, TypeError, KeyError)):
            reading_from_json(data)


def tall(book: Any) -> None:
    """A sheet that is kept by columns: numbers, words, days, a truth, blanks, a line of titles."""
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, ["学校", "人数", "日期", "备注", "寄宿"])
    for n in range(workbook.LONG):
        sheet.write_row(n + 1, 0, [f"第{n % 300}小学", n / 4, None, (None, "—", True, "1", 2)[n % 5]])
        sheet.write_datetime(n + 1, 2, datetime(2024, 9, 1, 8, n % 60), day)


def test_a_tall_sheet_comes_by_columns() -> None:
    content = xlsx_bytes(tall)
    here, there = read_file("a", content), read_safely("a", content)
    assert here == there
    cells = there.grids[0].cells
    assert isinstance(cells, CellColumns)
    assert cells[0] == ("学校", "人数", "日期", "备注", "寄宿")
    assert cells[3] == ("第2小学", 0.5, datetime(2024, 9, 1, 8, 2), True, None)
    assert [type(value) for value in cells[4:6][0]] == [str, float, datetime, str, type(None)]
    assert cells[-1][3] == 2.0


def test_the_wire_refuses_arrays_that_do_not_fit() -> None:
    arrays: list[Array] = []
    data = reading_to_json(read_file("a", xlsx_bytes(tall)), arrays)
    content = b"".join(packed(data, arrays))
    for broken in (content[:-1], content + b"x", content.replace(b'"i4"', b'"i8"')):
        with pytest.raises((ValueError, KeyError)):
            unpacked(broken)
    data, arrays = unpacked(content)
    cells = data["blocks"][0]["grid"]["cells"]
    words = cells["columns"][0]
    for change_of in (
        {"codes": cells["columns"][1]["numbers"]}, {"codes": 99}, {"numbers": words["codes"]}, {"values": words["values"][:5]},
        {"values": [*words["values"], {"a": 1}]},
    ):  # fmt: skip
        bad = [change(words, **change_of), *cells["columns"][1:]]
        grid = change(data["blocks"][0]["grid"], cells=change(cells, columns=bad))
        with pytest.raises((ValueError, TypeError, IndexError)):
            reading_from_json(change(data, blocks=[change(data["blocks"][0], grid=grid)]), arrays)
    grid = change(data["blocks"][0]["grid"], cells=change(cells, height=cells["height"] + 1))
    with pytest.raises(ValueError):
        reading_from_json(change(data, blocks=[change(data["blocks"][0], grid=grid)]), arrays)
