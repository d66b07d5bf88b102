"""What registers of counties and platforms write otherwise: units of a hundred, kinds in one character, numbers under headings."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from db.catalogue import load_catalogue
from etl.sheets import extract_sheets
from etl.sheets.kinds import spelled_out
from etl.sheets.periods import lone_month
from tests.etl.sheets.notation import grid, reading
from tests.etl.sheets.telling import read


def _values(found: Sequence[str], *cells: str) -> list[str]:
    """`indicator{dims}=value` of the cells."""
    by_cell = {line.split()[0]: line.split()[1] for line in found}
    return [by_cell.get(cell, "-") for cell in cells]


def test_hundreds_of_persons_are_persons_and_the_prefecture_itself_is_a_unit() -> None:
    found = read(
        """
        额敏州2020—2022年各县市在园幼儿数
        单位:百人
        年份 | 青禾市 | 乌兰旗 | 州直 | 全州
        2020年 | 88.3 | 41.2 | 6.1 | 135.6
        2021年 | 90.1 | 40.7 | 6.3 | 137.1
        """
    )
    assert _values(found, "B4", "D5") == ["enrollment{level=KG}=8830", "enrollment{level=KG}=630"]
    assert any(line.startswith("E4 enrollment{level=KG}=13560 person 额敏州 2020 total") for line in found)


@pytest.mark.parametrize(("name", "kind"), [("小太阳", "民办普惠"), ("育英(民办)", "民办"), ("红旗完小附设班", "公办")])
def test_what_a_kindergarten_is_divides_none_of_its_numbers(name: str, kind: str) -> None:
    found = read(
        f"""
        云台镇2024年秋季幼儿园接种证查验统计
        园名 | 性质 | 应查验人数 | 实查验人数 | 有接种证人数
        中心园 | 公办 | 96 | 96 | 94
        {name} | {kind} | 58 | 58 | 57
        合计 | | 154 | 154 | 151
        """
    )
    assert _values(found, "C4", "D4", "E4") == [
        "vac_cert_check_due{level=KG}=58", "vac_cert_check_done{level=KG}=58", "vac_cert_held{level=KG}=57",
    ]  # fmt: skip


@pytest.mark.parametrize("head", ["完成值", "年度数据(审定)", "当前"])
def test_the_only_values_beside_indicators_are_theirs_whatever_they_are_called(head: str) -> None:
    found = read(
        f"""
        霞泉县2022年主要发展指标
        指标 | {head} | 省定目标 | 计算单位
        1.学前三年毛入园率 | 88.9 | 85 | %
        2.小学适龄儿童净入学率 | 99.98 | 99.5 | %
        3.初中辍学率 | 0.01 | 1以下 | %
        """
    )
    assert _values(found, "B3", "B4", "B5", "C3") == [
        "gross_enrollment_rate{level=KG}=88.9", "net_enrollment_rate{level=PRI}=99.98", "dropout_rate{level=JUN}=0.01", "-",
    ]  # fmt: skip


def test_a_platform_names_kinds_of_units_that_are_no_groups() -> None:
    found = read(
        """
        机构标识码 | 机构名称 | 办学类型 | 指标名称 | 口径 | 统计时间 | 数值 | 单位
        3452010009 | 澄河县第一中学 | 完全中学 | 在校生数 | 合计 | 2024-2025学年 | 3104 | 人
        3452010009 | 澄河县第一中学 | 完全中学 | 在校生数 | 女 | 2024-2025学年 | 1522 | 人
        520103000000 | 澄河县教育局 | 管理机构 | 小学净入学率 | - | 2023学年 | 99.9 | %
        1152010156 | 东坡镇中心幼儿园 | 幼儿园 | 入园数 | 合计 | 2024-2025学年 | 92 | 人
        """
    )
    assert _values(found, "G2", "G3", "G4", "G5") == [
        "enrollment{}=3104", "enrollment{sex=F}=1522", "net_enrollment_rate{level=PRI}=99.9", "entrants{level=KG}=92",
    ]  # fmt: skip


def test_boys_girls_and_their_sum_beside_classes_are_the_pupils_of_the_grades() -> None:
    found = read(
        """
        河东镇北塬教学点分年级情况(2022年9月)
        年级 | 班数 | 男 | 女 | 小计 | 其中寄宿
        一年级 | 1 | 3 | 2 | 5 | 1
        二年级 | 1 | 2 | 4 | 6 | 0
        合计 | 2 | 5 | 6 | 11 | 1
        """
    )
    assert _values(found, "C3", "D4", "E4") == [
        "enrollment{grade=1;level=PRI;sex=M}=3", "enrollment{grade=2;level=PRI;sex=F}=4", "enrollment{grade=2;level=PRI}=6",
    ]  # fmt: skip


def test_institutions_that_were_checked_are_no_children() -> None:
    found = read(
        """
        望湖区2024年秋季入托入学预防接种证查验汇总表
        街道 | 类别 | 查验机构 | > | 查验儿童 | >
        ^ | ^ | 应查 | 已查 | 应查验 | 实查验
        古渡镇 | 幼儿园 | 6 | 6 | 547 | 547
        ^ | 小学 | 4 | 4 | 618 | 617
        """
    )
    assert _values(found, "C4", "D4", "E4", "F5") == [
        "-", "-", "vac_cert_check_due{level=KG}=547", "vac_cert_check_done{level=PRI}=617",
    ]  # fmt: skip


def test_kinds_of_problems_under_a_heading_divide_what_it_counts() -> None:
    found = read(
        """
        清溪区学校卫生联合督导问题整改情况(截至2023年11月30日)
        学校名称 | 发现问题 | > | > | 已整改 | > | > | 整改率
        ^ | 食品 | 饮水 | 教室 | 食品 | 饮水 | 教室 | ^
        区实验小学 | 2 | 1 | 3 | 2 | 1 | 2 | 0.8333
        马家堰中心小学 | 5 | 2 | 4 | 5 | 1 | 4 | 0.9091
        """
    )
    assert _values(found, "B4", "G5") == [
        "hygiene_findings{category=食品;level=PRI}=2", "hygiene_findings_closed{category=教室;level=PRI}=4",
    ]  # fmt: skip


def test_traditional_characters_are_read_and_names_stay_as_they_are_written() -> None:
    found = read(
        """
        嘉屏縣溪埔國民小學112學年度第1學期學生健康檢查統計表
        年級 | 班級數 | 學生數 | > | > | 視力不良率
        ^ | ^ | 男 | 女 | 計 | ^
        一年級 | 3 | 36 | 33 | 69 | 24.6%
        四年級 | 4 | 48 | 44 | 92 | 46.7%
        受檢合計 | 7 | 84 | 77 | 161 | 37.3%
        """
    )
    assert _values(found, "C4", "E5", "F6") == [
        "enrollment{grade=1;level=PRI;sex=M}=36", "enrollment{grade=4;level=PRI}=92", "low_vision_rate{level=PRI}=37.3",
    ]  # fmt: skip
    assert all("嘉屏縣溪埔國民小學 SY2023-T1" in line for line in found)


def test_a_simplified_sheet_is_left_as_it_is() -> None:
    source = reading(grid("某县2024年小学在校生\n学校 | 在校生数\n后山小学 | 12", "Sheet1"))
    found = extract_sheets(source, load_catalogue(), name="表.xlsx")
    assert [one.entity for one in found.mentions] == ["后山小学"]


def test_age_bands_divide_every_count_over_them() -> None:
    found = read(
        """
        云岭县2023年义务教育学龄人口入学情况统计表
        乡(镇) | 学龄人口 | > | 已入学 | > | 未入学 | > | 入学率 | >
        ^ | 6-11岁 | 12-14岁 | 6-11岁 | 12-14岁 | 6-11岁 | 12-14岁 | 6-11岁 | 12-14岁
        大箐镇 | 830 | 312 | 828 | 310 | 2 | 2 | 99.76 | 99.36
        河沿乡 | 612 | 294 | 611 | 292 | 1 | 2 | 99.84 | 99.32
        """
    )
    assert _values(found, "F4", "G5", "H4", "I5") == [
        "out_of_school_count{level=PRI}=2", "out_of_school_count{level=JUN}=2",
        "net_enrollment_rate{level=PRI}=99.76", "net_enrollment_rate{level=JUN}=99.32",
    ]  # fmt: skip


def test_children_aimed_at_are_those_due_and_no_aim() -> None:
    found = read(
        """
        达木旗2022年10月分疫苗接种情况
        苏木(镇) | 项目 | 麻腮风第2剂 | 乙脑第2剂
        巴音镇 | 目标儿童数 | 354 | 349
        ^ | 已种人数 | 343 | 337
        乌兰苏木 | 目标儿童数 | 281 | 280
        ^ | 已种人数 | 267 | 266
        """
    )
    assert "C3 vaccination_due{dose=2;vaccine=MMR}=354 person 巴音镇 2022-10" in found
    assert "D6 vaccination_given{dose=2;vaccine=JE}=266 person 乌兰苏木 2022-10" in found


def test_the_unit_below_the_last_table_has_filled_in_those_above_too() -> None:
    found = read(
        """
        秋季开学学校食堂检查情况统计表(2024年9月)
        检查项目 | 幼儿园 | 小学
        检查食堂数(家) | 35 | 22

        续表
        检查项目 | 小学 | 幼儿园
        发现隐患(条) | 41 | 64
        填报单位:松岭县市场监督管理局
        """
    )
    assert len(found) == 4
    assert all(" 松岭县 " in line for line in found)


@pytest.mark.parametrize(
    ("head", "text", "kind"),
    [
        ("学段", "小", "小学"), ("学校类型", "九", "九年一贯制学校"), ("学段", "点", "小学"), ("备注", "小", "小"),
        ("办学类型", "九年一贯制学校初中部", "初中"), ("类别", "完全中学高中部", "高中"), ("学段", "初中", "初中"),
    ],
)  # fmt: skip
def test_kinds_of_schools_are_spelled_out(head: str, text: str, kind: str) -> None:
    assert spelled_out(head, text) == kind


@pytest.mark.parametrize(("text", "month"), [("9-11月", None), ("9月", 9), ("1—3月份", None), ("十月", 10)])
def test_several_months_are_no_single_one(text: str, month: int | None) -> None:
    assert lone_month(text) == month


def test_a_rate_of_its_own_among_the_doses_is_not_a_coverage() -> None:
    found = read(
        """
        青杨街道2025年6月常规免疫接种情况
        疫苗 | 剂次 | 应种 | 实种 | 接种率
        乙肝疫苗 | 1(首针) | 52 | 49 | 94.2
        ^ | 2 | 59 | 59 | 100
        乙肝首针24小时及时率 | | 58 | 56 | 96.6
        """
    )
    assert _values(found, "C3", "E3", "C5", "E5") == [
        "vaccination_due{dose=1;vaccine=HepB}=52", "vaccination_coverage{dose=1;vaccine=HepB}=94.2",
        "-", "hepb_birth_timely_rate{}=96.6",
    ]  # fmt: skip


def test_the_sum_of_a_part_of_town_is_not_of_urban_pupils() -> None:
    found = read(
        """
        云岫县2025年3月控辍保学月报
        片区 | 学校 | 学段 | 学籍数 | 疑似辍学
        城区片 | 第二小学 | 小 | 2318 | 0
        ^ | 凤鸣实验学校 | 九 | 1577 | 2
        城区片小计 | | | 3895 | 2
        """
    )
    assert "E5 suspected_dropout_count{}=2 person 城区片 2025-03 total" in found
    assert _values(found, "D3", "D4") == ["enrollment{level=PRI}=2318", "enrollment{level=CE}=1577"]


def test_names_set_in_below_a_level_are_of_it() -> None:
    found = read(
        """
        义务教育学校学生变动情况统计表(2023-2024学年初)
        学校名称 | 招生 | 转入 | 转出
        '总计 | 1071 | 74 | 102
        '一、小学 | 404 | 50 | 62
        '  城关一小 | 310 | 41 | 28
        '二、初中 | 667 | 24 | 40
        '  一中 | 496 | 18 | 26
        """
    )
    assert _values(found, "B5", "B7", "D7") == [
        "entrants{level=PRI}=310", "entrants{level=JUN}=496", "transfer_out{level=JUN}=26",
    ]  # fmt: skip


def test_a_whole_banner_beside_its_towns_is_their_sum() -> None:
    found = read(
        """
        乌兰塔拉旗2024年义务教育学校基本情况统计表
        项目 | 计量单位 | 全旗合计 | > | 巴彦镇 | > | 哈拉苏木 | >
        ^ | ^ | 小学 | 初中 | 小学 | 初中 | 小学 | 初中
        一、教学班数 | 个 | 47 | 18 | 38 | 18 | 9 | —
        六、56人以上大班额比例 | % | 0 | 5.56 | 0 | 5.56 | 0 | —
        """
    )
    assert "C4 classes{level=PRI}=47 class 乌兰塔拉旗 2024 total" in found
    assert "G4 classes{level=PRI}=9 class 哈拉苏木 2024" in found
    assert _values(found, "D5") == ["large_class_share{level=JUN}=5.56"]


def test_what_brackets_only_explain_changes_nothing() -> None:
    found = read(
        """
        澜屏县2024年3月控辍保学工作月报表
        学校名称 | 确认辍学学生数(未复学) | 应劝返人数 | 在校生数(寄宿)
        河东中学 | 1 | 2 | 30
        """
    )
    assert _values(found, "B3", "C3", "D3") == ["dropout_count{}=1", "dropout_return_due{}=2", "boarders{}=30"]


def test_the_month_of_a_file_is_that_of_a_sheet_without_one() -> None:
    found = read("乡镇卫生院 | 应种人数 | 实种人数\n清平镇 | 36 | 35", name="常规免疫报表_202504.csv")
    assert found[0].endswith("2025-04")
    assert not read("乡镇卫生院 | 应种人数 | 实种人数\n清平镇 | 36 | 35", name="编号20250499.csv")[0].endswith(
        "2025-04"
    )


def test_staff_by_post_are_no_food_handlers_and_no_units() -> None:
    found = read(
        """
        某县机关幼儿园工作人员健康检查(2024年12月)
        岗位 | 在岗人数 | 持健康合格证人数 | 持证率
        教师 | 28 | 28 | 100%
        保育员 | 14 | 13 | 92.86%
        合计 | 42 | 41 | 97.62%
        """
    )
    assert not any("food_handlers" in line or "vac_cert" in line for line in found)
    assert _values(found, "B5", "D5") == ["staff{level=KG}=42", "staff_cert_rate{level=KG}=97.62"]


def test_rates_behind_a_second_age_group_are_of_it() -> None:
    found = read(
        """
        2024年适龄儿童少年入学情况统计表
        乡(镇) | 6-11周岁人口数 | 已入学 | 入学率 | 12-14周岁人口数 | 已入学 | 入学率
        那玛镇 | 612 | 611 | 99.84 | 298 | 297 | 99.66
        雪古乡 | 241 | 240 | 99.59 | 117 | 117 | 100
        """
    )
    assert _values(found, "D3", "G3") == [
        "net_enrollment_rate{level=PRI}=99.84",
        "net_enrollment_rate{level=JUN}=99.66",
    ]


def test_two_offices_of_one_place_are_that_place() -> None:
    found = read(
        """
        2021—2023年教育事业主要指标
        霞岭州统计局  霞岭州教育局
        指标 | 单位 | 2022年 | 2023年
        幼儿园数 | 所 | 431 | 422
        九年义务教育巩固率 | % | 95.5 | 95.9
        """
    )
    assert {line.split()[3] for line in found} == {"霞岭州"}


def test_bare_rates_of_counties_have_the_level_that_their_name_implies() -> None:
    found = read(
        """
        各县基础教育基本情况(2023年)
        县(市) | 毛入园率 | 巩固率
        霞岭市 | 93.6 | 97.2
        云坪县 | 91.2 | 95.8
        """
    )
    assert _values(found, "B3", "C4") == ["gross_enrollment_rate{level=KG}=93.6", "retention_rate{level=CE}=95.8"]


def test_a_pass_rate_behind_samples_is_theirs() -> None:
    found = read(
        """
        白川县2023年学校卫生监测结果
        学校类别 | 学校数(所) | 餐饮具抽检(件) | 合格(件) | 合格率(%)
        小学 | 14 | 90 | 84 | 93.3
        初中 | 6 | 70 | 67 | 95.7
        """
    )
    assert _values(found, "E3", "E4") == ["tableware_pass_rate{level=PRI}=93.3", "tableware_pass_rate{level=JUN}=95.7"]


def test_the_day_of_one_inspection_is_not_that_of_their_sum() -> None:
    found = read(
        """
        2024年3月学校食堂检查明细
        学校名称 | 检查日期 | 从业人员 | 持健康证
        市第一幼儿园 | 2024-03-05 | 9 | 9
        阳光幼儿园 | 2024-03-11 | 4 | 3
        合计 | | 13 | 12
        """
    )
    assert next(line for line in found if line.startswith("C5")).split()[4] == "2024-03"


def test_entrants_of_a_cohort_are_of_the_year_in_which_it_began() -> None:
    found = read(
        """
        沛阳县小学六年巩固率统计表(2024届)
        学校 | 2018级一年级招生数 | 2024年毕业生数 | 巩固率
        青杨小学 | 85 | 79 | 92.94%
        湖口完小 | 47 | 45 | 95.74%
        """
    )
    assert next(line for line in found if " entrants{" in line).split()[4] == "SY2018"


def test_the_unit_that_reports_below_the_notes_is_whose_the_table_is() -> None:
    found = read(
        """
        国家免疫规划疫苗常规接种情况月报表(2023年10月)
        疫苗 | 剂次 | 应种 | 实种
        卡介苗 | 1 | 42 | 41
        麻腮风疫苗 | 2 | 37 | 36
        注:应种人数含上月应种未种累计。
        报告单位(章):临塘县青石镇中心卫生院 | | 报告人:许× |
        """
    )
    assert {line.split()[3] for line in found} <= {"临塘县青石镇", "临塘县青石镇中心卫生院"}


def test_schools_in_focus_are_no_issuer() -> None:
    found = read("重点学校食堂检查明细(2024年9月)\n学校 | 从业人员\n后山小学 | 4\n合计 | 4", name="东湖区检查.xlsx")
    assert [line.split()[3] for line in found] == ["后山小学", "东湖区"]
