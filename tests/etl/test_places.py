"""Names to org units: the right one, or none, or a question; never a guess."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from db.records import Evidence, OrgKind, OrgStatus, OrgUnit, SourceKind
from etl.normalise import normalise
from etl.places import Directory, kind_of, tidy_code, tidy_name
from etl.types import Mention


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
            unit(11, "东山小学", OrgKind.SCHOOL, 4, 2, valid_to=date(2023, 8, 31), successor_ids=(12,)),
            unit(12, "育才小学", OrgKind.SCHOOL, 4, 2, valid_from=date(2023, 8, 31)),
            unit(13, "南坡小学", OrgKind.SCHOOL, 5, 3, valid_to=date(2023, 8, 31), successor_ids=(15,)),
            unit(14, "北坡小学", OrgKind.SCHOOL, 5, 3, valid_to=date(2023, 8, 31), successor_ids=(15,)),
            unit(15, "双坡小学", OrgKind.SCHOOL, 5, 3, valid_from=date(2023, 8, 31)),
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
        ("柳林中心小学", None, None, date(2023, 9, 1), [8]),  # the town without its 镇
        ("中心小学(柳林镇)", None, None, date(2025, 9, 1), [9]),
        ("东山小学", None, None, date(2022, 9, 1), [11]),
        ("东山小学", None, None, date(2024, 9, 1), [12]),  # renamed: the same school under its new name
        ("育才小学", None, None, date(2022, 9, 1), [11]),
        ("南坡小学", None, None, date(2022, 9, 1), [13]),
        ("南坡小学", None, None, date(2024, 9, 1), [13, 15]),  # merged: a person says which is meant
        ("双坡小学", None, None, date(2022, 9, 1), [15]),
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


def test_of_names_that_are_equally_alike_the_same_are_suggested_in_every_run() -> None:
    words = "东西南北青白红黄石云金银铜铁松柏桃李杏梅兰竹菊荷江河湖海溪泉山岭峰谷"
    units = [unit(n, f"{word}坪小学", OrgKind.SCHOOL) for n, word in enumerate(words, 1)]
    first, again = (Directory(order).suggest("紫坪小学") for order in (units, units[::-1]))
    assert [unit.id for unit, _ in first] == [unit.id for unit, _ in again]


def test_nothing_is_suggested_where_nothing_is_alike(directory: Directory) -> None:
    assert directory.suggest("XQZ") == []


def test_an_unknown_name_comes_with_the_units_it_may_mean(directory: Directory) -> None:
    evidence = Evidence("300", "test", "1", 0.9, "表1!B2", sheet="表1", cell="B2")
    mention = Mention("enrollment", Decimal(300), "person", evidence, entity="望河实验小学校", period="SY2024")
    [issue] = normalise([mention], directory, SourceKind.SHEET, "报表.xlsx").issues
    assert (issue.code, issue.name) == ("unknown_place", "望河实验小学校")
    assert issue.candidates[0].org_unit_id == 6
    assert issue.candidates[0].score > issue.candidates[-1].score or len(issue.candidates) == 1


def test_the_name_of_a_merged_school_is_asked_about_with_what_it_became(directory: Directory) -> None:
    evidence = Evidence("300", "test", "1", 0.9, "表1!B2", sheet="表1", cell="B2")
    mention = Mention("enrollment", Decimal(300), "person", evidence, entity="南坡小学", period="SY2024")
    result = normalise([mention], directory, SourceKind.SHEET, "报表.xlsx")
    [issue] = result.issues
    assert (issue.code, issue.name) == ("ambiguous_place", "南坡小学")
    assert "已于2023年08月31日撤并或分设为双坡小学" in issue.sentence
    assert {one.org_unit_id for one in issue.candidates} == {13, 15}
    assert [unit.status for unit in result.proposed.values()] == [OrgStatus.PROPOSED]


def test_a_persons_choice_for_the_file_goes_before_every_rule_but_a_code(directory: Directory) -> None:
    chosen = Directory(directory.by_id.values(), {"柳河完小": 6, "望河区实验小学": 7, "实验小学": 99})
    assert chosen.find("柳河 完小(公章)").unit == directory.by_id[6]
    assert chosen.find("望河区实验小学").unit == directory.by_id[7]
    assert chosen.find("望河区实验小学", "2199000001").unit == directory.by_id[6]
    assert chosen.find("实验小学", within=2).unit == directory.by_id[6]  # a unit that is gone is no answer
    assert directory.find("柳河完小").units == ()


@pytest.mark.parametrize("code", ["2199000001", " 2199 000001", "'2199000001", "２１９９０００００１", "2199000001.0"])
def test_a_code_is_known_however_the_cell_was_typed(directory: Directory, code: str) -> None:
    assert directory.find("没有这所学校", code).unit == directory.by_id[6]


@pytest.mark.parametrize("code", ["2.199E+09", "219900000", "12199000001", ""])
def test_a_damaged_code_is_no_answer_and_the_name_is_asked(directory: Directory, code: str) -> None:
    assert directory.find("没有这所学校", code).units == ()
    assert directory.find("临溪实小", code).unit == directory.by_id[7]


def test_a_code_with_letters_is_compared_in_one_case() -> None:
    assert tidy_code("5221990001k") == tidy_code("5221990001K") == "5221990001K"


def test_a_divided_school_is_asked_about_from_the_day_of_its_division() -> None:
    day = date(2023, 8, 31)
    units = [
        unit(1, "临溪县", OrgKind.COUNTY),
        unit(2, "九年制学校", OrgKind.SCHOOL, 1, 1, valid_to=day, successor_ids=(3, 4)),
        unit(3, "东坡小学", OrgKind.SCHOOL, 1, 1, valid_from=day),
        unit(4, "东坡中学", OrgKind.SCHOOL, 1, 1, valid_from=day),
    ]
    directory = Directory(units)
    assert directory.find("九年制学校", on=date(2023, 8, 30)).unit == units[1]
    after = directory.find("九年制学校", on=day)
    assert (after.closed, [one.id for one in after.units]) == (units[1], [2, 3, 4])
    assert directory.find("东坡小学", on=date(2022, 9, 1)).unit == units[2]  # of a divided school no part is meant
