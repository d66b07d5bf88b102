"""A version for each group of tables, so that what was read stays good until one of its own tables is written to.

Nobody bumps them: the engine sees which tables the statements of a transaction write to and, as the last thing before the
commit, adds one to the versions of their groups, in the same transaction. Whoever reads the versions first in a transaction
knows by them what the rest of it would find (decision 022).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

GROUPS: dict[str, tuple[str, ...]] = {
    "directory": ("org_unit", "org_unit_alias", "org_unit_change", "org_unit_successor"),
    "names": ("indicator", "dim_set", "period"),
    "settings": ("setting",),
    "facts": (
        "source_file", "source_content", "source_block", "import_batch", "issue", "rejected", "observation", "evidence",
        "restatement", "rollup", "cell_count", "claim", "discrepancy", "finding", "pending_reading",
    ),
    "decisions": ("ruling", "review_decision", "review_effect", "series_note", "period_lock"),
}  # fmt: skip
# Written at any moment, some by workers that must not wait for an import to end: always read anew.
UNVERSIONED = (
    "draft", "draft_content", "draft_event", "job", "upload", "confirmation", "layout_memory", "account",
    "sign_in_session", "sign_in_failure", "audit_event", "api_token",
)  # fmt: skip
STATE = "store_state"  # holds the versions; what depends on the rest of it depends on the revision
GROUP_OF = {table: group for group, tables in GROUPS.items() for table in tables}
COLUMNS = tuple(f"{group}_version" for group in GROUPS)
NOW = f"SELECT s.revision, {', '.join(f's.{name}' for name in COLUMNS)}"
_WRITTEN, _NOTED, _REMADE = "edu_written", "edu_noted", "edu_remade"
_WRITE = re.compile(
    r"\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM(?:\s+ONLY)?|REPLACE\s+INTO|TRUNCATE(?:\s+TABLE)?)"
    r'\s+(?:"?(?:public|main)"?\.)?"?(\w+)',
    re.IGNORECASE,
)
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "TRUNCATE", "WITH")
_TABLE_MADE = re.compile(r"\s*(?:CREATE|ALTER|DROP)\s+TABLE\b", re.IGNORECASE)
_ANY_TABLE = re.compile(rf"\b(?:{'|'.join(sorted((*GROUP_OF, *UNVERSIONED, STATE), key=len, reverse=True))})\b")


class State(NamedTuple):
    """What a transaction sees: the revision that people are told, and the versions in the order of GROUPS."""

    revision: int
    versions: tuple[int, ...]

    def of(self, tables: frozenset[str]) -> Mapping[str, int]:
        """What to compare later: the versions of the groups of some tables. Raises LookupError for one without a version."""
        held = {"revision": self.revision} if STATE in tables else {}
        known = dict(zip(GROUPS, self.versions, strict=True))
        for table in sorted(tables - {STATE}):
            if table not in GROUP_OF:
                raise LookupError(f"nothing of the table {table} can be kept: it has no version")
            held[GROUP_OF[table]] = known[GROUP_OF[table]]
        return held

    def fits(self, held: Mapping[str, int]) -> bool:
        """Whether what was read at these versions is what would be read now."""
        known = {"revision": self.revision, **dict(zip(GROUPS, self.versions, strict=True))}
        return all(known[group] == version for group, version in held.items())


def state_of(row: Any) -> State:
    """The state from a row of NOW."""
    return State(int(row[0]), tuple(int(each) for each in row[1 : 1 + len(GROUPS)]))


def read_state(connection: sa.Connection) -> State:
    """The state that a connection sees. A store without any is at 0."""
    row = connection.exec_driver_sql(f"{NOW} FROM {STATE} AS s").first()
    return State(0, (0,) * len(GROUPS)) if row is None else state_of(row)


def watch(engine: sa.Engine) -> None:
    """Have the versions follow all that is written through an engine, and note what is read where someone asks."""
    sa.event.listen(engine, "begin", _begun)
    sa.event.listen(engine, "rollback", _begun)
    sa.event.listen(engine, "after_cursor_execute", _executed)
    sa.event.listen(engine, "commit", _committed)


def written(connection: sa.Connection, table: str) -> None:
    """Tell of a write that goes past the engine, such as COPY."""
    if table in GROUP_OF:
        connection.info.setdefault(_WRITTEN, set()).add(table)


@contextmanager
def noting(connection: sa.Connection) -> Iterator[set[str]]:
    """While it lasts, the tables that are read by the connection; whoever notes around it notes them too."""
    outer = connection.info.get(_NOTED)
    inner = connection.info[_NOTED] = set[str]()
    try:
        yield inner
    finally:
        if outer is None:
            del connection.info[_NOTED]
        else:
            connection.info[_NOTED] = outer
            outer |= inner


def note(connection: sa.Connection, tables: frozenset[str]) -> None:
    """Note tables whose content is used without reading them again."""
    if _NOTED in connection.info:
        connection.info[_NOTED].update(tables)


@lru_cache(maxsize=1024)
def tables_in(statement: str) -> frozenset[str]:
    """The tables that a statement may read: those whose names stand in it anywhere, so rather one too many."""
    return frozenset(_ANY_TABLE.findall(statement))


def _begun(connection: sa.Connection) -> None:
    for name in (_WRITTEN, _REMADE):
        connection.info.pop(name, None)


def _executed(
    connection: sa.Connection, cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool
) -> None:
    if _NOTED in connection.info:
        connection.info[_NOTED].update(tables_in(statement))
    head = statement.lstrip()[:8].upper()
    if head.startswith(_WRITES):
        # SQLite counts the rows of a statement that gives rows back only when they have been fetched.
        counted = head.startswith(("UPDATE", "DELETE")) and "RETURNING" not in statement.upper()
        if not counted or cursor.rowcount != 0:
            for table in _written_by(statement):
                written(connection, table)
    elif head.startswith(("CREATE", "ALTER", "DROP")) and _TABLE_MADE.match(statement):
        connection.info[_REMADE] = True


@lru_cache(maxsize=1024)
def _written_by(statement: str) -> frozenset[str]:
    return frozenset(_WRITE.findall(statement)) & GROUP_OF.keys()


def _committed(connection: sa.Connection) -> None:
    tables = connection.info.pop(_WRITTEN, None)
    if not tables:
        return
    if connection.info.pop(_REMADE, False) and not _has_versions(connection):
        return  # a schema from before the versions, on its way to this one
    groups = sorted({GROUP_OF[table] for table in tables})
    counted = ", ".join(f"{group}_version = {group}_version + 1" for group in groups)
    connection.exec_driver_sql(f"UPDATE {STATE} SET {counted}")  # noqa: S608 - names of this file


def _has_versions(connection: sa.Connection) -> bool:
    held = sa.inspect(connection)
    return held.has_table(STATE) and set(COLUMNS) <= {column["name"] for column in held.get_columns(STATE)}
