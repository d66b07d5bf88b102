"""The fields in which a person says how a unit changed; each form gives what is asked for, or None while it is incomplete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from db.records_org import Unit
from pages.ui import data, filters, registry, unit_desk
from pages.ui.text import DASH, coded, say

KINDS = ("school", "town", "county")  # that a form can register
FIRST_DAY = date(1949, 10, 1)
NEW = 0  # beside units by their id


def actions(unit: Unit) -> list[str]:
    """What may happen to a unit, by its kind and state."""
    if unit.status != "active":
        return ["reopen", "correct", "alias"]
    of_kind = {"school": ["move", "merge", "split"], "town": ["merge"]}.get(unit.kind, [])
    return ["rename", *of_kind, "close", "correct", "alias"]


def asked_for(action: str, unit: Unit) -> unit_desk.Asked | None:
    """The fields of an action, and what they ask for."""
    return _FORMS[action](unit)


def day(key: str, label: str = "org_units.field.on", latest: date | None = None) -> date:
    """A day from which something holds."""
    last = latest or date.today()
    return st.date_input(say(label), date.today(), min_value=FIRST_DAY, max_value=last, key=key)  # type: ignore[no-any-return]


def optional(field: str, codes: tuple[str, ...], group: str, key: str, chosen: object = None) -> str | None:
    """One of a few codes, or none."""
    options = [None, *codes]
    at = options.index(str(chosen)) if chosen in codes else 0
    return st.selectbox(
        say(f"org_units.field.{field}"), options, index=at, key=key,
        format_func=lambda code: coded(f"dim_value.{group}", code) if code else say("org_units.unsaid"),
    )  # type: ignore[no-any-return]  # fmt: skip


def in_use(unit_ids: list[int], but: int = 0) -> list[int]:
    """Those of some units that are in use."""
    return [each for each in unit_ids if each != but and data.unit(each).status == "active"]


def of_county(kinds: tuple[str, ...], county: int, but: int = 0) -> list[int]:
    """Ids of the units in use of some kinds in a county."""
    return in_use([each.id for each in data.within(county) if each.kind in kinds], but)


def parents_of(kind: str) -> tuple[str, ...]:
    """The kinds of units under which one of a kind may stand."""
    return tuple(each.value for each in unit_desk.PARENTS[unit_desk.OrgKind(kind)])


def one_unit(label: str, options: list[int], key: str, new: bool = False) -> int | None:
    """A unit by search; `new` offers one that is yet to be registered."""
    words = filters.unit_words()
    return st.selectbox(
        label, [*([NEW] if new else []), *options], index=None, key=key, placeholder=say("common.pick.search"),
        format_func=lambda each: words(each) if each != NEW else say("org_units.new_one"),
    )  # type: ignore[no-any-return]  # fmt: skip


def new_unit(
    kind: str, key: str, *, name: str = "", like: Unit | None = None, proposal: str | None = None,
    on: date | None = None,
) -> unit_desk.NewUnit | None:  # fmt: skip
    """The fields of a new unit; `like` gives what they hold at first, `on` its first day where that is settled."""
    left, right = st.columns(2)
    with left:
        said = st.text_input(say("org_units.field.name"), name, key=f"{key}_name", max_chars=unit_desk.LONGEST_NAME)
        held = [] if like is None or like.parent_id is None else [like.parent_id]
        offered = in_use(filters.near(f"{key}_parent", parents_of(kind), held))
        at = offered.index(like.parent_id) if like is not None and like.parent_id in offered else None
        parent = st.selectbox(
            say("org_units.field.parent_id"), offered, index=at, key=f"{key}_parent",
            format_func=filters.unit_words(), placeholder=say("common.pick.search"),
        )  # fmt: skip
        area = optional("area_type", unit_desk.AREAS, "area", f"{key}_area", None if like is None else like.area_type)
    with right:
        code = st.text_input(
            say("org_units.field.code"), key=f"{key}_code", max_chars=32, help=say(f"org_units.code_help.{kind}")
        )
        level = sponsor = None
        if kind == "school":
            level = optional("level", unit_desk.LEVELS, "level", f"{key}_level", None if like is None else like.level)
            sponsor = optional(
                "sponsor", unit_desk.SPONSORS, "sponsor", f"{key}_sponsor", None if like is None else like.sponsor
            )
        since = on or day(f"{key}_since", "org_units.field.valid_from", date.today() + unit_desk.AHEAD)
    if not said.strip() or parent is None:
        return None
    return unit_desk.NewUnit(
        said, unit_desk.OrgKind(kind), int(parent), since, level, code or None, None, area, sponsor, proposal
    )


def _rename(unit: Unit) -> unit_desk.Asked | None:
    name = st.text_input(say("org_units.field.new_name"), key="change_name", max_chars=unit_desk.LONGEST_NAME)
    on = day("change_on")
    return unit_desk.Rename(unit.id, name, on) if name.strip() else None


def _move(unit: Unit) -> unit_desk.Asked | None:
    kinds = parents_of(unit.kind)
    offered = [each for each in of_county(kinds, unit.area_id) if each != unit.parent_id]
    parent = one_unit(say("org_units.field.new_parent"), offered, "change_parent")
    st.caption(say("org_units.move_help"))
    on = day("change_on")
    return unit_desk.Move(unit.id, parent, on) if parent else None


def _close(unit: Unit) -> unit_desk.Asked | None:
    return unit_desk.Close(unit.id, day("change_on", "org_units.field.closed_on"))


def _reopen(unit: Unit) -> unit_desk.Asked | None:
    return unit_desk.Reopen(unit.id, day("change_on"))


def _merge(unit: Unit) -> unit_desk.Asked | None:
    kind, own = unit.kind, unit.id
    near = filters.near("change_others", (kind,), [own]) if kind == "school" else of_county((kind,), unit.area_id)
    same = in_use(near, own)
    others = st.multiselect(
        say("org_units.field.with"), same, key="change_others", format_func=filters.unit_words(),
        placeholder=say("common.pick.search"),
    )  # fmt: skip
    into = one_unit(say("org_units.field.into_one"), [*same, own], "change_into", new=True)
    on = day("change_on")
    st.caption(say(f"org_units.merge_help.{kind}"))
    if into is None:
        return None
    target = new_unit(kind, "heir", like=unit, on=on) if into == NEW else into
    return unit_desk.Merge((own, *map(int, others)), target, on) if target is not None else None


def _split(unit: Unit) -> unit_desk.Asked | None:
    goes_on = st.checkbox(say("org_units.field.goes_on"), key="change_goes_on")
    fewest = 1 if goes_on else 2
    n = int(st.number_input(say("org_units.field.parts"), fewest, 6, fewest, key=f"change_parts_{goes_on}"))
    on = day("change_on")
    st.caption(say("org_units.split_help"))
    parts = [_part(unit, number, on) for number in range(n)]
    if any(part is None for part in parts):
        return None
    return unit_desk.Split(unit.id, tuple(part for part in parts if part), on, goes_on)


def _part(unit: Unit, number: int, on: date) -> unit_desk.Part | None:
    with st.container(border=True):
        which, share = st.columns([3, 1])
        with which:
            label = say("org_units.field.part", n=number + 1)
            offered = in_use(filters.near(f"part_{number}", ("school",), [unit.id]), unit.id)
            into = one_unit(label, offered, f"part_{number}", new=True)
        percent = share.number_input(
            say("org_units.field.share_percent"), 0.0, 100.0, None, key=f"share_{number}", placeholder=DASH
        )
        if into is None:
            return None
        target = new_unit("school", f"part_{number}", like=unit, on=on) if into == NEW else into
        return None if target is None else unit_desk.Part(target, None if percent is None else float(percent) / 100)


def _alias(unit: Unit) -> unit_desk.Asked | None:
    held = registry.aliases(unit.id)
    options = [None, *held]
    drop = st.selectbox(
        say("org_units.field.alias_what"), options, key="change_drop",
        format_func=lambda each: say("org_units.alias_drop", alias=each) if each else say("org_units.alias_add"),
    )  # fmt: skip
    if drop:
        return unit_desk.Alias(unit.id, str(drop), drop=True)
    alias = st.text_input(say("org_units.field.alias"), key="change_alias", max_chars=unit_desk.LONGEST_NAME)
    return unit_desk.Alias(unit.id, alias) if alias.strip() else None


def _correct(unit: Unit) -> unit_desk.Asked | None:
    left, right = st.columns(2)
    own = unit.id
    with left:
        code = st.text_input(
            say("org_units.field.code"), unit.code or "", key=f"fix_code_{own}", max_chars=32,
            help=say(f"org_units.code_help.{unit.kind}") if unit.kind in KINDS else None,
        )  # fmt: skip
        area = optional("area_type", unit_desk.AREAS, "area", f"fix_area_{own}", unit.area_type)
    with right:
        short = st.text_input(
            say("org_units.field.short_name"),
            unit.short_name or "",
            key=f"fix_short_{own}",
            max_chars=unit_desk.LONGEST_SHORT,
        )
        sponsor = None
        if unit.kind == "school":
            sponsor = optional("sponsor", unit_desk.SPONSORS, "sponsor", f"fix_sponsor_{own}", unit.sponsor)
    return unit_desk.Correct(own, code, short, area or "", sponsor or "")


_FORMS: dict[str, Callable[[Unit], unit_desk.Asked | None]] = {
    "rename": _rename, "move": _move, "merge": _merge, "split": _split, "close": _close, "reopen": _reopen,
    "correct": _correct, "alias": _alias,
}  # fmt: skip
