"""Ruling on a discrepancy and taking a ruling back: append-only, in one transaction with the rollups."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from db import audit, rollups
from db.blocks import fit, storable
from db.engine import StoreError, moment, write
from db.org import bump_revision
from db.records_accounts import Action
from db.records_claims import Verdict
from db.ruled import latest
from db.schema_claims import discrepancy, ruling

_COPIED = ("area_id", "told_observation_id", "indicator_id", "period_id", "dim_set_id", "org_unit_id",
           "told_value", "standing_value")  # fmt: skip
LONGEST_REASON = 500


def rule(engine: sa.Engine, told_observation_id: int, verdict: Verdict, reason: str, user: str) -> None:
    """Stores who is right about a discrepancy. The value ruled to hold is shown from now on, until either value
    changes. Raises StoreError when the discrepancy is gone or no reason is given."""
    if verdict is Verdict.REVOKED:
        raise ValueError("a ruling is taken back by `revoke`")
    said = " ".join(reason.split())
    if not said:
        raise StoreError("请写明认定的理由(例如核对了哪份原始记录),再保存。")
    if len(said) > LONGEST_REASON:
        raise StoreError(f"理由有 {len(said)} 个字,请缩短到 {LONGEST_REASON} 字以内。")
    with write(engine) as connection:
        query = sa.select(*(discrepancy.c[name] for name in _COPIED)).where(
            discrepancy.c.told_observation_id == told_observation_id
        )
        row = connection.execute(query).mappings().first()
        if row is None:
            raise StoreError("这处分歧已不存在(其中一方可能刚被更正或撤销),请刷新页面后再看。")
        _add(connection, dict(row), verdict, said, user)


def revoke(engine: sa.Engine, told_observation_id: int, user: str, reason: str = "") -> None:
    """Takes the ruling about an observation back: the discrepancy is open again. Raises StoreError when there is none."""
    with write(engine) as connection:
        last = latest(ruling.c.told_observation_id == told_observation_id)
        query = sa.select(*(ruling.c[name] for name in (*_COPIED, "verdict"))).join_from(
            ruling, last, ruling.c.id == last.c.id
        )
        row = connection.execute(query).mappings().first()
        if row is None or row["verdict"] == Verdict.REVOKED.value:
            raise StoreError("这处分歧没有可撤回的认定,请刷新页面后再看。")
        values = {name: row[name] for name in _COPIED}
        _add(connection, values, Verdict.REVOKED, " ".join(reason.split())[:LONGEST_REASON], user)


def _add(connection: sa.Connection, values: dict[str, Any], verdict: Verdict, reason: str, user: str) -> None:
    connection.execute(
        sa.insert(ruling).values(
            **values,
            verdict=verdict.value,
            reason=storable(reason),
            ruled_by=fit(ruling.c.ruled_by, user),
            ruled_at=moment(),
        )
    )
    audit.record(
        connection, Action.RULING, user, subject=f"observation {values['told_observation_id']}",
        before={"standing": values["standing_value"], "told": values["told_value"]},
        after={"verdict": verdict.value, "reason": reason},
    )  # fmt: skip
    rollups.refresh(connection, {(values["area_id"], values["period_id"], values["indicator_id"])})
    bump_revision(connection)
