"""An error of ours: one sentence in the reader's language with a number that the log holds too."""

from __future__ import annotations

import logging
import re

import pytest
from streamlit.testing.v1 import AppTest


def failing() -> None:
    import streamlit as st

    from pages.ui import faults

    st.query_params["lang"] = st.session_state["asked"]
    assert faults.show(RuntimeError("two and two were five"))


@pytest.mark.parametrize(("language", "words"), [("zh", "本页出错"), ("en", "This page failed")])
def test_the_number_on_the_screen_stands_in_the_log(
    language: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = AppTest.from_function(failing)
    app.session_state["asked"] = language
    with caplog.at_level(logging.ERROR, logger="dashboard.faults"):
        app.run()
    [sentence] = [each.value for each in app.error]
    assert sentence.startswith(words)
    number = re.search(r"\b[2-9A-Z]{6}\b", sentence)
    assert number is not None
    [record] = [each for each in caplog.records if each.name == "dashboard.faults"]
    assert number.group() in record.getMessage()
    assert record.exc_info is not None
    assert "two and two" not in sentence


def test_the_server_is_told_to_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard import app
    from pages.ui import faults

    shown: list[Exception] = []
    monkeypatch.setattr(faults, "show", lambda error: not shown.append(error))
    error = ValueError("x")
    assert app._on_script_error is not None
    assert app._on_script_error(error) is True
    assert shown == [error]
