"""What changed since the last visit: from the old number to the new one, with file, units and amounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import moment
from pages.ui import visits
from tests.pages.conftest import Shelf, grids, shown

Open = Callable[..., AppTest]


def test_a_correction_is_told_with_its_file_and_its_school(corrected: Shelf, open_page: Open) -> None:
    app = open_page("overview")
    assert not app.exception
    assert "入库1份文件，撤销0份" in shown(app)
    assert "[新入库1份文件](#changes)" in shown(app)
    html = grids(app)
    assert "88.41%→97.10%（+8.69个百分点）" in html  # 610 / 690 and 670 / 690
    [row] = [part for part in html.split("<tr>") if "查验更正.csv" in part]
    for part in ("更正", "王芳", "石岭中心小学", "+60", ">0<", "+8.69个百分点", "670 / 690"):
        assert part in row
    assert f"evidence?unit={corrected.ids['p3']}" in row


def test_the_last_visit_is_the_first_choice(corrected: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "last", moment)
    app = open_page("overview")
    assert not app.exception
    assert app.selectbox(key="pick_since").value == "last"
    assert "以来没有文件入库或撤销" in shown(app)


def test_a_store_that_was_empty_is_not_told_step_by_step(store: Shelf, open_page: Open) -> None:
    app = open_page("overview", lang="en")
    assert not app.exception
    assert "There were no data before then" in shown(app)
