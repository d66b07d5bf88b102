"""Sheets as they should not be, one mistake each: what the checks have to find and name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from etl.samples.county import World
from etl.samples.places import LAST_YEAR
from etl.samples.tables import Book, Cell, Table

_COUNTY = "鹤溪县"
_COLUMNS = (("学校名称",), ("应查验人数",), ("实查验人数",), ("有证人数",), ("查验率(%)",))


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file, the place of its mistake (A1) and what is wrong with it, in words."""

    name: str
    mistake: str
    cell: str
    table: Table


def _rows(world: World) -> list[list[Cell]]:
    found = [c for c in world.checks
             if (c.school.county, c.level, c.year) == (_COUNTY, "PRI", LAST_YEAR - 1)][:4]  # fmt: skip
    return [[c.school.name, c.due, c.done, c.held, round(100 * c.done / c.due, 2)] for c in found]


def _table(rows: list[list[Cell]]) -> Table:
    sums: list[Cell] = [sum(v for v in column if isinstance(v, int)) for column in list(zip(*rows, strict=True))[1:4]]
    return Table(
        "小学", f"{_COUNTY}{LAST_YEAR - 1}年秋季小学新生入学预防接种证查验情况汇总表", f"{_COUNTY}疾病预防控制中心",
        f"{LAST_YEAR - 1}年11月6日", "人、%", _COLUMNS, rows, ["合计", *sums, None],
    )  # fmt: skip


def _put(table: Table, row: int, col: int, value: Cell) -> list[list[Cell]]:
    rows = [list(cells) for cells in table.rows]
    rows[row][col] = value
    return rows


def _with(table: Table, row: int, col: int, value: Cell) -> Table:
    return replace(table, rows=_put(table, row, col, value))


def bad_files(world: World) -> list[BadFile]:
    """All bad sheets. The first data row stands in row 4 of the sheet, the total in row 8."""
    good = _table(_rows(world))
    due = int(good.rows[1][1] or 0)
    total = [good.total[0], int(good.total[1] or 0) + 10, *good.total[2:]]
    swapped = [list(cells) for cells in good.rows]
    swapped[1] = [swapped[1][0], due, due + 7, due, round(100 * (due + 7) / due, 2)]
    return [
        BadFile("坏表1_比率超过100.xlsx", "查验率985,超过100%", "E4", _with(good, 0, 4, 985)),
        BadFile("坏表2_实查验大于应查验.xlsx", "实查验人数大于应查验人数", "C5", _table(swapped)),
        BadFile("坏表3_数字栏写了文字.xlsx", "人数栏写着“见附件”", "C6", _table(_put(good, 2, 2, "见附件"))),
        BadFile("坏表4_名录中没有的学校.xlsx", "学校不在机构名录中", "A7", _with(good, 3, 0, f"{_COUNTY}芦笛湾希望小学")),
        BadFile("坏表5_学生花名册.xlsx", "含姓名和身份证号的个人花名册", "A4", _roster()),
        BadFile("坏表6_合计不等于各行之和.xlsx", "应查验人数合计多10人", "B8", replace(good, total=total)),
        BadFile("坏表7_公式错误.xlsx", "查验率为#DIV/0!", "E5", _with(good, 1, 4, "#DIV/0!")),
    ]  # fmt: skip


def _roster() -> Table:
    """Invented people: the numbers carry the invented division code and no valid check digit."""
    columns = (("姓名",), ("身份证号",), ("家长电话",), ("年级班级",), ("是否有证",))
    rows: list[list[Cell]] = [
        [f"测试生{mark}", f"970121201905{day:02d}000{n}", f"1990000000{n}", "一(1)班", "是"]
        for n, (mark, day) in enumerate(zip("甲乙丙丁", (3, 11, 19, 27), strict=True), 1)
    ]
    return Table(
        "花名册", f"{_COUNTY}霁岭镇中心小学{LAST_YEAR - 1}年秋季新生预防接种证查验登记表", f"{_COUNTY}霁岭镇中心小学", f"{LAST_YEAR - 1}年9月16日", "人",
        columns, rows,
    )  # fmt: skip


def write_bad_files(world: World, folder: Path) -> list[Path]:
    """Writes them into the folder; returns the paths in the order of `bad_files`."""
    folder.mkdir(parents=True, exist_ok=True)
    return [Book(bad.name, (bad.table,)).write(folder) for bad in bad_files(world)]
