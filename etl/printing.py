"""What `python -m etl extract` prints: the extraction contract as JSON, or a table for people."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from db.catalogue import Catalogue
from db.records import Issue, Reading, Role, Severity
from etl.types import Extraction, Mention, Rejected

SEVERITIES = {Severity.BLOCK: "须改正", Severity.CONFIRM: "待确认", Severity.NOTE: "提示"}


def jsonl(extraction: Extraction, reading: Reading) -> Iterator[dict[str, object]]:
    """The extraction contract of docs/contract.md, one object per observation or rejected number."""
    for mention in extraction.mentions:
        if mention.value is not None:
            yield _observation_record(mention, reading)
    for rejected in extraction.rejected:
        yield _rejected_record(rejected)


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _observation_record(mention: Mention, reading: Reading) -> dict[str, object]:
    at = mention.evidence
    in_text = at.cell is None
    quote = reading.text[at.sentence_start : at.sentence_end] if in_text else at.quote
    record: dict[str, object] = {
        "kind": "observation",
        "indicator": mention.indicator,
        "dims": dict(mention.dims),
        "value": _number(mention.value),
        "unit": mention.unit,
        "entity": mention.entity,
        "period": mention.period,
        "qualifier": str(mention.qualifier),
        "numerator": _number(mention.numerator),
        "denominator": _number(mention.denominator),
        "text": at.quote if in_text else _number_of(at.quote, reading),
        "quote": quote,
        "confidence": round(at.confidence, 3),
        "role": str(Role.TOTAL if mention.sums_dims else mention.role),
        "rule": at.rule,
    }
    if mention.value_high is not None:
        record["value_high"] = _number(mention.value_high)
    return record | ({"start": at.start, "end": at.end} if in_text else {"sheet": at.sheet, "cell": at.cell})


def _number_of(cell: str, reading: Reading) -> str:
    """What a cell prints of its number; in a document, where the text is the place, without the unit behind it (1,268人)."""
    if not reading.text:
        return cell.rstrip("%％‰ ")
    found = re.fullmatch(r"(\d[\d,]*(?:\.\d+)?)\s*[一-鿿%％‰]{0,2}", cell.strip())
    return found[1] if found else cell.rstrip("%％‰ ")


def _rejected_record(rejected: Rejected) -> dict[str, object]:
    place: dict[str, object] = (
        {"start": rejected.start, "end": rejected.end}
        if rejected.cell is None
        else {"sheet": rejected.sheet, "cell": rejected.cell}
    )
    return {"kind": "rejected", "reason": rejected.reason, "text": rejected.text} | place


def table(extraction: Extraction, issues: Sequence[Issue], catalogue: Catalogue) -> Iterator[str]:
    """The observations, the reasons of what was not taken, and the issues, line by line."""
    rows = [("位置", "指标", "维度", "值", "单位主体", "时期", "把握")]
    for m in extraction.mentions:
        at = m.evidence
        place = f"{at.sheet}!{at.cell}" if at.cell else f"{at.start}-{at.end}"
        dims = " ".join(f"{k}={v}" for k, v in m.dims.items())
        value = f"{'' if m.value is None else format(m.value, 'f')} {m.unit}"
        rows.append((place, catalogue.indicator(m.indicator).name_zh, dims, value,
                     m.entity or "(未具名)", m.period or "(未知)", f"{at.confidence:.2f}"))  # fmt: skip
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
    reasons = Counter(r.reason for r in extraction.rejected)
    yield f"共 {len(extraction.mentions)} 个观测;未采纳 {sum(reasons.values())} 个数:" + (
        "、".join(f"{reason} {n}" for reason, n in reasons.most_common()) or "无"
    )
    for issue in issues:
        place = f"{issue.sheet}!{issue.cell}" if issue.cell else issue.locator
        yield f"[{SEVERITIES[issue.severity]}] {place} {issue.sentence}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
