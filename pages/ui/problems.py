"""Findings of inspections on the screen: their kind and state in words, as a table, and as a place in a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pages.analysis.rectification import Tally
from pages.ui import data, links, proof, tables
from pages.ui.text import coded, join, name_of, period_text, say

SIGNS = {"rectified": "met", "open": "missed", "unstated": "near"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands in its document, in the form in which the evidence page marks what was chosen."""

    words: str
    start: int | None
    end: int | None
    sheet: str | None
    cell: str | None
    observation_id: int = 0
    sentence_start: int | None = None
    sentence_end: int | None = None
    numerator_cell: str | None = None
    denominator_cell: str | None = None


def category_name(code: str) -> str:
    """The kind of a finding."""
    for category in data.catalogue().finding_categories:
        if category.code == code:
            return name_of(category)
    return code


def indicator_of(code: str) -> str | None:
    """The code of the indicator on which a kind of finding bears."""
    return next((each.indicator for each in data.catalogue().finding_categories if each.code == code), None)


def place_of(row: Any) -> Place:
    """The place of a finding (a row of queries.findings)."""
    return Place(
        join([category_name(row.category), coded("finding_state", row.state)]), _number(row.start), _number(row.end),
        _text(row.sheet), _text(row.cell),
    )  # fmt: skip


def _number(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def day(value: Any) -> str:
    """A day in ISO form, or nothing."""
    return "" if value is None or pd.isna(value) else pd.Timestamp(value).date().isoformat()


def _unbroken(text: str) -> str:
    """A day that stays on one line of a narrow screen."""
    return text.replace("-", "\N{NON-BREAKING HYPHEN}")


def whose(row: Any) -> str:
    """The unit of a finding; where the words speak of several of its schools, how many."""
    return row.org_unit_name if row.extent == "one" else join([row.org_unit_name, coded("extent", row.extent)])


def listed(frame: pd.DataFrame, with_unit: bool = True) -> None:
    """Findings one per row: what, of whom, of what kind, when, whether mended; each leads to its words."""
    names = ["unit", "text", "state", "found", "due"] if with_unit else ["text", "state", "found", "due"]
    rows = [_row(row, with_unit) for row in frame.itertuples()]
    shown = [name for name in names if name != "due" or frame["due_on"].notna().any()]
    if "due" not in shown:
        rows = [tables.Row(row.head, row.cells[:-1]) for row in rows]
    tables.draw([say(f"findings.column.{name}") for name in shown], rows, wrap=True, phone="lines")


def _row(row: Any, with_unit: bool) -> tables.Row:
    text = tables.Cell(row.text, links.url("evidence", finding=row.finding_id), (category_name(row.category),))
    since = _unbroken(day(row.found_on)) or period_text(row.period)
    mended = say("findings.mended_on", day=day(row.closed_on)) if day(row.closed_on) else ""
    state = tables.Cell("", None, (mended,), SIGNS[row.state], coded("finding_state", row.state))
    cells = (state, tables.Cell(since), tables.Cell(_unbroken(day(row.due_on))))
    if not with_unit:
        return tables.Row(text, cells)
    return tables.Row(tables.Cell(whose(row), links.url("school", unit=row.org_unit_id)), (text, *cells))


def facts(row: Any) -> None:
    """One finding line by line."""
    lines = {
        "unit": tables.Cell(whose(row), links.url("school", unit=row.org_unit_id)),
        "kind": tables.Cell(category_name(row.category)),
        "state": tables.Cell(coded("finding_state", row.state)),
        "found": tables.Cell(day(row.found_on) or period_text(row.period)),
        "due": tables.Cell(day(row.due_on)),
        "closed": tables.Cell(day(row.closed_on)),
        "closing": tables.Cell(row.closing_quote if isinstance(row.closing_quote, str) else ""),
        "place": tables.Cell(proof.place(row)),
        "file": tables.Cell(row.file_name, links.url("evidence", doc=row.source_file_id)),
    }
    rows = [
        tables.Row(tables.Cell(say(f"findings.column.{name}")), (cell,)) for name, cell in lines.items() if cell.text
    ]
    tables.draw([say("evidence.fact.item"), say("evidence.fact.text")], rows, wrap=True)


def sum_words(counts: Tally) -> str:
    """`检查发现问题12条，已整改9条（75.0%）…` in one line."""
    words = say("findings.sum", n=counts.total, done=counts.rectified, share=share_text(counts), open=counts.open)
    notes = [
        say("findings.sum_unstated", n=counts.unstated) if counts.unstated else "",
        say("findings.sum_overdue", n=counts.overdue) if counts.overdue else "",
    ]
    return "".join([words, *notes])


def share_text(counts: Tally) -> str:
    """The rectified share with one decimal."""
    return "—" if counts.share is None else f"{counts.share:.1f}%"


def indicator_name(code: str) -> str:
    """The name of the indicator on which a kind of finding bears."""
    indicator = data.indicator(indicator_of(code) or "")
    return "" if indicator is None else name_of(indicator)
