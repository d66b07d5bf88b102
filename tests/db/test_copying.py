"""Rows given by columns are stored as the same rows are one by one, on both databases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from db import copying
from db.bulk import insert_columns, insert_many
from db.copying import Numbers, Words
from db.engine import write
from db.schema import evidence, observation

MOMENT = datetime(2026, 11, 28, 18, 0, 0, 1200)
COUNT = 57


def by_columns(count: int) -> dict[str, Any]:
    """Every kind of column: one value, numbers, numbers and texts that are missing, texts of several lengths."""
    n = np.arange(count)
    return {
        "area_id": 7, "id": n + (1 << 40), "org_unit_id": n, "indicator_id": -3, "period_id": 1, "dim_set_id": 2,
        "source_kind": "sheet", "ordinal": n % 3, "value": np.where(n % 4, n / 7, np.nan), "value_high": None,
        "numerator": n * 1.5, "denominator": 0.1, "unit": Words(n % 3, ["人'次\"?\\%s", "", "person"]),
        "qualifier": Words(n % 2, ["exact", "about"]), "obs_status": "normal", "import_id": 5,
        "closed_by": Numbers(n, n % 2 == 0), "valid_from": MOMENT,
    }  # fmt: skip


def by_rows(count: int) -> list[tuple[Any, ...]]:
    return [
        (7, n + (1 << 40), n, -3, 1, 2, "sheet", n % 3, n / 7 if n % 4 else None, None, n * 1.5, 0.1,
         ("人'次\"?\\%s", "", "person")[n % 3], ("exact", "about")[n % 2], "normal", 5, None if n % 2 else n, MOMENT)
        for n in range(count)
    ]  # fmt: skip


def stored(engine: sa.Engine, table: sa.Table) -> list[Any]:
    with engine.connect() as connection:
        return [row._asdict() for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))]


@pytest.mark.parametrize("count", [0, 1, COUNT])
def test_columns_are_stored_as_their_rows_are(engine: sa.Engine, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "AT_ONCE", 20)  # several pieces
    columns = by_columns(count)
    with write(engine) as connection:
        insert_columns(connection, observation, columns, count)
    together = stored(engine, observation)
    assert len(together) == count
    with write(engine) as connection:
        connection.execute(sa.delete(observation))
        insert_many(connection, observation, list(columns), by_rows(count))
    assert together == stored(engine, observation)


def test_a_text_is_cut_to_its_column(engine: sa.Engine) -> None:
    n = np.arange(2)
    columns = {"area_id": 1, "observation_id": n, "source_file_id": 1, "locator": Words(n, ["表" * 300, "表!B2"]),
               "quote": "表" * 300, "rule": "r", "rule_version": "1", "confidence": 0.5}  # fmt: skip
    with write(engine) as connection:
        insert_columns(connection, evidence, columns, 2)
    assert [row["locator"] for row in stored(engine, evidence)] == ["表" * 200, "表!B2"]
    assert {len(row["quote"]) for row in stored(engine, evidence)} == {300}
