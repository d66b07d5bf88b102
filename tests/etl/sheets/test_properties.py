"""What must not change the observations: the order of columns, blank and note rows, the spelling of percents."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from db.catalogue import load_catalogue
from db.records import Grid, dims_key
from etl.sheets import extract_sheets
from etl.types import Mention
from tests.etl.sheets.drawings import DRAWINGS
from tests.etl.sheets.notation import grid, reading

Fact = tuple[object, ...]

RATES = """
南坡县2025年秋季预防接种证查验情况
单位 | 应查验人数 | 实查验人数 | 查验率 | 全程接种率
柳林镇 | 200 | 198 | {0} | {4}
石桥乡 | 80 | 76 | {1} | {5}
上坝乡 | 64 | 64 | {2} | {6}
河口镇 | 400 | 398 | {3} | {7}
"""
TRUE_RATES = (99, 95, 100, 99.5, 91.2, 88, 100, 93.75)
SPELLINGS = {
    "points": lambda v: f"{v}",
    "sign": lambda v: f"{v}%",
    "space": lambda v: f"{v} %",
    "small sign": lambda v: f"{v}﹪",
    "full width": lambda v: f"{v}%".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.%"}),
    "fraction": lambda v: f"{v / 100:.4f}",
}


def facts(*grids: Grid, name: str = "") -> set[Fact]:
    """What is said, without where it stands."""
    return {_fact(m) for m in extract_sheets(reading(*grids), load_catalogue(), name=name).mentions}


def _fact(m: Mention) -> Fact:
    return (
        m.indicator, m.value, m.unit, dims_key(m.dims), m.entity, m.period, m.role, m.status, m.qualifier,
        m.numerator, m.denominator,
    )  # fmt: skip


def rates(spelling: str) -> Grid:
    return grid(RATES.format(*(SPELLINGS[spelling](v) for v in TRUE_RATES)))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_percent_spellings_give_the_same_values(spelling: str) -> None:
    found = extract_sheets(reading(rates(spelling)), load_catalogue()).mentions
    values = [float(m.value) for m in found if m.unit == "percent" and m.value is not None]
    by_column = sorted(values[0::2]), sorted(values[1::2])
    assert by_column == (sorted(TRUE_RATES[:4]), sorted(TRUE_RATES[4:]))


def test_cells_formatted_as_percent_are_fractions() -> None:
    sheet = rates("fraction")
    header = sheet.cells[1]
    named = tuple("辍学率(%)" if cell == "全程接种率" else cell for cell in header)
    sheet = replace(sheet, cells=(sheet.cells[0], named, *sheet.cells[2:]))
    spots = frozenset((row, col) for row in range(2, 6) for col in (3, 4))
    found = facts(replace(sheet, percent_cells=spots))
    assert {float(f[1]) for f in found if f[0] == "dropout_rate"} == {91.2, 88, 100, 93.75}


def test_small_rates_under_a_percent_heading_stay_points() -> None:
    sheet = grid(
        """
        2024-2025学年初中辍学情况
        学校 | 辍学率(%)
        石桥中学 | 0.12
        上坝初中 | 0.3
        """
    )
    assert {float(f[1]) for f in facts(sheet)} == {0.12, 0.3}


@pytest.mark.parametrize("layout", ["movements", "check", "dropout", "entry", "disabled", "months"])
def test_order_of_columns_does_not_matter(layout: str) -> None:
    sheet = grid(DRAWINGS[layout], merges=True)
    assert facts(_shuffled(sheet, seed=7)) == facts(sheet)


def _shuffled(sheet: Grid, seed: int) -> Grid:
    """Whole header groups change places; the label columns stay in front."""
    start = next(r for r, row in enumerate(sheet.cells) if sum(cell is not None for cell in row) > 4)
    groups: list[list[int]] = []
    for c in range(len(sheet.cells[0])):
        if sheet.cells[start][c] is not None:
            groups.append([])
        groups[-1].append(c)
    fixed, moving = groups[:2], groups[2:]
    random.Random(seed).shuffle(moving)
    order = [c for group in fixed + moving for c in group]
    place = {old: new for new, old in enumerate(order)}
    cells = tuple(tuple(row[c] for c in order) if r >= start else row for r, row in enumerate(sheet.cells))
    merges = tuple(
        (top, place[left], bottom, place[left] + right - left) if top >= start else (top, left, bottom, right)
        for top, left, bottom, right in sheet.merges
    )
    return replace(sheet, cells=cells, merges=merges)


@pytest.mark.parametrize("layout", sorted(DRAWINGS.keys() - {"pairs", "score"}))
def test_blank_and_note_rows_do_not_matter(layout: str) -> None:
    sheet = grid(DRAWINGS[layout])
    width = len(sheet.cells[0])
    blank = (None,) * width
    notes = (("注:本表由各单位填报。", *blank[1:]), ("填表人:钱某  审核人:李某", *blank[1:]))
    assert facts(replace(sheet, cells=(*sheet.cells, blank, *notes))) == facts(sheet)


@pytest.mark.parametrize("layout", ["movements", "check", "dropout", "entry", "disabled", "vaccines_across", "months"])
def test_headers_exported_without_merges_read_the_same(layout: str) -> None:
    assert facts(grid(DRAWINGS[layout], merges=False)) == facts(grid(DRAWINGS[layout]))


@pytest.mark.parametrize("layout", ["check", "long"])
def test_csv_cells_are_named_by_row_and_column(layout: str) -> None:
    source = reading(grid(DRAWINGS[layout], style="RC"))
    found = extract_sheets(source, load_catalogue()).mentions
    assert found
    assert all(m.evidence.cell and m.evidence.cell.startswith("R") and m.evidence.holds_in(source) for m in found)


def test_line_of_column_numbers_and_repeated_header_are_no_data() -> None:
    plain = grid(DRAWINGS["vaccines_down"])
    numbers = ("甲", None, 1, 2, 3, 4, 5)
    again = plain.cells[1:3]
    cells = (*plain.cells[:3], numbers, *plain.cells[3:5], *again, *plain.cells[5:])
    merges = (
        *[m for m in plain.merges if m[0] < 3],
        *[(top + 5, left, bottom + 5, right) for top, left, bottom, right in plain.merges if 1 <= top < 3],
        (4, 0, 5, 0),
    )
    assert facts(replace(plain, cells=cells, merges=tuple(merges))) == facts(plain)


def test_each_sheet_of_a_school_is_that_school() -> None:
    text = "2024-2025学年初学生数\n年级 | 在校生数 | 其中:女\n一年级 | {} | {}\n二年级 | 40 | 19\n合计 | {} | {}"
    one = grid(text.format(41, 20, 81, 39), sheet="柳林小学")
    two = grid(text.format(30, 12, 70, 31), sheet="上坝小学")
    found = {f for f in facts(one, two, name="南坡县小学生数.xlsx") if f[3] == "grade=1;level=PRI"}
    assert {(f[4], f[1]) for f in found} == {("柳林小学", 41), ("上坝小学", 30)}


ODD_CELLS: tuple[object, ...] = (
    None, None, "合计", "学校", "小学", "其中:女", 1, 0.5, 98.5, "98%", "#DIV/0!", "-", "单位", "在校生数", "2023年", "序号",
    "×××", "学校名称", "3月", "2024-2025学年", "注:", "", "指标", "数值", "机构名称", True, float("nan"), 10**30, "查验率",
    "巩固率(%)", "1:0", "0/0", "届别", "2018级", "②", "上学年初在校生数",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_nonsense_never_breaks_and_its_evidence_holds(seed: int) -> None:
    chance = random.Random(seed)
    cells = tuple(
        tuple(chance.choice(ODD_CELLS) for _ in range(chance.randint(0, 7))) for _ in range(chance.randint(0, 8))
    )
    spots = [(chance.randint(0, 6), chance.randint(0, 6)) for _ in range(3)]
    merges = tuple((r, c, r + chance.randint(0, 2), c + chance.randint(0, 3)) for r, c in spots)
    source = reading(Grid("页", cells, merges))
    for mention in extract_sheets(source, load_catalogue()).mentions:
        assert mention.evidence.holds_in(source)
        assert (mention.value is None) == (mention.status != "normal")
