"""Numbers that a damaged document tore apart: quoted as they stand in their cell, or not taken."""

from __future__ import annotations

from decimal import Decimal

import pytest

from db.catalogue import load_catalogue
from db.records import Block, Grid, Reading, SourceFile
from etl.pipeline import draft_from_reading
from etl.places import Directory

TEXT = "澜江市2020年教育事业发展统计公报\n2020年,全市各级各类学校办学条件继续改善。\n"


@pytest.mark.parametrize(
    ("cell", "value"),
    [("153 ,806", 153806), ("153,806", 153806), ("153806", 153806), ("24 ,03", None), ("24,03", None), ("250, 7", None), ("1,,806", None)],
)  # fmt: skip
def test_a_cell_of_a_table_in_a_document(cell: str, value: int | None) -> None:
    grid = Grid("第1页表1", (("学段", "学校数", "在校生数", "上年在校生数"), ("小学", "684", "131,026", cell)))
    blocks = (Block(0, "paragraph", "第1段", TEXT), Block(1, "grid", "第1页表1", grid=grid))
    source = SourceFile("公报.pdf", b"", "0" * 64, "application/pdf")
    draft = draft_from_reading(source, Reading("application/pdf", TEXT, blocks), load_catalogue(), Directory([]))
    assert all(one.evidence.holds_in(draft.reading) for one in draft.observations)
    said = {one.evidence.cell: one for one in draft.observations if one.evidence.cell is not None}
    assert said["C2"].value == Decimal(131026)
    if value is None:
        assert "D2" not in said
    else:
        assert (said["D2"].value, said["D2"].evidence.quote) == (Decimal(value), cell)
