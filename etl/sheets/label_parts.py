"""One label of a header path by itself: without what only says again which group it is of."""

from __future__ import annotations

import re

from etl.sheets import words

_GRADE_ASIDE = re.compile(
    r"([A-D]级[^()]{0,5})[(](?:优秀?|良好?|一般|中等?|较?差|基本合格|合格|不合格|不达标)[)]"
)  # what a bureau calls it
_SPONSOR_ASIDE = re.compile(r"^([公民]办(?:园|校|幼儿园|学校)?)[(][^()普]*[)]$")  # 公办(其他部门)
_PART = re.compile(r"^其中:?")


def plain_part(part: str) -> str:
    """One label of a path without 其中, unit and age band; 总 under a heading is its sum."""
    text = words.without_ages(words.split_unit(_PART.sub("", part) or part)[0])
    text = _GRADE_ASIDE.sub(r"\1", _SPONSOR_ASIDE.sub(r"\1", text))
    return "计" if text == "总" else text


def key_of(text: str) -> str:
    """A label without punctuation, as spellings are compared."""
    return words.PUNCTUATION.sub("", text)
