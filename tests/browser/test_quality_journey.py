"""From the overview's two versions of a number to a ruling and back; from a wrong comparison to its sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Tab

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Tab]


def test_two_versions_of_a_number_are_ruled_on_and_the_ruling_is_taken_back(writable: str, open_tab: Open) -> None:
    tab = open_tab(writable)
    tab.go("/")
    tab.page.get_by_role("link", name="去认定").click()
    tab.page.wait_for_url("**/quality?**")
    tab.page.get_by_text("待认定的分歧（3处）").wait_for()
    tab.settle()
    assert "4,264人" in tab.text()
    tab.page.get_by_role("button", name="认定").first.click()
    tab.page.get_by_text("以另一说法4,264人为准").click()
    tab.settle()
    reason = tab.page.get_by_label("理由")
    reason.fill("已核对学籍系统")
    reason.press("Tab")
    tab.settle()
    tab.page.get_by_role("button", name="保存认定").click()
    tab.page.get_by_text("待认定的分歧（2处）").wait_for()
    tab.settle()
    assert "以另一说法为准。理由：已核对学籍系统" in tab.text()
    tab.page.get_by_role("button", name="撤回认定").click()
    tab.page.get_by_text("待认定的分歧（3处）").wait_for()
    assert tab.complaints == []
    assert tab.foreign == []


def test_a_wrong_comparison_leads_to_its_sentence(served: str, open_tab: Open) -> None:
    tab = open_tab(served)
    tab.go("/quality")
    tab.page.get_by_text("报告称比上年提高0.54个百分点").wait_for()
    card = tab.page.locator(".st-key-claims, [class*='st-key-claim_']").filter(has_text="提高0.54个百分点")
    card.get_by_role("link", name="看原句").click()
    tab.page.wait_for_url("**/evidence?**")
    focus = tab.page.locator(".doc .focus")
    focus.first.wait_for()
    assert focus.first.inner_text() == "0.54"
    assert tab.complaints == []
