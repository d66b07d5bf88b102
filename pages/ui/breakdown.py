"""Why a value changed: what its parts did themselves, and what the weights of the parts did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from db.catalogue import Indicator
from pages.analysis import display, mix, series
from pages.ui import area, cards, data, filters, links, tables, wide
from pages.ui.text import (
    COUNTED,
    DASH,
    fraction_text,
    name_of,
    period_brief,
    period_short,
    period_text,
    plain,
    say,
    value_text,
)

PARTS = ("units", "area", "schools")
_COLUMNS = ("effort", "mix", "total")
_NOTHING = 1e-9
SHOWN = 20  # parts in the table, the largest first


class Step(NamedTuple):
    """What is explained: an indicator with its dims between two periods."""

    indicator: Indicator
    dims: str
    before: str
    after: str


def section(indicator: Indicator, dims: str, parent: int) -> pd.DataFrame:
    """The whole section with its pickers; returns the cells it rests on."""
    left, middle, right = st.columns([3, 3, 6])
    with right:
        parts = PARTS[:1] if wide.has_too_many("school", parent) else PARTS
        by = filters.segments("by", say("breakdown.by"), parts, "units", lambda each: say(f"breakdown.parts.{each}"))
    units = data.children(parent) if by == "units" else data.below(parent, "school")
    cells = data.cells([indicator.code], list(dict.fromkeys([parent, *units])), None, [dims])
    own = cells[cells["value"].notna() & (cells["org_unit_id"] != parent)]
    codes = series.timeline(own.rename(columns={"period_kind": "kind"}))
    if indicator.unit in COUNTED or len(codes) < 2:
        cards.nothing_found(say("breakdown.one_period" if len(codes) < 2 else "breakdown.not_rate"))
        return cells.head(0)
    step = _periods(left, middle, indicator, dims, codes)
    _draw(cells, step, by, parent, units)
    return cells[cells["period"].isin([step.before, step.after])]


def _periods(
    left: DeltaGenerator, middle: DeltaGenerator, indicator: Indicator, dims: str, codes: Sequence[str]
) -> Step:
    """The two periods that are compared, by default the youngest and the one a year before."""
    with middle:
        after = filters.choose("to", say("breakdown.to"), codes[:0:-1], codes[-1], period_text) or codes[-1]
    earlier = list(codes[: codes.index(after)])
    year = series.year_before(after)
    default = year if year in earlier else earlier[-1]
    filters.follow("from", str(default))
    with left:
        before = filters.choose("from", say("breakdown.from"), earlier[::-1], default, period_text) or earlier[-1]
    return Step(indicator, dims, before, after)


def parts_of(cells: pd.DataFrame, step: Step, by: str, units: Sequence[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts of the parts before and after, indexed by unit id or by area (numerator, denominator); parts without
    counts or people are left out."""
    rows = cells[cells["org_unit_id"].isin(units) & cells["numerator"].notna() & (cells["denominator"] > 0)]
    key = rows["org_unit_id"].map(area.groups_of(list(units))) if by == "area" else rows["org_unit_id"]
    sums = rows.groupby([rows["period"], key])[["numerator", "denominator"]].sum()
    before, after = (
        sums.loc[code] if code in sums.index.get_level_values(0) else sums.head(0).droplevel(0)
        for code in (step.before, step.after)
    )
    return before, after


def _draw(cells: pd.DataFrame, step: Step, by: str, parent: int, units: Sequence[int]) -> None:
    """The change in one sentence, then the parts."""
    both = parts_of(cells, step, by, units)
    if any(each.empty for each in both):
        cards.nothing_found(say("breakdown.no_counts"))
        return
    scale = float(step.indicator.multiplier)
    found = mix.decompose(*both)
    found[["effort", "mix"]] *= scale
    found["total"] = found["effort"] + found["mix"]
    found = found.reindex(found["total"].abs().sort_values(ascending=False, kind="stable").index)
    whole = [scale * each["numerator"].sum() / each["denominator"].sum() for each in both]
    st.markdown(plain(sentence(step, parent, whole, found) + _most(found, step, by)))
    lines = [_line(part, row, step, both, by) for part, row in found.head(SHOWN).iterrows()]
    rest = found.iloc[SHOWN:]
    if len(rest):
        lines.append(_sum_row(say("breakdown.rest", n=len(rest)), _blank(3), _sums(rest, step), step))
    ends = [*(tables.Cell(value_text(each, step.indicator)) for each in whole), *_blank(1)]
    lines.append(_sum_row(say("breakdown.sum"), ends, _sums(found, step), step))
    tables.draw(_heads(step), lines, phone="tiles")
    st.caption(say("breakdown.rule"))
    _differs(cells, step, parent, whole)


def _heads(step: Step) -> list[str | tables.Cell]:
    measure = _measured("", step)
    columns = [tables.Cell(say(f"breakdown.column.{each}"), notes=(measure,)) for each in _COLUMNS]
    return [
        say("breakdown.part"),
        period_short(step.before),
        period_short(step.after),
        say("breakdown.share"),
        *columns,
    ]


def _sum_row(name: str, cells: Sequence[tables.Cell], sums: Mapping[str, float], step: Step) -> tables.Row:
    return tables.Row(tables.Cell(name), (*cells, *_contributions(sums, step)))


def sentence(step: Step, parent: int, whole: Sequence[float], found: pd.DataFrame) -> str:
    """How the whole changed, how much of it the parts did themselves and how much their weights."""
    sums = _sums(found, step)
    first = say(
        f"breakdown.{_way(sums['total'])}", unit=data.name(parent), indicator=name_of(step.indicator),
        before=value_text(whole[0], step.indicator), after=value_text(whole[1], step.indicator),
        since=period_brief(step.before), until=period_brief(step.after), change=_size(sums["total"], step),
    )  # fmt: skip
    own = say(f"breakdown.effort_{_way(sums['effort'])}", change=_size(sums["effort"], step))
    return first + own + say(f"breakdown.mix_{_way(sums['mix'])}", change=_size(sums["mix"], step))


def _most(found: pd.DataFrame, step: Step, by: str) -> str:
    """The part with the largest effect, where there is one."""
    largest = found.iloc[0]
    if _way(float(display.rounded(largest["total"], step.indicator.decimals + 1))) == "same":
        return ""
    change = _measured(display.signed(float(largest["total"]), step.indicator.decimals + 1), step)
    return say("breakdown.most", part=_head(found.index[0], by).text, change=change)


def _sums(found: pd.DataFrame, step: Step) -> dict[str, float]:
    """The sums as printed; the larger of the two shares takes what rounding leaves, so that the printed numbers add
    up."""
    exact = found[list(_COLUMNS)].sum()
    sums = {name: float(display.rounded(float(exact[name]), step.indicator.decimals + 1)) for name in _COLUMNS}
    larger, other = sorted(("effort", "mix"), key=lambda name: -abs(exact[name]))
    return {**sums, larger: sums["total"] - sums[other]}


def _way(change: float) -> str:
    return "same" if abs(change) < _NOTHING else "rose" if change > 0 else "fell"


def _size(change: float, step: Step) -> str:
    return _measured(display.signed(change, step.indicator.decimals + 1).lstrip("+-"), step)


def _measured(digits: str, step: Step) -> str:
    return say("common.change.points", value=digits) if step.indicator.unit == "percent" else digits


def _line(part: object, row: pd.Series, step: Step, both: tuple[pd.DataFrame, pd.DataFrame], by: str) -> tables.Row:
    cells = [_value(each, part, step, code, by) for each, code in zip(both, (step.before, step.after), strict=True)]
    shares = [_share(each, part) for each in both]
    weight = tables.Cell(say("breakdown.weight", before=shares[0], after=shares[1]))
    head = _head(part, by)
    note = "" if row["presence"] == "both" else say(f"breakdown.{row['presence']}")
    return tables.Row(
        tables.Cell(head.text, head.href, (note,)),
        (*cells, weight, *_contributions(row[list(_COLUMNS)].to_dict(), step)),
    )


def _head(part: object, by: str) -> tables.Cell:
    if by == "area":
        return tables.Cell(area.name(str(part)))
    unit_id = int(str(part))
    return tables.Cell(data.name(unit_id), links.url("school", unit=unit_id))


def _value(held: pd.DataFrame, part: object, step: Step, code: str, by: str) -> tables.Cell:
    if part not in held.index or not held.at[part, "denominator"] > 0:
        return tables.Cell(DASH)
    row = held.loc[part]
    value = float(step.indicator.multiplier) * row["numerator"] / row["denominator"]
    where = {"unit": part, "indicator": step.indicator.code, "period": code, "dims": step.dims}
    href = None if by == "area" else links.url("evidence", **where)
    return tables.Cell(value_text(value, step.indicator), href, (fraction_text(row["numerator"], row["denominator"]),))


def _share(held: pd.DataFrame, part: object) -> str:
    if part not in held.index or not held.at[part, "denominator"] > 0:
        return DASH
    return f"{display.percent(100 * held.at[part, 'denominator'] / held['denominator'].sum(), 1)}%"


def _contributions(row: Mapping[str, float], step: Step) -> list[tables.Cell]:
    decimals = step.indicator.decimals + 1
    return [tables.Cell(display.signed(float(row[name]), decimals)) for name in _COLUMNS]


def _blank(n: int) -> list[tables.Cell]:
    return [tables.Cell("")] * n


def _differs(cells: pd.DataFrame, step: Step, parent: int, whole: Sequence[float]) -> None:
    """Say so where the unit's own value is not the quotient of its parts: then parts are missing or it was stated."""
    own = cells[(cells["org_unit_id"] == parent) & (cells["dims"] == step.dims)].set_index("period")["value"]
    for code, value in zip((step.before, step.after), whole, strict=True):
        stands = own.get(code)
        if stands is not None and pd.notna(stands) and abs(float(stands) - value) >= 0.5 * 10**-step.indicator.decimals:
            st.caption(say("breakdown.differs", period=period_text(code), unit=plain(data.name(parent)),
                           stands=value_text(float(stands), step.indicator), parts=value_text(value, step.indicator)))  # fmt: skip
