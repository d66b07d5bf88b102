"""Source documents: what was uploaded, what was read out of it, what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sa

from db.blocks import stored_reading
from db.frames import DATE, INT, NULLABLE_INT, TEXT, fetch
from db.queries_evidence import LISTED, listed
from db.records import Grid
from db.schema import evidence, import_batch, issue, observation, period, rejected, source_file
from db.together import several

_DOCUMENT = {
    "source_file_id": INT, "sha256": TEXT, "name": TEXT, "source_kind": TEXT, "import_id": INT, "status": TEXT,
    "uploaded_at": DATE, "uploaded_by": TEXT, "n_observations": INT, "n_issues": INT, "n_rejected": INT,
}  # fmt: skip
_PLACE = {"start": NULLABLE_INT, "end": NULLABLE_INT, "sheet": TEXT, "cell": TEXT}
_ISSUE = {"id": INT, "import_id": INT, "code": TEXT, "severity": TEXT, "sentence": TEXT, "locator": TEXT,
          "quote": TEXT, **_PLACE}  # fmt: skip
REJECTED = {"id": INT, "import_id": INT, "reason": TEXT, "text": TEXT, "indicator": TEXT, **_PLACE}
_IMPORT = {
    "import_id": INT, "source_file_id": INT, "file_name": TEXT, "source_kind": TEXT, "status": TEXT,
    "created_by": TEXT, "created_at": DATE, "undone_by": TEXT, "undone_at": DATE, "extractor_version": TEXT,
    "n_new": INT, "n_same": INT, "n_changed": INT,
}  # fmt: skip


_FILE = {"source_file_id": INT, "name": TEXT, "period": TEXT, "n_observations": INT}


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as its readers saw it: the whole text (offsets of evidence count in it) and its sheets."""

    name: str
    media_type: str
    source_kind: str
    text: str
    grids: tuple[Grid, ...]


def _last_import() -> sa.Subquery:
    return (
        sa.select(import_batch.c.source_file_id, sa.func.max(import_batch.c.id).label("import_id"))
        .where(import_batch.c.kind == "file")
        .group_by(import_batch.c.source_file_id)
        .subquery()
    )


def _count(table: sa.Table) -> sa.ColumnElement[int]:
    counted = sa.select(sa.func.count()).select_from(table).where(table.c.import_id == import_batch.c.id)
    return counted.correlate(import_batch).scalar_subquery()


def documents(connection: sa.Connection) -> pd.DataFrame:
    """Every file with its last import, newest first. `n_observations` counts what that import added."""
    last = _last_import()
    query = (
        sa.select(
            source_file.c.id, source_file.c.sha256, source_file.c.name, import_batch.c.source_kind,
            import_batch.c.id, import_batch.c.status, source_file.c.uploaded_at, source_file.c.uploaded_by,
            import_batch.c.n_new + import_batch.c.n_changed, _count(issue), _count(rejected),
        )
        .join_from(last, import_batch, last.c.import_id == import_batch.c.id)
        .join(source_file, import_batch.c.source_file_id == source_file.c.id)
        .order_by(import_batch.c.id.desc())
    )  # fmt: skip
    return fetch(connection, query, _DOCUMENT)


def files_of_unit(connection: sa.Connection, org_unit_id: int) -> pd.DataFrame:
    """The files on which current values of a unit rest, by file and period, the youngest period first;
    `n_observations` counts the values, `period` is empty for those of an unknown one."""
    number = sa.func.count().label("n")
    query = (
        sa.select(source_file.c.id, source_file.c.name, period.c.code, number)
        .join_from(
            observation,
            evidence,
            sa.and_(evidence.c.area_id == observation.c.area_id, evidence.c.observation_id == observation.c.id),
        )
        .join(source_file, source_file.c.id == evidence.c.source_file_id)
        .join(period, period.c.id == observation.c.period_id)
        .where(observation.c.org_unit_id == org_unit_id, observation.c.valid_to.is_(None))
        .group_by(source_file.c.id, source_file.c.name, period.c.code, period.c.end_date)
        .order_by(period.c.end_date.desc().nulls_last(), number.desc(), source_file.c.id)
    )
    return fetch(connection, query, _FILE)


def document(connection: sa.Connection, source_file_id: int) -> DocumentView | None:
    """One document with its text and sheets; None when there is no such file."""
    last = (
        sa.select(source_file.c.name, source_file.c.media_type, import_batch.c.source_kind)
        .join_from(source_file, import_batch, import_batch.c.source_file_id == source_file.c.id)
        .where(source_file.c.id == source_file_id)
        .order_by(import_batch.c.id.desc())
        .limit(1)
    )
    row, reading = several(lambda: connection.execute(last).first(), lambda: stored_reading(connection, source_file_id))
    if row is None:
        return None
    return DocumentView(row.name, row.media_type, row.source_kind, reading.text, reading.grids)


def document_observations(connection: sa.Connection, source_file_id: int) -> pd.DataFrame:
    """What was read out of a document, in its order; `is_current` is False for what was replaced since."""
    query = listed(evidence.c.source_file_id == source_file_id, import_batch.c.status == "stored")
    ordered = query.order_by(evidence.c.observation_id)
    return fetch(connection, ordered, LISTED)


def document_count(connection: sa.Connection, source_file_id: int) -> int:
    """How many rows `document_observations` has: the proof of a fact is of the file of its import."""
    imports = sa.select(import_batch.c.id).where(
        import_batch.c.source_file_id == source_file_id, import_batch.c.status == "stored"
    )
    query = sa.select(sa.func.count()).select_from(observation).where(observation.c.import_id.in_(imports))
    return int(connection.scalar(query) or 0)


def document_cells(
    connection: sa.Connection, source_file_id: int, sheet: str, addresses: Sequence[str]
) -> pd.DataFrame:
    """Those of `document_observations` that stand in some cells of a sheet."""
    here = (evidence.c.source_file_id == source_file_id, evidence.c.sheet == sheet, evidence.c.cell.in_(addresses))
    query = listed(*here, import_batch.c.status == "stored").order_by(evidence.c.observation_id)
    return fetch(connection, query, LISTED)


def document_issues(connection: sa.Connection, source_file_id: int) -> pd.DataFrame:
    """The issues of a document's last import."""
    return _findings(connection, issue, source_file_id, _ISSUE)


def rejected_rows(connection: sa.Connection, source_file_id: int) -> pd.DataFrame:
    """The numbers of a document's last import that the program made no observation of, and why."""
    return _findings(connection, rejected, source_file_id, REJECTED)


def _findings(connection: sa.Connection, table: sa.Table, source_file_id: int, columns: dict[str, str]) -> pd.DataFrame:
    last = _last_import()
    query = (
        sa.select(*(table.c[name] for name in columns))
        .join_from(table, last, table.c.import_id == last.c.import_id)
        .where(last.c.source_file_id == source_file_id)
        .order_by(table.c.id)
    )
    return fetch(connection, query, columns)


def imports(connection: sa.Connection) -> pd.DataFrame:
    """Every file that was imported, newest first."""
    names = {"import_id": import_batch.c.id, "file_name": source_file.c.name}
    columns = [names[name] if name in names else import_batch.c[name] for name in _IMPORT]
    query = (
        sa.select(*columns)
        .join_from(import_batch, source_file, import_batch.c.source_file_id == source_file.c.id)
        .where(import_batch.c.kind == "file")
        .order_by(import_batch.c.id.desc())
    )
    return fetch(connection, query, _IMPORT)


def recent_changes(connection: sa.Connection, limit: int = 20) -> pd.DataFrame:
    """The last imports, undoings and reviews (`kind` file or review): `at` is when it was stored, or undone."""
    columns = {"at": DATE, "import_id": INT, "file_name": TEXT, "user": TEXT, "n_new": INT, "n_changed": INT,
               "status": TEXT, "kind": TEXT}  # fmt: skip
    at = sa.func.coalesce(import_batch.c.undone_at, import_batch.c.created_at)
    query = (
        sa.select(
            at, import_batch.c.id, source_file.c.name,
            sa.func.coalesce(import_batch.c.undone_by, import_batch.c.created_by),
            import_batch.c.n_new, import_batch.c.n_changed, import_batch.c.status, import_batch.c.kind,
        )
        .join_from(import_batch, source_file, import_batch.c.source_file_id == source_file.c.id)
        .order_by(at.desc(), import_batch.c.id.desc())
        .limit(limit)
    )  # fmt: skip
    return fetch(connection, query, columns)
