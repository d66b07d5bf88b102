"""Sheets of other shapes: the system export (D19), the transposed canteen table (D10), a findings ledger (D12)
and the comparison over years (D20)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from etl.samples.county import World
from etl.samples.enrolment import Enrolment
from etl.samples.facts import LONG_TABLE_YEARS, autumn, school_year
from etl.samples.health import FAILED_CANTEEN_SCHOOL
from etl.samples.places import CITY, LAST_YEAR
from etl.samples.sheets import LEVEL_NAMES, span
from etl.samples.tables import Book, Cell, Table, write_csv

Writer = tuple[str, Callable[[Path], Path]]
_EXPORT_HEAD = ("机构代码", "机构名称", "学段", "指标代码", "指标名称", "期间", "性别", "数值", "单位", "填报时间")


def export_writers(world: World) -> list[Writer]:
    """The two oldest years as long tables: one as UTF-8 with a byte-order mark, one as GB18030."""
    writers: list[Writer] = []
    for year, encoding in zip(LONG_TABLE_YEARS, ("utf-8-sig", "gb18030"), strict=True):
        name = f"B{year % 100}_{CITY}{span(year)}初事业统计系统导出.csv"
        writers.append((name, partial(_export, world, year, encoding, name)))
    return writers


def _export(world: World, year: int, encoding: str, name: str, folder: Path) -> Path:
    rows = [row for e in world.enrolments if e.year == year for row in _export_rows(e)]
    return write_csv(folder / name, [_EXPORT_HEAD, *rows], encoding)


def _export_rows(e: Enrolment) -> Iterator[list[Cell]]:
    pupils = "在园幼儿数" if e.level == "KG" else "在校生数"
    values: tuple[tuple[str, str, str, int, str], ...] = (
        ("P0101", pupils, "合计", e.total, "人"), ("P0101", pupils, "女", e.girls, "人"),
        ("P0102", "招生数", "合计", e.entrants, "人"), ("P0103", "毕业生数", "合计", e.graduates, "人"),
        ("P0104", "转入人数", "合计", e.moved_in, "人"), ("P0105", "转出人数", "合计", e.moved_out, "人"),
        ("P0201", "教学班数", "合计", e.classes, "个"), ("P0301", "专任教师数", "合计", e.teachers, "人"),
    )  # fmt: skip
    for code, name, sex, value, unit in values:
        yield [e.school.code, e.school.name, LEVEL_NAMES[e.level], code, name, span(e.year), sex, value, unit,
               f"{e.year}-09-18 09:12"]  # fmt: skip


def canteen_book(world: World) -> Book:
    """The city's canteen table of the current autumn: items down, kinds of school across."""
    period = autumn(LAST_YEAR)
    items: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("1.辖区内学校食堂数(个)", "canteens", {}),
        ("2.检查食堂数(个)", "hygiene_inspected_count", {"object": "canteen"}),
        ("3.合格食堂数(个)", "hygiene_passed_count", {"object": "canteen"}),
        ("4.从业人员人数(人)", "food_handlers", {}),
        ("5.具有健康证明人数(人)", "food_handlers_certified", {}),
        ("6.发现问题数(条)", "hygiene_findings", {}),
        ("7.已整改问题数(条)", "hygiene_findings_closed", {}),
    )
    rows: list[list[Cell]] = []
    for label, code, dims in items:
        numbers = [int(world.total(CITY, code, period, level=level, **dims)) for level in LEVEL_NAMES]
        rows.append([label, *numbers, sum(numbers)])
    columns = [("项目",), *((name,) for name in ("幼儿园", "小学", "初中", "普通高中", "中职", "特教")), ("合计",)]
    table = Table("汇总", f"{CITY}{LAST_YEAR}年秋季学期学校食堂食品安全检查汇总表", f"{CITY}教育局", f"{LAST_YEAR}年11月23日", "个、人、条",
                  columns, rows, notes=("注:含11月20日前补报的学校,未报学校不在内。",))  # fmt: skip
    return Book(f"N_{CITY}{LAST_YEAR}年秋季学期学校食堂食品安全检查汇总.xlsx", (table,))


def comparison_book(world: World) -> Book:
    """Five school years of the city side by side, with the change and the target beside them."""
    years = range(LAST_YEAR - 4, LAST_YEAR + 1)
    items: tuple[tuple[str, str, str, str, float], ...] = (
        ("学前三年毛入园率", "gross_enrollment_rate", "KG", "+", 93.0),
        ("小学辍学率", "dropout_rate", "PRI", "-", 0.0),
        ("初中辍学率", "dropout_rate", "JUN", "-", 0.0),
        ("初中三年巩固率", "retention_rate", "JUN", "+", 95.0),
    )
    rows: list[list[Cell]] = []
    for label, code, level, direction, target in items:
        known = [year for year in years if code != "dropout_rate" or year < LAST_YEAR]
        values = {year: world.rate(CITY, code, school_year(year), level=level) for year in known}
        last, before = values[known[-1]], values[known[-2]]
        met = last >= target if direction == "+" else last <= target
        cells: list[Cell] = [values.get(year) for year in years]
        rows.append([label, "%", *cells, f"{last - before:+.2f}个百分点", target, "是" if met else "否"])
    columns = [("指标",), ("单位",), *((span(year),) for year in years), ("同比",), ("目标值",), ("是否达标",)]
    table = Table("年度对比", f"{CITY}主要教育指标年度对比表", f"{CITY}教育局", f"{LAST_YEAR}年11月20日", "%", columns, rows,
                  notes=("注:空白为尚未统计。辍学率按整学年统计。",))  # fmt: skip
    return Book(f"P_{CITY}主要教育指标年度对比.xlsx", (table,))


_FINDINGS = (
    ("鹤渚中学", "2025/2/20", "春季开学专项", "留样柜温度记录缺失", "食品", "补齐记录并每日复核", "2025.2.28", "2月26日"),
    ("鹤渚中学", "2025/2/20", "春季开学专项", "生熟砧板未分色", "食品", "更换分色砧板", "2025.2.28", "2月24日"),
    ("鹤渚中学", "2025/2/20", "春季开学专项", "两名从业人员健康证过期", "人员", "调离岗位并补办", "2025.3.5", "3月3日"),
    ("鹤渚中学", "2025/2/20", "春季开学专项", "库房地面积水", "环境", "疏通排水并加垫仓板", "2025.3.5", "3月4日"),
    ("鹤渚中学", "2025/3/12", "回头看", "餐具消毒记录不全", "消毒", "专人登记", "2025.3.20", "3月14日"),
    ("霁岭中学", "2025/2/21", "春季开学专项", "采购票据未按日装订", "食品", "补订并建立台账", "2025.2.28", "2月27日"),
    ("上鹤坪镇中心小学", "2025/2/21", "春季开学专项", "洗手池缺少洗手液", "环境", "当日补齐", "2025.2.21", "2月21日"),
)  # fmt: skip


def findings_book() -> Book:
    """The rectification ledger behind the failed canteen: every finding with its deadline and its close."""
    columns = [(name,) for name in ("序号", "检查日期", "学校", "检查类型", "问题描述", "类别", "整改措施", "责任岗位", "整改期限",
                                     "完成日期", "是否销号", "复查单位")]  # fmt: skip
    rows: list[list[Cell]] = [
        [n, day, school, kind, what, category, measure, "食堂主管", limit, done, "是", "/"]
        for n, (school, day, kind, what, category, measure, limit, done) in enumerate(_FINDINGS, 1)
    ]
    assert FAILED_CANTEEN_SCHOOL in {row[0] for row in _FINDINGS}
    table = Table("台账", "鹤溪县2025年春季学期学校食堂问题整改台账", "鹤溪县教育局", "2025年3月31日", "条", columns, rows,
                  notes=("注:“/”表示无需复查。",))  # fmt: skip
    return Book("L25_鹤溪县2025年春季学期学校食堂问题整改台账.xlsx", (table,))
