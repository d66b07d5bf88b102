"""The form in which a person says what a number is: indicator, dims, unit, period, value; and reads it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from db.catalogue import Indicator
from db.queries import Waiting
from db.records import Qualifier, dims_key, parse_dims_key
from db.records_review import Statement
from pages.ui import data, fields, filters, reviewing
from pages.ui.text import COUNTED, say


def statement(one: Waiting, key: str) -> Statement | str:
    """The form for a number, filled with what the program read; what stands in it, or the sentence that says what
    is wrong with it."""
    base = one.said or _blank(one)
    left, right = st.columns(2, gap="small")
    with left:
        chosen = fields.indicator_field(base.indicator, key)
        dims = fields.dims_field(chosen, parse_dims_key(base.dims), key)
        unit = _unit(one, base, key)
    with right:
        period = fields.period_field(base.period, key)
        filled = _value(base, chosen, key)
    if isinstance(filled, str):
        return filled
    if period is None:
        return say("review.form.bad_period")
    if unit is None:
        return say("review.form.no_unit")
    return replace(filled, indicator=chosen.code, dims=dims, org_unit_id=unit, period=period)


def _blank(one: Waiting) -> Statement:
    """A number of which nothing was read but, at best, the indicator."""
    code = one.indicator or data.catalogue().indicators[0].code
    indicator = data.indicator(code) or data.catalogue().indicators[0]
    level = indicator.default_level
    dims = dims_key({"level": level}) if level and "level" in indicator.dims else ""
    told = data.document_observations(one.source_file_id)["period"].mode()
    period = str(told.iloc[0]) if len(told) else ""  # most numbers of a document are about one time
    return Statement(indicator.code, dims, None, period, number_in(one.evidence.quote), indicator.unit)


def number_in(text: str) -> float | None:
    """The number that a text holds in figures."""
    figures = "".join(sign for sign in text if sign.isdigit() or sign in ".-")
    try:
        return float(figures)
    except ValueError:
        return None


def _unit(one: Waiting, base: Statement, key: str) -> int | None:
    """The unit; those whose names are like that of the document first."""
    likely = (
        reviewing.suggestions(one.entity, one.source_file_id)
        if one.entity and (base.org_unit_id is None or one.doubts)
        else []
    )
    first = [*([base.org_unit_id] if base.org_unit_id is not None else []), *likely]
    ids = list(dict.fromkeys([*first, *filters.near(f"{key}_unit", held=first)]))
    index = 0 if base.org_unit_id is not None else None
    return st.selectbox(
        say("review.field.unit"), ids, index=index, key=f"{key}_unit", format_func=filters.unit_words(),
        placeholder=say("review.form.pick_unit"),
    )  # fmt: skip


def _value(base: Statement, indicator: Indicator, key: str) -> Statement | str:
    """Value, unit and qualifier, with the two counts of a rate; a sentence when one of them is no number."""
    one, two = st.columns(2, gap="small")
    units = list(dict.fromkeys([indicator.unit, base.unit, "percent", "permille", "person", "dose"]))
    unit = base.unit if base.indicator == indicator.code else indicator.unit
    texts = {"value": _typed(one, "value", base.value, key)}
    picked = two.selectbox(
        say("review.field.measure"), units, index=units.index(unit), key=f"{key}_measure_{indicator.code}",
        format_func=lambda each: say(f"common.unit.{each}", value="").strip(":") or each,
    )  # fmt: skip
    names = [each.value for each in Qualifier]
    qualifier = one.selectbox(
        say("review.field.qualifier"), names, index=names.index(base.qualifier), key=f"{key}_qualifier",
        format_func=lambda each: say(f"review.qualifier.{each}"),
    )  # fmt: skip
    if qualifier == Qualifier.RANGE:
        texts["value_high"] = _typed(two, "value_high", base.value_high, key)
    if indicator.numerator or base.numerator is not None:
        texts["numerator"] = _typed(one, "numerator", base.numerator, key)
        texts["denominator"] = _typed(two, "denominator", base.denominator, key)
    numbers: dict[str, float | None] = {"value_high": None, "numerator": None, "denominator": None}
    for name, text in texts.items():
        try:
            numbers[name] = float(text.replace(",", "")) if text.strip() else None
        except ValueError:
            return say("review.form.bad_number", field=say(f"review.field.{name}"), text=text)
    if numbers["value"] is None:
        return say("review.form.no_value")
    if qualifier == Qualifier.RANGE and numbers["value_high"] is None:
        return say("review.form.no_high")
    wrong = _impossible(numbers, picked, indicator)
    return wrong or replace(base, **numbers, unit=picked, qualifier=qualifier, status="normal")  # type: ignore[arg-type]


def _impossible(numbers: Mapping[str, float | None], unit: str, indicator: Indicator) -> str:
    """What cannot be, as a sentence; the empty text where nothing speaks against the numbers."""
    value, top, base = numbers["value"], numbers["numerator"], numbers["denominator"]
    low, high = indicator.bounds
    if unit in COUNTED and any(each is not None and (each < 0 or each % 1) for each in (value, top, base)):
        return say("review.form.no_count")
    if unit == indicator.unit and value is not None:
        if high is not None and value > high:
            return say("review.form.too_high", high=high)
        if low is not None and value < low:
            return say("review.form.too_low", low=low)
    if unit == "percent" and high is not None and top is not None and base is not None and top > base:
        return say("review.form.top_heavy")
    return ""


def _typed(column: object, name: str, value: float | None, key: str) -> str:
    text = "" if value is None else f"{value:.10f}".rstrip("0").rstrip(".")
    return str(column.text_input(say(f"review.field.{name}"), text, key=f"{key}_{name}"))  # type: ignore[attr-defined]
