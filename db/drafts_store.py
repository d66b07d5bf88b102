"""From draft to stored: submit, approve or return, store. What people confirmed is kept with the import, for good."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from db.blocks import fit, storable
from db.drafts import add_event, change, current, drop_content
from db.engine import StoreError, moment, write
from db.layouts import remember_layouts
from db.org import IN_TREE, add_alias, revision
from db.records import Draft, ImportResult
from db.records_drafts import (
    EDITABLE,
    Choices,
    DraftEventKind,
    DraftStatus,
    StoredDraft,
    Tick,
    to_tick,
    unticked,
)
from db.schema import org_unit
from db.schema_drafts import confirmation
from db.settings import Approval
from db.store import save_in, undo_in

Within = Callable[[sa.Connection, ImportResult], None]
FROM_UPLOAD = "upload"  # the source of an alias that a person gave on the upload page


def _alone(_connection: sa.Connection, _result: ImportResult) -> None:
    """Nothing else belongs to the transaction."""


def submit_draft(engine: sa.Engine, draft_id: int, version: int, prepared: Draft, user: str) -> StoredDraft:
    """Hands a draft in for approval; nothing is stored. Raises StoreError when an issue blocks or wants a tick."""
    with write(engine) as connection:
        held = current(connection, draft_id, version, EDITABLE)
        _complete(held, prepared)
        values = {"status": DraftStatus.SUBMITTED.value, "submitted_by": fit(confirmation.c.confirmed_by, user)}
        add_event(connection, draft_id, DraftEventKind.SUBMITTED, user, held.choices.note)
        return change(connection, held, user, {**values, "reason": ""})


def return_draft(engine: sa.Engine, draft_id: int, version: int, reason: str, user: str) -> StoredDraft:
    """Sends a submitted draft back to be worked on again. Raises StoreError without a reason."""
    said = " ".join(reason.split())
    if not said:
        raise StoreError("请写明退回的原因,再退回。")
    with write(engine) as connection:
        held = current(connection, draft_id, version, (DraftStatus.SUBMITTED,))
        add_event(connection, draft_id, DraftEventKind.RETURNED, user, said)
        return change(connection, held, user, {"status": DraftStatus.RETURNED.value, "reason": storable(said)})


def approve_draft(
    engine: sa.Engine,
    draft_id: int,
    version: int,
    prepared: Draft,
    user: str,
    *,
    seen: int,
    approval: Approval,
    within: Within = _alone,
) -> ImportResult:
    """Approves a submitted draft and stores it in the same transaction (see `store_draft`). Raises StoreError when
    the bureau wants another person than the one who submitted it."""
    with write(engine) as connection:
        held = current(connection, draft_id, version, (DraftStatus.SUBMITTED,))
        if approval is Approval.OTHER and fit(confirmation.c.confirmed_by, user) == held.submitted_by:
            raise StoreError(f"这份草稿由{held.submitted_by}提交,须由另一人审核。")
        add_event(connection, draft_id, DraftEventKind.APPROVED, user)
        result = _store(connection, held, prepared, user, seen)
        within(connection, result)
        return result


def store_draft(
    engine: sa.Engine,
    draft_id: int,
    version: int,
    prepared: Draft,
    user: str,
    *,
    seen: int,
    approval: Approval = Approval.OFF,
    within: Within = _alone,
) -> ImportResult:
    """Stores a draft that needs no approval: values, rollups, lineage, ticks, aliases, confirmed layouts and the draft's end in one
    transaction. `prepared` is the draft made from its bytes and choices, `seen` the revision of the store
    whose difference the person saw; `within` is done in the same transaction, with the result.

    Raises StoreError when the store changed since, the draft was changed in another window, an issue blocks or wants a
    tick, the file is not the draft's, or the bureau wants approval. Nothing is stored then."""
    with write(engine) as connection:
        held = current(connection, draft_id, version, EDITABLE)
        if approval is not Approval.OFF:
            raise StoreError("本单位设置了入库前审核,请先提交,由审核人核对后入库。")
        result = _store(connection, held, prepared, user, seen)
        within(connection, result)
        return result


def _store(connection: sa.Connection, held: StoredDraft, prepared: Draft, user: str, seen: int) -> ImportResult:
    _complete(held, prepared)
    if revision(connection) != seen:
        raise StoreError("库中数据在您核对之后有了变动,请重新查看“与库中数据的差异”,再入库。")
    if held.choices.replaces is not None:
        undo_in(connection, held.choices.replaces, user)
    owner = held.submitted_by or user
    result = save_in(connection, prepared, owner)
    if result.outcome == "same" and held.choices.replaces is not None:
        raise StoreError("这份文件先前已经入库,不能再用它替换另一次导入。请取消替换,或先撤销那次导入。")
    if result.import_id is not None and result.outcome == "stored":
        _keep_ticks(connection, held, prepared, result.import_id, owner)
        _teach(connection, held.choices)
        remember_layouts(connection, prepared, held.choices.overrides, owner)
    values = {"status": DraftStatus.STORED.value, "import_id": result.import_id}
    change(connection, held, user, values)
    drop_content(connection, held.id)
    add_event(connection, held.id, DraftEventKind.STORED, user, held.choices.note)
    return result


def _complete(held: StoredDraft, prepared: Draft) -> None:
    """Raises StoreError unless the draft may be stored as far as its issues go."""
    if prepared.source.sha256 != held.sha256:
        raise StoreError(f"所选文件与草稿“{held.file_name}”不是同一份,请重新选择。")
    if prepared.blocked:
        raise StoreError("文件中还有必须更正的问题,不能入库。请改正文件后重新上传。")
    left = unticked(prepared.issues, held.choices)
    if left:
        where = left[0].locator or left[0].cell or ""
        raise StoreError(
            f"还有 {len(left)} 处问题没有逐条确认(第一处:{where} {left[0].sentence})。请确认或改正后再入库。"
        )


def _keep_ticks(connection: sa.Connection, held: StoredDraft, prepared: Draft, import_id: int, owner: str) -> None:
    rows = []
    now = moment()
    for key, one in to_tick(prepared.issues).items():
        tick = held.choices.ticks.get(key, Tick())
        rows.append({
            "import_id": import_id, "draft_id": held.id, "code": one.code, "sheet": one.sheet, "cell": one.cell,
            "locator": fit(confirmation.c.locator, one.locator), "sentence": storable(one.sentence),
            "reason": storable(tick.reason), "confirmed_by": fit(confirmation.c.confirmed_by, tick.by or owner),
            "confirmed_at": tick.at or now,
        })  # fmt: skip
    if rows:
        connection.execute(sa.insert(confirmation), rows)


def _teach(connection: sa.Connection, choices: Choices) -> None:
    """A name that a person gave to a unit of the tree is an alias of it from now on, unless it is a name of another
    unit: then the choice holds for this file only."""
    either = sa.or_(org_unit.c.name.in_(list(choices.places)), org_unit.c.id.in_(list(choices.places.values())))
    query = sa.select(org_unit.c.id, org_unit.c.name).where(org_unit.c.status.in_(IN_TREE), either)
    units = {number: name for number, name in connection.execute(query)}  # noqa: C416
    names = set(units.values())
    for name, unit in choices.places.items():
        if name not in names and unit in units:
            add_alias(connection, unit, name, FROM_UPLOAD)
