"""Two units differ beyond chance only when their intervals do not touch."""

from __future__ import annotations

import pandas as pd
import pytest

from pages.analysis.difference import COLUMNS, pairs, ranks
from pages.analysis.intervals import wilson


def frame(*rows: tuple[int, float, float]) -> pd.DataFrame:
    counts = pd.DataFrame(rows, columns=["org_unit_id", "x", "n"])
    lower, upper = wilson(counts["x"], counts["n"])
    return counts.assign(value=100 * counts["x"] / counts["n"], lower=100 * lower, upper=100 * upper)


@pytest.mark.parametrize(
    ("one", "other", "beyond"),
    [((1, 285, 300), (2, 240, 300), True), ((1, 38, 40), (2, 36, 40), False), ((1, 40, 40), (2, 0, 40), True)],
)
def test_disjoint_intervals_are_beyond_chance(one: tuple, other: tuple, beyond: bool) -> None:
    found = pairs(frame(one, other))
    assert found.to_dict("records")[0]["beyond_chance"] == beyond
    assert (found.loc[0, "higher"], found.loc[0, "lower_unit"]) == (1, 2)


def test_every_pair_the_widest_first() -> None:
    found = pairs(frame((7, 90, 100), (8, 70, 100), (9, 80, 100)))
    assert list(found["difference"].round(6)) == [20, 10, 10]
    assert (found.loc[0, "higher"], found.loc[0, "lower_unit"]) == (7, 8)


def test_a_unit_without_interval_is_not_judged_and_one_without_value_has_no_pair() -> None:
    rows = frame((1, 90, 100), (2, 50, 100), (3, 10, 100))
    rows.loc[1, ["lower", "upper"]] = float("nan")
    rows.loc[2, "value"] = float("nan")
    found = pairs(rows)
    assert len(found) == 1
    assert found["beyond_chance"].isna().all()


def test_nothing_to_compare_gives_the_same_columns() -> None:
    found = pairs(frame())
    assert list(found.columns) == COLUMNS
    assert found.empty


@pytest.mark.parametrize(
    ("rows", "ascending", "found"),
    [
        ([(1, 285, 300), (2, 240, 300), (3, 282, 300)], False, [(1, 1, 2), (3, 3, 3), (2, 1, 2)]),
        ([(1, 285, 300), (2, 240, 300), (3, 282, 300)], True, [(3, 2, 3), (1, 1, 1), (2, 2, 3)]),
        ([(1, 9, 10), (2, 9, 10)], False, [(1, 1, 2), (1, 1, 2)]),
    ],
)
def test_a_rank_says_which_ranks_chance_leaves_open(rows: list, ascending: bool, found: list) -> None:
    assert [tuple(row) for row in ranks(frame(*rows), ascending=ascending).itertuples(index=False)] == found


def test_a_value_without_interval_has_a_rank_and_no_range() -> None:
    rows = frame((1, 90, 100), (2, 50, 100), (3, 10, 100))
    rows.loc[1, ["lower", "upper"]] = float("nan")
    rows.loc[2, "value"] = float("nan")
    found = ranks(rows, ascending=False)
    assert found["rank"].tolist()[:2] == [1, 2]
    assert found["best"].isna().tolist() == [False, True, True]
    assert pd.isna(found.loc[2, "rank"])
