"""What a text must have for a pattern to match it, read from the pattern: a text without it need not be tried. A tenth of
the patterns of a table can match a given text, and most texts match none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, TypeVar

from etl.reports.dims import NEARBY

_Rule = TypeVar("_Rule", bound=tuple[Any, ...])
_Chars = frozenset[str] | None  # None: any
_MOST = 200  # characters of a set that still tells texts apart
_AROUND = (op.ASSERT, op.ASSERT_NOT, op.AT)  # match no character


def letters(pattern: re.Pattern[str]) -> _Chars:
    """Characters of which every text that a pattern matches holds at least one; None where there are no such."""
    return _held(parser.parse(pattern.pattern, pattern.flags))


def endings(pattern: re.Pattern[str]) -> _Chars:
    """Characters with one of which every text ends that a pattern matches up to its end ($); None where it may be any."""
    return _last(parser.parse(pattern.pattern, pattern.flags))


def ending_as(rules: Sequence[_Rule]) -> Callable[[str], tuple[_Rule, ...]]:
    """What gives the rules of a table that may match a text by its last character. A rule begins with its pattern."""

    ends = [endings(rule[0]) for rule in rules]

    @cache
    def of(last: str) -> tuple[_Rule, ...]:
        return tuple(rule for rule, chars in zip(rules, ends, strict=True) if chars is None or last in chars)

    return of


def holding(rules: Sequence[_Rule]) -> Callable[[str], tuple[_Rule, ...]]:
    """What gives the rules of a table that may match somewhere in a text by the characters it holds."""
    needed = [letters(rule[0]) for rule in rules]
    signs = re.compile("[" + re.escape("".join(sorted(frozenset().union(*filter(None, needed))))) + "]")

    @lru_cache(maxsize=NEARBY)
    def of(here: frozenset[str]) -> tuple[_Rule, ...]:
        return tuple(rule for rule, chars in zip(rules, needed, strict=True) if not chars or not here.isdisjoint(chars))

    return lambda text: of(frozenset(signs.findall(text)))


def _held(parts: Iterable[Any]) -> _Chars:
    """The smallest set of which one part of a sequence needs a character."""
    needed = [chars for kind, value in parts if (chars := _held_by(kind, value)) is not None]
    return min(needed, key=len, default=None)


def _held_by(kind: Any, value: Any) -> _Chars:
    if kind is op.SUBPATTERN:
        return _held(value[3])
    if kind is op.BRANCH:
        return _any_of([_held(branch) for branch in value[1]])
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
        return _held(value[2]) if value[0] else None
    return _one(kind, value)


def _last(parts: Iterable[Any]) -> _Chars:
    """The characters with which a sequence that ends in $ ends."""
    parts = list(parts)
    if parts and parts[-1][0] is op.BRANCH:
        return _any_of([_last(branch) for branch in parts[-1][1][1]]) if len(parts) == 1 else None
    if not parts or parts[-1] != (op.AT, op.AT_END):
        return None
    chars, empty = _ends(parts)
    return None if empty else chars


def _ends(parts: Sequence[Any]) -> tuple[_Chars, bool]:
    """The last characters of what a sequence matches, and whether that may be nothing."""
    found: list[_Chars] = []
    for kind, value in reversed(parts):
        if kind in _AROUND:
            continue
        chars, empty = _ends_of(kind, value)
        found.append(chars)
        if not empty:
            return _any_of(found), False
    return _any_of(found), True


def _ends_of(kind: Any, value: Any) -> tuple[_Chars, bool]:
    if kind is op.SUBPATTERN:
        return _ends(value[3])
    if kind is op.BRANCH:
        branches = [_ends(branch) for branch in value[1]]
        return _any_of([chars for chars, _ in branches]), any(empty for _, empty in branches)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
        chars, empty = _ends(value[2])
        return chars, empty or not value[0]
    return _one(kind, value), False


def _any_of(sets: Sequence[_Chars]) -> _Chars:
    """The union, or any character where one of the sets is so."""
    known = [chars for chars in sets if chars is not None]
    return frozenset().union(*known) if len(known) == len(sets) else None


def _one(kind: Any, value: Any) -> _Chars:
    """The characters of which a part matches one."""
    if kind is op.LITERAL:
        return frozenset(chr(value))
    if kind is not op.IN or any(each not in (op.LITERAL, op.RANGE) for each, _ in value):
        return None
    spans = [(at, at) if each is op.LITERAL else at for each, at in value]
    if sum(last - first + 1 for first, last in spans) > _MOST:
        return None
    return frozenset(chr(code) for first, last in spans for code in range(first, last + 1))
