"""What was read or worked out, kept once for the whole process and handed out without being made anew.

`st.cache_data` keeps bytes and unpickles them at each call: a page that asks 250 times for the units spent a second on it.
Here the thing itself is kept. Whoever gets it may change it: frames are handed out as copies that share their columns until
one is written to (copy on write), lists, dicts and sets as new ones, everything else that can change is pickled after all.
"""

from __future__ import annotations

import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from itertools import islice
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from db.catalogue import Catalogue, Indicator, Target

_FIXED = (
    str, bytes, int, float, complex, bool, type(None), date, time, timedelta, Decimal, Enum, frozenset, np.generic,
    type(pd.NA), type(pd.NaT), MappingProxyType, Indicator, Target, Catalogue,
)  # fmt: skip
_SMALL = 200  # bytes that anything costs
_LOOKED_AT = 1000  # parts of a large thing whose size is looked at


@dataclass(slots=True)
class _Kept:
    value: Any
    pickled: bool
    size: int
    of: Mapping[str, int]  # what it was made of
    fixed: bool = False  # nothing of it can change: the thing itself is handed out


class Held:
    """At most `entries` things of together `most` bytes; those that nobody asked for the longest go first. A thing that is
    larger than that by itself is handed out and not kept."""

    def __init__(self, entries: int, most: int) -> None:
        self._entries, self._most, self._size = entries, most, 0
        self._held: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What is kept under a key, made where nothing is; of several who ask at once one makes it and the rest wait."""
        return self.get_of(key, lambda: (make(), {}), lambda of: True)

    def get_of(
        self,
        key: Hashable,
        make: Callable[[], tuple[Any, Mapping[str, int]]],
        fits: Callable[[Mapping[str, int]], bool],
    ) -> Any:
        """The same where `make` also tells what the thing was made of; it is made anew where that does not fit any more."""
        found = self._found(key, fits)
        if found is None:
            with self._lock:
                making = self._making.setdefault(key, threading.Lock())
            try:
                with making:
                    found = self._found(key, fits) or self._keep(key, *make())
            finally:
                with self._lock:
                    self._making.pop(key, None)
        if found.fixed:
            return found.value
        return pickle.loads(found.value) if found.pickled else fresh(found.value)

    def holds(self, key: Hashable, fits: Callable[[Mapping[str, int]], bool]) -> bool:
        """Whether a thing is kept and fits."""
        return self._found(key, fits) is not None

    def _found(self, key: Hashable, fits: Callable[[Mapping[str, int]], bool]) -> _Kept | None:
        with self._lock:
            found = self._held.get(key)
            if found is None or not fits(found.of):
                return None
            self._held.move_to_end(key)
            return found

    def _keep(self, key: Hashable, made: Any, of: Mapping[str, int]) -> _Kept:
        kept = _kept(made, of)
        with self._lock:
            if key in self._held:
                self._size -= self._held.pop(key).size
            if kept.size > self._most:  # it would drive out everything else, and itself in the end
                return kept
            self._held[key] = kept
            self._size += kept.size
            while self._held and (len(self._held) > self._entries or self._size > self._most):
                self._size -= self._held.popitem(last=False)[1].size
        return kept

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._held.clear()
            self._size = 0

    @property
    def size(self) -> int:
        """Bytes of all that is kept, about."""
        return self._size


def _kept(made: Any, of: Mapping[str, int]) -> _Kept:
    try:
        return _Kept(fresh(made), False, _size(made), of, _is_fixed(made))
    except TypeError:
        told = pickle.dumps(made)
        return _Kept(told, True, len(told) + _SMALL, of)


def _is_fixed(value: Any) -> bool:
    """Whether neither a thing nor any part of it can change."""
    if isinstance(value, MappingProxyType):
        return all(_is_fixed(each) for each in value.values())
    if isinstance(value, _FIXED):
        return True
    if isinstance(value, tuple):
        return all(_is_fixed(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type) and value.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        return all(_is_fixed(getattr(value, one.name)) for one in fields(value))
    return False


def fresh(value: Any) -> Any:
    """The same thing, so that changes of it do not reach what is kept. Raises TypeError for what may change unseen."""
    if isinstance(value, _FIXED):
        return value
    if isinstance(value, (pd.DataFrame, pd.Series)):
        return value.copy(deep=False)
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (list, set):
        return type(value)(fresh(each) for each in value)
    if type(value) is dict:
        return {key: fresh(each) for key, each in value.items()}
    if isinstance(value, tuple):
        made = [fresh(each) for each in value]
        return value if all(a is b for a, b in zip(made, value, strict=True)) else _tuple_of(type(value), made)
    if is_dataclass(value) and not isinstance(value, type) and value.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        held = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
        changed = {name: new for name, old in held.items() if (new := fresh(old)) is not old}
        return replace(value, **changed) if changed else value
    raise TypeError(type(value).__name__)


def _tuple_of(kind: type, parts: list[Any]) -> Any:
    return kind(*parts) if hasattr(kind, "_fields") else kind(parts)


def _some(parts: Iterable[Any], n: int) -> Iterable[Any]:
    """All parts of few, about a thousand of many: one by one the units of a province took four seconds."""
    return islice(parts, 0, None, max(n // _LOOKED_AT, 1))


def _sum_of(n: int, sizes: Iterable[int]) -> int:
    looked_at = list(sizes)
    return sum(looked_at) * n // len(looked_at) if looked_at else 0


def _size(value: Any) -> int:
    """Bytes, about; what several things share is counted with each."""
    if isinstance(value, pd.DataFrame):
        return int(value.memory_usage(deep=True).sum()) + _SMALL
    if isinstance(value, pd.Series):
        return int(value.memory_usage(deep=True)) + _SMALL
    if isinstance(value, np.ndarray):
        return value.nbytes + _SMALL
    if isinstance(value, (str, bytes)):
        return len(value) + 50
    if isinstance(value, (dict, MappingProxyType)):
        return _SMALL + _sum_of(
            len(value), (_size(key) + _size(each) for key, each in _some(value.items(), len(value)))
        )
    if isinstance(value, (list, set, tuple)):
        return _SMALL + _sum_of(len(value), map(_size, _some(value, len(value))))
    if is_dataclass(value) and not isinstance(value, type):
        return _SMALL + sum(_size(getattr(value, one.name)) for one in fields(value))
    return 50
