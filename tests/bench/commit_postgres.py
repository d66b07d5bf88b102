"""What storing a large sheet costs in a large store on PostgreSQL, against COPY into a staging table and one upsert of the
same rows with their proof.

EDU_BENCH_POSTGRES_URL names a store that `python -m etl sample --schools … --to …` has filled. Both are rolled back: the store
stays as it is, and both may be timed in turns. The floor has neither sums nor discrepancies nor a log, and knows its ids.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from db.catalogue import load_catalogue
from db.engine import make_engine, write
from db.org import org_directory
from db.records import Draft
from db.schema import evidence, import_batch, observation
from db.store import save_in
from etl.pipeline import draft_from_file
from etl.places import Directory
from etl.samples import Province
from etl.samples.load import write_year
from tests.bench.measure import Figure, interleaved, own_peak

URL = "EDU_BENCH_POSTGRES_URL"
ROWS = 5444  # times 18 numbers
YEAR = 2004  # of which the stores of `etl sample` hold nothing
_KEYS = {
    observation: "(area_id, indicator_id, period_id, dim_set_id, org_unit_id, source_kind, ordinal) WHERE valid_to IS NULL "
                 "DO UPDATE SET value = excluded.value",
    evidence: "(area_id, observation_id) DO UPDATE SET quote = excluded.quote",
}  # fmt: skip
_FURTHER = {"id": 10**9, "observation_id": 10**9, "period_id": 10**6}


class _Back(Exception):
    """The transaction is not to be kept."""


@cache
def engine() -> sa.Engine:
    return make_engine(os.environ[URL])


def rolled_back(act: Callable[[sa.Connection], None]) -> None:
    try:
        with write(engine()) as connection:
            act(connection)
            raise _Back
    except _Back:
        pass


@cache
def draft() -> Draft:
    """A sheet of all primary schools of some counties, as the upload page would store it."""
    schools = (unit for unit in Province(400_000, 1, 1).org_units if unit.level == "PRI")
    with tempfile.TemporaryDirectory() as folder:
        path = write_year(Path(folder), list(islice(schools, ROWS)), YEAR)
        with engine().connect() as connection:
            directory = Directory(org_directory(connection))
        return draft_from_file(path.name, path.read_bytes(), load_catalogue(), directory)


def save(connection: sa.Connection) -> None:
    result = save_in(connection, draft(), "bench")
    if result.outcome != "stored" or result.new != len(draft().observations):
        raise RuntimeError(f"{result.outcome}: {result.new} new of {len(draft().observations)}")


class _Raw:
    """The rows that the import writes, as if of another time."""

    def __init__(self) -> None:
        self.rows: dict[sa.Table, list[tuple[Any, ...]]] = {}
        rolled_back(self._taken)

    def _taken(self, connection: sa.Connection) -> None:
        save(connection)
        last = sa.select(import_batch.c.id, import_batch.c.source_file_id).order_by(import_batch.c.id.desc()).limit(1)
        import_id, file_id = connection.execute(last).one()
        chosen = (
            (observation, observation.c.import_id == import_id),
            (evidence, evidence.c.source_file_id == file_id),
        )
        for table, where in chosen:
            found = connection.execute(sa.select(table).where(where)).mappings()
            self.rows[table] = [
                tuple(value + _FURTHER[name] if name in _FURTHER else value for name, value in row.items())
                for row in found
            ]

    def put(self, connection: sa.Connection) -> None:
        driver: Any = connection.connection.driver_connection
        for table, rows in self.rows.items():
            staging = f"staging_{table.name}"
            connection.exec_driver_sql(f"CREATE TEMP TABLE {staging} (LIKE {table.name}) ON COMMIT DROP")
            with driver.cursor() as cursor, cursor.copy(f"COPY {staging} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            upsert = f"INSERT INTO {table.name} SELECT * FROM {staging} ON CONFLICT {_KEYS[table]}"  # noqa: S608
            connection.exec_driver_sql(upsert)


def figures(repeats: int) -> Iterator[Figure]:
    """One line; none where no store is named."""
    if not os.environ.get(URL):
        print(f"commit_postgres:没有设 {URL},略过。")
        return
    raw = _Raw()
    facts = len(raw.rows[observation])
    with engine().connect() as connection:
        held = connection.scalar(sa.text("SELECT reltuples::bigint FROM pg_class WHERE relname = 'observation'"))
    taken, least = interleaved(lambda: rolled_back(save), lambda: rolled_back(raw.put), repeats)
    what = f"入库 {facts} 个数(预览过的),PostgreSQL 库中已有约 {held} 个数"
    yield Figure(what, taken, 2.0, "s", "COPY 到暂存表,再 upsert 同样的数和依据", least, own_peak())
    engine().dispose()
