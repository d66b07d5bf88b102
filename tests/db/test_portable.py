"""The whole store out and in again, from each database into each."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from db import accounts, audit
from db.__main__ import main
from db.engine import StoreError, make_engine, write
from db.migrations import alembic_config, upgrade
from db.portable import LEFT_OUT, MANIFEST, export_store, import_store
from db.records_accounts import Role
from db.revisions import head, revision_of
from db.schema import metadata
from db.sessions import sign_in
from db.store import save_import, undo_import
from db.verify import verify
from db.versions import COLUMNS
from tests.db.conftest import new_database
from tests.db.makers import Fact, Place, assert_same, report, sheet, snapshot, value_of

PRI = "level=PRI"


@pytest.fixture
def filled(engine: sa.Engine, place: Place) -> sa.Engine:
    """Sheets, a report, a correction, an undone import, accounts, a session, a log."""
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300, PRI), Fact("q1a", "enrollment", 977, PRI)]), "甲")
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 310, PRI)], "更正.xlsx"), "乙")
    save_import(engine, report(place, [Fact("N", "retention_rate", "99.5", "level=CE")]), "丙")
    undone = save_import(engine, sheet(place, [Fact("n2a", "enrollment", 5, PRI)], "错.xlsx"), "甲")
    assert undone.import_id is not None
    undo_import(engine, undone.import_id, "甲")
    accounts.demonstration_accounts(engine, [("guanli", "苏敏", Role.ADMINISTRATOR, place["N"])])
    sign_in(engine, "guanli", accounts.DEMONSTRATION_PASSWORD, "127.0.0.1")
    return engine


@pytest.fixture(params=["sqlite", "postgresql"])
def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'other' / 'store.sqlite3'}"
    return new_database(request.getfixturevalue("postgres_server"))


def rows(engine: sa.Engine, name: str) -> list[tuple[object, ...]]:
    """The rows of a table; versions are of a store, and grow while it is filled."""
    table = metadata.tables[name]
    columns = [column for column in table.columns if column.name not in COLUMNS]
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.select(*columns).order_by(*table.primary_key.columns))]


@pytest.mark.parametrize("migrated", [False, True])
def test_a_round_trip_keeps_every_row_and_equals_a_recount(
    filled: sa.Engine, place: Place, target_url: str, tmp_path: Path, migrated: bool
) -> None:
    folder = tmp_path / "out"
    counted = export_store(filled, folder)
    other = make_engine(target_url)
    if migrated:
        upgrade(other)
    assert import_store(other, folder) == counted
    for name in metadata.tables:
        expected = [] if name in LEFT_OUT else rows(filled, name)
        assert rows(other, name) == expected, name
    assert_same(snapshot(filled), snapshot(other))
    with other.connect() as connection:
        checks = list(verify(connection))  # every rollup is counted anew from the facts
    assert [fault for check in checks for fault in check.faults] == []
    assert sum(check.checked for check in checks) > 20
    result = save_import(other, sheet(place, [Fact("n1b", "enrollment", 40, "level=JUN")], "新.xlsx"), "丁")
    assert result.outcome == "stored"  # ids go on where they stopped
    assert value_of(other, place, "N1", "enrollment", "level=JUN")["value"] == 40
    with other.connect() as connection:
        assert list(audit.checked(connection).broken) == []
    other.dispose()


def test_only_the_owner_may_read_the_files(filled: sa.Engine, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export_store(filled, folder)
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.glob("*.jsonl")} == {0o600}
    said = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"sign_in_session" not in said
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["schema"] == head()
    assert {one["name"] for one in manifest["tables"]} == set(metadata.tables) - LEFT_OUT


def spoil_row(folder: Path) -> None:
    path = folder / "observation.jsonl"
    path.write_bytes(path.read_bytes().replace(b"300", b"400", 1))


def spoil_length(folder: Path) -> None:
    path = folder / "evidence.jsonl"
    path.write_bytes(path.read_bytes()[:-20])


def spoil_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text("{", encoding="utf-8")


def spoil_path(folder: Path) -> None:
    path = folder / MANIFEST
    path.write_text(
        path.read_text(encoding="utf-8").replace('"org_unit.jsonl"', '"../org_unit.jsonl"'), encoding="utf-8"
    )


def spoil_schema(folder: Path) -> None:
    path = folder / MANIFEST
    path.write_text(path.read_text(encoding="utf-8").replace(f'"{head()}"', '"9999"'), encoding="utf-8")


def spoil_file(folder: Path) -> None:
    (folder / "claim.jsonl").unlink()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [(spoil_row, "与导出时不一致"), (spoil_length, "与导出时不一致"), (spoil_manifest, "内容不对"), (spoil_path, "内容不对"),
     (spoil_schema, "请先升级程序"), (spoil_file, "缺少 claim.jsonl")],
)  # fmt: skip
def test_what_was_altered_is_not_imported(filled: sa.Engine, tmp_path: Path, spoil: object, words: str) -> None:
    folder = tmp_path / "out"
    export_store(filled, folder)
    spoil(folder)  # type: ignore[operator]
    other = make_engine(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    with pytest.raises(StoreError, match=words):
        import_store(other, folder)
    with other.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []
    other.dispose()


def test_a_store_that_holds_something_is_never_imported_into(filled: sa.Engine, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export_store(filled, folder)
    before = snapshot(filled)
    with pytest.raises(StoreError, match="只能导入到空库"):
        import_store(filled, folder)
    assert_same(before, snapshot(filled))


def test_a_folder_that_holds_something_is_never_exported_into(filled: sa.Engine, tmp_path: Path) -> None:
    (tmp_path / "note").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="不是空的"):
        export_store(filled, tmp_path)


def test_an_export_of_an_older_schema_is_migrated(engine: sa.Engine, tmp_path: Path, target_url: str) -> None:
    """Made as the version before would have written it: the same files without what came later."""
    upgrade(engine)
    folder = tmp_path / "out"
    export_store(engine, folder)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    old = make_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    config = alembic_config()
    with write(old) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0010")
        known = set(sa.inspect(connection).get_table_names())
    old.dispose()
    manifest["schema"] = "0010"
    manifest["tables"] = [one for one in manifest["tables"] if one["name"] in known]
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    other = make_engine(target_url)
    import_store(other, folder)
    with other.connect() as connection:
        assert revision_of(connection) == head()
        assert not any(check.faults for check in verify(connection))
    other.dispose()


def test_commands_export_and_import(
    filled: sa.Engine, store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out"
    assert main(["--database", store_url, "export", str(folder)]) == 0
    assert "已导出" in capsys.readouterr().out
    target = f"sqlite:///{tmp_path / 'new' / 'store.sqlite3'}"
    assert main(["--database", target, "import", str(folder)]) == 0
    assert "已导入" in capsys.readouterr().out
    assert main(["--database", target, "verify"]) == 0
    assert main(["--database", target, "import", str(folder)]) == 2
