"""Tables beside the layouts that people have confirmed: equal ones say by whom, changed ones say what is different."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from db.records_layout import Drift, DriftedLayout, RememberedLayout, TableLayout
from pages.ui import upload_desk
from pages.ui.text import listed, moment_text, plain, say


def told(desk: upload_desk.Desk, tables: Sequence[TableLayout]) -> None:
    """What is remembered of the tables of a sheet."""
    recalled = desk.prepared.recalled
    for table in tables:
        if (known := recalled.known.get(table.key)) is not None:
            _known(desk, table, known)
        elif (drifted := recalled.drifted.get(table.key)) is not None:
            _drifted(drifted)


def _source(known: RememberedLayout) -> dict[str, str]:
    return {"at": moment_text(known.confirmed_at), "who": plain(known.confirmed_by), "file": plain(known.file_name)}


def _known(desk: upload_desk.Desk, table: TableLayout, known: RememberedLayout) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/bookmark_added: {say('upload.memory.known', **_source(known))}")
        if desk.editable:
            with st.popover(say("upload.memory.forget")):
                st.markdown(say("upload.memory.forget_what"))
                st.button(
                    say("upload.memory.forget_yes"), key=f"forget_{table.key}", on_click=upload_desk.forget,
                    args=(known.signature.digest,),
                )  # fmt: skip


def _drifted(found: DriftedLayout) -> None:
    lines = "".join(f"\n- {each}" for each in changes(found.drift))
    st.warning(say("upload.memory.drifted", **_source(found.remembered)) + lines, icon=":material/difference:")


def changes(drift: Drift) -> list[str]:
    """How a table differs from the remembered one, one line per sort of change."""
    found = []
    for kind in ("added", "gone", "moved"):
        keys: tuple[str, ...] = getattr(drift, kind)
        if keys:
            found.append(say(f"upload.memory.{kind}", names=plain(listed(_name(key) for key in keys))))
    if drift.renamed:
        pairs = listed(say("upload.memory.pair", old=_name(old), new=_name(new)) for old, new in drift.renamed)
        found.append(say("upload.memory.renamed", names=plain(pairs)))
    if drift.kinds:
        old, new = (say(f"upload.layout.{kind}") for kind in drift.kinds)
        found.append(say("upload.memory.kinds", old=old, new=new))
    return found


def _name(key: str) -> str:
    """A line's key as a person reads it."""
    return key.split("#")[0].translate({ord(sign): None for sign in "{}"})
