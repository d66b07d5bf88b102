"""Findings in the store: with their import, one row per problem for readers, gone when the import is undone."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from db import queries
from db.engine import StoreError
from db.records import Draft, Evidence
from db.records_findings import Extent, Finding, FindingState
from db.schema_findings import finding
from db.store import save_import, undo_import
from db.verify import verify
from tests.db.makers import Fact, Place, report


def with_findings(place: Place, name: str, *rows: tuple[str, str, FindingState], found_on: date | None = None) -> Draft:
    """A report whose text holds the words of each problem."""
    draft = report(place, [Fact("n1a", "enrollment", 300, "level=PRI")], name)
    text, items = draft.reading.text, []
    for unit, words, state in rows:
        proof = Evidence(words, "test", "1", 0.9, "第3段", len(text), len(text) + len(words))
        items.append(Finding("storage", words, state, proof, Extent.ONE, "SY2024", found_on, org_unit_id=place[unit]))
        text += words
    reading = replace(draft.reading, text=text, blocks=())
    content = (name + text).encode()
    return replace(
        draft,
        reading=reading,
        findings=tuple(items),
        source=replace(draft.source, content=content, sha256=hashlib.sha256(content).hexdigest()),
    )


def standing(engine: sa.Engine, place: Place, unit: str = "C") -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        frame = queries.findings(connection, place[unit])
    return sorted(zip(frame["org_unit_name"], frame["text"], frame["state"], strict=True))


def faults(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return [fault for check in verify(connection) for fault in check.faults]


def test_findings_of_a_unit_are_those_of_all_below(engine: sa.Engine, place: Place) -> None:
    rows = (("n1a", "库房潮湿", FindingState.OPEN), ("q1a", "冰箱混放", FindingState.RECTIFIED))
    save_import(engine, with_findings(place, "甲", *rows), "甲")
    assert standing(engine, place) == [("河口镇中心小学", "库房潮湿", "open"), ("石塘镇小学", "冰箱混放", "rectified")]
    assert standing(engine, place, "Q") == [("石塘镇小学", "冰箱混放", "rectified")]
    assert standing(engine, place, "n2a") == []
    assert faults(engine) == []


def test_a_later_filing_of_the_same_problem_stands_for_it_until_undone(engine: sa.Engine, place: Place) -> None:
    day = date(2025, 3, 1)
    save_import(engine, with_findings(place, "三月", ("n1a", "库房潮湿", FindingState.OPEN), found_on=day), "甲")
    second = save_import(
        engine, with_findings(place, "四月", ("n1a", "库房潮湿。", FindingState.RECTIFIED), found_on=day), "甲"
    )
    assert [state for _, _, state in standing(engine, place)] == ["rectified"]
    assert second.import_id is not None
    undo_import(engine, second.import_id, "甲")
    assert [state for _, _, state in standing(engine, place)] == ["open"]


def test_one_finding_and_those_of_a_file_are_found(engine: sa.Engine, place: Place) -> None:
    rows = (("n1a", "库房潮湿", FindingState.OPEN), ("n1a", "冰箱混放", FindingState.OPEN))
    save_import(engine, with_findings(place, "甲", *rows), "甲")
    with engine.connect() as connection:
        frame = queries.findings(connection)
        one = queries.findings(connection, finding_id=int(frame["finding_id"].iloc[0]))
        assert list(one["text"]) == [frame["text"].iloc[0]]
        assert len(queries.findings(connection, source_file_id=int(frame["source_file_id"].iloc[0]))) == 2
        assert queries.findings(connection, source_file_id=0).empty


def test_verify_finds_words_that_do_not_stand_and_units_that_are_not_there(engine: sa.Engine, place: Place) -> None:
    save_import(engine, with_findings(place, "甲", ("n1a", "库房潮湿", FindingState.OPEN)), "甲")
    with engine.begin() as connection:
        connection.execute(sa.update(finding).values(quote="库房干燥"))
    assert any("检查问题" in fault for fault in faults(engine))
    with engine.begin() as connection:
        connection.execute(sa.update(finding).values(quote="库房潮湿", org_unit_id=999))
    assert any("检查问题的机构" in fault for fault in faults(engine))


def test_a_finding_at_an_unknown_unit_stores_nothing(engine: sa.Engine, place: Place) -> None:
    draft = with_findings(place, "甲", ("n1a", "库房潮湿", FindingState.OPEN))
    strayed = replace(draft, findings=(replace(draft.findings[0], org_unit_id=999),))
    with pytest.raises(StoreError, match="问题所属的机构"):
        save_import(engine, strayed, "甲")
    with engine.connect() as connection:
        assert queries.documents(connection).empty
