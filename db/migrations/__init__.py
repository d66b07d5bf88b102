"""Schema migrations, run inside the process: no ini file, nothing printed."""

from __future__ import annotations

import functools
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from db.catalogue import Catalogue, load_catalogue
from db.engine import StoreError, write
from db.interning import UNKNOWN_PERIOD, period_row
from db.rollups import keep_with_rules
from db.schema import dim_set, indicator, period, store_state

NEWER = "数据库由更新版本的程序建立,本版本无法打开;请先升级程序,再重试。"


def upgrade(engine: sa.Engine, catalogue: Catalogue | None = None) -> None:
    """Creates or migrates the store to the newest schema and adds missing reference rows, in one transaction.

    Rollups are computed anew when the catalogue's rules of aggregation have changed.
    Raises StoreError when the store was made by a newer version of the program.
    """
    config = alembic_config()
    with write(engine) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(NEWER) from error
        chosen = catalogue or load_catalogue()
        sync_reference_rows(connection, chosen)
        keep_with_rules(connection, chosen)


def alembic_config() -> Config:
    """Alembic's configuration, kept in code."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def is_current(connection: sa.Connection) -> bool:
    """Whether the store has the newest schema."""
    return revision_of(connection) == head()


def revision_of(connection: sa.Connection) -> str | None:
    """The revision of a store's schema; None where nothing is in it yet."""
    return MigrationContext.configure(connection).get_current_revision()


@functools.cache
def head() -> str:
    """The newest revision that this program knows."""
    return str(_scripts().get_current_head())


@functools.cache
def is_known(revision: str) -> bool:
    """Whether this program knows a revision, that is, whether it can bring a store of it to the newest one."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def sync_reference_rows(connection: sa.Connection, catalogue: Catalogue) -> None:
    """Adds the catalogue's indicators, the unknown period, the empty set of dims and the state row."""
    known = set(connection.scalars(sa.select(indicator.c.code)))
    fresh = [{"code": entry.code} for entry in catalogue.indicators if entry.code not in known]
    if fresh:
        connection.execute(sa.insert(indicator), fresh)
    if connection.scalar(sa.select(period.c.id).where(period.c.code == UNKNOWN_PERIOD)) is None:
        connection.execute(sa.insert(period), [period_row(UNKNOWN_PERIOD)])
    if connection.scalar(sa.select(dim_set.c.id).where(dim_set.c.key == "")) is None:
        connection.execute(sa.insert(dim_set).values(key="", level=None, rest=""))
    if connection.scalar(sa.select(store_state.c.id)) is None:
        connection.execute(sa.insert(store_state).values(id=1, revision=1, next_observation_id=1, rules_digest=""))
