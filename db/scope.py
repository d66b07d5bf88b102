"""What an account of one part of the tree may read: the same tables, with only its own rows.

A reader with a scope gets a connection on which every table is shadowed by a temporary view of the same name (both
SQLite and PostgreSQL look among temporary names first). So no query, however it is written, can see another's row,
name or count, and a table that nobody thought of cannot be forgotten: `RULES` has to name every one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa

import db.schema_accounts
import db.schema_claims
import db.schema_control
import db.schema_drafts
import db.schema_findings
import db.schema_jobs
import db.schema_notes
import db.schema_org
import db.schema_restated
import db.schema_review
import db.schema_uploads  # noqa: F401 (their tables join the metadata)
from db.engine import make_engine
from db.names import Names
from db.schema import metadata
from db.settings import Settings
from db.versions import NOW, State, read_state, state_of, tables_in

# {base}: where the real tables are, {me}: the table itself. scope_unit, scope_import, scope_whole: ids of the units, of the imports that say
# something of them, and of those among these that say nothing of anyone else.
_UNIT = "org_unit_id IN (SELECT id FROM scope_unit)"
# The sign keeps SQLite from walking all units of the scope through an index where a statement names a few.
_UNIT_OF_MANY = f"+{_UNIT}"
_FACT = (
    "EXISTS (SELECT 1 FROM {base}.observation AS o WHERE o.area_id = {me}.area_id AND o.id = {me}.observation_id"
    " AND o.org_unit_id IN (SELECT id FROM scope_unit))"
)
# Of a table that stands on every node of a Citus, which asks none that is spread out row by row.
_EFFECT = (
    "observation_id IN (SELECT o.id FROM {base}.observation AS o JOIN {base}.{me} AS e"
    " ON e.area_id = o.area_id AND e.observation_id = o.id WHERE o.org_unit_id IN (SELECT id FROM scope_unit))"
)
_TOUCHED = "import_id IN (SELECT id FROM scope_import)"
_WHOLE = "import_id IN (SELECT id FROM scope_whole)"
_WHOLE_FILE = (
    "source_file_id IN (SELECT b.source_file_id FROM {base}.import_batch AS b WHERE b.id IN (SELECT id FROM scope_whole))"
    " AND source_file_id NOT IN (SELECT b.source_file_id FROM {base}.import_batch AS b"
    " WHERE b.kind = 'file' AND b.id NOT IN (SELECT id FROM scope_whole))"
)
_OWN_PEOPLE = "(SELECT a.name FROM {base}.account AS a WHERE a.org_unit_id IN (SELECT id FROM scope_unit))"
# A path names all units above: their own rows need not be seen.
_ABOVE = (
    "EXISTS (SELECT 1 FROM {base}.org_unit AS own WHERE own.id IN (SELECT id FROM scope_unit)"
    " AND replace(own.path, '/' || CAST({me}.org_unit_id AS VARCHAR(12)) || '/', '') <> own.path)"
)
_NOTHING = "1 = 0"
_ALL = "1 = 1"

RULES: dict[str, str] = {
    "org_unit": "id IN (SELECT id FROM scope_unit)",
    "org_unit_alias": _UNIT,
    "org_unit_change": _UNIT,
    "org_unit_successor": "predecessor_id IN (SELECT id FROM scope_unit) AND successor_id IN (SELECT id FROM scope_unit)",
    "indicator": _ALL,
    "dim_set": _ALL,
    "period": _ALL,
    "store_state": _ALL,
    "source_file": "id IN (SELECT b.source_file_id FROM {base}.import_batch AS b WHERE b.id IN (SELECT id FROM scope_import))",
    "source_content": _WHOLE_FILE,
    "source_block": _WHOLE_FILE,
    "import_batch": "id IN (SELECT id FROM scope_import)",
    "issue": _WHOLE,
    "rejected": _WHOLE,
    "observation": _UNIT_OF_MANY,
    "evidence": _FACT,
    "restatement": _FACT,
    "rollup": _UNIT_OF_MANY,
    "cell_count": "",  # of whole areas as stored, of a part of one counted anew: see _counts
    "claim": f"{_UNIT} AND (base_org_unit_id IS NULL OR base_org_unit_id IN (SELECT id FROM scope_unit))",
    "discrepancy": _UNIT,
    "ruling": _UNIT,
    "finding": _UNIT,
    "series_note": _UNIT,
    "pending_reading": f"{_UNIT} AND {_TOUCHED}",
    "review_decision": _WHOLE_FILE,
    "review_effect": _EFFECT,
    "draft": f"created_by IN {_OWN_PEOPLE}",
    "draft_content": f"draft_id IN (SELECT d.id FROM {{base}}.draft AS d WHERE d.created_by IN {_OWN_PEOPLE})",
    "draft_event": f"draft_id IN (SELECT d.id FROM {{base}}.draft AS d WHERE d.created_by IN {_OWN_PEOPLE})",
    "job": f"draft_id IN (SELECT d.id FROM {{base}}.draft AS d WHERE d.created_by IN {_OWN_PEOPLE})",
    "confirmation": _WHOLE,
    "layout_memory": f"confirmed_by IN {_OWN_PEOPLE}",
    "account": _UNIT,
    "sign_in_session": _NOTHING,
    "sign_in_failure": _NOTHING,
    "audit_event": _NOTHING,
    "setting": _ALL,
    "period_lock": f"org_unit_id IS NULL OR {_UNIT} OR {_ABOVE}",
    "api_token": _NOTHING,
    "upload": _NOTHING,
}

_COUNTED = """
SELECT o.area_id, o.indicator_id, o.period_id, {dims} AS dim_set_id,
       COUNT(DISTINCT CASE WHEN u.kind = 'school' THEN u.id END) AS n_schools,
       COUNT(DISTINCT CASE WHEN u.kind <> 'school' THEN u.id END) AS n_others
FROM {base}.observation AS o JOIN {base}.org_unit AS u ON u.id = o.org_unit_id
WHERE o.valid_to IS NULL AND o.org_unit_id IN (SELECT id FROM scope_unit)
GROUP BY o.area_id, o.indicator_id, o.period_id{group}"""


def _behind(name: str) -> frozenset[str]:
    """The tables that the shadow of a table reads besides it."""
    rule = RULES[name] or _COUNTED
    found = set(tables_in(rule))
    if "scope_unit" in rule:
        found.add("org_unit")
    if "scope_import" in rule or "scope_whole" in rule:
        found |= {"org_unit", "observation", "restatement", "finding", "import_batch"}
    return frozenset(found)


BEHIND = {name: _behind(name) for name in RULES}


@dataclass(slots=True)
class ScopedReaders:
    """Connections for readers with a scope, apart from those of everyone else, so that no shadow is ever left behind
    on a connection that another uses. On PostgreSQL each transaction also says its scope to the row security of the
    tables; that holds where `reader_url` (default: `EDU_READER_URL`) names a role that does not own them."""

    engine: sa.Engine
    reader_url: str | None = None
    pool: sa.Engine = field(init=False)
    names: Names = field(init=False, default_factory=Names)

    def __post_init__(self) -> None:
        own = self.engine.url.render_as_string(hide_password=False)
        url = (self.reader_url or Settings.from_environment().reader_url or own) if self._walled else own
        self.pool = make_engine(url, sees_everything=False)

    @contextmanager
    def reading(self, scope: str) -> Iterator[sa.Connection]:
        """A connection that sees the subtree of the path `scope` ("/1/4/") and nothing else."""
        if not _is_path(scope):
            raise ValueError(f"not a path: {scope!r}")
        with self.pool.connect() as connection:
            self._say(connection, {"scope": scope})
            now = self._now(connection, scope)
            while connection.info.get("scope") != (now.units, now.imports):  # again where someone wrote meanwhile
                held, _ = connection.info.pop("scope", (None, None))
                if held != now.units:
                    self._shadow(connection, scope)
                self._list(connection, scope)
                connection.info["lists"] = self._lists(connection)
                connection.commit()
                connection.info["scope"] = (now.units, now.imports)
                self._say(connection, {"scope": scope})
                now = self._now(connection, scope)
            self._say(connection, connection.info["lists"])
            with self.names.lent(connection, now.state, scope, BEHIND):
                yield connection

    @contextmanager
    def reading_all(self) -> Iterator[sa.Connection]:
        """A connection that sees everything."""
        with self.engine.connect() as connection, self.names.lent(connection, read_state(connection)):
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self.pool.dispose()

    @property
    def _walled(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    @property
    def _base(self) -> str:
        return "public" if self._walled else "main"

    def _say(self, connection: sa.Connection, said: Mapping[str, str]) -> None:
        """To the row security, until the end of the transaction."""
        if self._walled:
            for name, value in said.items():
                connection.execute(sa.select(sa.func.set_config(f"edu.{name}", value, True)))

    def _lists(self, connection: sa.Connection) -> dict[str, str]:
        if not self._walled:
            return {}
        asked = {"seen": "SELECT id FROM scope_import", "whole": "SELECT id FROM scope_whole",
                 "files": "SELECT edu_whole_files()"}  # fmt: skip
        return {
            name: "{" + ",".join(str(row[0]) for row in connection.execute(sa.text(query))) + "}"
            for name, query in asked.items()
        }

    def _now(self, connection: sa.Connection, scope: str) -> _Now:
        row = connection.exec_driver_sql(_NOW.format(base=self._base)).one()
        state = state_of(row)
        return _Now(state, (scope, row[-1], state.of(_DIRECTORY)), state.of(_FACTS))

    def _list(self, connection: sa.Connection, scope: str) -> None:
        """Which imports are of the scope, anew after every change of the facts."""
        for name in ("scope_whole", "scope_import"):
            connection.exec_driver_sql(f"DELETE FROM {_temp(self._base)}.{name}")
        for statement in _BY_OWNER if self._walled else (_IMPORTS, _WHOLES):
            connection.execute(sa.text(statement.format(base=self._base)), {"scope": scope})
        if self._walled:
            connection.exec_driver_sql("ANALYZE scope_import, scope_whole")

    def _shadow(self, connection: sa.Connection, scope: str) -> None:
        base = self._base
        for name in reversed(RULES):
            connection.exec_driver_sql(f"DROP VIEW IF EXISTS {_temp(base)}.{name}")
        for name in ("scope_whole", "scope_import", "scope_area", "scope_part", "scope_unit"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {_temp(base)}.{name}")
            connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {name} (id INTEGER PRIMARY KEY)")
        for name, statement in (("scope_unit", _UNITS), ("scope_part", _PARTS), ("scope_area", _AREAS)):
            connection.execute(sa.text(statement.format(base=base)), {"scope": scope})
            if self._walled:  # without statistics the planner takes the scope for a large one
                connection.exec_driver_sql(f"ANALYZE {name}")
        whole = not connection.execute(sa.text(_PART.format(base=base))).first()
        for name, rule in RULES.items():
            view = _counts(base, whole) if name == "cell_count" else _view(name, rule, base)
            connection.exec_driver_sql(f"CREATE TEMPORARY VIEW {name} AS {view}")


@dataclass(frozen=True, slots=True)
class _Now:
    """The state of the store, and what the shadows of a scope and the lists of its imports depend on."""

    state: State
    units: tuple[object, ...]
    imports: Mapping[str, int]


_NOW = NOW + ", (SELECT COUNT(*) FROM {base}.account) FROM {base}.store_state AS s"
_DIRECTORY, _FACTS = frozenset({"org_unit"}), frozenset({"observation", "restatement", "finding", "import_batch"})
# Whether an import speaks of others cannot be told by a role that does not see them: functions of the owner tell it.
_BY_OWNER = (
    "INSERT INTO scope_import (id) SELECT edu_seen_imports() WHERE :scope <> ''",
    "INSERT INTO scope_whole (id) SELECT edu_whole_imports() WHERE :scope <> ''",
)
_UNITS = """
INSERT INTO scope_unit (id) SELECT id FROM {base}.org_unit WHERE substr(path, 1, length(:scope)) = :scope"""
# A unit whose area reaches beyond the scope.
_PART = """
SELECT 1 FROM {base}.org_unit WHERE id IN (SELECT id FROM scope_unit) AND area_id NOT IN (SELECT id FROM scope_unit) LIMIT 1"""
# Areas that lie whole in the scope, and those that reach beyond it: only in these the units have to be asked.
_PARTS = """
INSERT INTO scope_part (id) SELECT DISTINCT u.area_id FROM {base}.org_unit AS u WHERE u.id NOT IN (SELECT id FROM scope_unit)
AND u.area_id IN (SELECT own.area_id FROM {base}.org_unit AS own WHERE own.id IN (SELECT id FROM scope_unit))"""
_AREAS = """
INSERT INTO scope_area (id) SELECT area_id FROM {base}.org_unit WHERE id IN (SELECT id FROM scope_unit)
EXCEPT SELECT id FROM scope_part"""
_IMPORTS = """
INSERT INTO scope_import (id)
SELECT b.id FROM {base}.import_batch AS b WHERE :scope <> '' AND EXISTS (SELECT 1 FROM scope_area AS a WHERE
 (SELECT o.area_id FROM {base}.observation AS o WHERE o.import_id = b.id AND o.area_id = a.id LIMIT 1) IS NOT NULL)
UNION SELECT import_id FROM {base}.observation WHERE :scope <> '' AND org_unit_id IN (SELECT u.id FROM {base}.org_unit AS u
 WHERE u.area_id IN (SELECT id FROM scope_part) AND u.id IN (SELECT id FROM scope_unit))
UNION SELECT r.import_id FROM {base}.restatement AS r WHERE r.area_id IN (SELECT id FROM scope_area)
UNION SELECT r.import_id FROM {base}.restatement AS r
 JOIN {base}.observation AS o ON o.area_id = r.area_id AND o.id = r.observation_id
 WHERE r.area_id IN (SELECT id FROM scope_part) AND o.org_unit_id IN (SELECT id FROM scope_unit)
UNION SELECT import_id FROM {base}.finding WHERE org_unit_id IN (SELECT id FROM scope_unit)"""
# told: each area that an import speaks of, from one to the next.
_WHOLES = """
INSERT INTO scope_whole (id)
WITH RECURSIVE told (import_id, area_id) AS (
 SELECT s.id, (SELECT min(o.area_id) FROM {base}.observation AS o WHERE o.import_id = s.id) FROM scope_import AS s
 UNION ALL SELECT t.import_id, (SELECT min(o.area_id) FROM {base}.observation AS o
  WHERE o.import_id = t.import_id AND o.area_id > t.area_id) FROM told AS t WHERE t.area_id IS NOT NULL)
SELECT id FROM scope_import WHERE :scope <> ''
EXCEPT SELECT t.import_id FROM told AS t WHERE t.area_id IS NOT NULL
 AND t.area_id NOT IN (SELECT id FROM scope_area) AND t.area_id NOT IN (SELECT id FROM scope_part)
EXCEPT SELECT t.import_id FROM told AS t
 JOIN {base}.observation AS o ON o.import_id = t.import_id AND o.area_id = t.area_id
 WHERE t.area_id IN (SELECT id FROM scope_part) AND o.org_unit_id NOT IN (SELECT id FROM scope_unit)
EXCEPT SELECT r.import_id FROM {base}.restatement AS r
 JOIN {base}.observation AS o ON o.area_id = r.area_id AND o.id = r.observation_id
 WHERE r.import_id IN (SELECT id FROM scope_import) AND r.area_id NOT IN (SELECT id FROM scope_area)
 AND o.org_unit_id NOT IN (SELECT id FROM scope_unit)
EXCEPT SELECT f.import_id FROM {base}.finding AS f
 WHERE f.import_id IN (SELECT id FROM scope_import) AND f.org_unit_id NOT IN (SELECT id FROM scope_unit)"""


def _view(name: str, rule: str, base: str) -> str:
    columns = ", ".join(f'{name}."{column.name}"' for column in metadata.tables[name].columns)
    return f"SELECT {columns} FROM {base}.{name} AS {name} WHERE {rule.format(base=base, me=name)}"


def _counts(base: str, whole: bool) -> str:
    """The counts of the areas in the scope and their sums; `whole`: none of the areas reaches beyond it."""
    if whole:
        each = f"SELECT * FROM {base}.cell_count WHERE area_id IN (SELECT id FROM scope_area)"
    else:
        every = _COUNTED.format(base=base, dims="0", group="")
        each = f"{_COUNTED.format(base=base, dims='o.dim_set_id', group=', o.dim_set_id')} UNION ALL {every}"
    sums = f"""SELECT 0 AS area_id, indicator_id, period_id, dim_set_id, CAST(SUM(n_schools) AS INTEGER) AS n_schools,
 CAST(SUM(n_others) AS INTEGER) AS n_others FROM ({each}) AS e GROUP BY indicator_id, period_id, dim_set_id"""
    return f"{each} UNION ALL {sums}"


def _temp(base: str) -> str:
    return "temp" if base == "main" else "pg_temp"


def _is_path(scope: str) -> bool:
    return scope.startswith("/") and scope.endswith("/") and scope.replace("/", "").isdigit()
