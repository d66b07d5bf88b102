"""Intervals, states, runs and the attention list, against numbers worked out by hand or published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pages.analysis import attention, display, series
from pages.analysis.intervals import Z95, Z998, wilson
from pages.analysis.rag import judge, rag


@pytest.mark.parametrize(
    ("x", "n", "z", "lower", "upper"),
    [
        (285, 300, Z95, 91.92, 96.95),
        (285, 300, Z998, 89.54, 97.68),
        (38, 40, Z95, 83.50, 98.62),
        (40, 40, Z95, 91.24, 100),
        (0, 40, Z95, 0, 8.76),
    ],
)
def test_wilson_gives_the_published_limits(x: int, n: int, z: float, lower: float, upper: float) -> None:
    low, high = wilson(x, n, z)
    assert (round(100 * float(low), 2), round(100 * float(high), 2)) == (lower, upper)


def test_wilson_is_exact_at_the_ends() -> None:
    low, high = wilson([0, 158, 7773], [40, 158, 7773])
    assert (float(low[0]), float(high[1]), float(high[2])) == (0.0, 1.0, 1.0)


def test_wilson_of_many_units_equals_wilson_of_each() -> None:
    low, high = wilson([0, 7, 90], [40, 9, 100])
    singles = [wilson(x, n) for x, n in ((0, 40), (7, 9), (90, 100))]
    np.testing.assert_allclose(low, [float(each[0]) for each in singles])
    np.testing.assert_allclose(high, [float(each[1]) for each in singles])


def test_wilson_has_no_value_without_people_or_counts() -> None:
    low, high = wilson([0, np.nan, 3], [0, 10, np.nan])
    assert np.isnan(low).all()
    assert np.isnan(high).all()


@pytest.mark.parametrize(("x", "n"), [(5, 4), (-1, 4), (1, -4)])
def test_wilson_refuses_impossible_counts(x: int, n: int) -> None:
    with pytest.raises(ValueError, match="0 <= x <= n"):
        wilson(x, n)


@pytest.mark.parametrize(
    ("value", "n", "target", "comparator", "state"),
    [
        (96.0, 500, 95.0, ">=", "met"),
        (95.0, 500, 95.0, ">=", "met"),
        (94.0, 100, 95.0, ">=", "near"),
        (94.0, 10000, 95.0, ">=", "missed"),
        (94.0, None, 95.0, ">=", "not_compared"),
        (96.0, None, 95.0, ">=", "met"),
        (50.0, 8, 95.0, ">=", "not_compared"),
        (100.0, 9, 95.0, ">=", "not_compared"),
        (50.0, 10, 95.0, ">=", "missed"),
        (1.0, 1000, 0.6, "<=", "near"),
        (1.5, 1000, 0.6, "<=", "missed"),
        (0.5, 1000, 0.6, "<=", "met"),
        (99.0, 200, 100.0, "==", "missed"),
        (100.0, 200, 100.0, "==", "met"),
        (96.0, 500, None, ">=", "not_compared"),
    ],
)
def test_state_against_a_target(
    value: float, n: float | None, target: float | None, comparator: str, state: str
) -> None:
    assert rag(value, n, target, comparator) == state


def cell(unit_id: int = 1, **changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "org_unit_id": unit_id, "indicator": "retention_rate", "dims": "level=CE", "period": "SY2025",
        "end_date": pd.Timestamp("2026-08-31"), "value": 90.0, "numerator": 900.0, "denominator": 1000.0,
        "unit": "percent", "target": 95.0, "comparator": ">=", "benchmark": "target", "observation_id": 7,
    }  # fmt: skip
    return {**row, **changes}


def test_a_gross_rate_above_100_is_no_proportion_and_a_count_has_no_chance() -> None:
    frame = pd.DataFrame(
        [
            cell(value=110.0, numerator=1100.0, target=115.0),
            cell(value=3.0, numerator=np.nan, denominator=np.nan, unit="event", target=0.0, comparator="<="),
            cell(value=0.0, numerator=np.nan, denominator=np.nan, unit="event", target=0.0, comparator="<="),
        ]
    )
    judged = judge(frame)
    assert judged["state"].tolist() == ["not_compared", "missed", "met"]
    assert judged["lower"].isna().all()


@pytest.mark.parametrize(
    ("x", "n", "target", "comparator", "short"),
    [(2170, 2311, 95, ">=", 26), (2196, 2311, 95, ">=", 0), (9, 1000, 0.6, "<=", 3), (2, 300, 0, "<=", 2),
     (97, 100, 97.5, ">=", 1), (99, 100, 98.9, ">=", 0)],
)  # fmt: skip
def test_persons_short_of_the_target(x: float, n: float, target: float, comparator: str, short: int) -> None:
    assert attention.short_of(x, n, target, comparator) == short


def test_attention_sorts_by_people_and_leaves_out_what_chance_explains() -> None:
    frame = pd.DataFrame(
        [
            cell(1, value=80.0, numerator=80.0, denominator=100.0),
            cell(2, value=93.0, numerator=9300.0, denominator=10000.0),
            cell(3, value=94.0, numerator=94.0, denominator=100.0),
            cell(4, value=20.0, numerator=1.0, denominator=5.0),
            cell(5, value=40.0, numerator=8.0, denominator=20.0),
            cell(6, value=99.0, numerator=990.0, denominator=1000.0),
        ]
    )
    found = attention.needs_attention(frame)
    assert found["org_unit_id"].tolist() == [2, 1, 5]
    assert found["short"].tolist() == [200, 15, 11]
    assert found["small"].tolist() == [False, False, True]


def test_a_target_that_leaves_no_room_for_chance_is_tested_against_the_city() -> None:
    rows = [
        cell(1, value=98.5, numerator=985.0, denominator=1000.0, target=100.0, whole=98.6),
        cell(2, value=41.0, numerator=41.0, denominator=100.0, target=100.0, whole=98.6),
        cell(3, value=99.5, numerator=199.0, denominator=200.0, target=100.0),
        cell(4, value=60.0, numerator=60.0, denominator=100.0, target=100.0, whole=100.0),
    ]
    found = attention.needs_attention(pd.DataFrame(rows))
    assert found["org_unit_id"].tolist() == [2, 4, 1, 3]
    assert found["sure"].tolist() == [True, False, False, False]
    assert attention.expected_false_alarms(pd.DataFrame(rows)) == pytest.approx(0.05)


def test_more_than_the_city_is_the_wrong_side_where_less_is_better() -> None:
    worse = {"target": 0.0, "comparator": "<=", "whole": 0.1}
    rows = [
        cell(1, value=0.2, numerator=2.0, denominator=1000.0, **worse),
        cell(2, value=2.0, numerator=20.0, denominator=1000.0, **worse),
    ]
    assert attention.needs_attention(pd.DataFrame(rows))["sure"].tolist() == [True, False]


def test_attention_of_nothing_has_the_same_columns() -> None:
    full = pd.DataFrame([cell()])
    assert list(attention.needs_attention(full.iloc[:0]).columns) == attention.COLUMNS
    assert list(attention.needs_attention(full).columns) == attention.COLUMNS


def test_false_alarms_come_only_from_targets_that_leave_room_for_chance() -> None:
    rows = [cell(n) for n in range(40)] + [cell(90, target=100.0), cell(91, denominator=5.0, numerator=4.0)]
    assert attention.expected_false_alarms(pd.DataFrame(rows)) == pytest.approx(1.0)
    assert attention.compared(pd.DataFrame(rows)) == 41


def history(values: list[float], comparator: str = ">=", target: float = 95.0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period": [f"SY{2020 + n}" for n in range(len(values))],
            "end_date": [pd.Timestamp(2021 + n, 8, 31) for n in range(len(values))],
            "value": values,
            "target": target,
            "comparator": comparator,
        }
    )


@pytest.mark.parametrize(
    ("values", "comparator", "first", "run", "change"),
    [
        ([96, 94, 96, 93, 92], ">=", "SY2023", 2, -1.0),
        ([94, 94, 94, 94, 94], ">=", "SY2020", 5, 0.0),
        ([96, 96, 96, 96, 90], ">=", "SY2024", 1, -6.0),
        ([94, 94, np.nan, np.nan, 90], ">=", "SY2020", 3, None),
        ([94, 96, 97, 96, 98], "<=", "SY2021", 4, 2.0),
    ],
)
def test_since_when_a_unit_stands_on_the_wrong_side(
    values: list[float], comparator: str, first: str, run: int, change: float | None
) -> None:
    assert attention.since(history(values, comparator), "SY2024") == (first, run, change)


@pytest.mark.parametrize(
    ("code", "before"),
    [("SY2026-T1", "SY2025-T1"), ("SY2020", "SY2019"), ("2024-Q3", "2023-Q3"), ("2024-09-01", "2023-09-01"),
     ("2016..2018", None)],
)  # fmt: skip
def test_the_comparable_period_is_the_same_one_a_year_earlier(code: str, before: str | None) -> None:
    assert series.year_before(code) == before


def test_a_series_keeps_to_the_kind_of_period_most_units_report_in() -> None:
    periods = pd.DataFrame(
        {
            "period": ["SY2024", "SY2025", "2025", "SY2023"],
            "kind": ["school_year", "school_year", "year", "school_year"],
            "start_date": pd.to_datetime(["2024-09-01", "2025-09-01", "2025-01-01", "2023-09-01"]),
            "end_date": pd.to_datetime(["2025-08-31", "2026-08-31", "2025-12-31", "2024-08-31"]),
            "n_units": [150, 160, 3, 140],
        }
    )
    assert series.timeline(periods) == ["SY2023", "SY2024", "SY2025"]
    assert series.timeline(periods, "year") == ["2025"]
    assert series.timeline(periods.iloc[:0]) == []


def test_change_needs_both_values() -> None:
    values = pd.Series({"SY2023": 1.5, "SY2024": np.nan, "SY2025": 2.0, "SY2026": 2.5})
    assert series.change(values, "SY2026") == 0.5
    assert series.change(values, "SY2025") is None
    assert series.change(values, "SY2023") is None


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(99.97, 1, ">99.9"), (100.0, 1, "100.0"), (99.94, 1, "99.9"), (0.04, 1, "<0.1"), (0.0, 1, "0.0"),
     (95.25, 1, "95.2"), (95.35, 1, "95.4"), (104.26, 1, "104.3"), (0.004, 2, "<0.01"), (99.996, 2, ">99.99")],
)  # fmt: skip
def test_a_percentage_is_rounded_once_and_never_up_to_100(value: float, decimals: int, text: str) -> None:
    assert display.percent(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"), [(82437, 0, "82,437"), (17.35, 1, "17.4"), (17.0, 1, "17"), (-1234, 0, "-1,234")]
)
def test_counts_carry_thousands_separators(value: float, decimals: int, text: str) -> None:
    assert display.number(value, decimals) == text


@pytest.mark.parametrize(("value", "text"), [(0.34, "+0.3"), (-1.25, "-1.2"), (0.04, "0.0"), (-0.04, "0.0")])
def test_a_change_carries_its_sign(value: float, text: str) -> None:
    assert display.signed(value) == text


def test_what_is_getting_worse_beyond_chance_comes_first() -> None:
    found = pd.DataFrame(
        {
            "sure": [True, True, False, True],
            "course": ["steady", "worse", "worse", "jump_worse"],
            "people": [9, 5, 8, 1],
        }
    )
    assert attention.worst_first(found)["people"].tolist() == [5, 1, 9, 8]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("在校生数(在园幼儿数)", "在校生数（在园幼儿数）"),
        ("转入、转出不计;含附设班,共1,228人", "转入、转出不计；含附设班，共1,228人"),
        ("写作17.3:1,班额:人", "写作17.3:1，班额：人"),
        ("Enrolled students (all levels), 1:2", "Enrolled students (all levels), 1:2"),
    ],
)
def test_marks_of_a_chinese_text_are_wide_outside_numbers(typed: str, printed: str) -> None:
    assert display.chinese_marks(typed) == printed
