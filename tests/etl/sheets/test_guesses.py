"""The second reader of labels: wordings that no rule knows are guessed where it is sure, and nothing else is."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from etl.linear import NONE
from etl.sheets import extract_sheets
from etl.sheets.learned import PART, kind_of, model, reading
from etl.sheets.topical import PARTS
from etl.sheets.vocabulary import vocabulary_of
from tests.etl.sheets.notation import grid
from tests.etl.sheets.notation import reading as file_of
from tests.etl.sheets.telling import read

VOCABULARY = vocabulary_of(load_catalogue())


def test_the_classes_are_codes_and_quantities_of_the_catalogue() -> None:
    known = {one.code for one in VOCABULARY.catalogue.indicators}
    known |= {PART + one.code for one in VOCABULARY.catalogue.quantities}
    known |= {PART + name for _, _, name in PARTS}
    assert set(model().classes) - {NONE} <= known
    assert len(model().classes) > 100


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("裸眼视力低下率(%)", "low_vision_rate{level=PRI}=41.2"),
        ("筛查性近视检出率(%)", "myopia_rate{level=PRI}=41.2"),
    ],
)
def test_a_wording_that_no_spelling_has_is_guessed_beside_a_known_column(label: str, told: str) -> None:
    found = read(
        f"""
        乌石区2025年小学生健康监测结果
        学校 | 肥胖率(%) | {label}
        双塔小学 | 11.3 | 41.2
        """
    )
    assert found[1].split()[1] == told


def test_a_guess_is_less_sure_than_any_rule() -> None:
    drawing = "乌石区2025年小学生健康监测结果\n学校 | 肥胖率(%) | 裸眼视力低下率(%)\n双塔小学 | 11.3 | 41.2"
    mentions = extract_sheets(file_of(grid(drawing, "Sheet1")), load_catalogue(), name="表.xlsx").mentions
    by_rule, guess = [mention.evidence.confidence for mention in mentions]
    assert guess <= 0.8 < by_rule


@pytest.mark.parametrize(
    "label",
    [
        "占地面积(亩)",
        "财政拨款(万元)",
        "校长姓名",
        "班主任津贴(元)",
        "参加社团人数",
        "图书册数",
        "全市排名",
        "整改期限",
        "专职保安人数",
    ],
)
def test_what_is_no_indicator_is_not_guessed(label: str) -> None:
    found = read(
        f"""
        清水县2025年小学情况
        学校 | 教学班数 | {label}
        双塔小学 | 12 | 41
        """
    )
    assert [line.split()[1].split("{")[0] for line in found] == ["classes"]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("明厨亮灶实现率", "rate"),
        ("劝返回校(人)", "count"),
        ("持证(%)", "rate"),
        ("问题(处)", "count"),
        ("学籍在册", ""),
    ],
)
def test_the_ending_or_the_unit_tells_a_rate_from_a_count(label: str, kind: str) -> None:
    assert kind_of((label,), "") == kind
    code, _ = reading((label,), "", VOCABULARY)
    if kind and code != NONE and not code.startswith(PART):
        assert (VOCABULARY.units[code] in ("percent", "permille")) == (kind == "rate")


def test_numbers_that_are_no_rates_are_not_guessed_to_be() -> None:
    found = read(
        """
        乌石区2025年小学生健康监测结果
        学校 | 肥胖率(%) | 裸眼视力低下率(%)
        双塔小学 | 11.3 | 412
        """
    )
    assert len(found) == 1


def test_nothing_is_guessed_where_no_rule_knows_a_column() -> None:
    assert read("双塔小学\n学校 | 裸眼视力低下率(%)\n双塔小学 | 41.2") == []


def test_what_a_rule_reads_already_is_not_guessed_once_more() -> None:
    found = read(
        """
        乌石区2025年小学生健康监测结果
        学校 | 视力不良率(%) | 裸眼视力低下率(%)
        双塔小学 | 41.2 | 40.1
        """
    )
    assert [line.split()[0] for line in found] == ["B3"]
