"""How good the units are and where they are going, in one of 25 cells each: names and words, colour only beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import pandas as pd
import streamlit as st

from pages.analysis import display, grid, series
from pages.ui import board, data, filters, links, measures, tables
from pages.ui.text import coded, join, listed, name_of, period_brief, say, title_of

LEVELS = ("KG", "PRI", "JUN", "CE", "SEN", "VOC", "SPE")  # phases of schools, each placed among its own
NAMED = 6  # units named in a cell
NOT_PLACED = 12  # units named below
_BETTER = (3, 4)
STYLE = """<style>
.grid.placed table { table-layout: fixed; min-width: 46rem; }
.grid.placed td, .grid.placed th { white-space: normal; }
.placed td b { display: block; font-weight: 600; font-size: .78rem; }
.placed .red { background: color-mix(in srgb, #c2410c 30%, transparent); }
.placed .orange { background: color-mix(in srgb, #e07a1f 22%, transparent); }
.placed .yellow { background: color-mix(in srgb, #d9a400 16%, transparent); }
.placed .green { background: color-mix(in srgb, #2a7fd0 12%, transparent); }
.placed .blue { background: color-mix(in srgb, #2a7fd0 26%, transparent); }
</style>"""


class Placed(NamedTuple):
    """The units of one kind: value, change, denominator, row, column, colour, by unit id; the cut points and the period
    that they come from; the period placed."""

    units: pd.DataFrame
    cuts: grid.Cuts
    base: str
    period: str


def draw(root: int, whole: board.City, kind: str) -> None:
    """The choice of the indicator (and, of schools, the phase), the grid and what it leaves out."""
    offered = [each for each in measures.without_parts(whole.chosen) if placeable(each)]
    if not offered:
        st.caption(say("grid.nothing"))
        return
    by_code = {each.indicator.code: each for each in offered}
    left, right = st.columns(2)
    with left:
        code = filters.choose("grid", say("common.pick.indicator"), list(by_code), missed(whole, by_code),
                              lambda each: title_of(by_code[each].indicator, by_code[each].dims))  # fmt: skip
    chosen = by_code[str(code)]
    level = ""
    levels = levels_of(root) if kind == "school" else []
    if levels:
        with right:
            level = (
                filters.choose(
                    "phase", say("grid.level"), levels, levels[0], lambda each: coded("dim_value.level", each)
                )
                or ""
            )
    found = placed(root, chosen, kind, level)
    if found is None:
        st.caption(say("grid.too_few", kind=coded("kind", kind), n=grid.FEWEST_UNITS))
        return
    st.html(grid_html(found, chosen))
    st.caption(rule_words(found, chosen))
    left_out(found)


def placeable(shown: measures.Series) -> bool:
    """Whether an indicator is a rate of which more, or less, is good."""
    return shown.indicator.unit == "percent" and shown.indicator.direction in ("higher", "lower")


def missed(whole: board.City, offered: dict[str, measures.Series]) -> str:
    """The indicator shown at first: one that the city misses and that changed beyond chance, else the first one missed."""
    latest = measures.of_series(whole.judged, list(offered.values()), latest=True)
    codes = [each for each in offered if each in set(latest.loc[latest["state"] == "missed", "indicator"])]
    courses = {each.indicator.code: course for each, course in zip(whole.chosen, whole.courses, strict=True)}
    worse = [each for each in codes if courses.get(each, "").endswith("worse")]
    return [*worse, *codes, *offered][0]


def levels_of(root: int) -> list[str]:
    """The phases of which there are enough schools."""
    counts = Counter(data.unit(each).level for each in data.below(root, "school"))
    return [each for each in LEVELS if counts[each] >= grid.FEWEST_UNITS]


def placed(root: int, shown: measures.Series, kind: str, level: str) -> Placed | None:
    """The units of a kind (and phase) in their cells; None where there are too few of them."""
    return data.kept(
        "placed", lambda: _placed(root, shown, kind, level), root, shown.indicator.code, shown.dims, kind, level
    )


def _placed(root: int, shown: measures.Series, kind: str, level: str) -> Placed | None:
    units = data.below(root, kind)
    if level:
        units = [each for each in units if data.unit(each).level == level]
    cells = measures.load([shown], units)
    history = with_change(cells)
    found = grid.fixed_cuts(history, shown.periods, shown.indicator.direction, shown.indicator.decimals)  # type: ignore[arg-type]
    if found is None:
        return None
    cuts, base = found
    now = history[history["period"] == shown.latest].drop_duplicates("org_unit_id").set_index("org_unit_id")
    now = now.reindex(units)[["value", "change", "denominator"]].astype(float)
    return Placed(now.join(grid.place(now, cuts, shown.indicator.decimals)), cuts, base, shown.latest)


def with_change(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells with their change against the comparable period a year earlier."""
    held = dict(zip(zip(cells["org_unit_id"], cells["period"], strict=True), cells["value"].astype(float), strict=True))
    before = [
        held.get((unit, series.year_before(code) or ""), float("nan"))
        for unit, code in zip(cells["org_unit_id"], cells["period"], strict=True)
    ]
    return cells.assign(change=cells["value"].astype(float) - pd.Series(before, index=cells.index, dtype=float))


def grid_html(found: Placed, shown: measures.Series) -> str:
    """The 25 cells, the best row first; each says its word and the units in it."""
    heads = "".join(
        f'<th scope="col">{escape(say(f"grid.change.{n}"))}<small>{escape(change_bounds(found.cuts, n, shown.indicator.decimals))}</small></th>'
        for n in range(5)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(say(f"grid.status.{n}"))}'
        f"<small>{escape(status_bounds(found.cuts, n, shown.indicator))}</small></th>"
        + "".join(_cell(found, shown, n, column) for column in range(5))
        + "</tr>"
        for n in reversed(range(5))
    )
    caption = say("grid.caption", indicator=title_of(shown.indicator, shown.dims), period=period_brief(found.period))
    return (
        f'{tables.STYLE}{STYLE}<div class="grid placed" tabindex="0"><table><caption>{escape(caption)}</caption>'
        f'<thead><tr><th scope="col">{escape(say("grid.corner"))}</th>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _cell(found: Placed, shown: measures.Series, row: int, column: int) -> str:
    colour = grid.COLOURS[row][column]
    here = found.units[(found.units["row"] == row) & (found.units["column"] == column)]
    here = here.sort_values("value", ascending=shown.indicator.direction == "higher")
    word = escape(say(f"grid.colour.{colour}"))
    names = say("common.list_separator").join(_link(int(unit_id), shown) for unit_id in here.index[:NAMED])
    if len(here) > NAMED:
        names = say("grid.units", names=names, n=len(here))
    return f'<td class="{colour}"><b>{word}</b>{names}</td>'


def _link(unit_id: int, shown: measures.Series) -> str:
    address = links.url(
        "trends", units=[unit_id, *data.above(unit_id)[:1]], indicator=shown.indicator.code, dims=shown.dims
    )
    return f'<a href="{escape(address)}">{escape(data.name(unit_id))}</a>'


def status_bounds(cuts: grid.Cuts, band: int, indicator: data.Indicator) -> str:
    """The values of a band of status, 0 (worst) to 4 (best)."""

    def bound(n: int) -> str:
        return say("common.unit.percent", value=display.number(cuts.status[n], indicator.decimals))

    n = band if cuts.polarity == "higher" else 4 - band
    low = None if n == 0 else bound(n - 1)
    high = None if n == 4 else bound(n)
    if low is None:
        return say("grid.up_to", high=high)
    if low == high:
        return say("grid.tied")
    return say("grid.above", low=low) if high is None else say("grid.between", low=low, high=high)


def change_bounds(cuts: grid.Cuts, column: int, decimals: int) -> str:
    """The changes of a column, 0 (much worse) to 4 (much better), in percentage points."""
    small, large = (display.number(each, decimals) for each in (cuts.small, cuts.large))
    if column == 2:
        return say("grid.flat", small=small)
    way = "rose" if (column in _BETTER) == (cuts.polarity == "higher") else "fell"
    return say(f"grid.{way}_large" if column in (0, 4) else f"grid.{way}", small=small, large=large)


def rule_words(found: Placed, shown: measures.Series) -> str:
    """Where the bounds come from, and that they stay."""
    return say("grid.rule", period=period_brief(found.base), indicator=name_of(shown.indicator), fewest=grid.FEWEST,
               coarse=grid.COARSE)  # fmt: skip


def left_out(found: Placed) -> None:
    """The units without a place: no number now or a year ago, or too few people."""
    rows = found.units[found.units["row"] < 0]
    if rows.empty:
        return
    small = rows["value"].notna() & rows["change"].notna()
    for key, ids in (("small", rows.index[small]), ("missing", rows.index[~small])):
        if len(ids):
            st.caption(say(f"grid.{key}", names=names_of(ids), n=len(ids)))


def names_of(ids: Sequence[int]) -> str:
    """Names of units, of many the first ones."""
    names = [data.name(int(each)) for each in ids[:NOT_PLACED]]
    text = listed(names)
    return text if len(ids) <= NOT_PLACED else join([text, "…"])
