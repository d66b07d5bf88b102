"""The search for a number or for words: every way to find facts goes through an index, however many are stored."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import sqlalchemy as sa

from db.frames import INT, TEXT, fetch
from db.queries_evidence import LISTED, listed
from db.schema import REPORTED, evidence, import_batch, indicator, org_unit, source_file
from db.schema import observation as obs

MOST_UNITS = 100  # units of a name, and files, whose values are looked at
MOST_FILES = 20
Conditions = list[sa.ColumnElement[bool]]


def search_observations(
    connection: sa.Connection,
    *,
    text: str = "",
    indicator: str | None = None,
    value: float | None = None,
    limit: int = 200,
) -> pd.DataFrame:
    """Current observations by indicator, by exact value and by words, the newest import first: those whose unit or file
    has the words in its name, those of reports that have them in their quote, those of the number that the words are.
    Columns of `document_observations`, source_file_id and file_name."""
    always: Conditions = [obs.c.valid_to.is_(None)]
    if indicator is not None:
        always.append(obs.c.indicator_id == _indicator_id(indicator))
    if value is not None:
        always.append(obs.c.value == value)
    ways: Iterator[Conditions] = _ways(connection, text.strip()) if text.strip() else iter([[]])
    found: set[tuple[int, int]] = set()
    for way in ways:
        # "+ 0" where words are looked for: no index gives that order, so that none is gone through for the order's sake.
        order = (obs.c.import_id + 0, obs.c.id + 0) if text.strip() else (obs.c.import_id, obs.c.id)
        query = sa.select(obs.c.import_id, obs.c.id).where(*always, *way).order_by(order[0].desc(), order[1])
        found.update((import_id, number) for import_id, number in connection.execute(query.limit(limit)))
    newest = sorted(found, key=lambda each: (-each[0], each[1]))[:limit]
    chosen = listed(obs.c.id.in_([number for _, number in newest])).order_by(obs.c.import_id.desc(), obs.c.id)
    whole = chosen.add_columns(source_file.c.id, source_file.c.name)
    return fetch(connection, whole, {**LISTED, "source_file_id": INT, "file_name": TEXT})


def _indicator_id(code: str) -> sa.ScalarSelect[int]:
    return sa.select(indicator.c.id).where(indicator.c.code == code).scalar_subquery()


def _ways(connection: sa.Connection, text: str) -> Iterator[Conditions]:
    """Where words may stand, each as conditions that an index answers."""
    units = sa.select(org_unit.c.id).where(org_unit.c.name.contains(text, autoescape=True)).order_by(org_unit.c.id)
    named = list(connection.scalars(units.limit(MOST_UNITS)))
    if named:
        yield [obs.c.org_unit_id.in_(named)]
    files = (
        sa.select(import_batch.c.id)
        .join_from(import_batch, source_file, import_batch.c.source_file_id == source_file.c.id)
        .where(source_file.c.name.contains(text, autoescape=True), import_batch.c.status == "stored")
        .order_by(import_batch.c.id.desc())
    )
    for import_id in connection.scalars(files.limit(MOST_FILES)).all():
        yield [obs.c.import_id == import_id]
    quoted = sa.select(sa.literal(1)).where(
        evidence.c.area_id == obs.c.area_id, evidence.c.observation_id == obs.c.id,
        evidence.c.quote.contains(text, autoescape=True),
    )  # fmt: skip
    yield [sa.text(REPORTED), sa.exists(quoted.correlate(obs))]  # type: ignore[list-item]
    if (number := _number(text)) is not None:
        yield [obs.c.value == number]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
