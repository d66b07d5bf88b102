"""What documents have said of a cell: a later document of another name does not unsay it, a corrected version does."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.schema import import_batch, observation, source_file
from db.schema_restated import restatement

CELL = ("area_id", "indicator_id", "period_id", "dim_set_id", "org_unit_id")
_CORRECTION = re.compile(r"更正|修正|修订|订正|勘误|补正|重报|补报")
_VERSION = re.compile(
    r"更正|修正|修订|订正|勘误|补正|重报|补报|副本|最终版?|定稿|终稿|改后?|版|第?[一二三四五\d]次|[vV]\d+|[(（]\s*\d+\s*[)）]|[\s_\-—()（）]"
)


def corrects(new: str, old: str) -> bool:
    """Whether a file is a later version of another one, by their names."""
    return same_document(new, old) or bool(_CORRECTION.search(new))


def same_document(one: str, other: str) -> bool:
    """Whether two names are of versions of one document."""
    stems = [re.sub(r"^[A-Z]{1,2}\d+_|\.\w+$", "", name) for name in (one, other)]
    return one == other or _VERSION.sub("", stems[0]) == _VERSION.sub("", stems[1])


def in_scope(
    table: Any, areas: Sequence[int], period_id: int, indicators: Sequence[int]
) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions that a table's rows are of some areas, one period and some indicators."""
    return table.c.area_id.in_(areas), table.c.period_id == period_id, table.c.indicator_id.in_(indicators)


def in_force(at: datetime | None = None) -> sa.ColumnElement[bool]:
    """The condition that an import counts: now, or at an earlier moment."""
    return not_undone(at) if at is None else sa.and_(import_batch.c.created_at <= at, not_undone(at))


def not_undone(at: datetime | None = None) -> sa.ColumnElement[bool]:
    """The condition that nobody has undone an import: now, or at an earlier moment."""
    undone = import_batch.c.undone_at
    return import_batch.c.status == "stored" if at is None else sa.or_(undone.is_(None), undone > at)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a document says or said of a cell."""

    number: int  # of the observation
    place: tuple[str, int]  # its source kind and ordinal: values of one place follow one another
    name: str  # of the document
    standing: bool  # nothing ended it
    dropped: bool  # a person's decision about this document ended it


Statements = Mapping[tuple[int, ...], Sequence[Statement]]  # by cell, the earlier ones first


def statements(
    connection: sa.Connection,
    rows: Sequence[Any],
    areas: Sequence[int],
    period_id: int,
    indicators: Sequence[int],
    at: datetime | None = None,
) -> Statements:
    """Every statement in force (`at` a moment, if one is given) about the cells that rows begin with (CELL). What a person
    decided and took back is none."""
    found: dict[tuple[int, ...], list[Statement]] = defaultdict(list)
    if not rows:
        return found
    here = (*in_scope(observation, areas, period_id, indicators),
            observation.c.org_unit_id.in_(sorted({row.org_unit_id for row in rows})))  # fmt: skip
    said = connection.execute(_said(at).where(*here)).all()
    former = {} if at is None else _former_owners(connection, here, at)
    copies = {(*row[:5], row.source_kind, row.ordinal, owner) for row in said for owner in former.get(row.id, ())}
    for row in said:
        key = (*row[:5], row.source_kind, row.ordinal)
        owners = {**former.get(row.id, {}), **({row.import_id: row.name} if row.in_force else {})}
        withdrawn = row.closed_by == row.import_id and row.by_review
        if not owners or withdrawn or (row.id not in former and (*key, row.import_id) in copies):
            continue
        standing = row.valid_to is None or (at is not None and row.valid_to > at)
        found[tuple(row[:5])].append(
            Statement(row.id, key[5:], owners[min(owners)], standing, not standing and row.by_review)
        )
    return found


def _said(at: datetime | None) -> sa.Select[Any]:
    """The observations that count now; all of them, where those of a moment are asked for: they may have gone over to
    another document since."""
    closing = import_batch.alias()
    by_review = sa.and_(closing.c.kind == "review", closing.c.source_file_id == import_batch.c.source_file_id)
    query = (
        sa.select(
            *(observation.c[name] for name in (*CELL, "id", "source_kind", "ordinal", "import_id", "valid_to", "closed_by")),
            source_file.c.name, sa.func.coalesce(by_review, sa.false()).label("by_review"), in_force(at).label("in_force"),
        )
        .join_from(observation, import_batch, observation.c.import_id == import_batch.c.id)
        .join(source_file, import_batch.c.source_file_id == source_file.c.id)
        .join(closing, observation.c.closed_by == closing.c.id, isouter=True)
        .order_by(observation.c.id)
    )  # fmt: skip
    return query.where(in_force()) if at is None else query


def _former_owners(
    connection: sa.Connection, here: Sequence[sa.ColumnElement[bool]], at: datetime
) -> dict[int, dict[int, str]]:
    """By observation the imports in force at a moment that said the same, and the names of their documents."""
    same = sa.and_(restatement.c.area_id == observation.c.area_id, restatement.c.observation_id == observation.c.id)
    query = (
        sa.select(observation.c.id, import_batch.c.id, source_file.c.name)
        .join_from(observation, restatement, same)
        .join(import_batch, restatement.c.import_id == import_batch.c.id)
        .join(source_file, import_batch.c.source_file_id == source_file.c.id)
        .where(*here, in_force(at))
    )
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for number, import_id, name in connection.execute(query):
        found[number][import_id] = name
    return found


def stands(held: Sequence[Statement], number: int) -> bool:
    """Whether an observation is the last of its place in a cell of which the statements are given, and not ended."""
    one = _of(held, number)
    return one is not None and one.standing and not any(
        later.standing and later.place == one.place and later.number > number for later in held
    )  # fmt: skip


def still_said(held: Sequence[Statement], number: int) -> bool:
    """Whether neither a later version of its document nor a person has replaced a statement of a cell of which the
    statements are given."""
    one = _of(held, number)
    return one is not None and not one.dropped and not any(
        later.number > number and corrects(later.name, one.name) for later in held
    )  # fmt: skip


def _of(held: Sequence[Statement], number: int) -> Statement | None:
    return next((one for one in held if one.number == number), None)
