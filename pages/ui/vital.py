"""How the program and its store run, for the page that shows it."""

from __future__ import annotations

import math
import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st

from db import meters, opening, vitals
from db.engine import sqlite_module
from db.meters import RERUN, Times, tabs
from db.vitals import Vitals
from pages.ui import access
from pages.ui.store import engine
from pages.ui.text import printed

__all__ = ["RERUN", "Times", "Vitals", "faults", "look", "memory", "pages", "queries", "started", "tabs", "versions"]


def look() -> Vitals:
    """The store's vitals, of this moment."""
    access.require("administer")
    return vitals.vitals(engine())


def faults() -> list[str]:
    """What is not as it should be about library, disk, clock and schema, a sentence each."""
    return [printed(fault.sentence) for fault in opening.look_around(engine())]


def pages() -> list[Times]:
    """Times of reruns by page."""
    return list(meters.times(meters.RERUN))


def queries() -> list[Times]:
    """Times of statements by kind: read, write, other."""
    return list(meters.times(meters.QUERY))


def started() -> datetime:
    """When this process started (UTC)."""
    return datetime.fromtimestamp(meters.STARTED, UTC).replace(tzinfo=None)


def memory() -> int | None:
    """The most memory that this process ever held, in bytes; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def versions() -> Mapping[str, str]:
    """What the program runs on."""
    return {
        "python": platform.python_version(), "streamlit": st.__version__, "sqlite": sqlite_module().sqlite_version,
        "system": f"{platform.system()} {platform.release()}",
    }  # fmt: skip


def minutes(seconds: float) -> str:
    """Minutes begun."""
    return f"{math.ceil(seconds / 60):,}"


def milliseconds(seconds: float) -> str:
    """A bound in milliseconds; more than the largest one is said as such."""
    return "" if math.isinf(seconds) else f"{seconds * 1000:g}"
