"""Whole reports: sections, issuers and periods hold from paragraph to paragraph; aims and other figures stay out."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from db.catalogue import load_catalogue
from db.records import Block, Reading
from etl.reports import extract_report
from etl.reports.anchors import Anchor
from etl.reports.cleaning import clean
from etl.reports.dated import title_period
from etl.reports.numbers import find_numbers
from etl.reports.periods import find_periods
from etl.reports.places import issuer_in
from etl.reports.script import han_value, simplify
from etl.reports.segments import find_reports
from etl.types import Extraction

COUNTY = """澄溪县教育局2019年工作总结
2019年,全县教育系统圆满完成各项任务。现将有关情况汇报如下:
一、基本情况
澄溪县辖12个乡镇,总人口42.6万人。全县现有各级各类学校248所,其中普通高中3所、初中18所、小学96所、幼儿园131所(公办41所、民办90所)。
二、主要工作
(一)学前教育加快发展。投入资金3200万元,新建公办幼儿园6所,改扩建4所,新增学位1620个。全县学前三年毛入园率达到88.6%,较上年提高2.3个百分点。
(二)义务教育均衡推进。全县共有留守儿童5210人。大班额比例由8.2%下降到3.1%。
(三)食品安全。全县学校食堂112个,取得食品经营许可证112个,持证率100%;检查学校食堂224家次,发现问题隐患68条,已整改65条。走访慰问困难教师45人,发放慰问金4.5万元。
三、存在问题
50岁以上教师占31.5%,平均班额52人。
四、2020年工作打算
1.全县学前三年毛入园率达到90%以上。
2.义务教育巩固率达到97%,新建小学2所。

澄溪县教育局
2019年12月26日
"""


def extract(text: str, name: str = "") -> Extraction:
    return extract_report(Reading("text/plain", text), load_catalogue(), name=name)


def test_a_county_report() -> None:
    extraction = extract(COUNTY)
    told = [(m.indicator, m.dims.get("level"), m.value) for m in extraction.mentions]
    assert told == [
        ("schools", None, 248), ("schools", "SEN", 3), ("schools", "JUN", 18), ("schools", "PRI", 96),
        ("schools", "KG", 131), ("schools", "KG", 41), ("schools", "KG", 90),
        ("schools_new", "KG", 6), ("schools_new", "KG", 4), ("gross_enrollment_rate", "KG", Decimal("88.6")),
        ("left_behind_children", "CE", 5210), ("large_class_share", "CE", Decimal("3.1")),
        ("canteens", None, 112), ("canteen_license_rate", None, 100), ("hygiene_visits", None, 224),
        ("hygiene_findings", None, 68), ("hygiene_findings_closed", None, 65), ("average_class_size", None, 52),
    ]  # fmt: skip
    assert {m.entity for m in extraction.mentions} == {"澄溪县"}
    assert {m.period for m in extraction.mentions} == {"2019", "2019-12-26"}
    assert {m.scope for m in extraction.mentions} == {"全文"}
    reasons = Counter(r.reason for r in extraction.rejected)
    assert reasons["target"] == 3
    assert reasons["vague"] == 2


def test_locators_name_the_paragraph() -> None:
    lines = [line for line in COUNTY.split("\n") if line]
    blocks = [Block(n, "paragraph", f"第{n}段", line, COUNTY.index(line)) for n, line in enumerate(lines, 1)]
    reading = Reading("text/plain", COUNTY, tuple(blocks))
    locators = {m.value: m.evidence.locator for m in extract_report(reading, load_catalogue()).mentions}
    assert locators[Decimal(248)] == "第4段"
    assert locators[Decimal(52)] == "第10段"


def test_other_domains_leave_nothing() -> None:
    extraction = extract(
        "湖东区教育局汇报\n局党委下设党支部32个,党员856名。中考平均分提高12分,优秀率38%,上线率62.5%。"
        "公开招聘教师120名,培训教师3600人次,培训合格率98%。更换监控探头1250个,达标率100%。排查安全隐患312处,整改率98%。\n"
    )
    assert extraction.mentions == ()
    assert {r.reason for r in extraction.rejected} == {"out_of_domain", "vague"}


def test_a_compilation_is_split_and_unnamed_issuers_stay_apart() -> None:
    text = (
        "2021-03-01 来源:范文下载本文\n第1篇:工作汇报\n石梁镇教育工作汇报\n全镇小学在校生901人。\n"
        "第2篇:工作汇报\n**县教育局工作汇报\n全县初中在校生8120人。\n第3篇:工作汇报\nXX区教育局\n全区幼儿园45所。\n"
    )
    told = [(m.value, m.entity, m.scope, m.period) for m in extract(text).mentions]
    assert told == [
        (Decimal(901), "石梁镇", "第1篇", None), (Decimal(8120), None, "第2篇", None), (Decimal(45), None, "第3篇", None),
    ]  # fmt: skip


def test_numbering_that_starts_anew_begins_a_report() -> None:
    text = "松川县教育局工作汇报\n一、基本情况\n甲。\n二、做法\n乙。\n白水县卫生局工作总结\n一、基本情况\n全县接种率97%。\n二、做法\n丙。\n"
    assert [r.issuer.name for r in find_reports(text, "")] == ["松川县", "白水县"]
    assert [m.entity for m in extract(text).mentions] == ["白水县"]


def test_the_file_name_helps_where_the_text_names_nobody() -> None:
    extraction = extract("全县小学在校生2015人。", name="松川县教育局2021年工作总结.txt")
    assert [(m.entity, m.period) for m in extraction.mentions] == [("松川县", "2021")]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "。。。", "率%", "(((", "1 2 3 4", "第1篇:\n第2篇:\n", "一、\n二、\n", "\ufeff%"]
)
def test_odd_texts_are_read_without_observations(text: str) -> None:
    assert extract(text).mentions == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2013—2014学年度第一学期", "SY2013-T1"), ("2012学年", "SY2012"), ("2015年秋季学期", "SY2015-T1"),
        ("2016年春季", "SY2015-T2"), ("06年上半年", "2006-H1"), ("2019年第三季度", "2019-Q3"), ("2012年3月", "2012-03"),
        ("二〇一二年五月二十日", "2012-05-20"), ("二0一七年底", "2017-12-31"), ("2018年6月底", "2018-06-30"),
        ("2010—2012年", "2010..2012"), ("2011、2012年", "2011..2012"), ("“十一五”期间,".replace("“", "").replace("”", ""), "2006..2010"),
        ("98年", "1998"), ("2020年2月30日", None),
    ],
)  # fmt: skip
def test_periods(text: str, code: str | None) -> None:
    assert find_periods(text, Anchor())[0].code == code


@pytest.mark.parametrize(
    ("title", "code"),
    [("2019年秋季开学工作汇报", "SY2019-T1"), ("2025-2026学年工作总结", "SY2025"), ("第三季度工作汇报", None)],
)
def test_title_periods(title: str, code: str | None) -> None:
    assert title_period(title) == code


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("12万8千人", 128000, "person"), ("千分之六点二", "6.2", "permille"), ("18.40/10万", "18.40", "per_100k"),
        ("八成五", 85, "percent"), ("10余万人", 100000, "person"), ("三百二十名", 320, "person"), ("9.5分", "9.5", "score"),
        ("21.4‰", "21.4", "permille"), ("142户次", 142, "visits"), ("9家(次)", 9, "visits"),
    ],
)  # fmt: skip
def test_numbers(text: str, value: object, unit: str) -> None:
    number = find_numbers(text)[0]
    assert (number.value, number.unit) == (Decimal(str(value)), unit)


@pytest.mark.parametrize("text", ["第三十条", "十九大", "一个", "统一思想", "两手抓", "四位一体"])
def test_han_words_are_no_numbers(text: str) -> None:
    assert [n for n in find_numbers(text) if n.unit != "ordinal"] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("九十九点五", "99.5"),
        ("一千二百零三", 1203),
        ("叁佰贰拾", 320),
        ("廿六", 26),
        ("二〇一八", 2018),
        ("十二万八千", 128000),
    ],
)
def test_han_values(text: str, value: object) -> None:
    assert han_value(text) == Decimal(str(value))


def test_simplify_keeps_length_and_leaves_simplified_text_alone() -> None:
    assert simplify("國小輟學率") == "小学辍学率"
    assert simplify("乾净的小学") == "乾净的小学"


def test_clean_points_back_to_the_original() -> None:
    text = "接种率 达&nbsp;９８．５％，www.example.com在校(xiào)生１ ２４５名"
    copy = clean(text, lambda before, after: False)
    assert copy.text == "接种率达98.5%,在校生1245名"
    at = copy.text.index("98.5")
    start, end = copy.span(at, at + 4)
    assert text[start:end] == "９８．５"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("云川市东湖区教育局", "东湖区"), ("松川县实验小学2019年工作总结", "松川县实验小学"), ("(盖章)白水镇人民政府", "白水镇"),
        ("**县教育局", None), ("(一)巩固文化先进县", None), ("石梁镇中心园汇报", "石梁镇中心园"),
    ],
)  # fmt: skip
def test_issuers(line: str, name: str | None) -> None:
    found = issuer_in(line)
    assert (found.name if found else None) == name
