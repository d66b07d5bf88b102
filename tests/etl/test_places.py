"""Names to org units: the right one, or none, or a question; never a guess."""

from __future__ import annotations

from datetime import date

import pytest

from db.records import OrgKind, OrgStatus, OrgUnit
from etl.places import Directory, kind_of, tidy_name


def unit(id: int, name: str, kind: OrgKind, parent: int | None = None, area: int = 0, **more: object) -> OrgUnit:
    return OrgUnit(id, parent, area or id, kind, name, **more)  # type: ignore[arg-type]


@pytest.fixture
def directory() -> Directory:
    return Directory(
        [
            unit(1, "澄江市", OrgKind.CITY),
            unit(2, "望河区", OrgKind.COUNTY, 1, 2, code="990102"),
            unit(3, "临溪县", OrgKind.COUNTY, 1, 3, code="990103", short_name="临溪"),
            unit(4, "柳林镇", OrgKind.TOWN, 2, 2),
            unit(5, "柳林镇", OrgKind.TOWN, 3, 3),
            unit(6, "望河区实验小学", OrgKind.SCHOOL, 4, 2, code="2199000001", short_name="实验小学"),
            unit(7, "临溪县实验小学", OrgKind.SCHOOL, 5, 3, aliases=("实验小学", "临溪实小")),
            unit(8, "柳林镇中心小学", OrgKind.SCHOOL, 4, 2, valid_to=date(2024, 9, 1)),
            unit(9, "柳林镇中心小学", OrgKind.SCHOOL, 4, 2, valid_from=date(2024, 9, 1)),
            unit(10, "临溪县", OrgKind.COUNTY, None, 10, status=OrgStatus.PROPOSED),
        ]
    )


@pytest.mark.parametrize(
    ("name", "code", "within", "on", "expected"),
    [
        ("望河区实验小学", None, None, None, [6]),
        ("写错的校名", "2199000001", None, None, [6]),  # the code decides
        ("临溪实小", None, None, None, [7]),
        ("实验小学", None, None, None, [6, 7]),  # two answers: ask
        ("实验小学", None, 3, None, [7]),  # the sheet's county tells
        ("临溪县柳林镇", None, None, None, [5]),  # prefix, then the rest inside it
        ("澄江市临溪县实验小学", None, None, None, [7]),
        ("临溪县教育局", None, None, None, [3]),
        ("临 溪 县(公章)", None, None, None, [3]),
        ("柳林镇中心小学", None, None, date(2023, 9, 1), [8]),
        ("柳林镇中心小学", None, None, date(2025, 9, 1), [9]),
        ("长乐县", None, None, None, []),
        ("", None, None, None, []),
    ],
)
def test_find(
    directory: Directory, name: str, code: str | None, within: int | None, on: date | None, expected: list[int]
) -> None:
    assert sorted(u.id for u in directory.find(name, code, within, on).units) == expected


def test_the_county_of_most_rows_tells_apart_the_rest(directory: Directory) -> None:
    assert directory.area_of([("临溪实小", None), ("实验小学", None), ("没有的学校", None)]) == 3
    assert directory.area_of([("没有的学校", None)]) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [("靠山镇中心小学", OrgKind.SCHOOL), ("靠山镇", OrgKind.TOWN), ("云上县教育局", OrgKind.COUNTY),
     ("云上市", OrgKind.CITY), ("各片区", OrgKind.TOWN), ("农村", OrgKind.OTHER), ("职教中心", OrgKind.SCHOOL)],
)  # fmt: skip
def test_kind_of(name: str, kind: OrgKind) -> None:
    assert kind_of(name) is kind


def test_tidy_name() -> None:
    assert tidy_name(" 望河区 实验小学(盖章)") == "望河区实验小学"


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("实验小学", [6, 7]),  # both that bear the name, before all others
        ("望河区实验小校", [6]),
        ("柳林中心小学", [8, 9]),
        ("临溪区", [3]),
    ],
)
def test_likely_units_are_suggested_for_a_name_that_nobody_answers_to(
    directory: Directory, name: str, first: list[int]
) -> None:
    found = directory.suggest(name)
    assert [one.id for one, _ in found][: len(first)] == first
    assert all(0 < likeness <= 100 for _, likeness in found)


def test_nothing_is_suggested_where_nothing_is_alike(directory: Directory) -> None:
    assert directory.suggest("XQZ") == []
