"""Inspection findings: problems that reports and ledgers state in words, with their place, kind and state."""

from __future__ import annotations

from db.catalogue import Catalogue
from db.records import Reading
from etl.findings.found import FoundFinding
from etl.findings.ledgers import findings_of_ledgers
from etl.findings.placing import place_findings
from etl.findings.prose import findings_of_text

__all__ = ["FoundFinding", "extract_findings", "place_findings"]


def extract_findings(reading: Reading, catalogue: Catalogue, *, name: str = "") -> tuple[FoundFinding, ...]:
    """Every finding of a document, in the order of its text, then of its sheets."""
    told = findings_of_text(reading, catalogue, name) if reading.text.strip() else []
    return (*told, *findings_of_ledgers(reading, catalogue, name))
