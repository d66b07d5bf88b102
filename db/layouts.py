"""The layouts that people have confirmed: the next sheet of the same shape needs no question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from db.blocks import fit
from db.engine import StoreError, moment, write
from db.records import Draft
from db.records_layout import (
    LayoutKind,
    Overrides,
    RememberedLayout,
    Signature,
    TableLayout,
    TableOverride,
    override_from_json,
    override_to_json,
)
from db.schema_drafts import layout_memory

_LATEST = sa.select(sa.func.max(layout_memory.c.id)).group_by(layout_memory.c.digest)


def remembered_layouts(connection: sa.Connection) -> list[RememberedLayout]:
    """Every shape that is remembered, the latest confirmed last."""
    query = sa.select(layout_memory).where(layout_memory.c.id.in_(_LATEST), layout_memory.c.override.is_not(None))
    return [_record(row) for row in connection.execute(query.order_by(layout_memory.c.id)).mappings()]


def remember_layouts(connection: sa.Connection, draft: Draft, overrides: Overrides, user: str) -> int:
    """Remembers the shapes of a draft's tables with a person's changes, without periods and places; returns how many were
    new or changed. `overrides` are a person's, by table or by shape; what is remembered holds where they say nothing. Of
    one shape confirmed in two ways nothing is remembered: the next sheet is asked about. Call it inside `db.engine.write`."""
    held = {one.signature.digest: one.override for one in remembered_layouts(connection)}
    rows = []
    for table, override in _confirmed(draft, {**held, **overrides}):
        if held.get(table.signature.digest) != override:
            rows.append(_row(table.signature, override, table.title, draft.source.name, user))
    if rows:
        connection.execute(sa.insert(layout_memory), rows)
    return len(rows)


def _confirmed(draft: Draft, overrides: Overrides) -> Iterator[tuple[TableLayout, TableOverride]]:
    """Each shape once with what is to be remembered of it."""
    by_shape: dict[str, list[tuple[TableLayout, TableOverride]]] = {}
    for table in _tables(draft):
        said = overrides.get(table.key) or overrides.get(table.signature.digest) or TableOverride()
        by_shape.setdefault(table.signature.digest, []).append((table, said.to_remember()))
    for found in by_shape.values():
        if all(override == found[0][1] for _, override in found):
            yield found[0]


def _tables(draft: Draft) -> Iterable[TableLayout]:
    return (
        table
        for sheet in draft.layouts
        for table in sheet.tables
        if table.kind is not LayoutKind.ROSTER and table.signature.lines
    )


def _row(
    signature: Signature, override: TableOverride | None, title: str, file_name: str, user: str
) -> dict[str, object]:
    """A line of the memory; no override at all is the word that the shape is forgotten."""
    return {
        "digest": signature.digest,
        "kind": signature.kind.value,
        "lines": list(signature.lines),
        "override": None if override is None else override_to_json(override),
        "title": fit(layout_memory.c.title, title),
        "file_name": fit(layout_memory.c.file_name, file_name),
        "confirmed_by": fit(layout_memory.c.confirmed_by, user),
        "confirmed_at": moment(),
    }


def forget_layout(engine: sa.Engine, digest: str, user: str) -> None:
    """The next sheet of the shape is asked about again. Raises StoreError when it is not remembered."""
    with write(engine) as connection:
        held = next((one for one in remembered_layouts(connection) if one.signature.digest == digest), None)
        if held is None:
            raise StoreError("这种版式没有记住,不需要忘记。")
        row = _row(held.signature, None, held.title, held.file_name, user)
        connection.execute(sa.insert(layout_memory).values(**row))


def _record(row: sa.RowMapping) -> RememberedLayout:
    return RememberedLayout(
        Signature(LayoutKind(row["kind"]), tuple(row["lines"]), row["digest"]),
        override_from_json(row["override"]),
        row["title"],
        row["file_name"],
        row["confirmed_by"],
        row["confirmed_at"],
    )
