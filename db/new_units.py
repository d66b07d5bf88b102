"""A new school named in a file becomes a unit of the tree by a person's word, never on its own."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from db.engine import StoreError
from db.org import load_org_units
from db.records import OrgKind, OrgStatus, OrgUnitInput
from db.records_review import Outcome
from db.review_bulk import settle_name
from db.schema import org_unit

LONGEST_NAME = 200


def register_school(
    engine: sa.Engine,
    name: str,
    parent_id: int,
    user: str,
    *,
    level: str,
    code: str | None = None,
    valid_from: date | None = None,
) -> tuple[int, Outcome]:
    """Adds a school under a town or county and gives it what stands under its proposed name in every document.

    Returns the school's id and what moved. Raises StoreError when the parent is no town or county of the tree, or when
    the name (under that parent) or the code is taken."""
    said, number = " ".join(name.split()), (code or "").strip() or None
    with engine.connect() as connection:
        parent = connection.execute(
            sa.select(org_unit.c.code, org_unit.c.name, org_unit.c.kind, org_unit.c.status).where(
                org_unit.c.id == parent_id
            )
        ).first()
        taken = connection.scalar(sa.select(org_unit.c.name).where(_taken(said, number, parent_id)))
        namesakes = connection.scalar(
            sa.select(sa.func.count()).select_from(org_unit).where(org_unit.c.name == (parent.name if parent else ""))
        )
    if not said or len(said) > LONGEST_NAME:
        raise StoreError(f"请填写学校名称(不超过 {LONGEST_NAME} 个字)。")
    if parent is None or parent.status != OrgStatus.ACTIVE.value or parent.kind not in _PARENTS:
        raise StoreError("请选名录中的乡镇或县区作为上级。")
    if taken is not None:
        raise StoreError(f"名录中已有“{taken}”(名称或代码相同),请直接选它,不要重复登记。")
    if parent.code is None and namesakes != 1:
        raise StoreError(f"上级“{parent.name}”没有代码,又与别的单位重名,请先在机构名录中补上它的代码。")
    unit = OrgUnitInput(
        said if number is None else number, parent.code or parent.name, OrgKind.SCHOOL, said, number, level=level,
        valid_from=valid_from,
    )  # fmt: skip
    [school] = load_org_units(engine, [unit]).values()
    return school, settle_name(engine, said, school, user)


_PARENTS = (OrgKind.TOWN.value, OrgKind.COUNTY.value)


def _taken(name: str, code: str | None, parent_id: int) -> sa.ColumnElement[bool]:
    here = sa.and_(org_unit.c.name == name, org_unit.c.parent_id == parent_id)
    return here if code is None else sa.or_(here, org_unit.c.code == code)
