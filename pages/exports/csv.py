"""csv that Excel and WPS open with Chinese intact and without running anything."""

from __future__ import annotations

import csv
import io

from pages.exports.table import Table, harmless, missing


def _cell(value: object) -> object:
    if missing(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return int(value)  # a frame keeps a column of counts as floats where one is missing
    return harmless(value) if isinstance(value, str) else value


def csv_bytes(table: Table) -> bytes:
    """The table as UTF-8 csv with a byte-order mark and CRLF: header, rows, an empty line, the notes.

    Numbers stay numbers (a negative one gets no apostrophe); a missing value is an empty cell.
    """
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    write([harmless(str(name)) for name in table.frame.columns])
    for row in table.frame.itertuples(index=False, name=None):
        write([_cell(value) for value in row])
    if table.notes:
        write([])
        for note in (table.title, *table.notes):
            write([harmless(note)])
    return out.getvalue().encode("utf-8-sig")
