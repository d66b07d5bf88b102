"""Sheets that mix layouts, drawn, with the observations a person would write down."""

from __future__ import annotations

MIXTURES = {
    "years as text": (
        """
        古渡县教育指标对比表
        指标 | 单位 | '2023 | '2024 | 同比
        初中在校生数 | 人 | '2040 | 2,031 | -9
        """,
        """
        C3 enrollment{level=JUN}=2040 person 古渡县 2023
        D3 enrollment{level=JUN}=2031 person 古渡县 2024
        """,
    ),
    "years as text under lost merges": (
        """
        古渡镇历年在校生数
        学校 | 小学 | | 初中 |
         | '2023 | '2024 | '2023 | '2024
        古渡小学 | '1,200 | '1,150 | |
        古渡初中 | | | '600 | '590
        """,
        """
        B4 enrollment{level=PRI}=1200 person 古渡小学 2023
        C4 enrollment{level=PRI}=1150 person 古渡小学 2024
        D5 enrollment{level=JUN}=600 person 古渡初中 2023
        E5 enrollment{level=JUN}=590 person 古渡初中 2024
        """,
    ),
    "captions narrow the level of the title": (
        """
        古渡县2025-2026学年义务教育控辍保学情况
        一、小学阶段
        乡镇 | 在校生数 | 辍学人数
        白沙镇 | 1810 | 0

        二、初中阶段
        乡镇 | 在校生数 | 辍学人数
        白沙镇 | 905 | 2
        """,
        """
        B4 enrollment{level=PRI}=1810 person 白沙镇 SY2025
        C4 dropout_count{level=PRI}=0 person 白沙镇 SY2025
        B8 enrollment{level=JUN}=905 person 白沙镇 SY2025
        C8 dropout_count{level=JUN}=2 person 白沙镇 SY2025
        """,
    ),
    "captions narrow the period of the title": (
        """
        古渡县2025年隐患整改情况
        一、第一季度
        乡镇 | 发现问题数 | 已整改数
        白沙镇 | 12 | 9

        二、第二季度
        乡镇 | 发现问题数 | 已整改数
        白沙镇 | 4 | 4
        """,
        """
        B4 hygiene_findings{}=12 finding 白沙镇 2025-Q1
        C4 hygiene_findings_closed{}=9 finding 白沙镇 2025-Q1
        B8 hygiene_findings{}=4 finding 白沙镇 2025-Q2
        C8 hygiene_findings_closed{}=4 finding 白沙镇 2025-Q2
        """,
    ),
    "vaccines of the title beside another rate": (
        """
        古渡县2025年适龄儿童免疫规划疫苗接种率监测结果(%)
        乡镇 | 卡介苗 | 乙肝2剂 | 全程接种率
        白沙镇 | 99.1 | 98.4 | 93.3
        平均 | 99.0 | 98.0 | 93.0
        """,
        """
        B3 vaccination_coverage{vaccine=BCG}=99.1 percent 白沙镇 2025
        C3 vaccination_coverage{dose=2;vaccine=HepB}=98.4 percent 白沙镇 2025
        D3 full_vaccination_rate{}=93.3 percent 白沙镇 2025
        """,
    ),
    "units across, grouped": (
        """
        古渡县2025年上半年疫苗接种情况
        疫苗 | 剂次 | 白沙镇 | > | > | 竹溪乡 | > | >
        ^ | ^ | 应种 | 实种 | 接种率(%) | 应种 | 实种 | 接种率(%)
        乙肝疫苗 | 2 | 50 | 49 | 98 | 20 | 19 | 95
        """,
        """
        C4 vaccination_due{dose=2;vaccine=HepB}=50 person 白沙镇 2025-H1
        D4 vaccination_given{dose=2;vaccine=HepB}=49 person 白沙镇 2025-H1
        E4 vaccination_coverage{dose=2;vaccine=HepB}=98 percent 白沙镇 2025-H1 49/50@D4/C4
        F4 vaccination_due{dose=2;vaccine=HepB}=20 person 竹溪乡 2025-H1
        G4 vaccination_given{dose=2;vaccine=HepB}=19 person 竹溪乡 2025-H1
        H4 vaccination_coverage{dose=2;vaccine=HepB}=95 percent 竹溪乡 2025-H1 19/20@G4/F4
        """,
    ),
    "units across, bare": (
        """
        古渡县2025年学校卫生情况
        指标 | 白沙镇 | 竹溪乡 | 合计
        本辖区学校数 | 12 | 5 | 17
        晨检率(%) | 99 | 100 | 99.4
        """,
        """
        B3 schools{}=12 school 白沙镇 2025
        C3 schools{}=5 school 竹溪乡 2025
        D3 schools{}=17 school 古渡县 2025 total
        B4 morning_check_rate{session=morning}=99 percent 白沙镇 2025
        C4 morning_check_rate{session=morning}=100 percent 竹溪乡 2025
        D4 morning_check_rate{session=morning}=99.4 percent 古渡县 2025 total
        """,
    ),
    "levels across with vocational and special schools": (
        """
        古渡县2025-2026学年学校情况
        指标 | 小学 | 中等职业学校 | 特殊教育学校 | 合计
        食堂数(个) | 14 | 1 | 1 | 16
        教师学历合格率(%) | 100 | 95 | 100 | —
        """,
        """
        B3 canteens{level=PRI}=14 canteen 古渡县 SY2025
        C3 canteens{level=VOC}=1 canteen 古渡县 SY2025
        D3 canteens{level=SPE}=1 canteen 古渡县 SY2025
        E3 canteens{}=16 canteen 古渡县 SY2025 total
        B4 teacher_qualified_rate{level=PRI}=100 percent 古渡县 SY2025
        C4 teacher_qualified_rate{level=VOC}=95 percent 古渡县 SY2025
        D4 teacher_qualified_rate{level=SPE}=100 percent 古渡县 SY2025
        """,
    ),
    "rates with their counts, whatever the labels name": (
        """
        古渡县2025年学校食堂检查情况
        乡镇 | 辖区学校数 | 检查学校数 | 合格数 | 合格率(%) | 监督检查覆盖率(%)
        白沙镇 | 10 | 8 | 6 | 75 | 80
        """,
        """
        B3 schools{}=10 school 白沙镇 2025
        C3 hygiene_inspected_count{object=school}=8 school 白沙镇 2025
        D3 hygiene_passed_count{object=school}=6 school 白沙镇 2025
        E3 hygiene_inspection_pass_rate{object=school}=75 percent 白沙镇 2025 6/8@D3/C3
        F3 hygiene_supervision_coverage{}=80 percent 白沙镇 2025 8/10@C3/B3
        """,
    ),
    "lighting by rooms": (
        """
        古渡县2025年教室采光照明监测
        学校 | 监测教室数(间) | 合格教室数(间) | 采光照明合格率(%)
        白沙中学 | 8 | 6 | 75
        竹溪中学 | 8 | 6 | 60
        """,
        """
        D3 classroom_lighting_rate{}=75 percent 白沙中学 2025 6/8@C3/B3
        D4 classroom_lighting_rate{}=60 percent 竹溪中学 2025 6/8@C4/B4
        """,
    ),
    "days of the title's month and year": (
        """
        白沙镇中心小学2026年3月出勤日报
        日期 | 应到人数 | 实到人数 | 出勤率(%) | 因病缺课 | 因病缺课率(%)
        2日 | 600 | 594 | 99 | 3 | 0.5
        3/3 | 600 | 588 | 98 | |
        3.14 | 600 | 582 | 97 | |
        3月16日 | 600 | 591 | 98.5 | |
        """,
        """
        D3 attendance_rate{level=PRI}=99 percent 白沙镇中心小学 2026-03-02 594/600@C3/B3
        F3 sick_absence_rate{level=PRI}=0.5 percent 白沙镇中心小学 2026-03-02 3/600@E3/B3
        D4 attendance_rate{level=PRI}=98 percent 白沙镇中心小学 2026-03-03 588/600@C4/B4
        D5 attendance_rate{level=PRI}=97 percent 白沙镇中心小学 2026-03-14 582/600@C5/B5
        D6 attendance_rate{level=PRI}=98.5 percent 白沙镇中心小学 2026-03-16 591/600@C6/B6
        """,
    ),
    "the net of a cohort comes first": (
        """
        古渡县2022-2025年初中三年巩固率
        学校 | 入学时学生数 | 净增加 | 毕业生数 | 巩固率
        白沙初级中学 | 236 | 2 | 238 | 100%
        竹溪初级中学 | 200 | 1 | 200 | 100%
        """,
        """
        D3 graduates{level=JUN}=238 person 白沙初级中学 2022..2025
        E3 retention_rate{level=JUN}=100 percent 白沙初级中学 2022..2025 238/238@D3/B3
        D4 graduates{level=JUN}=200 person 竹溪初级中学 2022..2025
        E4 retention_rate{level=JUN}=100 percent 竹溪初级中学 2022..2025 200/201@D4/B4
        """,
    ),
    "sums in the columns of numbers and codes": (
        """
        古渡县2025年9月在校生数
        填报单位:古渡县教育局  古渡县疾控中心
        序号 | 乡镇 | 学校代码 | 学校名称 | 在校生数
        1 | 白沙镇 | '3101001 | 白沙小学 | 600
        2 | | '3101002 | 白沙二小 | 480
        小计 | | | | 1080
         | | 合计 | | 1080
        """,
        """
        E4 enrollment{level=PRI}=600 person 白沙小学 2025-09
        E5 enrollment{level=PRI}=480 person 白沙二小 2025-09
        E6 enrollment{}=1080 person 白沙镇 2025-09 total
        E7 enrollment{}=1080 person 古渡县 2025-09 total
        """,
    ),
    "a title that speaks of the districts of a city": (
        """
        古渡市分县区初中在校生数
        县区 | 2024年 | 2025年
        白沙县 | 5100 | 5040
        全市 | 5100 | 5040
        """,
        """
        B3 enrollment{level=JUN}=5100 person 白沙县 2024
        C3 enrollment{level=JUN}=5040 person 白沙县 2025
        B4 enrollment{level=JUN}=5100 person 古渡市 2024 total
        C4 enrollment{level=JUN}=5040 person 古渡市 2025 total
        """,
    ),
    "one school, dated by the day of filling in": (
        """
        学校名称 | 白沙小学 | 填表日期 | 2025年9月5日
        在校生数 | 120 | 班数 | 6
        食堂数 | 1 | 办学类型 | 小学
        """,
        """
        B2 enrollment{level=PRI}=120 person 白沙小学 2025-09-05
        D2 classes{level=PRI}=6 class 白沙小学 2025-09-05
        B3 canteens{level=PRI}=1 canteen 白沙小学 2025-09-05
        """,
    ),
    "a rate of primary and junior schools together": (
        """
        古渡县健康指标
        指标 | 2024年 | 2025年
        中小学生近视率(%) | 51.2 | 50.4
        """,
        """
        B3 myopia_rate{}=51.2 percent 古渡县 2024
        C3 myopia_rate{}=50.4 percent 古渡县 2025
        """,
    ),
    "grades of the title beside classes": (
        """
        古渡县2025-2026学年初在校生分年级统计
        学校 | 班数 | 一年级 | > | 合计 | >
        ^ | ^ | 计 | 女 | 计 | 女
        白沙小学 | 6 | 50 | 24 | 98 | 47
        """,
        """
        B4 classes{level=PRI}=6 class 白沙小学 SY2025
        C4 enrollment{grade=1;level=PRI}=50 person 白沙小学 SY2025
        D4 enrollment{grade=1;level=PRI;sex=F}=24 person 白沙小学 SY2025
        E4 enrollment{level=PRI}=98 person 白沙小学 SY2025
        F4 enrollment{level=PRI;sex=F}=47 person 白沙小学 SY2025
        """,
    ),
    "months across with their sum": (
        """
        古渡县2026年食品安全月度调度表
        项目 | 1月 | 2月 | 累计
        检查户次 | 20 | 15 | 35
        """,
        """
        B3 hygiene_visits{}=20 visit 古渡县 2026-01
        C3 hygiene_visits{}=15 visit 古渡县 2026-02
        D3 hygiene_visits{}=35 visit 古渡县 2026 total
        """,
    ),
    "weeks from day to day": (
        """
        古渡县2025年晨检周报
        统计周期 | 学校 | 晨检率(%)
        3月3日-3月7日 | 白沙小学 | 99.6
        3月10日—14日 | 白沙小学 | 99
        """,
        """
        C3 morning_check_rate{level=PRI;session=morning}=99.6 percent 白沙小学 2025-03-03..2025-03-07
        C4 morning_check_rate{level=PRI;session=morning}=99 percent 白沙小学 2025-03-10..2025-03-14
        """,
    ),
    "placements of children with disabilities": (
        """
        古渡县2025年残疾儿童少年义务教育入学情况
        乡镇 | 随班就读 | 特教学校就读 | 送教上门
        白沙镇 | 7 | 3 | 1
        """,
        """
        B3 disabled_students{level=CE;placement=inclusive}=7 person 白沙镇 2025
        C3 disabled_students{level=CE;placement=special}=3 person 白沙镇 2025
        D3 disabled_students{level=CE;placement=home}=1 person 白沙镇 2025
        """,
    ),
    "one indicator of the title, units across": (
        """
        古渡县各乡镇在校生数
        年份 | 白沙镇 | 竹溪乡 | 合计
        2025年 | 1810 | 640 | 2450
        """,
        """
        B3 enrollment{}=1810 person 白沙镇 2025
        C3 enrollment{}=640 person 竹溪乡 2025
        D3 enrollment{}=2450 person 古渡县 2025 total
        """,
    ),
    "a part of the private kindergartens is not all of them": (
        """
        古渡县2025年学前教育情况
        类别 | 园数(所) | 在园幼儿数(人)
        公办 | 12 | 1900
        民办 | 8 | 1200
        其中:普惠性民办 | 5 | 800
        """,
        """
        B3 schools{level=KG;sponsor=public}=12 school 古渡县 2025
        C3 enrollment{level=KG;sponsor=public}=1900 person 古渡县 2025
        B4 schools{level=KG;sponsor=private}=8 school 古渡县 2025
        C4 enrollment{level=KG;sponsor=private}=1200 person 古渡县 2025
        """,
    ),
}  # fmt: skip
