"""Arithmetic that a table must satisfy in itself: it finds misread columns and mistyped cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from db.records import Severity
from etl.sheets.cells import Kind, read_cell
from etl.sheets.columns import Column, Role
from etl.sheets.facts import Fact, Output, issue
from etl.sheets.header import Table
from etl.sheets.rows import Row

_CHECK = "vac_cert_check_done"
_CHECKS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("vac_cert_held", "no_certificate"), "有证人数与无证人数之和"),
    (("fully_vaccinated", "vac_catchup_due", "vac_contraindicated_count"), "全程接种、需补种、禁忌人数之和"),
)
_DOUBT = 0.6


def check_balance(table: Table, columns: Sequence[Column], rows: Sequence[Row], out: Output) -> None:
    """B10: start + increases - decreases = end, for every row of a movements table."""
    values = [c for c in columns if c.role is Role.VALUE]
    enrolled = [c for c in values if c.label.indicator == "enrollment" and not c.label.dims and not c.label.rest]
    start = next((c for c in enrolled if c.label.shift == "last"), None)
    end = next((c for c in enrolled if c.label.shift == ""), None)
    more, fewer = _group(table, values, "增加"), _group(table, values, "减少")
    if start is None or end is None or not more or not fewer:
        return
    for row in rows:
        first, last = _number(table, row.index, start.index), _number(table, row.index, end.index)
        if first is None or last is None:
            continue
        moved = sum((_number(table, row.index, c) or Decimal(0) for c in more), first)
        moved -= sum((_number(table, row.index, c) or Decimal(0) for c in fewer), Decimal(0))
        if moved != last:
            address = table.sheet.grid.address(row.index, end.index)
            sentence = f"学生变动不平衡:按增减推算应为{moved}人,单元格{address}为{last}人,差{abs(moved - last)}人。请检查转入转出是否重复或漏填。"
            out.issues.append(issue(table.sheet, row.index, end.index, "B10", Severity.BLOCK, sentence, str(last)))


def _group(table: Table, values: Sequence[Column], word: str) -> list[int]:
    found = [c for c in values if len(table.paths[c.index]) > 1 and table.paths[c.index][0].startswith(word)]
    return [c.index for c in found if not c.label.total]


def _number(table: Table, row: int, col: int) -> Decimal | None:
    cell = read_cell(table.sheet.raw(row, col))
    return cell.number if cell.kind is Kind.NUMBER else None


def check_certificates(table: Table, facts: Sequence[Fact], out: Output) -> None:
    """有证 + 无证 = 实查验, 全程 + 需补种 + 禁忌 = 实查验. A sum that fails in most rows is a misread column: then
    the facts become doubtful; one that fails in a few rows is a mistyped number."""
    for names, title in _CHECKS:
        tried = list(_sums(facts, names))
        wrong = [(done, total) for done, total, _ in tried if done.cell.number != total]
        if len(wrong) * 2 > len(tried):
            for _, _, members in tried:
                for fact in members:
                    fact.confidence = min(fact.confidence, _DOUBT)
        for done, total in wrong:
            address = table.sheet.grid.address(done.row, done.col)
            sentence = (
                f"第{done.row + 1}行{title}为{total},与实查验人数{done.cell.number}(单元格{address})不等。请核对各列。"
            )
            out.issues.append(issue(table.sheet, done.row, done.col, "B12", Severity.CONFIRM, sentence, done.cell.text))


def _sums(facts: Sequence[Fact], names: Sequence[str]) -> Iterator[tuple[Fact, Decimal, list[Fact]]]:
    lines: dict[tuple[object, ...], dict[str, Fact]] = defaultdict(dict)
    for fact in facts:
        if fact.cell.kind is Kind.NUMBER and fact.dims.get("basis") != "dose":
            lines[fact.line].setdefault(fact.indicator or fact.part or "", fact)
    for line in lines.values():
        if _CHECK in line and all(name in line for name in names):
            members = [line[name] for name in names]
            yield line[_CHECK], sum((f.cell.number or Decimal(0) for f in members), Decimal(0)), members
