"""Claims of a report with their org units: those of their observations, or looked up like those."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from db.records import Observation, OrgKind, OrgUnit, ProposedUnit
from db.records_claims import BaseKind, Claim
from etl.places import Directory, tidy_name
from etl.types import ClaimMention, Mention

_KINDS = {"省": OrgKind.PROVINCE, "市": OrgKind.CITY, "县": OrgKind.COUNTY, "区": OrgKind.COUNTY, "镇": OrgKind.TOWN,
          "乡": OrgKind.TOWN}  # fmt: skip


def resolve_claims(
    claims: Iterable[ClaimMention],
    mentions: Iterable[Mention],
    observations: Iterable[Observation],
    proposed: Mapping[str, ProposedUnit],
    directory: Directory,
) -> list[Claim]:
    """Claims as the store takes them. `mentions` are those of the observations, in the same order: an entity is
    the unit that its observations got; one without observations is looked up, and stays open where that fails."""
    claims = tuple(claims)
    if not claims:
        return []
    known: dict[tuple[str | None, str], tuple[int | None, str | None]] = {}
    for mention, observation in zip(mentions, observations, strict=True):
        known.setdefault((mention.entity, mention.scope), (observation.org_unit_id, observation.proposed_key))
    return [_resolved(claim, known, proposed, directory) for claim in claims]


def _resolved(
    claim: ClaimMention,
    known: Mapping[tuple[str | None, str], tuple[int | None, str | None]],
    proposed: Mapping[str, ProposedUnit],
    directory: Directory,
) -> Claim:
    unit_id, key = known.get((claim.entity, claim.scope)) or _looked_up(claim, proposed, directory)
    base = claim.base
    if base.kind is BaseKind.PLACE and unit_id is not None:
        base = replace(base, org_unit_id=_above(directory, unit_id, base.place))
    return Claim(
        claim.kind, claim.direction, claim.size, claim.unit, base, claim.evidence, claim.indicator,
        dict(claim.dims), claim.period, claim.value, unit_id, key, claim.qualifier, claim.note,
    )  # fmt: skip


def _looked_up(
    claim: ClaimMention, proposed: Mapping[str, ProposedUnit], directory: Directory
) -> tuple[int | None, str | None]:
    if claim.entity is None:
        key = f"unnamed:{claim.scope}"
        return None, key if key in proposed else None
    unit = directory.find(claim.entity).unit
    key = f"proposed:{tidy_name(claim.entity)}"
    return (unit.id, None) if unit is not None else (None, key if key in proposed else None)


def _above(directory: Directory, unit_id: int, place: str | None) -> int | None:
    """The unit of the named class above (or the unit itself has it): 全市 of a school is its city."""
    unit: OrgUnit | None = directory.by_id.get(unit_id)
    while unit is not None and unit.kind is not _KINDS.get(place or ""):
        unit = directory.by_id.get(unit.parent_id) if unit.parent_id is not None else None
    return unit.id if unit is not None and unit.id != unit_id else None
