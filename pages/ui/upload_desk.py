"""The file that a person is working on: its bytes, what was chosen about it, what it would bring. It is kept as a draft
of the store as it goes, so that a closed browser loses nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from db.engine import StoreError
from db.records import ImportResult, Issue, SourceFile
from db.records_drafts import EDITABLE, Choices, Step, StoredDraft, Tick, issue_key, summary_of, to_tick, unticked
from pages.ui import access, actions, data, draft_actions, uploading

_DESK, _SAID, _UPLOADER = "desk", "desk_said", "uploader_number"
Told = Callable[[str], None]


@dataclass(slots=True)
class Desk:
    """`made_of` is what `prepared` was made of: the store's revision, changes to tables and places. `draft` is none
    until there is something worth keeping. `wish` is what the person asked for and this run carries out;
    `barred` is why the file is not even read."""

    source: SourceFile
    file_id: str = ""
    choices: Choices = field(default_factory=Choices)
    draft: StoredDraft | None = None
    prepared: uploading.Prepared | None = None
    made_of: tuple[Any, ...] = ()
    unsaved: bool = False
    refused: str = ""
    wish: str = ""
    forgotten: int = 0
    barred: str = ""
    result: ImportResult | None = None

    @property
    def editable(self) -> bool:
        """Whether choices may still be made: not while it waits for approval."""
        return self.result is None and (self.draft is None or self.draft.status in EDITABLE)

    @property
    def seen(self) -> int:
        """The revision of the store that the difference on the screen was worked out beside."""
        return int(self.made_of[0])


def _put_down(held: dict[str, Desk]) -> None:
    """A closed tab: what its file would bring is worked out anew should the person come back within a minute."""
    for desk in held.values():
        desk.prepared, desk.made_of = None, ()


@st.cache_resource(scope="session", show_spinner=False, on_release=_put_down)
def _in_sight() -> dict[str, Desk]:
    """The desk of this session while its tab is open: the runtime releases it as soon as the tab is closed, but the
    session's state, with a draft of hundreds of megabytes in it, only minutes later."""
    return {}


def current() -> Desk | None:
    """The file of this session, if any."""
    return st.session_state.get(_DESK)


def uploader_key() -> str:
    """The key of the uploader; another one empties it."""
    number = st.session_state.get(_UPLOADER, 0)
    return f"upload_file_{number}" if number else "upload_file"


def lay(name: str, content: bytes, file_id: str) -> Desk:
    """A file that was just chosen; what this person chose about the same bytes before is taken up. One
    over the day's quota is not read."""
    source = SourceFile(draft_actions.shown_name(name), content, hashlib.sha256(content).hexdigest(), "")
    barred = draft_actions.over_quota(source)
    if barred:
        desk = Desk(replace(source, content=b""), file_id, barred=barred)
    else:
        held = draft_actions.mine(source.sha256)
        desk = Desk(source, file_id, held.choices if held else Choices(), held)
    st.session_state[_DESK] = desk
    return desk


def resume(draft_id: int) -> None:
    """A draft of the store becomes the file of this session; where that cannot be, the reason is said."""
    try:
        held, source = draft_actions.taken_up(draft_id)
    except StoreError as problem:
        say_once(str(problem))
        close()
        return
    st.session_state[_DESK] = Desk(source, "", held.choices, held)
    empty_uploader()


def discard(draft_id: int) -> None:
    """End a draft."""
    desk = current()
    try:
        draft_actions.discard(draft_id)
    except StoreError as problem:
        say_once(str(problem))
    if desk is not None and desk.draft is not None and desk.draft.id == draft_id:
        close()
        empty_uploader()


def close() -> None:
    """Put the file away; its draft stays in the store."""
    st.session_state.pop(_DESK, None)
    st.query_params.pop("draft", None)


def empty_uploader() -> None:
    """The uploader holds no file any more."""
    st.session_state[_UPLOADER] = st.session_state.get(_UPLOADER, 0) + 1


def say_once(sentence: str) -> None:
    """A sentence for the next run of the page."""
    st.session_state[_SAID] = sentence


def said() -> str:
    """The sentence that was left for this run."""
    return st.session_state.pop(_SAID, "")


def ready(desk: Desk, told: Told) -> uploading.Prepared:
    """What the file would bring, worked out anew when the store or what was chosen has changed."""
    if desk.barred:
        return uploading.Prepared(desk.source.sha256, refusal=desk.barred)
    if desk.prepared is None or desk.made_of != _made_of(desk):
        desk.unsaved = desk.unsaved or desk.prepared is not None
        desk.prepared = uploading.prepare(desk.source, desk.choices, told)
        _in_sight()[_DESK] = desk
        if desk.prepared.overrides != desk.choices.overrides:  # changes to a form that is like a remembered one
            desk.choices = replace(desk.choices, overrides=desk.prepared.overrides)
            desk.unsaved = True
        desk.made_of = _made_of(desk)
    elif desk.prepared.draft is not None and desk.prepared.replaces != desk.choices.replaces:
        found = actions.compare(desk.prepared.draft, desk.choices.replaces)
        desk.prepared = replace(desk.prepared, impact=found, replaces=desk.choices.replaces)
    return desk.prepared


def _made_of(desk: Desk) -> tuple[Any, ...]:
    return (data.revision(), repr(desk.choices.overrides), repr(sorted(desk.choices.places.items())), desk.forgotten)


def forget(digest: str) -> None:
    """Callback: the layout of a table is not remembered any more; the file is read anew without it."""
    try:
        actions.forget_layout(digest)
    except StoreError as problem:
        say_once(str(problem))
    desk = current()
    if desk is not None:
        desk.forgotten += 1


def keep(desk: Desk) -> None:
    """Save what is worth saving: a draft that could be stored, or one about which something was chosen."""
    if not desk.editable or desk.prepared is None or desk.prepared.draft is None:
        return
    draft, counts = desk.prepared.draft, uploading.difference_counts(desk.prepared)
    summary = summary_of(draft, counts)
    try:
        if desk.draft is None and (not draft.blocked or desk.choices != Choices()):
            source = replace(desk.source, media_type=draft.source.media_type, kept=draft.source.kept)
            desk.draft, desk.unsaved = draft_actions.open_draft(source, summary), True
        if desk.draft is not None and desk.unsaved:
            step = Step.ISSUES if draft.blocked or left(desk) else Step.CONFIRM
            desk.draft = draft_actions.save(desk.draft, step, desk.choices, summary, desk.seen)
            desk.unsaved = False
    except StoreError as problem:
        desk.refused = str(problem)
    if desk.draft is not None and desk.source.content and desk.draft.resumable:
        st.query_params["draft"] = str(desk.draft.id)


def choose(**changes: Any) -> None:
    """Callback: what the person chose about the file of this session."""
    desk = current()
    if desk is not None and desk.editable:
        desk.choices = replace(desk.choices, **changes)
        desk.unsaved, desk.refused = True, ""


def ticks() -> dict[str, Tick]:
    """The ticks so far by issue key."""
    desk = current()
    return dict(desk.choices.ticks) if desk is not None else {}


def tick(key: str, reason: str | None) -> None:
    """Tick an issue with its reason; None takes the tick back."""
    held = ticks()
    held.pop(key, None)
    if reason is not None:
        held[key] = Tick(reason.strip(), access.current().name, datetime.now(UTC).replace(tzinfo=None, microsecond=0))
    choose(ticks=held)


def key_of(issue: Issue) -> str:
    """The key of an issue."""
    return issue_key(issue)


def wanted(desk: Desk) -> int:
    """How many issues want a tick."""
    return len(to_tick(desk.prepared.draft.issues))


def left(desk: Desk) -> int:
    """How many of them have none yet."""
    return len(unticked(desk.prepared.draft.issues, desk.choices))


def ask(wish: str) -> None:
    """Callback: what the person asked for; the run that follows carries it out."""
    desk = current()
    if desk is not None:
        desk.wish, desk.refused = wish, ""


def hand_over(desk: Desk, give: Callable[..., None]) -> bool:
    """Give the draft to the queue and clear the desk; False where it was refused, with the sentence on the desk."""
    wish, desk.wish = desk.wish, ""
    keep(desk)
    if desk.draft is None or desk.unsaved or desk.prepared is None:
        return False
    try:
        give(desk.draft, desk.prepared.draft, desk.prepared.impact, wish)
    except StoreError as problem:
        desk.refused = str(problem)
        return False
    close()
    empty_uploader()
    return True


def carry_out(desk: Desk) -> None:
    """Store, submit, approve or send back as the person asked; a refusal is kept as a sentence."""
    wish, desk.wish = desk.wish, ""
    prepared = desk.prepared
    if not wish or prepared is None or prepared.draft is None:
        return
    keep(desk)  # a note typed just before the button was pressed
    if desk.draft is None or desk.unsaved:
        return
    try:
        if wish == "submit":
            desk.draft = draft_actions.submit(desk.draft, prepared.draft)
        elif wish == "return":
            desk.draft = draft_actions.give_back(desk.draft, st.session_state.get("return_reason", ""))
        else:
            write = draft_actions.approve if wish == "approve" else draft_actions.store
            desk.result = write(desk.draft, prepared.draft, desk.seen)
            desk.source = replace(desk.source, content=b"")
            st.query_params.pop("draft", None)
    except StoreError as problem:
        desk.refused = str(problem)
