"""The drawn sheet: signs over columns and beside rows, merges, doubtful cells, rows left out; and nothing that runs."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from db.catalogue import load_catalogue
from db.records import Block, Grid, Reading
from db.records_layout import LineOverride, RowRole, SheetLayout, TableOverride
from etl.sheets import understand_sheets
from pages.ui.upload_sheet import FIRST, Fault, Told, Words, role_of, sheet_html, shown_rows
from tests.pages.desk import HOSTILE

WORDS = Words("读懂为", "略去{n}行")
HEAD = ("学校名称", "应查验人数", "实查验人数", "查验率(%)", "备注", "绿化面积")


def grid_of(rows: int, *, name: str = "一小") -> Grid:
    """A sheet with a title over all columns, a header, `rows` schools and a total."""
    title = ("青田县2025年秋季入学预防接种证查验情况汇总表", None, None, None, None, None)
    body = [(f"青田县{n}小学" if n else name, 100 + n, 90 + n, 90.0, None, 5) for n in range(rows)]
    total = ("合计", sum(r[1] for r in body), sum(r[2] for r in body), None, None, None)
    return Grid("查验", (title, HEAD, *body, total), ((0, 0, 0, 5),))


def understood(grid: Grid, **overrides: TableOverride) -> SheetLayout:
    reading = Reading("x", "", (Block(0, "grid", grid.sheet, "", 0, grid),))
    return understand_sheets(reading, load_catalogue(), overrides=overrides)[0]


def drawn(grid: Grid, layout: SheetLayout, *faults: Fault) -> str:
    told = {
        (table.key, line.key): Told(role_of(line), role_of(line)[0].upper(), line.indicator or role_of(line))
        for table in layout.tables
        for line in (*table.columns, *table.items)
    }
    return sheet_html(grid, layout, told, faults, WORDS).split("</style>")[1]


def rows_of(html: str) -> list[str]:
    return re.findall(r"<tr.*?</tr>", html, re.DOTALL)


def test_every_column_stands_under_what_it_was_taken_for() -> None:
    grid = grid_of(3)
    above = next(row for row in rows_of(drawn(grid, understood(grid))) if "读懂为" in row)
    assert re.findall(r'class="what of r-(\w+)"', above) == [
        "place", "denominator", "numerator", "value", "blank", "unknown",
    ]  # fmt: skip
    assert "vac_cert_check_rate" in above


def test_a_total_row_and_a_doubtful_cell_are_marked() -> None:
    grid = grid_of(3)
    html = drawn(grid, understood(grid), Fault("C4", "confirm", "偏低"), Fault("C4", "block", "大于<b>应查验"))
    rows = rows_of(html)
    assert [re.findall(r'class="(\w*)"><th scope="row">', row) for row in rows if ">6</th>" in row] == [["total"]]
    cell = next(re.findall(r"<td[^>]*>91</td>", row)[0] for row in rows if ">4</th>" in row)
    assert 'data-sign="✗"' in cell
    assert "block" in cell
    assert "大于&lt;b&gt;应查验\n偏低" in cell


def test_a_title_over_all_columns_is_drawn_over_them() -> None:
    grid = grid_of(3)
    assert 'colspan="6"' in next(row for row in rows_of(drawn(grid, understood(grid))) if "汇总表" in row)


def test_of_a_long_sheet_the_first_rows_the_doubtful_ones_and_the_total_are_drawn() -> None:
    grid = grid_of(500)
    layout = understood(grid)
    rows = shown_rows(grid, layout, {400})
    assert rows == [0, 1, *range(2, 2 + FIRST), 400, 502]
    html = drawn(grid, layout, Fault("B401", "note", "看一看"))
    assert f"略去{400 - 2 - FIRST}行" in html
    assert len(rows_of(html)) == len(rows) + 4  # letters, meanings, two gaps


def test_what_a_person_changed_is_drawn_as_changed() -> None:
    grid = grid_of(3)
    key = understood(grid).tables[0].key
    changed = {key: TableOverride(lines={"绿化面积": LineOverride(ignore=True)})}
    above = next(row for row in rows_of(drawn(grid, understood(grid, **changed))) if "读懂为" in row)
    assert "r-unknown" not in above
    assert "r-ignored" in above
    out = understood(grid, **{key: TableOverride(ignore=True)})
    assert not [row for row in rows_of(drawn(grid, out)) if "读懂为" in row]


def test_indicators_of_rows_stand_beside_them() -> None:
    grid = Grid(
        "年度",
        (
            ("指标", "2023年", "2024年"),
            ("九年义务教育巩固率(%)", 95.5, 95.9),
            ("在校生数(人)", 1200, 1300),
        ),
    )
    html = drawn(grid, understood(grid))
    beside = [re.findall(r'class="what of r-(\w+)"', row) for row in rows_of(html) if "巩固率" in row]
    assert beside == [["value"]]


def test_a_merge_across_the_line_of_meanings_keeps_the_columns_in_place() -> None:
    grid = grid_of(3)
    layout = understood(grid)
    grid = replace(grid, merges=((0, 0, 1, 0),))
    rows = rows_of(drawn(grid, layout))
    assert 'rowspan="3"' in rows[1]
    above = next(row for row in rows if "读懂为" in row)
    assert above.count("<td") == len(HEAD) - 1


def test_cells_of_the_file_never_run() -> None:
    grid = grid_of(2, name=HOSTILE)
    html = drawn(grid, understood(grid), Fault("A3", "confirm", HOSTILE))
    assert "<script" not in html
    assert "<img" not in html


def test_a_fraction_in_the_percent_format_is_shown_as_excel_shows_it() -> None:
    grid = replace(grid_of(1), percent_cells=frozenset({(2, 3)}))
    grid = replace(grid, cells=(*grid.cells[:2], ("一小", 100, 98, float(Decimal("0.985")), None, 5), grid.cells[3]))
    assert ">98.5%</td>" in drawn(grid, understood(grid))


@pytest.mark.parametrize("rows", [0, 1])
def test_a_sheet_without_a_table_is_drawn_as_it_is(rows: int) -> None:
    grid = Grid("说明", (("填表说明",),) * rows)
    layout = SheetLayout("说明", rows, 1, note="no_table")
    assert drawn(grid, layout).count("填表说明") == rows
    assert shown_rows(grid, layout, set()) == list(range(rows))
    assert RowRole.TOTAL not in {span.role for table in layout.tables for span in table.rows}
