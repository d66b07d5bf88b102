"""The start of a cohort in a table of retention (2022年秋季招生数, 6年前招生数) is also what was taken in that year."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from db.periods import parse_period
from etl.sheets.cells import Kind
from etl.sheets.facts import Fact
from etl.sheets.periods import cohort_years, find_period
from etl.sheets.words import level_of_name, levels_in

START = "cohort_start"
ENTRANTS = "entrants"
_CONFIDENCE = 0.9
_YEARS_AGO = re.compile(r"([三六3-6])年前")
_LENGTHS = {"三": 3, "六": 6, "3": 3, "6": 6}
_LEVELS = {3: "JUN", 6: "PRI"}
_YEAR = re.compile(r"(SY)?(\d{4})")


def level_of_cohort(cohort: str) -> dict[str, str]:
    """The level that the name of a cohort tells: 小学(2016级), 初中2019级."""
    found = levels_in(cohort)
    return {"level": found[0]} if len(found) == 1 else {}


def began(label: str, cohort: str, length: int, period: str | None) -> str:
    """The school year in which a cohort entered: as the label dates it, by the name of the cohort (2018级, 2024届), or so many
    years before the summer in which it left; empty when nothing tells."""
    dated = _YEAR.match(find_period(label) or "")
    if dated:
        return f"SY{dated[2]}"
    years = cohort_years(cohort, length) if cohort else None
    if years:
        return f"SY{years[0]}"
    ago, left = _YEARS_AGO.search(label), _YEAR.match(period or "")
    if ago is None or left is None or ago[1] not in _LENGTHS:
        return ""
    return f"SY{int(left[2]) + (1 if left[1] else 0) - _LENGTHS[ago[1]]}"


def of_cohort(told: str | None, last: str, several: bool) -> str:
    """The period of a cohort whose last school year is `last`, in a sheet that tells one: of several cohorts in one table the
    told period is that of one at most, and a day of filling in of none."""
    if told is None or not several:
        return told or last
    period, year = parse_period(told), parse_period(last)
    return told if period.kind != "date" and period.start <= year.end and year.start <= period.end else last


def entrants_of(facts: Iterable[Fact]) -> list[Fact]:
    """The numbers of entrants that the starts of cohorts tell, where their school year and level are known."""
    found = []
    for fact in facts:
        told = fact.part == START and not fact.indicator and fact.begun and fact.cell.kind is Kind.NUMBER
        level = fact.dims.get("level") or level_of_name(fact.entity) or _LEVELS.get(fact.cohort_length)
        if told and level is not None and level in _LEVELS.values():
            found.append(
                replace(
                    fact, indicator=ENTRANTS, part=None, dims={"level": level}, period=fact.begun, unit="person",
                    confidence=min(fact.confidence, _CONFIDENCE),
                )
            )  # fmt: skip
    return found


def as_bases_only(facts: Iterable[Fact], asked: Collection[int]) -> None:
    """A form asks for the start of a cohort as the base of its retention (`asked`: its columns), not as the entrants of years
    ago, which another form has told."""
    for fact in facts:
        if fact.col in asked:
            fact.begun = ""
