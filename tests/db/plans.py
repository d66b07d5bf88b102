"""How a database means to answer a statement: which large tables it would read from end to end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

Statement = tuple[str, Any]
# What grows with the facts. `org_unit` is no such table: pages hold the whole register.
LARGE = ("observation", "evidence", "rollup", "cell_count")
FEW_PAGES = 100
_FEW = (
    "ix_observation_former",
    "ix_observation_closed_by",
    "ix_observation_report",
    "ix_rollup_stated",
)  # partial indexes of few rows


@contextmanager
def caught(engine: sa.Engine | type[sa.Engine]) -> Iterator[list[Statement]]:
    """The statements of an engine, or of all, that read: in order, with their parameters."""
    found: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not many and statement.lstrip().upper().startswith(("SELECT", "WITH")):
            found.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def scanned(connection: sa.Connection, statement: Statement) -> list[str]:
    """The steps of the plan that go through a large table as a whole, in the database's words."""
    return _sqlite(connection, *statement) if connection.dialect.name == "sqlite" else _postgres(connection, *statement)


def _sqlite(connection: sa.Connection, text: str, parameters: Any) -> list[str]:
    names = "|".join(LARGE)
    aliases = {alias for _, alias in re.findall(rf"\b({names})\s+AS\s+(\w+)", text)} | {*LARGE, "o"}  # o: db.scope
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters).all()
    steps = [str(row[-1]) for row in rows]
    aliases -= {told[2] for step in steps if (told := re.match(r"(CO-ROUTINE|MATERIALIZE) (\w+)", step))}  # views
    return [
        step
        for step in steps
        if (told := re.match(r"SCAN (\w+)", step)) and told[1] in aliases and not any(few in step for few in _FEW)
    ]


def _postgres(connection: sa.Connection, text: str, parameters: Any) -> list[str]:
    [(plan,)] = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {text}", parameters).all()
    pages = sa.text(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relpages > :few"
    )  # any planner reads a few whole
    large = set(connection.scalars(pages, {"few": FEW_PAGES})) & set(LARGE)
    return [
        f"{node['Node Type']} {node['Relation Name']}"
        for node in _nodes(plan[0]["Plan"])
        if node.get("Relation Name") in large and "Index Cond" not in node and "Recheck Cond" not in node
        and node.get("Index Name") not in _FEW
    ]  # fmt: skip


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)
