"""Schools like a school, with the reasons: what the compare page offers to put beside it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.analysis import display, peers
from pages.ui import cards, data, filters, links, tables
from pages.ui.text import coded, name_of, say, value_text

_NUMBERS = {"enrollment": 0.4, "boarder_share": 0.2, "left_behind_share": 0.1}  # indicator: weight
_WORDS = {"area_type": 0.2, "sponsor": 0.1}
_WEIGHTS = {**_NUMBERS, **_WORDS}
OFFERED = 5


def schools(unit_ids: Sequence[int]) -> list[int]:
    """Those of the units that are schools of a known level: only they have peers."""
    units = data.units()
    return [each for each in unit_ids if units.at[each, "kind"] == "school" and units.at[each, "level"]]


def _traits(level: str) -> pd.DataFrame:
    """The schools of a level with their newest size, intake and place, indexed by id (columns of peers.nearest)."""

    def make() -> pd.DataFrame:
        tree = data.tree()
        held = tree[(tree["kind"] == "school") & (tree["level"] == level) & (tree["status"] == "active")]
        out = held[["level", *_WORDS]].replace("", pd.NA)
        dims = ["", f"level={level}", "level=ALL"]
        cells = data.cells(list(_NUMBERS), list(held.index), None, dims)
        cells = cells[cells["value"].notna()].sort_values("end_date", kind="stable")
        latest = cells.drop_duplicates(["org_unit_id", "indicator"], keep="last")
        wide = latest.pivot(index="org_unit_id", columns="indicator", values="value")
        return out.join(wide.reindex(columns=list(_NUMBERS)))

    return data.kept("peer_traits", make, level)


def draw(unit_ids: list[int], indicator: str | None) -> None:
    """For one of the chosen schools the nearest of its level, why they are near, and a way to put them beside it."""
    held = schools(unit_ids)
    if held:
        cards.folded(say("alike.title"), "open_alike", lambda: _offer(held, indicator))


def _offer(held: list[int], indicator: str | None) -> None:
    names = filters.unit_words(data.units())
    unit_id = filters.choose("like", say("alike.of"), held, held[0], names)
    traits = _traits(str(data.units().at[unit_id, "level"]))
    near = peers.nearest(traits, unit_id, _WEIGHTS, OFFERED) if unit_id in traits.index else pd.DataFrame()
    if near.empty:
        st.caption(say("alike.none"))
        return
    used = [each for each in near.columns if each != "distance"]
    heads = [say("common.column.unit"), say("alike.likeness"), *(_head(each) for each in used)]
    rows = [_row(unit_id, traits, used, names, say("alike.itself"))]
    rows += [_row(int(each), traits, used, names, _likeness(near.at[each, "distance"])) for each in near.index]
    tables.draw(heads, rows)
    st.caption(say("alike.rule"))
    together = [unit_id, *(int(each) for each in near.index)]
    links.to("compare", say("alike.take"), icon=":material/compare_arrows:", units=together, indicator=indicator)


def _likeness(distance: float) -> str:
    return f"{display.percent(100 * (1 - distance), 0)}%"


def _head(trait: str) -> str:
    word = name_of(data.indicator(trait)) if trait in _NUMBERS else say(f"common.dim.{_dim(trait)}")
    return say("alike.head", trait=word, weight=display.percent(100 * _WEIGHTS[trait], 0))


def _dim(trait: str) -> str:
    return "area" if trait == "area_type" else trait


def _row(unit_id: int, traits: pd.DataFrame, used: list[str], names: filters.Words, likeness: str) -> tables.Row:
    cells = [tables.Cell(likeness)]
    for trait in used:
        value = traits.at[unit_id, trait]
        if pd.isna(value):
            cells.append(tables.Cell(coded("obs_status", "not_reported")))
        elif trait in _NUMBERS:
            cells.append(tables.Cell(value_text(float(value), data.indicator(trait))))
        else:
            cells.append(tables.Cell(coded(f"dim_value.{_dim(trait)}", str(value))))
    return tables.Row(tables.Cell(names(unit_id), links.url("school", unit=unit_id)), tuple(cells))
