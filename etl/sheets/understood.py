"""A table as it is understood before any number is taken: its frame, columns, rows, their keys and a person's changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.records_layout import LayoutKind, Overrides, Signature
from etl.sheets.changes import (
    NO_CHANGES,
    Changes,
    changed_columns,
    changed_frame,
    changed_rows,
    changes_of,
    column_keys,
    item_keys,
)
from etl.sheets.columns import Column, Role, read_columns, without_other_certificates
from etl.sheets.guessed_lines import with_guessed_rows, with_guesses
from etl.sheets.header import Table
from etl.sheets.keys import signature_of
from etl.sheets.rows import Row, read_rows
from etl.sheets.running import settle_running_totals
from etl.sheets.seats import with_seats
from etl.sheets.titles import Frame
from etl.sheets.vocabulary import Vocabulary
from etl.sheets.wholes import with_wholes
from etl.sheets.wider import without_wider_columns, without_wider_rows


@dataclass(frozen=True, slots=True)
class Understood:
    """`column_keys` stand beside `columns`, `row_keys` beside `rows` (the empty text where a row names no indicator).
    The signature is that of the sheet as it is, before any change."""

    key: str
    kind: LayoutKind
    signature: Signature
    frame: Frame
    columns: Sequence[Column] = ()
    column_keys: Sequence[str] = ()
    rows: Sequence[Row] = ()
    row_keys: Sequence[str] = ()
    changes: Changes = NO_CHANGES


def understand_crosstab(
    table: Table, frame: Frame, vocabulary: Vocabulary, key: str, overrides: Overrides | None
) -> Understood:
    """A table whose cells hold values, with a person's changes carried out."""
    known = with_guesses(table, read_columns(table, vocabulary, frame.topic), vocabulary)
    known = without_other_certificates(known, frame.topic)
    seated = with_seats(table, without_wider_columns(table, known, frame.issuer))
    columns = settle_running_totals(with_wholes(table, seated), vocabulary)
    rows = _rows(table, columns, frame, vocabulary)
    keys, kind = column_keys(table.paths, columns), _kind(columns, rows)
    row_keys = _row_keys(rows, kind)
    filled = [key for key, column in zip(keys, columns, strict=True) if column.role is not Role.BLANK]
    signature = signature_of(kind, [*filled, *(key for key in row_keys if key)])
    changes = changes_of(overrides, key, signature.digest)
    frame = changed_frame(frame, changes)
    if changes.override.lines:
        columns = changed_columns(columns, keys, changes, vocabulary)
        rows = _rows(table, columns, frame, vocabulary)
        row_keys = _row_keys(rows, kind)
        rows = changed_rows(rows, row_keys, changes, vocabulary)
    return Understood(key, kind, signature, frame, columns, keys, rows, row_keys, changes)


def _rows(table: Table, columns: Sequence[Column], frame: Frame, vocabulary: Vocabulary) -> list[Row]:
    rows = without_wider_rows(table, read_rows(table, columns, vocabulary, frame.topic), columns, frame.issuer)
    return with_guessed_rows(table, rows, columns, vocabulary, frame.topic)


def _kind(columns: Sequence[Column], rows: Sequence[Row]) -> LayoutKind:
    tells = any(column.role is Role.VALUE and column.label.known for column in columns)
    return LayoutKind.TRANSPOSED if not tells and any(row.label.known for row in rows) else LayoutKind.WIDE


def _row_keys(rows: Sequence[Row], kind: LayoutKind) -> list[str]:
    if kind is not LayoutKind.TRANSPOSED:
        return [""] * len(rows)
    return item_keys([row.label.text for row in rows])
