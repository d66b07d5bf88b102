"""Tables in documents, drawn or typed: what the report, the line above and the headings say of their cells."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from db.catalogue import load_catalogue
from db.records import Block, Grid, Reading
from etl import pipeline
from etl.reports.rows import marked
from etl.reports.typed import typed_tables


def document(text: str, rows: Sequence[Sequence[str]]) -> Reading:
    """A document in which the table stands where the text has the mark ¤."""
    start = text.index("¤")
    grid = Grid("表1", tuple(map(tuple, rows)))
    return Reading("text/plain", text.replace("¤", ""), (Block(1, "grid", "表1", start=start, grid=grid),))


def told(reading: Reading, name: str = "", *dims: str) -> list[tuple[str | None, ...]]:
    found = pipeline.extract(reading, load_catalogue(), name).mentions
    return [
        (m.indicator, str(m.value), m.entity, m.period, *(m.dims.get(dim) for dim in ("level", *dims))) for m in found
    ]


def test_a_school_gives_its_level_and_time_to_its_tables_and_the_file_name_does_not() -> None:
    text = "松坪镇中心小学2022年秋季学期工作总结\n一、学生情况\n表1 分年级学生数\n¤\n二、其他\n无。\n"
    rows = [("年级", "班数", "学生数", "其中:女生"), ("一年级", "3", "121", "58"), ("二年级", "3", "117", "60")]
    assert sorted(told(document(text, rows), "d01_report_2021.docx", "grade", "sex"), key=str) == sorted([
        ("classes", "3", "松坪镇中心小学", "SY2022-T1", "PRI", None, None),
        ("enrollment", "121", "松坪镇中心小学", "SY2022-T1", "PRI", "1", None),
        ("enrollment", "58", "松坪镇中心小学", "SY2022-T1", "PRI", "1", "F"),
        ("classes", "3", "松坪镇中心小学", "SY2022-T1", "PRI", None, None),
        ("enrollment", "117", "松坪镇中心小学", "SY2022-T1", "PRI", "2", None),
        ("enrollment", "60", "松坪镇中心小学", "SY2022-T1", "PRI", "2", "F"),
    ], key=str)  # fmt: skip


def test_indicators_by_rows_have_a_value_a_year_and_no_aims() -> None:
    text = "澜川市教育局2021年统计公报\n表二 主要指标\n¤\n"
    rows = [
        ("指标", "单位", "2019年", "2020年", "2021年", "2025年目标"), ("学校食堂明厨亮灶覆盖率", "%", "80.1", "88.4", "95.0", "100"),
        ("查验后疫苗补种率", "%", "90.2", "…", "94.6", "≥95"), ("学校聚集性疫情", "起", "12", "7", "9", "—"),
    ]  # fmt: skip
    assert {row[:4] for row in told(document(text, rows))} == {
        ("open_kitchen_coverage", "80.1", "澜川市", "2019"), ("open_kitchen_coverage", "88.4", "澜川市", "2020"),
        ("open_kitchen_coverage", "95.0", "澜川市", "2021"), ("vac_catchup_rate", "90.2", "澜川市", "2019"),
        ("vac_catchup_rate", "None", "澜川市", "2020"),  # … is told as not reported
        ("vac_catchup_rate", "94.6", "澜川市", "2021"), ("cluster_event_count", "12", "澜川市", "2019"),
        ("cluster_event_count", "7", "澜川市", "2020"), ("cluster_event_count", "9", "澜川市", "2021"),
    }  # fmt: skip


def test_conditions_by_rows_have_a_rate_with_its_two_counts() -> None:
    text = "白水镇初级中学2023年体检情况报告\n¤\n"
    rows = [
        ("项目", "受检人数", "检出人数", "检出率(%)", "2022年检出率(%)", "控制目标(%)"),
        ("近视", "800", "500", "62.5", "64.1", "60"), ("龋齿", "800", "96", "12.0", "—", "10"), ("脊柱弯曲异常", "800", "8", "1.0", "1.1", "—"),
    ]  # fmt: skip
    found = pipeline.extract(document(text, rows), load_catalogue(), "").mentions
    assert [(m.indicator, str(m.value), m.period, m.dims.get("level"), m.numerator, m.denominator) for m in found] == [
        ("myopia_rate", "62.5", "2023", "JUN", 500, 800), ("myopia_rate", "64.1", "2022", "JUN", None, None),
        ("caries_rate", "12.0", "2023", "JUN", 96, 800),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "period"), [("上年在校生数", "2019"), ("2018年在校生数", "2018"), ("在校生数", "2020")]
)
def test_a_heading_tells_the_time_of_its_column(heading: str, period: str) -> None:
    text = "澜川市教育局2020年统计公报\n¤\n"
    rows = [("学段", heading, "班数"), ("小学", "31062", "702"), ("初中", "15824", "331")]
    periods = {row[3] for row in told(document(text, rows)) if row[0] == "enrollment"}
    assert periods == {period}


def test_the_line_above_a_table_names_its_vaccine() -> None:
    text = "青河县疾控中心2024年工作总结\n二、接种情况\n表3 适龄女生HPV疫苗接种进度\n(单位:人、%)\n¤\n"
    rows = [
        ("学校", "应种人数", "实种人数", "接种率(%)"),
        ("青河一中", "400", "380", "95.00"),
        ("合计", "400", "380", "95.00"),
    ]
    assert [(row[0], row[1], row[2], row[5]) for row in told(document(text, rows), "", "vaccine")][:3] == [
        ("vaccination_due", "400", "青河一中", "HPV"), ("vaccination_given", "380", "青河一中", "HPV"),
        ("vaccination_coverage", "95.00", "青河一中", "HPV"),
    ]  # fmt: skip


CHECK = """临溪区疾病预防控制中心2021年秋季入托入学查验总结
现总结如下:
附表:查验汇总表
填报单位:临溪区疾控中心 填报日期:2021年12月18日
单位\t机构数\t应查验人数\t实查验人数\t查验时全程接种人数\t需补种人数\t需补种剂次\t实补种人数\t实补种剂次\t剂次补种率
新港街道\t9\t812\t812\t690\t121\t204\t118\t199\t97.55
红星农场\t1\t46\t46\t41\t5\t8\t5\t8\t100
注:剂次补种率=实补种剂次÷需补种剂次。
"""


def test_a_typed_table_is_read_by_its_columns_and_points_into_the_text() -> None:
    reading = Reading("text/plain", CHECK)
    found = pipeline.extract(reading, load_catalogue(), "check.txt").mentions
    rows = [
        (m.indicator, str(m.value), m.unit, m.dims.get("basis"), m.numerator) for m in found if m.entity == "红星农场"
    ]
    assert rows == [
        ("vac_cert_check_due", "46", "person", None, None), ("vac_cert_check_done", "46", "person", None, None),
        ("vac_catchup_due", "5", "person", "person", None), ("vac_catchup_due", "8", "dose", "dose", None),
        ("vac_catchup_done", "5", "person", "person", None), ("vac_catchup_done", "8", "dose", "dose", None),
        ("vac_catchup_rate", "100", "percent", "dose", 8),
    ]  # fmt: skip
    assert {m.period for m in found} == {"SY2021-T1"}
    for m in found:
        at = m.evidence
        assert at.cell is None
        assert CHECK[at.start : at.end] == at.quote
        assert CHECK[at.sentence_start : at.sentence_end].startswith(("新港街道", "红星农场"))


@pytest.mark.parametrize(
    ("text", "tables"),
    [("甲校\t3\n乙校\t4\n", 0), ("学校\t人数\n甲校\t3\n乙校\t4\n", 1), ("|学校|人数|\n|--|--|\n|甲校|3|\n", 1),
     ("全县小学 3 所,初中 4 所。\n", 0), ("学校\t人数\n甲校\t3\n乙校\t4\n\n学校\t班数\n甲校\t3\n乙校\t4\n", 2)],
)  # fmt: skip
def test_tables_are_found_where_a_head_stands_above_their_rows(text: str, tables: int) -> None:
    found = typed_tables(text, marked(text))
    assert len(found) == tables
    for table in found:
        spans = [span for row in table.cells for span in row]
        assert all(text[a:b].strip() == text[a:b] != "" for a, b in spans)


@pytest.mark.parametrize(
    ("caption", "level"),
    [
        ("初中基本情况表(2022年)", "JUN"),
        ("各乡镇幼儿园情况见下表。", "KG"),
        ("表2 全县普通高中办学情况一览", "SEN"),
        ("中小学基本情况表", None),
        ("小学、初中学生情况统计表", None),
        ("小学办学条件明显改善。", None),
    ],
)
def test_the_line_above_a_table_gives_its_cells_the_one_level_it_names(caption: str, level: str | None) -> None:
    text = f"青溪县教育局2022年工作总结\n一、办学情况\n{caption}\n¤\n二、其他\n无。\n青溪县教育局\n2022年12月20日\n"
    rows = [("乡镇", "在校生(人)", "其中:留守儿童(人)"), ("柳河镇", "412", "57"), ("合计", "412", "57")]
    read = told(document(text, rows))
    assert {(code, value, of) for code, value, _, _, of in read} == {
        ("enrollment", "412", level), ("left_behind_children", "57", level)
    }  # fmt: skip


def test_a_typed_table_has_the_level_of_the_line_above_but_where_a_row_names_another() -> None:
    text = (
        "青溪县2022年教育情况\n小学基本情况表\n乡镇\t在校生\t寄宿生\n柳河镇\t412\t57\n中学\t300\t60\n2022年12月20日\n"
    )
    read = {(code, value, level) for code, value, _, _, level in told(Reading("text/plain", text))}
    assert {("enrollment", "412", "PRI"), ("boarders", "57", "PRI")} <= read


@pytest.mark.parametrize(
    ("caption", "months"),
    [
        ("附:2023年秋季学期各月出勤情况", ("2023-11", "2023-12")),
        ("附:2023—2024学年出勤情况", ("2023-11", "2023-12")),
    ],
)
def test_a_month_at_the_head_of_a_row_is_in_the_year_of_the_table(caption: str, months: tuple[str, str]) -> None:
    text = f"榆林幼儿园2023—2024学年卫生保健工作总结\n{caption}\n¤\n"
    rows = [("月份", "应出勤天数", "出勤率(%)"), ("11月", "22", "90.2"), ("十二月份", "21", "94.9")]
    assert [(row[0], row[3]) for row in told(document(text, rows))] == [("attendance_rate", m) for m in months]
