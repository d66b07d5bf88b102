"""What the administrator sets for the whole bureau: approval, own targets, last days of forms. Each change is in the log."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pages.ui import access, bureau_settings, cards, data, tables
from pages.ui.text import coded, dims_text, name_of, plain, say, target_text

REACHES = ("province", "city", "county", "school")
_FAULT, _DONE = "_setting_fault", "_setting_done"


def told(fault: str | None, done: str) -> None:
    """Keeps what the next run says of a change."""
    st.session_state[_FAULT if fault else _DONE] = fault or done


def approval() -> None:
    """Whether a file is looked at again before it is stored."""
    st.header(say("settings.approval.title"), anchor=False)
    now = bureau_settings.approval()
    wanted = st.radio(
        say("settings.approval.label"), bureau_settings.APPROVALS, index=bureau_settings.APPROVALS.index(now),
        key="approval", format_func=lambda code: say(f"settings.approval.{code}"), label_visibility="collapsed",
    )  # fmt: skip
    if wanted != now and st.button(say("settings.save"), type="primary", key="save_approval"):
        told(bureau_settings.set_approval(wanted), say("settings.saved"))
        st.rerun()


def level_words(level: str | None) -> str:
    """A level, or that none is named."""
    return say("settings.no_level") if level is None else coded("dim_value.level", level)


def new_target() -> None:
    """The form of an own target."""
    held = {each.code: each for each in data.catalogue().indicators if each.direction in ("higher", "lower")}
    code = st.selectbox(
        say("common.pick.indicator"), list(held), key="target_indicator", format_func=lambda one: name_of(held[one])
    )
    left, right = st.columns(2)
    levels = [None, *(level for level in held[code].levels if level != "ALL")]
    level = left.selectbox(say("settings.level"), levels, key=f"target_level_{code}", format_func=level_words)
    reach = right.selectbox(
        say("catalogue.target.applies"), REACHES, index=2, key="target_reach",
        format_func=lambda one: say(f"catalogue.applies.{one}"),
    )  # fmt: skip
    sign = ">=" if held[code].direction == "higher" else "<="
    value = left.text_input(say(f"settings.value.{sign}"), key="target_value", max_chars=20)
    since = right.date_input(say("settings.since"), date(date.today().year, 1, 1), key="target_since")
    source = st.text_input(
        say("settings.source"), key="target_source", max_chars=200, placeholder=say("settings.source_example")
    )
    if st.button(say("settings.add_target"), type="primary", icon=":material/add:", key="add_target"):
        told(bureau_settings.add_target(code, level, value, reach, since, source), say("settings.target_added"))
        st.rerun()


def targets() -> None:
    """The bureau's own targets, with a way to take one away."""
    st.header(say("settings.targets"), anchor=False)
    st.caption(say("settings.targets_lead"))
    held = bureau_settings.targets()
    if held:
        rows = []
        for one in held:
            entry = data.indicator(one.indicator)
            value = say(f"common.target.{one.comparator}", value=target_text(float(one.value), entry))
            key = ";".join(f"{name}={each}" for name, each in sorted(one.dims.items()))
            texts = (
                dims_text(key),
                value,
                say(f"catalogue.applies.{one.applies_to}"),
                one.valid_from.isoformat(),
                one.source,
            )
            name = name_of(entry) if entry is not None else one.indicator
            rows.append(tables.Row(tables.Cell(name), tuple(tables.Cell(text) for text in texts)))
        heads = ("indicator", "dims", "value", "applies", "since", "source")
        tables.draw([say(f"settings.column.{name}") for name in heads], rows, wrap=True)
        with st.popover(say("settings.remove"), icon=":material/delete:"):
            names = [f"{n + 1} · {row.head.text}" for n, row in enumerate(rows)]
            place = st.selectbox(say("settings.targets"), range(len(names)), key="which", format_func=names.__getitem__)
            if st.button(say("settings.remove_yes"), type="primary", key="remove_target"):
                told(bureau_settings.remove_target(int(place)), say("settings.target_removed"))
                st.rerun()
    new_target()


def deadlines() -> None:
    """The last day of each form, and the form to change one."""
    st.header(say("settings.due.title"), anchor=False)
    forms = {form.code: form for form in data.catalogue().forms}
    rows = [tables.Row(tables.Cell(name_of(form)), (tables.Cell(due_words(form.due)),)) for form in forms.values()]
    tables.draw([say("settings.due.form"), say("settings.due.last_day")], rows, wrap=True)
    code = st.selectbox(
        say("settings.due.form"), list(forms), key="due_form", format_func=lambda one: name_of(forms[one])
    )
    now = forms[code].due
    after, months, day = st.columns(3)
    kinds = ("start", "end")
    kind = after.selectbox(
        say("settings.due.counted"), kinds, index=kinds.index(now.after) if now else 1, key=f"due_after_{code}",
        format_func=lambda one: say(f"settings.due.after_{one}"),
    )  # fmt: skip
    later = months.number_input(say("settings.due.months"), 0, 12, now.months if now else 0, key=f"due_months_{code}")
    on = day.number_input(say("settings.due.day"), 1, 31, now.day if now else 31, key=f"due_day_{code}")
    if st.button(say("settings.save"), type="primary", key="save_due"):
        told(bureau_settings.set_due(code, kind, int(later), int(on)), say("settings.saved"))
        st.rerun()


def due_words(due: object) -> str:
    """The last day of a form in words."""
    if due is None:
        return say("settings.due.none")
    day = say("settings.due.last") if due.day == 31 else say("settings.due.on", day=due.day)  # type: ignore[attr-defined]
    months = due.months  # type: ignore[attr-defined]
    key = "settings.due.same" if months == 0 else "settings.due.later"
    return say(key, start=say(f"settings.due.after_{due.after}"), n=months, day=day)  # type: ignore[attr-defined]


def page() -> None:
    """Draw the page."""
    cards.heading("settings")
    if fault := st.session_state.pop(_FAULT, None):
        st.error(plain(fault), icon=":material/error:")
    if done := st.session_state.pop(_DONE, None):
        st.success(done, icon=":material/check:")
    if not bureau_settings.may_change():
        st.info(say("settings.outside"), icon=":material/info:")
        return
    left, right = st.columns(2, gap="large")
    with left:
        targets()
    with right:
        approval()
        deadlines()


access.require("administer")
page()
