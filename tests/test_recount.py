"""Every area's figure is recounted in pandas from the facts of the sample city, without the code of the rollups."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
import sqlalchemy as sa

from db import queries
from db.catalogue import Indicator, load_catalogue
from etl import samples

pytestmark = pytest.mark.slow

FACTS = """
select o.org_unit_id, u.path, u.kind, i.code as indicator, p.code as period, d.key as dims, o.source_kind,
       o.value, o.numerator, o.denominator, o.qualifier
from observation o
join org_unit u on u.id = o.org_unit_id
join indicator i on i.id = o.indicator_id
join period p on p.id = o.period_id
join dim_set d on d.id = o.dim_set_id
where o.valid_to is null and o.ordinal = 0 and o.value is not null and u.status in ('active', 'closed')
"""
CELL = ["org_unit_id", "indicator", "period", "dims"]


@pytest.fixture(scope="module")
def facts(sample_engine: sa.Engine) -> pd.DataFrame:
    """One row per cell of a school; a sheet outranks a report."""
    frame = pd.read_sql(sa.text(FACTS), sample_engine)
    frame = frame[frame["kind"] == "school"].sort_values("source_kind", ascending=False)  # sheet before report
    return frame.drop_duplicates(CELL)


@pytest.fixture(scope="module")
def areas(sample_engine: sa.Engine) -> pd.DataFrame:
    with sample_engine.connect() as connection:
        units = queries.org_units(connection)
    return units[units["kind"].isin(["city", "county", "town"]) & (units["status"] == "active")]


def cells_of(engine: sa.Engine, indicator: str, areas: pd.DataFrame) -> pd.DataFrame:
    with engine.connect() as connection:
        found = queries.cells(connection, indicators=[indicator], org_unit_ids=areas["org_unit_id"].tolist())
    return found.set_index(["org_unit_id", "period", "dims"]).sort_index()


def under(facts: pd.DataFrame, area: pd.Series) -> pd.DataFrame:
    return facts[facts["path"].str.startswith(area["path"])]


def school_pairs(facts: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Numerator and denominator of each school: printed with the rate, else its two counts."""
    rates = facts[facts["indicator"] == indicator.code].set_index(["org_unit_id", "period", "dims"])
    pairs = rates[["numerator", "denominator"]]
    if indicator.numerator and indicator.denominator:
        counts = facts[facts["indicator"].isin([indicator.numerator, indicator.denominator])]
        wide = counts.pivot(index=["org_unit_id", "period", "dims"], columns="indicator", values="value")
        if {indicator.numerator, indicator.denominator} <= set(wide.columns):
            wide = wide[[indicator.numerator, indicator.denominator]].dropna()
            wide.columns = pd.Index(["numerator", "denominator"])
            pairs = pairs.combine_first(wide)
    return pairs.dropna().reset_index()


RATES = [i.code for i in load_catalogue().indicators if i.aggregation == "ratio"]
COUNTS = [i.code for i in load_catalogue().indicators if i.aggregation in ("stock", "flow")]


def test_an_area_s_rate_is_the_quotient_of_summed_numerators_and_denominators(
    sample_engine: sa.Engine, facts: pd.DataFrame, areas: pd.DataFrame
) -> None:
    paths = facts.drop_duplicates("org_unit_id").set_index("org_unit_id")["path"]
    compared = 0
    for code in RATES:
        indicator = load_catalogue().indicator(code)
        pairs = school_pairs(facts, indicator)
        pairs = pairs[pairs["denominator"] > 0].assign(path=lambda frame: frame["org_unit_id"].map(paths))
        shown = cells_of(sample_engine, code, areas)
        for _, area in areas.iterrows():
            sums = under(pairs, area).groupby(["period", "dims"])[["numerator", "denominator"]].sum()
            for (period, dims), row in sums.iterrows():
                expected = float(indicator.multiplier) * row["numerator"] / row["denominator"]
                cell = shown.loc[(area["org_unit_id"], period, dims)]
                assert cell["value"] == pytest.approx(expected, abs=1e-9), (code, area["name"], period, dims)
                assert (cell["numerator"], cell["denominator"]) == (row["numerator"], row["denominator"])
                assert cell["method"] == "computed"
                compared += 1
    assert compared > 5_000


def test_an_area_s_count_is_the_sum_of_its_schools_and_no_total_row_is_in_it(
    sample_engine: sa.Engine, facts: pd.DataFrame, areas: pd.DataFrame
) -> None:
    counts = facts[facts["qualifier"] != "range"]
    compared = 0
    for code in COUNTS:
        mine = counts[counts["indicator"] == code]
        if mine.empty:
            continue
        shown = cells_of(sample_engine, code, areas)
        for _, area in areas.iterrows():
            for (period, dims), total in under(mine, area).groupby(["period", "dims"])["value"].sum().items():
                cell = shown.loc[(area["org_unit_id"], period, dims)]
                assert cell["value"] == total, (code, area["name"], period, dims)
                compared += 1
    assert compared > 5_000


def test_a_mean_of_rates_would_have_been_another_number(facts: pd.DataFrame) -> None:
    """The recount can tell: in this data the quotient of sums and the mean of quotients differ."""
    pairs = school_pairs(facts, load_catalogue().indicator("vac_cert_check_rate"))
    autumn = pairs[pairs["period"] == "SY2026-T1"]
    quotient = 100 * autumn["numerator"].sum() / autumn["denominator"].sum()
    mean = (100 * autumn["numerator"] / autumn["denominator"]).mean()
    assert abs(quotient - mean) > 0.05


def test_levels_together_are_the_sum_of_the_levels_of_each_school(
    sample_engine: sa.Engine, facts: pd.DataFrame, areas: pd.DataFrame
) -> None:
    """CE = PRI + JUN and ALL = every level, counted school by school."""
    mine = facts[(facts["indicator"] == "enrollment") & facts["dims"].str.fullmatch(r"level=[A-Z]+")]
    shown = cells_of(sample_engine, "enrollment", areas)
    basic = mine[mine["dims"].isin(["level=PRI", "level=JUN"])]
    for _, area in areas[areas["kind"] == "county"].iterrows():
        for wanted, part in (("level=CE", basic), ("level=ALL", mine)):
            for period, total in under(part, area).groupby("period")["value"].sum().items():
                assert shown.loc[(area["org_unit_id"], period, wanted)]["value"] == total


def test_reports_and_sheets_contradict_each_other_in_the_three_places_that_the_sample_says(
    sample_engine: sa.Engine,
) -> None:
    with sample_engine.connect() as connection:
        found = queries.discrepancies(connection)
    said = {(row.org_unit_name, row.indicator, row.told_value) for row in found.itertuples()}
    assert said == {
        ("鹤溪县", "enrollment", 4264.0),
        ("峤屏镇", "enrollment", 734.0),
        ("砚湖区", "open_kitchen_coverage", 100.0),
    }


def test_every_unit_of_the_sample_is_found_in_the_directory(sample_engine: sa.Engine) -> None:
    with sample_engine.connect() as connection:
        units = queries.org_units(connection)
    assert set(units["status"]) <= {"active", "closed"}


def test_the_store_of_the_sample_verifies(sample_dir: object) -> None:
    from tests.conftest import run_module

    done = run_module("db", "verify", data_dir=sample_dir)  # type: ignore[arg-type]
    assert done.returncode == 0, done.stdout + done.stderr


def test_comparisons_of_the_reports_come_out_as_the_sample_says(sample_engine: sa.Engine) -> None:
    with sample_engine.connect() as connection:
        found = queries.claims(connection)
    told = samples.build().comparisons
    assert Counter(found["result"]) == Counter(each.result for each in told)
    assert set(found["result"]) == {"consistent", "contradicted", "not_checkable"}
    wrong = found[found["result"] == "contradicted"]
    assert set(wrong["file_name"]) == {each.report for each in told if each.result == "contradicted"}
