"""Findings in ledgers (问题整改台账): one problem a row, with its school, its days and whether it is closed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from db.catalogue import Catalogue
from db.records import Evidence, Reading, cell_text
from db.records_findings import Extent, FindingState
from etl.findings.found import RULE_VERSION, FoundFinding, category_of, state_in
from etl.sheets import words
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.header import Table, find_tables
from etl.sheets.left_out import ledger_column, may_be_ledger
from etl.sheets.rosters import id_number_issue, roster_issue
from etl.sheets.sheet import Sheet
from etl.sheets.titles import Frame, read_frame

_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("code", re.compile(r"(?:学校|机构|单位)?(?:标识码|代码)")),
    ("unit", re.compile(r"(?:被检查?|受检|责任|整改|检查)?(?:学校|单位|幼儿园|园所|机构)(?:名称)?")),
    ("closed_on", re.compile(r"(?:整改)?(?:完成|销号|办结)(?:日期|时间)")),
    ("due_on", re.compile(r"(?:整改)?(?:期限|时限|完成时限|限期|截止日期)|整改时限")),
    ("found_on", re.compile(r"(?:检查|发现|排查|登记|抽查|督查)?(?:日期|时间)")),
    ("closed", re.compile(r"是否(?:已?销号|已?整改|完成|整改到位|办结)|销号|整改(?:状态|情况|结果|进展|完成情况)|销号情况|状态|进展情况|完成情况")),
    ("category", re.compile(r"(?:问题|隐患)?(?:类别|类型|分类)")),
)  # fmt: skip
_YES = re.compile(r"^(?:是|已(?!责令).*|√|✓|完成|完毕|到位|合格|通过|销号|办结|1|[Yy])$|整改(?:完成|完毕|到位)")
_NO = re.compile(r"^(?:否|未.*|×|✗|0|[Nn])$|整改中|正在|尚未|逾期|未")


@dataclass(slots=True)
class _Row:
    """One row of a ledger: its labelled cells."""

    sheet: Sheet
    index: int
    columns: dict[str, int]

    def text(self, name: str) -> str:
        """The words of a cell; a typed empty (/, 无) says nothing."""
        col = self.columns.get(name)
        value = None if col is None else self.sheet.filled(self.index, col)
        cell = read_cell(value)
        return "" if cell.kind in (Kind.BLANK, Kind.STATUS) else compact(value)

    def day(self, name: str, near: date | None) -> date | None:
        col = self.columns.get(name)
        return None if col is None else day_of(self.sheet.filled(self.index, col), near)


def findings_of_ledgers(reading: Reading, catalogue: Catalogue, name: str) -> list[FoundFinding]:
    """The findings of every ledger of a reading. A hidden sheet and a sheet with persons' data are not read."""
    out: list[FoundFinding] = []
    for grid in reading.grids:
        if grid.hidden or not may_be_ledger(grid) or id_number_issue(Sheet(grid)) is not None:
            continue
        frame: Frame | None = None
        for table in find_tables(grid):
            frame = read_frame(table, grid.sheet, name, frame)
            problem = ledger_column(table)
            if problem is not None and roster_issue(table) is None:
                out += _of_table(table, problem, frame, catalogue)
    return out


def _of_table(table: Table, problem: int, frame: Frame, catalogue: Catalogue) -> list[FoundFinding]:
    columns = _columns(table, problem)
    near = _year_of(frame)
    out: list[FoundFinding] = []
    for index in table.body:
        row = _Row(table.sheet, index, {**columns, "problem": problem})
        if read_cell(table.sheet.raw(index, problem)).kind is Kind.TEXT:
            out += _of_row(row, problem, frame, near, catalogue)
    return out


def _of_row(row: _Row, problem: int, frame: Frame, near: date | None, catalogue: Catalogue) -> list[FoundFinding]:
    found_on = row.day("found_on", near)
    closed_on = row.day("closed_on", found_on or near)
    text = compact(row.sheet.raw(row.index, problem))
    said, hint = row.text("closed"), row.text("category")
    state = _state(said, closed_on, text)
    grid = row.sheet.grid
    proof = Evidence(
        quote=cell_text(row.sheet.raw(row.index, problem)), rule="ledger_row", rule_version=RULE_VERSION, confidence=0.95,
        locator=f"{grid.sheet}!{grid.address(row.index, problem)}", sheet=grid.sheet, cell=grid.address(row.index, problem),
    )  # fmt: skip
    return [
        FoundFinding(
            category, part, state, proof, row.text("unit") or frame.issuer, row.text("code") or None, scope=grid.sheet,
            extent=Extent.ONE if row.text("unit") else Extent.SOME, period=frame.period, found_on=found_on,
            due_on=row.day("due_on", found_on or near), closed_on=closed_on if state is FindingState.RECTIFIED else None,
        )
        for part, category in _parts(text, hint, catalogue)
    ]  # fmt: skip


def _parts(text: str, hint: str, catalogue: Catalogue) -> list[tuple[str, str]]:
    """One cell may hold two problems. A kind that was chosen from the catalogue's list holds; else the words tell, else
    the ledger's own kind, else management."""
    pieces = [piece for piece in re.split(r"[;;。]|(?:^|(?<=.))\d[、.](?!\d)", text) if len(piece) > 1]
    kinds = [category_of(piece, catalogue) for piece in pieces]
    if len(pieces) > 1 and all(kinds):
        return [(piece, kind) for piece, kind in zip(pieces, kinds, strict=True) if kind]
    chosen = next((one.code for one in catalogue.finding_categories if one.name_zh == hint), None)
    return [(text, chosen or category_of(text, catalogue) or category_of(hint, catalogue) or "management")]


def _state(said: str, closed_on: date | None, text: str) -> FindingState:
    if said and _NO.search(said):
        return FindingState.OPEN
    if (said and _YES.search(said)) or closed_on is not None:
        return FindingState.RECTIFIED
    return state_in(f"{said},{text}") or FindingState.UNSTATED


def _columns(table: Table, problem: int) -> dict[str, int]:
    """The columns of a ledger by what their labels say; the first that fits each."""
    found: dict[str, int] = {}
    for col, path in enumerate(table.paths):
        if not path or col == problem:
            continue
        key = words.label_key(path[-1])
        name = next((name for name, pattern in _COLUMNS if pattern.fullmatch(key)), None)
        if name is not None:
            found.setdefault(name, col)
    return found


def _year_of(frame: Frame) -> date | None:
    """A day of the frame's year, for days that are printed without one."""
    year = re.search(r"(\d{4})(?:-T2)?", frame.period or "")
    if year is None:
        return None
    return date(int(year[1]) + ("-T2" in (frame.period or "")), 1, 1)


_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SHORT = re.compile(r"(\d{1,2})(?:月|[./-])(\d{1,2})日?")


def day_of(value: object, near: date | None) -> date | None:
    """A cell as a day: 2024/3/12, 2024.3.15, 3月14日 (its year is that of `near`, or the next one in spring)."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = compact(value) if value is not None else ""
    full, short = _FULL.fullmatch(text), _SHORT.fullmatch(text)
    try:
        if full:
            return date(int(full[1]), int(full[2]), int(full[3]))
        if short and near is not None:
            day = date(near.year, int(short[1]), int(short[2]))
            return date(near.year + 1, day.month, day.day) if near.month >= 9 and day.month <= 6 else day
    except ValueError:
        return None
    return None
