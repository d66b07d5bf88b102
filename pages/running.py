"""How the program runs: what is wrong, sizes and space, the last backup, times of pages and queries, work by state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import streamlit as st

from pages.ui import access, bureau_settings, cards, tables, vital
from pages.ui.text import DASH, moment_text, plain, say

MEGABYTE = 1_000_000
OLD_BACKUP_DAYS = 7


def size_text(n: int | None) -> str:
    """Bytes as megabytes."""
    return DASH if n is None else say("running.mb", n=f"{n / MEGABYTE:,.0f}")


def faults(last_backup: datetime | None) -> None:
    """What a person should mend; where nothing is, so it says."""
    said = [plain(each) for each in vital.faults()]
    now = datetime.now(UTC).replace(tzinfo=None)
    if last_backup is None:
        said.append(say("running.no_backup"))
    elif (now - last_backup).days >= OLD_BACKUP_DAYS:
        said.append(say("running.old_backup", days=(now - last_backup).days))
    for each in said:
        st.warning(each, icon=":material/warning:")
    if not said:
        st.success(say("running.sound"), icon=":material/check_circle:")


def facts(rows: Mapping[str, str]) -> None:
    """Names and values, one a line."""
    st.header(say("running.state"), anchor=False)
    lines = [tables.Row(tables.Cell(say(f"running.fact.{name}")), (tables.Cell(text),)) for name, text in rows.items()]
    tables.draw([say("running.column.what"), say("running.column.now")], lines)


def timings(title: str, held: Sequence[vital.Times], group: str) -> None:
    """How often and how long, by label."""
    st.header(title, anchor=False)
    if not held:
        st.caption(say("running.nothing_yet"))
        return
    rows = []
    for one in sorted(held, key=lambda each: -each.n):
        mean = f"{one.total / one.n * 1000:,.1f}" if one.n else DASH
        bounds = [bound(each) for each in (one.half, one.most)]
        name = say(f"{one.label}.title") if group == "page" else say(f"running.{group}.{one.label}")
        rows.append(tables.Row(tables.Cell(name), tuple(tables.Cell(text) for text in (f"{one.n:,}", mean, *bounds))))
    tables.draw([say(f"running.column.{name}") for name in ("what", "n", "mean", "half", "most")], rows)


def bound(seconds: float) -> str:
    """A bound below which a share of all lies."""
    words = vital.milliseconds(seconds)
    return say("running.below", ms=words) if words else say("running.above")


def states(title: str, held: Mapping[str, int], group: str) -> None:
    """How many there are in each state."""
    st.header(title, anchor=False)
    if not held:
        st.caption(say("running.nothing_yet"))
        return
    rows = [
        tables.Row(tables.Cell(say(f"running.{group}.{name}")), (tables.Cell(f"{n:,}"),)) for name, n in held.items()
    ]
    tables.draw([say("running.column.what"), say("running.column.count")], rows)


def page() -> None:
    """Draw the page."""
    cards.heading("running")
    if not bureau_settings.may_change():
        st.info(say("running.outside"), icon=":material/info:")
        return
    now, ran = vital.look(), vital.versions()
    faults(now.last_backup)
    left, right = st.columns(2, gap="large")
    with left:
        facts({
            "started": moment_text(vital.started()),
            "backup": moment_text(now.last_backup) if now.last_backup else DASH,
            "free": size_text(now.free_bytes),
            "store": size_text(now.store_bytes),
            "memory": size_text(vital.memory()),
            "sessions": f"{now.sessions:,}",
            "tabs": f"{vital.tabs():,}",
            "revision": f"{now.revision:,}",
            "version": now.version,
            "schema": now.schema,
            "database": now.database,
            **ran,
        })  # fmt: skip
        states(say("running.rows"), now.rows, "table")
    with right:
        timings(say("running.reruns"), vital.pages(), "page")
        timings(say("running.queries"), vital.queries(), "query")
        states(say("running.imports"), now.imports, "import")
        states(say("running.jobs"), now.jobs, "job")
        if now.waiting_s:
            st.caption(say("running.waiting", minutes=vital.minutes(now.waiting_s)))
        states(say("running.drafts"), now.drafts, "draft")
    st.caption(say("running.note"))


access.require("administer")
page()
