"""What a change of an org unit must not contradict: the forms of codes, the order of days, names that are taken, numbers
that are already stored. Each check raises StoreError with a sentence that says what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from db.engine import StoreError
from db.org import IN_TREE
from db.periods import parse_period, period_words
from db.records import OrgKind, OrgStatus
from db.records_org import Correct, NewUnit
from db.schema import observation, org_unit, org_unit_alias, period
from db.schema_org import org_unit_change as changes

LONGEST_NAME, LONGEST_SHORT = 200, 100
LEVELS = ("KG", "PRI", "JUN", "CE", "SEN", "VOC", "SPE")
AREAS = ("urban", "town", "rural")
SPONSORS = ("public", "private", "attached", "enterprise")
AHEAD = timedelta(days=366)  # a school may be registered before it opens
PARENTS = {
    OrgKind.PROVINCE: (), OrgKind.CITY: (OrgKind.PROVINCE,), OrgKind.COUNTY: (OrgKind.CITY, OrgKind.PROVINCE),
    OrgKind.TOWN: (OrgKind.COUNTY,), OrgKind.SCHOOL: (OrgKind.TOWN, OrgKind.COUNTY, OrgKind.CITY),
}  # fmt: skip
_DIGITS = {OrgKind.CITY: (6,), OrgKind.COUNTY: (6,), OrgKind.TOWN: (9, 12)}
# The first two digits of a school's code (学校类别码), by the level that the school has here.
_TYPES = {
    "KG": ("11",), "PRI": ("21", "22"), "JUN": ("31", "32", "33", "37"), "CE": ("31", "34"), "SEN": ("34", "35"),
    "VOC": ("32", "36"), "SPE": ("51",),
}  # fmt: skip


def tidy(text: str | None) -> str:
    """A name or code as it is kept: NFKC without double spaces."""
    return " ".join(unicodedata.normalize("NFKC", text or "").split())


def unit_of(connection: sa.Connection, unit_id: int) -> Any:
    """The row of a unit of the tree."""
    row = connection.execute(sa.select(org_unit).where(org_unit.c.id == unit_id)).first()
    if row is None or row.status not in IN_TREE:
        raise StoreError("名录中没有这个单位,可能已被别人改动,请刷新页面后再看。")
    return row


def open_unit(connection: sa.Connection, unit_id: int) -> Any:
    """The row of a unit that is in use."""
    row = unit_of(connection, unit_id)
    if row.status != OrgStatus.ACTIVE.value:
        raise StoreError(
            f"“{row.name}”已停办({row.valid_to or '日期不详'}),不能再作这项变动。如已恢复办学,请先登记恢复。"
        )
    return row


def check_day(connection: sa.Connection, unit: Any, on: date) -> None:
    """A change holds from a day that is not to come, lies in the unit's life and after its latest change."""
    if on > date.today():
        raise StoreError(f"生效日期 {on} 还没有到。请在生效当天或之后登记,以免名录与实际不符。")
    if unit.valid_from is not None and on <= unit.valid_from:
        raise StoreError(f"生效日期 {on} 不晚于“{unit.name}”的启用日期 {unit.valid_from},请核对日期。")
    last = connection.scalar(
        sa.select(sa.func.max(changes.c.effective)).where(
            changes.c.org_unit_id == unit.id, changes.c.withdrawn_at.is_(None)
        )
    )
    if last is not None and on < last:
        raise StoreError(f"“{unit.name}”在 {last} 已登记过变动,新的变动不能早于它。日期填错的,请先撤销那次变动。")


def check_no_numbers_after(connection: sa.Connection, unit: Any, on: date) -> None:
    """No current number of the unit is of a period that began on or after the day."""
    found = connection.execute(
        sa.select(period.c.code, sa.func.count())
        .join_from(observation, period, observation.c.period_id == period.c.id)
        .where(observation.c.org_unit_id == unit.id, observation.c.valid_to.is_(None), period.c.start_date >= on)
        .group_by(period.c.code, period.c.start_date)
        .order_by(period.c.start_date)
    ).all()
    if found:
        n = sum(count for _, count in found)
        words = "、".join(period_words(parse_period(code)) for code, _ in found[:3]) + ("等" if len(found) > 3 else "")
        raise StoreError(
            f"“{unit.name}”在 {on} 以后还有 {n} 个数({words}),与停办日期矛盾。"
            "请核对日期;数记错单位的,先在复核页改到正确的单位。"
        )


def check_name(connection: sa.Connection, name: str, parent_id: int | None, but: int = 0) -> str:
    """A name as it is kept; no open unit beside it bears the same one."""
    said = tidy(name)
    if not said or len(said) > LONGEST_NAME:
        raise StoreError(f"请填写单位名称(不超过 {LONGEST_NAME} 个字)。")
    taken = connection.scalar(
        sa.select(org_unit.c.id).where(
            org_unit.c.parent_id == parent_id, org_unit.c.name == said, org_unit.c.id != but,
            org_unit.c.status == OrgStatus.ACTIVE.value,
        )
    )  # fmt: skip
    if taken is not None:
        raise StoreError(f"同一上级下已有“{said}”,请直接用它,或换一个能区分的名称。")
    return said


def check_code(
    connection: sa.Connection, code: str | None, kind: OrgKind, level: str | None, parent: Any, but: int = 0
) -> str | None:
    """A code as it is kept: of the form that its kind has, of the parent's region, and never given before."""
    said = tidy(code).replace(" ", "").upper()
    if not said:
        return None
    holder = connection.execute(
        sa.select(org_unit.c.name, org_unit.c.status).where(org_unit.c.code == said, org_unit.c.id != but)
    ).first()
    if holder is not None:
        how = "已停办,停用的代码不再给别的单位" if holder.status == OrgStatus.CLOSED.value else "正在使用"
        raise StoreError(f"代码“{said}”是“{holder.name}”的({how})。请核对代码;是同一单位的,请登记改名或恢复,不要另立。")
    if kind is OrgKind.SCHOOL:
        _check_school_code(said, level, parent)
    elif kind in _DIGITS:
        _check_region_code(said, kind, parent)
    return said


def _check_school_code(said: str, level: str | None, parent: Any) -> None:
    if not re.fullmatch(r"\d{10}", said):
        raise StoreError(
            f"学校标识码应为10位数字,现在是“{said}”({len(said)}位)。请核对,注意Excel可能丢掉末位或变成科学计数。"
        )
    types = _TYPES.get(level or "", ())
    if types and said[:2] not in types:
        raise StoreError(f"标识码“{said}”的前两位{said[:2]}与学段不符(应为{'或'.join(types)})。请核对代码或学段。")
    region = (parent.code or "") if parent is not None else ""
    if re.fullmatch(r"\d{6,12}", region) and said[2:4] != region[:2]:
        raise StoreError(f"标识码“{said}”的第3、4位{said[2:4]}不是本省({region[:2]})。请核对代码。")


def _check_region_code(said: str, kind: OrgKind, parent: Any) -> None:
    digits = _DIGITS[kind]
    if not said.isdigit() or len(said) not in digits:
        wanted = "或".join(map(str, digits))
        raise StoreError(f"区划代码应为{wanted}位数字,现在是“{said}”。没有国家代码的片区、功能区可以不填。")
    region = (parent.code or "") if parent is not None else ""
    length = 6 if kind is OrgKind.TOWN else 4 if parent is not None and parent.kind == OrgKind.CITY.value else 2
    if re.fullmatch(r"\d{6}", region) and said[:length] != region[:length]:
        raise StoreError(f"区划代码“{said}”的前{length}位与上级“{parent.name}”的代码{region}不一致。请核对代码或上级。")


def check_parent(connection: sa.Connection, kind: OrgKind, parent_id: int, on: date) -> Any:
    """The row of a parent that may have such a unit on a day."""
    parent = unit_of(connection, parent_id)
    if parent.kind not in PARENTS.get(kind, ()):
        raise StoreError(f"“{parent.name}”不能作这类单位的上级:学校归乡镇街道、区县或市,乡镇街道归区县,区县归市或省。")
    if parent.status != OrgStatus.ACTIVE.value or (parent.valid_to is not None and on >= parent.valid_to):
        raise StoreError(f"上级“{parent.name}”已停办,请选在用的上级。")
    if parent.valid_from is not None and on < parent.valid_from:
        raise StoreError(f"上级“{parent.name}”{parent.valid_from} 才设立,早于它的日期不行,请核对日期。")
    return parent


def check_new(connection: sa.Connection, asked: NewUnit) -> tuple[dict[str, Any], Any]:
    """The columns of a new unit, and its parent's row."""
    if asked.kind not in (OrgKind.COUNTY, OrgKind.TOWN, OrgKind.SCHOOL):
        raise StoreError("在这里可以登记区县、乡镇街道和学校;其他单位请用机构名录表载入。")
    if asked.valid_from > date.today() + AHEAD:
        raise StoreError(f"启用日期 {asked.valid_from} 在一年以后,请核对日期。")
    parent = check_parent(connection, asked.kind, asked.parent_id, asked.valid_from)
    school = asked.kind is OrgKind.SCHOOL
    if school and asked.level not in LEVELS:
        raise StoreError("请选择学校的学段。")
    values = {
        "kind": asked.kind.value, "parent_id": parent.id, "depth": parent.depth + 1, "status": OrgStatus.ACTIVE.value,
        "name": check_name(connection, asked.name, parent.id), "level": asked.level if school else None,
        "code": check_code(connection, asked.code, asked.kind, asked.level if school else None, parent),
        "short_name": tidy(asked.short_name)[:LONGEST_SHORT] or None,
        "area_type": _one_of(asked.area_type, AREAS, "城乡类型"),
        "sponsor": _one_of(asked.sponsor, SPONSORS, "办学性质"),
        "valid_from": asked.valid_from, "valid_to": None,
    }  # fmt: skip
    return values, parent


def particulars(connection: sa.Connection, unit: Any, asked: Correct) -> dict[str, Any]:
    """The columns that a correction changes."""
    said: dict[str, Any] = {}
    if asked.code is not None:
        parent = None if unit.parent_id is None else unit_of(connection, unit.parent_id)
        said["code"] = check_code(connection, asked.code, OrgKind(unit.kind), unit.level, parent, unit.id)
    if asked.short_name is not None:
        said["short_name"] = tidy(asked.short_name)[:LONGEST_SHORT] or None
    if asked.area_type is not None:
        said["area_type"] = _one_of(asked.area_type, AREAS, "城乡类型")
    if asked.sponsor is not None:
        said["sponsor"] = _one_of(asked.sponsor, SPONSORS, "办学性质")
    return {name: value for name, value in said.items() if value != getattr(unit, name)}


def _one_of(said: str | None, known: Iterable[str], label: str) -> str | None:
    if said and said not in known:
        raise StoreError(f"{label}“{said}”不认识,请从列表中选择。")
    return said or None


def check_alias(connection: sa.Connection, unit: Any, alias: str) -> str:
    """A spelling as it is kept; nobody else of the county answers to it."""
    said = tidy(alias)
    if not said or len(said) > LONGEST_NAME:
        raise StoreError(f"请填写别名(不超过 {LONGEST_NAME} 个字)。")
    if said in (unit.name, unit.short_name):
        raise StoreError(f"“{said}”就是本单位的名称或简称,不必再作别名。")
    other = connection.scalar(
        sa.select(org_unit.c.name)
        .join_from(org_unit, org_unit_alias, org_unit_alias.c.org_unit_id == org_unit.c.id, isouter=True)
        .where(
            org_unit.c.area_id == unit.area_id, org_unit.c.id != unit.id, org_unit.c.status.in_(IN_TREE),
            sa.or_(org_unit.c.name == said, org_unit.c.short_name == said, org_unit_alias.c.alias == said),
        )
        .limit(1)
    )  # fmt: skip
    if other is not None:
        raise StoreError(f"“{said}”已是“{other}”的名称或别名,两个单位同用一个说法,上报的表会认不出是哪一个。")
    return said
