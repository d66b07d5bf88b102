"""Where units stand, for what asks of one unit after the other: a frame takes a hundred times as long for it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd


class Place(NamedTuple):
    """A unit's name, its kind, and the ids from the root down to itself."""

    name: str
    kind: str
    path: tuple[int, ...]


def steps(path: str) -> list[int]:
    """The ids of a path ("/1/4/"), from the root down."""
    return [int(part) for part in path.split("/") if part]


def of_units(frame: pd.DataFrame) -> Mapping[int, Place]:
    """The places of units (columns of queries.org_units, indexed by id) by id; nobody can change it."""
    rows = zip(frame.index, frame["name"], frame["kind"], frame["path"], strict=True)
    return MappingProxyType(
        {int(unit): Place(str(name), str(kind), tuple(steps(path))) for unit, name, kind, path in rows}
    )
