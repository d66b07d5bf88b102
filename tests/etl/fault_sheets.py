"""Workbooks for the rules: correct sheets and what makes each one wrong (tests/etl/faults/*.txt).

A file holds sheets (`### name format`, then a drawing in the notation of the layouts, or lines of a csv), below `---` one
line per case: `RULE CELL : CELL=VALUE; …` names the rule and the cells either of which must be named, `ok : …` are changes
that leave the sheet right. `9+…` is a row to append.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from openpyxl.utils.cell import coordinate_to_tuple

from db.records import Issue, Severity
from tests.etl.sheets.notation import grid

FOLDER = Path(__file__).parent / "faults"
Drawn = dict[str, list[list[Any]]]


@dataclass(frozen=True)
class Case:
    """One sheet with its changes; without codes it is right as it stands."""

    name: str
    kind: str
    drawing: str
    codes: tuple[str, ...]
    cells: tuple[str, ...]
    changes: str

    @property
    def id(self) -> str:
        return f"{self.name}-{'+'.join(self.codes) or 'ok'}-{self.changes[:30]}"


def cases() -> Iterator[Case]:
    """Every sheet as it stands, then its changes."""
    for path in sorted(FOLDER.glob("*.txt")):
        for part in re.split(r"^### ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
            head, _, rest = part.partition("\n")
            drawing, _, lines = rest.partition("\n---\n")
            name, kind = head.split()
            yield Case(name, kind, drawing, (), (), "")
            for line in filter(None, map(str.strip, lines.splitlines())):
                left, _, changes = line.partition(" : ")
                codes, _, cells = left.partition(" ")
                known = () if codes == "ok" else tuple(codes.split("/"))
                yield Case(name, kind, drawing, known, tuple(filter(None, cells.split("/"))), changes)


def sheets(case: Case) -> tuple[Drawn, Mapping[str, Any], set[str]]:
    """(cells by sheet, merged ranges by sheet, the cells that were changed)."""
    parts = re.split(r"^=sheet (.+)\n", case.drawing, flags=re.M)
    drawings = dict(zip(parts[1::2], parts[2::2], strict=True)) if len(parts) > 1 else {"Sheet1": parts[0]}
    text = {
        name: "\n".join(" | ".join(line.split(",")) for line in one.splitlines()) if case.kind == "csv" else one
        for name, one in drawings.items()
    }
    grids = {name: grid(one, name) for name, one in text.items()}
    cells = {name: [list(row) for row in one.cells] for name, one in grids.items()}
    changed = set()
    for change in filter(None, map(str.strip, case.changes.split(";"))):
        if more := re.match(r"(\d+)\+(.*)", change):
            first = next(iter(cells.values()))
            row = list(grid(more[2]).cells[0])
            first.append(row + [None] * (len(first[0]) - len(row)))
            changed |= {_at(case.kind, len(first) - 1, c) for c in range(len(first[0]))}
            continue
        where, _, value = change.partition("=")
        sheet, _, at = where.rpartition("!")
        r, c = coordinate_to_tuple(at)
        cells[sheet or next(iter(cells))][r - 1][c - 1] = grid(value or " ").cells[0][0]
        changed.add(_at(case.kind, r - 1, c - 1))
    return cells, {name: one.merges for name, one in grids.items()}, changed


def _at(kind: str, row: int, column: int) -> str:
    letters = openpyxl.utils.get_column_letter(column + 1)
    return f"R{row + 1}C{column + 1}" if kind == "csv" else f"{letters}{row + 1}"


def workbook(kind: str, cells: Drawn, merged: Mapping[str, Any]) -> bytes:
    """The file itself: xlsx, xls or csv (GB18030)."""
    if kind == "csv":
        (rows,) = cells.values()
        return "\n".join(",".join("" if x is None else str(x) for x in row) for row in rows).encode("gb18030")
    out = BytesIO()
    if kind == "xls":
        old = xlwt.Workbook()
        for name, rows in cells.items():
            page = old.add_sheet(name)
            boxes = {(r, c): (r2, c2) for r, c, r2, c2 in merged[name]}
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if value is not None and (r, c) in boxes:
                        page.write_merge(r, boxes[r, c][0], c, boxes[r, c][1], value)
                    elif value is not None:
                        page.write(r, c, value)
        old.save(out)
        return out.getvalue()
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in cells.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
        for r, c, r2, c2 in merged[name]:
            page.merge_cells(start_row=r + 1, start_column=c + 1, end_row=r2 + 1, end_column=c2 + 1)
    book.save(out)
    return out.getvalue()


def spots(case: Case) -> set[str]:
    """The cells either of which must be named, as the format writes them."""
    plain = [cell.rpartition("!")[2] for cell in case.cells if cell != "*"]
    return {_at(case.kind, *(n - 1 for n in coordinate_to_tuple(cell))) for cell in plain}


def is_named(case: Case, issues: list[Issue]) -> bool:
    places = spots(case)
    return any(one.code in case.codes and (not places or places & {one.cell, *one.cells}) for one in issues)


def alarms(case: Case, issues: list[Issue], changed: set[str]) -> list[str]:
    """Issues away from the fault (notes apart)."""
    known = changed | spots(case)
    return [
        f"{one.code}@{one.cell}"
        for one in issues
        if one.severity is not Severity.NOTE
        and not known & {one.cell, *one.cells}
        and not ("*" in case.cells and one.code in case.codes)
    ]
