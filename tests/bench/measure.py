"""Interleaved times, peak memory in a fresh process, and the line that is printed of both."""

from __future__ import annotations

import gc
import mmap
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

ROOT = Path(__file__).resolve().parent.parent.parent
MEBIBYTE = 1024 * 1024
PAGE = mmap.PAGESIZE
LOOK_EVERY_S = 0.01
Act = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, several times, in `unit`; `limit` is the most it may be: of the ratio to the floor's median
    where there is a floor, else of the median itself. Peaks are bytes of a whole process with its largest child."""

    what: str
    values: tuple[float, ...]
    limit: float
    unit: str = "s"
    floor_what: str = ""
    floor: tuple[float, ...] = ()
    peak: int | None = None
    floor_peak: int | None = None

    @property
    def measured(self) -> float:
        """What the limit is about."""
        return median(self.values) / median(self.floor) if self.floor else median(self.values)

    @property
    def met(self) -> bool:
        return self.measured <= self.limit


def interleaved(
    ours: Act, floor: Act, repeats: int, clock: Clock = perf_counter
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Seconds of both, taken in turns, so that a slower minute of the machine meets both alike."""
    pairs = [(seconds(ours, clock), seconds(floor, clock)) for _ in range(repeats)]
    return tuple(each[0] for each in pairs), tuple(each[1] for each in pairs)


def seconds(act: Act, clock: Clock = perf_counter) -> float:
    """Wall time of one run, or what another clock says; the garbage of the run before is not counted."""
    gc.collect()
    start = clock()
    act()
    return clock() - start


def peak(act: Act) -> int | None:
    """Most bytes in memory at once while a fresh interpreter runs a module's function, its children added. Looked at
    from outside, because the kernel's own record starts with the size of the parent. None where there is no /proc."""
    if not Path("/proc/self/statm").exists():
        return None
    code = f"from {act.__module__} import {act.__name__} as act; act()"
    most = 0
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, resident(process.pid))
            sleep(LOOK_EVERY_S)
    if process.returncode:
        raise RuntimeError(f"{act.__module__}.{act.__name__} ended with {process.returncode}")
    return most


def own_peak() -> int | None:
    """Most bytes that this process has held so far; None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def resident(pid: int) -> int:
    """Bytes in memory of a process and all below it; 0 for one that has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        below = " ".join(each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/children"))
    except (OSError, IndexError):
        return 0
    return pages * PAGE + sum(resident(int(each)) for each in below.split())


def compared(
    what: str, ours: Act, floor_what: str, floor: Act, limit: float, repeats: int, clock: Clock = perf_counter
) -> Figure:
    """Both acts timed in turns, then each alone for its memory. Run what is not to be timed, such as imports and
    dictionaries, before. For acts of this process alone `process_time` leaves out what other programs take."""
    taken, least = interleaved(ours, floor, repeats, clock)
    return Figure(what, taken, limit, "s", floor_what, least, peak(ours), peak(floor))


HEAD = (
    "项目",
    "实测(中位,最小—最大)",
    "下限(中位,最小—最大)",
    "倍数或数值",
    "目标",
    "达到",
    "峰值内存",
    "下限峰值内存",
)


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table of Markdown, as docs/benchmarks.md holds it."""
    rows = [HEAD, ("---",) * len(HEAD), *(cells(each) for each in figures)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def cells(one: Figure) -> tuple[str, ...]:
    """One line of the table."""
    sign = "×" if one.floor else f" {one.unit}"
    floor = f"{one.floor_what} {_spread(one.floor, one.unit)}" if one.floor else "—"
    return (
        one.what,
        _spread(one.values, one.unit),
        floor,
        f"{one.measured:.2f}{sign}",
        f"≤{one.limit:g}{sign}",
        "是" if one.met else "否",
        _size(one.peak),
        _size(one.floor_peak),
    )


def _spread(values: Sequence[float], unit: str) -> str:
    return f"{median(values):.3g} {unit}({min(values):.3g}—{max(values):.3g})"


def _size(size: int | None) -> str:
    return "—" if size is None else f"{size / MEBIBYTE:.0f} MB"
