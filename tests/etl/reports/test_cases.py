"""Every construction as a table: a text, the observations it holds, and the numbers that are none."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from db.catalogue import load_catalogue
from db.records import Qualifier, Reading
from etl.reports import extract_report
from etl.types import Extraction, Mention

CASES = Path(__file__).parent / "cases"
VARIANTS = Path(__file__).parent / "variants"  # the same constructions with other indicators, orders and words
ASKED = ("entity", "period", "q", "high", "frac", "low")


def load() -> list[Any]:
    found = []
    for path in (*sorted(CASES.glob("*.yml")), *sorted(VARIANTS.glob("*.yml"))):
        for n, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1):
            marks = [pytest.mark.xfail(strict=True, reason=case["xfail"])] if "xfail" in case else []
            found.append(pytest.param(case, id=f"{path.parent.name[0]}-{path.stem}{n:02d}", marks=marks))
    return found


def extract(text: str) -> Extraction:
    return extract_report(Reading("text/plain", text), load_catalogue())


def told(mention: Mention, asked: dict[str, str]) -> tuple[object, ...]:
    """A mention in the words of the table: what every row states, and what this row asks for."""
    fraction = f"{mention.numerator}/{mention.denominator}" if mention.numerator is not None else "None"
    answers = {
        "entity": str(mention.entity),
        "period": str(mention.period),
        "q": str(mention.qualifier),
        "high": str(mention.value_high),
        "frac": fraction,
        "low": str(mention.evidence.confidence < 0.6),
    }
    dims = {name: value for name, value in mention.dims.items() if value != "ALL"}
    return (mention.indicator, mention.value, mention.unit, dims, {k: answers[k] for k in asked})


def parse(row: str) -> tuple[str, Decimal, str, dict[str, str], dict[str, str]]:
    """`dropout_rate 0.3 percent level=JUN q=at_most`."""
    code, value, unit, *rest = row.split()
    pairs = dict(part.split("=", 1) for part in rest)
    asked = {k: v for k, v in pairs.items() if k in ASKED}
    return code, Decimal(value), unit, {k: v for k, v in pairs.items() if k not in ASKED}, asked


@pytest.mark.parametrize("case", load())
def test_text_gives_exactly_its_observations(case: dict[str, Any]) -> None:
    extraction = extract(case["text"])
    wanted = [parse(row) for row in case.get("want", [])]
    asked = [row[4] for row in wanted] + [{}] * len(extraction.mentions)
    assert [told(m, a) for m, a in zip(extraction.mentions, asked, strict=False)] == wanted
    reasons = {(r.text, r.reason) for r in extraction.rejected}
    for row in case.get("reject", []):
        text, reason = row.split()
        assert (text, reason) in reasons


@pytest.mark.parametrize("case", [param.values[0] for param in load()], ids=[param.id for param in load()])
def test_evidence_stands_where_it_says(case: dict[str, Any]) -> None:
    text, extraction = case["text"], extract(case["text"])
    for mention in extraction.mentions:
        at = mention.evidence
        assert text[at.start : at.end] == at.quote != ""
        assert at.sentence_start <= at.start < at.end <= at.sentence_end
        assert at.rule
        assert (mention.value_high is not None) == (mention.qualifier is Qualifier.RANGE)
    for rejected in extraction.rejected:
        assert text[rejected.start : rejected.end] == rejected.text


def test_the_table_is_large_enough() -> None:
    assert len(load()) >= 650
    assert {path.stem for path in CASES.glob("*.yml")} == {*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ZA", "ZB", "ZC"}
