"""Claims of documents, each worked out from the store when it is read: nothing is kept that could go stale."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
import sqlalchemy as sa

from db.agreement import printed_decimals
from db.catalogue import Catalogue, Indicator, load_catalogue
from db.cell_rows import cell_rows, texts_of
from db.claim_check import Checked, Point, Said, judge
from db.frames import FLOAT, INT, NULLABLE_INT, TEXT, chunks, frame
from db.periods import parse_period
from db.records import Qualifier, parse_dims_key
from db.records_claims import BaseKind, ClaimKind, Direction, Result
from db.schema import dim_set, evidence, import_batch, indicator, observation, org_unit, period, source_file
from db.schema_claims import claim

_CLAIM = {
    "claim_id": INT, "source_file_id": INT, "file_name": TEXT, "org_unit_id": NULLABLE_INT, "org_unit_name": TEXT,
    "indicator": TEXT, "dims": TEXT, "period": TEXT, "kind": TEXT, "direction": TEXT, "size": FLOAT,
    "decimals": NULLABLE_INT, "unit": TEXT, "qualifier": TEXT, "note": TEXT, "value": FLOAT, "base_kind": TEXT,
    "base_words": TEXT, "base_value": FLOAT, "quote": TEXT, "start": INT, "end": INT, "sentence_start": INT,
    "sentence_end": INT, "confidence": FLOAT,
}  # fmt: skip
_CHECKED = {
    "result": TEXT, "reason": TEXT, "inner": "bool", "computed": FLOAT, "now_value": FLOAT, "now_period": TEXT,
    "store_base": FLOAT, "base_period": TEXT, "base_unit_id": NULLABLE_INT, "base_indicator": TEXT, "base_dims": TEXT,
}  # fmt: skip
Cells = dict[tuple[int, str, str, str], Any]  # by unit, indicator, period and dims


def claims(connection: sa.Connection, source_file_id: int | None = None) -> pd.DataFrame:
    """The claims of all documents, or of one, with what the store says of them; in the order of the documents.

    `result` is consistent, contradicted or not_checkable (then `reason` says why); `computed` what the values of the
    store make: the difference, percentage or multiple. `now_value` stands at org_unit_id, indicator, now_period and
    dims; `store_base` at base_unit_id, base_indicator, base_period and base_dims. `inner`: only the numbers of the
    sentence were set against each other. A handful of queries, however many claims.
    """
    rows = connection.execute(_query(source_file_id)).all()
    if not rows:
        return frame([], {**_CLAIM, **_CHECKED})
    checker = Checker(connection, rows)
    return frame([(*row[: len(_CLAIM)], *checker.result(row)) for row in rows], {**_CLAIM, **_CHECKED})


_COLUMNS: tuple[sa.Column[Any], ...] = (
    claim.c.id, source_file.c.id, source_file.c.name, claim.c.org_unit_id, org_unit.c.name, indicator.c.code,
    dim_set.c.key, period.c.code, *(claim.c[name] for name in tuple(_CLAIM)[8:]),
)  # fmt: skip


def _query(source_file_id: int | None) -> sa.Select[Any]:
    whole, wholes, before, place = indicator.alias(), dim_set.alias(), period.alias(), org_unit.alias()
    query = (
        sa.select(
            *(column.label(name) for name, column in zip(_CLAIM, _COLUMNS, strict=True)),
            whole.c.code.label("whole_code"), wholes.c.key.label("whole_dims"), before.c.code.label("told_base_period"),
            claim.c.base_org_unit_id, claim.c.value_decimals, claim.c.base_decimals, org_unit.c.kind.label("unit_kind"),
        )
        .join_from(claim, import_batch, claim.c.import_id == import_batch.c.id)
        .join(source_file, import_batch.c.source_file_id == source_file.c.id)
        .outerjoin(org_unit, claim.c.org_unit_id == org_unit.c.id)
        .outerjoin(indicator, claim.c.indicator_id == indicator.c.id)
        .outerjoin(dim_set, claim.c.dim_set_id == dim_set.c.id)
        .outerjoin(period, claim.c.period_id == period.c.id)
        .outerjoin(whole, claim.c.base_indicator_id == whole.c.id)
        .outerjoin(wholes, claim.c.base_dim_set_id == wholes.c.id)
        .outerjoin(before, claim.c.base_period_id == before.c.id)
        .outerjoin(place, claim.c.base_org_unit_id == place.c.id)
        .where(import_batch.c.status == "stored")
        .order_by(import_batch.c.id.desc(), claim.c.start, claim.c.id)
    )  # fmt: skip
    return query if source_file_id is None else query.where(source_file.c.id == source_file_id)


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of the store that a claim needs."""

    unit_id: int
    indicator: str
    period: str
    dims: str


@dataclass
class Checker:
    """The claims' cells, read at once, and the check of each claim by them."""

    connection: sa.Connection
    rows: Sequence[Any]

    @cached_property
    def catalogue(self) -> Catalogue:
        return load_catalogue()

    @cached_property
    def cells(self) -> Cells:
        wanted = [one for pairs in self.pairs.values() for pair in pairs for one in pair if one is not None]
        found: Cells = {}
        for row in _cells(self.connection, wanted):
            found[row.org_unit_id, row.indicator, row.period, row.dims] = row
        return found

    def cell(self, place: Place | None) -> Any:
        """The cell, if it has a value; the total over all levels stands in for a value without level."""
        if place is None:
            return None
        keys = (place.dims, "level=ALL") if place.dims == "" else (place.dims,)
        return next(
            (found for dims in keys if (found := self.cells.get((place.unit_id, place.indicator, place.period, dims)))),
            None,
        )

    @cached_property
    def pairs(self) -> dict[int, list[tuple[Place, Place | None]]]:
        """By claim, where its two values may stand."""
        return {row.claim_id: list(self._pairs(row)) for row in self.rows}

    def _pairs(self, row: Any) -> Iterator[tuple[Place, Place | None]]:
        """Where the current value and the base may stand, the likeliest pair first: as told, then, for what is
        counted once a year, in the school year that holds the day or term."""
        if row.org_unit_id is None or row.indicator is None or not row.period:
            return
        dims = row.dims or ""
        yearly = self.catalogue.indicator(row.indicator).frequency == "year"
        for now, before in _periods(row.period, row.told_base_period, yearly):
            place = Place(row.org_unit_id, row.indicator, now, dims)
            yield place, self._base_place(row, now, before, dims)

    def _base_place(self, row: Any, now: str, before: str | None, dims: str) -> Place | None:
        match row.base_kind:
            case BaseKind.PERIOD:
                return Place(row.org_unit_id, row.indicator, before, dims) if before else None
            case BaseKind.PLACE if row.base_org_unit_id is not None:
                return Place(row.base_org_unit_id, row.indicator, now, dims)
            case BaseKind.GROUP if row.whole_dims is not None:
                return Place(row.org_unit_id, row.indicator, now, row.whole_dims)
            case BaseKind.WHOLE if row.whole_code is not None:
                return Place(row.org_unit_id, row.whole_code, now, row.whole_dims or "")
            case _:
                return None

    def result(self, row: Any) -> tuple[Any, ...]:
        """The columns of _CHECKED for one claim."""
        now_at, base_at, now, base = self._best(row)
        base_point = self._target(row) if row.base_kind == BaseKind.TARGET else _point(base, row)
        checked = self._known_reason(row, base_point) or judge(_said(row, self.catalogue), _point(now, row), base_point)
        store_base = base_point.value if base_point is not None else None
        return (
            checked.result.value, checked.reason, checked.inner, checked.computed, now.value if now is not None else None,
            (now_at.period if now_at else row.period), store_base,
            base_at.period if base_at else row.told_base_period, base_at.unit_id if base_at and base is not None else None,
            base_at.indicator if base_at else None, (base.dims if base is not None else None),
        )  # fmt: skip

    def _best(self, row: Any) -> tuple[Place | None, Place | None, Any, Any]:
        """The first pair of which both values are there, else the first with one, else the first."""
        found = [(now, base, self.cell(now), self.cell(base)) for now, base in self.pairs[row.claim_id]]
        ranked = sorted(found, key=lambda one: -((one[2] is not None) + (one[3] is not None)))
        return ranked[0] if ranked else (None, None, None, None)

    def _known_reason(self, row: Any, base: Point | None) -> Checked | None:
        """Why a claim cannot be checked, where that is plain before any value is looked at."""
        inner = row.value is not None and row.base_value is not None
        reason = (
            "indicator" if row.indicator is None
            else "inner" if inner and base is None
            else "unit" if row.org_unit_id is None or row.unit_kind is None
            else "period" if not row.period
            else _BASE_REASONS.get(row.base_kind, "") if base is None and not self._has_base(row)
            else ""
        )  # fmt: skip
        return Checked(Result.NOT_CHECKABLE, reason) if reason not in ("", "inner") else None

    def _has_base(self, row: Any) -> bool:
        return any(base is not None for _, base in self.pairs[row.claim_id]) or row.kind == ClaimKind.FROM_TO

    def _target(self, row: Any) -> Point | None:
        if row.indicator is None or not row.period or row.unit_kind is None:
            return None
        day = parse_period(row.period).end
        held = parse_dims_key(row.dims or "")
        for level in (row.unit_kind, "county", "school"):
            found = self.catalogue.target(row.indicator, held, day, level)
            if found is not None:
                return Point(float(found.value))
        return None


_BASE_REASONS: Mapping[str, str] = {
    BaseKind.PERIOD: "base_period", BaseKind.PLACE: "base_place", BaseKind.GROUP: "base_group",
    BaseKind.WHOLE: "base_whole", BaseKind.TARGET: "target", BaseKind.SPAN: "span", BaseKind.UNKNOWN: "base",
}  # fmt: skip


def _periods(now: str, before: str | None, yearly: bool) -> Iterator[tuple[str, str | None]]:
    yield now, before
    if yearly and (year := _school_year(now)) is not None:
        yield year, _school_year(before) if before else None


def _school_year(code: str) -> str | None:
    """The school year that holds a term or a day."""
    if re.fullmatch(r"SY\d{4}-T[12]", code):
        return code[:6]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", code):
        return f"SY{parse_period(code).school_year}"
    return code if re.fullmatch(r"SY\d{4}", code) else None


@dataclass(frozen=True, slots=True)
class _Value:
    """A cell with a value, and the sentence that it rests on."""

    org_unit_id: int
    indicator: str
    period: str
    dims: str
    value: float
    method: str
    source_file_id: int | None = None
    sentence_start: int | None = None
    quote: str | None = None


def _cells(connection: sa.Connection, wanted: Sequence[Place]) -> Iterator[_Value]:
    """Cells with values of the wanted units, indicators and periods."""
    codes = texts_of(connection, indicator, {one.indicator for one in wanted})
    periods = texts_of(connection, period, {one.period for one in wanted})
    units = {one.unit_id for one in wanted}
    found = [row for row in cell_rows(connection, units, codes, periods) if row.cell.value is not None]
    proofs = _proofs(connection, {row.cell.observation_id for row in found if row.cell.observation_id is not None})
    for row in found:
        proof = proofs.get(row.cell.observation_id or 0, ())
        at = (row.org_unit_id, codes[row.indicator_id], periods[row.period_id], row.dims)
        yield _Value(*at, row.cell.value or 0.0, row.cell.method, *proof)


def _proofs(connection: sa.Connection, observations: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """File, begin of the sentence and quote of observations."""
    columns = (evidence.c.observation_id, evidence.c.source_file_id, evidence.c.sentence_start, evidence.c.quote)
    proof = sa.and_(evidence.c.area_id == observation.c.area_id, evidence.c.observation_id == observation.c.id)
    query = sa.select(*columns).join_from(observation, evidence, proof)
    rows = (row for some in chunks(observations) for row in connection.execute(query.where(observation.c.id.in_(some))))
    return {row[0]: tuple(row[1:]) for row in rows}


def _point(cell: Any, row: Any) -> Point | None:
    if cell is None:
        return None
    own = cell.source_file_id == row.source_file_id and cell.sentence_start == row.sentence_start
    rounded = cell.method == "reported" and cell.quote is not None
    decimals = printed_decimals(cell.quote, cell.value) if rounded else None
    slack = 0.0 if decimals is None or (decimals == 0 and not _is_rate(row)) else 0.5 * 10.0**-decimals
    return Point(cell.value, slack, own)


def _is_rate(row: Any) -> bool:
    return row.unit in ("points", "percent") and row.kind not in (ClaimKind.RELATIVE, ClaimKind.SHARE)


def _said(row: Any, catalogue: Catalogue) -> Said:
    entry: Indicator | None = catalogue.indicator(row.indicator) if row.indicator else None
    rate = entry is not None and entry.unit == "percent"
    decimals = row.decimals if row.decimals is not None else 0
    if row.kind == ClaimKind.MULTIPLE:
        decimals = max(decimals, 1)  # 翻了一番 is about 2, not anything from 1.5 to 2.5
    return Said(
        ClaimKind(row.kind), Direction(row.direction) if row.direction else None, row.size, decimals,
        Qualifier(row.qualifier), BaseKind(row.base_kind), rate, row.note, row.value, row.base_value,
        (_half(row.value_decimals, rate), _half(row.base_decimals, rate)),
    )  # fmt: skip


def _half(decimals: int | None, rate: bool) -> float:
    """Half of the last printed digit; a whole count is exact."""
    return 0.0 if decimals is None or (decimals == 0 and not rate) else 0.5 * 10.0**-decimals
