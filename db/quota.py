"""How much one account may hand in on one day, by the clock of this machine. The same bytes again cost nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from db import audit
from db.blocks import fit
from db.engine import StoreError, moment, write
from db.records_accounts import Action
from db.schema_uploads import upload

KEPT = timedelta(days=7)
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Quota:
    """Files and bytes of one day."""

    files: int = 100
    size: int = 1000 * MEGABYTE

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Quota:
        """`EDU_QUOTA_FILES` and `EDU_QUOTA_MB`; what is no number of at least 1 leaves the default."""
        values = os.environ if environment is None else environment
        usual = cls()
        return cls(
            _number(values.get("EDU_QUOTA_FILES"), usual.files),
            _number(values.get("EDU_QUOTA_MB"), usual.size // MEGABYTE) * MEGABYTE,
        )


def _number(said: str | None, usual: int) -> int:
    text = (said or "").strip()
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 10**6 else usual


def take(engine: sa.Engine, account: str, size: int, sha256: str, quota: Quota | None = None) -> None:
    """Counts a file that an account hands in. Raises StoreError with the time at which it may go on."""
    allowed, now, who = quota or Quota.from_environment(), moment(), fit(upload.c.account, account)
    try:
        with write(engine) as connection:
            connection.execute(sa.delete(upload).where(upload.c.at < now - KEPT))
            mine = sa.and_(upload.c.account == who, upload.c.at >= start_of_day(now))
            if connection.scalar(sa.select(upload.c.id).where(mine, upload.c.sha256 == sha256).limit(1)) is not None:
                return
            held = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(upload.c.size), 0)).where(mine)
            files, used = connection.execute(held).one()
            _require(allowed, int(files), int(used), size)
            connection.execute(sa.insert(upload).values(account=who, at=now, size=size, sha256=sha256))
    except OverQuota:
        with write(engine) as connection:
            audit.record(connection, Action.REFUSED, account, subject="quota", after={"size": size})
        raise


class OverQuota(StoreError):
    """The day's share is used up."""


def _require(allowed: Quota, files: int, used: int, size: int) -> None:
    if files >= allowed.files:
        said = f"您今天已交 {files} 个文件,达到每个账号每天 {allowed.files} 个的上限"
    elif used + size > allowed.size:
        said = (
            f"您今天已交 {used / MEGABYTE:.0f} MB,加上这份 {size / MEGABYTE:.1f} MB 会超过"
            f"每个账号每天 {allowed.size // MEGABYTE} MB 的上限"
        )
    else:
        return
    raise OverQuota(f"{said},这份文件没有读取。明天 0 时起可继续上传;急需时请系统管理员调高上限。")


def start_of_day(now: datetime) -> datetime:
    """The beginning of the local day of a moment, both in UTC without a zone."""
    local = now.replace(tzinfo=UTC).astimezone()
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC).replace(tzinfo=None)
