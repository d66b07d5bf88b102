"""A dashboard of its own before Debian's chromium, for what is measured as a person sees it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browser.conftest import BROWSERS, OPTIONS
from tests.conftest import run_module


def ingested(folder: Path, *files: Path) -> Path:
    """A data folder whose store holds the files. Raises RuntimeError with the command's words."""
    done = run_module("etl", "ingest", *map(str, files), data_dir=folder)
    if done.returncode:
        raise RuntimeError(done.stdout[-1000:] + done.stderr[-1000:])
    return folder


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser. Raises FileNotFoundError where there is none."""
    from playwright.sync_api import sync_playwright

    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        raise FileNotFoundError("no chromium on this machine: apt-get install chromium")
    with sync_playwright() as run:
        opened = run.chromium.launch(executable_path=path, args=list(OPTIONS))
        try:
            yield opened
        finally:
            opened.close()
