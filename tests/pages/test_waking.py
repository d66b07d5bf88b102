"""The event loop is woken once for many words of a thread, and misses none."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from pages.ui.waking import wake_once

MANY = 2000


def test_one_byte_wakes_the_loop_for_all_and_nothing_is_missed() -> None:
    async def run() -> tuple[list[int], int]:
        loop: Any = asyncio.get_running_loop()
        written, write = 0, loop._write_to_self

        def counted() -> None:
            nonlocal written
            written += 1
            write()

        loop._write_to_self = counted
        assert wake_once(loop)
        heard: list[int] = []
        done = asyncio.Event()

        def speak() -> None:
            for number in range(MANY):
                loop.call_soon_threadsafe(heard.append, number)
            loop.call_soon_threadsafe(done.set)

        thread = threading.Thread(target=speak)
        loop.call_soon(thread.start)
        loop.call_soon(thread.join)  # the loop is busy while all of it is said
        await asyncio.wait_for(done.wait(), 10)
        return heard, written

    heard, written = asyncio.run(run())
    assert heard == list(range(MANY))
    assert written <= 2


def test_a_sleeping_loop_is_woken_every_time() -> None:
    async def run() -> int:
        loop = asyncio.get_running_loop()
        assert wake_once(loop)
        answers = 0
        for _ in range(200):
            asked = asyncio.Event()
            threading.Thread(target=loop.call_soon_threadsafe, args=(asked.set,)).start()
            await asyncio.wait_for(asked.wait(), 10)  # without the byte it would sleep until then
            answers += 1
        return answers

    assert asyncio.run(run()) == 200


def test_a_loop_that_wakes_by_other_means_is_left_alone() -> None:
    class Other(asyncio.AbstractEventLoop):
        """Has none of the names that are looked for."""

    assert not wake_once(Other())
