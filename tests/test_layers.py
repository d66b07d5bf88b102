"""The import rules of the house: who may import whom, and how long things may get."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORBIDDEN: dict[str, tuple[str, ...]] = {
    "db": ("streamlit", "plotly", "etl", "pages"),
    "etl": ("streamlit", "plotly", "pages", "sqlalchemy", "db.engine", "db.queries", "db.store", "db.schema",
            "db.org", "db.rollups", "db.bulk_load", "db.migrations", "db.settings"),
    "pages/analysis": ("streamlit", "sqlalchemy", "etl", "db", "plotly"),
    "pages/charts": ("streamlit", "sqlalchemy", "etl", "db"),
    "pages/exports": ("streamlit", "sqlalchemy", "etl", "db"),
    "pages/ui": ("sqlalchemy",),
    "pages/api": ("streamlit", "sqlalchemy", "etl"),
}  # fmt: skip
COMMAND_LINE = ("etl/__main__.py", "etl/work.py")  # the places of etl that open the store: commands and workers
PAGE_FORBIDDEN = ("sqlalchemy", "db", "etl")
UI_MAY_IMPORT_OF_ETL = ("etl.pipeline", "etl.types", "etl.places")


def python_files() -> list[Path]:
    files = [ROOT / "dashboard.py"]
    for folder in ("db", "etl", "pages"):
        files += sorted((ROOT / folder).rglob("*.py"))
    return files


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ("." * node.level) + (node.module or "")
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def touches(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def rules_for(name: str) -> tuple[str, ...]:
    if name in COMMAND_LINE:
        return ("streamlit", "plotly", "pages", "sqlalchemy")
    for package in sorted(FORBIDDEN, key=len, reverse=True):
        if name.startswith(package + "/"):
            return FORBIDDEN[package]
    return PAGE_FORBIDDEN if name.startswith("pages/") and name.count("/") == 1 else ()


@pytest.mark.parametrize("path", python_files(), ids=name_of)
def test_package_imports_only_what_it_may(path: Path) -> None:
    broken = {name for name in imports(path) for package in rules_for(name_of(path)) if touches(name, package)}
    assert broken == set()


@pytest.mark.parametrize("path", [p for p in python_files() if name_of(p).startswith("pages/ui/")], ids=name_of)
def test_ui_uses_only_the_pipeline_of_etl(path: Path) -> None:
    of_etl = {name for name in imports(path) if touches(name, "etl") and name != "etl"}
    assert {n for n in of_etl if not any(touches(n, allowed) for allowed in UI_MAY_IMPORT_OF_ETL)} == set()


def test_pages_do_not_import_each_other() -> None:
    pages = {p.stem for p in (ROOT / "pages").glob("*.py") if p.stem != "__init__"}
    for page in (ROOT / "pages").glob("*.py"):
        assert {n for n in imports(page) if n.startswith("pages.") and n.split(".")[1] in pages} == set(), page.name


def test_only_db_holds_sql() -> None:
    for path in python_files():
        if not name_of(path).startswith("db/"):
            assert not any(touches(name, "sqlalchemy") for name in imports(path)), name_of(path)


@pytest.mark.parametrize("path", [*python_files(), *sorted((ROOT / "tests").rglob("*.py"))], ids=name_of)
def test_no_long_file_and_no_long_function(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno + 1 <= 50, f"{name_of(path)}:{node.lineno} {node.name}"


def test_the_rules_see_a_forbidden_import(tmp_path: Path) -> None:
    culprit = tmp_path / "culprit.py"
    culprit.write_text("from sqlalchemy.orm import Session\nimport etl.pipeline\n", encoding="utf-8")
    assert any(touches(name, "sqlalchemy") for name in imports(culprit))
    assert any(touches(name, "etl") for name in imports(culprit))


def test_pages_ask_for_rights_that_exist() -> None:
    from db.records_accounts import Right

    rights = {right.value for right in Right}
    for path in (ROOT / "pages").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr
            if called in ("may", "require") and isinstance(node.args[0], ast.Constant):
                assert node.args[0].value in rights, f"{name_of(path)}:{node.lineno}"
