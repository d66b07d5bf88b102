"""From a value to its records: the walk follows the way values add up, and finds exactly what they were made of."""

from __future__ import annotations

import pandas as pd
import pytest

from pages.analysis.provenance import Held, Stock, ranges, records_of
from pages.ui import data, proofs
from tests.pages.conftest import Shelf

CITY, EAST, A, B = 1, 2, 3, 4


def stock(held: dict[tuple[int, str, str], Held]) -> Stock:
    return Stock(
        {(unit, code, "SY2025", dims): each for (unit, code, dims), each in held.items()},
        lambda unit: {CITY: [EAST], EAST: [A, B]}.get(unit, []),
        {"rate": ("top", "base")},
        lambda dims: {"CE": [["PRI", "JUN"]], "ALL": [[""], ["CE", "SEN"]]}.get(dims, []),
    )


def found(held: dict[tuple[int, str, str], Held], unit: int, code: str, dims: str) -> tuple[int, ...]:
    return records_of((unit, code, "SY2025", dims), stock(held))


def test_a_record_of_its_own_ends_the_walk() -> None:
    held = {(EAST, "n", ""): Held(7, True), (A, "n", ""): Held(8, True)}
    assert found(held, EAST, "n", "") == (7,)


def test_a_sum_leads_through_all_levels_to_the_schools() -> None:
    held = {(CITY, "n", ""): Held(None, True), (EAST, "n", ""): Held(None, True),
            (A, "n", ""): Held(11, True), (B, "n", ""): Held(12, True)}  # fmt: skip
    assert found(held, CITY, "n", "") == (11, 12)


def test_what_does_not_add_is_no_part_of_a_sum() -> None:
    held = {(EAST, "n", ""): Held(None, True), (A, "n", ""): Held(11, True), (B, "n", ""): Held(12, False)}
    assert found(held, EAST, "n", "") == (11,)


def test_a_level_is_made_up_of_its_parts_and_the_whole_of_the_value_without_level() -> None:
    held = {(A, "n", "CE"): Held(None, True), (A, "n", "PRI"): Held(1, True), (A, "n", "JUN"): Held(2, True),
            (B, "n", "ALL"): Held(None, True), (B, "n", ""): Held(3, True), (B, "n", "CE"): Held(4, True)}  # fmt: skip
    assert found(held, A, "n", "CE") == (1, 2)
    assert found(held, B, "n", "ALL") == (3,)


def test_a_rate_rests_on_the_two_counts_of_its_unit() -> None:
    held = {(A, "rate", ""): Held(None, True), (A, "top", ""): Held(5, True), (A, "base", ""): Held(6, True)}
    assert found(held, A, "rate", "") == (5, 6)


def test_nothing_held_is_nothing_found() -> None:
    assert found({}, A, "n", "") == ()


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([], ""), ([4], "4"), ([4, 5], "4, 5"), ([5, 4, 6, 6, 9], "4-6, 9"), ([1, 2, 3, 7, 8, 9], "1-3, 7-9")],
)
def test_runs_of_numbers_are_drawn_together(numbers: list[int], text: str) -> None:
    assert ranges(numbers) == text


def test_the_records_of_every_value_of_a_store_add_up_to_it(store: Shelf) -> None:
    """Every cell of every unit, schools and districts alike, is worked out once more from its records."""
    codes = [each.code for each in data.catalogue().indicators]
    cells = data.cells(codes, list(store.ids.values()))
    cells = cells[cells["value"].notna()].reset_index(drop=True)
    behind = proofs.of(cells)
    held = data.records([each for ids in behind for each in ids]).set_index("observation_id")
    assert len(cells) > 100
    for row, ids in zip(cells.itertuples(), behind, strict=True):
        assert again(held.loc[list(ids)], str(row.indicator)) == pytest.approx(row.value), row


def again(records: pd.DataFrame, code: str) -> float:
    if records["denominator"].notna().all():
        return 100 * float(records["numerator"].sum() / records["denominator"].sum())
    indicator = data.indicator(code)
    counts = [
        records.loc[records["indicator"] == each, "value"] for each in (indicator.numerator, indicator.denominator)
    ]
    if code not in set(records["indicator"]):
        return 100 * float(counts[0].sum() / counts[1].sum())
    return float(records["value"].sum())
