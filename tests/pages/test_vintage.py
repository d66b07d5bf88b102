"""What was known at an earlier moment stands beside what is known now."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import vintage
from tests.pages.conftest import Shelf, grids, shown

Open = Callable[..., AppTest]


def local(text: str) -> datetime:
    """A moment of the machine's own time in UTC, as the store keeps it."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)


def test_days_are_offered_and_the_last_day_by_the_minute() -> None:
    changes = ["2026-11-03T09:00", "2026-11-03T16:20", "2026-11-20T08:05", "2026-11-27T11:52:08", "2026-11-27T14:00"]
    found = vintage.moments([local(each) for each in changes])
    assert list(found) == ["2026-11-03", "2026-11-20", "2026-11-27T11:52"]
    assert found["2026-11-03"] == local("2026-11-04T00:00")
    assert found["2026-11-27T11:52"] == local("2026-11-27T11:53")


@pytest.mark.parametrize("changes", [[], ["2026-11-27T11:52"]])
def test_a_store_that_changed_once_has_no_past(changes: list[str]) -> None:
    assert vintage.moments([local(each) for each in changes]) == {}


def test_of_many_moments_the_latest_are_offered() -> None:
    days = [local("2026-01-01T10:00") + timedelta(days=n) for n in range(90)]
    found = list(vintage.moments(days))
    assert len(found) == vintage.SHOWN
    assert found[-1] == "2026-03-30"


@pytest.mark.parametrize("code", ["now", "", "2026-13-01", "上周"])
def test_what_is_no_moment_is_none(code: str) -> None:
    assert vintage.end_of(code) is None


def cells(*rows: tuple[int, str, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["org_unit_id", "period", "value"])
    return frame.astype({"value": float}).assign(indicator="enrollment", dims="")


def test_what_differs_is_found_with_what_came_and_what_went() -> None:
    now = cells((1, "SY2023", 10), (1, "SY2024", 12), (2, "SY2024", 5), (3, "SY2024", None))
    then = cells((1, "SY2023", 10.0000000001), (1, "SY2024", 11), (4, "SY2024", 7))
    found = vintage.differing(now, then).set_index("org_unit_id")
    assert found["then"].fillna(-1).to_dict() == {1: 11, 2: -1, 4: 7}
    assert found["now"].fillna(-1).to_dict() == {1: 12, 2: 5, 4: -1}


def test_the_trend_shows_what_was_known_on_a_day(corrected: Shelf, open_page: Open) -> None:
    ids = corrected.ids
    units = f"{ids['p3']},{ids['p1']}"
    app = open_page("trends", indicator="vac_cert_check_rate", dims="level=PRI", units=units)
    assert not app.exception
    assert "当时" not in grids(app)
    day = (datetime.now(UTC) - timedelta(days=10)).astimezone().date().isoformat()
    app.selectbox(key="pick_asof").select(day).run()
    assert not app.exception
    assert app.query_params["asof"] == day
    row = grids(app).split(">石岭中心小学<")[1].split("</tr>")[0]
    assert ">93.8%<" in row
    assert "当时75.0%" in row
    assert "1个与截至" in shown(app)
    [chart] = app.get("plotly_chart")
    traces = json.loads(chart.proto.spec)["data"]
    [then] = [each for each in traces if each["name"].startswith("截至")]
    assert then["y"][-1] == 75
    assert [each["name"] for each in traces[:2]] == ["石岭中心小学", "湾口小学"]


def test_a_link_to_any_day_is_kept(corrected: Shelf, open_page: Open) -> None:
    app = open_page("trends", indicator="vac_cert_check_rate", units=corrected.ids["p3"], asof="2001-01-31")
    assert not app.exception
    assert app.selectbox(key="pick_asof").value == "2001-01-31"
    assert "当时没有数" in grids(app)


def test_a_store_without_a_past_offers_no_moment(store: Shelf, open_page: Open) -> None:
    app = open_page("trends", indicator="vac_cert_check_rate", asof="now")
    assert [each.key for each in app.selectbox if each.key == "pick_asof"] == []
