"""The file beside the store: series that go on, parents and their parts, units that used to report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import numpy as np

from db.catalogue import Catalogue, Indicator
from db.catalogue import rule_kinds as kinds
from db.observed import chosen, columns_in, of_units, outside_columns, proposed_in
from db.periods import parse_period, period_words
from db.records import Draft, Observation, OrgKind, Qualifier, SourceKind, dims_key
from db.records_history import History, SeriesKey
from etl.addresses import place_of
from etl.checks import beside, series
from etl.checks.findings import Asked, Finding, listed, shown
from etl.checks.points import Point, named
from etl.checks.series import Member, Series
from etl.types import Mention


def past_findings(draft: Draft, history: History, catalogue: Catalogue, asked: Sequence[Asked]) -> Iterator[Finding]:
    """Everything that needs the store."""
    points = [_point(one, history) for one in _looked_at(draft, history, catalogue) if _usable(one)]
    here = _units(draft)
    continued = list(_continued(points, history, {i.code: i for i in catalogue.indicators}))
    for one in asked:
        check = one.check
        if isinstance(check, kinds.FactorCheck):
            yield from series.factor(one, check, continued)
        elif isinstance(check, kinds.ChangeCheck):
            yield from series.change(one, check, continued)
        elif isinstance(check, kinds.ConstantCheck):
            yield from series.constant(one, check, continued)
        elif isinstance(check, kinds.ParentCheck) and check.of == "parts":
            yield from _parents(one, points, history, here)
        elif isinstance(check, kinds.EmptyCheck):
            yield from _emptied(one, check, continued)
        elif isinstance(check, kinds.ContradictionCheck):
            yield from _contradicted(one, check, points, history)
        elif isinstance(check, kinds.GapCheck):
            yield from beside.gaps(one, check, continued)
        elif isinstance(check, kinds.RecomputedCheck) and check.of == "elsewhere":
            yield from beside.recomputed(one, check, points, history)
        elif isinstance(check, kinds.CompleteCheck) and draft.source_kind is SourceKind.SHEET:
            yield from _incomplete(one, check, history, here)


def _looked_at(draft: Draft, history: History, catalogue: Catalogue) -> Sequence[Observation]:
    """The observations that the store can say something about: of a large sheet those of units that it knows values of,
    and the counts of rates that stand alone."""
    units = {unit for unit, _, _ in history.series} | {unit for unit, *_ in history.parts}
    rates = {one.code: one for one in catalogue.indicators if one.numerator and one.denominator}
    alone = outside_columns(draft.observations)
    bare = {one.indicator for one in alone if one.numerator is None and one.denominator is None}
    columns = columns_in(draft.observations)
    bare = (bare | {one.indicator for one in (*columns, *proposed_in(draft.observations))}) & rates.keys()
    counts = {code for rate in bare for code in (rate, rates[rate].numerator, rates[rate].denominator)}
    wanted = [one.numbers for one in columns if one.indicator in counts]
    return chosen(draft.observations, np.concatenate([of_units(draft.observations, units), *wanted]))


def _units(draft: Draft) -> set[int]:
    """The units that state a value."""
    alone = {one.org_unit_id or 0 for one in outside_columns(draft.observations) if _usable(one)}
    return alone.union(*(one.org_unit_ids.tolist() for one in columns_in(draft.observations) if one.period))


def _usable(one: Observation) -> bool:
    return (
        one.value is not None and one.qualifier is Qualifier.EXACT and one.org_unit_id is not None and bool(one.period)
    )


def _point(one: Observation, history: History) -> Point:
    unit = history.units.get(one.org_unit_id or 0)
    mention = Mention(
        one.indicator, one.value, one.unit, one.evidence, one.dims, unit.name if unit else None, period=one.period,
        numerator=one.numerator, denominator=one.denominator,
    )  # fmt: skip
    row, col = place_of(one.evidence.cell)
    return Point(one.indicator, one.value or Decimal(0), one.unit, one.dims, mention, False, row, col, one.org_unit_id)


def _key(point: Point) -> SeriesKey:
    return point.org_unit_id or 0, point.name, dims_key(point.dims)


def _continued(points: Sequence[Point], history: History, indicators: Mapping[str, Indicator]) -> Iterator[Series]:
    """Per unit, indicator and kind of period: what the store holds and, in its place or after it, the file's values."""
    groups: dict[tuple[SeriesKey, str], list[Point]] = defaultdict(list)
    for point in points:
        indicator = indicators.get(point.name)
        if indicator is not None and point.unit == indicator.unit:
            groups[_key(point), parse_period(point.mention.period or "").kind].append(point)
    for (key, kind), own in groups.items():
        members: dict[str, Member] = {}
        for stored in history.series.get(key, ()):
            period = parse_period(stored.period)
            if period.kind == kind and stored.unit == own[0].unit:
                members[stored.period] = Member(period, stored.value, stored.denominator)
        if not members:
            continue
        for point in own:
            period = parse_period(point.mention.period or "")
            members[period.code] = series.member(period, point)
        unit = history.units.get(key[0])
        level = "school" if unit is not None and unit.kind is OrgKind.SCHOOL else "county"
        ordered = tuple(sorted(members.values(), key=lambda m: m.period.start))
        yield Series(indicators[key[1]], unit.name if unit else "", ordered, level)


def _emptied(asked: Asked, check: kinds.EmptyCheck, continued: Sequence[Series]) -> Iterator[Finding]:
    """B20: a school that had pupils and now has none."""
    zeros = {zero for zero, _ in check.pairs}
    for one in continued:
        this, before = one.members[-1], one.members[:-1]
        if (
            one.indicator.code in zeros
            and this.point is not None
            and this.value == 0
            and before
            and before[-1].value > 0
        ):
            yield asked.find(
                [this.point.cell], this.point.at, zero=named(this.point, asked.catalogue), unit=one.unit_name,
                other=period_words(before[-1].period), other_value=shown(Decimal(repr(before[-1].value))),
                cell=this.point.at.cell or this.point.at.locator,
            )  # fmt: skip


def _parents(asked: Asked, points: Sequence[Point], history: History, in_file: set[int]) -> Iterator[Finding]:
    """B29: a unit's own count beside the sum of all its children in the store."""
    for point in points:
        found = history.parts.get((*_key(point), point.mention.period or ""))
        if found is None or found.n < 2 or found.n < found.expected or point.unit == "percent":
            continue
        replaced = any(unit.parent_id == point.org_unit_id and id_ in in_file for id_, unit in history.units.items())
        gap = abs(float(point.value) - found.total)
        if gap > 0.5 and not replaced:
            yield asked.find(
                [point.cell], point.at, name=named(point, asked.catalogue), unit=point.entity, value=shown(point.value),
                computed=shown(Decimal(repr(found.total))), difference=shown(Decimal(repr(gap))),
                cell=point.at.cell or point.at.locator,
            )  # fmt: skip


def _contradicted(
    asked: Asked, check: kinds.ContradictionCheck, points: Sequence[Point], history: History
) -> Iterator[Finding]:
    """B31: no dropout in the file, suspected ones in the store."""
    for point in points:
        if point.name not in check.rates or point.value != 0:
            continue
        for code in check.counts:
            stored = history.series.get((point.org_unit_id or 0, code, dims_key(point.dims)), ())
            held = next((s for s in stored if s.period == point.mention.period and s.value >= check.least), None)
            if held is not None:
                yield asked.find(
                    [point.cell], point.at, name=named(point, asked.catalogue), other=f"已入库的{asked.catalogue.name(code)}",
                    n=shown(Decimal(repr(held.value))), cell=point.at.cell or point.at.locator, unit=point.entity,
                )  # fmt: skip
                break


def _incomplete(asked: Asked, check: kinds.CompleteCheck, history: History, here: set[int]) -> Iterator[Finding]:
    """B40: units of the same parents that used to report are not in the file."""
    parents = {history.units[id_].parent_id for id_ in here if id_ in history.units}
    expected = {id_: name for parent in parents for id_, name in history.reporters.get(parent or 0, ())}
    missing = [name for id_, name in expected.items() if id_ not in here]
    if not missing or len(here) < 2:
        return
    share = Decimal(100 * (len(expected) - len(missing))) / Decimal(len(expected))
    if share < check.percent:
        yield asked.find(
            [], None, name="本期上报完整率", value=shown(share), percent=shown(check.percent), n=len(missing),
            missing=listed(missing), cell=f"缺{len(missing)}个单位:{listed(missing)}",
        )  # fmt: skip
