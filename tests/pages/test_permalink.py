"""A shared link says on opening whether its numbers are current, replaced since, or withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db.engine import make_engine
from db.schema import import_batch, observation, source_file
from db.store import undo_import
from pages.analysis import provenance
from pages.ui import permalink
from tests.pages.conftest import Shelf, shown

Open = Callable[..., AppTest]


def notices(app: AppTest) -> str:
    return "\n".join(str(each.value) for each in (*app.info, *app.warning, *app.error))


def version(days: float = 0, revision: int = 1) -> str:
    """A link's version as it was made some days ago."""
    return permalink.Version(revision, datetime.now(UTC).replace(tzinfo=None) - timedelta(days=days)).code


def test_the_age_of_numbers() -> None:
    frame = pd.DataFrame({"then": [1.0, 2.0, None], "now": [1.5, None, 3.0]})
    found = provenance.age(5, frame)
    assert found == (5, 1, 1, 1)
    assert found.state == "replaced"
    assert provenance.age(5, frame.tail(1)).state == "current"
    assert provenance.age(1, frame.iloc[1:2]).state == "withdrawn"
    assert provenance.age(0, frame.head(0)).state == "current"


def test_the_link_keeps_the_choices_and_replaces_an_older_version() -> None:
    made = permalink.Version(7, datetime(2026, 11, 27, 9, 30, 5, 40))
    url = permalink.address(
        "https://bureau.example/trends?x=1#y", {"unit": "3", "known": "1.x", "draft": "9", "lang": "zh"}, made
    )
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == ("https", "bureau.example", "/trends", "")
    assert parse_qs(parts.query) == {"unit": ["3"], "lang": ["zh"], "known": ["7.20261127T093005000040"]}
    assert permalink.read("7.20261127T093005000040") == made
    assert permalink.read("7.20261127T093005") == made._replace(at=datetime(2026, 11, 27, 9, 30, 5))


@pytest.mark.parametrize("code", ["", "7", "7.20261340T000000", "x.20261127T093005", "<script>", "7.20261127T093005 "])
def test_what_is_no_version_is_said_to_be_none(store: Shelf, open_page: Open, code: str) -> None:
    assert permalink.read(code) is None
    app = open_page("trends", known=code)
    assert not app.exception
    assert ("无法识别" in notices(app)) or code == ""


def test_a_page_without_a_version_says_nothing_and_offers_its_link(store: Shelf, open_page: Open) -> None:
    app = open_page("trends", indicator="vac_cert_check_rate", units=store.ids["p3"])
    assert "本链接" not in notices(app)
    [link] = [str(each.value) for each in app.sidebar.code]
    asked = parse_qs(link.lstrip("?"))
    assert asked["indicator"] == ["vac_cert_check_rate"]
    assert permalink.read(asked["known"][0]) is not None


def test_unchanged_numbers_are_current(corrected: Shelf, open_page: Open) -> None:
    where = {"indicator": "vac_cert_check_rate", "dims": "level=PRI", "units": corrected.ids["p1"]}
    app = open_page("trends", **where, known=version(5))
    assert not app.exception
    assert "所示3个数值至今没有变化" in notices(app)


def test_a_corrected_number_is_told_with_both_values_and_its_file(corrected: Shelf, open_page: Open) -> None:
    where = {"indicator": "vac_cert_check_rate", "dims": "level=PRI", "units": corrected.ids["p3"]}
    app = open_page("trends", **where, known=version(5))
    assert "所示3个数值中，此后更正1个、撤销0个" in notices(app)
    app.session_state["permalink_what"] = True
    said = shown(app.run())
    assert not app.exception
    [changed] = [each.value for each in app.dataframe if "链接生成时" in each.value]
    assert changed[["链接生成时", "现在"]].values.tolist() == [["75.0%", "93.8%"]]
    assert "查验更正.csv" in said
    now = open_page("trends", **where, known=version(0))
    assert "所示3个数值至今没有变化" in notices(now)


def test_the_values_that_differ_are_those_of_then_and_now(corrected: Shelf) -> None:
    at = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=5)
    n, differing = permalink._compared((corrected.ids["p3"],), "vac_cert_check_rate", "level=PRI", None, at)
    [row] = differing.to_dict("records")
    assert (n, row["period"], row["then"], row["now"]) == (3, "SY2025", 75.0, 93.75)


def test_the_overview_and_the_bulletin_are_looked_at_too(corrected: Shelf, open_page: Open) -> None:
    for page, where in (("overview", {}), ("bulletin", {"unit": corrected.ids["city"], "period": "SY2025"})):
        app = open_page(page, **where, known=version(5))
        assert not app.exception
        assert "此后更正1个" in notices(app), page
    app = open_page("bulletin", unit=corrected.ids["city"], period="SY2024", known=version(5))
    assert "至今没有变化" in notices(app)


def test_withdrawn_numbers_are_said_to_be_gone(corrected: Shelf, open_page: Open) -> None:
    engine = make_engine()
    with engine.connect() as connection:
        numbers = dict(connection.execute(sa.select(source_file.c.name, import_batch.c.id).join(
            import_batch, import_batch.c.source_file_id == source_file.c.id)).all())  # fmt: skip
        record = connection.scalar(
            sa.select(observation.c.id).where(observation.c.import_id == numbers["西坪县汇报.txt"])
        )
    made = version(0)
    undo_import(engine, numbers["西坪县汇报.txt"], "王芳")
    engine.dispose()
    app = open_page("trends", indicator="retention_rate", units=corrected.ids["west"], known=made)
    assert not app.exception
    assert "已全部撤销" in notices(app)
    app = open_page("evidence", obs=record, known=made)
    assert not app.exception
    assert "已全部撤销" in notices(app)


def test_a_link_of_another_store_or_to_what_is_not_there_says_so(store: Shelf, open_page: Open) -> None:
    assert "晚于本库" in notices(open_page("trends", known=version(0, 99_999)))
    assert "不在您的权限内" in notices(open_page("school", unit=99_999, known=version(0)))
