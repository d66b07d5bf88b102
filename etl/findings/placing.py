"""Findings at the units of the directory."""

from __future__ import annotations

from collections.abc import Sequence

from db.records_findings import Finding
from etl.findings.found import FoundFinding
from etl.normalise import Normalised, place_all
from etl.places import Directory
from etl.types import Mention


def place_findings(
    found: Sequence[FoundFinding], directory: Directory, file_name: str, out: Normalised
) -> tuple[Finding, ...]:
    """Each finding with its org unit, or with a proposed unit that `out` takes up with an issue. A problem that one
    file states twice of a unit is kept once."""
    places = place_all([_mention(one) for one in found], directory, file_name, out)
    kept: dict[tuple[int | None, str | None, str], Finding] = {}
    for one, (unit_id, key) in zip(found, places, strict=True):
        finding = Finding(
            one.category, one.text, one.state, one.evidence, one.extent, one.period, one.found_on, one.due_on,
            one.closed_on, one.closing, unit_id, key,
        )  # fmt: skip
        kept.setdefault((unit_id, key, finding.key), finding)
    return tuple(kept.values())


def _mention(one: FoundFinding) -> Mention:
    """A finding as the look-up of places wants it."""
    return Mention(
        "", None, "", one.evidence, entity=one.entity, entity_code=one.entity_code, scope=one.scope, period=one.period
    )
