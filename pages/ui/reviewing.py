"""The review in words and calls: what a reading says, why it waits, and the writes with their refusals as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from db.engine import StoreError
from db.queries import Decided, Waiting
from db.records import Change, Evidence, cell_text, dims_key
from db.records_review import Answer, Choice, Origin, Outcome, Statement, sentence_around
from etl.places import Directory
from pages.ui import access, actions, data, document, links, profile, proof, registry, tables
from pages.ui.text import coded, dims_text, fraction_text, join, name_of, named_parts, period_text, plain, say

REASONS = ("target", "plan", "requirement", "definition", "other_entity", "out_of_domain", "vague", "ordinal",
           "ambiguous", "redacted", "empty", "noise", "duplicate")  # fmt: skip
_OF_COUNTIES = ("county", "town", "school")
NEAR = 140  # signs of the text shown on either side of a sentence
_SAID = "_review_said"  # what the last action did, as a sentence: kind and words
LAST = "_review_last"  # the decisions of the last action, for taking them back at once


def unit_name(org_unit_id: int | None) -> str:
    """The name of a unit, or that it is still open."""
    if org_unit_id is None:
        return say("review.no_unit")
    held = data.find(org_unit_id)
    return str(org_unit_id) if held is None else held.name


def indicator_name(code: str) -> str:
    """The name of an indicator."""
    found = data.indicator(code)
    return name_of(found) if found else code


def value_words(said: Statement) -> str:
    """The value with how exact it is said to be."""
    value = proof.stated_text(said.value, said.unit, said.indicator, said.status)
    if said.qualifier == "exact" or said.value is None:
        return value
    high = proof.stated_text(said.value_high, said.unit, said.indicator)
    return say(f"evidence.qualifier.{said.qualifier}", value=value, high=high)


def in_a_line(said: Statement | None) -> str:
    """A statement in a line; a number that stands for nothing in a word."""
    if said is None:
        return say("review.nothing")
    name = join(named_parts(data.indicator(said.indicator), said.indicator, said.dims or ""))
    return join([name, unit_name(said.org_unit_id), period_text(said.period), value_words(said)])


def rows_of(said: Statement) -> list[tables.Row]:
    """A statement line by line."""
    lines = {
        "indicator": indicator_name(said.indicator),
        "dims": dims_text(said.dims) if said.dims else say("review.no_dims"),
        "unit": unit_name(said.org_unit_id),
        "period": period_text(said.period),
        "value": value_words(said),
        "counts": fraction_text(said.numerator, said.denominator),
    }
    return [
        tables.Row(tables.Cell(say(f"review.field.{name}")), (tables.Cell(words),))
        for name, words in lines.items()
        if words
    ]


def doubt_words(one: Waiting) -> list[str]:
    """Why a reading waits, a sentence per reason."""
    asked = "two_ways" if one.origin is Origin.REJECTED else None
    return [say(f"review.doubt.{asked or doubt}", name=plain(one.entity)) for doubt in one.doubts]


def where(at: Evidence) -> str:
    """Where in its document a number stands."""
    if at.cell:
        return proof.cell_place(at.sheet, at.cell)
    return at.locator or (say("evidence.at", n=at.start + 1) if at.start is not None else "")


def neighbourhood(at: Evidence, file_id: int) -> None:
    """Draw the sentence with its neighbours and the number in it, or the cell with the cells around it."""
    view = data.document(file_id)
    if at.cell is not None:
        grid = next((grid for grid in view.grids if grid.sheet == at.sheet), None)
        if grid is not None:
            marks = [document.CellMark(at.cell, document.FOCUS)]
            st.html(document.grid_html(grid, marks, head=3, around=3))
        return
    text, start, end = view.text, at.start or 0, at.end or 0
    first, last = (at.sentence_start, at.sentence_end)
    if first is None or last is None:
        first, last = sentence_around(text, start, end)
    marks = [document.Mark(start, end, document.FOCUS), document.Mark(first, last, document.SENTENCE)]
    before, after = max(0, first - NEAR), min(len(text), last + NEAR)
    before = max(sentence_around(text, before, before)[0], before - NEAR)
    after = min(sentence_around(text, after, after)[1], after + NEAR)
    st.html(document.text_html(text, marks, first=before, last=after))


def sentence(at: Evidence, file_id: int) -> str:
    """The sentence of a number on one line, or the text of its cell."""
    if at.cell is not None or at.start is None or at.end is None:
        return cell_text(at.quote)
    text = data.document(file_id).text
    first, last = sentence_around(text, at.start, at.end)
    return " ".join(text[first:last].split())


def effect_words(change: Change) -> str:
    """What taking a reading would do to the store."""
    old = proof.stated_text(change.old_value, change.observation.unit, change.observation.indicator)
    return say(f"review.effect.{change.kind}", old=old)


def preview(answers: Sequence[Answer]) -> list[Change] | str:
    """What decisions would bring, or why they cannot be taken."""
    try:
        return actions.preview(answers)
    except StoreError as problem:
        return str(problem)


def change_dims(change: Change) -> str:
    """The dims key of a change."""
    return dims_key(change.observation.dims)


# ---- writing -----------------------------------------------------------------------------------------


def _tried(call: Callable[[], Outcome], done: Callable[[Outcome], str]) -> bool:
    try:
        outcome = call()
    except StoreError as problem:
        st.session_state[_SAID] = ("error", str(problem))
        return False
    st.session_state[_SAID] = ("done", done(outcome))
    st.session_state[LAST] = outcome.decisions
    return True


def decide(answers: Sequence[Answer]) -> bool:
    """Take decisions and remember what to say about them; whether that went well."""
    kind = answers[0].choice if len(answers) == 1 else None

    def words(outcome: Outcome) -> str:
        if kind is not None:
            return say(f"review.done.{kind}")
        return say("review.done.many", n=len(outcome.decisions), added=outcome.added)

    return _tried(lambda: actions.decide(answers), words)


def revoke(decisions: Sequence[int]) -> None:
    """Take decisions back and remember what to say about it."""
    _tried(lambda: actions.revoke_decisions(decisions), lambda outcome: say("review.done.revoked", n=len(decisions)))
    st.session_state.pop(LAST, None)


def settle_name(name: str, org_unit_id: int, source_file_id: int | None) -> None:
    """Settle a name and remember what to say about it."""
    unit = plain(unit_name(org_unit_id))

    def words(outcome: Outcome) -> str:
        key = "named_over" if outcome.replaced else "named"
        return say(f"review.done.{key}", name=plain(name), unit=unit, n=len(outcome.decisions), over=outcome.replaced)

    _tried(lambda: actions.settle_name(name, org_unit_id, source_file_id), words)


def say_what_was_done() -> None:
    """The sentence about the last action, once."""
    kind, words = st.session_state.pop(_SAID, ("", ""))
    if kind == "error":
        st.error(words, icon=":material/error:")
    elif kind:
        st.toast(words, icon=":material/check_circle:")


# ---- units -------------------------------------------------------------------------------------------


def suggestions(name: str, file_id: int) -> list[int]:
    """Ids of the units whose names are most like a name of a document, those of the document's own county first."""
    if not name:
        return []

    def make() -> list[int]:
        named = [int(each) for each in data.document_observations(file_id)["org_unit_id"]]
        data.meet(named)
        seen = Counter(one.area_id for one in map(data.find, named) if one is not None and one.kind in _OF_COUNTIES)
        within = seen.most_common(1)[0][0] if seen else None
        return [unit.id for unit, _ in Directory(registry.directory(within)).suggest(name, within)]

    return data.kept("suggestions", make, name, file_id)


# ---- the line on other pages -------------------------------------------------------------------------


def waiting_line() -> None:
    """A quiet line that says how much waits, with the way there; nothing when nothing waits."""
    if not access.current().may("upload"):
        return
    n = data.waiting_count()
    if n:
        links.to("review", say("review.line", n=n), icon=":material/rate_review:")


def will_wait(n: int) -> None:
    """Before a file is stored: how many of its numbers will wait for a person, and where."""
    if n:
        st.info(say("review.will_wait", n=n), icon=":material/rate_review:")


def title(code: str, dims: str) -> str:
    """An indicator with its dims."""
    return profile.title((code, dims))


def choice_words(one: Decided) -> str:
    """What was decided, with the reason of a refusal."""
    word = coded("choice", one.decision.choice)
    return join([word, proof.reason(one.decision.reason)]) if one.decision.choice is Choice.REJECT else word


def after_words(one: Decided) -> str:
    """What a number stands for after a decision; of one that was taken as it was read, no repetition."""
    return say("review.as_read") if one.decision.choice is Choice.ACCEPT else in_a_line(one.decision.after)


def answer(one: Waiting, choice: Choice, said: Statement | None = None, reason: str = "") -> Answer:
    """A decision on a number."""
    return Answer(one.origin, one.number, choice, said, reason)


def can_accept(one: Waiting) -> bool:
    """Whether the program's own reading can be taken as it is."""
    return one.origin is Origin.PENDING and one.said is not None and one.said.org_unit_id is not None


def asked(params: Any, *names: str) -> dict[str, int]:
    """The ids among the parameters of the address."""
    found = {name: str(params.get(name, "")) for name in names}
    return {name: int(text) for name, text in found.items() if text.isascii() and text.isdigit() and len(text) <= 18}
