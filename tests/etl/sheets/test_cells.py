"""Cell spellings, one row each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from db.records import ObsStatus, Qualifier
from etl.sheets.cells import Kind, read_cell

NUMBERS = [
    (17, "17", Qualifier.EXACT),
    (0, "0", Qualifier.EXACT),
    (97.35, "97.35", Qualifier.EXACT),
    ("2,408", "2408", Qualifier.EXACT),
    ("1,234,567.5", "1234567.5", Qualifier.EXACT),
    ("63人", "63", Qualifier.EXACT),
    ("7 所", "7", Qualifier.EXACT),
    ("７２", "72", Qualifier.EXACT),
    ("约140", "140", Qualifier.ABOUT),
    ("140左右", "140", Qualifier.ABOUT),
    ("≥92", "92", Qualifier.AT_LEAST),
    (">=92", "92", Qualifier.AT_LEAST),
    ("92以上", "92", Qualifier.AT_LEAST),
    ("不低于85", "85", Qualifier.AT_LEAST),
    ("<3", "3", Qualifier.LESS_THAN),
    ("≤5", "5", Qualifier.AT_MOST),
    ("近400", "400", Qualifier.NEARLY),
    ("300余人", "300", Qualifier.MORE_THAN),
    ("1.2万人", "12000", Qualifier.EXACT),
    ("-6", "-6", Qualifier.EXACT),
    ("17.5:1", "17.5", Qualifier.EXACT),
    ("1:14", "14", Qualifier.EXACT),
]


@pytest.mark.parametrize(("raw", "value", "qualifier"), NUMBERS)
def test_number(raw: object, value: str, qualifier: Qualifier) -> None:
    cell = read_cell(raw)
    assert (cell.kind, cell.number, cell.qualifier) == (Kind.NUMBER, Decimal(value), qualifier)


@pytest.mark.parametrize("raw", ["96.4%", "96.4 %", "９６.４％", "96.4﹪", "９６．４％"])
def test_percent_sign(raw: str) -> None:
    cell = read_cell(raw)
    assert (cell.number, cell.percent, cell.text) == (Decimal("96.4"), True, raw)


def test_range_and_permille() -> None:
    span = read_cell("12-15%")
    assert (span.number, span.high, span.qualifier, span.percent) == (12, 15, Qualifier.RANGE, True)
    assert read_cell("3.1‰").permille


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("-", ObsStatus.NOT_APPLICABLE), ("—", ObsStatus.NOT_APPLICABLE), ("／", ObsStatus.NOT_APPLICABLE),
        ("不适用", ObsStatus.NOT_APPLICABLE), ("无此项", ObsStatus.NOT_APPLICABLE), ("N/A", ObsStatus.NOT_APPLICABLE),
        ("未报", ObsStatus.NOT_REPORTED), ("缺", ObsStatus.NOT_REPORTED), ("…", ObsStatus.NOT_REPORTED),
        ("保密", ObsStatus.SUPPRESSED),
    ],
)  # fmt: skip
def test_typed_empty(raw: str, status: ObsStatus) -> None:
    cell = read_cell(raw)
    assert (cell.kind, cell.status, cell.number) == (Kind.STATUS, status, None)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (None, Kind.BLANK), ("  ", Kind.BLANK), ("***", Kind.REDACTED), ("××", Kind.REDACTED), ("#DIV/0!", Kind.ERROR),
        ("#N/A", Kind.ERROR), ("#####", Kind.ERROR), (float("nan"), Kind.ERROR), ("+0.3个百分点", Kind.TEXT),
        ("4/11", Kind.TEXT), ("二十", Kind.TEXT), (True, Kind.TEXT), (date(2025, 4, 11), Kind.TEXT), ("12.3.4", Kind.TEXT),
    ],
)  # fmt: skip
def test_kind(raw: object, kind: Kind) -> None:
    assert read_cell(raw).kind is kind


def test_pair_keeps_both_numbers() -> None:
    cell = read_cell("18/40")
    assert (cell.numerator, cell.denominator, cell.number) == (18, 40, None)
