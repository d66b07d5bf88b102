"""What holds for every report: offsets, repeatability, noise that adds nothing, documents one after another."""

from __future__ import annotations

import itertools
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.catalogue import load_catalogue
from db.records import Reading
from etl.reports import extract_report
from etl.reports.numbers import find_numbers
from etl.reports.script import plain_text
from etl.types import Extraction, Mention

DOCUMENTS = {
    path.stem: path.read_text(encoding="utf-8").rstrip("\n")
    for path in sorted((Path(__file__).parent / "documents").glob("*.txt"))
}
NOISE = (" ", "  ", "　", "\n", "\n\n", "\n12\n", "\n 3 \n", "www.wenmi123.com", "https://www.example.cn/a/b.html")
EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True)


@lru_cache(maxsize=64)
def extract(text: str) -> Extraction:
    return extract_report(Reading("text/plain", text), load_catalogue())


def said(mention: Mention) -> tuple[object, ...]:
    return mention.indicator, mention.value, mention.unit


def whole(mention: Mention) -> tuple[object, ...]:
    return *said(mention), tuple(sorted(mention.dims.items())), mention.entity, mention.period


@st.composite
def noisy(draw: st.DrawFn) -> tuple[str, str]:
    """A document, and the same with noise at one to three places."""
    text = told = DOCUMENTS[draw(st.sampled_from(sorted(DOCUMENTS)))]
    places = draw(st.lists(st.integers(0, len(text)), min_size=1, max_size=3, unique=True))
    for at in sorted(places, reverse=True):
        told = told[:at] + draw(st.sampled_from(NOISE)) + told[at:]
    return text, told


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_offset_points_at_the_text_of_its_number(name: str) -> None:
    text = DOCUMENTS[name]
    mentions = extract(text).mentions
    assert len(mentions) >= 5
    for mention in mentions:
        at = mention.evidence
        printed = text[at.start : at.end]
        assert printed == at.quote != ""
        if at.rule == "implied_value":
            assert not any(char.isdigit() for char in printed)
            continue
        around = plain_text(text)[(at.start or 0) - 1 : (at.end or 0) + 4]
        values = {x.value for x in (*find_numbers(around[1:]), *find_numbers(around))}
        assert mention.value in values, (printed, mention.value)


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_reading_again_gives_the_same(name: str) -> None:
    once = extract_report(Reading("text/plain", DOCUMENTS[name]), load_catalogue())
    assert extract_report(Reading("text/plain", DOCUMENTS[name]), load_catalogue()) == once


@EXAMPLES
@given(noisy())
def test_noise_never_makes_an_observation(pair: tuple[str, str]) -> None:
    text, told = pair
    new = Counter(map(said, extract(told).mentions)) - Counter(map(said, extract(text).mentions))
    assert not new


@EXAMPLES
@given(noisy())
def test_offsets_hold_in_noisy_texts(pair: tuple[str, str]) -> None:
    _, told = pair
    for mention in extract(told).mentions:
        at = mention.evidence
        assert told[at.start : at.end] == at.quote != ""


@pytest.mark.parametrize(
    ("one", "two"), list(itertools.pairwise([*sorted(DOCUMENTS), *sorted(DOCUMENTS, reverse=True)]))
)
def test_documents_one_after_another_give_what_each_gives(one: str, two: str) -> None:
    both = extract(f"{DOCUMENTS[one]}\n{DOCUMENTS[two]}")
    apart = [*extract(DOCUMENTS[one]).mentions, *extract(DOCUMENTS[two]).mentions]
    if one == two:  # what is said twice is said once
        assert {whole(m) for m in both.mentions} == {whole(m) for m in apart}
    else:
        assert Counter(map(whole, both.mentions)) == Counter(map(whole, apart))
