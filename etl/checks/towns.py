"""Evaluator of where schools lie (B22): one school is in one town, wherever the file says so."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from etl.checks.findings import Asked, Cell, Finding
from etl.checks.tables import cell_at
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.columns import Role
from etl.sheets.seats import is_seat_head
from etl.sheets.views import Card, View

_MOST = 100_000  # rows of a list that are looked at
_TOWN = re.compile(r"乡|镇|街道|苏木|办事处")
_SAID = re.compile(r"所[在属]|归属|隶属|属地|驻地")
_NOTHING = frozenset(("", "/", "-", "—", "无"))
Told = dict[str, list[tuple[str, Cell]]]


def two_towns(asked: Asked, views: Sequence[View], cards: Sequence[Card]) -> Iterator[Finding]:
    """A school whose rows or card name another town than most of what the file says of it; where nothing is usual, than the first."""
    told: Told = defaultdict(list)
    for view in views:
        _read_table(view, told)
    for card in cards:
        _read_card(card, told)
    for school, places in told.items():
        counts = Counter(town for town, _ in places)
        if len(counts) < 2:
            continue
        usual = next(town for town, n in counts.items() if n == max(counts.values()))
        known = next(cell for town, cell in places if town == usual)
        for town, cell in places:
            if not _is_same(town, usual):
                other = f"{_named(known, cell)}写的是“{usual}”"
                yield asked.find([cell, known], value=town, cell=cell[1], other=other, unit=school, digits="")


def _named(cell: Cell, beside: Cell) -> str:
    return cell[1] if cell[0] == beside[0] else f"工作表“{cell[0]}”的{cell[1]}"


def _is_same(one: str, other: str) -> bool:
    """花园 is 花园乡, and 青岭县花园乡 too."""
    return one in other or other in one


def is_town_head(key: str) -> bool:
    """Whether a header says of a school in which town it lies: 所在乡镇, but neither 所属县区 nor 乡镇 (whose rows are of the town)."""
    return is_seat_head(key) and bool(_TOWN.search(key)) and bool(_SAID.match(key))


def _read_table(view: View, told: Told) -> None:
    heads = {c: words.label_key(path[-1]) for c, path in enumerate(view.table.paths) if path}
    seat = next((c for c, key in heads.items() if is_town_head(key)), None)
    name = next((c.index for c in view.columns if c.role is Role.ENTITY and c.index != seat), None)
    if seat is None or name is None or len(view.table.body) > _MOST:
        return
    towns, schools = view.texts(seat), view.texts(name)
    for row in view.table.body:
        if towns[row] not in _NOTHING and words.is_single_school(schools[row]):
            told[schools[row]].append((towns[row], cell_at(view, row, seat)))


def _read_card(card: Card, told: Told) -> None:
    for field in card.fields:
        town = compact(card.value(field))
        if card.unit and is_town_head(field.key) and town not in _NOTHING:
            told[compact(card.unit)].append((town, card.cell(field)))
