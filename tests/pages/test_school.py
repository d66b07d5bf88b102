"""The unit file: headline numbers with the units above, years side by side, register entry, sources."""

from __future__ import annotations

import re
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
from pages.ui import dossier
from pages.ui.text import period_within
from tests.pages.conftest import TREE, Shelf, grids, shown
from tests.pages.desk import opened_desk, sheet  # noqa: F401 - a fixture

Open = Callable[..., AppTest]


def line(app: AppTest, name: str) -> list[str]:
    """The cells of an indicator in the file, as text."""
    html = next(each.value for each in app.get("html") if 'class="dossier"' in each.value)
    row = html.split(f">{name}")[1].split("</tr>")[0]
    return [re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]


def test_every_indicator_stands_beside_district_and_schools_alike(store: Shelf, open_page: Open) -> None:
    app = open_page("school", unit=store.ids["p3"])
    assert not app.exception
    own, change, district, alike, course = line(app, "预防接种证查验率")
    assert own == "75.0% ✗未达标 240/320"
    assert change == "-15.3"
    assert district == "75.0% ≈与西坪县相当（0.0个百分点）"
    assert alike == "100.0% ✗差于同类学校（-25.0个百分点）"
    assert course == ""
    html = next(each.value for each in app.get("html") if 'class="dossier"' in each.value)
    assert 'alt="2023-2024学年 100.0% 2024-2025学年 90.3% 2025-2026学年 75.0%"' in html
    assert f"./evidence?unit={store.ids['west']}&amp;indicator=vac_cert_check_rate&amp;period=SY2025" in html


def test_a_count_that_stands_in_a_rate_is_not_told_twice() -> None:
    choices = [("enrollment", ""), ("dropout_count", ""), ("dropout_rate", ""), ("teachers", "")]
    assert dossier.without_parts(choices) == [("enrollment", ""), ("dropout_rate", ""), ("teachers", "")]


def test_the_file_names_findings_register_and_sources(store: Shelf, open_page: Open) -> None:
    html = next(
        each.value for each in open_page("school", unit=store.ids["p3"]).get("html") if 'class="dossier"' in each.value
    )
    assert "没有检查问题的记录" in html
    assert "2199000003" in html
    assert ">学年统计.csv</a>" in html
    assert "./evidence?doc=" in html
    assert "审核人" in html


def by_year(app: AppTest) -> str:
    """The HTML of the table by year."""
    return next(each.value for each in app.get("html") if 'class="grid"' in each.value)


def test_every_value_by_year_links_to_its_proof(store: Shelf, open_page: Open) -> None:
    html = by_year(open_page("school", unit=store.ids["p3"]))
    heads = [part.split("<")[0] for part in html.split('<th scope="col">')[1:5]]
    assert heads == ["指标", "2025-26", "2024-25", "2023-24"]
    row = html.split(">预防接种证查验率")[1].split("</tr>")[0]
    assert [cell.split("</a>")[0].rsplit(">", 1)[1] for cell in row.split("<td>")[1:]] == ["75.0%", "90.3%", "100.0%"]
    link = f"./evidence?unit={store.ids['p3']}&amp;indicator=vac_cert_check_rate&amp;period=SY2024&amp;dims=level%3DPRI"
    assert link in row
    assert "240 / 320" in row


def test_a_year_without_a_value_stays_empty(store: Shelf, open_page: Open) -> None:
    html = by_year(open_page("school", unit=store.ids["p4"]))
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
    assert ">湾口小学</td>" in grids(old)
    assert "二小&lt;b&gt;" in grids(old)
    assert "还没有湾口二小的数据" in shown(old)
    assert ">湾口二小</td>" in grids(new)
    assert [each.label for each in new.get("page_link") if each.label == "湾口二小"] == ["湾口二小"]


def test_the_sources_are_named_with_their_number_of_values(desk: Shelf, open_page: Open) -> None:
    labels = [each.label for each in open_page("school", unit=desk.ids["p1"]).get("page_link")]
    assert r"查验表.xlsx（1个数值）" in labels


@pytest.mark.parametrize("kind", ["city", "west", "hill"])
def test_any_unit_has_a_file(store: Shelf, open_page: Open, kind: str) -> None:
    app = open_page("school", unit=store.ids[kind], lang="en")
    assert not app.exception
    assert line(app, "Vaccination-certificate check rate")[0].startswith(("88.4%", "75.0%"))


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


@pytest.mark.parametrize(
    ("code", "said"), [("SY2025", ""), ("SY2025-T1", "秋季"), ("SY2025-T2", "春季"), ("2025-10", "2025-10")]
)
def test_a_period_in_the_column_of_its_year_leaves_the_year_out(code: str, said: str) -> None:
    assert period_within(code, 2025) == said
