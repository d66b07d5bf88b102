"""Log lines for people who run the program: one JSON object a line, nothing of what files or persons say.

Of an error its kind and its place in the program are kept, never its words: they may quote a cell. What libraries say
is stripped of Chinese text, long numbers and addresses.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
OWN = ("db", "etl", "pages", "dashboard")
_KNOWN = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime", "taskName"}
_HIDDEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|\d{6,}|[\w.+-]+@[\w.-]+")
_LONGEST, _FRAMES = 500, 12


class Lines(logging.Formatter):
    """`as_json`: JSON lines; else the same as text for a person at the terminal."""

    def __init__(self, *, as_json: bool = True) -> None:
        super().__init__()
        self.as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the record holds."""
        held = self._fields(record)
        if self.as_json:
            return json.dumps(held, ensure_ascii=False, default=str)
        rest = " ".join(f"{key}={value}" for key, value in held.items() if key not in ("at", "level", "event"))
        return f"{held['at'][11:19]} {held['level']} {held['event']} {rest}".replace("\n", " ")

    def _fields(self, record: logging.LogRecord) -> dict[str, Any]:
        own = record.name.partition(".")[0] in OWN
        said = record.getMessage()
        held: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": (said if own else redacted(said))[:_LONGEST],
        }
        if own:
            held |= {key: value for key, value in vars(record).items() if key not in _KNOWN}
        if record.exc_info and record.exc_info[1] is not None:
            held |= error_fields(record.exc_info[1])
        return held


def redacted(said: str) -> str:
    """Words of a library without names, long numbers and addresses; of a traceback only the first line."""
    return _HIDDEN.sub("…", said.partition("\n")[0])


def error_fields(error: BaseException) -> dict[str, Any]:
    """The kinds of an error and of what caused it, and where in the program it came up."""
    kinds: list[str] = []
    at: BaseException | None = error
    while at is not None and len(kinds) < 5:
        kinds.append(type(at).__name__)
        at = at.__cause__ or at.__context__
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return {"error": kinds, "frames": [f"{_short(one.filename)}:{one.lineno} {one.name}" for one in frames]}


def _short(file: str) -> str:
    path = Path(file)
    if path.is_relative_to(ROOT) and ".venv" not in path.parts:
        return path.relative_to(ROOT).as_posix()
    return "/".join(path.parts[-2:])


def wants_json(stream: IO[str], environment: Mapping[str, str] | None = None) -> bool:
    """`EDU_LOG` says json or text; else a person at a terminal gets text, everything else JSON."""
    said = (os.environ if environment is None else environment).get("EDU_LOG", "").strip().lower()
    return said == "json" or (said != "text" and not stream.isatty())


def configure(stream: IO[str] | None = None) -> logging.Handler:
    """Everything that is logged goes to one stream (default: standard error) in one form; returns the handler."""
    target = stream or sys.stderr
    handler = logging.StreamHandler(target)
    handler.setFormatter(Lines(as_json=wants_json(target)))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OWN:
        logging.getLogger(name).setLevel(logging.INFO)
    for logger in list(logging.Logger.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
    for name in ("uvicorn.access", "uvicorn.error"):  # their lines on requests hold the whole address; ours do not
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler
