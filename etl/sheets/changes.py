"""What a person changed about a table, carried out on what was understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from db.records_layout import LineOverride, LineRole, Overrides, TableOverride
from etl.sheets.cells import compact
from etl.sheets.columns import Column, Role
from etl.sheets.keys import ITEM, PLACE, line_key, numbered
from etl.sheets.labels import Label
from etl.sheets.rows import Row
from etl.sheets.titles import Frame
from etl.sheets.vocabulary import Vocabulary

_ROLES: Mapping[LineRole, Role] = {
    LineRole.PLACE: Role.ENTITY, LineRole.CODE: Role.CODE, LineRole.PERIOD: Role.PERIOD, LineRole.COHORT: Role.COHORT,
    LineRole.CLASS: Role.CLASS, LineRole.ITEM: Role.ITEM, LineRole.UNIT: Role.UNIT, LineRole.SERIAL: Role.SERIAL,
    LineRole.IGNORED: Role.IGNORED, LineRole.REMARK: Role.IGNORED, LineRole.INDICATOR: Role.VALUE,
    LineRole.BREAKDOWN: Role.VALUE,
}  # fmt: skip
IGNORED_BY_PERSON = "noise"


@dataclass(frozen=True, slots=True)
class Changes:
    """The override of one table; `of` looks a line up by its key."""

    override: TableOverride = field(default_factory=TableOverride)

    def of(self, key: str) -> LineOverride | None:
        return self.override.lines.get(key)


NO_CHANGES = Changes()


def changes_of(overrides: Overrides | None, key: str, digest: str) -> Changes:
    """The override of a table: by its own key, else by its shape."""
    found = (overrides or {}).get(key) or (overrides or {}).get(digest)
    return Changes(found) if found is not None else NO_CHANGES


def changed_frame(frame: Frame, changes: Changes) -> Frame:
    """The frame with what a person said about the whole table."""
    said = changes.override
    if said.period is not None:
        frame = replace(frame, period=said.period, period_from="person")
    if said.entity is not None:
        frame = replace(frame, issuer=compact(said.entity), issuer_redacted=False)
    if said.level is not None:
        frame = replace(frame, level=said.level or None, level_is_wide=False)
    return replace(frame, unit=said.unit) if said.unit is not None else frame


def column_keys(paths: Sequence[Sequence[str]], columns: Sequence[Column]) -> list[str]:
    """The key of every column; one headed by a unit is called by the rest of its path."""
    return numbered(
        line_key([part for part in path if compact(part) != column.entity] + ([PLACE] if column.entity else []))
        for path, column in zip(paths, columns, strict=True)
    )


def item_keys(labels: Sequence[str]) -> list[str]:
    """The key of every item (a row label, a pair, an indicator's name)."""
    return numbered(f"{ITEM}{line_key(text.split('/'))}" for text in labels)


def changed_columns(
    columns: Sequence[Column], keys: Sequence[str], changes: Changes, vocabulary: Vocabulary
) -> list[Column]:
    """The columns with a person's changes."""
    found = []
    for column, key in zip(columns, keys, strict=True):
        said = changes.of(key)
        found.append(column if said is None else _column(column, said, vocabulary))
    return found


def _column(column: Column, said: LineOverride, vocabulary: Vocabulary) -> Column:
    role = _ROLES.get(said.role, column.role) if said.role is not None else column.role
    if said.ignore or role is Role.IGNORED:
        return replace(column, role=Role.IGNORED, label=replace(column.label, ignored=IGNORED_BY_PERSON))
    if said.indicator is not None or said.period is not None:
        role = Role.VALUE if said.role is None else role
    return replace(
        column, role=role, label=changed_label(column.label, said, vocabulary), entity=said.entity or column.entity
    )


def changed_label(label: Label, said: LineOverride, vocabulary: Vocabulary) -> Label:
    """The label with a person's changes; what they name explains the whole of it."""
    if said.ignore:
        return replace(label, ignored=IGNORED_BY_PERSON)
    if said.indicator is not None:
        allowed = vocabulary.dims.get(said.indicator, frozenset())
        dims = {name: value for name, value in label.dims.items() if name in allowed}
        label = replace(label, indicator=said.indicator, part=None, dims=dims, ignored="", rest="", confidence=0.99)
    if said.dims is not None:
        label = replace(label, dims=dict(said.dims), rest="")
    if said.period is not None:
        label = replace(label, period=said.period, month=None, quarter="", shift="", rest="", ignored="")
    return replace(label, unit=said.unit) if said.unit is not None else label


def changed_rows(rows: Sequence[Row], keys: Sequence[str], changes: Changes, vocabulary: Vocabulary) -> list[Row]:
    """The rows with what a person changed about their labels."""
    found = []
    for row, key in zip(rows, keys, strict=True):
        said = changes.of(key) if changes.override.lines else None
        if said is not None:
            label = changed_label(row.label, said, vocabulary)
            dims = dict(label.dims) if said.dims is not None or said.indicator is not None else row.dims
            row = replace(row, label=label, dims=dims, problem="" if label.known or label.dims else row.problem)
            row = replace(row, entity=said.entity or row.entity, period=said.period or row.period)
        found.append(row)
    return found
