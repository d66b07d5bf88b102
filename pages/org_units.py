"""The register of org units over time: who there is, a new one, what happened to one, and what each change will do."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import (
    access,
    cards,
    data,
    filters,
    links,
    profile,
    registry,
    search,
    tables,
    unit_desk,
    unit_effects,
    unit_forms,
    wide,
)
from pages.ui.text import DASH, coded, join, plain, say

SHOWN = 100
SIDES = ("list", "new", "change", "log")
Spellings = dict[int, tuple[str, ...]]
_SAID, _FAULT, _ASKED = "_units_said", "_units_fault", "_units_asked"


# ---- the list ----------------------------------------------------------------------------------------


def listing() -> None:
    """The units that a search and the filters leave."""
    found = data.search_units(SHOWN, **asked_for())
    st.caption(say("org_units.count", n=found.total))
    if not found.total:
        cards.nothing_found(say("org_units.none"))
        return
    names = ("name", "kind", "parent_id", "code", "area_type", "valid_from", "status")
    data.meet(unit.parent_id for unit in found.units if unit.parent_id is not None)
    spellings = data.aliases([unit.id for unit in found.units])
    rows = [row(unit, spellings) for unit in found.units]
    tables.draw([say(f"org_units.field.{name}") for name in names], rows, wrap=True, phone="tiles")
    if found.total > SHOWN:
        st.caption(say("org_units.cut", n=SHOWN))


def asked_for() -> dict[str, Any]:
    """The text, kind, phase, place and state that a person asks for (see data.search_units)."""
    text = search.box(say("org_units.search"), say("org_units.search_example"))
    columns = st.columns(4)
    root = data.root_id()
    kinds = filters.KINDS if root is None or wide.has_too_many("school", root) else {each.kind for each in data.tree()}
    kind = pick(columns[0], "kind", sorted(kinds), "kind")
    level = pick(columns[1], "level", list(unit_desk.LEVELS), "dim_value.level")
    places = ("county",) if wide.has_too_many("town") else ("county", "town")
    within = columns[2].selectbox(
        say("org_units.within"), [None, *unit_forms.in_use(filters.every(places))], key="list_within",
        format_func=lambda each: say("org_units.any") if each is None else data.name(each),
    )  # fmt: skip
    state = pick(columns[3], "status", ["active", "closed"], "unit_status")
    path = () if within is None else data.unit(within).path
    return {"text": text, "kind": kind, "level": level, "status": state, "path": path}


def pick(column: DeltaGenerator, name: str, options: list[str], group: str) -> str | None:
    """A filter: one of the codes, or any."""
    return column.selectbox(  # type: ignore[no-any-return]
        say(f"org_units.field.{name}"), [None, *options], key=f"list_{name}",
        format_func=lambda code: coded(group, code) if code else say("org_units.any"),
    )  # fmt: skip


def row(unit: data.Unit, spellings: Spellings) -> tables.Row:
    """One unit; its name leads to what may be changed about it."""
    level = coded("dim_value.level", unit.level) if unit.level else ""
    parent = None if unit.parent_id is None else data.find(unit.parent_id)
    texts = (
        join([coded("kind", unit.kind), level]),
        DASH if parent is None else parent.name,
        unit.code or DASH,
        coded("dim_value.area", unit.area_type) if unit.area_type else DASH,
        join([day_of(unit.valid_from), day_of(unit.valid_to)]) or DASH,
        coded("unit_status", unit.status),
    )
    head = tables.Cell(
        unit.name,
        links.url("org_units", side="change", unit=unit.id),
        spellings.get(unit.id, ())[:2],
    )
    return tables.Row(head, tuple(tables.Cell(text) for text in texts))


def day_of(value: date | None) -> str:
    """A day of the register."""
    return "" if value is None else value.isoformat()


# ---- a change, told before it is made ----------------------------------------------------------------


def confirmed(asked: unit_desk.Asked | None, key: str) -> None:
    """The reason, what the change would do, and the button that makes it."""
    note = st.text_input(
        say("org_units.field.note"), key=f"{key}_note", max_chars=200, placeholder=say("org_units.note_example")
    )
    if st.button(say("org_units.look_ahead"), key=f"{key}_ahead", icon=":material/visibility:", disabled=asked is None):
        found = unit_desk.look_ahead(asked)  # type: ignore[arg-type]
        st.session_state[_ASKED] = (key, asked, found)
    held = st.session_state.get(_ASKED)
    if held is None or held[0] != key or held[1] != asked:
        st.caption(say("org_units.ahead_first"))
        return
    if isinstance(held[2], str):
        st.error(plain(held[2]), icon=":material/error:")
        return
    with st.container(border=True):
        unit_effects.draw(held[2])
        if st.button(say("org_units.confirm"), key=f"{key}_confirm", type="primary", icon=":material/check:"):
            carried_out(held[1], note)


def carried_out(asked: unit_desk.Asked, note: str) -> None:
    """Make the change and say what became of it in the next run."""
    done = unit_desk.change(asked, note)
    st.session_state.pop(_ASKED, None)
    if isinstance(done, str):
        st.session_state[_FAULT] = done
    else:
        st.session_state[_SAID] = say("org_units.done", sums=len(done.sums), facts=done.facts)
    st.rerun()


def new() -> None:
    """A new unit, of one's own knowledge or of a name that documents brought."""
    waiting = unit_desk.proposals()
    names = [None, *waiting["name"].drop_duplicates()]
    if len(names) > 1:
        st.markdown(say("org_units.waiting", n=len(names) - 1))
        counts = waiting.groupby("name")["values"].sum()
        files = waiting.groupby("name")["file_name"].first()
        proposal = st.selectbox(
            say("org_units.proposal"), names, key="new_proposal",
            format_func=lambda name: say("org_units.no_proposal") if name is None
            else say("org_units.proposed", name=name, n=int(counts[name]), file=files[name]),
        )  # fmt: skip
    else:
        proposal = None
        st.caption(say("org_units.nothing_waits"))
    kind = st.selectbox(
        say("org_units.field.kind"), unit_forms.KINDS, key="new_kind", format_func=lambda code: coded("kind", code)
    )
    asked = unit_forms.new_unit(kind, f"new_{kind}_{proposal or ''}", name=proposal or "", proposal=proposal)
    confirmed(asked, "new")


def change() -> None:
    """One unit: its entry, what may happen to it, what happened so far."""
    unit_id = filters.unit(kinds=filters.KINDS, default=data.root_id())
    if unit_id is None:
        cards.empty_store()
        return
    unit = data.unit(unit_id)
    entry(unit)
    offered = unit_forms.actions(unit)
    action = st.segmented_control(
        say("org_units.what_happened"), offered, key=f"action_{unit_id}", default=offered[0], required=True,
        format_func=lambda each: say(f"org_units.action.{each}"),
    )  # fmt: skip
    st.caption(say(f"org_units.action_help.{action}"))
    confirmed(unit_forms.asked_for(str(action), unit), f"change_{unit_id}_{action}")
    st.header(say("org_units.history.title"), anchor=False)
    held = unit_desk.history(unit_id)
    if not held:
        st.caption(say("org_units.history.none"))
        return
    unit_effects.history(held, with_unit=False)


def entry(unit: data.Unit) -> None:
    """The register entry of a unit in a line or two."""
    level = coded("dim_value.level", unit.level) if unit.level else ""
    facts = {
        "code": unit.code or DASH,
        "aliases": profile.listed(registry.aliases(unit.id)) or DASH,
        "valid_from": day_of(unit.valid_from) or DASH,
        "valid_to": day_of(unit.valid_to),
        "into": profile.listed(map(data.name, registry.successors(unit.id))),
        "from": profile.listed(map(data.name, registry.predecessors(unit.id))),
    }  # fmt: skip
    words = [
        say("org_units.history.is", field=say(f"org_units.field.{name}"), value=value)
        for name, value in facts.items()
        if value
    ]
    state = join([coded("kind", unit.kind), level, coded("unit_status", unit.status)])
    st.markdown(f"**{plain(unit.name)}** :small[{plain(state)}]  \n:small[{plain(join(words))}]")


# ---- what was changed --------------------------------------------------------------------------------


def log() -> None:
    """All changes, the latest first, and the way to take one back."""
    held = unit_desk.history()
    if not held:
        st.caption(say("org_units.history.none"))
        return
    unit_effects.history(held, with_unit=True)
    events = {one.event: one for one in reversed(held) if one.withdrawn_by is None}
    if events:
        cards.folded(say("org_units.take_back"), "open_take_back", lambda: taking_back(events))


def event_words(one: unit_desk.UnitChange) -> str:
    """A change in the list of those that can be taken back: whose, what, since when."""
    since = one.effective.isoformat() if one.effective else ""
    return join([unit_effects.name(one.org_unit_id), say(f"org_units.what.{one.kind.value}"), since])


def taking_back(events: dict[int, unit_desk.UnitChange]) -> None:
    """Which change was a mistake, what taking it back would do, and the button that does it."""
    st.caption(say("org_units.take_back_help"))
    words = {number: event_words(one) for number, one in sorted(events.items(), reverse=True)}
    event = int(st.selectbox(say("org_units.which"), list(words), key="which_event", format_func=words.__getitem__))
    if st.button(say("org_units.look_ahead"), key="back_ahead", icon=":material/visibility:"):
        st.session_state[_ASKED] = ("back", event, unit_desk.look_back(event))
    held = st.session_state.get(_ASKED)
    if held is None or held[:2] != ("back", event):
        return
    if isinstance(held[2], str):
        st.error(plain(held[2]), icon=":material/error:")
        return
    unit_effects.draw(held[2])
    if st.button(say("org_units.take_back_yes"), type="primary", key="take_back"):
        fault = unit_desk.take_back(event)
        st.session_state.pop(_ASKED, None)
        st.session_state[_FAULT if fault else _SAID] = fault or say("org_units.taken_back")
        st.rerun()


def page() -> None:
    """Draw the page."""
    cards.heading("org_units")
    if fault := st.session_state.pop(_FAULT, None):
        st.error(plain(fault), icon=":material/error:")
    if said := st.session_state.pop(_SAID, None):
        st.success(said, icon=":material/check:")
    side = filters.segments(
        "side", say("org_units.sides"), SIDES, "list", lambda each: say(f"org_units.side.{each}"), bare=True
    )
    {"list": listing, "new": new, "change": change, "log": log}[side]()


access.require("administer")
page()
