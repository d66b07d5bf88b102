"""What the server lets go of by itself: sessions whose tab was closed, and the memory that they held."""

from __future__ import annotations

import ctypes
import gc
import logging
import sys

from streamlit import runtime

log = logging.getLogger(__name__)
_M_ARENA_MAX, _ARENAS = -8, 2  # of glibc's malloc.h


def few_arenas() -> bool:
    """Let all threads share two heaps of the allocator; whether the system could. Every rerun is a thread of its own, glibc
    gives up to eight heaps a processor to threads, and each keeps free pages amid what is held: with fifty people 75 of
    160 MB were of this kind, with two heaps 8 of 88. To be called before threads are many."""
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS))
    except (AttributeError, OSError, TypeError):
        return False


def forget_expired() -> None:
    """Drop the sessions, with their uploaded files, whose time to come back is over; to be called on the event loop,
    where the runtime itself drops them, but only when the next tab is closed. It has no door for this: where its
    inside has changed nothing is dropped, the log says so and a test fails."""
    if not runtime.exists():
        return
    try:
        manager = runtime.get_instance()._session_mgr
        with manager._storage_lock:  # type: ignore[attr-defined]
            manager._session_storage._cache.expire()  # type: ignore[attr-defined]
    except AttributeError:
        log.warning("this version of streamlit keeps its sessions elsewhere; expired ones go with the next closed tab")


def collect() -> None:
    """Collect garbage and give free memory back to the system: the allocator would keep what a big file took."""
    gc.collect()
    if "pyarrow" in sys.modules:  # frames of text lie in a pool of its own
        sys.modules["pyarrow"].default_memory_pool().release_unused()
    trim()


def trim() -> None:
    """Give free pages back; only glibc knows how."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        log.debug("no malloc_trim on this system")
