"""A province of any size, for trying out loads: its register and one sheet of all schools per school year. All invented."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import xlsxwriter

from db.records import OrgKind, OrgUnitInput

PROVINCE, PROVINCE_CODE = "岚海省", "980000"  # 98 is no province
LAST_YEAR = 2025
COLUMNS = (
    "学校标识码", "学校名称", "上学年初报表在校生数", "招生数", "复学人数", "转入人数", "毕业生数", "休学人数", "退学人数", "转出人数", "在校生数", "在校生数/其中:女",
    "教学班数", "专任教师数", "教职工数", "留守儿童数", "随迁子女数", "寄宿生数", "残疾学生数", "寄宿生占比(%)",
)  # fmt: skip
_OF_CITY, _OF_COUNTY, _OF_TOWN = 5000, 500, 20  # schools in each
_HEADS, _TAILS = "霁椴栎枳榛蓼芷葭蘅苓荻藜莳楮桤菖蒿筠", "坞垭坳汀渚埠圩岗坪垄峪塬湾洲浦"
MOST = 400_000


@dataclass(frozen=True, slots=True)
class Load:
    """`schools` primary schools in towns, counties and cities of one province, and the years they report."""

    schools: int
    years: int = 1

    @property
    def org_units(self) -> list[OrgUnitInput]:
        """Parents before children, keyed by their codes."""
        return list(register(self.schools))

    def write_files(self, folder: Path) -> list[Path]:
        """One workbook per school year, the oldest first."""
        folder.mkdir(parents=True, exist_ok=True)
        schools = [unit for unit in register(self.schools) if unit.kind is OrgKind.SCHOOL]
        first = LAST_YEAR - self.years + 1
        return [write_year(folder, schools, year) for year in range(first, LAST_YEAR + 1)]


def _names() -> Iterator[str]:
    """Invented names of three to five characters, no two alike."""
    for first in ("", *_HEADS):
        yield from (first + "".join(four) for four in product(_HEADS, _TAILS, _HEADS, _TAILS))


def register(
    schools: int, in_town: Sequence[tuple[str, str, str]] = (("PRI", "小学", "public"),)
) -> Iterator[OrgUnitInput]:
    """A province with its cities, counties, towns and schools, parents before children, keyed by their codes. The schools
    of a town are of the kinds `in_town` (level, end of the name, sponsor) in turn."""
    names = _names()
    yield OrgUnitInput(PROVINCE_CODE, None, OrgKind.PROVINCE, PROVINCE, PROVINCE_CODE)
    city = county = town = ""
    for n in range(schools):
        if n % _OF_CITY == 0:
            city = f"98{n // _OF_CITY + 1:02d}00"
            yield OrgUnitInput(city, PROVINCE_CODE, OrgKind.CITY, f"{next(names)}市", city)
        if n % _OF_COUNTY == 0:
            county = f"{city[:4]}{n % _OF_CITY // _OF_COUNTY + 21:02d}"
            yield OrgUnitInput(county, city, OrgKind.COUNTY, f"{next(names)}县", county)
        if n % _OF_TOWN == 0:
            town = f"{county}1{n % _OF_COUNTY // _OF_TOWN + 1:02d}"
            yield OrgUnitInput(town, county, OrgKind.TOWN, f"{next(names)}镇", town)
        code = f"2198{n + 1:06d}"
        level, tail, sponsor = in_town[n % len(in_town)]
        yield OrgUnitInput(
            code, town, OrgKind.SCHOOL, f"{next(names)}{tail}", code, level=level, area_type="rural", sponsor=sponsor
        )


def write_year(folder: Path, schools: Sequence[OrgUnitInput], year: int) -> Path:
    """One workbook of some schools for a school year; returns where it is."""
    path = folder / f"{PROVINCE}{year}-{year + 1}学年初小学基本情况.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("小学")
        sheet.write(0, 0, f"{PROVINCE}{year}-{year + 1}学年初小学在校生变动与基本情况统计表")
        sheet.write(1, 0, f"填报单位:{PROVINCE}教育厅")
        sheet.write_row(2, 0, COLUMNS)
        for row, school in enumerate(schools, start=3):
            sheet.write_string(row, 0, school.key)
            sheet.write_string(row, 1, school.name)
            for col, value in enumerate(_numbers(random.Random(f"{school.key}:{year}")), start=2):
                sheet.write_number(row, col, value)
    return path


def _numbers(chance: random.Random) -> Iterable[float]:
    """A school's row: the movements make the difference of its two numbers of pupils."""
    before = chance.randrange(180, 500)
    came = (before // 6 + chance.randrange(5), 0, chance.randrange(6))
    left = (before // 6, chance.randrange(2), 0, chance.randrange(5))
    pupils = before + sum(came) - sum(left)
    teachers, boarders = pupils // 16, pupils // 20
    yield from (before, *came, *left, pupils, pupils // 2 - chance.randrange(9), pupils // 40 + 1, teachers)
    yield from (teachers + chance.randrange(4), pupils // 10, pupils // 12, boarders, pupils // 90)
    yield round(100 * boarders / pupils, 2)
