"""Word 97-2003: files written by a word processor, a hand-made one, and damaged ones."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from etl.readers import read_file
from etl.types import Refused
from tests.etl.readers.test_documents import texts

FILES = Path(__file__).parent / "files"
REPORT = (FILES / "report.doc").read_bytes()


@pytest.mark.parametrize("name", ["汇报.doc", "汇报.wps", "汇报.txt"])
def test_a_report_reads_as_with_its_changes_accepted(name: str) -> None:
    reading = read_file(name, REPORT)
    assert texts(reading) == [
        ("第1段", "二〇二五年秋季学期控辍保学工作汇报"),
        ("第2段", "全县义务教育阶段在校学生共18462人,辍学3人,其中柳河镇2人、东坪乡1人。"),
        ("第3段", "疫苗查验率98.6%。"),  # 95.1 is deleted in the file
        ("第4段", "详见县局通报第二部分。"),  # a link's address and a hidden number stand there too
        ("表1第1行", "乡镇\t在校学生数\t\t备注"),
        ("表1第2行", "\t小学\t初中"),
        ("表1第3行", "柳河镇\t1204\t631"),
        ("表1第4行", "东坪乡\t873\t\t无初中"),
        ("第5段", "青溪县教育局"),
        ("第6段", "2025年9月20日"),
    ]
    [grid] = reading.grids
    assert set(grid.merges) == {(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 1, 3)}


def test_a_row_of_thirty_cells_is_read() -> None:
    [grid] = read_file("a.doc", (FILES / "wide.doc").read_bytes()).grids
    assert [len(row) for row in grid.cells] == [30, 30, 30]
    assert grid.cells[2][29] == "229"


def test_text_boxes_follow_the_body() -> None:
    reading = read_file("a.doc", (FILES / "box.doc").read_bytes())
    assert texts(reading)[-1] == ("第4段", "框内:全县幼儿园41所。")


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of these streams, each padded to whole sectors of its own (4096 bytes at least)."""
    padded = {name: data.ljust(-(-max(len(data), 4096) // 512) * 512, b"\x00") for name, data in streams.items()}
    chains = [0xFFFFFFFD, 0xFFFFFFFE]  # the table itself, the directory
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, data in padded.items():
        first, count = len(chains), len(data) // 512
        chains += [*range(first + 1, first + count), 0xFFFFFFFE]
        entries.append(_entry(name, 2, first, len(data)))
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIII", header, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0)
    struct.pack_into("<II109I", header, 68, 0xFFFFFFFE, 0, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", *chains, *[0xFFFFFFFF] * (128 - len(chains)))
    return bytes(header) + fat + b"".join(entries).ljust(512, b"\x00") + b"".join(padded.values())


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    raw = (name + "\x00").encode("utf-16-le")
    head = raw.ljust(64, b"\x00") + struct.pack("<HB", len(raw), kind)
    return head.ljust(116, b"\x00") + struct.pack("<III", start, size, 0)


def word(
    pieces: list[tuple[bytes, bool]], place: int | None = None, magic: int = 0xA5EC, version: int = 0xC1, flags: int = 0
) -> bytes:
    """A document of pieces (bytes, whether one byte per character); `place` moves the first one elsewhere."""
    stream = bytearray(1024)
    starts, descriptors = [0], b""
    for n, (raw, single) in enumerate(pieces):
        at = place if n == 0 and place is not None else len(stream)
        descriptors += struct.pack("<HIH", 0, at * 2 | 0x40000000 if single else at, 0)
        starts.append(starts[-1] + (len(raw) if single else len(raw) // 2))
        stream += raw
    table = struct.pack(f"<{len(starts)}I", *starts) + descriptors
    clx = b"\x02" + struct.pack("<I", len(table)) + table
    struct.pack_into("<HH6xH", stream, 0, magic, version, flags)
    struct.pack_into("<I", stream, 0x4C, starts[-1])
    struct.pack_into("<II", stream, 0x01A2, 0, len(clx))
    return compound({"WordDocument": bytes(stream), "0Table": clx})


def wide(text: str) -> tuple[bytes, bool]:
    return text.encode("utf-16-le"), False


def test_pieces_of_both_widths_are_put_together() -> None:
    content = word([wide("合格率"), (b"97.5%\x85 \x93ok\x94\r", True), wide("另有𠮷字学校。\r")])
    assert texts(read_file("a.doc", content)) == [("第1段", "合格率97.5%… “ok”"), ("第2段", "另有𠮷字学校。")]


def test_field_codes_are_left_out_even_when_nested() -> None:
    text = "见\x13 IF \x13 PAGE \x1412\x15 = 1 \x14附件\x15。\x13 TOC 99 \x15\r"
    assert read_file("a.doc", word([wide(text)])).text == "见附件。"


CASES = {
    "piece outside": (word([wide("甲乙丙")], place=900_000), "damaged"),
    "piece far outside": (word([wide("甲乙丙")], place=0x3FFFFFF0), "damaged"),
    "word 95": (word([wide("甲")], magic=0xA5DC, version=0x65), "old_word"),
    "old version": (word([wide("甲")], version=0x68), "old_word"),
    "password": (word([wide("甲")], flags=0x0100), "encrypted"),
    "only a picture": (word([wide("\x01\r")]), "no_text"),
    "half": (REPORT[: len(REPORT) // 2], "damaged"),
}


@pytest.mark.parametrize(("content", "code"), CASES.values(), ids=CASES.keys())
def test_refused_documents(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_file("a.doc", content)
    assert refused.value.code == code


def test_a_circle_in_the_sector_table_is_refused() -> None:
    content = bytearray(word([wide("甲乙丙")]))
    struct.pack_into("<I", content, 512 + 4 * 5, 3)  # sector 5 goes back to 3
    with pytest.raises(Refused) as refused:
        read_file("a.doc", bytes(content))
    assert refused.value.code == "damaged"


@pytest.mark.parametrize("name", ["report.doc", "box.doc"])
def test_damaged_bytes_end_in_a_reading_or_a_refusal(name: str) -> None:
    chance = random.Random(7)
    original = (FILES / name).read_bytes()
    used = [n for n, byte in enumerate(original) if byte not in (0, 255)]
    outcomes: list[str] = []
    for _ in range(400):
        content = bytearray(original)
        for _ in range(chance.choice((1, 5, 40))):
            content[chance.choice(used)] = chance.randrange(256)
        try:
            outcomes.append(read_file("a.doc", bytes(content)).media_type)
        except Refused as refused:
            outcomes.append(refused.code)
    assert set(outcomes) >= {"application/msword", "damaged"}
