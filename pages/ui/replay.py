"""What a part of a page draws, drawn once and then put on the page again as it was: a rerun that changes nothing of it
neither reads its numbers nor spells its words. Only for what holds no widget and depends on its key alone."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

_MOST = 256  # parts of pages kept, the oldest go first


@st.cache_resource(max_entries=_MOST, show_spinner=False)
def _drawn(key: str, _draw: Callable[[], None]) -> None:
    _draw()


def drawn(key: tuple[object, ...], draw: Callable[[], None]) -> None:
    """Let `draw` draw, or put down what it drew under the same key. The key is of plain texts and numbers."""
    _drawn(repr(key), draw)


def forget() -> None:
    """Let go of all of it."""
    _drawn.clear()
