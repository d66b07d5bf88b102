"""Who has reported, told by district: where there are too many schools to name, see wide.MOST."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.analysis import display, series
from pages.ui import cards, data, filters, links, measures, wide
from pages.ui.text import coded, join, name_of, period_text, say


def counts(root: int, chosen: Sequence[measures.Series]) -> pd.DataFrame:
    """How many schools of each district stand behind an indicator in its youngest period and a year before:
    `indicator`, `period`, `org_unit_id`, `now`, `before` and `fewer` (those of the year before that are not there yet)."""
    districts = wide.districts(root)
    held = measures.load(chosen, districts)
    by_cell = held.set_index(["indicator", "dims", "period", "org_unit_id"])["n_units"].to_dict()
    rows = [
        {
            "indicator": each.indicator.code, "period": each.latest, "org_unit_id": unit_id,
            "now": by_cell.get((each.indicator.code, each.dims, each.latest, unit_id), 0),
            "before": by_cell.get((each.indicator.code, each.dims, series.year_before(each.latest) or "", unit_id), 0),
        }
        for each in chosen
        for unit_id in districts
    ]  # fmt: skip
    out = pd.DataFrame(rows, columns=["indicator", "period", "org_unit_id", "now", "before"])
    return out.assign(fewer=(out["before"] - out["now"]).clip(lower=0))


def draw(root: int, chosen: Sequence[measures.Series]) -> None:
    """One indicator, district by district; those that lack most first."""
    st.header(say("overview.reporting.title"), anchor="reporting", help=say("overview.reporting.by_district_help"))
    rows = data.kept("district_counts", lambda: counts(root, chosen), root)
    if rows.empty:
        cards.nothing_found()
        return
    lacking = rows.groupby("indicator", sort=False)["fewer"].sum()
    words = {str(code): _words(str(code), int(n)) for code, n in lacking.items()}
    code = filters.choose(
        "missing", say("common.pick.indicator"), list(words), str(lacking.idxmax()), words.__getitem__
    )
    own = rows[rows["indicator"] == code].sort_values("fewer", ascending=False, kind="stable")
    if own.empty:
        return
    summed = {each: display.number(int(own[each].sum())) for each in ("now", "before", "fewer")}
    st.markdown(say("overview.reporting.by_district", period=period_text(str(own["period"].iloc[0])), **summed))
    link = st.column_config.LinkColumn(display_text=say("common.link.unit"))
    cards.table(
        _frame(own, str(code)), key="district_counts", alt=say("overview.reporting.title"),
        columns={say("common.link.unit"): link},
    )  # fmt: skip
    st.caption(say("overview.reporting.too_many", n=display.number(wide.MOST)))


def _words(code: str, fewer: int) -> str:
    indicator = data.indicator(code)
    state = say("overview.reporting.late", n=fewer) if fewer else say("overview.reporting.complete")
    return join([coded("domain", indicator.domain), name_of(indicator), state])


def _frame(own: pd.DataFrame, code: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            say("common.kind.county"): [data.name(int(each)) for each in own["org_unit_id"]],
            say("overview.reporting.now"): own["now"].tolist(),
            say("overview.reporting.before"): own["before"].tolist(),
            say("overview.reporting.fewer"): own["fewer"].tolist(),
            say("common.link.unit"): [
                links.url("districts", within=int(each), indicator=code) for each in own["org_unit_id"]
            ],
        }
    )
