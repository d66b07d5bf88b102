"""The health side of every school: certificate checks each autumn, vaccine coverage by town, canteens."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from etl.samples.enrolment import COLLAPSED_DONE, COLLAPSED_DUE, COLLAPSED_SCHOOL, Enrolment
from etl.samples.places import COUNTIES, FIRST_YEAR, LAST_YEAR, SILENT_TOWN, School

VACCINES = ("卡介苗", "乙肝疫苗", "脊灰疫苗", "百白破疫苗", "麻腮风疫苗", "乙脑疫苗", "A群C群流脑疫苗", "甲肝疫苗")
VACCINE_CODES = ("BCG", "HepB", "Polio", "DTaP", "MMR", "JE", "MenAC", "HepA")
COVERAGE_COUNTIES = ("鹤溪县", "枫陵县", "云峤县")
COVERAGE_YEARS = (2025, 2026)

FAILED_CANTEEN_SCHOOL, FAILED_CANTEEN_YEAR = "鹤渚中学", 2024
NO_CANTEEN_SCHOOL = "霁坞幼儿园"


@dataclass(frozen=True, slots=True)
class VacCheck:
    """One school's autumn check; full + catch-up due + contraindicated = done, held + without = done."""

    school: School
    level: str
    year: int
    due: int
    done: int
    held: int
    reissued: int
    full: int
    contraindicated: int
    catchup_persons: int
    catchup_doses: int
    caught_persons: int
    caught_doses: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """One vaccine among the new pupils of one town."""

    county: str
    town: str
    vaccine: str
    year: int
    due: int
    given: int


@dataclass(frozen=True, slots=True)
class Hygiene:
    """One school's autumn inspection of its canteens. Without a canteen everything else does not apply."""

    school: School
    year: int
    canteens: int
    inspected: int
    passed: int
    findings: int
    closed: int
    handlers: int
    certified: int
    open_kitchens: int
    grades: tuple[int, int, int, int]  # A, B, C, not graded

    @property
    def level(self) -> str:
        """Nine-year schools count among the junior schools here, as in the yearbooks."""
        return "JUN" if self.school.level == "CE" else self.school.level


def vaccination_checks(enrolments: Iterable[Enrolment], seed: int) -> list[VacCheck]:
    """A check for each kindergarten and primary section and autumn."""
    return [_check(e, random.Random(f"{seed}:vac:{e.school.code}:{e.year}"))
            for e in enrolments if e.level in ("KG", "PRI")]  # fmt: skip


def _check(e: Enrolment, rng: random.Random) -> VacCheck:
    due = e.entrants + e.moved_in
    done = due - _few(rng, due, 0.006 if e.year < 2024 else 0.003)
    if e.school.short == COLLAPSED_SCHOOL and e.year == LAST_YEAR:
        due, done = COLLAPSED_DUE, COLLAPSED_DONE
    held = done - _few(rng, done, 0.012)
    reissued = (done - held) - _few(rng, done - held, 0.1)
    contraindicated = _few(rng, done, 0.003)
    gap = {"澜城区": 0.08, "砚湖区": 0.09, "鹤溪县": 0.13, "枫陵县": 0.15, "云峤县": 0.19}[e.school.county]
    persons = min(done - contraindicated, _few(rng, done, gap * 0.95 ** (e.year - FIRST_YEAR)))
    doses = persons + _few(rng, persons, 0.45) + _few(rng, persons, 0.15)
    late_doses = _few(rng, doses, 0.045 if e.year < LAST_YEAR else 0.09)
    caught_persons = persons - min(persons, late_doses)
    return VacCheck(
        e.school, e.level, e.year, due, done, held, reissued, done - contraindicated - persons, contraindicated,
        persons, doses, caught_persons, doses - late_doses,
    )  # fmt: skip


def _few(rng: random.Random, n: int, share: float) -> int:
    return sum(rng.random() < share for _ in range(n))


def coverage(checks: Iterable[VacCheck], seed: int) -> list[Coverage]:
    """Coverage by vaccine of the first-graders of each town of three counties, two autumns."""
    checks = list(checks)
    rows = []
    for year in COVERAGE_YEARS:
        for county in COVERAGE_COUNTIES:
            for town in COUNTIES[county][1]:
                if town == SILENT_TOWN and year == LAST_YEAR:
                    continue
                due = sum(c.due for c in checks if c.school.town == town and c.level == "PRI" and c.year == year)
                rng = random.Random(f"{seed}:coverage:{town}:{year}")
                for vaccine in VACCINE_CODES:
                    miss = {"BCG": 0.004, "HepB": 0.008, "MenAC": 0.06, "HepA": 0.045}.get(vaccine, 0.028)
                    rows.append(Coverage(county, town, vaccine, year, due, due - _few(rng, due, miss)))
    return rows


def inspections(enrolments: Iterable[Enrolment], seed: int) -> list[Hygiene]:
    """One inspection per school and autumn."""
    pupils: dict[tuple[str, int], list[Enrolment]] = {}
    for e in enrolments:
        pupils.setdefault((e.school.code, e.year), []).append(e)
    return [
        _inspect(sections[0].school, year, sum(e.total for e in sections), random.Random(f"{seed}:hyg:{code}:{year}"))
        for (code, year), sections in pupils.items()
    ]


def _inspect(school: School, year: int, pupils: int, rng: random.Random) -> Hygiene:
    if school.short == NO_CANTEEN_SCHOOL:
        return Hygiene(school, year, 0, 0, 0, 0, 0, 0, 0, 0, (0, 0, 0, 0))
    canteens = 2 if pupils > 1500 or school.level == "VOC" else 1
    progress = 0.84 + 0.018 * (year - FIRST_YEAR) - (0.05 if school.area == "rural" else 0.0)
    passed = sum(rng.random() < progress for _ in range(canteens))
    findings = rng.randint(0, 3) + (3 if passed < canteens else 0)
    closed = findings - _few(rng, findings, 0.09 if year < LAST_YEAR else 0.2)
    handlers = max(2, round(pupils / 75 * rng.uniform(0.9, 1.15))) + canteens
    grade = (canteens, 0, 0, 0) if rng.random() < 0.3 else (0, canteens, 0, 0)
    if passed < canteens:
        grade = (0, canteens - 1, 1, 0)
    elif rng.random() < 0.03:
        grade = (0, 0, 0, canteens)
    open_kitchens = sum(
        rng.random() < progress + (0.03 if school.county != "砚湖区" else -0.06) for _ in range(canteens)
    )
    if school.short == FAILED_CANTEEN_SCHOOL and year >= FAILED_CANTEEN_YEAR:
        return _failed_canteen(school, year, canteens, handlers)
    return Hygiene(school, year, canteens, canteens, passed, findings, closed, handlers,
                   handlers - _few(rng, handlers, 0.012), open_kitchens, grade)  # fmt: skip


def _failed_canteen(school: School, year: int, canteens: int, handlers: int) -> Hygiene:
    """The story: nothing in order in one autumn, everything put right by the next."""
    if year == FAILED_CANTEEN_YEAR:
        return Hygiene(school, year, canteens, canteens, 0, 11, 4, handlers, handlers - 3, 0, (0, 0, canteens, 0))
    grade = (0, canteens, 0, 0) if year == FAILED_CANTEEN_YEAR + 1 else (canteens, 0, 0, 0)
    return Hygiene(school, year, canteens, canteens, canteens, 2, 2, handlers, handlers, canteens, grade)
