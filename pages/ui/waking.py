"""One wake-up of the event loop for all that a run says at once.

A run hands each element of a page to the event loop from a thread of its own. asyncio writes a byte to a pipe each time, and
each byte lets go of the interpreter: the two threads took turns hundreds of times a page. While a byte lies unread the loop
is going to wake anyway, so none is added."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

log = logging.getLogger(__name__)


def wake_once(loop: asyncio.AbstractEventLoop) -> bool:
    """Let the running loop be woken by one unread byte; to be called on it. asyncio has no door for this: where its inside has
    changed, or the loop is of another kind, nothing is changed, the log says so and a test fails."""
    held: Any = loop
    if not all(callable(getattr(held, name, None)) for name in ("_write_to_self", "_process_self_data")):
        log.info("this event loop wakes by other means; it is left as it is")
        return False
    write, process, unread = held._write_to_self, held._process_self_data, False

    def write_to_self() -> None:
        nonlocal unread
        if not unread:
            unread = True  # before the byte: whoever comes between relies on it being on its way
            write()

    def process_self_data(data: bytes) -> None:
        nonlocal unread
        unread = False  # what came before this is in the loop's list, which it looks through before it sleeps
        process(data)

    held._write_to_self, held._process_self_data = write_to_self, process_self_data
    return True
