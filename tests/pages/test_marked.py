"""The workbook comes back: coloured cells, comments, a list with links; its own formatting where it was an xlsx."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.workbook import Workbook
from streamlit.testing.v1 import AppTest

from db.catalogue import load_catalogue
from db.records import Issue, Severity
from db.records_layout import RecalledLayouts
from etl.sandbox import read_safely
from etl.sheets import extract_sheets
from etl.sheets.own_list import HEADS, is_own_list
from pages.exports.marked import COLOURS, Mark, SheetData, Words, marked_workbook
from pages.text import phrase
from pages.ui import actions, marking
from tests.pages.conftest import Shelf
from tests.pages.desk import opened_desk, sheet  # noqa: F401 - a fixture

WORDS = Words(
    "问题清单", ("序号", "级别", "工作表", "单元格", "类别", "说明"),
    {"block": "须改正", "confirm": "待确认", "note": "提示"}, "指标看板",
)  # fmt: skip
ROWS = (("澜石县2023学年", None), ("学校", "在校生"), ("甲校", 12.5), ("乙校", 300))
MARKS = (
    Mark("confirm", "不在常见范围内", "=单元格B4偏小。", "数据'1号", ("B4",)),
    Mark("block", "计数不是非负整数", "单元格B3必须是整数。", "数据'1号", ("B3",)),
    Mark("note", "空白未报", "=1+1", None, ()),
)
SHEETS = (SheetData("数据'1号", ROWS, ((0, 0, 0, 1),)),)


def original() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "数据'1号"
    for row in ROWS:
        sheet.append(list(row))
    sheet.merge_cells("A1:B1")
    sheet["A1"].font = Font(bold=True, size=18)
    sheet["C4"] = "=B4*2"
    sheet.column_dimensions["A"].width = 33
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.mark.parametrize("content", [original(), b"\xd0\xcf\x11\xe0 an xls", "学校,在校生".encode("gb18030"), b""])
def test_faults_are_coloured_explained_and_listed(content: bytes) -> None:
    book = opened(marked_workbook(content, SHEETS, MARKS, WORDS))
    assert book.sheetnames == ["问题清单", "数据'1号"]
    listed, sheet = book.worksheets
    assert [cell.value for cell in listed[1]] == list(WORDS.heads)
    assert [[cell.value or None for cell in row] for row in listed.iter_rows(min_row=2)] == [
        [1, "须改正", "数据'1号", "B3", "计数不是非负整数", "单元格B3必须是整数。"],
        [2, "待确认", "数据'1号", "B4", "不在常见范围内", "=单元格B4偏小。"],
        [3, "提示", None, None, "空白未报", "=1+1"],
    ]
    assert {cell.data_type for row in listed.iter_rows(min_row=2, min_col=5) for cell in row} == {"s"}
    assert listed["D2"].hyperlink.location == "'数据''1号'!B3"
    assert sheet["B3"].fill.fgColor.rgb.endswith(COLOURS["block"])
    assert sheet["B4"].fill.fgColor.rgb.endswith(COLOURS["confirm"])
    assert sheet["B3"].comment.text == "[须改正] 单元格B3必须是整数。"
    assert sheet["A3"].comment is None
    assert sheet["B3"].value == 12.5


def test_an_xlsx_keeps_its_own_formatting_and_formulas() -> None:
    sheet = opened(marked_workbook(original(), SHEETS, MARKS, WORDS)).worksheets[1]
    assert (sheet["A1"].font.bold, sheet["A1"].font.size) == (True, 18)
    assert sheet.column_dimensions["A"].width == 33
    assert sheet["C4"].value == "=B4*2"


@pytest.mark.parametrize("content", [original(), b""])
def test_a_fault_inside_a_merged_region_is_marked_in_its_first_cell(content: bytes) -> None:
    sheet = opened(
        marked_workbook(content, SHEETS, [Mark("block", "x", "合并了。", "数据'1号", ("B1",))], WORDS)
    ).worksheets[1]
    assert sheet["A1"].comment.text == "[须改正] 合并了。"


def test_addresses_of_csv_become_those_of_a_workbook() -> None:
    marks = [Mark("block", "代码不规范", "R2C1不对。", "csv", ("R2C1", "R9C3"))]
    sheet = opened(marked_workbook(b"", [SheetData("csv", (("a",), ("b",)))], marks, WORDS)).worksheets[1]
    assert sheet["A2"].comment is not None
    assert sheet["C9"].comment is not None


@pytest.mark.parametrize("text", ['=HYPERLINK("http://evil.example")', "+1", "-2+3", "@SUM(A1)", "http://evil.example"])
def test_text_of_a_file_stays_text_in_the_equivalent(text: str) -> None:
    sheet = opened(marked_workbook(b"", [SheetData("csv", ((text,),))], [], WORDS)).worksheets[1]
    assert (sheet["A1"].value, sheet["A1"].data_type, sheet["A1"].hyperlink) == (text, "s", None)


def test_several_faults_of_one_cell_stand_in_one_comment_the_gravest_first() -> None:
    marks = [Mark("note", "a", "甲", "数据'1号", ("B3",)), Mark("block", "b", "乙", "数据'1号", ("B3", "B4"))]
    sheet = opened(marked_workbook(original(), SHEETS, marks, WORDS)).worksheets[1]
    assert sheet["B3"].comment.text == "[须改正] 乙\n[提示] 甲"
    assert sheet["B3"].fill.fgColor.rgb.endswith(COLOURS["block"])


@pytest.mark.parametrize(("language", "heads"), list(zip(("zh", "en"), HEADS, strict=True)))
def test_the_list_of_problems_is_no_sheet_of_numbers_when_the_workbook_comes_back(
    language: str, heads: tuple[str, ...]
) -> None:
    names = ("n", "severity", "sheet", "cell", "kind", "sentence")
    assert heads == tuple(phrase(language, f"upload.marked.{name}") for name in names)
    content = marked_workbook(original(), SHEETS, MARKS, replace(WORDS, heads=heads))
    grids = read_safely("表.xlsx", content).grids
    assert [is_own_list(grid) for grid in grids] == [True, False]
    layouts = extract_sheets(read_safely("表.xlsx", content), load_catalogue()).layouts
    assert layouts[0].note == "own_list"


def test_the_upload_offers_the_sheet_with_its_problems(
    desk: Shelf, open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = Issue("B08", Severity.BLOCK, "合计不等于各行之和,请核对。", sheet="查验", cell="C4", cells=("C4", "C3"))
    draft = replace(sheet(desk.ids, done=211), issues=(issue,))
    monkeypatch.setattr(actions, "draft", lambda *asked: (draft, RecalledLayouts(), {}))
    app = open_page("upload")
    app.file_uploader(key="upload_file").set_value(("表.xlsx", b"x", "application/octet-stream"))
    app.run()
    assert not app.exception
    assert "下载标出问题的表格" in [each.proto.label for each in app.get("download_button")]
    listed, marked = opened(marking.marked(draft)).worksheets[:2]
    assert [cell.value for cell in listed[2]][1:5] == ["必须改正", "查验", "C4", "合计不等于各分项之和"]
    assert marked["C3"].comment is not None


def test_the_list_of_faults_prints_on_pages_as_wide_as_it_is() -> None:
    for content in (original(), b"not an xlsx"):
        sheet = openpyxl.load_workbook(io.BytesIO(marked_workbook(content, SHEETS, MARKS, WORDS))).worksheets[0]
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)  # 1 is what is not written
        assert sheet.print_title_rows == "$1:$1"


def test_an_equivalent_has_room_for_what_stands_in_its_columns() -> None:
    rows = (("一个很长很长的标题写在第一格里面", None), ("学校", "在校生"), ("青溪镇中心小学", 12.5))
    book = openpyxl.load_workbook(io.BytesIO(marked_workbook(b"", (SheetData("csv", rows),), MARKS[:1], WORDS)))
    widths = book["csv"].column_dimensions
    assert 14 < widths["A"].width < 18
    assert 6 < widths["B"].width < 9


def test_a_cell_of_a_text_file_is_named_as_the_workbook_names_it() -> None:
    mark = Mark("block", "代码", "单元格R3C2的代码“R12”不对，与R12C1不同。", "csv", ("R3C2",))
    book = openpyxl.load_workbook(io.BytesIO(marked_workbook(b"", (SheetData("csv", ROWS),), (mark,), WORDS)))
    assert book["csv"]["B3"].comment.text == "[须改正] 单元格B3的代码“R12”不对，与A12不同。"
    assert book.worksheets[0]["F2"].value == "单元格B3的代码“R12”不对，与A12不同。"
