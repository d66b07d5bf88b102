"""Evaluators of one unit over time: values in another unit, jumps, outliers, values that never change.

A series comes from the columns of one file, or from the store with the file's value as its last member."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import sqrt
from statistics import median

from db.catalogue import Indicator
from db.catalogue.rule_kinds import ChangeCheck, ChangeLimit, ConstantCheck, FactorCheck
from db.periods import Period, parse_period, period_words
from db.records import dims_key
from etl.checks.findings import Asked, Finding, shown
from etl.checks.points import Point, named, named_school

_MAD = 0.6745  # makes the median absolute deviation comparable with a standard deviation
_TWO_YEARS = 740  # days
_UNEVEN = 3  # times the largest other step of a course
_YEARLY = frozenset({"year", "school_year"})
_SEASONAL = frozenset({"entrants", "graduates"})


@dataclass(frozen=True, slots=True)
class Member:
    """One period's value; `point` is None for what the store holds."""

    period: Period
    value: float
    base: float | None
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Members of one kind of period, oldest first; `level` is "school" or "county" (everything above a school)."""

    indicator: Indicator
    unit_name: str
    members: tuple[Member, ...]
    level: str


def series_in(
    points: Sequence[Point], indicators: dict[str, Indicator], is_school: dict[int | None, bool]
) -> list[Series]:
    """The series that the file itself shows: a unit's values of several periods of one kind."""
    codes = {point.mention.period for point in points}
    periods = {code: parse_period(code) for code in codes if code}
    if len(periods) < 2:
        return []
    usable = [
        point for point in points
        if point.mention.period and not point.total
        and (indicator := indicators.get(point.name)) is not None and point.unit == indicator.unit
    ]  # fmt: skip
    often = _in_several_periods(usable)
    groups: dict[tuple[object, ...], dict[str, Member]] = defaultdict(dict)
    kept: dict[tuple[object, ...], Point] = {}
    for point in usable:
        if point.name not in often:
            continue
        period = periods[point.mention.period or ""]
        key = (
            point.name,
            dims_key(point.dims),
            point.mention.entity,
            point.mention.scope if not point.mention.entity else "",
            period.kind,
        )
        groups[key].setdefault(period.code, member(period, point))
        kept.setdefault(key, point)
    return [
        Series(indicators[kept[key].name], kept[key].entity, tuple(sorted(found.values(), key=lambda m: m.period.start)),
               "school" if is_school.get(kept[key].org_unit_id, named_school(kept[key].mention.entity)) else "county")
        for key, found in groups.items() if len(found) > 1
    ]  # fmt: skip


def _in_several_periods(points: Sequence[Point]) -> set[str]:
    """What is told of more than one period, whoever it is about: nothing else can be a series."""
    told: dict[str, set[str | None]] = defaultdict(set)
    for point in points:
        told[point.name].add(point.mention.period)
    return {name for name, periods in told.items() if len(periods) > 1}


def member(period: Period, point: Point) -> Member:
    """A number of the file as a member of a series."""
    base = point.mention.denominator
    return Member(period, float(point.value), float(base) if base is not None else None, point)


def factor(asked: Asked, check: FactorCheck, series: Sequence[Series]) -> Iterator[Finding]:
    """B25: a power of ten away from the unit's other periods, which agree among themselves."""
    for one in series:
        for this in one.members:
            others = [m.value for m in one.members if m is not this and m.value > 0]
            if this.point is None or this.value <= 0 or not others or max(others) > 3 * min(others):
                continue
            usual = median(others)
            ratio = max(usual / this.value, this.value / usual)
            near = next((f for f in check.factors if abs(ratio / f - 1) <= float(check.within)), None)
            if near is not None and (len(others) > 1 or one.indicator.unit == "percent" or near > 100):
                yield asked.find(
                    [this.point.cell], this.point.at, name=named(this.point, asked.catalogue), value=this.point.at.quote,
                    usual=_shown(usual), factor=near, cell=this.point.at.cell or this.point.at.locator, unit=one.unit_name,
                )  # fmt: skip


def _shown(value: float) -> str:
    return shown(Decimal(repr(round(value, 4))))


def change(asked: Asked, check: ChangeCheck, series: Sequence[Series]) -> Iterator[Finding]:
    """B17: a jump beyond the limit and beyond chance. With many periods the one that stands out is named, not both
    of its neighbours."""
    for one in series:
        limit = _limit(check, one)
        if limit is None:
            continue
        for this, old in _jumps(check, limit, one):
            assert this.point is not None
            points = "个百分点" if one.indicator.unit == "percent" else ""
            yield asked.find(
                [this.point.cell], this.point.at, name=named(this.point, asked.catalogue), value=_shown(this.value),
                old=_shown(old.value), period=period_words(old.period), difference=_shown(abs(this.value - old.value)) + points,
                cell=this.point.at.cell or this.point.at.locator, unit=one.unit_name,
            )  # fmt: skip


def _limit(check: ChangeCheck, series: Series) -> ChangeLimit | None:
    """The narrowest limit that speaks of the indicator: its own, its domain's, else that of counts by level."""
    percent = series.indicator.unit == "percent"
    fitting = [
        one for one in check.limits
        if (one.points is not None) == percent
        and one.indicator in (None, series.indicator.code)
        and one.domain in (None, series.indicator.domain)
        and one.level in (None, series.level)
        and (percent or series.indicator.unit != "ratio")
    ]  # fmt: skip
    return max(fitting, key=lambda one: (one.indicator is not None, one.domain is not None), default=None)


def _jumps(check: ChangeCheck, limit: ChangeLimit, series: Series) -> Iterator[tuple[Member, Member]]:
    members = series.members
    if len(members) >= 4 and all(m.point is not None for m in members):
        if series.indicator.code in _SEASONAL and members[0].period.kind not in _YEARLY:
            return  # nearly all of them in one month of the year
        found = _standing_out(check, limit, members)
        if found is not None:
            yield (
                found,
                min(
                    (m for m in members if m is not found),
                    key=lambda m: abs((m.period.start - found.period.start).days),
                ),
            )
        return
    for n, this in enumerate(members):
        old = _year_before(members[:n], this)
        if this.point is None or old is None or not _beyond(limit, this.value, old.value):
            continue
        history = [m.value for m in members[:n]]
        if _by_chance(check, this, old) or _usual_spread(check, this, history):
            continue
        yield this, old


def _year_before(earlier: Sequence[Member], this: Member) -> Member | None:
    """The member one year before; for yearly periods that of two years before will do."""
    for old in reversed(earlier):
        days = (this.period.start - old.period.start).days
        if 350 <= days <= 380 or (this.period.kind in _YEARLY and 0 < days <= _TWO_YEARS):
            return old
    return None


def _beyond(limit: ChangeLimit, new: float, old: float) -> bool:
    gap = abs(new - old)
    if limit.points is not None:
        return gap > float(limit.points)
    return old > 0 and gap * 100 > float(limit.percent or 0) * old and gap >= float(limit.least)


def _by_chance(check: ChangeCheck, this: Member, old: Member) -> bool:
    """Inside the prediction from the last period's share: with 40 pupils a rate jumps 15 points by itself."""
    if this.base is None or this.base <= 0 or this.point is None or this.point.unit != "percent":
        return False
    p = min(max(old.value / 100, 0.0), 1.0)
    n, z = this.base, float(check.prediction_z)
    p = (p * n + z * z / 2) / (n + z * z)  # Wilson's centre: a share of 0 or 1 may move too
    return abs(this.value / 100 - p) <= z * sqrt(p * (1 - p) / n) + 0.5 / n


def _usual_spread(check: ChangeCheck, this: Member, history: Sequence[float]) -> bool:
    """With enough history, a value inside the unit's own spread is no jump (modified z score). A flat series has no
    spread: there the limit alone decides."""
    if len(history) < check.outlier_least:
        return False
    middle = median(history)
    spread = median(abs(value - middle) for value in history)
    return spread > 0 and _MAD * abs(this.value - middle) / spread <= float(check.outlier_z)


def _standing_out(check: ChangeCheck, limit: ChangeLimit, members: Sequence[Member]) -> Member | None:
    """The one member beyond the limit of all others' median and of both its neighbours: no part of a trend."""
    middle = median(m.value for m in members)
    out = [n for n, m in enumerate(members) if _beyond(limit, m.value, middle)]
    if len(out) != 1:
        return _spike(check, limit, members) or _step(check, limit, members) or _last(check, limit, members)
    this = members[out[0]]
    beside = [members[n] for n in (out[0] - 1, out[0] + 1) if 0 <= n < len(members)]
    told = all(_beyond(limit, this.value, other.value) and not _by_chance(check, this, other) for other in beside)
    return this if told else None


def _spike(check: ChangeCheck, limit: ChangeLimit, members: Sequence[Member]) -> Member | None:
    """The only member that is beyond the limit of both its neighbours, on the same side of them, in a course whose other steps
    are all within it."""
    found = []
    for n in range(1, len(members) - 1) if members[0].period.kind in _YEARLY else ():  # quarters have their seasons
        before, this, after = members[n - 1 : n + 2]
        steps = [*pairwise(members[:n]), *pairwise(members[n + 1 :])]
        apart = all(_beyond(limit, this.value, m.value) and not _by_chance(check, this, m) for m in (before, after))
        one_side = (this.value > before.value) == (this.value > after.value)
        if apart and one_side and not any(_beyond(limit, new.value, old.value) for old, new in steps):
            found.append(this)
    return found[0] if len(found) == 1 else None


def _step(check: ChangeCheck, limit: ChangeLimit, members: Sequence[Member]) -> Member | None:
    """The first member of a new level: the only jump, with at least two members that agree on either side."""
    jumps = [n for n in range(1, len(members)) if _beyond(limit, members[n].value, members[n - 1].value)]
    if len(jumps) != 1 or not 2 <= jumps[0] <= len(members) - 2:
        return None
    this, old = members[jumps[0]], members[jumps[0] - 1]
    apart = (_beyond(limit, new.value, before.value) for new in members[jumps[0] :] for before in members[: jumps[0]])
    return this if all(apart) and not _by_chance(check, this, old) else None


def _last(check: ChangeCheck, limit: ChangeLimit, members: Sequence[Member]) -> Member | None:
    """The newest member, where it alone breaks an even course: its step is beyond the limit, and several times any other."""
    if members[0].period.kind not in _YEARLY:
        return None
    *steps, newest = [abs(new.value - old.value) for old, new in pairwise(members)]
    this, old = members[-1], members[-2]
    even = _beyond(limit, this.value, old.value) and newest > _UNEVEN * max(steps)
    return this if even and not _by_chance(check, this, old) else None


def _longest_run(members: Sequence[Member]) -> list[Member]:
    """The longest run of equal values, of several the latest."""
    longest: list[Member] = []
    run: list[Member] = []
    for this in members:
        run = [*run, this] if run and run[-1].value == this.value else [this]
        longest = run if len(run) >= len(longest) else longest
    return longest


def constant(asked: Asked, check: ConstantCheck, series: Sequence[Series]) -> Iterator[Finding]:
    """B18: the same value in several years running; 0 and 100 are usual, small counts repeat by chance."""
    for one in series:
        if one.members[0].period.kind not in _YEARLY:
            continue
        run = _longest_run(one.members)
        last = run[-1]
        small = one.indicator.unit != "percent" and last.value < float(check.least_value)
        whole = one.indicator.unit == "percent" and last.value in (0, 100)
        if len(run) >= check.periods and last.point is not None and not small and not whole:
            cells = [m.point.cell for m in reversed(run) if m.point is not None]
            yield asked.find(
                cells, last.point.at, name=named(last.point, asked.catalogue), value=_shown(last.value), n=len(run),
                cell=last.point.at.cell or last.point.at.locator, unit=one.unit_name,
            )  # fmt: skip
