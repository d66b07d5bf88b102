"""The indexes of a store: which it lacks, and loads of millions of rows without those that only readers need.

A load that is cut off leaves a store without them: opening it (`db.opening`), an upgrade and `verify` see that by looking at
the store itself, and the first two build them.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from db.engine import write
from db.schema import evidence, metadata, observation

_HELD = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
    "postgresql": "SELECT i.relname FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid "
    "WHERE x.indisvalid AND i.relnamespace = 'public'::regnamespace",
}
# A bulk load asks for facts by their keys only; partial indexes of what it does not write cost it nothing.
_LAST = (
    "uq_observation_current", "ix_observation_id", "ix_observation_import", "ix_observation_unit", "ix_observation_value",
    "ix_evidence_source_file_id",
)  # fmt: skip


def missing(connection: sa.Connection) -> list[sa.Index]:
    """The indexes of the schema that the store does not have."""
    held = set(connection.scalars(sa.text(_HELD[connection.dialect.name])))
    return [index for index in _all() if index.name not in held]


def _all() -> Iterator[sa.Index]:
    for table in metadata.sorted_tables:
        yield from sorted(table.indexes, key=lambda index: str(index.name))


def build_missing(connection: sa.Connection) -> None:
    """Builds what the store lacks. Call it inside `db.engine.write`."""
    lacking = missing(connection)
    for index in lacking:
        connection.execute(sa.schema.CreateIndex(index))
    if lacking:
        _look_at_tables(connection)


def _look_at_tables(connection: sa.Connection) -> None:
    """PostgreSQL plans by what it last saw in the tables, SQLite by its rules."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE")


def drop_last(engine: sa.Engine) -> None:
    """Takes away the indexes that `build_each` builds after a load."""
    with write(engine) as connection:
        lacking = {index.name for index in missing(connection)}
        for table in (observation, evidence):
            for index in table.indexes:
                if index.name in _LAST and index.name not in lacking:
                    connection.execute(sa.schema.DropIndex(index))


def build_each(engine: sa.Engine) -> Iterator[str]:
    """Builds what the store lacks, each index in a transaction of its own, and yields its name."""
    with engine.connect() as connection:
        lacking = missing(connection)
    for index in lacking:
        with write(engine) as connection:
            if index.name in {one.name for one in missing(connection)}:  # nobody else was faster
                connection.execute(sa.schema.CreateIndex(index))
        yield str(index.name)
    if lacking:
        with write(engine) as connection:
            _look_at_tables(connection)
