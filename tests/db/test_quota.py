"""What one account may hand in on one day, and the names under which files are shown."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db import audit, quota
from db.blocks import LONGEST_FILE_NAME, file_name
from db.engine import moment
from db.quota import MEGABYTE, OverQuota, Quota, start_of_day, take
from db.records_accounts import Action
from db.schema_uploads import upload

FEW = Quota(3, 10 * MEGABYTE)


def count(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(upload)) or 0


def test_the_file_after_the_last_is_refused_and_others_go_on(engine: sa.Engine) -> None:
    for n in range(3):
        take(engine, "li", 100, f"{n}", FEW)
    with pytest.raises(OverQuota, match=r"已交 3 个文件.*每天 3 个.*明天 0 时起可继续上传"):
        take(engine, "li", 100, "3", FEW)
    take(engine, "wang", 100, "3", FEW)
    assert count(engine) == 4
    with engine.connect() as connection:
        [event] = audit.events(connection, action=Action.REFUSED)
    assert (event.actor, event.subject) == ("li", "quota")


def test_the_usual_quota_is_a_hundred_files(engine: sa.Engine) -> None:
    for n in range(100):
        take(engine, "li", 1, f"{n}", Quota())
    with pytest.raises(OverQuota, match="每天 100 个"):
        take(engine, "li", 1, "the 101st", Quota())


def test_bytes_count_too(engine: sa.Engine) -> None:
    take(engine, "li", 9 * MEGABYTE, "a", FEW)
    with pytest.raises(OverQuota, match=r"已交 9 MB,加上这份 2.0 MB"):
        take(engine, "li", 2 * MEGABYTE, "b", FEW)
    take(engine, "li", MEGABYTE, "c", FEW)


def test_the_same_bytes_again_cost_nothing(engine: sa.Engine) -> None:
    for _ in range(5):
        take(engine, "li", 9 * MEGABYTE, "a", FEW)
    assert count(engine) == 1


def test_the_next_day_begins_anew(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(3):
        take(engine, "li", 100, f"{n}", FEW)
    later = start_of_day(moment()) + timedelta(days=1, minutes=1)
    monkeypatch.setattr(quota, "moment", lambda: later)
    take(engine, "li", 100, "3", FEW)
    monkeypatch.setattr(quota, "moment", lambda: later + timedelta(days=8))
    take(engine, "li", 100, "4", FEW)
    assert count(engine) == 1  # what is over is not kept


def test_two_windows_at_once_get_no_more(engine: sa.Engine) -> None:
    refused: list[Exception] = []

    def hand_in(n: int) -> None:
        try:
            take(engine, "li", 1, f"{n}", FEW)
        except OverQuota as error:
            refused.append(error)

    threads = [threading.Thread(target=hand_in, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (count(engine), len(refused)) == (3, 5)


@pytest.mark.parametrize(
    ("environment", "files", "megabytes"),
    [({}, 100, 1000), ({"EDU_QUOTA_FILES": "20", "EDU_QUOTA_MB": " 300 "}, 20, 300), ({"EDU_QUOTA_FILES": "0"}, 100, 1000),
     ({"EDU_QUOTA_FILES": "many", "EDU_QUOTA_MB": "-5"}, 100, 1000)],
)  # fmt: skip
def test_the_bureau_sets_its_own(environment: dict[str, str], files: int, megabytes: int) -> None:
    assert Quota.from_environment(environment) == Quota(files, megabytes * MEGABYTE)


@pytest.mark.parametrize(
    ("said", "shown"),
    [("../../etc/passwd", "passwd"), ("C:\\报表\\一览.xlsx", "一览.xlsx"), ("a\0b.csv", "ab.csv"), ("表\r\nX: y.csv", "表X: y.csv"),
     ("表\u202excod.exe", "表xcod.exe"), ("\u200e\u2066x\u2069.csv", "x.csv"), ("=1+1.xlsx", "=1+1.xlsx"), ("", "未命名"),
     ("...", "未命名"), ("a/", "未命名"), ("  两 个  空格 .csv", "两 个 空格 .csv"), ("\ud800.csv", "?.csv")],
)  # fmt: skip
def test_a_file_is_shown_under_a_harmless_name(said: str, shown: str) -> None:
    assert file_name(said) == shown


def test_a_long_name_keeps_its_ending() -> None:
    assert file_name("长" * 300 + ".xlsx") == "长" * (LONGEST_FILE_NAME - 5) + ".xlsx"
    assert len(file_name("." + "长" * 300)) == LONGEST_FILE_NAME
