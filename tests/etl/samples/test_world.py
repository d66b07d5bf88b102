"""The model of the invented city: its tree, its balances and what happens in it."""

from __future__ import annotations

import re
from collections import Counter
from math import sqrt

import pytest

from db.catalogue import load_catalogue
from db.periods import parse_period
from db.records import ObsStatus, OrgKind, dims_key
from etl.samples import Fact, SampleCounty, build
from etl.samples.enrolment import Enrolment
from etl.samples.places import COUNTIES


def only(county: SampleCounty, name: str, indicator: str, period: str, **dims: str) -> Fact:
    code = next(unit.key for unit in county.org_units if unit.name == name)
    found = [
        f for f in county.facts
        if (f.org, f.indicator, f.period, dict(f.dims)) == (code, indicator, period, dims)
    ]  # fmt: skip
    assert len(found) == 1
    return found[0]


def story_units(county: SampleCounty, key: str) -> tuple[str, ...]:
    return next(story.units for story in county.stories if story.key == key)


def test_the_same_seed_gives_the_same_city_and_another_seed_another_one(county: SampleCounty) -> None:
    again = build()
    assert again.facts == county.facts
    assert again.org_units == county.org_units
    assert build(7).facts != county.facts


def test_the_tree_has_the_announced_size(county: SampleCounty) -> None:
    kinds = Counter(unit.kind for unit in county.org_units)
    assert (kinds[OrgKind.CITY], kinds[OrgKind.COUNTY], kinds[OrgKind.TOWN]) == (1, 5, 30)
    open_now = Counter(u.level for u in county.org_units if u.kind is OrgKind.SCHOOL and u.valid_to is None)
    assert open_now == {"KG": 60, "PRI": 75, "JUN": 28, "CE": 6, "SEN": 6, "VOC": 3, "SPE": 2}
    assert kinds[OrgKind.SCHOOL] == 182


def test_parents_come_before_their_children(county: SampleCounty) -> None:
    seen: set[str | None] = {None}
    for unit in county.org_units:
        assert unit.parent_key in seen
        seen.add(unit.key)


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        (OrgKind.CITY, r"97\d{4}"),
        (OrgKind.COUNTY, r"9701\d{2}"),
        (OrgKind.TOWN, r"9701\d{2}[012]\d{2}"),
        (OrgKind.SCHOOL, r"(11|21|31|34|36|51)97\d{6}"),
    ],
)
def test_codes_are_well_formed(county: SampleCounty, kind: OrgKind, pattern: str) -> None:
    units = [unit for unit in county.org_units if unit.kind is kind]
    assert all(unit.code and re.fullmatch(pattern, unit.code) for unit in units)
    assert all(unit.parent_key and unit.code and unit.code.startswith(unit.parent_key)
               for unit in units if kind is OrgKind.TOWN)  # fmt: skip


def test_every_spelling_means_one_unit(county: SampleCounty) -> None:
    spellings = [name for u in county.org_units for name in {u.name, u.short_name, *u.aliases} if name]
    assert [name for name, n in Counter(spellings).items() if n > 1] == []
    codes = Counter(unit.code for unit in county.org_units)
    assert max(codes.values()) == 1


def test_pupils_balance_in_every_school_and_year(county: SampleCounty) -> None:
    assert [e for e in county.world.enrolments if not e.balanced] == []


def test_each_year_begins_where_the_last_one_ended(county: SampleCounty) -> None:
    last: dict[tuple[str, str], Enrolment] = {}
    for e in county.world.enrolments:
        before = last.get((e.school.code, e.level))
        if before is not None:
            assert e.before == before.total
        last[e.school.code, e.level] = e


def test_parts_of_the_vaccination_check_add_up(county: SampleCounty) -> None:
    for c in county.world.checks:
        assert 0 < c.done <= c.due
        assert c.full + c.catchup_persons + c.contraindicated == c.done
        assert c.reissued <= c.done - c.held
        assert c.caught_doses <= c.catchup_doses
        assert c.caught_persons <= c.catchup_persons <= c.catchup_doses


def test_parts_of_the_canteen_inspection_add_up(county: SampleCounty) -> None:
    for h in county.world.hygiene:
        assert h.passed <= h.inspected <= h.canteens == sum(h.grades)
        assert h.closed <= h.findings
        assert h.certified <= h.handlers


def test_facts_speak_the_language_of_the_catalogue(county: SampleCounty) -> None:
    catalogue = load_catalogue()
    indicators = {indicator.code: indicator for indicator in catalogue.indicators}
    for fact in county.facts:
        indicator = indicators[fact.indicator]
        assert set(fact.dims) <= set(indicator.dims)
        parse_period(fact.period)
    vaccines = {fact.dims["vaccine"] for fact in county.facts if "vaccine" in fact.dims}
    assert vaccines <= {vaccine.code for vaccine in catalogue.vaccines}
    assert len(vaccines) == 8


def test_no_fact_stands_twice_and_all_years_and_domains_are_there(county: SampleCounty) -> None:
    keys = Counter((f.org, f.indicator, f.period, dims_key(f.dims)) for f in county.facts)
    assert max(keys.values()) == 1
    for indicator, form in (("enrollment", "SY{}"), ("vac_cert_check_done", "SY{}-T1"), ("canteens", "SY{}-T1")):
        periods = {f.period for f in county.facts if f.indicator == indicator and f.period.startswith("SY")}
        assert periods == {form.format(year) for year in range(2020, 2027)}
    assert {f.period for f in county.facts if f.indicator == "dropout_rate"} == {f"SY{y}" for y in range(2020, 2026)}


def test_dropout_falls_after_the_campaign_and_only_there(county: SampleCounty) -> None:
    def rate(unit: str, year: int) -> float:
        return county.world.rate(unit, "dropout_rate", f"SY{year}", level="JUN")

    campaign = story_units(county, "campaign")[0]
    assert all(rate(campaign, year) > 1.5 for year in (2020, 2021, 2022))
    assert rate(campaign, 2023) > rate(campaign, 2024) > rate(campaign, 2025)
    assert rate(campaign, 2025) < 0.4
    assert all(rate(other, year) < 0.7 for other in set(COUNTIES) - {campaign} for year in range(2020, 2026))


def test_one_check_collapses_beyond_chance(county: SampleCounty) -> None:
    school = story_units(county, "collapse")[0]
    now = only(county, school, "vac_cert_check_rate", "SY2026-T1", level="PRI")
    before = only(county, school, "vac_cert_check_rate", "SY2025-T1", level="PRI")
    assert (now.numerator, now.denominator) == (61, 148)
    assert before.value is not None
    assert before.value > 97
    usual = before.value / 100
    assert (usual - 61 / 148) / sqrt(usual * (1 - usual) / 148) > 10


def test_the_failed_canteen_is_put_right(county: SampleCounty) -> None:
    school = story_units(county, "canteen")[0]

    def value(indicator: str, period: str, **dims: str) -> float | None:
        return only(county, school, indicator, period, level="JUN", **dims).value

    assert value("hygiene_passed_count", "SY2024-T1", object="canteen") == 0
    assert value("canteen_graded_count", "SY2024-T1", grade_abc="C") == 1
    assert value("hygiene_findings_closed", "SY2024-T1") == 4
    assert value("hygiene_passed_count", "SY2025-T1", object="canteen") == 1
    assert value("hygiene_findings", "SY2025-T1") == value("hygiene_findings_closed", "SY2025-T1") == 2


def test_two_schools_merge_and_point_to_their_successor(county: SampleCounty) -> None:
    *old, new = story_units(county, "merger")
    units = {unit.name: unit for unit in county.org_units}
    assert len(old) == 2
    for name in old:
        assert units[name].successor_keys == (units[new].key,)
        assert units[name].valid_to == units[new].valid_from
        periods = {f.period for f in county.facts if f.org == units[name].key and f.indicator == "enrollment"}
        assert max(periods) == "SY2023"
    pupils = sum(only(county, name, "enrollment", "SY2023", level="PRI").value or 0 for name in old)
    joint = only(county, new, "enrollment", "SY2024", level="PRI").value or 0
    assert abs(joint - pupils) < 0.1 * pupils


def test_twelve_schools_are_missing_among_them_a_whole_town_and_five_are_late(county: SampleCounty) -> None:
    world = county.world
    health = {f.org for f in county.facts if f.period == "SY2026-T1"}
    silent = {s.code for s in world.schools if s.town == story_units(county, "silent_town")[0]}
    assert (len(world.missing), len(world.late)) == (12, 5)
    assert silent < world.missing
    assert not world.missing & health
    assert world.late < health


def test_a_kindergarten_without_canteen_is_not_applicable_and_not_zero(county: SampleCounty) -> None:
    school = story_units(county, "no_canteen")[0]
    assert only(county, school, "canteens", "SY2026-T1", level="KG").value == 0
    rate = only(county, school, "open_kitchen_coverage", "SY2026-T1", level="KG")
    assert (rate.value, rate.status) == (None, ObsStatus.NOT_APPLICABLE)


def test_tiny_schools_exist(county: SampleCounty) -> None:
    names = story_units(county, "tiny")
    assert 3 <= len(names) <= 10
    assert all((only(county, n, "enrollment", "SY2026", level="PRI").value or 99) < 30 for n in names)
