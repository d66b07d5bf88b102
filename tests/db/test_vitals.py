"""How the store is, on both databases: counts by state, size, rows, the last backup."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from db import audit, jobs, vitals
from db.__main__ import main
from db.engine import moment, write
from db.schema_jobs import job
from db.store import save_import, undo_import
from tests.db.makers import Fact, Place, sheet
from tests.db.test_jobs import ME, queued


def test_the_queue_is_counted_and_its_first_timed(engine: sa.Engine, place: Place) -> None:
    assert (dict(vitals.vitals(engine).jobs), vitals.vitals(engine).waiting_s) == ({}, 0)
    first, second = queued(engine, place, 1), queued(engine, place, 2)
    with write(engine) as connection:
        ago = {first: timedelta(minutes=9), second: timedelta(minutes=4)}
        for number, since in ago.items():
            connection.execute(sa.update(job).where(job.c.id == number).values(created_at=moment() - since))
    assert 540 <= vitals.vitals(engine).waiting_s < 600
    jobs.claim(engine, ME)
    now = vitals.vitals(engine)
    assert (dict(now.jobs), 240 <= now.waiting_s < 300) == ({"queued": 1, "running": 1}, True)
    text = vitals.exposition(lambda: now).decode()
    assert 'edu_jobs{status="queued"} 1.0' in text
    assert "edu_jobs_waiting_seconds 24" in text


def test_what_a_store_says_of_itself(engine: sa.Engine, place: Place, tmp_path: Path) -> None:
    first = save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300, "level=PRI")]), "甲")
    save_import(engine, sheet(place, [Fact("n2a", "enrollment", 200, "level=PRI")], "另.xlsx"), "甲")
    undo_import(engine, int(first.import_id or 0), "甲")
    found = vitals.vitals(engine)
    assert dict(found.imports) == {"stored": 1, "undone": 1}
    assert (found.sessions, found.rows["observation"], found.rows["org_unit"]) == (0, 2, 13)
    assert found.store_bytes > 10_000
    assert found.last_backup is None
    url = engine.url.render_as_string(hide_password=False)
    assert main(["--database", url, "backup", str(tmp_path / "copy")]) == 0
    again = vitals.vitals(engine)
    assert again.last_backup is not None
    assert moment() - again.last_backup < timedelta(minutes=1)
    with engine.connect() as connection:
        [entry] = [one for one in audit.events(connection) if one.action == "backup"]
        assert list(audit.checked(connection).broken) == []
    assert entry.subject == "copy"
    assert vitals.version().count(".") == 2
