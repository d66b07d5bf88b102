"""Row-level security on PostgreSQL: a second wall under the views of db/scope.py, for every role but the owner.

A transaction says its scope in `edu.scope` ("/1/4/", or "/" for everything) and which imports and files it may see in
`edu.seen`, `edu.whole`, `edu.files`, as the functions below work them out. What says nothing sees nothing.
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_FUNCTIONS = (
    # The scope of this transaction; NULL where none was said, an error where it is no path.
    """
CREATE FUNCTION public.edu_scope() RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $body$
DECLARE said text := NULLIF(current_setting('edu.scope', true), '');
BEGIN
  IF said IS NOT NULL AND said !~ '^/([0-9]+/)*$' THEN
    RAISE EXCEPTION 'edu.scope is no path' USING ERRCODE = '22023';
  END IF;
  RETURN said;
END $body$""",
    """
CREATE FUNCTION public.edu_ids(name text) RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE AS $body$
SELECT NULLIF(current_setting(name, true), '')::integer[] $body$""",
    # The owner's eyes: whether an import says something of others is not to be told from one's own rows.
    """
CREATE FUNCTION public.edu_seen_imports() RETURNS SETOF integer LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
WITH own AS MATERIALIZED (SELECT u.id FROM public.org_unit AS u
  WHERE substr(u.path, 1, length(public.edu_scope())) = public.edu_scope())
SELECT o.import_id FROM public.observation AS o WHERE o.org_unit_id IN (SELECT id FROM own)
UNION SELECT r.import_id FROM public.restatement AS r JOIN public.observation AS o ON o.id = r.observation_id
  WHERE o.org_unit_id IN (SELECT id FROM own)
UNION SELECT f.import_id FROM public.finding AS f WHERE f.org_unit_id IN (SELECT id FROM own) $body$""",
    """
CREATE FUNCTION public.edu_whole_imports() RETURNS SETOF integer LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
WITH own AS MATERIALIZED (SELECT u.id FROM public.org_unit AS u
  WHERE substr(u.path, 1, length(public.edu_scope())) = public.edu_scope()),
seen AS MATERIALIZED (SELECT s AS id FROM public.edu_seen_imports() AS s)
SELECT s.id FROM seen AS s WHERE NOT EXISTS (SELECT 1 FROM public.observation AS o
  WHERE o.import_id = s.id AND o.org_unit_id NOT IN (SELECT id FROM own))
AND NOT EXISTS (SELECT 1 FROM public.restatement AS r JOIN public.observation AS o ON o.id = r.observation_id
  WHERE r.import_id = s.id AND o.org_unit_id NOT IN (SELECT id FROM own))
AND NOT EXISTS (SELECT 1 FROM public.finding AS f
  WHERE f.import_id = s.id AND f.org_unit_id NOT IN (SELECT id FROM own)) $body$""",
    """
CREATE FUNCTION public.edu_whole_files() RETURNS SETOF integer LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
WITH whole AS MATERIALIZED (SELECT w AS id FROM public.edu_whole_imports() AS w)
SELECT b.source_file_id FROM public.import_batch AS b WHERE b.id IN (SELECT id FROM whole)
EXCEPT SELECT b.source_file_id FROM public.import_batch AS b
  WHERE b.kind = 'file' AND b.id NOT IN (SELECT id FROM whole) $body$""",
)
_NAMES = ("edu_whole_files()", "edu_whole_imports()", "edu_seen_imports()", "edu_ids(text)", "edu_scope()")

# "(SELECT f())": worked out once a query and not once a row.
_EVERYTHING = "(SELECT public.edu_scope()) = '/'"
_SAID = "(SELECT public.edu_scope()) IS NOT NULL"
_UNIT = "org_unit_id IN (SELECT u.id FROM public.org_unit AS u)"
_FACT = "EXISTS (SELECT 1 FROM public.observation AS o WHERE o.id = observation_id AND o.area_id = {table}.area_id)"
_WHOLE = "import_id = ANY ((SELECT public.edu_ids('edu.whole'))::integer[])"
_FILE = "source_file_id = ANY ((SELECT public.edu_ids('edu.files'))::integer[])"
_PEOPLE = "IN (SELECT a.name FROM public.account AS a)"
_DRAFT = "draft_id IN (SELECT d.id FROM public.draft AS d)"
_NOTHING = "false"

_POLICIES = {
    "org_unit": "substr(path, 1, length((SELECT public.edu_scope()))) = (SELECT public.edu_scope())",
    "org_unit_alias": _UNIT,
    "org_unit_successor": "predecessor_id IN (SELECT u.id FROM public.org_unit AS u)"
    " AND successor_id IN (SELECT u.id FROM public.org_unit AS u)",
    "indicator": _SAID, "dim_set": _SAID, "period": _SAID, "store_state": _SAID, "setting": _SAID,
    "import_batch": "id = ANY ((SELECT public.edu_ids('edu.seen'))::integer[])",
    "source_file": "id IN (SELECT b.source_file_id FROM public.import_batch AS b)",
    "source_content": _FILE, "source_block": _FILE, "review_decision": _FILE,
    "issue": _WHOLE, "rejected": _WHOLE, "confirmation": _WHOLE,
    "observation": _UNIT, "rollup": _UNIT, "discrepancy": _UNIT, "ruling": _UNIT, "finding": _UNIT, "series_note": _UNIT,
    "pending_reading": _UNIT, "account": _UNIT,
    "claim": f"{_UNIT} AND (base_org_unit_id IS NULL OR base_org_unit_id IN (SELECT u.id FROM public.org_unit AS u))",
    "evidence": _FACT, "restatement": _FACT, "review_effect": _FACT,
    "cell_count": _NOTHING, "sign_in_session": _NOTHING, "sign_in_failure": _NOTHING, "audit_event": _NOTHING,
    "api_token": _NOTHING, "upload": _NOTHING,
    "draft": f"created_by {_PEOPLE}", "draft_content": _DRAFT, "draft_event": _DRAFT,
    "layout_memory": f"confirmed_by {_PEOPLE}",
    "period_lock": f"{_SAID} AND (org_unit_id IS NULL OR {_UNIT}"
    " OR (SELECT public.edu_scope()) LIKE '%/' || org_unit_id || '/%')",
}  # fmt: skip


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for each in _FUNCTIONS:
        op.execute(each)
    for table, seen in _POLICIES.items():
        rule = seen.format(table=f"public.{table}")
        op.execute(f"ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY edu_scope ON public.{table} USING ({_EVERYTHING} OR ({rule}))")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in _POLICIES:
        op.execute(f"DROP POLICY edu_scope ON public.{table}")
        op.execute(f"ALTER TABLE public.{table} DISABLE ROW LEVEL SECURITY")
    for name in _NAMES:
        op.execute(f"DROP FUNCTION public.{name}")
