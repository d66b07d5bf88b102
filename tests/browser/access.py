"""What axe-core finds on a page that keeps people from using it."""

from __future__ import annotations

from typing import Any

# WCAG 2.2 A and AA, and what axe-core counts as good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WORST = ("serious", "critical")


def serious(page: Any) -> list[str]:
    """The serious and critical findings of axe-core on a page of Playwright, each with its first places."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": RULES}).response["violations"]
    return [f"{one['id']}: {one['help']}: {_places(one)}" for one in found if one["impact"] in WORST]


def _places(finding: dict[str, Any]) -> str:
    return " | ".join(str(node["html"])[:200] for node in finding["nodes"][:3])
