"""What the cell reader does not tell about an xlsx sheet, searched in its XML: far cells, faults, formats, hidden rows.

Searching beats parsing here: 100,000 rows of 20 columns take a fraction of a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from etl.readers.limits import MAX_CELLS, far_cell

_ADDRESS = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
_COLUMNS = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})\d""")
_ROWS = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br=["'](\d{1,9})["']""")
_ERROR = re.compile(rb"""<(?:\w+:)?c\s([^>]*?\bt=["']e["'][^>]*)>(.{0,20000}?)</(?:\w+:)?c>""", re.DOTALL)
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_FIRST_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])([^>]*)")
_ROW_OR_CELL = re.compile(rb"<((?:\w+:)?)(row|c)(?=[\s/>])([^>]*)")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_UNCALCULATED = re.compile(
    rb"""<(?:\w+:)?c\b((?:(?!\bt=["']str["'])[^>])*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s([^>]*\bhidden=["'](?:1|true)["'][^>]*)>""")
_HIDDEN_COLUMN = re.compile(rb"""<(?:\w+:)?col\s([^>]*\bhidden=["'](?:1|true)["'][^>]*)>""")
_DIGITS, _MOST_LETTERS = 9, 3  # of an address that is read
_SIGNS_AT_ONCE = 1 << 18  # what a processor keeps at hand
_NUMBER_ATTRIBUTE = rb"""\b%s=["'](\d{1,9})["']"""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Places are 0-based (row, col); hidden rows and columns are inclusive 0-based spans."""

    errors: dict[Place, str] = field(default_factory=dict)
    uncalculated: tuple[Place, ...] = ()
    percents: frozenset[Place] = frozenset()
    hidden_rows: tuple[tuple[int, int], ...] = ()
    hidden_columns: tuple[tuple[int, int], ...] = ()


def within_reach(xml: bytes, sheet: str, rows: int = 0, columns: int = 0) -> bytes:
    """The XML with an address at every cell. Raises Refused for a cell so far out that the table would not fit into
    memory. So many rows and columns are in use beside those that the XML names."""
    first = _FIRST_CELL.search(xml)
    if first and not _ADDRESS.search(b" " + first[1]):
        xml = _addressed(xml)
    if may_reach_far(xml, rows, columns):
        refuse_far_cells(xml, sheet, rows, columns)
    return xml


def sheet_facts(xml: bytes, percent_styles: Iterable[int]) -> SheetFacts:
    """Everything else about XML that is within reach."""
    # a plain search first: most sheets hold none of these, and the patterns cost ten times as much
    errors = _ERROR.finditer(xml) if b't="e"' in xml or b"t='e'" in xml else ()
    formulas = _UNCALCULATED.finditer(xml) if b"<f" in xml or b":f" in xml else ()
    hidden = b"hidden=" in xml
    return SheetFacts(
        {_place(xml, match): _error_text(match[2]) for match in errors},
        tuple(_place(xml, match) for match in formulas),
        frozenset(_percent_cells(xml, percent_styles)),
        tuple(_hidden_rows(xml)) if hidden else (),
        tuple(_hidden_columns(xml)) if hidden else (),
    )


def _addressed(xml: bytes) -> bytes:
    """The XML of a sheet whose program left the addresses out, with rows and cells numbered as they follow."""
    row = col = 0

    def number(match: re.Match[bytes]) -> bytes:
        nonlocal row, col
        if match[2] == b"row":
            row, col = row + 1, 0
            return match[0] if b" r=" in match[3] else b'<%srow r="%d"%s' % (match[1], row, match[3])
        col += 1
        return match[0] if b" r=" in match[3] else b'<%sc r="%s%d"%s' % (match[1], _letters(col), row, match[3])

    return _ROW_OR_CELL.sub(number, xml)


def _letters(number: int) -> bytes:
    letters = b""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = bytes([65 + rest]) + letters
    return letters


def _hidden_rows(xml: bytes) -> Iterator[tuple[int, int]]:
    return _spans(_attribute(match[1], b"r") - 1 for match in _HIDDEN_ROW.finditer(xml))


def _hidden_columns(xml: bytes) -> Iterator[tuple[int, int]]:
    for match in _HIDDEN_COLUMN.finditer(xml):
        yield _attribute(match[1], b"min") - 1, _attribute(match[1], b"max") - 1


def may_reach_far(xml: bytes, height: int = 0, width: int = 0) -> bool:
    """Whether some row and some column of a sheet may lie too far out, after a quick look at what stands in every
    attribute r: the number of a row or the letters and the number of a cell. False is sure. `height` and `width` are in
    use beside those."""
    signs = np.frombuffer(xml, np.uint8)
    at = np.concatenate([_attributes_r(signs, start) for start in range(0, max(1, len(signs)), _SIGNS_AT_ONCE)])
    if not len(at) or at[-1] + _DIGITS >= len(signs):
        return True
    letters, rows = _letters_at(signs, at), at[_is_digit(signs[at])]
    if not letters.any() or not len(rows):
        return True
    return max(_number_at(signs, rows), height) * max(int(letters.max()), width) > MAX_CELLS


def _attributes_r(signs: npt.NDArray[np.uint8], start: int) -> npt.NDArray[np.int64]:
    """Where the value of an attribute r begins whose name stands among the signs from a place on."""
    some, after = signs[start : start + _SIGNS_AT_ONCE], signs[start + 1 : start + 1 + _SIGNS_AT_ONCE]
    found: npt.NDArray[np.int64] = np.flatnonzero((some[: len(after)] == ord("r")) & (after == ord("=")))
    return found + (start + len('r="'))


def _letters_at(signs: npt.NDArray[np.uint8], at: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The columns that the letters at these places name, 0 where none stand."""
    found = np.zeros(len(at), np.int64)
    here = np.arange(len(at))
    for _ in range(_MOST_LETTERS):
        letter = signs[at[here]].astype(np.int64) - ord("A") + 1
        some = (letter >= 1) & (letter <= 26)
        here = here[some]
        found[here] = found[here] * 26 + letter[some]
        at = at + 1
    return found


def _number_at(signs: npt.NDArray[np.uint8], at: npt.NDArray[np.int64]) -> int:
    """The largest number that stands at one of these places."""
    found, going = np.zeros(len(at), np.int64), np.ones(len(at), bool)
    for step in range(_DIGITS):
        sign = signs[at + step]
        going &= _is_digit(sign)
        found = np.where(going, found * 10 + (sign - ord("0")), found)
    return int(found.max())


def _is_digit(signs: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    return (signs >= ord("0")) & (signs <= ord("9"))


def refuse_far_cells(xml: bytes, sheet: str, height: int = 0, width: int = 0) -> None:
    """The rectangle from A1 to the last used row and column must stay within the limit."""
    rows = max((int(number) for number in _ROWS.findall(xml)), default=0)
    rows = max(rows, height)
    known = {*_COLUMNS.findall(xml), *([_letters(width)] if width else [])}
    letters = max(known, key=lambda text: (len(text), text), default=b"A")
    if rows * column_number(letters) > MAX_CELLS:
        raise far_cell(sheet, f"{letters.decode()}{rows}")


def column_number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _percent_cells(xml: bytes, styles: Iterable[int]) -> Iterator[Place]:
    marks = [mark % style for style in styles for mark in (b's="%d"', b"s='%d'")]
    used = [mark for mark in marks if mark in xml]
    if used:  # the mark is searched and not the cell around it: there are many more cells
        for mark in re.finditer(b"|".join(used), xml):
            start, end = xml.rfind(b"<", 0, mark.start()), xml.find(b">", mark.end())
            match = _CELL.match(xml, start, end + 1) if xml[mark.start() - 1 : mark.start()].isspace() else None
            if match and not match[1].endswith(b"/"):  # a formatted cell without content
                yield _place(xml, match)


def _place(xml: bytes, match: re.Match[bytes]) -> Place:
    address = _ADDRESS.search(b" " + match[1])
    if address:
        return int(address[2]) - 1, column_number(address[1]) - 1
    before = xml[: match.start()]  # cells without an address follow one another
    row_start = max(before.rfind(b"<row"), before.rfind(b":row"))
    return max(0, len(re.findall(rb"<(?:\w+:)?row\b", before)) - 1), len(
        re.findall(rb"<(?:\w+:)?c\b", before[row_start:])
    )


def _error_text(inside: bytes) -> str:
    value = _VALUE.search(inside)
    return value[1].decode("utf-8", "replace").strip() if value and value[1].strip() else "#ERROR!"


def _attribute(attributes: bytes, name: bytes) -> int:
    found = re.search(_NUMBER_ATTRIBUTE % name, attributes)
    return max(1, int(found[1])) if found else 1


def _spans(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for number in numbers:
        if first is None or last is None or number != last + 1:
            if first is not None and last is not None:
                yield first, last
            first = number
        last = number
    if first is not None and last is not None:
        yield first, last
