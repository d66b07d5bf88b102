"""What documents have said of a cell: a later document of another name does not unsay it, a corrected version does."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.schema import import_batch, observation, source_file

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
    if at is None:
        return import_batch.c.status == "stored"
    undone = import_batch.c.undone_at
    return sa.and_(import_batch.c.created_at <= at, sa.or_(undone.is_(None), undone > at))


def still_said(
    connection: sa.Connection,
    rows: Sequence[Any],
    areas: Sequence[int],
    period_id: int,
    indicators: Sequence[int],
    at: datetime | None = None,
) -> Iterable[Any]:
    """Former statements that no later version of their own document has replaced (`at` a moment, if one is given). A
    row begins with its cell (CELL) and has the number of its observation as `told_id`."""
    if not rows:
        return
    units = sorted({row.org_unit_id for row in rows})
    query = (
        sa.select(*(observation.c[name] for name in CELL), observation.c.id, source_file.c.name)
        .join_from(observation, import_batch, observation.c.import_id == import_batch.c.id)
        .join(source_file, import_batch.c.source_file_id == source_file.c.id)
        .where(*in_scope(observation, areas, period_id, indicators))
        .where(observation.c.org_unit_id.in_(units), in_force(at))
        .order_by(observation.c.id)
    )
    said: dict[tuple[int, ...], list[tuple[int, str]]] = defaultdict(list)
    for row in connection.execute(query):
        said[tuple(row[:5])].append((row.id, row.name))
    for row in rows:
        cell = said[tuple(row[:5])]
        name = next(name for number, name in cell if number == row.told_id)
        if not any(number > row.told_id and corrects(later, name) for number, later in cell):
            yield row
