"""SDMX-CSV 2.0: the columns the format asks for, codes that hold, nothing shown that is confidential."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from db.catalogue import load_catalogue
from db.periods import parse_period
from pages.exports.sdmx import (
    ATTRIBUTES,
    BREAKDOWNS,
    COLUMNS,
    DIMENSIONS,
    UNITS,
    Observation,
    Period,
    area_code,
    sdmx_csv,
    time_period,
)

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "sdmx.md"
TERM = Period("SY2026-T1", "term", date(2026, 9, 1), date(2027, 1, 31))
ONE = Observation(
    "970102", "澜城区", "vac_cert_check_rate", "查验率", TERM, 98.75, "percent", 1, {"level": "PRI"}, 79, 80,
    method="computed", records="12-14",
)  # fmt: skip


def rows(*observations: Observation) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sdmx_csv(observations).decode("utf-8"), newline="")))


def test_the_first_columns_are_those_of_the_format_and_there_is_no_mark() -> None:
    content = sdmx_csv([ONE])
    assert content.startswith(b"STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,LEVEL,")
    [row] = rows(ONE)
    assert (row["STRUCTURE"], row["STRUCTURE_ID"], row["ACTION"]) == (
        "datastructure", "EDUBUREAU:DSD_EDU_INDICATORS(1.0.0)", "I",
    )  # fmt: skip


def test_dimensions_stand_before_the_measure_and_the_measure_before_the_attributes() -> None:
    at = COLUMNS.index
    assert at("ACTION") < min(map(at, DIMENSIONS))
    assert max(map(at, DIMENSIONS)) < at("OBS_VALUE") < min(map(at, ATTRIBUTES))
    assert len(set(COLUMNS)) == len(COLUMNS)


def test_a_value_with_its_key_and_attributes() -> None:
    [row] = rows(ONE)
    assert (row["FREQ"], row["REF_AREA"], row["LEVEL"], row["SEX"]) == ("S", "970102", "PRI", "_T")
    assert (row["TIME_PERIOD"], row["REPORTING_YEAR_START_DAY"]) == ("2026-S1", "--09-01")
    assert (row["OBS_VALUE"], row["UNIT_MEASURE"], row["DECIMALS"]) == ("98.75", "PT", "1")
    assert (row["NUMERATOR"], row["DENOMINATOR"]) == ("79", "80")
    assert (row["OBS_STATUS"], row["CONF_STATUS"]) == ("A", "N")
    assert (row["METHOD"], row["QUALIFIER"], row["RECORD_ID"]) == ("COMPUTED", "EXACT", "12-14")


@pytest.mark.parametrize(
    ("code", "written"),
    [("SY2026", "2026-A1"), ("SY2026-T1", "2026-S1"), ("SY2026-T2", "2026-S2"), ("2026", "2026"), ("2026-H2", "2026-S2"),
     ("2026-Q3", "2026-Q3"), ("2026-03", "2026-03"), ("2026-06-30", "2026-06-30"), ("2021..2022", "2021-01-01/P730D")],
)  # fmt: skip
def test_periods_as_the_format_writes_them(code: str, written: str) -> None:
    of_store = parse_period(code)
    assert time_period(Period(code, of_store.kind, of_store.start, of_store.end)) == written


@pytest.mark.parametrize(
    ("status", "confidential", "value", "expected"),
    [("normal", "N", 5.0, "A"), ("not_reported", "N", None, "L"), ("normal", "N", None, "L"),
     ("not_applicable", "N", None, "M"), ("suppressed", "N", None, "Q"), ("normal", "A", None, "Q"),
     ("normal", "D", None, "Q")],
)  # fmt: skip
def test_status_of_a_value(status: str, confidential: str, value: float | None, expected: str) -> None:
    [row] = rows(replace(ONE, status=status, confidential=confidential, value=value))
    assert row["OBS_STATUS"] == expected
    assert row["CONF_STATUS"] == confidential


def test_a_dimension_the_structure_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        sdmx_csv([replace(ONE, dims={"colour": "red"})])


def test_the_structure_knows_every_dimension_and_unit_of_the_catalogue() -> None:
    held = load_catalogue().indicators
    assert {name for each in held for name in each.dims} <= set(BREAKDOWNS)
    assert {each.unit for each in held} <= set(UNITS)


def test_names_do_not_run_in_a_spreadsheet() -> None:
    [row] = rows(replace(ONE, area_name="=1+1"))
    assert row["REF_AREA_NAME"] == "'=1+1"


@pytest.mark.parametrize(
    ("code", "written"), [("970102", "970102"), (None, "U17"), ("", "U17"), ("97 01", "U17"), ("校01", "U17")]
)
def test_identifier_of_a_unit(code: str | None, written: str) -> None:
    assert area_code(code, 17) == written


def test_the_page_about_the_structure_names_every_column_and_unit() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [each for each in (*COLUMNS, *UNITS.values()) if f"`{each}`" not in text] == []
