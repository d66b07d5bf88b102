"""What is typed into a template is what intake reads out of it: every form, cell by cell, without a question."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from db.catalogue import Form
from db.records import Issue, Role, Severity, dims_key
from etl.pipeline import extract, problems
from etl.readers import read_file
from etl.types import Extraction
from tests.depth import DEPTH
from tests.pages.form_filing import CATALOGUE, FORMS, Filled, Found, periods_of, units_of

SMALL_BASE = "B26"  # a canteen has few graded canteens: said of every right sheet


def read(content: bytes) -> tuple[Extraction, list[Issue]]:
    reading = read_file("表.xlsx", content)
    found = extract(reading, CATALOGUE, "表.xlsx")
    return found, problems(reading, found, CATALOGUE, "表.xlsx")


def told(found: Extraction) -> dict[tuple[str, str], Found]:
    """The values of units by sheet and cell, their fractions as far as they are rates."""
    out = {}
    for mention in found.mentions:
        if mention.role is Role.UNIT:
            fraction = (mention.numerator, mention.denominator)
            held = None if None in fraction or mention.unit != "percent" else fraction
            out[str(mention.evidence.sheet), str(mention.evidence.cell)] = Found(
                mention.indicator, dims_key(mention.dims), str(mention.entity), str(mention.period),
                mention.value, held,  # type: ignore[arg-type]
            )  # fmt: skip
    return out


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
@settings(max_examples=4 * DEPTH, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_a_filled_form_is_read_as_it_was_filled(form: Form, data: st.DataObject) -> None:
    period = data.draw(st.sampled_from(periods_of(form)))
    units = units_of(form, data.draw(st.integers(1, 9)), data.draw(st.booleans()))
    filled = Filled(form, period, units, data.draw(st.sampled_from([None, 500.0])))
    filled.fill(Random(data.draw(st.integers(0, 9999))))
    for sheet, address in filled.values:
        assert filled.office.accepts(sheet, address), f"{sheet}!{address} is refused"
    found, issues = read(filled.office.save())
    assert told(found) == filled.expected()
    assert [issue.sentence for issue in issues if issue.code != SMALL_BASE] == []


def test_a_rate_of_the_few_units_whose_pupils_moved_is_no_error() -> None:
    """In most rows nobody moved: the base alone seems to be the rule, and the few rows with 净增加 seemed to break it."""
    form = next(form for form in FORMS if form.code == "retention")
    filled = Filled(form, "SY2024", units_of(form, 4, True), None)
    filled.fill(Random(1118))
    assert [issue.sentence for issue in read(filled.office.save())[1]] == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
@pytest.mark.parametrize("last", [None, 240.0])
def test_an_untouched_template_says_that_nothing_was_filled_in(form: Form, last: float | None) -> None:
    filled = Filled(form, periods_of(form)[0], units_of(form, 5), last)
    for content in (filled.content, filled.office.save()):
        found, issues = read(content)
        assert list(found.mentions) == []
        assert {issue.code for issue in issues} == {"not_filled_in"}
        assert [issue.sheet for issue in issues] == [CATALOGUE.form_words.stages[each] for each in form.stages]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_what_is_left_blank_is_missing_and_never_zero(form: Form) -> None:
    filled = Filled(form, periods_of(form)[0], units_of(form, 6))
    filled.fill(Random(11))
    expected = filled.expected()
    typed = {place for place, one in expected.items() if one.fraction is None and filled.values.get(place) is not None}
    for sheet, address in sorted(typed)[::3]:
        filled.office.type_in(sheet, address, None)
    found, issues = read(filled.office.save())
    gone = set(sorted(typed)[::3])
    rates = {place for place, one in expected.items() if one.fraction is not None}
    assert {place: one for place, one in told(found).items() if place not in rates} == {
        place: one for place, one in expected.items() if place not in rates | gone
    }
    assert not [issue for issue in issues if issue.severity is Severity.BLOCK]


@pytest.mark.parametrize("wrong", [-3, 12.5, "约三百"])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_a_value_that_cannot_be_is_refused_by_the_cell_and_named_by_intake(form: Form, wrong: object) -> None:
    filled = Filled(form, periods_of(form)[0], units_of(form, 5))
    filled.fill(Random(3))
    unit = filled.units[1]
    column = next(
        each for each in form.columns_of(unit.stage) if each.measure in {i.code for i in CATALOGUE.indicators} and not each.is_computed
    )  # fmt: skip
    filled.put(unit, column, wrong)
    sheet, address = filled.sheet(unit), filled.address(unit, column)
    assert not filled.office.accepts(sheet, address)
    _, issues = read(filled.office.save())
    named = [issue for issue in issues if issue.sheet == sheet and address in (issue.cell, *issue.cells)]
    assert [issue.severity for issue in named if issue.severity is not Severity.NOTE], [i.sentence for i in issues]


PARTS = [(form, column) for form in FORMS for column in form.columns if column.within]


@pytest.mark.parametrize(("form", "column"), PARTS, ids=lambda each: getattr(each, "code", None) or each.key)
def test_a_part_above_its_whole_is_refused_by_the_cell(form: Form, column: object) -> None:
    filled = Filled(form, periods_of(form)[0], units_of(form, 3))
    filled.fill(Random(5))
    unit = next(each for each in filled.units if column in form.columns_of(each.stage))
    filled.put(unit, column, int(filled.value(unit, column.within)) + 1)  # type: ignore[attr-defined, arg-type]
    sheet, address = filled.sheet(unit), filled.address(unit, column)  # type: ignore[arg-type]
    assert not filled.office.accepts(sheet, address)
