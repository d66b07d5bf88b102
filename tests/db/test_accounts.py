"""Accounts, sign-in and sessions: who comes in, for how long, and what a guesser learns."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db import accounts, audit, passwords, sessions
from db.__main__ import main
from db.engine import StoreError, make_engine, moment, write
from db.passwords import PasswordRule
from db.records_accounts import RIGHTS, Action, Right, Role
from db.schema_accounts import account, audit_event, sign_in_session
from tests.db.makers import Place

HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"


def add(engine: sa.Engine, name: str, role: Role = Role.VIEWER, unit: int | None = None) -> str:
    with write(engine) as connection:
        return accounts.add_account(connection, name, name, role, unit, by="管理员")


def later(engine: sa.Engine, token_age: timedelta, seen_age: timedelta) -> None:
    with write(engine) as connection:
        now = moment()
        connection.execute(sa.update(sign_in_session).values(created_at=now - token_age, seen_at=now - seen_age))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap hashes, where the number of them is not what is tested."""
    monkeypatch.setattr(passwords, "_HASHER", passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def test_the_first_administrator_is_made_once(engine: sa.Engine, quick: None) -> None:
    given = accounts.first_administrator(engine, "Boss", "王主任")
    held = sessions.sign_in(engine, "boss", given, HERE).account
    assert (held.role, held.one_time, held.display_name, held.scope) == (Role.ADMINISTRATOR, True, "王主任", "")
    with pytest.raises(StoreError, match="只能建立一次"):
        accounts.first_administrator(engine, "other")


@pytest.mark.parametrize("name", ["", "a", "-a", "王", "a b", "a'; drop table account", "x" * 33])
def test_a_name_that_cannot_be_typed_everywhere_is_refused(engine: sa.Engine, name: str) -> None:
    with pytest.raises(StoreError, match="账号名用"):
        add(engine, name)


def test_names_are_one_in_any_case_and_units_exist(engine: sa.Engine, quick: None) -> None:
    add(engine, "li")
    with pytest.raises(StoreError, match="已经存在"):
        add(engine, "LI")
    with pytest.raises(StoreError, match="没有这个单位"):
        add(engine, "wang", unit=999_999)


def test_the_scope_of_an_account_is_the_path_of_its_unit(engine: sa.Engine, place: Place, quick: None) -> None:
    some = next(iter(place.ids.values()))
    add(engine, "li", unit=some)
    with engine.connect() as connection:
        held = accounts.account_named(connection, "li")
    assert held is not None
    assert held.scope.endswith(f"/{some}/")


def test_the_store_holds_neither_password_nor_token(engine: sa.Engine) -> None:
    given = add(engine, "li")
    token = sessions.sign_in(engine, "li", given, HERE).token
    with engine.connect() as connection:
        said = str(connection.execute(sa.select(account)).all() + connection.execute(sa.select(sign_in_session)).all())
        said += str(connection.execute(sa.select(audit_event)).all())
    assert given not in said
    assert token not in said
    assert "$argon2id$" in said


def test_unknown_name_wrong_password_and_disabled_account_read_alike(engine: sa.Engine, quick: None) -> None:
    given = add(engine, "li")
    with engine.connect() as connection:
        held = accounts.account_named(connection, "li")
    assert held is not None
    said = set()
    for name, password in (("nobody", "x" * 12), ("li", "x" * 12), ("li", "y" * 5000)):
        with pytest.raises(sessions.SignInRefused) as refused:
            sessions.sign_in(engine, name, password, HERE)
        said.add(str(refused.value))
    add(engine, "boss", Role.ADMINISTRATOR)
    accounts.change_account(engine, held.id, {"disabled": True}, by="boss")
    with pytest.raises(sessions.SignInRefused) as refused:
        sessions.sign_in(engine, "li", given, HERE)
    assert said | {str(refused.value)} == {"账号或密码不对。请检查大小写;忘记密码请联系管理员重置。"}


def test_guessing_is_slowed_before_hashing_and_locks_nobody_out(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, quick: None
) -> None:
    given = add(engine, "li")
    hashes: list[str] = []
    honest = sessions.matches
    monkeypatch.setattr(sessions, "matches", lambda kept, said: hashes.append(said) or honest(kept, said))
    refusals = []
    for _ in range(20):
        with pytest.raises(sessions.SignInRefused) as refused:
            sessions.sign_in(engine, "li", "wrong-password", HERE)
        refusals.append(refused.value)
    assert len(hashes) == sessions.FAILURES_OF_PAIR
    assert refusals[-1].wait is not None
    assert "分钟后再试" in str(refusals[-1])
    with pytest.raises(sessions.SignInRefused):
        sessions.sign_in(engine, "li", given, HERE)
    assert sessions.sign_in(engine, "li", given, ELSEWHERE).account.name == "li"


def test_many_names_from_one_address_are_slowed_too(engine: sa.Engine, quick: None) -> None:
    given = add(engine, "li")
    for number in range(sessions.FAILURES_OF_ADDRESS):
        with pytest.raises(sessions.SignInRefused):
            sessions.sign_in(engine, f"name{number}", "wrong-password", HERE)
    with pytest.raises(sessions.SignInRefused, match="分钟后再试"):
        sessions.sign_in(engine, "li", given, HERE)


def test_at_most_two_hashes_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, gate = 0, 0, threading.Lock()

    class Slow:
        def verify(self, kept: str, said: str) -> bool:
            nonlocal running, most
            with gate:
                running, most = running + 1, max(most, running + 1)
            threading.Event().wait(0.01)
            with gate:
                running -= 1
            return True

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    threads = [threading.Thread(target=passwords.matches, args=("", "")) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


@pytest.mark.parametrize(
    ("age", "idle", "open_"),
    [(timedelta(hours=11), timedelta(minutes=29), True), (timedelta(hours=11), timedelta(minutes=30), False),
     (timedelta(hours=12), timedelta(0), False)],
)  # fmt: skip
def test_a_session_ends_when_idle_and_at_the_latest_after_half_a_day(
    engine: sa.Engine, quick: None, age: timedelta, idle: timedelta, open_: bool
) -> None:
    token = sessions.sign_in(engine, "li", add(engine, "li"), HERE).token
    later(engine, age, idle)
    assert (sessions.session_account(engine, token) is not None) is open_


def test_activity_keeps_a_session_open(engine: sa.Engine, quick: None) -> None:
    token = sessions.sign_in(engine, "li", add(engine, "li"), HERE).token
    later(engine, timedelta(hours=1), timedelta(minutes=20))
    assert sessions.session_account(engine, token, seen=False) is not None
    with engine.connect() as connection:
        assert moment() - connection.scalars(sa.select(sign_in_session.c.seen_at)).one() > timedelta(minutes=19)
    sessions.session_account(engine, token)
    with engine.connect() as connection:
        assert moment() - connection.scalars(sa.select(sign_in_session.c.seen_at)).one() < timedelta(minutes=1)


def test_each_sign_in_has_its_own_token_and_sign_out_ends_one(engine: sa.Engine, quick: None) -> None:
    given = add(engine, "li")
    first, second = (sessions.sign_in(engine, "li", given, HERE).token for _ in range(2))
    assert first != second
    sessions.sign_out(engine, first)
    sessions.sign_out(engine, "never-given")
    assert sessions.session_account(engine, first) is None
    assert sessions.session_account(engine, second) is not None


def test_a_change_of_role_holds_at_once_and_the_last_administrator_stays(engine: sa.Engine, quick: None) -> None:
    given = accounts.first_administrator(engine, "boss")
    session = sessions.sign_in(engine, "boss", given, HERE)
    for change in ({"disabled": True}, {"role": Role.VIEWER.value}):
        with pytest.raises(StoreError, match="最后一个"):
            accounts.change_account(engine, session.account.id, change, by="boss")
    add(engine, "second", Role.ADMINISTRATOR)
    accounts.change_account(engine, session.account.id, {"role": Role.VIEWER.value}, by="second")
    now = sessions.session_account(engine, session.token)
    assert now is not None
    assert now.role is Role.VIEWER


def test_a_new_password_ends_every_session(engine: sa.Engine, quick: None) -> None:
    given = add(engine, "li")
    session = sessions.sign_in(engine, "li", given, HERE)
    with pytest.raises(StoreError, match="原密码不对"):
        accounts.choose_password(engine, session.account.id, "wrong", "Shanlin-2026-x")
    accounts.choose_password(engine, session.account.id, given, "Shanlin-2026-x")
    assert sessions.session_account(engine, session.token) is None
    fresh = sessions.sign_in(engine, "li", "Shanlin-2026-x", HERE)
    assert not fresh.account.one_time
    again = accounts.reset_password(engine, session.account.id, by="boss")
    assert sessions.session_account(engine, fresh.token) is None
    assert sessions.sign_in(engine, "li", again, HERE).account.one_time


@pytest.mark.parametrize(
    ("password", "fault"),
    [("short1", "至少"), ("x1" * 65, "最多"), ("password123", "太常见"), ("aaaaaaaaaaaa", "太常见"),
     ("li-2026-shan", None), ("wangli-20261", "账号名"), ("onlyletterzz", "混用"), ("三年级的老师都很好", "至少"),
     ("correct horse battery", None)],
)  # fmt: skip
def test_the_rule_for_passwords(password: str, fault: str | None) -> None:
    said = PasswordRule().fault(password, "wangli")
    assert said is None if fault is None else fault in str(said)


def test_the_bureau_sets_its_own_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDU_PASSWORD_LENGTH", "14")
    monkeypatch.setenv("EDU_PASSWORD_CLASSES", "9")
    assert PasswordRule.from_environment() == PasswordRule(14, 4)
    monkeypatch.setenv("EDU_PASSWORD_LENGTH", "3")
    assert PasswordRule.from_environment().shortest == passwords.SHORTEST_ALLOWED


def test_administration_and_audit_are_separate_duties() -> None:
    assert Right.AUDIT not in RIGHTS[Role.ADMINISTRATOR]
    assert Right.ADMINISTER not in RIGHTS[Role.AUDITOR]
    assert all(Right.LOOK in rights for rights in RIGHTS.values())


def test_the_log_tells_what_was_done_and_shows_when_it_was_altered(engine: sa.Engine, quick: None) -> None:
    given = accounts.first_administrator(engine, "boss")
    with pytest.raises(sessions.SignInRefused):
        sessions.sign_in(engine, "boss", "wrong-password", HERE)
    session = sessions.sign_in(engine, "boss", given, HERE)
    add(engine, "second", Role.ADMINISTRATOR)
    accounts.change_account(engine, session.account.id, {"display_name": "王主任"}, by="second", address=HERE)
    with engine.connect() as connection:
        told = audit.events(connection)
        assert [event.action for event in told] == [
            Action.ACCOUNT_CHANGED, Action.ACCOUNT_MADE, Action.SIGN_IN, Action.SIGN_IN_REFUSED, Action.ACCOUNT_MADE,
        ]  # fmt: skip
        assert '"display_name": "boss"' in told[0].before
        assert '"display_name": "王主任"' in told[0].after
        assert [event.actor for event in audit.events(connection, action=Action.SIGN_IN)] == ["boss"]
        assert list(audit.checked(connection).broken) == []
    with write(engine) as connection:
        connection.execute(sa.update(audit_event).where(audit_event.c.id == 2).values(actor="someone"))
        connection.execute(sa.delete(audit_event).where(audit_event.c.id == 4))
    with engine.connect() as connection:
        assert list(audit.checked(connection).broken) == [2, 5]


def test_the_first_administrator_comes_from_the_command_line(
    store_url: str, capsys: pytest.CaptureFixture[str], quick: None
) -> None:
    assert main(["--database", store_url, "administrator", "Boss", "--display-name", "王主任"]) == 0
    given = capsys.readouterr().out.split("一次性密码:")[1].split()[0]
    engine = make_engine(store_url)
    assert sessions.sign_in(engine, "boss", given, HERE).account.display_name == "王主任"
    engine.dispose()
    assert main(["--database", store_url, "administrator", "Second"]) == 2
    assert "只能建立一次" in capsys.readouterr().err
