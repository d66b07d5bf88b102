"""The routes of the data interface. A program names itself by a token; it gets what its token's part of the tree holds
and nothing else, because the store itself shows no more (db.scope)."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from db import queries_api, tokens
from db.catalogue import load_catalogue
from db.engine import StoreError
from db.records_control import ApiToken
from pages.api import answers, openapi
from pages.api.answers import BASE
from pages.api.asked import Nothing, Observations, Refusal, Units, cursor_place, cursor_text, read
from pages.ui.store import engine, reading

_LOG = logging.getLogger(__name__)
PER_MINUTE = 300
_LONGEST_QUERY = 8192


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was let in."""

    request: Request
    token: ApiToken
    path: str  # what is named in the path, "" for none


class Pace:
    """How many requests each token made in the last minute; kept in this process."""

    def __init__(self, most: int = PER_MINUTE, seconds: float = 60.0) -> None:
        self.most, self.seconds = most, seconds
        self._made: dict[int, deque[float]] = {}

    def wait(self, token_id: int) -> float:
        """0 where a request may be made now (it is counted), else the seconds until one may."""
        now = time.monotonic()
        made = self._made.setdefault(token_id, deque())
        while made and made[0] <= now - self.seconds:
            made.popleft()
        if len(made) >= self.most:
            return made[0] + self.seconds - now
        made.append(now)
        return 0.0


pace = Pace()


async def answer(request: Request) -> Response:
    """Every request below /api: let in, paced, looked up, answered; a fault is a problem document."""
    if request.method not in ("GET", "HEAD"):
        return answers.problem(request, 405, "api.read_only", {"allow": "GET, HEAD"})
    if len(request.scope.get("query_string", b"")) > _LONGEST_QUERY:
        return answers.problem(request, 400, "api.too_long")
    return await asyncio.to_thread(_answered, request)


def _answered(request: Request) -> Response:
    try:
        kind, _, said = request.headers.get("authorization", "").partition(" ")
        held = tokens.token_of(engine(), said.strip()) if kind.lower() == "bearer" else None
        if held is None:
            return answers.problem(request, 401, "api.no_token", {"www-authenticate": 'Bearer realm="edu"'})
        waits = pace.wait(held.id)
        if waits:
            return answers.problem(request, 429, "api.too_fast", {"retry-after": str(int(waits) + 1)}, n=PER_MINUTE)
        name, _, rest = request.scope["path"].removeprefix(BASE).removeprefix("/").partition("/")
        found = _PLACES.get((name, bool(rest)))
        if found is None or not (request.scope["path"] + "/").startswith(BASE + "/"):
            return answers.problem(request, 404, "api.no_place", names=", ".join(sorted({n for n, _ in _PLACES if n})))
        return found(Asked(request, held, rest))
    except Refusal as refused:
        return answers.problem(request, 400, refused.key, name=refused.name[:64], **refused.values)
    except StoreError:
        return answers.problem(request, 503, "api.unavailable", {"retry-after": "5"})
    except Exception:
        number = secrets.token_hex(4)
        _LOG.exception("data interface, fault %s", number)
        return answers.problem(request, 500, "api.fault", number=number)


def _index(asked: Asked) -> Response:
    read(Nothing, asked.request.query_params.multi_items())
    body = {name: f"{BASE}/{name}" for name, rest in _PLACES if name and not rest}
    return answers.document(body, answers.tag_of(body))


def _openapi(asked: Asked) -> Response:
    body = openapi.described()
    tag = answers.tag_of(body)
    return answers.unchanged(asked.request, tag) or answers.document(body, tag)


def _indicators(asked: Asked) -> Response:
    wanted: Nothing = read(Nothing, asked.request.query_params.multi_items())
    rows = _indicator_rows()
    tag = answers.tag_of("indicators", rows, answers.wants_csv(asked.request, wanted.format))
    csv = answers.wants_csv(asked.request, wanted.format)
    return answers.unchanged(asked.request, tag) or answers.records(
        asked.request, rows, csv=csv, tag=tag, revision=_revision(asked), following=None
    )


@lru_cache(maxsize=1)
def _indicator_rows() -> tuple[dict[str, Any], ...]:
    names = ("code", "name_zh", "name_en", "domain", "unit", "definition_zh", "definition_en", "numerator",
             "denominator", "multiplier", "direction", "aggregation", "frequency", "decimals")  # fmt: skip
    catalogue = load_catalogue()
    return tuple(
        {**{name: _plain(getattr(one, name)) for name in names}, "dims": ",".join(one.dims)}
        for one in catalogue.indicators
    )


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)


def _units(asked: Asked) -> Response:
    wanted: Units = read(Units, asked.request.query_params.multi_items())
    [after] = cursor_place(wanted.cursor, 1)

    def page(connection: Any) -> tuple[list[dict[str, Any]], str | None]:
        rows, last = queries_api.units_page(connection, wanted.units(), after, wanted.limit)
        return rows, None if last is None else cursor_text([last])

    return _paged(asked, wanted, page)


def _observations(asked: Asked) -> Response:
    wanted: Observations = read(Observations, asked.request.query_params.multi_items())
    unit, given = cursor_place(wanted.cursor, 2)

    def page(connection: Any) -> tuple[list[dict[str, Any]], str | None]:
        rows, last = queries_api.cells_page(connection, wanted.cells(), (unit, given), wanted.limit)
        rows = [{**row, "unit": _unit(row), "evidence": _proof(row["observation_id"])} for row in rows]
        return rows, None if last is None else cursor_text(last)

    return _paged(asked, wanted, page)


def _unit(row: dict[str, Any]) -> str:
    """What a value is counted in under its dims."""
    return load_catalogue().indicator(row["indicator"]).under(row["dims"]).unit


def _proof(observation_id: int | None) -> str | None:
    return None if observation_id is None else f"{BASE}/evidence/{int(observation_id)}"


def _paged(asked: Asked, wanted: Units, page: Callable[[Any], tuple[list[dict[str, Any]], str | None]]) -> Response:
    csv = answers.wants_csv(asked.request, wanted.format)
    with reading(asked.token.scope) as connection:
        revision = queries_api.revision(connection)
        tag = answers.tag_of(revision, asked.token.scope, asked.request.scope["path"], wanted, csv)
        held = answers.unchanged(asked.request, tag)
        if held is not None:
            return held
        rows, following = page(connection)
    return answers.records(asked.request, rows, csv=csv, tag=tag, revision=revision, following=following)


def _evidence(asked: Asked) -> Response:
    read(Nothing, asked.request.query_params.multi_items())
    number = int(asked.path) if asked.path.isdecimal() and asked.path.isascii() and len(asked.path) < 19 else 0
    with reading(asked.token.scope) as connection:
        found = queries_api.evidence_of(connection, number)
        revision = queries_api.revision(connection)
    if found is None:
        return answers.problem(asked.request, 404, "api.no_observation")
    tag = answers.tag_of(revision, asked.token.scope, number)
    body = {**asdict(found), "is_current": found.is_current}
    return answers.unchanged(asked.request, tag) or answers.document({"data": body, "revision": revision}, tag)


def _revision(asked: Asked) -> int:
    with reading(asked.token.scope) as connection:
        return queries_api.revision(connection)


_PLACES: dict[tuple[str, bool], Callable[[Asked], Response]] = {
    ("", False): _index,
    ("openapi.json", False): _openapi,
    ("indicators", False): _indicators,
    ("org-units", False): _units,
    ("observations", False): _observations,
    ("evidence", True): _evidence,
}
