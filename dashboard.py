"""The web app: `streamlit run dashboard.py`. The frame is the script, so no page can be opened without it,
and the gate stands before everything, so nothing answers without a sign-in."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import socket
from collections.abc import AsyncIterator

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route

from db.catalogue import load_catalogue
from pages.text import LANGUAGES, words
from pages.ui import faults, sign_in, visits
from pages.ui.gate import HEALTH, Gate
from pages.ui.release import collect, forget_expired

RELEASE_EVERY_S = 45
_INTERNET = (socket.AF_INET, socket.AF_INET6)


async def alive(request: Request) -> PlainTextResponse:
    """The open health route: the process answers. It says nothing about the data."""
    return PlainTextResponse("ok")


async def first_page(request: Request) -> RedirectResponse:
    """The overview is the first page and has no path of its own; a link that names it is led there."""
    asked = request.url.query
    return RedirectResponse("/" + (f"?{asked}" if asked else ""), status_code=307)


def warm_up() -> None:
    """Load what every rerun needs and move it out of the collector's sight."""
    importlib.import_module("pages.ui.data")  # what the frame and most pages import; no visitor waits for it
    load_catalogue()
    for language in LANGUAGES:
        words(language)
    gc.collect()
    gc.freeze()


def answer_at_once() -> None:
    """Send every piece of an answer when it is written. The server's socket lacks the mark by which asyncio knows TCP, so
    the body of each answer waited until the browser had confirmed its head: 40 ms for each of the hundred files of a first
    visit. Connections take the option over from the socket that listens."""
    for each in gc.get_objects():
        if type(each) is socket.socket and each.type == socket.SOCK_STREAM and each.family in _INTERNET:
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


async def release_now_and_then() -> None:
    """Let go on a timer, because the collection after every rerun is off (it cost more than the rerun)."""
    while True:
        await asyncio.sleep(RELEASE_EVERY_S)
        forget_expired()
        await asyncio.to_thread(collect)


@contextlib.asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Warm up before the first visitor, let go while the server runs."""
    answer_at_once()
    warm_up()
    releasing = asyncio.create_task(release_now_and_then())
    try:
        yield
    finally:
        releasing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await releasing


app = st.App(
    "pages/frame.py",
    lifespan=lifespan,
    on_script_error=faults.show,
    routes=[
        Route(HEALTH, alive, methods=["GET"]),
        Route("/overview", first_page, methods=["GET"]),
        *sign_in.ROUTES,
    ],
    middleware=[Middleware(Gate, look=sign_in.account_of_token), Middleware(visits.VisitCookies)],
)
