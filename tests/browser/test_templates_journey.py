"""A form in a real browser: chosen, saved, filled in as in an office program, handed in, stored, seen on the school's page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Tab
from tests.browser.test_journeys import current_values, unit_ids
from tests.pages.spreadsheet import Office

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Tab]
TOWN = "栗坞镇"  # two of its schools were merged into a third
GONE, STANDS = "枫陵县霁湾小学", "枫陵县栗坞镇联合小学"


def saved(tab: Tab, to: Path, town: int) -> Path:
    """The form of the spring canteens of a town, saved from the page."""
    tab.go(f"/templates?form=canteen_inspection&within={town}&period=SY2025-T2")
    assert "栗坞镇2025—2026学年第二学期食堂卫生检查情况汇总表" in tab.text()
    with tab.page.expect_download() as loading:
        tab.page.get_by_role("button", name="下载模板").click()
    loading.value.save_as(to / loading.value.suggested_filename)
    return to / loading.value.suggested_filename


def filled(path: Path) -> Path:
    """Every row of the saved form filled in and kept in place."""
    office = Office(path.read_bytes())
    counts = (1, 1, 1, 3, 2, 12, 12, 1, 0, 1, 0, 0)  # in the order of the open cells of a row
    for sheet in office.book.worksheets:
        for row in sheet.iter_rows(min_row=5):
            free = [cell for cell in row if not cell.protection.locked]
            for cell, value in zip(free, counts, strict=False):
                office.type_in(sheet.title, cell.coordinate, value)
    path.write_bytes(office.save())
    return path


def test_a_form_goes_out_empty_and_comes_back_filled(writable: str, open_tab: Open, tmp_path: Path) -> None:
    [town, school] = unit_ids(tmp_path, TOWN, STANDS)
    before = current_values(tmp_path)
    tab = open_tab(writable)
    path = saved(tab, tmp_path, town)
    office = Office(path.read_bytes())
    names = {
        str(row[1].value)
        for sheet in office.book.worksheets
        for row in sheet.iter_rows(min_row=5, min_col=1, max_col=2)
    }
    assert STANDS in names
    assert GONE not in names

    tab.page.get_by_role("link", name="填好了，去上报").click()
    tab.page.wait_for_url("**/upload**")
    tab.page.locator("input[type=file]").set_input_files(filled(path))
    store = tab.page.get_by_role("button", name="确认入库")
    store.wait_for()
    tab.settle()
    assert "必须改正的问题" not in tab.text()
    assert store.is_enabled()
    store.click()
    tab.page.get_by_text("已入库：").wait_for()
    assert current_values(tmp_path) > before
    tab.go(f"/evidence?unit={school}&indicator=food_handlers&period=SY2025-T2&dims=level%3DPRI")
    tab.page.locator(".doc .focus").wait_for()
    assert "12人" in tab.text()
    assert tab.complaints == []
    assert tab.foreign == []
