"""Which schema a store has and which ones this program knows, told without Alembic: a start that finds nothing to migrate
does not wait for it to be imported."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import sqlalchemy as sa

NEWER = "数据库由更新版本的程序建立,本版本无法打开;请先升级程序,再重试。"
_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_NAME = re.compile(r"(\d{4})_\w+\.py")  # a migration's file begins with its revision; they follow one another
_STAMP = sa.table("alembic_version", sa.column("version_num"))


def is_current(connection: sa.Connection) -> bool:
    """Whether the store has the newest schema."""
    return revision_of(connection) == head()


def revision_of(connection: sa.Connection) -> str | None:
    """The revision of a store's schema; None where nothing is in it yet."""
    if not sa.inspect(connection).has_table(_STAMP.name):
        return None
    held: str | None = connection.scalar(sa.select(_STAMP.c.version_num))
    return held


def head() -> str:
    """The newest revision that this program knows."""
    return max(_known())


def is_known(revision: str) -> bool:
    """Whether this program knows a revision, that is, whether it can bring a store of it to the newest one."""
    return revision in _known()


@cache
def _known() -> frozenset[str]:
    return frozenset(found[1] for path in _VERSIONS.iterdir() if (found := _NAME.fullmatch(path.name)))
