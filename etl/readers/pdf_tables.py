"""Ruled tables of a page, from the lines that stand around their cells; and aligned ones, from their columns."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from etl.readers.page import Table
from etl.readers.pdf_lines import Line, joined, lines_of
from etl.readers.pdf_marks import Glyph, Rule

_NEAR = 3.0  # points: lines closer than this are one, ends closer than this meet
_FEWEST_ROWS = 3
_FEWEST_COLUMNS = 3
_MOST_LINES = 2_000  # of one direction on one page

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table and where it stands on its page; `edges` are the places of its columns."""

    table: Table
    top: float
    bottom: float
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where the lines of one direction stand, in order, and which stretches of each are drawn."""

    at: tuple[float, ...]
    drawn: tuple[tuple[Span, ...], ...]

    def covers(self, n: int, point: float) -> bool:
        return any(first - _NEAR <= point <= last + _NEAR for first, last in self.drawn[n])


def ruled_tables(rules: list[Rule], glyphs: list[Glyph]) -> tuple[list[PlacedTable], list[Glyph]]:
    """The tables, and the glyphs outside them. A frame around a single cell is no table."""
    tables: list[PlacedTable] = []
    for across, down in _groups(_axis(rules, True), _axis(rules, False)):
        if len(across.at) < 2 or len(down.at) < 2:
            continue
        left, right, top, bottom = down.at[0], down.at[-1], across.at[0], across.at[-1]
        inside = [g for g in glyphs if left < (g.x0 + g.x1) / 2 < right and top < _middle(g) < bottom]
        owners = _cells(across, down)
        columns = {col for _, col, _, _ in owners}
        if len(columns) < 2 or len({row for row, _, _, _ in owners}) < 2 or not inside:
            continue
        tables.append(PlacedTable(_filled(owners, across, down, inside), top, bottom, down.at))
        taken = set(map(id, inside))
        glyphs = [glyph for glyph in glyphs if id(glyph) not in taken]
    return tables, glyphs


def _middle(glyph: Glyph) -> float:
    return glyph.base - 0.3 * glyph.size


def _axis(rules: Iterable[Rule], horizontal: bool) -> _Axis:
    stretches: list[tuple[float, list[Span]]] = []
    for rule in sorted((r for r in rules if r.horizontal == horizontal), key=lambda rule: rule.at):
        if not stretches or rule.at - stretches[-1][0] > _NEAR:
            stretches.append((rule.at, []))
        stretches[-1][1].append((rule.first, rule.last))
    if len(stretches) > _MOST_LINES:
        return _Axis((), ())
    return _Axis(tuple(at for at, _ in stretches), tuple(_united(spans) for _, spans in stretches))


def _united(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first - merged[-1][1] <= _NEAR:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def _groups(across: _Axis, down: _Axis) -> list[tuple[_Axis, _Axis]]:
    """Stretches that cross or touch one another, group by group from top to bottom."""
    nodes = [(True, n, span) for n, spans in enumerate(across.drawn) for span in spans]
    nodes += [(False, n, span) for n, spans in enumerate(down.drawn) for span in spans]
    group = list(range(len(nodes)))

    def find(n: int) -> int:
        while group[n] != n:
            group[n] = group[group[n]]
            n = group[n]
        return n

    for a, (flat, row, (left, right)) in enumerate(nodes):
        for b, (other, col, (top, bottom)) in enumerate(nodes):
            crossing = flat and not other and left - _NEAR <= down.at[col] <= right + _NEAR
            if crossing and top - _NEAR <= across.at[row] <= bottom + _NEAR:
                group[find(a)] = find(b)
    members: dict[int, list[int]] = defaultdict(list)
    for n in range(len(nodes)):
        members[find(n)].append(n)
    found = [
        tuple(_chosen(axis, flat, nodes, chosen) for axis, flat in ((across, True), (down, False)))
        for chosen in members.values()
    ]
    return sorted(((a, d) for a, d in found if a.at and d.at), key=lambda pair: pair[0].at[0])


def _chosen(axis: _Axis, flat: bool, nodes: list[tuple[bool, int, Span]], chosen: list[int]) -> _Axis:
    spans: dict[int, list[Span]] = defaultdict(list)
    for n in chosen:
        if nodes[n][0] == flat:
            spans[nodes[n][1]].append(nodes[n][2])
    return _Axis(tuple(axis.at[n] for n in sorted(spans)), tuple(tuple(spans[n]) for n in sorted(spans)))


Owners = dict[tuple[int, int, int, int], None]


def _cells(across: _Axis, down: _Axis) -> Owners:
    """(row, col, rows, cols) of every cell: places not divided by a drawn line are one cell."""
    rows, cols = len(across.at) - 1, len(down.at) - 1
    taken: set[tuple[int, int]] = set()
    cells: Owners = {}
    for row in range(rows):
        middle = (across.at[row] + across.at[row + 1]) / 2
        for col in range(cols):
            if (row, col) in taken:
                continue
            wide = 1
            while col + wide < cols and not down.covers(col + wide, middle) and (row, col + wide) not in taken:
                wide += 1
            point = (down.at[col] + down.at[col + 1]) / 2
            tall = 1
            while row + tall < rows and not across.covers(row + tall, point):
                tall += 1
            taken.update((r, c) for r in range(row, row + tall) for c in range(col, col + wide))
            cells[row, col, tall, wide] = None
    return cells


def _filled(cells: Owners, across: _Axis, down: _Axis, glyphs: list[Glyph]) -> Table:
    owner = {(row + r, col + c): (row, col) for row, col, tall, wide in cells for r in range(tall) for c in range(wide)}
    inside: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        row = bisect_right(across.at, _middle(glyph)) - 1
        col = bisect_right(down.at, (glyph.x0 + glyph.x1) / 2) - 1
        inside[owner[min(row, len(across.at) - 2), min(col, len(down.at) - 2)]].append(glyph)
    table = Table()
    for row, col, tall, wide in cells:
        table.put(row, col, _cell_text(lines_of(inside[row, col])), tall, wide)
    return table


def _cell_text(lines: list[Line]) -> str:
    """Lines of a cell are one text; digits that meet at a break may be two numbers and stay apart."""
    text = ""
    for line in lines:
        piece = line.text.replace("\t", " ")
        apart = text[-1:].isdigit() and piece[:1].isdigit()
        text = f"{text}\n{piece}" if apart else joined(text, piece, True)
    return text


def aligned_table(lines: list[Line]) -> tuple[Table, int]:
    """The table that begins with the first line, and how many lines it takes; 0 when there is none.

    At least three lines of three columns each; later lines may leave cells empty, but never stand across a gap.
    """
    columns: list[Span] = []
    rows: list[dict[int, str]] = []
    for line in lines:
        spans = [(segment[0].x0, max(glyph.x1 for glyph in segment)) for segment in line.segments]
        if not columns and len(spans) >= _FEWEST_COLUMNS:
            columns = spans
        places = _places(spans, columns)
        if places is None:
            break
        columns = [_widened(column, spans, places, n) for n, column in enumerate(columns)]
        rows.append(dict(zip(places, line.text.split("\t"), strict=True)))
    full = sum(len(row) == len(columns) for row in rows)
    if full < _FEWEST_ROWS:
        return Table(), 0
    table = Table()
    for r, row in enumerate(rows):
        for col in range(len(columns)):
            table.put(r, col, row.get(col, ""))
    return table, len(rows)


def _places(spans: list[Span], columns: list[Span]) -> list[int] | None:
    """The column of each span; None when a span meets none or several, or two meet the same one."""
    if len(spans) < 2:
        return None
    places: list[int] = []
    for first, last in spans:
        met = [n for n, (left, right) in enumerate(columns) if first < right and left < last]
        if len(met) != 1 or met[0] in places:
            return None
        places.append(met[0])
    return places


def _widened(column: Span, spans: list[Span], places: list[int], n: int) -> Span:
    if n not in places:
        return column
    first, last = spans[places.index(n)]
    return min(column[0], first), max(column[1], last)
