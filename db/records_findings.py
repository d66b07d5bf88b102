"""Problems that an inspection found, in words and without a number, as they cross the border of the store."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from db.records import Evidence


class FindingState(StrEnum):
    """What the document says became of a problem. UNSTATED counts as open: nobody said it was mended."""

    OPEN = "open"
    RECTIFIED = "rectified"
    UNSTATED = "unstated"


class Extent(StrEnum):
    """How many units the wording covers: one named unit, some of an area, most of it, all of it."""

    ONE = "one"
    SOME = "some"
    MOST = "most"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place. Exactly one of `org_unit_id` and `proposed_key` is set, as for an observation.

    `category` is a code of db/catalogue/findings.yml. `evidence` holds the words of the problem; `closing` those that
    say it was rectified, if they stand elsewhere. Days come from a ledger; a report's finding has its period only.
    """

    category: str
    text: str
    state: FindingState
    evidence: Evidence
    extent: Extent = Extent.ONE
    period: str | None = None
    found_on: date | None = None
    due_on: date | None = None
    closed_on: date | None = None
    closing: Evidence | None = None
    org_unit_id: int | None = None
    proposed_key: str | None = None

    @property
    def key(self) -> str:
        """What makes two filings speak of the same problem of a unit: its words and the day (else the period)."""
        plain = "".join(c for c in unicodedata.normalize("NFKC", self.text) if c.isalnum())
        when = self.found_on.isoformat() if self.found_on else self.period or ""
        return hashlib.sha256(f"{when}|{plain}".encode()).hexdigest()[:32]
