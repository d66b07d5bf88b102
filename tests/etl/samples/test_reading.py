"""The sample meets the readers and the sheet extractor: every fact is found again, nothing is blocked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.catalogue import load_catalogue
from db.records import Issue, Observation, OrgKind, OrgUnit, OrgUnitInput, Severity, SourceKind, dims_key
from etl.checks import check
from etl.normalise import normalise
from etl.places import Directory
from etl.readers import read_file
from etl.samples import SampleCounty
from etl.sheets import extract_sheets

Key = tuple[str, str, str | None, str]


def directory(county: SampleCounty) -> tuple[Directory, dict[int, str]]:
    numbers = {unit.key: n for n, unit in enumerate(county.org_units, 1)}
    inputs = {unit.key: unit for unit in county.org_units}

    def area(unit: OrgUnitInput) -> int:
        while unit.kind in (OrgKind.TOWN, OrgKind.SCHOOL):
            unit = inputs[unit.parent_key or ""]
        return numbers[unit.key]

    units = [
        OrgUnit(numbers[u.key], numbers.get(u.parent_key or ""), area(u), u.kind, u.name, u.code, u.short_name, u.level,
                valid_from=u.valid_from, valid_to=u.valid_to, aliases=u.aliases)
        for u in county.org_units
    ]  # fmt: skip
    return Directory(units), {n: key for key, n in numbers.items()}


def read(paths: list[Path], known: Directory) -> Iterator[tuple[Path, list[Observation], list[Issue]]]:
    catalogue = load_catalogue()
    for path in paths:
        told = extract_sheets(read_file(path.name, path.read_bytes()), catalogue, name=path.name)
        result = normalise(told.mentions, known, SourceKind.SHEET, path.name)
        found = check(result, told, catalogue, SourceKind.SHEET)
        yield path, result.observations, [*told.issues, *result.issues, *found]


@pytest.mark.slow
def test_every_fact_is_found_in_the_sheets_and_nothing_else(county: SampleCounty, files: list[Path]) -> None:
    known, keys = directory(county)
    store: dict[Key, Observation] = {}
    problems: list[tuple[str, Issue]] = []
    for path, observations, issues in read([p for p in files if p.suffix in (".xlsx", ".csv")], known):
        problems += [(path.name, i) for i in issues if i.severity is Severity.BLOCK or i.code.endswith("_place")]
        for o in observations:
            assert o.org_unit_id is not None
            store[keys[o.org_unit_id], o.indicator, o.period, dims_key(o.dims)] = o
    facts = {(f.org, f.indicator, f.period, dims_key(f.dims)): f for f in county.facts}
    assert problems == []
    assert [key for key in facts if key not in store] == []
    wrong = [
        (key, fact, store[key].value)
        for key, fact in facts.items()
        if (fact.value, fact.status) != (None if (v := store[key].value) is None else float(v), store[key].status)
    ]
    assert wrong == []
    beyond = [key for key in store if key not in facts]
    first = min(f.period for f in county.facts if f.indicator == "entrants")
    told = [key for key in beyond if len(key[0]) == 6]  # only what the city and counties state of themselves
    begun = [key for key in beyond if key[1] == "entrants" and (key[2] or "") < first]  # and the starts of old cohorts
    assert sorted(beyond, key=str) == sorted({*told, *begun}, key=str)


@pytest.mark.parametrize(
    ("number", "code", "cell"),
    [
        (0, "B02", "E4"),
        (1, "B12", "C5"),
        (1, "B02", "E5"),
        (4, "personal_data", "B4"),
        (5, "B08", "B8"),
        (6, "cell_error", "E5"),
    ],
)
def test_bad_files_are_blocked_where_their_mistake_stands(
    county: SampleCounty, tmp_path: Path, number: int, code: str, cell: str
) -> None:
    known, _ = directory(county)
    paths = county.write_bad_files(tmp_path)
    [(_, _, issues)] = read([paths[number]], known)
    assert (code, cell) in {(i.code, at) for i in issues if i.severity is Severity.BLOCK for at in (i.cell, *i.cells)}
