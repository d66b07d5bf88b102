"""A rate and the two counts that it is made of, where no rule knows all three: that one is the quotient of the others in every
line says what they are to each other, and what their labels may be at all says which rate of the catalogue it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

import numpy as np
import numpy.typing as npt

from db.catalogue import Indicator
from etl.linear import NONE
from etl.sheets.cells import CellValue, Kind
from etl.sheets.fractions import pairs_of
from etl.sheets.guesses import as_read, may_be_guessed
from etl.sheets.labels import Label
from etl.sheets.learned import PART, kind_of, scores
from etl.sheets.morphology import is_of_others
from etl.sheets.vocabulary import Vocabulary

_NEAR = 5  # counts before a rate that may be its parts
_TRIED = 40  # lines that are tried
_LEAST = 2  # lines in which the quotient says something; one of them, where three or more agree
_FAR = 1.0  # how much less likely than the likeliest the three readings together may be
_FAR_ALONE = 3.0  # the same of one label, where rules understood the other two
_AHEAD = 0.3  # by how much they must be likelier than those of any other rate, and than nothing
_HIGHEST = Decimal(150)
_HUNDRED = Decimal(100)
_Key = tuple[int, int, int]  # numerator, denominator and rate, as places among the lines


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in one column, or in one row: its label with the headings over it, its unit and its cells by place."""

    label: Label
    path: Sequence[str]
    unit: str
    cells: Mapping[int, CellValue]

    @property
    def understood(self) -> bool:
        """Whether rules told all of its label."""
        return self.label.known and not self.label.rest


def threes(lines: Sequence[Line], vocabulary: Vocabulary) -> dict[int, Label]:
    """The labels of lines that no rule understood, by their place, where three lines are a rate and its counts."""
    if all(line.understood or not line.cells for line in lines):
        return {}
    rates = [one for one in vocabulary.catalogue.indicators if one.unit == "percent" and pairs_of(one)]
    likely: dict[int, Mapping[str, float]] = {}
    found: dict[int, Label] = {}
    for key in _quotients(lines):
        unknown = [at for at in key if not lines[at].understood and at not in found]
        if not unknown or not all(_may_be_told(lines[at]) for at in unknown):
            continue
        for at in unknown:
            likely.setdefault(at, _likelihoods(lines[at], vocabulary))
        labels = [found.get(at, lines[at].label) for at in key]
        codes = _readings(key, labels, [at in unknown for at in key], likely, rates)
        if codes is not None:
            for at, code in zip(key, codes, strict=True):
                if at in unknown:
                    found[at] = as_read(lines[at].label, lines[at].path, code, vocabulary)
    return found


def _may_be_told(line: Line) -> bool:
    return may_be_guessed(line.label, line.path) and not any(is_of_others(part) for part in line.path)


def _quotients(lines: Sequence[Line]) -> Iterator[_Key]:
    """The places of a numerator, a denominator and their rate; the nearest counts first."""
    counts = [at for at, line in enumerate(lines) if _is_count(line)]
    for rate, line in enumerate(lines):
        if not _is_rate(line):
            continue
        near = [at for at in counts if at < rate][-_NEAR:][::-1]
        for num, den in permutations(near, 2):
            if _holds(lines[num].cells, lines[den].cells, line.cells):
                yield num, den, rate
                break


def _numbers(line: Line) -> list[CellValue]:
    return [cell for cell in line.cells.values() if cell.kind is Kind.NUMBER and cell.number is not None]


def _is_count(line: Line) -> bool:
    cells = _numbers(line)
    whole = all(not cell.percent and cell.number == int(cell.number or 0) for cell in cells)
    return bool(cells) and whole and kind_of(line.path, line.unit) != "rate"


def _is_rate(line: Line) -> bool:
    """Whether the numbers may be rates: small ones, of which some are no whole numbers where the label does not say a rate."""
    cells, kind = _numbers(line), kind_of(line.path, line.unit)
    if not cells or kind == "count" or any((cell.number or 0) > _HIGHEST for cell in cells):
        return False
    return kind == "rate" or any(cell.percent or cell.number != int(cell.number or 0) for cell in cells)


def _holds(nums: Mapping[int, CellValue], dens: Mapping[int, CellValue], rates: Mapping[int, CellValue]) -> bool:
    """Whether the rate is the quotient in every line, and in enough of them of more than nothing and less than all."""
    agreed = telling = 0
    decimals = _decimals(rates.values())
    for place in list(rates)[:_TRIED]:
        num, den = (side[place].number if place in side else None for side in (nums, dens))
        if rates[place].number is None or num is None or not den:
            continue
        if not _is_quotient(rates[place], num, den, decimals):
            return False
        agreed += 1
        telling += num not in (0, den)
    return telling >= _LEAST or (telling > 0 and agreed > _LEAST)


def _decimals(cells: Iterable[CellValue]) -> dict[bool, int]:
    """The digits that a column prints, of fractions of one and of percentages."""
    found = {True: 0, False: 0}
    for cell in cells:
        if cell.number is not None:
            exponent = cell.number.as_tuple().exponent
            small = _is_small(cell, cell.number)
            found[small] = max(found[small], -exponent if isinstance(exponent, int) else 0)
    return found


def _is_small(cell: CellValue, value: Decimal) -> bool:
    return value <= 2 and not cell.percent


def _is_quotient(rate: CellValue, num: Decimal, den: Decimal, decimals: Mapping[bool, int]) -> bool:
    """To the digits that its column prints, as percent or as a fraction of one."""
    value, computed = rate.number or Decimal(0), num / den
    if _is_small(rate, value) and abs(value - computed) <= Decimal("1.0001").scaleb(-max(decimals[True], 2)):
        return True
    slack = Decimal("1.0001").scaleb(-decimals[False]) if decimals[False] else Decimal("0.51")
    return abs(value - _HUNDRED * computed) <= slack


def _likelihoods(line: Line, vocabulary: Vocabulary) -> Mapping[str, float]:
    """By how much less likely each reading of a label is than its likeliest (0 for that)."""
    classes, values = scores(line.path, line.unit, vocabulary)
    best: npt.NDArray[np.float64] = values - values.max()
    return dict(zip(classes, best.tolist(), strict=True))


def _readings(
    key: _Key, labels: Sequence[Label], unknown: Sequence[bool], likely: Mapping[int, Mapping[str, float]],
    rates: Sequence[Indicator],
) -> tuple[str, str, str] | None:  # fmt: skip
    """The codes of numerator, denominator and rate that are likely together and clearly likelier than any others."""
    ranked: dict[str, tuple[float, tuple[str, str, str]]] = {}
    for rate in rates:
        for num, den in pairs_of(rate):
            total, codes = 0.0, []
            for at, code, label, open_ in zip(key, (num, den, rate.code), labels, unknown, strict=True):
                if not open_:
                    total += 0.0 if code in (label.indicator, label.part) else -np.inf
                    codes.append(code)
                    continue
                name = code if code in likely[at] else PART + code
                total += likely[at].get(name, -np.inf)
                codes.append(name)
            if total > ranked.get(rate.code, (-np.inf,))[0]:
                ranked[rate.code] = total, (codes[0], codes[1], codes[2])
    order = sorted(ranked.values(), reverse=True)
    nothing = sum(likely[at].get(NONE, -np.inf) for at, open_ in zip(key, unknown, strict=True) if open_)
    alone = sum(unknown) == 1  # the other two say what the third must be
    others = max([-np.inf if alone else nothing, *(total for total, _ in order[1:])])
    if not order or order[0][0] < (-_FAR_ALONE if alone else -_FAR) or order[0][0] - others < _AHEAD:
        return None
    return order[0][1]
