"""Random requests made from the OpenAPI document: every answer is one that the document names, and none is a fault."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi import checks
from starlette.applications import Starlette

from db import tokens
from db.engine import make_engine
from pages.api import ROUTES, openapi, routes
from tests.pages.conftest import Shelf

EXAMPLES = 60
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
HELD = {"app": Starlette(routes=ROUTES)}


@pytest.fixture
def authorized(corrected: Shelf, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(routes, "pace", routes.Pace(most=10**9))
    engine = make_engine()
    token = tokens.add_token(engine, "契约测试", None, 1, "王芳")
    engine.dispose()
    return {"authorization": f"Bearer {token}"}


@pytest.mark.parametrize("path", sorted(openapi.described()["paths"]))
def test_random_requests_get_answers_of_the_document(path: str, authorized: dict[str, str]) -> None:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", HELD["app"], headers=authorized)
    statuses: set[int] = set()

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=schema[path]["GET"].as_strategy())
    def each(case: Any) -> None:
        answer = case.call(headers=authorized)
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    each()
    assert statuses & {200, 404}  # the requests got past the parameters


def test_the_document_names_every_place() -> None:
    places = {f"/api/v1/{name}" for name, _ in routes._PLACES if name and name != "openapi.json"}
    assert {path.removesuffix("/{observation_id}") for path in openapi.described()["paths"]} == places
