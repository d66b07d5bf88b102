"""Evaluators of cards, sheets of labels with values about one school (一校一档): codes, blanks, and the list of all schools."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from db.catalogue.rule_kinds import BlankCheck, CodeCheck, ParentCheck
from db.periods import parse_period
from db.records import Qualifier, dims_key
from etl.checks.codes import SCHOOL_CODE, well_formed
from etl.checks.findings import Asked, Finding, listed, shown
from etl.checks.points import Point, named
from etl.checks.totals import COUNTS
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.views import Card

_DIGITS, _SEVERAL = 10, 2  # of a 标识码; cards of one province
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


def provinces(asked: Asked, cards: Sequence[Card]) -> Iterator[Finding]:
    """B22: the province of a card's code beside that of the other cards of the file."""
    stated = [(card, f, compact(card.value(f))) for card in cards for f in card.fields if SCHOOL_CODE.search(f.key)]
    coded = [one for one in stated if len(one[2]) == _DIGITS and one[2].isdecimal()]
    usual, n = Counter(text[2:4] for *_, text in coded).most_common(1)[0] if coded else ("", 0)
    for card, field, text in coded if n >= _SEVERAL and n * 3 >= 2 * len(coded) else ():
        if text[2:4] != usual:
            cell = card.cell(field)
            yield asked.find([cell], value=text, cell=cell[1], other="其他学校档案中的标识码", unit="", digits="")


def blanks(asked: Asked, check: BlankCheck, cards: Sequence[Card]) -> Iterator[Finding]:
    """B27: known items of a card that nobody filled in, where most of them are."""
    for card in cards:
        known = [f for f in card.fields if f.label.indicator and not f.label.rest and not f.label.ignored]
        empty = [f for f in known if read_cell(card.value(f)).kind is Kind.BLANK]
        if empty and 2 * len(empty) < len(known):
            cells = [card.cell(f) for f in empty]
            names = "、".join(f.key for f in empty)
            yield asked.find(cells, name=names, n=len(empty), cells=listed([address for _, address in cells]))


def inexact(asked: Asked, cards: Sequence[Card]) -> Iterator[Finding]:
    """B01: a count of a card that says 约, where the others are exact."""
    for card in cards:
        known = [f for f in card.fields if f.label.indicator and not f.label.rest and not f.label.ignored]
        told = [(f, read_cell(card.value(f))) for f in known]
        numbers = [(f, cell) for f, cell in told if cell.kind is Kind.NUMBER]
        about = [(f, cell) for f, cell in numbers if cell.qualifier is Qualifier.ABOUT]
        for field, value in about if 2 * len(about) < len(numbers) else ():
            at = card.cell(field)
            yield asked.find([at], value=value.text, cell=at[1], other=field.key, unit=card.unit or "")


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
            both = [point, other] if not _adds_up(point, points) else [other, point]
            yield asked.find(
                [one.cell for one in both], both[0].at, name=named(point, asked.catalogue), unit=point.entity,
                value=shown(point.value), computed=place, difference=shown(abs(point.value - other.value)),
                cell=point.at.cell,
            )  # fmt: skip


def _adds_up(whole: Point, points: Sequence[Point]) -> bool:
    """Whether the grades of a card show its own count to be right: then the list's is to be looked at."""
    parts = [
        p.value for p in points
        if p.at.sheet == whole.at.sheet and p.mention.entity == whole.mention.entity and p.name == whole.name
        and p.dims.keys() - whole.dims.keys() == {"grade"}
    ]  # fmt: skip
    return len(parts) > 1 and sum(parts) == whole.value


def _what(point: Point) -> tuple[object, ...]:
    dims = {name: value for name, value in point.dims.items() if name != "level"}
    return point.name, dims_key(dims), point.mention.entity


def _at_one_time(one: Point, other: Point) -> bool:
    """Whether the two may be about the same time: 2025 and the 1st of September of it, or a card that tells none."""
    first, second = (parse_period(code) if code else None for code in (one.mention.period, other.mention.period))
    return first is None or second is None or (first.start <= second.end and second.start <= first.end)
