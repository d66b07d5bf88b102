"""Every rule of rules.yml in sheets: one that breaks it and one that does not, drawn as they are filled in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.catalogue import Catalogue, Rule, load_catalogue
from db.records import Evidence, Issue, Severity, SourceFile, SourceKind
from etl import pipeline
from etl.checks import check
from etl.normalise import normalise
from etl.places import Directory
from etl.sheets import extract_sheets
from etl.types import Extraction, Mention
from tests.etl.sheets.notation import grid, reading

SCHOOLS = "南坡县2023-2024学年小学基本情况\n学校 | {head}\n甲小学 | {one}\n乙小学 | {two}\n丙小学 | {three}\n"


def schools(head: str, one: str, two: str, three: str, title: str = "") -> str:
    text = SCHOOLS.format(head=head, one=one, two=two, three=three)
    return title + text[text.index("\n") :] if title else text


def checked(one: str, two: str = "200 | 198 | 190 | 8 | 7") -> str:
    head = "应查验人数 | 实查验人数 | 有证人数 | 无证人数 | 补证人数"
    return schools(head, one, two, "310 | 308 | 300 | 8 | 8", "南坡县2023年秋季查验情况")


def canteens(one: str) -> str:
    head = "食堂数 | A级 | B级 | C级 | 未评级 | 从业人员数 | 持健康证人数 | 明厨亮灶覆盖率(%)"
    return schools(
        head,
        one,
        "4 | 1 | 2 | 1 | 0 | 30 | 30 | 75",
        "6 | 2 | 3 | 1 | 0 | 41 | 40 | 83.3",
        "南坡县2024年3月学校食堂量化分级情况",
    )


def years(one: str) -> str:
    head = "指标 | 单位 | 2019年 | 2020年 | 2021年 | 2022年 | 2023年"
    return f"南坡县历年教育指标\n{head}\n{one}\n小学毕业生数 | 人 | 3301 | 3290 | 3312 | 3305 | 3320\n"


def ledger(one: str) -> str:
    head = "序号 | 检查日期 | 学校 | 问题描述 | 整改期限 | 完成日期"
    return f"南坡县2023-2024学年食品安全问题整改台账\n{head}\n1 | {one}\n2 | 2024-03-12 | 乙小学 | 留样不足 | 2024-03-20 | 2024-03-18\n"


def dated(one: str, head: str) -> str:
    return f"南坡县2023-2024学年接种证查验台账\n序号 | 学校 | {head} | 问题描述 | 整改措施\n1 | 甲小学 | {one} | 缺证 | 补证\n2 | 乙小学 | 2023-09-01 | 2023-09-20 | 缺证 | 补证\n"


def doses(one: str) -> str:
    return (
        "南坡县2023年秋季入学儿童接种情况\n单位 | 麻腮风疫苗 | > | > | > | 全程接种率(%) | >\n"
        "^ | 第1剂应种 | 第1剂实种 | 第2剂应种 | 第2剂实种 | 补种前 | 补种后\n"
        f"柳林镇 | {one}\n石桥乡 | 100 | 99 | 100 | 98 | 91.2 | 97.5\n上坝乡 | 80 | 80 | 80 | 79 | 90.1 | 98\n"
    )


def moves(end: str) -> str:
    return (
        "南坡县2023-2024学年小学在校生变动情况\n学校名称 | 上学年初报表在校生数 | 增加学生数 | > | 减少学生数 | > | 本学年初报表在校生数\n"
        f"^ | ^ | 招生 | 转入 | 毕业 | 转出 | ^\n甲小学 | 400 | 70 | 5 | 66 | 4 | {end}\n乙小学 | 300 | 50 | 0 | 48 | 2 | 300\n"
    )


def flat(end: str, moved: str = "转出") -> str:
    head = f"学年初在校生 | 招生 | 毕业 | {moved} | 学年末在校生"
    return schools(head, f"400 | 70 | 60 | 4 | {end}", "300 | 50 | 48 | 2 | 300", "200 | 30 | 30 | 0 | 200")


def by_month(stamps: str) -> str:
    rows = "".join(f"{stamp} | {1020 + n} | {n}\n" for n, stamp in enumerate(stamps.split()))
    return f"青山初级中学2024年各月学生情况\n月份 | 在校生数 | 转入人数\n{rows}"


def months(total: str) -> str:
    return (
        "青山初级中学2024年控辍保学月报\n月份 | 在校生数 | 疑似辍学人数\n3月 | 1023 | 1\n4月 | 1022 | 2\n5月 | 1021 | 1\n"
        f"合计 | {total}\n"
    )


def codes(one: str) -> str:
    return (
        f"学校标识码 | 区划代码 | 学校名称 | 学年 | 在校生数\n{one}\n2143001102 | 439921 | 乙小学 | 2023-2024 | 401\n"
        "2143001103 | 439921 | 丙小学 | 2023-2024 | 402\n2143001104 | 439921 | 丁小学 | 2023-2024 | 403\n"
    )


OK_CHECK, OK_CANTEEN, OK_DOSES = (
    "172 | 170 | 166 | 4 | 4",
    "5 | 2 | 2 | 1 | 0 | 33 | 33 | 80",
    "90 | 89 | 90 | 88 | 92.5 | 98",
)
OK_CODES = "2143001101 | 439921 | 甲小学 | 2023-2024 | 400"
PUPILS = ("400 | 12 | 30", "380 | 10 | 28", "510 | 15 | 38")
BASE = "在校生数 | 班数 | 专任教师数"
AGES = "6-11周岁人口 | 已入学 | 未入学"
RETURNS = "应劝返人数 | 劝返复学人数 | 劝返复学率(%)"


CHECKED = "南坡县2023年秋季接种证查验进度\n学校 | 查验日期 | 应查验人数 | 实查验人数\n甲小学 | 2023-{} | 66 | 66\n乙小学 | 2023-{} | 34 | 34\n"
# rule -> (sheets that break it with the cell where it is told, sheets that do not)
CASES: dict[str, tuple[list[tuple[str, str]], list[str]]] = {
    "B01": (
        [(schools(BASE, "400.5 | 12 | 30", *PUPILS[1:]), "B3"), (schools(BASE, "-4 | 12 | 30", *PUPILS[1:]), "B3")],
        [schools(BASE, *PUPILS)],
    ),
    "B02": (
        [(schools("持证率(%)", "985", "98.5", "97"), "B3")], [schools("持证率(%)", "100", "98.5", "97")],
    ),
    "B03": (
        [(schools("小学净入学率(%)", "101.3", "99.9", "99.8"), "B3")],
        [schools("小学净入学率(%)", "100", "99.9", "99.8")],
    ),
    "B04": (
        [(schools("学前毛入园率(%)", "131", "92", "93"), "B3"), (schools("学前毛入园率(%)", "52", "92", "93"), "B3")],
        [schools("学前毛入园率(%)", "104", "92", "93")],
    ),
    "B05": (
        [(schools("九年义务教育巩固率(%)", "118.4", "96.2", "97"), "B3")],
        [schools("九年义务教育巩固率(%)", "101.5", "96.2", "97")],
    ),
    "B06": (
        [(schools("应劝返人数 | 劝返复学人数 | 劝返复学率(%)", "4 | 5 | 125", "4 | 3 | 75", "5 | 5 | 100"), "C3")],
        [schools("应劝返人数 | 劝返复学人数 | 劝返复学率(%)", "4 | 4 | 100", "4 | 3 | 75", "5 | 5 | 100")],
    ),
    "B07": (
        [(schools(RETURNS, "40 | 35 | 78", "4 | 3 | 75", "5 | 5 | 100"), "D3"),
         (schools(RETURNS, "320 | 315 | 98.4", "311 | 307 | 98.71", "29 | 28 | 96.55") + "丁小学 | 123 | 120 | 97.56\n戊小学 | 77 | 74 | 96.1", "D3")],
        [schools(RETURNS, "40 | 35 | 87.5", "4 | 3 | 75", "5 | 5 | 100"),
         schools(RETURNS, "40 | 35 | 87.5", "311 | 307 | 98.71", "290 | 281 | 96.9"),
         schools(RETURNS, "320 | 315 | 98.4%", "311 | 307 | 98.71%", "123 | 120 | 97.56%")],
    ),
    "B08": (
        [
            (schools("在校生数", "400", "380", "510") + "合计 | 1300", "B6"),
            (schools("在校生数 | 其中:男 | 其中:女", "400 | 210 | 189", "380 | 200 | 180", "510 | 260 | 250"), "B3"),
            (schools(AGES, "301 | 298 | 5", "200 | 199 | 1", "90 | 90 | 0"), "B3"),
        ],
        [
            schools(AGES + " | 免缓学", "301 | 298 | 3 | 1", "200 | 198 | 1 | 1", "90 | 90 | 0 | 0"),
            schools("在校生数", "400", "380", "510") + "合计 | 1290",
            schools("在校生数 | 其中:男 | 其中:女", "400 | 210 | 190", "380 | 200 | 180", "510 | 260 | 250"),
        ],
    ),
    "B09": (
        [
            (schools("在校生数 | 其中:女", "400 | 410", "380 | 180", "510 | 250"), "C3"),
            (schools("教职工数 | 专任教师数", "30 | 33", "28 | 26", "38 | 36"), "C3"),
        ],
        [schools("在校生数 | 其中:女", "400 | 400", "380 | 180", "510 | 250")],
    ),
    "B10": ([(moves("412"), "G4"), (flat("405"), "F3")], [moves("405"), flat("406"), flat("405", "其他变动")]),
    "B11": (
        [(schools("在校生数 | 县内转入 | 县内转出", "400 | 5 | 3", "380 | 2 | 9", "510 | 1 | 2"), "D3")],
        [schools("在校生数 | 县内转入 | 县内转出", "400 | 5 | 3", "380 | 2 | 4", "510 | 1 | 1")],
    ),
    "B12": (
        [(checked("172 | 175 | 171 | 4 | 4"), "C3"), (checked("172 | 170 | 166 | 4 | 5"), "F3"),
         (checked("172 | 170 | 150 | 4 | 4"), "C3")],
        [checked(OK_CHECK)],
    ),
    "B13": ([(doses("90 | 89 | 90 | 88 | 92.5 | 90"), "G4")], [doses(OK_DOSES)]),
    "B14": ([(doses("90 | 80 | 90 | 88 | 92.5 | 98"), "E4")], [doses(OK_DOSES)]),
    "B15": (
        [("南坡县2025年秋季入学儿童接种情况\n单位 | 白破疫苗应种人数 | 白破疫苗实种人数\n柳林镇 | 90 | 89\n石桥乡 | 80 | 78\n", "B2")],
        ["南坡县2023年秋季入学儿童接种情况\n单位 | 白破疫苗应种人数 | 白破疫苗实种人数\n柳林镇 | 90 | 89\n石桥乡 | 80 | 78\n"],
    ),
    "B16": (
        [(schools("实查验人数 | 禁忌人数", "170 | 9", "200 | 1", "310 | 2"), "C3")],
        [schools("实查验人数 | 禁忌人数", "170 | 3", "200 | 1", "310 | 2")],
    ),
    "B17": ([(years("初中辍学率 | % | 0.08 | 0.06 | 2.1 | 0.05 | 0.03"), "E3")],
            [years("初中辍学率 | % | 0.08 | 0.06 | 0.41 | 0.05 | 0.03")]),
    "B18": ([(years("学前教育毛入园率 | % | 90.1 | 90.8 | 91.3 | 91.3 | 91.3"), "G3")],
            [years("学前教育毛入园率 | % | 90.1 | 90.8 | 91.3 | 91.3 | 91.4")]),
    "B19": (
        [("南坡县2024年春季学校卫生指标(%)\n学校 | 持证率 | 食品留样率\n" + "".join(f"第{n}小学 | 100 | 100\n" for n in "一二三四五"), "B3")],
        ["南坡县2024年春季学校卫生指标(%)\n学校 | 持证率 | 食品留样率\n" + "".join(f"第{n}小学 | 100 | {90 + k}\n" for k, n in enumerate("一二三四五"))],
    ),
    "B20": (
        [(schools(BASE, "400 | 12 | 0", *PUPILS[1:]), "D3"), (schools(BASE, "0 | 12 | 30", *PUPILS[1:]), "B3"),
         (schools(BASE, "0 | 0 | 0", *PUPILS[1:]), "B3")],
        [schools(BASE, *PUPILS)],
    ),
    "B21": (
        [(codes(OK_CODES.replace("2143001101", "214300110")), "A2"), (codes(OK_CODES.replace("2143001101", "'2.14E+09")), "A2"),
         (codes(OK_CODES.replace("2143001101", "9943001101")), "A2"), (codes(OK_CODES.replace("439921", "43992")), "B2"),
         (schools(BASE, *PUPILS) + "甲小学 | 401 | 12 | 30", "A6"), (codes(OK_CODES.replace("2143001101", "2143001102")), "A3")],
        [codes(OK_CODES), schools(BASE, *PUPILS)],
    ),
    "B22": ([(codes(OK_CODES.replace("2143001101", "2144001101")), "A2")], [codes(OK_CODES)]),
    "B23": (
        [(ledger("2026-05-09 | 甲小学 | 生熟混放 | 2026-05-20 | 2026-05-15"), "B3"),
         (ledger("2024-04-31 | 甲小学 | 生熟混放 | 2024-05-20 | 2024-05-15"), "B3"),
         (schools("最大年龄(岁) | 在校生数", "17 | 400", "12 | 380", "12 | 510"), "B3"),
         (dated("2023-09-20 | 2023-09-12", "查验日期 | 补种完成日期"), "D3")],
        [schools("最大年龄(岁) | 在校生数", "13 | 400", "12 | 380", "12 | 510"),ledger("2024-04-30 | 甲小学 | 生熟混放 | 2024-05-20 | 2024-05-15")],
    ),
    "B24": (
        [(dated("2023-09-01 | 2023-10-20", "入学日期 | 查验日期"), "D3"), (dated("2023-09-10 | 2024-01-05", "查验日期 | 复验日期"), "D3"),
         (CHECKED.format("10-28", "9-6"), "B3")],
        [dated("2023-09-01 | 2023-09-25", "入学日期 | 查验日期"), CHECKED.format("9-28", "9-6")],
    ),
    "B25": (
        [(years("小学在校生数 | 人 | 40700 | 40510 | 4.06 | 40480 | 40390"), "E3"),
         (schools("小学净入学率(%)", "0.995", "99.9", "99.8"), "B3"),
         (schools("在校生数(人)", "0.1965万", "2570", "576"), "B3"), (schools("辍学率(%)", "0.4‰", "0.1", "0.2"), "B3")],
        [years("小学在校生数 | 人 | 40700 | 40510 | 40600 | 40480 | 40390")],
    ),
    "B26": (
        [(schools("应劝返人数 | 劝返复学人数 | 劝返复学率(%)", "4 | 3 | 75", "5 | 5 | 100", "40 | 38 | 95"), "D3")],
        [schools("应劝返人数 | 劝返复学人数 | 劝返复学率(%)", "40 | 35 | 87.5", "50 | 45 | 90", "40 | 38 | 95")],
    ),
    "B27": ([(schools(BASE, "400 | 12 | .", *PUPILS[1:]).replace(" | .", " |"), "D3")], [schools(BASE, *PUPILS)]),
    "B28": ([(months("3066 | 4"), "B6")], [months("1021 | 1")]),
    "B30": ([(schools("小学辍学率(%)", "-0.35", "0.1", "0.2"), "B3")], [schools("小学辍学率(%)", "0", "0.1", "0.2")]),
    "B31": (
        [(schools("小学辍学率(%) | 疑似辍学人数", "0 | 6", "0.1 | 1", "0.2 | 1"), "C3")],
        [schools("小学辍学率(%) | 疑似辍学人数", "0 | 0", "0.1 | 1", "0.2 | 1")],
    ),
    "B32": (
        [(schools("辍学率(学籍人数/户籍人口)", "0.1", "0.2", "0.3"), "B2")],
        [schools("辍学率(按学籍)", "0.1", "0.2", "0.3")],
    ),
    "B33": ([(schools("在校生数 | 班数", "432 | 6", "380 | 10", "510 | 15"), "B3")], [schools("在校生数 | 班数", "400 | 10", "380 | 10", "510 | 15")]),
    "B34": (
        [("澄江市2024年学校卫生检查情况\n县区 | 检查学校数 | 合格数 | 不合格数\n甲县 | 61 | 50 | 5\n乙县 | 50 | 45 | 5\n丙县 | 40 | 38 | 2\n", "B3")],
        ["澄江市2024年学校卫生检查情况\n县区 | 检查学校数 | 合格数 | 不合格数\n甲县 | 61 | 56 | 5\n乙县 | 50 | 45 | 5\n丙县 | 40 | 38 | 2\n"],
    ),
    "B35": (
        [("澄江市2024年学校卫生检查情况\n县区 | 学校数 | 检查学校数\n甲县 | 61 | 70\n乙县 | 50 | 45\n丙县 | 40 | 38\n", "C3")],
        ["澄江市2024年学校卫生检查情况\n县区 | 学校数 | 检查学校数\n甲县 | 61 | 61\n乙县 | 50 | 45\n丙县 | 40 | 38\n"],
    ),
    "B36": (
        [(ledger("2024-04-12 | 甲小学 | 生熟混放 | 2024-04-20 | 2024-04-02"), "F3"),
         (ledger("2024-01-12 | 甲小学 | 生熟混放 | 2024-01-20 | /"), "F3")],
        [ledger("2024-04-12 | 甲小学 | 生熟混放 | 2024-04-20 | 2024-04-18")],
    ),
    "B37": ([(canteens("0 | 0 | 0 | 0 | 0 | 0 | 0 | 100"), "I3")], [canteens(OK_CANTEEN)]),
    "B38": (
        [(schools("食堂数 | C级(不合格)", "5 | 1", "4 | 1", "6 | 1"), "C2")], [schools("食堂数 | C级", "5 | 1", "4 | 1", "6 | 1")],
    ),
    "B39": ([(canteens("5 | 2 | 1 | 1 | 0 | 33 | 33 | 80"), "B3"), (canteens("5 | 2 | 2 | 1 | 0 | 33 | 36 | 80"), "H3")], [canteens(OK_CANTEEN)]),
    "B40": (
        [("南坡县2024年3月上报情况\n乡镇 | 应上报单位数 | 实上报单位数 | 上报率(%)\n柳林镇 | 10 | 8 | 80\n石桥乡 | 8 | 8 | 100\n", "D3")],
        ["南坡县2024年3月上报情况\n乡镇 | 应上报单位数 | 实上报单位数 | 上报率(%)\n柳林镇 | 10 | 10 | 100\n石桥乡 | 8 | 8 | 100\n"],
    ),
    "missing_place": (
        [(schools(BASE, *PUPILS).replace("乙小学", "待定"), "A4")], [schools(BASE, *PUPILS)],
    ),
    "wrong_period": ([(by_month("3月 4月 13月"), "A5"), (codes(OK_CODES.replace("2023-2024", "2023-2026学年")), "D2")],
                     [by_month("3月 4月 12月"), codes(OK_CODES.replace("2023-2024", "2023-2024学年"))]),
    "missing_period": ([(by_month("3月 4月 6月"), "A5")], [by_month("3月 4月 5月 6月 9月 10月"), by_month("1月 3月")]),
    "missing_value": (
        [(schools(RETURNS, "4 | 无数据 | 75", "5 | 5 | 100", "40 | 38 | 95"), "C3")],
        [schools(RETURNS, "4 | 无数据 | 无数据", "5 | 5 | 100", "40 | 38 | 95"), schools(RETURNS, "/ | / | 100", "5 | 5 | 100", "40 | 38 | 95")],
    ),
    "swapped_columns": (
        [(schools("班数 | 在校生数", "12 | 400", "380 | 10", "15 | 510"), "C4")], [schools("班数 | 在校生数", "12 | 400", "10 | 380", "15 | 510")],
    ),
    "period_conflict": (
        [(schools(BASE, *PUPILS, "南坡县2021-2022学年小学基本情况").replace("\n学校", "\n填表日期:2023年11月3日\n学校", 1), "A1")],
        [schools(BASE, *PUPILS, "南坡县2021-2022学年小学基本情况").replace("\n学校", "\n填表日期:2021年11月3日\n学校", 1)],
    ),
}  # fmt: skip
OTHERWISE = {  # tested where their sheets can be drawn
    "B29": "tests/db/test_history.py", "merged_data": "tests/test_gold.py", "shifted_row": "tests/test_gold.py",
    "missing_header": "tests/test_gold.py", "ragged_row": "test_a_ragged_row_of_a_text_file", "column_doubt": "test_a_relation_that_never_holds_is_one_question",
    "impossible_rate": "test_a_rate_that_no_number_of_pupils_gives",
}  # fmt: skip


def issues(drawing: str, catalogue: Catalogue | None = None) -> list[Issue]:
    known = catalogue or load_catalogue()
    read = reading(grid(drawing))
    return pipeline.problems(read, extract_sheets(read, known), known, "")


def test_every_rule_has_its_cases() -> None:
    assert {rule.code for rule in load_catalogue().rules} == CASES.keys() | OTHERWISE.keys()
    assert {f"B{n:02}" for n in range(1, 41)} <= CASES.keys() | OTHERWISE.keys()


@pytest.mark.parametrize(("code", "n"), [(code, n) for code, (hits, _) in CASES.items() for n in range(len(hits))])
def test_a_rule_that_is_broken_is_told_at_its_cell(code: str, n: int) -> None:
    drawing, cell = CASES[code][0][n]
    found = [one for one in issues(drawing) if one.code == code]
    assert [one.cell for one in found] == [cell]
    assert "{" not in found[0].sentence
    assert cell in (found[0].cell, *found[0].cells)


@pytest.mark.parametrize(("code", "n"), [(code, n) for code, (_, rest) in CASES.items() for n in range(len(rest))])
def test_a_rule_that_is_kept_is_not_told(code: str, n: int) -> None:
    assert [one.cell for one in issues(CASES[code][1][n]) if one.code == code] == []


def test_a_relation_that_never_holds_is_one_question() -> None:
    head = "应查验人数 | 实查验人数"
    found = issues(schools(head, "172 | 190", "200 | 230", "310 | 333", "南坡县2023年秋季查验情况"))
    assert [(one.code, one.severity) for one in found] == [("column_doubt", Severity.CONFIRM)]
    assert {"C3", "C4", "C5"} <= set(found[0].cells)


@pytest.mark.parametrize(
    ("row", "cell"),
    [("甲小学 | 在校生数 | 2023-2024 | 400 | 人", None), ("甲小学 | 在校生数 | 2023-2024 | 400 | 人 | 多余", "R2C6"), ("甲小学 | 教学班数", "R2C3")],
)  # fmt: skip
def test_a_ragged_row_of_a_text_file(row: str, cell: str | None) -> None:
    rest = "".join(f"{name}小学 | 在校生数 | 2023-2024 | {300 + n} | 人\n" for n, name in enumerate("乙丙丁戊"))
    read = reading(grid(f"机构名称 | 指标名称 | 期间 | 数值 | 单位\n{row}\n{rest}", style="RC"))
    known = load_catalogue()
    found = pipeline.problems(read, extract_sheets(read, known), known, "")
    assert [one.cell for one in found if one.code == "ragged_row"] == ([cell] if cell else [])


def mentioned(value: str, n: int) -> list[Issue]:
    evidence = Evidence(value, "test", "1", 0.9, "表1!B2", sheet="表1", cell="B2")
    one = Mention(
        "myopia_rate", Decimal(value), "percent", evidence, entity="甲校", period="SY2024", denominator=Decimal(n)
    )
    result = normalise([one], Directory([]), SourceKind.SHEET, "表.xlsx")
    return check(result, Extraction(), load_catalogue(), SourceKind.SHEET)


@pytest.mark.parametrize(
    ("value", "n", "codes"),
    [("37.3", 40, ["impossible_rate"]), ("37.5", 40, []), ("37.3", 4000, []), ("33.3", 3, ["B26"])],
)
def test_a_rate_that_no_number_of_pupils_gives(value: str, n: int, codes: list[str]) -> None:
    assert [one.code for one in mentioned(value, n)] == codes


def test_transfers_that_do_not_match_name_the_schools() -> None:
    drawing = schools("在校生数 | 县内转入 | 县内转出", "400 | 5 | 0", "380 | 0 | 9", "510 | 1 | 2")
    [found] = [one for one in issues(drawing) if one.code == "B11"]
    assert "乙小学、丙小学县内转出共11人,甲小学、丙小学县内转入共6人,相差5人" in found.sentence


@pytest.mark.parametrize(
    ("filed", "told"),
    [("2023年11月6日", ["C4", "C6"]), ("2023年9月28日", []), ("2024年11月6日", []), ("", [])],
)
def test_certificates_still_unchecked_long_after_the_start_of_term(filed: str, told: list[str]) -> None:
    drawing = checked("172 | 170 | 166 | 4 | 4", "200 | 200 | 192 | 8 | 7")
    drawing = drawing.replace("查验情况\n", f"查验情况\n填报日期:{filed} | > | 单位:人\n")
    found = [one for one in issues(drawing) if one.code == "B24"]
    assert [cell for one in found for cell in one.cells] == told
    if told:
        assert found[0].severity is Severity.NOTE
        assert "填表日期为2023-11-06,开学已66天,仍有2个单位的4人未查验(C4、C6)" in found[0].sentence


def test_one_wrong_count_is_told_at_the_counts_and_at_the_rate() -> None:
    head = "应查验人数 | 实查验人数 | 有证人数 | 查验率(%)"
    rows = ("100 | 112 | 100 | 112", "200 | 198 | 190 | 99", "310 | 308 | 300 | 99.35")
    found = [
        one for one in issues(schools(head, *rows, "南坡县2023年秋季查验情况")) if one.severity is not Severity.NOTE
    ]
    assert [(one.code, one.severity) for one in found] == [("B06", Severity.BLOCK), ("B02", Severity.BLOCK)]
    assert [set(one.cells) for one in found] == [{"B3", "C3"}, {"E3"}]
    assert "112(C3)大于分母100(B3)" in found[0].sentence


def test_a_wrong_cell_that_spoils_two_sums_is_told_once() -> None:
    head = "在校生数 | 其中:男 | 其中:女"
    rows = ("400 | 210 | 190", "370 | 200 | 180", "510 | 260 | 250")
    found = issues(schools(head, *rows) + "合计 | 1290 | 670 | 620")
    assert [(one.cell, set(one.cells)) for one in found if one.code == "B08"] == [("B4", {"B4", "B6"})]


def test_severity_limit_and_sentence_change_with_the_data() -> None:
    known = load_catalogue()
    rules = []
    for rule in known.rules:
        if rule.code == "B16":
            [share] = rule.checks
            changed = share.model_copy(update={"most": Decimal(1), "least_count": 1})
            rule = rule.model_copy(update={"severity": "block", "sentence": "{unit}:{share}%", "checks": (changed,)})
        rules.append(rule)
    drawing = schools("实查验人数 | 禁忌人数", "100 | 2", "200 | 1", "310 | 2")
    assert not [one for one in issues(drawing) if one.code == "B16"]
    [found] = [one for one in issues(drawing, replace_rules(known, rules)) if one.code == "B16"]
    assert (found.severity, found.sentence) == (Severity.BLOCK, "甲小学:2%")


def replace_rules(known: Catalogue, rules: list[Rule]) -> Catalogue:
    return Catalogue(
        indicators=known.indicators,
        targets=known.targets,
        vaccines=known.vaccines,
        form_words=known.form_words,
        quantities=known.quantities,
        rules=tuple(rules),
    )


COUNTS = st.tuples(st.integers(60, 900), st.integers(0, 60), st.integers(20, 45), st.integers(8, 20))


@settings(max_examples=40, deadline=None)
@given(st.lists(COUNTS, min_size=2, max_size=12), st.booleans(), st.sampled_from(["", "上"]))
def test_a_right_sheet_is_never_blocked(rows: list[tuple[int, int, int, int]], with_total: bool, place: str) -> None:
    """Counts that fit together, their sexes, classes, sums and rates, with the total above or below or not at all."""
    lines, sums = [], [0, 0, 0, 0, 0]
    for n, (pupils, gap, size, ratio) in enumerate(rows):
        girls = (pupils + gap) // 2 if pupils > gap else pupils // 2
        values = [pupils, girls, max(1, pupils // size), max(1, pupils // ratio), pupils * 98 // 100]
        sums = [a + b for a, b in zip(sums, values, strict=True)]
        lines.append(f"第{n + 1}小学 | {' | '.join(map(str, values))} | {round(100 * values[4] / values[0], 2)}")
    total = [f"合计 | {' | '.join(map(str, sums))} | {round(100 * sums[4] / sums[0], 2)}"] if with_total else []
    head = "学校 | 在校生数 | 其中:女 | 班数 | 专任教师数 | 体检人数 | 体检率(%)"
    body = [*total, *lines] if place else [*lines, *total]
    drawing = "\n".join(["南坡县2023-2024学年小学基本情况", head, *body])
    assert [one.sentence for one in issues(drawing) if one.severity is Severity.BLOCK] == []


def test_a_question_about_a_place_stands_at_its_name() -> None:
    source = SourceFile("表.xlsx", b"x", "0", "application/test")
    draft = pipeline.draft_from_reading(source, reading(grid(schools(BASE, *PUPILS))), load_catalogue(), Directory([]))
    asked = [one for one in draft.issues if one.code == "unknown_place"]
    assert [(one.cell, one.quote) for one in asked] == [("A3", "甲小学"), ("A4", "乙小学"), ("A5", "丙小学")]
