"""The page before the first word: Streamlit's own with our language, words, style sheet and script, and nothing else of it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from pages.text import words
from pages.ui import assets, shell
from pages.ui.gate import content_policy

INNER = "<html><body>Streamlit's</body></html>"


def inner_page(request: object) -> Response:
    answer = HTMLResponse(INNER, headers={"etag": "inner", "last-modified": "Sat, 28 Nov 2026 00:00:00 GMT"})
    answer.set_cookie("_streamlit_xsrf", "2|x")
    return answer


def client() -> TestClient:
    inner = Starlette(
        routes=[
            *shell.ROUTES,
            Route("/trends", inner_page),
            Route("/", inner_page),
            Route("/sign-in", inner_page),
            Route("/school", lambda request: PlainTextResponse("no page")),
            Route("/upload", lambda request: HTMLResponse("refused", status_code=403)),
        ]
    )
    return TestClient(shell.Shell(inner))


@pytest.mark.parametrize(("query", "tag", "title"), [("", "zh-CN", "教育指标看板"), ("?lang=zh", "zh-CN", "教育指标看板"), ("?lang=en", "en", "Education"), ("?lang=xx", "zh-CN", "教育指标看板")])  # fmt: skip
def test_the_page_is_in_the_language_that_the_address_asks_for(query: str, tag: str, title: str) -> None:
    answer = client().get(f"/trends{query}")
    assert f'<html lang="{tag}">' in answer.text
    assert re.search(r"<title>(.*?)</title>", answer.text)[1].startswith(title)  # type: ignore[index]
    assert "JavaScript" in re.search(r"<noscript>(.*?)</noscript>", answer.text)[1]  # type: ignore[index]
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_what_streamlit_sends_with_its_page_is_kept_but_what_describes_another_body() -> None:
    answer = client().get("/")
    assert "_streamlit_xsrf" in answer.headers["set-cookie"]
    assert "etag" not in answer.headers
    assert "last-modified" not in answer.headers
    assert client().head("/").content == b""


def test_the_page_loads_streamlit_and_our_two_files_and_says_nothing_of_interfaces_that_are_off() -> None:
    text = client().get("/").text
    assert re.findall(r'<script[^>]* src="([^"]*)"', text)[-1] == "./shell.js"
    assert any(src.startswith("./static/js/index.") for src in re.findall(r'src="([^"]*)"', text))
    assert text.count('href="./shell.css"') == 1
    assert "agent" not in text
    assert '<div id="root"></div>' in text


@pytest.mark.parametrize(("path", "said"), [("/sign-in", INNER), ("/school", "no page"), ("/upload", "refused")])
def test_other_answers_are_left_alone(path: str, said: str) -> None:
    assert client().get(path).text == said


def test_the_script_says_streamlits_english_words_in_chinese() -> None:
    text = client().get("/shell.js").text
    assert '"Collapse sidebar": "收起菜单"' in text
    own = {key for key in words("zh") if key.startswith("shell.")}
    assert own == {key for key in words("en") if key.startswith("shell.")}
    assert all(words("zh")[key] in text for key in own)


def test_the_style_sheet_has_the_colours_of_the_settings() -> None:
    text = client().get("/shell.css").text
    assert "--light-gray: #5C6B7A;" in text
    assert "--dark-link: #8BC1F0;" in text


def test_a_websocket_passes() -> None:
    seen = []

    async def app(scope: dict[str, object], receive: object, send: object) -> None:
        seen.append(scope["type"])

    asyncio.run(shell.Shell(app)({"type": "websocket", "path": "/"}, None, None))  # type: ignore[arg-type]
    assert seen == ["websocket"]


def test_the_browser_is_told_where_the_server_is_before_streamlits_script() -> None:
    """Else it asks below the address of the page first, waits, asks again, and connects then."""
    text = client().get("/trends").text
    assert text.index(assets.CONNECT) < text.index('src="./static/js/index.')
    digest = base64.b64encode(hashlib.sha256(assets.CONNECT.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in content_policy()
    index = next((assets.STATIC / "js").glob("index.*.js")).read_text("utf-8")
    for name in re.findall(r"(\w+):", assets.CONNECT):  # what Streamlit's script asks for by these names
        assert name in index


def test_scripts_that_are_wanted_later_wait_for_those_of_the_frame() -> None:
    text = client().get("/trends").text
    assert re.findall(r'<link rel="modulepreload"[^>]*(Multiselect)[^>]*>', text) == ["Multiselect"]
    later = re.findall(r'<link rel="modulepreload" crossorigin( fetchpriority="low")? href="[^"]*/PlotlyChart', text)
    assert later == [' fetchpriority="low"']
    assert 'as="font"' not in text
