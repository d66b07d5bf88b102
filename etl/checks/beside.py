"""Rates beside counts that stand elsewhere, and months that were never reported: both show only beside the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from db.catalogue.rule_kinds import GapCheck, RecomputedCheck
from db.periods import parse_period, period_words
from db.records import dims_key
from db.records_history import History
from etl.checks.findings import Asked, Finding, listed, shown
from etl.checks.points import Point, named
from etl.checks.series import Series
from etl.checks.values import rounding_slack

Place = tuple[int, str, str, str]  # unit, indicator, dims key, period


def recomputed(asked: Asked, check: RecomputedCheck, points: Sequence[Point], history: History) -> Iterator[Finding]:
    """B07: a rate without its counts beside the counts of the same unit, group and period in another table of the file
    or in the store."""
    known = {one.code: one for one in asked.catalogue.indicators}
    here = {_place(point, point.name): point for point in points}
    for point in points:
        indicator = known.get(point.name)
        if indicator is None or not indicator.numerator or not indicator.denominator or point.unit != indicator.unit:
            continue
        if point.mention.numerator is not None or point.mention.denominator is not None:
            continue
        top = _count(point, indicator.numerator, here, history, asked)
        base = _count(point, indicator.denominator, here, history, asked)
        if top is None or base is None or base[0] <= 0:
            continue
        computed = indicator.multiplier * top[0] / base[0]
        if abs(computed - point.value) > rounding_slack(point.value, check.half_units):
            yield asked.find(
                [point.cell], point.at, derived=True, name=named(point, asked.catalogue), value=shown(point.value),
                computed=shown(computed), numerator=top[1], denominator=base[1], unit=point.entity,
                difference=shown(abs(computed - point.value)), cell=point.at.cell or point.at.locator,
            )  # fmt: skip


def _place(point: Point, code: str) -> Place:
    return point.org_unit_id or 0, code, dims_key(point.dims), point.mention.period or ""


def _count(
    rate: Point, code: str, here: dict[Place, Point], history: History, asked: Asked
) -> tuple[Decimal, str] | None:
    """A count of the rate's unit, group and period, with the words that say where it stands."""
    place = _place(rate, code)
    name = asked.catalogue.name(code)
    if place in here:
        found = here[place]
        spot = "!".join(part for part in (found.at.sheet, found.at.cell) if part) or found.at.locator
        return found.value, f"{name}{shown(found.value)}({spot})"
    stored = next((one for one in history.series.get(place[:3], ()) if one.period == place[3]), None)
    if stored is None:
        return None
    value = Decimal(repr(stored.value))
    return value, f"{name}{shown(value)}(已入库)"


def gaps(asked: Asked, check: GapCheck, continued: Sequence[Series]) -> Iterator[Finding]:
    """B24: units that reported earlier months and this one, but not those between."""
    found: dict[tuple[str, ...], dict[str, Point]] = defaultdict(dict)
    for one in continued:
        if one.indicator.code not in check.indicators or one.members[0].period.kind != "month":
            continue
        held = {member.period.code for member in one.members}
        first = next((member for member in one.members if member.point is not None), None)
        if first is None or first.point is None:
            continue
        missing = _missing(first.period.code, held, check)
        if missing:
            found[missing].setdefault(one.unit_name, first.point)
    for missing, units in found.items():
        points = list(units.values())
        yield asked.find(
            [point.cell for point in points], points[0].at, units=listed(list(units)),
            missing="、".join(period_words(parse_period(code)) for code in missing),
            period=period_words(parse_period(points[0].mention.period or "")), cell=points[0].at.cell or points[0].at.locator,
        )  # fmt: skip


def _missing(code: str, held: set[str], check: GapCheck) -> tuple[str, ...]:
    """The school months before one, back to the last that was reported; none where nothing was within reach."""
    year, month = int(code[:4]), int(code[5:])
    missing: list[str] = []
    for _ in range(check.reach):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        before = f"{year}-{month:02}"
        if before in held:
            return tuple(reversed(missing))
        if month not in check.months_off:
            missing.append(before)
    return ()
