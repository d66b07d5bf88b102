"""The unit file: headline numbers with the units above, years side by side, register entry, sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db.engine import make_engine
from db.org import load_org_units
from db.records import OrgKind, OrgStatus, OrgUnitInput, ProposedUnit
from db.schema import org_unit
from db.store import save_import
from tests.pages.conftest import TREE, Shelf, grids, shown
from tests.pages.desk import opened_desk, sheet  # noqa: F401 - a fixture

Open = Callable[..., AppTest]


def test_headlines_stand_beside_district_and_city(store: Shelf, open_page: Open) -> None:
    app = open_page("school", unit=store.ids["p3"])
    assert not app.exception
    tile = next(each for each in app.metric if each.label == "预防接种证查验率")
    assert tile.value == "75.0%"
    assert tile.delta == "-15.3个百分点"
    assert r"西坪县 75.0% · 岚川市 88.4%" in shown(app)
    assert "未达标" in shown(app)


def test_every_value_by_year_links_to_its_proof(store: Shelf, open_page: Open) -> None:
    html = grids(open_page("school", unit=store.ids["p3"]))
    heads = [part.split("<")[0] for part in html.split('<th scope="col">')[1:5]]
    assert heads == ["指标", "2025-26", "2024-25", "2023-24"]
    row = html.split(">预防接种证查验率")[1].split("</tr>")[0]
    assert [cell.split("</a>")[0].rsplit(">", 1)[1] for cell in row.split("<td>")[1:]] == ["75.0%", "90.3%", "100.0%"]
    link = f"./evidence?unit={store.ids['p3']}&amp;indicator=vac_cert_check_rate&amp;period=SY2024&amp;dims=level%3DPRI"
    assert link in row
    assert "240 / 320" in row


def test_a_year_without_a_value_stays_empty(store: Shelf, open_page: Open) -> None:
    html = grids(open_page("school", unit=store.ids["p4"]))
    row = html.split(">预防接种证查验率")[1].split("</tr>")[0]
    assert "100.0%" in row
    assert "2025" not in [part.split("<")[0] for part in html.split('<th scope="col">')]
    assert "2025-26" not in html


def test_all_breakdowns_come_on_request(store: Shelf, open_page: Open) -> None:
    app = open_page("school", unit=store.ids["p3"])
    before = grids(app).count('scope="row"')
    app.toggle(key="all_breakdowns").set_value(True).run()
    assert not app.exception
    assert grids(app).count('scope="row"') > before


def test_merged_schools_lead_to_each_other(desk: Shelf, open_page: Open) -> None:
    engine = make_engine()
    gone = OrgUnitInput(
        "p9",
        "bay",
        OrgKind.SCHOOL,
        "湾口二小",
        code="2199000009",
        level="PRI",
        aliases=("二小<b>",),
        successor_keys=("p1",),
    )
    ids = load_org_units(engine, [*TREE, gone])
    engine.dispose()
    old, new = open_page("school", unit=ids["p9"]), open_page("school", unit=ids["p1"])
    assert "<td>湾口小学</td>" in grids(old)
    assert "二小&lt;b&gt;" in grids(old)
    assert "还没有湾口二小的数据" in shown(old)
    assert "<td>湾口二小</td>" in grids(new)
    assert [each.label for each in new.get("page_link") if each.label == "湾口二小"] == ["湾口二小"]


def test_the_sources_are_named_with_their_number_of_values(desk: Shelf, open_page: Open) -> None:
    labels = [each.label for each in open_page("school", unit=desk.ids["p1"]).get("page_link")]
    assert r"查验表.xlsx（1个数值）" in labels


@pytest.mark.parametrize("kind", ["city", "west", "hill"])
def test_any_unit_has_a_file(store: Shelf, open_page: Open, kind: str) -> None:
    app = open_page("school", unit=store.ids[kind], lang="en")
    assert not app.exception
    assert app.metric


def test_an_empty_store_says_what_to_do(empty_store: object, open_page: Open) -> None:
    assert "请先上报一份工作报告" in shown(open_page("school"))


def test_a_unit_outside_the_register_shows_its_numbers_and_says_so(desk: Shelf, open_page: Open) -> None:
    known = sheet(desk.ids, done=150, name="外地.xlsx")
    unit = ProposedUnit("u", "云外小学", OrgKind.SCHOOL, OrgStatus.PROPOSED)
    dated, undated = (
        replace(each, org_unit_id=None, proposed_key="u", period=period)
        for each in known.observations
        for period in ("SY2025", None)
    )
    engine = make_engine()
    save_import(engine, replace(known, observations=(dated, undated), proposed_units=(unit,)), "张敏")
    with engine.connect() as connection:
        made = connection.scalar(sa.select(org_unit.c.id).where(org_unit.c.name == "云外小学"))
    engine.dispose()
    app = open_page("school", unit=made)
    assert not app.exception
    assert "这个单位不在单位名录中" in shown(app)
    assert "68.2%" in grids(app)
    assert "时间不明的数值" in shown(app)
    assert "这个单位不在单位名录中" not in shown(open_page("school", unit=desk.ids["p1"]))


def test_files_are_listed_by_year(desk: Shelf, open_page: Open) -> None:
    assert "2025-26（1个文件）" in [each.label for each in open_page("school", unit=desk.ids["p1"]).expander]
