"""A file of any kind that broke on its way or was written by a faulty program ends as a draft or as a refusal."""

from __future__ import annotations

import random
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from db.catalogue import load_catalogue
from db.records import Draft
from etl.pipeline import draft_from_file
from etl.places import Directory
from etl.types import Refused
from tests.depth import DEPTH
from tests.etl.readers.mutate import mutated, samples

ADVICE = re.compile("请.+。$")


def outcome(name: str, content: bytes) -> Draft | str:
    """The draft of a file, or the sentence that refuses it; any other exception fails the test."""
    try:
        return draft_from_file(name, content, load_catalogue(), Directory([]))
    except Refused as refused:
        return refused.sentence


@settings(max_examples=12 * DEPTH, deadline=None)
@given(st.sampled_from(samples()), st.integers(0, 2**32))
def test_a_broken_file_is_understood_or_refused(sample: tuple[str, bytes], seed: int) -> None:
    """`python -m tests.etl.readers.fuzz` goes on with this for as long as one likes."""
    name, content = sample
    found = outcome(name, mutated(content, random.Random(seed)))
    if isinstance(found, str):
        assert ADVICE.search(found)
    else:
        assert all(one.evidence.holds_in(found.reading) for one in found.observations)


@settings(max_examples=10 * DEPTH, deadline=None)
@given(st.sampled_from(samples()), st.floats(0, 1, exclude_max=True))
@example(("两字节.docx", b"PK\x03\x04" + bytes(1000)), 0.002)
def test_a_file_that_came_only_in_part_is_understood_or_refused(sample: tuple[str, bytes], share: float) -> None:
    """Of a container nothing is understood: its directory stands at the end."""
    name, content = sample
    kept = min(int(share * len(content)), max(0, len(content) - 64))  # its last bytes may be missing
    found = outcome(name, content[:kept])
    if isinstance(found, str):
        assert ADVICE.search(found)
    else:
        assert not content.startswith(b"PK")
