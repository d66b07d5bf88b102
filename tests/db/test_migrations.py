"""The schema that migrations make is the schema of the code."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from db.catalogue import load_catalogue
from db.engine import StoreError, make_engine, write
from db.migrations import alembic_config, upgrade
from db.reference import rules_digest
from db.revisions import head, is_current, is_known
from db.schema import dim_set, indicator, metadata, period, rollup, store_state
from db.store import save_import
from tests.db.makers import Fact, Place, sheet, value_of


def test_a_new_store_has_no_drift_from_the_code(empty_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    engine = make_engine(empty_url)
    with engine.connect() as connection:
        assert not is_current(connection)
    upgrade(engine)
    with engine.connect() as connection:
        assert is_current(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
    assert capsys.readouterr().out == ""


def test_partial_indexes_and_the_clustered_rollup_are_made(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            tables = sa.text("SELECT sql FROM sqlite_master WHERE name = 'rollup'")
            assert "WITHOUT ROWID" in connection.scalar(tables)
            indexes = sa.text("SELECT sql FROM sqlite_master WHERE name = 'uq_observation_current'")
        else:
            indexes = sa.text("SELECT indexdef FROM pg_indexes WHERE indexname = 'uq_observation_current'")
        made = connection.scalar(indexes)
        assert "UNIQUE" in made
        assert "valid_to IS NULL" in made


def test_upgrade_fills_the_reference_tables_once(engine: sa.Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        codes = connection.scalars(sa.select(indicator.c.code)).all()
        assert sorted(codes) == sorted(one.code for one in load_catalogue().indicators)
        assert connection.scalars(sa.select(period.c.code)).all() == [""]
        assert connection.scalars(sa.select(dim_set.c.key)).all() == [""]
        assert connection.scalar(sa.select(sa.func.count()).select_from(store_state)) == 1


def test_a_store_of_a_newer_program_is_refused(engine: sa.Engine) -> None:
    with write(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="请先升级程序"):
        upgrade(engine)


def test_rollups_follow_a_catalogue_that_adds_up_differently(engine: sa.Engine, place: Place) -> None:
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300), Fact("n1b", "enrollment", 200)]), "甲")
    assert value_of(engine, place, "N1", "enrollment")["value"] == 500
    usual = load_catalogue()
    entries = tuple(
        one.model_copy(update={"aggregation": type(one.aggregation).NONE}) if one.code == "enrollment" else one
        for one in usual.indicators
    )
    other = usual.model_copy(update={"indicators": entries})
    assert rules_digest(other) != rules_digest(usual)
    upgrade(engine, other)
    assert value_of(engine, place, "N1", "enrollment") == {}
    upgrade(engine, usual)
    assert value_of(engine, place, "N1", "enrollment")["value"] == 500


def test_an_upgrade_without_news_writes_no_rollups(engine: sa.Engine, place: Place) -> None:
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300)]), "甲")
    with write(engine) as connection:
        connection.execute(sa.update(rollup).values(n_units=9))
    upgrade(engine)
    assert value_of(engine, place, "N1", "enrollment")["n_units"] == 9


def test_the_revisions_told_by_file_names_are_those_of_alembic() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert head() == scripts.get_current_head()
    assert all(is_known(script.revision) for script in scripts.walk_revisions())
    assert not is_known("9999")
