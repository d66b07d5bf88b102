"""A province of any size as numbers: its register, and each county's forms for every stage and school year. All invented.

Every number depends on its county, stage and year alone: more schools, years or measures change none of the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from db.records import Block, Grid, OrgUnitInput, Reading, SourceFile
from db.records_bulk import FilledForm, Measure
from etl.samples.load import LAST_YEAR, PROVINCE, register

Ints = npt.NDArray[np.int64]
SEED = 20261127
MOST_YEARS = 40
MEASURES = (
    ("在校生数", "enrollment", "", "person"),
    ("其中:女生数", "enrollment", "sex=F", "person"), ("专任教师数", "teachers", "", "person"), ("教学班数", "classes", "", "class"),
    ("招生数", "entrants", "", "person"), ("毕业生数", "graduates", "", "person"), ("寄宿生数", "boarders", "", "person"),
    ("留守儿童数", "left_behind_children", "", "person"), ("随迁子女数", "migrant_children", "", "person"),
    ("教职工数", "staff", "", "person"),
    ("残疾学生数", "disabled_students", "", "person"), ("转入人数", "transfer_in", "", "person"),
    ("转出人数", "transfer_out", "", "person"), ("休学人数", "suspended", "", "person"),
    ("复学人数", "resumed", "", "person"), ("退学人数", "withdrawn", "", "person"),
    ("毕业班学生数", "final_year_students", "", "person"), ("招生女生数", "entrants", "sex=F", "person"),
    ("毕业女生数", "graduates", "sex=F", "person"), ("传染病报告病例数", "infectious_cases", "", "case"),
    ("食堂数", "canteens", "", "canteen"), ("食堂从业人员数", "food_handlers", "", "person"),
    ("持健康证从业人员数", "food_handlers_certified", "", "person"), ("发现问题数", "hygiene_findings", "", "finding"),
    ("已整改问题数", "hygiene_findings_closed", "", "finding"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """What schools of one stage are like: the median and the spread of their size, what the roll grows by in a year, how
    many years it lasts, pupils to a class and to a teacher, further staff to a teacher, the share of boarders."""

    level: str
    name: str
    tail: str
    median: int
    spread: float
    growth: float
    years: int
    class_size: int
    to_teacher: float
    other_staff: float
    boarding: float


KG = Stage("KG", "幼儿园", "幼儿园", 120, 0.55, -0.05, 3, 26, 13.5, 0.9, 0.002)
PRI = Stage("PRI", "小学", "小学", 340, 0.75, -0.01, 6, 38, 16.2, 0.1, 0.05)
JUN = Stage("JUN", "初中", "初级中学", 620, 0.6, 0.01, 3, 45, 12.7, 0.12, 0.28)
SEN = Stage("SEN", "普通高中", "高级中学", 1500, 0.5, 0.02, 3, 49, 12.6, 0.13, 0.62)
STAGES = (KG, PRI, JUN, SEN)
IN_TOWN = (KG,) * 8 + (PRI,) * 8 + (JUN,) * 3 + (SEN,)  # of every twenty schools


@dataclass(frozen=True, slots=True)
class Province:
    """`schools` of four stages in towns, counties and cities, `years` school years, the first `indicators` of MEASURES:
    schools x years x indicators facts."""

    schools: int
    years: int
    indicators: int

    @property
    def org_units(self) -> Iterator[OrgUnitInput]:
        """Parents before children, keyed by their codes."""
        places = [(stage.level, stage.tail, "private" if n < 4 else "public") for n, stage in enumerate(IN_TOWN)]
        return register(self.schools, places)

    def forms(self) -> Iterator[list[FilledForm]]:
        """County by county all its forms."""
        counties = (list(units) for _, units in groupby(self._schools(), key=lambda each: each[0].key))
        for number, members in enumerate(counties):
            county = members[0][0].name
            by_stage = [[school for _, school in members if school.level == stage.level] for stage in STAGES]
            yield [
                form
                for index, (stage, schools) in enumerate(zip(STAGES, by_stage, strict=True))
                if schools
                for form in self._of_stage(county, (number, index), stage, schools)
            ]

    def _schools(self) -> Iterator[tuple[OrgUnitInput, OrgUnitInput]]:
        county: OrgUnitInput | None = None
        for unit in self.org_units:
            if unit.kind == "county":
                county = unit
            elif unit.kind == "school" and county is not None:
                yield county, unit

    def _of_stage(
        self, county: str, place: tuple[int, int], stage: Stage, schools: Sequence[OrgUnitInput]
    ) -> Iterator[FilledForm]:
        rolls = _rolls(place, stage, len(schools), self.years)
        for year in range(LAST_YEAR - self.years + 1, LAST_YEAR + 1):
            roll = rolls[LAST_YEAR - year]
            values = _numbers(np.random.default_rng((SEED, *place, year)), stage, roll)[:, : self.indicators]
            yield _form(county, stage, year, schools, values)


def _rolls(place: tuple[int, int], stage: Stage, schools: int, years: int) -> list[Ints]:
    """The pupils of each school by year, the latest year first."""
    chance = np.random.default_rng((SEED, *place))
    size = chance.lognormal(np.log(stage.median), stage.spread, schools)
    found = []
    for back in range(years):
        found.append(np.maximum(size.astype(np.int64), 12))
        size = size / (1 + stage.growth + np.random.default_rng((SEED, *place, back, 1)).normal(0, 0.03, schools))
    return found


def _numbers(chance: np.random.Generator, stage: Stage, roll: Ints) -> Ints:
    """One row for each school, one column for each of MEASURES; every part is at most its whole."""
    entrants = np.minimum(chance.poisson(roll / stage.years), roll)
    final = np.minimum(chance.poisson(roll / stage.years), roll)
    graduates = chance.binomial(final, 0.985)
    teachers = np.ceil(roll / stage.to_teacher * chance.normal(1, 0.08, len(roll)).clip(0.7, 1.3)).astype(np.int64)
    shares = [
        chance.binomial(roll, np.clip(chance.gamma(2, share / 2, len(roll)), 0, 0.95))
        for share in (stage.boarding, 0.081, 0.069)
    ]
    rare = [chance.poisson(roll * share) for share in (0.003, 0.015, 0.014, 0.0015, 0.001, 0.0005)]
    canteens = chance.binomial(1, 0.9, len(roll))
    handlers = canteens * (roll // 75 + 1)
    findings = chance.poisson(1.3, len(roll))
    columns = [
        roll, chance.binomial(roll, 0.472), teachers, np.ceil(roll / stage.class_size), entrants, graduates, *shares,
        teachers + chance.poisson(teachers * stage.other_staff), *rare, final, chance.binomial(entrants, 0.47),
        chance.binomial(graduates, 0.475), chance.poisson(roll * 0.004), canteens, handlers,
        chance.binomial(handlers, 0.985), findings, chance.binomial(findings, 0.85),
    ]  # fmt: skip
    return np.stack(columns, axis=1).astype(np.int64)


def _form(county: str, stage: Stage, year: int, schools: Sequence[OrgUnitInput], values: Ints) -> FilledForm:
    title = f"{PROVINCE}{county}{year}-{year + 1}学年初{stage.name}基本情况统计表"
    chosen = MEASURES[: values.shape[1]]
    numbers = values.tolist()
    rows = [
        (title,), (f"填报单位:{county}教育局",), ("学校标识码", "学校名称", *(heading for heading, *_ in chosen)),
        *((school.key, school.name, *map(str, row)) for school, row in zip(schools, numbers, strict=True)),
    ]  # fmt: skip
    content = "\n".join([*(",".join(row) for row in rows), ""]).encode("utf-8-sig")
    source = SourceFile(f"{title}.csv", content, hashlib.sha256(content).hexdigest(), "text/csv")
    grid = Grid("csv", tuple(rows), address_style="RC")
    reading = Reading("text/csv", blocks=(Block(1, "grid", "csv", grid=grid),))
    measures = [
        Measure(code, f"level={stage.level}" + (f";{dims}" if dims else ""), unit) for _, code, dims, unit in chosen
    ]
    return FilledForm(source, reading, f"SY{year}", [one.key for one in schools], measures, numbers, 3, 2)
