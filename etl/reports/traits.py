"""What the second reader looks at: the words around a number, the names near it and what was bound before it, as strings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from etl.reports.found import Situation
from etl.reports.lexicon import Lexicon, Name
from etl.reports.numbers import Number

_DIGITS = re.compile(r"[\d,.]+\d|\d")
_CLAUSE = re.compile("[,;。:()]")
_NEAR = 24  # characters of a clause that are looked at
_BOUNDS = (0, 2, 10, 50, 100, 1000, 10_000)  # sizes of values; 100 is a size of its own


def traits(s: Situation, number: Number) -> set[str]:
    """The traits of one number of a sentence: about sixty short strings, the same for the same text in every run."""
    left, right = _plain(s.masked[: number.start]), _plain(s.masked[number.tail :])
    clauses = _CLAUSE.split(left)
    last, earlier = clauses[-1], clauses[-2] if len(clauses) > 1 else ""
    behind = [*_CLAUSE.split(right), ""]
    told = [f.code for f in sorted(s.bound, key=lambda f: f.start) if f.start < number.start]
    found = {f"U:{number.unit}", f"u:{number.unit}|{number.word}", f"v:{_size(float(number.value))}", f"c:{last[-16:]}"}
    found |= {f"L{n}:{left[-n:]}" for n in range(1, 9) if len(left) >= n} | {f"R{n}:{right[:n]}" for n in range(1, 6)}
    found |= _pieces("l", last[-16:], 2, 3) | _pieces("p", earlier[-12:], 2)
    found |= _pieces("r", behind[0][:10], 2) | _pieces("n", behind[1][:8], 2)
    found |= {f"uL:{number.unit}{left[-2:]}", f"uR:{number.unit}{right[:2]}", f"ul:{number.unit}{last[-4:]}"}
    found |= {f"b1:{_nth(told, 1)}", f"b2:{_nth(told, 2)}", f"bu:{_nth(told, 1)}{number.unit}{last[-2:]}"}
    found |= {f"b:{code}" for code in told}
    for heading in s.paragraph.headings[-2:]:
        found |= _pieces("h", heading[-8:], 2)
    return found | set(_names(s, number, len(last)))


@lru_cache(maxsize=64)
def _named(lexicon: Lexicon, text: str) -> tuple[Name, ...]:
    """The names of a text; a sentence, its headings and its title are asked about once for each of their numbers."""
    return tuple(lexicon.names_in(text))


@lru_cache(maxsize=64)
def _shots(lexicon: Lexicon, text: str) -> tuple[int, ...]:
    """Where the vaccines of a text end."""
    return tuple(name.end for name in lexicon.vaccines_in(text))


def _names(s: Situation, number: Number, reach: int) -> Iterator[str]:
    """The indicators named near a number, and where: in its clause (`reach` characters), before, behind, above."""
    known: Lexicon = s.lexicon
    here = _named(known, s.masked)
    before = [name for name in here if name.end <= number.start][-4:]
    for n, name in enumerate(reversed(before)):
        yield f"N{n}:{_code(name)}"
        yield f"N:{_code(name)}"
        if n == 0:
            away = number.start - name.end
            yield f"Nc:{_code(name)}|{away <= reach}|{number.unit}"
            yield f"Nd:{_code(name)}|{sum(away > far for far in (1, 3, 9))}"
            yield f"Nw:{name.word}"
    behind = [name for name in here if number.tail <= name.start and name.end <= number.tail + _NEAR][:2]
    for n, name in enumerate(behind):
        yield f"M{n}:{_code(name)}|{number.unit}"
        yield f"Md{n}:{_code(name)}|{min(name.start - number.tail, 6)}"
    for sign, text in (
        ("Np", s.paragraph.text[: s.offset][-60:]),
        ("Nh", "".join(s.paragraph.headings[-2:])),
        ("Nt", s.report.title),
    ):
        yield from (f"{sign}:{_code(name)}" for name in _named(known, text)[-2:])
    shots = any(number.start - 30 < end <= number.start for end in _shots(known, s.masked))
    yield f"vac:{shots}{number.unit}"
    yield f"none:{not before}{not behind}"


def _code(name: Name) -> str:
    return name.code or "0"


def _nth(codes: list[str], n: int) -> str:
    return codes[-n] if len(codes) >= n else "-"


def _pieces(sign: str, text: str, *lengths: int) -> set[str]:
    return {f"{sign}:{text[i : i + n]}" for n in lengths for i in range(len(text) - n + 1)}


def _plain(text: str) -> str:
    """A text with every number as 0: what counts is that one stands there."""
    return _DIGITS.sub("0", text)


def _size(value: float) -> str:
    return "=100" if value == 100 else str(sum(value > bound for bound in _BOUNDS))
