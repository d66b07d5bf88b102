"""Validation rules on observations: each sentence names the number and what to do."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from db.catalogue import load_catalogue
from db.records import Evidence, Issue, OrgKind, OrgUnit, Role, Severity, SourceKind
from db.records_review import Doubt
from etl.checks import check, rounding_slack
from etl.normalise import normalise
from etl.notes import issues_of_notes
from etl.places import Directory
from etl.types import Extraction, Mention


def mention(indicator: str, value: str, cell: str = "B4", **more: object) -> Mention:
    unit = load_catalogue().indicator(indicator).unit
    evidence = Evidence(value, "test", "1", 0.9, "表1", sheet="表1", cell=cell)
    fields: dict[str, object] = {"entity": f"学校{cell}", "period": "SY2024", "scope": "", **more}
    for name in ("numerator", "denominator"):
        if name in fields:
            fields[name] = Decimal(str(fields[name]))
    return Mention(indicator, Decimal(value), unit, evidence, **fields)  # type: ignore[arg-type]


def issues(mentions: list[Mention], kind: SourceKind = SourceKind.SHEET) -> list[Issue]:
    result = normalise(mentions, Directory([]), kind, "测试.xlsx")
    return check(result, Extraction(), load_catalogue(), kind)


@pytest.mark.parametrize(
    ("mentions", "code", "severity", "words"),
    [
        ([mention("enrollment", "12.5")], "B01", Severity.BLOCK, "必须是0或正整数"),
        ([mention("enrollment", "-3")], "B01", Severity.BLOCK, "-3"),
        ([mention("vac_cert_held_rate", "985")], "B02", Severity.BLOCK, "应在0至100之间"),
        (
            [mention("vac_cert_check_rate", "110", numerator=110, denominator=100)],
            "B06",
            Severity.BLOCK,
            "分子110大于分母100",
        ),
        ([mention("vac_cert_check_rate", "99.5", numerator=398, denominator=402)], "B07", Severity.CONFIRM, "算得99)"),
    ],
)
def test_a_wrong_value_is_named(mentions: list[Mention], code: str, severity: Severity, words: str) -> None:
    found = issues(mentions)
    match = [issue for issue in found if issue.code == code]
    assert len(match) == 1
    assert match[0].severity is severity
    assert words in match[0].sentence
    assert match[0].cell == "B4"


@pytest.mark.parametrize(
    "mentions",
    [
        [mention("enrollment", "0")],
        [mention("vac_cert_check_rate", "99.0", numerator=398, denominator=402)],
        [mention("vac_cert_check_rate", "99.00", numerator=398, denominator=402)],
        [mention("vac_cert_check_rate", "99", numerator=398, denominator=402)],
        [mention("net_enrollment_rate", "100")],
    ],
)
def test_a_right_value_raises_nothing(mentions: list[Mention]) -> None:
    assert issues(mentions) == []


def test_a_rate_of_few_people_outside_the_band_is_not_questioned() -> None:
    few = [mention("vac_cert_check_rate", "50", numerator=4, denominator=8)]
    many = [mention("vac_cert_check_rate", "50", numerator=40, denominator=80)]
    assert [issue.code for issue in issues(few)] == ["B26"]
    assert [issue.code for issue in issues(many)] == ["B04"]


def test_what_the_reader_noticed_becomes_an_issue_with_its_place() -> None:
    notes = ["formula_without_value|汇总|D9", "hidden_rows|汇总|5-9", "error_cell|汇总|C7", "page_without_text|第3页"]
    found = issues_of_notes(notes)
    assert [(i.code, i.severity, i.cell) for i in found] == [
        ("formula_without_value", Severity.CONFIRM, "D9"),
        ("hidden_rows", Severity.NOTE, None),
        ("page_without_text", Severity.CONFIRM, None),
    ]
    assert found[2].sentence.startswith("第3页没有可读的文字")
    assert "第5-9行" in found[1].sentence


def test_a_report_is_never_blocked() -> None:
    found = issues([mention("net_enrollment_rate", "985")], SourceKind.REPORT)
    assert [issue.severity for issue in found] == [Severity.CONFIRM]


PARTS = [mention("enrollment", "120", "B4"), mention("enrollment", "80", "B5"), mention("enrollment", "50", "B6")]


@pytest.mark.parametrize(
    ("totals", "codes"),
    [
        ([mention("enrollment", "250", "B7", role=Role.TOTAL)], []),
        ([mention("enrollment", "250", "B3", role=Role.TOTAL)], []),  # total on top
        ([mention("enrollment", "240", "B7", role=Role.TOTAL)], ["B08"]),
    ],
)
def test_a_total_row_is_checked_against_its_parts(totals: list[Mention], codes: list[str]) -> None:
    assert [issue.code for issue in issues([*PARTS, *totals])] == codes


def test_a_total_without_a_level_meets_its_schools_of_one_or_two_levels() -> None:
    schools = [
        mention("enrollment", "120", "B4", dims={"level": "PRI"}),
        mention("enrollment", "80", "B5", dims={"level": "JUN"}),
    ]
    right, wrong = (mention("enrollment", value, "B6", role=Role.TOTAL) for value in ("200", "210"))
    assert issues([*schools, right]) == []
    assert [issue.code for issue in issues([*schools, wrong])] == ["B08"]


def test_subtotals_and_a_grand_total() -> None:
    rows = [
        mention("enrollment", "10", "C4"), mention("enrollment", "20", "C5"),
        mention("enrollment", "30", "C6", role=Role.TOTAL),
        mention("enrollment", "5", "C7"), mention("enrollment", "7", "C8"),
        mention("enrollment", "12", "C9", role=Role.TOTAL),
        mention("enrollment", "42", "C10", role=Role.TOTAL),
    ]  # fmt: skip
    assert issues(rows) == []


def test_totals_are_never_observations() -> None:
    result = normalise(
        [*PARTS, mention("enrollment", "250", "B7", role=Role.TOTAL)], Directory([]), SourceKind.SHEET, "测试.xlsx"
    )
    assert sorted(o.value for o in result.observations if o.value is not None) == [50, 80, 120]
    assert len(result.totals) == 1


def test_the_same_row_twice_with_other_numbers_blocks_a_sheet_and_asks_in_a_report() -> None:
    pair = [mention("enrollment", "120", "B4", entity="甲校"), mention("enrollment", "121", "B5", entity="甲校")]
    wide = [replace(one, evidence=replace(one.evidence, rule="sheet.wide")) for one in pair]
    assert [(i.code, i.severity) for i in issues(wide)] == [("B21", Severity.BLOCK)]
    told = normalise(pair, Directory([]), SourceKind.REPORT, "测试.txt").issues
    assert ("conflict", Severity.CONFIRM) in [(i.code, i.severity) for i in told]


def test_two_columns_read_as_one_number_are_asked_about_and_the_first_is_kept() -> None:
    pair = [mention("enrollment", "120", "B4", entity="甲校"), mention("enrollment", "121", "C4", entity="甲校")]
    wide = [replace(one, evidence=replace(one.evidence, rule="sheet.wide")) for one in pair]
    result = normalise(wide, Directory([]), SourceKind.SHEET, "测试.xlsx")
    assert [o.evidence.cell for o in result.observations] == ["B4"]
    assert [(r.reason, r.cell) for r in result.rejected] == [("ambiguous", "C4")]
    assert ("conflict", "C4") in [(i.code, i.cell) for i in result.issues]


def test_an_exact_repeat_is_kept_once_and_said() -> None:
    pair = [mention("enrollment", "120", "B4", entity="甲校"), mention("enrollment", "120", "B5", entity="甲校")]
    result = normalise(pair, Directory([]), SourceKind.REPORT, "测试.txt")
    assert len(result.observations) == 1
    assert [r.reason for r in result.rejected] == ["duplicate"]


def test_a_reading_that_rests_on_wording_alone_waits_for_a_person() -> None:
    unsure = Evidence("应检尽检", "implied", "1", 0.5, "第3段", start=10, end=14)
    inferred = Mention("vac_cert_check_rate", Decimal(100), "percent", unsure, entity="甲校", period="SY2024")
    result = normalise([inferred, PARTS[0]], Directory([]), SourceKind.REPORT, "汇报.txt")
    assert [o.indicator for o in result.observations] == ["enrollment"]
    assert result.rejected == []
    [waiting] = result.pending
    assert (waiting.doubts, waiting.entity) == ((Doubt.LOW_CONFIDENCE, Doubt.UNKNOWN_PLACE), "甲校")
    assert waiting.observation.evidence is unsure


def test_of_two_values_in_a_report_the_second_waits_unless_the_time_is_unknown() -> None:
    for period, kept in (("SY2024", 1), (None, 2)):
        pair = [
            replace(mention("enrollment", text, cell, entity="甲校"), period=period)
            for text, cell in (("120", "B4"), ("121", "B5"))
        ]
        result = normalise(pair, Directory([]), SourceKind.REPORT, "测试.txt")
        assert len(result.observations) == kept
        assert [p.doubts for p in result.pending] == [(Doubt.TWO_READINGS, Doubt.UNKNOWN_PLACE)] * (2 - kept)


def test_a_name_of_several_units_waits_in_a_report() -> None:
    units = [OrgUnit(n, None, n, OrgKind.SCHOOL, "中心小学", code=str(n)) for n in (1, 2)]
    named = [mention("enrollment", "120", "B4", entity="中心小学")]
    result = normalise(named, Directory(units), SourceKind.REPORT, "测试.txt")
    assert result.observations == []
    [waiting] = result.pending
    assert waiting.doubts == (Doubt.AMBIGUOUS_PLACE,)
    assert (waiting.observation.org_unit_id, waiting.observation.proposed_key) == (None, None)
    sheet = normalise(named, Directory(units), SourceKind.SHEET, "测试.xlsx")
    assert (len(sheet.observations), sheet.pending) == (1, [])


def test_unnamed_entities_of_two_scopes_stay_apart() -> None:
    rows = [
        mention("enrollment", "120", "B4", entity=None, scope="第1篇"),
        mention("enrollment", "99", "B5", entity=None, scope="第2篇"),
    ]
    result = normalise(rows, Directory([]), SourceKind.REPORT, "汇编.txt")
    assert len({o.proposed_key for o in result.observations}) == 2
    assert all(unit.status == "unnamed" for unit in result.proposed.values())


@pytest.mark.parametrize(("stated", "slack"), [("99.5", "0.050005"), ("99.50", "0.0050005"), ("99", "0.50005")])
def test_rounding_slack_is_half_a_unit_of_the_last_digit(stated: str, slack: str) -> None:
    assert rounding_slack(Decimal(stated)) == Decimal(slack)
