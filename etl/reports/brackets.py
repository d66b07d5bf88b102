"""What is counted on both sides of brackets: 在园(含教学点附设班2个、51人)224人; 小学21870人(其中寄宿生1204人)、初中9582人."""

from __future__ import annotations

import re

from etl.reports.fitting import fits
from etl.reports.found import Head, Situation
from etl.reports.numbers import Number
from etl.reports.phrases import last_clause, strip_joining

_INSERTED = re.compile("[(](?:不?含|其中|包括|内含|另有?)[^()]*[)]$")


def before_bracket(s: Situation, number: Number) -> Head | None:
    """在园(含教学点附设班2个、51人)224人: the name stands before the brackets."""
    inserted = _INSERTED.search(s.masked[: number.start])
    if inserted is None:
        return None
    core, _ = strip_joining(last_clause(s.masked[: inserted.start()]))
    name = s.lexicon.ending(core)
    known = name is not None and name.code and fits(s, name.code, number, name.word)
    return Head(name.code, name.word, core) if name is not None and known else None


_CLOSES = re.compile(r"^[^()]*[)][、,和及]")


def around_brackets(s: Situation, number: Number, left: str) -> Head | None:
    """小学21870人(其中寄宿生1204人)、初中9582人: what was counted in front of the brackets goes on behind them."""
    opened = s.masked.rfind("(", 0, number.start) if _CLOSES.match(left) else -1
    before = [found for found in s.bound if found.end <= opened] if opened > 0 else []
    if not before or opened - before[-1].end > 3:
        return None
    return Head(before[-1].code, "", s.clause_before(before[-1].start))
