"""The page that a browser loads before the first word comes: Streamlit's own, in the reader's language, with our style
sheet and the few attributes and words that its elements lack (`shell.js`, `shell.css`)."""

from __future__ import annotations

import functools
import html
import json
import re
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.text import phrase, words
from pages.ui import assets
from pages.ui.sign_in import language_of

SCRIPT, STYLE = "/shell.js", "/shell.css"
_SAID = "shell."
EVERYWHERE = ("Selectbox", "Html", "ButtonGroup", "PageLink")  # kinds of elements that nearly every page draws first
_FORM = ("TextInput", "Button")
DRAWN = {
    "/": ("Metric", "DataFrame"),
    "/trends": ("PlotlyChart", "DataFrame", "Multiselect", "Checkbox"),
    "/districts": ("PlotlyChart", "DataFrame"),
    "/compare": ("PlotlyChart", "Multiselect", "Checkbox"),
    "/school": ("PlotlyChart", "DataFrame", "Checkbox"),
    "/evidence": ("TextInput", "Metric", "Checkbox"),
    "/quality": ("DataFrame",),
    "/catalogue": ("TextInput", "DataFrame"),
    "/upload": ("FileUploader",),
    "/bulletin": ("DownloadButton",),
    "/templates": ("DownloadButton",),
    "/org_units": _FORM,
    "/locks": _FORM,
    "/accounts": _FORM,
    "/api_tokens": _FORM,
    "/settings": (*_FORM, "DateInput", "NumberInput", "Radio"),
}
TAGS = {"zh": "zh-CN", "en": "en"}
_HERE = Path(__file__).parent
_PAGE = Path(st.__file__).parent / "static" / "index.html"
_PATHS = frozenset({"/", *(f"/{each.stem}" for each in _HERE.parent.glob("[a-z]*.py"))})
_OF_ANOTHER_PAGE = ("content-encoding", "etag", "last-modified", "transfer-encoding")


@functools.cache
def page(language: str, path: str = "/") -> bytes:
    """The page in a language: its tag, title and words for browsers without scripts, our style sheet and script, and the
    scripts of the elements that it will draw, to be fetched while the program prepares them."""
    text = _PAGE.read_text(encoding="utf-8")
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r'<link\s+rel="preload"[^>]*as="font"[^>]*>', "", text)  # of a font that config.toml does not name
    text = re.sub(r'<link rel="service-desc"[^>]*>', "", text)  # of an interface that is switched off
    text = re.sub(r"<html[^>]*>", f'<html lang="{TAGS[language]}">', text, count=1)
    text = re.sub(r"<title>.*?</title>", f"<title>{_said('frame.title', language)}</title>", text, count=1)
    text = re.sub(
        r"<noscript>.*?</noscript>",
        f"<noscript><p>{_said('frame.no_script', language)}</p></noscript>",
        text,
        count=1,
        flags=re.DOTALL,
    )
    ahead = "".join(
        f'<link rel="modulepreload" crossorigin fetchpriority="low" href="./static/js/{name}">'
        for name in _ahead(path)
        if f"/{name}" not in text
    )
    text = text.replace("<script", f"<script>{assets.CONNECT}</script>\n    <script", 1)
    ours = f'<link rel="stylesheet" href=".{STYLE}"><script defer src=".{SCRIPT}"></script>{ahead}</head>'
    return text.replace("</head>", ours, 1).encode()


@functools.cache
def _ahead(path: str) -> list[str]:
    return assets.needed(EVERYWHERE + DRAWN.get(path, ()))


def pack_first() -> None:
    """Have the scripts of the first page ready before anyone asks for it."""
    for name in assets.needed(("index", *EVERYWHERE, *DRAWN["/"])):
        assets.pack(assets.STATIC / "js" / name)


def _said(key: str, language: str) -> str:
    return html.escape(phrase(language, key))


class Shell:
    """ASGI layer: where the inner app answers with Streamlit's page, ours goes out in its place, with its cookies."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or scope["path"] not in _PATHS:
            await self.app(scope, receive, send)
            return
        ours, replaced = page(language_of(Request(scope)), scope["path"]), False

        async def sent(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                replaced = message["status"] == 200 and headers.get("content-type", "").startswith("text/html")
                if replaced:
                    _describe(headers, len(ours))
            elif replaced:
                if message.get("more_body"):
                    return
                message = {"type": "http.response.body", "body": ours if scope["method"] == "GET" else b""}
            await send(message)

        await self.app(scope, receive, sent)


def _describe(headers: MutableHeaders, length: int) -> None:
    for name in _OF_ANOTHER_PAGE:
        if name in headers:
            del headers[name]
    headers["content-length"] = str(length)
    headers["cache-control"] = "no-store"


@functools.cache
def _script() -> str:
    english, chinese = words("en"), words("zh")
    names = [key.removeprefix(_SAID) for key in english if key.startswith(_SAID)]
    told = {english[f"shell.{name}"]: chinese[f"shell.{name}"] for name in names}
    return f"const WORDS = {json.dumps(told, ensure_ascii=False)};\n" + (_HERE / "shell.js").read_text("utf-8")


@functools.cache
def _style() -> str:
    """The style sheet with the colours of config.toml."""
    colours = "".join(
        f" --{theme}-{name}: {st.get_option(f'theme.{theme}.{name}Color')};"
        for theme in ("light", "dark")
        for name in ("gray", "link", "background")
    )
    root = f":root {{{colours} }}\n"
    return root + (_HERE / "shell.css").read_text("utf-8")


async def script(request: Request) -> Response:
    return Response(_script(), media_type="text/javascript", headers={"cache-control": "no-cache"})


async def style(request: Request) -> Response:
    return Response(_style(), media_type="text/css", headers={"cache-control": "no-cache"})


ROUTES = [Route(SCRIPT, script, methods=["GET"]), Route(STYLE, style, methods=["GET"])]
