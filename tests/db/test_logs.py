"""The log says what happened to the program and nothing that a file or a person said."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest

from db.logs import Lines, configure, wants_json

CELL = "张小红"


def line(
    name: str, message: str, *arguments: object, error: BaseException | None = None, **extra: Any
) -> dict[str, Any]:
    info = None if error is None else (type(error), error, error.__traceback__)
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, arguments, info)
    for key, value in extra.items():
        setattr(record, key, value)
    text = Lines().format(record)
    assert "\n" not in text
    held: dict[str, Any] = json.loads(text)
    return held


def failed() -> ValueError:
    try:
        try:
            int(CELL)
        except ValueError as error:
            raise KeyError(CELL) from error
    except KeyError as error:
        return error  # type: ignore[return-value]
    raise AssertionError


def test_an_error_is_its_kind_and_place_never_its_words() -> None:
    held = line("dashboard.faults", "fault %s", "ABC", error=failed())
    assert held["event"] == "fault ABC"
    assert held["error"] == ["KeyError", "ValueError"]
    assert held["frames"][-1].startswith("tests/db/test_logs.py:")
    assert held["frames"][-1].endswith(" failed")
    assert CELL not in json.dumps(held, ensure_ascii=False)


@pytest.mark.parametrize(
    ("said", "kept"),
    [(f"cannot convert {CELL} to float", "cannot convert … to float"), ("id 110101199003070011 seen", "id … seen"),
     ("from li.si@example.cn", "from …"), ("Traceback\n  File x\nValueError: 张", "Traceback")],
)  # fmt: skip
def test_words_of_a_library_are_stripped(said: str, kept: str) -> None:
    assert line("streamlit.runtime", said)["event"] == kept
    assert line("uvicorn.error", "%s", said)["event"] == kept


def test_own_lines_carry_their_fields() -> None:
    held = line("dashboard.requests", "request", status=200, path="/trends", account=3)
    assert (held["status"], held["path"], held["account"]) == (200, "/trends", 3)
    assert held["at"].endswith("+00:00")


def test_a_person_at_a_terminal_reads_text() -> None:
    record = logging.LogRecord("dashboard", logging.INFO, __file__, 1, "started", (), None)
    assert Lines(as_json=False).format(record).endswith("info started logger=dashboard")
    stream = io.StringIO()
    assert wants_json(stream, {})
    assert not wants_json(stream, {"EDU_LOG": "text"})
    assert wants_json(stream, {"EDU_LOG": "JSON"})


def test_every_logger_writes_to_one_place_in_one_form() -> None:
    stream, root = io.StringIO(), logging.getLogger()
    level, before, loud = root.level, list(root.handlers), logging.getLogger("streamlit.some")
    held = {one: (list(one.handlers), one.propagate, one.level, one.disabled) for one in logging.Logger.manager.loggerDict.values() if isinstance(one, logging.Logger)}  # fmt: skip
    loud.addHandler(logging.StreamHandler(io.StringIO()))
    try:
        configure(stream)
        loud.warning("said")
        logging.getLogger("uvicorn.access").info("GET /x?name=%s", CELL)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        for one, (handlers, propagate, was, disabled) in held.items():
            one.handlers[:], one.propagate, one.disabled = handlers, propagate, disabled
            one.setLevel(was)
    [said] = stream.getvalue().splitlines()
    assert json.loads(said)["event"] == "said"
