"""Each group of tables has a version that follows every write, whoever makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from db import accounts, audit, bureau, drafts, locks, notes, queries, rulings, tokens
from db.engine import make_engine, write
from db.names import Names, once, once_in_scope
from db.org import add_alias, load_org_units
from db.org_changes import carry_out, take_back
from db.records import SourceFile
from db.records_accounts import Action, Role
from db.records_claims import Verdict
from db.records_org import Asked, Rename
from db.records_review import Choice
from db.review_bulk import settle_name
from db.schema import indicator, metadata, org_unit, store_state
from db.schema_control import setting
from db.scope import BEHIND, RULES, ScopedReaders
from db.store import save_import, undo_import
from db.versions import COLUMNS, GROUP_OF, GROUPS, STATE, UNVERSIONED, State, _written_by, noting, read_state, tables_in
from tests.db.makers import CITY, YEAR, Fact, Place, report, sheet
from tests.db.registered import DAY
from tests.db.reviewed import stored_id, take, waiting_report, waits

PRI = "level=PRI"
Act = Callable[[sa.Engine, Place], object]


def versions(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return dict(zip(GROUPS, read_state(connection).versions, strict=True))


def grown(engine: sa.Engine, act: Callable[[], object]) -> set[str]:
    before = versions(engine)
    act()
    after = versions(engine)
    assert all(after[group] >= before[group] for group in GROUPS)
    return {group for group in GROUPS if after[group] > before[group]}


SPELT = (
    "INSERT OR REPLACE INTO {} VALUES (1)", 'DELETE FROM "{}"', "update public.{} set a = 1", "TRUNCATE {}",
    "WITH gone AS (DELETE FROM {} RETURNING id) SELECT id FROM gone",
)  # fmt: skip

READ = "WITH a AS (SELECT 1) SELECT * FROM {}"


# ---- every table -------------------------------------------------------------------------------------


def test_every_table_belongs_to_one_group_or_is_never_kept() -> None:
    grouped = [table for tables in GROUPS.values() for table in tables]
    assert sorted([*grouped, *UNVERSIONED, STATE]) == sorted(metadata.tables)
    assert {column.name for column in store_state.columns} >= set(COLUMNS)


@pytest.mark.parametrize("name", sorted(GROUP_OF))
@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_whatever_writes_to_a_table_is_seen(name: str, dialect: sa.Dialect) -> None:
    table = metadata.tables[name]
    column = next(iter(table.columns))
    spelt: list[sa.ClauseElement] = [
        sa.insert(table).values(dict.fromkeys(table.columns)), sa.update(table).values({column: None}), sa.delete(table),
        sa.insert(table).from_select([column.name], sa.select(sa.null())),
        sa.update(table).values({column: None}).where(sa.exists().where(indicator.c.id == 1)),
    ]  # fmt: skip
    texts = [str(each.compile(dialect=dialect)) for each in spelt]
    texts += [text.format(name) for text in SPELT]
    for text in texts:
        assert _written_by(text) == {name}, text
    assert _written_by(READ.format(name)) == frozenset()


def test_a_statement_tells_the_tables_it_reads_even_below_a_view_of_a_scope() -> None:
    query = sa.select(org_unit.c.id).where(org_unit.c.id.in_(sa.select(setting.c.key)))
    assert tables_in(str(query)) == {"org_unit", "setting"}
    assert set(BEHIND) == set(RULES)
    assert BEHIND["evidence"] >= {"observation", "org_unit"}
    assert BEHIND["issue"] >= {"import_batch", "org_unit"}
    assert BEHIND["setting"] == BEHIND["period"] == frozenset()


# ---- the store's own functions -----------------------------------------------------------------------


def put(engine: sa.Engine, place: Place, value: int = 300, name: str = "报表.xlsx") -> int:
    return save_import(engine, sheet(place, [Fact("n1a", "enrollment", value, PRI)], name), "甲").import_id or 0


def told(engine: sa.Engine, place: Place) -> int:
    """A discrepancy: the observation that a report states."""
    put(engine, place)
    save_import(engine, report(place, [Fact("n1a", "enrollment", "320", PRI)]), "乙")
    with engine.connect() as connection:
        [number] = queries.discrepancies(connection)["told_observation_id"]
    return int(number)


def alias(engine: sa.Engine, place: Place) -> None:
    with write(engine) as connection:
        add_alias(connection, place["n1a"], "河口一小")


def proposed(engine: sa.Engine, place: Place) -> None:
    stored_id(engine, waiting_report(place, [], [Fact("?云水小学", "enrollment", "60", PRI)]))


def many(engine: sa.Engine, place: Place) -> None:
    facts = [Fact("n1a", "enrollment", n, PRI, f"SY{1800 + n}") for n in range(150)]
    save_import(engine, sheet(place, facts), "甲")


PLAIN: dict[str, tuple[Act, set[str]]] = {
    "units": (lambda e, p: load_org_units(e, [replace(CITY[0], short_name="澄湖")]), {"directory"}),
    "alias": (alias, {"directory"}),
    "rename": (lambda e, p: carry_out(e, Rename(p["n1a"], "河口实验小学", DAY), "甲"), {"directory"}),
    "import": (put, {"facts", "names"}),
    "many at once": (many, {"facts", "names"}),
    "an unknown unit": (proposed, {"directory", "facts"}),
    "target": (
        lambda e, p: bureau.add_target(
            e, "vac_cert_check_rate", None, Decimal(95), "county", date(2026, 1, 1), "文件", "甲"
        ),
        {"settings"},
    ),
    "last day": (lambda e, p: bureau.set_due(e, "school_basics", "start", 1, 10, "甲"), {"settings"}),
    "note": (lambda e, p: notes.pin(e, p["n1a"], "enrollment", PRI, YEAR, "一", "甲"), {"decisions"}),
    "lock": (lambda e, p: locks.lock(e, YEAR, None, "已报", "甲"), {"decisions"}),
}  # fmt: skip


@pytest.mark.parametrize("act", PLAIN)
def test_a_write_bumps_the_group_of_its_tables_and_no_other(engine: sa.Engine, place: Place, act: str) -> None:
    made, groups = PLAIN[act]
    assert grown(engine, lambda: made(engine, place)) == groups


def test_what_follows_a_write_bumps_too(engine: sa.Engine, place: Place) -> None:
    number = told(engine, place)
    assert grown(engine, lambda: put(engine, place, 301, "更正.xlsx")) == {"facts"}  # all of it is known by name
    assert grown(engine, lambda: put(engine, place, 301, "更正.xlsx")) == set()  # the same bytes again
    import_id = put(engine, place, 302, "再更正.xlsx")
    assert grown(engine, lambda: undo_import(engine, import_id, "甲")) == {"facts"}
    number = int(queries_discrepancy(engine))
    assert grown(engine, lambda: rulings.rule(engine, number, Verdict.TOLD, "核对", "丙")) == {"facts", "decisions"}
    assert grown(engine, lambda: rulings.revoke(engine, number, "丙")) == {"facts", "decisions"}


def queries_discrepancy(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(queries.discrepancies(connection)["told_observation_id"].iloc[0])


def test_a_decision_and_a_name_that_is_claimed_bump(engine: sa.Engine, place: Place) -> None:
    stored_id(engine, waiting_report(place, [], [Fact("n1a", "enrollment", "60", PRI)]))
    [one] = waits(engine)
    assert grown(engine, lambda: take(engine, one, Choice.ACCEPT)) == {"names", "facts", "decisions"}
    stored_id(engine, waiting_report(place, [], [Fact("?云水小学", "enrollment", "70", PRI)], name="另一份.txt"))
    assert {"directory", "facts"} <= grown(engine, lambda: settle_name(engine, "云水小学", place["n2a"], "甲"))


def test_a_change_of_the_register_and_its_undoing_bump(engine: sa.Engine, place: Place) -> None:
    asked: Asked = Rename(place["n1a"], "河口实验小学", DAY)
    event = carry_out(engine, asked, "甲").event
    assert event is not None
    assert "directory" in grown(engine, lambda: take_back(engine, event, "甲"))


def test_what_is_never_kept_bumps_nothing(engine: sa.Engine, place: Place) -> None:
    def people() -> None:
        with write(engine) as connection:
            accounts.add_account(connection, "zhang", "张", Role.VIEWER, place["N"], by="甲")
            audit.record(connection, Action.SIGN_IN, "zhang")

    source = SourceFile("a.txt", b"a", "0" * 64, "text/plain")
    assert grown(engine, people) == set()
    assert grown(engine, lambda: drafts.open_draft(engine, source, "甲")) == set()
    assert grown(engine, lambda: tokens.add_token(engine, "取数", None, 30, "甲")) == set()


# ---- one transaction, several processes ------------------------------------------------------------------


def test_what_is_undone_bumps_nothing_and_what_is_written_bumps_once(engine: sa.Engine, place: Place) -> None:
    def spelt(connection: sa.Connection) -> None:
        for name in ("甲", "乙"):
            connection.execute(sa.update(org_unit).where(org_unit.c.id == place["n1a"]).values(short_name=name))

    def failing() -> None:
        with write(engine) as connection:
            spelt(connection)
            raise RuntimeError

    before = versions(engine)
    with pytest.raises(RuntimeError):
        failing()
    assert versions(engine) == before
    with write(engine) as connection:
        spelt(connection)
        assert dict(zip(GROUPS, read_state(connection).versions, strict=True)) == before
    assert versions(engine) == {**before, "directory": before["directory"] + 1}
    with write(engine) as connection:
        connection.execute(sa.update(org_unit).where(org_unit.c.id == -1).values(short_name="无"))
    assert versions(engine)["directory"] == before["directory"] + 1


def test_a_row_that_is_given_back_counts_whatever_was_written_before(engine: sa.Engine, place: Place) -> None:
    note = PLAIN["note"][0]
    with write(engine) as connection:  # SQLite tells of the statement before
        connection.execute(sa.update(org_unit).where(org_unit.c.id == -1).values(short_name="无"))
    assert [grown(engine, lambda: note(engine, place)) for _ in range(2)] == [{"decisions"}] * 2


def test_another_process_sees_the_version_with_what_was_written(engine: sa.Engine, place: Place) -> None:
    other = make_engine(engine.url.render_as_string(hide_password=False))
    with other.connect() as reader:
        before = read_state(reader)
        alias(engine, place)
        assert read_state(reader) == before  # of one transaction: what it reads is of that state
    with other.connect() as reader:
        assert read_state(reader).versions[0] == before.versions[0] + 1
    other.dispose()


# ---- what is kept by them ----------------------------------------------------------------------------


def test_what_was_read_is_good_until_one_of_its_tables_is_written_to(engine: sa.Engine, place: Place) -> None:
    names, reads = Names(), list[str]()

    def count(connection: sa.Connection) -> int:
        reads.append("read")
        return int(connection.scalar(sa.select(sa.func.count()).select_from(org_unit)) or 0)

    def ask() -> int:
        with engine.connect() as connection, names.lent(connection, read_state(connection)), noting(connection) as seen:
            found = once(connection, "units", count)
            assert seen == {"org_unit"}  # also where nothing was read
            return found

    first = ask()
    assert (ask(), len(reads)) == (first, 1)
    put(engine, place)
    assert (ask(), len(reads)) == (first, 1)
    load_org_units(engine, [replace(CITY[-1], key="neu", code="neu", name="新园", aliases=())])
    assert (ask(), len(reads)) == (first + 1, 2)


def test_what_is_kept_for_one_scope_is_not_given_to_another(engine: sa.Engine, place: Place) -> None:
    readers = ScopedReaders(engine)

    def ask(scope: str) -> int:
        opened = readers.reading(scope) if scope else readers.reading_all()
        with opened as connection:
            return once_in_scope(connection, "n", lambda c: int(c.scalar(sa.text("SELECT COUNT(*) FROM org_unit"))))

    city, north = f"/{place['C']}/", f"/{place['C']}/{place['N']}/"
    assert [ask(each) for each in ("", north, city, north)] == [13, 8, 13, 8]
    readers.close()


def test_the_lists_of_a_scope_follow_imports(engine: sa.Engine, place: Place) -> None:
    readers = ScopedReaders(engine)

    def seen(key: str) -> int:
        with readers.reading(f"/{place['C']}/{place[key]}/") as connection:
            return int(connection.scalar(sa.text("SELECT COUNT(*) FROM import_batch")) or 0)

    assert (seen("N"), seen("Q")) == (0, 0)
    number = put(engine, place)
    assert (seen("N"), seen("Q")) == (1, 0)
    with write(engine) as connection:  # without a new revision: the versions tell it all the same
        connection.execute(sa.text("DELETE FROM restatement"))
        connection.execute(sa.text("DELETE FROM evidence"))
        moved = "UPDATE observation SET org_unit_id = :q, area_id = (SELECT area_id FROM org_unit WHERE id = :q)"
        connection.execute(sa.text(moved), {"q": place["q1a"]})
    assert (seen("N"), seen("Q")) == (0, 1)
    assert number
    readers.close()


def test_what_has_no_version_cannot_be_kept() -> None:
    state = State(7, tuple(range(len(GROUPS))))
    assert state.of(frozenset({"org_unit", "rollup", STATE})) == {"directory": 0, "facts": 3, "revision": 7}
    for table in UNVERSIONED:
        with pytest.raises(LookupError, match=table):
            state.of(frozenset({table}))
