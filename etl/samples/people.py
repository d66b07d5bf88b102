"""Who can sign in to the sample store: one account per role, with the part of the city that it sees."""

from __future__ import annotations

from typing import NamedTuple

from db.records_accounts import Role


class SamplePerson(NamedTuple):
    """An account; `unit_code` is None for the whole city."""

    name: str
    display_name: str
    role: Role
    unit_code: str | None


PEOPLE = (
    SamplePerson("juzhang", "陈局长（澜川市教育局）", Role.VIEWER, None),
    SamplePerson("guanli", "信息科 苏敏（澜川市教育局）", Role.ADMINISTRATOR, None),
    SamplePerson("shenhe", "计财科 周立（澜川市教育局）", Role.APPROVER, None),
    SamplePerson("tianbao", "统计员 何青（鹤溪县教育局）", Role.UPLOADER, "970121"),
    SamplePerson("xianji", "吴主任（枫陵县教育局）", Role.VIEWER, "970122"),
    SamplePerson("shenji", "监察室 梁岩（澜川市教育局）", Role.AUDITOR, None),
)
