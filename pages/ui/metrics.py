"""`/metrics`: the numbers of this process and its store for Prometheus, to whoever holds the token of the environment."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import time

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db import vitals
from pages.ui.gate import METRICS
from pages.ui.store import engine

_LOG = logging.getLogger(__name__)
SHORTEST_TOKEN = 24
KEPT_S = 5.0  # scrapers may ask as often as they like


class Scraped:
    """The last answer, kept for a moment."""

    def __init__(self) -> None:
        self._until, self._body = 0.0, b""

    def body(self) -> bytes:
        if time.monotonic() >= self._until:
            self._body = vitals.exposition(lambda: vitals.vitals(engine()))
            self._until = time.monotonic() + KEPT_S
        return self._body


scraped = Scraped()


async def metrics(request: Request) -> Response:
    """The numbers, 401 without the right token, 404 where none is set: then nobody scrapes here."""
    wanted = os.environ.get("EDU_METRICS_TOKEN", "").strip()
    if not wanted:
        return Response(status_code=404)
    if len(wanted) < SHORTEST_TOKEN:
        _LOG.warning("EDU_METRICS_TOKEN is shorter than %s characters and opens nothing", SHORTEST_TOKEN)
        return Response(status_code=404)
    said = request.headers.getlist("authorization")
    kind, _, token = (said[0] if len(said) == 1 else "").partition(" ")
    if kind.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), wanted.encode()):
        return Response(
            status_code=401, headers={"www-authenticate": 'Bearer realm="metrics"', "cache-control": "no-store"}
        )
    body = await asyncio.to_thread(scraped.body)
    return Response(body, media_type=CONTENT_TYPE_LATEST, headers={"cache-control": "no-store"})


ROUTES = [Route(METRICS, metrics, methods=["GET"])]
