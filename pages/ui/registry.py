"""The register entry of one unit: other spellings of its name, what it was merged from and into."""

from __future__ import annotations

from collections.abc import Iterable

from db import org
from db.records import OrgUnit
from pages.ui import data, wide


def directory(area_id: int | None = None) -> list[OrgUnit]:
    """All units of the store with their spellings; where they are too many, those of one county and of what stands above or
    beside counties."""
    with data.seen() as connection:
        return org.org_directory(connection, area_id if wide.has_too_many("school") else None)


def aliases(unit_id: int) -> tuple[str, ...]:
    """Other spellings under which files name the unit."""
    return data.aliases([unit_id]).get(unit_id, ())


def successors(unit_id: int) -> list[int]:
    """The units that a unit was merged into."""
    chain = data.successions()
    return _seen(chain.loc[chain["predecessor_id"] == unit_id, "successor_id"])


def predecessors(unit_id: int) -> list[int]:
    """The units that were merged into a unit."""
    chain = data.successions()
    return _seen(chain.loc[chain["successor_id"] == unit_id, "predecessor_id"])


def _seen(unit_ids: Iterable[int]) -> list[int]:
    data.meet(unit_ids)
    return [int(each) for each in unit_ids if data.is_seen(each)]
