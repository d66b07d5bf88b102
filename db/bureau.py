"""What an administrator set: whether files want approval, the bureau's own targets, the last days of forms.

Kept as JSON in `setting`; what is not set stays as the environment and the catalogue say. Every change is in the log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from db import audit
from db.blocks import fit
from db.catalogue import Catalogue, Target, load_catalogue
from db.catalogue.forms import Due
from db.engine import StoreError, moment, write
from db.org import bump_revision
from db.records_accounts import Action
from db.schema_control import setting
from db.settings import Approval, Settings

APPROVAL, TARGETS, DUE = "approval", "targets", "form_due"
MOST_TARGETS = 200


@dataclass(frozen=True, slots=True)
class Bureau:
    """The settings in force. `targets` are the bureau's own, in the order they were set; `due` by form code."""

    approval: Approval | None = None
    targets: tuple[Target, ...] = ()
    due: Mapping[str, Due] = field(default_factory=dict)


def raw_settings(connection: sa.Connection) -> tuple[tuple[str, str], ...]:
    """(key, JSON) of everything that is set, by key."""
    query = sa.select(setting.c.key, setting.c.value).order_by(setting.c.key)
    return tuple((key, value) for key, value in connection.execute(query))


@lru_cache(maxsize=16)
def bureau_of(raw: tuple[tuple[str, str], ...]) -> Bureau:
    """The settings of what `raw_settings` gave."""
    held = {key: json.loads(value) for key, value in raw}
    return Bureau(
        Approval(held[APPROVAL]) if held.get(APPROVAL) else None,
        tuple(Target.model_validate({**one, "own": True}) for one in held.get(TARGETS, [])),
        {code: Due.model_validate(one) for code, one in held.get(DUE, {}).items()},
    )


@lru_cache(maxsize=16)
def catalogue_of(raw: tuple[tuple[str, str], ...]) -> Catalogue:
    """The catalogue with the bureau's own targets and last days."""
    catalogue, own = load_catalogue(), bureau_of(raw)
    if not own.targets and not own.due:
        return catalogue
    forms = tuple(
        form.model_copy(update={"due": own.due[form.code]}) if form.code in own.due else form
        for form in catalogue.forms
    )
    return Catalogue.model_validate({**dict(catalogue), "targets": (*catalogue.targets, *own.targets), "forms": forms})


def approval_of(raw: tuple[tuple[str, str], ...]) -> Approval:
    """Whether files want approval: as set, else as the environment says."""
    return bureau_of(raw).approval or Settings.from_environment().approval


def set_approval(engine: sa.Engine, wanted: Approval, user: str) -> None:
    """Whether a file is looked at again before it is stored."""
    _change(engine, APPROVAL, wanted.value, user)


def add_target(
    engine: sa.Engine,
    indicator: str,
    level: str | None,
    value: Decimal,
    applies_to: str,
    since: date,
    source: str,
    user: str,
) -> None:
    """Adds a target of the bureau; the comparator follows the indicator's direction. Raises StoreError with what is wrong."""
    entry = load_catalogue().indicator(indicator)
    if entry.direction not in ("higher", "lower"):
        raise StoreError(f"“{entry.name_zh}”没有越高越好或越低越好之分,不能设目标。")
    low, high = entry.bounds
    if (low is not None and value < low) or (high is not None and value > high):
        raise StoreError(f"目标值超出“{entry.name_zh}”可能的范围,请核对单位(百分率填0至100的数)。")
    if not source.strip():
        raise StoreError("请写明目标的依据(例如“县教发〔2026〕8号”),再保存。")
    raw = {
        "indicator": indicator, "dims": {"level": level} if level else {}, "value": str(value),
        "comparator": ">=" if entry.direction == "higher" else "<=", "applies_to": applies_to,
        "valid_from": since.isoformat(), "source": source.strip()[:200],
    }  # fmt: skip
    try:
        Target.model_validate(raw)
    except ValidationError as fault:
        raise StoreError("这个目标填得不完整,请检查指标、适用范围和起始日期。") from fault

    def added(before: Any) -> list[Any]:
        if len(before or []) >= MOST_TARGETS:
            raise StoreError(f"自定的目标已有 {MOST_TARGETS} 条,请先删去不用的。")
        same = ("indicator", "dims", "applies_to", "valid_from")
        kept = [one for one in before or [] if any(one[name] != raw[name] for name in same)]
        return [*kept, raw]

    _change(engine, TARGETS, added, user)


def remove_target(engine: sa.Engine, place: int, user: str) -> None:
    """Takes away the own target at a place of the list. Raises StoreError where there is none."""

    def without(before: Any) -> list[Any]:
        if not 0 <= place < len(before or []):
            raise StoreError("这条目标已经删去,请刷新页面后再看。")
        return [one for at, one in enumerate(before) if at != place]

    _change(engine, TARGETS, without, user)


def set_due(engine: sa.Engine, form: str, after: str, months: int, day: int, user: str) -> None:
    """The last day for a form. Raises StoreError where it can be none."""
    try:
        due = Due.model_validate({"after": after, "months": months, "day": day, "source": "own"})
        load_catalogue().form(form)
    except (ValidationError, KeyError) as fault:
        raise StoreError("期限填得不对:月数为0至12,日期为1至31(31表示月末)。") from fault
    _change(engine, DUE, lambda before: {**(before or {}), form: due.model_dump()}, user)


def _change(engine: sa.Engine, key: str, wanted: Any, user: str) -> None:
    with write(engine) as connection:
        held = connection.scalar(sa.select(setting.c.value).where(setting.c.key == key))
        before = None if held is None else json.loads(held)
        after = wanted(before) if callable(wanted) else wanted
        values = {
            "value": json.dumps(after, ensure_ascii=False, sort_keys=True), "changed_at": moment().replace(microsecond=0),
            "changed_by": fit(setting.c.changed_by, user),
        }  # fmt: skip
        if held is None:
            connection.execute(sa.insert(setting).values(key=key, **values))
        else:
            connection.execute(sa.update(setting).where(setting.c.key == key).values(**values))
        audit.record(
            connection, Action.SETTING_CHANGED, user, subject=key, before={"value": before}, after={"value": after}
        )
        bump_revision(connection)
