"""The register entry of one unit: other spellings of its name, what it was merged from and into."""

from __future__ import annotations

import pandas as pd

from db import org
from db.records import OrgUnit
from pages.ui import data


def directory() -> list[OrgUnit]:
    """All units of the store with their spellings."""
    with data.seen() as connection:
        return org.org_directory(connection)


def aliases(unit_id: int) -> tuple[str, ...]:
    """Other spellings under which files name the unit."""
    return data.aliases().get(unit_id, ())


def successors(unit_id: int) -> list[int]:
    """The units that a unit was merged into."""
    return [int(each) for each in data.units().at[unit_id, "successor_ids"]]


def predecessors(unit_id: int) -> pd.DataFrame:
    """The units that were merged into a unit (columns of queries.org_units)."""
    frame = data.units()
    return frame[[unit_id in held for held in frame["successor_ids"]]]
