"""Schools taken together by area: sums of counts, what was left out, and the ends of a group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pages.analysis.split import COLUMNS, ends, pooled

GROUPS = pd.Series({1: "urban", 2: "urban", 3: "rural", 9: "rural"})


def cells(*rows: tuple[int, str, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["org_unit_id", "period", "value", "numerator", "denominator"])


def test_the_rate_of_a_group_is_the_quotient_of_sums() -> None:
    found = pooled(
        cells((1, "SY2025", 90, 90, 100), (2, "SY2025", 50, 150, 300), (3, "SY2025", 80, 8, 10)), GROUPS, 100
    )
    assert found.columns.tolist() == COLUMNS
    rural, urban = found.to_dict("records")
    assert (urban["group"], urban["value"], urban["numerator"], urban["denominator"]) == ("urban", 60.0, 240, 400)
    assert (rural["group"], rural["value"], rural["n_units"]) == ("rural", 80.0, 1)


def test_a_rate_without_counts_is_left_out_and_counted() -> None:
    found = pooled(cells((1, "SY2025", 90, 90, 100), (2, "SY2025", 50, np.nan, np.nan)), GROUPS, 100)
    assert found.loc[0, ["value", "n_units", "left_out"]].tolist() == [90.0, 1, 1]
    alone = pooled(cells((2, "SY2025", 50, np.nan, np.nan)), GROUPS, 100)
    assert np.isnan(alone.loc[0, "value"])
    assert alone.loc[0, "left_out"] == 1


def test_counts_add_up_and_units_of_no_group_stay_out() -> None:
    rows = cells(
        (1, "SY2025", 900, np.nan, np.nan), (2, "SY2025", 50, np.nan, np.nan), (7, "SY2025", 5, np.nan, np.nan)
    )
    found = pooled(rows, GROUPS, None)
    assert found.loc[0, ["value", "n_units", "left_out"]].tolist() == [950, 2, 0]
    assert np.isnan(found.loc[0, "denominator"])


def test_nobody_counted_gives_no_rate() -> None:
    found = pooled(cells((3, "SY2025", 0.0, 0, 0)), GROUPS, 100)
    assert np.isnan(found.loc[0, "value"])
    assert pooled(cells(), GROUPS, 100).columns.tolist() == COLUMNS


def test_the_ends_are_taken_among_units_of_some_size() -> None:
    rows = cells((1, "SY2025", 90, 90, 100), (2, "SY2025", 50, 150, 300), (3, "SY2025", 100, 8, 8))
    assert ends(rows, 10)["org_unit_id"].tolist() == [1, 2]
    assert ends(rows.head(1), 10).empty
