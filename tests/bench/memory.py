"""What a big upload leaves behind in the server: memory before it and two minutes after its tab is closed."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import preview
from tests.bench.measure import MEBIBYTE, Figure, resident
from tests.bench.served import chromium, ingested
from tests.browser.conftest import dashboard

LIMIT_MB = 20
REST_S = 170
UPLOAD_TIMEOUT_MS = 600_000
SMALL = "榆湾镇2025-2026学年初在校生统计\n学校,在校生数\n榆湾镇小学,989\n"


def upload(browser: Any, address: str, file: Path) -> None:
    """Hands a file in, waits for what was understood (or the refusal), and closes the tab."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/upload")
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_selector('[data-testid="stSpinner"]', timeout=UPLOAD_TIMEOUT_MS)
    page.wait_for_selector('[data-testid="stSpinner"]', state="detached", timeout=UPLOAD_TIMEOUT_MS)
    page.wait_for_selector(
        '[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=UPLOAD_TIMEOUT_MS
    )
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
        with dashboard(ingested(Path(name), small)) as address:
            upload(browser, address, small)  # every import of the page
            pid = server()
            time.sleep(REST_S / 4)
            base = resident(pid)
            upload(browser, address, preview.path())
            just = resident(pid)
            time.sleep(REST_S)
            after = resident(pid)
    what = f"上传 {preview.path().stat().st_size / MEBIBYTE:.0f} MB 的 10 万行 xlsx"
    said = f"服务起初占 {base / MEBIBYTE:.0f} MB,读完时 {just / MEBIBYTE:.0f} MB;{what},关页 2 分钟后多占"
    yield Figure(said, ((after - base) / MEBIBYTE,), LIMIT_MB, "MB")
