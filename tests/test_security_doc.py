"""docs/security.md names tests that exist, for each of the thirty cases and each point of ASVS."""

from __future__ import annotations

import ast
import re

import pytest

from tests.conftest import ROOT

DOC = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def rows(title: str) -> dict[str, list[tuple[str, str]]]:
    """First cell to (file, test) pairs of a table below a heading."""
    section = DOC.split(f"## {title}")[1].split("\n## ")[0]
    lines = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("| ")][1:]
    return {first.strip(): TEST.findall(rest) for first, rest in lines}


CASES, POINTS = rows("与用例的对应"), rows("与 ASVS 5.0 的对应")


@pytest.mark.parametrize(
    ("file", "name"), sorted({pair for found in (CASES, POINTS) for each in found.values() for pair in each})
)
def test_a_test_that_is_named_exists(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    held = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert name.startswith("test_")
    assert name in held


def test_every_case_and_every_point_has_a_test() -> None:
    assert [int(first.split()[0]) for first in CASES] == list(range(1, 31))
    assert len(POINTS) >= 20
    assert [first for first, held in (CASES | POINTS).items() if not held] == []
