"""What shows only beside the other rows or the other table of a sheet: rates of a small table below the counts that they are made
of (B07), a school with pupils long absent and no dropout where every other such school has some (B31)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from db.catalogue.rule_kinds import ContradictionCheck, RecomputedCheck
from db.records import dims_key
from etl.checks.findings import Asked, Finding, shown
from etl.checks.points import Line, Point, named
from etl.checks.values import rounding_slack
from etl.sheets.fractions import PAIRS

_AGREE = 2  # rates of a row that must be those of the sums above
_TOGETHER = 5  # schools that must show that two counts go together
_ABSENT = frozenset(("long_absence_count",))
_MOST = 2000  # rows of a list that are looked at


def rates_of_sums(asked: Asked, check: RecomputedCheck, points: Sequence[Point]) -> Iterator[Finding]:
    """B07: a row of rates beside the sums of the counts in another row of the sheet, where the other rates agree with them."""
    sums: dict[str | None, dict[str, list[Point]]] = defaultdict(lambda: defaultdict(list))
    for point in points:
        if point.total and point.row is not None and point.unit != "percent":
            sums[point.at.sheet][point.name].append(point)
    rows: dict[tuple[str | None, int], list[tuple[Point, Point, Point, bool]]] = defaultdict(list)
    for point in points:
        pairs = PAIRS.get(point.name, ()) if point.unit == "percent" and point.mention.numerator is None else ()
        tried = [_made_of(check, point, pair, sums[point.at.sheet]) for pair in pairs]
        found = [one for one in tried if one is not None]
        if found and point.row is not None:
            right = next((one for one in found if one[3]), None)
            rows[point.at.sheet, point.row].append(right or found[0])
    for rates in rows.values():
        wrong = [one for one in rates if not one[3]]
        for rate, top, base, _ in wrong if len(rates) - len(wrong) >= max(_AGREE, len(wrong)) else ():
            computed = 100 * top.value / base.value
            yield asked.find(
                [rate.cell], rate.at, derived=True, beside=[top.cell, base.cell], name=named(rate, asked.catalogue),
                value=shown(rate.value), computed=shown(computed), numerator=f"{shown(top.value)}({top.at.cell})",
                denominator=f"{shown(base.value)}({base.at.cell})", difference=shown(abs(computed - rate.value)),
                cell=rate.at.cell or rate.at.locator,
            )  # fmt: skip


def _made_of(
    check: RecomputedCheck, rate: Point, pair: tuple[str, str], sums: dict[str, list[Point]]
) -> tuple[Point, Point, Point, bool] | None:
    """(rate, part, whole, whether it is their quotient), where each has one sum in another row."""
    one, two = (sums.get(name, []) for name in pair)
    if len(one) != 1 or len(two) != 1 or rate.row in (one[0].row, two[0].row) or two[0].value <= 0:
        return None
    computed = 100 * one[0].value / two[0].value
    return rate, one[0], two[0], abs(computed - rate.value) <= rounding_slack(rate.value, check.half_units)


def one_without(asked: Asked, check: ContradictionCheck, lines: Sequence[Line]) -> Iterator[Finding]:
    """B31: the only school of a sheet that has pupils of a kind (连续三天以上未到校) and nobody who dropped out."""
    if len(lines) > _MOST:
        return
    for code in _ABSENT.intersection(check.counts):  # those who are only suspected may be found again
        groups: dict[str | None, list[tuple[Point, Point]]] = defaultdict(list)
        for line in lines:
            absent = [p for p in line.get(code, ()) if not p.total]
            gone = [p for name in check.rates for p in line.get(name, ()) if not p.total]
            same = len({dims_key(p.dims) for p in (*absent, *gone)}) == 1
            if len(absent) == 1 and gone and same:
                groups[absent[0].at.sheet].append((absent[0], max(gone, key=lambda p: p.value)))
        for found in groups.values():
            with_some = [(some, left) for some, left in found if some.value > 0]
            without = [(some, left) for some, left in with_some if left.value == 0]
            if len(without) != 1 or len(with_some) <= _TOGETHER:
                continue
            some, left = without[0]
            yield asked.find(
                [some.cell, left.cell], some.at, late=True, name=named(left, asked.catalogue), other=named(some, asked.catalogue),
                n=shown(some.value), cell=left.at.cell, unit=left.entity,
            )  # fmt: skip
