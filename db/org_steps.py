"""How each change of an org unit is carried out. Call inside `db.org_changes`; a StoreError leaves nothing behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from db import org_rules as rules
from db.engine import StoreError
from db.org import add_aliases, area_of
from db.org_effects import above
from db.org_event import Event
from db.records import OrgKind, OrgStatus
from db.records_org import Alias, Close, Correct, Merge, Move, NewUnit, Part, Rename, Reopen, Split, What
from db.review_bulk import settle_name_in
from db.schema import observation, org_unit, org_unit_alias, org_unit_successor

RENAMED = "renamed"  # source of the spelling that a former name becomes
_COUNTIES = (
    "区县及以上单位的合并、拆分和跨区县改隶,会牵动按区县存放的历史数,不能在这里一步办理。"
    "请先登记新的区县和乡镇,把学校逐所用“合并、承接”转到新单位,再停用原来的区县。"
)


def register(event: Event, asked: NewUnit) -> int:
    """A new unit of the tree; numbers that documents state under its proposed name become its own."""
    connection = event.connection
    values, parent = rules.check_new(connection, asked)
    [number] = connection.execute(
        sa.insert(org_unit).values(**values, area_id=0, path="").returning(org_unit.c.id)
    ).one()  # fmt: skip
    area_id = area_of(number, values["kind"], {"kind": parent.kind, "area_id": parent.area_id})
    path = f"{parent.path}{number}/"
    connection.execute(sa.update(org_unit).where(org_unit.c.id == number).values(area_id=area_id, path=path))
    event.write(number, What.REGISTERED, asked.valid_from, {}, {k: v for k, v in values.items() if v is not None})
    event.made.append(number)
    if asked.proposal:
        _take_over(event, asked.proposal, number, path)
    return int(number)


def _take_over(event: Event, name: str, unit_id: int, path: str) -> None:
    """Gives the unit what stands under a proposed name, in every document."""
    connection = event.connection
    proposed = sa.and_(org_unit.c.name == name, org_unit.c.status == OrgStatus.PROPOSED.value)
    periods = connection.scalars(
        sa.select(observation.c.period_id)
        .join_from(observation, org_unit, observation.c.org_unit_id == org_unit.c.id)
        .where(proposed, observation.c.valid_to.is_(None))
        .distinct()
    ).all()
    event.watch(above([path]), periods)
    outcome = settle_name_in(connection, name, unit_id, event.user)
    event.facts += outcome.added


def rename(event: Event, asked: Rename) -> None:
    """Another name of the same unit: its code and its series go on, its former name becomes a spelling."""
    unit = rules.open_unit(event.connection, asked.unit_id)
    rules.check_day(event.connection, unit, asked.on)
    name = rules.check_name(event.connection, asked.name, unit.parent_id, unit.id)
    if name == unit.name:
        raise StoreError(f"新名称与现在的名称“{unit.name}”相同,请核对。")
    add_aliases(event.connection, [(unit.id, unit.name)], RENAMED)
    event.set(unit, What.RENAMED, asked.on, name=name)


def correct(event: Event, asked: Correct) -> None:
    """Particulars that were wrong or missing."""
    unit = rules.unit_of(event.connection, asked.unit_id)
    values = rules.particulars(event.connection, unit, asked)
    if not values:
        raise StoreError("没有改动任何一项。")
    event.set(unit, What.CORRECTED, None, **values)


def move(event: Event, asked: Move) -> None:
    """Another parent from a day on; sums of periods that began earlier stay with the former one."""
    connection = event.connection
    unit = rules.open_unit(connection, asked.unit_id)
    rules.check_day(connection, unit, asked.on)
    parent = rules.check_parent(connection, OrgKind(unit.kind), asked.parent_id, asked.on)
    if parent.id == unit.parent_id:
        raise StoreError(f"“{unit.name}”现在就归“{parent.name}”,不必改隶。")
    if parent.area_id != unit.area_id:
        raise StoreError(_COUNTIES)
    rules.check_name(connection, unit.name, parent.id, unit.id)
    event.place(unit, parent, asked.on)
    event.write(
        unit.id, What.MOVED, asked.on, {"parent_id": unit.parent_id}, {"parent_id": parent.id}, unit.parent_id
    )  # fmt: skip


def close(event: Event, asked: Close) -> None:
    """The unit ends; its numbers stay."""
    unit = rules.open_unit(event.connection, asked.unit_id)
    if unit.parent_id is None:
        raise StoreError(f"“{unit.name}”是最上级单位,不能停办。")
    rules.check_day(event.connection, unit, asked.on)
    children = _open_children(event.connection, unit.id)
    if children:
        names = "、".join(child.name for child in children[:3]) + ("等" if len(children) > 3 else "")
        raise StoreError(f"“{unit.name}”下面还有 {len(children)} 个在用单位({names}),请先把它们改隶或停办。")
    rules.check_no_numbers_after(event.connection, unit, asked.on)
    _end(event, unit, What.CLOSED, asked.on)


def _open_children(connection: sa.Connection, unit_id: int) -> Sequence[Any]:
    query = sa.select(org_unit).where(org_unit.c.parent_id == unit_id, org_unit.c.status == OrgStatus.ACTIVE.value)
    return connection.execute(query.order_by(org_unit.c.id)).all()


def _end(event: Event, unit: Any, what: What, on: date, told: dict[str, Any] | None = None, **values: Any) -> None:
    event.set(unit, what, on, told, status=OrgStatus.CLOSED.value, valid_to=on, **values)
    event.ended.append(unit.id)


def reopen(event: Event, asked: Reopen) -> None:
    """A closed unit opens again under its old code."""
    unit = rules.unit_of(event.connection, asked.unit_id)
    if unit.status != OrgStatus.CLOSED.value:
        raise StoreError(f"“{unit.name}”在用,不必恢复。")
    if unit.valid_to is not None and asked.on < unit.valid_to:
        raise StoreError(f"恢复日期 {asked.on} 早于停办日期 {unit.valid_to},请核对日期。")
    rules.check_day(event.connection, unit, asked.on)
    rules.check_parent(event.connection, OrgKind(unit.kind), unit.parent_id, asked.on)
    rules.check_name(event.connection, unit.name, unit.parent_id, unit.id)
    event.set(unit, What.REOPENED, asked.on, status=OrgStatus.ACTIVE.value, valid_to=None)
    event.breaks.append((unit.id, asked.on))


def merge(event: Event, asked: Merge) -> None:
    """Units end and another goes on in their place. Towns hand their schools over."""
    connection = event.connection
    keeps = asked.into if isinstance(asked.into, int) else None
    ending = [rules.open_unit(connection, each) for each in dict.fromkeys(asked.unit_ids) if each != keeps]
    if not ending:
        raise StoreError("请选择被合并的单位(合并后继续使用的单位不算)。")
    kinds = {unit.kind for unit in ending}
    if not kinds <= {OrgKind.SCHOOL.value, OrgKind.TOWN.value}:
        raise StoreError(_COUNTIES)
    for unit in ending:
        rules.check_day(connection, unit, asked.on)
        rules.check_no_numbers_after(connection, unit, asked.on)
    freed = _freed_code(event, ending, asked.into)
    target = _target(event, asked.into, asked.on)
    if kinds != {target.kind}:
        raise StoreError("只有同类的单位能合并:学校并入学校,乡镇街道并入乡镇街道。")
    if target.kind == OrgKind.TOWN.value:
        _hand_over(event, ending, target, asked.on)
    for unit in ending:
        _succeed(connection, unit.id, target.id, asked.on, 1.0 if len(ending) == 1 else None)
        _end(event, unit, What.MERGED, asked.on, {"into": [target.id]}, **({"code": None} if unit.id == freed else {}))
    event.write(target.id, What.SUCCEEDED, asked.on, {}, {"from": [unit.id for unit in ending]})
    if target.kind == OrgKind.SCHOOL.value:
        event.breaks.append((target.id, asked.on))


def _freed_code(event: Event, ending: Sequence[Any], into: int | NewUnit) -> int | None:
    """The unit whose code a new unit takes over; only where it is the only one that ends."""
    code = rules.tidy(into.code) if isinstance(into, NewUnit) else ""
    holder = next((unit for unit in ending if code and unit.code == code), None)
    if holder is None:
        return None
    if len(ending) > 1:
        raise StoreError(f"要沿用“{holder.name}”的代码,请把它选作合并后的单位,合并后再登记改名。")
    event.connection.execute(sa.update(org_unit).where(org_unit.c.id == holder.id).values(code=None))
    return int(holder.id)


def _target(event: Event, into: int | NewUnit, on: date) -> Any:
    if isinstance(into, NewUnit):
        return rules.unit_of(event.connection, register(event, replace(into, valid_from=on)))
    found = rules.open_unit(event.connection, into)
    rules.check_day(event.connection, found, on)
    return found


def _hand_over(event: Event, ending: Sequence[Any], target: Any, on: date) -> None:
    if any(unit.area_id != target.area_id for unit in ending):
        raise StoreError(_COUNTIES)
    for unit in ending:
        for child in _open_children(event.connection, unit.id):
            move(event, Move(child.id, target.id, on))


def _succeed(connection: sa.Connection, old: int, new: int, on: date, share: float | None) -> None:
    known = sa.and_(org_unit_successor.c.predecessor_id == old, org_unit_successor.c.successor_id == new)
    if connection.scalar(sa.select(sa.func.count()).select_from(org_unit_successor).where(known)):
        raise StoreError("这两个单位之间已登记过承接关系,不能再登记一次。")
    connection.execute(
        sa.insert(org_unit_successor).values(predecessor_id=old, successor_id=new, valid_from=on, share=share)
    )


def split(event: Event, asked: Split) -> None:
    """A school's pupils go to several units, of which it may be one itself."""
    connection = event.connection
    unit = rules.open_unit(connection, asked.unit_id)
    if unit.kind != OrgKind.SCHOOL.value:
        raise StoreError("乡镇街道的拆分请分步办理:先登记新的乡镇街道,再把学校逐所改隶。")
    rules.check_day(connection, unit, asked.on)
    if not asked.goes_on:
        rules.check_no_numbers_after(connection, unit, asked.on)
    _check_shares(asked)
    targets = [_target(event, part.into, asked.on) for part in asked.parts]
    if len({target.id for target in targets} | {unit.id}) != len(targets) + 1:
        raise StoreError("拆分后的单位有重复,或就是原单位自己,请核对。")
    if any(target.kind != OrgKind.SCHOOL.value for target in targets):
        raise StoreError("学校只能拆分为学校,请核对拆分后的单位。")
    for target, part in zip(targets, asked.parts, strict=True):
        _succeed(connection, unit.id, target.id, asked.on, part.share)
        event.write(target.id, What.SUCCEEDED, asked.on, {}, {"from": [unit.id], "share": part.share})
        event.breaks.append((target.id, asked.on))
    told = {"into": [target.id for target in targets]}
    if asked.goes_on:
        event.write(unit.id, What.SPLIT, asked.on, {}, told)
        event.breaks.append((unit.id, asked.on))
    else:
        _end(event, unit, What.SPLIT, asked.on, told)


def _check_shares(asked: Split) -> None:
    parts: tuple[Part, ...] = asked.parts
    if len(parts) < (1 if asked.goes_on else 2):
        raise StoreError("拆分后至少要有两个单位(原单位保留的,至少另有一个)。")
    shares = [part.share for part in parts]
    stated = [share for share in shares if share is not None]
    if not stated:
        return
    total = sum(stated)
    fine = len(stated) == len(shares) and all(0 < share <= 1 for share in stated)
    fine = fine and (0 < total < 1 if asked.goes_on else abs(total - 1) < 0.005)
    if not fine:
        wanted = "之和应小于100%(其余留在原单位)" if asked.goes_on else "之和应为100%"
        raise StoreError(f"各单位所占比例要么都填、要么都不填;都填的,{wanted},现在是{total:.1%}。")


def respell(event: Event, asked: Alias) -> None:
    """Another spelling, added or withdrawn."""
    unit = rules.unit_of(event.connection, asked.unit_id)
    if not asked.drop:
        alias = rules.check_alias(event.connection, unit, asked.alias)
        if not add_aliases(event.connection, [(unit.id, alias)], "office"):
            raise StoreError(f"“{alias}”已是本单位的别名。")
        event.write(unit.id, What.ALIAS_ADDED, None, {}, {"alias": alias, "source": "office"})
        return
    known = sa.and_(org_unit_alias.c.org_unit_id == unit.id, org_unit_alias.c.alias == asked.alias)
    source = event.connection.scalar(sa.select(org_unit_alias.c.source).where(known))
    if source is None:
        raise StoreError(f"本单位没有“{asked.alias}”这个别名,可能已被撤回,请刷新页面。")
    event.connection.execute(sa.delete(org_unit_alias).where(known))
    event.write(unit.id, What.ALIAS_DROPPED, None, {"alias": asked.alias, "source": source}, {})
