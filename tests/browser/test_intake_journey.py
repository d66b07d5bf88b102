"""A new member of staff hands in a sheet with twelve faults and brings it into the store with what the screen says. With
EDU_SHOTS the screens are kept as pictures in that folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import queries
from db.schema import observation
from tests.browser import messy
from tests.browser.conftest import Tab
from tests.browser.test_journeys import current_values
from tests.conftest import connected

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Tab]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_MENDED = ("B7", "C7", "F12")  # the unknown school, the fraction among percentages


def shot(tab: Tab, name: str) -> None:
    """Keep the whole page as a picture."""
    folder = os.environ.get("EDU_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        size = dict(tab.page.viewport_size)
        height = tab.page.locator('[data-testid="stMainBlockContainer"]').evaluate("e => e.scrollHeight + 60")
        tab.page.set_viewport_size({**size, "height": min(int(height), 5000)})
        tab.page.wait_for_timeout(500)
        tab.page.screenshot(path=str(Path(folder) / f"{name}_{size['width']}.png"))
        tab.page.set_viewport_size(size)


def hand_in(tab: Tab, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": XLSX, "buffer": content}
    tab.page.locator("input[type=file]").set_input_files(file)
    tab.page.locator('[data-testid="stFileChipName"]', has_text=name).wait_for()
    tab.page.locator('[data-testid="stHeading"]', has_text="一、读懂的内容").wait_for()
    tab.settle()


def pick(tab: Tab, field: str, option: str) -> None:
    """Choose an option of a select box by typing it."""
    box = tab.page.get_by_role("combobox", name=field).last
    box.click()
    box.fill(option)
    tab.page.get_by_role("option", name=option).first.click()
    tab.settle()


def press(tab: Tab, name: str) -> None:
    tab.page.get_by_role("button", name=name, exact=True).first.click()
    tab.settle()


def tick_everything(tab: Tab) -> int:
    """Tick one doubtful point after the other; how many there were."""
    boxes = tab.page.locator('[data-testid="stCheckbox"]').filter(has_not_text="改正读法").get_by_role("checkbox")
    for n in range(boxes.count()):
        boxes.nth(n).set_checked(True, force=True)
        tab.settle()
    return int(boxes.count())


def handed_in_with_persons(tab: Tab, book: bytes) -> None:
    """The list of persons is refused by name, with what to do."""
    hand_in(tab, "查验汇总表.xlsx", book)
    tab.awaits("工作表“学生名单”是个人名单")
    said = tab.text()
    assert "请删去名单" in said
    assert tab.page.get_by_role("button", name="确认入库").count() == 0
    shot(tab, "1_persons")


def handed_in_with_faults(tab: Tab, book: bytes) -> bytes:
    """Every fault is named with its cell; the workbook comes back marked."""
    hand_in(tab, "查验汇总表_无名单.xlsx", messy.without_people(book))
    tab.awaits(*(f"查验汇总!{cell}" for cell in ("B5", "F6", "E9", "C11", "E15")))
    assert "学生名单" not in tab.text()
    tab.page.get_by_text("需要确认（").click()
    tab.awaits("“见附件”", "桤湾小学校”不在机构名录中", "“0.98”", "填表日期为2024年11月6日")
    tab.page.get_by_text("提示（").click()
    tab.awaits("第13行是隐藏的")
    shot(tab, "2_blocked")
    with tab.page.expect_download() as waiting:
        tab.page.get_by_role("button", name="下载标出问题的表格").first.click()
    marked = Path(waiting.value.path()).read_bytes()
    assert {"B5", "F6", "C7", "E8", "E9", "C11", "F12", "E15", "G4", "A1"} <= messy.cells_named(marked)
    return marked


def column_explained(tab: Tab, mended: bytes) -> None:
    """The mended workbook is kept as a draft; the column that nobody understood is given its indicator."""
    hand_in(tab, "查验汇总表_改.xlsx", mended)
    tab.awaits("已存为草稿")
    assert "必须改正" not in tab.text()
    assert tab.page.get_by_role("button", name="确认入库").is_disabled()
    shot(tab, "3_mended")
    tab.page.locator('[data-testid="stCheckbox"]', has_text="改正读法").click()
    tab.settle()
    pick(tab, "这一列（行）是", "指标数值")
    pick(tab, "指标", "有证人数")
    shot(tab, "4_column")
    press(tab, "按此重新识别")
    tab.awaits("按人工指定")
    assert "没有读懂" not in tab.page.locator(".sheet").inner_text()


def confirmed(tab: Tab) -> None:
    """After a closed browser the draft is gone on with: the school picked, every doubt ticked, stored."""
    tab.go("/upload")
    tab.page.get_by_role("button", name="继续").first.click()
    tab.page.get_by_text("按人工指定").wait_for()
    tab.settle()
    pick(tab, "桤湾小学校", "桤湾小学")
    tab.awaits("桤湾小学校”按“鹤溪县桤湾小学")
    assert tick_everything(tab) >= 4
    tab.page.get_by_placeholder("原因，可以不填").first.fill("已与疾控中心核对")
    tab.page.get_by_label("备注").fill("更正后重报")
    shot(tab, "5_ticked")
    press(tab, "确认入库")
    tab.page.get_by_text("已入库：").wait_for()
    shot(tab, "6_stored")


def test_a_sheet_with_twelve_faults_is_brought_into_the_store_with_what_the_screen_says(
    writable: str, open_tab: Open, tmp_path: Path
) -> None:
    known, before = messy.schools(tmp_path), current_values(tmp_path)
    book = messy.messy(known)
    tab = open_tab(writable)
    tab.go("/upload")
    own_words = tab.page.locator('[data-testid="stFileUploaderDropzone"] button p')
    assert "选择文件" in own_words.evaluate("e => getComputedStyle(e, '::after').content")
    handed_in_with_persons(tab, book)
    marked = handed_in_with_faults(tab, book)
    column_explained(tab, messy.mended(marked, known, leave=NOT_MENDED))
    confirmed(tab)
    assert current_values(tmp_path) > before

    with connected(tmp_path) as connection:
        kept = queries.confirmations(connection)
        newest = connection.scalar(sa.select(sa.func.max(observation.c.import_id)))
        values = sa.select(sa.func.count()).where(observation.c.import_id == newest, observation.c.valid_to.is_(None))
        assert connection.scalar(values) == 50  # ten schools, five indicators
    assert "已与疾控中心核对" in set(kept["reason"])

    tab.page.get_by_role("button", name="撤销").first.click()
    tab.page.get_by_role("button", name="确认撤销").click()
    tab.page.get_by_text("已撤销，停用50个数值").wait_for()
    assert current_values(tmp_path) == before
    assert tab.complaints == []
    assert tab.foreign == []
