"""What the upload page is told about a sheet, and what a person's changes to it do."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from db.catalogue import load_catalogue
from db.records import Grid
from db.records_layout import (
    LayoutKind,
    LineOverride,
    LineRole,
    Overrides,
    PeriodSource,
    RowRole,
    SheetLayout,
    TableLayout,
    TableOverride,
    override_from_json,
    override_to_json,
)
from etl.sheets import extract_sheets, understand_sheets
from etl.sheets.keys import closest, drift
from etl.types import Mention
from tests.etl.sheets.drawings import DRAWINGS
from tests.etl.sheets.notation import grid, reading

KINDS = {
    "long": LayoutKind.LONG, "pairs": LayoutKind.PAIR, "score": LayoutKind.SCORE, "transposed": LayoutKind.TRANSPOSED,
    "plan": LayoutKind.TRANSPOSED, "years": LayoutKind.TRANSPOSED,
}  # fmt: skip


def layout(sheet: Grid, overrides: Overrides | None = None) -> SheetLayout:
    return understand_sheets(reading(sheet), load_catalogue(), overrides=overrides)[0]


def table(name: str) -> TableLayout:
    return layout(grid(DRAWINGS[name])).tables[0]


def mentions(sheet: Grid, overrides: Overrides | None = None) -> dict[str, Mention]:
    found = extract_sheets(reading(sheet), load_catalogue(), overrides=overrides).mentions
    return {mention.evidence.cell or "": mention for mention in found}


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_value_stands_in_a_line_that_names_its_indicator(name: str) -> None:
    sheet = grid(DRAWINGS[name])
    extraction = extract_sheets(reading(sheet), load_catalogue())
    tables = extraction.layouts[0].tables
    assert tables[0].kind is KINDS.get(name, LayoutKind.WIDE)
    named = {line.indicator for one in tables for line in (*one.columns, *one.items) if line.indicator}
    assert {mention.indicator for mention in extraction.mentions} <= named


@pytest.mark.parametrize("name", DRAWINGS)
def test_bounds_hold_all_rows_and_keys_are_unique(name: str) -> None:
    sheet = grid(DRAWINGS[name])
    for one in layout(sheet).tables:
        keys = [line.key for line in (*one.columns, *one.items)]
        assert len(keys) == len(set(keys))
        assert 0 <= one.top <= one.bottom < len(sheet.cells)
        assert 0 <= one.left <= one.right < len(sheet.cells[0])
        assert all(one.top <= span.first <= span.last <= one.bottom for span in one.rows)


def test_rows_and_columns_have_their_roles() -> None:
    one = table("sections")
    roles = [one.row_role(row) for row in range(11)]
    assert roles == [
        RowRole.TITLE, RowRole.HEADER, RowRole.SECTION, RowRole.DATA, RowRole.DATA, RowRole.SUBTOTAL, RowRole.SECTION,
        RowRole.DATA, RowRole.DATA, RowRole.TOTAL, None,
    ]  # fmt: skip
    assert [line.role for line in one.columns][:2] == [LineRole.PLACE, LineRole.INDICATOR]
    done = one.line("实查验人数")
    assert done is not None
    assert (done.indicator, done.numerator_of) == ("vac_cert_check_done", ("查验率",))


def test_where_a_period_comes_from_is_told() -> None:
    months = table("dropout").line("学籍人数")
    last = table("movements").line("上学年初报表在校生数")
    assert months is not None
    assert last is not None
    assert months.period_source is PeriodSource.ROW
    assert (last.period_source, last.stamp) == (PeriodSource.COLUMN, "last")
    assert (table("movements").period, table("movements").period_source) == ("SY2022", PeriodSource.TITLE)
    assert table("transposed").period_source is PeriodSource.DATE


def test_an_unknown_column_is_given_an_indicator() -> None:
    text = "白沙县2025年上半年情况\n学校 | 在册娃娃 | 备用数\n白沙小学 | 300 | 7\n竹溪小学 | 120 | 3"
    sheet = grid(text)
    assert mentions(sheet) == {}
    one = layout(sheet).tables[0]
    unknown = one.line("在册娃娃")
    assert unknown is not None
    assert unknown.role is LineRole.UNKNOWN
    said = {one.key: TableOverride(lines={unknown.key: LineOverride(indicator="enrollment", dims={"sex": "F"})})}
    found = mentions(sheet, said)
    assert {cell: (m.indicator, dict(m.dims), m.value) for cell, m in found.items()} == {
        "B3": ("enrollment", {"level": "PRI", "sex": "F"}, Decimal(300)),
        "B4": ("enrollment", {"level": "PRI", "sex": "F"}, Decimal(120)),
    }
    changed = layout(sheet, said).tables[0].line("在册娃娃")
    assert changed is not None
    assert changed.changed
    assert changed.why[0] == "person"


def test_a_column_is_left_out_and_a_table_is_left_out() -> None:
    sheet = grid(DRAWINGS["blocks"])
    first, second = layout(sheet).tables
    found = mentions(sheet, {first.key: TableOverride(lines={"查验率": LineOverride(ignore=True)}),
                             second.key: TableOverride(ignore=True)})  # fmt: skip
    assert set(found) == {"B4", "C4"}


def test_period_place_and_unit_of_a_table_are_changed() -> None:
    text = "在校生情况\n年级 | 在校生数\n一年级 | 1.2\n二年级 | 1.1"
    sheet = grid(text)
    key = layout(sheet).tables[0].key
    found = mentions(sheet, {key: TableOverride(period="SY2025", entity="白沙县", level="PRI", unit="万人")})
    assert {(m.entity, m.period, m.value, m.dims["level"]) for m in found.values()} == {
        ("白沙县", "SY2025", Decimal(12000), "PRI"), ("白沙县", "SY2025", Decimal(11000), "PRI"),
    }  # fmt: skip


def test_a_period_and_a_role_of_a_column_are_changed() -> None:
    text = "白沙县情况\n名号 | 在校生数 | 期初在校生数\n白沙小学 | 300 | 290\n竹溪小学 | 120 | 118"
    sheet = grid(text)
    key = layout(sheet).tables[0].key
    lines = {
        "名号": LineOverride(role=LineRole.PLACE),
        "在校生数": LineOverride(period="SY2025"),
        "期初在校生数": LineOverride(indicator="enrollment", period="SY2024"),
    }
    found = mentions(sheet, {key: TableOverride(lines=lines)})
    assert {(m.entity, m.period, m.value) for m in found.values()} >= {
        ("白沙小学", "SY2025", Decimal(300)), ("白沙小学", "SY2024", Decimal(290)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "item"), [("transposed", "项/辖区内学校食堂数"), ("pairs", "项/食堂"), ("long", "项/招生数")]
)
def test_a_row_a_pair_and_an_item_are_changed(name: str, item: str) -> None:
    sheet = grid(DRAWINGS[name])
    one = layout(sheet).tables[0]
    line = one.line(item)
    assert line is not None
    before, after = (
        mentions(sheet),
        mentions(sheet, {one.key: TableOverride(lines={item: LineOverride(indicator="schools")})}),
    )
    moved = {cell for cell in before if before[cell].indicator == line.indicator}
    assert moved
    assert {after[cell].indicator for cell in moved} == {"schools"}
    left = mentions(sheet, {one.key: TableOverride(lines={item: LineOverride(ignore=True)})})
    assert set(left) == set(before) - moved


def test_the_shape_is_that_of_the_form_not_of_its_filling() -> None:
    form = "{p}{y}年秋季查验情况\n单位 | 应查验人数 | 实查验人数 | 查验率(%)\n{rows}"
    one = grid(form.format(p="白沙县", y=2024, rows="甲镇 | 20 | 20 | 100"))
    two = grid(form.format(p="竹溪县", y=2025, rows="乙镇 | 30 | 29 | 96.7\n丙镇 | 1 | 1 | 100\n合计 | 31 | 30 | 96.8"))
    first, second = layout(one).tables[0].signature, layout(two).tables[0].signature
    assert first == second
    assert drift(first, second).none


def test_years_and_units_side_by_side_do_not_change_the_shape() -> None:
    years = "白沙县教育指标\n指标 | {} | 同比\n在校生数 | {} | 1"
    one = grid(years.format("2022年 | 2023年", "10 | 11"))
    two = grid(years.format("2022年 | 2023年 | 2024年", "10 | 11 | 12"))
    places = "白沙县2025年学校\n指标 | {} | 合计\n学校数 | {}"
    three = grid(places.format("梨树镇 | 松坪乡", "1 | 2 | 3"))
    four = grid(places.format("甲水镇 | 丁香乡 | 丙山镇", "1 | 2 | 2 | 5"))
    assert layout(one).tables[0].signature == layout(two).tables[0].signature
    assert layout(three).tables[0].signature == layout(four).tables[0].signature


def test_a_drifted_form_says_what_changed() -> None:
    old = (
        layout(grid("表\n学校 | 在校生数 | 招生数 | 毕业生数 | 教职工数\n白沙小学 | 3 | 1 | 1 | 2")).tables[0].signature
    )
    text = "表\n学校 | 毕业生人数 | 在校生数 | 招生数 | 班数\n白沙小学 | 1 | 3 | 1 | 2"
    new = layout(grid(text)).tables[0].signature
    found = drift(old, new)
    assert found.renamed == (("毕业生数", "毕业生人数"),)
    assert (found.added, found.gone) == (("班数",), ("教职工数",))
    assert found.moved == ("毕业生人数",)
    other = layout(grid(DRAWINGS["plan"])).tables[0].signature
    assert closest(new, [other, replace(new, lines=(*new.lines, "备注"))]) is not None
    assert closest(new, [other]) is None


def test_remembered_changes_hold_for_the_next_file_of_the_shape() -> None:
    form = "白沙县{}年情况\n学校 | 在册娃娃\n{} | 300"
    first = layout(grid(form.format(2024, "甲小学"))).tables[0]
    said = TableOverride(period="2024", lines={"在册娃娃": LineOverride(indicator="enrollment", period="2024")})
    kept = override_from_json(override_to_json(said.to_remember()))
    assert kept == TableOverride(lines={"在册娃娃": LineOverride(indicator="enrollment")})
    found = mentions(grid(form.format(2025, "乙小学")), {first.signature.digest: kept})
    assert [(m.entity, m.period) for m in found.values()] == [("乙小学", "2025")]


def test_what_is_kept_as_json_comes_back_whole() -> None:
    said = TableOverride(
        ignore=True, period="2024", entity="甲县", level="PRI", unit="人",
        lines={"甲": LineOverride(True, LineRole.PLACE, "enrollment", {"sex": "F"}, "万人", "2024", "乙校"), "乙": LineOverride()},
    )  # fmt: skip
    assert override_from_json(override_to_json(said)) == said


def test_a_list_of_persons_shows_no_value() -> None:
    roster = (
        "二年级免疫登记\n姓名 | 出生日期 | 是否有证 | 卡介苗\n张某某 | 2018.05.06 | 1 | 1\n李某某 | 2018.06.06 | 1 | 1"
    )
    one = layout(grid(roster))
    assert (one.note, one.tables[0].kind) == ("personal_data", LayoutKind.ROSTER)
    assert not any(line.examples for line in one.tables[0].columns)
