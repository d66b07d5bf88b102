"""PostgreSQL's own row security, under the views: a role that does not own the tables sees what its transaction says."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from db import accounts
from db.engine import StoreError, make_engine, write
from db.opening import open_store
from db.records_accounts import Role
from db.schema import metadata, org_unit
from db.scope import ScopedReaders
from db.store import save_import, undo_import
from tests.db.makers import Fact, Place, report, sheet

PRI = "level=PRI"


@pytest.fixture
def backend() -> str:
    """Row security is PostgreSQL's alone."""
    return "postgresql"


@pytest.fixture
def filled(engine: sa.Engine, place: Place) -> sa.Engine:
    """Files of one county, of both, of the other; an undone one; locks, accounts, drafts of both."""
    both = [Fact("n1a", "enrollment", 411, PRI), Fact("q1a", "enrollment", 977, PRI)]
    save_import(engine, sheet(place, both, "全市.xlsx"), "市")
    save_import(engine, sheet(place, [Fact("n2a", "enrollment", 523, PRI)], "北岭.xlsx"), "北")
    save_import(engine, report(place, [Fact("q1b", "enrollment", 88, "level=KG")], "青山.txt"), "青")
    undone = save_import(engine, sheet(place, [Fact("q1a", "enrollment", 5, PRI)], "错.xlsx"), "青")
    assert undone.import_id is not None
    undo_import(engine, undone.import_id, "青")
    people = [("bei", "北岭", Role.UPLOADER, place["N"]), ("qing", "青山", Role.UPLOADER, place["Q"])]
    accounts.demonstration_accounts(engine, [*people, ("shi", "市", Role.ADMINISTRATOR, None)])
    with write(engine) as connection:
        lock = metadata.tables["period_lock"]
        for unit in (None, place["C"], place["N"], place["Q"]):
            values = {
                "period": "SY2020",
                "org_unit_id": unit,
                "reason": "核定",
                "locked_by": "市",
                "locked_at": sa.func.now(),
            }
            connection.execute(sa.insert(lock).values(**values))
    return engine


@pytest.fixture
def role_url(filled: sa.Engine) -> Iterator[str]:
    """The store under a role that may only read and owns nothing, as docs/security.md sets it up."""
    name = f"edu_reader_{uuid.uuid4().hex[:8]}"
    with filled.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS")
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {name}")
        connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
    yield make_url(filled.url).set(username=name).render_as_string(hide_password=False)
    with filled.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {name}")
        connection.exec_driver_sql(f"DROP ROLE {name}")


@pytest.fixture
def reader(role_url: str) -> Iterator[sa.Engine]:
    made = make_engine(role_url, sees_everything=False)
    yield made
    made.dispose()


def path_of(engine: sa.Engine, unit: int) -> str:
    with engine.connect() as connection:
        return str(connection.scalar(sa.select(org_unit.c.path).where(org_unit.c.id == unit)))


def counts(connection: sa.Connection) -> dict[str, int]:
    return {
        name: connection.scalar(sa.text(f"SELECT COUNT(*) FROM public.{name}")) or 0  # noqa: S608
        for name in metadata.tables
    }


def said(connection: sa.Connection, scope: str) -> None:
    connection.execute(sa.select(sa.func.set_config("edu.scope", scope, True)))


def test_every_table_has_row_security(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        secured = set(connection.scalars(sa.text(
            "SELECT c.relname FROM pg_class AS c JOIN pg_policy AS p ON p.polrelid = c.oid WHERE c.relrowsecurity"
        )))  # fmt: skip
    assert secured == set(metadata.tables)  # a new table brings its policy with its migration, as 0013 does


def test_a_role_that_says_no_scope_sees_no_row(reader: sa.Engine) -> None:
    with reader.connect() as connection:
        assert {name: n for name, n in counts(connection).items() if n} == {}


def test_the_owner_sees_what_the_role_does_not(filled: sa.Engine) -> None:
    with filled.connect() as connection:
        held = counts(connection)
    assert held["observation"] == 5
    assert held["rollup"] > 0
    assert held["source_content"] == 4


@pytest.mark.parametrize(
    "scope", ["3) or (1=1", "/1/' OR '1'='1", "%", "/%/", "/1/;DROP TABLE account", "1", "/1", "/-1/", "/1/\n", "//"]
)
def test_a_hostile_scope_is_an_error(reader: sa.Engine, scope: str) -> None:
    with reader.connect() as connection:
        said(connection, scope)
        with pytest.raises(sa.exc.DBAPIError, match=r"edu\.scope is no path"):
            connection.execute(sa.text("SELECT * FROM public.observation")).all()


def test_the_scope_is_gone_after_the_transaction(filled: sa.Engine, reader: sa.Engine, place: Place) -> None:
    with reader.connect() as connection:
        said(connection, path_of(filled, place["N"]))
        assert counts(connection)["observation"] == 2
        connection.commit()
        assert counts(connection)["observation"] == 0
        said(connection, "/")
        assert counts(connection)["observation"] == 5
        connection.rollback()
        assert counts(connection)["observation"] == 0


@pytest.mark.parametrize(("unit", "values"), [("N", {411, 523}), ("Q", {977, 88, 5}), ("n1a", {411}), ("old", set())])
def test_a_scope_shows_its_own_rows_of_the_tables_themselves(
    filled: sa.Engine, reader: sa.Engine, place: Place, unit: str, values: set[float]
) -> None:
    path = path_of(filled, place[unit])
    with reader.connect() as connection:
        said(connection, path)
        assert set(connection.scalars(sa.text("SELECT value FROM public.observation"))) == values
        assert set(connection.scalars(sa.text("SELECT quote FROM public.evidence"))) == {f"{v:g}" for v in values}
        paths = set(connection.scalars(sa.text("SELECT path FROM public.org_unit")))
        assert all(each.startswith(path) for each in paths)
        held = counts(connection)
        assert held["source_content"] == held["issue"] == held["import_batch"] == 0  # not until the lists are said
        assert held["audit_event"] == held["sign_in_session"] == 0
        assert (held["cell_count"] > 0) == (unit in "NQ")  # of whole counties only


@pytest.mark.parametrize("unit", ["C", "N", "Q", "n1a", "q1b", "old"])
def test_the_pages_see_the_same_with_and_without_the_wall(
    filled: sa.Engine, role_url: str, place: Place, unit: str
) -> None:
    """Every table through the views: as the owner, and as the role that the wall holds for."""
    path = path_of(filled, place[unit])
    seen = []
    for url in (None, role_url):
        readers = ScopedReaders(filled, url)
        with readers.reading(path) as connection:
            if url is not None:
                assert connection.scalar(sa.text("SELECT current_user")) == make_url(url).username
            seen.append(
                {
                    name: sorted(map(repr, connection.execute(sa.select(table))))
                    for name, table in metadata.tables.items()
                }
            )
        readers.close()
    for name in metadata.tables:
        assert seen[0][name] == seen[1][name], name
    assert (len(seen[0]["observation"]) > 0) is (unit != "old")


def test_a_view_that_was_forgotten_shows_nothing_of_others(filled: sa.Engine, role_url: str, place: Place) -> None:
    readers = ScopedReaders(filled, role_url)
    with readers.reading(path_of(filled, place["N"])) as connection:
        for name in metadata.tables:
            connection.exec_driver_sql(f"DROP VIEW IF EXISTS pg_temp.{name} CASCADE")
        everything = str([connection.execute(sa.select(table)).all() for table in metadata.tables.values()])
    readers.close()
    assert "北岭.xlsx" in everything
    assert not [word for word in ("石塘", "青山", "977", "88.0", "qing") if word in everything]


def test_the_role_can_change_nothing(role_url: str) -> None:
    engine = make_engine(role_url)
    with engine.connect() as connection, pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        connection.execute(sa.text("DELETE FROM public.observation"))
    engine.dispose()


def test_the_program_itself_runs_as_the_owner_and_says_so(role_url: str) -> None:
    """COPY does not work under row security, and only an owner migrates."""
    program = make_engine(role_url)
    with pytest.raises(StoreError, match="不是表的属主"):
        open_store(program)
    program.dispose()


@pytest.mark.parametrize(
    ("case", "words"),
    [("fine", None), ("owner", "不起作用"), ("closed", r"读不了 account 等 1 张表"), ("gone", "连不上")],
)
def test_the_role_of_readers_is_looked_at_when_the_store_is_opened(
    filled: sa.Engine, role_url: str, monkeypatch: pytest.MonkeyPatch, case: str, words: str | None
) -> None:
    urls = {"owner": filled.url.render_as_string(hide_password=False), "gone": "postgresql://nobody@127.0.0.1:9/none"}
    monkeypatch.setenv("EDU_READER_URL", urls.get(case, role_url))
    if case == "closed":
        with filled.begin() as connection:
            connection.exec_driver_sql(f"REVOKE SELECT ON public.account FROM {make_url(role_url).username}")  # noqa: S608
    if words is None:
        open_store(filled)
        return
    with pytest.raises(StoreError, match=words):
        open_store(filled)


def test_readers_with_a_scope_use_the_role_of_the_environment(
    filled: sa.Engine, role_url: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDU_READER_URL", role_url)
    readers = ScopedReaders(filled)
    with readers.reading(path_of(filled, place["Q"])) as connection:
        assert connection.scalar(sa.text("SELECT current_user")) == make_url(role_url).username
        assert connection.scalar(sa.text("SELECT COUNT(*) FROM public.observation")) == 3
    readers.close()
