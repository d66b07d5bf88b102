"""The fictional city put together: schools, records of all domains, and the plain facts that follow from them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from db.records import dims_key
from etl.samples import facts as plain
from etl.samples.enrolment import COLLAPSED_SCHOOL, Dropout, Enrolment, simulate
from etl.samples.facts import Fact, Ledger, Population
from etl.samples.health import (
    FAILED_CANTEEN_SCHOOL,
    NO_CANTEEN_SCHOOL,
    Coverage,
    Hygiene,
    VacCheck,
    coverage,
    inspections,
    vaccination_checks,
)
from etl.samples.places import (
    CITY,
    COUNTIES,
    FIRST_YEAR,
    LAST_YEAR,
    MERGED_NAME,
    SILENT_TOWN,
    School,
    build_schools,
    town_code,
)

LEDGER_MONTHS = ("2026-09", "2026-10")
RESTATED_COUNTY, RESTATED_YEAR = "云峤县", 2023
N_MISSING, N_LATE = 7, 5


@dataclass(slots=True)
class World:
    """Every record of the model. `missing` and `late` are codes of schools, for the autumn of 2026."""

    seed: int
    schools: tuple[School, ...]
    enrolments: list[Enrolment]
    dropouts: list[Dropout]
    checks: list[VacCheck]
    coverages: list[Coverage]
    hygiene: list[Hygiene]
    populations: list[Population]
    ledgers: list[Ledger]
    missing: frozenset[str]
    late: frozenset[str]
    restated: Mapping[str, int]  # code of a primary school -> pupils too many in the first filing
    facts: list[Fact] = field(default_factory=list)
    _sums: dict[tuple[str, str, str, str], float] = field(default_factory=lambda: defaultdict(float))

    def filed_in_time(self, school: School, year: int) -> bool:
        """Whether a school stands in its county's health sheets of that autumn."""
        return year != LAST_YEAR or school.code not in self.missing | self.late

    def total(self, unit: str, indicator: str, period: str, **dims: str) -> float:
        """The sum over the schools of a unit (its name); numerators and denominators under `code/num`, `code/den`."""
        key = (unit, indicator, period, dims_key(dims))
        if key not in self._sums:
            raise KeyError(key)
        return self._sums[key]

    def rate(self, unit: str, indicator: str, period: str, **dims: str) -> float:
        """The quotient of sums, percent points with two decimals."""
        top = self.total(unit, f"{indicator}/num", period, **dims)
        return plain.percent(top, self.total(unit, f"{indicator}/den", period, **dims))

    def add_up(self) -> None:
        """Fill the sums from the facts, for every unit a fact belongs to."""
        above: dict[str, tuple[str, ...]] = {s.code: (s.name, s.town, s.county, CITY) for s in self.schools}
        for county, (_, towns) in COUNTIES.items():
            above |= {town_code(town): (town, county, CITY) for town in towns}
        for fact in self.facts:
            if fact.value is None or (fact.indicator == "enrollment" and len(fact.org) == 9):
                continue  # a town's enrolment repeats that of its schools
            for unit in above[fact.org]:
                self._add(unit, fact)

    def _add(self, unit: str, fact: Fact) -> None:
        rest = (fact.period, dims_key(fact.dims))
        if fact.denominator is None:
            self._sums[unit, fact.indicator, *rest] += fact.value or 0
        else:
            self._sums[unit, f"{fact.indicator}/num", *rest] += fact.numerator or 0
            self._sums[unit, f"{fact.indicator}/den", *rest] += fact.denominator


def build_world(seed: int) -> World:
    """The whole model for a seed; the same seed gives the same world."""
    schools = build_schools(seed)
    enrolments, dropouts = simulate(schools, seed)
    checks = vaccination_checks(enrolments, seed)
    missing, late = _reporters(schools, seed)
    world = World(
        seed, schools, enrolments, dropouts, checks, coverage(checks, seed), inspections(enrolments, seed),
        _populations(enrolments, seed), _ledgers(enrolments, seed), missing, late, _restated(enrolments),
    )  # fmt: skip
    world.facts = list(_facts(world))
    world.add_up()
    return world


def _reporters(schools: tuple[School, ...], seed: int) -> tuple[frozenset[str], frozenset[str]]:
    """(missing, late) in the autumn of 2026: one whole town, and twelve schools here and there."""
    silent = {s.code for s in schools if s.town == SILENT_TOWN}
    famous = (COLLAPSED_SCHOOL, FAILED_CANTEEN_SCHOOL, NO_CANTEEN_SCHOOL, MERGED_NAME)
    able = [s.code for s in schools
            if s.level in ("KG", "PRI") and s.closed is None and s.code not in silent and s.short not in famous]  # fmt: skip
    chosen = random.Random(f"{seed}:reporters").sample(able, N_MISSING + N_LATE)
    return frozenset(silent | set(chosen[:N_MISSING])), frozenset(chosen[N_MISSING:])


def _restated(enrolments: list[Enrolment]) -> dict[str, int]:
    """Primary schools that first forgot some of their transfers out, and how many."""
    found = [e for e in enrolments if e.school.county == RESTATED_COUNTY and e.year == RESTATED_YEAR
             and e.level == "PRI" and e.school.level == "PRI" and e.moved_out >= 3]  # fmt: skip
    return {e.school.code: min(e.moved_out, 4 + n) for n, e in enumerate(found[:4])}


def _populations(enrolments: list[Enrolment], seed: int) -> list[Population]:
    rows = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for county, (_, towns) in COUNTIES.items():
            start = {"澜城区": 0.945, "砚湖区": 0.93, "鹤溪县": 0.885, "枫陵县": 0.865, "云峤县": 0.835}[county]
            for town in towns:
                enrolled = sum(e.total for e in enrolments
                               if e.school.town == town and e.level == "KG" and e.year == year)  # fmt: skip
                noise = random.Random(f"{seed}:pop:{town}:{year}").uniform(-0.012, 0.012)
                share = min(0.99, start + 0.011 * (year - FIRST_YEAR) + noise)
                rows.append(Population(county, town, town_code(town), year, round(enrolled / share), enrolled))
    return rows


def _ledgers(enrolments: list[Enrolment], seed: int) -> list[Ledger]:
    rows = []
    for e in enrolments:
        if e.level != "JUN" or e.year != LAST_YEAR:
            continue
        rng = random.Random(f"{seed}:ledger:{e.school.code}")
        confirmed = 0
        for month in LEDGER_MONTHS:
            returned = int(confirmed > 0 and rng.random() < 0.6)
            confirmed += int(rng.random() < e.total * 0.0004) - returned
            suspected = confirmed + int(rng.random() < 0.35) + int(rng.random() < 0.15)
            present = e.total - suspected - rng.randint(0, 6)
            rows.append(Ledger(e, month, present, suspected, confirmed, returned))
    return rows


def _facts(world: World) -> Iterator[Fact]:
    for e in world.enrolments:
        yield from plain.enrolment_facts(e)
        yield from plain.retention_facts(e)
    for d in world.dropouts:
        yield from plain.dropout_facts(d)
    for p in world.populations:
        yield from plain.population_facts(p)
    for row in world.ledgers:
        yield from plain.ledger_facts(row)
    for c in world.checks:
        if not (c.year == LAST_YEAR and c.school.code in world.missing):
            yield from plain.vaccination_facts(c)
    for cover in world.coverages:
        yield from plain.coverage_facts(cover, town_code(cover.town))
    for h in world.hygiene:
        if not (h.year == LAST_YEAR and h.school.code in world.missing):
            yield from plain.hygiene_facts(h)
