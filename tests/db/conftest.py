"""A fresh store for every test, once on SQLite and once on PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from db.engine import make_engine
from db.migrations import upgrade
from tests.db.makers import Place, load_place
from tests.stores import migrated


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL in which databases may be made: EDU_TEST_POSTGRES_URL, else one that starts here."""
    given = os.environ.get("EDU_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    pgserver = pytest.importorskip(
        "pgserver", reason="PostgreSQL tests need the pgserver wheel or EDU_TEST_POSTGRES_URL"
    )
    folder = tempfile.mkdtemp(prefix="pg")  # a short path: it holds the socket
    try:
        try:
            server = pgserver.get_server(folder)
        except Exception as error:
            pytest.skip(f"pgserver does not start here, and EDU_TEST_POSTGRES_URL is not set: {error}")
        os.environ["PATH"] = os.pathsep.join(
            (str(Path(pgserver.__file__).parent / "pginstall/bin"), os.environ["PATH"])
        )
        _hurry(server.get_uri())
        try:
            yield server.get_uri()
        finally:
            _halt(server.get_pid())
            server.cleanup()
    finally:  # hundreds of databases are hundreds of thousands of files: nobody waits for them
        subprocess.Popen(["rm", "-rf", folder], start_new_session=True)


def _halt(pid: int) -> None:
    """At once: what hundreds of databases have not written yet took more than a minute to write, and nobody reads it."""
    os.kill(pid, signal.SIGQUIT)
    until = time.monotonic() + 10
    while time.monotonic() < until and Path(f"/proc/{pid}").exists():
        time.sleep(0.05)


def _hurry(server: str) -> None:
    """The server lives as long as the tests: it need not survive a power cut."""
    admin = _admin(server)
    with admin.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    admin.dispose()


def _admin(server: str) -> sa.Engine:
    return sa.create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")


def new_database(server: str, template: str | None = None) -> str:
    """The URL of a new database on the server."""
    name = f"edu_{uuid.uuid4().hex[:12]}"
    admin = _admin(server)
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    admin.dispose()
    return make_url(server).set(drivername="postgresql", database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database in which nothing is yet."""
    if backend == "sqlite":
        return f"sqlite:///{tmp_path / 'store.sqlite3'}"
    return new_database(request.getfixturevalue("postgres_server"))


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a migrated database that others are copied from."""
    url = new_database(postgres_server)
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    return str(make_url(url).database)


@pytest.fixture
def store_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a migrated store without data."""
    if backend == "sqlite":
        return migrated(tmp_path / "store.sqlite3")
    template = request.getfixturevalue("postgres_template")
    return new_database(request.getfixturevalue("postgres_server"), template)


@pytest.fixture
def engine(store_url: str) -> Iterator[sa.Engine]:
    made = make_engine(store_url)
    yield made
    made.dispose()


@pytest.fixture
def place(engine: sa.Engine) -> Place:
    """A small city in the store (see `makers.CITY`)."""
    return load_place(engine)
