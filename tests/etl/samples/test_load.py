"""The province for trying out loads: any size, read like any other sheet, stored and found again."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.catalogue import load_catalogue
from db.records import OrgKind
from etl.pipeline import extract
from etl.samples import Load
from etl.sandbox import read_safely


def test_every_school_has_a_place_and_a_name_of_its_own() -> None:
    units = Load(1050).org_units
    seen: set[str] = set()
    for unit in units:
        assert unit.parent_key is None or unit.parent_key in seen
        seen.add(unit.key)
    schools = [unit for unit in units if unit.kind is OrgKind.SCHOOL]
    assert len(schools) == 1050
    assert len({unit.name for unit in units}) == len({unit.key for unit in units}) == len(units)
    assert sum(unit.kind is OrgKind.COUNTY for unit in units) == 3


@pytest.mark.parametrize("years", [1, 2])
def test_its_sheets_are_read_whole_and_without_a_question(tmp_path: Path, years: int) -> None:
    paths = Load(40, years).write_files(tmp_path)
    assert len(paths) == years
    found = extract(read_safely(paths[-1].name, paths[-1].read_bytes()), load_catalogue(), paths[-1].name)
    assert len(found.mentions) == 40 * 18
    assert found.issues == ()
    assert {mention.period for mention in found.mentions} == {"SY2024", "SY2025"}
