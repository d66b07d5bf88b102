"""Evaluators of cards, sheets of labels with values about one school (一校一档): codes, blanks, and the list of all schools."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from db.catalogue.rule_kinds import BlankCheck, CodeCheck, ParentCheck
from db.periods import parse_period
from db.records import dims_key
from etl.checks.codes import SCHOOL_CODE, well_formed
from etl.checks.findings import Asked, Finding, listed, shown
from etl.checks.points import Point, named
from etl.checks.totals import COUNTS
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.views import Card

_STRUCK_OUT = frozenset("×xX*■□")  # digits that were left out on purpose


def school_codes(asked: Asked, check: CodeCheck, cards: Sequence[Card]) -> Iterator[Finding]:
    """B21: the code that a card states is one of a school."""
    for card in cards:
        for field in card.fields if check.of == "school" else ():
            text = compact(card.value(field))
            if not SCHOOL_CODE.search(field.key) or not text or well_formed(check, text) or _STRUCK_OUT & {*text}:
                continue
            cell = card.cell(field)
            digits = "、".join(map(str, check.digits))
            yield asked.find([cell], value=text, cell=cell[1], digits=digits, unit=card.unit or "", other="")


def blanks(asked: Asked, check: BlankCheck, cards: Sequence[Card]) -> Iterator[Finding]:
    """B27: known items of a card that nobody filled in, where most of them are."""
    for card in cards:
        known = [f for f in card.fields if f.label.indicator and not f.label.rest and not f.label.ignored]
        empty = [f for f in known if read_cell(card.value(f)).kind is Kind.BLANK]
        if empty and 2 * len(empty) < len(known):
            cells = [card.cell(f) for f in empty]
            names = "、".join(f.key for f in empty)
            yield asked.find(cells, name=names, n=len(empty), cells=listed([address for _, address in cells]))


def beside_lists(asked: Asked, check: ParentCheck, cards: Sequence[Card], points: Sequence[Point]) -> Iterator[Finding]:
    """B29: what a card says of its school beside what the list of all schools in the same file says."""
    own = {card.sheet.grid.sheet for card in cards}
    listed_: dict[tuple[object, ...], list[Point]] = defaultdict(list)
    for point in points if own else ():
        if point.at.sheet not in own and point.mention.entity and not point.total:
            listed_[_what(point)].append(point)
    for point in points if listed_ else ():
        if point.at.sheet not in own or point.total or point.unit not in COUNTS:
            continue
        other = next((one for one in listed_.get(_what(point), ()) if _at_one_time(point, one)), None)
        if other is not None and other.value != point.value:
            place = f"工作表“{other.at.sheet}”的单元格{other.at.cell}为{shown(other.value)}"
            yield asked.find(
                [point.cell, other.cell], point.at, name=named(point, asked.catalogue), unit=point.entity,
                value=shown(point.value), computed=place, difference=shown(abs(point.value - other.value)),
                cell=point.at.cell,
            )  # fmt: skip


def _what(point: Point) -> tuple[object, ...]:
    dims = {name: value for name, value in point.dims.items() if name != "level"}
    return point.name, dims_key(dims), point.mention.entity


def _at_one_time(one: Point, other: Point) -> bool:
    """Whether the two may be about the same time: 2025 and the 1st of September of it, or a card that tells none."""
    first, second = (parse_period(code) if code else None for code in (one.mention.period, other.mention.period))
    return first is None or second is None or (first.start <= second.end and second.start <= first.end)
