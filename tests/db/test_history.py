"""Rules beside the store: a jump, a flat series, a parent and its parts, units that used to report."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from db.catalogue import load_catalogue
from db.queries_history import history_of
from db.records import Draft, Issue
from db.store import save_import
from etl.checks import check_history
from tests.db.makers import Fact, Place, load_place, report, sheet

SCHOOLS = ("n1a", "n1b", "n2a", "n2b")


@pytest.fixture
def place(engine: sa.Engine) -> Place:
    return load_place(engine)


def issues(engine: sa.Engine, draft: Draft) -> list[Issue]:
    with engine.connect() as connection:
        return check_history(draft, history_of(connection, draft, load_catalogue()), load_catalogue())


def told(engine: sa.Engine, place: Place, before: Sequence[Fact], now: Sequence[Fact]) -> list[tuple[str, str | None]]:
    if before:
        save_import(engine, sheet(place, before, name="上年.xlsx"), "t")
    return [(issue.code, issue.cell) for issue in issues(engine, sheet(place, now))]


def years(
    indicator: str, values: Sequence[float], unit: str = "n1a", dims: str = "level=PRI", **more: float
) -> list[Fact]:
    first = 2025 - len(values)
    return [Fact(unit, indicator, v, dims, f"SY{first + n}", **more) for n, v in enumerate(values)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("indicator", "before", "now", "codes"),
    [
        ("enrollment", [400], 700, ["B17"]),  # a school, more than 20 % and 30 pupils
        ("enrollment", [400], 440, []),
        ("enrollment", [40], 65, []),  # more than 20 %, but 25 pupils
        ("net_enrollment_rate", [99.5], 94.0, ["B17"]),
        ("net_enrollment_rate", [99.5], 98.0, []),
        ("net_enrollment_rate", [97.2, 97.2, 97.2, 97.2, 97.2, 97.2], 93.1, ["B17"]),  # flat: no spread to hide in
        ("enrollment", [400, 520, 410, 530, 405, 525], 400, []),  # jumps every year
        ("enrollment", [412, 412], 412, ["B18"]),
        ("net_enrollment_rate", [98.7, 98.7], 98.7, ["B18"]),
        ("net_enrollment_rate", [100, 100], 100, []),
        ("enrollment", [40700, 40500], 4.06, ["B25"]),
        ("enrollment", [430], 0, ["B20"]),
    ],
)
def test_a_unit_is_compared_with_its_own_past(
    engine: sa.Engine, place: Place, indicator: str, before: list[float], now: float, codes: list[str]
) -> None:
    *past, last = years(indicator, [*before, now])
    assert told(engine, place, past, [last]) == [(code, "A1") for code in codes]


def test_a_rate_of_few_pupils_may_jump_by_chance(engine: sa.Engine, place: Place) -> None:
    def facts(n: float) -> tuple[list[Fact], list[Fact]]:
        old = years("vac_cert_held_rate", [92.5, 85.0], denominator=n)
        return [old[0]], [old[1]]

    assert told(engine, place, *facts(40)) == []  # 37 and 34 of 40
    assert [code for code, _ in told(engine, place, *facts(4000))] == ["B17"]


def test_a_county_is_held_to_less_than_a_school(engine: sa.Engine, place: Place) -> None:
    *past, last = years("enrollment", [40000, 45000], unit="N")
    assert [code for code, _ in told(engine, place, past, [last])] == ["B17"]


def test_a_parent_differs_from_all_its_children(engine: sa.Engine, place: Place) -> None:
    towns = [Fact("N1", "enrollment", 500, "level=PRI"), Fact("N2", "enrollment", 300, "level=PRI")]
    assert ("B29", "A1") in told(engine, place, towns, [Fact("N", "enrollment", 900, "level=PRI")])
    assert told(engine, place, [], [Fact("N", "enrollment", 800, "level=PRI")]) == []


def test_a_parent_is_not_compared_with_some_of_its_children(engine: sa.Engine, place: Place) -> None:
    one = [Fact("N1", "enrollment", 500, "level=PRI")]
    assert told(engine, place, one, [Fact("N", "enrollment", 900, "level=PRI")]) == []


def test_no_dropout_beside_suspected_ones_in_the_store(engine: sa.Engine, place: Place) -> None:
    before = [Fact("n1b", "suspected_dropout_count", 8, "level=JUN")]
    assert told(engine, place, before, [Fact("n1b", "dropout_rate", 0, "level=JUN")]) == [("B31", "A1")]


def test_units_that_used_to_report_are_named(engine: sa.Engine, place: Place) -> None:
    before = [Fact(key, "enrollment", 500 + n, "level=PRI", "SY2023") for n, key in enumerate(("N1", "N2"))]
    others = [Fact("n1b", "enrollment", 300, "level=JUN", "SY2023")]
    save_import(engine, sheet(place, [*before, *others]), "t")
    counties = [
        Fact("N", "enrollment", 900, "level=PRI", "SY2023"),
        Fact("Q", "enrollment", 800, "level=PRI", "SY2023"),
    ]
    save_import(engine, sheet(place, counties), "t")
    towns = [Fact("N1", "enrollment", 501, "level=PRI"), Fact("Q1", "enrollment", 300, "level=PRI")]
    [found] = [issue for issue in issues(engine, sheet(place, towns)) if issue.code == "B40"]
    assert "缺1个单位:枫桥镇" in found.sentence
    assert not [i for i in issues(engine, report(place, towns)) if i.code == "B40"]  # a report lists nobody
    junior = [Fact("n1b", "enrollment", 310, "level=JUN"), Fact("n2b", "enrollment", 90, "level=JUN")]
    assert not [i for i in issues(engine, sheet(place, junior)) if i.code == "B40"]  # towns fill in another form


def test_a_rate_is_held_against_the_counts_of_the_store(engine: sa.Engine, place: Place) -> None:
    counts = [Fact("n1b", "dropout_count", 4, "level=JUN"), Fact("n1b", "enrollment", 800, "level=JUN")]
    save_import(engine, sheet(place, counts), "t")
    [found] = issues(engine, sheet(place, [Fact("n1b", "dropout_rate", 0.8, "level=JUN")]))
    assert (found.code, found.cell) == ("B07", "A1")
    assert "辍学率为0.8,而同期的辍学人数4(已入库)÷在校生数800(已入库)为0.5" in found.sentence
    for right in (
        Fact("n1b", "dropout_rate", 0.5, "level=JUN"),
        Fact("n1b", "dropout_rate", 0.8, "level=PRI"),
        Fact("n1b", "dropout_rate", 0.8, "level=JUN", "SY2019"),
        Fact("n2b", "dropout_rate", 0.8, "level=JUN"),
    ):
        assert [one.code for one in issues(engine, sheet(place, [right]))] == []


def test_a_rate_is_held_against_the_counts_of_another_table(engine: sa.Engine, place: Place) -> None:
    facts = [
        Fact("n1b", "dropout_rate", 0.8, "level=JUN"),
        Fact("n1b", "dropout_count", 4, "level=JUN"),
        Fact("n1b", "enrollment", 800, "level=JUN"),
    ]
    [found] = [one for one in issues(engine, sheet(place, facts)) if one.code == "B07"]
    assert "辍学人数4(填报表!A2)÷在校生数800(填报表!A3)" in found.sentence


def test_the_file_outranks_the_store(engine: sa.Engine, place: Place) -> None:
    counts = [Fact("n1b", "dropout_count", 4, "level=JUN"), Fact("n1b", "enrollment", 800, "level=JUN")]
    save_import(engine, sheet(place, counts), "t")
    again = [Fact("n1b", "dropout_rate", 0.25, "level=JUN"), Fact("n1b", "dropout_count", 2, "level=JUN")]
    assert [one.code for one in issues(engine, sheet(place, again)) if one.code == "B07"] == []


@pytest.mark.parametrize(
    ("stored", "now", "missing"),
    [
        (["2025-09"], "2025-11", "2025年10月"),
        (["2025-09"], "2025-12", "2025年10月、2025年11月"),
        (["2025-10"], "2025-11", None),
        (["2025-06"], "2025-09", None),  # the summer between
        (["2025-12"], "2026-03", None),  # the winter
        (["2025-01"], "2025-11", None),  # too long ago to be a series
        ([], "2025-11", None),
    ],
)
def test_a_month_without_its_report_is_asked_for(
    engine: sa.Engine, place: Place, stored: list[str], now: str, missing: str | None
) -> None:
    before = [
        Fact(unit, "suspected_dropout_count", 1, "level=JUN", month) for month in stored for unit in ("n1b", "n2b")
    ]
    if before:
        save_import(engine, sheet(place, before), "t")
    facts = [Fact(unit, "suspected_dropout_count", 0, "level=JUN", now) for unit in ("n1b", "n2b")]
    found = [one for one in issues(engine, sheet(place, facts)) if one.code == "B24"]
    assert len(found) == (missing is not None)
    if found:
        assert f"缺{missing}的控辍月报" in found[0].sentence
        assert found[0].cells == ("A1", "A2")


def test_the_number_of_queries_does_not_grow_with_the_sheet(engine: sa.Engine, place: Place) -> None:
    def queries(n: int) -> int:
        facts = [Fact(key, "enrollment", 100, f"level=PRI;grade={g}") for key in SCHOOLS for g in range(1, n + 1)]
        draft, seen = sheet(place, facts), []
        sa.event.listen(engine, "before_cursor_execute", lambda *_: seen.append(1))
        with engine.connect() as connection:
            history_of(connection, draft, load_catalogue())
        return len(seen)

    assert queries(1) == queries(6) <= 5
