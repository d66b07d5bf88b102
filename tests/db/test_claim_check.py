"""What two values say of a claim: a table of claims, values and results."""

from __future__ import annotations

import pytest

from db.agreement import Neighbour, cause_of, printed_decimals, rounds_to
from db.claim_check import Checked, Point, Said, judge
from db.records import Qualifier
from db.records_claims import PERCENT_FOR_POINTS, BaseKind, Cause, ClaimKind, Direction, Result

P, C, R, F, S, M, U, B, T = (
    ClaimKind.POINTS, ClaimKind.COUNT, ClaimKind.RELATIVE, ClaimKind.FROM_TO, ClaimKind.SHARE, ClaimKind.MULTIPLE,
    ClaimKind.UNCHANGED, ClaimKind.BENCHMARK, ClaimKind.TARGET,
)  # fmt: skip
UP, DOWN, LEVEL = Direction.UP, Direction.DOWN, Direction.LEVEL
RATES = (P, B, F)
YES, NO = Result.CONSISTENT, Result.CONTRADICTED


def said(kind: ClaimKind, direction: Direction | None, size: float | None, decimals: int = 0, **more: object) -> Said:
    fields = {"qualifier": Qualifier.EXACT, "base": BaseKind.PERIOD, "is_rate": kind in RATES, **more}
    return Said(kind, direction, size, decimals, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("claim", "now", "base", "result", "computed"),
    [
        (said(P, UP, 1.4, 1), 87.2, 85.8, YES, 1.4),
        (said(P, UP, 1.4, 1), 87.25, 85.8, YES, 1.45),  # half up or half even: 1.5 or 1.4
        (said(P, UP, 1.4, 1), 86.4, 85.8, NO, 0.6),
        (said(P, UP, 1.4, 1), 85.8, 87.2, NO, -1.4),
        (said(P, DOWN, 1.4, 1), 85.8, 87.2, YES, -1.4),
        (said(P, UP, 0.3, 1, note=PERCENT_FOR_POINTS), 99.4, 99.1, YES, 0.3),
        (said(P, DOWN, 31.3, 1, note=PERCENT_FOR_POINTS), 0.33, 0.48, YES, -0.15),  # truly percent of the rate
        (said(C, UP, 57), 932, 875, YES, 57),
        (said(C, UP, 57), 932, 876, NO, 56),
        (said(C, DOWN, 200, -1, qualifier=Qualifier.NEARLY), 4264, 4456, YES, -192),
        (said(C, UP, 1200, qualifier=Qualifier.MORE_THAN), 9230, 8000, YES, 1230),
        (said(C, UP, 1200, qualifier=Qualifier.MORE_THAN), 9100, 8000, NO, 1100),
        (said(C, DOWN, 8000, -3), 126_432, 134_100, YES, -7668),  # 0.8万
        (said(R, DOWN, 31.3, 1), 46, 67, YES, 100 * -21 / 67),
        (said(R, UP, 5.2, 1), 3860, 3700, NO, 100 * 160 / 3700),
        (said(S, None, 44.4, 1), 1860, 4190, YES, 100 * 1860 / 4190),
        (said(S, None, 46, 0), 1860, 4190, NO, 100 * 1860 / 4190),
        (said(M, UP, 2, 1), 2004, 1000, YES, 2.004),
        (said(M, UP, 2, 1), 1700, 1000, NO, 1.7),
        (said(M, UP, 2, 1, qualifier=Qualifier.NEARLY), 1930, 1000, YES, 1.93),
        (said(U, LEVEL, None), 96, 96, YES, 0),
        (said(U, LEVEL, None), 96, 95, NO, 1),
        (said(U, LEVEL, None, qualifier=Qualifier.ABOUT), 4004, 4000, YES, 4),
        (said(U, LEVEL, None, is_rate=True), 99.96, 100, YES, -0.04),
        (said(U, LEVEL, None, is_rate=True), 99.5, 100, NO, -0.5),
        (said(B, UP, 3.6, 1, base=BaseKind.PLACE), 90.1, 86.5, YES, 3.6),
        (said(B, DOWN, 3.6, 1, base=BaseKind.PLACE), 90.1, 86.5, NO, 3.6),
        (said(T, None, 103, 0, base=BaseKind.TARGET), 515, 500, YES, 103),
        (said(T, UP, None, base=BaseKind.TARGET), 98.0, 95.0, YES, 3.0),
        (said(T, UP, None, base=BaseKind.TARGET), 94.0, 95.0, NO, -1.0),
    ],
)  # fmt: skip
def test_a_claim_is_worked_out_of_two_values(
    claim: Said, now: float, base: float, result: Result, computed: float
) -> None:
    found = judge(claim, Point(now), Point(base))
    assert found.result is result
    assert found.computed == pytest.approx(computed)
    assert not found.inner


def test_values_printed_rounded_widen_what_agrees() -> None:
    claim = said(P, UP, 1.4, 1)
    assert judge(claim, Point(87.2), Point(85.7)).result is NO
    assert judge(claim, Point(87.2, 0.05), Point(85.7, 0.05)).result is YES


@pytest.mark.parametrize(
    ("now", "base", "result", "reason"),
    [
        (None, None, Result.NOT_CHECKABLE, "no_value"),
        (Point(87.2), None, Result.NOT_CHECKABLE, "no_base_value"),
        (Point(87.2, own=True), Point(85.8, own=True), Result.NOT_CHECKABLE, "own_sentence"),
        (Point(87.2, own=True), Point(85.8), YES, ""),
    ],
)
def test_why_a_claim_is_not_checked(now: Point | None, base: Point | None, result: Result, reason: str) -> None:
    found = judge(said(P, UP, 1.4, 1), now, base)
    assert (found.result, found.reason) == (result, reason)


def test_two_values_of_the_sentence_itself_check_its_arithmetic_only() -> None:
    right = said(P, DOWN, 1.4, 1, value=0.3, base_value=1.7, halves=(0.05, 0.05))
    own = Point(0.3, own=True), Point(1.7, own=True)
    assert judge(right, *own) == Checked(YES, "", pytest.approx(-1.4), inner=True)
    wrong = said(P, DOWN, 2.4, 1, value=0.3, base_value=1.7, halves=(0.05, 0.05))
    assert judge(wrong, None, None).result is NO
    assert judge(right, Point(0.3), Point(2.7)) == Checked(NO, "", pytest.approx(-2.4))  # the store outranks it


def test_a_movement_is_checked_at_each_end_that_another_source_knows() -> None:
    claim = said(F, UP, None, value=80.5, base_value=61.0, halves=(0.05, 0.5))
    assert judge(claim, Point(80.52), Point(61.4)).result is YES
    assert judge(claim, Point(80.52), Point(62.0)).result is NO
    assert judge(claim, Point(79.0, own=True), Point(61.0)).result is YES
    assert judge(claim, Point(80.5, own=True), None).reason == "own_sentence"
    assert judge(claim, None, None).reason == "no_base_value"


def test_nothing_is_divided_by_zero() -> None:
    assert judge(said(R, UP, 5, 0), Point(3), Point(0)).reason == "zero_base"
    assert judge(said(S, None, 5, 0), Point(3), Point(0)).reason == "zero_base"


@pytest.mark.parametrize(
    ("quote", "value", "decimals"),
    [("99.50", 99.5, 2), ("412", 412, 0), ("12.6万", 126_000, -3), ("3,012", 3012, 0), ("九十九", 99, 0),
     ("0.985", 98.5, 1), ("97.1", 97.1, 1), ("1.05亿", 105_000_000, -6)],
)  # fmt: skip
def test_how_precisely_a_number_is_printed(quote: str, value: float, decimals: int) -> None:
    assert printed_decimals(quote, value) == decimals


@pytest.mark.parametrize(("known", "fits"), [(2.5, True), (2.45, True), (2.55, True), (2.449, False), (2.551, False)])
def test_both_ways_of_rounding_a_half_are_right(known: float, fits: bool) -> None:
    assert rounds_to(known, 2.5, 1) is fits


@pytest.mark.parametrize(
    ("told", "standing", "decimals", "cause", "detail"),
    [
        (99.4, 99.4975, 1, Cause.ROUNDING, ""),  # cut off
        (95.3, 95.0, 1, Cause.ROUNDING, ""),  # the sheet has it without decimals
        (9.5, 95.0, 1, Cause.UNIT, "÷10"),
        (126_000, 12.6, -3, Cause.UNIT, "×10000"),
        (3102, 3012, 0, Cause.DIGITS, ""),
        (98.76, 97.86, 2, Cause.DIGITS, ""),
        (3012, 3412, 0, Cause.DATE, "period:SY2025-T1"),
        (3555, 3412, 0, Cause.DEFINITION, "dims:level=CE"),
        (3999, 3412, 0, Cause.UNKNOWN, ""),
        (5, 9, 0, Cause.UNKNOWN, ""),  # small numbers are equal by chance
        (100.0, 88.6, 1, Cause.UNKNOWN, ""),
    ],
)
def test_the_likely_cause(told: float, standing: float, decimals: int, cause: Cause, detail: str) -> None:
    near = [
        Neighbour(Cause.DATE, "period:SY2025-T1", 3012),
        Neighbour(Cause.DEFINITION, "dims:level=CE", 3555),
        Neighbour(Cause.DATE, "period:SY2025-T2", 5),
        Neighbour(Cause.DEFINITION, "dims:level=KG", 100),
    ]
    assert cause_of(told, standing, decimals, near) == (cause, detail)
