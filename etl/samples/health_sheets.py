"""The sheets of vaccination and canteens: county books, city books of earlier years, the late filing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from etl.samples.county import World
from etl.samples.facts import percent
from etl.samples.health import COVERAGE_COUNTIES, COVERAGE_YEARS, VACCINE_CODES, VACCINES, Hygiene, VacCheck
from etl.samples.places import CITY, COUNTIES, LAST_YEAR
from etl.samples.sheets import LEVEL_NAMES, bureau
from etl.samples.tables import STYLES, Book, Cell, Style, Table, number_rows, total_row

CITY_BOOK_YEARS = (2020, 2021, 2022, 2023)  # earlier years came as one workbook of the whole city
SUBTOTAL_COUNTY = "鹤溪县"  # prints a 小计 below each town
_CHECK_TITLES = {
    "KG": "幼儿园新入园儿童预防接种证查验情况汇总表",
    "PRI": "小学新生入学预防接种证查验情况汇总表",
}
_CHECK_COLUMNS: tuple[tuple[str, ...], ...] = (
    ("单位",), ("应查验人数",), ("实查验人数",), ("有证人数",), ("无证人数",), ("补证人数",), ("全程接种人数",), ("需补种", "人数"),
    ("需补种", "剂次"), ("已补种", "人数"), ("已补种", "剂次"), ("禁忌人数",), ("查验率(%)",), ("查验时全程接种率(%)",), ("剂次补种率(%)",),
)  # fmt: skip
_HYGIENE_COLUMNS: tuple[tuple[str, ...], ...] = (
    ("序号",), ("学校名称",), ("食堂数",), ("检查食堂数",), ("合格食堂数",), ("发现问题数",), ("已整改问题数",), ("从业人员数",),
    ("持健康证人数",), ("健康证持证率(%)",), ("明厨亮灶食堂数",), ("明厨亮灶覆盖率(%)",), ("食堂量化分级", "A级"), ("食堂量化分级", "B级"),
    ("食堂量化分级", "C级"), ("食堂量化分级", "未评级"),
)  # fmt: skip


def vaccination_books(world: World) -> list[Book]:
    """Autumn checks (D07): the city's workbook for earlier years, one per county since 2024."""
    books = [Book(f"G{y % 100}_{CITY}{y}年秋季预防接种证查验汇总.xlsx",
                  [t for county in COUNTIES for t in _check_tables(world, county, y, f"{county[:2]}")])
             for y in CITY_BOOK_YEARS]  # fmt: skip
    for year in range(CITY_BOOK_YEARS[-1] + 1, LAST_YEAR + 1):
        books += [Book(f"G{year % 100}_{county}{year}年秋季预防接种证查验汇总.xlsx", _check_tables(world, county, year))
                  for county in COUNTIES]  # fmt: skip
    return books


def _check_tables(world: World, county: str, year: int, prefix: str = "") -> list[Table]:
    found = [c for c in world.checks if (c.school.county, c.year) == (county, year)]
    timely = [c for c in found if world.filed_in_time(c.school, year)]
    return [
        _check_table(county, year, level, [c for c in timely if c.level == level], prefix) for level in _CHECK_TITLES
    ]


def _check_table(county: str, year: int, level: str, checks: Sequence[VacCheck], prefix: str, mark: str = "") -> Table:
    style = STYLES[county]
    rows: list[list[Cell]] = []
    parts = _by_town(checks) if county == SUBTOTAL_COUNTY and not mark else [list(checks)]
    for part in parts:
        rows += [_check_row(c.school.name, [c], style) for c in part]
        if len(parts) > 1:
            rows.append(_check_row("小计", part, style))
    return Table(
        f"{prefix}{LEVEL_NAMES[level]}", f"{county}{year}年秋季{_CHECK_TITLES[level]}{mark}", f"{county}疾病预防控制中心",
        f"{year}年11月{'20' if mark else '6'}日", "人、剂次、%", _CHECK_COLUMNS, rows,
        _check_row("合计", checks, style) if len(checks) > 1 else (),
        ("注:应查验人数含新入学和转入;补种率按剂次计算。有证+无证=实查验,全程+需补种+禁忌=实查验。",),
    )  # fmt: skip


def _by_town(checks: Sequence[VacCheck]) -> list[list[VacCheck]]:
    towns: dict[str, list[VacCheck]] = {}
    for check in checks:
        towns.setdefault(check.school.town, []).append(check)
    return list(towns.values())


def _check_row(name: str, checks: Iterable[VacCheck], style: Style) -> list[Cell]:
    def add(field: str) -> int:
        return sum(getattr(check, field) for check in checks)

    checks = list(checks)
    due, done, doses, caught = add("due"), add("done"), add("catchup_doses"), add("caught_doses")
    numbers = [due, done, add("held"), done - add("held"), add("reissued"), add("full"), add("catchup_persons"), doses,
               add("caught_persons"), caught, add("contraindicated")]  # fmt: skip
    rates = [percent(done, due), percent(add("full"), done), percent(caught, doses) if doses else None]
    return [name, *(style.count(n) for n in numbers), *(style.rate(rate) for rate in rates)]


def coverage_books(world: World) -> list[Book]:
    """Coverage by vaccine and town (D09, vaccines across) of three counties and two autumns."""
    return [
        Book(
            f"H_{county}小学新生免疫规划疫苗接种情况.xlsx", [_coverage_table(world, county, y) for y in COVERAGE_YEARS]
        )
        for county in COVERAGE_COUNTIES
    ]


def _coverage_table(world: World, county: str, year: int) -> Table:
    found = {(c.town, c.vaccine): c for c in world.coverages if (c.county, c.year) == (county, year)}
    towns = list(dict.fromkeys(town for town, _ in found))
    columns = [("报告单位",), *(("应种人数", name) for name in VACCINES), *(("实种人数", name) for name in VACCINES)]
    rows: list[list[Cell]] = [
        [town, *(found[town, v].due for v in VACCINE_CODES), *(found[town, v].given for v in VACCINE_CODES)]
        for town in towns
    ]
    return Table(
        f"{year}年秋季", f"{county}{year}年秋季小学新生免疫规划疫苗接种情况统计表", f"{county}疾病预防控制中心", f"{year}年11月12日", "人",
        columns, rows, total_row(["合计"], rows, 1),
    )  # fmt: skip


def hygiene_books(world: World) -> list[Book]:
    """Canteen inspections, wide: the city's workbook for earlier years, one per county since 2024."""
    books = [Book(f"K{y % 100}_{CITY}{y}年秋季学期学校食堂卫生检查汇总.xlsx",
                  [t for county in COUNTIES for t in _hygiene_tables(world, county, y, county[:2])])
             for y in CITY_BOOK_YEARS]  # fmt: skip
    for year in range(CITY_BOOK_YEARS[-1] + 1, LAST_YEAR + 1):
        books += [Book(f"K{year % 100}_{county}{year}年秋季学期学校食堂卫生检查汇总.xlsx", _hygiene_tables(world, county, year))
                  for county in COUNTIES]  # fmt: skip
    return books


def _hygiene_tables(world: World, county: str, year: int, prefix: str = "") -> list[Table]:
    found = [h for h in world.hygiene
             if (h.school.county, h.year) == (county, year) and world.filed_in_time(h.school, year)]  # fmt: skip
    levels = [level for level in LEVEL_NAMES if any(h.level == level for h in found)]
    return [_hygiene_table(county, year, level, [h for h in found if h.level == level], prefix) for level in levels]


def _hygiene_table(county: str, year: int, level: str, found: Sequence[Hygiene], prefix: str, mark: str = "") -> Table:
    style = STYLES[county]
    rows = number_rows(_hygiene_row(h, style) for h in found)
    totals: Sequence[Cell] = ()
    if len(rows) > 1:
        totals = total_row(["", "合计"], rows, 2, blank=(9, 11))
    return Table(
        f"{prefix}{LEVEL_NAMES[level]}", f"{county}{year}年秋季学期{LEVEL_NAMES[level]}食堂卫生检查情况汇总表{mark}", bureau(county),
        f"{year}年11月{'20' if mark else '10'}日", "个、人、条、%", _HYGIENE_COLUMNS, rows, totals,
        ("注:九年一贯制学校按初中统计;无食堂的单位食堂数填0,其余各栏填“不适用”。",),
    )  # fmt: skip


def _hygiene_row(h: Hygiene, style: Style) -> list[Cell]:
    if h.canteens == 0:
        return [h.school.name, 0, *["不适用"] * (len(_HYGIENE_COLUMNS) - 3)]
    return [
        h.school.name, h.canteens, h.inspected, h.passed, h.findings, h.closed, h.handlers, h.certified,
        style.rate(percent(h.certified, h.handlers)), h.open_kitchens, style.rate(percent(h.open_kitchens, h.canteens)),
        *h.grades,
    ]  # fmt: skip


def late_books(world: World) -> list[Book]:
    """What came after the deadline of the autumn of 2026: one workbook of checks, one of canteens."""
    checks = [c for c in world.checks if c.year == LAST_YEAR and c.school.code in world.late]
    canteens = [h for h in world.hygiene if h.year == LAST_YEAR and h.school.code in world.late]
    check_tables = [
        _check_table(county, LAST_YEAR, level, some, county[:2], "(补报)")
        for county in COUNTIES
        for level in _CHECK_TITLES
        if (some := [c for c in checks if (c.school.county, c.level) == (county, level)])
    ]
    canteen_tables = [
        _hygiene_table(county, LAST_YEAR, level, late, county[:2], "(补报)")
        for county in COUNTIES
        for level in LEVEL_NAMES
        if (late := [h for h in canteens if (h.school.county, h.level) == (county, level)])
    ]
    return [
        Book(f"M_{CITY}{LAST_YEAR}年秋季预防接种证查验补报.xlsx", check_tables),
        Book(f"M_{CITY}{LAST_YEAR}年秋季学期学校食堂卫生检查补报.xlsx", canteen_tables),
    ]
