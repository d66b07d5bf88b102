"""The documents on a phone, where a table with columns would show their names alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.analysis import display
from pages.ui import links, tables
from pages.ui.text import coded, join, moment_text, say

NEWEST = 30


def newest(rows: Sequence[Any]) -> None:
    """The first of `rows` (of data.documents, the youngest first): a line each, its name the way to it."""
    shown = rows[:NEWEST]
    st.caption(say("evidence.newest_lead", n=len(shown)))
    lines = [tables.Row(_name(row), (tables.Cell(display.number(row.n_observations)),)) for row in shown]
    tables.draw([say("evidence.column.file"), say("evidence.column.numbers")], lines, wrap=True)


def _name(row: Any) -> tables.Cell:
    issues = say("evidence.n_issues", n=row.n_issues) if row.n_issues else ""
    kind, status = coded("source_kind", row.source_kind), coded("import_status", row.status)
    about = join([kind, moment_text(row.uploaded_at), status, issues])
    return tables.Cell(row.name, links.url("evidence", doc=int(row.source_file_id)), (about,))
