"""A source file on the screen: its whole text with numbers marked, or its grid with cells marked.

All text of the file is escaped here, and nothing runs: the box scrolls to the chosen place by itself
because that place is, for its first moment, the only scroll-snap point of the box.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from unicodedata import normalize

from db.records import Grid, cell_text

FOCUS, SENTENCE, NUMBER, OTHER, REJECTED, PART = "focus", "sentence", "number", "other", "rejected", "part"
HEAD, AROUND, LEFT, BESIDE = 6, 12, 2, 15  # of a big sheet: first rows, rows around the cell, the same for columns
ROWS, COLUMNS = HEAD + 2 * AROUND + 1, LEFT + 2 * BESIDE + 1  # up to here a sheet is drawn whole
_NUMERIC = re.compile(r"[<>]?-?[\d,]*\.?\d+\s*[%‰]?|[/-]")  # a value that was typed as text
_WIDE = 8  # a merge over more columns is a title, not a heading of a column
_ON_TOP = (FOCUS, NUMBER, PART, OTHER, REJECTED, SENTENCE)  # whose link and title a shared stretch carries

STYLE = """<style>
.doc { max-height: max(18rem, calc(100vh - 30rem)); overflow: auto; padding: .75rem 1rem; line-height: 1.9; scroll-snap-type: both mandatory;
  border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .5rem; position: relative; }
.doc .text { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 46em; margin: 0 auto; }
.doc .sentence { background: color-mix(in srgb, #f5c400 26%, transparent); color: inherit; }
.doc .number, .doc .focus { background: #ffd83d; color: #1a1a1a; border-radius: 2px; padding: 0 1px; font-weight: 700;
  outline: 2px solid #b07d00; }
.doc .part { background: #cfe8ff; color: #1a1a1a; outline: 1px solid #2a6fb0; }
.doc .other { background: none; color: inherit; text-decoration: underline dotted 2px #2a7fd0; text-underline-offset: 4px; }
.doc .rejected { background: none; color: inherit; text-decoration: line-through 1.5px; opacity: .75; }
.doc [data-tag]::after { content: attr(data-tag); display: inline-block; text-decoration: none; font-size: .7em;
  line-height: 1.2; margin: 0 .2em; padding: 0 .3em; border: 1px solid currentColor; border-radius: .3em; }
.doc a { color: inherit; } .doc a:hover, .doc a:focus { background: color-mix(in srgb, #2a7fd0 25%, transparent); }
.doc mark[id="here"] { display: inline-block; line-height: 1.3; } /* an inline box is no scroll target */
.doc [id="here"] { animation: here .8s 1; scroll-initial-target: nearest; }
@keyframes here { from { scroll-snap-align: center; } to { scroll-snap-align: center; } }
.doc table { border-collapse: collapse; font-size: .875rem; line-height: 1.5; }
.doc th, .doc td { border: 1px solid color-mix(in srgb, currentColor 18%, transparent); padding: .15rem .5rem;
  white-space: nowrap; max-width: 18em; overflow: hidden; text-overflow: ellipsis; }
.doc td.n { text-align: right; font-variant-numeric: tabular-nums; }
.doc th { font-weight: 400; opacity: .7; text-align: center; background: color-mix(in srgb, currentColor 6%, transparent); }
.doc td[colspan], .doc td[rowspan] { max-width: none; text-align: center; }
.doc td.covered { opacity: .45; } .doc td a { display: block; } .doc thead th { position: sticky; top: -.75rem; z-index: 1; }
.doc thead th, .doc tbody th { opacity: 1; backdrop-filter: blur(8px); } .doc tbody th { position: sticky; left: -1rem; }
.doc tr.gap td { text-align: center; opacity: .6; }
@media print { .doc { max-height: none; overflow: visible; } }
</style>"""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch [start, end) of a text: what it is, where a click leads, what a pointer reads, and the word or two
    that stand behind it for everybody."""

    start: int
    end: int
    kind: str
    href: str | None = None
    title: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class CellMark:
    """A cell of a grid by its address (A1 or R1C1)."""

    cell: str
    kind: str
    href: str | None = None
    title: str = ""
    tag: str = ""


def text_html(text: str, marks: Iterable[Mark], *, first: int = 0, last: int | None = None) -> str:
    """The stretch [first, last) of a text as escaped HTML with its marks; the focus is scrolled into view.

    Marks may overlap: the text is cut at every border, so each mark covers exactly its own characters.
    """
    last = len(text) if last is None else min(last, len(text))
    shown = [mark for mark in marks if mark.start < last and mark.end > first and mark.start < mark.end]
    cuts = {first, last, *(p for mark in shown for p in (mark.start, mark.end) if first < p < last)}
    starting: dict[int, list[Mark]] = {}
    for mark in shown:
        starting.setdefault(max(mark.start, first), []).append(mark)
    parts, open_marks, anchored = [], [], False
    for start, end in pairwise(sorted(cuts)):
        open_marks = [mark for mark in open_marks if mark.end > start] + starting.get(start, [])
        here = not anchored and any(mark.kind == FOCUS for mark in open_marks)
        anchored = anchored or here
        parts.append(_stretch(escape(text[start:end]), open_marks, end, here))
    return f'{STYLE}<div class="doc" tabindex="0"><div class="text">{"".join(parts)}</div></div>'


def _stretch(escaped: str, marks: Sequence[Mark], end: int, here: bool) -> str:
    if not marks:
        return escaped
    top = min(marks, key=lambda mark: _ON_TOP.index(mark.kind))
    kinds = " ".join(sorted({mark.kind for mark in marks}))
    attributes = f' class="{kinds}"' + (' id="here"' if here else "")
    attributes += f' title="{escape(top.title)}"' if top.title else ""
    tags = dict.fromkeys(mark.tag for mark in marks if mark.tag and mark.end == end)
    attributes += f' data-tag="{escape(" ".join(tags))}"' if tags else ""
    if top.href:
        return f'<a href="{escape(top.href)}"{attributes}>{escaped}</a>'
    return f"<mark{attributes}>{escaped}</mark>"


def pages_of(text: str, size: int) -> list[tuple[int, int]]:
    """Cut a very long text into stretches of about `size` characters, at line ends where there are any."""
    cuts = [0]
    while len(text) - cuts[-1] > size:
        limit = cuts[-1] + size
        newline = text.rfind("\n", cuts[-1] + size // 2, limit)
        cuts.append(newline + 1 if newline >= 0 else limit)
    return list(pairwise([*cuts, len(text)]))


def position(cell: str) -> tuple[int, int] | None:
    """Row and column, counted from 0, of an address in either style; None when it is no address."""
    by_number = re.fullmatch(r"R(\d+)C(\d+)", cell)
    if by_number:
        return int(by_number[1]) - 1, int(by_number[2]) - 1
    by_letter = re.fullmatch(r"([A-Z]{1,3})(\d+)", cell)
    if not by_letter:
        return None
    col = 0
    for letter in by_letter[1]:
        col = col * 26 + ord(letter) - 64
    return int(by_letter[2]) - 1, col - 1


def window(total: int, focus: int | None, head: int, around: int) -> list[int]:
    """Which rows (or columns) to draw: the first `head` and those around the focus; all when they are few."""
    if total <= head + 2 * around + 1 or focus is None:
        return list(range(min(total, head + 2 * around + 1)))
    near = range(max(0, focus - around), min(total, focus + around + 1))
    return sorted({*range(min(head, total)), *near})


def drawn(
    grid: Grid, focus: tuple[int, int] | None, head: int = HEAD, around: int = AROUND
) -> tuple[list[int], list[int]]:
    """Which rows and columns of a sheet are drawn when one of its cells is in focus, or none."""
    width = max((len(row) for row in grid.cells), default=0)
    rows = window(len(grid.cells), focus[0] if focus else None, head, around)
    return rows, window(width, focus[1] if focus else None, LEFT, BESIDE)


def drawn_cells(grid: Grid, focus: str | None) -> list[str]:
    """The addresses of the cells that are drawn, in both styles: a csv may be cited in either."""
    rows, cols = drawn(grid, position(focus) if focus else None)
    styles = (replace(grid, address_style=style) for style in ("A1", "RC"))
    return [each.address(row, col) for each in styles for row in rows for col in cols]


def grid_html(
    grid: Grid, marks: Iterable[CellMark], *, head: int = HEAD, around: int = AROUND, caption: str = ""
) -> str:
    """A sheet as an escaped table with its marks, row numbers and column letters; of a big sheet the first
    rows and those around the focus, with a row of dots where some are left out."""
    by_cell: dict[tuple[int, int], list[CellMark]] = {}
    for mark in marks:
        at = position(mark.cell)
        if at is not None:
            by_cell.setdefault(at, []).append(mark)
    focus = next((at for at, held in by_cell.items() if any(mark.kind == FOCUS for mark in held)), None)
    rows, cols = drawn(grid, focus, head, around)
    spans, covered = merged(grid, rows, cols)
    lines = []
    for before, row in zip([None, *rows], rows, strict=False):
        if before is not None and row > before + 1:
            lines.append(f'<tr class="gap"><td colspan="{len(cols) + 1}">⋯</td></tr>')
        cells = "".join(_cell_html(grid, (row, col), by_cell.get((row, col), []), spans, covered) for col in cols)
        lines.append(f'<tr><th scope="row">{row + 1}</th>{cells}</tr>')
    label = f"<caption>{escape(caption)}</caption>" if caption else ""
    table = f"<table>{label}<thead>{_head_row(grid, cols)}</thead><tbody>{''.join(lines)}</tbody></table>"
    return f'{STYLE}<div class="doc" tabindex="0">{table}</div>'


def _head_row(grid: Grid, cols: Sequence[int]) -> str:
    return "<tr><th></th>" + "".join(f'<th scope="col">{name}</th>' for name in column_letters(grid, cols)) + "</tr>"


def column_letters(grid: Grid, cols: Sequence[int]) -> list[str]:
    """What columns are called: A, B, ... in a workbook, C1, C2, ... in a csv."""
    names = [grid.address(0, col) for col in cols]
    return [name.removeprefix("R1") if grid.address_style == "RC" else name[:-1] for name in names]


def merged(
    grid: Grid, rows: Sequence[int], cols: Sequence[int]
) -> tuple[dict[tuple[int, int], tuple[int, int]], dict[tuple[int, int], tuple[int, int]]]:
    """The merges as they are drawn: anchor -> (rows, columns) where a merge is visible whole, and covered
    cell -> anchor where only a part of it is."""
    spans, covered = {}, {}
    for top, left, bottom, right in grid.merges:
        inside = [(r, c) for r in rows if top <= r <= bottom for c in cols if left <= c <= right]
        whole = len(inside) == (bottom - top + 1) * (right - left + 1)
        if whole:
            spans[(top, left)] = (bottom - top + 1, right - left + 1)
        covered |= {at: (top, left) for at in inside if at != (top, left)}
    return spans, covered


def _value(grid: Grid, row: int, col: int) -> object:
    cells = grid.cells[row] if row < len(grid.cells) else ()
    return cells[col] if col < len(cells) else None


def _cell_html(
    grid: Grid,
    at: tuple[int, int],
    marks: Sequence[CellMark],
    spans: Mapping[tuple[int, int], tuple[int, int]],
    covered: Mapping[tuple[int, int], tuple[int, int]],
) -> str:
    anchor = covered.get(at)
    if anchor in spans:
        return ""
    value, classes = _value(grid, *at), {mark.kind for mark in marks}
    if value is None and anchor is not None:
        value, classes = _value(grid, *anchor), classes | {"covered"}
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        classes.add("n")
    attributes = f' class="{" ".join(sorted(classes))}"' if classes else ""
    attributes += ' id="here"' if FOCUS in classes else ""
    if at in spans:
        attributes += f' rowspan="{spans[at][0]}" colspan="{spans[at][1]}"'
    top = min(marks, key=lambda mark: _ON_TOP.index(mark.kind), default=None)
    attributes += f' title="{escape(top.title)}"' if top and top.title else ""
    attributes += f' data-tag="{escape(top.tag)}"' if top and top.tag else ""
    text = escape(cell_text(value))
    return f"<td{attributes}>{_linked(text, top)}</td>"


def _linked(text: str, mark: CellMark | None) -> str:
    return f'<a href="{escape(mark.href)}">{text}</a>' if mark is not None and mark.href else text


def labels(grid: Grid, cell: str) -> tuple[str, str]:
    """What the row and the column of a cell are called: the first text of the row and the texts over the
    cell, down to where the numbers begin, each said once."""
    at = position(cell)
    if at is None or at[0] >= len(grid.cells):
        return "", ""
    row = next((value for value in grid.cells[at[0]] if isinstance(value, str) and value.strip()), "")
    covered = {
        (r, c): (top, left) for top, left, bottom, right in grid.merges for r in range(top, min(bottom, 20) + 1)
        for c in range(left, right + 1) if right - left < _WIDE
    }  # fmt: skip
    over: list[str] = []
    for r in range(min(at[0], 20)):
        value = _value(grid, *covered.get((r, at[1]), (r, at[1])))
        if isinstance(value, (int, float)) or (
            isinstance(value, str) and _NUMERIC.fullmatch(normalize("NFKC", value.strip()))
        ):
            break
        if isinstance(value, str) and value.strip() and value not in over:
            over.append(value)
    return row.strip(), " · ".join(text.strip() for text in over)
