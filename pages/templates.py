"""Forms to fill in: choose form, unit and period, see what will be in the workbook, and save it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.ui import access, cards, data, downloads, filters, forms, links, reminders, tables
from pages.ui.text import period_text, plain, say


def pickers() -> forms.Asked | None:
    """Form, unit and period, each in the address; None in a store without units."""
    today = forms.today()
    offered = {each.code: each for each in forms.forms()}
    one, two, three = st.columns([5, 4, 4])
    with one:
        code = filters.choose(
            "form", say("templates.form"), list(offered), next(iter(offered)), lambda each: forms.named(offered[each])
        )
    form = offered[str(code)]
    with two:
        unit_id = filters.unit(
            "within", kinds=forms.KINDS[form.rows], default=forms.default_unit(form), label=say("templates.unit")
        )
    if unit_id is None:
        return None
    filters.follow("period", f"{form.period}{form.term}")
    with three:
        period = filters.choose(
            "period", say("common.pick.period"), forms.periods(form, today), forms.current(form, today), period_text
        )
    return forms.Asked(form, str(period), unit_id)


def contents(asked: forms.Asked) -> None:
    """What will be in the workbook, and the button that saves it."""
    sheets = forms.contents(asked)
    if not sheets:
        cards.nothing_found(say("templates.no_rows", unit=plain(data.name(asked.unit_id))))
        return
    st.header(plain(asked.filing.title()), anchor=False)
    if asked.form.layout == "ledger":
        st.markdown(say("templates.ledger", n=data.catalogue().form_words.blank_rows))
    else:
        st.markdown(say("templates.sum", sheets=len(sheets), rows=sum(each.rows for each in sheets)))
    columns = [say(f"templates.column.{name}") for name in ("sheet", asked.form.rows, "columns", "known")]
    tables.draw(
        columns,
        [
            tables.Row(
                tables.Cell(each.sheet),
                tuple(tables.Cell(str(n)) for n in (each.rows, each.columns, each.known)),
            )
            for each in sheets
        ],
    )
    downloads.workbook(partial(forms.workbook, asked), f"{asked.filing.title()}.xlsx", say("templates.save"))
    links.to("upload", say("templates.upload"), icon=":material/upload_file:")
    due = asked.form.due_on(asked.period)
    if due is not None:
        st.caption(say("templates.due", day=due.isoformat()))
    cards.folded(say("templates.asks"), f"asks_{asked.form.code}", partial(asks, asked.form))


def asks(form: forms.Form) -> None:
    """Every column of the form: its header, what it becomes in the store, and what is checked while typing."""
    rows = forms.explained(form)
    columns = [say(f"templates.column.{name}") for name in ("header", "measure", "stages", "checked")]
    tables.draw(columns, [tables.Row(tables.Cell(row[0]), tuple(map(tables.Cell, row[1:]))) for row in rows], wrap=True)


def page() -> None:
    """The whole page."""
    cards.heading("templates")
    asked = pickers()
    if asked is None:
        cards.empty_store()
        return
    left, right = st.columns([7, 5], gap="large")
    with left:
        contents(asked)
    with right:
        reminders.panel(asked)


access.require("look")
page()
