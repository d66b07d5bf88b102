"""What must not change the observations of a form: order of columns, blank and note rows, other names, other spellings."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from db.catalogue import load_catalogue
from etl.sheets import words
from etl.sheets.labels import take_dims
from etl.sheets.vocabulary import Vocabulary
from tests.etl.sheets.forms.other import across, beside, doses, inspection, years
from tests.etl.sheets.forms.paper import Cell, Form, Pen, Seen
from tests.etl.sheets.forms.wide import (
    canteens,
    certificates,
    daily,
    dropout,
    entry,
    kindergarten,
    movements,
    retention,
)
from tests.etl.sheets.test_forms import Record, found_in

CATALOGUE = load_catalogue()
VOCABULARY = Vocabulary(CATALOGUE)
Build = Callable[[Pen], Form]


def facts(form: Form) -> set[tuple[object, ...]]:
    """What is said, without where it stands."""
    return {_fact(record) for record in found_in(form)}


def _fact(record: Record) -> tuple[object, ...]:
    dims = tuple(sorted(record["dims"].items()))
    names = ("indicator", "value", "unit", "entity", "period", "role", "numerator", "denominator")
    return (dims, *(record[name] for name in names))


def header_row(form: Form) -> int:
    """The first row of the header: the row over the first one that is no title."""
    return next(
        r for r, row in enumerate(form.rows) if sum(isinstance(c, str) and c not in (">", "^") for c in row) >= 4
    )


def data_row(form: Form) -> int:
    return next(r for r, row in enumerate(form.rows) if any(isinstance(cell, Seen) for cell in row))


def shuffled(form: Form, seed: int) -> Form:
    """Whole groups of columns change places; the label columns stay in front."""
    top = header_row(form)
    groups: list[list[int]] = []
    for c, cell in enumerate(form.rows[top]):
        if cell != ">":
            groups.append([])
        groups[-1].append(c)
    labels = 2 if form.name in ("dropout", "retention") else 1
    moving = groups[labels:]
    random.Random(seed).shuffle(moving)
    order = [c for group in [*groups[:labels], *moving] for c in group]
    return replace(form, rows=[[row[c] for c in order] if r >= top else row for r, row in enumerate(form.rows)])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("build", [movements, certificates, dropout, entry, retention, canteens, kindergarten, daily])
def test_order_of_columns_does_not_matter(build: Build, seed: int) -> None:
    form = build(Pen(7))
    assert facts(shuffled(form, seed)) == facts(form)


def with_rows(form: Form, seed: int) -> Form:
    """Blank rows and notes at places of chance between the rows of values and at the end."""
    chance = random.Random(seed)
    start, width = data_row(form), max(map(len, form.rows))
    rows: list[list[Cell]] = []
    for r, row in enumerate(form.rows):
        if r > start and chance.random() < 0.4 and "^" not in row:
            rows.append([None] * width)
        if r > start and chance.random() < 0.3 and "^" not in row:
            rows.append([chance.choice(("注:本表由各单位填报。", "说明:数据以学籍系统为准。")), *[None] * (width - 1)])
        rows.append(row)
    return replace(form, rows=[*rows, [None] * width, ["填表人:钱某  审核人:李某", *[None] * (width - 1)]])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "build", [movements, certificates, dropout, entry, canteens, kindergarten, daily, years, inspection]
)
def test_blank_and_note_rows_do_not_matter(build: Build, seed: int) -> None:
    form = build(Pen(11))
    assert facts(with_rows(form, seed)) == facts(form)


def other_names() -> dict[str, list[str]]:
    """The spellings of each indicator that name no group of their own."""
    found: dict[str, list[str]] = {}
    for indicator in CATALOGUE.indicators:
        names = (indicator.name_zh, *indicator.synonyms, *indicator.sheet_synonyms)
        found[indicator.code] = [
            name for name in names if not take_dims(words.label_key(name), VOCABULARY)[0] and not words.levels_in(name) and "(" not in name
        ]  # fmt: skip
    return found


def renamed(form: Form, seed: int) -> Form:
    """Columns under a header of one row are called by another spelling of their indicator."""
    chance, names = random.Random(seed), other_names()
    top, start = header_row(form), data_row(form)
    heads = list(form.rows[top])
    for c, cell in enumerate(form.rows[start]):
        below = form.rows[top + 1][c] if start > top + 1 else "^"
        if isinstance(cell, Seen) and below == "^" and not words.age_level(str(heads[c])) and "上" not in str(heads[c]):
            heads[c] = chance.choice(names[cell.code])
    return replace(form, rows=[heads if r == top else row for r, row in enumerate(form.rows)])


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("build", [certificates, dropout, canteens, kindergarten, daily, entry])
def test_other_names_of_the_same_indicator_give_the_same(build: Build, seed: int) -> None:
    form = build(Pen(5))
    other = renamed(form, seed)
    assert facts(other) == facts(form), other.rows[header_row(other)]


@pytest.mark.parametrize("build", [certificates, entry, retention, beside, doses, across])
def test_the_spelling_of_percents_does_not_matter(build: Build) -> None:
    """Every seed is another hand; the declared values are the same as those read."""
    for seed in range(8):
        form = build(Pen(seed))
        wanted = sorted(record["value"] for record in form.gold() if record["unit"] == "percent")
        assert sorted(record["value"] for record in found_in(form) if record["unit"] == "percent") == wanted
