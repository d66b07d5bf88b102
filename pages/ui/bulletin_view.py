"""A bulletin on the page: the ways to take it away, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from pages.exports.docx import docx_bytes
from pages.exports.html import blocks_html
from pages.exports.paper import Chart, Paper
from pages.exports.typeset import pdf_bytes
from pages.ui import bulletin, bulletin_pack, cards, downloads, pictures
from pages.ui.bulletin_facts import Facts
from pages.ui.text import say

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_STYLE = """<style>
.paper { max-width: 46rem; line-height: 1.85; } .paper.wide { max-width: none; } .paper h2 { font-size: 1.15rem; margin: 1.2em 0 .3em; padding: 0; }
.paper h3 { font-size: 1rem; margin: .8em 0 .2em; padding: 0; } .paper p { margin: .25em 0; text-indent: 2em; }
.paper p.note { text-indent: 0; opacity: .75; font-size: .85em; }
.paper .scroll { overflow-x: auto; margin: .6em 0; } .paper table { border-collapse: collapse; font-size: .85rem; line-height: 1.5; width: 100%; }
.paper th, .paper td { border: 1px solid color-mix(in srgb, currentColor 22%, transparent); padding: .2rem .45rem; text-align: left;
  vertical-align: top; white-space: pre-line; } .paper .n { text-align: right; font-variant-numeric: tabular-nums; }
.paper caption { font-weight: 600; padding: .3em 0; } .paper sup a { color: inherit; opacity: .75; text-decoration: none; padding: .3em 1px; }
.paper figure { margin: .6em 0; border: 1px dashed color-mix(in srgb, currentColor 35%, transparent); border-radius: .4rem;
  padding: .8rem 1rem; } .paper figcaption { font-weight: 600; } .paper figure small { opacity: .8; }
@media (max-width: 640px) { .paper table { font-size: .72rem; } .paper th, .paper td { padding: .2rem .3rem; } }
</style>"""


def files(paper: Paper, told: Facts) -> None:
    """The buttons that save the bulletin; every file is made of the paper that is shown."""
    if not pictures.can_write():
        st.caption(say("pictures.no_font"))
    with st.container(horizontal=True):
        _button("docx", f"{paper.title}.docx", DOCX, lambda: docx_bytes(bulletin.whole(told)), primary=True)
        if pictures.can_write():  # without a Chinese font it would hold empty boxes
            _button("pdf", f"{paper.title}.pdf", "application/pdf", lambda: pdf_bytes(bulletin.whole(told)))
        _button("pack", say("bulletin.pack.file", title=paper.title), "text/html", lambda: bulletin_pack.made(told))
        if not told.public:  # holds every value of the units below with its words
            downloads.values(paper.title, bulletin.cells(told), "bulletin")


def _button(kind: str, file_name: str, mime: str, make: Callable[[], bytes], *, primary: bool = False) -> None:
    st.download_button(
        say(f"bulletin.save.{kind}"), downloads.made_later(make, mime, file_name), file_name=file_name, mime=mime,
        key=f"save_bulletin_{kind}", on_click="ignore", icon=":material/download:", type="primary" if primary else "secondary",
    )  # fmt: skip


def preview(paper: Paper, told: Facts) -> None:
    """The body as it stands on paper, then the annexes, which are made when someone opens them."""
    st.caption(say("bulletin.preview", mark=paper.edition))
    st.header(paper.title, anchor=False)
    st.html(f'{_STYLE}<div class="paper">{blocks_html(paper.body, _described, linked=False)}</div>')
    cards.folded(say("bulletin.annexes"), "bulletin_annexes", lambda: _annexes(told))


def _annexes(told: Facts) -> None:
    held = bulletin.annexes(told)
    for tab, annex in zip(st.tabs([each.title for each in held]), held, strict=True):
        with tab:
            st.html(f'{_STYLE}<div class="paper wide">{blocks_html(annex.blocks, _described, linked=False)}</div>')


def _described(chart: Chart) -> str:
    """A chart in the preview is said in words: it is drawn in the file."""
    return f"<small>{escape(chart.alt)} {escape(say('bulletin.chart.in_file'))}</small>"
