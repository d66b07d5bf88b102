"""What every reader's offsets point at is what the evidence page shows there."""

from __future__ import annotations

import random
from functools import cache
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.catalogue import load_catalogue
from db.records import Reading
from etl.pipeline import extract
from etl.readers import read_file
from etl.types import Refused
from pages.ui.document import FOCUS, OTHER, Mark, text_html
from tests.etl.readers.mutate import mutated, samples

WITH_TEXT = tuple(
    each for each in samples() if each[0].rpartition(".")[2] in ("docx", "doc", "wps", "pdf", "html", "txt")
)


class Shown(HTMLParser):
    """The text of the page's box as a browser reads it, and the parts of it that are marked as the focus."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.focus, self._inside, self._styles = "", "", False, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._styles = tag == "style"
        self._inside = FOCUS in (dict(attrs).get("class") or "").split()

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._styles = False

    def handle_data(self, data: str) -> None:
        if not self._styles:
            self.text += data
            self.focus += data if self._inside else ""


def shown(text: str, marks: list[Mark]) -> Shown:
    page = Shown()
    page.feed(text_html(text, marks).replace("\r\n", "\n").replace("\r", "\n"))  # as a browser does before it parses
    page.close()
    return page


@cache
def reading_of(name: str) -> Reading:
    return read_file(name, dict(WITH_TEXT)[name])


def sound(reading: Reading) -> None:
    """Nothing in the text that a store, a browser or JSON would change."""
    text = reading.text
    assert text.encode("utf-8").decode("utf-8") == text
    assert not {"\r", "\x00"} & set(text)
    assert all(text[block.start : block.start + len(block.text)] == block.text for block in reading.blocks)


@pytest.mark.parametrize("name", [name for name, _ in WITH_TEXT])
def test_every_block_and_every_number_is_shown_where_it_stands(name: str) -> None:
    reading = reading_of(name)
    sound(reading)
    places = [(block.start, block.start + len(block.text)) for block in reading.blocks if block.text]
    found = [m.evidence for m in extract(reading, load_catalogue(), name).mentions if m.evidence.start is not None]
    assert all(reading.text[at.start : at.end] == at.quote for at in found)
    assert all(at.sentence_start <= at.start and at.end <= at.sentence_end for at in found)
    others = [Mark(at.start, at.end, OTHER, "?obs=1", "<b>") for at in found]
    for start, end in random.Random(0).sample(places, min(5, len(places))):
        page = shown(reading.text, [*others, Mark(start, end, FOCUS)])
        assert (page.text, page.focus) == (reading.text, reading.text[start:end])


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([name for name, _ in WITH_TEXT]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(1, 40)), min_size=1),
)
def test_any_stretch_is_marked_letter_by_letter(name: str, spans: list[tuple[float, int]]) -> None:
    text = reading_of(name).text
    places = [(int(share * (len(text) - 1)), length) for share, length in spans]
    [(start, length), *others] = places
    marks = [Mark(at, at + n, OTHER) for at, n in others]
    page = shown(text, [*marks, Mark(start, start + length, FOCUS)])
    assert (page.text, page.focus) == (text, text[start : start + length])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(WITH_TEXT), st.integers(0, 2**32))
def test_a_broken_file_that_is_still_read_is_shown_as_it_was_read(sample: tuple[str, bytes], seed: int) -> None:
    name, content = sample
    try:
        reading = read_file(name, mutated(content, random.Random(seed)))
    except Refused:
        return
    sound(reading)
    assert shown(reading.text, []).text == reading.text
