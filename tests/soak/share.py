"""A fixed share of the processor for a process, so that a machine of two cores can show what several processes do on more."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PERIOD_US = 100_000
_V1, _V2 = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")


@contextmanager
def limited(pid: int, cores: float) -> Iterator[bool]:
    """The process gets no more than so many cores until the block ends; False where groups of processes cannot be made here."""
    old = _V1.is_dir()
    root = _V1 if old else _V2
    group, quota = root / f"edu-soak-{os.getpid()}-{pid}", int(cores * _PERIOD_US)
    try:
        group.mkdir()
        if old:
            (group / "cpu.cfs_quota_us").write_text(str(quota), encoding="ascii")
        else:
            (group / "cpu.max").write_text(f"{quota} {_PERIOD_US}", encoding="ascii")
        (group / "cgroup.procs").write_text(str(pid), encoding="ascii")
    except OSError:
        if group.is_dir():
            group.rmdir()
        yield False
        return
    try:
        yield True
    finally:
        (root / "cgroup.procs").write_text(str(pid), encoding="ascii")
        group.rmdir()
