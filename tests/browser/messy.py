"""A workbook as a hurried office hands it in: twelve faults on two sheets, and the same book mended cell by cell."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import sqlalchemy as sa

from db.schema import org_unit
from tests.conftest import connected

COUNTY = "鹤溪县"
SHEET = "查验汇总"
FIRST = 5  # the row of the first school
UNKNOWN = f"{COUNTY}桤湾小学校"  # as no register has it
PEOPLE = "学生名单"
HEADS = (
    ("序号", "学校标识码", "学校名称", "查验", None, None, "持证", "漏种人数", "备注"),
    (None, None, None, "应查验人数", "实查验人数", "查验率(%)", "证件齐全人数", None, None),
)
MERGED = ("A1:I1", "A3:A4", "B3:B4", "C3:C4", "D3:F3", "H3:H4", "I3:I4")


def schools(folder: Path) -> list[tuple[str, str]]:
    """Ten primary schools of the county with their codes."""
    area = org_unit.alias("area")
    with connected(folder) as connection:
        rows = connection.execute(
            sa.select(org_unit.c.name, org_unit.c.code)
            .join(area, org_unit.c.area_id == area.c.id)
            .where(org_unit.c.kind == "school", org_unit.c.level == "PRI", area.c.name == COUNTY)
            .order_by(org_unit.c.id)
            .limit(10)
        ).all()
    return [(str(name), str(code)) for name, code in rows]


def good_rows(known: Sequence[tuple[str, str]]) -> list[list[object]]:
    """The rows as they should be."""
    rows: list[list[object]] = []
    for n, (name, code) in enumerate(known, 1):
        due = 60 + 7 * n
        done, held = due - n % 3, due - n % 3 - n % 2
        rows.append([n, code, name, due, done, round(100 * done / due, 1), held, n % 2, None])
    return rows


def messy(known: Sequence[tuple[str, str]]) -> bytes:
    """The workbook with its faults, each in a cell of its own."""
    rows = good_rows(known)
    sums = [sum(int(str(row[col])) for row in rows) for col in (3, 4, 6)]
    rows[0][1] = "2.197E+09"  # a code that Excel spoiled
    rows[1][5] = 105  # a rate above 100
    rows[2][1:3] = [None, UNKNOWN]  # a school that nobody knows, without its code
    rows[3][4] = "见附件"  # words where a number belongs
    rows[4][4] = int(str(rows[4][3])) + 9  # more done than due
    rows[6][1:3] = rows[5][1:3]  # one school twice
    rows[7][5] = 0.98  # a fraction among percentages
    total = ["合计", None, None, sums[0], sums[1] + 20, None, sums[2], None, None]  # a wrong total
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append([f"{COUNTY}2025年秋季入学儿童预防接种证查验情况汇总表"])
    filed = "填表日期：2024年11月6日"  # another year than the title's
    sheet.append([f"填报单位：{COUNTY}疾病预防控制中心", None, None, None, None, filed])
    for line in (*HEADS, *rows, total, ["审核人：王某　填表人：李某"]):
        sheet.append(line)
    for merged in MERGED:
        sheet.merge_cells(merged)
    sheet.row_dimensions[FIRST + 8].hidden = True
    people = book.create_sheet(PEOPLE)
    people.append(["姓名", "身份证号", "家长电话", "班级"])
    for n, mark in enumerate("甲乙丙丁"):
        people.append([f"测试生{mark}", f"97012120190503000{n}", f"1990000000{n}", "一(1)班"])
    return _bytes(book)


def without_people(content: bytes) -> bytes:
    """The workbook without its list of persons."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    del book[PEOPLE]
    return _bytes(book)


def mended(marked: bytes, known: Sequence[tuple[str, str]], *, leave: Sequence[str] = ()) -> bytes:
    """The marked workbook with every cell put right that the sentences named, but those of `leave`."""
    book = openpyxl.load_workbook(io.BytesIO(marked))
    sheet = book[SHEET]
    rows = good_rows(known)
    for n, row in enumerate(rows):
        for col, value in enumerate(row):
            cell = sheet.cell(FIRST + n, col + 1)
            if cell.coordinate not in leave:
                cell.value = value
    for col in (4, 5, 7):
        sheet.cell(FIRST + len(rows), col).value = sum(int(str(row[col - 1])) for row in rows)
    return _bytes(book)


def cells_named(marked: bytes) -> set[str]:
    """The cells that the list of faults of a marked workbook names."""
    book = openpyxl.load_workbook(io.BytesIO(marked))
    listed = book[next(name for name in book.sheetnames if name not in (SHEET, PEOPLE))]
    return {str(cell.value) for row in listed.iter_rows() for cell in row if cell.value is not None}


def _bytes(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
