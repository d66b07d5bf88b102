"""Millions of records that all stay need no garbage collector, which would search them again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Holds the cyclic collector for a while; what is no longer referred to goes all the same. Works as a decorator."""
    if not gc.isenabled():  # somebody else holds it, and will let it go
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
