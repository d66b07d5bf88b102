"""The directory sheet (机构名录): rows of a grid to org units, every mistake named with its cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from db.records import Grid, Issue, OrgKind, OrgUnitInput, Reading, Severity, cell_text
from etl.places import tidy_name

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("代码", "单位代码", "机构代码", "标识码", "学校标识码", "区划码"),
    "name": ("名称", "单位名称", "机构名称", "学校名称"),
    "parent": ("上级代码", "上级单位", "上级单位代码", "隶属"),
    "kind": ("类型", "单位类型", "层级"),
    "level": ("学段", "办学类型"),
    "area_type": ("城乡", "城乡类型", "驻地城乡类型"),
    "sponsor": ("举办者", "办别"),
    "short_name": ("简称",),
    "aliases": ("别名", "曾用名", "其他名称"),
    "valid_from": ("启用日期", "设立日期"),
    "valid_to": ("停用日期", "撤并日期"),
    "successors": ("并入", "并入单位", "继任单位代码"),
}
KINDS = {"省": "province", "市": "city", "县": "county", "区": "county", "县区": "county", "县(市、区)": "county",
         "乡镇": "town", "镇": "town", "乡": "town", "街道": "town", "学校": "school", "幼儿园": "school"}  # fmt: skip
LEVELS = {"幼儿园": "KG", "学前": "KG", "小学": "PRI", "教学点": "PRI", "初中": "JUN", "初级中学": "JUN", "九年一贯制": "CE",
          "九年一贯制学校": "CE", "高中": "SEN", "普通高中": "SEN", "高级中学": "SEN", "完全中学": "SEN", "中职": "VOC",
          "中等职业学校": "VOC", "特教": "SPE", "特殊教育": "SPE", "特殊教育学校": "SPE"}  # fmt: skip
AREAS = {"城区": "urban", "城市": "urban", "镇区": "town", "县镇": "town", "乡村": "rural", "农村": "rural"}
SPONSORS = {"教育部门": "public", "公办": "public", "民办": "private", "附设": "attached", "企业": "enterprise"}

T = TypeVar("T")


def read_units(reading: Reading) -> tuple[list[OrgUnitInput], list[Issue]]:
    """Units of the first grid that has a 名称 and a 类型 column; nothing is to be stored when an issue blocks."""
    for grid in reading.grids:
        for r, row in enumerate(grid.cells[:10]):
            columns = _columns(row)
            if "name" in columns and "kind" in columns:
                return _rows(grid, r, columns)
    sentence = "没有找到机构名录的表头。表中至少要有“名称”和“类型”两列,通常还有“代码”“上级代码”“学段”。"
    return [], [Issue("directory_header", Severity.BLOCK, sentence)]


def _columns(row: Sequence[object]) -> dict[str, int]:
    heads = {tidy_name(cell_text(value)): c for c, value in enumerate(row)}
    return {field: heads[name] for field, names in COLUMNS.items() for name in names[::-1] if name in heads}


def _rows(grid: Grid, header: int, columns: Mapping[str, int]) -> tuple[list[OrgUnitInput], list[Issue]]:
    units: list[OrgUnitInput] = []
    issues: list[Issue] = []
    for r in range(header + 1, len(grid.cells)):
        if any(cell_text(value).strip() for value in grid.cells[r]):
            unit = _Row(grid, r, columns, issues).unit()
            if unit is not None:
                units.append(unit)
    issues += _references(units, grid)
    return units, issues


class _Row:
    """One row while it is read; mistakes go to `issues` with their cell."""

    def __init__(self, grid: Grid, r: int, columns: Mapping[str, int], issues: list[Issue]) -> None:
        self.grid, self.r, self.columns, self.issues = grid, r, columns, issues

    def text(self, field: str) -> str:
        c = self.columns.get(field)
        return "" if c is None or c >= len(self.grid.cells[self.r]) else cell_text(self.grid.cells[self.r][c]).strip()

    def problem(self, field: str, sentence: str) -> None:
        cell = self.grid.address(self.r, self.columns.get(field, 0))
        issue = Issue("directory_value", Severity.BLOCK, sentence, f"{self.grid.sheet}!{cell}", self.text(field),
                      sheet=self.grid.sheet, cell=cell)  # fmt: skip
        self.issues.append(issue)

    def word(self, field: str, known: Mapping[str, str], label: str) -> str | None:
        text = self.text(field)
        if not text:
            return None
        value = known.get(text) or (text if text in known.values() else None)
        if value is None:
            self.problem(field, f"{label}“{text}”不认识。可填:{'、'.join(known)}。")
        return value

    def day(self, field: str) -> date | None:
        c = self.columns.get(field)
        raw = self.grid.cells[self.r][c] if c is not None and c < len(self.grid.cells[self.r]) else None
        if isinstance(raw, datetime):
            return raw.date()
        if isinstance(raw, date):
            return raw
        return self._parsed(field, lambda text: date.fromisoformat(text.replace("/", "-").replace(".", "-")))

    def _parsed(self, field: str, parse: Callable[[str], T]) -> T | None:
        text = self.text(field)
        if not text:
            return None
        try:
            return parse(text)
        except ValueError:
            self.problem(field, f"日期“{text}”看不懂,请写成 2024-09-01 的形式。")
            return None

    def unit(self) -> OrgUnitInput | None:
        name = self.text("name")
        if not name:
            self.problem("name", "这一行没有名称。请补写,或删去该行。")
            return None
        kind = self.word("kind", KINDS, "类型")
        if kind is None:
            if not self.text("kind"):
                self.problem("kind", f"“{name}”没有填类型。可填:{'、'.join(KINDS)}。")
            return None
        code = self.text("code") or None
        return OrgUnitInput(
            key=code or name, parent_key=self.text("parent") or None, kind=OrgKind(kind), name=name, code=code,
            short_name=self.text("short_name") or None, level=self.word("level", LEVELS, "学段"),
            area_type=self.word("area_type", AREAS, "城乡类型"), sponsor=self.word("sponsor", SPONSORS, "举办者"),
            valid_from=self.day("valid_from"), valid_to=self.day("valid_to"),
            aliases=_names(self.text("aliases")), successor_keys=_names(self.text("successors")),
        )  # fmt: skip


def _names(text: str) -> tuple[str, ...]:
    for mark in ",,;;":
        text = text.replace(mark, "、")
    return tuple(name.strip() for name in text.split("、") if name.strip())


def _references(units: list[OrgUnitInput], grid: Grid) -> list[Issue]:
    keys = [unit.key for unit in units]
    known = set(keys) | {unit.name for unit in units}
    doubled = sorted({key for key in keys if keys.count(key) > 1}) if len(set(keys)) < len(keys) else []
    problems = [f"代码或名称“{key}”出现了两次,每个单位只能有一行。" for key in doubled]
    problems += [
        f"“{unit.name}”的上级“{unit.parent_key}”不在表中。请先登记上级单位。"
        for unit in units
        if unit.parent_key and unit.parent_key not in known
    ]
    return [Issue("directory_reference", Severity.BLOCK, sentence, grid.sheet) for sentence in problems]
