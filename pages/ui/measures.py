"""Values together with what they are measured against: the target that held then, or the value of the whole city."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import pandas as pd

from db.catalogue import Indicator, Target
from db.periods import parse_period
from pages.analysis import series
from pages.analysis.rag import judge
from pages.ui import data, filters

_ADDED = ["target", "comparator", "benchmark", "target_level", "whole"]
_BETTER = {"higher": ">=", "lower": "<="}


class Series(NamedTuple):
    """One series of the overview: an indicator as it is counted under its dims, these and its periods, oldest first."""

    indicator: Indicator
    dims: str
    periods: list[str]

    @property
    def latest(self) -> str:
        return self.periods[-1]


def _offered() -> list[Indicator]:
    return [each for each in data.catalogue().indicators if each.headline]


def headline_codes() -> list[str]:
    """The codes of the headline indicators."""
    return [each.code for each in _offered()]


def span_of(period: str) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """The first and last day of a period; None for what is no period."""
    try:
        held = parse_period(period)
    except ValueError:
        return None
    return pd.Timestamp(held.start), pd.Timestamp(held.end)


def headline_cells(root: int) -> pd.DataFrame:
    """Every value of the headline indicators for one unit, all dims and periods, in one query."""
    return data.cells(headline_codes(), [root])


def headlines(root: int) -> list[Series]:
    """The headline indicators the root has values for, in the catalogue's order, each in its main kind of
    period and with the dims shown when nobody chooses."""
    cells = headline_cells(root).rename(columns={"period_kind": "kind"})
    cells = cells[cells["value"].notna()]
    found = [_main_series(each, cells[cells["indicator"] == each.code]) for each in _offered()]
    return [each for each in found if each.periods]


def headlines_within(root: int, period: str) -> list[Series]:
    """`headlines` as they are told for one period: of each indicator the last value inside it, of the same kind of period
    where there is one, with its past before it. An indicator without a value inside is left out."""
    span = parse_period(period)
    cells = headline_cells(root).rename(columns={"period_kind": "kind"})
    first, last = pd.Timestamp(span.start), pd.Timestamp(span.end)
    cells = cells[cells["value"].notna() & (cells["period"] != "") & (cells["end_date"] <= last)]
    found = []
    for indicator in _offered():
        rows = cells[cells["indicator"] == indicator.code]
        inside = rows[rows["start_date"] >= first]
        if inside.empty:
            continue
        kind = span.kind if (inside["kind"] == span.kind).any() else series.main_kind(inside)
        dims = _main_series(indicator, inside[inside["kind"] == kind]).dims
        found.append(_series(indicator, dims, series.timeline(rows[rows["dims"] == dims], kind)))
    return found


def _main_series(indicator: Indicator, rows: pd.DataFrame) -> Series:
    by_width = rows.groupby("dims")["n_units"].max().sort_values(ascending=False)
    dims = filters.default_dims(indicator, [str(each) for each in by_width.index])
    return _series(indicator, dims, series.timeline(rows[rows["dims"] == dims]))


def _series(indicator: Indicator, dims: str, periods: list[str]) -> Series:
    return Series(indicator.under(dims), dims, periods)


def without_parts(chosen: Sequence[Series]) -> list[Series]:
    """The series less those that are a part of another one's rate, so that one fact is not told twice."""
    parts = {part for each in chosen for part in (each.indicator.numerator, each.indicator.denominator)}
    return [each for each in chosen if each.indicator.code not in parts]


def of_series(cells: pd.DataFrame, chosen: Sequence[Series], *, latest: bool = False) -> pd.DataFrame:
    """The rows of a frame of cells that belong to the given series (`latest`: to their youngest period)."""
    wanted = {
        (each.indicator.code, each.dims, code)
        for each in chosen
        for code in (each.periods[-1:] if latest else each.periods)
    }
    keys = zip(cells["indicator"], cells["dims"], cells["period"], strict=True)
    return cells[
        pd.Series([key in wanted for key in keys], index=cells.index, dtype=bool)
    ]  # an empty list would pick columns


def load(chosen: Sequence[Series], unit_ids: Sequence[int], *, latest: bool = False) -> pd.DataFrame:
    """The cells of some series for some units, in one query."""
    if not chosen or not unit_ids:
        return data.cells([], [])
    codes = [each.indicator.code for each in chosen]
    periods = sorted({each.latest for each in chosen}) if latest else None
    dims = sorted({each.dims for each in chosen})
    return of_series(data.cells(codes, unit_ids, periods, dims), chosen, latest=latest)


def measured(cells: pd.DataFrame, city: pd.DataFrame | None = None, *, first: str = "target") -> pd.DataFrame:
    """Cells with unit, target, comparator, benchmark ("target", "city" or ""), the target's level and the city's
    value (`whole`): the target that held on the last day of the period for that kind of unit; without one, and with `city` given (cells of the root), the
    city's value of the same indicator, period and dims where the indicator has a good direction. With `first`
    "city" it is the other way round."""
    out = cells.copy()
    data.meet(out["org_unit_id"].unique())
    seen = ((int(each), data.find(each)) for each in out["org_unit_id"].unique())
    kinds = {unit_id: "other" if one is None else one.kind for unit_id, one in seen}
    indicators = {each.code: each for each in data.catalogue().indicators}

    @cache
    def find(code: str, dims: str, on: pd.Timestamp, kind: str) -> Target | None:
        return None if pd.isna(on) else data.target(code, dims, on.date(), kind)

    @cache
    def unit(code: str, dims: str) -> str:
        return indicators[code].under(dims).unit

    whole = _city_values(city)
    rows = []
    for unit_id, code, dims, end, period in out[["org_unit_id", "indicator", "dims", "end_date", "period"]].itertuples(
        index=False
    ):
        target = find(code, dims, pd.Timestamp(end), kinds[unit_id])
        of_city = whole.get((code, period, dims))
        found = _against_city(indicators[code], of_city)
        if target is not None and (first == "target" or not found[2]):
            found = (float(target.value), target.comparator, "target", target.applies_to)
        rows.append((unit(code, dims), *found, of_city))
    out[["unit", *_ADDED]] = pd.DataFrame(rows, columns=["unit", *_ADDED], index=out.index)
    out[["target", "whole"]] = out[["target", "whole"]].astype(float)
    return out


def _city_values(city: pd.DataFrame | None) -> dict[tuple[str, str, str], float]:
    if city is None:
        return {}
    keys = zip(city["indicator"], city["period"], city["dims"], strict=True)
    return {key: float(value) for key, value in zip(keys, city["value"], strict=True) if pd.notna(value)}


def _against_city(indicator: Indicator, value: float | None) -> tuple[float | None, str | None, str, str]:
    comparator = _BETTER.get(indicator.direction)
    if value is None or comparator is None or indicator.unit != "percent":
        return None, None, "", ""
    return value, comparator, "city", ""


def judged(cells: pd.DataFrame, city: pd.DataFrame | None = None, *, first: str = "target") -> pd.DataFrame:
    """`measured` with interval and state (see analysis.rag.judge)."""
    return judge(measured(cells, city, first=first))


def yardstick(indicator: Indicator, by_target: pd.DataFrame) -> str:
    """What an indicator is best measured against, "target" or "city": the city where the target tells nothing apart
    (0 or 100 %, or one state everywhere)."""
    compared = by_target[by_target["state"] != "not_compared"]
    extreme = set(compared.loc[compared["benchmark"] == "target", "target"]) <= {0.0, 100.0}
    alike = extreme or compared["state"].nunique() < 2
    return "city" if alike and has_good_side(indicator) else "target"


def has_good_side(indicator: Indicator) -> bool:
    """Whether units can be measured against the city at all: a proportion with a good direction."""
    return indicator.unit == "percent" and indicator.direction in _BETTER


def against(cells: pd.DataFrame, city: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """`judged` by what tells the units of one indicator apart best (see `yardstick`)."""
    by_target = judged(cells, city)
    return by_target if yardstick(indicator, by_target) == "target" else judged(cells, city, first="city")
