"""What a table says of the canteen of schools that have none (B37), whatever the catalogue keeps of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from db.catalogue.rule_kinds import AbsentCheck
from etl.checks.findings import Asked, Finding
from etl.checks.printed import LONG_TABLE, head_of, is_rate
from etl.checks.tables import cell_at, number
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.columns import Column, Role
from etl.sheets.rows import Row
from etl.sheets.views import View

_GRADE = re.compile(r"[ABC]级?|[优良]秀?")
_GRADED = re.compile(r"(?:食堂)?(?:量化)?(?:分级|等级|评级)(?:等级)?$")
_NOTHING = re.compile(r"不适用|不涉及|无食堂|无此项|[—-]{1,2}|/")
_OTHERS = 2  # schools without a canteen that leave a rate out


def printed_absent(asked: Asked, check: AbsentCheck, views: Sequence[View]) -> Iterator[Finding]:
    """Rates and grades of schools whose 食堂数 is 0."""
    for view in views if "canteens" in check.bases else ():
        if len(view.rows) > LONG_TABLE:
            continue
        column = next((c for c in view.columns if c.label.indicator == "canteens" and not c.label.rest), None)
        if column is not None and column.role is Role.VALUE:
            yield from _across(asked, view, column)
        elif column is None:
            yield from _down(asked, view)


def _across(asked: Asked, view: View, canteens: Column) -> Iterator[Finding]:
    """Rows of schools: a rate that the others without a canteen leave out, a grade."""
    none = [row for row in view.rows if not row.total and number(view, row.index, canteens.index) == 0]
    for column in view.columns if none else ():
        rate, grade = is_rate(head_of(view, column)), _GRADED.search(head_of(view, column))
        if not (rate or grade) or column is canteens:
            continue
        filled = [row for row in none if _says(view, row.index, column.index, rate=bool(rate))]
        lone = len(filled) == 1 and (
            len(none) > _OTHERS or any(_left_out(view, row.index, column.index) for row in none if row is not filled[0])
        )
        for row in filled if grade or lone else ():
            yield _find(asked, view, (row.index, column.index), row.entity or "", column.label.text)


def _down(asked: Asked, view: View) -> Iterator[Finding]:
    """Columns of units with the items down the rows: 食堂数 0, 食堂量化等级 A级."""
    base = next((r for r in view.rows if r.label.indicator == "canteens" and not r.label.rest and not r.total), None)
    graded = [r for r in view.rows if _GRADED.search(compact(_text(r)))]
    for column in view.columns if base is not None else ():
        if base is None or column.role is not Role.VALUE or number(view, base.index, column.index) != 0:
            continue
        for row in graded:
            if _says(view, row.index, column.index, rate=False):
                unit = column.entity or column.label.text
                yield _find(asked, view, (row.index, column.index), unit, _text(row))


def _text(row: Row) -> str:
    return row.problem or row.label.text


def _says(view: View, row: int, col: int, *, rate: bool) -> bool:
    value = view.table.sheet.raw(row, col)
    if value is None:
        return False
    return read_cell(value).kind is Kind.NUMBER if rate else bool(_GRADE.fullmatch(compact(value)))


def _left_out(view: View, row: int, col: int) -> bool:
    """Whether a cell says in words that there is nothing to tell (不适用)."""
    value = view.table.sheet.raw(row, col)
    return value is not None and bool(_NOTHING.fullmatch(compact(value)))


def _find(asked: Asked, view: View, spot: tuple[int, int], unit: str, name: str) -> Finding:
    cell = cell_at(view, *spot)
    value = compact(view.table.sheet.raw(*spot))
    return asked.find(
        [cell], late=True, unit=unit, base="食堂数", name=name.replace("/", ""), value=value, cell=cell[1]
    )
