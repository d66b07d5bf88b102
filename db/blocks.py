"""Sources in the store: the original bytes, its text and its grids, and back to a Reading."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from db.records import Block, Grid, Reading, SourceFile
from db.schema import source_block, source_content, source_file
from db.together import several

TEXT_ORDINAL = 0
NOT_KEPT = b""  # in place of an original that lists persons: only its name and its sha256 are known


def fit(column: sa.Column[Any], text: str) -> str:
    """A descriptive text cut to the length of its column (PostgreSQL refuses longer ones)."""
    length = getattr(column.type, "length", None)
    return storable(text)[:length]


def storable(text: str) -> str:
    """The text without what a database cannot hold (NUL, lone surrogates), every offset unchanged."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


_MARKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
LONGEST_FILE_NAME = 120


def file_name(said: str) -> str:
    """A file's name as it is shown and stored: without folders, control signs and marks that turn the reading
    direction, its ending kept where it is cut. It names no file of this machine: bytes are stored under their number."""
    last = re.split(r"[/\\]", storable(said))[-1]
    plain = " ".join(_MARKS.sub("", last).replace("\ufffd", "").split()).strip(". ")
    if len(plain) > LONGEST_FILE_NAME:
        stem, dot, ending = plain.rpartition(".")
        kept = dot + ending if dot and len(ending) <= 10 else ""
        plain = (stem if kept else plain)[: LONGEST_FILE_NAME - len(kept)] + kept
    return plain or "未命名"


def add_source(connection: sa.Connection, source: SourceFile, user: str, now: datetime) -> int:
    """The id of a file; the original is kept once, however often it is imported."""
    known = connection.scalar(sa.select(source_file.c.id).where(source_file.c.sha256 == source.sha256))
    if known is not None:
        return int(known)
    values = {
        "sha256": source.sha256,
        "name": fit(source_file.c.name, source.name),
        "media_type": fit(source_file.c.media_type, source.media_type),
        "size": len(source.content),
        "uploaded_by": fit(source_file.c.uploaded_by, user or source.uploaded_by),
        "uploaded_at": now,
    }
    new_id = connection.scalar(sa.insert(source_file).values(**values).returning(source_file.c.id))
    packed = zlib.compress(source.content, 6) if source.kept else NOT_KEPT
    connection.execute(sa.insert(source_content).values(source_file_id=new_id, content=packed))
    return int(new_id or 0)


def put_reading(connection: sa.Connection, source_file_id: int, reading: Reading) -> None:
    """Stores what was read of a file, in place of an earlier reading of the same bytes."""
    connection.execute(sa.delete(source_block).where(source_block.c.source_file_id == source_file_id))
    rows = [_row(source_file_id, TEXT_ORDINAL, "text", "", storable(reading.text))] if reading.text else []
    for ordinal, grid in enumerate(reading.grids, start=1):
        rows.append(_row(source_file_id, ordinal, "grid", grid.sheet, storable(grid_to_json(grid))))
    if rows:
        connection.execute(sa.insert(source_block), rows)


def _row(source_file_id: int, ordinal: int, kind: str, locator: str, content: str) -> dict[str, Any]:
    return {
        "source_file_id": source_file_id,
        "ordinal": ordinal,
        "kind": kind,
        "locator": fit(source_block.c.locator, locator),
        "content": content,
    }


def stored_reading(connection: sa.Connection, source_file_id: int) -> Reading:
    """What was read of a file: its whole text and its grids."""
    media = sa.select(source_file.c.media_type).where(source_file.c.id == source_file_id)
    blocks_of = (
        sa.select(source_block.c.kind, source_block.c.locator, source_block.c.content)
        .where(source_block.c.source_file_id == source_file_id)
        .order_by(source_block.c.ordinal)
    )
    media_type, rows = several(lambda: connection.scalar(media), lambda: connection.execute(blocks_of).all())
    text = next((content for kind, _, content in rows if kind == "text"), "")
    blocks = tuple(_blocks(rows))
    return Reading(media_type or "", text, blocks)


def _blocks(rows: Iterable[Any]) -> Iterable[Block]:
    for ordinal, (kind, locator, content) in enumerate(rows):
        if kind == "grid":
            yield Block(ordinal, "grid", locator, grid=grid_from_json(content))


def original(connection: sa.Connection, source_file_id: int) -> bytes:
    """The untouched bytes of a file. KeyError when there is no such file or its original was not kept."""
    packed = connection.scalar(
        sa.select(source_content.c.content).where(source_content.c.source_file_id == source_file_id)
    )
    if not packed:
        raise KeyError(source_file_id)
    return zlib.decompress(packed)


def grid_to_json(grid: Grid) -> str:
    """A grid as JSON; dates keep their type as {"date": ...} and {"datetime": ...}."""
    fields = {
        "sheet": grid.sheet,
        "cells": tuple(grid.cells),
        "merges": grid.merges,
        "hidden": grid.hidden,
        "address_style": grid.address_style,
        "percent_cells": sorted(grid.percent_cells),
    }
    return json.dumps(fields, ensure_ascii=False, default=_encode, separators=(",", ":"))


def _encode(value: object) -> object:
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return str(value)


def _decode(fields: dict[str, Any]) -> object:
    if fields.keys() == {"datetime"}:
        return datetime.fromisoformat(fields["datetime"])
    if fields.keys() == {"date"}:
        return date.fromisoformat(fields["date"])
    return fields


def grid_from_json(text: str) -> Grid:
    """The reverse of `grid_to_json`."""
    fields = json.loads(text, object_hook=_decode)
    fields["cells"] = tuple(tuple(row) for row in fields["cells"])
    fields["merges"] = tuple(tuple(merge) for merge in fields["merges"])
    fields["percent_cells"] = frozenset(tuple(place) for place in fields.get("percent_cells", ()))
    return Grid(**fields)
