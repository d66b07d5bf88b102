"""A mention as one line, so that an expected table can be read."""

from __future__ import annotations

from collections.abc import Iterable

from db.catalogue import load_catalogue
from db.records import dims_key
from etl.sheets import extract_sheets
from etl.types import Mention
from tests.etl.sheets.notation import grid, reading


def tell(mention: Mention) -> str:
    """cell indicator{dims}=value unit entity period [qualifier] [role] [status] [numerator/denominator]"""
    value = mention.status.value if mention.value is None else f"{mention.value.normalize():f}"
    parts = [
        f"{mention.evidence.cell} {mention.indicator}{{{dims_key(mention.dims)}}}={value}",
        mention.unit, mention.entity or "-", mention.period or "-",
    ]  # fmt: skip
    if mention.qualifier != "exact":
        parts.append(mention.qualifier.value)
    if mention.role != "unit":
        parts.append(mention.role.value)
    if mention.denominator is not None:
        at = mention.evidence
        parts.append(f"{mention.numerator}/{mention.denominator}@{at.numerator_cell}/{at.denominator_cell}")
    return " ".join(parts)


def told(mentions: Iterable[Mention]) -> list[str]:
    """The lines of all mentions, in their order."""
    return [tell(mention) for mention in mentions]


def lines(text: str) -> list[str]:
    """The lines of an expected table."""
    return [line.strip() for line in text.strip().splitlines()]


def read(drawing: str, sheet: str = "Sheet1", name: str = "表.xlsx") -> list[str]:
    """Every mention in one line; rows of the drawing keep their indents, which stand behind a quote."""
    text = "\n".join(line.strip() for line in drawing.strip().splitlines())
    return told(extract_sheets(reading(grid(text, sheet)), load_catalogue(), name=name).mentions)


def by_cell(found: Iterable[str], *cells: str) -> list[str]:
    """`indicator{dims}=value` of the cells among the lines of `read`, a dash for a cell without one."""
    told = {line.split()[0]: line.split()[1] for line in found}
    return [told.get(cell, "-") for cell in cells]
