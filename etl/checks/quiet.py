"""Rows of a long table that no check has anything to say about, found by columns.

All rows with the same items and the same cells filled in are alike but for their numbers, so that one of them shows which
numbers a check would compare. A row is left out only where no check can find anything in it; every other row is looked at
by the evaluators themselves, so that nothing is said here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from db.catalogue import Indicator
from db.catalogue import rule_kinds as kinds
from etl.checks import classes, lines, totals, values
from etl.checks.findings import Asked
from etl.checks.points import Line, Point, belongs, points_of
from etl.checks.shapes import Floats, Shape, beside_another, shapes_of
from etl.normalise import Normalised
from etl.sheets.sequence import Made, parts_of
from etl.types import Extraction, Mention
from etl.woven import Bools, Ints, Quiet, kept_without, units_without

Check = Any  # of whatever kind
_HAIR = 1e-9
_LARGEST = 2.0**53  # whole numbers up to it are exact


def suspects(
    shape: Shape, asked: Sequence[Asked], indicators: dict[str, Indicator]
) -> tuple[Bools, list[tuple[Check, Bools, Ints]]]:
    """(the rows of a shape in which a check may find something; of each check that looks at few columns these rows apart,
    with its columns)."""
    found, few = shape.none(), []
    for one in asked:
        if type(one.check) in _SILENT:
            continue
        look = _LOOKS.get(type(one.check))
        if look is None:
            return shape.all(), []
        rows = look(shape, one.check, indicators)
        needed = _needed(shape, one.check, indicators) if rows.any() else None
        if needed is not None:
            few.append((one.check, rows, needed))
        else:
            found |= rows
    return found, [(check, rows & ~found, needed) for check, rows, needed in few]


def _needed(shape: Shape, check: Check, indicators: dict[str, Indicator]) -> Ints | None:
    """The columns of a shape that a check looks at where it looks at no more than a count, its base and their rate; None
    where these are not all observations that the model of their column makes."""
    if isinstance(check, kinds.QuotientCheck):
        names = {check.numerator, check.denominator, *classes.rates_of(check, indicators.values())}
    elif isinstance(check, kinds.ShareCheck):
        names = {check.part, check.whole, *check.or_of}
    else:
        return None
    points = [point for name in names for point in shape.line.get(name, ())]
    told = shape.known(*points) and all(point.name in indicators for point in points)
    return np.array([point.col for point in points], np.int64) if told else None


# What looks at tables, at rates alone, or at several periods: rates are always looked at, and files of several periods have
# no quiet rows.
_SILENT = frozenset((
    kinds.SupersededCheck, kinds.BalanceCheck, kinds.UniqueCheck, kinds.CodeCheck, kinds.BlankCheck, kinds.WordingCheck,
    kinds.DateCheck, kinds.UnfinishedCheck, kinds.LayoutCheck, kinds.FactorCheck, kinds.ChangeCheck, kinds.ConstantCheck,
    kinds.GapCheck, kinds.FractionCheck, kinds.RecomputedCheck, kinds.PossibleCheck, kinds.SmallBaseCheck, kinds.UniformCheck,
    kinds.CompleteCheck, kinds.StockSumCheck, kinds.ParentCheck, kinds.FlowsCheck, kinds.LargeClassesCheck,
))  # fmt: skip


def _more(one: Floats, other: Floats | float) -> Bools:
    """Where a number may be larger than another: for sure where both are whole, else up to a hair."""
    whole = (one == np.rint(one)) & (other == np.rint(other))
    found: Bools = (one > other) | (~whole & (one > other - _HAIR * np.maximum(1, np.abs(other))))
    return found


def _count(shape: Shape, check: kinds.CountCheck, indicators: dict[str, Indicator]) -> Bools:
    found = shape.none()
    for point in _each(shape):
        if point.unit in check.units and shape.known(point):
            numbers = shape.numbers(point)
            found |= (numbers < 0) | (numbers != np.rint(numbers))
    return found


def _bound(shape: Shape, check: kinds.BoundCheck, indicators: dict[str, Indicator]) -> Bools:
    found = shape.none()
    for point in _each(shape):
        indicator = indicators.get(point.name)
        if indicator is None or point.unit != indicator.unit or point.name in check.except_ or not shape.known(point):
            continue
        low, high = values.limits_of(check, indicator, point) or (None, None)
        numbers = shape.numbers(point)
        if low is not None:
            found |= _more(np.full(len(numbers), float(low)), numbers)
        if high is not None:
            found |= _more(numbers, float(high))
    return found


def _at_most(shape: Shape, check: kinds.AtMostCheck, indicators: dict[str, Indicator]) -> Bools:
    found = shape.none()
    for less, more in (
        *(both for pair in check.pairs for both in lines.pairs_in(shape.line, pair)),
        *lines.subdivisions_in(shape.line, check.subdivisions),
    ):
        if not shape.known(less, more):
            return shape.all()
        found |= _more(shape.numbers(less), shape.numbers(more))
    return found


def _parts(shape: Shape, check: kinds.PartsCheck, indicators: dict[str, Indicator]) -> Bools:
    found = shape.none()
    for wanted in check.sums:
        for whole, members in lines.sums_in(shape.line, wanted):
            if not shape.known(whole, *members):
                return shape.all()
            needed = [one for one in members if one.name not in wanted.optional]
            found |= ~(_adds_up(shape, whole, members) | _adds_up(shape, whole, needed))
    return found


def _adds_up(shape: Shape, whole: Point, members: Sequence[Point]) -> Bools:
    """Where whole numbers surely make up a sum."""
    columns = np.array([shape.numbers(one) for one in (whole, *members)])
    exact = ((columns == np.rint(columns)) & (np.abs(columns) < _LARGEST / 64)).all(axis=0)
    found: Bools = exact & (columns[1:].sum(axis=0) == columns[0])
    return found


def _order(shape: Shape, check: kinds.OrderCheck, indicators: dict[str, Indicator]) -> Bools:
    found = shape.none()
    for name in check.indicators:
        for group in lines.series_along([p for p in shape.line.get(name, ()) if lines.in_kind(check, p)], check.dim):
            steps = sorted((check.sequence.index(v), p) for v, p in group.items() if v in check.sequence)
            for (_, earlier), (_, later) in pairwise(steps):
                if not shape.known(earlier, later):
                    continue  # rates are always looked at
                one, other = (later, earlier) if check.never == "rises" else (earlier, later)
                found |= _more(shape.numbers(one), shape.numbers(other))
    return found


def _share(shape: Shape, check: kinds.ShareCheck, indicators: dict[str, Indicator]) -> Bools:
    found = shape.none()
    for part in shape.line.get(check.part, ()):
        whole = lines.base_of(check, part, shape.line)
        if whole is not None:
            if not shape.known(part, whole):
                return shape.all()
            some, most = shape.numbers(part), shape.numbers(whole)
            found |= (most > 0) & (some >= check.least_count) & (some * 100 > float(check.most) * most * (1 - _HAIR))
    return found


def _quotient(shape: Shape, check: kinds.QuotientCheck, indicators: dict[str, Indicator]) -> Bools:
    found = shape.none()
    for num in shape.line.get(check.numerator, ()):
        den = next((p for p in shape.line.get(check.denominator, ()) if p.dims == num.dims), None)
        if den is None:
            continue
        if not shape.known(num, den):
            return shape.all()
        some, base = shape.numbers(num), shape.numbers(den)
        beyond = shape.none()
        if check.high is not None:
            beyond |= some > float(check.high) * base * (1 - _HAIR)
        if check.low is not None:
            beyond |= some < float(check.low) * base * (1 + _HAIR)
        found |= (base > 0) & (base <= some) & beyond
    return found


def _empty(shape: Shape, check: kinds.EmptyCheck, indicators: dict[str, Indicator]) -> Bools:
    found = shape.none()
    zeros = lines.together_in(check, shape.line)
    if len(zeros) == 1:
        zeros = list(_each(shape))
    if len(zeros) > 1:
        found |= np.all([_nought(shape, p) for p in zeros], axis=0)
    for zero_name, other_name in check.pairs:
        for zero in shape.line.get(zero_name, ()):
            for other in shape.line.get(other_name, ()):
                if belongs(other.dims, zero.dims):
                    found |= _nought(shape, zero) & ~(shape.numbers(other) <= 0)
    return found


def _nought(shape: Shape, point: Point) -> Bools:
    """Where nought may stand: in whatever unit, and in a cell that is no number."""
    numbers = shape.numbers(point)
    found: Bools = (np.abs(numbers) < _HAIR) | np.isnan(numbers)
    return found


def _absent(shape: Shape, check: kinds.AbsentCheck, indicators: dict[str, Indicator]) -> Bools:
    found = shape.none()
    if any(name in shape.line for name in (*check.rates, *check.counts)):
        for base in (p for name in check.bases for p in shape.line.get(name, ())):
            found |= _nought(shape, base)
    return found


def _contradiction(shape: Shape, check: kinds.ContradictionCheck, indicators: dict[str, Indicator]) -> Bools:
    found = shape.none()
    against = any(name in shape.line for name in check.counts) or (
        bool(check.gap) and all(name in shape.line for name in check.gap or ())
    )
    for name in check.rates if against else ():
        for rate in shape.line.get(name, ()):
            found |= _nought(shape, rate)
    return found


def _total(shape: Shape, check: kinds.TotalCheck, indicators: dict[str, Indicator]) -> Bools:
    """Sums across groups of columns are judged by all rows together."""
    groups = (found for dim in check.dims for points in shape.line.values() for found in totals.groups_in(points, dim))
    return shape.all() if next(groups, None) is not None else shape.none()


def _each(shape: Shape) -> Iterator[Point]:
    for points in shape.line.values():
        yield from points


_LOOKS: dict[type, Callable[[Shape, Any, dict[str, Indicator]], Bools]] = {
    kinds.CountCheck: _count, kinds.BoundCheck: _bound, kinds.AtMostCheck: _at_most, kinds.PartsCheck: _parts,
    kinds.OrderCheck: _order, kinds.ShareCheck: _share, kinds.QuotientCheck: _quotient, kinds.EmptyCheck: _empty,
    kinds.AbsentCheck: _absent, kinds.ContradictionCheck: _contradiction, kinds.TotalCheck: _total,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the evaluators need not see: by quiet table the rows, and the lines that they are like, with how many they are.
    `few` are by check, from its id, the mentions in these rows that it looks at nevertheless."""

    rows: list[Bools]
    lines: list[tuple[Line, int]]
    few: dict[int, list[tuple[Quiet, Ints]]] = field(default_factory=dict)

    def points_of(self, check: Check) -> list[tuple[int, Point]]:
        """The numbers in rows left out that a check looks at after all, each with its place among the mentions."""
        found: list[tuple[int, Point]] = []
        for quiet, numbers in self.few.get(id(check), ()):
            points = points_of(quiet.mentions(numbers.tolist()), quiet.units_of(numbers.tolist()))
            found += zip((numbers + quiet.first).tolist(), points, strict=True)
        return found


def left_out(
    result: Normalised, extraction: Extraction, asked: Sequence[Asked], indicators: dict[str, Indicator]
) -> LeftOut:
    """The quiet rows in which no check can find anything. There are none where checks look at all rows together: in a
    file with printed sums, and in one of several periods."""
    if not result.quiet:
        return LeftOut([], [])
    nothing = LeftOut([np.zeros(len(one.rows), bool) for one in result.quiet], [])
    single = kept_without(result.mentions, [one.rows for one in result.quiet])[1]
    if result.totals or len(_periods_in(result, single)) > 1:
        return nothing
    shapes = [_shapes(one, extraction) for one in result.quiet]
    flowing = _flowing(single, asked, [shape for some, _ in shapes for shape in some])
    found = LeftOut([], [])
    for quiet, (some, rare) in zip(result.quiet, shapes, strict=True):
        rows = quiet.rows & ~rare
        for shape in some:
            doubtful, few = suspects(shape, asked, indicators)
            if flowing & shape.line.keys():
                doubtful, few = shape.all(), []
            rows[shape.rows[doubtful]] = False
            for check, within, cols in few:
                found.few.setdefault(id(check), []).append((quiet, _numbers_in(quiet, shape.rows[within], cols)))
            found.lines.append((shape.line, int((~doubtful).sum())))
        found.rows.append(rows)
    return found


def _numbers_in(quiet: Quiet, rows: Ints, cols: Ints) -> Ints:
    """The numbers of a table's mentions in some rows and columns."""
    inside = np.zeros(len(quiet.rows), bool)
    inside[rows] = True
    return np.flatnonzero(inside[quiet.spots.rows] & np.isin(quiet.spots.cols, cols))


def _shapes(quiet: Quiet, extraction: Extraction) -> tuple[list[Shape], Bools]:
    alike = quiet.spots.alike
    if beside_another(quiet, extraction.views):
        return [], np.ones(len(quiet.rows), bool)
    made = (part for part in parts_of(extraction.parts) if isinstance(part, Made) and part.spots is not None)
    return shapes_of(quiet, next((part for part in made if part.spots and part.spots.alike is alike), None))


def _periods_in(result: Normalised, single: Sequence[Mention]) -> set[str]:
    """The periods that a file speaks of; `single` are its mentions outside the quiet rows."""
    models = (model for one in result.quiet for model in one.spots.alike.models.values())
    return {mention.period for mention in (*single, *models) if mention.period}


def _flowing(single: Sequence[Mention], asked: Sequence[Asked], shapes: Sequence[Shape]) -> set[str]:
    """What some units sent away and others took in, where the file states both: all of it is added up."""
    names = {mention.indicator for mention in single} | {name for shape in shapes for name in shape.line}
    pairs = [{one.check.out, one.check.in_} for one in asked if isinstance(one.check, kinds.FlowsCheck)]
    return {name for pair in pairs if pair <= names for name in pair}


def units_seen(result: Normalised, mentions: Sequence[Mention], rows: Sequence[Bools]) -> list[Point]:
    """The numbers of the observations that stand in none of the rows left out, which `mentions` are."""
    return points_of(mentions, units_without(result.observations, rows))


def parts_seen(result: Normalised, parts: Sequence[Mention], rows: Sequence[Bools]) -> list[Point]:
    """The counts without an indicator that stand in none of the rows left out."""
    masks = {id(one.spots.alike): mask for one, mask in zip(result.quiet, rows, strict=True)}
    found: list[Point] = []
    for part in parts_of(parts):
        spots = part.spots if isinstance(part, Made) else None
        mask = masks.get(id(spots.alike)) if spots is not None else None
        if spots is None or mask is None:
            found += points_of(part)
            continue
        found += points_of(part[n] for n in np.flatnonzero(~spots.modelled_in(mask)).tolist())
    return found
