"""Columns of many rows as PostgreSQL's binary COPY takes them, put together with numpy: no row is touched by itself.

Every row is its number of fields and, for each field, the number of its bytes (-1: NULL) and these, all big-endian
(https://www.postgresql.org/docs/15/sql-copy.html, "Binary Format").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

Bytes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
AT_ONCE = 4_000  # rows in one piece: what the processor keeps at hand
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_EPOCH = datetime(2000, 1, 1)
_MICROSECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Words:
    """A column of texts: `codes` count `texts` from 0, each of which stands there once."""

    codes: npt.NDArray[np.int64]
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of whole numbers of which those not `there` are NULL."""

    values: npt.NDArray[np.int64]
    there: Bools


# An array of whole numbers or of floats (NaN: NULL), or one value of all rows.
Column = npt.NDArray[Any] | Words | Numbers | str | int | float | datetime | None


def columns_as_copy(table: sa.Table, columns: Mapping[str, Column], rows: int) -> Iterator[bytes]:
    """What COPY … FROM STDIN (FORMAT BINARY) reads, in pieces."""
    fields = [_field(table.c[name].type, column) for name, column in columns.items()]
    yield _HEADER
    for start in range(0, rows, AT_ONCE):
        yield _piece(fields, start, min(start + AT_ONCE, rows))
    yield _TRAILER


@dataclass(frozen=True, slots=True)
class _Field:
    """The bytes of a column: one row for all or one for each, `places` where rows share them. `length` is that of each of
    `data`, -1 for NULL; None where all have the whole width."""

    data: Bytes
    places: npt.NDArray[np.int64] | None = None
    length: npt.NDArray[np.int32] | None = None

    @property
    def width(self) -> int:
        return int(self.data.shape[1])

    def part(self, start: int, end: int) -> tuple[Bytes, npt.NDArray[np.int32] | None]:
        """(bytes, lengths) of some rows."""
        which: Any = slice(start, end) if self.places is None else self.places[start:end]
        if len(self.data) == 1 and self.places is None:
            which = slice(0, 1)
        return self.data[which], None if self.length is None else self.length[which]


def _piece(fields: Sequence[_Field], start: int, end: int) -> bytes:
    rows = end - start
    width = 2 + sum(4 + field.width for field in fields)
    found = np.empty((rows, width), np.uint8)
    found[:, :2] = np.frombuffer(len(fields).to_bytes(2, "big"), np.uint8)
    used: Bools | None = None
    at = 2
    for field in fields:
        data, length = field.part(start, end)
        here = slice(at + 4, at + 4 + field.width)
        found[:, here] = data
        if length is None:
            found[:, at : at + 4] = np.frombuffer(field.width.to_bytes(4, "big"), np.uint8)
        else:
            found[:, at : at + 4] = length.astype(">i4").reshape(-1, 1).view(np.uint8)
            if used is None:
                used = np.ones((rows, width), np.bool_)
            used[:, here] = np.arange(field.width) < length[:, None]
        at += 4 + field.width
    return found.tobytes() if used is None else found[used].tobytes()


def _field(kind: Any, column: Column) -> _Field:
    if isinstance(column, Words):
        return _texts(kind, column.texts, column.codes)
    if isinstance(column, Numbers):
        return _Field(_packed(column.values, _format(kind)), length=_lengths(column.there, _format(kind)))
    if isinstance(column, np.ndarray):
        data = _packed(column, _format(kind))
        if column.dtype.kind != "f" or not np.isnan(column).any():
            return _Field(data)
        return _Field(data, length=_lengths(~np.isnan(column), _format(kind)))
    if column is None:
        return _Field(np.zeros((1, 0), np.uint8), length=np.array([-1], np.int32))
    if isinstance(column, str):
        return _texts(kind, [column], None)
    if isinstance(column, datetime):
        span = column - _EPOCH
        column = (span.days * 86_400 + span.seconds) * _MICROSECOND + span.microseconds
    return _Field(_packed(np.array([column]), _format(kind)))


def _format(kind: Any) -> str:
    """The numpy type of a column's binary form on PostgreSQL."""
    if isinstance(kind, sa.Float):
        return ">f8"
    if isinstance(kind, sa.SmallInteger):
        return ">i2"
    return ">i8" if isinstance(kind, (sa.BigInteger, sa.DateTime)) else ">i4"


def _packed(values: npt.NDArray[Any], form: str) -> Bytes:
    found: Bytes = np.ascontiguousarray(values.astype(form)).reshape(-1, 1).view(np.uint8)
    return found


def _lengths(there: Bools, form: str) -> npt.NDArray[np.int32]:
    return np.where(there, np.dtype(form).itemsize, -1).astype(np.int32)


def _texts(kind: Any, texts: Sequence[str], codes: npt.NDArray[np.int64] | None) -> _Field:
    most = getattr(kind, "length", None)  # of the column, in characters
    encoded = [text[:most].encode() for text in texts]
    width = max(map(len, encoded), default=0)
    padded = b"".join(text.ljust(width, b"\0") for text in encoded)
    data = np.frombuffer(padded, np.uint8).reshape(len(encoded), width)
    length = np.fromiter(map(len, encoded), np.int32, len(encoded))
    return _Field(data, codes, None if (length == width).all() else length)
