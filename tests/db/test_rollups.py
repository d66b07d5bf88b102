"""How facts of the small city add up: every rule of aggregation as a case, on both databases."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import pytest
import sqlalchemy as sa

from db import queries
from db.engine import write
from db.records import ObsStatus, OrgKind, OrgStatus, ProposedUnit, Qualifier
from db.rollups import rebuild_all
from db.store import save_import
from tests.db.makers import YEAR, Fact, Place, assert_same, report, sheet, snapshot, value_of

PRI, JUN, CE, ALL = "level=PRI", "level=JUN", "level=CE", "level=ALL"
NONE: dict[str, Any] = {}


def rate(unit: str, top: float, base: float, dims: str = PRI, **more: Any) -> Fact:
    return Fact(unit, "dropout_rate", round(100 * top / base, 2), dims, numerator=top, denominator=base, **more)


# facts of a sheet; then what stands where: (unit, indicator, dims) -> expected fields
CASES = {
    "counts are summed up the tree": (
        [Fact("n1a", "enrollment", 300, PRI), Fact("n2a", "enrollment", 200, PRI), Fact("q1a", "enrollment", 50, PRI)],
        {
            ("n1a", "enrollment", PRI): {"value": 300, "method": "reported", "n_units": 1},
            ("N1", "enrollment", PRI): {"value": 300, "method": "summed", "n_units": 1},
            ("N", "enrollment", PRI): {"value": 500, "n_units": 2},
            ("C", "enrollment", PRI): {"value": 550, "n_units": 3, "method": "summed"},
        },
    ),
    "zero is a value": (
        [Fact("n1a", "dropout_count", 0, PRI), Fact("n2a", "dropout_count", 3, PRI)],
        {("n1a", "dropout_count", PRI): {"value": 0, "method": "reported"}, ("N", "dropout_count", PRI): {"n_units": 2}},
    ),
    "a rate of an area is the quotient of sums, never the mean": (
        [rate("n1a", 1, 100), rate("n2a", 30, 300)],  # 1 % and 10 %: the mean would be 5.5 %
        {
            ("N", "dropout_rate", PRI): {"value": 7.75, "numerator": 31, "denominator": 400, "method": "computed"},
            ("C", "dropout_rate", PRI): {"value": 7.75, "n_units": 2},
        },
    ),
    "a rate is computed from the unit's own counts": (
        [Fact("n1a", "enrollment", 400, PRI), Fact("n1a", "dropout_count", 2, PRI)],
        {
            ("n1a", "dropout_rate", PRI): {"value": 0.5, "method": "computed", "numerator": 2, "denominator": 400},
            ("N", "dropout_rate", PRI): {"value": 0.5},
        },
    ),
    "own counts beat a stated rate, which is kept beside": (
        [Fact("n1a", "enrollment", 400, PRI), Fact("n1a", "dropout_count", 2, PRI), Fact("n1a", "dropout_rate", 0.7, PRI)],
        {("n1a", "dropout_rate", PRI): {"value": 0.5, "stated_value": 0.7, "method": "computed"}},
    ),
    "counts at another level make no rate": (
        [Fact("n1a", "enrollment", 400), Fact("n1a", "dropout_count", 2, PRI)],
        {("n1a", "dropout_rate", PRI): NONE, ("n1a", "dropout_rate", ""): NONE},
    ),
    "nobody enrolled makes no rate": (
        [Fact("n1a", "enrollment", 0, PRI), Fact("n1a", "dropout_count", 0, PRI), rate("n2a", 1, 50)],
        {("n1a", "dropout_rate", PRI): NONE, ("N", "dropout_rate", PRI): {"value": 2, "denominator": 50, "n_units": 1}},
    ),
    "a stated rate stands for its own unit only": (
        [Fact("n1a", "dropout_rate", 9, PRI), rate("n2a", 1, 200)],
        {
            ("n1a", "dropout_rate", PRI): {"value": 9, "method": "reported"},
            ("N1", "dropout_rate", PRI): NONE,
            ("N", "dropout_rate", PRI): {"value": 0.5, "n_units": 1},
        },
    ),
    "the children's sum beats the parent's statement, which is kept beside": (
        [Fact("n1a", "enrollment", 300, PRI), Fact("N", "enrollment", 310, PRI)],
        {
            ("N", "enrollment", PRI): {"value": 300, "stated_value": 310, "method": "summed"},
            ("C", "enrollment", PRI): {"value": 300},
        },
    ),
    "a parent's statement stands where no child has one": (
        [Fact("N", "enrollment", 310, PRI), Fact("q1a", "enrollment", 90, PRI)],
        {
            ("N", "enrollment", PRI): {"value": 310, "method": "reported"},
            ("C", "enrollment", PRI): {"value": 400, "n_units": 2},
        },
    ),
    "a place's stated rate does not enter the city's": (
        [Fact("N", "dropout_rate", 3, PRI), Fact("Q", "dropout_rate", 5, PRI), Fact("C", "dropout_rate", 4, PRI)],
        {("C", "dropout_rate", PRI): {"value": 4, "method": "reported"}},
    ),
    "missing adds nothing and keeps its reason": (
        [
            Fact("n1a", "enrollment", None, PRI, status=ObsStatus.NOT_REPORTED),
            Fact("n2a", "enrollment", 200, PRI),
            Fact("q1a", "enrollment", None, PRI, status=ObsStatus.SUPPRESSED),
        ],
        {
            ("n1a", "enrollment", PRI): {"value": None, "method": "missing", "obs_status": "not_reported", "n_units": 0},
            ("N", "enrollment", PRI): {"value": 200, "n_units": 1},
            ("q1a", "enrollment", PRI): {"obs_status": "suppressed"},
            ("Q", "enrollment", PRI): NONE,
            ("N1", "enrollment", PRI): NONE,
        },
    ),
    "a range is its lower bound and is never summed": (
        [
            Fact("n1a", "enrollment", 300, PRI, qualifier=Qualifier.RANGE, value_high=400),
            Fact("n2a", "enrollment", 200, PRI),
        ],
        {
            ("n1a", "enrollment", PRI): {"value": 300, "method": "reported", "qualifier": "range"},
            ("N1", "enrollment", PRI): NONE,
            ("N", "enrollment", PRI): {"value": 200},
        },
    ),
    "an approximate count still counts": (
        [Fact("n1a", "enrollment", 300, PRI, qualifier=Qualifier.ABOUT)],
        {("n1a", "enrollment", PRI): {"qualifier": "about"}, ("N", "enrollment", PRI): {"value": 300}},
    ),
    "CE is primary and junior, ALL is the sum of the levels": (
        [Fact("n2b", "enrollment", 600, PRI), Fact("n2b", "enrollment", 250, JUN), Fact("q1b", "enrollment", 90, "level=KG")],
        {
            ("n2b", "enrollment", CE): {"value": 850, "method": "summed", "n_units": 1},
            ("n2b", "enrollment", ALL): {"value": 850, "n_units": 1},
            ("q1b", "enrollment", CE): NONE,
            ("q1b", "enrollment", ALL): {"value": 90},
            ("C", "enrollment", CE): {"value": 850},
            ("C", "enrollment", ALL): {"value": 940, "n_units": 2},
        },
    ),
    "a stated CE or ALL beats its parts": (
        [Fact("n2b", "enrollment", 600, PRI), Fact("n2b", "enrollment", 850, CE), Fact("n2b", "enrollment", 860, ALL)],
        {("n2b", "enrollment", CE): {"value": 850}, ("N", "enrollment", ALL): {"value": 860}},
    ),
    "a value without level stands for ALL": (
        [Fact("n2b", "enrollment", 870), Fact("n2b", "enrollment", 600, PRI)],
        {
            ("n2b", "enrollment", ""): {"value": 870},
            ("n2b", "enrollment", ALL): {"value": 870, "method": "reported"},
            ("N", "enrollment", ""): {"value": 870},
            ("N", "enrollment", ALL): {"value": 870},
        },
    ),
    "rates of levels join as the quotient of sums": (
        [rate("n2b", 1, 100), rate("n2b", 5, 100, JUN)],
        {("n2b", "dropout_rate", CE): {"value": 3, "denominator": 200}, ("C", "dropout_rate", ALL): {"value": 3}},
    ),
    "a stated rate of a one-level school stands for its ALL, of a nine-year school for nothing else": (
        [Fact("n1a", "dropout_rate", 0.3, PRI), Fact("n2b", "dropout_rate", 0.4, PRI)],
        {
            ("n1a", "dropout_rate", CE): {"value": 0.3, "method": "reported"},
            ("n1a", "dropout_rate", ALL): {"value": 0.3},
            ("n2b", "dropout_rate", CE): NONE,
        },
    ),
    "a place that states one level has no total": (
        [Fact("N", "enrollment", 5000, PRI)],
        {("N", "enrollment", CE): NONE, ("N", "enrollment", ALL): NONE, ("C", "enrollment", ALL): NONE},
    ),
    "a place that states primary and junior has CE": (
        [Fact("N", "enrollment", 5000, PRI), Fact("N", "enrollment", 2500, JUN)],
        {("N", "enrollment", CE): {"value": 7500}, ("N", "enrollment", ALL): NONE},
    ),
    "other dims stay apart": (
        [Fact("n1a", "enrollment", 140, "level=PRI;sex=F"), Fact("n1a", "enrollment", 300, PRI)],
        {
            ("N", "enrollment", "level=PRI;sex=F"): {"value": 140},
            ("N", "enrollment", "level=ALL;sex=F"): {"value": 140},
            ("N", "enrollment", ALL): {"value": 300},
        },
    ),
    "a merged school counts in the periods in which it has facts": (
        [Fact("old", "enrollment", 80, PRI, period="SY2022"), Fact("n2a", "enrollment", 120, PRI, period="SY2022")],
        {("N2", "enrollment", PRI, "SY2022"): {"value": 200, "n_units": 2}},
    ),
    "values of an unknown period are never added": (
        [Fact("n1a", "enrollment", 300, PRI, period=None), Fact("n2a", "enrollment", 200, PRI, period=None)],
        {("n1a", "enrollment", PRI, ""): {"value": 300}, ("N", "enrollment", PRI, ""): NONE},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_case(engine: sa.Engine, place: Place, name: str) -> None:
    facts, expected = CASES[name]
    save_import(engine, sheet(place, facts), "甲")
    for (unit, indicator, dims, *period), fields in expected.items():
        cell = value_of(engine, place, unit, indicator, dims, *period)
        if not fields:
            assert cell == {}, f"{unit} {indicator} {dims} should have no row"
        for field, value in fields.items():
            got = cell[field]
            assert (
                (got != got)
                if value is None
                else got == pytest.approx(value)
                if isinstance(value, float)
                else got == value
            )


def test_a_sheet_outranks_a_report(engine: sa.Engine, place: Place) -> None:
    save_import(engine, report(place, [Fact("n1a", "enrollment", 310, PRI), Fact("n2a", "enrollment", 205, PRI)]), "甲")
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300, PRI)]), "甲")
    assert value_of(engine, place, "n1a", "enrollment", PRI)["value"] == 300
    assert value_of(engine, place, "N", "enrollment", PRI)["value"] == 505


def test_a_reported_value_stands_where_the_sheet_left_the_cell_empty(engine: sa.Engine, place: Place) -> None:
    empty = Fact("n1a", "enrollment", None, PRI, status=ObsStatus.NOT_REPORTED)
    save_import(engine, sheet(place, [empty]), "甲")
    save_import(engine, report(place, [Fact("n1a", "enrollment", 310, PRI)]), "甲")
    assert value_of(engine, place, "n1a", "enrollment", PRI)["value"] == 310


def test_a_later_count_refreshes_the_rates_that_rest_on_it(engine: sa.Engine, place: Place) -> None:
    save_import(engine, sheet(place, [Fact("n1a", "dropout_count", 2, PRI)]), "甲")
    assert value_of(engine, place, "N", "dropout_rate", PRI) == {}
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 100, PRI)]), "甲")
    assert value_of(engine, place, "C", "dropout_rate", PRI)["value"] == 2
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 50, PRI)]), "甲")
    assert value_of(engine, place, "C", "dropout_rate", PRI)["value"] == 4


def test_units_outside_the_tree_never_reach_the_city(engine: sa.Engine, place: Place) -> None:
    draft = report(
        place,
        [Fact("?x", "enrollment", 9000, PRI), Fact("?y", "enrollment", 7000, PRI), Fact("n1a", "enrollment", 300, PRI)],
        proposed_units=(
            ProposedUnit("?x", "某县", OrgKind.COUNTY, OrgStatus.UNNAMED),
            ProposedUnit("?y", "远山县", OrgKind.COUNTY, OrgStatus.PROPOSED),
        ),
    )
    save_import(engine, draft, "甲")
    assert value_of(engine, place, "C", "enrollment", PRI)["value"] == 300
    with engine.connect() as connection:
        units = queries.org_units(connection)
        outside = units[units["status"].isin(["unnamed", "proposed"])]
        found = queries.cells(connection, indicators=["enrollment"], org_unit_ids=outside["org_unit_id"], dims=[PRI])
    assert sorted(found["value"]) == [7000, 9000]
    assert (outside["area_id"] == outside["org_unit_id"]).all()


SCHOOLS = {"n1a": "N1", "n1b": "N1", "n2a": "N2", "n2b": "N2", "old": "N2", "q1a": "Q1", "q1b": "Q1"}
COUNTY = {"N1": "N", "N2": "N", "Q1": "Q"}


def _random_facts(source: random.Random) -> list[Fact]:
    facts = []
    for unit in SCHOOLS:
        for level in (PRI, JUN):
            for period in (YEAR, "SY2023"):
                if source.random() < 0.8:
                    facts.append(Fact(unit, "enrollment", source.randint(0, 900), level, period))
                if source.random() < 0.8:
                    facts.append(Fact(unit, "dropout_count", source.randint(0, 9), level, period))
    return facts


def _recount(facts: dict[tuple[str, str, str, str | None], Fact]) -> dict[tuple[str, str, str | None], list[float]]:
    """An independent recount: [enrolment, dropouts and base of those who have both] by unit, level, period."""
    sums: dict[tuple[str, str, str | None], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for (unit, indicator, level, period), fact in facts.items():
        up = (unit, SCHOOLS[unit], COUNTY[SCHOOLS[unit]], "C")
        dropouts = facts.get((unit, "dropout_count", level, period))
        for place in up:
            if indicator == "enrollment":
                sums[place, level, period][0] += float(fact.value or 0)
                if dropouts is not None and fact.value:
                    sums[place, level, period][1] += float(dropouts.value or 0)
                    sums[place, level, period][2] += float(fact.value)
    return sums


@pytest.mark.parametrize("seed", [1, 2])
def test_a_recount_over_many_imports_agrees(engine: sa.Engine, place: Place, seed: int) -> None:
    source = random.Random(seed)
    latest: dict[tuple[str, str, str, str | None], Fact] = {}
    for number in range(4):
        facts = _random_facts(source)
        latest.update({(fact.unit, fact.indicator, fact.dims, fact.period): fact for fact in facts})
        save_import(engine, sheet(place, facts, f"第{number}次.xlsx"), "甲")
    for (unit, level, period), (enrolled, top, base) in _recount(latest).items():
        assert value_of(engine, place, unit, "enrollment", level, period or "")["value"] == enrolled
        cell = value_of(engine, place, unit, "dropout_rate", level, period or "")
        assert cell.get("value") == (pytest.approx(100 * top / base) if base else None)
    before = snapshot(engine)
    with write(engine) as connection:
        assert rebuild_all(connection) > 0
    assert_same(before, snapshot(engine))
