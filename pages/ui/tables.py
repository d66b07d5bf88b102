"""Tables whose every number is a link and whose cells carry small second lines: drawn as escaped HTML, so they
read on a phone and print as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

STYLE = """<style>
.grid { overflow-x: auto; max-width: 100%; }
.grid table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.45; margin: 0; }
.grid caption { text-align: left; font-size: .8rem; opacity: .75; padding-bottom: .3rem; }
.grid th, .grid td { padding: .4rem .6rem; text-align: left; vertical-align: top; border: 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 16%, transparent); }
.grid thead th { border-bottom-width: 2px; font-weight: 600; vertical-align: bottom; }
.grid tbody th { font-weight: 400; min-width: 8em; max-width: 18em; }
.grid td small { white-space: normal; min-width: 6em; }
.grid td { white-space: nowrap; font-variant-numeric: tabular-nums; }
.grid .wrap td { white-space: normal; min-width: 6em; }
.grid .wrap td:last-child { min-width: 12em; }
.grid tr.group th { font-weight: 600; background: color-mix(in srgb, currentColor 6%, transparent); }
.grid small { display: block; opacity: .75; font-size: .78rem; }
.grid a { color: inherit; text-decoration: underline dotted; text-underline-offset: 3px; }
.grid .met b, .grid .near b, .grid .missed b { display: inline-block; font-weight: 600; padding: 0 .3em; border-radius: 3px; white-space: nowrap; }
.grid .met b { background: color-mix(in srgb, #2a7fd0 18%, transparent); }
.grid .near b { background: color-mix(in srgb, #8a8f98 22%, transparent); }
.grid .missed b { background: color-mix(in srgb, #e07a1f 28%, transparent); }
@media print { .grid { overflow: visible; } .grid tr { break-inside: avoid; } .grid thead { display: table-header-group; }
  .grid th, .grid td { padding: .1rem .4rem; line-height: 1.25; }
  .grid td { white-space: normal; } .grid td small { display: inline; min-width: 0; margin-left: .4em; }
  [data-testid="stMainBlockContainer"] { zoom: .6; padding-top: 0; padding-bottom: 0; }
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stSelectbox"], [data-testid="stDownloadButton"],
  [data-testid="stPageLink"], [data-testid="stCheckbox"], [data-testid="stExpander"], [data-testid="stMetricChart"] {
    display: none; } }
</style>"""
SYMBOLS = {"met": "✓ ", "near": "≈ ", "missed": "✗ ", "not_compared": ""}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, where it leads, small lines below it, and a target state with its word."""

    text: str
    href: str | None = None
    notes: tuple[str, ...] = ()
    state: str = ""
    state_words: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its heading and its cells; without cells it is the heading of a group of rows."""

    head: Cell
    cells: tuple[Cell, ...] = ()


def table_html(columns: Sequence[str], rows: Sequence[Row], *, caption: str = "", wrap: bool = False) -> str:
    """The table as HTML; the first of `columns` stands over the row headings. Everything is escaped."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(_row_html(row, len(columns)) for row in rows)
    label = f"<caption>{escape(caption)}</caption>" if caption else ""
    kind = ' class="wrap"' if wrap else ""
    return (
        f'{STYLE}<div class="grid" tabindex="0"><table{kind}>{label}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def draw(columns: Sequence[str], rows: Sequence[Row], *, caption: str = "", wrap: bool = False) -> None:
    """Draw the table on the page."""
    st.html(table_html(columns, rows, caption=caption, wrap=wrap))


def _row_html(row: Row, width: int) -> str:
    if not row.cells:
        return f'<tr class="group"><th colspan="{width}">{_inside(row.head)}</th></tr>'
    cells = "".join(f"<td>{_inside(cell)}</td>" for cell in row.cells)
    return f'<tr><th scope="row">{_inside(row.head)}</th>{cells}</tr>'


def _inside(cell: Cell) -> str:
    text = escape(cell.text)
    if cell.href:
        text = f'<a href="{escape(cell.href)}">{text}</a>'
    if cell.state_words:
        text += f'<small class="{escape(cell.state)}"><b>{SYMBOLS.get(cell.state, "")}{escape(cell.state_words)}</b></small>'
    return text + "".join(f"<small>{escape(note)}</small>" for note in cell.notes if note)
