"""The sample's ledgers agree with its canteen tables: as many problems, as many rectified."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from db.catalogue import load_catalogue
from etl.findings import extract_findings
from etl.samples.ledgers import rectification_books
from etl.samples.places import LAST_YEAR
from etl.samples.sample import build
from etl.sandbox import read_safely


def test_each_school_has_the_problems_that_its_canteen_table_counts(tmp_path: Path) -> None:
    world = build().world
    told: Counter[tuple[str, str]] = Counter()
    for book in rectification_books(world):
        path = book.write(tmp_path)
        reading = read_safely(path.name, path.read_bytes())
        for one in extract_findings(reading, load_catalogue(), name=path.name):
            assert one.evidence.holds_in(reading)
            told[one.entity or "", str(one.state)] += 1
    checks = [c for c in world.hygiene if c.year == LAST_YEAR and world.filed_in_time(c.school, LAST_YEAR)]
    assert sum(told.values()) == sum(c.findings for c in checks) > 100
    for check in checks:
        name = check.school.name
        assert told[name, "rectified"] == check.closed
        assert told[name, "open"] == check.findings - check.closed
