"""Names in pickers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import filters
from tests.pages.conftest import Shelf


def test_a_name_is_spelled_once_for_all_reruns_and_once_a_language(
    store: Shelf, open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    spelled: list[int] = []
    spell = filters._spelled

    def counted(unit_id: int) -> str:
        spelled.append(unit_id)
        return spell(unit_id)

    monkeypatch.setattr(filters, "_spelled", counted)
    app = open_page("school")
    first = len(spelled)
    assert first == len(set(spelled)) > 1
    app.run()
    assert len(spelled) == first
    open_page("school", lang="en")
    assert len(spelled) > first
