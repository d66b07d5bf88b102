"""Tables whose every number is a link and whose cells carry small second lines: drawn as escaped HTML, so they
read on a phone and print as they stand. Where a table is too wide for a phone held upright, its rows become cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain, repeat
from typing import Literal

import streamlit as st

from pages.ui.text import say

STYLE = """<style>
.grid { overflow-x: auto; max-width: 100%; position: relative; }
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
.grid small.mark { opacity: 1; } .grid small.mark b { font-weight: 400; white-space: normal; }
.grid small.near.mark b { background: none; padding: 0; opacity: .75; }
.grid thead small { font-weight: 400; white-space: normal; }
.grid table.heat th, .grid table.heat td { padding: .35rem .55rem; }
.grid table.heat thead th { min-width: 5.5em; max-width: 9em; }
.grid table.heat tbody th { min-width: 6em; max-width: 12em; position: sticky; left: 0; background: var(--ground, transparent); }
.grid td.fill { border: 1px solid var(--ground, transparent); border-radius: 3px; }
.grid td.fill.met { background: color-mix(in srgb, #2a7fd0 22%, transparent); }
.grid td.fill.near { background: color-mix(in srgb, #8a8f98 22%, transparent); }
.grid td.fill.missed { background: color-mix(in srgb, #e07a1f 34%, transparent); }
.grid .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media screen and (max-width: 640px) {
  .grid table { font-size: .82rem; }
  .grid th, .grid td, .grid table.heat th, .grid table.heat td { padding: .35rem .25rem; }
  .grid thead th:first-child, .grid tbody th[scope] { position: sticky; left: 0; z-index: 1; min-width: 6.2em;
    background: light-dark(var(--light-background), var(--dark-background)); }
  .grid thead th { min-width: 2.8em; } .grid td small { min-width: 5.4em; }
  .grid .wrap tbody th[scope] { min-width: 6em; } .grid table.heat tbody th[scope] { min-width: 4.5em; }
  .grid .wrap td small, .grid .wrap td, .grid .wrap td:last-child, .grid table.heat thead th { min-width: 0; }
  .grid.latest { direction: rtl; } .grid.latest table { direction: ltr; }
  .grid.few tr:not(.group) > :nth-child(n + 5) { display: none; }
  .grid.few td small { min-width: 0; } .grid.few td b { white-space: normal; }
  .grid.cards { overflow: visible; direction: ltr; }
  .grid.cards table, .grid.cards caption, .grid.cards tbody { display: block; }
  .grid.cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .grid.cards tr { display: grid; gap: .3rem .6rem; padding: .55rem 0;
    border-bottom: 1px solid color-mix(in srgb, currentColor 16%, transparent); }
  .grid.cards tr.group { padding: 0; border: 0; }
  .grid.cards tbody th, .grid.cards td { border: 0; padding: 0; max-width: none; min-width: 0; }
  .grid.cards tr.group th { padding: .35rem .25rem; }
  .grid.cards tbody th { grid-column: 1 / -1; }
  .grid.cards tbody th[scope] { position: static; background: none; font-weight: 600; }
  .grid.cards td, .grid.cards td a { white-space: normal; overflow-wrap: anywhere; }
  .grid.cards td small { min-width: 0; } .grid.cards td b { white-space: normal; }
  .grid.tiles td:empty { visibility: hidden; } .grid.lines td:empty { display: none; }
  .grid.cards td::before { content: attr(data-label); font-size: .75rem; opacity: .75; }
  .grid.tiles tr { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .grid.tiles td::before { display: block; line-height: 1.3; }
  .grid.tiles td:last-child:nth-child(3n + 2) { grid-column: 1 / -1; } /* alone in its line */
  .grid.tiles td.fill { padding: .2rem .35rem; }
  .grid.lines td { display: grid; grid-template-columns: 5.5em minmax(0, 1fr); column-gap: .6rem; align-items: baseline; }
  .grid.lines td > * { grid-column: 2; justify-self: start; }
}
.grid .narrow { display: none; margin: .3rem 0 0; font-size: .8rem; opacity: .75; }
@media screen and (max-width: 640px) { .grid.few .narrow { display: block; } }
@media print { .grid { overflow: visible; } .grid tr { break-inside: avoid; } .grid thead { display: table-header-group; }
  .grid th, .grid td { padding: .1rem .4rem; line-height: 1.25; }
  .grid td { white-space: normal; } .grid td small { display: inline; min-width: 0; margin-left: .4em; }
  [data-testid="stMainBlockContainer"] { zoom: .6; padding-top: 0; padding-bottom: 0; }
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stSelectbox"], [data-testid="stDownloadButton"],
  [data-testid="stPageLink"], [data-testid="stCheckbox"], [data-testid="stExpander"], [data-testid="stMetricChart"] {
    display: none; } }
</style>"""
FEW = 3  # columns beside the first that stay of a table of years on a phone held upright
# What a phone held upright makes of a table that is too wide for it: a card a row with its cells side by side or below
# each other, each under its column's name; or the first columns alone; or, being narrow, the table as it is.
Phone = Literal["tiles", "lines", "few", "table"]
_ROLES = (
    ("<table", "table"), ("<thead", "rowgroup"), ("<tbody", "rowgroup"), ("<tr", "row"), ('<th scope="col"', "columnheader"),
    ('<th scope="row"', "rowheader"), ("<td", "cell"),
)  # fmt: skip
SYMBOLS = {"met": "✓ ", "near": "≈ ", "missed": "✗ ", "not_compared": ""}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, where it leads, small lines below it, and a target state with its word. A cell that is filled
    has the colour of its state as its ground and the sign beside its text; `hint` appears over it; `marks` are further
    judgements, each a state with its words."""

    text: str
    href: str | None = None
    notes: tuple[str, ...] = ()
    state: str = ""
    state_words: str = ""
    fill: bool = False
    hint: str = ""
    marks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its heading and its cells; without cells it is the heading of a group of rows."""

    head: Cell
    cells: tuple[Cell, ...] = ()


def table_html(
    columns: Sequence[str | Cell],
    rows: Sequence[Row],
    *,
    caption: str = "",
    wrap: bool = False,
    ground: str = "",
    latest: bool = False,
    phone: Phone = "table",
) -> str:
    """The table as HTML; the first of `columns` stands over the row headings. Everything is escaped. With the colour of
    the page as `ground` it is a heat table: narrow heads, row headings that stay in sight, cells of a whole colour. One
    whose `latest` column is its last shows that one first where it does not fit; see `Phone`."""
    heads = [Cell(each) if isinstance(each, str) else each for each in columns]
    head = "".join(f'<th scope="col">{_inside(each)}</th>' for each in heads)
    labels = [_label(each) for each in heads[1:]] if phone in ("tiles", "lines") else []
    body = "".join(_row_html(row, len(columns), labels) for row in rows)
    label = f"<caption>{escape(caption)}</caption>" if caption else ""
    kind = ' class="wrap"' if wrap else f' class="heat" style="--ground: {escape(ground)}"' if ground else ""
    cards = {"tiles": " cards tiles", "lines": " cards lines", "few": " few" if len(columns) > FEW + 1 else ""}
    note = f'<p class="narrow">{escape(say("common.few_columns", n=FEW))}</p>' if cards.get(phone) == " few" else ""
    table = f"<table{kind}>{label}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    if labels:
        table = _with_roles(table)
    return (
        f'{STYLE}<div class="grid{" latest" if latest else ""}{cards.get(phone, "")}" tabindex="0">{table}{note}</div>'
    )


def draw(
    columns: Sequence[str | Cell],
    rows: Sequence[Row],
    *,
    caption: str = "",
    wrap: bool = False,
    ground: str = "",
    latest: bool = False,
    phone: Phone = "table",
) -> None:
    """Draw the table on the page."""
    st.html(table_html(columns, rows, caption=caption, wrap=wrap, ground=ground, latest=latest, phone=phone))


def _with_roles(table: str) -> str:
    """What is no table to the eye stays one to those who hear the page: a browser takes the meaning of a table away
    together with its layout. Texts are escaped, so every tag is our own."""
    for tag, role in _ROLES:
        table = table.replace(tag, f'{tag} role="{role}"')
    return table


def _label(head: Cell) -> str:
    words = " ".join([head.text, *head.notes[:1]])
    return f' data-label="{escape(words)}"'


def _row_html(row: Row, width: int, labels: Sequence[str]) -> str:
    if not row.cells:
        return f'<tr class="group"><th colspan="{width}">{_inside(row.head)}</th></tr>'
    cells = "".join(
        f"<td{label}{_ground(cell)}>{_inside(cell)}</td>"
        for label, cell in zip(chain(labels, repeat("")), row.cells, strict=False)
    )
    return f'<tr><th scope="row">{_inside(row.head)}</th>{cells}</tr>'


def _ground(cell: Cell) -> str:
    kind = f' class="fill {escape(cell.state)}"' if cell.fill else ""
    return kind + (f' title="{escape(cell.hint)}"' if cell.hint else "")


def _inside(cell: Cell) -> str:
    text = escape(cell.text)
    if cell.href:
        text = f'<a href="{escape(cell.href)}">{text}</a>'
    if cell.fill:
        sign, words = SYMBOLS.get(cell.state, "").strip(), escape(cell.state_words)
        text += f' <span aria-hidden="true">{sign}</span><span class="unseen">{words}</span>' if sign else ""
    elif cell.state_words:
        text += _mark(cell.state, cell.state_words)
    text += "".join(_mark(f"{state} mark", words) for state, words in cell.marks)
    return text + "".join(f"<small>{escape(note)}</small>" for note in cell.notes if note)


def _mark(kind: str, words: str) -> str:
    sign = SYMBOLS.get(kind.split()[0], "")
    return f'<small class="{escape(kind.strip())}"><b>{sign}{escape(words)}</b></small>'
