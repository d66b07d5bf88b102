"""Labels that no rule understood, as the second reader (`learned`) understands them: guesses, which a person can change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from etl.linear import NONE
from etl.sheets import words
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.fractions import PAIRS
from etl.sheets.groups import of_entrants, take_dims
from etl.sheets.label_parts import key_of, plain_part
from etl.sheets.labels import Label
from etl.sheets.learned import AHEAD, PART, RATE_SIGNS, SURE, reading
from etl.sheets.morphology import is_of_others
from etl.sheets.vocabulary import Vocabulary

_CONFIDENCE = 0.7  # below that of every rule: the page asks to have a look
_BARE = frozenset(("人数", "数", "数量", "例数", "个数", "计", "小计", "合计", "总数", "人", ""))
_PARTS_OF_RATES = frozenset(name for pairs in PAIRS.values() for pair in pairs for name in pair)
_PARTS_OF_THINGS = ("samples", "rooms", "attendance")  # what else is counted than persons, schools and canteens
_OF_THE_OTHER_SCHOOL = re.compile(
    r"(?:转入|转出|接收|对方|原)(?:学校|单位)"
)  # 转入学校确认人数, of a row of the school they left
_SOME_ONLY = re.compile(r"普惠")  # some of the private kindergartens, which no count is kept of
_HIGHEST_RATE = Decimal(150)


def guessed(
    label: Label, path: Sequence[str], values: Iterable[object], vocabulary: Vocabulary, unit: str = ""
) -> Label:
    """The label as the second reader understands it, or the same one where it is understood already, is left out on
    purpose, is a unit's name or sum, or where what it seems to be does not fit the values."""
    path = [part for part in path if compact(part)]
    if not may_be_guessed(label, path):
        return label
    unit = label.unit or unit
    if len(path) > 1 and key_of(words.split_unit(path[-1])[0]) in _BARE:
        path = path[:-1]  # 人数 under 超重 is of those, whoever they are
    code, ahead = reading(path, unit, vocabulary)
    part = code.removeprefix(PART) if code.startswith(PART) else None
    least = SURE if code == label.indicator else AHEAD  # what stays of the label may turn it into something else
    if code == NONE or ahead < least or not (part or code in vocabulary.units):
        return label
    if part and part not in _PARTS_OF_RATES:
        return label  # what only checks use is not worth a false alarm
    if part and unit in words.OTHER_UNITS and not part.startswith(_PARTS_OF_THINGS):
        return label
    if not part and not _fits(vocabulary.units[code], unit, values):
        return label
    if not part and _SOME_ONLY.search(label.rest) and vocabulary.units[code] in words.COUNTED:
        return label
    return as_read(label, path, code, vocabulary)


def may_be_guessed(label: Label, path: Sequence[str]) -> bool:
    """Whether a label is one that no rule understood: neither left out on purpose, nor a unit's name or a sum, nor of others."""
    path = [part for part in path if compact(part)]
    if not label.rest or label.ignored or not path:
        return False
    if words.is_total(path[-1]) or words.looks_like_unit(compact(path[-1])):
        return False
    return not any(is_of_others(outer) for outer in path[:-1]) and not _OF_THE_OTHER_SCHOOL.search(path[-1])


def as_read(label: Label, path: Sequence[str], code: str, vocabulary: Vocabulary) -> Label:
    """The label as one of an indicator or, with `PART` before the code, of a quantity, with the groups that its path names."""
    part = code.removeprefix(PART) if code.startswith(PART) else None
    text = "".join(key_of(plain_part(words.strip_numbering(one))) for one in path if compact(one))
    dims = {**take_dims(text, vocabulary)[0], **label.dims}
    if not part:
        dims = of_entrants(dims, {}, text, vocabulary.dims[code])
        if dims.get("level") not in (None, *vocabulary.levels[code]):
            dims.pop("level")  # those of primary school who have been to 幼儿园
    return replace(label, indicator=None if part else code, part=part, dims=dims, rest="", confidence=_CONFIDENCE)


def _fits(code_unit: str, unit: str, values: Iterable[object]) -> bool:
    """Whether numbers printed in a unit can be of an indicator's."""
    if code_unit in words.COUNTED and unit in words.OTHER_UNITS:
        return False  # 合格数(件) is of no schools
    if code_unit == "percent":
        if unit and unit not in RATE_SIGNS:
            return False
    elif unit in RATE_SIGNS:
        return False
    cells = [cell for value in values if (cell := read_cell(value)).kind is Kind.NUMBER and cell.number is not None]
    numbers = [cell.number for cell in cells if cell.number is not None]
    if not numbers:
        return False
    if code_unit == "percent":
        return max(numbers) <= _HIGHEST_RATE
    if code_unit not in words.COUNTED:
        return True
    return not any(cell.percent for cell in cells) and all(n == n.to_integral_value() or "万" in unit for n in numbers)
