"""The store's engine, one per process, and the only way of the pages to read by it: within the reader's scope."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import streamlit as st

from db.engine import make_engine
from db.meters import time_queries
from db.opening import open_store
from db.scope import ScopedReaders


@st.cache_resource(show_spinner=False)
def engine() -> Any:
    """The engine. What the store stands on is checked first, and an older store is backed up and brought to the newest
    schema. Raises StoreError."""
    made = make_engine()
    open_store(made)
    time_queries(made)
    return made


@st.cache_resource(show_spinner=False)
def _scoped() -> ScopedReaders:
    made = ScopedReaders(engine())
    time_queries(made.pool)
    return made


def reading(scope: str) -> AbstractContextManager[Any]:
    """A connection that sees what the scope allows ("" for everything)."""
    return _scoped().reading(scope) if scope else _scoped().reading_all()
