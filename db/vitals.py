"""How the store is: imports, drafts and sessions by state, sizes, the last backup. Counts only, of nobody in particular."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from db.engine import moment
from db.meters import REGISTRY, STARTED
from db.opening import BACKUPS, folder_of, store_file
from db.records_accounts import Action
from db.records_jobs import JobStatus
from db.revisions import revision_of
from db.schema import import_batch, observation, org_unit, rollup, source_file, store_state
from db.schema_accounts import account, audit_event, sign_in_session
from db.schema_drafts import draft
from db.schema_jobs import job
from db.sessions import ABSOLUTE, IDLE
from db.settings import PROJECT_ROOT
from db.surroundings import free_bytes

TABLES = (observation, rollup, source_file, org_unit, account, audit_event)
COUNT_EVERY_S = 600.0  # counting the rows of a large store takes a while
_counted: dict[str, tuple[float, dict[str, int]]] = {}


@dataclass(frozen=True, slots=True)
class Vitals:
    """`jobs` are the imports that go through the queue, `waiting_s` how long the first of those that nobody has begun has
    waited; `last_backup` is the latest that `python -m db backup` made or that lies in the folder of automatic ones (UTC);
    sizes are bytes; `rows` by table, at most ten minutes old."""

    version: str
    schema: str
    database: str
    revision: int
    imports: Mapping[str, int] = field(default_factory=dict)
    drafts: Mapping[str, int] = field(default_factory=dict)
    jobs: Mapping[str, int] = field(default_factory=dict)
    waiting_s: float = 0.0
    sessions: int = 0
    store_bytes: int = 0
    free_bytes: int | None = None
    rows: Mapping[str, int] = field(default_factory=dict)
    last_backup: datetime | None = None


def vitals(engine: sa.Engine) -> Vitals:
    """Looks at the store; a few small queries."""
    with engine.connect() as connection:
        now = moment()
        alive = sa.and_(sign_in_session.c.created_at > now - ABSOLUTE, sign_in_session.c.seen_at > now - IDLE)
        return Vitals(
            version(), str(revision_of(connection)), engine.dialect.name,
            int(connection.scalar(sa.select(store_state.c.revision)) or 0),
            _by(connection, import_batch.c.status), _by(connection, draft.c.status),
            _by(connection, job.c.status), _waiting_s(connection),
            int(connection.scalar(sa.select(sa.func.count()).select_from(sign_in_session).where(alive)) or 0),
            _size(engine, connection), free_bytes(folder_of(engine)), _rows(engine, connection),
            _last_backup(engine, connection),
        )  # fmt: skip


@cache
def version() -> str:
    """The program's version, as pyproject.toml says."""
    with (PROJECT_ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def _by(connection: sa.Connection, column: sa.Column[str]) -> dict[str, int]:
    rows = connection.execute(sa.select(column, sa.func.count()).group_by(column).order_by(column))
    return {state: int(n) for state, n in rows}


def _waiting_s(connection: sa.Connection) -> float:
    first = sa.select(sa.func.min(job.c.created_at)).where(job.c.status == JobStatus.QUEUED.value)
    since = connection.scalar(first)
    return 0.0 if since is None else max((moment() - since).total_seconds(), 0.0)


def _size(engine: sa.Engine, connection: sa.Connection) -> int:
    path = store_file(engine)
    if path is None:
        return int(connection.exec_driver_sql(_SIZE[engine.dialect.name]).scalar() or 0)
    parts = (path, path.with_name(path.name + "-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


_SIZE = {
    "postgresql": "SELECT pg_database_size(current_database())",
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
}


def _rows(engine: sa.Engine, connection: sa.Connection) -> dict[str, int]:
    key = engine.url.render_as_string()
    until, held = _counted.get(key, (0.0, {}))
    if time.monotonic() >= until:
        held = {
            table.name: int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0) for table in TABLES
        }
        _counted[key] = time.monotonic() + COUNT_EVERY_S, held
    return held


def _last_backup(engine: sa.Engine, connection: sa.Connection) -> datetime | None:
    said = connection.scalar(
        sa.select(sa.func.max(audit_event.c.at)).where(audit_event.c.action == Action.BACKUP.value)
    )
    return max([*([said] if said else []), *_found(folder_of(engine) / BACKUPS)], default=None)


def _found(folder: Path) -> Iterable[datetime]:
    try:
        held = [path.stat().st_mtime for path in folder.iterdir() if path.suffix in (".sqlite3", ".dump")]
    except OSError:
        return []
    return [datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None, microsecond=0) for seconds in held]


class _Store(Collector):
    def __init__(self, found: Vitals) -> None:
        self.found = found

    def collect(self) -> Iterator[Metric]:
        """The vitals as gauges."""
        held = self.found
        info = GaugeMetricFamily("edu_build_info", "Program and schema", labels=("version", "schema", "database"))
        info.add_metric((held.version, held.schema, held.database), 1)
        yield info
        for name, words, values, label in (
            ("edu_imports", "Imports by state", held.imports, "status"),
            ("edu_drafts", "Drafts by state", held.drafts, "status"),
            ("edu_jobs", "Imports of the queue by state", held.jobs, "status"),
            ("edu_rows", "Rows by table, counted at most every ten minutes", held.rows, "table"),
        ):
            family = GaugeMetricFamily(name, words, labels=(label,))
            for key, n in values.items():
                family.add_metric((key,), n)
            yield family
        backup = None if held.last_backup is None else (held.last_backup - datetime(1970, 1, 1)).total_seconds()
        single: tuple[tuple[str, str, float | None], ...] = (
            ("edu_sessions", "Sessions that have not ended", held.sessions),
            ("edu_jobs_waiting_seconds", "How long the first of the waiting imports has waited", held.waiting_s),
            ("edu_store_bytes", "Size of the store", held.store_bytes),
            ("edu_disk_free_bytes", "Free space where the store's backups go", held.free_bytes),
            ("edu_store_revision", "Number of the store's state", held.revision),
            ("edu_last_backup_timestamp_seconds", "When the last known backup was made", backup),
            ("edu_started_timestamp_seconds", "When this process started", STARTED),
        )
        for name, words, value in single:
            if value is not None:
                yield GaugeMetricFamily(name, words, value=value)


def exposition(look: Callable[[], Vitals]) -> bytes:
    """Everything in Prometheus text. A store that does not answer leaves the numbers of the process."""
    own = CollectorRegistry()
    up = GaugeMetricFamily("edu_store_up", "Whether the store answered", value=1)
    try:
        own.register(_Store(look()))
    except Exception:  # whatever it is: the numbers of the process are what helps then
        up = GaugeMetricFamily("edu_store_up", "Whether the store answered", value=0)
    own.register(_Fixed(up))
    return generate_latest(REGISTRY) + generate_latest(own)


class _Fixed(Collector):
    def __init__(self, family: Metric) -> None:
        self.family = family

    def collect(self) -> Iterator[Metric]:
        """The one family."""
        yield self.family
