"""Texts to small ids and back: indicators, periods, sets of dims. Missing ones are added when asked to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.names import is_lent, once
from db.periods import parse_period
from db.records import dims_key, parse_dims_key
from db.schema import dim_set, indicator, period

UNKNOWN_PERIOD = ""


def period_row(code: str) -> dict[str, Any]:
    """The row of a period code; the empty code is the unknown period, which has no bounds."""
    if code == UNKNOWN_PERIOD:
        return {"code": code, "kind": "unknown", "start_date": None, "end_date": None, "school_year": None}
    known = parse_period(code)
    return {
        "code": code,
        "kind": known.kind,
        "start_date": known.start,
        "end_date": known.end,
        "school_year": known.school_year,
    }


def split_level(key: str) -> tuple[str | None, str]:
    """A dims key as its level and the rest: `level=PRI;sex=F` is ("PRI", "sex=F")."""
    dims = parse_dims_key(key)
    level = dims.pop("level", None)
    return level, dims_key(dims)


def join_level(level: str | None, rest: str) -> str:
    """The reverse of `split_level`."""
    return dims_key({**parse_dims_key(rest), "level": level or ""})


def dim_row(key: str) -> dict[str, Any]:
    level, rest = split_level(key)
    return {"key": key, "level": level, "rest": rest}


def ids(connection: sa.Connection, table: sa.Table, column: sa.Column[str]) -> dict[str, int]:
    """Every text of a reference table with its id (these tables are small)."""
    if is_lent(connection) and column in (indicator.c.code, dim_set.c.key):
        known = _known(connection)
        return known.indicators if table is indicator else {row[1]: row[0] for row in known.dims}
    return once(connection, f"{table.name}.{column.name}", lambda reader: _read_ids(reader, table, column))


def _read_ids(connection: sa.Connection, table: sa.Table, column: sa.Column[str]) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(sa.select(column, table.c.id))}


def indicator_ids(connection: sa.Connection) -> dict[str, int]:
    return ids(connection, indicator, indicator.c.code)


def period_rows(connection: sa.Connection) -> Sequence[Any]:
    """Every period: rows of id, code, kind, school_year, start_date and end_date."""
    if is_lent(connection):
        return _known(connection).periods
    return connection.execute(sa.select(*(period.c[name] for name in PeriodRow._fields))).all()


def dim_rows(connection: sa.Connection) -> Sequence[Any]:
    """Every set of dims: rows of id, key, level and rest."""
    if is_lent(connection):
        return _known(connection).dims
    return connection.execute(sa.select(dim_set.c.id, dim_set.c.key, dim_set.c.level, dim_set.c.rest)).all()


class PeriodRow(NamedTuple):
    """A period as it is stored."""

    id: int
    code: str
    kind: str
    school_year: int | None
    start_date: date | None
    end_date: date | None


class _Known(NamedTuple):
    """What every fact refers to by number."""

    periods: Sequence[PeriodRow]
    dims: Sequence[tuple[int, str, str | None, str]]
    indicators: dict[str, int]


def _known(connection: sa.Connection) -> _Known:
    return once(connection, "known", _read_known)


def _read_known(connection: sa.Connection) -> _Known:
    """All three in one statement: a page needs them before it can ask for any number."""
    text, day = sa.cast(sa.null(), sa.String), sa.cast(sa.null(), sa.Date)
    parts = (
        sa.select(sa.literal("period"), *(period.c[name] for name in PeriodRow._fields), text),
        sa.select(sa.literal("dims"), dim_set.c.id, dim_set.c.key, dim_set.c.level, sa.cast(sa.null(), sa.Integer), day, day, dim_set.c.rest),
        sa.select(sa.literal("indicator"), indicator.c.id, indicator.c.code, text, sa.cast(sa.null(), sa.Integer), day, day, text),
    )  # fmt: skip
    rows: dict[str, list[Any]] = {"period": [], "dims": [], "indicator": []}
    for of, *row in connection.execute(sa.union_all(*parts)):
        rows[of].append(row)
    return _Known(
        [PeriodRow(*row[:6]) for row in rows["period"]],
        [(row[0], row[1], row[2], row[6]) for row in rows["dims"]],
        {row[1]: row[0] for row in rows["indicator"]},
    )


def period_ids(connection: sa.Connection) -> dict[str, int]:
    return {row.code: row.id for row in period_rows(connection)}


def dim_ids(connection: sa.Connection) -> dict[str, int]:
    return ids(connection, dim_set, dim_set.c.key)


def intern_indicators(connection: sa.Connection, codes: Iterable[str]) -> dict[str, int]:
    known = indicator_ids(connection)
    missing = sorted(set(codes) - set(known))
    if not missing:
        return known
    connection.execute(sa.insert(indicator), [{"code": code} for code in missing])
    return indicator_ids(connection)


def intern_periods(connection: sa.Connection, codes: Iterable[str]) -> dict[str, int]:
    """Raises ValueError for a text that is no period code."""
    known = period_ids(connection)
    missing = sorted(set(codes) - set(known))
    if not missing:
        return known
    connection.execute(sa.insert(period), [period_row(code) for code in missing])
    return period_ids(connection)


def intern_dims(connection: sa.Connection, keys: Iterable[str]) -> dict[str, int]:
    known = dim_ids(connection)
    missing = sorted(set(keys) - set(known))
    if not missing:
        return known
    connection.execute(sa.insert(dim_set), [dim_row(key) for key in missing])
    return dim_ids(connection)
