"""Pickers whose choice stands in the address: ids and codes, so a link can be shared and read in any language.

The address wins when it was changed from outside (a link was followed), the picker when a person used it;
a choice is remembered from page to page within a session.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from db.catalogue import Indicator
from db.records import dims_key, parse_dims_key
from pages.ui import data, wide
from pages.ui.text import coded, dims_text, join, language, name_of, say

T = TypeVar("T", int, str)
Words = Callable[[int], str]
_DOMAINS = ("enrollment", "dropout", "vaccination", "hygiene", "context")


def _sync(name: str, read: Callable[[str], object], default: object) -> str:
    """Bring the picker's state in line with the address; returns the key of the picker."""
    key = f"pick_{name}"
    asked, written = st.query_params.get(name), st.session_state.get(f"_written_{name}")
    if asked is not None and asked != written:
        chosen = read(asked)
        st.session_state[key] = default if chosen is None else chosen
    elif key not in st.session_state:
        kept = read(written) if written is not None else None
        st.session_state[key] = default if kept is None else kept
    return key


def _publish(name: str, text: str) -> None:
    st.session_state[f"_written_{name}"] = text
    if st.query_params.get(name) != text:
        st.query_params[name] = text


def choose(name: str, label: str, options: Sequence[T], default: T | None, words: Callable[[T], str]) -> T | None:
    """A select box over ids or codes, bound to the address under `name`; None when there is nothing to choose."""
    if not options:
        return None
    by_text = {str(each): each for each in options}
    key = _sync(name, by_text.get, default if default in options else options[0])
    if st.session_state[key] not in options:
        st.session_state[key] = default if default in options else options[0]
    chosen = st.selectbox(label, options, format_func=words, key=key)
    _publish(name, str(chosen))
    return chosen


def segments(
    name: str, label: str, options: Sequence[str], default: str, words: Callable[[str], str], *, bare: bool = False
) -> str:
    """One of a few codes as a row of buttons, bound to the address under `name`; `bare` leaves the label to readers
    of the screen."""
    by_text = {each: each for each in options}
    key = _sync(name, by_text.get, default)
    visible = "collapsed" if bare else "visible"
    chosen = st.segmented_control(label, options, format_func=words, key=key, required=True, label_visibility=visible)
    _publish(name, str(chosen))
    return str(chosen)


def follow(name: str, default: str) -> None:
    """Let go of an earlier choice once the default itself has changed, as with another indicator; a link's own choice
    stays."""
    key = f"_default_{name}"
    if st.session_state.get(key, default) != default:
        if st.query_params.get(name) == st.session_state.pop(f"_written_{name}", None):
            st.query_params.pop(name, None)
        st.session_state.pop(f"pick_{name}", None)
    st.session_state[key] = default


def choose_many(
    name: str, label: str, options: Sequence[T], default: Sequence[T], words: Callable[[T], str], limit: int
) -> list[T]:
    """A multi-select over ids or codes, bound to the address as `name=1,4,17`."""
    by_text = {str(each): each for each in options}

    def read(text: str) -> list[T] | None:
        found = [by_text[part] for part in dict.fromkeys(text.split(",")) if part in by_text]
        return found[:limit] if found or not text else None

    key = _sync(name, read, [each for each in default if each in options][:limit])
    st.session_state[key] = [each for each in st.session_state[key] if each in options][:limit]
    chosen = st.multiselect(
        label, options, format_func=words, key=key, max_selections=limit, placeholder=say("common.pick.search")
    )
    _publish(name, ",".join(str(each) for each in chosen))
    return chosen


def _column(name: str) -> Mapping[int, Any]:
    """A column of the units by id, for what is asked of one unit after the other; nobody can change it."""
    return data.kept("unit_column", lambda: MappingProxyType(data.units()[name].to_dict()), name)


class _Labels(dict[int, str]):
    """Names of units, each spelled when it is first asked for: pickers ask for hundreds at every rerun, and of a province
    for few of its many."""

    def __init__(self, spell: Words) -> None:
        super().__init__()
        self._spell = spell

    def __missing__(self, unit_id: int) -> str:
        self[unit_id] = spelled = self._spell(unit_id)
        return spelled


def unit_words() -> Words:
    """Names of units with the units above them, nearest first, so that two schools of one name can be told apart; a
    unit outside the tree says so first."""
    held: Mapping[int, str] = data.kept("unit_words", lambda: MappingProxyType(_Labels(_spelling())), language())
    return held.__getitem__


def _spelling() -> Words:
    names, parents, kinds, states = (_column(each) for each in ("name", "parent_id", "kind", "status"))

    def words(unit_id: int) -> str:
        chain, at = [], parents.get(unit_id)
        while pd.notna(at) and int(at) in names and kinds[int(at)] in ("town", "county"):
            chain.append(str(names[int(at)]))
            at = parents.get(int(at))
        label = str(names.get(unit_id, unit_id))
        if states.get(unit_id) in ("proposed", "unnamed"):
            return say(f"common.pick.{states[unit_id]}", name=label)
        return say("common.pick.inside", name=label, chain=join(chain)) if chain else label

    return words


def _offered(kinds: Sequence[str] | None) -> list[int]:
    """Ids of the tree; where every kind is welcome, those outside it last: their numbers must be found too."""

    def make() -> list[int]:
        frame = data.tree()
        if kinds is None:
            return [int(each) for each in (*frame.index, *data.outside().sort_values("status").index)]
        return [int(each) for each in frame.index[frame["kind"].isin(list(kinds))]]

    return data.kept("offered", make, kinds and tuple(kinds))


def _offered_in(path: str, kinds: Sequence[str] | None) -> tuple[int, ...]:
    """Of what is offered the units below a path, and all that are neither school nor town."""
    frame = data.units()
    near = frame["path"].str.startswith(path) | ~frame["kind"].isin(["school", "town"])
    inside = set(frame.index[near])
    return tuple(each for each in _offered(kinds) if each in inside)


def _choice(name: str, kinds: Sequence[str] | None, default: Sequence[int]) -> list[int]:
    """The units that are offered; of too many schools those of one district, which is chosen first, and those that the
    address names."""
    root = data.root_id()
    districts = wide.districts(root) if root is not None and wide.has_too_many("school", root) else ()
    if not districts:
        return _offered(kinds)
    places = data.places()
    told = [int(part) for part in st.query_params.get(name, "").split(",") if part.isdigit() and int(part) in places]
    held = [each for each in (told or default) if kinds is None or places[each].kind in kinds]
    around = [step for each in held for step in data.above(each) if places[step].kind == "county"]
    first = around[0] if around else districts[0]
    chosen = choose(f"{name}_area", say("common.pick.area"), districts, first, unit_words())
    path = str(_column("path")[first if chosen is None else chosen])
    offered = data.kept("offered_in", lambda: _offered_in(path, kinds), path, kinds and tuple(kinds))
    known = set(offered)
    return [*offered, *(each for each in dict.fromkeys(held) if each not in known)]


def unit(
    name: str = "unit", *, kinds: Sequence[str] | None = None, default: int | None = None, label: str | None = None
) -> int | None:
    """One unit, with search; `kinds` limits the choice to the tree. None in an empty store."""
    ids = _choice(name, kinds, [] if default is None else [default])
    return choose(name, label or say("common.pick.unit"), ids, default, unit_words())


def units(
    name: str = "units", *, kinds: Sequence[str] | None = None, default: Sequence[int] = (), limit: int = 12
) -> list[int]:
    """Several units of any level together, with search."""
    ids = _choice(name, kinds, default)
    return choose_many(name, say("common.pick.units"), ids, list(default), unit_words(), limit)


def indicator(name: str = "indicator", *, default: str = "dropout_rate") -> Indicator | None:
    """One indicator that has data, grouped by domain. None in an empty store."""
    held = set(data.periods()["indicator"])
    offered = [each for each in data.catalogue().indicators if each.code in held]
    offered.sort(key=lambda each: _DOMAINS.index(each.domain))
    by_code = {each.code: each for each in offered}

    def words(code: str) -> str:
        return f"{coded('domain', by_code[code].domain)} | {name_of(by_code[code])}"

    chosen = choose(name, say("common.pick.indicator"), list(by_code), default, words)
    return by_code[chosen] if chosen is not None else None


def dims(chosen: Indicator, name: str = "dims") -> str:
    """One set of dimensions of an indicator (level, vaccine, sex, ...). Drawn only where there is a choice."""
    offered = data.dims_of(chosen.code)
    default = default_dims(chosen, offered)
    if len(offered) < 2:
        return default
    found = choose(name, say("common.pick.dims"), offered, default, dims_text)
    return default if found is None else found


def measure(left: DeltaGenerator, right: DeltaGenerator) -> tuple[Indicator, str] | None:
    """What a page is about: the pickers of indicator and dims, each in its place; None in an empty store."""
    with left:
        chosen = indicator()
    if chosen is None:
        return None
    with right:
        return chosen, dims(chosen)


def first_dims(chosen: Indicator) -> tuple[str, ...]:
    """The dims keys that are shown before all others where they have values, the first one first."""
    wanted = {"level": chosen.default_level} if chosen.default_level else {}
    return tuple(dict.fromkeys((dims_key(wanted), "", "level=ALL")))


def default_dims(chosen: Indicator, offered: Sequence[str]) -> str:
    """The dims shown when nobody chooses: the catalogue's default level alone, else the total, else of the rest
    (most reported first) one of the default level, and rather one for which a target is set."""
    for key in first_dims(chosen):
        if key in offered:
            return key
    wanted = {"level": chosen.default_level} if chosen.default_level else {}
    targets = [each.dims for each in data.catalogue().targets if each.indicator == chosen.code]

    def rank(key: str) -> tuple[bool, bool, int]:
        held = parse_dims_key(key)
        meant = any(aim and aim.items() <= held.items() for aim in targets)
        return not wanted.items() <= held.items(), not meant, len(held)

    return min(offered, key=rank, default="")
