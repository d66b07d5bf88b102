"""Bound and refused numbers as mentions and rejections with the offsets of the document."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from db.records import Evidence, Reading, Rejected
from etl.reports.cleaning import Clean
from etl.reports.found import REPAIRED, Found, Refused, Situation
from etl.types import Extraction, Mention

RULE_VERSION = "1"


@dataclass(slots=True)
class Writer:
    """Collects what the sentences of one document say."""

    reading: Reading
    copy: Clean
    mentions: list[Mention] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    _said: set[tuple[object, ...]] = field(default_factory=set)
    _starts: list[int] = field(default_factory=list)
    _locators: list[str] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)
    _repaired: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        blocks = [block for block in self.reading.blocks if block.text]
        self._starts = [block.start for block in blocks]
        self._locators = [block.locator for block in blocks]
        self._repaired = sorted(self.copy.repaired)

    def add(self, start: int, s: Situation) -> None:
        """Takes over the numbers of a sentence that begins at `start` of the working copy."""
        if not s.bound and not s.refused:
            return
        sentence = self.copy.span(start, start + len(s.text))
        for found in sorted(s.bound, key=lambda f: f.start):
            key = (
                s.report.scope, found.code, tuple(sorted(found.dims.items())), found.entity, found.period, found.value,
                s.text[: found.start].rsplit(";", 1)[-1].strip(),
            )  # fmt: skip
            if key in self._said:
                self._reject(start, Refused(found.start, found.end, "duplicate", found.code))
                continue
            self._said.add(key)
            self.mentions.append(self._mention(start, found, sentence, s))
        told = {(f.start, f.end) for f in s.bound}
        for refused in sorted(set(s.refused), key=lambda r: (r.start, r.end, r.reason, r.code or "")):
            if (refused.start, refused.end) not in told:
                self._reject(start, refused)

    def _mention(self, start: int, found: Found, sentence: tuple[int, int], s: Situation) -> Mention:
        first, last = self.copy.span(start + found.start, start + found.end)
        repaired = bisect_left(self._repaired, first) < bisect_left(self._repaired, last)
        evidence = Evidence(
            quote=self.reading.text[first:last], rule=found.rule, rule_version=RULE_VERSION,
            confidence=min(found.confidence, REPAIRED) if repaired else found.confidence,
            locator=self._locator(first), start=first, end=last, sentence_start=sentence[0], sentence_end=sentence[1],
        )  # fmt: skip
        return Mention(
            indicator=found.code, value=found.value, unit=found.unit, evidence=evidence, dims=self._as_told(found.dims),
            entity=self._printed(found.entity), scope=s.report.scope, period=found.period, qualifier=found.qualifier,
            value_high=found.high, numerator=found.numerator, denominator=found.denominator,
        )  # fmt: skip

    def _as_told(self, dims: dict[str, str]) -> dict[str, str]:
        """The dims, with the disease as the document prints it (腸病毒)."""
        return {**dims, "disease": self._printed(dims["disease"]) or ""} if "disease" in dims else dims

    def _printed(self, entity: str | None) -> str | None:
        """A name as the document prints it (臨澧縣), not as the working copy has it."""
        if entity is None:
            return None
        if entity not in self._names:
            self._names[entity] = entity if entity in self.reading.text else self._as_printed(entity)
        return self._names[entity]

    def _as_printed(self, entity: str) -> str:
        at = self.copy.text.find(entity)
        first, last = self.copy.span(at, at + len(entity))
        return "".join(self.reading.text[first:last].split()) if at >= 0 else entity

    def _locator(self, at: int) -> str:
        n = bisect_right(self._starts, at) - 1
        return self._locators[n] if n >= 0 else ""

    def _reject(self, start: int, refused: Refused) -> None:
        first, last = self.copy.span(start + refused.start, start + refused.end)
        self.rejected.append(
            Rejected(refused.reason, self.reading.text[first:last], first, last, indicator=refused.code or None)
        )

    def extraction(self) -> Extraction:
        """Everything collected, in the order of the text; page numbers taken out of it are noise."""
        for first, last in self.copy.noise:
            self.rejected.append(Rejected("noise", self.reading.text[first:last], first, last))
        return Extraction(
            tuple(sorted(self.mentions, key=lambda m: m.evidence.start or 0)),
            tuple(sorted(self.rejected, key=lambda r: r.start or 0)),
        )
