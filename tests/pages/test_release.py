"""What a closed tab held is let go."""

from __future__ import annotations

import platform
import subprocess
import sys
import threading
import weakref

import pytest
from streamlit import runtime
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from db.records import SourceFile
from pages.ui import release, upload_desk, uploading


class Session:
    """Stands for what the runtime keeps of a closed tab."""


class Manager:
    def __init__(self) -> None:
        self._session_storage = MemorySessionStorage(ttl_seconds=0)
        self._storage_lock = threading.RLock()


class Server:
    def __init__(self) -> None:
        self._session_mgr = Manager()


def test_sessions_that_cannot_come_back_are_dropped_without_another_visit(monkeypatch) -> None:
    server, session = Server(), Session()
    gone = weakref.ref(session)
    server._session_mgr._session_storage._cache["a"] = session
    del session
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: server)
    assert gone() is not None
    release.forget_expired()
    release.collect()
    assert gone() is None


def test_the_runtime_keeps_its_sessions_where_they_are_looked_for() -> None:
    """The names inside streamlit that `forget_expired` relies on."""
    from streamlit.runtime.runtime import RuntimeConfig
    from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

    assert RuntimeConfig.__dataclass_fields__["session_manager_class"].default is WebsocketSessionManager
    assert isinstance(MemorySessionStorage()._cache, TTLCache)
    assert {"_session_storage", "_storage_lock"} <= set(WebsocketSessionManager.__init__.__code__.co_names)
    assert "_session_mgr" in runtime.Runtime.__init__.__code__.co_names


def test_a_closed_tab_puts_its_draft_down_and_keeps_what_was_chosen() -> None:
    desk = upload_desk.Desk(SourceFile("a.csv", b"1", "s", ""), prepared=uploading.Prepared("s"), made_of=(1,))
    upload_desk._put_down({"desk": desk})
    assert (desk.prepared, desk.made_of) == (None, ())
    assert desk.source.content == b"1"


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives heaps to threads")
def test_threads_share_two_heaps() -> None:
    """Of a program of its own, since the first heaps of this one were given long ago."""
    code = "import threading;from pages.ui.release import few_arenas;assert few_arenas();" + _MANY
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.count("<heap") == 2


_MANY = """
import ctypes, threading
libc, together = ctypes.CDLL(None), threading.Barrier(8)
libc.malloc.argtypes, libc.malloc.restype = [ctypes.c_size_t], ctypes.c_void_p
def take():
    libc.malloc(100_000)
    together.wait()
threads = [threading.Thread(target=take) for _ in range(8)]
for each in threads: each.start()
for each in threads: each.join()
libc.fopen.restype = ctypes.c_void_p
libc.malloc_info(0, ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w")))
libc.fflush(None)
"""
