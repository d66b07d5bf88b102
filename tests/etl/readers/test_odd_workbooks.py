"""Odd files of offices: pictures in place of cells, lists named .xls, apostrophes, numbers beyond all measure, merged rows."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
import xlsxwriter

from db.catalogue import load_catalogue
from db.records import Draft
from etl.pipeline import draft_from_file
from etl.places import Directory
from etl.types import Refused

TITLE = "凤溪县2025-2026学年初小学基本情况"
HEADS = ["学校", "班数", "在校生数", "专任教师数"]
ROWS: list[list[object]] = [
    ["凤溪一小", 28, 1220, 70], ["石桥小学", 20, 845, 49], ["河口小学", 6, 224, 13], ["白果小学", 6, 190, 12]
]  # fmt: skip


def draft(name: str, content: bytes) -> Draft:
    return draft_from_file(name, content, load_catalogue(), Directory([]))


def workbook(merged: str = "", more: int = 0, **cells: object) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in ([TITLE], [*HEADS, *(f"列{n}" for n in range(more))], *([*row, *range(more)] for row in ROWS)):
        sheet.append(row)
    for at, value in cells.items():
        sheet[at] = value
    if merged:
        sheet.merge_cells(merged)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def drawn(chart: bool) -> bytes:
    """A workbook of a picture or of a chart sheet, without a cell."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("照片")
    if chart:
        figure = book.add_chart({"type": "column"})
        figure.add_series({"values": "=照片!$A$1:$A$3"})
        book.add_chartsheet("图").set_chart(figure)
    else:
        dot = bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001"
            "e221bc330000000049454e44ae426082"
        )
        sheet.insert_image("A1", "a.png", {"image_data": BytesIO(dot)})
    book.close()
    return out.getvalue()


@pytest.mark.parametrize(("chart", "told"), [(False, "工作簿里只有图片"), (True, "工作簿里只有图表")])
def test_a_workbook_of_pictures_or_charts_says_so(chart: bool, told: str) -> None:
    with pytest.raises(Refused) as refused:
        draft("照片.xlsx", drawn(chart))
    assert refused.value.code == "empty_workbook"
    assert refused.value.sentence.startswith(told)


def test_a_list_of_plain_text_named_xls_is_a_table() -> None:
    lines = "\n".join([TITLE, ",".join(HEADS), *(",".join(map(str, row)) for row in ROWS[:2])])
    found = draft("导出.xls", lines.encode("gb18030"))
    assert {one.evidence.cell for one in found.observations} == {f"R{r}C{c}" for r in (3, 4) for c in (2, 3, 4)}


def test_numbers_kept_as_text_and_noughts_below_nought() -> None:
    found = draft("表.xlsx", workbook(C3="'1220", C4="-0", B5="６"))
    values = {one.evidence.cell: str(one.value) for one in found.observations}
    assert (values["C3"], values["C4"], values["B5"]) == ("1220", "0", "6")


def test_a_number_beyond_all_measure_is_none_and_is_quoted_shortly() -> None:
    found = draft("表.xlsx", workbook(C3="9" * 400))
    told = next(one for one in found.issues if one.code == "unreadable_number")
    assert told.cell == "C3"
    assert len(told.sentence) < 120
    assert "C3" not in {one.evidence.cell for one in found.observations}


def test_one_number_over_several_columns_is_none_of_them() -> None:
    found = draft("表.xlsx", workbook(merged="B4:D4"))
    told = next(one for one in found.issues if one.code == "merged_data")
    assert told.cell == "B4"
    assert "班数、在校生数、专任教师数" in told.sentence


def test_very_many_columns_that_nobody_knows_are_one_note() -> None:
    notes = [one for one in draft("表.xlsx", workbook(more=60)).issues if one.code == "unknown_column"]
    assert len(notes) == 1
    assert len(notes[0].cells) == 60
