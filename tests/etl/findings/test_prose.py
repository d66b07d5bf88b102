"""Problems in running text: what is one, of what kind, of whom, and whether it was mended."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from db.records import Block, Reading
from etl.findings import FoundFinding, extract_findings

CATALOGUE = load_catalogue()


def found(text: str) -> list[FoundFinding]:
    reading = Reading("text/plain", text, (Block(0, "paragraph", "第1段", text),))
    held = list(extract_findings(reading, CATALOGUE))
    assert all(one.evidence.holds_in(reading) for one in held)
    assert all(one.closing.holds_in(reading) for one in held if one.closing)
    return held


def told(text: str) -> list[tuple[str, str | None, str, str]]:
    return [(one.category, one.entity, str(one.extent), str(one.state)) for one in found(text)]


TITLE = "松溪县教育局学校食堂食品安全检查情况通报\n2025年4月8日\n"
PROBLEMS = TITLE + "二、存在的问题\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1、部分学校食品留样不足125克,没有留样时间。", [("sample_retention", "松溪县", "some", "unstated")]),
        ("(一)大多数学校食堂没有防蝇设施。", [("premises", "松溪县", "most", "unstated")]),
        ("1.青泉镇中心小学库房地面潮湿,米面直接堆放,未离地离墙。", [("storage", "青泉镇中心小学", "one", "unstated")]),
        ("二是松溪二中食堂两名炊事员健康证已过期。", [("staff_health", "松溪二中", "one", "unstated")]),
        ("1、个别学校冰箱生熟混放,已当场整改到位。", [("storage", "松溪县", "some", "rectified")]),
        ("1、青泉镇中心小学饮水机未定期清洗,目前尚未整改。", [("drinking_water", "青泉镇中心小学", "one", "open")]),
        ("一是索证索票不全;二是晨检记录缺失;三是灯管损坏未更换。",
         [("procurement", "松溪县", "some", "unstated"), ("disease_control", "松溪县", "some", "unstated"), ("classroom", "松溪县", "some", "unstated")]),
        ("检查发现,部分食堂存在留样不足、餐具消毒记录不全、从业人员健康证过期等问题。",
         [("sample_retention", "松溪县", "some", "unstated"), ("disinfection", "松溪县", "some", "unstated"), ("staff_health", "松溪县", "some", "unstated")]),
    ],
)  # fmt: skip
def test_a_problem_with_its_kind_place_extent_and_state(
    text: str, expected: list[tuple[str, str | None, str, str]]
) -> None:
    assert told(PROBLEMS + text) == expected


@pytest.mark.parametrize(
    "text",
    [
        TITLE + "全年未发现食品留样不足等问题。",  # nothing was found
        TITLE + "三、下一步打算\n1、解决部分学校食堂防蝇设施不全的问题。",  # a plan
        TITLE + "二、存在的问题\n1、要加强餐具消毒,杜绝消毒不彻底。",  # a demand
        TITLE + "二、存在的问题\n1、部分教师课堂教学方式陈旧,教研活动少。",  # another subject
        TITLE + "如发现留样不足的,责令限期改正。",  # a rule
        "松溪县学校食品安全考核办法\n二、问题\n1、食堂无许可证的,扣5分。",  # a text of rules
        "松溪县卫生局工作总结\n三、存在的问题\n1、村卫生室制度不健全,乡镇卫生院技术人员不足。",  # of hospitals
        TITLE + "食堂卫生状况明显好转,餐具消毒记录齐全。",  # no fault
    ],
)
def test_what_is_no_finding(text: str) -> None:
    assert told(text) == []


def test_outside_a_section_of_problems_a_sentence_says_what_was_found() -> None:
    text = TITLE + "4月2日,督查组在青泉镇中心小学检查时发现库房过期食品未清理。各校随后自查。"
    assert told(text) == [("storage", "青泉镇中心小学", "one", "unstated")]


def test_the_section_on_rectification_settles_the_problems_it_speaks_of() -> None:
    text = (
        PROBLEMS + "1、多数学校水池瓷砖脱落,没有过滤网。\n2、个别食堂盖菜的纱布发黑变质。\n3、部分学校厕所有异味。\n"
        "三、整改情况\n1、水池的过滤网已全部安装,瓷砖正在重新铺贴。\n2、各校食堂更换了盖菜的纱布。\n"
    )
    held = found(text)
    assert [(one.category, str(one.state)) for one in held] == [
        ("premises", "open"), ("storage", "rectified"), ("cleanliness", "unstated"),
    ]  # fmt: skip
    assert held[1].closing is not None
    assert held[1].closing.quote == "各校食堂更换了盖菜的纱布"


def test_a_sentence_on_all_problems_settles_every_one() -> None:
    text = PROBLEMS + "1、部分学校留样不足。\n2、个别学校晨检记录缺失。\n以上问题已全部整改到位。\n"
    assert [str(one.state) for one in found(text)] == ["rectified", "rectified"]


def test_a_label_line_says_what_the_items_below_are_about() -> None:
    text = PROBLEMS + "库房方面:\n1、物品摆放凌乱,粮和菜放在地上。\n餐厅方面:\n1、桌椅清洗不净。\n"
    assert [one.category for one in found(text)] == ["storage", "premises"]


def test_a_schools_own_report_speaks_of_the_school() -> None:
    text = "松溪县青泉镇中心小学食堂自查报告\n二、存在的问题\n1、消毒记录填写不及时。\n2025年5月6日"
    [one] = found(text)
    assert (one.entity, str(one.extent), one.period) == ("松溪县青泉镇中心小学", "one", "2025-05-06")


def test_kinds_with_counts_are_told_apart() -> None:
    text = TITLE + "检查共发现问题39个,主要是:索证索票不齐23处,留样不规范16处。"
    assert [(one.category, one.text) for one in found(text)] == [
        ("procurement", "索证索票不齐23处"), ("sample_retention", "留样不规范16处"),
    ]  # fmt: skip
