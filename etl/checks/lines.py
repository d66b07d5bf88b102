"""Evaluators of one row: pairs, sums of parts, order of doses, shares, quotients, contradictions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from db.catalogue.rule_kinds import (
    AbsentCheck,
    AtMostCheck,
    ContradictionCheck,
    EmptyCheck,
    OrderCheck,
    Pair,
    Parts,
    PartsCheck,
    ShareCheck,
)
from db.periods import parse_period
from db.records import Severity, dims_key
from etl.checks.findings import Asked, Cell, Finding, doubtful, shown
from etl.checks.monthly import accounted_for
from etl.checks.points import Line, Point, belongs, named, of_its_level, whole_of
from etl.sheets.views import View

_ROW_OF_ZEROS = 4
_MANY = 12  # steps from dose to dose that show an order
_ONE_OF = 6  # steps of which one may break it
_NEAR = 2  # percent by which those due of two doses may differ in a table that adds up since the start of a cohort
Silent = Sequence[tuple[Line, int]]


def at_most(
    asked: Asked, check: AtMostCheck, lines: Sequence[Line], doubt: Asked | None, silent: Silent = ()
) -> Iterator[Finding]:
    """B06, B09, B12, B35, B39: a part that is larger than its whole. `silent` are lines in which the relations hold, with
    how many there are like each."""
    for pair in check.pairs:
        tried = [both for line in lines for both in pairs_in(line, pair)]
        larger = [(less, more) for less, more in tried if less.value > more.value]
        wrong = _with_sums([(less, less.value - more.value, _larger(asked, less, more)) for less, more in larger])
        names = f"“{asked.catalogue.name(pair.less)}不大于{asked.catalogue.name(pair.more)}”"
        right = sum(n * len(list(pairs_in(line, pair))) for line, n in silent)
        blocks = asked.severity is Severity.BLOCK  # what is only asked is asked once for a column anyhow
        yield from doubtful(wrong, len(tried) + right, doubt if blocks else None, names)
    if check.subdivisions:
        for line in lines:
            for part, whole in subdivisions_in(line, check.subdivisions):
                if part.value > whole.value:
                    yield _larger(asked, part, whole)


def _with_sums(found: Sequence[tuple[Point, Decimal, Finding]]) -> list[Finding]:
    """One finding for a printed sum and the parts of it that are at fault, if these explain by how much it is too large:
    then the sum's follows from them."""
    units: dict[tuple[str | None, int | None], list[tuple[Decimal, Finding]]] = defaultdict(list)
    for less, excess, finding in found:
        if not less.total:
            units[less.at.sheet, less.col].append((excess, finding))
    kept = []
    for less, excess, finding in found:
        parts = units.get((less.at.sheet, less.col), []) if less.total else []
        if parts and excess <= sum(each for each, _ in parts):
            parts[0][1].beside += tuple(finding.cells)
        else:
            kept.append(finding)
    return kept


def pairs_in(line: Line, pair: Pair) -> Iterator[tuple[Point, Point]]:
    if pair.less not in line or pair.more not in line or (pair.unless and pair.unless in line):
        return
    for less in line[pair.less]:
        if any(less.dims.get(name) != value for name, value in pair.dims.items()):
            continue
        more = whole_of(less, line[pair.more])
        if more is not None:
            yield less, more


def subdivisions_in(line: Line, dims: Sequence[str]) -> Iterator[tuple[Point, Point]]:
    for points in line.values():
        for part in points if len(points) > 1 else ():
            own = {name for name in part.dims if name in dims}
            wider = [
                one for one in points
                if own and belongs(part.dims, one.dims) and len(one.dims) < len(part.dims)
                and part.dims.keys() - one.dims.keys() <= own and one.unit == part.unit
            ]  # fmt: skip
            whole = max(wider, key=lambda one: len(one.dims), default=None)
            if whole is not None:
                yield part, whole


def _larger(asked: Asked, less: Point, more: Point) -> Finding:
    return asked.find(
        [less.cell, more.cell], less.at, late=less.total, less=named(less, asked.catalogue), less_value=shown(less.value),
        more=named(more, asked.catalogue), more_value=_at(more), difference=shown(less.value - more.value),
        cell=less.at.cell, unit=less.entity,
    )  # fmt: skip


def _at(point: Point) -> str:
    return f"{shown(point.value)}({point.at.cell})"


def parts(
    asked: Asked, check: PartsCheck, lines: Sequence[Line], doubt: Asked | None, silent: Silent = ()
) -> Iterator[Finding]:
    """B12, B34, B39: parts of a row that must add up to a count of the same row. `silent` as in `at_most`."""
    found = []
    for one in check.sums:
        here = [both for line in lines for both in sums_in(line, one)]
        right = sum(n * len(list(sums_in(line, one))) for line, n in silent)
        found.append((one, [both for both in here if _differs(*both, one)], len(here) + right))
    for one, wrong, tried in found:
        others = [(bad, n) for other, bad, n in found if other is not one and {*other.parts} & {*one.parts}]
        if len(wrong) * 3 > tried * 2 and any(len(bad) * 3 < n for bad, n in others):
            continue  # not of 学校 but of 食堂, as another sum of these parts shows
        names = "+".join(asked.catalogue.name(code) for code in one.parts)
        told = [_uneven(asked, whole, members) for whole, members in wrong]
        yield from doubtful(told, tried, doubt, f"“{names}={asked.catalogue.name(one.whole)}”")


def _differs(whole: Point, members: Sequence[Point], wanted: Parts) -> bool:
    """Whether the parts make up the whole neither with nor without the optional ones (免缓学 may count as 未入学)."""
    needed = [m for m in members if m.name not in wanted.optional]
    return all(sum((m.value for m in some), Decimal(0)) != whole.value for some in (members, needed))


def sums_in(line: Line, wanted: Parts) -> Iterator[tuple[Point, list[Point]]]:
    if wanted.whole not in line or any(name not in line for name in wanted.parts):
        return
    for whole in line[wanted.whole]:
        if wanted.by:
            members = [p for p in line[wanted.parts[0]] if wanted.by in p.dims and belongs(p.dims, whole.dims)]
            if {"A", "B", "C"} <= {p.dims[wanted.by] for p in members}:
                yield whole, members
            continue
        found = [_same_group(line[name], whole) for name in wanted.parts]
        more = [_same_group(line[name], whole) or _only(line[name]) for name in wanted.optional if name in line]
        if all(found):
            yield whole, [p for p in (*found, *more) if p is not None]


def _only(candidates: Sequence[Point]) -> Point | None:
    """免缓学 of both levels in one column: it may be of either."""
    return candidates[0] if len(candidates) == 1 else None


def _same_group(candidates: Sequence[Point], whole: Point) -> Point | None:
    ignored = ("level", "object")
    level = whole.dims.get("level")
    same = [p for p in candidates if p.dims.get("level", level) == (level or p.dims.get("level"))]
    same = of_its_level(whole, same) or same
    fitting = [p for p in same if _plain(p.dims, ignored) == _plain(whole.dims, ignored)]
    return fitting[0] if len(fitting) == 1 else None


def _plain(dims: Mapping[str, str], ignored: Sequence[str]) -> dict[str, str]:
    plain = (("basis", "person"), ("stage", "before"))
    return {k: v for k, v in dims.items() if k not in ignored and (k, v) not in plain}


def _uneven(asked: Asked, whole: Point, members: Sequence[Point]) -> Finding:
    computed = sum((m.value for m in members), Decimal(0))
    told = "与".join(f"{named(m, asked.catalogue)}{_at(m)}" for m in members[:3])
    return asked.find(
        [whole.cell, *(m.cell for m in members)], whole.at, derived=True, late=whole.total, whole=named(whole, asked.catalogue),
        value=shown(whole.value), parts=f"{told}之和" if len(members) > 1 else told, computed=shown(computed),
        difference=shown(abs(computed - whole.value)), cell=whole.at.cell, unit=whole.entity,
    )  # fmt: skip


def order(asked: Asked, check: OrderCheck, points: Sequence[Point], views: Sequence[View]) -> Iterator[Finding]:
    """B13, B14: values along a dim that may only rise or only fall, in one row or in rows of one unit and period."""
    groups: dict[tuple[object, ...], list[Point]] = defaultdict(list)
    for point in points:
        if point.name in check.indicators and check.dim in point.dims:
            rest = dims_key({k: v for k, v in point.dims.items() if k != check.dim})
            key = (point.at.sheet, point.name, rest, point.mention.entity, point.mention.period, point.total)
            groups[key].append(point)
    due = {_place_along(point, check): point for point in points if point.name == check.due}
    cohorts = (
        {view.table.sheet.grid.sheet for view in views if _of_cohorts(view)} if groups and check.periods else set()
    )
    pairs: dict[tuple[object, ...], list[tuple[Point, Point]]] = defaultdict(list)
    for group in groups.values():
        steps = sorted(
            ((check.sequence.index(p.dims[check.dim]), p) for p in group if p.dims[check.dim] in check.sequence),
            key=lambda one: one[0],
        )
        if len({n for n, _ in steps}) < len(steps):
            continue  # several rows of one unit: told apart by something else
        for (a, earlier), (b, later) in pairwise(steps):
            if b == a + 1:
                pairs[later.at.sheet, later.name, dims_key(earlier.dims), dims_key(later.dims)].append((earlier, later))
    orderly = _orderly(check, pairs)
    for both in pairs.values():
        cohort = both[0][1].at.sheet in cohorts
        same = _same_children(both, due, check, _NEAR if cohort else 0)
        for earlier, later in both:
            of_one = (
                in_kind(check, later) or (cohort and same is None) or same or (later.at.sheet, later.name) in orderly
            )
            if _is_wrong(check, earlier, later) and of_one:
                yield _out_of_order(asked, check, earlier, later)


def _is_wrong(check: OrderCheck, earlier: Point, later: Point) -> bool:
    return later.value > earlier.value if check.never == "rises" else later.value < earlier.value


def _orderly(
    check: OrderCheck, pairs: Mapping[tuple[object, ...], Sequence[tuple[Point, Point]]]
) -> set[tuple[str | None, str]]:
    """The (sheet, indicator) in which so many doses go down one after another that the few that do not stand out, whatever
    children they were given to."""
    told: dict[tuple[str | None, str], list[bool]] = defaultdict(list)
    for both in pairs.values():
        for earlier, later in both:
            told[later.at.sheet, later.name].append(_is_wrong(check, earlier, later))
    return {place for place, wrong in told.items() if len(wrong) >= _MANY and sum(wrong) * _ONE_OF <= len(wrong)}


def _place_along(point: Point, check: OrderCheck) -> tuple[object, ...]:
    return point.at.sheet, dims_key(point.dims), point.mention.entity, point.mention.period, point.total


def _same_children(
    group: Sequence[tuple[Point, Point]], due: Mapping[tuple[object, ...], Point], check: OrderCheck, near: int
) -> bool | None:
    """Whether as many were due of the later dose as of the earlier one (to `near` percent), in most units of
    the table: then these are the same children, also in a month. None where it is not told how many were due."""
    dues = [(due.get(_place_along(a, check)), due.get(_place_along(b, check))) for a, b in group]
    told = [(before.value, after.value) for before, after in dues if before is not None and after is not None]
    return (
        3 * sum(100 * abs(before - after) <= near * after for before, after in told) >= 2 * len(told) if told else None
    )


def _of_cohorts(view: View) -> bool:
    """Whether what stands around a table says that its doses are those of the same children."""
    table = view.table
    said = "".join(str(table.sheet.raw(*spot) or "") for spot in (*table.titles, *table.footers))
    return bool(re.search(r"累计|出生队列|队列", said))


def in_kind(check: OrderCheck, point: Point) -> bool:
    period = point.mention.period
    return not check.periods or (period is not None and parse_period(period).kind in check.periods)


def series_along(points: Sequence[Point], dim: str) -> list[dict[str, Point]]:
    groups: dict[tuple[tuple[str, str], ...], dict[str, Point]] = {}
    for point in points:
        if dim in point.dims:
            rest = tuple(sorted((k, v) for k, v in point.dims.items() if k != dim))
            groups.setdefault(rest, {}).setdefault(point.dims[dim], point)
    return list(groups.values())


def _out_of_order(asked: Asked, check: OrderCheck, earlier: Point, later: Point) -> Finding:
    rest = {k: v for k, v in later.dims.items() if k != check.dim}
    name = next((v.name_zh for v in asked.catalogue.vaccines if v.code == rest.get("vaccine")), "")
    return asked.find(
        [later.cell, earlier.cell], later.at, name=name + asked.catalogue.name(later.name), unit=later.entity,
        earlier=earlier.dims[check.dim], earlier_value=_at(earlier), later=later.dims[check.dim],
        later_value=shown(later.value), cell=later.at.cell,
    )  # fmt: skip


def share(asked: Asked, check: ShareCheck, lines: Sequence[Line]) -> Iterator[Finding]:
    """B16: a count that is more than a few percent of another."""
    for line in lines:
        for part in line.get(check.part, ()):
            whole = base_of(check, part, line)
            if whole is None or whole.value <= 0 or part.value < check.least_count:
                continue
            percent = part.value * 100 / whole.value
            if percent > check.most:
                yield asked.find(
                    [part.cell], part.at, part=named(part, asked.catalogue), part_value=shown(part.value),
                    whole=named(whole, asked.catalogue), whole_value=shown(whole.value), share=shown(percent),
                    most=shown(check.most), cell=part.at.cell, unit=part.entity,
                )  # fmt: skip


def base_of(check: ShareCheck, part: Point, line: Line) -> Point | None:
    """What a count is a share of: the first of the counts that the check names which stands beside it."""
    wholes = (whole_of(part, line.get(name, ())) for name in (check.whole, *check.or_of))
    return next((one for one in wholes if one is not None), None)


def empty(asked: Asked, check: EmptyCheck, lines: Sequence[Line]) -> Iterator[Finding]:
    """B20: a school without pupils, teachers or classes."""
    for line in lines:
        yield from _all_zero(asked, check, line)
        told: set[Point | int] = set()
        for zero_name, other_name in check.pairs:
            for zero in line.get(zero_name, ()):
                other = next((p for p in line.get(other_name, ()) if belongs(p.dims, zero.dims) and p.value > 0), None)
                if zero.value == 0 and other is not None and id(zero) not in told and not zero.total:
                    told.add(id(zero))
                    yield asked.find(
                        [zero.cell], zero.at, zero=named(zero, asked.catalogue), other=named(other, asked.catalogue),
                        other_value=_at(other), cell=zero.at.cell, unit=zero.entity,
                    )  # fmt: skip


def _all_zero(asked: Asked, check: EmptyCheck, line: Line) -> Iterator[Finding]:
    """Nobody and nothing in a school that is still listed."""
    zeros = together_in(check, line)
    if zeros and len(zeros) < 2:  # a row of movements: nobody there, nobody came, nobody left
        others = [p for points in line.values() for p in points if not p.total]
        zeros = others if len(others) >= _ROW_OF_ZEROS else zeros
    if len(zeros) > 1 and all(p.value == 0 for p in zeros):
        names = "、".join(named(p, asked.catalogue) for p in zeros)
        yield asked.find(
            [p.cell for p in zeros], zeros[0].at, zero=names, other="", other_value="", cell=zeros[0].at.cell,
            unit=zeros[0].entity,
        )  # fmt: skip


def together_in(check: EmptyCheck, line: Line) -> list[Point]:
    """The counts of a line that are not all nought in a school at work."""
    found = [next((p for p in line.get(name, ()) if not p.dims.keys() - {"level"}), None) for name in check.together]
    return [p for p in found if p is not None and not p.total]


def absent(asked: Asked, check: AbsentCheck, lines: Sequence[Line]) -> Iterator[Finding]:
    """B37: a rate about things that the unit does not have."""
    for line in lines:
        base = next((p for name in check.bases for p in line.get(name, ()) if p.value == 0 and not p.total), None)
        for name in check.rates if base is not None else ():
            for rate in line.get(name, ()):
                assert base is not None
                yield _of_nothing(asked, base, rate)
        for name in check.counts if base is not None else ():
            for some in line.get(name, ()):
                assert base is not None
                if some.value > 0:
                    yield _of_nothing(asked, base, some)


def _of_nothing(asked: Asked, base: Point, told: Point) -> Finding:
    return asked.find(
        [told.cell], told.at, base=named(base, asked.catalogue), name=named(told, asked.catalogue),
        value=shown(told.value), cell=told.at.cell, unit=told.entity,
    )  # fmt: skip


def contradiction(
    asked: Asked, check: ContradictionCheck, lines: Sequence[Line], views: Sequence[View] = ()
) -> Iterator[Finding]:
    """B31: nobody dropped out, but many are missing."""
    accounted = accounted_for(views) if check.gap else frozenset()
    for line in lines:
        zeros = [p for name in check.rates for p in line.get(name, ()) if p.value == 0 and not p.total]
        if not zeros:
            continue
        rate = zeros[0]
        if any(
            p.value > 0 for name in check.rates for p in line.get(name, ()) if dims_key(p.dims) == dims_key(rate.dims)
        ):
            continue  # a rate that rounds to 0, beside those who left
        for name, n, cell in _against(line, check, asked, accounted):
            yield asked.find(
                [cell, rate.cell], rate.at, name=named(rate, asked.catalogue), other=name, n=shown(n),
                cell=rate.at.cell, unit=rate.entity,
            )  # fmt: skip
            break


def _against(
    line: Line, check: ContradictionCheck, asked: Asked, accounted: Collection[Cell]
) -> Iterator[tuple[str, Decimal, tuple[str | None, str]]]:
    both = bool(check.gap) and all(name in line for name in check.gap or ())
    more, less = (line[name][0] for name in check.gap) if check.gap and both else (None, None)
    gap = more.value - less.value if more is not None and less is not None else Decimal(0)
    for code in check.counts:
        for point in line.get(code, ()):
            if point.value >= check.least or gap == point.value > 0:  # just those who are suspected are not there
                yield named(point, asked.catalogue), point.value, point.cell
    if more is None or less is None or less.cell in accounted:
        return
    if gap >= check.least_gap and gap * 100 >= check.percent * more.value:
        yield f"{named(more, asked.catalogue)}减{named(less, asked.catalogue)}", gap, less.cell
