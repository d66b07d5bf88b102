"""Comparisons of reports become claims, with everything they say; none becomes an observation."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from db.catalogue import load_catalogue
from db.records import Block, Reading
from db.records_claims import ClaimKind
from etl.reports import extract_report
from etl.reports.claims import ClaimWriter
from etl.types import ClaimMention, Extraction

CASES: list[Any] = yaml.safe_load((Path(__file__).parent / "claims.yml").read_text(encoding="utf-8"))
HEAD, TAIL = "云川县教育局2026年秋季开学工作汇报\n", "\n云川县教育局\n2026年11月20日\n"
REPORT_PERIOD = "SY2026-T1"
VALUES = frozenset({ClaimKind.FROM_TO, ClaimKind.SHARE})  # their number is a value, and may be an observation too


def extract(*sentences: str) -> tuple[Extraction, str]:
    text = HEAD + "\n".join(sentences) + TAIL
    reading = Reading("text/plain", text, (Block(0, "paragraph", "第1段", text),))
    return extract_report(reading, load_catalogue(), name="汇报.txt"), text


def plain(number: Any) -> str:
    return f"{number.normalize():f}"


def row_of(claim: ClaimMention) -> str:
    """A claim in the words of the table."""
    base = claim.base
    words = [claim.kind.value, claim.direction.value if claim.direction else "-",
             "-" if claim.size is None else plain(claim.size), claim.unit or "-", claim.indicator or "-"]  # fmt: skip
    words += [f"{name}={value}" for name, value in claim.dims.items()]
    words += [f"value={plain(claim.value)}"] if claim.value is not None else []
    words += [f"period={claim.period}"] if claim.period and claim.period != REPORT_PERIOD else []
    words.append(
        "base=" + ":".join(each for each in (base.kind.value, base.period, base.place, base.indicator) if each)
    )
    words += ["base_dims=" + ",".join(f"{name}:{value}" for name, value in base.dims.items())] if base.dims else []
    words += [f"base_value={plain(base.value)}"] if base.value is not None else []
    words += [f"q={claim.qualifier.value}"] if claim.qualifier != "exact" else []
    words += [f"note={claim.note}"] if claim.note else []
    return " ".join(words)


def test_the_table_is_not_small() -> None:
    assert len(CASES) >= 100
    assert sum("want" not in case for case in CASES) >= 25


@pytest.mark.parametrize("case", CASES, ids=[f"{n:03d}" for n in range(1, len(CASES) + 1)])
def test_a_sentence_gives_exactly_its_claims(case: dict[str, Any]) -> None:
    extraction, _ = extract(case["text"])
    assert [row_of(claim) for claim in extraction.claims] == case.get("want", [])


def test_every_kind_of_claim_is_in_the_table() -> None:
    told = {row.split()[0] for case in CASES for row in case.get("want", [])}
    assert told == {kind.value for kind in ClaimKind}


@pytest.mark.parametrize("seed", range(12))
def test_claims_never_make_or_change_an_observation(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = [case["text"] for case in random.Random(seed).sample(CASES, 25)]
    with_claims, text = extract(*chosen)
    assert with_claims.claims
    monkeypatch.setattr(ClaimWriter, "add", lambda *_: None)
    without, _ = extract(*chosen)
    assert without.claims == ()
    assert (with_claims.mentions, with_claims.rejected) == (without.mentions, without.rejected)
    values = {(mention.evidence.start, mention.evidence.end) for mention in with_claims.mentions}
    for claim in with_claims.claims:
        proof = claim.evidence
        assert text[proof.start : proof.end] == proof.quote
        assert proof.sentence_start <= proof.start < proof.end <= proof.sentence_end  # type: ignore[operator]
        assert claim.kind in VALUES or (proof.start, proof.end) not in values


def test_a_claim_about_the_last_sentence_of_another_paragraph_is_none() -> None:
    extraction, _ = extract("小学入学率99.4%。", "比上年提高0.3个百分点。")
    assert extraction.claims == ()
    extraction, _ = extract("小学入学率99.4%。比上年提高0.3个百分点。")
    assert [row_of(claim) for claim in extraction.claims] == [
        "points up 0.3 points net_enrollment_rate level=PRI value=99.4 base=period:SY2025-T1"
    ]


def test_a_rounded_count_keeps_how_it_was_rounded() -> None:
    extraction, _ = extract("全县小学在校生12.6万人,比上年减少0.8万人。")
    [claim] = extraction.claims
    assert claim.value is not None
    assert claim.value.as_tuple().exponent == 3
    assert (claim.evidence.quote, plain(claim.size)) == ("0.8万", "8000")
