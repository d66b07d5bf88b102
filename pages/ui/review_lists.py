"""The other sides of a document's review: many at once, names, what was decided, what was left out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from db.queries import Waiting
from db.records_review import Answer, Choice, Doubt, Origin
from pages.ui import cards, data, filters, proof, review_one, reviewing
from pages.ui.text import join, moment_text, period_text, plain, say

SHOWN = 500  # rows of a list that are shown at all


# ---- many at once ------------------------------------------------------------------------------------


def bulk(held: Sequence[Waiting]) -> None:
    """Accept or refuse what a filter leaves, after a look at what that would store."""
    readings = [one for one in held if one.origin is Origin.PENDING]
    review_one.undo_last()
    if not readings:
        cards.nothing_found(say("review.bulk.none"))
        return
    st.caption(say("review.bulk.lead"))
    chosen = _filtered(readings)
    answers = [reviewing.answer(one, Choice.ACCEPT) for one in chosen if reviewing.can_accept(one)]
    st.markdown(say("review.bulk.sum", n=len(chosen), ready=len(answers)))
    _preview(answers)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            say("review.bulk.accept", n=len(answers)), key="bulk_accept", type="primary", icon=":material/done_all:",
            disabled=not answers, on_click=reviewing.decide, args=(answers,),
        )  # fmt: skip
        reason = st.selectbox(
            say("review.bulk.reason"), reviewing.REASONS, index=None, key="bulk_reason", format_func=proof.reason,
            width=260, placeholder=say("review.bulk.pick_reason"),
        )  # fmt: skip
        refusals = [reviewing.answer(one, Choice.REJECT, reason=reason or "") for one in chosen]
        st.button(
            say("review.bulk.reject", n=len(refusals)), key="bulk_reject", icon=":material/block:",
            disabled=not refusals or reason is None, on_click=reviewing.decide, args=(refusals,),
        )  # fmt: skip


def _filtered(readings: Sequence[Waiting]) -> list[Waiting]:
    one, two, three = st.columns(3, gap="small")
    doubts = sorted({doubt for each in readings for doubt in each.doubts})
    codes = sorted({each.indicator for each in readings}, key=reviewing.indicator_name)
    doubt = one.selectbox(
        say("review.filter.doubt"), [None, *doubts], key="bulk_doubt",
        format_func=lambda each: say(f"review.kind.{each}") if each else say("review.filter.any"),
    )  # fmt: skip
    code = two.selectbox(
        say("review.filter.indicator"), [None, *codes], key="bulk_indicator",
        format_func=lambda each: reviewing.indicator_name(each) if each else say("review.filter.any"),
    )  # fmt: skip
    floors = sorted({round(each.evidence.confidence, 2) for each in readings})
    least = floors[0]
    if len(floors) > 1:
        least = three.select_slider(
            say("review.filter.confidence"), floors, value=floors[0], key="bulk_confidence",
            format_func=lambda each: f"{each:.0%}",
        )  # fmt: skip
    return [
        each
        for each in readings
        if (doubt is None or doubt in each.doubts)
        and (code is None or each.indicator == code)
        and round(each.evidence.confidence, 2) >= least
    ]


def _preview(answers: Sequence[Answer]) -> None:
    changes = reviewing.preview(answers)
    if isinstance(changes, str):
        st.error(changes, icon=":material/error:")
        return
    if not changes:
        return
    rows = [(change, change.observation) for change in changes[:SHOWN]]
    columns = {
        "quote": [item.evidence.quote for _, item in rows],
        "indicator": [reviewing.title(item.indicator, reviewing.change_dims(change)) for change, item in rows],
        "unit": [reviewing.unit_name(item.org_unit_id) for _, item in rows],
        "period": [period_text(item.period) for _, item in rows],
        "value": [proof.stated_text(float(item.value or 0), item.unit, item.indicator) for _, item in rows],
        "effect": [reviewing.effect_words(change) for change, _ in rows],
    }
    frame = pd.DataFrame({say(f"review.column.{name}"): values for name, values in columns.items()})
    cards.table(frame, key="bulk_preview", alt=say("review.bulk.alt"))


# ---- names -------------------------------------------------------------------------------------------


def names(file_id: int) -> None:
    """The names of the document that nobody, or several, answer to, each with the likeliest units."""
    frame = data.unsettled_names(file_id)
    review_one.undo_last()
    if frame.empty:
        cards.nothing_found(say("review.names.none"))
        return
    st.caption(say("review.names.lead"))
    everywhere = st.checkbox(
        say("review.names.everywhere"), key="names_everywhere", help=say("review.names.everywhere_help")
    )
    words = filters.unit_words()
    for row in frame.itertuples():
        with st.container(border=True, key=f"name_{row.Index}"):
            counts = say("review.names.counts", values=row.values, waiting=row.waiting)
            st.markdown(join([f"**{plain(row.name)}**", say(f"review.names.{row.kind}"), counts]))
            _settle(row.name, file_id, None if everywhere else file_id, words)


def _settle(name: str, file_id: int, only: int | None, words: filters.Words) -> None:
    """The likeliest units as buttons, all others in a list."""
    likely = reviewing.suggestions(name, file_id)
    others = filters.near(f"unit_of_{name}", held=likely)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for unit_id in likely:
            st.button(
                say("review.names.as", unit=plain(words(unit_id))), key=f"settle_{name}_{unit_id}",
                on_click=reviewing.settle_name, args=(name, unit_id, only),
            )  # fmt: skip
        other = st.selectbox(
            say("review.names.other"), others, index=None, key=f"unit_of_{name}", format_func=words,
            placeholder=say("review.form.pick_unit"), width=360, label_visibility="collapsed",
        )  # fmt: skip
        st.button(
            say("review.names.settle"), key=f"settle_{name}", icon=":material/check:", disabled=other is None,
            on_click=reviewing.settle_name, args=(name, other, only),
        )  # fmt: skip


# ---- what was decided --------------------------------------------------------------------------------


def decided(file_id: int) -> None:
    """The decisions in force, the latest first; those that are ticked can be taken back."""
    held = data.decided(file_id)
    if not held:
        cards.nothing_found(say("review.decided.none"))
        return
    st.caption(say("review.decided.lead"))
    columns = {
        "quote": [one.decision.number for one in held],
        "choice": [reviewing.choice_words(one) for one in held],
        "before": [reviewing.in_a_line(one.decision.before) for one in held],
        "after": [reviewing.after_words(one) for one in held],
        "by": [join([one.decided_by, moment_text(one.decided_at)]) for one in held],
    }
    if any(one.alias for one in held):
        columns["alias"] = [one.alias for one in held]
    frame = pd.DataFrame({say(f"review.column.{name}"): values for name, values in columns.items()})
    picked = st.dataframe(
        frame,
        hide_index=True,
        key="decided",
        alt=say("review.decided.alt"),
        on_select="rerun",
        selection_mode="multi-row",
    )
    ids = [held[row].decision.id for row in picked["selection"]["rows"] if row < len(held)]
    st.button(
        say("review.decided.revoke", n=len(ids)), key="revoke", icon=":material/undo:", disabled=not ids,
        on_click=reviewing.revoke, args=(ids,),
    )  # fmt: skip


# ---- what was left out -------------------------------------------------------------------------------


def left_out(file_id: int) -> None:
    """The numbers that were not taken, with their reasons; one of them can be made a reading after all."""
    frame = data.document_rejected(file_id)
    frame = frame[frame["id"] > 0]
    if frame.empty:
        cards.nothing_found(say("review.left_out.none"))
        return
    st.caption(say("review.left_out.lead"))
    reasons = sorted(frame["reason"].unique())
    reason = st.selectbox(
        say("review.filter.reason"), [None, *reasons], key="left_out_reason",
        format_func=lambda each: proof.reason(each) if each else say("review.filter.any"),
    )  # fmt: skip
    chosen = frame if reason is None else frame[frame["reason"] == reason]
    rows = list(chosen.head(SHOWN).itertuples())
    columns = {
        "quote": [row.text for row in rows],
        "reason": [proof.reason(row.reason) for row in rows],
        "sentence": [_around(row, file_id) for row in rows],
        "place": [proof.place(row) for row in rows],
    }
    shown = pd.DataFrame({say(f"review.column.{name}"): values for name, values in columns.items()})
    picked = st.dataframe(
        shown, hide_index=True, key="left_out", alt=say("review.left_out.alt"), on_select="rerun",
        selection_mode="single-row",
    )  # fmt: skip
    if len(chosen) > SHOWN:
        st.caption(say("review.left_out.cut", n=SHOWN))
    marked = [row for row in picked["selection"]["rows"] if row < len(rows)]
    one = data.rejected_now(int(rows[marked[0]].id)) if marked else None
    if one is not None:
        review_one.draw(one, alone=True)
    elif marked:
        st.warning(say("review.left_out.no_place"), icon=":material/link_off:")


def _around(row: object, file_id: int) -> str:
    """The text around a number that was not taken."""
    start, end = getattr(row, "start", None), getattr(row, "end", None)
    if pd.isna(start) or pd.isna(end):
        return ""
    text = data.document(file_id).text
    return " ".join(text[max(0, int(start) - 30) : int(end) + 30].split())


# ---- the queue ---------------------------------------------------------------------------------------


def doubt_kinds(held: Sequence[Waiting]) -> list[Doubt]:
    """The kinds of doubt among readings."""
    return sorted({doubt for one in held for doubt in one.doubts})


def unit_label(one: Waiting) -> str:
    """The unit of a reading as a filter shows it: its name in the store, else that of the document."""
    if one.said is not None and one.said.org_unit_id is not None:
        return reviewing.unit_name(one.said.org_unit_id)
    return one.entity or say("review.no_unit")
