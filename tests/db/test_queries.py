"""The frames that pages read: same columns and types empty or full, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from db import queries, rulings
from db.agreement import contradicts
from db.queries_reporting import expected_levels
from db.records import Draft, Issue, ObsStatus, Qualifier, Rejected, Severity
from db.records_claims import Base, BaseKind, Claim, ClaimKind, Direction, Verdict
from db.store import save_import
from tests.db.makers import YEAR, Fact, Place, report, sheet
from tests.db.plans import caught

PRI, JUN, CE, ALL = "level=PRI", "level=JUN", "level=CE", "level=ALL"


@pytest.fixture
def filled(engine: sa.Engine, place: Place) -> sa.Engine:
    facts = [
        Fact("n1a", "enrollment", 300, PRI),
        Fact("n1a", "dropout_count", 3, PRI),
        Fact("n1b", "enrollment", 200, JUN),
        Fact("n2b", "enrollment", 600, PRI),
        Fact("n2b", "enrollment", 250, JUN),
        Fact("q1a", "enrollment", None, PRI, status=ObsStatus.NOT_REPORTED),
        Fact("n2a", "enrollment", 180, PRI, "SY2023"),
    ]
    save_import(engine, sheet(place, facts, issues=(Issue("B11", Severity.NOTE, "请核对。"),)), "甲")
    told = [
        Fact("N", "enrollment", "1400", ALL),
        Fact("n1a", "enrollment", "320", PRI),
        Fact("n1b", "enrollment", "200", JUN),
    ]
    draft = report(place, told, rejected=(Rejected("target", "99%"),))
    save_import(engine, replace(draft, claims=(claim_of(draft, 1),)), "乙")
    with engine.connect() as connection:
        first = int(queries.discrepancies(connection)["told_observation_id"].iloc[0])
    rulings.rule(engine, first, Verdict.BOTH, "口径不同", "丙")
    return engine


def claim_of(draft: Draft, n: int) -> Claim:
    """A claim about the n-th observation of a draft: ten more than the year before."""
    about = draft.observations[n]
    return Claim(
        ClaimKind.COUNT, Direction.UP, Decimal(10), "person", Base(BaseKind.PERIOD, "上年", "SY2023"), about.evidence,
        about.indicator, about.dims, about.period, about.value, about.org_unit_id,
    )  # fmt: skip


Call = Callable[[sa.Connection, int], pd.DataFrame]
FRAMES: dict[str, Call] = {
    "org_units": lambda c, _: queries.org_units(c),
    "periods": lambda c, _: queries.periods(c),
    "cells": lambda c, n: queries.cells(c, indicators=["enrollment"], org_unit_ids=range(1, 20)),
    "dims_of": lambda c, _: queries.dims_of(c, "enrollment"),
    "contributions": lambda c, n: queries.contributions(
        c, indicator="enrollment", period=YEAR, dims=ALL, org_unit_id=n
    ),
    "parts_of_rate": lambda c, _: queries.parts_of_rate(
        c, indicator="dropout_rate", period=YEAR, dims=PRI, org_unit_id=_unit(c, "河口镇中心小学")
    ),
    "history": lambda c, _: queries.history(c, 1),
    "documents": lambda c, _: queries.documents(c),
    "document_observations": lambda c, _: queries.document_observations(c, 1),
    "files_of_unit": lambda c, unit: queries.files_of_unit(c, unit),
    "document_issues": lambda c, _: queries.document_issues(c, 1),
    "document_rejected": lambda c, _: queries.document_rejected(c, 2),
    "reporting": lambda c, _: queries.reporting(c, pairs=[("enrollment", YEAR)]),
    "claims": lambda c, _: queries.claims(c),
    "discrepancies": lambda c, _: queries.discrepancies(c),
    "rulings_of": lambda c, _: queries.rulings_of(c, _told(c)),
    "imports": lambda c, _: queries.imports(c),
    "recent_changes": lambda c, _: queries.recent_changes(c, 5),
    "search_observations": lambda c, _: queries.search_observations(c),
}


def _told(connection: sa.Connection) -> int:
    found = queries.discrepancies(connection)["told_observation_id"]
    return int(found.min()) if len(found) else 0


def _unit(connection: sa.Connection, name: str) -> int:
    units = queries.org_units(connection)
    found = units.loc[units["name"] == name, "org_unit_id"]
    return int(found.iloc[0]) if len(found) else 0


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_has_the_same_columns_and_types_empty_or_full(name: str, engine: sa.Engine, request: Any) -> None:
    with engine.connect() as connection:
        empty = FRAMES[name](connection, 1)
    request.getfixturevalue("filled")
    with engine.connect() as connection:
        full = FRAMES[name](connection, _unit(connection, "北岭县"))
    assert empty.empty
    assert not full.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


def test_cells_are_chosen_by_every_argument_and_sorted(filled: sa.Engine, place: Place) -> None:
    with filled.connect() as connection:
        ids = [place["n2a"], place["n1a"]]
        found = queries.cells(connection, indicators=["enrollment", "dropout_count"], org_unit_ids=ids, dims=[PRI])
        one = queries.cells(
            connection, indicators=["enrollment"], org_unit_ids=ids, periods=["SY2023"], dims=[PRI, ALL]
        )
    assert found[["org_unit_id", "indicator", "period", "value"]].values.tolist() == [
        [place["n1a"], "dropout_count", YEAR, 3],
        [place["n1a"], "enrollment", YEAR, 300],
        [place["n2a"], "enrollment", "SY2023", 180],
    ]
    assert one["dims"].tolist() == [ALL, PRI]
    assert one["school_year"].tolist() == [2023, 2023]
    assert one["end_date"].iloc[0] == pd.Timestamp("2024-08-31")


def test_periods_count_the_schools_that_have_values(filled: sa.Engine) -> None:
    with filled.connect() as connection:
        found = queries.periods(connection, ["enrollment"])
    assert found[["period", "n_units"]].values.tolist() == [["SY2023", 1], [YEAR, 3]]


def contributions(engine: sa.Engine, unit: int, dims: str) -> list[list[object]]:
    with engine.connect() as connection:
        found = queries.contributions(connection, indicator="enrollment", period=YEAR, dims=dims, org_unit_id=unit)
    return found[["org_unit_name", "dims", "value"]].values.tolist()


def test_a_sum_leads_to_its_parts(filled: sa.Engine, place: Place) -> None:
    assert contributions(filled, place["C"], CE) == [["北岭县", CE, 1350]]
    assert contributions(filled, place["N"], CE) == [["河口镇", CE, 500], ["枫桥镇", CE, 850]]
    school = "枫桥镇九年一贯制学校"
    assert contributions(filled, place["n2b"], CE) == [[school, JUN, 250], [school, PRI, 600]]
    assert contributions(filled, place["n2b"], PRI) == []


def test_a_computed_rate_leads_to_its_counts(filled: sa.Engine, place: Place) -> None:
    with filled.connect() as connection:
        parts = queries.parts_of_rate(
            connection, indicator="dropout_rate", period=YEAR, dims=PRI, org_unit_id=place["n1a"]
        )
        cells = [queries.observation(connection, number) for number in parts["observation_id"]]
    assert parts[["role", "indicator", "value"]].values.tolist() == [
        ["numerator", "dropout_count", 3],
        ["denominator", "enrollment", 300],
    ]
    assert [cell.cell for cell in cells if cell] == ["A2", "A1"]


def test_an_observation_carries_its_proof_and_its_import(filled: sa.Engine, place: Place) -> None:
    with filled.connect() as connection:
        [found] = queries.search_observations(connection, value=1400).to_dict("records")
        detail = queries.observation(connection, found["observation_id"])
        view = queries.document(connection, found["source_file_id"])
        assert queries.observation(connection, 10**9) is None
        assert queries.document(connection, 10**9) is None
    assert detail is not None
    assert view is not None
    assert view.text[detail.start : detail.end] == "1400"
    assert view.text[detail.sentence_start : detail.sentence_end] == "本单位该项为1400,已核对。"
    assert (detail.org_unit_name, detail.indicator, detail.period, detail.dims) == ("北岭县", "enrollment", YEAR, ALL)
    assert (detail.file_name, detail.imported_by, detail.source_kind) == ("总结.txt", "乙", "report")
    assert detail.is_current


@pytest.mark.parametrize(
    ("arguments", "values"),
    [
        ({"value": 250}, [250]),
        ({"text": "北岭"}, [1400]),
        ({"text": "总结.txt", "indicator": "enrollment"}, [1400, 320, 200]),
        ({"text": "%"}, []),
        ({"indicator": "dropout_count"}, [3]),
        ({"indicator": "enrollment", "limit": 2}, [1400, 320]),
    ],
)
def test_a_number_is_found(filled: sa.Engine, arguments: dict[str, Any], values: list[float]) -> None:
    with filled.connect() as connection:
        assert queries.search_observations(connection, **arguments)["value"].tolist() == values


def test_contradictions_are_named_once_each(filled: sa.Engine, place: Place) -> None:
    with filled.connect() as connection:
        found = queries.discrepancies(connection).sort_values("affected", ascending=False)
    assert found[["org_unit_name", "dims", "standing_value", "told_value", "affected"]].values.tolist() == [
        ["北岭县", ALL, 1350, 1400, 50],
        ["河口镇中心小学", PRI, 300, 320, 20],
    ]
    assert found["standing_observation_id"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("known", "told", "qualifier", "high", "contradiction"),
    [
        (99.4975, 99.5, Qualifier.EXACT, None, False),
        (99.44, 99.5, Qualifier.EXACT, None, True),
        (300, 320, Qualifier.EXACT, None, True),
        (300.4, 300, Qualifier.EXACT, None, False),
        (51_000, 50_000, Qualifier.ABOUT, None, False),
        (60_000, 50_000, Qualifier.ABOUT, None, True),
        (51, 50, Qualifier.AT_LEAST, None, False),
        (49, 50, Qualifier.MORE_THAN, None, True),
        (51, 50, Qualifier.AT_MOST, None, True),
        (55, 50, Qualifier.RANGE, 60, False),
        (65, 50, Qualifier.RANGE, 60, True),
    ],
)
def test_what_contradicts(
    known: float, told: float, qualifier: Qualifier, high: float | None, contradiction: bool
) -> None:
    assert contradicts(known, told, qualifier.value, high) is contradiction


def reporters(
    engine: sa.Engine, indicator: str = "enrollment", period: str = YEAR, root_id: int | None = None
) -> dict[str, tuple[bool, object]]:
    with engine.connect() as connection:
        return told(queries.reporting(connection, pairs=[(indicator, period)], root_id=root_id))


def told(found: pd.DataFrame) -> dict[str, tuple[bool, object]]:
    last = found["last_period"].astype(object).where(found["last_period"].notna(), None)
    return dict(zip(found["name"], zip(found["reported"].tolist(), last, strict=True), strict=True))


def test_who_reported_and_who_did_not(filled: sa.Engine, place: Place) -> None:
    everyone = reporters(filled)
    assert everyone["河口镇中心小学"] == (True, YEAR)
    assert everyone["枫桥镇小学"] == (False, "SY2023")
    assert everyone["石塘镇小学"] == (False, None)  # typed missing is not reported
    assert "枫桥镇南岸小学" not in everyone  # closed before
    assert set(reporters(filled, root_id=place["N1"])) == {"河口镇中心小学", "河口镇初级中学"}
    assert reporters(filled, period="SY2022")["枫桥镇南岸小学"] == (False, None)


def test_not_applicable_counts_as_reported(engine: sa.Engine, place: Place) -> None:
    nothing = Fact("q1a", "enrollment", None, PRI, status=ObsStatus.NOT_APPLICABLE)
    save_import(engine, sheet(place, [nothing]), "甲")
    assert reporters(engine)["石塘镇小学"] == (True, None)


def test_many_indicators_and_periods_at_once_are_told_as_each_alone(filled: sa.Engine, place: Place) -> None:
    pairs = [(code, year) for code in ("enrollment", "dropout_rate", "dropout_count") for year in (YEAR, "SY2023")]
    for root in (None, place["N1"]):
        with filled.connect() as connection, caught(filled) as asked:
            found = queries.reporting(connection, pairs=pairs, root_id=root)
        groups = found.groupby(["indicator", "period"], sort=False)
        assert {pair: told(rows) for pair, rows in groups} == {pair: reporters(filled, *pair, root) for pair in pairs}
        assert len([text for text, _ in asked if "FROM observation" in text]) == 2
    assert [pair for pair, _ in groups] == pairs


def test_nine_year_schools_report_both_their_levels() -> None:
    assert expected_levels("preschool_experience_share") == {"PRI", "CE"}
    assert expected_levels("intake_rate") == {"PRI", "JUN", "CE"}
    assert expected_levels("inclusive_kindergarten_coverage") == {"KG"}


def test_the_files_of_a_unit_with_the_values_that_rest_on_them(filled: sa.Engine, place: Place) -> None:
    with filled.connect() as connection:
        held = queries.files_of_unit(connection, place["n1a"])
        names = dict(connection.execute(sa.text("SELECT name, id FROM source_file")).all())
    assert held["n_observations"].tolist() == [2, 1]  # two of the sheet, one of the report
    assert set(held["source_file_id"]) == set(names.values())
    assert set(held["period"]) == {YEAR}


@pytest.mark.parametrize("file_id", [1, 2])
def test_a_document_is_counted_and_read_in_part_as_in_whole(filled: sa.Engine, file_id: int) -> None:
    with filled.connect() as connection:
        whole = queries.document_observations(connection, file_id)
        assert queries.document_count(connection, file_id) == len(whole) > 0
        for sheet, rows in whole.dropna(subset=["cell"]).groupby("sheet"):
            some = sorted(set(rows["cell"]))[::2]
            part = queries.document_cells(connection, file_id, str(sheet), some)
            wanted = rows[rows["cell"].isin(some)].reset_index(drop=True)
            pd.testing.assert_frame_equal(part, wanted)


def test_counts_known_of_a_stage_are_the_cells_with_a_value(filled: sa.Engine, place: Place) -> None:
    """The nine-year school has rows in the rollups, the others only facts."""
    series = [("enrollment", PRI), ("enrollment", JUN), ("dropout_count", PRI), ("boarders", PRI)]
    ids = sorted(set(place.ids.values()))
    with filled.connect() as connection:
        for period in ("SY2023", YEAR, "SY1990"):
            counted = queries.known_counts(connection, series=series, period=period, org_unit_ids=ids)
            codes = ["enrollment", "dropout_count", "boarders"]
            cells = queries.cells(connection, indicators=codes, org_unit_ids=ids, periods=[period], dims=[PRI, JUN])
            held = cells[cells["value"].notna()]
            wanted = [key in series for key in zip(held["indicator"], held["dims"], strict=True)]
            held = held[pd.Series(wanted, index=held.index, dtype=bool)]
            levels = held["dims"].str.removeprefix("level=")
            assert counted == held.groupby([held["org_unit_id"], levels]).size().to_dict()
        assert queries.known_counts(connection, series=series, period=YEAR, org_unit_ids=ids)[place["n2b"], "JUN"] == 1


@pytest.mark.parametrize("one", [("dropout_rate", PRI), ("enrollment", CE), ("enrollment", "")])
def test_known_counts_are_of_what_a_unit_states_of_one_stage(filled: sa.Engine, one: tuple[str, str]) -> None:
    with filled.connect() as connection, pytest.raises(ValueError, match=one[0]):
        queries.known_counts(connection, series=[one], period=YEAR, org_unit_ids=[1])


def test_dims_held_are_those_of_each_indicator(filled: sa.Engine) -> None:
    with filled.connect() as connection:
        held = queries.dims_held(connection)
        assert held.keys() == set(queries.periods(connection)["indicator"])
        for code, keys in held.items():
            assert keys == set(queries.dims_of(connection, code)["dims"])
