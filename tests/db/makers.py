"""Small drafts whose evidence holds, and a small city to hang them on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import sqlalchemy as sa

from db import queries
from db.org import load_org_units
from db.records import (
    Block,
    Draft,
    Evidence,
    Grid,
    Observation,
    ObsStatus,
    OrgKind,
    OrgUnitInput,
    Qualifier,
    Reading,
    SourceFile,
    SourceKind,
    parse_dims_key,
)

YEAR = "SY2024"


def _school(key: str, town: str, name: str, level: str, **more: Any) -> OrgUnitInput:
    return OrgUnitInput(key, town, OrgKind.SCHOOL, name, code=key, level=level, **more)


# 澄湖市: 北岭县 with two towns and 青山县 with one; two schools of 北岭县 merged in 2023
CITY = (
    OrgUnitInput("C", None, OrgKind.CITY, "澄湖市", code="C"),
    OrgUnitInput("N", "C", OrgKind.COUNTY, "北岭县", code="N"),
    OrgUnitInput("Q", "C", OrgKind.COUNTY, "青山县", code="Q"),
    OrgUnitInput("N1", "N", OrgKind.TOWN, "河口镇", code="N1"),
    OrgUnitInput("N2", "N", OrgKind.TOWN, "枫桥镇", code="N2"),
    OrgUnitInput("Q1", "Q", OrgKind.TOWN, "石塘镇", code="Q1"),
    _school("n1a", "N1", "河口镇中心小学", "PRI", aliases=("河口小学",)),
    _school("n1b", "N1", "河口镇初级中学", "JUN"),
    _school("n2a", "N2", "枫桥镇小学", "PRI"),
    _school("n2b", "N2", "枫桥镇九年一贯制学校", "CE"),
    _school("old", "N2", "枫桥镇南岸小学", "PRI", valid_to=date(2023, 8, 31), successor_keys=("n2a",)),
    _school("q1a", "Q1", "石塘镇小学", "PRI"),
    _school("q1b", "Q1", "石塘镇幼儿园", "KG"),
)


@dataclass(frozen=True)
class Place:
    """The loaded city: key to org unit id."""

    ids: Mapping[str, int]

    def __getitem__(self, key: str) -> int:
        return self.ids[key]


def load_place(engine: sa.Engine) -> Place:
    return Place(load_org_units(engine, CITY))


@dataclass(frozen=True)
class Fact:
    """One observation to be: `unit` is a key of the city, or "?name" for a proposed unit of the draft."""

    unit: str
    indicator: str
    value: float | str | None
    dims: str = ""
    period: str | None = YEAR
    numerator: float | None = None
    denominator: float | None = None
    qualifier: Qualifier = Qualifier.EXACT
    value_high: float | None = None
    status: ObsStatus = ObsStatus.NORMAL


def sheet(place: Place, facts: Sequence[Fact], name: str = "报表.xlsx", **more: Any) -> Draft:
    """A workbook with one fact per row: the value stands in column A, the unit in B."""
    rows = tuple((None if fact.value is None else float(fact.value), fact.unit) for fact in facts)
    grid = Grid("填报表", rows)
    items = tuple(_observation(place, fact, SourceKind.SHEET, _cell_proof(grid, row)) for row, fact in enumerate(facts))
    reading = Reading("application/vnd.ms-excel", blocks=(Block(0, "grid", "填报表", grid=grid),))
    return _draft(name, repr((rows, facts)), reading, SourceKind.SHEET, items, more)


def report(place: Place, facts: Sequence[Fact], name: str = "总结.txt", **more: Any) -> Draft:
    """A text with one sentence per fact, the number in it quoted by offsets."""
    text, items = "本年度工作小结。\n", []
    for fact in facts:
        quote = str(fact.value)
        start = len(text) + len("本单位该项为")
        sentence = f"本单位该项为{quote},已核对。"
        proof = Evidence(
            quote, "test", "1", 0.9, "第2段", start, start + len(quote), len(text), len(text) + len(sentence)
        )
        items.append(_observation(place, fact, SourceKind.REPORT, proof))
        text += sentence
    reading = Reading("text/plain", text, (Block(0, "paragraph", "第2段", text),))
    return _draft(name, text + repr(facts), reading, SourceKind.REPORT, tuple(items), more)


def _cell_proof(grid: Grid, row: int) -> Evidence:
    value = grid.cells[row][0]
    quote = "" if value is None else str(int(value)) if float(value).is_integer() else repr(value)  # type: ignore[arg-type]
    return Evidence(quote, "test", "1", 1.0, grid.sheet, sheet=grid.sheet, cell=f"A{row + 1}")


def _observation(place: Place, fact: Fact, kind: SourceKind, proof: Evidence) -> Observation:
    proposed = fact.unit.startswith("?")
    return Observation(
        fact.indicator,
        fact.period,
        parse_dims_key(fact.dims),
        _decimal(fact.value),
        "percent" if fact.indicator.endswith("_rate") else "person",
        proof,
        kind,
        None if proposed else place[fact.unit],
        fact.unit if proposed else None,
        _decimal(fact.numerator),
        _decimal(fact.denominator),
        fact.qualifier,
        _decimal(fact.value_high),
        fact.status,
    )


def _decimal(value: float | str | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _draft(
    name: str, content: str, reading: Reading, kind: SourceKind, items: tuple[Observation, ...], more: dict[str, Any]
) -> Draft:
    data = content.encode()
    source = SourceFile(name, data, hashlib.sha256(data).hexdigest(), reading.media_type)
    return replace(Draft(source, reading, kind, items), **more)


def value_of(
    engine: sa.Engine, place: Place, unit: str, indicator: str, dims: str = "", period: str = YEAR
) -> dict[str, Any]:
    """The one rolled-up cell as a dict; the empty dict when there is none."""
    with engine.connect() as connection:
        found = queries.cells(
            connection, indicators=[indicator], org_unit_ids=[place[unit]], periods=[period], dims=[dims]
        )
    assert len(found) <= 1
    return {} if found.empty else found.iloc[0].to_dict()


def snapshot(engine: sa.Engine) -> dict[str, pd.DataFrame]:
    """Everything pages can see of the values: the current facts and all rolled-up cells."""
    with engine.connect() as connection:
        units = list(queries.org_units(connection)["org_unit_id"])
        codes = list(queries.periods(connection)["indicator"].unique())
        facts = queries.search_observations(connection, limit=100_000)
        cells = queries.cells(connection, indicators=codes, org_unit_ids=units)
    chosen = facts.sort_values("observation_id", ignore_index=True)
    return {"facts": chosen, "cells": cells}


def assert_same(before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame]) -> None:
    for name, expected in before.items():
        pd.testing.assert_frame_equal(after[name], expected)
