"""What the second reader looks at: the words around a number, the names near it and what was bound before it, as strings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from operator import add, attrgetter

from etl.reports.found import Situation
from etl.reports.lexicon import Lexicon, Name
from etl.reports.numbers import Number

_DIGITS = re.compile(r"[\d,.](?:[\d,.]*\d)?(?<=\d)")
_CLAUSE = re.compile("[,;。:()]")
_NEAR = 24  # characters of a clause that are looked at
_BOUNDS = (0, 2, 10, 50, 100, 1000, 10_000)  # sizes of values; 100 is a size of its own
_FAR = (1, 3, 9)  # characters between a name and its number


def traits(s: Situation, number: Number) -> set[str]:
    """The traits of one number of a sentence: about sixty short strings, the same for the same text in every run."""
    left, right, unit = _plain(s.masked[: number.start]), _plain(s.masked[number.tail :]), number.unit
    clauses = _CLAUSE.split(left)
    last, earlier = clauses[-1], clauses[-2] if len(clauses) > 1 else ""
    behind, beyond, *_ = [*_CLAUSE.split(right, 2), ""]
    told = [f.code for f in sorted(s.bound, key=_start) if f.start < number.start] if s.bound else []
    one, two = ["-", "-", *told][:-3:-1]
    near = last[-16:]
    found = {
        f"U:{unit}", f"u:{unit}|{number.word}", f"v:{_size(float(number.value))}", f"c:{near}",
        f"uL:{unit}{left[-2:]}", f"uR:{unit}{right[:2]}", f"ul:{unit}{last[-4:]}", f"b1:{one}", f"b2:{two}", f"bu:{one}{unit}{last[-2:]}",
        f"R1:{right[:1]}", f"R2:{right[:2]}", f"R3:{right[:3]}", f"R4:{right[:4]}", f"R5:{right[:5]}",
        *[f"L{n}:{left[-n:]}" for n in range(1, min(len(left), 8) + 1)], *[f"b:{code}" for code in told],
        *_pairs("l", near), *_triples("l", near), *_pairs("p", earlier[-12:]), *_pairs("r", behind[:10]), *_pairs("n", beyond[:8]),
        *_names(s, number, len(last)),
    }  # fmt: skip
    found |= _above(s.lexicon, s.paragraph.headings[-2:], s.report.title)
    return found


_start = attrgetter("start")


@lru_cache(maxsize=8)
def _above(lexicon: Lexicon, headings: tuple[str, ...], title: str) -> frozenset[str]:
    """What the headings above a number and the title say; asked of one paragraph at each of its numbers."""
    pieces = (piece for heading in headings for piece in _pairs("h", heading[-8:]))
    named = (("Nh", "".join(headings)), ("Nt", title))
    return frozenset(pieces) | {f"{sign}:{_code(n)}" for sign, text in named for n in [*lexicon.names_in(text)][-2:]}


@lru_cache(maxsize=64)
def _named(lexicon: Lexicon, text: str) -> tuple[Name, ...]:
    """The names of a text; a sentence and what stands before it are asked about once for each of its numbers."""
    return tuple(lexicon.names_in(text))


@lru_cache(maxsize=64)
def _shots(lexicon: Lexicon, text: str) -> tuple[int, ...]:
    """Where the vaccines of a text end."""
    return tuple(name.end for name in lexicon.vaccines_in(text))


def _names(s: Situation, number: Number, reach: int) -> Iterator[str]:
    """The indicators named near a number, and where: in its clause (`reach` characters), before, behind, above."""
    known, unit, start, tail = s.lexicon, number.unit, number.start, number.tail
    here = _named(known, s.masked)
    before = [name for name in here if name.end <= start][-4:]
    behind = [name for name in here if tail <= name.start and name.end <= tail + _NEAR][:2]
    for n, name in enumerate(reversed(before)):
        yield f"N{n}:{_code(name)}"
        yield f"N:{_code(name)}"
    if before:
        name = before[-1]
        away = start - name.end
        yield f"Nc:{_code(name)}|{away <= reach}|{unit}"
        yield f"Nd:{_code(name)}|{bisect_left(_FAR, away)}"
        yield f"Nw:{name.word}"
    for n, name in enumerate(behind):
        yield f"M{n}:{_code(name)}|{unit}"
        yield f"Md{n}:{_code(name)}|{min(name.start - tail, 6)}"
    for name in _named(known, s.paragraph.text[: s.offset][-60:])[-2:]:
        yield f"Np:{_code(name)}"
    shots = any(start - 30 < end <= start for end in _shots(known, s.masked))
    yield f"vac:{shots}{unit}"
    yield f"none:{not before}{not behind}"


def _code(name: Name) -> str:
    return name.code or "0"


def _pairs(sign: str, text: str) -> Iterator[str]:
    return map(f"{sign}:".__add__, map(add, text, text[1:]))


def _triples(sign: str, text: str) -> Iterator[str]:
    return map(add, _pairs(sign, text), text[2:])


def _plain(text: str) -> str:
    """A text with every number as 0: what counts is that one stands there."""
    return _DIGITS.sub("0", text)


def _size(value: float) -> str:
    return "=100" if value == 100 else str(bisect_left(_BOUNDS, value))
