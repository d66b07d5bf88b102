"""Evaluators of transfers inside a county (B11): what some schools sent away others took in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from db.catalogue.rule_kinds import FlowsCheck
from db.records import dims_key
from etl.checks.findings import Asked, Finding, listed, shown
from etl.checks.points import Point
from etl.checks.tables import cell_at, number
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.left_out import SENT_FROM, TAKEN_IN_BY, school_pairs
from etl.sheets.views import View

_SAYS = r"(?:学校|方)?(?:上报|填报|报|登记)(?:人数|数)"
_SENT = re.compile(rf"(?:申请)?(?:转|迁)出(?:学生)?(?:总?人数|数)|(?:转|迁)出{_SAYS}")
_TAKEN = re.compile(
    r"(?:(?:转|迁)入(?:学校|方)?|接收(?:学校|方)?)?(?:实际)?(?:确认|接收|接受|收到|报到|入籍|转入)(?:学生)?(?:总?人数|数)"
    rf"|(?:转|迁)入{_SAYS}"
)
_ONE_OF = 4  # names of which one may be strange; of a list of some schools only more are
_OPEN = re.compile(r"(?:在途|未报到|途中|未到校|待确认).*")


def flows(asked: Asked, check: FlowsCheck, points: Sequence[Point], views: Sequence[View]) -> Iterator[Finding]:
    """B11: inside one county, what some schools sent away others took in; and row by row where a table names both schools."""
    if check.of == "listed":
        yield from _unlisted(asked, views)
        return
    for view in views:
        yield from _pairs(asked, check, view)
    periods = {p.mention.period for p in points if p.name in (check.out, check.in_)}
    for period in sorted(periods, key=str):
        sent, taken = (
            [p for p in points if p.name == name and not p.total and p.mention.period == period]
            for name in (check.out, check.in_)
        )
        if any(p.value < 0 or p.value != p.value.to_integral_value() for p in (*sent, *taken)):
            continue  # told already: no number of pupils
        left, came = (sum((p.value for p in side), Decimal(0)) for side in (sent, taken))
        if len(sent) > 1 and len(taken) > 1 and left != came:
            senders, takers = (listed([p.entity for p in side if p.value]) or "各校" for side in (sent, taken))
            sums = [p for p in points if p.total and p.name in (check.out, check.in_) and p.mention.period == period]
            spots = [p.cell for p in (*_unmatched(sent, taken), *sums)]
            yield asked.find(
                [sent[0].cell, taken[0].cell, *spots], senders=senders, takers=takers, out=asked.catalogue.name(check.out), out_value=shown(left),
                in_=asked.catalogue.name(check.in_), in_value=shown(came), difference=shown(abs(left - came)),
                cell=f"{sent[0].at.cell}、{taken[0].at.cell}所在列",
            )  # fmt: skip


def _unmatched(sent: Sequence[Point], taken: Sequence[Point]) -> Iterator[Point]:
    """Of one unit's groups side by side (小学, 初中) those whose two sides differ."""
    if len({p.mention.entity for p in (*sent, *taken)}) > 1:
        return
    came = {dims_key(p.dims): p for p in taken}
    for point in sent:
        other = came.get(dims_key(point.dims))
        if other is not None and other.value != point.value:
            yield from (point, other)


def _pairs(asked: Asked, check: FlowsCheck, view: View) -> Iterator[Finding]:
    """转出学校 | 转入学校 | 转出人数 | 转入学校确认人数 | 在途或未报到: those who are on the way are told apart."""
    heads = {c: words.label_key(path[-1]) for c, path in enumerate(view.table.paths) if path}
    columns = [
        next((c for c, key in heads.items() if p.fullmatch(key)), None)
        for p in (SENT_FROM, TAKEN_IN_BY, _SENT, _TAKEN, _OPEN)
    ]
    origin, target, sent, taken, waiting = columns
    if origin is None or target is None or sent is None or taken is None:
        return
    for row in view.table.body:
        left, came = number(view, row, sent), number(view, row, taken)
        open_ = number(view, row, waiting) or Decimal(0) if waiting is not None else Decimal(0)
        names = [compact(view.table.sheet.filled(row, c) or "") for c in (origin, target)]
        if left is None or came is None or left == came + open_ or not all(names):
            continue
        cells = [cell_at(view, row, c) for c in (taken, sent)]
        yield asked.find(
            cells, senders=names[0], takers=names[1], out=asked.catalogue.name(check.out), out_value=shown(left),
            in_=asked.catalogue.name(check.in_), in_value=shown(came + open_), difference=shown(abs(left - came - open_)),
            cell=f"{cells[1][1]}、{cells[0][1]}",
        )  # fmt: skip


def _unlisted(asked: Asked, views: Sequence[View]) -> Iterator[Finding]:
    """A school of a table of transfers that no other table of the file names, where these name nearly all of them."""
    known = {row.entity for view in views for row in view.rows if row.entity and not row.total}
    for view in views:
        pair = school_pairs(view.table)
        spots = [(row, col) for row in view.table.body for col in pair or () if len(view.table.sheet.own(row)) > 1]
        filled = [(spot, compact(view.table.sheet.filled(*spot) or "")) for spot in spots]
        named = [(spot, name) for spot, name in filled if name and not words.is_total(name)]
        strange = [(spot, name) for spot, name in named if name not in known]
        for spot, name in strange if len(strange) * _ONE_OF <= len(named) else ():
            cell = cell_at(view, *spot)
            yield asked.find(
                [cell], senders="", takers=name, out="", out_value="", in_="", in_value="", difference="", cell=cell[1]
            )
