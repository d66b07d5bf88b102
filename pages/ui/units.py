"""The units, read as far as a page comes to them: all where they are few, else the counties and what stands above them, then the
units of the counties that are shown and those that are named (decision 024).

What was read is remembered by reader and version of the register, so that the next run, and a file that is made after it, find
it without asking; each thing found notes the question that brought it (see asked).
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from db.records_org import Unit
from pages.ui import access, asked, this_run
from pages.ui.kept import kept, load, state
from pages.ui.text import whole_of

_READERS, _MOST = 8, 100_000  # whose units are remembered, and how many of each
_DIRECTORY = frozenset({"org_unit"})
_LOCK = threading.Lock()
_KNOWN: OrderedDict[Hashable, dict[int, tuple[Unit, asked.Ask]]] = OrderedDict()


def forget() -> None:
    """Let go of what is remembered."""
    with _LOCK:
        _KNOWN.clear()


def _known() -> dict[int, tuple[Unit, asked.Ask]]:
    """What is remembered for this reader at this version of the register."""
    return this_run.once(_name("known"), _remembered)


def _remembered() -> dict[int, tuple[Unit, asked.Ask]]:
    key = (access.current().scope, *state().of(_DIRECTORY).values())
    with _LOCK:
        held = _KNOWN.pop(key, {})
        if len(held) > _MOST:
            held = {}
        _KNOWN[key] = held
        while len(_KNOWN) > _READERS:
            _KNOWN.popitem(last=False)
        return held


def _read(query: str, **arguments: Any) -> Mapping[int, Unit]:
    """Units of a query, which are remembered."""
    found: Mapping[int, Unit] = load(query, **arguments)
    ask = (query, tuple(sorted(arguments.items())))
    known = _known()
    for number, each in found.items():
        known.setdefault(number, (each, ask))
    return found


def _all() -> Mapping[int, Unit] | None:
    """Every unit, in the order of the tree; None where they are many."""
    return this_run.once(_name("all"), lambda: load("all_units"))


def _name(what: str) -> str:
    return f"{what} units of {access.current().scope} at {state().versions}"


def upper() -> list[Unit]:
    """The counties and what stands above or beside them, in the order of the tree."""
    every = _all()
    if every is None:
        return list(_read("upper_units").values())
    return [each for each in every.values() if each.in_tree and each.area_id == each.id]


def meet(unit_ids: Iterable[int]) -> None:
    """Read units, and those above each, at once: before something is asked of one after the other."""
    if _all() is not None:
        return
    wanted, known = {int(each) for each in unit_ids}, _known()
    missing = tuple(sorted(wanted - known.keys()))
    if missing:
        _read("upper_units")
        missing = tuple(each for each in missing if each not in _known())
    if missing:
        _read("units_at", org_unit_ids=missing)


def find(unit_id: int) -> Unit | None:
    """A unit that the reader may see, or None."""
    every = _all()
    if every is not None:
        return every.get(int(unit_id))
    held = _known().get(int(unit_id))
    if held is None:
        meet([unit_id])
        held = _known().get(int(unit_id))
    if held is None:
        return None
    asked.note([held[1]])
    return held[0]


def unit(unit_id: int) -> Unit:
    """A unit. Raises KeyError for one that the reader may not see."""
    found = find(unit_id)
    if found is None:
        raise KeyError(unit_id)
    return found


def name(unit_id: int) -> str:
    """The name of a unit."""
    return unit(unit_id).name


def is_seen(unit_id: int) -> bool:
    """Whether the reader may see a unit."""
    return find(unit_id) is not None


def above(unit_id: int) -> list[int]:
    """Ids from the root, or the top of what may be seen, down to the unit itself."""
    path = unit(unit_id).path
    meet(path)
    return [step for step in path if is_seen(step)]


def county(unit_id: int) -> int | None:
    """The nearest county at or above a unit."""
    return next((each for each in reversed(above(unit_id)) if unit(each).kind == "county"), None)


def _holds_counties(one: Unit) -> bool:
    return one.kind in ("province", "city")


def _area(one: Unit) -> Iterable[Unit]:
    return _read("units_of_areas", area_ids=(one.area_id,)).values()


def within(unit_id: int) -> list[Unit]:
    """A unit of the tree and all below it, in the order of the tree. Of a city or a province with many schools ask for what
    `below` and `children` give."""
    one, every = unit(unit_id), _all()
    if every is not None:
        found: Iterable[Unit] = every.values()
    elif _holds_counties(one):
        areas = [each.id for each in upper() if one.id in each.path]
        found = _read("units_of_areas", area_ids=tuple(areas)).values()
    else:
        found = _area(one)
    return [each for each in found if each.in_tree and one.id in each.path]


def tree() -> list[Unit]:
    """Every unit of the tree in its order. Only where the schools are few enough to be gone through one by one (see wide)."""
    every = _all()
    if every is None:
        held = upper()
        areas = tuple(each.id for each in held if each.kind == "county")
        every = {each.id: each for each in held} | dict(_read("units_of_areas", area_ids=areas))
    return sorted((each for each in every.values() if each.in_tree), key=lambda each: each.path)


def first(kind: str, *, active: bool = False) -> int | None:
    """The first unit of a kind in the order of the tree (`active`: that is in use), or None."""
    every = _all()
    parts = [every.values()] if every is not None else map(_part, upper())
    fits = (each.id for part in parts for each in part if each.kind == kind and each.in_tree)
    return next((each for each in fits if not active or unit(each).status == "active"), None)


def _part(one: Unit) -> Iterable[Unit]:
    """A county with its units; of what stands above or beside counties itself alone."""
    return _area(one) if one.kind == "county" else [one]


def path_of(unit_id: int) -> str:
    """The path of a unit as the store writes it ("/1/4/17/")."""
    return "/" + "".join(f"{step}/" for step in unit(unit_id).path)


def children(unit_id: int) -> list[int]:
    """Ids of the direct children of a unit."""
    every = _all()
    if every is None:
        one = unit(unit_id)
        held = upper() if _holds_counties(one) else [] if one.kind == "school" else _area(one)
        return [each.id for each in held if each.parent_id == unit_id and each.in_tree]
    return list(kept("children", lambda: _by_parent(every)).get(unit_id, ()))


def _by_parent(every: Mapping[int, Unit]) -> Mapping[int, tuple[int, ...]]:
    found: dict[int, list[int]] = defaultdict(list)
    for each in every.values():
        if each.parent_id is not None and each.in_tree:
            found[each.parent_id].append(each.id)
    return MappingProxyType({parent: tuple(held) for parent, held in found.items()})


def below(unit_id: int, kind: str) -> list[int]:
    """Ids of all units of a kind at and under a unit, at any depth."""
    if kind in ("province", "city", "county"):
        return [each.id for each in upper() if each.kind == kind and unit_id in each.path]
    return [each.id for each in within(unit_id) if each.kind == kind]


def has_more(unit_id: int, kind: str, most: int) -> bool:
    """Whether more than so many units of a kind stand at and below a unit."""
    one = unit(unit_id)
    if _all() is None and _holds_counties(one) and kind in ("town", "school", "other"):
        return bool(load("has_more_units", path=one.path, kind=kind, most=most))
    return len(below(unit_id, kind)) > most


def root_id() -> int | None:
    """The top of the tree; of several the one with the most units below it. None in an empty store."""
    return kept("root", _root_id)


def _root_id() -> int | None:
    every = _all()
    if every is None:
        held = {each.id: each for each in upper()}
    else:
        held = {each.id: each for each in every.values() if each.in_tree}
    sizes = {each.id: 0 for each in held.values() if each.parent_id not in held}  # of a scope: the parent is not shown
    for each in held.values():
        for step in each.path:
            if step in sizes:
                sizes[step] += 1
    return max(sizes, key=lambda unit_id: (sizes[unit_id], -unit_id), default=None)


def whole() -> str:
    """What the reader's bureau calls all of its area (全市, 全县)."""
    top = root_id()
    return whole_of("", "") if top is None else whole_of(name(top), unit(top).kind)


def outside() -> list[Unit]:
    """The units outside the tree that hold values: named in a document and not yet claimed, or not named at all."""
    held = load("outside_in_use")
    meet(held)
    return [unit(each) for each in held]
