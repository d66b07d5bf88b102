"""What pages read: frames and frozen records, never rows. Pages reach these only through pages/ui/data.py."""

from db.queries_cells import (
    cells,
    contributions,
    dims_of,
    org_units,
    parts_of_rate,
    periods,
    revision,
)
from db.queries_claims import claims
from db.queries_discrepancies import discrepancies, rulings_of
from db.queries_documents import (
    DocumentView,
    document,
    document_issues,
    document_observations,
    document_rejected,
    documents,
    imports,
    recent_changes,
)
from db.queries_evidence import ObservationDetail, history, observation, search_observations
from db.queries_reporting import reporting

__all__ = [
    "DocumentView",
    "ObservationDetail",
    "cells",
    "claims",
    "contributions",
    "dims_of",
    "discrepancies",
    "document",
    "document_issues",
    "document_observations",
    "document_rejected",
    "documents",
    "history",
    "imports",
    "observation",
    "org_units",
    "parts_of_rate",
    "periods",
    "recent_changes",
    "reporting",
    "revision",
    "rulings_of",
    "search_observations",
]
