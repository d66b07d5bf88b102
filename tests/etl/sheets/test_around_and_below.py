"""What stands around the numbers of a sheet: levels over indented names, sums beside units, lines below, names of files."""

from __future__ import annotations

from tests.etl.sheets.telling import by_cell, read


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
    assert by_cell(found, "B5", "B7", "D7") == [
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
    assert by_cell(found, "D5") == ["large_class_share{level=JUN}=5.56"]


def test_what_brackets_only_explain_changes_nothing() -> None:
    found = read(
        """
        澜屏县2024年3月控辍保学工作月报表
        学校名称 | 确认辍学学生数(未复学) | 应劝返人数 | 在校生数(寄宿)
        河东中学 | 1 | 2 | 30
        """
    )
    assert by_cell(found, "B3", "C3", "D3") == ["dropout_count{}=1", "dropout_return_due{}=2", "boarders{}=30"]


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
    assert by_cell(found, "B5", "D5") == ["staff{level=KG}=42", "staff_cert_rate{level=KG}=97.62"]


def test_rates_behind_a_second_age_group_are_of_it() -> None:
    found = read(
        """
        2024年适龄儿童少年入学情况统计表
        乡(镇) | 6-11周岁人口数 | 已入学 | 入学率 | 12-14周岁人口数 | 已入学 | 入学率
        那玛镇 | 612 | 611 | 99.84 | 298 | 297 | 99.66
        雪古乡 | 241 | 240 | 99.59 | 117 | 117 | 100
        """
    )
    assert by_cell(found, "D3", "G3") == [
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
    assert by_cell(found, "B3", "C4") == ["gross_enrollment_rate{level=KG}=93.6", "retention_rate{level=CE}=95.8"]


def test_a_pass_rate_behind_samples_is_theirs() -> None:
    found = read(
        """
        白川县2023年学校卫生监测结果
        学校类别 | 学校数(所) | 餐饮具抽检(件) | 合格(件) | 合格率(%)
        小学 | 14 | 90 | 84 | 93.3
        初中 | 6 | 70 | 67 | 95.7
        """
    )
    assert by_cell(found, "E3", "E4") == ["tableware_pass_rate{level=PRI}=93.3", "tableware_pass_rate{level=JUN}=95.7"]


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
