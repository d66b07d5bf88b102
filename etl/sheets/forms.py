"""Tables on a form that the bureau itself gave out (db/catalogue/forms.yml): nothing in them needs to be explained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from db.catalogue import Catalogue
from db.records import Issue, Severity
from etl.sheets import words
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.facts import issue
from etl.sheets.header import Table
from etl.sheets.sheet import Sheet
from etl.types import Extraction

_TOP_ROWS = 12  # where the labels of a form stand
_EXPLAINED = frozenset(("unknown_column", "column_without_indicator"))


@cache
def _forms(catalogue: Catalogue) -> frozenset[frozenset[str]]:
    """The header paths of every sheet of every form."""
    return frozenset(
        frozenset(_key(column.path) for column in form.columns_of(stage))
        for form in catalogue.forms
        for stage in form.stages
    )


def _key(path: Sequence[str]) -> str:
    """The header path as plain signs."""
    return words.PUNCTUATION.sub("", compact("".join(path)))


def form_columns(table: Table, catalogue: Catalogue) -> dict[int, str]:
    """The columns of a table that a form asks for, with their keys; empty where the table lacks one of any form's."""
    keys = {col: _key(path) for col, path in enumerate(table.paths) if path}
    here = set(keys.values())
    asked = max((form for form in _forms(catalogue) if form <= here), key=len, default=frozenset[str]())
    return {col: key for col, key in keys.items() if key in asked}


def blank_form(sheet: Sheet, catalogue: Catalogue) -> Issue | None:
    """What to say of a sheet in which a form's one line of labels stands over rows that were numbered and left blank."""
    for row in range(min(_TOP_ROWS, sheet.height)):
        here = {_key((str(value),)) for _, value in sheet.own(row)}
        if any(form <= here for form in _forms(catalogue)):
            return issue(sheet, row, 0, "not_filled_in", Severity.NOTE, _sentence(sheet))
    return None


def _sentence(sheet: Sheet) -> str:
    return f"工作表“{sheet.grid.sheet}”还没有填数,没有取数。不用填报的表可以空着。"


def not_filled_in(table: Table, columns: dict[int, str]) -> Issue | None:
    """What to say of a form in which nothing stands but what was there when it was given out."""
    if not columns or not table.body:
        return None
    own = [col for col, key in columns.items() if not any(word in key for word in words.LAST_YEAR_WORDS)]
    if any(_filled(table, row, col) for row in table.body for col in own):
        return None
    return issue(table.sheet, table.body[0], min(own), "not_filled_in", Severity.NOTE, _sentence(table.sheet))


def _filled(table: Table, row: int, col: int) -> bool:
    return read_cell(table.sheet.raw(row, col)).kind is not Kind.BLANK


def explained(found: Extraction, table: Table, columns: dict[int, str]) -> Extraction:
    """An extraction without notes on columns of a form that serve its own sums: they are there on purpose."""
    heads = {table.sheet.grid.address(row, col) for row in table.header for col in columns}
    kept = tuple(one for one in found.issues if not (one.code in _EXPLAINED and one.cell in heads))
    return replace(found, issues=kept)
