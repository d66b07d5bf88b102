"""The records that say how a table was understood (db.records_layout), built from what was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import median

from db.records import cell_text
from db.records_layout import LayoutKind, LineLayout, LineRole, PeriodSource, RowRole, RowSpan, Signature, TableLayout
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.cohorts import ENTRANTS, START
from etl.sheets.columns import Column, Role
from etl.sheets.facts import Fact, Output
from etl.sheets.header import Table, is_footer
from etl.sheets.keys import title_text
from etl.sheets.labels import Label
from etl.sheets.reasons import reason
from etl.sheets.rows import Row
from etl.sheets.sheet import Sheet
from etl.sheets.titles import Frame
from etl.sheets.understood import Understood

_ROLES: Mapping[Role, LineRole] = {
    Role.SERIAL: LineRole.SERIAL, Role.CODE: LineRole.CODE, Role.ENTITY: LineRole.PLACE, Role.PERIOD: LineRole.PERIOD,
    Role.COHORT: LineRole.COHORT, Role.CLASS: LineRole.CLASS, Role.ITEM: LineRole.ITEM, Role.UNIT: LineRole.UNIT,
    Role.BLANK: LineRole.BLANK, Role.TEXT: LineRole.REMARK, Role.IGNORED: LineRole.IGNORED,
}  # fmt: skip
_EXAMPLES = 3


def table_layout(table: Table, understood: Understood, out: Output) -> TableLayout:
    """The layout of a table of values; `out` tells how sure the facts of each line turned out to be."""
    by_column, by_row = _by(out.facts, "col"), _by(out.facts, "row")
    columns = tuple(
        _with_reasons(_column(table, understood, column, key, by_column.get(column.index, ())), out)
        for column, key in zip(understood.columns, understood.column_keys, strict=True)
    )
    items = tuple(
        _with_reasons(_item_row(table, understood, row, key, by_row.get(row.index, ())), out)
        for row, key in zip(understood.rows, understood.row_keys, strict=True)
        if key and (row.label.known or row.problem or row.label.ignored or key in understood.changes.override.lines)
    )
    plain = plain_layout(table, understood.kind, understood.signature, understood.frame, understood.key)
    return replace(
        plain,
        columns=_with_fractions(columns, out),
        items=items,
        rows=tuple(_spans(table, understood.rows)),
        ignored=understood.changes.override.ignore,
    )


def plain_layout(
    table: Table, kind: LayoutKind, signature: Signature, frame: Frame, key: str,
    columns: Sequence[LineLayout] = (), items: Sequence[LineLayout] = (), ignored: bool = False,
) -> TableLayout:  # fmt: skip
    """The layout of a table without columns of values: long, score, ledger, roster."""
    sheet = table.sheet
    rows = [*table.header, *table.body, *(r for r, _ in table.footers)]
    probe = table.body[:200]
    used = [c for c, path in enumerate(table.paths) if path or any(sheet.raw(r, c) is not None for r in probe)]
    return TableLayout(
        key, sheet.grid.sheet, kind, min([*rows, *(r for r, _ in table.titles)]), min(used, default=0), max(rows),
        max(used, default=0), signature, table.header, tuple(columns), tuple(items), tuple(_spans(table, ())),
        title_text(sheet.text(r, c) for r, c in table.titles), frame.period, PeriodSource(frame.period_from), frame.issuer,
        frame.level, frame.unit, ignored,
    )  # fmt: skip


def _with_reasons(line: LineLayout, out: Output) -> LineLayout:
    """What the arithmetic of the table says about a line."""
    name = ("row" if line.axis == "row" else "col", line.index)
    return replace(line, why=(*line.why, *out.reasons.get(name, ())))


def _by(facts: Iterable[Fact], name: str) -> dict[int, list[Fact]]:
    found: dict[int, list[Fact]] = {}
    for fact in facts:
        found.setdefault(getattr(fact, name), []).append(fact)
    return found


def _column(table: Table, understood: Understood, column: Column, key: str, facts: Sequence[Fact]) -> LineLayout:
    changed = key in understood.changes.override.lines
    if facts and column.label.rest and (told := next((f for f in facts if f.by_numbers), None)):
        label = replace(column.label, indicator=told.indicator, dims=told.dims, rest="", confidence=told.confidence)
        column = replace(column, label=label)
    elif facts and column.label.part == START:
        column = replace(
            column, label=replace(column.label, indicator=ENTRANTS, dims=facts[0].dims, period=facts[0].period)
        )
    label = column.label
    stamped = label.period or label.month or label.quarter or label.shift
    if stamped:
        source = PeriodSource.COLUMN
    elif any(c.role in (Role.PERIOD, Role.COHORT) for c in understood.columns):
        source = PeriodSource.ROW
    else:
        source = PeriodSource(understood.frame.period_from)
    role = _line_role(column, understood.kind)
    values = role in (LineRole.INDICATOR, LineRole.PART, LineRole.BREAKDOWN)
    return LineLayout(
        key, "column", column.index, table.paths[column.index], role, column.header_cell,
        indicator=label.indicator if values else None, part=label.part if values else None,
        dims=dict(label.dims) if values else {}, unit=label.unit, period=label.period, stamp=_stamp(label),
        period_source=source if values else PeriodSource.NONE, entity=column.entity, total=label.total and not label.known,
        confidence=_confidence(label, facts, role), why=_why(column, role, changed),
        examples=examples_of(table.sheet, table.body, column.index), changed=changed,
    )  # fmt: skip


def _line_role(column: Column, kind: LayoutKind) -> LineRole:
    label = column.label
    if column.role is Role.IGNORED and label.ignored == "noise":
        return LineRole.REMARK
    if column.role is not Role.VALUE:
        return _ROLES[column.role]
    if label.rest:
        return LineRole.UNKNOWN
    if label.indicator:
        return LineRole.INDICATOR
    if label.part:
        return LineRole.PART
    told = label.neutral or label.dims or label.period or label.month or label.quarter or label.total or column.entity
    return LineRole.BREAKDOWN if told and kind is LayoutKind.TRANSPOSED else LineRole.UNKNOWN


def _stamp(label: Label) -> str:
    if label.period:
        return ""
    return f"{label.month}月" if label.month else label.quarter or label.shift


def _confidence(label: Label, facts: Sequence[Fact], role: LineRole) -> float:
    if role in (LineRole.UNKNOWN, LineRole.BLANK):
        return 0.0
    if facts:
        return round(float(median(fact.confidence for fact in facts)), 3)
    return label.confidence if role in (LineRole.INDICATOR, LineRole.PART) else 0.9


def _why(column: Column, role: LineRole, changed: bool) -> tuple[str, ...]:
    found = [reason("person")] if changed else []
    label = column.label
    if role in (LineRole.IGNORED, LineRole.REMARK):
        return (*found, reason("ignored", label.ignored or "noise"))
    if role is LineRole.UNKNOWN:
        return (*found, reason("unknown", label.rest or label.text))
    if role in (LineRole.INDICATOR, LineRole.PART, LineRole.BREAKDOWN):
        return (*found, *label_reasons(label))
    return (*found, reason("head", label.text)) if role is not LineRole.BLANK else ()


def label_reasons(label: Label) -> tuple[str, ...]:
    """Why a label means what it means."""
    if label.part:
        return (reason("quantity", label.text),)
    if label.indicator and label.word:
        whole = words.PUNCTUATION.sub("", compact(label.text))
        return (reason("named" if whole == label.word else "contains", label.word),)
    return (reason("title" if label.indicator else "group", label.text),)


def _item_row(table: Table, understood: Understood, row: Row, key: str, facts: Sequence[Fact]) -> LineLayout:
    changed = key in understood.changes.override.lines
    col = next((c.index for c in understood.columns if c.role is Role.ITEM), 0)
    values = [c.index for c in understood.columns if c.role is Role.VALUE]
    examples = [cell_text(v) for c in values if (v := table.sheet.raw(row.index, c)) is not None][:_EXAMPLES]
    dated = understood.frame.period_from
    label = row.label
    share = next((fact for fact in facts if fact.of_row), None)
    if share is not None and (label.rest or not label.known):
        label = replace(label, indicator=share.indicator, dims=share.dims, rest="", confidence=share.confidence)
    return item_line(key, "row", row.index, label, (row.index, col), facts, tuple(examples), changed, dated=dated)


def item_line(
    key: str, axis: str, index: int, label: Label, header: tuple[int, int], facts: Sequence[Fact],
    examples: tuple[str, ...], changed: bool, cell: tuple[int, int] | None = None, dated: str = "none",
) -> LineLayout:  # fmt: skip
    """A row, a pair or an item's name that tells an indicator."""
    why: tuple[str, ...]
    if label.ignored:
        role, why = LineRole.IGNORED, (reason("ignored", label.ignored),)
    elif not label.known or label.rest:
        role, why = LineRole.UNKNOWN, (reason("unknown", label.rest or label.text),)
    else:
        role, why = LineRole.INDICATOR if label.indicator else LineRole.PART, label_reasons(label)
    taken = role in (LineRole.INDICATOR, LineRole.PART)
    return LineLayout(
        key, axis, index, tuple(label.text.split("/")), role, header, indicator=label.indicator if taken else None,
        part=label.part if taken else None, dims=dict(label.dims) if taken else {}, unit=label.unit, period=label.period,
        stamp=_stamp(label), period_source=PeriodSource("row" if label.period else dated) if taken else PeriodSource.NONE,
        confidence=_confidence(label, facts, role), why=((reason("person"), *why) if changed else why),
        cell=cell, examples=examples, changed=changed,
    )  # fmt: skip


def examples_of(sheet: Sheet, body: Sequence[int], col: int) -> tuple[str, ...]:
    """The first values of a column as text."""
    found: list[str] = []
    for row in body:
        value = sheet.raw(row, col)
        if value is not None and compact(value):
            found.append(cell_text(value))
            if len(found) == _EXAMPLES:
                break
    return tuple(found)


def _with_fractions(columns: Sequence[LineLayout], out: Output) -> tuple[LineLayout, ...]:
    """Which rates are made of a column, as the facts were put together."""
    keys = {line.index: line.key for line in columns}
    above: dict[int, dict[str, None]] = {}
    below: dict[int, dict[str, None]] = {}
    for fact in out.facts:
        if fact.numerator is not None and fact.denominator is not None and fact.numerator.row == fact.row:
            above.setdefault(fact.numerator.col, {})[keys[fact.col]] = None
            below.setdefault(fact.denominator.col, {})[keys[fact.col]] = None
    return tuple(
        replace(line, numerator_of=tuple(above.get(line.index, ())), denominator_of=tuple(below.get(line.index, ())))
        for line in columns
    )


def _spans(table: Table, rows: Sequence[Row]) -> Iterator[RowSpan]:
    """Runs of equal roles over all rows of the table that are not blank."""
    roles: dict[int, RowRole] = dict.fromkeys((r for r, _ in table.titles), RowRole.TITLE)
    roles |= dict.fromkeys(table.header, RowRole.HEADER)
    known = {row.index: row for row in rows}
    for index in table.body:
        row = known.get(index)
        roles[index] = (RowRole.SECTION if rows else RowRole.DATA) if row is None else row_role(table.sheet, row)
    for index, col in table.footers:
        text = table.sheet.text(index, col)
        roles.setdefault(index, RowRole.FOOTER if is_footer(text) else RowRole.NOTE)
    last = max(roles, default=-1)
    for index in range(table.header[0], last):
        if index not in roles and table.sheet.own(index):
            roles[index] = RowRole.REPEAT
    first: int | None = None
    for index in sorted(roles):
        if first is None:
            first = index
        following = roles.get(index + 1)
        if following is not roles[index]:
            yield RowSpan(first, index, roles[index])
            first = None


def row_role(sheet: Sheet, row: Row) -> RowRole:
    """What a row of a table is."""
    if row.plain:
        return RowRole.DATA
    if row.excluded == "definition":
        return RowRole.MEAN
    if row.school_class:
        return RowRole.PART
    text = next((value for _, value in sheet.own(row.index) if isinstance(value, str)), "")
    if row.total:
        return RowRole.SUBTOTAL if "小计" in text or row.entity is not None else RowRole.TOTAL
    if words.is_part_of(text):
        return RowRole.OF_WHICH
    return RowRole.UNKNOWN if row.problem else RowRole.DATA
