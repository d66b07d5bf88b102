"""A grid comes back from the store as it went in."""

from __future__ import annotations

from datetime import date, datetime

from db.blocks import grid_from_json, grid_to_json
from db.records import Grid


def test_a_grid_keeps_its_types_merges_and_percent_cells() -> None:
    grid = Grid(
        "汇总",
        (("单位", "查验率"), ("甲校", 0.985), (date(2024, 9, 1), datetime(2024, 9, 1, 8, 30)), (None, True)),
        merges=((0, 0, 0, 1),),
        hidden=True,
        address_style="RC",
        percent_cells=frozenset({(1, 1)}),
    )
    assert grid_from_json(grid_to_json(grid)) == grid
