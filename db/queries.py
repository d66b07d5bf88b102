"""What pages read: frames and frozen records, never rows. Pages reach these only through pages/ui/data.py."""

from db.changes import changes
from db.org import revision
from db.queries_cells import (
    cells,
    contributions,
    dims_held,
    dims_of,
    org_units,
    parts_of_rate,
    periods,
)
from db.queries_claims import claims
from db.queries_discrepancies import discrepancies, rulings_of
from db.queries_documents import (
    DocumentView,
    document,
    document_cells,
    document_count,
    document_issues,
    document_observations,
    documents,
    files_of_unit,
    imports,
    recent_changes,
)
from db.queries_drafts import confirmations
from db.queries_evidence import ObservationDetail, history, observation
from db.queries_findings import findings
from db.queries_forms import form_rows, known_counts
from db.queries_notes import notes
from db.queries_org import proposals, successions, unit_changes
from db.queries_records import records
from db.queries_reporting import reporting
from db.queries_review import (
    Decided,
    Waiting,
    decided,
    document_rejected,
    names_of,
    outside_in_use,
    rejected_now,
    review_documents,
    statement_now,
    waiting,
    waiting_count,
)
from db.queries_search import search_observations
from db.queries_units import (
    Found,
    Units,
    aliases,
    all_units,
    has_more_units,
    search_units,
    units_at,
    units_of_areas,
    upper_units,
)
from db.queries_unreported import unreported

__all__ = [
    "Decided",
    "DocumentView",
    "Found",
    "ObservationDetail",
    "Units",
    "Waiting",
    "aliases",
    "all_units",
    "cells",
    "changes",
    "claims",
    "confirmations",
    "contributions",
    "decided",
    "dims_held",
    "dims_of",
    "discrepancies",
    "document",
    "document_cells",
    "document_count",
    "document_issues",
    "document_observations",
    "document_rejected",
    "documents",
    "files_of_unit",
    "findings",
    "form_rows",
    "has_more_units",
    "history",
    "imports",
    "known_counts",
    "names_of",
    "notes",
    "observation",
    "org_units",
    "outside_in_use",
    "parts_of_rate",
    "periods",
    "proposals",
    "recent_changes",
    "records",
    "rejected_now",
    "reporting",
    "review_documents",
    "revision",
    "rulings_of",
    "search_observations",
    "search_units",
    "statement_now",
    "successions",
    "unit_changes",
    "units_at",
    "units_of_areas",
    "unreported",
    "upper_units",
    "waiting",
    "waiting_count",
]
