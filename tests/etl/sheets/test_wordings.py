"""Headers as other bureaus word them: short names, parts behind #, months, ages and levels in brackets."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from db.records import dims_key
from etl.sheets import extract_sheets
from tests.etl.sheets.notation import grid, reading


def read(drawing: str, sheet: str = "Sheet1", name: str = "表.xlsx") -> dict[str, str]:
    """cell -> indicator{dims} of every mention."""
    text = "\n".join(line.strip() for line in drawing.strip().splitlines())
    found = extract_sheets(reading(grid(text, sheet)), load_catalogue(), name=name).mentions
    return {m.evidence.cell or "": f"{m.indicator}{{{dims_key(m.dims)}}}" for m in found}


HEADERS = {
    "short names of counts, sexes under a heading": (
        "清水县2025年秋季学期小学概况\n学校 | 班 | 生数 | > | > | 专任师 | 教职员工\n^ | ^ | 总 | 男 | 内宿 | ^ | ^\n东湾小学 | 6 | 210 | 108 | 12 | 14 | 16",
        {"B4": "classes{level=PRI}", "C4": "enrollment{level=PRI}", "D4": "enrollment{level=PRI;sex=M}",
         "E4": "boarders{level=PRI}", "F4": "teachers{level=PRI}", "G4": "staff{level=PRI}"},
    ),
    "full-time teachers under 教职工 are no other staff": (
        "清水县2024年教育基本情况\n类别 | 教职工(人) | > | >\n^ | 合计 | #专任教师 | #保育员\n小学 | 90 | 81 | 2\n幼儿园 | 60 | 35 | 20",
        {"B4": "staff{level=PRI}", "C4": "teachers{level=PRI}", "B5": "staff{level=KG}", "C5": "teachers{level=KG}"},
    ),
    "children of workers from elsewhere, however they are called": (
        "清水县2024年小学生情况\n学校 | 在校生 | #外来务工随迁 | #留守\n东湾小学 | 300 | 20 | 41",
        {"B3": "enrollment{level=PRI}", "C3": "migrant_children{level=PRI}", "D3": "left_behind_children{level=PRI}"},
    ),
    "ages in brackets behind the level": (
        "清水县2024-2025学年入学情况\n乡镇 | 小学(6—11周岁) | > | > | 初中(12-14岁) | > | >\n"
        "^ | 适龄人口 | 未入学 | 入学率 | 适龄人口 | 未入学 | 入学率\n白塔镇 | 500 | 1 | 99.8 | 260 | 0 | 100",
        {"B4": "school_age_population{level=PRI}", "C4": "out_of_school_count{level=PRI}", "D4": "net_enrollment_rate{level=PRI}",
         "E4": "school_age_population{level=JUN}", "F4": "out_of_school_count{level=JUN}", "G4": "net_enrollment_rate{level=JUN}"},
    ),
    "a unit behind the basis in one bracket": (
        "清水县2024年秋季接种证查验\n乡镇 | 应补种人数 | 应补种剂次 | 实补种人数 | 实补种剂次 | 补种率(人,%) | 补种率(剂次,%)\n白塔镇 | 20 | 40 | 19 | 39 | 95 | 97.5",
        {"B3": "vac_catchup_due{basis=person}", "C3": "vac_catchup_due{basis=dose}", "D3": "vac_catchup_done{basis=person}",
         "E3": "vac_catchup_done{basis=dose}", "F3": "vac_catchup_rate{basis=person}", "G3": "vac_catchup_rate{basis=dose}"},
    ),
    "where disabled children are taught": (
        "清水县2025年适龄残疾儿童少年义务教育入学安置情况\n乡镇 | 已入学(人) | > | > | 入学率(%)\n^ | 随班就读 | 特教学校 | 送教上门 | ^\n白塔镇 | 3 | 2 | 1 | 100",
        {"B4": "disabled_students{level=CE;placement=inclusive}", "C4": "disabled_students{level=CE;placement=special}",
         "D4": "disabled_students{level=CE;placement=home}", "E4": "disabled_enrollment_rate{level=CE}"},
    ),
    "the narrower level stands in the name": (
        "清水县教育指标\n类别 | 指标 | 2024年\n义务教育 | 小学净入学率(%) | 99.9\n义务教育 | 九年巩固率(%) | 96.1\n高中阶段 | 初中毕业生升学率(%) | 98.2",
        {"C3": "net_enrollment_rate{level=PRI}", "C4": "retention_rate{level=CE}", "C5": "transition_rate{level=JUN}"},
    ),
    "caries and the first dose in other words": (
        "清水县2024年儿童健康统计\n学校 | 患龋率(%) | 龋病检出率(%) | 乙肝首剂(24小时内)及时接种率(%)\n东湾小学 | 30.1 | 30.2 | 95",
        {"B3": "caries_rate{level=PRI}", "C3": "caries_rate{level=PRI}", "D3": "hepb_birth_timely_rate{}"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADERS)
def test_headers_in_other_words(case: str) -> None:
    drawing, wanted = HEADERS[case]
    assert read(drawing) == wanted


DISEASES = "学校 | 流行性感冒(例) | 诺如病毒感染 | 水痘 | 停课班级\n东湾小学 | 3 | 0 | 2 | 1"


def test_bare_names_of_diseases_count_cases_only_in_a_table_of_diseases() -> None:
    assert read(f"清水县2025年5月学校传染病统计\n{DISEASES}") == {
        "B3": "infectious_cases{disease=流行性感冒;level=PRI}", "C3": "infectious_cases{disease=诺如病毒感染;level=PRI}",
        "D3": "infectious_cases{disease=水痘;level=PRI}",
    }  # fmt: skip
    assert not read(f"清水县2025年5月因病缺课登记\n{DISEASES}")


def test_symptoms_are_no_diseases() -> None:
    found = read("清水县2025年5月学校传染病症状监测\n学校 | 发热 | 咳嗽 | 皮疹\n东湾小学 | 3 | 1 | 0")
    assert not found


def periods(drawing: str) -> dict[str, str | None]:
    text = "\n".join(line.strip() for line in drawing.strip().splitlines())
    found = extract_sheets(reading(grid(text)), load_catalogue(), name="表.xlsx").mentions
    return {m.evidence.cell or "": m.period for m in found}


def test_months_from_one_to_another_in_a_header_lie_in_the_year_of_the_sheet() -> None:
    found = periods(
        "清水县2025年5月疫苗接种月报\n疫苗 | 本月实种 | 1-5月累计实种 | 1—3月实种\n乙肝疫苗 | 20 | 98 | 60\n甲肝疫苗 | 10 | 51 | 33"
    )
    assert [found[cell] for cell in ("B3", "C3", "D3")] == ["2025-05", "2025-01..2025-05", "2025-Q1"]


def test_short_school_years_in_a_header() -> None:
    found = periods(
        "清水县两年对比\n乡镇 | 小学在校生 | > | > | 因病缺课率(%) | >\n^ | 23-24学年 | 22-23学年 | 增减 | 23-24学年 | 22-23学年\n"
        "白塔镇 | 700 | 710 | -10 | 0.4 | 0.5"
    )
    assert found == {"B4": "SY2023", "C4": "SY2022", "E4": "SY2023", "F4": "SY2022"}


def test_the_end_of_last_school_year_and_of_this_one() -> None:
    found = periods(
        "清水县2023-2024学年初中学生变动\n学校 | 上学年末在校生 | 招生 | 本学年末在校生\n东湾初级中学 | 500 | 160 | 505"
    )
    assert found == {"B3": "SY2022", "C3": "SY2023", "D3": "SY2023"}
