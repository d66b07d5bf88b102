"""Numbers that are taken out of a sheet's XML are those that the cell reader finds there, and nothing else changes."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
import xlsxwriter

from db.records import Reading
from etl.readers import plain_numbers, read_file, workbook
from etl.readers.plain_numbers import taken_out
from etl.types import Refused

SHEET = "xl/worksheets/sheet1.xml"


def book(rows: int = 60, seed: int = 1) -> bytes:
    """All that stands in sheets, with numbers of every spelling."""
    rng = random.Random(seed)
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"nan_inf_to_errors": True}) as made:
        sheet = made.add_worksheet("表一")
        formats = [
            made.add_format({"num_format": code}) for code in ("0", "0.00", "#,##0", "0%", "0.0_ ", "yyyy-mm-dd", "@")
        ]
        sheet.merge_range(0, 0, 0, 5, "2025—2026学年初 <小学> & 初中")
        kinds: list[Callable[[int, int], object]] = [
            lambda r, c: sheet.write_number(r, c, rng.randrange(-50, 10**rng.randrange(1, 9))),
            lambda r, c: sheet.write_number(r, c, round(rng.random() * 1000, rng.randrange(1, 5))),
            lambda r, c: sheet.write_number(r, c, rng.random()),
            lambda r, c: sheet.write_number(r, c, rng.choice([1e-7, 1e21, 2.0**60, -0.0, 12345678.5, 0.1])),
            lambda r, c: sheet.write_number(r, c, rng.randrange(60000), rng.choice(formats)),
            lambda r, c: sheet.write_string(r, c, rng.choice(["榆湾小学", "12", "", "a<b&c", "×" * 40, "_x000D_"])),
            lambda r, c: sheet.write_datetime(r, c, date(1990 + r % 30, 9, 1), formats[5]),
            lambda r, c: sheet.write_boolean(r, c, bool(r % 2)),
            lambda r, c: sheet.write_formula(r, c, "=A1+1", None, rng.choice([3, "x", "#DIV/0!", ""])),
            lambda r, c: sheet.write_blank(r, c, None, rng.choice(formats)),
            lambda r, c: None,
        ]  # fmt: skip
        for row in range(1, rows):
            for col in range(30):
                rng.choice(kinds)(row, col)
        sheet.set_row(3, None, None, {"hidden": True})
        made.add_worksheet("表二").write_number(2, 2, 5)
    return packed.getvalue()


def changed(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with other XML in its first sheet."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == SHEET else old.read(name))
    return packed.getvalue()


def xml_of(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(SHEET)


def cells(reading: Reading) -> list[tuple[object, ...]]:
    """Everything of the grids, the types of cells too (0 and -0.0 are told apart)."""
    return [
        (grid.sheet, [[(type(cell), repr(cell)) for cell in row] for row in grid.cells], grid.merges, grid.hidden,
         grid.percent_cells)
        for grid in reading.grids
    ]  # fmt: skip


@pytest.mark.parametrize("long", [10, 10**6])
@pytest.mark.parametrize(
    ("change", "plain"),
    [
        (lambda xml: xml, True),
        (lambda xml: xml.replace(b' spans="', b' old="'), True),
        (lambda xml: xml.replace(b"<v>7</v>", b"<v>0000007</v>").replace(b"<v>9</v>", b"<v> 9</v>"), True),
        (lambda xml: xml.replace(b'"', b"'"), False),
        (lambda xml: xml.replace(b"<c r=", b"<c  r="), False),
        (lambda xml: xml.replace(b"<sheetData>", b'<!-- <c r="A9"><v>1</v></c> --><sheetData>'), False),
    ],
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_sheet_is_read_as_the_cell_reader_reads_it(
    monkeypatch: pytest.MonkeyPatch, seed: int, change: Callable[[bytes], bytes], plain: bool, long: int
) -> None:
    content = changed(book(seed=seed), change)
    monkeypatch.setattr(workbook, "LONG", long)
    slow = read_file("a.xlsx", content)
    monkeypatch.setattr(plain_numbers, "FROM_BYTES", 1)
    assert (taken_out(xml_of(content), (0, 1)) is not None) == plain
    quick = read_file("a.xlsx", content)
    assert cells(quick) == cells(slow)
    assert quick.notes == slow.notes


def sheet(cell: str) -> bytes:
    """The XML of one cell."""
    return f'<worksheet><sheetData><row r="3">{cell}</row></sheetData>{" " * 100}</worksheet>'.encode()


@pytest.mark.parametrize("text", ["0", "12", "-7", "1234567", "0.1", "-1234567.7654321", "100.25", "3.14159"])
def test_a_number_is_the_float_nearest_to_its_digits(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(plain_numbers, "FROM_BYTES", 1)
    taken = taken_out(sheet(f'<c r="AB3" s="4"><v>{text}</v></c><c r="AC3"/>'), [4])
    assert taken is not None
    numbers, rest = taken
    assert [numbers.rows.tolist(), numbers.cols.tolist(), numbers.values.tolist()] == [[2], [27], [float(text)]]
    assert (numbers.height, numbers.width) == (3, 28)
    assert rest == sheet('<c r="AC3"/>')


@pytest.mark.parametrize(
    "cell",
    [
        *(f'<c r="B3"><v>{text}</v></c>' for text in ("", "-", ".5", "5.", "12345678", "1.12345678", "1e3", "1E-3", "1 ")),
        '<c r="B3" t="s"><v>1</v></c>', '<c r="B3" s="9"><v>1</v></c>', '<c r="B3" s="x"><v>1</v></c>',
        '<c r="B3" s="4" t="n"><v>1</v></c>', '<c r="B3"><f>A1</f><v>1</v></c>', '<c r="b3"><v>1</v></c>',
        '<c r="B0"><v>1</v></c>', '<c r="XFE3"><v>1</v></c>', '<c r="B3"><v>1</v><v>2</v></c>', '<c><v>1</v></c>',
        '<c r="B3"><v>1</v></c><c r="B3"><v>2</v></c>', '<c r="B3"><v>1</v></c><x:c r="C3"><v>2</v></x:c>',
        '<c r="B3"><v>1</v></c><c r="C3" t="str"><v><![CDATA[x]]></v></c>',
    ],
)  # fmt: skip
def test_what_is_no_plain_number_is_left_where_it_is(monkeypatch: pytest.MonkeyPatch, cell: str) -> None:
    monkeypatch.setattr(plain_numbers, "FROM_BYTES", 1)
    assert taken_out(sheet(cell), [4]) is None


def test_a_far_number_is_refused_by_its_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_numbers, "FROM_BYTES", 1)
    far = b'<row r="900000"><c r="ZZ900000"><v>5</v></c></row></sheetData>'
    content = changed(book(), lambda xml: xml.replace(b"</sheetData>", far))
    with pytest.raises(Refused) as refused:
        read_file("a.xlsx", content)
    assert refused.value.code == "far_cell"
    assert "ZZ900000" in refused.value.sentence


def test_numbers_come_by_the_column_with_nothing_between_them() -> None:
    at = np.array([4, 0, 2]), np.array([1, 1, 3])
    numbers = plain_numbers.Numbers(*at, np.array([6.0, 5.0, 7.0]), 5, 4)
    found = {col: np.nan_to_num(column, nan=-1).tolist() for col, column in numbers.by_column(6)}
    assert found == {1: [5, -1, -1, -1, 6, -1], 3: [-1, -1, 7, -1, -1, -1]}
