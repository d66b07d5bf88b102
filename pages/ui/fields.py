"""The fields in which a person says what numbers are: indicator, breakdown, period; the review and the upload share them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from db.catalogue import Indicator
from db.periods import parse_period
from db.records import dims_key
from pages.text import words
from pages.ui import data
from pages.ui.text import coded, dims_text, name_of, period_text, say

_DOMAINS = ("enrollment", "dropout", "vaccination", "hygiene", "context")
_UNSAID = ""  # a dim that is not said
_FREE = ("disease", "category")  # dims that hold the document's own words
LONGEST_WORD = 40  # of a disease or category
BACK, AHEAD = 4, 1  # school years offered around that of the reading


def indicator_field(code: str | None, key: str) -> Indicator | None:
    """One indicator of the catalogue, by domain; none where none was picked."""
    offered = sorted(data.catalogue().indicators, key=lambda each: _DOMAINS.index(each.domain))
    by_code = {each.code: each for each in offered}
    picked = st.selectbox(
        say("review.field.indicator"), list(by_code), index=list(by_code).index(code) if code else None,
        placeholder=say("review.form.pick_indicator"), key=f"{key}_indicator",
        format_func=lambda each: f"{coded('domain', by_code[each].domain)} | {name_of(by_code[each])}",
    )  # fmt: skip
    return by_code.get(picked)


def dims_field(indicator: Indicator, held: Mapping[str, str], key: str) -> str:
    """The dims of an indicator, those that are held shown, the rest on request; a dims key."""
    order = sorted(indicator.dims, key=lambda each: (each != "level", each))
    shown = [name for name in order if name == "level" or name in held]
    chosen = {name: _dim(name, indicator, held.get(name, _UNSAID), key) for name in shown}
    rest = [name for name in order if name not in shown]
    if rest:
        with st.expander(say("review.form.more_dims")):
            chosen |= {name: _dim(name, indicator, _UNSAID, key) for name in rest}
    return dims_key(chosen)


def _dim(name: str, indicator: Indicator, value: str, key: str) -> str:
    if name in _FREE:
        typed = str(st.text_input(coded("dim", name), value, key=f"{key}_dim_{name}", max_chars=LONGEST_WORD))
        return typed.strip().translate({ord(sign): None for sign in ";="})  # the signs of a dims key
    options = list(dict.fromkeys([_UNSAID, *_values(name, indicator), value]))
    return st.selectbox(
        coded("dim", name), options, index=options.index(value), key=f"{key}_dim_{name}_{indicator.code}",
        format_func=lambda each: dims_text(dims_key({name: each})) if each else say("review.form.unsaid"),
    )  # fmt: skip


def _values(name: str, indicator: Indicator) -> list[str]:
    """The values that a dim may have."""
    start = f"common.dim_value.{name}."
    known = [each.removeprefix(start) for each in words("zh") if each.startswith(start)]
    if name == "vaccine":
        return [each.code for each in data.catalogue().vaccines] + [each for each in known if each == "ALL"]
    return known


def period_field(code: str, key: str, blank: str = "") -> str | None:
    """A period of the list, or a code that was typed; `blank` are the words for none."""
    options = period_choices(code, [str(each) for each in data.periods()["period"].unique()])
    picked = st.selectbox(
        say("review.field.period"), options, index=options.index(code), key=f"{key}_period",
        format_func=lambda each: period_text(each) if each or not blank else blank,
        accept_new_options=True, help=say("review.form.period_help"),
    )  # fmt: skip
    return period_code(picked or "")


def period_code(text: str) -> str | None:
    """The period code that was picked or typed, "" for an unknown time, None for a text that is none."""
    try:
        return parse_period(text.strip()).code if text.strip() else ""
    except ValueError:
        return None


def period_choices(code: str, stored: Sequence[str], today: date | None = None) -> list[str]:
    """Period codes to choose from: the reading's own, those around it, those of the store, and the unknown one."""
    try:
        year = parse_period(code).school_year
    except ValueError:
        year = (today or date.today()).year
    near = range(year + AHEAD, year - BACK - 1, -1)
    made = [form.format(y=y) for y in near for form in ("SY{y}", "SY{y}-T1", "SY{y}-T2", "{y}", "{y}-H1", "{y}-H2")]
    return list(dict.fromkeys([code, *made, *sorted((each for each in stored if each), reverse=True), ""]))
