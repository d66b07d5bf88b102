"""What a big upload leaves behind in the server: memory before it and two minutes after its tab is closed."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import big_sheet, preview
from tests.bench.measure import MEBIBYTE, Figure, resident
from tests.bench.served import ingested
from tests.browser.conftest import chromium, dashboard, sign_in

LIMIT_MB = 20
REST_S = 120
UPLOAD_TIMEOUT_S = 600
_STANDS_STILL = '[data-testid="stApp"][data-test-script-state="notRunning"]'
SMALL = "榆湾镇2025-2026学年初在校生统计\n学校,在校生数\n榆湾镇小学,989\n"


def upload(browser: Any, address: str, file: Path) -> None:
    """Hands a file in, waits for what was understood (or the refusal), and closes the tab."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    sign_in(context, address)
    page = context.new_page()
    page.goto(f"{address}/upload")
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_timeout(2000)
    until, quiet = time.monotonic() + UPLOAD_TIMEOUT_S, 0
    while quiet < 4:  # the script may run several times for one file
        page.wait_for_timeout(500)
        quiet = quiet + 1 if page.locator(_STANDS_STILL).count() else 0
        if time.monotonic() > until:
            raise TimeoutError("the upload page does not stand still")
    if not page.locator('[data-testid="stMainBlockContainer"]').get_by_text(file.name).count():
        raise RuntimeError("the page does not name the file that was handed in")
    context.close()


def server() -> int:
    """The process id of the dashboard, this process's only child that serves."""
    children = " ".join(each.read_text() for each in Path(f"/proc/{os.getpid()}/task").glob("*/children")).split()
    return next(int(pid) for pid in children if b"streamlit" in Path(f"/proc/{pid}/cmdline").read_bytes())


def figures(repeats: int) -> Iterator[Figure]:
    """One upload whatever `repeats` says: it takes minutes."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        small = Path(name) / "小表.csv"
        small.write_text(SMALL, encoding="utf-8")
        big = Path(name) / "大表.xlsx"
        big.write_bytes(preview.path().read_bytes())
        with dashboard(ingested(Path(name), small)) as address:
            upload(browser, address, small)  # every import of the page
            pid = server()
            time.sleep(REST_S / 2)
            base = resident(pid)
            upload(browser, address, big)
            just = resident(pid)
            time.sleep(REST_S)
            after = resident(pid)
    what = f"上传 {preview.path().stat().st_size / MEBIBYTE:.0f} MB 的 {big_sheet.ROWS} 行 xlsx"
    said = f"服务起初占 {base / MEBIBYTE:.0f} MB,读完时 {just / MEBIBYTE:.0f} MB;{what},关页 2 分钟后多占"
    yield Figure(said, ((after - base) / MEBIBYTE,), LIMIT_MB, "MB")
