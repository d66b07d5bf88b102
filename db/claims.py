"""Claims go into the store with their import, and out of sight when it is undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.agreement import printed_decimals
from db.blocks import fit, storable
from db.interning import indicator_ids, intern_dims, intern_periods
from db.records import Draft, dims_key
from db.records_claims import Claim
from db.schema_claims import claim


@dataclass(frozen=True, slots=True)
class _Ids:
    indicators: Mapping[str, int]
    periods: Mapping[str, int]
    dims: Mapping[str, int]
    proposed: Mapping[str, int]

    def unit(self, one: Claim) -> int | None:
        return one.org_unit_id if one.proposed_key is None else self.proposed.get(one.proposed_key)


def add_claims(connection: sa.Connection, draft: Draft, import_id: int, proposed: Mapping[str, int]) -> None:
    """Stores the claims of a draft; `proposed` leads from its keys of proposed units to their ids."""
    if not draft.claims:
        return
    periods = {code for one in draft.claims for code in (one.period, one.base.period) if code}
    dims = {dims_key(held) for one in draft.claims for held in (one.dims, one.base.dims) if held is not None}
    ids = _Ids(indicator_ids(connection), intern_periods(connection, periods), intern_dims(connection, dims), proposed)
    connection.execute(sa.insert(claim), [_row(one, import_id, ids) for one in draft.claims])


def _row(one: Claim, import_id: int, ids: _Ids) -> dict[str, Any]:
    base, proof = one.base, one.evidence
    return {
        "import_id": import_id,
        "kind": one.kind.value,
        "direction": one.direction.value if one.direction else None,
        "size": _number(one.size),
        "decimals": None if one.size is None else printed_decimals(proof.quote, float(one.size)),
        "unit": one.unit,
        "qualifier": one.qualifier.value,
        "note": one.note,
        "indicator_id": ids.indicators.get(one.indicator or ""),
        "dim_set_id": None if one.dims is None else ids.dims[dims_key(one.dims)],
        "period_id": ids.periods.get(one.period) if one.period else None,
        "org_unit_id": ids.unit(one),
        "value": _number(one.value),
        "value_decimals": _decimals(one.value),
        "base_kind": base.kind.value,
        "base_words": fit(claim.c.base_words, base.words),
        "base_indicator_id": ids.indicators.get(base.indicator or ""),
        "base_dim_set_id": None if base.dims is None else ids.dims[dims_key(base.dims)],
        "base_period_id": ids.periods.get(base.period) if base.period else None,
        "base_org_unit_id": base.org_unit_id,
        "base_value": _number(base.value),
        "base_decimals": _decimals(base.value),
        "locator": fit(claim.c.locator, proof.locator),
        "quote": storable(proof.quote),
        **{
            name: getattr(proof, name)
            for name in ("start", "end", "sentence_start", "sentence_end", "rule", "confidence")
        },
    }


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _decimals(value: Any) -> int | None:
    """The decimals as printed: those that the number was read with."""
    if value is None:
        return None
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
