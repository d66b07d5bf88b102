"""An account of one part of the tree reads its own rows only, by whatever query, on both databases."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa

import db.schema_accounts
import db.schema_claims
import db.schema_control
import db.schema_drafts
import db.schema_findings
import db.schema_notes
import db.schema_org
import db.schema_restated
import db.schema_review
import db.schema_uploads  # noqa: F401 (their tables join the metadata)
from db import accounts, queries, scope, scope_checks
from db.engine import write
from db.records_accounts import Role
from db.schema import metadata, observation, org_unit, rollup, source_block, source_file
from db.schema_restated import restatement
from db.scope import ScopedReaders
from db.scope_checks import OutOfScope
from db.store import save_import
from tests.db.makers import Fact, Place, report, sheet

NORTH = ("N", "N1", "N2", "n1a", "n1b", "n2a", "n2b", "old")
ENROLLED = "enrollment"


@pytest.fixture
def filled(engine: sa.Engine, place: Place) -> sa.Engine:
    """One sheet over both counties, one of 北岭县 alone, a report of 青山县 alone."""
    both = [Fact("n1a", ENROLLED, 411, "level=PRI"), Fact("q1a", ENROLLED, 977, "level=PRI")]
    save_import(engine, sheet(place, both, "全市.xlsx"), "市")
    save_import(engine, sheet(place, [Fact("n2a", ENROLLED, 523, "level=PRI")], "北岭.xlsx"), "北")
    save_import(engine, report(place, [Fact("q1b", ENROLLED, 88, "level=KG")], "青山.txt"), "青")
    return engine


@pytest.fixture
def readers(filled: sa.Engine) -> Iterator[ScopedReaders]:
    made = ScopedReaders(filled)
    yield made
    made.close()


def path_of(engine: sa.Engine, unit: int) -> str:
    with engine.connect() as connection:
        return str(connection.scalar(sa.select(org_unit.c.path).where(org_unit.c.id == unit)))


def test_every_table_has_its_rule() -> None:
    assert set(scope.RULES) == set(metadata.tables)


def test_no_table_shows_a_row_of_another(filled: sa.Engine, readers: ScopedReaders, place: Place) -> None:
    foreign = {place[key] for key in ("C", "Q", "Q1", "q1a", "q1b")}
    with readers.reading(path_of(filled, place["N"])) as connection:
        for table in metadata.tables.values():
            rows = connection.execute(sa.select(table)).mappings().all()
            for name in ("org_unit_id", "base_org_unit_id", "predecessor_id", "successor_id"):
                assert not {row[name] for row in rows if row.get(name)} & foreign, table.name
            said = " ".join(str(value) for row in rows for value in row.values() if not isinstance(value, datetime))
            # 977 as a number, not among the digits of a digest
            assert not re.search(r"石塘|青山|澄湖|(?<![0-9a-f])977(?![0-9a-f])", said), table.name
        assert set(connection.scalars(sa.select(org_unit.c.id))) == {place[key] for key in NORTH}
        assert connection.scalar(sa.select(sa.func.count()).select_from(rollup)) > 0


def test_a_file_over_several_counties_is_named_but_its_sheet_is_not_shown(
    filled: sa.Engine, readers: ScopedReaders, place: Place
) -> None:
    with readers.reading(path_of(filled, place["N"])) as connection:
        names = dict(connection.execute(sa.select(source_file.c.name, source_file.c.id)).all())
        shown = set(connection.scalars(sa.select(source_block.c.source_file_id)))
    assert set(names) == {"全市.xlsx", "北岭.xlsx"}
    assert shown == {names["北岭.xlsx"]}


def test_the_pages_queries_say_the_same_of_the_own_units_and_nothing_of_others(
    filled: sa.Engine, readers: ScopedReaders, place: Place
) -> None:
    with filled.connect() as everything, readers.reading(path_of(filled, place["N"])) as own:
        mine = queries.org_units(own)["org_unit_id"].tolist()
        assert set(mine) == {place[key] for key in NORTH}
        whole, part = queries.periods(everything), queries.periods(own)
        assert len(part) <= len(whole)
        assert set(queries.imports(own)["file_name"]) == {"全市.xlsx", "北岭.xlsx"}
        assert queries.search_observations(own, value=977.0, limit=10).empty
        assert not queries.search_observations(own, value=411.0, limit=10).empty


def test_the_imports_of_every_scope_are_those_whose_numbers_name_its_units(
    filled: sa.Engine, readers: ScopedReaders, place: Place
) -> None:
    """Found by areas; told here by going through every number: a county, its parts, and a city over several areas."""
    again = [Fact("n1a", ENROLLED, 411, "level=PRI"), Fact("n2b", ENROLLED, 300, "level=PRI")]
    save_import(filled, sheet(place, again, "北岭再报.xlsx"), "北")  # says one number of another file again
    save_import(filled, sheet(place, [Fact("C", "schools", 7)], "全市数.xlsx"), "市")
    with filled.connect() as connection:
        said = connection.execute(sa.select(observation.c.import_id, observation.c.org_unit_id)).all()
        again_said = sa.select(restatement.c.import_id, observation.c.org_unit_id).join_from(
            restatement, observation, restatement.c.observation_id == observation.c.id
        )
        said += connection.execute(again_said).all()
        paths = {row.id: row.path for row in connection.execute(sa.select(org_unit.c.id, org_unit.c.path))}
    imports = {number: {unit for other, unit in said if other == number} for number, _ in said}
    for path in paths.values():
        own = {unit for unit, other in paths.items() if other.startswith(path)}
        with readers.reading(path) as connection:
            seen, whole = (
                set(connection.scalars(sa.text(query)))
                for query in ("SELECT id FROM scope_import", "SELECT id FROM scope_whole")
            )
        assert seen == {number for number, units in imports.items() if units & own}, path
        assert whole == {number for number, units in imports.items() if units <= own}, path


def test_the_base_is_the_same_for_everyone_else(filled: sa.Engine, readers: ScopedReaders, place: Place) -> None:
    with readers.reading(path_of(filled, place["N"])) as own:
        few = own.scalar(sa.select(sa.func.count()).select_from(observation))
    with filled.connect() as everything:
        assert everything.scalar(sa.select(sa.func.count()).select_from(observation)) == 4
    assert few == 2


def test_one_connection_serves_one_scope_after_another_and_what_is_new(
    filled: sa.Engine, readers: ScopedReaders, place: Place
) -> None:
    def seen(unit: str) -> set[float]:
        with readers.reading(path_of(filled, place[unit])) as connection:
            return set(connection.scalars(sa.select(observation.c.value)))

    assert seen("N") == {411, 523}
    assert seen("Q") == {977, 88}
    assert seen("n1a") == {411}
    save_import(filled, sheet(place, [Fact("n1b", ENROLLED, 300, "level=JUN")], "初中.xlsx"), "北")
    assert seen("N") == {411, 523, 300}
    assert seen("C") == {411, 523, 300, 977, 88}


@pytest.mark.parametrize("said", ["", "/", "3) or (1=1", "/1/' or '1'='1/", "1/2/", "/1", "/%/", "/_/"])
def test_a_scope_that_is_no_path_shows_nothing(filled: sa.Engine, readers: ScopedReaders, said: str) -> None:
    with contextlib.suppress(ValueError), readers.reading(said) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(org_unit)) == 0


def test_a_path_is_no_prefix_of_a_number(filled: sa.Engine, readers: ScopedReaders) -> None:
    with filled.connect() as connection:
        paths = list(connection.scalars(sa.select(org_unit.c.path)))
    root = min(paths, key=len)
    with readers.reading(f"{root}1/") as connection:
        held = list(connection.scalars(sa.select(org_unit.c.path)))
    assert all(path.startswith(f"{root}1/") for path in held)


def test_changes_outside_are_refused(filled: sa.Engine, readers: ScopedReaders, place: Place) -> None:
    with filled.connect() as connection:
        files = dict(connection.execute(sa.select(source_file.c.name, source_file.c.id)).all())
        facts = dict(connection.execute(sa.select(observation.c.value, observation.c.id)).all())
    foreign = sheet(place, [Fact("q1a", ENROLLED, 1)], "越界.xlsx")
    with readers.reading(path_of(filled, place["N"])) as own:
        scope_checks.draft_inside(own, sheet(place, [Fact("n1a", ENROLLED, 1)], "本县.xlsx"))
        scope_checks.observation_inside(own, facts[411])
        scope_checks.file_inside(own, files["北岭.xlsx"])
        scope_checks.import_inside(own, 2)
        for refused in (
            lambda: scope_checks.draft_inside(own, foreign),
            lambda: scope_checks.observation_inside(own, facts[977]),
            lambda: scope_checks.file_inside(own, files["全市.xlsx"]),
            lambda: scope_checks.import_inside(own, 1),
            lambda: scope_checks.import_inside(own, 3),
            lambda: scope_checks.units_inside(own, [place["N"], place["C"]]),
        ):
            with pytest.raises(OutOfScope, match="管辖范围") as told:
                refused()
            assert "石塘" not in str(told.value)


def test_drafts_and_layouts_are_seen_by_the_accounts_of_the_scope(
    filled: sa.Engine, readers: ScopedReaders, place: Place
) -> None:
    with write(filled) as connection:
        accounts.add_account(connection, "north", "北", Role.UPLOADER, place["N1"], by="市")
        accounts.add_account(connection, "south", "南", Role.UPLOADER, place["Q"], by="市")
        for name in ("north", "south"):
            connection.execute(
                sa.text(
                    "INSERT INTO draft (sha256, file_name, media_type, size, resumable, step, status, choices, summary,"
                    " version, revision, created_by, created_at, updated_by, updated_at, submitted_by, reason) VALUES"
                    " ('x', :name, '', 1, :yes, 'file', 'open', '{}', '{}', 1, 1, :name, '2026-01-01', :name,"
                    " '2026-01-01', '', '')"
                ),
                {"name": name, "yes": True},
            )
    with readers.reading(path_of(filled, place["N"])) as own:
        assert list(own.scalars(sa.text("SELECT file_name FROM draft"))) == ["north"]
        assert [one.name for one in accounts.accounts(own)] == ["north"]
