"""Locked periods: numbers that were approved stay as they are until a person opens the period again, with a reason.

A lock of a period holds for every period that lies wholly within it (a school year for its terms and months), for a
unit and all below it. It is asked wherever facts change, in the transaction that changes them (db.rollups.refresh).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from db import audit
from db.blocks import fit, storable
from db.engine import StoreError, moment, write
from db.org import bump_revision
from db.periods import Period, parse_period, period_words
from db.records_accounts import Action
from db.records_control import PeriodLock
from db.schema import org_unit, period
from db.schema_control import period_lock

LONGEST_REASON = 500


class Locked(StoreError):
    """What was asked would change a number of a locked period; nothing was changed."""


def lock(engine: sa.Engine, code: str, org_unit_id: int | None, reason: str, user: str) -> int:
    """Locks a period of a unit (None: of everyone) and returns the lock's id. Raises StoreError where the period is
    none, the unit is gone or below the county, or the same lock is in force."""
    try:
        wanted = parse_period(code)
    except ValueError:
        raise StoreError("请选择要锁定的时期。") from None
    said = _reason(reason)
    with write(engine) as connection:
        _lockable(connection, org_unit_id)
        if any(one.period == code and one.org_unit_id == org_unit_id for one in in_force(connection)):
            raise StoreError(f"{period_words(wanted)}已经锁定,不必再锁。")
        now = moment().replace(microsecond=0)
        number = connection.scalar(
            sa.insert(period_lock)
            .values(period=code, org_unit_id=org_unit_id, reason=said, locked_by=fit(period_lock.c.locked_by, user),
                    locked_at=now)
            .returning(period_lock.c.id)
        )  # fmt: skip
        audit.record(
            connection, Action.PERIOD_LOCKED, user, subject=_subject(code, org_unit_id), after={"reason": said}
        )
        bump_revision(connection)
    return int(number or 0)


def unlock(engine: sa.Engine, lock_id: int, reason: str, user: str) -> None:
    """Opens a locked period again; the lock stays on record. Raises StoreError where it is not in force."""
    said = _reason(reason)
    with write(engine) as connection:
        held = next((one for one in in_force(connection) if one.id == lock_id), None)
        if held is None:
            raise StoreError("这个时期已经解除锁定,请刷新页面后再看。")
        connection.execute(
            sa.update(period_lock)
            .where(period_lock.c.id == lock_id)
            .values(unlock_reason=said, unlocked_by=fit(period_lock.c.unlocked_by, user),
                    unlocked_at=moment().replace(microsecond=0))
        )  # fmt: skip
        subject = _subject(held.period, held.org_unit_id)
        audit.record(connection, Action.PERIOD_UNLOCKED, user, subject=subject, after={"reason": said})
        bump_revision(connection)


def locks(connection: sa.Connection) -> tuple[PeriodLock, ...]:
    """All locks, those in force first, each group the latest first."""
    query = (
        sa.select(period_lock.c.id, period_lock.c.period, period_lock.c.org_unit_id,
                  sa.func.coalesce(org_unit.c.path, "").label("path"), period_lock.c.reason, period_lock.c.locked_by,
                  period_lock.c.locked_at, period_lock.c.unlock_reason, period_lock.c.unlocked_by,
                  period_lock.c.unlocked_at)
        .join_from(period_lock, org_unit, period_lock.c.org_unit_id == org_unit.c.id, isouter=True)
        .order_by(period_lock.c.unlocked_at.is_not(None), period_lock.c.id.desc())
    )  # fmt: skip
    return tuple(PeriodLock(**row._mapping) for row in connection.execute(query))


def in_force(connection: sa.Connection) -> list[PeriodLock]:
    """The locks that nobody lifted."""
    return [one for one in locks(connection) if one.unlocked_at is None]


def holding(held: Sequence[PeriodLock], code: str, path: str) -> PeriodLock | None:
    """The lock that keeps the numbers of a period (code) and a unit (by its path), if one does."""
    if not held or not code:
        return None
    asked = parse_period(code)
    return next((one for one in held if path.startswith(one.path) and _within(asked, parse_period(one.period))), None)


def refuse_locked(connection: sa.Connection, cells: Iterable[tuple[int, int]]) -> None:
    """Raises Locked where one of the cells (area id, period id) that a change touches is locked."""
    held = in_force(connection)
    asked = sorted(set(cells)) if held else []
    if not asked:
        return
    codes = _texts(connection, period, period.c.code, {period_id for _, period_id in asked})
    paths = _texts(connection, org_unit, org_unit.c.path, {area_id for area_id, _ in asked})
    for area_id, period_id in asked:
        found = holding(held, codes.get(period_id, ""), paths.get(area_id, ""))
        if found is not None:
            raise Locked(sentence(codes[period_id], found))


def sentence(code: str, held: PeriodLock) -> str:
    """What a person is told whose change meets a lock."""
    words = period_words(parse_period(code))
    within = "" if code == held.period else f"(属于{period_words(parse_period(held.period))})"
    return (
        f"{words}{within}的数据已由{held.locked_by}于{held.locked_at:%Y-%m-%d}审定锁定,这次操作会改动其中的数,没有执行。"
        "确需改动的,请审核人先在“数据锁定”页解除锁定并写明理由。"
    )


def _within(inner: Period, outer: Period) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _reason(said: str) -> str:
    text = " ".join(said.split())
    if not text:
        raise StoreError("请写明理由(例如“年报已上报省厅”),再保存。")
    if len(text) > LONGEST_REASON:
        raise StoreError(f"理由有 {len(text)} 个字,请缩短到 {LONGEST_REASON} 字以内。")
    return storable(text)


def _lockable(connection: sa.Connection, org_unit_id: int | None) -> None:
    if org_unit_id is None:
        return
    row = connection.execute(sa.select(org_unit.c.id, org_unit.c.area_id).where(org_unit.c.id == org_unit_id)).first()
    if row is None:
        raise StoreError("没有这个单位,请刷新页面后重新选择。")
    if row.area_id != row.id:
        raise StoreError("只能按县区或更上级的单位锁定,请选择县区。")


def _subject(code: str, org_unit_id: int | None) -> str:
    return code if org_unit_id is None else f"{code} unit {org_unit_id}"


def _texts(connection: sa.Connection, table: sa.Table, column: sa.Column[str], ids: set[int]) -> dict[int, str]:
    query = sa.select(table.c.id, column).where(table.c.id.in_(sorted(ids)))
    return {number: text for number, text in connection.execute(query)}  # noqa: C416
