"""Many numbers with their proof at once: what an export writes beside its figures."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from db.frames import DATE, FLOAT, INT, TEXT, chunks, fetch, frame
from db.queries_evidence import LISTED, listed
from db.schema import import_batch, source_file
from db.schema import observation as obs

RECORDS = {
    **LISTED, "numerator": FLOAT, "denominator": FLOAT, "source_file_id": INT, "file_name": TEXT, "imported_by": TEXT,
    "imported_at": DATE,
}  # fmt: skip


def records(connection: sa.Connection, observation_ids: Sequence[int]) -> pd.DataFrame:
    """The observations of the given ids with proof, counts, file and import, closed ones included, in order of their
    ids; an id that is none is left out."""
    found = [fetch(connection, _query(some), RECORDS) for some in chunks(sorted(set(observation_ids)))]
    return pd.concat(found, ignore_index=True) if found else frame([], RECORDS)


def _query(observation_ids: Sequence[int]) -> sa.Select[tuple[object, ...]]:
    wanted = listed(obs.c.id.in_(observation_ids)).order_by(obs.c.id)
    return wanted.add_columns(
        obs.c.numerator, obs.c.denominator, source_file.c.id, source_file.c.name, import_batch.c.created_by,
        import_batch.c.created_at,
    )  # fmt: skip
