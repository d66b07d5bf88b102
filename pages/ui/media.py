"""Who may fetch a file that was made for saving: the session that asked for it. Streamlit gives such a file an address
made of its content and hands it to whoever is signed in and knows the address."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from streamlit.runtime.memory_media_file_storage import _calculate_file_id

from pages.ui import access

PREFIX = "/media/"
MOST = 5000  # files made lately; the address of an older one is dead

_lock = threading.Lock()
_owners: OrderedDict[str, set[str]] = OrderedDict()


def claimed(make: Callable[[], bytes], mime: str, file_name: str) -> Callable[[], bytes]:
    """The same work; what it makes belongs to the session that is at the screen now."""
    key = access.session()

    def made() -> bytes:
        content = make()
        if key:
            claim(_calculate_file_id(content, mime, file_name), str(key))
        return content

    return made


def claim(number: str, key: str) -> None:
    """Note that a session may fetch a file."""
    with _lock:
        _owners.setdefault(number, set()).add(key)
        _owners.move_to_end(number)
        while len(_owners) > MOST:
            _owners.popitem(last=False)


def owned(path: str, key: str) -> bool:
    """Whether the file of an address was made for a session."""
    number = path.removeprefix(PREFIX).partition(".")[0]
    with _lock:
        return key in _owners.get(number, ())
