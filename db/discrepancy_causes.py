"""Why a source probably tells another value: looked up among the other values of the same unit and school year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from db.agreement import Neighbour, cause_of
from db.cell_rows import cell_rows
from db.interning import dim_ids, indicator_ids
from db.records_claims import Cause
from db.schema import period

if TYPE_CHECKING:
    from db.discrepancies import Row

# Indicators that documents take for one another: gross and net, a year and three years, due and done, people and visits.
FAMILIES: tuple[tuple[str, ...], ...] = (
    ("gross_enrollment_rate", "net_enrollment_rate", "intake_rate"),
    ("retention_rate", "annual_retention_rate", "completion_rate"),
    ("dropout_rate", "out_of_school_rate"),
    ("dropout_count", "suspected_dropout_count", "out_of_school_count", "long_absence_count"),
    ("dropout_return_due", "dropout_returned_count"),
    ("enrollment", "school_age_population"),
    ("teachers", "staff"),
    ("vaccination_coverage", "full_vaccination_rate"),
    ("vaccination_given", "vaccination_doses", "vaccination_due"),
    ("vac_cert_check_rate", "vac_cert_held_rate", "vac_catchup_rate"),
    ("vac_cert_check_due", "vac_cert_check_done", "vac_cert_held"),
    ("vac_catchup_due", "vac_catchup_done", "vac_missed_count"),
    ("hygiene_inspected_count", "hygiene_visits", "hygiene_passed_count", "canteens"),
    ("hygiene_findings", "hygiene_findings_closed"),
    ("food_handlers", "food_handlers_certified"),
    ("open_kitchen_coverage", "internet_kitchen_coverage"),
    ("student_exam_coverage", "entry_exam_rate", "student_exam_pass_rate"),
    ("myopia_rate", "low_vision_rate"),
)


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of a unit."""

    org_unit_id: int
    indicator_id: int
    code: str
    period_id: int
    period: str
    end: date
    dims: str
    value: float
    observation_id: int | None


def relatives(code: str) -> set[str]:
    """The other indicators of its families."""
    return {other for family in FAMILIES if code in family for other in family} - {code}


def with_causes(connection: sa.Connection, rows: Sequence[Row]) -> list[Row]:
    """The rows with their likely cause; all of one period."""
    numbers = indicator_ids(connection)
    codes = {number: code for code, number in numbers.items()}
    dims = {number: key for key, number in dim_ids(connection).items()}
    wanted = {row.indicator_id for row in rows}
    wanted |= {numbers[other] for row in rows for other in relatives(codes[row.indicator_id]) if other in numbers}
    asked = {number: codes[number] for number in wanted}
    values = _values(connection, {row.org_unit_id for row in rows}, asked, rows[0].period_id)
    found = []
    for row in rows:
        near = _neighbours(row, dims[row.dim_set_id], values[row.org_unit_id], relatives(codes[row.indicator_id]))
        cause, detail = cause_of(row.told_value, row.standing_value, row.decimals, near)
        found.append(replace(row, cause=cause.value, cause_detail=detail))
    return found


def _values(
    connection: sa.Connection, units: Iterable[int], codes: Mapping[int, str], period_id: int
) -> dict[int, list[_Value]]:
    """Values of the units in the school year of the period, by unit; `codes` are those of the indicators by id."""
    year = sa.select(period.c.school_year).where(period.c.id == period_id).scalar_subquery()
    spans = connection.execute(
        sa.select(period.c.id, period.c.code, period.c.end_date).where(period.c.school_year == year)
    )
    when = {number: (code, end) for number, code, end in spans}
    found = [
        _Value(row.org_unit_id, row.indicator_id, codes[row.indicator_id], row.period_id, *when[row.period_id], row.dims,
               row.cell.value, row.cell.observation_id)
        for row in cell_rows(connection, units, codes, when)
        if row.cell.value is not None
    ]  # fmt: skip
    by_unit: dict[int, list[_Value]] = defaultdict(list)
    for one in sorted(found, key=lambda one: (one.end, one.period, one.code, one.dims)):
        by_unit[one.org_unit_id].append(one)
    return by_unit


def _neighbours(row: Row, key: str, values: Iterable[_Value], related: set[str]) -> list[Neighbour]:
    """The values that a slip could have taken: nearest first, other dates, other dims, other indicators."""
    dates: list[Neighbour] = []
    dims: list[Neighbour] = []
    others: list[Neighbour] = []
    for value in values:
        same_place = (value.dims == key, value.period_id == row.period_id)
        if value.observation_id == row.told_observation_id:
            continue
        if value.indicator_id == row.indicator_id and same_place == (True, False):
            dates.append(Neighbour(Cause.DATE, f"period:{value.period}", value.value))
        elif value.indicator_id == row.indicator_id and same_place == (False, True):
            dims.append(Neighbour(Cause.DEFINITION, f"dims:{value.dims}", value.value))
        elif value.code in related and same_place == (True, True):
            others.append(Neighbour(Cause.DEFINITION, f"indicator:{value.code}", value.value))
    return [*dates, *dims, *others]
