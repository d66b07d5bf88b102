"""A rate and its two counts told by their numbers where their labels alone say too little, and other words of one's own."""

from __future__ import annotations

import pytest

from etl.sheets import words
from tests.etl.sheets.telling import read

_CONTROLS = """
    龙潭镇学校食堂落实情况(2025年11月)
    学校 | 供餐日(天) | 风险隐患 | > | >
    ^ | ^ | 排查出(个) | 处置完(个) | 处置完成率
    龙潭镇中心幼儿园 | 20 | 5 | 5 | 1
    龙潭镇第一小学 | 20 | 8 | {closed} | 0.875
    龙潭镇高桥小学 | 20 | 4 | 3 | 0.75
"""


def test_two_counts_and_their_quotient_are_named_together() -> None:
    found = [line.split()[:2] for line in read(_CONTROLS.format(closed=7))]
    assert ["C5", "hygiene_findings{level=PRI}=8"] in found
    assert ["D5", "hygiene_findings_closed{level=PRI}=7"] in found
    assert ["E6", "hygiene_rectification_rate{level=PRI}=75"] in found


def test_a_quotient_that_fails_in_one_line_names_nothing() -> None:
    assert read(_CONTROLS.format(closed=6)) == []


def test_quotients_of_other_things_stay_unnamed() -> None:
    found = read(
        """
        清源县2025年教师培训情况
        学校 | 计划培训(人) | 参训(人) | 参训率(%)
        龙潭镇第一小学 | 40 | 38 | 95
        龙潭镇高桥小学 | 30 | 27 | 90
        龙潭镇实验小学 | 50 | 41 | 82
        """
    )
    assert found == []


def test_the_certificates_of_kitchen_staff_need_one_telling_line_of_three() -> None:
    found = read(
        """
        海西县第二初级中学食堂食品安全月度台账
        2025年秋季学期
        月 | 食堂员工 | > | > | 食源性疾病(起)
        ^ | 在岗 | 有健康证 | 持证率 | ^
        九月 | 17 | 16 | 0.941 | 0
        十月 | 17 | 17 | 1 | 0
        十一月 | 16 | 16 | 1 | 0
        """
    )
    assert "B5 food_handlers{level=JUN}=17" in found[0]
    assert sum("food_handler_cert_rate{" in line for line in found) == 3


@pytest.mark.parametrize("label", ["毕业离校", "劝返回校", "休学期满返校", "转到外校", "月末在园"])
def test_what_pupils_do_is_no_name_of_a_school(label: str) -> None:
    assert not words.looks_like_unit(label)


@pytest.mark.parametrize("label", ["龙潭镇中心校", "县进校", "第三分校", "阳光幼儿园", "东湖外校"])
def test_names_of_schools_are_still_names(label: str) -> None:
    assert words.looks_like_unit(label)


def test_changes_within_a_year_are_told_under_headings_that_only_say_so() -> None:
    found = read(
        """
        澜川县2025-2026学年初小学在校生增减变动核对表
        学校 | 2024-2025学年初人数 | 一年来增加 | > | 一年来减少 | >
        ^ | ^ | 一年级招收 | 从外校转来 | 毕业离校 | 转到外校
        勐朗镇完小 | 1284 | 231 | 47 | 209 | 38
        上允镇完小 | 903 | 158 | 26 | 149 | 31
        """
    )
    named = {line.split()[1].split("{")[0] for line in found if line.split()[0].endswith("4")}
    assert {"entrants", "transfer_in", "graduates", "transfer_out"} <= named


def test_schools_and_kindergartens_together_are_of_no_level() -> None:
    found = read(
        """
        学校食堂食品安全监管情况季报(2025年第四季度)
        内容 | 幼儿园 | 小学 | 初中 | 合计
        一、辖内学校、幼儿园(所) | 13 | 7 | 3 | 23
        二、开办的食堂(个) | 12 | 6 | 3 | 21
        """
    )
    assert [line.split()[1] for line in found if line.startswith(("B3", "E3", "E4"))] == [
        "schools{level=KG}=13", "schools{}=23", "canteens{}=21",
    ]  # fmt: skip
