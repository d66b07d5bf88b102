"""Cells, rows and tables that stand out: numbers kept as text, transfers between schools, a period that is told nowhere."""

from __future__ import annotations

from db.catalogue import load_catalogue
from db.records import Block, Grid, Issue, Reading, Severity
from etl import pipeline
from etl.types import Extraction

SCHOOLS = [["南门中学", 24.0, 1068.0], ["北门中学", 18.0, 801.0], ["西河中学", 12.0, 520.0], ["东坡中学", 9.0, 398.0]]


def read(rows: list[list[object]]) -> tuple[Extraction, list[Issue]]:
    """A sheet as it is understood, and what is said of it."""
    grid = Grid("表", tuple(map(tuple, rows)))
    reading = Reading("test", "", (Block(0, "grid", "表", grid=grid),))
    found = pipeline.extract(reading, load_catalogue(), "表.xlsx")
    return found, pipeline.problems(reading, found, load_catalogue(), "表.xlsx")


def test_a_number_kept_as_text_among_numbers_is_read_and_told() -> None:
    for text in ("８０１", "801", "801 "):
        rows = [["岭北区2025-2026学年初初中基本情况"], ["学校", "班数", "学生数"], *map(list, SCHOOLS)]
        rows[3][2] = text
        found, issues = read(rows)
        [told] = [one for one in issues if one.code == "B01"]
        assert (told.cell, told.severity) == ("C4", Severity.NOTE)
        assert 801 in [int(one.value or 0) for one in found.mentions if one.indicator == "enrollment"]


def test_a_sheet_of_texts_is_not_told_cell_by_cell() -> None:
    rows = [["岭北区2025-2026学年初初中基本情况"], ["学校", "班数", "学生数"]]
    rows += [[name, f"{classes:g}", f"{pupils:g}"] for name, classes, pupils in SCHOOLS]
    assert read(rows)[1] == []


def test_transfers_between_two_schools_are_matched_and_stored_for_neither() -> None:
    rows = [
        ["岭北区2025年10月县内转学对账"], ["转出学校", "转入学校", "转出人数", "接收人数"],
        ["南门中学", "北门中学", 5.0, 5.0], ["北门中学", "西河中学", 3.0, 2.0], ["西河中学", "东坡中学", 4.0, 4.0],
    ]  # fmt: skip
    found, issues = read(rows)
    assert list(found.mentions) == []
    assert [(one.code, one.cell) for one in issues] == [("ledger", "A2"), ("B11", "D4")]


def test_a_period_that_is_told_nowhere_is_asked_for_at_the_title() -> None:
    _, issues = read([["初中基本情况统计表"], ["学校", "班数", "学生数"], *map(list, SCHOOLS)])
    [told] = [one for one in issues if one.code == "no_period"]
    assert (told.cell, told.cells) == ("A1", ("A1", "B3"))
