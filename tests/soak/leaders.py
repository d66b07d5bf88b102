"""Fifty leaders who read a page, think for three seconds and go to the next: how long each page takes them."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from db import sessions
from tests.soak.light import Light
from tests.soak.served import Served, cookie_of, cpu_s

PEOPLE, THINK_S, WARM_S, LOAD_S = 50, 3.0, 20.0, 45.0
PAGES = ("", "trends", "districts", "school", "compare")
LEADER = "juzhang"


@dataclass(slots=True)
class Told:
    """Milliseconds of each rerun by page, the largest resident memory (MB), the seconds it took them, and the processor time
    of the servers and of the people themselves (seconds)."""

    by_page: dict[str, list[float]] = field(default_factory=dict)
    peak_mb: float = 0.0
    seconds: float = 0.0
    server_s: float = 0.0
    client_s: float = 0.0
    failed: list[str] = field(default_factory=list)

    @property
    def every(self) -> list[float]:
        return sorted(ms for each in self.by_page.values() for ms in each)

    def percentile(self, share: float) -> float:
        """Of all reruns, in milliseconds."""
        held = self.every
        return held[min(int(len(held) * share), len(held) - 1)]

    @property
    def each_ms(self) -> float:
        """Processor time of the servers for a rerun, in milliseconds."""
        return 1000 * self.server_s / len(self.every)

    @property
    def per_second(self) -> float:
        """Reruns a second."""
        return len(self.every) / self.seconds


def said(told: Told) -> str:
    """What is printed of one load."""
    pages = "、".join(f"{page or '总览'} {sorted(ms)[len(ms) // 2]:.0f}" for page, ms in told.by_page.items() if ms)
    return (
        f"{len(told.every)} 次重跑({told.per_second:.1f} 次/秒),中位 {told.percentile(0.5):.0f} 毫秒,"
        f"p95 {told.percentile(0.95):.0f} 毫秒;各页中位 {pages};每次重跑服务用处理器 {told.each_ms:.1f} 毫秒"
        f"(发生器 {1000 * told.client_s / len(told.every):.1f});常驻内存最大 {told.peak_mb:.0f} MB"
    )


def together(rounds: Sequence[Told]) -> Told:
    """Several rounds as one."""
    found = Told({page: [ms for each in rounds for ms in each.by_page[page]] for page in rounds[0].by_page})
    found.peak_mb = max(each.peak_mb for each in rounds)
    found.seconds, found.server_s, found.client_s = (
        sum(getattr(each, name) for each in rounds) for name in ("seconds", "server_s", "client_s")
    )
    return found


def signed_in(served: Served, people: int = PEOPLE) -> list[dict[str, str]]:
    """The cookies of so many sessions."""
    return [{"Cookie": cookie_of(served, LEADER)} for _ in range(people)]


def as_the_gate_says(headers: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The same people for a server without a gate."""
    keys = (sessions.key_of(each["Cookie"].partition("=")[2]) for each in headers)
    return [{**each, "X-Edu-Session": key} for each, key in zip(headers, keys, strict=True)]


def run(
    served: Served,
    people: Sequence[Mapping[str, str]],
    pages: Sequence[str] = PAGES,
    *,
    think_s: float = THINK_S,
    warm_s: float = WARM_S,
    load_s: float = LOAD_S,
    servers: Sequence[Served] = (),
) -> Told:
    """The load on a running server, or on the `servers` behind it; what happens in the first `warm_s` seconds is not
    counted."""
    told = Told({page: [] for page in pages})
    start = time.monotonic() + warm_s
    threads = [
        threading.Thread(target=_leader, args=(served, headers, pages, number, think_s, start, start + load_s, told))
        for number, headers in enumerate(people)
    ]
    for each in threads:
        each.start()
    time.sleep(warm_s)
    behind = servers or (served,)
    before = sum(map(cpu_s, behind)), time.process_time()
    while time.monotonic() < start + load_s:
        time.sleep(0.5)
        told.peak_mb = max(told.peak_mb, sum(each.rss_mb() for each in behind))
    told.server_s, told.client_s = sum(map(cpu_s, behind)) - before[0], time.process_time() - before[1]
    for each in threads:
        each.join()
    told.seconds = load_s
    assert not told.failed, told.failed[:3]
    return told


def _leader(
    served: Served, headers: Mapping[str, str], pages: Sequence[str], number: int, think_s: float, start: float, end: float,
    told: Told,
) -> None:  # fmt: skip
    chance = random.Random(number)
    try:
        time.sleep(chance.random() * think_s)
        with Light(served, headers) as tab:
            tab.open(pages[number % len(pages)])
            turn = number
            while time.monotonic() < end:
                time.sleep(think_s * chance.uniform(0.67, 1.33) if think_s else 0)
                turn += 1
                page, began = pages[turn % len(pages)], time.monotonic()
                tab.open(page)
                if began >= start and began < end:
                    told.by_page[page].append(1000 * (time.monotonic() - began))
    except Exception as error:
        told.failed.append(f"{type(error).__name__}: {error}")
