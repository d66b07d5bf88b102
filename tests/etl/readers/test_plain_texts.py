"""Texts that are taken out of a sheet's XML are those that the cell reader finds there, and nothing else changes."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
import xlsxwriter

from db.cell_columns import CellColumn
from etl.readers import plain_numbers, read_file, workbook
from etl.readers.plain_texts import Texts, shared_texts, texts_taken_out
from tests.etl.readers.test_plain_numbers import cells, changed

TEXTS = (
    "榆湾小学",
    "教学点",
    "榆湾小学 ",
    "  12",
    "a<b&c",
    "两\n行",
    "_x000D_",
    "×" * 40,
    " ",
    "0012",
    "\u3000甲",
    "甲\u3000",
    "a\tb",
)


def book(inline: bool, texts: tuple[str, ...] = TEXTS, seed: int = 1) -> bytes:
    """Texts of every kind beside numbers, dates and blanks; those stand in the cells or in a table of their own."""
    rng, packed = random.Random(seed), io.BytesIO()
    with xlsxwriter.Workbook(packed, {"constant_memory": inline, "strings_to_numbers": False}) as made:
        sheet = made.add_worksheet("表一")
        formats = [made.add_format({"num_format": code}) for code in ("0", "@", "0%", "yyyy-mm-dd")]
        rich = made.add_format({"bold": True})
        for row in range(80):
            sheet.write_number(row, 0, row)
            for col in range(1, 12):
                kind = rng.randrange(7 if row else 1)
                if kind < 3:
                    sheet.write_string(row, col, rng.choice(texts), rng.choice([None, *formats]))
                elif kind == 3:
                    sheet.write_number(row, col, rng.randrange(3000))
                elif kind == 4:
                    sheet.write_datetime(row, col, date(1990 + row % 30, 9, 1), formats[3])
                elif kind == 5 and not inline:
                    sheet.write_rich_string(row, col, "榆", rich, "湾小学")
        sheet.write_string(79, 13, "末列")
        sheet.write_string(95, 1, "榆湾小学")
    return packed.getvalue()


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[Texts]:
    """What is taken out of the sheets that are read from now on, all being large."""
    found: list[Texts] = []

    def noted(*arguments: object) -> tuple[Texts | None, bytes]:
        texts, rest = texts_taken_out(*arguments)  # type: ignore[arg-type]
        found.extend([texts] if texts else [])
        return texts, rest

    monkeypatch.setattr(plain_numbers, "FROM_BYTES", 1)
    monkeypatch.setattr(workbook, "LONG", 10)
    monkeypatch.setattr("etl.readers.xlsx_parts.texts_taken_out", noted)
    return found


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("texts", [TEXTS, TEXTS[:6] + TEXTS[7:]])
@pytest.mark.parametrize("inline", [True, False])
def test_a_sheet_is_read_as_the_cell_reader_reads_it(
    taken: list[Texts], monkeypatch: pytest.MonkeyPatch, inline: bool, texts: tuple[str, ...], seed: int
) -> None:
    content = book(inline, texts, seed)
    quick = read_file("a.xlsx", content)
    assert bool(taken) == (not inline or "_x000D_" not in texts)
    with monkeypatch.context() as patched:
        patched.setattr(plain_numbers, "FROM_BYTES", 1 << 40)
        slow = read_file("a.xlsx", content)
    assert cells(quick) == cells(slow)
    [one], [other] = quick.grids, slow.grids
    values = [[column.values for column in grid.cells.columns] for grid in (one, other)]  # type: ignore[attr-defined]
    assert values[0] == values[1]
    assert quick.notes == slow.notes


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(b"<t>", b"<t >"),
        lambda xml: xml.replace("榆湾小学".encode(), b"&#27014;"),
        lambda xml: xml.replace(b"<is><t>", b"<is><r><t>").replace(b"</t></is>", b"</t></r></is>"),
    ],
)
def test_texts_that_are_written_in_another_way_are_left_to_the_cell_reader(
    taken: list[Texts], monkeypatch: pytest.MonkeyPatch, change: Callable[[bytes], bytes]
) -> None:
    content = changed(book(True, TEXTS[:2]), change)
    quick = read_file("a.xlsx", content)
    monkeypatch.setattr(plain_numbers, "FROM_BYTES", 1 << 40)
    assert cells(quick) == cells(read_file("a.xlsx", content))


def test_a_text_with_the_format_of_a_percentage_is_left_where_it_is() -> None:
    cell = b'<c r="B2" s="3" t="inlineStr"><is><t>12%</t></is></c>'
    assert texts_taken_out(cell, (0, 1), ()) == (None, cell)
    texts, rest = texts_taken_out(cell, (0, 3), ())
    assert texts is not None
    assert (texts.height, texts.width, rest) == (2, 2, b"")


def test_the_table_of_shared_texts_says_which_are_plain() -> None:
    xml = (
        "<sst><si><t>甲</t></si><si><r><t>乙</t></r></si><si><t> 丙</t></si><si><t>丁</t><rPh/></si><si><t/></si></sst>"
    )
    assert shared_texts(xml.encode()) == ["甲", None, None, None, None]
    assert shared_texts(xml.replace("<si>", "<x:si>").encode()) == []
    assert shared_texts(b"<sst><si><t>\xff</t></si></sst>") == []


def test_a_cell_that_names_no_plain_text_stays() -> None:
    xml = b'<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>7</v></c>'
    texts, rest = texts_taken_out(xml, (), ["甲", None])
    assert texts is not None
    assert [(col, rows.tolist(), list(told)) for col, (rows, told) in texts.columns.items()] == [(0, [0], ["甲"])]
    assert rest == b'<c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>7</v></c>'


def test_texts_join_a_column_in_the_order_in_which_they_stand() -> None:
    column = CellColumn.of(["乙", None, True, None, "丁", None])
    texts = Texts({0: (np.array([1, 3, 5]), ["丙", "乙", "甲"])}, 6, 1)
    joined = texts.with_column(0, column)
    assert list(joined) == ["乙", "丙", True, "乙", "丁", "甲"]
    assert joined.values == CellColumn.of(list(joined)).values
    assert texts.with_column(1, column) is column
