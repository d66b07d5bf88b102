"""Exports open in a spreadsheet with their numbers as numbers and nothing of a file's text running."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from pages.exports.csv import csv_bytes
from pages.exports.table import Table
from pages.exports.xlsx import sheet_name, xlsx_bytes

HOSTILE = [
    '=HYPERLINK("http://evil.example","点我")', "+8613800000000", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1", " =1+1", "\n@x",
]  # fmt: skip


def table(values: list[object], notes: tuple[str, ...] = ()) -> Table:
    return Table("各校对比", pd.DataFrame({"单位": values}), notes)


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_starts_with_the_mark_excel_needs() -> None:
    assert csv_bytes(table(["青禾小学"])).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_keeps_formula_text_inert(text: str) -> None:
    assert rows_of(csv_bytes(table([text])))[1] == [f"'{text}"]


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_header_and_notes_are_inert_too(text: str) -> None:
    content = csv_bytes(Table("题", pd.DataFrame({text: [1]}), (text,)))
    assert rows_of(content)[0] == [f"'{text}"]
    assert rows_of(content)[-1] == [f"'{text}"]


@pytest.mark.parametrize(("value", "shown"), [(-3.5, "-3.5"), (99.5, "99.5"), (0, "0"), (None, ""), (float("nan"), "")])
def test_csv_numbers_stay_numbers_and_missing_is_empty(value: object, shown: str) -> None:
    content = csv_bytes(Table("题", pd.DataFrame({"单位": ["甲"], "值": [value]})))
    assert rows_of(content)[1] == ["甲", shown]


def test_csv_carries_title_definition_and_source_below_the_rows() -> None:
    rows = rows_of(csv_bytes(table(["青禾小学"], ("定义：辍学学生数除以在校学生数", "来源：青禾小学.xlsx"))))
    assert rows[2:] == [[], ["各校对比"], ["定义：辍学学生数除以在校学生数"], ["来源：青禾小学.xlsx"]]


def read(content: bytes, sheet: int = 0) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(sheet).to_python()


@pytest.mark.parametrize("text", HOSTILE)
def test_xlsx_holds_no_formula_and_no_link(text: str) -> None:
    content = xlsx_bytes([table([text], (text,))])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert "<hyperlink" not in xml


def test_xlsx_types_survive() -> None:
    frame = pd.DataFrame(
        {"代码": ["0102"], "人数": [82437], "率": [99.5], "缺": [None], "日": [date(2026, 9, 1)], "长码": [2**60]}
    )
    title, head, row = read(xlsx_bytes([Table("指标", frame)]))
    assert title[0] == "指标"
    assert head == list(frame.columns)
    assert row == ["0102", 82437.0, 99.5, "", date(2026, 9, 1), str(2**60)]


def test_xlsx_notes_stand_below_the_rows() -> None:
    rows = read(xlsx_bytes([table(["甲", "乙"], ("单位：%", "来源：甲.xlsx"))]))
    assert [row[0] for row in rows] == ["各校对比", "单位", "甲", "乙", "", "单位：%", "来源：甲.xlsx"]


def test_two_tables_of_one_title_get_two_sheets() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes([table(["甲"]), table(["乙"])])))
    assert book.sheet_names == ["各校对比", "各校对比 (2)"]


@pytest.mark.parametrize(
    ("title", "name"),
    [("接种/查验[2026]:春", "接种 查验 2026  春"), ("", "Sheet"), ("'引号'", "引号"), ("长" * 40, "长" * 31)],
)
def test_sheet_names_are_what_excel_accepts(title: str, name: str) -> None:
    assert sheet_name(title, set()) == name


def test_whole_numbers_of_a_column_with_gaps_are_written_whole() -> None:
    content = csv_bytes(Table("题", pd.DataFrame({"单位": ["甲", "乙"], "分子": [114.0, None]})))
    assert rows_of(content)[1:3] == [["甲", "114"], ["乙", ""]]


def test_a_sheet_is_printed_as_wide_as_its_columns_and_rates_show_few_digits() -> None:
    definition = "学年内经台账确认的辍学学生占该学年初在校生数的百分比。" * 3
    frame = pd.DataFrame({"率": [0.2070882304855674], "人数": [114], "定义": [definition], "编号": ["18409, " * 200]})
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([Table("指标", frame)])))
    sheet = book.active
    assert sheet.print_area.endswith("$A$1:$D$3")
    assert (sheet["A3"].number_format, sheet["B3"].number_format) == ("0.00##", "General")
    assert (sheet["C3"].alignment.wrap_text, sheet["D3"].alignment.wrap_text) == (True, None)
