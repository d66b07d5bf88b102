"""A Reading as JSON and back, data only: what a child process sends is rebuilt by checked constructors."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from db.records import Block, Grid, Reading


def reading_to_json(reading: Reading) -> dict[str, Any]:
    return {
        "media_type": reading.media_type,
        "text": reading.text,
        "notes": reading.notes,
        "blocks": [_block_to_json(block) for block in reading.blocks],
    }


def reading_from_json(data: Any) -> Reading:
    """Raises ValueError, KeyError or TypeError when the structure is not exactly that of a reading."""
    text = _text(data["text"])
    blocks = tuple(_block_from_json(block) for block in data["blocks"])
    if any(text[block.start : block.start + len(block.text)] != block.text for block in blocks):
        raise ValueError("block does not stand at its offset")
    return Reading(_text(data["media_type"]), text, blocks, tuple(map(_text, data["notes"])))


def dumps(data: Any) -> bytes:
    return json.dumps(data, default=_cell_to_json, separators=(",", ":"), allow_nan=False).encode("ascii")


def _block_to_json(block: Block) -> dict[str, Any]:
    data: dict[str, Any] = {
        "ordinal": block.ordinal, "kind": block.kind, "locator": block.locator, "text": block.text, "start": block.start,
    }  # fmt: skip
    if block.grid is not None:
        grid = block.grid
        data["grid"] = {
            "sheet": grid.sheet, "cells": grid.cells, "merges": grid.merges, "hidden": grid.hidden,
            "address_style": grid.address_style, "percent_cells": sorted(grid.percent_cells),
        }  # fmt: skip
    return data


def _cell_to_json(cell: object) -> list[str]:
    """Dates are the only cells that JSON has no form for; lists stand for nothing else."""
    if isinstance(cell, datetime):
        return ["datetime", cell.isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    raise TypeError(f"cell of type {type(cell).__name__}")


def _block_from_json(data: Any) -> Block:
    grid = _grid_from_json(data["grid"]) if "grid" in data else None
    return Block(
        _int(data["ordinal"]),
        _text(data["kind"]),
        _text(data["locator"]),
        _text(data["text"]),
        _int(data["start"]),
        grid,
    )


def _grid_from_json(data: Any) -> Grid:
    return Grid(
        _text(data["sheet"]),
        tuple(tuple([_cell(cell) if type(cell) is list else _plain(cell) for cell in row]) for row in data["cells"]),
        tuple((_int(a), _int(b), _int(c), _int(d)) for a, b, c, d in data["merges"]),
        data["hidden"] is True,
        _text(data["address_style"]),
        frozenset((_int(row), _int(col)) for row, col in data["percent_cells"]),
    )


_PLAIN = (str, int, float, bool, type(None))


def _plain(cell: Any) -> object:
    if type(cell) not in _PLAIN:
        raise TypeError("cell")
    return cell


def _cell(cell: list[Any]) -> object:
    kind, text = cell
    if kind == "datetime":
        return datetime.fromisoformat(_text(text))
    if kind == "date":
        return date.fromisoformat(_text(text))
    raise ValueError(f"cell of kind {kind}")


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("text expected")
    return value


def _int(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("count expected")
    return value
