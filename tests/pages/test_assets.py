"""The files of Streamlit's page: small, from memory, kept by browsers, and named ahead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pages.ui import assets, shell

SCRIPT = "const word = '学校';\n" * 200


async def inner(request: object) -> PlainTextResponse:
    return PlainTextResponse("inner")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "Table.a1.js").write_text(
        f'import{{x}}from"./base.b2.js";import("./late.c3.js");{SCRIPT}', "utf-8"
    )
    (tmp_path / "js" / "base.b2.js").write_text('import"./root.d4.js";', "utf-8")
    for name in ("root.d4.js", "late.c3.js", "Table.a1.js.map"):
        (tmp_path / "js" / name).write_text("", "utf-8")
    return tmp_path


@pytest.fixture
def client(folder: Path) -> TestClient:
    app = Starlette(routes=[Route("/{path:path}", inner, methods=["GET", "HEAD", "POST"])])
    app.add_middleware(assets.Assets, folder=folder)
    return TestClient(app)


def test_a_script_goes_out_packed_and_is_kept_by_the_browser(client: TestClient, folder: Path) -> None:
    for _ in range(2):
        answer = client.get("/static/js/Table.a1.js", headers={"accept-encoding": "gzip, br"})
        assert answer.content == (folder / "js" / "Table.a1.js").read_bytes()
        assert int(answer.headers["content-length"]) < len(answer.content) / 5
        assert answer.headers["content-encoding"] == "gzip"
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/static/js/Table.a1.js", {"accept-encoding": "identity"}),
        ("GET", "/static/js/Table.a1.js", {"accept-encoding": "gzip", "range": "bytes=0-9"}),
        ("HEAD", "/static/js/Table.a1.js", {"accept-encoding": "gzip"}),
        ("POST", "/static/js/Table.a1.js", {"accept-encoding": "gzip"}),
        ("GET", "/static/js/Table.a1.js.map", {"accept-encoding": "gzip"}),
        ("GET", "/static/js/none.js", {"accept-encoding": "gzip"}),
    ],
)
def test_everything_else_is_the_inner_apps(client: TestClient, method: str, path: str, headers: dict[str, str]) -> None:
    found = client.request(method, path, headers=headers)
    assert "content-encoding" not in found.headers
    assert found.text == ("" if method == "HEAD" else "inner")


def test_the_files_of_the_first_page_are_packed_before_anyone_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_HELD", {})
    shell.pack_first()
    held = {path.name.partition(".")[0] for path in assets._HELD}
    assert {"index", "react-dom", "protobuf", "DataFrame", "Metric", "Selectbox"} <= held


def test_what_an_element_is_built_on_is_named_with_it(folder: Path) -> None:
    assert assets.needed(["Table", "Nothing"], folder) == ["Table.a1.js", "base.b2.js", "root.d4.js"]


@pytest.mark.parametrize("path", ["/", *shell.DRAWN])
def test_every_element_named_ahead_is_a_file_of_this_streamlit(path: str) -> None:
    for element in (*shell.EVERYWHERE, *shell.DRAWN.get(path, ())):
        files = [name for name in assets.needed([element]) if name.startswith(f"{element}.")]
        assert len(files) == 1, element
        assert f'modulepreload" crossorigin fetchpriority="low" href="./static/js/{files[0]}"'.encode() in shell.page(
            "zh", path
        )


def test_no_file_is_named_twice() -> None:
    files = re.findall(
        r'modulepreload" crossorigin(?: fetchpriority="low")? href="([^"]+)"', shell.page("zh", "/").decode()
    )
    assert len(files) == len(set(files)) > 60
