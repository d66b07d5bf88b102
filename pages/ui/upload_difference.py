"""What storing a file would change: new, same, changed with old and new value, missing compared with last time."""

from __future__ import annotations

import streamlit as st

from pages.ui import links, profile, proof, tables, upload_impact, uploading
from pages.ui.text import period_text, say

FIRST = 8  # values to be replaced that stand open
MANY = 200  # values to be replaced that are listed


def section(prepared: uploading.Prepared) -> None:
    """Step 4: counts of each kind, the values that would be replaced, the units that are missing."""
    st.header(say("upload.difference"), anchor="difference")
    found = prepared.difference
    with st.container(horizontal=True):
        for kind in ("new", "changed", "same", "missing"):
            n = len(found.missing) if kind == "missing" else found.count(kind)
            st.metric(say(f"upload.kind.{kind}"), n, help=say(f"upload.kind_help.{kind}"), width=150)
    changed = uploading.changed(prepared)
    if changed:
        columns = [say(f"upload.column.{name}") for name in ("what", "old", "new", "place")]
        names = uploading.unit_names(prepared.draft)
        rows = [replaced(each, names) for each in changed[:MANY]]
        tables.draw(columns, rows[:FIRST], caption=say("upload.changed_caption", n=len(changed)), wrap=True)
        if len(rows) > FIRST:
            with st.expander(say("upload.changed_more", n=len(changed) - FIRST)):
                tables.draw(columns, rows[FIRST:], wrap=True)
                if len(changed) > MANY:
                    st.caption(say("upload.cut", n=MANY))
    if found.missing:
        st.warning(say("upload.missing", n=len(found.missing)), icon=":material/person_off:")
        with st.expander(say("upload.missing_names", n=len(found.missing))):
            st.code(profile.listed(found.missing), language=None, wrap_lines=True)
            links.to("templates", say("upload.to_unreported"), icon=":material/edit_document:")
    upload_impact.section(prepared)


def replaced(change: uploading.Change, names: uploading.UnitNames) -> tables.Row:
    """A value of the store beside the one of the file that would take its place."""
    new = change.observation
    after = uploading.stated(new)
    before = proof.stated_text(change.old_value, new.unit, new.indicator)
    link = None if change.old_observation_id is None else links.url("evidence", obs=change.old_observation_id)
    unit = tables.Cell(uploading.unit_name(new, names), notes=(uploading.titled(new), period_text(new.period)))
    notes = (say("upload.counts_differ"),) if before == after else ()
    cells = (tables.Cell(before, link), tables.Cell(after, notes=notes), tables.Cell(uploading.place(new)))
    return tables.Row(unit, cells)
