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
from etl.readers import read_file
from etl.sheets import extract_sheets
from etl.types import Extraction, Mention
from tests.etl.rule_cases import BASE, CASES, OTHERWISE, PUPILS, checked, schools
from tests.etl.sheets.notation import grid, reading


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
    [("甲小学,在校生数,2023-2024学年,400,人", None), ("甲小学,在校生数,2023-2024学年,400,人,多余", "R2C6"), ("甲小学,教学班数", "R2C3"),
     ("甲小学,教学班数,,,", None)],
)  # fmt: skip
def test_a_ragged_row_of_a_text_file(row: str, cell: str | None) -> None:
    rest = "".join(f"{name}小学,在校生数,2023-2024学年,{300 + n},人\n" for n, name in enumerate("乙丙丁戊"))
    read = read_file("表.csv", f"机构名称,指标名称,期间,数值,单位\n{row}\n{rest}".encode())
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
    assert [(one.code, one.severity) for one in found] == [("B12", Severity.BLOCK), ("B02", Severity.BLOCK)]
    assert [set(one.cells) for one in found] == [{"B3", "C3"}, {"E3"}]
    assert "112(C3)" in found[0].sentence
    assert "100(B3)" in found[0].sentence


@pytest.mark.parametrize(
    ("total", "told"),
    [("见附件 | 620", ["C3"]), ("610 | 622", ["C3"]), ("610 | 630", ["C3"]), ("610 | 618", ["C3"])],
)
def test_a_sum_is_told_apart_from_its_part_only_if_the_part_does_not_explain_it(total: str, told: list[str]) -> None:
    """The part is 12 too many, so the sum may be 12 too many; else it is a wrong sum before it is anything else."""
    rows = ("100 | 112", "200 | 198", "310 | 308")
    drawing = schools("应查验人数 | 实查验人数", *rows, "南坡县2023年秋季查验情况") + f"合计 | {total}"
    assert [one.cell for one in issues(drawing) if one.code == "B12"] == told
    assert ("C6" in [one.cell for one in issues(drawing) if one.code == "B08"]) is not total.endswith("618")


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
