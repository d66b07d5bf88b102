"""Millions of facts from filled-in forms straight into the tables, with lineage and rollups: for trying out large stores.

Forms come area by area, so that every index grows at its end; what is in memory at once is one area's forms. The store
must not hold anything of these areas yet: nothing is compared (that is what `db.store.save_import` does).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from db import audit, rollups
from db.blocks import add_source, fit, put_reading
from db.bulk import MOST_OF_STORE, insert_columns, reserve_observations
from db.cell_counts import as_one
from db.collector import uncollected
from db.copying import Words
from db.engine import StoreError, moment, write
from db.indexes import drop_last
from db.interning import intern_dims, intern_indicators, intern_periods
from db.org import bump_revision
from db.records import ObsStatus, Qualifier, SourceKind
from db.records_accounts import Action
from db.records_bulk import FilledForm
from db.schema import evidence, import_batch, observation, org_unit, source_file, store_state
from db.written import Written

AT_ONCE = 2_000_000  # facts in one transaction, full areas only: the rollups above the areas are written once for each
RULE, RULE_VERSION, CONFIDENCE = "sheet.wide", "1", 0.99  # as a reader of these plain sheets would say


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one transaction brought, and the facts of files that the store had already."""

    files: int
    facts: int
    known_facts: int


def load_forms(
    engine: sa.Engine, areas: Iterable[Sequence[FilledForm]], unit_ids: Mapping[str, int], user: str, coming: int = 0
) -> Iterator[Loaded]:
    """Stores forms, the areas (counties) in the order of their units' ids; yields after each transaction.

    A run that was cut off goes on where it stopped. Where `coming`, the facts of all forms, are most of what the store will
    hold, the indexes that readers want are taken away; `db.indexes.build_each` brings them back once all is loaded.
    Raises StoreError where an area holds facts of other files.
    """
    with engine.connect() as connection:
        held = (connection.scalar(sa.select(store_state.c.next_observation_id)) or 1) - 1
    if coming - held >= max(MOST_OF_STORE, held):
        drop_last(engine)
    waiting = iter(areas)
    while (step := _load(engine, waiting, unit_ids, user)) is not None:
        yield step


@uncollected()
def _load(
    engine: sa.Engine, areas: Iterator[Sequence[FilledForm]], unit_ids: Mapping[str, int], user: str
) -> Loaded | None:
    """Stores the next areas, as many as one transaction takes; None where none is left."""
    with write(engine) as connection:
        load = _Load(connection, unit_ids, user)
        for forms in areas:
            load.add(forms)
            if load.facts + load.known >= AT_ONCE:
                break
        load.finish()
    return Loaded(load.files, load.facts, load.known) if load.facts + load.known else None


class _Load:
    """One transaction of a load."""

    def __init__(self, connection: sa.Connection, unit_ids: Mapping[str, int], user: str) -> None:
        self.connection, self.units, self.user = connection, unit_ids, user
        self.now = moment()
        self.files = self.facts = self.known = 0
        self._first_name = ""
        self._touched: set[rollups.Touched] = set()
        self._written: dict[int, list[Written]] = defaultdict(list)

    def add(self, forms: Sequence[FilledForm]) -> None:
        """The forms of an area, as far as the store does not hold them."""
        fresh = _not_stored(self.connection, forms)
        size = sum(form.size for form in fresh)
        self.known += sum(form.size for form in forms) - size
        if not fresh:
            return
        self._first_name = self._first_name or fresh[0].source.name
        self.files, self.facts = self.files + len(fresh), self.facts + size
        numbers = _Numbers(self.connection, fresh, self.units)
        for period, written in _put(self.connection, fresh, numbers, self.user, self.now).items():
            self._written[period].append(written)
            area_id = int(written.area[0])
            self._touched |= {(area_id, period, indicator) for indicator in written.indicators}

    def finish(self) -> None:
        """The sums over what was added, and the marks that something changed."""
        if not self.facts:
            return
        written = {period: Written.together(parts) for period, parts in self._written.items()}
        rollups.refresh(self.connection, self._touched, written=written)
        audit.record(
            self.connection, Action.IMPORT, self.user, subject=self._first_name,
            after={"files": self.files, "new": self.facts},
        )  # fmt: skip
        bump_revision(self.connection, self.files)


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
        self.measured_in = sorted({one.unit for one in measures})
        self.sheets = sorted({form.grid.sheet for form in forms})
        self.cells = _Cells()

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


class _Cells:
    """Where numbers stand: forms of one shape have the same cells, each of which is named once."""

    def __init__(self) -> None:
        self._blocks: dict[tuple[str, str, int, int, int, int], tuple[int, list[str]]] = {}
        self._size = 0

    def of(self, form: FilledForm) -> npt.NDArray[np.int64]:
        """The places of a form's cells among `texts`, by rows."""
        rows, width = len(form.unit_keys), len(form.measures)
        shape = (form.grid.sheet, form.grid.address_style, form.first_row, form.first_col, rows, width)
        if shape not in self._blocks:
            across = range(form.first_col, form.first_col + width)
            cells = [form.grid.address(form.first_row + row, col) for row in range(rows) for col in across]
            self._blocks[shape] = (self._size, cells)
            self._size += len(cells)
        return np.arange(rows * width) + self._blocks[shape][0]

    def texts(self) -> tuple[list[str], list[str]]:
        """All cells, and each with its sheet as evidence names it."""
        cells = [cell for _, some in self._blocks.values() for cell in some]
        places = [f"{sheet}!{cell}" for (sheet, *_), (_, some) in self._blocks.items() for cell in some]
        return cells, places


def _put(
    connection: sa.Connection, forms: Sequence[FilledForm], numbers: _Numbers, user: str, now: datetime
) -> dict[int, Written]:
    """The facts of one area in the order of their keys, each with its cell as proof; returns them by period."""
    area_id = numbers.area_of(connection, forms)
    parts = [_columns(form, *_registered(connection, form, user, now), numbers) for form in forms]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    keys = [columns[name] for name in ("indicator", "period", "dims", "unit")]
    order = np.argsort(as_one(keys), kind="stable")
    columns = {name: column[order] for name, column in columns.items()}
    rows = len(order)
    first = reserve_observations(connection, rows)
    ids = np.arange(first, first + rows)
    insert_columns(connection, observation, {
        "area_id": area_id, "indicator_id": columns["indicator"], "period_id": columns["period"],
        "dim_set_id": columns["dims"], "org_unit_id": columns["unit"], "source_kind": SourceKind.SHEET.value, "ordinal": 0,
        "id": ids, "value": columns["value"], "unit": Words(columns["measured_in"], numbers.measured_in),
        "qualifier": Qualifier.EXACT.value, "obs_status": ObsStatus.NORMAL.value, "import_id": columns["import"],
        "valid_from": now,
    }, rows)  # fmt: skip
    said, quote = np.unique(columns["value"], return_inverse=True)
    cells, places = numbers.cells.texts()
    insert_columns(connection, evidence, {
        "area_id": area_id, "observation_id": ids, "source_file_id": columns["file"],
        "locator": Words(columns["cell"], places), "quote": Words(quote, [str(int(value)) for value in said.tolist()]),
        "sheet": Words(columns["sheet"], numbers.sheets), "cell": Words(columns["cell"], cells), "rule": RULE,
        "rule_version": RULE_VERSION, "confidence": CONFIDENCE,
    }, rows)  # fmt: skip
    return _by_period(area_id, columns, ids)


def _by_period(area_id: int, columns: Mapping[str, npt.NDArray[Any]], ids: npt.NDArray[np.int64]) -> dict[int, Written]:
    area = np.full(len(ids), area_id)
    unit, indicator, dims, value = (columns[name] for name in ("unit", "indicator", "dims", "value"))
    found = {}
    for period in np.unique(columns["period"]).tolist():
        here = columns["period"] == period
        facts = (area[here], unit[here], indicator[here], dims[here], ids[here], value[here])
        found[period] = Written.of(*facts, sole=True)
    return found


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


def _columns(form: FilledForm, file_id: int, import_id: int, numbers: _Numbers) -> dict[str, npt.NDArray[Any]]:
    """The numbers of a form, one after the other by rows, as arrays."""
    rows, width = len(form.unit_keys), len(form.measures)
    each = form.measures
    return {
        "unit": np.repeat([numbers.units[key] for key in form.unit_keys], width),
        "indicator": np.tile([numbers.indicators[one.indicator] for one in each], rows),
        "dims": np.tile([numbers.dims[one.dims] for one in each], rows),
        "measured_in": np.tile([numbers.measured_in.index(one.unit) for one in each], rows),
        "period": np.full(rows * width, numbers.periods[form.period]),
        "value": np.asarray(form.values, float).reshape(-1),
        "cell": numbers.cells.of(form),
        "sheet": np.full(rows * width, numbers.sheets.index(form.grid.sheet)),
        "file": np.full(rows * width, file_id),
        "import": np.full(rows * width, import_id),
    }
