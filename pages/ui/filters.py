"""Pickers whose choice stands in the address: ids and codes, so a link can be shared and read in any language.

The address wins when it was changed from outside (a link was followed), the picker when a person used it;
a choice is remembered from page to page within a session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from db.catalogue import Indicator
from db.records import dims_key, parse_dims_key
from db.records_org import Unit
from pages.ui import data, wide
from pages.ui.text import coded, dims_text, join, language, name_of, say

T = TypeVar("T", int, str)
Words = Callable[[int], str]
KINDS = ("province", "city", "county", "town", "school", "other")
_MANY = ("school", "town")  # kinds of which a province has thousands
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
    held: Mapping[int, str] = data.kept("unit_words", lambda: MappingProxyType(_Labels(_spelled)), language())
    return held.__getitem__


def _spelled(unit_id: int) -> str:
    one = data.find(unit_id)
    if one is None:
        return str(unit_id)
    if not one.in_tree:
        return say(f"common.pick.{one.status}", name=one.name)
    above = [data.unit(each) for each in data.above(unit_id)[:-1]]
    told = ("town", "county", "city") if above and above[0].kind == "province" else ("town", "county")
    chain = [each.name for each in reversed(above) if each.kind in told]
    return say("common.pick.inside", name=one.name, chain=join(chain)) if chain else one.name


def every(kinds: Sequence[str]) -> list[int]:
    """Ids of the units of some kinds of the tree, in its order. Of schools and towns only where there are few (see wide)."""
    return [each.id for each in (data.upper() if set(kinds).isdisjoint(_MANY) else data.tree()) if each.kind in kinds]


def _offered(kinds: Sequence[str] | None) -> list[int]:
    """Ids of the tree; where every kind is welcome, those outside it last: their numbers must be found too."""

    def make() -> list[int]:
        if kinds is None:
            return [each.id for each in (*data.tree(), *_outside())]
        return [each.id for each in data.tree() if each.kind in kinds]

    return data.kept("offered", make, kinds and tuple(kinds))


def _outside() -> list[Unit]:
    return sorted(data.outside(), key=lambda each: each.status)


def _offered_in(district: int, kinds: Sequence[str] | None) -> tuple[int, ...]:
    """Of what is offered the units of a district, and all that are neither school nor town."""
    inside = {each.id: each for each in (*data.within(district), *data.upper())}
    near = [
        each
        for each in sorted(inside.values(), key=lambda each: each.path)
        if (district in each.path or each.kind not in _MANY) and (kinds is None or each.kind in kinds)
    ]
    beside = [each for each in _outside() if each.kind not in _MANY] if kinds is None else []
    return tuple(each.id for each in (*near, *beside))


def _districts() -> tuple[int, ...]:
    """The districts of which one is chosen before its units are offered; none where all units are offered at once."""
    root = data.root_id()
    return wide.districts(root) if root is not None and wide.has_too_many("school", root) else ()


def _around(unit_ids: Iterable[int]) -> int | None:
    """The district of the first of some units that has one."""
    held = (data.county(each) for each in unit_ids)
    return next((each for each in held if each is not None), None)


def _in_district(district: int, kinds: Sequence[str] | None, more: Iterable[int]) -> list[int]:
    offered = data.kept("offered_in", lambda: _offered_in(district, kinds), district, kinds and tuple(kinds))
    known = set(offered)
    return [*offered, *(each for each in dict.fromkeys(more) if each not in known)]


def _choice(name: str, kinds: Sequence[str] | None, default: Sequence[int]) -> list[int]:
    """The units that are offered; of too many schools those of one district, which is chosen first, and those that the
    address names."""
    districts = _districts()
    if not districts:
        return _offered(kinds)
    told = [int(part) for part in st.query_params.get(name, "").split(",") if part.isdigit()]
    data.meet((*told, *default))
    told = [each for each in told if data.is_seen(each)]
    held = [each for each in (told or default) if kinds is None or data.unit(each).kind in kinds]
    first = _around(held) or districts[0]
    chosen = choose(f"{name}_area", say("common.pick.area"), districts, first, unit_words())
    return _in_district(first if chosen is None else chosen, kinds, held)


def near(key: str, kinds: Sequence[str] = KINDS, held: Sequence[int] = ()) -> list[int]:
    """The units of the tree that a select box offers: all of some kinds, or, of too many, those of one district, which is
    chosen first in a box of its own, with what stands above the districts; and the units `held`."""
    districts = _districts()
    if not districts:
        offered = _offered(kinds)
        return [*(each for each in dict.fromkeys(held) if each not in set(offered)), *offered]
    data.meet(held)
    first = _around(held) or districts[0]
    chosen = st.selectbox(
        say("common.pick.area"), districts, index=districts.index(first) if first in districts else 0, key=f"{key}_area",
        format_func=unit_words(),
    )  # fmt: skip
    return _in_district(chosen, kinds, held)


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
    """What a page is about: the pickers of indicator and dims, each in its place, the indicator as it is counted under
    these; None in an empty store."""
    with left:
        chosen = indicator()
    if chosen is None:
        return None
    with right:
        key = dims(chosen)
    return chosen.under(key), key


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
