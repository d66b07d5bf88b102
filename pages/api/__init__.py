"""The data interface under /api. What answers reads by pandas, half a second of imports that a start does not wait for."""

from __future__ import annotations

import asyncio
import importlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ANSWERING = "pages.api.routes"
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]  # most are refused with a sentence


async def answer(request: Request) -> Response:
    """Every request below /api."""
    module = await asyncio.to_thread(importlib.import_module, ANSWERING)
    answered: Response = await module.answer(request)
    return answered


ROUTES = [Route("/api", answer, methods=_METHODS), Route("/api/{rest:path}", answer, methods=_METHODS)]
