"""Texts to small ids and back: indicators, periods, sets of dims. Missing ones are added when asked to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from db.names import once
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
    return once(connection, f"{table.name}.{column.name}", lambda reader: _read_ids(reader, table, column))


def _read_ids(connection: sa.Connection, table: sa.Table, column: sa.Column[str]) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(sa.select(column, table.c.id))}


def indicator_ids(connection: sa.Connection) -> dict[str, int]:
    return ids(connection, indicator, indicator.c.code)


def period_rows(connection: sa.Connection) -> Sequence[Any]:
    """Every period: rows of id, code, kind, school_year, start_date and end_date."""
    return once(connection, "period", _read_periods)


def _read_periods(connection: sa.Connection) -> Sequence[Any]:
    columns = (period.c[name] for name in ("id", "code", "kind", "school_year", "start_date", "end_date"))
    return connection.execute(sa.select(*columns)).all()


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
