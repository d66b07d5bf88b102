"""What the server lets go of by itself: sessions whose tab was closed, and the memory that they held."""

from __future__ import annotations

import ctypes
import gc
import logging

from streamlit import runtime

log = logging.getLogger(__name__)


def release() -> None:
    """Forget sessions that can no longer be resumed, collect garbage, and give free memory back to the system.

    Without it the runtime drops an expired session, with its uploaded files, only when the next tab is closed, and the
    allocator keeps what a big file took for as long as the process lives."""
    forget_expired()
    gc.collect()
    trim()


def forget_expired() -> None:
    """Drop the sessions whose time to come back is over. The runtime has no door for it; where its inside has
    changed nothing is dropped, the log says so and a test fails."""
    if not runtime.exists():
        return
    try:
        runtime.get_instance()._session_mgr._session_storage._cache.expire()  # type: ignore[attr-defined]
    except AttributeError:
        log.warning("this version of streamlit keeps its sessions elsewhere; expired ones go with the next closed tab")


def trim() -> None:
    """Give free pages back; only glibc knows how."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        log.debug("no malloc_trim on this system")
