"""The sheets of enrolment, dropout and retention, in the layouts that county offices hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from etl.samples.county import LEDGER_MONTHS, RESTATED_COUNTY, RESTATED_YEAR, World
from etl.samples.enrolment import Dropout, Enrolment
from etl.samples.facts import GRADED_LEVELS, GRADES_FROM, LONG_TABLE_YEARS, percent, retention_base
from etl.samples.places import CITY, COUNTIES, FIRST_YEAR, LAST_YEAR
from etl.samples.tables import STYLES, Book, Cell, Style, Table, total_row

LEVEL_NAMES = {
    "KG": "幼儿园",
    "PRI": "小学",
    "JUN": "初中",
    "SEN": "普通高中",
    "VOC": "中等职业学校",
    "SPE": "特殊教育学校",
}
GRADE_NAMES = {
    "KG": ("小班", "中班", "大班"),
    "PRI": ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级"),
    "JUN": ("七年级", "八年级", "九年级"),
}
_CHANGES: tuple[tuple[str, ...], ...] = (
    ("学校标识码",), ("学校名称",), ("上学年初报表在校生数",), ("增加学生数", "招生"), ("增加学生数", "复学"), ("增加学生数", "转入"),
    ("增加学生数", "其他"), ("减少学生数", "毕业"), ("减少学生数", "休学"), ("减少学生数", "退学"), ("减少学生数", "转出"),
    ("减少学生数", "其他"), ("本学年初报表在校生数",),
)  # fmt: skip
_CHANGES_KG: tuple[tuple[str, ...], ...] = (
    ("学校标识码",), ("学校名称",), ("上学年初报表在校生数",), ("增加学生数", "招生"), ("增加学生数", "转入"),
    ("减少学生数", "毕业"), ("减少学生数", "退学"), ("减少学生数", "转出"), ("本学年初报表在校生数",),
)  # fmt: skip
NOTES = ("注:九年一贯制学校的小学部、初中部分别填入小学表和初中表;本表由学校填报,县级汇总。",)


def span(year: int) -> str:
    return f"{year}-{year + 1}学年"


def bureau(county: str) -> str:
    return f"{county}教育局"


def enrolment_books(world: World) -> list[Book]:
    """One workbook per county and school year: changes (D02) and basics (D01 by school) for each level."""
    books = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        if year not in LONG_TABLE_YEARS:
            books += [_enrolment_book(world, county, year) for county in COUNTIES]
    return books


def _enrolment_book(world: World, county: str, year: int) -> Book:
    first_filing = (county, year) == (RESTATED_COUNTY, RESTATED_YEAR)
    surplus: Mapping[str, int] = world.restated if first_filing else {}
    tables: list[Table] = []
    for level in LEVEL_NAMES:
        records = [e for e in world.enrolments if (e.school.county, e.year, e.level) == (county, year, level)]
        if records:
            tables.append(_changes(county, year, level, records, surplus))
            tables.append(_basics(county, year, level, records, surplus))
    return Book(f"B{year % 100}_{county}{span(year)}初学校基本情况与学生变动.xlsx", tables)


def restated_book(world: World) -> Book:
    """The second filing of one county's primary table: the transfers out that were forgotten are in."""
    county, year = RESTATED_COUNTY, RESTATED_YEAR
    records = [e for e in world.enrolments if (e.school.county, e.year, e.level) == (county, year, "PRI")]
    table = _changes(county, year, "PRI", records, {}, "(更正表)")
    basics = _basics(county, year, "PRI", records, {}, "(更正表)")
    return Book(f"B{year % 100}_{county}{span(year)}初小学学生变动更正.xlsx", (table, basics))


def _changes(
    county: str, year: int, level: str, records: Sequence[Enrolment], surplus: Mapping[str, int], mark: str = ""
) -> Table:
    style = STYLES[county]
    rows = [_change_row(e, style, surplus.get(e.school.code, 0)) for e in records]
    columns = _CHANGES_KG if level == "KG" else _CHANGES
    return Table(
        f"{LEVEL_NAMES[level]}变动", f"{county}{span(year)}初{LEVEL_NAMES[level]}在校生变动情况统计表{mark}", bureau(county),
        _filed(year, mark), "人", columns, rows, total_row(["", "合计"], rows, 2), NOTES,
    )  # fmt: skip


def _filed(year: int, mark: str) -> str:
    return f"{year + 1}年3月12日" if mark else f"{year}年9月20日"


def _change_row(e: Enrolment, style: Style, surplus: int) -> list[Cell]:
    out, total = e.moved_out - surplus, e.total + surplus
    if e.level == "KG":
        numbers = [e.before, e.entrants, e.moved_in, e.graduates, e.withdrawn, out, total]
    else:
        numbers = [e.before, e.entrants, e.resumed, e.moved_in, e.other_in, e.graduates, e.suspended, e.withdrawn, out,
                   e.other_out, total]  # fmt: skip
    return [e.school.code, e.school.name, *(style.count(n) for n in numbers)]


def _basics(
    county: str, year: int, level: str, records: Sequence[Enrolment], surplus: Mapping[str, int], mark: str = ""
) -> Table:
    style, name = STYLES[county], "在园幼儿数" if level == "KG" else "在校生数"
    grades = GRADE_NAMES[level] if year >= GRADES_FROM and level in GRADED_LEVELS else ()
    columns = [("学校标识码",), ("学校名称",), (name, "合计"), (name, "其中:女"), *((name, grade) for grade in grades)]
    columns += [("教学班数",), ("专任教师数",), ("留守儿童数",), ("随迁子女数",)]
    if level != "KG":
        columns.append(("寄宿生数",))
    rows = [_basic_row(e, style, bool(grades), surplus.get(e.school.code, 0)) for e in records]
    return Table(
        f"{LEVEL_NAMES[level]}基本情况", f"{county}{span(year)}初{LEVEL_NAMES[level]}基本情况统计表{mark}", bureau(county),
        _filed(year, mark), "人、个", columns, rows, total_row(["", "合计"], rows, 2), NOTES,
    )  # fmt: skip


def _basic_row(e: Enrolment, style: Style, graded: bool, surplus: int) -> list[Cell]:
    numbers = [
        e.total + surplus,
        e.girls,
        *(e.grades if graded else ()),
        e.classes,
        e.teachers,
        e.left_behind,
        e.migrant,
    ]
    if e.level != "KG":
        numbers.append(e.boarders)
    return [e.school.code, e.school.name, *(style.count(n) for n in numbers)]


def dropout_books(world: World) -> list[Book]:
    """One workbook of the city per school year, a sheet per county and level (yearly close of the ledger)."""
    books = []
    for year in range(FIRST_YEAR, LAST_YEAR):
        tables = [
            _dropout_table(county, year, level, [d for d in world.dropouts
                           if (d.school.county, d.year, d.level) == (county, year, level)])
            for county in COUNTIES for level in ("PRI", "JUN")
        ]  # fmt: skip
        books.append(Book(f"D{year % 100}_{CITY}{span(year)}控辍保学年度统计.xlsx", tables))
    return books


def _dropout_table(county: str, year: int, level: str, records: Sequence[Dropout]) -> Table:
    style = STYLES[county]
    columns = (
        ("学校名称",),
        ("学年初在校生数",),
        ("疑似辍学人数",),
        ("辍学人数",),
        ("应劝返人数",),
        ("劝返复学人数",),
        ("辍学率(%)",),
    )
    rows: list[list[Cell]] = [
        [d.school.name, style.count(d.base), d.suspected, d.confirmed, d.confirmed, d.returned,
         style.rate(percent(d.confirmed, d.base))]
        for d in records
    ]  # fmt: skip
    total = total_row(["合计"], [row[:-1] for row in rows], 1)
    overall = percent(sum(d.confirmed for d in records), sum(d.base for d in records))
    return Table(
        f"{county}{LEVEL_NAMES[level]}", f"{county}{span(year)}{LEVEL_NAMES[level]}控辍保学情况统计表", bureau(county),
        f"{year + 1}年7月10日", "人、%", columns, rows, [*total, style.rate(overall)],
        ("注:辍学率=学年内辍学人数÷学年初在校生数;转出、休学不计辍学。",),
    )  # fmt: skip


def ledger_books(world: World) -> list[Book]:
    """The monthly dropout ledger (D05) of each county's junior schools, months below each other."""
    return [_ledger_book(world, county) for county in COUNTIES]


def _ledger_book(world: World, county: str) -> Book:
    columns = (
        ("月份",), ("学校名称",), ("学籍人数",), ("实到人数",), ("疑似辍学", "台账数"), ("确认辍学", "人数"), ("劝返复学人数",), ("备注",)
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [f"{int(month[-2:])}月", row.enrolment.school.name, row.enrolment.total, row.present, row.suspected,
         row.confirmed, row.returned, "" if row.suspected + row.confirmed else "零报告"]
        for month in LEDGER_MONTHS
        for row in world.ledgers
        if row.month == month and row.enrolment.school.county == county
    ]  # fmt: skip
    table = Table(
        "月报", f"{county}2026年秋季学期初中控辍保学工作月报表", bureau(county), "2026年11月3日", "人", columns, rows,
        notes=("注:确认辍学人数为当月末仍在台账、未复学的学生;劝返复学人数为当月数。",), merge_first=True,
    )  # fmt: skip
    return Book(f"E26_{county}2026年秋季学期初中控辍保学工作月报.xlsx", (table,))


def retention_books(world: World) -> list[Book]:
    """Three-year retention of junior schools (D04): one workbook per county, a sheet per school year."""
    return [
        Book(f"A_{county}初中三年巩固率统计{FIRST_YEAR}-{LAST_YEAR}.xlsx",
             [_retention_table(world, county, year) for year in range(FIRST_YEAR, LAST_YEAR + 1)])
        for county in COUNTIES
    ]  # fmt: skip


def _retention_table(world: World, county: str, year: int) -> Table:
    columns = (("届别",), ("学校名称",), ("3年前招生数",), ("净增加",), ("毕业生数",), ("巩固率(%)",), ("备注",))
    rows: list[list[Cell]] = []
    for e in world.enrolments:
        if (e.school.county, e.year, e.level) == (county, year, "JUN"):
            c = e.cohort
            rate = STYLES[county].rate(percent(e.graduates, retention_base(e)))
            rows.append([f"{year - 3}级", e.school.name, c.entrants, c.moved_in - c.moved_out, e.graduates, rate, ""])
    return Table(
        span(year), f"{county}{span(year)}初初中三年巩固率统计表", bureau(county), f"{year}年9月25日", "人、%", columns, rows,
        notes=("注:净增加为三年间转入减转出;巩固率=毕业生数÷(3年前招生数+净增加)。",), merge_first=True,
    )  # fmt: skip


def preschool_books(world: World) -> list[Book]:
    """Gross enrolment of kindergartens by town (D03 rows): one workbook per county, a sheet per school year."""
    return [
        Book(f"C_{county}学前三年毛入园率统计{FIRST_YEAR}-{LAST_YEAR}.xlsx",
             [_preschool_table(world, county, year) for year in range(FIRST_YEAR, LAST_YEAR + 1)])
        for county in COUNTIES
    ]  # fmt: skip


def _preschool_table(world: World, county: str, year: int) -> Table:
    style = STYLES[county]
    found = [p for p in world.populations if (p.county, p.year) == (county, year)]
    rows: list[list[Cell]] = [
        [p.town, style.count(p.children), style.count(p.enrolled), style.rate(percent(p.enrolled, p.children))]
        for p in found
    ]
    overall = percent(sum(p.enrolled for p in found), sum(p.children for p in found))
    total = [*total_row(["合计"], [row[:3] for row in rows], 1), style.rate(overall)]
    return Table(
        span(year), f"{county}{span(year)}初学前三年毛入园率统计表", bureau(county), f"{year}年9月28日", "人、%",
        (("乡镇(街道)",), ("3-5周岁人口",), ("在园幼儿数",), ("毛入园率(%)",)), rows, total,
        ("注:人口数为常住口径,由统计部门提供。",),
    )  # fmt: skip
