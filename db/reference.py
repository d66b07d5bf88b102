"""The rows that every store has whatever was imported: the catalogue's indicators, the unknown period, the empty set of
dims, the state. And by which rules of the catalogue its sums were made."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from db.catalogue import Catalogue
from db.interning import UNKNOWN_PERIOD, period_row
from db.schema import dim_set, indicator, period, store_state

DERIVED = "rollups and discrepancies, 4"  # what is derived from the facts; another text has all of it derived anew


def rules_digest(catalogue: Catalogue) -> str:
    """A digest of everything in the catalogue that sums depend on."""
    rules = sorted(
        (one.code, one.aggregation.value, str(one.multiplier), one.numerator or "", one.denominator or "",
         "level" in one.dims, one.levels)
        for one in catalogue.indicators
    )  # fmt: skip
    return hashlib.sha256(repr((DERIVED, rules)).encode()).hexdigest()


def in_step(connection: sa.Connection, catalogue: Catalogue) -> bool:
    """Whether a store of the newest schema has all reference rows and its sums were made by the catalogue's rules."""
    state = connection.execute(sa.select(store_state.c.rules_digest)).first()
    return (
        state is not None
        and state.rules_digest == rules_digest(catalogue)
        and not _missing_codes(connection, catalogue)
        and _has_empty_rows(connection) == (True, True)
    )


def sync_reference_rows(connection: sa.Connection, catalogue: Catalogue) -> None:
    """Adds the catalogue's indicators, the unknown period, the empty set of dims and the state row."""
    fresh = [{"code": code} for code in _missing_codes(connection, catalogue)]
    if fresh:
        connection.execute(sa.insert(indicator), fresh)
    has_period, has_dims = _has_empty_rows(connection)
    if not has_period:
        connection.execute(sa.insert(period), [period_row(UNKNOWN_PERIOD)])
    if not has_dims:
        connection.execute(sa.insert(dim_set).values(key="", level=None, rest=""))
    if connection.scalar(sa.select(store_state.c.id)) is None:
        connection.execute(sa.insert(store_state).values(id=1, revision=1, next_observation_id=1, rules_digest=""))


def _missing_codes(connection: sa.Connection, catalogue: Catalogue) -> list[str]:
    held = set(connection.scalars(sa.select(indicator.c.code)))
    return [entry.code for entry in catalogue.indicators if entry.code not in held]


def _has_empty_rows(connection: sa.Connection) -> tuple[bool, bool]:
    unknown = connection.scalar(sa.select(period.c.id).where(period.c.code == UNKNOWN_PERIOD))
    empty = connection.scalar(sa.select(dim_set.c.id).where(dim_set.c.key == ""))
    return unknown is not None, empty is not None
