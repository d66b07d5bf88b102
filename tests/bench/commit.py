"""What storing a big sheet costs in a big store, against only putting the same rows into the same tables."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from db.catalogue import load_catalogue
from db.engine import make_engine, write
from db.interning import indicator_ids, intern_dims, intern_periods
from db.migrations import upgrade
from db.org import load_org_units, org_directory
from db.records import Draft
from db.schema import evidence, observation
from db.store import save_import
from etl.pipeline import draft_from_file
from etl.places import Directory
from etl.samples import Load
from tests.bench.measure import Figure, own_peak, seconds

SCHOOLS = int(os.environ.get("BENCH_SCHOOLS", "100000"))
FACTS = int(os.environ.get("BENCH_FACTS", "10000000"))
INDICATORS = (
    "enrollment", "entrants", "resumed", "transfer_in", "graduates", "suspended", "withdrawn", "transfer_out", "classes",
    "teachers", "staff", "left_behind_children", "migrant_children", "boarders", "disabled_students",
)  # fmt: skip
_FILL = """
INSERT INTO observation (area_id, id, org_unit_id, indicator_id, period_id, dim_set_id, source_kind, ordinal, value, unit,
                         qualifier, obs_status, import_id, valid_from)
SELECT u.area_id, :first + u.id, u.id, :indicator, :period, :dims, 'sheet', 0, (u.id * 37) % 500, 'person', 'exact', 'normal',
       1, '2020-01-01 00:00:00.000000'
FROM org_unit u WHERE u.kind = 'school' ORDER BY u.area_id, u.id
"""
_PROVE = """
INSERT INTO evidence (area_id, observation_id, source_file_id, locator, quote, sheet, cell, rule, rule_version, confidence)
SELECT area_id, id, 1, '小学!C' || org_unit_id, CAST(CAST(value AS INTEGER) AS TEXT), '小学', 'C' || org_unit_id, 'sheet.wide',
       '1', 0.99
FROM observation WHERE id >= :first AND id < :first + :span
"""


def folder() -> Path:
    return Path(tempfile.gettempdir()) / f"bench-commit-{SCHOOLS}-{FACTS}"


@cache
def store() -> sa.Engine:
    """A store of FACTS facts of earlier years, made once and copied for each run."""
    base = folder() / "base.sqlite3"
    if not base.exists():
        folder().mkdir(parents=True, exist_ok=True)
        made = make_engine(f"sqlite:///{folder() / 'making.sqlite3'}")
        upgrade(made)
        load_org_units(made, Load(SCHOOLS).org_units)
        _fill(made)
        made.dispose()
        (folder() / "making.sqlite3").rename(base)
    work = folder() / "work.sqlite3"
    for left in folder().glob("work.sqlite3*"):
        left.unlink()
    shutil.copy(base, work)
    return make_engine(f"sqlite:///{work}")


def _fill(engine: sa.Engine) -> None:
    """Facts year by year into tables without indexes, which are made afterwards."""
    with write(engine) as connection:
        connection.exec_driver_sql("PRAGMA cache_size=-1000000")
        connection.execute(sa.text(
            "INSERT INTO source_file (id, sha256, name, media_type, size, uploaded_by, uploaded_at) "
            "VALUES (1, 'x', '往年.xlsx', 'x', 1, '', '2020-01-01 00:00:00.000000')"))  # fmt: skip
        connection.execute(sa.text(
            "INSERT INTO import_batch (id, source_file_id, source_kind, kind, status, created_by, created_at, "
            "extractor_version, n_new, n_same, n_changed) "
            "VALUES (1, 1, 'sheet', 'file', 'stored', '', '2020-01-01 00:00:00.000000', '1', 0, 0, 0)"))  # fmt: skip
        indexes = connection.execute(sa.text(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
            "AND tbl_name IN ('observation', 'evidence')")).all()  # fmt: skip
        for name, _ in indexes:
            connection.exec_driver_sql(f"DROP INDEX {name}")
        _rows(connection)
        for _, made in indexes:
            connection.exec_driver_sql(made)
        connection.exec_driver_sql("ANALYZE")


def _rows(connection: sa.Connection) -> None:
    span = (connection.scalar(sa.text("SELECT max(id) FROM org_unit")) or 0) + 1
    codes = indicator_ids(connection)
    dims = intern_dims(connection, ["level=PRI"])["level=PRI"]
    years = -(-FACTS // (SCHOOLS * len(INDICATORS)))
    periods = intern_periods(connection, [f"SY{2024 - n}" for n in range(1, years + 1)])
    first, left = 1, FACTS
    for code, period in ((code, f"SY{2024 - n}") for n in range(years, 0, -1) for code in INDICATORS):
        if left <= 0:
            break
        at = {"first": first, "indicator": codes[code], "period": periods[period], "dims": dims}
        connection.execute(sa.text(_FILL), at)
        connection.execute(sa.text(_PROVE), {"first": first, "span": span})
        first, left = first + span, left - SCHOOLS
    connection.execute(sa.text("UPDATE store_state SET next_observation_id = :next"), {"next": first})


@cache
def draft() -> Draft:
    """The sheet of the newest year, as the upload page would store it."""
    [path] = Load(SCHOOLS).write_files(folder())
    with store().connect() as connection:
        directory = Directory(org_directory(connection))
    return draft_from_file(path.name, path.read_bytes(), load_catalogue(), directory)


def commit() -> None:
    result = save_import(store(), draft(), "bench")
    if result.outcome != "stored" or result.new < SCHOOLS:
        raise RuntimeError(f"{result.outcome}: {result.new} new")


_ON_CONFLICT = {
    "observation": "ON CONFLICT (area_id, indicator_id, period_id, dim_set_id, org_unit_id, source_kind, ordinal) "
                   "WHERE valid_to IS NULL DO UPDATE SET value = excluded.value",
    "evidence": "ON CONFLICT (area_id, observation_id) DO UPDATE SET quote = excluded.quote",
}  # fmt: skip


class _Raw:
    """The rows that the commit has written, put once more into the same tables, as if of another time."""

    def __init__(self) -> None:
        with store().connect() as connection:
            last = sa.text("SELECT max(id), max(source_file_id) FROM import_batch")
            import_id, file_id = connection.execute(last).one()
            chosen = (
                (observation, observation.c.import_id == import_id),
                (evidence, evidence.c.source_file_id == file_id),
            )
            self.rows = {
                table: [self._moved(row) for row in connection.execute(sa.select(table).where(where)).mappings()]
                for table, where in chosen
            }

    @staticmethod
    def _moved(row: sa.RowMapping) -> tuple[object, ...]:
        further = {"id": 10**9, "observation_id": 10**9, "period_id": 10**6}
        return tuple(
            value.isoformat(" ") if isinstance(value, datetime) else value + further[name] if name in further else value
            for name, value in row.items()
        )

    def put(self) -> None:
        """One transaction of `executemany` upserts."""
        with write(store()) as connection:
            for table, rows in self.rows.items():
                names = ", ".join(f'"{column.name}"' for column in table.columns)
                places = ", ".join("?" * len(table.columns))
                sql = f"INSERT INTO {table.name} ({names}) VALUES ({places}) {_ON_CONFLICT[table.name]}"  # noqa: S608
                connection.exec_driver_sql(sql, rows)


def figures(repeats: int) -> Iterator[Figure]:
    """Once, whatever the repeats: the second time the same sheet would change nothing."""
    draft()
    taken = seconds(commit)
    peak = own_peak()
    raw = _Raw()
    least = seconds(raw.put)
    what = f"入库 {SCHOOLS} 行 × 18 个数(预览过的),库中已有 {FACTS} 个数"
    floor = f"executemany 写入同样的 {len(raw.rows[observation])} 行数和依据"
    yield Figure(what, (taken,), 2.5, "s", floor, (least,), peak)
    store().dispose()
