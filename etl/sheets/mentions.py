"""From a fact to what the pipeline knows of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from db.records import ObsStatus
from etl.sheets.cells import Kind
from etl.sheets.facts import Fact, evidence, role_of
from etl.sheets.sheet import Sheet
from etl.types import Mention


def mention_of(sheet: Sheet, fact: Fact, layout: str) -> Mention:
    """What a fact says, with its proof."""
    empty = fact.cell.kind is Kind.STATUS
    num = fact.numerator_value
    if num is None:
        num = fact.numerator.value if fact.numerator is not None else fact.cell.numerator
    den: Decimal | None = fact.denominator_value
    if den is None:
        den = fact.denominator.value if fact.denominator is not None else fact.cell.denominator
    return Mention(
        indicator=fact.indicator or "", value=None if empty else fact.value, unit=fact.unit,
        evidence=evidence(sheet, fact, layout), dims=fact.dims, entity=fact.entity, entity_code=fact.code,
        scope=f"{sheet.grid.sheet}{fact.scope}", period=fact.period, qualifier=fact.cell.qualifier, value_high=fact.cell.high,
        numerator=None if empty else num, denominator=None if empty else den, role=role_of(fact),
        status=fact.cell.status if empty else ObsStatus.NORMAL, line=f"{sheet.grid.sheet}{fact.line}",
        sums_dims=fact.sums_dims,
    )  # fmt: skip


def part_of(sheet: Sheet, fact: Fact, layout: str) -> Mention:
    """A count that no indicator stands for, named by its quantity; it only serves the checks."""
    return replace(mention_of(sheet, fact, layout), indicator=fact.part or "", unit="count")
