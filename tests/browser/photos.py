"""`python -m tests.browser.photos --to FOLDER`: every page of the sample city at both widths, light and dark, in both
languages, whole length; and the findings of axe-core on each, to be looked at."""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser.access import serious
from tests.browser.conftest import PAGES, Tab, chromium, dashboard, sign_in
from tests.conftest import ROOT

WIDTHS, THEMES, LANGUAGES = (1440, 390), ("light", "dark"), ("zh", "en")
LONGEST = 6000  # pixels of one picture


def main() -> int:
    """Exit code 1 when axe-core found something serious."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.photos")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="the data folder of a sample store; default: a new one")
    parser.add_argument("--pages", nargs="*", default=list(PAGES))
    args = parser.parse_args()
    args.to.mkdir(parents=True, exist_ok=True)
    found = 0
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        data = args.data or Path(folder)
        environment = {**os.environ, "EDU_DATA_DIR": str(data)}
        subprocess.run([sys.executable, "-m", "etl", "sample", "--if-empty"], cwd=ROOT, env=environment, check=True)
        with dashboard(data) as address:
            for width, theme, language in itertools.product(WIDTHS, THEMES, LANGUAGES):
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
                sign_in(context, address)
                tab = Tab(context.new_page(), address)
                for name in args.pages:
                    found += _taken(tab, name, args.to, f"{width}_{theme}_{language}")
                context.close()
    return int(found > 0)


def _taken(tab: Tab, name: str, to: Path, kind: str) -> int:
    language, width = kind.rsplit("_", 1)[1], int(kind.split("_")[0])
    tab.go(f"/{name}?lang={language}")
    tab.page.wait_for_timeout(1500)  # charts are drawn after the page stands
    findings = serious(tab.page)
    for each in findings:
        print(f"{name or 'overview'} {kind}: {each}", flush=True)
    inner = "document.querySelector('[data-testid=\"stMainBlockContainer\"]').scrollHeight"
    height = min(LONGEST, max(900, int(tab.page.evaluate(inner)) + 80))
    tab.page.set_viewport_size({"width": width, "height": height})
    tab.page.wait_for_timeout(700)
    tab.page.screenshot(path=to / f"{name or 'overview'}_{kind}.png")
    tab.page.set_viewport_size({"width": width, "height": 900})
    return len(findings)


if __name__ == "__main__":
    raise SystemExit(main())
