"""The blocks of a paper as HTML: every text escaped, no address outside, the numbers of sources as ways to their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from pages.exports.paper import Block, Chart, Paragraph, Run, Table

Drawn = Callable[[Chart], str]
_TAGS = {"heading": "h2", "subheading": "h3", "body": "p", "note": "p"}


def blocks_html(blocks: Iterable[Block], drawn: Drawn, *, linked: bool = True, sort: str = "") -> str:
    """The blocks one below the other; `drawn` gives the markup of a chart, `linked` says whether the rows of sources are
    on the same page, `sort` what a button in the heads of tables does (none: no buttons)."""
    return "".join(_block(block, drawn, linked, sort) for block in blocks)


def _block(block: Block, drawn: Drawn, linked: bool, sort: str) -> str:
    if isinstance(block, Paragraph):
        tag = _TAGS[block.kind]
        kind = ' class="note"' if block.kind == "note" else ""
        return f"<{tag}{kind}>{''.join(run_html(run, linked=linked) for run in block.runs)}</{tag}>"
    if isinstance(block, Table):
        return _table(block, sort)
    return f"<figure>{drawn(block)}<figcaption>{escape(block.caption)}</figcaption></figure>"


def run_html(run: Run, *, linked: bool = True) -> str:
    """A stretch of text with the numbers of its sources."""
    refs = "".join(f'<a href="#src_{ref}">[{ref}]</a>' if linked else f"[{ref}]" for ref in run.refs)
    return escape(run.text) + (f"<sup>{refs}</sup>" if refs else "")


def _table(block: Table, sort: str) -> str:
    caption = f"<caption>{escape(block.title)}</caption>" if block.title else ""
    heads = "".join(
        f'<th scope="col"{_figure(n, block)}>{_head(head, sort)}</th>' for n, head in enumerate(block.heads)
    )
    rows = "".join(_row(values, block) for values in block.rows)
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in block.notes)
    table = f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="scroll" tabindex="0">{table}</div>{notes}'


def _head(text: str, sort: str) -> str:
    return f'<button type="button" title="{escape(sort)}">{escape(text)}</button>' if sort else escape(text)


def _row(values: Iterable[Run], block: Table) -> str:
    held = list(values)
    anchor = f' id="src_{escape(held[0].text)}"' if block.anchored else ""
    cells = "".join(f"<td{_figure(n, block)}>{run_html(run)}</td>" for n, run in enumerate(held))
    return f"<tr{anchor}>{cells}</tr>"


def _figure(n: int, block: Table) -> str:
    return ' class="n"' if n in block.figures else ""
