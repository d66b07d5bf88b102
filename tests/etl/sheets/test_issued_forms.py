"""Sheets that the bureau gave out itself: its own columns need no explanation, empty ones and guides are left in peace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.catalogue import load_catalogue
from db.records import Severity
from etl.sheets import extract_sheets
from etl.types import Extraction
from tests.etl.sheets.notation import grid, reading

CATALOGUE = load_catalogue()
FORM = """
双山县2026—2027学年初小学学龄人口入学情况统计表
填报单位:双山县 | > | > | > | 单位:人、%
区划代码 | 乡镇(街道) | 6-11周岁人口 | 已入学 | > | > | 未入学 | 免缓学 | 入学率(%)
^ | ^ | 计 | 计 | 本地就读 | 外地就读 | 计 | ^ | ^
'340101101 | 河西镇 | {0} | {1} | {2} | {3} | {4} | {5} | {6}
"""
FILLED = FORM.format(200, 198, 190, 8, 2, 0, 99)
EMPTY = FORM.format("", "", "", "", "", "", "")


def extract(drawing: str, sheet: str = "小学") -> Extraction:
    return extract_sheets(reading(replace(grid(drawing), sheet=sheet)), CATALOGUE)


def codes(found: Extraction) -> list[str]:
    return [issue.code for issue in found.issues]


def test_columns_that_only_serve_the_sums_of_a_form_raise_no_question() -> None:
    found = extract(FILLED)
    assert codes(found) == []
    assert [(m.indicator, m.value) for m in found.mentions] == [
        ("school_age_population", 200), ("out_of_school_count", 2), ("net_enrollment_rate", 99),
    ]  # fmt: skip


def test_the_same_columns_on_another_sheet_are_named() -> None:
    assert codes(extract(FILLED.replace("6-11周岁人口", "6-11周岁儿童")))[-1] == "column_without_indicator"


def test_an_untouched_form_says_that_nothing_was_filled_in() -> None:
    found = extract(EMPTY)
    [issue] = found.issues
    assert (issue.code, issue.severity, issue.cell) == ("not_filled_in", Severity.NOTE, "C5")
    assert "“小学”还没有填数" in issue.sentence
    assert not found.mentions
    assert found.layouts[0].tables[0].period == "SY2026"


def test_a_zero_is_filled_in() -> None:
    found = extract(FORM.format(0, 0, 0, 0, 0, 0, ""))
    assert codes(found) == []
    assert [m.value for m in found.mentions] == [0, 0]


def test_what_was_there_when_the_form_was_given_out_does_not_count() -> None:
    head = "学校名称 | 上学年初报表在校生数 | 增加学生数 | > | > | > | 减少学生数 | > | > | > | > | > | > | 本学年初报表在校生数"
    below = "^ | ^ | 招生 | 复学 | 转入 | 其他 | 毕业 | 结业 | 休学 | 退学 | 死亡 | 转出 | 其他 | ^"
    title = "双山县2026—2027学年初小学在校生变动情况统计表"
    assert codes(extract(f"{title}\n{head}\n{below}\n河西小学 | 300" + " |" * 12)) == ["not_filled_in"]
    assert codes(extract(f"{title}\n{head}\n{below}\n河西小学 | 300 | 40" + " |" * 11)) == []


@pytest.mark.parametrize("mark", ["仅供对照,不作上报", "本页仅供参考，不用于统计", "(仅供核对,不必填报)"])
def test_a_sheet_that_says_it_is_only_there_to_compare_is_not_read(mark: str) -> None:
    found = extract(f"{mark}\n{FILLED.strip()}")
    assert (found.mentions, found.issues) == ((), ())
    assert (found.layouts[0].tables, found.layouts[0].note) == ((), "reference")


def test_a_sheet_of_another_purpose_is_read() -> None:
    assert extract("仅供内部参考\n" + FILLED.strip()).mentions


@pytest.mark.parametrize("name", ["填表说明", "说明", "指标解释", "封面", "填报须知"])
def test_a_guide_raises_no_question(name: str) -> None:
    found = extract("填表说明\n一、白色格填数\n二、没有的填零", name)
    assert (found.mentions, found.issues, found.layouts[0].note) == ((), (), "guide")


@pytest.mark.parametrize(("name", "text"), [("小学", "没有的填零"), ("说明", "河西小学 | 300")])
def test_a_sheet_without_a_header_that_is_no_guide_is_named(name: str, text: str) -> None:
    assert codes(extract(f"标题\n{text}", name)) == ["no_table"]
