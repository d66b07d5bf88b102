"""How long a person waits for a number's sentence in a long document: from the click until it stands in sight."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from db.schema import evidence
from tests.bench.extraction import text
from tests.bench.measure import Figure
from tests.bench.served import ingested
from tests.browser.conftest import chromium, dashboard, sign_in
from tests.conftest import connected

CHARACTERS = 60_000
LIMIT_S = 1.5
TIMEOUT_MS = 60_000
# Notes the moment at which the number of the address lies inside the box of the document and on the screen.
_WATCH = """
const look = () => {
  const mark = document.querySelector('.doc .focus'), box = mark && mark.closest('.doc').getBoundingClientRect();
  const at = mark && mark.getBoundingClientRect();
  if (at && at.top >= box.top && at.bottom <= box.bottom && at.top >= 0 && at.bottom <= innerHeight)
    window.seen = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def long_document(folder: Path) -> Path:
    """A report of CHARACTERS characters: the compilation, or the project's own reports, as often as it takes."""
    path = folder / "汇编.txt"
    words = text()
    path.write_text((words + "\n") * (CHARACTERS // len(words)) + words[: CHARACTERS % len(words)], encoding="utf-8")
    return path


def last_number(folder: Path) -> int:
    """The observation that stands furthest down."""
    with connected(folder) as connection:
        found = connection.scalar(sa.select(evidence.c.observation_id).order_by(evidence.c.start.desc()).limit(1))
    if found is None:
        raise RuntimeError("nothing was taken from the document")
    return int(found)


def opened(page: Any, url: str) -> float:
    """Seconds from the start of the navigation until the number is in sight."""
    page.goto(url)
    page.wait_for_function("window.seen !== undefined", timeout=TIMEOUT_MS)
    return float(page.evaluate("window.seen")) / 1000


def tab(browser: Any, address: str) -> Any:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", bypass_csp=True)
    sign_in(context, address)
    page = context.new_page()
    page.add_init_script(_WATCH)
    return page


def figures(repeats: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = ingested(Path(name), long_document(Path(name)))
        with dashboard(folder) as address:
            url = f"{address}/evidence?obs={last_number(folder)}"
            first = opened(tab(browser, address), url)  # the server's own imports
            anew = tuple(opened(tab(browser, address), url) for _ in range(repeats))
            used = tab(browser, address)
            opened(used, url)
            again = tuple(opened(used, url) for _ in range(repeats))
    what = f"{CHARACTERS} 字的汇报从打开到看见那句话"
    yield Figure(f"{what}(服务刚启动,浏览器首次)", (first,), LIMIT_S)
    yield Figure(f"{what}(浏览器首次)", anew, LIMIT_S)
    yield Figure(f"{what}(浏览器用过)", again, LIMIT_S)
