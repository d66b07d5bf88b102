"""The plain truth of the sample: what an honest reader of all its sheets has to find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from db.records import ObsStatus
from etl.samples.enrolment import FIRST_GRADE, KG_GRADES, Dropout, Enrolment
from etl.samples.health import Coverage, Hygiene, VacCheck

LONG_TABLE_YEARS = (2020, 2021)  # these years come as a system export with fewer indicators
GRADES_FROM = 2024  # grade parts are printed from this school year on
GRADED_LEVELS = ("KG", "PRI", "JUN")


@dataclass(frozen=True, slots=True)
class Fact:
    """One true value. `org` is the key of the org unit (its code), percent values are percent points."""

    org: str
    indicator: str
    period: str
    dims: Mapping[str, str] = field(default_factory=dict)
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    status: ObsStatus = ObsStatus.NORMAL


@dataclass(frozen=True, slots=True)
class Population:
    """Children aged 3 to 5 of one town, and those in its kindergartens."""

    county: str
    town: str
    code: str
    year: int
    children: int
    enrolled: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """The dropout ledger of one junior school at the end of a month: `confirmed` are those still away,
    `returned` those brought back within the month."""

    enrolment: Enrolment
    month: str
    present: int
    suspected: int
    confirmed: int
    returned: int


def percent(numerator: float, denominator: float) -> float:
    """A rate in percent points with two decimals, as the sheets print it."""
    return round(100 * numerator / denominator, 2)


def _rate(org: str, code: str, period: str, dims: Mapping[str, str], top: float, base: float) -> Fact:
    return Fact(org, code, period, dims, percent(top, base), top, base)


def school_year(year: int) -> str:
    return f"SY{year}"


def autumn(year: int) -> str:
    return f"SY{year}-T1"


def enrolment_facts(e: Enrolment) -> Iterator[Fact]:
    """Stocks at the start of the school year and the flows printed beside them."""
    dims = {"level": e.level}
    values = {
        "enrollment": e.total, "entrants": e.entrants, "graduates": e.graduates, "transfer_in": e.moved_in,
        "transfer_out": e.moved_out, "classes": e.classes, "teachers": e.teachers,
    }  # fmt: skip
    if e.year not in LONG_TABLE_YEARS:
        values |= {"withdrawn": e.withdrawn, "left_behind_children": e.left_behind, "migrant_children": e.migrant}
        if e.level != "KG":
            values |= {"suspended": e.suspended, "resumed": e.resumed, "boarders": e.boarders}
    for code, value in values.items():
        yield Fact(e.school.code, code, school_year(e.year), dims, value)
    yield Fact(e.school.code, "enrollment", school_year(e.year), dims | {"sex": "F"}, e.girls)
    if e.year >= GRADES_FROM and e.level in GRADED_LEVELS:
        for grade, size in zip(grade_codes(e.level), e.grades, strict=True):
            yield Fact(e.school.code, "enrollment", school_year(e.year), dims | {"grade": grade}, size)


def grade_codes(level: str) -> tuple[str, ...]:
    """The dimension values of a level's grades, youngest first."""
    if level == "KG":
        return KG_GRADES
    first = FIRST_GRADE[level]
    return tuple(str(first + n) for n in range(6 if level == "PRI" else 3))


def dropout_facts(d: Dropout) -> Iterator[Fact]:
    dims, period, org = {"level": d.level}, school_year(d.year), d.school.code
    yield Fact(org, "dropout_count", period, dims, d.confirmed)
    yield Fact(org, "suspected_dropout_count", period, dims, d.suspected)
    yield Fact(org, "dropout_return_due", period, dims, d.confirmed)
    yield Fact(org, "dropout_returned_count", period, dims, d.returned)
    yield _rate(org, "dropout_rate", period, dims, d.confirmed, d.base)


def ledger_facts(row: Ledger) -> Iterator[Fact]:
    dims, org = {"level": "JUN"}, row.enrolment.school.code
    yield Fact(org, "enrollment", row.month, dims, row.enrolment.total)
    yield Fact(org, "suspected_dropout_count", row.month, dims, row.suspected)
    yield Fact(org, "dropout_count", row.month, dims, row.confirmed)
    yield Fact(org, "dropout_returned_count", row.month, dims, row.returned)


def retention_base(e: Enrolment) -> int:
    """Entrants of three years ago plus transfers in minus transfers out."""
    return e.cohort.entrants + e.cohort.moved_in - e.cohort.moved_out


def retention_facts(e: Enrolment) -> Iterator[Fact]:
    base = retention_base(e)
    if e.level == "JUN" and base > 0:
        yield _rate(e.school.code, "retention_rate", school_year(e.year), {"level": "JUN"}, e.graduates, base)


def population_facts(p: Population) -> Iterator[Fact]:
    dims, period = {"level": "KG"}, school_year(p.year)
    yield Fact(p.code, "school_age_population", period, dims, p.children)
    yield Fact(p.code, "enrollment", period, dims, p.enrolled)
    yield _rate(p.code, "gross_enrollment_rate", period, dims, p.enrolled, p.children)


def vaccination_facts(c: VacCheck) -> Iterator[Fact]:
    dims, period, org = {"level": c.level}, autumn(c.year), c.school.code
    person, dose = dims | {"basis": "person"}, dims | {"basis": "dose"}
    yield Fact(org, "vac_cert_check_due", period, dims, c.due)
    yield Fact(org, "vac_cert_check_done", period, dims, c.done)
    yield Fact(org, "vac_cert_held", period, dims, c.held)
    yield Fact(org, "vac_catchup_due", period, person, c.catchup_persons)
    yield Fact(org, "vac_catchup_due", period, dose, c.catchup_doses)
    yield Fact(org, "vac_catchup_done", period, person, c.caught_persons)
    yield Fact(org, "vac_catchup_done", period, dose, c.caught_doses)
    yield Fact(org, "vac_contraindicated_count", period, dims, c.contraindicated)
    yield _rate(org, "vac_cert_check_rate", period, dims, c.done, c.due)
    yield _rate(org, "full_vaccination_rate", period, dims | {"stage": "before"}, c.full, c.done)
    if c.catchup_doses:
        yield _rate(org, "vac_catchup_rate", period, dose, c.caught_doses, c.catchup_doses)
    else:  # nobody needs a dose: the office draws a stroke
        yield Fact(org, "vac_catchup_rate", period, dose, status=ObsStatus.NOT_APPLICABLE)


def coverage_facts(c: Coverage, org: str) -> Iterator[Fact]:
    dims = {"level": "PRI", "vaccine": c.vaccine}
    yield Fact(org, "vaccination_due", autumn(c.year), dims, c.due)
    yield Fact(org, "vaccination_given", autumn(c.year), dims, c.given)


def hygiene_facts(h: Hygiene) -> Iterator[Fact]:
    dims, period, org = {"level": h.level}, autumn(h.year), h.school.code
    canteen = dims | {"object": "canteen"}
    values: list[tuple[str, Mapping[str, str], int]] = [
        ("hygiene_inspected_count", canteen, h.inspected), ("hygiene_passed_count", canteen, h.passed),
        ("hygiene_findings", dims, h.findings), ("hygiene_findings_closed", dims, h.closed),
        ("food_handlers", dims, h.handlers), ("food_handlers_certified", dims, h.certified),
    ]  # fmt: skip
    for grade, n in zip(("A", "B", "C", "none"), h.grades, strict=True):
        values.append(("canteen_graded_count", dims | {"grade_abc": grade}, n))
    yield Fact(org, "canteens", period, dims, h.canteens)
    if h.canteens == 0:
        for code, at, _ in (*values, ("food_handler_cert_rate", dims, 0), ("open_kitchen_coverage", dims, 0)):
            yield Fact(org, code, period, at, status=ObsStatus.NOT_APPLICABLE)
        return
    for code, at, value in values:
        yield Fact(org, code, period, at, value)
    yield _rate(org, "food_handler_cert_rate", period, dims, h.certified, h.handlers)
    yield _rate(org, "open_kitchen_coverage", period, dims, h.open_kitchens, h.canteens)


def numbers(facts: Iterable[Fact]) -> list[Fact]:
    """Only the facts that have a value."""
    return [fact for fact in facts if fact.value is not None]
