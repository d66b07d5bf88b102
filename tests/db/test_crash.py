"""kill -9 in the middle of an import."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import queries
from db.schema import evidence, import_batch, observation, org_unit, rollup, source_file
from db.store import save_import
from db.verify import verify
from tests.db.makers import Fact, Place, assert_same, sheet, snapshot, value_of

CHILD = """
import pickle, sys, time
from db import rollups, store
from db.engine import make_engine
url, path, place = sys.argv[1:]
draft = pickle.load(open(path, "rb"))
def stop():
    print("reached", flush=True)
    time.sleep(600)
if place == "before":
    rollups.refresh = lambda *arguments, **named: stop()
elif place == "after":
    bump = store.bump_revision
    store.bump_revision = lambda connection: (bump(connection), stop())
store.save_import(make_engine(url), draft, "child")
"""
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_killed_import_leaves_nothing_and_the_next_completes_it(
    engine: sa.Engine, store_url: str, place: Place, tmp_path: Path, where: str
) -> None:
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300, "level=PRI")]), "甲")
    before = snapshot(engine)
    tables = (observation, evidence, rollup, import_batch, source_file, org_unit)
    counted = counts(engine, tables)
    draft = sheet(
        place, [Fact(unit, "enrollment", 310 + n, "level=PRI") for n, unit in enumerate(("n1a", "n2a", "q1a"))]
    )
    path = tmp_path / "draft"
    path.write_bytes(pickle.dumps(draft))
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, store_url, str(path), where], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "reached\n"
        assert_same(before, snapshot(engine))  # nobody sees a half import
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    assert_same(before, snapshot(engine))
    assert counts(engine, tables) == counted
    result = save_import(engine, draft, "乙")
    assert (result.outcome, result.new, result.changed) == ("stored", 2, 1)
    assert value_of(engine, place, "C", "enrollment", "level=PRI")["value"] == 310 + 311 + 312
    with engine.connect() as connection:
        assert not any(check.faults for check in verify(connection))
        assert queries.imports(connection)["created_by"].tolist() == ["乙", "甲"]


def counts(engine: sa.Engine, tables: tuple[sa.Table, ...]) -> list[int]:
    with engine.connect() as connection:
        return [connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables]
