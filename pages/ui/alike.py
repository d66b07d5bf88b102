"""Schools like a school, with the reasons: what the compare page offers to put beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from pages.analysis import display, peers
from pages.ui import cards, data, filters, links, profile, tables, wide
from pages.ui.text import coded, join, name_of, say, value_text

_NUMBERS = {"enrollment": 0.4, "boarder_share": 0.2, "left_behind_share": 0.1}  # indicator: weight
_WORDS = {"area_type": 0.2, "sponsor": 0.1}
_WEIGHTS = {**_NUMBERS, **_WORDS}
PEERS = 10  # schools alike whose counts together are what a school is measured against
_RECENT = 4  # periods in which a newest number is looked for
_TOLD = 0.01  # share of a difference from which it is told
OFFERED = 5  # of them are put beside a school


def schools(unit_ids: Sequence[int]) -> list[int]:
    """Those of the units that are schools of a known level: only they have peers."""
    data.meet(unit_ids)
    return [each for each in unit_ids if data.unit(each).kind == "school" and profile.level_of([each])]


def _around(unit_id: int) -> int | None:
    """The unit below which peers are looked for: everywhere (None), or the school's own district where there are too many."""
    return (data.county(unit_id) or unit_id) if wide.has_too_many("school") else None


def _traits(unit_id: int) -> pd.DataFrame:
    """The open schools of its level among which a school has its peers, with their newest size, intake and place, indexed by id
    (columns of peers.nearest)."""
    around, level = _around(unit_id), profile.level_of([unit_id])

    def make() -> pd.DataFrame:
        tree = data.tree() if around is None else data.within(around)
        held = [each for each in tree if each.kind == "school" and each.level == level and each.status == "active"]
        traits = {name: [getattr(each, name) or None for each in held] for name in ("level", *_WORDS)}
        out = pd.DataFrame(traits, index=[each.id for each in held], dtype="str")
        latest = _latest([each.id for each in held])
        by_indicator = latest.pivot(index="org_unit_id", columns="indicator", values="value")
        return out.join(by_indicator.reindex(columns=list(_NUMBERS)))

    return data.kept("peer_traits", make, around, level)


def _latest(unit_ids: list[int]) -> pd.DataFrame:
    """The newest number of each school; former periods are read of those alone that lack one."""
    dated = data.periods(list(_NUMBERS)).drop_duplicates("period").sort_values("end_date").tail(_RECENT)
    last = dated["end_date"] == dated["end_date"].max()
    found = _numbers(list(_NUMBERS), unit_ids, dated.loc[last, "period"])
    ever = set(data.periods(list(_NUMBERS))["indicator"])
    held = {code: set(found.loc[found["indicator"] == code, "org_unit_id"]) for code in ever}
    lacking = {code: [each for each in unit_ids if each not in has] for code, has in held.items()}
    codes = [code for code, without in lacking.items() if without]
    units = sorted({each for without in lacking.values() for each in without})
    if units:
        before = _numbers(codes, units, dated.loc[~last, "period"])
        found = pd.concat([before, found], ignore_index=True).sort_values("end_date", kind="stable")
    return found.drop_duplicates(["org_unit_id", "indicator"], keep="last")


def _numbers(codes: list[str], unit_ids: list[int], periods: Iterable[object]) -> pd.DataFrame:
    cells = data.cells(codes, unit_ids, [str(each) for each in periods], ["", "level=ALL"])
    return cells[cells["value"].notna()].sort_values("end_date", kind="stable")


def nearest(unit_id: int) -> pd.DataFrame:
    """The schools most like a school, nearest first (see peers.nearest); empty for a unit that has no peers."""

    def make() -> pd.DataFrame:
        traits = _traits(unit_id)
        return peers.nearest(traits, unit_id, _WEIGHTS, PEERS) if unit_id in traits.index else pd.DataFrame()

    return data.kept("peers", make, unit_id) if schools([unit_id]) else pd.DataFrame()


def draw(unit_ids: list[int], indicator: str | None) -> None:
    """For one of the chosen schools the nearest of its level, why they are near, and a way to put them beside it."""
    held = schools(unit_ids)
    if held:
        cards.folded(say("alike.title"), "open_alike", lambda: _offer(held, indicator))


def _offer(held: list[int], indicator: str | None) -> None:
    names = filters.unit_words()
    unit_id = filters.choose("like", say("alike.of"), held, held[0], names)
    traits, near = _traits(unit_id), nearest(unit_id)
    if near.empty:
        st.caption(say("alike.none"))
        return
    used = [each for each in near.columns if each != "distance"]
    total = sum(_WEIGHTS[each] for each in used)
    heads = [say("common.column.unit"), say("alike.likeness"), *(_head(each, _WEIGHTS[each] / total) for each in used)]
    rows = [_row(unit_id, traits, used, names, say("alike.itself"), None)]
    rows += [
        _row(int(each), traits, used, names, _likeness(near.at[each, "distance"]), near.loc[each])
        for each in near.index
    ]
    tables.draw(heads, rows)
    st.caption(join([say("alike.rule", n=PEERS), say("alike.own_district") if wide.has_too_many("school") else ""]))
    together = [unit_id, *(int(each) for each in near.index[:OFFERED])]
    label = say("alike.take", n=len(together) - 1)
    links.to("compare", label, icon=":material/compare_arrows:", units=together, indicator=indicator)


def _likeness(distance: float) -> str:
    return f"{display.percent(100 * (1 - distance), 0)}%"


def _head(trait: str, weight: float) -> str:
    word = name_of(data.indicator(trait)) if trait in _NUMBERS else say(f"common.dim.{_dim(trait)}")
    return say("alike.head", trait=word, weight=display.percent(100 * weight, 0))


def _dim(trait: str) -> str:
    return "area" if trait == "area_type" else trait


def _row(
    unit_id: int, traits: pd.DataFrame, used: list[str], names: filters.Words, likeness: str, reasons: pd.Series | None
) -> tables.Row:
    """A school with its traits, and under each how much of the difference to the chosen school it makes up."""
    cells = [tables.Cell(likeness)]
    for trait in used:
        share = 0.0 if reasons is None else float(reasons[trait])
        note = say("alike.share", share=display.percent(100 * share, 0)) if share >= _TOLD else ""
        cells.append(tables.Cell(_trait(traits.at[unit_id, trait], trait), notes=(note,)))
    return tables.Row(tables.Cell(names(unit_id), links.url("school", unit=unit_id)), tuple(cells))


def _trait(value: object, trait: str) -> str:
    if pd.isna(value):
        return coded("obs_status", "not_reported")
    if trait in _NUMBERS:
        return value_text(value, data.indicator(trait))
    return coded(f"dim_value.{_dim(trait)}", str(value))
