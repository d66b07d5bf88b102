"""Comparisons of a report as claims: each can be checked, none is an observation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from db.records import Evidence, Reading
from etl.reports.claims_base import bases_in
from etl.reports.claims_change import Changes
from etl.reports.claims_found import ClaimFound
from etl.reports.claims_other import multiples, shares, tasks, unchanged
from etl.reports.cleaning import Clean
from etl.reports.found import Situation
from etl.types import ClaimMention

RULE_VERSION = "1"
# A sentence without one of these signs compares nothing; most sentences end here.
_SIGNS = re.compile(
    "提高|上升|增|提升|升高|攀升|回升|扩大|上涨|高[于出过]|超|下降|降低|减|回落|缩|下滑|低于|降|升|持平|一致|相当|相同|一样|变化|不变|翻|倍|一半|占|任务|计划|目标|指标|多|少|高|低|↑|↓|[+]"
)
# one of those that say something without a number
_NUMBERLESS = re.compile("任务|目标|指标|计划|持平|一致|相当|相同|一样|变化|不变|翻|倍|一半|占")


def find_claims(s: Situation, before: Situation | None = None) -> Iterator[ClaimFound]:
    """The claims of a sentence whose numbers are bound; `before` is the sentence before it. In order of the text,
    at most one at each place."""
    if not (_SIGNS if s.numbers else _NUMBERLESS).search(s.text):
        return
    bases = bases_in(s.text)
    found = [
        *Changes(s, bases, before).read(), *tasks(s, before), *shares(s), *unchanged(s, bases, before),
        *multiples(s, bases, before),
    ]  # fmt: skip
    taken: set[int] = set()
    for claim in found:
        if not any(at in taken for at in range(claim.start, claim.end)):
            taken.update(range(claim.start, claim.end))
            yield claim


@dataclass(slots=True)
class ClaimWriter:
    """Collects the claims of one document, with the offsets of its text."""

    reading: Reading
    copy: Clean
    claims: list[ClaimMention] = field(default_factory=list)
    _before: Situation | None = None

    def add(self, start: int, s: Situation) -> None:
        """Takes over the claims of a sentence that begins at `start` of the working copy."""
        for found in find_claims(s, self._before):
            self.claims.append(self._mention(start, found, s))
        self._before = s

    def _mention(self, start: int, found: ClaimFound, s: Situation) -> ClaimMention:
        first, last = self.copy.span(start + found.start, start + found.end)
        sentence = self.copy.span(start, start + len(s.text))
        evidence = Evidence(
            quote=self.reading.text[first:last], rule=found.rule, rule_version=RULE_VERSION,
            confidence=found.confidence, start=first, end=last, sentence_start=sentence[0], sentence_end=sentence[1],
        )  # fmt: skip
        told = found.about
        value = found.value
        if told is not None and value is not None and s.text[told.start : told.end].endswith("万"):
            value = Decimal(s.text[told.start : told.end - 1].replace(",", "")).scaleb(4)  # keeps how it was rounded
        return ClaimMention(
            found.kind, found.direction, found.size, found.unit, found.base, evidence,
            told.code if told else None, dict(told.dims) if told else {}, told.entity if told else None,
            s.report.scope, told.period if told else None, value, found.qualifier, found.note,
        )  # fmt: skip
