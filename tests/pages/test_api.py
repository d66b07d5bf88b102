"""The data interface as a program uses it: tokens, pages, formats, faults, and no row of another part of the tree."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from db import tokens
from db.engine import make_engine, moment
from db.schema_control import api_token
from pages.api import ROUTES, routes
from pages.api.asked import Refusal, cursor_place, cursor_text
from tests.pages.conftest import Shelf

RATE = "vac_cert_check_rate"


@pytest.fixture
def engine(corrected: Shelf) -> Iterator[sa.Engine]:
    made = make_engine()
    yield made
    made.dispose()


@pytest.fixture
def client(corrected: Shelf, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(routes, "pace", routes.Pace())
    return TestClient(Starlette(routes=ROUTES), base_url="http://127.0.0.1", raise_server_exceptions=False)


def headers(token: str, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}", **more}


@pytest.fixture
def whole(engine: sa.Engine) -> dict[str, str]:
    return headers(tokens.add_token(engine, "取数", None, 30, "王芳"))


def get(client: TestClient, path: str, held: dict[str, str], **params: Any) -> Any:
    answer = client.get(f"/api/v1/{path}", headers=held, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_without_a_token_nothing_is_told(client: TestClient, engine: sa.Engine) -> None:
    for said in ({}, headers("edu_falsch"), headers("x" * 5000), {"authorization": "Basic abc"}, {"authorization": ""}):
        for path in ("", "openapi.json", "indicators", "org-units", "evidence/1", "nowhere"):
            answer = client.get(f"/api/v1/{path}", headers=said)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert answer.headers["content-type"] == "application/problem+json"


def test_a_token_ends_when_it_is_revoked_or_runs_out(client: TestClient, engine: sa.Engine, whole: Any) -> None:
    assert client.get("/api/v1/org-units", headers=whole).status_code == 200
    with engine.begin() as connection:
        connection.execute(sa.update(api_token).values(expires_at=moment() - timedelta(seconds=1)))
    assert client.get("/api/v1/org-units", headers=whole).status_code == 401
    other = headers(tokens.add_token(engine, "另一个", None, 1, "王芳"))
    assert client.get("/api/v1/org-units", headers=other).status_code == 200
    with engine.connect() as connection:
        held = tokens.tokens(connection)
    tokens.revoke_token(engine, held[0].id, "王芳")
    assert client.get("/api/v1/org-units", headers=other).status_code == 401


def test_a_value_leads_to_the_words_it_rests_on(client: TestClient, corrected: Shelf, whole: Any) -> None:
    got = get(client, "observations", whole, indicator=RATE, org_unit_id=corrected.ids["p3"], period="SY2025",
              dims="level=PRI")  # fmt: skip
    [row] = got["data"]
    assert (row["numerator"], row["denominator"], row["value"]) == (300, 320, pytest.approx(93.75))
    assert (row["unit"], row["method"], row["org_unit_code"]) == ("percent", "computed", "2199000003")
    proof = client.get(row["evidence"], headers=whole).json()["data"]
    assert (proof["file_name"], proof["quote"], proof["is_current"]) == ("查验更正.csv", "300", True)


def test_a_rate_of_a_district_is_the_quotient_of_sums(client: TestClient, corrected: Shelf, whole: Any) -> None:
    [row] = get(client, "observations", whole, indicator=RATE, code="990102", period="SY2025", dims="level=PRI")["data"]
    assert (row["numerator"], row["denominator"], row["observation_id"], row["evidence"]) == (300, 320, None, None)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 5000])
def test_pages_together_are_the_whole_each_row_once(client: TestClient, whole: Any, limit: int) -> None:
    every = get(client, "observations", whole, indicator=f"{RATE},enrollment", limit=5000)["data"]
    assert len(every) > 30
    found: list[Any] = []
    asked: dict[str, Any] = {"indicator": f"{RATE},enrollment", "limit": limit}
    while True:
        got = get(client, "observations", whole, **asked)
        found += got["data"]
        assert len(got["data"]) <= limit
        if got["next"] is None:
            break
        asked["cursor"] = got["next"]
    assert found == every


def test_units_come_by_pages_and_below_one(client: TestClient, corrected: Shelf, whole: Any) -> None:
    answer = client.get("/api/v1/org-units", headers=whole, params={"code": "990102", "below": "true", "limit": 2})
    names = [row["name"] for row in answer.json()["data"]]
    assert answer.headers["link"].endswith('>; rel="next"')
    following = answer.headers["link"].split(">")[0].lstrip("<")
    names += [row["name"] for row in client.get(following, headers=whole).json()["data"]]
    assert names == ["西坪县", "石岭镇", "石岭中心小学", "石岭初中"]
    assert [r["name"] for r in get(client, "org-units", whole, kind="city")["data"]] == ["岚川市"]


def test_csv_says_the_same_and_runs_nothing(client: TestClient, engine: sa.Engine, whole: Any) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE org_unit SET name = '=HYPERLINK(1)' WHERE code = '2199000003'")
    asked = {"indicator": RATE, "code": "2199000003"}
    answer = client.get("/api/v1/observations", headers={**whole, "accept": "text/csv"}, params=asked)
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    same = get(client, "observations", whole, **asked)["data"]
    assert [float(row["value"]) for row in rows] == pytest.approx([row["value"] for row in same])
    assert {row["org_unit_name"] for row in rows} == {"'=HYPERLINK(1)"}


def test_an_unchanged_answer_is_not_sent_again(client: TestClient, engine: sa.Engine, whole: Any) -> None:
    asked = {"indicator": RATE}
    first = client.get("/api/v1/observations", headers=whole, params=asked)
    again = {**whole, "if-none-match": first.headers["etag"]}
    assert client.get("/api/v1/observations", headers=again, params=asked).status_code == 304
    assert client.get("/api/v1/observations", headers=again, params={**asked, "limit": 3}).status_code == 200
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE store_state SET revision = revision + 1")
    assert client.get("/api/v1/observations", headers=again, params=asked).status_code == 200


def test_a_token_of_one_district_sees_nothing_of_another(
    client: TestClient, corrected: Shelf, engine: sa.Engine
) -> None:
    mine = headers(tokens.add_token(engine, "西坪县", corrected.ids["west"], 30, "王芳"))
    texts = [
        client.get(f"/api/v1/{path}", headers=mine, params=params).text
        for path, params in [
            ("org-units", {"limit": 5000}), ("org-units", {"code": "990101", "below": True}),
            ("org-units", {"org_unit_id": corrected.ids["city"], "below": True}),
            ("observations", {"indicator": f"{RATE},enrollment", "limit": 5000}),
            ("observations", {"indicator": RATE, "org_unit_id": corrected.ids["p1"]}),
            *((f"evidence/{number}", {}) for number in range(1, 40)),
        ]
    ]  # fmt: skip
    shown = "\n".join(texts)
    assert "石岭中心小学" in shown
    for word in ("东渡", "湾口", "渡头", "岚川", "990101", "2199000001", "2199000002"):
        assert word not in shown
    before = get(client, "observations", mine, indicator=RATE)
    everyone = headers(tokens.add_token(engine, "全市", None, 30, "王芳"))
    assert len(get(client, "observations", everyone, indicator=RATE)["data"]) > len(before["data"])
    assert get(client, "observations", mine, indicator=RATE) == before


@pytest.mark.parametrize(
    ("path", "params", "name"),
    [
        ("observations", {}, "indicator"),
        ("observations", {"indicator": "drop table"}, "indicator"),
        ("observations", {"indicator": RATE, "period": "去年"}, "period"),
        ("observations", {"indicator": RATE, "dims": "level"}, "dims"),
        ("observations", {"indicator": RATE, "sort": "value; drop table"}, "sort"),
        ("observations", {"indicator": RATE, "limit": "0"}, "limit"),
        ("observations", {"indicator": RATE, "limit": "5001"}, "limit"),
        ("observations", {"indicator": RATE, "cursor": "abc"}, "cursor"),
        ("observations", {"indicator": RATE, "cursor": cursor_text([-1, 0])}, "cursor"),
        ("org-units", {"org_unit_id": "3) or (1=1"}, "org_unit_id"),
        ("org-units", {"org_unit_id": str(2**63)}, "org_unit_id"),
        ("org-units", {"kind": "planet"}, "kind"),
        ("indicators", {"format": "xml"}, "format"),
        ("evidence/1", {"x": "1"}, "x"),
    ],
)
def test_what_cannot_be_asked_is_named(
    client: TestClient, whole: Any, path: str, params: dict[str, str], name: str
) -> None:
    answer = client.get(f"/api/v1/{path}", headers=whole, params=params)
    body = answer.json()
    assert (answer.status_code, body["status"], body["parameter"]) == (400, 400, name)
    assert name in body["detail"]
    english = client.get(f"/api/v1/{path}", headers={**whole, "accept-language": "en-GB,en"}, params=params).json()
    assert english["title"] == "Bad request"


def test_a_parameter_twice_and_other_methods_and_places_are_refused(client: TestClient, whole: Any) -> None:
    assert client.get("/api/v1/org-units?limit=1&limit=2", headers=whole).status_code == 400
    assert client.post("/api/v1/org-units", headers=whole).headers["allow"] == "GET, HEAD"
    assert client.get("/api/v1/org-units?code=" + "x" * 9000, headers=whole).status_code == 400
    for path in ("/api/v2/indicators", "/api/v1x", "/api/v1/accounts", "/api/v1/evidence/", "/api/v1/evidence/abc",
                 "/api/v1/evidence/99999", "/api/v1/org-units/1", "/api"):  # fmt: skip
        assert client.get(path, headers=whole).status_code == 404, path
    assert client.head("/api/v1/indicators", headers=whole).status_code == 200


def test_a_token_has_its_pace(client: TestClient, whole: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "pace", routes.Pace(most=3))
    got = [client.get("/api/v1/indicators", headers=whole) for _ in range(4)]
    assert [each.status_code for each in got] == [200, 200, 200, 429]
    assert int(got[-1].headers["retry-after"]) >= 1


def test_a_fault_of_ours_tells_a_number_and_nothing_else(
    client: TestClient, whole: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*asked: object) -> None:
        raise RuntimeError("geheim")

    monkeypatch.setattr(routes.queries_api, "units_page", broken)
    answer = client.get("/api/v1/org-units", headers=whole)
    assert answer.status_code == 500
    assert "geheim" not in answer.text


def test_making_using_and_revoking_a_token_is_in_the_log_and_its_text_nowhere(
    client: TestClient, engine: sa.Engine
) -> None:
    token = tokens.add_token(engine, "取数", None, 30, "王芳")
    client.get("/api/v1/indicators", headers=headers(token))
    tokens.revoke_token(engine, 1, "王芳")
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT action, before, after FROM audit_event").all()
        kept = connection.exec_driver_sql("SELECT token_hash FROM api_token").scalar()
    assert [row[0] for row in rows if row[0].startswith("token")] == ["token_made", "token_used", "token_revoked"]
    assert token not in repr(rows)
    assert kept != token


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.one_of(st.text(max_size=40), st.lists(st.integers(), max_size=3).map(cursor_text)))
def test_no_text_is_taken_for_a_place_that_no_page_gave(said: str) -> None:
    try:
        place = cursor_place(said, 2)
    except Refusal:
        return
    assert len(place) == 2
    assert all(0 <= each <= 2**31 - 1 for each in place)
