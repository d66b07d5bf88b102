"""Statistics against published figures, hand-worked vectors and statsmodels on many random cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.proportion import proportion_confint, proportions_ztest
from statsmodels.stats.rates import confint_poisson

from pages.analysis import balance, funnel, grid, mix, peers, recent_trend
from pages.analysis.intervals import Z95, Z998, byar, rate, wilson

CASES = 10_000


def random_counts(n_series: int, points: int, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    base = draw.integers(1, 3000, size=(n_series, points))
    share = np.clip(draw.uniform(-0.05, 1.05, size=(n_series, 1)) + draw.normal(0, 0.03, size=(n_series, points)), 0, 1)
    return draw.binomial(base, share), base


def test_wilson_agrees_with_statsmodels() -> None:
    x, n = (each[:, 0] for each in random_counts(CASES, 1))
    low, high = wilson(x, n)
    expected = proportion_confint(x, n, alpha=0.05, method="wilson")
    np.testing.assert_allclose(low, np.clip(expected[0], 0, 1), atol=1e-7)
    np.testing.assert_allclose(high, np.clip(expected[1], 0, 1), atol=1e-7)


@pytest.mark.parametrize(("x", "lower", "upper"), [(10, 4.7874, 18.3915), (25, 16.1743, 36.9065), (0, 0, 3.6889)])
def test_byar_gives_the_published_limits(x: int, lower: float, upper: float) -> None:
    low, high = byar(x)
    assert (round(float(low), 4), round(float(high), 4)) == (lower, upper)


def test_below_ten_events_the_limits_are_the_exact_ones() -> None:
    low, high = byar(np.arange(10))
    exact = np.array([confint_poisson(x, 1, method="exact-c") for x in range(10)])
    np.testing.assert_allclose(low, exact[:, 0], atol=1e-5)
    np.testing.assert_allclose(high, exact[:, 1], atol=1e-5)


def test_from_ten_events_on_byar_is_close_to_the_exact_limits() -> None:
    counts = np.arange(10, 2000)
    low, high = byar(counts)
    exact = np.array([confint_poisson(x, 1, method="exact-c") for x in counts])
    np.testing.assert_allclose(low, exact[:, 0], rtol=2e-3)
    np.testing.assert_allclose(high, exact[:, 1], rtol=2e-3)


def test_a_rate_needs_people_and_counts() -> None:
    low, high = rate([25, 3, np.nan], [50_000, 0, 10], 100_000)
    assert (round(float(low[0]), 4), round(float(high[0]), 4)) == (32.3485, 73.8129)
    assert np.isnan(low[1:]).all()
    assert np.isnan(high[1:]).all()
    for x, n in ((-1, 5), (1, -5)):
        with pytest.raises(ValueError, match="needs"):
            rate(x, n, 1000)


# --- five-point trend ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "n", "chi2", "direction"),
    [
        ([270, 273, 279, 285, 291], 300, 15.34, "rising"),
        ([291, 285, 279, 273, 270], 300, 15.34, "falling"),
        ([90, 85, 80, 78, 70], 1000, 2.98, "steady"),
        ([300, 300, 300, 300, 300], 300, 0.0, "steady"),
        ([0, 0, 0, 0, 0], 300, 0.0, "steady"),
        (
            [300, 280, 270, 260, 240],
            300,
            72.59,
            "falling",
        ),  # begins at 100 %: the log odds of the first year is infinite
        ([0, 9, 16, 25, 40], 300, 54.47, "rising"),
        ([150, 150, 150, 150, 220], 300, 26.36, "steady"),  # one year alone carries it
    ],
)
def test_trend_of_proportions(x: list[int], n: int, chi2: float, direction: str) -> None:
    found = recent_trend.proportions(x, [n] * 5)
    assert round(float(found.chi2[0]), 2) == chi2
    assert found.directions() == [direction]


def test_a_trend_with_a_year_missing_is_not_judged() -> None:
    found = recent_trend.proportions([[1, 2, np.nan, 4, 5], [1, 0, 3, 4, 5]], [[10] * 5, [10, 0, 10, 10, 10]])
    assert found.directions() == ["unknown", "unknown"]
    assert np.isnan(found.slope).all()


def test_a_trend_refuses_impossible_counts_and_other_lengths() -> None:
    with pytest.raises(ValueError, match="0 <= x <= n"):
        recent_trend.proportions([1, 2, 3, 4, 6], [5] * 5)
    with pytest.raises(ValueError, match="needs 5 points, not 4"):
        recent_trend.proportions([1, 2, 3, 4], [5] * 4)


def test_the_chi_square_for_trend_is_the_linear_by_linear_test_of_statsmodels() -> None:
    x, n = random_counts(CASES, 5)
    found = recent_trend.proportions(x, n).chi2
    for series in np.random.default_rng(1).choice(CASES, 500, replace=False):
        if 0 < x[series].sum() < n[series].sum():
            table = Table(np.column_stack([n[series] - x[series], x[series]]), shift_zeros=False)
            z = table.test_ordinal_association(np.arange(1.0, 6), np.array([0.0, 1.0])).zscore
            people = n[series].sum()  # statsmodels divides the variance by N - 1, the chi-square for trend by N
            assert found[series] == pytest.approx(z**2 * people / (people - 1), rel=1e-9)


def test_the_chi_square_for_trend_is_n_times_the_squared_correlation() -> None:
    x, n = random_counts(CASES, 5)
    years = np.arange(1.0, 6)
    people, hits = n.sum(axis=1), x.sum(axis=1)
    mean_t, mean_y = (n @ years) / people, hits / people
    covariance = (x @ years) / people - mean_t * mean_y
    variance = ((n @ years**2) / people - mean_t**2) * mean_y * (1 - mean_y)
    mixed = (hits > 0) & (hits < people)
    expected = people[mixed] * covariance[mixed] ** 2 / variance[mixed]
    np.testing.assert_allclose(recent_trend.proportions(x, n).chi2[mixed], expected, rtol=1e-6, atol=1e-8)


def test_under_no_trend_two_in_a_thousand_at_most_are_called_one() -> None:
    draw = np.random.default_rng(11)
    base = np.full((50_000, 5), 400)
    found = recent_trend.proportions(draw.binomial(base, 0.9), base)
    assert 0 < found.significant.mean() <= 0.002


def test_trend_of_rates_by_weighted_regression() -> None:
    level = np.array([10.0, 12, 14, 16, 18])
    narrow = recent_trend.values(level, level - 1.96, level + 1.96)
    assert float(narrow.slope[0]) == pytest.approx(2)
    assert float(narrow.chi2[0]) == pytest.approx(2**2 * 10)  # SE = 1: b² Σ(t - t̄)²
    assert narrow.directions() == ["rising"]
    assert recent_trend.values(level, level - 8, level + 8).directions() == ["steady"]
    assert recent_trend.values(level, level, level).directions() == ["unknown"]


@pytest.mark.parametrize(
    ("direction", "polarity", "course"),
    [
        ("rising", "higher", "better"),
        ("rising", "lower", "worse"),
        ("falling", "lower", "better"),
        ("falling", "neutral", "falling"),
        ("steady", "higher", "steady"),
        ("unknown", "lower", "unknown"),
    ],
)
def test_polarity_says_what_a_direction_means(
    direction: recent_trend.Direction, polarity: str, course: recent_trend.Course
) -> None:
    assert recent_trend.course(direction, polarity) == course


@pytest.mark.parametrize(("n", "points"), [(100, 11.7), (300, 6.8), (1000, 3.7)])
def test_the_smallest_change_that_can_be_seen(n: int, points: float) -> None:
    assert round(100 * float(recent_trend.smallest_seen(0.9, n)), 1) == points


def test_a_change_just_above_the_smallest_is_seen_and_one_just_below_is_not() -> None:
    n, years = 1_000_000, np.arange(5) / 4 - 0.5  # so many that rounding to whole children plays no part
    for factor, direction in ((1.02, "rising"), (0.98, "steady")):
        share = 0.9 + factor * float(recent_trend.smallest_seen(0.9, n)) * years
        assert recent_trend.proportions(np.round(share * n), [n] * 5).directions() == [direction]


def test_the_last_year_against_the_four_before_is_the_score_test_of_statsmodels() -> None:
    x, n = random_counts(300, 5, seed=9)
    for events, base, z in zip(x, n, recent_trend.last_against_before(x, n), strict=True):
        if 0 < events.sum() < base.sum():
            both = np.array([events[-1], events[:-1].sum()]), np.array([base[-1], base[:-1].sum()])
            assert z == pytest.approx(proportions_ztest(*both)[0])


def test_only_five_consecutive_years_without_a_break_make_a_trend() -> None:
    codes = [f"SY{year}" for year in range(2020, 2026)]
    history = pd.DataFrame({"period": codes, "value": range(6)})
    held = recent_trend.last_five(history, codes[-1])
    assert held is not None
    assert held["value"].tolist() == [1, 2, 3, 4, 5]
    assert recent_trend.last_five(history.drop(index=3), codes[-1]) is None
    assert recent_trend.last_five(history, codes[3]) is None
    assert recent_trend.last_five(history, codes[-1], frozenset({codes[3]})) is None
    assert recent_trend.last_five(history, codes[-1], frozenset({codes[1]})) is not None
    assert recent_trend.last_five(pd.concat([history, history.tail(1)]), codes[-1]) is None


def history(x: list[float], n: float, unit: str = "percent") -> pd.DataFrame:
    rate = [100 * each / n for each in x] if unit == "percent" else x
    codes = [f"SY{year}-T1" for year in range(2021, 2021 + len(x))]
    return pd.DataFrame({"period": codes, "value": rate, "numerator": x, "denominator": n, "unit": unit})


@pytest.mark.parametrize(
    ("rows", "polarity", "course", "smallest"),
    [
        (history([270, 273, 279, 285, 291], 300), "higher", "better", None),
        (history([270, 273, 279, 285, 291], 300), "lower", "worse", None),
        (history([90, 85, 80, 78, 70], 1000), "lower", "steady", 3.4),
        (history([298, 299, 298, 299, 280], 300), "higher", "jump_worse", None),
        (history([50, 51, 49, 50, 95], 1000), "neutral", "jump_rising", None),
        (history([250, 100, 250, 100, 170], 1000), "higher", "uneven", None),
        (history([300] * 5, 300), "higher", "steady", None),  # 100 % throughout: nothing that chance could move
        (history([1, 9, 1, 9, 1], 9), "higher", "unknown", None),
        (history([10, 30, 60, 90, 140], 1, "event"), "lower", "worse", None),
        (history([10, 12, 11, 13, 12], 1, "case"), "lower", "steady", None),
        (history([10, 30, 60, 90, 140], 1, "person"), "higher", "unknown", None),
        (history([270, 273, 279, 285], 300), "higher", "unknown", None),
    ],
)
def test_the_course_of_five_years(rows: pd.DataFrame, polarity: str, course: str, smallest: float | None) -> None:
    found = recent_trend.verdict(rows, str(rows["period"].iloc[-1]), polarity)
    assert found.course == course
    assert (None if found.smallest is None else round(found.smallest, 1)) == smallest


# --- funnel -------------------------------------------------------------------------------------------------------


def test_outside_the_funnel_means_that_wilson_excludes_the_whole() -> None:
    x, n = (each[:, 0] for each in random_counts(200_000, 1, seed=3))
    whole = funnel.pooled(x, n)
    for z in (Z95, Z998):
        low, high = wilson(x, n, z)
        exact = whole + np.array([[-1], [1]]) * z * np.sqrt(whole * (1 - whole) / n)
        outside = (x / n < exact[0] - 1e-12) | (x / n > exact[1] + 1e-12)
        np.testing.assert_array_equal(outside, (high < whole) | (low > whole))


def test_funnel_limits_for_twenty_children_at_eighty_percent() -> None:
    low, high = funnel.limits(0.8, [20, 0])
    assert (round(100 * float(low[0]), 1), round(100 * float(high[0]), 1)) == (62.5, 97.5)
    assert np.isnan(low[1])
    wide = funnel.limits(0.8, 20, dispersion=4.0)
    assert (round(100 * float(wide[0]), 1), round(100 * float(wide[1]), 1)) == (44.9, 100.0)


def test_a_count_outside_the_rate_funnel_has_an_interval_that_excludes_the_whole() -> None:
    n = np.array([200.0, 1500, 12_000, 90_000])
    low, high = funnel.rate_limits(0.004, n)
    for people, bottom, top in zip(n, low * n, high * n, strict=True):
        expected = 0.004 * people
        assert float(byar(top + 0.02)[0]) > expected > float(byar(top - 0.02)[0])
        if bottom > 0:
            assert float(byar(bottom - 0.02)[1]) < expected < float(byar(bottom + 0.02)[1])
    assert np.isnan(funnel.rate_limits(0.004, 0)[0][0])


def test_places_in_the_funnel() -> None:
    assert funnel.place([90, 80, 60, 99, 100, 0], [100, 100, 100, 110, 100, 0], 0.9) == [
        "inside", "low_998", "low_998", "inside", "high_998", "unknown",
    ]  # fmt: skip
    assert funnel.place(84, 100, 0.9) == ["low_95"]


def test_dispersion_is_one_by_chance_and_more_where_units_really_differ() -> None:
    draw = np.random.default_rng(5)
    base = np.full(400, 500)
    assert funnel.dispersion(draw.binomial(base, 0.9), base) < 1.15
    spread = np.clip(draw.normal(0.9, 0.04, 400), 0, 1)
    assert funnel.dispersion(draw.binomial(base, spread), base) > 3
    assert funnel.dispersion([5, 6], [5, 6]) == 1.0
    assert funnel.dispersion([], []) == 1.0


# --- mix, balance, peers ------------------------------------------------------------------------------------------

counts = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=8)


def parts(held: list[tuple[int, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        {"numerator": [min(pair) for pair in held], "denominator": [max(pair) for pair in held]},
        index=[f"school {n}" for n in range(len(held))],
    )


@settings(deadline=None)
@given(counts, counts)
def test_effort_and_mix_add_up_to_the_change_of_the_whole(
    old: list[tuple[int, int]], new: list[tuple[int, int]]
) -> None:
    before, after = parts(old), parts(new).iloc[::-1]
    if not before["denominator"].sum() or not after["denominator"].sum():
        return
    change = (
        after["numerator"].sum() / after["denominator"].sum() - before["numerator"].sum() / before["denominator"].sum()
    )
    found = mix.decompose(before, after)
    assert found["effort"].sum() + found["mix"].sum() == pytest.approx(change, abs=1e-9)


def test_a_district_falls_though_every_school_rises() -> None:
    before = pd.DataFrame({"numerator": [95, 720], "denominator": [100, 900]}, index=["good", "weak"])
    after = pd.DataFrame({"numerator": [48, 779], "denominator": [50, 950]}, index=["good", "weak"])
    found = mix.decompose(before, after)
    assert (found["effort"] > 0).all()
    assert found["mix"].sum() < 0


def test_schools_that_came_and_went_are_mix() -> None:
    before = pd.DataFrame({"numerator": [90, 50], "denominator": [100, 100]}, index=["stays", "closes"])
    after = pd.DataFrame({"numerator": [90, 99], "denominator": [100, 100]}, index=["stays", "opens"])
    found = mix.decompose(before, after)
    assert found["presence"].to_dict() == {"closes": "left", "opens": "entered", "stays": "both"}
    assert found["effort"].sum() == 0
    assert found["mix"].sum() == pytest.approx(0.945 - 0.70)


def test_balance_of_the_ministrys_example() -> None:
    pupils, books = [45, 37, 89, 76, 55], [279, 137, 935, 160, 402]
    assert sum(books) / sum(pupils) == pytest.approx(6.33, abs=0.005)
    assert round(balance.variation(books, pupils), 3) == 0.515
    assert balance.variation([100, 200, 9], [50, 100, 3], smallest=50) == 0
    assert np.isnan(balance.variation([np.nan, 3], [10, 0]))


def test_peers_are_the_nearest_of_the_same_phase_with_their_reasons() -> None:
    units = pd.DataFrame(
        {
            "level": ["PRI", "PRI", "PRI", "PRI", "JUN"],
            "pupils": [400, 420, 1400, np.nan, 400],
            "area": ["rural", "rural", "rural", "urban", "rural"],
        },
        index=[1, 2, 3, 4, 5],
    )
    found = peers.nearest(units, 1, {"pupils": 0.5, "area": 0.5, "migrant_share": 0.3}, k=2)
    assert found.index.tolist() == [2, 4] or found.index.tolist() == [2, 3]
    assert found.columns.tolist() == ["distance", "pupils", "area"]
    assert found.loc[2, "distance"] == pytest.approx((0.5 * 0.02**2) ** 0.5)
    everyone = peers.nearest(units, 1, {"pupils": 0.5, "area": 0.5}, k=9)
    assert 5 not in everyone.index
    assert 1 not in everyone.index
    assert everyone.loc[3, "pupils"] == 1.0  # size is the whole of the difference
    assert everyone.loc[4, "area"] == pytest.approx(1, abs=1e-3)  # a missing size stands at the median


# --- status by change ---------------------------------------------------------------------------------------------

ABSENCE = grid.Cuts((2.5, 5.0, 10.0, 20.0), 0.5, 3.0, "lower")


@pytest.mark.parametrize(
    ("value", "change", "people", "row", "column", "colour"),
    [
        (2.5, 3.4, 500, 4, 0, "yellow"),  # a good school that slides fast is only yellow
        (2.5, 0.0, 500, 4, 2, "blue"),
        (2.6, -3.0, 500, 3, 4, "blue"),
        (5.04, 0.44, 500, 3, 2, "green"),  # placed as printed: 5.0 and +0.4
        (7.0, 0.5, 500, 2, 1, "orange"),
        (20.1, -0.5, 500, 0, 3, "orange"),
        (20.1, 9.0, 149, 0, 1, "red"),
        (10.1, -9.0, 149, 1, 3, "yellow"),
        (2.0, 3.5, 149, 4, 1, "green"),  # few children: no "much worse"
        (2.0, 0.0, 29, -1, -1, "none"),
        (float("nan"), 0.0, 500, -1, -1, "none"),
    ],
)
def test_the_cell_of_a_school(value: float, change: float, people: int, row: int, column: int, colour: str) -> None:
    frame = pd.DataFrame({"value": [value], "change": [change], "denominator": [people]}, index=[42])
    assert grid.place(frame, ABSENCE).loc[42].tolist() == [row, column, colour]


def test_high_is_good_turns_the_grid_round() -> None:
    cuts = grid.Cuts((80.0, 85.0, 90.0, 95.0), 0.5, 3.0, "higher")
    assert (grid.status(95.1, cuts), grid.status(80.0, cuts)) == (4, 0)
    assert [grid.direction(change, cuts) for change in (-3.0, -0.5, 0.4, 0.5, 3.0)] == [0, 1, 2, 3, 4]


def test_cut_points_come_from_a_base_year() -> None:
    cuts = grid.base_cuts(list(range(0, 101, 10)), [-4, -2, -1, 0, 1, 2, 4], "higher")
    assert cuts.status == (20.0, 40.0, 60.0, 80.0)
    assert (cuts.small, cuts.large) == (1.0, 4.0)
    flat = grid.base_cuts([100.0] * 6, [0.0] * 5, "higher")
    assert 0 < flat.small < flat.large
    with pytest.raises(ValueError, match="at least five"):
        grid.base_cuts([1, 2, 3, 4], [0.1], "higher")
