"""A rerun of each page of the sample city beside its own figures and queries alone: a page that puts the same statements
to the store and hands the same charts to the browser, and does nothing else. Both in turns, in one process. Scripts are
compiled once, as a server does; AppTest alone would compile them at every run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import Any

import sqlalchemy as sa
import streamlit as st
from streamlit.testing.v1 import AppTest

from db.engine import make_engine
from db.records_accounts import Role
from pages.ui import access, data, store
from tests.as_served import as_served
from tests.bench.measure import Figure, interleaved
from tests.bench.page_sql import FRAME, addresses
from tests.conftest import run_module
from tests.db.plans import Statement, caught

MOST = 3.0
BARE = "from tests.bench import reruns\nreruns.bare()\n"


@dataclass(slots=True)
class Page:
    """What a page asked and drew when it was opened first."""

    statements: list[Statement] = field(default_factory=list)
    charts: list[Any] = field(default_factory=list)


opened = Page()


def bare() -> None:
    """The script of the floor."""
    with store.reading("") as connection:
        cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
        for statement, parameters in opened.statements:
            cursor.execute(statement, parameters)
            cursor.fetchall()
    for n, chart in enumerate(opened.charts):
        st.plotly_chart(chart, key=f"chart{n}")


def figures(repeats: int) -> Iterator[Figure]:
    """A line for each page: processor seconds, for other programs use the machine too."""
    as_served()
    with tempfile.TemporaryDirectory() as folder:
        done = run_module("etl", "sample", "--if-empty", data_dir=Path(folder))
        if done.returncode:
            raise RuntimeError(done.stdout[-1000:] + done.stderr[-1000:])
        url = f"sqlite:///{Path(folder) / 'store.sqlite3'}"
        os.environ["EDU_DATABASE_URL"] = url
        access.look = lambda: access.Person("wangfang", "王芳", Role.ADMINISTRATOR, "")
        engine = make_engine(url)
        for name, params in addresses(engine, "/").items():
            yield _line(name, params, 2 * repeats + 1)
        engine.dispose()


def _line(name: str, params: dict[str, Any], rounds: int) -> Figure:
    data.forget()
    page = AppTest.from_file(str(FRAME), default_timeout=600)
    page.switch_page(f"{name.partition('?')[0]}.py")
    for key, value in params.items():
        page.query_params[key] = str(value)
    _watched(page)
    floor = AppTest.from_string(BARE, default_timeout=600)
    for app in (page, floor):  # the first rerun of a page keeps what the first run made
        app.run()
        if app.exception:
            raise RuntimeError(f"{name}: {app.exception[0].message}")
    ours, alone = interleaved(page.run, floor.run, rounds, process_time)
    what = f"重跑 {name}({len(opened.statements)} 句、{len(opened.charts)} 图)"
    return Figure(what, ours, MOST, "s", "只查这些数、画这些图", alone)


def _watched(page: AppTest) -> None:
    """Open a page; what it asks and draws is the floor's to do again."""
    draw = st.plotly_chart
    opened.charts = []

    def noted(chart: Any, *rest: Any, **options: Any) -> Any:
        opened.charts.append(chart)
        return draw(chart, *rest, **options)

    st.plotly_chart = noted
    try:
        with caught(sa.Engine) as found:
            page.run()
    finally:
        st.plotly_chart = draw
    opened.statements = list(found)
