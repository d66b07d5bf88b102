"""One number at a time: its sentence, what was read, why it is doubtful, and the keys that decide."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from db.queries import Waiting
from db.records_review import Choice, Origin
from pages.ui import data, proof, review_form, reviewing, tables
from pages.ui.text import plain, say

_SKIPPED = "_review_skipped"  # what was put off in this session, by origin and number
_EDITED = "_review_edited"  # the number whose form is open
FIRST = 9  # reasons that have a key of their own: 1 to 9


def name(one: Waiting) -> str:
    """What tells a number from all others, for the keys of its widgets."""
    return f"{one.origin}_{one.number}"


def following(held: Sequence[Waiting]) -> Waiting | None:
    """The next number to decide on: those put off come last."""
    skipped: list[str] = st.session_state.setdefault(_SKIPPED, [])
    left = [one for one in held if name(one) not in skipped]
    if not left:
        skipped.clear()
        left = list(held)
    return left[0] if left else None


def draw(one: Waiting, *, alone: bool = False) -> None:
    """The number with everything that is needed to decide on it; `alone` where it was asked for by itself."""
    left, right = st.columns([11, 9], gap="medium")
    with left:
        reviewing.neighbourhood(one.evidence, one.source_file_id)
        st.caption(reviewing.where(one.evidence))
        _why(one)
    with right:
        _reading(one)
        editing = st.session_state.get(_EDITED) == name(one) or (one.said is None and one.origin is not Origin.PENDING)
        if editing:
            _form(one, alone)
        else:
            _keys(one, alone)
        _refusals(one)


def _why(one: Waiting) -> None:
    lines = reviewing.doubt_words(one)
    if one.origin is Origin.PENDING:
        lines.append(say("review.sure", words=proof.certainty(one.evidence.confidence)))
    for line in lines:
        st.markdown(f":small[{line}]")


def _reading(one: Waiting) -> None:
    """What the program read, and what taking it would do."""
    if one.said is None:
        key, name = ("likely", plain(reviewing.indicator_name(one.indicator))) if one.indicator else ("unread", "")
        st.markdown(say(f"review.{key}", number=plain(one.evidence.quote), indicator=name))
        return
    tables.draw([say("review.field.what"), say("review.field.read")], reviewing.rows_of(one.said), wrap=True)
    if reviewing.can_accept(one):
        found = reviewing.preview([reviewing.answer(one, Choice.ACCEPT)])
        if isinstance(found, str):
            st.caption(found)
        else:
            st.caption("  ".join(reviewing.effect_words(change) for change in found))


def _keys(one: Waiting, alone: bool) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        if one.origin is Origin.PENDING:
            st.button(
                say("review.accept"), key="accept", type="primary", shortcut="A", icon=":material/check:",
                disabled=not reviewing.can_accept(one), on_click=_accept, args=(one,),
            )  # fmt: skip
        st.button(
            say("review.correct"), key="correct", shortcut="E", icon=":material/edit:", on_click=_edit, args=(one,)
        )
        if not alone:
            st.button(
                say("review.skip"), key="skip", shortcut="S", icon=":material/skip_next:", on_click=_skip, args=(one,)
            )
        undo_last()
    if one.origin is Origin.PENDING and not reviewing.can_accept(one):
        st.caption(say("review.choose_unit"))


def undo_last() -> None:
    """The button that takes the last action of this session back, where there was one."""
    last = list(st.session_state.get(reviewing.LAST) or ())
    if last:
        st.button(
            say("review.undo_last"), key="undo_last", shortcut="Z", icon=":material/undo:", on_click=reviewing.revoke,
            args=(last,),
        )  # fmt: skip


def _refusals(one: Waiting) -> None:
    """A button per reason, the most frequent ones with a key."""
    if one.origin is Origin.REJECTED and not one.doubts:
        return
    st.caption(say("review.refuse_fact" if one.origin is Origin.OBSERVATION else "review.refuse"))
    with st.container(horizontal=True, gap="xxsmall"):
        for place, reason in enumerate(reviewing.REASONS[:FIRST], start=1):
            st.button(
                proof.reason(reason), key=f"refuse_{reason}", shortcut=str(place), type="secondary",
                on_click=_refuse, args=(one, reason),
            )  # fmt: skip
        with st.popover(say("review.other_reasons")):
            for reason in reviewing.REASONS[FIRST:]:
                st.button(proof.reason(reason), key=f"refuse_{reason}", on_click=_refuse, args=(one, reason))


def _form(one: Waiting, alone: bool) -> None:
    key = f"form_{name(one)}"
    with st.container(border=True, key="review_form"):
        said = review_form.statement(one, key)
        if isinstance(said, str):
            st.caption(said)
        with st.container(horizontal=True, gap="xsmall"):
            # No callback: it would get what the form held in the run before, not what was typed just now.
            saved = st.button(
                say("review.save"), key="save_form", type="primary", shortcut="Ctrl+Enter", icon=":material/check:",
                disabled=isinstance(said, str),
            )  # fmt: skip
            if one.said is not None:
                st.button(say("review.cancel"), key="cancel_form", shortcut="Esc", on_click=_close)
            elif not alone:
                st.button(say("review.skip"), key="skip", shortcut="S", on_click=_skip, args=(one,))
    if saved and not isinstance(said, str):
        if reviewing.decide([reviewing.answer(one, Choice.CORRECT, said)]):
            _close()
        st.rerun()
    if isinstance(said, str) or one.entity == "" or said.org_unit_id is None:
        return
    before = one.said.org_unit_id if one.said else None
    if before is not None and before != said.org_unit_id and data.unit(before).status == "proposed":
        unit = plain(reviewing.unit_name(said.org_unit_id))
        st.caption(say("review.form.alias", name=plain(one.entity), unit=unit))


# ---- callbacks ---------------------------------------------------------------------------------------


def _accept(one: Waiting) -> None:
    reviewing.decide([reviewing.answer(one, Choice.ACCEPT)])


def _refuse(one: Waiting, reason: str) -> None:
    if reviewing.decide([reviewing.answer(one, Choice.REJECT, reason=reason)]):
        _close()


def _edit(one: Waiting) -> None:
    st.session_state[_EDITED] = name(one)


def _close() -> None:
    st.session_state.pop(_EDITED, None)


def _skip(one: Waiting) -> None:
    st.session_state.setdefault(_SKIPPED, []).append(name(one))
