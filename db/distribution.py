"""A store on Citus: what grows with the facts is spread over the nodes by county, every other table stands on all of them.

Runs at the end of an upgrade and does nothing on a plain PostgreSQL, on SQLite, or where everything is in its place.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from db.engine import SPREAD
from db.schema import org_unit

# Their unique keys begin with the county; rows of one county lie together on one node.
DISTRIBUTED = ("observation", "evidence", "rollup", "cell_count", "discrepancy", "restatement")
_COUNTY = "area_id"
_OF_THIS_NODE = "alembic_version"
# As migration 0013 made them, but asked once for all: Citus joins what is spread out by the county, and asks none of it row by
# row from something that is not.
_OWN = """WITH own AS MATERIALIZED (SELECT u.id FROM public.org_unit AS u
  WHERE substr(u.path, 1, length(public.edu_scope())) = public.edu_scope())"""
_FUNCTION = """CREATE OR REPLACE FUNCTION public.{name}() RETURNS SETOF integer LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $body$ {own}{body} $body$"""
_FUNCTIONS = {
    "edu_seen_imports": """
SELECT o.import_id FROM public.observation AS o WHERE o.org_unit_id IN (SELECT id FROM own)
UNION SELECT r.import_id FROM public.restatement AS r
  JOIN public.observation AS o ON o.area_id = r.area_id AND o.id = r.observation_id
  WHERE o.org_unit_id IN (SELECT id FROM own)
UNION SELECT f.import_id FROM public.finding AS f WHERE f.org_unit_id IN (SELECT id FROM own)""",
    "edu_whole_imports": """,
seen AS MATERIALIZED (SELECT s AS id FROM public.edu_seen_imports() AS s),
others AS MATERIALIZED (
  SELECT DISTINCT o.import_id AS id FROM public.observation AS o
   WHERE o.import_id IN (SELECT id FROM seen) AND o.org_unit_id NOT IN (SELECT id FROM own)
  UNION SELECT r.import_id FROM public.restatement AS r
    JOIN public.observation AS o ON o.area_id = r.area_id AND o.id = r.observation_id
   WHERE r.import_id IN (SELECT id FROM seen) AND o.org_unit_id NOT IN (SELECT id FROM own)
  UNION SELECT f.import_id FROM public.finding AS f
   WHERE f.import_id IN (SELECT id FROM seen) AND f.org_unit_id NOT IN (SELECT id FROM own))
SELECT id FROM seen EXCEPT SELECT id FROM others""",
}


def is_coordinator(connection: sa.Connection) -> bool:
    """Whether this is the node of a Citus cluster through which tables are distributed."""
    if connection.dialect.name != "postgresql":
        return False
    if connection.scalar(sa.text("SELECT 1 FROM pg_extension WHERE extname = 'citus'")) is None:
        return False
    return bool(connection.scalar(sa.text("SELECT citus_is_coordinator()")))


def of_units(
    connection: sa.Connection, table: sa.Table, unit_ids: Collection[int]
) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions that a table's rows are of some units. On Citus they name the counties of the units too, so that only
    the nodes of these are asked; elsewhere the index of the unit answers by itself."""
    found = (table.c.org_unit_id.in_(sorted(unit_ids)),)
    if not _is_spread(connection):
        return found
    areas = connection.scalars(sa.select(org_unit.c.area_id).where(org_unit.c.id.in_(sorted(unit_ids))).distinct())
    return (*found, table.c.area_id.in_(sorted(areas)))


def _is_spread(connection: sa.Connection) -> bool:
    held: dict[Any, Any] = connection.info
    if SPREAD not in held:
        held[SPREAD] = is_coordinator(connection)
    return bool(held[SPREAD])


def undistributed(connection: sa.Connection) -> list[str]:
    """The tables that are not yet where Citus should hold them, parents before children; [] where there is no Citus."""
    if not is_coordinator(connection):
        return []
    held = set(
        connection.scalars(
            sa.text("SELECT table_name::text FROM citus_tables WHERE citus_table_type IN ('distributed', 'reference')")
        )
    )
    parents_first = (name for name, _ in sa.inspect(connection).get_sorted_table_and_fkc_names(schema="public"))
    return [name for name in parents_first if name is not None and name not in {_OF_THIS_NODE, *held}]


def distribute(connection: sa.Connection) -> None:
    """Puts every table in its place, in a transaction of `db.engine.write`. Citus carries the rows that are there along."""
    waiting = undistributed(connection)
    if not waiting:
        return
    _without_policies(connection, waiting)
    for name, body in _FUNCTIONS.items():
        connection.exec_driver_sql(_FUNCTION.format(name=name, own=_OWN, body=body))
    for name in waiting:
        if name not in DISTRIBUTED:
            connection.execute(sa.text("SELECT create_reference_table(:name)"), {"name": name})
    for name in DISTRIBUTED:
        if name in waiting:
            asked = sa.text("SELECT create_distributed_table(:name, :column, colocate_with => :beside)")
            beside = "none" if name == DISTRIBUTED[0] else DISTRIBUTED[0]
            connection.execute(asked, {"name": name, "column": _COUNTY, "beside": beside})


def _without_policies(connection: sa.Connection, tables: list[str]) -> None:
    """Citus takes no policy that asks another table. Row security stays switched on, so that a role which does not own the
    tables sees nothing at all; what an account may see is left to the views of db/scope.py."""
    asked = sa.text(
        "SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = ANY(:names)"
    )
    quote = connection.dialect.identifier_preparer.quote
    for table, policy in connection.execute(asked, {"names": tables}).all():
        connection.exec_driver_sql(f"DROP POLICY {quote(policy)} ON public.{quote(table)}")
