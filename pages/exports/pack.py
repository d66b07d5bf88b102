"""A paper as one HTML file for a meeting: opens without network, tables can be sorted, prints on A4. Everything that came
from a file is escaped, and a policy inside the file forbids it to ask anybody for anything."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from pages.exports.html import blocks_html
from pages.exports.paper import Chart, Paper
from pages.exports.picture import drawn

_SCRIPT = """
document.querySelectorAll("th button").forEach(button => button.addEventListener("click", () => {
  const head = button.parentElement, table = head.closest("table"), at = [...head.parentElement.children].indexOf(head);
  const down = head.getAttribute("aria-sort") === "ascending", body = table.tBodies[0];
  const value = row => { const text = row.cells[at].innerText.trim(), number = parseFloat(text.replace(/[,<>\\u2265\\u2264]/g, ""));
    return isNaN(number) ? [1, text] : [0, number]; };
  const order = (a, b) => a[0] - b[0] || (a[0] ? a[1].localeCompare(b[1], document.documentElement.lang) : a[1] - b[1]);
  const rows = [...body.rows].map(row => [value(row), row]).sort((a, b) => (down ? -1 : 1) * order(a[0], b[0]));
  rows.forEach(([, row]) => body.appendChild(row));
  table.querySelectorAll("th").forEach(each => each.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
}));
"""
_STYLE = """
:root { color-scheme: light; } * { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1.5rem; color: #1c2733; background: #fff; line-height: 1.75;
  font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.7rem; line-height: 1.4; margin: .5em 0; } h2 { font-size: 1.25rem; margin: 1.6em 0 .4em; } h3 { font-size: 1.05rem; margin: 1em 0 .2em; }
p { margin: .3em 0; text-indent: 2em; } p.note { text-indent: 0; font-size: .85em; color: #5c6b7a; }
a { color: #1f5a96; text-decoration: none; } sup { line-height: 0; padding: 0 1px; }
.cover { border-bottom: 2px solid #1f5a96; padding-bottom: 1rem; } .mark { font-weight: 600; color: #1f5a96; }
.cover dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: 0; } dt { color: #5c6b7a; } dd { margin: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(11.5rem, 1fr)); gap: .7rem; margin: 1rem 0; }
.tile { border: 1px solid #d5dde6; border-radius: .5rem; padding: .6rem .8rem; line-height: 1.5; break-inside: avoid; }
.tile b { display: block; font-size: 1.5rem; line-height: 1.35; } .tile small { color: #5c6b7a; display: block; }
.tile i { font-style: normal; padding: 0 .4em; border-radius: .3em; background: #e7eaee; }
.tile i.missed { background: #fad9b8; } .tile i.met { background: #cfe3f5; }
nav { margin: .8rem 0; display: flex; flex-wrap: wrap; gap: .2rem 1em; }
.scroll { overflow-x: auto; margin: .6em 0; } table { border-collapse: collapse; font-size: .85rem; line-height: 1.5; width: 100%; }
th, td { border: 1px solid #c3cdd7; padding: .25rem .5rem; text-align: left; vertical-align: top; white-space: pre-line; }
th { background: #f3f6fa; } .n, .n button { text-align: right; } caption { font-weight: 600; padding: .3em; }
th button { all: unset; cursor: pointer; } th button:focus-visible { outline: 2px solid #1f5a96; }
th[aria-sort=ascending] button::after { content: " \\25B2"; } th[aria-sort=descending] button::after { content: " \\25BC"; }
tr:target { background: #fff4c2; } figure { margin: 1rem 0; } figure svg { display: block; margin: 0 auto; max-width: 100%; height: auto; } figcaption { font-weight: 600; text-align: center; }
section.annex { border-top: 1px solid #d5dde6; margin-top: 2rem; }
@media (max-width: 640px) { body { padding: 1rem; } table { font-size: .72rem; } th, td { padding: .2rem .3rem; } td:first-child { min-width: 5em; }
  .tiles { grid-template-columns: 1fr 1fr; } }
@media print { @page { size: A4; margin: 18mm 15mm; } body { padding: 0; max-width: none; font-size: 10.5pt; } nav { display: none; }
  section.annex { break-before: page; border: 0; } thead { display: table-header-group; } tr, figure { break-inside: avoid; } .scroll { overflow: visible; } }
"""
_ACTIVE = re.compile(
    r"<\s*(?:script|foreignObject|iframe|image|use)\b|\bon\w+\s*=|@import|url\(\s*['\"]?(?!#)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline in a box: name, value, the lines below; its state as a code (met, near, missed, or empty) and in words."""

    name: str
    value: str
    lines: tuple[str, ...]
    state: str = ""
    state_words: str = ""


def pack_html(paper: Paper, tiles: Sequence[Tile], words: Mapping[str, str]) -> bytes:
    """The file, UTF-8. `words`: `tiles` and `sort` (the heading of the tiles, what a click on a head does). Raises
    picture.NotDrawn where a chart cannot be drawn."""
    charts = paper.charts()
    images = {id(chart): _inline(svg, chart) for chart, svg in
              zip(charts, drawn([dict(each.spec) for each in charts], "svg"), strict=True)}  # fmt: skip

    def picture(chart: Chart) -> str:
        return images[id(chart)]

    body = blocks_html(paper.body, picture, sort=words["sort"])
    annexes = "".join(
        f'<section class="annex" id="annex_{n}"><h2>{escape(each.label)} {escape(each.title)}</h2>'
        f"{blocks_html(each.blocks, picture, sort=words['sort'])}</section>"
        for n, each in enumerate(paper.annexes, 1)
    )
    ways = "".join(
        f'<a href="#annex_{n}">{escape(each.label)} {escape(each.title)}</a>' for n, each in enumerate(paper.annexes, 1)
    )
    boxes = f'<h2>{escape(words["tiles"])}</h2><div class="tiles">{"".join(map(_tile, tiles))}</div>' if tiles else ""
    html = (
        f'<!doctype html><html lang="{escape(paper.language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(paper.title)}</title><style>{_STYLE}</style></head><body>"
        f"{_cover(paper)}<nav>{ways}</nav>{boxes}{body}{annexes}<script>{_SCRIPT}</script></body></html>"
    )
    return html.encode()


def _policy() -> str:
    """Nothing is fetched, and no script runs but the one of this file."""
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def _cover(paper: Paper) -> str:
    facts = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in paper.cover)
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in paper.cover_notes)
    mark = f'<div class="mark">{escape(paper.edition)}</div>'
    return f'<header class="cover">{mark}<h1>{escape(paper.title)}</h1><dl>{facts}</dl>{notes}</header>'


def _tile(tile: Tile) -> str:
    lines = "".join(f"<small>{escape(line)}</small>" for line in tile.lines if line)
    state = f'<i class="{escape(tile.state)}">{escape(tile.state_words)}</i>' if tile.state_words else ""
    return f'<div class="tile">{escape(tile.name)}<b>{escape(tile.value)}</b>{state}{lines}</div>'


def _inline(svg: bytes, chart: Chart) -> str:
    """The drawing as a part of the page with its text for those who cannot see it. ValueError for one that would run or
    fetch something: the engine draws none, so such a one is a fault."""
    text = svg.decode()
    if _ACTIVE.search(text):
        raise ValueError("a drawing that is more than a drawing")
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(chart.alt)}" ', 1)
