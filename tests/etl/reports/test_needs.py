"""A rule that a table leaves out for a text does not match it: texts are drawn from the rules' own patterns."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from etl.reports import claims_change, counts, implied, special
from etl.reports.needs import ending_as, endings, holding, letters

ANY = "学校共有3名、,查验了的%"
CHANGES = ((claims_change._SIGN,), (claims_change._NOUNS,), (claims_change._WORD,))
Table = Sequence[tuple[Any, ...]]
TABLES: list[tuple[str, Table, Callable[[str], tuple[Any, ...]]]] = [
    ("before", counts._BEFORE, lambda text: counts._before(text[-1:])),
    ("counted", special._COUNTED, lambda text: special._counted(text[-1:])),
    ("verbs", special._VERB_NOUN, lambda text: special._verbs(text[-1:])),
    ("changes", CHANGES, lambda text: claims_change._changes(text[-1:])),
    ("implied", implied._RULES, implied._rules_for),
]


def drawn(parts: Any, draw: random.Random) -> str:
    """A text that a parsed pattern may match; what it forbids around the match is left to chance."""
    return "".join(_drawn(kind, value, draw) for kind, value in parts)


def _drawn(kind: Any, value: Any, draw: random.Random) -> str:
    if kind is op.SUBPATTERN:
        return drawn(value[3], draw)
    if kind is op.BRANCH:
        return drawn(draw.choice(value[1]), draw)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
        least, most, body = value
        return "".join(drawn(body, draw) for _ in range(draw.randint(least, min(most, least + 2))))
    if kind is op.IN:
        spans = [at for each, at in value if each is op.RANGE] + [(at, at) for each, at in value if each is op.LITERAL]
        return draw.choice(ANY) if value[0][0] is op.NEGATE or not spans else chr(draw.randint(*draw.choice(spans)))
    return chr(value) if kind is op.LITERAL else "" if kind in (op.AT, op.ASSERT, op.ASSERT_NOT) else draw.choice(ANY)


@pytest.mark.parametrize(("table", "may_match"), [each[1:] for each in TABLES], ids=[each[0] for each in TABLES])
def test_no_rule_that_matches_is_left_out(table: Table, may_match: Callable[[str], tuple[Any, ...]]) -> None:
    draw = random.Random(7)
    left_out = 0
    for own in table:
        met = 0
        for _ in range(60):
            text = (
                draw.choice(("", "全县", ",共"))
                + drawn(parser.parse(own[0].pattern), draw)
                + draw.choice(("", "", "名"))
            )
            kept = may_match(text)
            matching = [rule for rule in table if rule[0].search(text)]
            assert [rule for rule in kept if rule in matching] == matching, text
            met += own in matching
            left_out += len(table) - len(kept)
        assert met, own[0].pattern
    assert left_out  # or the table would be no help


@pytest.mark.parametrize(
    ("pattern", "ends"),
    [
        ("[由从](?:目前|现在)的?$", "前在的"),
        ("补(?:种|齐)(?:了|完)*$", "种齐了完"),
        ("(?:甲|乙)$|丙$", "甲乙丙"),
        ("(?<!未)休学(?!率)$", "学"),
        ("补种", None),  # need not be the end
        ("补种$|漏种", None),
        ("(?:补种)?$", None),  # matches every text
        (r"[^,]{0,8}$", None),
        (r"\d$", None),
    ],
)
def test_the_last_characters_are_read_from_the_pattern(pattern: str, ends: str | None) -> None:
    assert endings(re.compile(pattern)) == (None if ends is None else frozenset(ends))


@pytest.mark.parametrize(
    ("pattern", "held"),
    [
        ("(?:食堂|餐厅)[^,]{0,4}检查", "检"),
        ("(?:食堂|餐厅)?(?:达|为)", "达为"),
        ("(?:食堂)*", None),
        ("食堂|.", None),
        (r"\d+[%‰]", "%‰"),
    ],
)
def test_what_every_match_holds_is_read_from_the_pattern(pattern: str, held: str | None) -> None:
    found = letters(re.compile(pattern))
    assert found == (None if held is None else frozenset(held))


def test_a_rule_that_may_match_anything_is_always_tried() -> None:
    rules = ((re.compile("辍学"), 1), (re.compile(r"\d"), 2), (re.compile("[^,]$"), 3))
    assert holding(rules)("无关") == rules[1:]
    assert ending_as(rules)("关") == rules
