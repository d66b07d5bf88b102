"""Schema migrations, run inside the process: no ini file, nothing printed."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from db.catalogue import Catalogue, load_catalogue
from db.distribution import distribute
from db.engine import StoreError, write
from db.indexes import build_missing
from db.reference import sync_reference_rows
from db.revisions import NEWER
from db.rollups import keep_with_rules


def upgrade(engine: sa.Engine, catalogue: Catalogue | None = None) -> None:
    """Creates or migrates the store to the newest schema and adds missing reference rows, in one transaction.

    Indexes that a load was cut off before are built. On a Citus coordinator the tables are spread over the nodes.
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
        build_missing(connection)
        distribute(connection)
        chosen = catalogue or load_catalogue()
        sync_reference_rows(connection, chosen)
        keep_with_rules(connection, chosen)


def alembic_config() -> Config:
    """Alembic's configuration, kept in code."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
