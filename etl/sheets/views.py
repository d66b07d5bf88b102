"""A table as it was read: what checks of the table itself look at."""

from __future__ import annotations

from dataclasses import dataclass

from etl.sheets.columns import Column
from etl.sheets.header import Table
from etl.sheets.rows import Row


@dataclass(frozen=True, slots=True)
class View:
    """A table with the meaning of its columns and rows; a ledger or a long table has none of these.

    `period` is what the title says, `named` what the file name says (period codes)."""

    table: Table
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    period: str | None = None
    file_name: str = ""
