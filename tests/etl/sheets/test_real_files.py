"""The same drawings as real workbooks and csv files, through the readers."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from db.catalogue import load_catalogue
from db.records import Grid
from etl.readers import read_file
from etl.sheets import extract_sheets
from etl.types import Mention
from tests.etl.sheets.drawings import DRAWINGS
from tests.etl.sheets.notation import grid, reading
from tests.etl.sheets.telling import told


def workbook(sheet: Grid) -> bytes:
    """The bytes of an xlsx file with the values and merges of a grid."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet.sheet)
        for r, row in enumerate(sheet.cells):
            for c, value in enumerate(row):
                if value is not None:
                    page.write(r, c, value)
        for top, left, bottom, right in sheet.merges:
            page.merge_range(top, left, bottom, right, sheet.cells[top][left])
    return buffer.getvalue()


def mentions(name: str, content: bytes) -> tuple[Mention, ...]:
    return extract_sheets(read_file(name, content), load_catalogue()).mentions


@pytest.mark.parametrize("layout", sorted(DRAWINGS))
def test_workbook_reads_like_its_drawing(layout: str) -> None:
    sheet = grid(DRAWINGS[layout])
    drawn = extract_sheets(reading(sheet), load_catalogue()).mentions
    assert drawn
    assert told(mentions("表.xlsx", workbook(sheet))) == told(drawn)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_system_export_as_csv(encoding: str) -> None:
    sheet = grid(DRAWINGS["long"])
    lines = [",".join("" if v is None else str(v) for v in row) for row in sheet.cells]
    found = mentions("导出.csv", "\r\n".join(lines).encode(encoding))
    drawn = extract_sheets(reading(sheet), load_catalogue()).mentions
    assert [(m.indicator, m.value, m.entity, m.entity_code) for m in found] == [
        (m.indicator, m.value, m.entity, m.entity_code) for m in drawn
    ]
    assert found[0].evidence.cell == "R2C7"


def test_percent_format_of_a_workbook_is_understood() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("查验")
        percent = book.add_format({"num_format": "0.00%"})
        for r, row in enumerate(
            [
                ["南坡县2025年秋季辍学情况"],
                ["学校", "辍学率"],
                ["石桥中学", 0.0012],
                ["上坝初中", 0.25],
                ["柳林小学", 0],
            ]
        ):
            for c, value in enumerate(row):
                page.write(r, c, value, percent if r > 1 and c == 1 else None)
    found = mentions("辍学.xlsx", buffer.getvalue())
    assert [float(m.value) for m in found if m.value is not None] == [0.12, 25, 0]
