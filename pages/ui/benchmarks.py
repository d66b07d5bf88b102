"""What units are measured against besides targets: their district and the city, schools alike, the whole group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from pages.analysis import display, rag, split
from pages.ui import alike, data, group, profile
from pages.ui.text import COUNTED, change_text, say

_STATES: Mapping[str, str] = {"better": "met", "similar": "near", "worse": "missed"}


def periods_of(judged: pd.DataFrame) -> dict[profile.Choice, str]:
    """The period in which each indicator and breakdown of a frame is compared."""
    keys = zip(judged["indicator"], judged["dims"], judged["period"], strict=True)
    return {(str(code), str(dims)): str(period) for code, dims, period in keys}


def of_group(unit_ids: Sequence[int], judged: pd.DataFrame) -> pd.DataFrame:
    """The values of the whole group of some units, and of the schools alike to each (see `of_units`)."""
    near = [int(each) for unit_id in unit_ids for each in alike.nearest(unit_id).index]
    return of_units(sorted({*group.members(unit_ids), *near}), judged)


def of_units(ids: Sequence[int], judged: pd.DataFrame) -> pd.DataFrame:
    """The values of some units for the rates of a frame of measures.judged, in the periods that stand there: one query
    (columns of data.cells)."""
    wanted = {
        choice: period for choice, period in periods_of(judged).items() if data.indicator(*choice).unit not in COUNTED
    }
    key = tuple(sorted((*choice, period) for choice, period in wanted.items()))
    return data.kept("of_units", lambda: _of_units(ids, wanted), tuple(ids), key)


def _of_units(ids: Sequence[int], wanted: Mapping[profile.Choice, str]) -> pd.DataFrame:
    codes, dims = ({choice[n] for choice in wanted} for n in (0, 1))
    cells = data.cells(sorted(codes), ids, sorted(set(wanted.values())), sorted(dims))
    keys = zip(cells["indicator"], cells["dims"], cells["period"], strict=True)
    held = [wanted.get((code, dim)) == period for code, dim, period in keys]
    return cells[pd.Series(held, index=cells.index, dtype=bool) & cells["value"].notna()]


def of_peers(rows: Iterable[profile.Record], peer_ids: Iterable[int], choice: profile.Choice) -> profile.Record | None:
    """The value of the schools alike taken together, from their counts; None where none of them has any."""
    wanted = set(peer_ids)
    held = [row for row in rows if row["org_unit_id"] in wanted]
    if not held:
        return None
    ids = pd.Series("peers", index=sorted({row["org_unit_id"] for row in held}))
    [found] = split.pooled(pd.DataFrame(held), ids, float(data.indicator(*choice).multiplier)).to_dict("records")
    return found if display.is_number(found["value"]) else None


def mark(row: profile.Record | None, other: Mapping[str, object] | None, name: str) -> tuple[str, str] | None:
    """A value against that of another unit as a state with its words, `优于云溪区（+0.4个百分点）`, without a state where
    fewer than ten people stand behind it; None where one is missing or both are counts."""
    if row is None or other is None or not (profile.has_value(row) and display.is_number(other["value"])):
        return None
    indicator = data.indicator(str(row["indicator"]), str(row["dims"]))
    if indicator.unit in COUNTED:
        return None
    benchmark = float(str(other["value"]))
    found: str = rag.against(float(row["lower"]), float(row["upper"]), benchmark, indicator.direction)
    if not float(row["denominator"]) >= rag.SMALLEST:  # too few people for any judgement
        found = "unknown"
    change = change_text(float(row["value"]) - benchmark, indicator)
    return _STATES.get(found, ""), say(f"benchmarks.{found}", name=name, change=change)


def marks(
    row: profile.Record | None, over: Mapping[int, profile.Record], peers: Mapping[str, object] | None
) -> tuple[tuple[str, str], ...]:
    """The marks of a value against the units above it (by id) and against the schools alike."""
    found = [mark(row, other, data.name(unit_id)) for unit_id, other in over.items()]
    found.append(mark(row, peers, say("benchmarks.peers")))
    return tuple(each for each in found if each is not None)
