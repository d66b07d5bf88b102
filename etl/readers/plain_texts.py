"""The plain texts of a large xlsx sheet, read from its XML all at once, by the column; the rest is left to the cell reader
(see plain_numbers). tests/etl/readers/test_plain_texts.py holds both ways against each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from db.cell_columns import CellColumn
from etl.readers.sheet_xml import column_number

Ints = npt.NDArray[np.int64]

# The cell reader takes white space off both ends, and turns a return into a new line: texts with either are left to it.
_TEXT = rb"[^<&\s](?:[^<&\r]*[^<&\s])?"
_ADDRESS = rb'<c r="([A-Z]{1,3})([0-9]{1,7})"%s'
_INLINE = _ADDRESS + rb' t="inlineStr"><is><t>(' + _TEXT + rb")</t></is></c>"
_SHARED = rb"(" + _ADDRESS + rb' t="s"><v>([0-9]{1,7})</v></c>)'
_ITEM = re.compile(rb"<si>(?:<t>(" + _TEXT + rb")</t></si>)?")
_UNUSUAL_ITEMS = (b"<si ", b"<si/", b":si", b"<!--", b"<![CDATA[")
_ESCAPED = b"_x"  # a sign by its number, such as _x000D_


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts by column (0-based) with the rows in which they stand, which rise; no place twice."""

    columns: Mapping[int, tuple[Ints, Sequence[str]]]
    height: int
    width: int

    def with_column(self, col: int, column: CellColumn) -> CellColumn:
        """A column with the texts that stand where it is blank."""
        if col not in self.columns:
            return column
        rows, texts = self.columns[col]
        values, codes = list(column.values), np.full(column.height, -1, np.int32)
        if column.codes is not None:
            codes[:] = column.codes
        known = {value: n for n, value in enumerate(values) if type(value) is str}
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(fresh, range(len(values), len(values) + len(fresh)), strict=True))
        codes[rows] = np.fromiter(map(known.__getitem__, texts), np.int32, len(texts))
        values += fresh
        if column.codes is not None:
            codes, values = _in_order(codes, values)
        return CellColumn(column.height, column.numbers, codes, tuple(values))


def _in_order(codes: npt.NDArray[np.int32], values: Sequence[object]) -> tuple[npt.NDArray[np.int32], list[object]]:
    """Codes and values anew, the values in the order of their first places."""
    told = np.flatnonzero(codes >= 0)[::-1]
    first = np.zeros(len(values), np.int64)
    first[codes[told]] = told  # of a code's places the last one assigned stays
    order = np.argsort(first, kind="stable")
    place = np.empty(len(values) + 1, np.int32)
    place[order], place[-1] = np.arange(len(values)), -1
    return place[codes], [values[n] for n in order.tolist()]


def shared_texts(xml: bytes) -> list[str | None]:
    """The items of the table of shared texts by number, None for one that is not plain; [] where it is written in an unusual
    way."""
    if any(sign in xml for sign in _UNUSUAL_ITEMS):
        return []
    items = _ITEM.findall(xml)
    try:
        return [item.decode() if item and _ESCAPED not in item else None for item in items]
    except UnicodeDecodeError:
        return []


def texts_taken_out(xml: bytes, styles: Iterable[int], shared: Sequence[str | None]) -> tuple[Texts | None, bytes]:
    """(the texts that stand in a sheet without a format, or with one of some styles, and the XML without their cells). No
    place may be given twice in the XML, and none may lie outside a sheet."""
    known = b"|".join(b"%d" % number for number in styles)
    style = rb'(?: s="(?:%s)")?' % known if known else b""
    inline, xml = _inline(xml, style)
    by_number, xml = _by_number(xml, style, shared)
    cells = _Cells(inline.letters + by_number.letters, inline.rows + by_number.rows, inline.texts + by_number.texts)
    return (_by_column(cells) if cells.texts else None), xml


class _Cells(NamedTuple):
    letters: list[bytes]
    rows: list[bytes]  # counted from 1
    texts: list[str]


_NONE = _Cells([], [], [])


def _inline(xml: bytes, style: bytes) -> tuple[_Cells, bytes]:
    """The texts that stand in their cells."""
    if b't="inlineStr"' not in xml:
        return _NONE, xml
    parts = re.split(_INLINE % style, xml)
    between, letters, rows, texts = (parts[n::4] for n in range(4))
    joined = b"\0".join(texts)  # no XML holds this sign
    if not texts or _ESCAPED in joined or b"\0" in xml:
        return _NONE, xml
    try:
        return _Cells(letters, rows, joined.decode().split("\0")), b"".join(between)
    except UnicodeDecodeError:
        return _NONE, xml


def _by_number(xml: bytes, style: bytes, shared: Sequence[str | None]) -> tuple[_Cells, bytes]:
    """The texts that cells name by their number in the table of shared texts; a cell of one that is not plain stays."""
    if not shared:
        return _NONE, xml
    parts = re.split(_SHARED % style, xml)
    between, whole, letters, rows, numbers = (parts[n::5] for n in range(5))
    last = len(shared)
    texts = [shared[n] if n < last else None for n in map(int, numbers)]
    plain = [text is not None for text in texts]
    left = (b"" if here else cell for here, cell in zip(plain, whole, strict=True))
    rest = b"".join(chain.from_iterable(zip(between, chain(left, (b"",)), strict=True)))
    told = [text for text in texts if text is not None]
    return _Cells(list(compress(letters, plain)), list(compress(rows, plain)), told), rest


def _by_column(cells: _Cells) -> Texts:
    columns = {name: column_number(name) - 1 for name in set(cells.letters)}
    cols = np.fromiter(map(columns.__getitem__, cells.letters), np.int64, len(cells.texts))
    rows = np.fromiter(map(int, cells.rows), np.int64, len(cells.texts)) - 1
    found: dict[int, tuple[Ints, Sequence[str]]] = {}
    for col in columns.values():
        own = np.flatnonzero(cols == col)
        own = own[np.argsort(rows[own], kind="stable")]
        found[col] = rows[own], [cells.texts[n] for n in own.tolist()]
    return Texts(found, int(rows.max()) + 1, max(columns.values()) + 1)
