"""The facts of every row: org unit, code, period, total or part, breakdown; with merged and indented labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.columns import Column, Role
from etl.sheets.header import Sheet, Table
from etl.sheets.labels import Label, Vocabulary, read_label
from etl.sheets.periods import find_period, lone_month

_PART_OF = re.compile(r"^(?:其\s*中|其：|#)")
_UNIT_TAIL = re.compile(r"(?:小计|合计|总计)$")


@dataclass(frozen=True, slots=True)
class Row:
    """`label` is what the item columns say; `entity` is None when the row stands for the sheet's own unit."""

    index: int
    label: Label
    entity: str | None = None
    code: str | None = None
    period: str | None = None
    month: int | None = None
    cohort: str = ""
    unit: str = ""
    total: bool = False
    redacted: bool = False
    dims: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""  # a row label that nobody understood


@dataclass(slots=True)
class _Above:
    """What earlier rows say about later ones."""

    entity: str | None = None
    section: dict[str, str] = field(default_factory=dict)
    stack: list[tuple[int, dict[str, str], str | None, bool]] = field(default_factory=list)
    down: dict[int, object] = field(default_factory=dict)
    indented: bool = False


def read_rows(table: Table, columns: Sequence[Column], vocabulary: Vocabulary, topic: str) -> list[Row]:
    """The rows of a table from top to bottom; section lines only leave their mark on the rows below."""
    rows: list[Row] = []
    above = _Above(indented=_has_indents(table, columns))
    by_role = {role: [c for c in columns if c.role is role] for role in Role}
    for index in table.body:
        if _is_section(table.sheet, index, by_role):
            label = read_label((str(table.sheet.own(index)[0][1]),), vocabulary, topic)
            above.section = dict(label.dims) if not label.rest else {}
            above.stack = []
            continue
        rows.append(_read_row(table, index, by_role, vocabulary, topic, above))
    return rows


def _is_section(sheet: Sheet, row: int, by_role: Mapping[Role, Sequence[Column]]) -> bool:
    own = sheet.own(row)
    values = {c.index for c in (*by_role[Role.VALUE], *by_role[Role.IGNORED])}
    return len(own) == 1 and own[0][0] not in values and bool(values)


def _label_value(sheet: Sheet, row: int, col: int, above: _Above, fill: bool) -> object:
    value = sheet.filled(row, col)
    if value is None or not compact(value):
        return above.down.get(col) if fill else None
    above.down[col] = value
    return value


def _read_row(
    table: Table,
    index: int,
    by_role: Mapping[Role, Sequence[Column]],
    vocabulary: Vocabulary,
    topic: str,
    above: _Above,
) -> Row:
    sheet = table.sheet
    names = _names(sheet, index, by_role[Role.ENTITY], above)
    items = _items(sheet, index, by_role[Role.ITEM], above)
    stamp = next((_label_value(sheet, index, c.index, above, True) for c in by_role[Role.PERIOD]), None)
    cohort = next((_label_value(sheet, index, c.index, above, True) for c in by_role[Role.COHORT]), None)
    code = next((compact(sheet.filled(index, c.index)) for c in by_role[Role.CODE]), "")
    unit = next((compact(sheet.filled(index, c.index)) for c in by_role[Role.UNIT]), "")
    label = read_label(items, vocabulary, topic)
    entity, total, dims, problem, redacted = _who(names, items, label, vocabulary, topic, above)
    period, month = find_period(stamp) if stamp else None, None
    if stamp and period is None:
        total = total or words.is_total(str(stamp))
        month = lone_month(compact(stamp))
    return Row(
        index, label, entity, code or None, period, month, compact(cohort or ""), unit or label.unit, total, redacted,
        {**above.section, **dims}, problem,
    )  # fmt: skip


def _names(sheet: Sheet, row: int, columns: Sequence[Column], above: _Above) -> list[str]:
    """The names in the entity columns, widest place first; all but the last column fill down."""
    found: list[str] = []
    for n, column in enumerate(columns):
        value = _label_value(sheet, row, column.index, above, fill=n < len(columns) - 1)
        text = "" if value is None else str(value).strip()
        if text and (not found or found[-1] != text):
            found.append(text)
    return found


def _items(sheet: Sheet, row: int, columns: Sequence[Column], above: _Above) -> list[str]:
    found: list[str] = []
    changed = False
    for n, column in enumerate(columns):
        own = sheet.filled(row, column.index)
        blank = own is None or not compact(own)
        value = _label_value(sheet, row, column.index, above, fill=n < len(columns) - 1 and not changed)
        changed = changed or not blank
        text = "" if value is None else compact(value) if not isinstance(value, str) else value.rstrip()
        if text and (not found or found[-1] != text):
            found.append(text)
    return found


def _who(
    names: Sequence[str], items: Sequence[str], label: Label, vocabulary: Vocabulary, topic: str, above: _Above
) -> tuple[str | None, bool, dict[str, str], str, bool]:
    """(entity, total, dims, problem, redacted) of a row."""
    if names:
        return _from_name(names, vocabulary, topic, above, dict(label.dims), label.total)
    if not items:
        return above.entity, False, {}, "", False
    last = items[-1]
    if label.indicator or label.part or label.ignored:
        return None, False, dict(label.dims), "", False
    if label.total:
        above.stack = [(_indent(last), {}, None, True)]
        return None, True, {}, "", False
    if not label.rest:
        return _nested(last, dict(label.dims), above)
    if _PART_OF.match(compact(last)):
        return None, False, {}, last, False
    above.stack = []
    if len(items) == 1 and _looks_like_unit(compact(last)):
        return compact(last), False, dict(above.section), "", False
    return None, False, {}, last, False


def _from_name(
    names: Sequence[str], vocabulary: Vocabulary, topic: str, above: _Above, item_dims: dict[str, str], item_total: bool
) -> tuple[str | None, bool, dict[str, str], str, bool]:
    name = compact(names[-1])
    if words.is_total(name):
        who = _UNIT_TAIL.sub("", name)
        parent = compact(names[-2]) if len(names) > 1 else None
        if words.is_total(who) or who in ("", "全县", "全市", "全区", "全镇", "全乡", "累计", "总"):
            who = ""
        return who or parent, True, item_dims, "", False
    read = read_label((name,), vocabulary, topic)
    part = bool(_PART_OF.match(name))
    if not read.rest and read.dims and not read.indicator:
        return (above.entity if part else None), False, {**dict(read.dims), **item_dims}, "", False
    if part:
        return above.entity, False, {}, name, False
    if re.fullmatch(r"[×*xX□■某]+.{0,4}|.*[×*□■]{2,}.*", name):
        return None, False, item_dims, "", True
    if name in words.FOREIGN_LEVEL_WORDS or name in ("其他", "其它"):
        return None, False, {}, name, False
    above.entity = name
    return name, item_total, item_dims, "", False


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" 　\t"))


_RANKS = {"level": 1, "area": 1, "sponsor": 2}


def _has_indents(table: Table, columns: Sequence[Column]) -> bool:
    spots = [(r, c.index) for r in table.body for c in columns if c.role is Role.ITEM]
    return any(_indent(text) > 0 for r, c in spots if isinstance(text := table.sheet.raw(r, c), str))


def _nested(text: str, dims: dict[str, str], above: _Above) -> tuple[str | None, bool, dict[str, str], str, bool]:
    """A breakdown label below another: its own dims and those of the less indented labels above it."""
    depth = _indent(text) if above.indented else min((_RANKS.get(name, 3) for name in dims), default=3)
    while (
        above.stack
        and above.stack[-1][0] >= depth
        and not (_PART_OF.match(compact(text)) and above.stack[-1][0] == depth)
    ):
        above.stack.pop()
    inherited = dict(above.stack[-1][1]) if above.stack and depth > above.stack[-1][0] else {}
    if above.stack and _PART_OF.match(compact(text)):
        inherited = dict(above.stack[-1][1])
    merged = {**inherited, **dims}
    if not _PART_OF.match(compact(text)):
        above.stack.append((depth, merged, None, False))
    return None, False, merged, "", False


def _looks_like_unit(name: str) -> bool:
    return bool(
        re.search(
            r"(?:省|市|县|区|旗|镇|乡|街道|村|小学|中学|学校|幼儿园|园|校|教学点|[一二三四五六七八九十]中|小)$", name
        )
    )
