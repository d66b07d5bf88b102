"""Grids from a compact notation: one line per row, | between cells, > merged from the left, ^ from above."""

from __future__ import annotations

from datetime import date

from db.records import Block, Grid, Reading


def _value(text: str) -> object:
    plain = text.strip()
    if plain.startswith("'"):
        return plain[1:]
    if plain.startswith('"'):
        return plain.strip('"')
    for kind in (int, float):
        try:
            return kind(plain) if plain and not plain.startswith("+") else plain
        except ValueError:
            continue
    if len(plain) == 11 and plain.startswith("@"):
        return date.fromisoformat(plain[1:])
    return plain or None


def grid(text: str, sheet: str = "Sheet1", style: str = "A1", merges: bool = True) -> Grid:
    """The grid of a drawing; with `merges=False` covered cells are plain blanks, as csv and careless exports give."""
    rows = [line.split("|") for line in text.strip("\n").splitlines()]
    width = max(len(row) for row in rows)
    cells = [[_value(part) for part in row] + [None] * (width - len(row)) for row in rows]
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    boxes: dict[tuple[int, int], list[int]] = {}
    for r, row in enumerate(rows):
        for c, part in enumerate(row):
            mark = part.strip()
            here = owner[r, c - 1] if mark == ">" else owner.get((r - 1, c), (r, c)) if mark == "^" else (r, c)
            owner[r, c] = here
            box = boxes.setdefault(here, [r, c])
            box[0], box[1] = max(box[0], r), max(box[1], c)
            if mark in (">", "^"):
                cells[r][c] = None
    merged = tuple((r, c, box[0], box[1]) for (r, c), box in boxes.items() if box != [r, c]) if merges else ()
    return Grid(sheet, tuple(tuple(row) for row in cells), merged, address_style=style)


def reading(*grids: Grid) -> Reading:
    """A workbook's reading of these grids."""
    return Reading("application/test", blocks=tuple(Block(n, "grid", g.sheet, grid=g) for n, g in enumerate(grids)))
