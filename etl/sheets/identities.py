"""Arithmetic that a table must satisfy in itself: it finds misread columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from etl.sheets.cells import Kind
from etl.sheets.facts import Fact

_CHECK = "vac_cert_check_done"
_CHECKS: tuple[tuple[str, ...], ...] = (
    ("vac_cert_held", "no_certificate"),
    ("fully_vaccinated", "vac_catchup_due", "vac_contraindicated_count"),
)
_DOUBT = 0.6


def doubt_certificates(facts: Sequence[Fact]) -> None:
    """有证 + 无证 = 实查验, 全程 + 需补种 + 禁忌 = 实查验. A sum that fails in most rows is a misread column: then
    the facts become doubtful. One that fails in a few rows is a mistyped number, which the rules name (B12)."""
    for names in _CHECKS:
        tried = list(_sums(facts, names))
        wrong = sum(done.cell.number != total for done, total, _ in tried)
        if wrong * 2 > len(tried):
            for _, _, members in tried:
                for fact in members:
                    fact.confidence = min(fact.confidence, _DOUBT)


def _sums(facts: Sequence[Fact], names: Sequence[str]) -> Iterator[tuple[Fact, Decimal, list[Fact]]]:
    lines: dict[tuple[object, ...], dict[str, Fact]] = defaultdict(dict)
    for fact in facts:
        if fact.cell.kind is Kind.NUMBER and fact.dims.get("basis") != "dose":
            lines[fact.line].setdefault(fact.indicator or fact.part or "", fact)
    for line in lines.values():
        if _CHECK in line and all(name in line for name in names):
            members = [line[name] for name in names]
            yield line[_CHECK], sum((f.cell.number or Decimal(0) for f in members), Decimal(0)), members
