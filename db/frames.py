"""Rows to frames with the same columns and types whether or not anything was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import sqlalchemy as sa

INT, NULLABLE_INT, FLOAT, DATE, BOOL, OBJECT = (
    "int64", "Int64", "float64", "datetime64[us]", "bool", "object",
)  # fmt: skip
TEXT: Literal["str"] = "str"
Columns = Mapping[str, str]
CHUNK = 20_000  # ids in one IN list


def frame(rows: Iterable[Sequence[Any]], columns: Columns) -> pd.DataFrame:
    """A frame of rows whose values stand in the order of `columns` (name to dtype)."""
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    series = {
        name: pd.Series(list(column), dtype=dtype)
        for (name, dtype), column in zip(columns.items(), values, strict=True)
    }
    return pd.DataFrame(series)


def fetch(connection: sa.Connection, query: sa.Select[Any], columns: Columns) -> pd.DataFrame:
    """The frame of a query that selects the columns in their order."""
    return frame(connection.execute(query).all(), columns)


def chunks(ids: Iterable[int]) -> list[list[int]]:
    """The ids without repeats, in lists that every database accepts."""
    wanted = sorted({int(number) for number in ids})
    return [wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK)]
