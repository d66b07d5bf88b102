"""Who has not filed a form yet, as a list to copy into a message."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from db.queries_unreported import SEPARATOR
from pages.ui import data, forms
from pages.ui.text import coded, listed, plain, say

_MOST_COLUMNS = 3  # named of those that a unit left open


def panel(asked: forms.Asked) -> None:
    """How many rows are wanting, and whose, to copy; nothing before the period has begun, nor for
    a ledger, which nobody has to fill in."""
    if asked.form.layout == "ledger" or not forms.has_begun(asked):
        return
    rows = len(forms.units(asked))
    found = data.unreported(asked.form.code, asked.period, asked.unit_id)
    st.header(say("templates.unreported.title"), anchor=False, help=say("templates.unreported.help"))
    if found.empty:
        st.success(say("templates.unreported.none"), icon=":material/check_circle:")
        return
    part = int((found["state"] == "part").sum())
    st.markdown(plain(say("templates.unreported.sum", rows=rows, none=len(found) - part, part=part)))
    st.code(message(asked, found), language=None, wrap_lines=True, height=320)


def message(asked: forms.Asked, found: pd.DataFrame) -> str:
    """The text of a reminder: sheet by sheet, place by place, whose rows are wanting and what of them."""
    lines = [say("templates.unreported.head", title=asked.filing.title())]
    due = asked.form.due_on(asked.period)
    if due is not None:
        lines.append(say("templates.due", day=due.isoformat()))
    for stage, of_stage in found.groupby("stage", sort=False):
        lines += ["", say("templates.unreported.stage", stage=coded("dim_value.level", str(stage)), n=len(of_stage))]
        places = of_stage["town_name"].fillna(of_stage["county_name"]).fillna("")
        for place, here in of_stage.groupby(places, sort=False):
            names = listed(_named(row) for row in here.itertuples())
            lines.append(say("templates.unreported.place", place=place, names=names) if place else names)
    return "\n".join(lines)


def _named(row: tuple) -> str:  # type: ignore[type-arg]
    """A unit, and where it filed in part which columns it left open."""
    if row.state == "none":  # type: ignore[attr-defined]
        return str(row.name)  # type: ignore[attr-defined]
    columns = str(row.missing).split(SEPARATOR)  # type: ignore[attr-defined]
    more = say("templates.unreported.more", n=len(columns)) if len(columns) > _MOST_COLUMNS else ""
    return say("templates.unreported.lacks", name=row.name, columns=listed(columns[:_MOST_COLUMNS]) + more)  # type: ignore[attr-defined]
