"""What leaders, staff and analysts do, in a real browser: from the overview to the cell, a file in and out, a comparison."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.schema import observation, org_unit
from etl import samples
from tests.browser.access import serious
from tests.browser.conftest import PAGES, Tab
from tests.conftest import connected

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SCHOOL = "砚湖区芸香小学"
GOOD = "砚湖区2025-2026学年初在校生统计\n学校,在校生数\n砚湖区芸香小学,989\n"
Open = Callable[..., Tab]


def unit_ids(folder: Path, *names: str) -> list[int]:
    """Ids of units of the store by their names."""
    with connected(folder) as connection:
        rows = connection.execute(sa.select(org_unit.c.name, org_unit.c.id).where(org_unit.c.name.in_(names)))
        found = {str(row.name): int(row.id) for row in rows}
    return [found[name] for name in names]


def current_values(folder: Path) -> int:
    """How many values the store holds to be true."""
    with connected(folder) as connection:
        counted = sa.select(sa.func.count()).select_from(observation).where(observation.c.valid_to.is_(None))
        n = connection.scalar(counted)
    return int(n or 0)


def test_the_leader_goes_from_the_overview_to_the_cell_of_the_collapsed_check(served: str, open_tab: Open) -> None:
    tab = open_tab(served)
    tab.go("/")
    school = tab.page.get_by_text(SCHOOL).first
    school.wait_for()
    assert "预防接种证查验率" in tab.text()
    school.locator("xpath=following::a[contains(., '看出处')][1]").click()
    tab.page.wait_for_url("**/evidence?**")
    focus = tab.page.locator(".doc .focus")
    focus.wait_for()
    tab.settle()
    assert SCHOOL in tab.text()
    assert focus.inner_text().startswith("41.2")
    assert sorted(tab.page.locator(".doc td.part").all_inner_texts()) == ["148", "61"]
    assert focus.is_visible()


def test_a_bad_sheet_is_answered_with_the_cell_and_stores_nothing(
    writable: str, open_tab: Open, tmp_path: Path
) -> None:
    sheets = samples.build().write_bad_files(tmp_path / "bad")
    bad = next(each for each in sheets if "实查验大于应查验" in each.name)
    before = current_values(tmp_path)
    tab = open_tab(writable)
    tab.go("/upload")
    tab.page.locator("input[type=file]").set_input_files(bad)
    tab.page.get_by_text("必须改正的问题").wait_for()
    tab.settle()
    said = tab.text()
    assert "小学!C5" in said
    assert "实查验人数24（C5）大于应查验人数17（B5）" in said
    assert said.index("这个文件不能入库") < said.rindex("一、读懂的内容")
    assert tab.page.get_by_role("button", name="确认入库").count() == 0
    assert current_values(tmp_path) == before


def test_a_good_sheet_is_confirmed_found_and_taken_back(writable: str, open_tab: Open, tmp_path: Path) -> None:
    before = current_values(tmp_path)
    tab = open_tab(writable)
    tab.go("/upload")
    file = {"name": "在校生更正.csv", "mimeType": "text/csv", "buffer": GOOD.encode()}
    tab.page.locator("input[type=file]").set_input_files(file)
    store = tab.page.get_by_role("button", name="确认入库")
    store.wait_for()
    assert "997人" in tab.text()
    store.click()
    tab.page.get_by_text("已入库：新增0个，变更1个").wait_for()
    tab.page.get_by_role("link", name="看文件和数字").first.click()
    tab.page.wait_for_url("**/evidence?**")
    tab.page.locator(".doc").get_by_text("989").wait_for()

    [school] = unit_ids(tmp_path, SCHOOL)
    where = f"/evidence?unit={school}&indicator=enrollment&period=SY2025&dims=level%3DPRI"
    tab.go(where)
    assert tab.page.locator(".doc .focus").inner_text() == "989"

    tab.go("/upload")
    tab.page.get_by_role("button", name="撤销").first.click()
    tab.page.get_by_role("button", name="确认撤销").click()
    tab.page.get_by_text("已撤销，停用1个数值").wait_for()
    tab.go(where)
    assert tab.page.locator(".doc .focus").inner_text() == "997"
    assert current_values(tmp_path) == before


def test_the_analyst_compares_four_schools_by_link_and_saves_the_table(
    served: str, sample_dir: Path, open_tab: Open
) -> None:
    names = (SCHOOL, "砚湖区松墨小学", "砚湖区砚湄小学", "砚湖区蒿岗小学")
    tab = open_tab(served)
    tab.go("/compare?units=" + ",".join(str(each) for each in unit_ids(sample_dir, *names)))
    shown = tab.text()
    assert all(name in shown for name in names)
    assert re.search(r"41\.2%.{0,20}未达标.{0,80}61 / 148", shown, re.DOTALL)
    tab.page.get_by_role("button", name="导出").first.click()
    with tab.page.expect_download() as waiting:
        tab.page.get_by_role("button", name="CSV 表格").click()
    rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text(encoding="utf-8-sig"))))
    [own] = [row for row in rows if row["单位"] == SCHOOL and row["指标"] == "预防接种证查验率"]
    assert (float(own["分子"]), float(own["分母"])) == (61, 148)
    assert float(own["数值"]) == pytest.approx(100 * 61 / 148)
    assert {row["单位"] for row in rows if row["单位"]} == set(names)


# Each language, width and theme once; `python -m tests.browser.photos` takes all eight together.
@pytest.mark.parametrize(("language", "width", "theme"), [("zh", 390, "dark"), ("en", 1440, "light")])
def test_every_page_is_whole_and_accessible_on_every_screen(
    served: str, open_tab: Open, language: str, width: int, theme: str
) -> None:
    tab = open_tab(served, width, theme)
    for name in PAGES:
        tab.go(f"/{name}?lang={language}")
        assert tab.page.locator('[data-testid="stMainBlockContainer"] h1').count() == 1, name
        assert tab.page.locator('[data-testid="stException"]').count() == 0, name
        beyond = "() => document.querySelector('[data-testid=\"stMain\"]').scrollWidth - window.innerWidth"
        assert tab.page.evaluate(beyond) <= 0, f"{name} scrolls sideways"
        assert tab.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0, name
        assert tab.page.evaluate("() => document.documentElement.lang") == {"zh": "zh-CN", "en": "en"}[language]
        assert serious(tab.page) == [], name
        assert tab.complaints == [], name
    assert tab.foreign == []
