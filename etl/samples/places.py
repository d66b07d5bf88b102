"""The invented city: names, codes and the tree of org units. No place and no school of this list exists."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from db.records import OrgKind, OrgUnitInput

CITY = "澜川市"
CITY_CODE = "970100"  # 97 is no province
PROVINCE_DIGITS = "97"
FIRST_YEAR, LAST_YEAR = 2020, 2026

# County: (code, area type of its seat, towns). The first town is the seat.
COUNTIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "澜城区": ("970102", ("澜桥街道", "澜滨街道", "织云街道", "榆荫街道", "澜垌镇", "苇渡镇")),
    "砚湖区": ("970103", ("砚湄街道", "砚汀街道", "松墨街道", "芸香街道", "砚滩镇", "笔洲镇")),
    "鹤溪县": ("970121", ("鹤鸣湾镇", "霁岭镇", "上鹤坪镇", "鹤渚镇", "梧垭乡", "竹坞坪乡")),
    "枫陵县": ("970122", ("枫屏镇", "陵畔镇", "丹枫坪镇", "栗坞镇", "椴坪乡", "枫隘乡")),
    "云峤县": ("970123", ("峤屏镇", "云垌镇", "雾峤镇", "鼎坳镇", "苔岭乡", "鹿饮乡")),
}
_HEADS = "霁椴栎枳榛蓼芷葭蘅苓荻藜莳楮桤菖蒿筠"
_TAILS = "坞垭坳汀渚埠圩岗坪垄峪塬湾洲浦"
_TYPE_DIGITS = {"KG": "11", "PRI": "21", "JUN": "31", "CE": "31", "SEN": "34", "VOC": "36", "SPE": "51"}

MERGED_TOWN, MERGED_NAME, MERGE_YEAR = "栗坞镇", "栗坞镇联合小学", 2024
SILENT_TOWN = "鹿饮乡"


@dataclass(frozen=True, slots=True)
class School:
    """A school of the model. `size` is a typical number of entrants a year; years are school years."""

    code: str
    name: str
    short: str
    county: str
    town: str
    level: str
    area: str
    sponsor: str
    size: int
    boarding: bool = False
    aliases: tuple[str, ...] = ()
    opened: int = 2000
    closed: int | None = None  # first school year in which it no longer exists
    successor: str | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """The levels it reports: a nine-year school reports its two sections apart."""
        return ("PRI", "JUN") if self.level == "CE" else (self.level,)

    def exists_in(self, year: int) -> bool:
        return self.opened <= year and (self.closed is None or year < self.closed)


@dataclass(frozen=True, slots=True)
class _Plan:
    """One school before it has its code."""

    name: str
    town: str
    level: str
    scale: float
    sponsor: str = "public"
    alias: str = ""
    opened: int = 2000
    closed: int | None = None
    successor: str | None = None


def _stems() -> list[str]:
    """Ninety invented village names."""
    return [head + _TAILS[(i * 7 + k * 4) % len(_TAILS)] for k in range(5) for i, head in enumerate(_HEADS)]


def _stem(town: str) -> str:
    return town.removesuffix("街道").removesuffix("镇").removesuffix("乡")


def _village_schools(county: str, n: int, town: str, stems: list[str]) -> list[_Plan]:
    """What a town has below its central schools: a private kindergarten and one or two village schools."""
    urban = town.endswith("街道")
    plans = [_Plan(f"{stems.pop(0)}幼儿园", town, "KG", 0.8, sponsor="private" if n % 2 else "public")]
    plans.append(_Plan(f"{stems.pop(0)}小学", town, "PRI", 0.7 if urban else 0.14))
    if n % 2 == 0:
        tiny = not urban and n == 4
        plans.append(_Plan(f"{stems.pop(0)}小学", town, "PRI", 0.5 if urban else (0.03 if tiny else 0.09)))
    return plans


def _town_schools(county: str, n: int, town: str, stems: list[str]) -> list[_Plan]:
    stem = _stem(town)
    central = "" if town.endswith("街道") else f"{stem}中心校"
    middle = "" if n == 5 and county in ("枫陵县", "云峤县") else f"{stem}中学"
    kinder = f"{stem}幼儿园" if town.endswith("街道") else f"{town}中心幼儿园"
    primary = f"{stem}小学" if town.endswith("街道") else f"{town}中心小学"
    plans = [_Plan(kinder, town, "KG", 1.2), _Plan(primary, town, "PRI", 1.0, alias=central)]
    if middle:
        plans.append(_Plan(middle, town, "JUN", 1.0, alias=f"{stem}初中"))
    plans += _village_schools(county, n, town, stems)
    if town == MERGED_TOWN:
        joined = [plan for plan in plans if plan.level == "PRI" and "中心" not in plan.name]
        plans = [plan for plan in plans if plan not in joined]
        stems_two = [joined[0].name, f"{stems.pop(0)}小学"]
        plans += [_Plan(name, town, "PRI", 0.13, closed=MERGE_YEAR, successor=MERGED_NAME) for name in stems_two]
        plans.append(_Plan(MERGED_NAME, town, "PRI", 0.26, opened=MERGE_YEAR))
    return plans


def _county_schools(county: str, towns: tuple[str, ...], stems: list[str]) -> list[_Plan]:
    seat = towns[0]
    plans = [plan for n, town in enumerate(towns) for plan in _town_schools(county, n, town, stems)]
    nine_year = (towns[4], towns[5]) if county == "云峤县" else (towns[4],)
    plans += [_Plan(f"{_stem(town)}九年制学校", town, "CE", 0.3, alias=f"{_stem(town)}学校") for town in nine_year]
    plans.append(_Plan(f"{county[:2]}高级中学", seat, "SEN", 2.4, alias=f"{county[:2]}高中"))
    if county == "澜城区":
        plans += [
            _Plan("澜川市艺文高级中学", seat, "SEN", 1.2, sponsor="private"),
            _Plan("澜川市职业技术学校", seat, "VOC", 2.6),
            _Plan("澜川市特殊教育学校", seat, "SPE", 0.1),
        ]
    if county in ("鹤溪县", "枫陵县"):
        plans.append(_Plan(f"{county[:2]}职业技术学校", seat, "VOC", 1.5))
    if county == "鹤溪县":
        plans.append(_Plan("鹤溪特殊教育学校", seat, "SPE", 0.06))
    return plans


def build_schools(seed: int) -> tuple[School, ...]:
    """All schools of all years: 180 in being in SY2026 and two that were merged away."""
    rng = random.Random(f"{seed}:schools")
    stems = _stems()
    schools: list[School] = []
    for county, (_, towns) in COUNTIES.items():
        schools += [
            _school(county, plan, len(schools) + n, rng)
            for n, plan in enumerate(_county_schools(county, towns, stems), 1)
        ]
    return tuple(schools)


def _school(county: str, plan: _Plan, serial: int, rng: random.Random) -> School:
    base = {"KG": 62, "PRI": 128, "JUN": 210, "CE": 90, "SEN": 260, "VOC": 180, "SPE": 150}[plan.level]
    urban = 1.25 if county in ("澜城区", "砚湖区") else (1.0 if county != "云峤县" else 0.8)
    size = max(2, round(base * plan.scale * urban * rng.uniform(0.88, 1.12)))
    area = "urban" if plan.town.endswith("街道") else ("town" if plan.scale >= 0.8 else "rural")
    name = plan.name if plan.name.startswith(CITY) else county + plan.name
    far = plan.level in ("JUN", "CE") and not plan.town.endswith("街道")
    successor = county + plan.successor if plan.successor else None
    return School(
        code=f"{_TYPE_DIGITS[plan.level]}{PROVINCE_DIGITS}{serial:06d}", name=name, short=plan.name, county=county,
        town=plan.town, level=plan.level, area=area, sponsor=plan.sponsor, size=size,
        boarding=far or plan.level in ("SEN", "VOC", "SPE"), aliases=(plan.alias,) if plan.alias else (),
        opened=plan.opened, closed=plan.closed, successor=successor,
    )  # fmt: skip


def town_code(town: str) -> str:
    """Nine digits: the county's six and three of the town (streets 0, towns 1, townships 2)."""
    for code, towns in COUNTIES.values():
        if town in towns:
            kind = 0 if town.endswith("街道") else (1 if town.endswith("镇") else 2)
            return f"{code}{kind}{towns.index(town) + 1:02d}"
    raise KeyError(town)


def _first_day(year: int) -> date:
    return date(year, 9, 1)


def org_units(schools: tuple[School, ...]) -> list[OrgUnitInput]:
    """City, counties, towns and schools, parents first, keyed by their codes."""
    units = [OrgUnitInput(CITY_CODE, None, OrgKind.CITY, CITY, CITY_CODE, "澜川")]
    for county, (code, towns) in COUNTIES.items():
        units.append(OrgUnitInput(code, CITY_CODE, OrgKind.COUNTY, county, code, county[:2]))
        units += [OrgUnitInput(town_code(t), code, OrgKind.TOWN, t, town_code(t), _stem(t)) for t in towns]
    codes = {school.name: school.code for school in schools}
    units += [
        OrgUnitInput(
            s.code, town_code(s.town), OrgKind.SCHOOL, s.name, s.code, s.short, s.level, s.area, s.sponsor,
            _first_day(s.opened), _first_day(s.closed) if s.closed else None, s.aliases,
            (codes[s.successor],) if s.successor else (),
        )
        for s in schools
    ]  # fmt: skip
    return units
