"""Urban, town and rural schools of a unit: their pooled values over the years, and what tells them apart."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from db.catalogue import Indicator
from pages.analysis import difference, split
from pages.analysis.rag import judge
from pages.charts.trend import TrendWords, trend
from pages.ui import cards, data, links, pictures, tables
from pages.ui.text import (
    COUNTED,
    DASH,
    change_text,
    coded,
    fraction_text,
    is_stated,
    join,
    listed,
    name_of,
    period_short,
    period_text,
    plain,
    say,
    title_of,
    value_text,
)

AREAS = ("urban", "town", "rural")
_TOTAL = "total"


def groups_of(schools: Sequence[int]) -> pd.Series:
    """The area of each school by id, the empty text where the register does not say."""
    areas = pd.Series([data.unit(each).area_type for each in schools], index=list(schools), dtype="str")
    return areas.where(areas.isin(AREAS), "")


def table_of(cells: pd.DataFrame, schools: Sequence[int], indicator: Indicator) -> pd.DataFrame:
    """Pooled values by area and of all schools (group "total"), judged for their intervals: columns of split.pooled,
    lower, upper, text."""
    counted = indicator.unit in COUNTED
    multiplier = None if counted else float(indicator.multiplier)
    areas = groups_of(schools)
    parts = [split.pooled(cells, each, multiplier) for each in (areas, areas.map(lambda _: _TOTAL))]
    found = pd.concat(parts, ignore_index=True).assign(unit=indicator.unit, target=float("nan"), comparator=None)
    found["text"] = [value_text(each, indicator) for each in found["value"]]
    return judge(found)


def name(group: str) -> str:
    """The word for an area, for all schools and for those of unknown area."""
    if group == _TOTAL:
        return say("area.total")
    return coded("dim_value.area", group) if group else say("area.unknown")


def draw(
    cells: pd.DataFrame, schools: Sequence[int], indicator: Indicator, codes: Sequence[str], code: str
) -> pictures.Picture | None:
    """The section: what tells the areas apart in words, the table, the years, the schools that stand behind it. Returns
    the chart of the years, None where there is none."""
    found = table_of(cells, schools, indicator)
    found = found[found["period"].isin(list(codes))]
    held = [each for each in (*AREAS, "") if each in set(found["group"])]
    st.header(say("area.title"), anchor=False)
    if len(held) < 2:
        st.caption(say("area.one"))
        return None
    for sentence in sentences(found[found["period"] == code], indicator, code):
        st.markdown(sentence)
    rows = {(row["group"], row["period"]): row for row in found.to_dict("records")}
    lines = [
        tables.Row(tables.Cell(name(group)), tuple(_cell(rows.get((group, each))) for each in codes))
        for group in [*held, _TOTAL]
    ]
    tables.draw([say("area.head"), *map(period_short, codes)], lines, phone="tiles")
    st.caption(say("area.rule"))
    figure = _years(found, held, indicator, codes)
    now = cells[(cells["period"] == code) & cells["value"].notna()]
    cards.folded(say("area.schools", n=len(now)), "open_area", lambda: _schools(now, schools, indicator))
    if figure is None:
        return None
    shown = cells[cells["period"].isin(list(codes))]
    title = join([title_of(indicator, str(cells["dims"].iloc[0])), say("area.title")])
    return pictures.of_figure(lambda: figure, title, say(f"common.axis.{indicator.unit}"), shown)


def _cell(row: dict[str, object] | None) -> tables.Cell:
    if row is None or pd.isna(row["value"]):
        return tables.Cell(DASH)
    left_out = say("area.left_out", n=row["left_out"]) if row["left_out"] else ""
    counts = fraction_text(row["numerator"], row["denominator"])
    return tables.Cell(str(row["text"]), None, (counts, say("area.n", n=row["n_units"]), left_out))


def sentences(now: pd.DataFrame, indicator: Indicator, code: str) -> list[str]:
    """The values of one period in a sentence, and whether the widest difference is beyond chance."""
    rows = now[now["group"].isin(AREAS) & now["value"].notna()].copy()
    rows = rows.sort_values("group", key=lambda each: each.map({area: n for n, area in enumerate(AREAS)}))
    if len(rows) < 2:
        return []
    values = [say("area.value", area=name(row.group), value=row.text) for row in rows.itertuples()]
    said = say("area.said", period=period_text(code), values=listed(values))
    if indicator.unit in COUNTED:
        return [plain(said)]
    widest = difference.pairs(rows.assign(org_unit_id=rows["group"])).iloc[0]
    key = (
        "area.open" if pd.isna(widest["beyond_chance"]) else "area.beyond" if widest["beyond_chance"] else "area.within"
    )
    change = change_text(widest["difference"], indicator).lstrip("+")
    more = say(key, one=name(widest["higher"]), other=name(widest["lower_unit"]), change=change)
    return [plain(said + more)]


def _years(found: pd.DataFrame, held: Sequence[str], indicator: Indicator, codes: Sequence[str]) -> go.Figure | None:
    """The areas over the years on one scale."""
    if len(codes) < 2:
        return None
    numbers = {group: n for n, group in enumerate([*held, _TOTAL])}
    frame = found[found["group"].isin(numbers)].assign(method="computed")
    frame["org_unit_id"] = frame["group"].map(numbers)
    words = TrendWords(
        say(f"common.axis.{indicator.unit}"), say("trends.target"), {each: period_short(each) for each in codes},
        {n: name(group) for group, n in numbers.items()}, hollow=is_stated(indicator, "reported"),
    )  # fmt: skip
    alt = say("area.alt", indicator=name_of(indicator), areas=join(name(each) for each in held))
    figure = trend(frame, words, interval=bool(frame["lower"].notna().any()))
    cards.chart(figure, key="area_years", alt=alt)
    return figure


def _schools(now: pd.DataFrame, schools: Sequence[int], indicator: Indicator) -> None:
    areas, order = groups_of(schools), [*AREAS, ""]
    rows = sorted(now.to_dict("records"), key=lambda row: (order.index(areas[row["org_unit_id"]]), row["value"]))
    lines = [
        tables.Row(
            tables.Cell(data.name(row["org_unit_id"]), links.url("school", unit=row["org_unit_id"])),
            (
                tables.Cell(name(areas[row["org_unit_id"]])),
                tables.Cell(value_text(row["value"], indicator), links.url("evidence", unit=row["org_unit_id"],
                            indicator=indicator.code, period=row["period"], dims=row["dims"])),
                tables.Cell(fraction_text(row["numerator"], row["denominator"]) or DASH),
            ),
        )
        for row in rows
    ]  # fmt: skip
    heads = [say(f"common.column.{each}") for each in ("unit", "area", "value", "counts")]
    tables.draw(heads, lines)
