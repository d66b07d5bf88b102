"""All sheets of the sample city: everything that an honest reader finds in them is found, with its value."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from db.catalogue import load_catalogue
from db.records import Role, dims_key
from etl.readers import read_file
from etl.samples.sample import build
from etl.sheets import extract_sheets

Key = tuple[str, str | None, str, str | None]


def rounded(value: object) -> float | None:
    return None if value is None else round(float(str(value)), 4)


def found_in(folder: Path) -> dict[Key, set[float | None]]:
    catalogue = load_catalogue()
    found: dict[Key, set[float | None]] = defaultdict(set)
    for path in sorted(folder.iterdir()):
        if path.suffix not in (".xlsx", ".csv"):
            continue
        for m in extract_sheets(read_file(path.name, path.read_bytes()), catalogue, name=path.name).mentions:
            if m.role is Role.UNIT:
                found[m.indicator, m.period, dims_key(m.dims), m.entity].add(rounded(m.value))
    return found


@pytest.mark.slow
def test_every_fact_of_the_sample_is_found(tmp_path: Path) -> None:
    sample = build()
    sample.write_files(tmp_path)
    names = {unit.key: unit.name for unit in sample.org_units}
    found = found_in(tmp_path)
    facts = [((f.indicator, f.period, dims_key(f.dims), names[f.org]), rounded(f.value)) for f in sample.facts]
    assert len(facts) > 10_000
    assert [key for key, value in facts if value not in found.get(key, set())] == []
