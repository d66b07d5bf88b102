"""What sheets14 taught about where tables begin and whom their rows and columns are of, in sheets of our own."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from db.records import Grid
from etl.sheets import extract_sheets, pairs
from etl.sheets.sheet import Sheet
from tests.etl.sheets.notation import grid, reading
from tests.etl.sheets.telling import read, told


def values(found: list[str]) -> list[str]:
    return [" ".join(line.split()[:2]) for line in found]


def test_a_table_of_items_below_the_pairs_of_a_card_is_of_the_school_and_its_parts() -> None:
    found = read(
        """
        学校基本情况登记表
        学年:2025—2026学年 | | | 填表时间:2025年9月20日
        学校名称 | 云门镇九年一贯制学校 | 办学类型 | 九年一贯制学校
        校长 | 符×× | 建校年份 | 1958
        项目 | 单位 | 小学部 | 初中部
        教学班数 | 个 | 12 | 9
        在校学生数 | 人 | 487 | 402
        其中:女生 | 人 | 228 | 192
        """
    )
    assert values(found) == [
        "C6 classes{level=PRI}=12", "D6 classes{level=JUN}=9",
        "C7 enrollment{level=PRI}=487", "D7 enrollment{level=JUN}=402",
        "C8 enrollment{level=PRI;sex=F}=228", "D8 enrollment{level=JUN;sex=F}=192",
    ]  # fmt: skip
    assert {line.split(" ", 3)[3] for line in found} == {"云门镇九年一贯制学校 SY2025"}


def test_a_long_table_with_a_name_and_a_township_beside_each_other_is_no_card() -> None:
    found = read(
        """
        序号 | 机构标识码 | 机构名称 | 所属乡镇 | 指标项 | 统计学年 | 分组 | 数值 | 计量单位
        1 | 2143018805 | 茅坪镇中心小学 | 茅坪镇 | 在校学生数 | 2025/2026学年 | 合计 | 812 | 人
        2 | 2143018805 | 茅坪镇中心小学 | 茅坪镇 | 在校学生数 | 2025/2026学年 | 女 | 383 | 人
        3 | 2143018805 | 茅坪镇中心小学 | 茅坪镇 | 班数 | 2025/2026学年 | 合计 | 21 | 个
        """
    )
    assert values(found) == [
        "H2 enrollment{level=PRI}=812", "H3 enrollment{level=PRI;sex=F}=383", "H4 classes{level=PRI}=21",
    ]  # fmt: skip


def test_a_town_of_two_characters_heads_its_columns() -> None:
    found = read(
        """
        乌苏木县2026年第一季度疫苗接种率监测表
        疫苗 | 新镇 | > | 巴彦镇 | > | 全县合计 | >
        ^ | 应种 | 实种 | 应种 | 实种 | 应种 | 实种
        卡介苗 | 78 | 75 | 43 | 42 | 121 | 117
        """
    )
    assert [line.split()[3] for line in found] == ["新镇", "新镇", "巴彦镇", "巴彦镇", "乌苏木县", "乌苏木县"]


@pytest.mark.parametrize(("sheet", "level"), [("幼儿园", "level=KG"), ("小学", "level=PRI"), ("汇总", "")])
def test_a_sheet_named_after_a_level_is_of_that_level(sheet: str, level: str) -> None:
    drawing = "荔波塘县2025年秋季新生预防接种证查验情况汇总表\n乡镇 | 应查验人数 | 实查验人数\n水尧乡 | 204 | 203"
    found = told(extract_sheets(reading(grid(drawing, sheet)), load_catalogue(), name="查验汇总.xls").mentions)
    assert values(found) == [f"B3 vac_cert_check_due{{{level}}}=204", f"C3 vac_cert_check_done{{{level}}}=203"]


def test_schools_with_kindergartens_in_brackets_are_of_no_single_level_and_a_brigade_speaks_of_its_city() -> None:
    found = read(
        """
        平潮市2025年度学校(托幼机构)卫生监督检查情况统计表
        填报单位:平潮市卫生健康综合执法支队
        机构类别 | 辖区学校数(所) | 检查学校数
        小学 | 164 | 152
        合计 | 488 | 476
        """
    )
    assert [" ".join(line.split()[1:4:2]) for line in found] == [
        "schools{level=PRI}=164 平潮市", "hygiene_inspected_count{level=PRI;object=school}=152 平潮市",
        "schools{}=488 平潮市", "hygiene_inspected_count{object=school}=476 平潮市",
    ]  # fmt: skip


def test_the_sum_of_a_month_in_the_column_of_months_is_of_no_school_above_it() -> None:
    found = read(
        """
        丹崖乡中心学校控辍保学工作台账月汇总
        月份 | 学校名称 | 学段 | 疑似辍学人数
        2026年3月 | 丹崖乡中心小学 | 小学 | 1
        2026年3月 | 丹崖乡初级中学 | 初中 | 2
        3月小计 | | | 3
        """
    )
    assert found[-1] == "D5 suspected_dropout_count{}=3 person 丹崖乡中心学校 2026-03 total"


def test_sums_over_months_and_over_diseases_of_one_kindergarten() -> None:
    found = read(
        """
        星湖区第三幼儿园2025年秋季学期传染病发病情况
        病种 | 9月 | 10月 | 学期合计
        手足口病 | 3 | 5 | 8
        水痘 | 0 | 1 | 1
        合计 | 3 | 6 | 9
        """
    )
    sums = [line for line in found if line.endswith("total")]
    assert [" ".join(line.split()[:2]) for line in sums] == [
        "D3 infectious_cases{disease=手足口病;level=KG}=8", "D4 infectious_cases{disease=水痘;level=KG}=1",
        "B5 infectious_cases{level=KG}=3", "C5 infectious_cases{level=KG}=6", "D5 infectious_cases{level=KG}=9",
    ]  # fmt: skip
    assert [line.split()[4] for line in sums] == ["SY2025-T1", "SY2025-T1", "2025-09", "2025-10", "SY2025-T1"]


def test_the_sum_of_those_who_came_and_went_is_no_count_of_pupils() -> None:
    found = read(
        """
        罗汉渡区2025-2026学年初小学在校学生变动情况
        学校名称 | 上学年初在校学生数 | 增加学生数 | > | 减少学生数 | > | 本学年初在校学生数
        ^ | ^ | 小计 | 招生 | 小计 | 毕业 | ^
        金带街小学 | 1431 | 249 | 249 | 237 | 237 | 1443
        """
    )
    assert values(found) == [
        "B4 enrollment{level=PRI}=1431", "D4 entrants{level=PRI}=249", "F4 graduates{level=PRI}=237",
        "G4 enrollment{level=PRI}=1443",
    ]  # fmt: skip


def test_when_a_cohort_began_is_not_when_its_retention_was_counted() -> None:
    found = read(
        """
        竹山岭县2025届义务教育巩固率统计表
        一、初中三年巩固率(2022年秋入学)
        学校 | 2022年秋七年级招生数 | 应毕业人数 | 实际毕业人数 | 巩固率
        花鼓镇初级中学 | 208 | 197 | 196 | 99.49
        """
    )
    assert [line.split()[4] for line in found if "retention_rate" in line] == ["SY2024"]


def test_a_column_that_spells_rates_in_two_ways_is_still_the_quotient_of_its_counts() -> None:
    found = read(
        """
        东篱县2025年小学生健康体检结果统计表
        学校 | 应检人数 | 受检人数 | 受检率
        实验小学 | 1862 | 1845 | 0.9909
        桃花坞小学 | 704 | 677 | 96.16%
        """
    )
    assert [line.rsplit(" ", 1)[1] for line in found] == ["1845/1862@C3/B3", "677/704@C4/B4"]


def test_a_school_between_the_sums_of_levels_is_of_the_level_of_its_sum() -> None:
    found = read(
        """
        罗汉渡区2025年秋季中小学基本情况
        学校名称 | 在校生数
        石亭镇中心小学 | 1105
        小学小计 | 1105
        罗汉渡区外国语中学 | 1229
        罗汉渡区完全中学 | 900
        初中小计 | 2129
        """
    )
    assert values(found)[2:4] == ["B5 enrollment{level=JUN}=1229", "B6 enrollment{}=900"]


def test_those_in_school_are_of_the_age_group_beside_them() -> None:
    found = read(
        """
        梧桐垭县2025年秋季学龄人口入学情况统计表
        乡镇 | 3-5周岁人口 | 在园幼儿 | 6-11周岁人口 | 已入学 | 未入学
        鸭池镇 | 367 | 344 | 905 | 904 | 1
        """
    )
    assert values(found)[-1] == "F3 out_of_school_count{level=PRI}=1"


def test_a_sheet_without_a_date_takes_the_only_period_of_the_workbook() -> None:
    dated = grid("双桥岭区2026年春季学校食堂情况\n学校 | 食堂数\n东兴小学 | 1", "食堂")
    plain = grid("类别 | 检查学校数\n小学 | 32", "抽检")
    other = grid("双桥岭区2025年春季学校食堂情况\n学校 | 食堂数\n东兴小学 | 1", "上年")
    periods = [
        {
            mention.period
            for mention in extract_sheets(reading(*grids), load_catalogue()).mentions
            if mention.evidence.sheet == "抽检"
        }
        for grids in ((dated, plain), (dated, other, plain))
    ]
    assert periods == [{"SY2025-T2"}, {None}]


def test_a_rate_that_is_wrong_in_one_row_is_held_against_the_counts_of_the_other_rows() -> None:
    found = read(
        """
        茅草坡县2026年3-6月控辍保学情况月报汇总
        月份 | 确认辍学人数 | 应劝返人数 | 劝返复学人数 | 劝返复学率
        3月 | 2 | 8 | 7 | 78.5
        4月 | 1 | 4 | 3 | 75
        5月 | 2 | 5 | 4 | 80
        """
    )
    assert [line.rsplit(" ", 1)[1] for line in found if "dropout_return_rate" in line] == [
        "7/8@D3/C3",
        "3/4@D4/C4",
        "4/5@D5/C5",
    ]


def test_the_rows_of_a_table_with_names_are_not_searched_for_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Sheet) -> list[list[pairs.Pair]]:
        raise AssertionError("every row is searched")

    monkeypatch.setattr(pairs, "_pairs_of", refuse)
    rows = [("学校名称", "办学类型", "在校学生数"), *((f"榆湾镇第{n}小学", "小学", n) for n in range(50))]
    assert pairs.find_cards(Sheet(Grid("表", tuple(rows)))) == []
