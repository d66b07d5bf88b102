"""The second reader: what it knows, what it is not asked, and what it adds."""

from __future__ import annotations

from itertools import islice

import pytest

from db.catalogue import load_catalogue
from etl.linear import NONE
from etl.readers import read_file
from etl.reports import extract_report, second
from etl.types import Extraction
from tests.learning.examples import GOLD, of_passages, rows


def read(text: str) -> Extraction:
    return extract_report(read_file("t.txt", text.encode()), load_catalogue())


def test_its_classes_are_the_indicators_of_the_catalogue() -> None:
    known = {one.code for one in load_catalogue().indicators}
    assert set(second.model().classes) - {NONE} <= known
    assert len(second.model().classes) > 100  # trained on nearly every indicator
    assert second.model().weights.shape == (second.model().row.max() + 1, len(second.model().classes))
    assert not second.model().weights[-1].any()  # a trait that is not known says nothing


@pytest.mark.parametrize(
    ("text", "code", "value"),
    [
        ("青川县教育局汇报\n有预防接种证的入托儿童为1622人。", "vac_cert_held", 1622),
        ("青川县教育局汇报\n白水初级中学把3名辍学生劝回了课堂。", "dropout_returned_count", 3),
        ("青川县教育局汇报\n已办理健康证的炊事员共74名。", "food_handlers_certified", 74),
    ],
)
def test_it_reads_what_no_rule_names(text: str, code: str, value: int) -> None:
    told = [(m.indicator, int(m.value), m.evidence.rule) for m in read(text).mentions]
    assert (code, value, "learned") in told


def test_it_is_less_certain_than_a_rule() -> None:
    told = [m for m in read("青川县教育局汇报\n已办理健康证的炊事员共74名。").mentions if m.evidence.rule == "learned"]
    assert told
    assert all(0.6 <= m.evidence.confidence < 0.8 for m in told)


@pytest.mark.parametrize(
    "text",
    [
        "青川县教育局2025年工作计划\n到2030年,把3名辍学生劝回课堂,办理健康证的炊事员达到74名。",
        "青川县教育局汇报\n下一步,力争小学休学学生控制在7名以内。",
        "青川县教育局汇报\n全年召开家长会64场,发放资料5800份,投入38.25万元。",
    ],
)
def test_what_is_aimed_at_or_counts_other_things_stays_out(text: str) -> None:
    assert [m for m in read(text).mentions if m.evidence.rule == "learned"] == []


def test_the_same_text_is_read_the_same_way() -> None:
    text = "青川县教育局汇报\n" + "".join(row["text"] for row in rows(GOLD / "passages.jsonl")[:60])
    assert read(text).mentions == read(text).mentions


def test_the_passages_are_read() -> None:
    """Passages of every indicator in some ten wordings each: most of what is wanted is found, little else is."""
    wanted = right = found = 0
    for row in rows(GOLD / "passages.jsonl"):
        left = [(m.indicator, float(m.value)) for m in read(row["text"]).mentions]
        wanted, found = wanted + len(row["want"]), found + len(left)
        for code, value, _ in row["want"]:
            if (code, float(value)) in left:
                left.remove((code, float(value)))
                right += 1
    assert wanted > 1600
    assert right / wanted >= 0.90
    assert right / found >= 0.96


def test_what_cannot_be_clearly_ahead_is_left_before_all_classes_are_looked_at() -> None:
    """`ahead` says what `best` says, of those that are far enough ahead; the traits are those of passages."""
    model = second.model()
    told = [one.told for one in islice(of_passages(GOLD / "passages2.jsonl"), 60)]
    wanted = [model.best(traits) for traits in told]
    clear = [(code, by) if code != NONE and by >= second.AHEAD else (NONE, 0.0) for code, by in wanted]
    assert [model.ahead(traits, second.AHEAD) for traits in told] == clear
    assert 0 < sum(code != NONE for code, _ in clear) < len(told)
