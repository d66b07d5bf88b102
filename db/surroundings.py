"""What the store stands on: SQLite's version, the kind of disk, its free space, the clock. Each fault is a sentence."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from db.engine import SAFE_SQLITE, moment, sqlite_module
from db.schema import import_batch
from db.schema_accounts import audit_event

MEGABYTE = 1_000_000
LOW_SPACE, NO_SPACE = 1000 * MEGABYTE, 50 * MEGABYTE
CLOCK_SLIPS, CLOCK_WRONG = timedelta(minutes=5), timedelta(days=1)
MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "lustre", "gpfs", "ocfs2", "9p", "davfs", "fuse.sshfs",
    "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone", "fuse.davfs2", "fuse.smbnetfs",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing about the surroundings that is not as it should be. `refuses`: the program must not open the store."""

    code: str
    sentence: str
    refuses: bool = False


def library_fault(version: tuple[int, int, int] | None = None) -> Fault | None:
    """SQLite before 3.51.3 can damage a store that several processes write to."""
    held = sqlite_module().sqlite_version_info if version is None else version
    if tuple(held) >= SAFE_SQLITE:
        return None
    number = ".".join(map(str, held))
    return Fault("sqlite", f"SQLite 版本为 {number},低于 3.51.3,几个程序同时写入时有损坏数据的风险;请安装 pysqlite3,"
                 "在此之前只运行一个会写入的程序。")  # fmt: skip


def share_fault(path: Path) -> Fault | None:
    """A store on a network share: locks do not hold there, so it is refused."""
    kind = disk_kind(path)
    if kind not in _NETWORK:
        return None
    return Fault("share", f"数据库文件 {path} 放在网络共享盘({kind})上,多人使用时会损坏数据,不能打开。"
                 "请用 EDU_DATA_DIR 把数据文件夹放到本机磁盘,或改用 PostgreSQL。", refuses=True)  # fmt: skip


def disk_kind(path: Path, mounts: str | None = None) -> str:
    """The type of the file system that holds a path ("ext4", "nfs4"), "" where this system does not tell."""
    if sys.platform == "win32":
        return _windows_kind(path)
    if mounts is None:
        try:
            mounts = MOUNTS.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
    at = path.absolute().resolve()
    found, length = "", -1
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4]))
        if (at == point or point in at.parents) and len(point.parts) >= length:
            found, length = after.split()[0], len(point.parts)  # of two on the same place the later one is seen
    return found


def _windows_kind(path: Path) -> str:
    import ctypes

    drive = path.absolute().drive
    remote = drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == 4  # type: ignore[attr-defined]
    return "cifs" if remote else ""


def space_fault(folder: Path) -> Fault | None:
    """Little free space where the store and its backups lie."""
    free = free_bytes(folder)
    if free is None or free >= LOW_SPACE:
        return None
    words = f"{folder} 所在磁盘只剩 {free / MEGABYTE:.0f} MB"
    if free < NO_SPACE:
        return Fault("space", f"{words},已不能导入。请立即清理磁盘;查看不受影响。")
    return Fault("space", f"{words},不足 {LOW_SPACE // MEGABYTE} MB,请尽快清理磁盘或扩容。")


def free_bytes(folder: Path) -> int | None:
    """Bytes that may still be written, None where the system does not tell."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def read_only(path: Path) -> bool:
    """Whether a file, or the disk that it lies on, cannot be written to."""
    if hasattr(os, "statvfs"):
        try:
            if os.statvfs(path).f_flag & os.ST_RDONLY:
                return True
        except OSError:
            return True
    return not os.access(path, os.W_OK)


def clock_fault(connection: sa.Connection, now: datetime | None = None) -> Fault | None:
    """A clock that stands before the newest stamp of the store: what is written now would sort before what was."""
    newest = newest_stamp(connection)
    ahead = timedelta(0) if newest is None else newest - (now or moment())
    if newest is None or ahead <= CLOCK_SLIPS:
        return None
    words = f"本机时钟比库中最新的记录早 {_length(ahead)}(库中最新为 {newest:%Y-%m-%d %H:%M} UTC)"
    if ahead <= CLOCK_WRONG or os.environ.get("EDU_ACCEPT_CLOCK") == "1":
        return Fault("clock", f"{words},请校准时钟,否则新旧记录的先后会颠倒。")
    return Fault("clock", f"{words},不能打开数据库。请先校准时钟;如确是从前的时钟走快了,设 EDU_ACCEPT_CLOCK=1 再启动。",
                 refuses=True)  # fmt: skip


def newest_stamp(connection: sa.Connection) -> datetime | None:
    """The latest moment (UTC) at which the store was written to, as far as its imports and its log tell."""
    last_event = sa.select(audit_event.c.at).order_by(audit_event.c.id.desc()).limit(1)
    stamps = [connection.scalar(last_event), connection.scalar(sa.select(sa.func.max(import_batch.c.created_at)))]
    return max((stamp for stamp in stamps if stamp is not None), default=None)


def _length(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时" if minutes < 48 * 60 else f"{minutes // 1440} 天"
