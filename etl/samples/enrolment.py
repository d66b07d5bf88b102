"""Pupils of every school, cohort by cohort: entrants move up, move away, leave and graduate; balances hold (B10)."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from etl.samples.places import FIRST_YEAR, LAST_YEAR, MERGE_YEAR, MERGED_NAME, School

GRADES = {"KG": 3, "PRI": 6, "JUN": 3, "SEN": 3, "VOC": 3, "SPE": 9}
FIRST_GRADE = {"PRI": 1, "JUN": 7, "SEN": 10, "VOC": 10, "SPE": 1}
KG_GRADES = ("small", "middle", "large")
BURN_IN = 12  # years before the first reported one, so that every cohort has its history
CLASS_SIZE = {"KG": 27, "PRI": 42, "JUN": 46, "SEN": 48, "VOC": 44, "SPE": 11}
PER_TEACHER = {"KG": 11.5, "PRI": 16.8, "JUN": 12.9, "SEN": 12.4, "VOC": 15.5, "SPE": 3.2}
CAMPAIGN_COUNTY, CAMPAIGN_YEAR = "枫陵县", 2023
COLLAPSED_SCHOOL, COLLAPSED_DUE, COLLAPSED_DONE = "芸香小学", 148, 61


@dataclass(slots=True)
class Cohort:
    """Pupils who entered together, and what happened to them since."""

    size: int
    entrants: int
    moved_in: int = 0
    moved_out: int = 0
    on_leave: int = 0


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One section of a school at the start of a school year; flows are those since the start of the last."""

    school: School
    level: str
    year: int
    before: int | None  # None: the school did not exist
    entrants: int
    resumed: int
    moved_in: int
    other_in: int
    graduates: int
    suspended: int
    withdrawn: int
    moved_out: int
    other_out: int
    grades: tuple[int, ...]
    girls: int
    classes: int
    teachers: int
    boarders: int
    left_behind: int
    migrant: int
    cohort: Cohort  # the one that has just graduated

    @property
    def total(self) -> int:
        return sum(self.grades)

    @property
    def balanced(self) -> bool:
        came = (self.before or 0) + self.entrants + self.resumed + self.moved_in + self.other_in
        left = self.graduates + self.suspended + self.withdrawn + self.moved_out + self.other_out
        return came - left == self.total


@dataclass(frozen=True, slots=True)
class Dropout:
    """Confirmed dropouts of a school year, and how many came back within it."""

    school: School
    level: str
    year: int
    base: int
    confirmed: int
    suspected: int
    returned: int


@dataclass(slots=True)
class _Section:
    """A section of a school while the years pass."""

    school: School
    level: str
    rng: random.Random
    cohorts: list[Cohort] = field(default_factory=list)
    net_dropouts: int = 0
    shares: tuple[float, float, float, float] = (0.48, 0.0, 0.0, 0.0)

    @property
    def total(self) -> int:
        return sum(cohort.size for cohort in self.cohorts)


@dataclass(slots=True)
class _Flows:
    resumed: int = 0
    moved_in: int = 0
    suspended: int = 0
    withdrawn: int = 0
    moved_out: int = 0
    other_out: int = 0


def simulate(schools: tuple[School, ...], seed: int) -> tuple[list[Enrolment], list[Dropout]]:
    """The records of all reported years, in the order school, section, year."""
    enrolments: list[Enrolment] = []
    dropouts: list[Dropout] = []
    inherited: list[list[Cohort]] = []
    for school in schools:
        for level in school.parts:
            section = _new_section(school, level, seed)
            if school.short == MERGED_NAME:
                section.cohorts = _join(inherited)
            _run(section, enrolments, dropouts)
            if school.closed == MERGE_YEAR:
                inherited.append(section.cohorts)
    return enrolments, dropouts


def _new_section(school: School, level: str, seed: int) -> _Section:
    rng = random.Random(f"{seed}:{school.code}:{level}")
    rural = school.area != "urban"
    boarding = rng.uniform(0.45, 0.9) if school.boarding and level != "PRI" else 0.0
    left = rng.uniform(0.12, 0.4) if rural else rng.uniform(0.0, 0.03)
    migrant = rng.uniform(0.0, 0.04) if rural else rng.uniform(0.08, 0.24)
    return _Section(school, level, rng, shares=(rng.uniform(0.455, 0.495), boarding, left, migrant))


def _run(section: _Section, enrolments: list[Enrolment], dropouts: list[Dropout]) -> None:
    school = section.school
    if not section.cohorts:
        section.cohorts = [_cohort(section, FIRST_YEAR - BURN_IN) for _ in range(GRADES[section.level])]
    for year in range(max(FIRST_YEAR - BURN_IN + 1, school.opened), LAST_YEAR + 1):
        if not school.exists_in(year):
            return
        record = _next_year(section, year)
        dropout = _dropouts(section, year)
        section.net_dropouts = dropout.confirmed - dropout.returned
        if year >= FIRST_YEAR:
            enrolments.append(record)
            if year < LAST_YEAR and section.level in ("PRI", "JUN"):
                dropouts.append(dropout)


def _cohort(section: _Section, year: int) -> Cohort:
    decline = {"KG": 0.955, "PRI": 0.98, "JUN": 1.006, "SEN": 1.012, "VOC": 0.995, "SPE": 1.0}[section.level]
    trend = decline ** max(0, year - 2019)
    entrants = max(1, round(section.school.size * trend * section.rng.uniform(0.94, 1.06)))
    if section.level == "SPE":
        entrants = max(1, round(section.school.size * section.rng.uniform(0.7, 1.3)))
    return Cohort(entrants, entrants)


def _next_year(section: _Section, year: int) -> Enrolment:
    new_school = section.school.opened == year
    before = section.total
    flows = _Flows()
    leaving = section.cohorts[-1]
    _take_dropouts(section, flows)
    graduates = leaving.size
    for cohort in section.cohorts[:-1]:
        _move(section, cohort, flows)
    fresh = _cohort(section, year)
    extra = round(fresh.entrants * section.rng.uniform(0.0, 0.03))
    if section.school.short == COLLAPSED_SCHOOL and year == LAST_YEAR:
        fresh, extra = Cohort(141, 141), COLLAPSED_DUE - 141 - flows.moved_in
    fresh.size += extra
    fresh.moved_in += extra
    flows.moved_in += extra
    section.cohorts = [fresh, *section.cohorts[:-1]]
    if new_school:  # who graduated or moved before the merger stands in the books of the old schools
        taken_over = section.total - fresh.size
        return _record(section, year, None, taken_over, fresh.entrants, 0, _Flows(moved_in=extra), Cohort(0, 0))
    return _record(section, year, before, 0, fresh.entrants, graduates, flows, leaving)


def _take_dropouts(section: _Section, flows: _Flows) -> None:
    """Those who dropped out last year and did not come back leave the register."""
    for _ in range(section.net_dropouts):
        able = [cohort for cohort in section.cohorts if cohort.size > 1]
        if able:
            section.rng.choice(able).size -= 1
            flows.other_out += 1


def _move(section: _Section, cohort: Cohort, flows: _Flows) -> None:
    rng, n = section.rng, cohort.size
    urban = section.school.area == "urban"
    moved_in = _some(rng, n, 0.012 if urban else 0.006)
    if section.school.short == COLLAPSED_SCHOOL:  # its last autumn has a given number of newcomers
        moved_in = min(moved_in, 1)
    moved_out = min(_some(rng, n, 0.007 if urban else 0.015), n - 1)
    suspended = _some(rng, n, 0.0012) if section.level != "KG" else 0
    resumed = cohort.on_leave if rng.random() < 0.8 else 0
    withdrawn = _some(rng, n, {"KG": 0.006, "SEN": 0.005, "VOC": 0.02}.get(section.level, 0.0))
    cohort.on_leave += suspended - resumed
    cohort.moved_in += moved_in
    cohort.moved_out += moved_out
    cohort.size += moved_in + resumed - moved_out - suspended - withdrawn
    flows.moved_in += moved_in
    flows.moved_out += moved_out
    flows.suspended += suspended
    flows.resumed += resumed
    flows.withdrawn += withdrawn


def _some(rng: random.Random, n: int, share: float) -> int:
    """How many of n are touched by something that touches `share` of them."""
    return sum(rng.random() < share for _ in range(n))


def _record(
    section: _Section, year: int, before: int | None, other_in: int, entrants: int, graduates: int,
    flows: _Flows, leaving: Cohort,
) -> Enrolment:  # fmt: skip
    sizes = tuple(cohort.size for cohort in section.cohorts)
    total = sum(sizes)
    girls, boarding, left, migrant = section.shares
    rng, level = section.rng, section.level
    classes = sum(max(1, -(-size // CLASS_SIZE[level])) for size in sizes) if total > 60 else max(1, total // 15)
    return Enrolment(
        school=section.school, level=level, year=year, before=before, entrants=entrants, resumed=flows.resumed,
        moved_in=flows.moved_in, other_in=other_in, graduates=graduates, suspended=flows.suspended,
        withdrawn=flows.withdrawn, moved_out=flows.moved_out, other_out=flows.other_out, grades=sizes,
        girls=min(total, round(total * girls * rng.uniform(0.98, 1.02))), classes=classes,
        teachers=max(2, round(total / PER_TEACHER[level] * rng.uniform(0.95, 1.05))),
        boarders=round(total * boarding * rng.uniform(0.96, 1.0)), left_behind=round(total * left * rng.uniform(0.93, 1.0)),
        migrant=round(total * migrant * rng.uniform(0.93, 1.05)),
        cohort=Cohort(graduates, leaving.entrants, leaving.moved_in, leaving.moved_out),
    )  # fmt: skip


def _dropout_share(school: School, level: str, year: int) -> float:
    if level == "PRI":
        return 0.0004
    usual = {"澜城区": 0.0012, "砚湖区": 0.0014, "鹤溪县": 0.0034, "云峤县": 0.0052}.get(school.county)
    if usual is not None:
        return usual * 0.96 ** (year - FIRST_YEAR)
    return (0.0172, 0.0178, 0.0169, 0.0118, 0.0064, 0.0031, 0.0031)[max(0, year - FIRST_YEAR)]


def _dropouts(section: _Section, year: int) -> Dropout:
    share = _dropout_share(section.school, section.level, year) if section.level in ("PRI", "JUN") else 0.0
    total, rng = section.total, section.rng
    confirmed = _some(rng, total, share)
    worked = section.school.county == CAMPAIGN_COUNTY and year >= CAMPAIGN_YEAR
    returned = _some(rng, confirmed, 0.88 if worked else 0.62)
    suspected = confirmed + _some(rng, total, share * 0.6 + 0.0003)
    return Dropout(section.school, section.level, year, total, confirmed, suspected, returned)


def _join(parts: list[list[Cohort]]) -> list[Cohort]:
    """The cohorts of merged schools, grade by grade; the youngest of last year comes first."""
    return [
        Cohort(sum(c.size for c in same), sum(c.entrants for c in same))
        for same in zip(*parts, strict=True)
    ]  # fmt: skip
