"""Notes on numbers are written with who and when, and taken back without being lost."""

from __future__ import annotations

import pandas as pd
import pytest
import sqlalchemy as sa

from db import notes, queries
from db.engine import StoreError
from tests.db.makers import YEAR, Place

PRI = "level=PRI"


def found(engine: sa.Engine, **only: object) -> pd.DataFrame:
    with engine.connect() as connection:
        return queries.notes(connection, indicator="enrollment", **only)  # type: ignore[arg-type]


def revision(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(queries.revision(connection))


def test_a_note_stands_where_it_was_pinned(engine: sa.Engine, place: Place) -> None:
    before = revision(engine)
    number = notes.pin(engine, place["n1a"], "enrollment", PRI, YEAR, "  并入 河口\n教学点 ", "王局")
    [row] = found(engine).to_dict("records")
    assert (row["note_id"], row["org_unit_id"], row["dims"], row["period"]) == (number, place["n1a"], PRI, YEAR)
    assert (row["text"], row["written_by"]) == ("并入 河口 教学点", "王局")
    assert pd.isna(row["withdrawn_at"])
    assert revision(engine) > before


def test_notes_are_found_by_dims_and_units(engine: sa.Engine, place: Place) -> None:
    notes.pin(engine, place["n1a"], "enrollment", PRI, YEAR, "一", "甲")
    notes.pin(engine, place["N"], "enrollment", "", YEAR, "二", "甲")
    notes.pin(engine, place["N"], "dropout_rate", "", YEAR, "三", "甲")
    assert found(engine)["text"].tolist() == ["一", "二"]
    assert found(engine, dims="")["text"].tolist() == ["二"]
    assert found(engine, org_unit_ids=[place["n1a"]])["text"].tolist() == ["一"]
    assert found(engine, org_unit_ids=[]).empty


def test_a_note_taken_back_stays_with_who_and_when(engine: sa.Engine, place: Place) -> None:
    number = notes.pin(engine, place["n1a"], "enrollment", PRI, YEAR, "写错了", "王局")
    notes.withdraw(engine, number, "李局")
    [row] = found(engine).to_dict("records")
    assert (row["text"], row["withdrawn_by"]) == ("写错了", "李局")
    assert row["withdrawn_at"] >= row["written_at"]
    with pytest.raises(StoreError, match="已撤回或不存在"):
        notes.withdraw(engine, number, "李局")


@pytest.mark.parametrize(
    ("text", "period", "said"),
    [(" \n ", YEAR, "请先写"), ("长" * 201, YEAR, "201 个字"), ("好", "", "时间不明")],
)
def test_a_note_that_says_nothing_is_refused(
    engine: sa.Engine, place: Place, text: str, period: str, said: str
) -> None:
    with pytest.raises(StoreError, match=said):
        notes.pin(engine, place["n1a"], "enrollment", PRI, period, text, "甲")
    assert found(engine).empty


def test_a_note_on_a_unit_that_is_gone_is_refused(engine: sa.Engine) -> None:
    with pytest.raises(StoreError, match="已不在库中"):
        notes.pin(engine, 999_999, "enrollment", "", YEAR, "好", "甲")
