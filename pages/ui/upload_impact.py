"""What rests on the values that a file would change: an earlier version it stands for, sums above, rulings and decisions."""

from __future__ import annotations

from collections import defaultdict

import streamlit as st

from db.records_impact import EarlierImport, Impact, ImpactedSum, LeftValue
from pages.ui import data, links, proof, reviewing, tables, upload_desk, uploading
from pages.ui.text import join, listed, moment_text, named_parts, period_text, plain, say

FIRST = 8  # values that would go, sums that would change
_RESTING = {"rulings": "quality", "discrepancies": "quality", "claims": "quality", "decisions": "review"}


def section(prepared: uploading.Prepared) -> None:
    """The earlier version that a file may stand for; what else changes with it."""
    desk, found = upload_desk.current(), prepared.impact
    if found.earlier:
        version(desk, found)
    if found.sums:
        with st.expander(
            say("upload.impact.sums", n=len(found.sums), units=len({one.org_unit_id for one in found.sums}))
        ):
            st.markdown("".join(f"- {plain(line)}\n" for line in sums(found.sums)[: 4 * FIRST]))
    resting = {name: len(getattr(found, name)) for name in _RESTING}
    for name, n in resting.items():
        if n:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f":material/link: {say(f'upload.impact.{name}', n=n)}")
                links.to(_RESTING[name], say(f"upload.impact.to_{_RESTING[name]}"))


def version(desk: upload_desk.Desk, found: Impact) -> None:
    """Whether the file stands for an import of an earlier version, and what becomes of the values it no longer states."""
    offered: dict[int, EarlierImport | None] = {0: None, **{one.import_id: one for one in found.earlier}}
    key = f"replaces_{desk.source.sha256[:16]}"
    st.session_state.setdefault(key, desk.choices.replaces if desk.choices.replaces in offered else 0)
    st.selectbox(
        say("upload.impact.version"), list(offered), key=key, on_change=replace_import, args=(key,),
        disabled=not desk.editable, help=say("upload.impact.version_help"),
        format_func=lambda each: earlier(offered[each]),
    )  # fmt: skip
    if not found.left:
        return
    replaced = desk.choices.replaces is not None
    words = say("upload.impact.goes" if replaced else "upload.impact.stays", n=len(found.left))
    (st.warning if replaced else st.info)(words, icon=":material/delete_sweep:" if replaced else ":material/info:")
    with st.expander(say("upload.impact.left", n=len(found.left))):
        columns = [say(f"upload.column.{name}") for name in ("what", "old")]
        tables.draw(columns, [left(one) for one in found.left[: 25 * FIRST]], wrap=True)


def earlier(one: EarlierImport | None) -> str:
    """An earlier version in a line."""
    if one is None:
        return say("upload.impact.none")
    return join(
        [one.file_name, moment_text(one.created_at), one.created_by, say("upload.impact.values", n=one.n_values)]
    )


def replace_import(key: str) -> None:
    """Callback: the import that this file stands for."""
    upload_desk.choose(replaces=st.session_state[key] or None)


def left(one: LeftValue) -> tables.Row:
    """A value of the earlier version that the file no longer states."""
    indicator = data.indicator(one.indicator, one.dims)
    name = join(named_parts(indicator, one.indicator, one.dims))
    head = tables.Cell(one.org_unit_name, notes=(name, period_text(one.period)))
    value = proof.stated_text(one.value, indicator.unit if indicator else "", one.indicator)
    return tables.Row(head, (tables.Cell(value, links.url("evidence", obs=one.observation_id)),))


def sums(found: tuple[ImpactedSum, ...]) -> list[str]:
    """The units above whose numbers are worked out anew, one line per unit and period."""
    by_unit: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in found:
        by_unit[one.name, one.period].append(reviewing.indicator_name(one.indicator))
    return [join([name, period_text(period), listed(names)]) for (name, period), names in by_unit.items()]
