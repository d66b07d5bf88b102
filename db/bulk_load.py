"""Millions of facts from filled-in forms straight into the tables, with lineage and rollups: for trying out large stores.

Forms come area by area, so that every index grows at its end; what is in memory at once is one area's forms. The store
must not hold anything of these areas yet: nothing is compared (that is what `db.store.save_import` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from db import audit, rollups
from db.blocks import add_source, fit, put_reading
from db.bulk import insert_many, reserve_observations
from db.collector import uncollected
from db.engine import StoreError, moment, write
from db.interning import intern_dims, intern_indicators, intern_periods
from db.org import bump_revision
from db.records import SourceKind
from db.records_accounts import Action
from db.records_bulk import FilledForm
from db.schema import evidence, import_batch, observation, org_unit, source_file

AT_ONCE = 250_000  # facts in one transaction, full areas only: the rollups above the areas are written once for each
RULE, RULE_VERSION, CONFIDENCE = "sheet.wide", "1", 0.99  # as a reader of these plain sheets would say
_OBSERVATION = ("area_id", "indicator_id", "period_id", "dim_set_id", "org_unit_id", "source_kind", "ordinal", "id",
                "value", "unit", "qualifier", "obs_status", "import_id", "valid_from")  # fmt: skip
_EVIDENCE = ("area_id", "observation_id", "source_file_id", "locator", "quote", "sheet", "cell", "rule", "rule_version",
             "confidence")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one transaction brought, and the facts of files that the store had already."""

    files: int
    facts: int
    known_facts: int


def load_forms(
    engine: sa.Engine, areas: Iterable[Sequence[FilledForm]], unit_ids: Mapping[str, int], user: str
) -> Iterator[Loaded]:
    """Stores forms, the areas (counties) in the order of their units' ids; yields after each transaction.

    A run that was cut off goes on where it stopped. Raises StoreError where an area holds facts of other files.
    """
    waiting: list[Sequence[FilledForm]] = []
    for forms in areas:
        waiting.append(forms)
        if sum(form.size for area in waiting for form in area) >= AT_ONCE:
            yield _load(engine, waiting, unit_ids, user)
            waiting = []
    if waiting:
        yield _load(engine, waiting, unit_ids, user)


@uncollected()
def _load(engine: sa.Engine, areas: Sequence[Sequence[FilledForm]], unit_ids: Mapping[str, int], user: str) -> Loaded:
    with write(engine) as connection:
        fresh = [_not_stored(connection, forms) for forms in areas]
        forms = [form for some in fresh for form in some]
        facts = sum(form.size for form in forms)
        known = sum(form.size for some in areas for form in some) - facts
        if not forms:
            return Loaded(0, 0, known)
        numbers = _Numbers(connection, forms, unit_ids)
        now = moment()
        touched: set[rollups.Touched] = set()
        for some in fresh:
            if some:
                touched |= _put(connection, some, numbers, user, now)
        rollups.refresh(connection, touched)
        audit.record(
            connection, Action.IMPORT, user, subject=forms[0].source.name,
            after={"files": len(forms), "new": facts},
        )  # fmt: skip
        bump_revision(connection, len(forms))
    return Loaded(len(forms), facts, known)


def _not_stored(connection: sa.Connection, forms: Sequence[FilledForm]) -> list[FilledForm]:
    """Those of an area's forms whose bytes the store does not hold as facts."""
    digests = [form.source.sha256 for form in forms]
    query = (
        sa.select(source_file.c.sha256)
        .join_from(source_file, import_batch, import_batch.c.source_file_id == source_file.c.id)
        .where(source_file.c.sha256.in_(digests), import_batch.c.kind == "file", import_batch.c.status == "stored")
    )
    held = set(connection.scalars(query))
    return [form for form in forms if form.source.sha256 not in held]


class _Numbers:
    """Ids of all that the forms name."""

    def __init__(self, connection: sa.Connection, forms: Sequence[FilledForm], unit_ids: Mapping[str, int]) -> None:
        measures = {measure for form in forms for measure in form.measures}
        self.indicators = intern_indicators(connection, {one.indicator for one in measures})
        self.dims = intern_dims(connection, {one.dims for one in measures})
        self.periods = intern_periods(connection, {form.period for form in forms})
        self.units = unit_ids

    def area_of(self, connection: sa.Connection, forms: Sequence[FilledForm]) -> int:
        """The one area that the units of the forms are in. Raises StoreError where it holds facts already."""
        ids = sorted({self.units[key] for form in forms for key in form.unit_keys})
        [area_id] = connection.scalars(sa.select(org_unit.c.area_id).where(org_unit.c.id.in_(ids)).distinct())
        held = connection.scalar(sa.select(observation.c.id).where(observation.c.area_id == area_id).limit(1))
        if held is not None:
            name = connection.scalar(sa.select(org_unit.c.name).where(org_unit.c.id == area_id))
            raise StoreError(
                f"库中已有{name}的数据,不能再整批装入另一套。请换一个空库,或用相同的所数、年数和项数续装。"
            )
        return int(area_id)


def _put(
    connection: sa.Connection, forms: Sequence[FilledForm], numbers: _Numbers, user: str, now: datetime
) -> set[rollups.Touched]:
    """The facts of one area in the order of their keys, each with its cell as proof."""
    area_id = numbers.area_of(connection, forms)
    columns = _joined([_columns(form, *_registered(connection, form, user, now), numbers) for form in forms])
    order = np.lexsort([columns[name] for name in ("unit", "dims", "period", "indicator")])
    part = {name: column[order].tolist() for name, column in columns.items()}
    first = reserve_observations(connection, len(order))
    ids = range(first, first + len(order))
    insert_many(connection, observation, _OBSERVATION, [
        (area_id, indicator, period, dims, unit, SourceKind.SHEET.value, 0, number, value, measured_in, "exact", "normal",
         import_id, now)
        for number, indicator, period, dims, unit, value, measured_in, import_id in zip(
            ids, *(part[name] for name in ("indicator", "period", "dims", "unit", "value", "measured_in", "import")),
            strict=True)
    ])  # fmt: skip
    insert_many(connection, evidence, _EVIDENCE, [
        (area_id, number, file_id, f"{sheet}!{cell}", str(int(value)), sheet, cell, RULE, RULE_VERSION, CONFIDENCE)
        for number, file_id, sheet, cell, value in zip(
            ids, *(part[name] for name in ("file", "sheet", "cell", "value")), strict=True)
    ])  # fmt: skip
    return {
        (area_id, period, indicator) for period, indicator in set(zip(part["period"], part["indicator"], strict=True))
    }


def _registered(connection: sa.Connection, form: FilledForm, user: str, now: datetime) -> tuple[int, int]:
    """The file with its original and its text, and the import that brings its facts: their ids."""
    file_id = add_source(connection, form.source, user, now)
    put_reading(connection, file_id, form.reading)
    values = {
        "source_file_id": file_id,
        "source_kind": SourceKind.SHEET.value,
        "status": "stored",
        "created_by": fit(import_batch.c.created_by, user),
        "created_at": now,
        "n_new": form.size,
        "n_same": 0,
        "n_changed": 0,
    }
    import_id = connection.scalar(sa.insert(import_batch).values(**values).returning(import_batch.c.id))
    return file_id, int(import_id or 0)


def _columns(form: FilledForm, file_id: int, import_id: int, numbers: _Numbers) -> dict[str, Any]:
    """The numbers of a form, one after the other by rows, as arrays."""
    rows, width = len(form.unit_keys), len(form.measures)
    across = range(form.first_col, form.first_col + width)
    cells = [form.grid.address(form.first_row + row, col) for row in range(rows) for col in across]
    each = form.measures
    return {
        "unit": np.repeat([numbers.units[key] for key in form.unit_keys], width),
        "indicator": np.tile([numbers.indicators[one.indicator] for one in each], rows),
        "dims": np.tile([numbers.dims[one.dims] for one in each], rows),
        "measured_in": np.tile(np.array([one.unit for one in each], object), rows),
        "period": np.full(rows * width, numbers.periods[form.period]),
        "value": np.asarray(form.values, float).reshape(-1),
        "cell": np.array(cells, object),
        "sheet": np.full(rows * width, form.grid.sheet, object),
        "file": np.full(rows * width, file_id),
        "import": np.full(rows * width, import_id),
    }


def _joined(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
