"""Which imports speak of an area is found by probes of an index, not by reading all facts of the area: a county has hundreds
of thousands, and whoever reads first after a change of the store waited for them.

An observation's area is that of its unit (`python -m db verify` checks it). Of areas that lie whole in a scope it is
therefore enough to know which imports name them; the units are asked only in areas that reach beyond it.
"""

from __future__ import annotations

from importlib import import_module

from alembic import op

from db.distribution import is_coordinator

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# A unit below the cities has the area of its county: of such a scope only this area is looked through.
_SCOPE = """said AS MATERIALIZED (SELECT s.scope, r.area_id, r.id IS NULL OR r.kind IN ('province', 'city') AS above
  FROM (SELECT public.edu_scope() AS scope) AS s
  LEFT JOIN public.org_unit AS r ON r.id = (regexp_match(s.scope, '([0-9]+)/$'))[1]::integer WHERE s.scope IS NOT NULL),
own AS MATERIALIZED (
  SELECT u.id, u.area_id FROM said JOIN public.org_unit AS u ON u.area_id = said.area_id
    WHERE NOT said.above AND substr(u.path, 1, length(said.scope)) = said.scope
  UNION ALL SELECT u.id, u.area_id FROM said JOIN public.org_unit AS u ON substr(u.path, 1, length(said.scope)) = said.scope
    WHERE said.above),
part AS MATERIALIZED (SELECT said.area_id AS id FROM said WHERE NOT said.above AND EXISTS (SELECT 1
  FROM public.org_unit AS u WHERE u.area_id = said.area_id AND u.id NOT IN (SELECT id FROM own))),
area AS MATERIALIZED (SELECT area_id AS id FROM own EXCEPT SELECT id FROM part)"""
_FUNCTIONS = (
    # "(SELECT …) IS NOT NULL": one probe for an import and an area, which the planner does not turn into a join. Compiling takes
    # ten times as long as the probes.
    """
CREATE OR REPLACE FUNCTION public.edu_seen_imports() RETURNS SETOF integer LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET jit = off AS $body$
WITH {scope}
SELECT b.id FROM public.import_batch AS b WHERE EXISTS (SELECT 1 FROM area AS a WHERE (SELECT o.area_id
  FROM public.observation AS o WHERE o.import_id = b.id AND o.area_id = a.id LIMIT 1) IS NOT NULL)
UNION SELECT o.import_id FROM public.observation AS o
  WHERE o.org_unit_id IN (SELECT id FROM own WHERE area_id IN (SELECT id FROM part))
UNION SELECT r.import_id FROM public.restatement AS r WHERE r.area_id IN (SELECT id FROM area)
UNION SELECT r.import_id FROM public.restatement AS r
  JOIN public.observation AS o ON o.area_id = r.area_id AND o.id = r.observation_id
  WHERE r.area_id IN (SELECT id FROM part) AND o.org_unit_id IN (SELECT id FROM own)
UNION SELECT f.import_id FROM public.finding AS f WHERE f.org_unit_id IN (SELECT id FROM own) $body$""",
    # told: each area that an import speaks of, from one to the next.
    """
CREATE OR REPLACE FUNCTION public.edu_whole_imports() RETURNS SETOF integer LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET jit = off AS $body$
WITH RECURSIVE {scope},
seen AS MATERIALIZED (SELECT s AS id FROM public.edu_seen_imports() AS s),
told (import_id, area_id) AS (
  SELECT s.id, (SELECT min(o.area_id) FROM public.observation AS o WHERE o.import_id = s.id) FROM seen AS s
  UNION ALL SELECT t.import_id, (SELECT min(o.area_id) FROM public.observation AS o
    WHERE o.import_id = t.import_id AND o.area_id > t.area_id) FROM told AS t WHERE t.area_id IS NOT NULL),
others AS MATERIALIZED (
  SELECT t.import_id AS id FROM told AS t WHERE t.area_id IS NOT NULL
    AND t.area_id NOT IN (SELECT id FROM area) AND t.area_id NOT IN (SELECT id FROM part)
  UNION SELECT t.import_id FROM told AS t WHERE CASE WHEN t.area_id IN (SELECT id FROM part) THEN (SELECT o.org_unit_id
    FROM public.observation AS o WHERE o.import_id = t.import_id AND o.area_id = t.area_id
    AND o.org_unit_id NOT IN (SELECT id FROM own) LIMIT 1) END IS NOT NULL
  UNION SELECT r.import_id FROM public.restatement AS r WHERE r.import_id IN (SELECT id FROM seen)
    AND r.area_id NOT IN (SELECT id FROM area) AND r.area_id NOT IN (SELECT id FROM part)
  UNION SELECT r.import_id FROM public.restatement AS r
    JOIN public.observation AS o ON o.area_id = r.area_id AND o.id = r.observation_id
    WHERE r.import_id IN (SELECT id FROM seen) AND r.area_id IN (SELECT id FROM part)
    AND o.org_unit_id NOT IN (SELECT id FROM own)
  UNION SELECT f.import_id FROM public.finding AS f
    WHERE f.import_id IN (SELECT id FROM seen) AND f.org_unit_id NOT IN (SELECT id FROM own))
SELECT id FROM seen EXCEPT SELECT id FROM others $body$""",
)


def upgrade() -> None:
    op.drop_index("ix_observation_import", "observation", if_exists=True)  # not there after a load that was cut off
    op.create_index("ix_observation_import", "observation", ["import_id", "area_id"])
    if op.get_bind().dialect.name == "postgresql" and not is_coordinator(op.get_bind()):
        for each in _FUNCTIONS:  # on Citus db.distribution has its own
            op.execute(each.format(scope=_SCOPE))


def downgrade() -> None:
    op.drop_index("ix_observation_import", "observation")
    op.create_index("ix_observation_import", "observation", ["import_id"])
    if op.get_bind().dialect.name == "postgresql" and not is_coordinator(op.get_bind()):
        for each in import_module("db.migrations.versions.0013_row_security")._FUNCTIONS:
            if "_imports()" in each.partition("RETURNS")[0]:
                op.execute(each.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
