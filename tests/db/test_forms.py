"""Forms as data: what the real ones ask of whom, and when they are due."""

from __future__ import annotations

import re
from datetime import date

import pytest

from db.catalogue import Form, load_catalogue
from db.periods import parse_period, period_words, recent_periods

CATALOGUE = load_catalogue()


@pytest.mark.parametrize("form", CATALOGUE.forms, ids=lambda form: form.code)
def test_each_form_says_what_it_is_in_both_languages(form: Form) -> None:
    assert re.search(r"[一-鿿]", form.name_zh)
    assert re.match(r"[A-Z]", form.name_en)
    assert form.name_zh[-5:] in form.title
    assert re.fullmatch(r"V:S\d\d|G|P", form.source)
    assert form.due is None or re.fullmatch(r"V:S\d\d|G|P", form.due.source)
    assert CATALOGUE.form(form.code) is form


@pytest.mark.parametrize(
    "form", [each for each in CATALOGUE.forms if each.layout == "wide"], ids=lambda form: form.code
)
def test_each_form_asks_for_something_in_every_stage(form: Form) -> None:
    for stage in form.stages:
        typed = [column for column in form.columns_of(stage) if not column.is_computed and not column.previous]
        assert any(column.measure for column in typed)


def test_an_unknown_code_is_no_form() -> None:
    assert CATALOGUE.form("nothing") is None


@pytest.mark.parametrize(
    ("code", "period", "day"),
    [
        ("school_basics", "SY2026", date(2026, 9, 20)),
        ("vaccination_check", "SY2026-T1", date(2026, 9, 30)),
        ("dropout_monthly", "2026-12", date(2027, 1, 5)),
        ("dropout_yearly", "SY2026", date(2027, 9, 20)),
        ("canteen_inspection", "SY2026-T1", None),
    ],
)
def test_the_day_on_which_a_form_is_due(code: str, period: str, day: date | None) -> None:
    form = CATALOGUE.form(code)
    assert form is not None
    assert form.due_on(period) == day


def test_a_day_that_the_month_does_not_have_is_its_last() -> None:
    form = CATALOGUE.form("dropout_monthly")
    assert form is not None
    assert form.due is not None
    assert form.due.model_copy(update={"day": 31}).on("2027-01") == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("code", "level", "stages"),
    [
        ("school_basics", "PRI", ("PRI",)),
        ("school_basics", "CE", ("PRI", "JUN")),
        ("vaccination_check", "CE", ("PRI",)),
        ("canteen_inspection", "CE", ("JUN",)),
        ("dropout_monthly", "KG", ()),
        ("school_basics", None, ()),
    ],
)
def test_the_sheets_in_which_a_school_has_a_row(code: str, level: str | None, stages: tuple[str, ...]) -> None:
    form = CATALOGUE.form(code)
    assert form is not None
    assert form.stages_of(level) == stages


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("SY2026", "2026—2027学年"), ("SY2026-T1", "2026—2027学年第一学期"), ("SY2026-T2", "2026—2027学年第二学期"),
        ("2026", "2026年"), ("2026-H2", "2026年下半年"), ("2026-Q3", "2026年第三季度"), ("2026-10", "2026年10月"),
        ("2026-09-01", "2026-09-01"),
    ],
)  # fmt: skip
def test_a_period_as_a_bureau_writes_it(code: str, words: str) -> None:
    assert period_words(parse_period(code)) == words


@pytest.mark.parametrize(
    ("kind", "first", "last", "n"),
    [
        ("school_year", "SY2027", "SY2025", 3), ("term", "SY2026-T2", "SY2024-T2", 5), ("year", "2027", "2025", 3),
        ("quarter", "2027-Q1", "2025-Q1", 9), ("month", "2026-12", "2024-11", 26),
    ],
)  # fmt: skip
def test_the_periods_around_a_day(kind: str, first: str, last: str, n: int) -> None:
    found = [period.code for period in recent_periods(kind, date(2026, 11, 26))]
    assert (found[0], found[-1], len(found)) == (first, last, n)
    assert found == sorted(found, key=lambda code: parse_period(code).start, reverse=True)
