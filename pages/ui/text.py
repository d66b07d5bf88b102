"""Words and numbers on the screen, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Protocol

import streamlit as st

from db.catalogue import Indicator, load_catalogue
from db.periods import Period, parse_period
from db.records import dims_key, parse_dims_key
from pages.analysis import display
from pages.text import known, language_or_first, phrase
from pages.ui import this_run

DASH = "—"
WHOLE = "_whole"  # of this session: what stands for the whole city in words, where the top unit is no city
_SEPARATOR = " · "
_AREA: ContextVar[str] = ContextVar("area", default="")
_ESCAPED = re.compile(r"\\(.)|\*\*")
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff\uff09])(?:\*\* (?=[\u4e00-\u9fff])| \*\*(?=\d))")
_WHOLE = ("level", "ALL")
_WHOLE_CITY = phrase("zh", "frame.whole.city")
COUNTED = frozenset({"person", "dose", "school", "visit", "finding", "canteen", "event", "case", "class"})


def language() -> str:
    """The language of this run: that of the address, else the last one chosen, else Chinese."""
    return this_run.once("language", _language)


def _language() -> str:
    return language_or_first(st.query_params.get("lang") or st.session_state.get("_lang"))


def say(key: str, **values: object) -> str:
    """The words of a key in the reader's language, with `{name}` filled in."""
    said = phrase(language(), key, **values)
    if _WHOLE_CITY not in said:
        return said
    return said.replace(_WHOLE_CITY, _AREA.get() or st.session_state.get(WHOLE, _WHOLE_CITY))


@contextmanager
def speaking_of(name: str, kind: str) -> Iterator[None]:
    """While it lasts, what stands for the whole city in words stands for all of one unit: a paper about a district
    says so, whoever reads it."""
    token = _AREA.set(whole_of(name, kind))
    try:
        yield
    finally:
        _AREA.reset(token)


def spoken(words: str) -> str:
    """Words made for the screen (see `plain`) as they are written on paper: without its emphasis and escapes, and without
    the spaces that emphasis takes between Chinese signs."""
    return _ESCAPED.sub(lambda found: found[1] or "", _SPACED.sub("", words))


def whole_of(name: str, kind: str) -> str:
    """What a bureau calls all of its own area, by the last sign of its name."""
    if kind == "school":
        return phrase("zh", "frame.whole.school")
    last = next((end for end in phrase("zh", "frame.whole.ends").split() if name.endswith(end)), "")
    return phrase("zh", "frame.whole.of", last=last) if last else phrase("zh", "frame.whole.other")


def plain(text: object) -> str:
    """Text from a file or the store, safe inside markdown: every sign with a meaning is escaped."""
    return "".join("\\" + sign if sign in r"\`*_{}[]()<>#+-!|~$:^" else sign for sign in str(text))


class Named(Protocol):
    """What the catalogue has under a name in both languages: an indicator, a form, a rule, a vaccine."""

    name_zh: str
    name_en: str


def name_of(named: Named) -> str:
    """The name of something in the catalogue."""
    return display.chinese_marks(named.name_zh) if language() == "zh" else named.name_en


def is_stated(indicator: Indicator, method: str) -> bool:
    """Whether a value is a rate that a document states without its counts; a count is always somebody's statement."""
    return method == "reported" and indicator.unit not in COUNTED


def title_of(indicator: Indicator, dims: str) -> str:
    """The indicator's name with its dims in brackets; the total over all levels goes without saying."""
    name, rest = name_under(indicator, dims)
    narrowed = dims_key({name: value for name, value in parse_dims_key(rest).items() if (name, value) != _WHOLE})
    return say("common.named", name=name, dims=dims_text(narrowed)) if narrowed else name


def name_under(indicator: Indicator, dims: str) -> tuple[str, str]:
    """What an indicator is called under its dims, and the key of those that the name does not say: 应补种剂次 says
    that it is counted by doses."""
    held, counted = parse_dims_key(dims), indicator.under(dims)
    if counted.says_basis:
        held.pop("basis", None)
    return name_of(counted), dims_key(held)


def named_parts(indicator: Indicator | None, code: str, dims: str) -> list[str]:
    """Name and dims of an indicator (by its code where the catalogue has none), to be joined with more."""
    name, rest = (code, dims) if indicator is None else name_under(indicator, dims)
    return [name, dims_text(rest)] if rest else [name]


def written(text_zh: str, text_en: str = "") -> str:
    """A line of the catalogue as it is printed; empty in a language that the catalogue has it not in."""
    return display.chinese_marks(text_zh) if language() == "zh" else text_en


def printed(sentence: str) -> str:
    """A Chinese sentence of the checks as it is printed, in whatever language the page is."""
    return display.chinese_marks(sentence)


def definition_of(indicator: Indicator) -> str:
    """The indicator's definition."""
    return display.chinese_marks(indicator.definition_zh) if language() == "zh" else indicator.definition_en


def coded(group: str, code: str) -> str:
    """The word for a code (`kind` county, `dim_value.level` PRI); an unknown code is shown as it is."""
    key = f"common.{group}.{code}"
    return phrase(language(), key) if known(language(), key) else code


def dims_text(key: str) -> str:
    """A dims key in words: `level=PRI;sex=F` is 小学 · 女; the empty key is the total."""
    held = parse_dims_key(key)
    if not held:
        return say("common.dims_total")
    order = sorted(held, key=lambda each: (each != "level", each))
    return _SEPARATOR.join(_dim_text(each, held[each]) for each in order)


def _dim_text(name: str, value: str) -> str:
    key = f"common.dim_value.{name}.{value}"
    if known(language(), key):
        return phrase(language(), key)
    if name == "vaccine":
        for vaccine in load_catalogue().vaccines:
            if vaccine.code == value:
                return name_of(vaccine)
    return f"{coded('dim', name)} {value}"


def period_text(code: str | None) -> str:
    """A period in words: SY2026-T1 is 2026-2027学年第一学期(秋季)."""
    if not code:
        return say("common.period.unknown")
    if ".." in code:
        first, last = code.split("..", 1)
        return say("common.period.span", first=period_text(first), last=period_text(last))
    try:
        period = parse_period(code)
    except ValueError:
        return code
    return say(f"common.period.{period.kind}", **_period_parts(period))


def _period_parts(period: Period) -> dict[str, object]:
    last = period.code[-1]
    return {
        "year": period.school_year if period.kind == "term" else period.start.year,
        "next": period.school_year + 1,
        "n": say(f"common.half.{last}") if period.kind == "half" else last,
        "month": period.start.month,
        "day": period.start.day,
        "term": say(f"common.term.{last}") if period.kind == "term" else "",
    }


def period_short(code: str) -> str:
    """A period for an axis: SY2026 is 2026-27, SY2026-T1 is 2026-27 秋."""
    try:
        period = parse_period(code)
    except ValueError:
        return code
    if period.kind in ("school_year", "term"):
        year = period.school_year
        term = say(f"common.term_short.{code[-1]}") if period.kind == "term" else ""
        return f"{year}-{(year + 1) % 100:02d}{term}"
    return code


def period_within(code: str, school_year: int) -> str:
    """A period in a column of a school year: nothing for the year itself, the term alone for a term of it."""
    if code == f"SY{school_year}":
        return ""
    if code in (f"SY{school_year}-T1", f"SY{school_year}-T2"):
        return say(f"common.term_alone.{code[-1]}")
    return period_text(code) if ".." in code else period_short(code)


def period_brief(code: str | None) -> str:
    """A period for running text: SY2026-T1 is 2026年秋季; others as in `period_text`."""
    try:
        period = parse_period(code or "")
    except ValueError:
        return period_text(code)
    if period.kind != "term":
        return period_text(code)
    return say(f"common.term_brief.{period.code[-1]}", year=period.start.year)


def value_text(value: object, indicator: Indicator, *, status: str = "normal", unit: bool = True) -> str:
    """A value with its unit; a missing one is a dash and the reason."""
    if value is None or not display.is_number(value):
        return f"{DASH} {coded('obs_status', status)}" if status not in ("", "normal") else DASH
    digits = digits_text(float(value), indicator)  # type: ignore[arg-type]
    return unit_text(indicator.unit, digits) if unit else digits


def unit_text(unit: str, digits: str) -> str:
    """A printed number with its unit; one dose is no `1 doses`."""
    key = f"common.unit_one.{unit}"
    alone = digits.lstrip("+-") == "1" and known(language(), key)
    return say(key if alone else f"common.unit.{unit}", value=digits)


def digits_text(value: float, indicator: Indicator) -> str:
    """A value without its unit, rounded as the catalogue says."""
    if indicator.unit == "percent":
        return display.percent(value, indicator.decimals)
    return display.number(value, 0 if indicator.unit in COUNTED else indicator.decimals)


def target_text(value: float, indicator: Indicator) -> str:
    """A target as it was set, without trailing noughts: 95%, 99.5%."""
    return say(f"common.unit.{indicator.unit}", value=display.number(value, 2))


def change_text(change: float, indicator: Indicator, before: float | None = None) -> str:
    """A change against an earlier value: percentage points for a rate, the count and % for a count."""
    if indicator.unit == "percent":
        return say("common.change.points", value=display.signed(change, indicator.decimals))
    decimals = 0 if indicator.unit in COUNTED else indicator.decimals
    digits = display.signed(change, decimals)
    if indicator.unit == "ratio":  # 17.3:1 less 16.9:1 is 0.4, not 0.4:1
        return digits
    if not before:
        return unit_text(indicator.unit, digits)
    relative = display.signed(100 * change / before, 1)
    return say("common.change.count", value=digits, percent=relative)


def fraction_text(numerator: object, denominator: object) -> str:
    """The two counts of a rate, `1,228 / 1,230`, or the empty text when one is unknown."""
    if not (display.is_number(numerator) and display.is_number(denominator)):
        return ""
    return f"{display.number(float(numerator))} / {display.number(float(denominator))}"  # type: ignore[arg-type]


def moment_text(at: datetime | None) -> str:
    """A UTC moment of the store in the machine's own time, to the minute."""
    if at is None or str(at) == "NaT":  # without pandas, which the start does not wait for
        return DASH
    moment = at.to_pydatetime() if hasattr(at, "to_pydatetime") else at
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone().strftime("%Y-%m-%d %H:%M")


def listed(parts: Iterable[str]) -> str:
    """Texts as an enumeration in the reader's language."""
    return say("common.list_separator").join(parts)


def join(parts: Iterable[str]) -> str:
    """Texts strung together with a middle dot, empty ones left out."""
    return _SEPARATOR.join(str(each) for each in parts if each)
