"""A province's school sheet of 100,000 rows and 20 columns, and the register that knows its schools. All invented."""

from __future__ import annotations

import os
import random
import tempfile
from datetime import datetime
from functools import cache
from itertools import product
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from db.records import OrgKind, OrgUnit

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
HEADINGS = (
    "学校标识码", "学校名称", "办学类型", "建校日期", "招生数", "毕业生数", "在校学生数", "其中:女", "寄宿生数", "留守儿童数",
    "随迁子女数", "教职工数", "专任教师数", "教学班数", "校舍建筑面积(平方米)", "应检查食堂数", "已检查食堂数",
    "应接种人数", "实际接种人数", "备注",
)  # fmt: skip
_HEADS, _TAILS = "榆槐桑柘椿楸檀桦杞柽枫楠榕桐梓柏", "湾岭沟塘坪渡桥堡滩庄冈崖"


@cache
def schools() -> tuple[tuple[str, str], ...]:
    """Code and name of each school; no two names are alike."""
    pairs = ["".join(each) for each in product(_HEADS, _TAILS)]
    names = (
        f"{town}镇{village}小学" for town, village in product(pairs, (a + b for a, b in product(pairs, pairs[:3])))
    )
    return tuple((f"21{n:08d}", name) for n, name in zip(range(ROWS), names, strict=False))


_OF_COUNTY = 500  # schools


@cache
def units() -> tuple[OrgUnit, ...]:
    """The register: the province, its counties and their schools."""
    known = schools()
    counties = -(-len(known) // _OF_COUNTY)
    names = ("".join(each) for each in product(_HEADS, _TAILS, _TAILS))
    top = OrgUnit(1, None, 1, OrgKind.PROVINCE, "榆塘省")
    places = (
        OrgUnit(n, 1, n, OrgKind.COUNTY, f"{name}县") for n, name in zip(range(2, 2 + counties), names, strict=False)
    )
    return (
        top, *places,
        *(
            OrgUnit(2 + counties + n, 2 + n // _OF_COUNTY, 2 + n // _OF_COUNTY, OrgKind.SCHOOL, name, code)
            for n, (code, name) in enumerate(known)
        ),
    )  # fmt: skip


@cache
def content() -> bytes:
    """The sheet as xlsx: text, whole numbers, fractions, dates and blanks, as schools fill them in."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
            sheet = book.add_worksheet("小学")
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            sheet.write(0, 0, "榆塘省2025—2026学年初小学基本情况统计表")
            sheet.write(1, 0, "填报单位:榆塘省教育厅")
            sheet.write_row(2, 0, HEADINGS)
            for row, school in enumerate(schools(), start=3):
                _write_school(sheet, row, school, day)
        return path.read_bytes()


def _write_school(sheet: Worksheet, row: int, school: tuple[str, str], day: Format) -> None:
    rng = random.Random(school[0])
    pupils = rng.randrange(20, 1200)
    teachers, canteen, due = max(2, pupils // 16), rng.randrange(2), pupils // 6
    counts = (
        due, pupils // 6, pupils, pupils // 2 - rng.randrange(5), pupils // 4, pupils // 10, pupils // 12, teachers + 2,
        teachers, max(1, pupils // 40), pupils * 8 + rng.randrange(100) / 4, canteen, canteen, due, due - rng.randrange(2),
    )  # fmt: skip
    sheet.write_string(row, 0, school[0])
    sheet.write_string(row, 1, school[1])
    sheet.write_string(row, 2, ("小学", "教学点", "九年一贯制学校")[row % 3])
    sheet.write_datetime(row, 3, datetime(1950 + row % 70, 9, 1), day)
    for col, number in enumerate(counts, start=4):
        sheet.write_number(row, col, number)
    if row % 50 == 0:
        sheet.write_string(row, 19, "寄宿制")
