"""A Reading as bytes and back, data only: what a child process sends is rebuilt by checked constructors.

A line of JSON, and behind it the arrays of the columns of large sheets, which the line counts up.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from db.cell_columns import CellColumn, CellColumns
from db.records import Block, Grid, Reading

Array = npt.NDArray[Any]
Buffer = bytes | memoryview
_TYPES: dict[str, np.dtype[Any]] = {"f8": np.dtype("<f8"), "i4": np.dtype("<i4")}


def packed(data: dict[str, Any], arrays: Sequence[Array] = ()) -> list[Buffer]:
    """Data and arrays as parts to be written one after another."""
    sizes = [("f8" if array.dtype.kind == "f" else "i4", len(array)) for array in arrays]
    plain = (np.ascontiguousarray(array, _TYPES[name]) for array, (name, _) in zip(arrays, sizes, strict=True))
    return [dumps({**data, "arrays": sizes}), b"\n", *(array.view(np.uint8).data for array in plain)]


def unpacked(content: bytes) -> tuple[Any, list[Array]]:
    """The reverse of `packed`. Raises ValueError, KeyError or TypeError when the bytes are not exactly that."""
    line, _, rest = content.partition(b"\n")
    data, arrays, at = json.loads(line), list[Array](), 0
    for name, length in data.get("arrays", ()):
        kind, length = _TYPES[_text(name)], _int(length)
        arrays.append(np.frombuffer(rest, kind, length, at).astype(kind.newbyteorder("=")))
        at += length * kind.itemsize
    if at != len(rest):
        raise ValueError("more bytes than arrays")
    return data, arrays


def reading_to_json(reading: Reading, arrays: list[Array]) -> dict[str, Any]:
    """The reading as JSON data; `arrays` takes what it names by number."""
    return {
        "media_type": reading.media_type,
        "text": reading.text,
        "notes": reading.notes,
        "blocks": [_block_to_json(block, arrays) for block in reading.blocks],
    }


def reading_from_json(data: Any, arrays: Sequence[Array] = ()) -> Reading:
    """Raises ValueError, KeyError, IndexError or TypeError when the structure is not exactly that of a reading."""
    text = _text(data["text"])
    blocks = tuple(_block_from_json(block, arrays) for block in data["blocks"])
    if any(text[block.start : block.start + len(block.text)] != block.text for block in blocks):
        raise ValueError("block does not stand at its offset")
    return Reading(_text(data["media_type"]), text, blocks, tuple(map(_text, data["notes"])))


def dumps(data: Any) -> bytes:
    return json.dumps(data, default=_cell_to_json, separators=(",", ":"), allow_nan=False).encode("ascii")


def _block_to_json(block: Block, arrays: list[Array]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "ordinal": block.ordinal, "kind": block.kind, "locator": block.locator, "text": block.text, "start": block.start,
    }  # fmt: skip
    if block.grid is not None:
        grid = block.grid
        data["grid"] = {
            "sheet": grid.sheet, "cells": _cells_to_json(grid.cells, arrays), "merges": grid.merges, "hidden": grid.hidden,
            "address_style": grid.address_style, "percent_cells": sorted(grid.percent_cells),
        }  # fmt: skip
    return data


def _cells_to_json(cells: Sequence[Sequence[object]], arrays: list[Array]) -> object:
    if not isinstance(cells, CellColumns):
        return cells
    columns: list[dict[str, object]] = []
    for column in cells.columns:
        columns.append({"numbers": None, "codes": None, "values": list(column.values)})
        for name, array in (("numbers", column.numbers), ("codes", column.codes)):
            if array is not None:
                columns[-1][name] = len(arrays)
                arrays.append(array)
    return {"height": cells.height, "columns": columns}


def _cell_to_json(cell: object) -> list[str]:
    """Dates are the only cells that JSON has no form for; lists stand for nothing else."""
    if isinstance(cell, datetime):
        return ["datetime", cell.isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    raise TypeError(f"cell of type {type(cell).__name__}")


def _block_from_json(data: Any, arrays: Sequence[Array]) -> Block:
    grid = _grid_from_json(data["grid"], arrays) if "grid" in data else None
    return Block(
        _int(data["ordinal"]),
        _text(data["kind"]),
        _text(data["locator"]),
        _text(data["text"]),
        _int(data["start"]),
        grid,
    )


def _grid_from_json(data: Any, arrays: Sequence[Array]) -> Grid:
    cells = data["cells"]
    return Grid(
        _text(data["sheet"]),
        _columns_from_json(cells, arrays) if type(cells) is dict else tuple(tuple(_values(row)) for row in cells),
        tuple((_int(a), _int(b), _int(c), _int(d)) for a, b, c, d in data["merges"]),
        data["hidden"] is True,
        _text(data["address_style"]),
        frozenset((_int(row), _int(col)) for row, col in data["percent_cells"]),
    )


def _columns_from_json(data: Any, arrays: Sequence[Array]) -> CellColumns:
    height = _int(data["height"])
    columns = []
    for one in data["columns"]:
        numbers = None if one["numbers"] is None else arrays[_int(one["numbers"])]
        codes = None if one["codes"] is None else arrays[_int(one["codes"])]
        if (numbers is not None and (numbers.dtype != np.float64 or np.isinf(numbers).any())) or (
            codes is not None and codes.dtype != np.int32
        ):
            raise TypeError("array of another kind")
        columns.append(CellColumn(height, numbers, codes, tuple(_values(one["values"]))))
    return CellColumns(columns, height)


def _values(cells: Any) -> list[object]:
    if type(cells) is list and _PLAIN.issuperset(map(type, cells)):
        return cells
    return [_cell(cell) if type(cell) is list else _plain(cell) for cell in cells]


_PLAIN = frozenset((str, int, float, bool, type(None)))


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
