"""Run by Alembic: migrates over the connection that `db.migrations.upgrade` hands in."""

from __future__ import annotations

from alembic import context

import db.schema_accounts
import db.schema_claims
import db.schema_control
import db.schema_drafts
import db.schema_findings
import db.schema_jobs
import db.schema_notes
import db.schema_restated
import db.schema_uploads  # noqa: F401 (its table joins the metadata)
from db.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
