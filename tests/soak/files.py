"""Broken files of each format: every one ends as a draft or as a refusal, in time."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from db.catalogue import load_catalogue
from tests.etl.readers.fuzz import outcome_of
from tests.etl.readers.mutate import mutated, samples

FORMATS = ("xlsx", "xls", "ods", "csv", "docx", "doc", "pdf", "html", "txt")
LONGEST_S = 35.0


@dataclass(slots=True)
class Told:
    """What became of the files of one format."""

    outcomes: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def refused(self) -> int:
        return sum(n for outcome, n in self.outcomes.items() if outcome.startswith("refused"))


def run(
    n: int, formats: Sequence[str] = FORMATS, seed: int = 0, say: Callable[[str], None] = lambda _: None
) -> dict[str, Told]:
    """`n` mutated files of each format; `say` hears of each format when it is done. Raises AssertionError with the seeds
    of those that ended in anything else, or took longer than LONGEST_S."""
    load_catalogue()
    told: dict[str, Told] = {}
    for kind in formats:
        told[kind] = _of_kind(kind, n, seed)
        say(f"{kind}: {dict(told[kind].outcomes)}, {told[kind].longest:.1f} s")
    faults = [fault for one in told.values() for fault in one.faults]
    assert not faults, "\n".join(faults)
    return told


def _of_kind(kind: str, n: int, seed: int) -> Told:
    held = [(name, content) for name, content in samples() if name.endswith("." + kind)]
    told = Told()
    for number in range(seed, seed + n):
        rng = random.Random(f"{kind} {number}")
        name, content = rng.choice(held)
        broken, began = mutated(content, rng), time.monotonic()
        outcome, words = outcome_of(name, broken)
        took = time.monotonic() - began
        told.outcomes[outcome] += 1
        told.longest = max(told.longest, took)
        if not outcome.startswith(("draft", "refused")) or took > LONGEST_S:
            told.faults.append(f"{kind} {number} ({name}): {outcome}, {took:.1f} s\n{words}")
    return told
