"""Answers: records as JSON or CSV with their ETag and the way to the next page; faults as problem details (RFC 9457)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from pages.exports.csv import csv_bytes
from pages.exports.table import Table
from pages.text import LANGUAGES, phrase

BASE = "/api/v1"
STATUSES = {400: "bad_request", 401: "unauthorized", 404: "not_found", 405: "not_allowed",             429: "too_many", 500: "fault", 503: "unavailable"}  # fmt: skip
FIXED = {"cache-control": "private, no-cache", "vary": "Authorization, Accept, Accept-Language"}


def language_of(request: Request) -> str:
    """The first language of the Accept-Language header that this program speaks; Chinese without one."""
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.split(";")[0].strip().lower()[:2]
        if tag in LANGUAGES:
            return tag
    return LANGUAGES[0]


def problem(
    request: Request, status: int, key: str, headers: Mapping[str, str] | None = None, **values: object
) -> Response:
    """A fault as application/problem+json: type, title, status, detail, instance."""
    language = language_of(request)
    body = {
        "type": f"{BASE}/problems/{STATUSES[status]}",
        "title": phrase(language, f"api.status.{STATUSES[status]}"),
        "status": status,
        "detail": phrase(language, key, **values),
        "instance": request.scope["path"][:200],
    }
    if "name" in values:
        body["parameter"] = str(values["name"])[:64]
    return Response(
        json.dumps(body, ensure_ascii=False), status, {**FIXED, "content-language": language, **(headers or {})},
        "application/problem+json",
    )  # fmt: skip


def tag_of(*parts: object) -> str:
    """The ETag of an answer that depends on these and nothing else."""
    return '"' + hashlib.sha256(repr(parts).encode()).hexdigest()[:32] + '"'


def unchanged(request: Request, tag: str) -> Response | None:
    """304 where the client holds this very answer."""
    held = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return Response(status_code=304, headers={**FIXED, "etag": tag}) if tag in held or "*" in held else None


def wants_csv(request: Request, said: str | None) -> bool:
    """Whether the answer is to be CSV: by the parameter, else by the Accept header."""
    if said is not None:
        return said == "csv"
    accepted = request.headers.get("accept", "").lower()
    return "text/csv" in accepted and "application/json" not in accepted


def records(
    request: Request, rows: Sequence[Mapping[str, Any]], *, csv: bool, tag: str, revision: int, following: str | None
) -> Response:
    """A page of records. JSON: {"data", "next", "revision"}; CSV: a row each. The next page is in the Link header too."""
    headers = {**FIXED, "etag": tag, "x-store-revision": str(revision)}
    if following is not None:
        headers["link"] = f'<{_address(request, following)}>; rel="next"'
    if csv:
        frame = pd.DataFrame(list(rows))
        return Response(csv_bytes(Table("", frame)), 200, headers, "text/csv; charset=utf-8")
    body = {"data": [_plain(row) for row in rows], "next": following, "revision": revision}
    return Response(
        json.dumps(body, ensure_ascii=False, default=_text, allow_nan=False), 200, headers, "application/json"
    )


def document(body: Mapping[str, Any], tag: str) -> Response:
    """One JSON document."""
    content = json.dumps(body, ensure_ascii=False, default=_text, allow_nan=False)
    return Response(content, 200, {**FIXED, "etag": tag}, "application/json")


def _address(request: Request, cursor: str) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return request.scope["path"] + "?" + urlencode([*kept, ("cursor", cursor)])


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if isinstance(value, float) and value != value else value for name, value in row.items()}


def _text(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value.item() if hasattr(value, "item") else str(value)
