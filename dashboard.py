"""The web app: `streamlit run dashboard.py`. The frame is the script, so no page can be opened without it,
and the gate stands before everything, so nothing answers without a sign-in."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator

import streamlit as st
import streamlit.logger
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.routing import Route

from db import logs
from db.catalogue import load_catalogue
from db.engine import StoreError, settle
from db.faults import UNREACHABLE
from db.opening import unready
from pages import api
from pages.text import LANGUAGES, words
from pages.ui import assets, media, metrics, oidc, oidc_sign_in, proxy, shell, sign_in, store, visits
from pages.ui.gate import HEALTH, READY, Gate
from pages.ui.release import collect, few_arenas, forget_expired
from pages.ui.waking import wake_once
from pages.ui.watch import Watch

log = logging.getLogger("dashboard")
RELEASE_EVERY_S = 45
READY_FOR_S = 2.0  # strangers may ask as often as they like, the store is looked at no more often than this
SETTLE_S = 20.0
FAULTS = "pages.ui.faults"
# What the frame and most pages import, then the larger parts of the overview.
FIRST_PAGE = (
    "pages.ui.data",
    "pages.ui.attention_list",
    "pages.ui.pictures",
    "pages.ui.placement",
    "pages.ui.whats_new",
)
CANNOT_START, TRY_AGAIN = 78, 75  # as in sysexits.h: a person must act; the database may come back by itself
_INTERNET = (socket.AF_INET, socket.AF_INET6)


async def alive(request: Request) -> PlainTextResponse:
    """The open health route: the process answers. It says nothing about the data."""
    return PlainTextResponse("ok")


class Readiness:
    """The open readiness route: whether the store can be worked with. The reason is in the log and nowhere else."""

    def __init__(self) -> None:
        self._until, self._codes = 0.0, ("starting",)

    async def answer(self, request: Request) -> JSONResponse:
        if time.monotonic() >= self._until:
            self._until = time.monotonic() + READY_FOR_S
            before, self._codes = self._codes, await asyncio.to_thread(_look_whether_ready)
            if self._codes and self._codes != before:
                log.warning("not ready", extra={"reasons": self._codes})
        return JSONResponse({"ready": not self._codes}, 503 if self._codes else 200, {"cache-control": "no-store"})


def _look_whether_ready() -> tuple[str, ...]:
    try:
        return unready(store.engine())
    except Exception as error:
        return (type(error).__name__,)


def show_fault(error: Exception) -> bool:
    """See `pages.ui.faults.show`."""
    shown: bool = importlib.import_module(FAULTS).show(error)
    return shown


def log_lines() -> None:
    """Streamlit gives every logger a handler of its own, also those that it makes later."""
    streamlit.logger.setup_formatter = lambda logger: setattr(logger, "propagate", True)
    logs.configure()


def open_store_or_end() -> None:
    """Whoever starts the program on a store that must not be opened reads why and gets the prompt back."""
    try:
        proxy.active()
        oidc.active()
        store.engine()
    except StoreError as fault:
        _end(str(fault), CANNOT_START)
    except Exception as error:
        log.error("the store does not open", exc_info=error)
        _end(UNREACHABLE, TRY_AGAIN)


def _end(sentence: str, code: int) -> None:
    print(sentence, file=sys.stderr, flush=True)
    os._exit(code)  # an exception would be wrapped in two tracebacks of the server


async def first_page(request: Request) -> RedirectResponse:
    """The overview is the first page and has no path of its own; a link that names it is led there."""
    asked = request.url.query
    return RedirectResponse("/" + (f"?{asked}" if asked else ""), status_code=307)


def warm_up() -> None:
    """Load what every rerun needs and move it out of the collector's sight. The sign-in page answers meanwhile."""
    for name in (api.ANSWERING, FAULTS, *FIRST_PAGE):
        importlib.import_module(name)
    load_catalogue()
    for language in LANGUAGES:
        words(language)
    shell.pack_first()
    gc.collect()
    gc.freeze()


def work(over: threading.Event) -> None:
    """Have the imports of the queue carried out, in children of this process, until it is over. EDU_WORKERS: how many at
    once; 0 leaves them to `python -m etl work` elsewhere."""
    most = int(os.environ.get("EDU_WORKERS", "1"))
    if most > 0:
        supervisor = importlib.import_module("etl.work").Supervisor(store.engine(), most)
        supervisor.turn(over)
        supervisor.stop(SETTLE_S / 2)


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
    log_lines()
    few_arenas()
    wake_once(asyncio.get_running_loop())
    await asyncio.to_thread(open_store_or_end)
    answer_at_once()
    log.info("started")
    releasing = asyncio.create_task(release_now_and_then())
    warming = asyncio.create_task(asyncio.to_thread(warm_up))
    over = threading.Event()
    working = threading.Thread(target=work, args=(over,), daemon=True)  # a thread of the pool would be missed by others
    working.start()
    try:
        yield
    finally:
        releasing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await releasing
        over.set()
        await warming
        await asyncio.to_thread(working.join)
        settled = await asyncio.to_thread(settle, store.engine(), SETTLE_S)
        log.info("stopped", extra={"settled": settled})


HEALTH_ROUTES = [
    Route(HEALTH, alive, methods=["GET"]),
    Route(READY, Readiness().answer, methods=["GET"]),
    Route("/overview", first_page, methods=["GET"]),
]
app = st.App(
    "pages/frame.py",
    lifespan=lifespan,
    on_script_error=show_fault,
    routes=[
        *HEALTH_ROUTES,
        *sign_in.ROUTES,
        *oidc_sign_in.ROUTES,
        *api.ROUTES,
        *metrics.ROUTES,
        *shell.ROUTES,
    ],
    middleware=[
        Middleware(Watch),
        Middleware(Gate, look=sign_in.account_of_token, owns=media.owned),
        Middleware(assets.Assets),
        Middleware(visits.VisitCookies),
        Middleware(shell.Shell),
    ],
)
