"""The plain numbers of a large xlsx sheet, read from its XML all at once; what they leave behind is a much smaller sheet
for the cell reader, which takes each cell by itself. tests/etl/readers/test_plain_numbers.py holds both ways against each
other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from etl.readers.limits import MAX_CELLS

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]  # eight signs each, the first the lowest
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

FROM_BYTES = 1 << 20  # of a sheet's XML: below it there is little to gain
_SIGNS_AT_ONCE, _CELLS_AT_ONCE = 1 << 18, 1 << 14  # what a processor keeps at hand
_MOST_LETTERS = 3
_MOST_DIGITS = 7  # of a number that is read here, before and behind the point
_LAST_ROW, _LAST_COLUMN = 1 << 20, 1 << 14
_MARGIN = 96  # signs before the end of the XML in which no cell may begin, so that nothing is sought beyond
_ELSEWHERE = (b"!--", b"![CDATA[", b":c")  # what stands in them is no cell; a cell with a prefix is not found
_BEGIN, _STYLE, _VALUE, _END = b'c r="', b' s="', b"><v>", b"</v></c>"


@dataclass(frozen=True, slots=True)
class Numbers:
    """Finite numbers and where they stand, 0-based; no place twice."""

    rows: Ints
    cols: Ints
    values: Floats
    height: int
    width: int

    def by_column(self, height: int) -> Iterator[tuple[int, Floats]]:
        """Each column that has numbers, with NaN where none stands."""
        order = np.argsort(self.cols.astype(np.uint16), kind="stable")  # so few kinds are sorted in one pass
        cols, rows, values = self.cols[order], self.rows[order], self.values[order]
        first = np.flatnonzero(np.diff(cols, prepend=-1))
        for start, end in zip(first.tolist(), [*first[1:].tolist(), len(cols)], strict=True):
            found = np.full(height, np.nan)
            found[rows[start:end]] = values[start:end]
            yield int(cols[start]), found


def taken_out(xml: bytes, styles: Iterable[int]) -> tuple[Numbers, bytes] | None:
    """(the numbers that stand in a sheet without a format, or with one of some styles, and the XML without their cells);
    None where the sheet is small or written in an unusual way."""
    if len(xml) < FROM_BYTES:
        return None
    starts = _cells(xml)
    if not 0 < len(starts) <= MAX_CELLS or starts[-1] + _MARGIN > len(xml):
        return None
    words, known = np.ndarray(len(xml) - 7, "<u8", xml, strides=(1,)), np.array(sorted(styles), np.int64)
    parts = [_Found(words, starts[n : n + _CELLS_AT_ONCE], known) for n in range(0, len(starts), _CELLS_AT_ONCE)]
    rows, cols, values, ends, plain = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("rows", "cols", "values", "at", "plain")
    )
    if not plain.any() or _repeated(rows, cols):
        return None
    rest = _without(xml, starts[plain], ends[plain])
    if any(sign in rest for sign in _ELSEWHERE):
        return None
    rows, cols = rows[plain] - 1, cols[plain] - 1
    return Numbers(rows, cols, values[plain], int(rows.max()) + 1, int(cols.max()) + 1), rest


def _repeated(rows: Ints, cols: Ints) -> bool:
    """Whether a place is given twice, or is not understood."""
    places = rows * (_LAST_COLUMN + 1) + cols
    rise = bool((np.diff(places) > 0).all())
    return bool((rows < 1).any()) or not (rise or len(np.unique(places)) == len(places))


class _Found:
    """Some cells while they are read, all at once. `at` is where the reading of each stands, in the end where the cell
    ends; `rows` and `cols` count from 1, 0 where no place is given; `plain` are those that hold a plain number."""

    def __init__(self, words: Words, starts: Ints, styles: Ints) -> None:
        self.words, self.at = words, starts + 1
        named = self._reads(_BEGIN)
        self.at = self.at + len(_BEGIN)
        self.cols = self._letters()
        rows, _ = self._digits()
        inside = named & (self.cols >= 1) & (self.cols <= _LAST_COLUMN) & (rows <= _LAST_ROW)
        self.rows = np.where(inside, rows, 0)
        self.plain: Bools = (self.rows > 0) & self._reads(b'"')
        self.at = self.at + 1
        self._pass_styles(styles)
        self._expect(_VALUE)
        self.values = self._numbers()
        self._expect(_END)

    def _reads(self, text: bytes) -> Bools:
        """Where a text of eight signs at most stands next."""
        mask = np.uint64((1 << 8 * len(text)) - 1)
        found: Bools = (self.words[self.at] & mask) == np.uint64(int.from_bytes(text, "little"))
        return found

    def _expect(self, text: bytes) -> None:
        self.plain &= self._reads(text)
        self.at = np.where(self.plain, self.at + len(text), self.at)

    def _letters(self) -> Ints:
        found = np.zeros(len(self.at), np.int64)
        signs, going = self.words[self.at], np.ones(len(self.at), bool)
        for n in range(_MOST_LETTERS):
            sign = ((signs >> np.uint64(8 * n)) & np.uint64(0xFF)).astype(np.int64) - (ord("A") - 1)
            going &= (sign >= 1) & (sign <= 26)
            found = np.where(going, found * 26 + sign, found)
            self.at = self.at + going
        return found

    def _digits(self) -> tuple[Ints, Ints]:
        """The whole numbers that stand next, with how many digits; 0 where there are none or too many."""
        found, count = _number_in(self.words[self.at])
        fits = count <= _MOST_DIGITS
        found, count = np.where(fits, found, 0), np.where(fits, count, 0)
        self.at = self.at + count
        return found, count

    def _pass_styles(self, styles: Ints) -> None:
        styled = self._reads(_STYLE)
        if not styled.any():
            return
        self.at = np.where(styled, self.at + len(_STYLE), self.at)
        numbers, count = self._digits()
        known = np.isin(numbers, styles) & (count > 0) & self._reads(b'"')
        self.at = np.where(styled, self.at + 1, self.at - count)
        self.plain &= known | ~styled

    def _numbers(self) -> Floats:
        """The numbers that stand next: a sign, digits, a point and more digits. The digits and the power of ten are floats
        without error, so that their quotient is the float nearest to the number."""
        minus = self._reads(b"-")
        self.at = self.at + minus
        whole, count = self._digits()
        self.plain &= count > 0
        found = whole.astype(np.float64)
        pointed = self._reads(b".")
        if pointed.any():
            self.at = self.at + pointed
            behind, more = self._digits()
            self.plain &= (more > 0) == pointed
            power = 10 ** np.where(pointed, more, 0)
            found = np.where(pointed, (whole * power + behind) / power.astype(np.float64), found)
        return np.where(minus, -found, found)


_ZEROS, _ONES = np.uint64(0x3030303030303030), np.uint64(0x0101010101010101)
_HIGH = np.uint64(0x8080808080808080)
_STEPS = ((10, 8, 0x00FF00FF00FF00FF), (100, 16, 0x0000FFFF0000FFFF), (10000, 32, 0x00000000FFFFFFFF))


def _number_in(words: Words) -> tuple[Ints, Ints]:
    """The number whose digits stand first among eight signs, and how many they are; all eight at once: neighbours are put
    together to numbers of two digits, those of four, those of eight."""
    signs = words ^ _ZEROS
    others = (signs + np.uint64(118) * _ONES | signs) & _HIGH  # the highest bit of a sign that is no digit
    lowest = others & (~others + np.uint64(1))
    count = np.bitwise_count(lowest - np.uint64(1)).astype(np.uint64) >> np.uint64(3)
    found = np.where(
        count > 0, signs << (np.uint64(8) * (np.uint64(8) - np.maximum(count, np.uint64(1)))), np.uint64(0)
    )
    for times, shift, mask in _STEPS:
        found = (found * np.uint64(times) + (found >> np.uint64(shift))) & np.uint64(mask)
    return found.astype(np.int64), count.astype(np.int64)


def _cells(xml: bytes) -> Ints:
    """Where the cells of a sheet begin, in whatever way their tags go on."""
    signs = np.frombuffer(xml, np.uint8)
    parts = []
    for start in range(0, len(signs), _SIGNS_AT_ONCE):
        some = signs[start : start + _SIGNS_AT_ONCE + 2]
        tag = (some[:-2] == ord("<")) & (some[1:-1] == ord("c")) & (some[2:] < ord("A"))
        parts.append(np.flatnonzero(tag) + start)
    return np.concatenate(parts)


def _without(xml: bytes, starts: Ints, ends: Ints) -> bytes:
    """The XML without some parts; those that follow one another are cut out at once."""
    apart = np.flatnonzero(starts[1:] != ends[:-1])
    first = [0, *ends[apart].tolist(), int(ends[-1])]
    last = [int(starts[0]), *starts[apart + 1].tolist(), len(xml)]
    return b"".join(map(xml.__getitem__, map(slice, first, last)))
