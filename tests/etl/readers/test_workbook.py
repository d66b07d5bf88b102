"""Workbooks: typed cells, and everything that must not pass for an empty cell."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from etl.readers import read_file
from etl.types import Refused
from tests.etl.readers.make import ods_bytes, raw_xlsx, xls_bytes, xlsx_bytes


def ordinary(book: Any) -> None:
    sheet = book.add_worksheet("学生数")
    sheet.write_row(1, 0, ["00123", 412, 0.985, True])
    sheet.write_datetime(2, 0, datetime(2026, 9, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.merge_range("A1:B1", "各校学生数")
    sheet.set_row(4, None, None, {"hidden": True})
    sheet.set_row(5, None, None, {"hidden": True})
    sheet.set_column("C:D", None, None, {"hidden": True})
    book.add_worksheet("底稿").hide()


def test_xlsx_cells_are_typed_and_keep_their_addresses() -> None:
    reading = read_file("a.xlsx", xlsx_bytes(ordinary))
    first, second = reading.grids
    assert first.cells[0][:2] == ("各校学生数", None)
    assert first.cells[1] == ("00123", 412, 0.985, True)
    assert first.cells[2][0] in (date(2026, 9, 1), datetime(2026, 9, 1))
    assert first.merges == ((0, 0, 0, 1),)
    assert (first.hidden, second.hidden) == (False, True)
    assert reading.text == ""
    assert reading.notes == ("hidden_rows|学生数|5-6", "hidden_columns|学生数|C-D", "hidden_sheet|底稿")


def test_cells_before_the_first_used_one_are_kept() -> None:
    [grid] = read_file("a", xlsx_bytes(lambda book: book.add_worksheet().write("C3", 7))).grids
    assert grid.cells == ((None,) * 3, (None,) * 3, (None, None, 7))


FAULTS = """<row r="3"><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C3"><f>SUM(A1:A2)</f></c>
<c r="D3"><f>B1</f><v></v></c><c r="E3" t="str"><f>IF(1,"")</f><v></v></c><c r="F3"><f>1+1</f><v>2</v></c>
<c r="G3"><v>0</v></c></row>"""


@pytest.mark.parametrize("quote", ['"', "'"])
def test_faults_do_not_look_empty(quote: str) -> None:
    reading = read_file("a.xlsx", raw_xlsx(FAULTS.replace('IF(1,"")', "IF(1,A9)").replace('"', quote)))
    [grid] = reading.grids
    assert grid.cells[2][1] == "#DIV/0!"
    assert grid.cells[2][5:7] == (2, 0)
    assert reading.notes == ("error_cell|表一|B3", "formula_without_value|表一|C3", "formula_without_value|表一|D3")


def test_faults_are_placed_in_sheets_without_addresses() -> None:
    rows = '<row><c><v>1</v></c></row><row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row>'
    assert read_file("a.xlsx", raw_xlsx(rows)).notes == ("error_cell|表一|B2",)


STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="0.0%"/><numFmt numFmtId="165" formatCode="0.0&quot;%&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="10"/></cellXfs>'
)


def test_percent_formats_are_recognised_and_a_quoted_sign_is_not() -> None:
    cells = "".join(
        f'<c r="{letter}1" s="{style}"><v>0.985</v></c>' for letter, style in zip("ABCD", range(4), strict=True)
    )
    [grid] = read_file("a.xlsx", raw_xlsx(f'<row r="1">{cells}</row>', STYLES)).grids
    assert grid.percent_cells == {(0, 1), (0, 3)}
    assert grid.cells == ((0.985,) * 4,)


def old(book: Any) -> None:
    sheet = book.add_sheet("花名册")
    sheet.write_merge(0, 0, 0, 1, "花名册")
    sheet.write(1, 0, "临江小学")
    sheet.write(1, 1, 305)
    sheet.row(2).set_cell_error(1, "#DIV/0!")
    book.add_sheet("备份").visibility = 1


@pytest.mark.parametrize("name", ["a.xls", "a.et", "a.txt"])
def test_xls_and_et_are_read_by_content(name: str) -> None:
    reading = read_file(name, xls_bytes(old))
    first, second = reading.grids
    assert first.cells == (("花名册", None), ("临江小学", 305), (None, "#DIV/0!"))
    assert first.merges == ((0, 0, 0, 1),)
    assert second.hidden
    assert reading.notes == ("error_cell|花名册|B3", "hidden_sheet|备份")


def test_ods_is_read() -> None:
    [grid] = read_file("a.ods", ods_bytes([["学校", "人数"], ["南坪小学", 76]])).grids
    assert (grid.sheet, grid.cells) == ("登记", (("学校", "人数"), ("南坪小学", 76)))


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        read_file("a.xlsx", xlsx_bytes(lambda book: book.add_worksheet()))
    assert refused.value.code == "empty_workbook"
