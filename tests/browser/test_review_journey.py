"""A report with uncertain numbers in a real browser: handed in, decided by key, seen on the school's page, handed in again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Tab
from tests.browser.test_journeys import SCHOOL, current_values, unit_ids

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Tab]
REPORT = (
    f"{SCHOOL}2025-2026学年卫生工作总结\n\n"
    "2025-2026学年，我校在校生989人。全校晨检全覆盖，食品留样全覆盖，从业人员全部持有健康证。\n"
    f"{SCHOOL}\n2026年3月1日\n"
)
FILE = {"name": "卫生总结.txt", "mimeType": "text/plain", "buffer": REPORT.encode()}


def hand_in(tab: Tab) -> None:
    """The report is uploaded and stored, with every doubtful point ticked."""
    tab.go("/upload")
    tab.page.locator("input[type=file]").set_input_files(FILE)
    store = tab.page.get_by_role("button", name="确认入库")
    store.wait_for()
    tab.settle()
    for box in tab.page.get_by_role("checkbox").all():
        box.set_checked(True, force=True)
        tab.settle()
    store.click()


def focus(tab: Tab, quote: str) -> None:
    """Wait until the number stands on the page, marked."""
    tab.page.locator(".doc .focus", has_text=quote).wait_for()
    tab.settle()


def test_uncertain_numbers_are_decided_by_key_and_stay_decided(writable: str, open_tab: Open, tmp_path: Path) -> None:
    before = current_values(tmp_path)
    tab = open_tab(writable)
    hand_in(tab)
    tab.page.get_by_text("已入库：").wait_for()
    tab.settle()
    added = current_values(tmp_path)
    tab.page.get_by_role("link", name="去认定存疑的数").click()
    tab.page.wait_for_url("**/review?**")
    tab.page.get_by_role("button", name="开始认定").click()

    focus(tab, "全覆盖")
    assert "晨检率" in tab.text()
    tab.page.keyboard.press("a")
    tab.page.get_by_text("还有2个，已认定1个").wait_for()
    focus(tab, "全覆盖")
    assert "食品留样率" in tab.text()
    tab.page.keyboard.press("7")
    focus(tab, "全部")
    tab.page.keyboard.press("z")
    tab.page.get_by_text("还有2个，已认定1个").wait_for()
    focus(tab, "全覆盖")
    tab.page.keyboard.press("e")
    value = tab.page.get_by_label("数值", exact=True)
    value.fill("98")
    value.press("Control+Enter")
    focus(tab, "全部")
    tab.page.keyboard.press("7")
    tab.page.get_by_text("这份文件已全部认定").wait_for()
    tab.settle()
    assert current_values(tmp_path) == added + 2

    [school] = unit_ids(tmp_path, SCHOOL)
    tab.go(f"/school?unit={school}")
    assert "食品留样率" in tab.text()
    tab.go(f"/evidence?unit={school}&indicator=food_sample_rate&period=SY2025&dims=level%3DPRI")
    focus(tab, "全覆盖")
    assert "98.0%" in tab.text()
    assert "人工认定" in tab.text()
    tab.go(f"/trends?units={school}&indicator=food_sample_rate&dims=level%3DPRI")
    assert "98.0" in tab.text()

    hand_in(tab)
    tab.page.get_by_text("这个文件以前已经入库").wait_for()
    assert current_values(tmp_path) == added + 2 > before
    assert tab.complaints == []
