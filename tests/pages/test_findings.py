"""The page of inspection findings, the section on a school's page, and the way to the words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from db.engine import make_engine
from db.org import load_org_units
from db.records import Block, Draft, Evidence, Reading, SourceFile, SourceKind
from db.records_findings import Extent, Finding, FindingState
from db.store import save_import
from pages.analysis.rectification import tally
from tests.pages.conftest import TREE, Shelf, grids, shown

Open = Callable[..., AppTest]
TEXT = "检查通报\n湾口小学留样不足。\n石岭中心小学库房潮湿,已整改。\n西坪县部分学校晨检记录缺失。\n"


@pytest.fixture
def inspected(tmp_path: object, empty_store: object, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A store with three findings: one open and overdue, one rectified, one of several schools of a county."""
    engine = make_engine()
    ids = load_org_units(engine, TREE)

    def finding(
        unit: str, words: str, kind: str, state: FindingState, extent: Extent = Extent.ONE, **days: date
    ) -> Finding:
        at = TEXT.index(words)
        proof = Evidence(words, "test", "1", 0.9, "第1段", at, at + len(words))
        return Finding(kind, words, state, proof, extent, "2026", org_unit_id=ids[unit], **days)

    draft = Draft(
        SourceFile("通报.txt", TEXT.encode(), hashlib.sha256(TEXT.encode()).hexdigest(), "text/plain"),
        Reading("text/plain", TEXT, (Block(0, "paragraph", "第1段", TEXT, 0),)),
        SourceKind.REPORT,
        findings=(
            finding("p1", "留样不足", "sample_retention", FindingState.OPEN, found_on=date(2026, 3, 1), due_on=date(2026, 3, 9)),
            finding("p3", "库房潮湿", "storage", FindingState.RECTIFIED, found_on=date(2026, 3, 1)),
            finding("west", "晨检记录缺失", "disease_control", FindingState.UNSTATED, Extent.SOME),
        ),
    )  # fmt: skip
    save_import(engine, draft, "甲")
    engine.dispose()
    return Shelf(tmp_path, ids)  # type: ignore[arg-type]


def test_the_sum_counts_what_nobody_said_is_mended_as_open(inspected: Shelf, open_page: Open) -> None:
    said = shown(open_page("findings", within=inspected.ids["city"]))
    assert "检查发现问题3条，已整改1条（33.3%），未整改2条，其中1条文件未说明是否整改；1条已超过整改期限" in said


def test_districts_kinds_and_single_findings_are_listed_with_their_ways_on(inspected: Shelf, open_page: Open) -> None:
    html = grids(open_page("findings", within=inspected.ids["city"]))
    assert f"within={inspected.ids['east']}" in html
    assert f"within={inspected.ids['west']}" in html
    assert "食品留样" in html
    assert "finding=" in html
    assert "库房潮湿" not in html  # rectified: not among those shown first
    every = grids(open_page("findings", within=inspected.ids["city"], state="all"))
    assert "库房潮湿" in every
    assert "西坪县 · 部分学校" in every


def test_a_finding_leads_to_its_words(inspected: Shelf, open_page: Open) -> None:
    app = open_page("evidence", finding=1)
    assert not app.exception
    assert "留样不足" in shown(app)
    html = "".join(each.value for each in app.get("html"))
    assert ">留样不足<" in html.replace("\n", "")


def test_a_schools_page_lists_its_own(inspected: Shelf, open_page: Open) -> None:
    app = open_page("school", unit=inspected.ids["p1"])
    assert not app.exception
    assert "检查发现问题1条" in grids(app)
    assert "留样不足" in grids(app)
    assert "库房潮湿" not in grids(app)


def test_a_store_with_findings_but_no_values_has_an_overview(inspected: Shelf, open_page: Open) -> None:
    assert not open_page("overview").exception


def test_without_findings_the_page_says_what_to_do(store: Shelf, open_page: Open) -> None:
    app = open_page("findings")
    assert not app.exception
    assert "问题整改台账" in shown(app)


def test_an_empty_tally_has_no_share() -> None:
    nothing = pd.DataFrame({"state": pd.Series(dtype="str"), "due_on": pd.Series(dtype="datetime64[us]")})
    assert tally(nothing, date(2026, 1, 1)).share is None
