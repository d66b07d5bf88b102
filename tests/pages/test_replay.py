"""Parts of a page that are put down again as they were: the same words, drawn once for each state of the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

from db.versions import State
from pages.ui import data, heat, replay, tables
from tests.pages.conftest import Shelf, shown

Open = Callable[..., AppTest]
PAGES = ("overview", "trends", "districts", "compare", "school", "findings", "quality", "catalogue", "evidence")


def leaves(block: Any, place: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Every element of a page with its place and all that it holds."""
    for key, child in sorted(block.children.items()):
        if hasattr(child, "children"):
            proto = getattr(child, "proto", None)
            yield (*place, key), "block", "" if proto is None else json.dumps(MessageToDict(proto), sort_keys=True)
            yield from leaves(child, (*place, key))
        else:
            held = MessageToDict(child.proto)
            held.pop("deferredFileId", None)  # of a file made when it is fetched: another one at every run
            yield (*place, key), child.type, json.dumps(held, sort_keys=True, ensure_ascii=False)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_put_down_again_is_what_was_drawn(store: Shelf, open_page: Open, page: str) -> None:
    app = open_page(page)
    data.forget()
    drawn = list(leaves(app.run().main))
    again = list(leaves(app.run().main))
    assert not app.exception
    assert len(drawn) > 3
    assert again == drawn


def counted(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> list[None]:
    """How often a function is called."""
    calls: list[None] = []
    made = getattr(module, name)

    def noted(*rest: Any, **options: Any) -> Any:
        calls.append(None)
        return made(*rest, **options)

    monkeypatch.setattr(module, name, noted)
    return calls


def test_a_rerun_draws_no_table_anew(store: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch, heat, "by_period")
    app = open_page("districts")
    app.run()
    assert len(calls) == 1
    data.forget()
    app.run()
    assert len(calls) == 2


def test_another_language_is_drawn_in_its_own_words(store: Shelf, open_page: Open) -> None:
    assert "教育局" not in shown(open_page("districts", lang="en"))
    chinese, english = (shown(open_page("overview", lang=language)) for language in ("zh", "en"))
    assert "需要关注" in chinese
    assert "需要关注" not in english


def test_a_store_that_changed_is_drawn_anew(corrected: Shelf, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch, tables, "draw")
    app = open_page("trends", units=corrected.ids["p3"], indicator="vac_cert_check_rate", dims="level=PRI")
    before = len(calls)
    app.run()
    assert len(calls) == before
    monkeypatch.setattr("pages.ui.kept.state", lambda: State(-1, (0,) * 5))
    app.run()
    assert len(calls) > before


def test_what_is_kept_of_drawings_is_bounded_and_let_go_of() -> None:
    drawn: list[int] = []
    for _ in range(2):
        replay.drawn(("a", 1), lambda: drawn.append(1))
    replay.drawn(("a", 2), lambda: drawn.append(2))
    assert drawn == [1, 2]
    replay.forget()
    replay.drawn(("a", 1), lambda: drawn.append(3))
    assert drawn == [1, 2, 3]
    assert replay._MOST <= 512
