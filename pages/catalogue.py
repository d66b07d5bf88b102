"""What every indicator means, how it is computed, which targets hold, and how sure we are of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import access, cards, data, datasets, downloads, filters, profile, search, tables
from pages.ui.filters import Indicator
from pages.ui.text import coded, definition_of, dims_text, join, name_of, plain, say, target_text, value_text, written

SPELLINGS = 12  # shown in the card; one has a hundred, which stand below it
DOMAINS = ("all", "enrollment", "dropout", "vaccination", "hygiene", "context")


def domain_words(code: str) -> str:
    """The name of a domain, or that all are meant."""
    return say("catalogue.all") if code == "all" else coded("domain", code)


def matching(text: str, domain: str) -> list[Indicator]:
    """Indicators of a domain whose name, code, definition or spellings hold the text."""
    wanted = text.strip().casefold()
    offered = [each for each in data.catalogue().indicators if domain in ("all", each.domain)]
    return [each for each in offered if not wanted or any(wanted in word.casefold() for word in spellings(each))]


def known_as(each: Indicator) -> tuple[str, ...]:
    """What reports and sheets call an indicator."""
    return (*each.synonyms, *each.sheet_synonyms)


def spellings(each: Indicator) -> tuple[str, ...]:
    """Everything an indicator may be looked up by."""
    return (each.name_zh, each.name_en, each.code, each.definition_zh, *known_as(each))


def mark_words(source: str) -> str:
    """How well a definition or target is established, in words: the catalogue's mark V, G or P."""
    kind, _, number = source.partition(":")
    return say(f"catalogue.mark.{kind}", number=number) if kind in ("V", "G", "P") else source


def listing(found: list[Indicator]) -> pd.DataFrame:
    """The found indicators as a table."""
    return pd.DataFrame(
        {
            say("catalogue.column.name"): [name_of(each) for each in found],
            say("catalogue.column.domain"): [coded("domain", each.domain) for each in found],
            say("catalogue.column.unit"): [profile.measures(each) for each in found],
            say("catalogue.column.direction"): [say(f"catalogue.direction.{each.direction}") for each in found],
            say("catalogue.column.definition"): [definition_of(each) for each in found],
            say("catalogue.column.code"): [each.code for each in found],
        }
    )


def formula(each: Indicator) -> str:
    """Numerator over denominator in words, or that the indicator is counted directly."""
    top, bottom = written(each.numerator_zh or ""), written(each.denominator_zh or "")
    if not top or not bottom:
        parts = [data.indicator(code) for code in (each.numerator, each.denominator) if code]
        if len(parts) < 2 or None in parts:
            return "" if each.numerator_zh else say(f"catalogue.formula.{each.aggregation}")
        top, bottom = (name_of(part) for part in parts if part is not None)
    times = "" if each.multiplier == 1 else f" × {each.multiplier:f}"
    return say("catalogue.formula.quotient", top=top, bottom=bottom, times=times)


def facts(each: Indicator) -> list[tables.Row]:
    """The lines of an indicator's card."""
    low, high = each.plausible or (None, None)
    bounds = say("common.range", low=value_text(low, each), high=value_text(high, each)) if each.plausible else ""
    spelled = known_as(each)
    some = profile.listed(spelled[:SPELLINGS])
    lines = {
        "definition": definition_of(each),
        "formula": formula(each),
        "unit": profile.measures(each),
        "direction": say(f"catalogue.direction.{each.direction}"),
        "aggregation": say(f"catalogue.aggregation.{each.aggregation}"),
        "levels": join(coded("dim_value.level", level) for level in each.levels),
        "dims": join(coded("dim", dim) for dim in each.dims),
        "frequency": say(f"catalogue.frequency.{each.frequency}"),
        "lowest": coded("kind", each.lowest),
        "plausible": bounds,
        "synonyms": some if len(spelled) <= SPELLINGS else say("catalogue.some_spellings", some=some, n=len(spelled)),
        "source": mark_words(each.source),
        "code": each.code,
    }
    return [tables.Row(tables.Cell(say(f"catalogue.fact.{k}")), (tables.Cell(v),)) for k, v in lines.items() if v]


def targets(each: Indicator) -> None:
    """The targets of an indicator, the youngest first."""
    held = [target for target in data.catalogue().targets if target.indicator == each.code]
    if not held:
        st.caption(say("catalogue.no_target"))
        return
    held.sort(key=lambda target: target.valid_from, reverse=True)
    rows = [
        tables.Row(
            tables.Cell(say(f"common.target.{target.comparator}", value=target_text(float(target.value), each))),
            (
                tables.Cell(dims_text(_key(target.dims))),
                tables.Cell(say(f"catalogue.applies.{target.applies_to}")),
                tables.Cell(_dates(target.valid_from, target.valid_to)),
                tables.Cell(mark_words(target.source), notes=(written(target.note_zh, target.note_en),)),
            ),
        )
        for target in held
    ]
    columns = [say(f"catalogue.target.{name}") for name in ("value", "dims", "applies", "dates", "source")]
    tables.draw(columns, rows, wrap=True, phone="lines")


def _key(dims: dict[str, str]) -> str:
    return ";".join(f"{name}={dims[name]}" for name in sorted(dims))


def _dates(first: object, last: object) -> str:
    return say("catalogue.target.until", first=first, last=last) if last else say("catalogue.target.since", first=first)


def card(each: Indicator) -> None:
    """One indicator: its facts and its targets."""
    with st.container(border=True):
        st.header(plain(name_of(each)), anchor=False)
        tables.draw([say("catalogue.fact.head"), say("catalogue.fact.text")], facts(each), wrap=True)
        spelled = known_as(each)
        if len(spelled) > SPELLINGS:
            with st.expander(say("catalogue.all_spellings", n=len(spelled))):
                st.markdown(plain(profile.listed(spelled)))
        st.markdown(f"**{say('catalogue.targets')}**")
        targets(each)


def vaccines() -> None:
    """The vaccines with every spelling that is understood."""
    st.header(say("catalogue.vaccine.title"), anchor=False)
    rows = [
        tables.Row(
            tables.Cell(name_of(each), notes=(each.code,)),
            (
                tables.Cell(say("common.yes_word") if each.immunisation_programme else say("common.no_word")),
                tables.Cell(written(each.doses_zh, each.doses_en)),
                tables.Cell(profile.listed(each.spellings)),
            ),
        )
        for each in data.catalogue().vaccines
    ]
    columns = [say(f"catalogue.vaccine.{name}") for name in ("name", "programme", "doses", "spellings")]
    tables.draw(columns, rows, wrap=True, phone="lines")


def listed(found: list[Indicator]) -> None:
    """The found indicators as a table, and how many they are."""
    st.caption(say("catalogue.count", n=len(found), total=len(data.catalogue().indicators)))
    height = 320 if len(found) > 8 else None
    with st.container(key="wide_only"):  # a phone shows the names alone, and those the picker below has too
        cards.table(listing(found), key="catalogue_table", alt=say("catalogue.alt"), height=height)


def page() -> None:
    """Search, list, one card in full, the vaccines, and how numbers are computed."""
    cards.heading("catalogue")
    with st.expander(say("catalogue.how.title"), icon=":material/calculate:"):
        st.markdown(say("catalogue.how.text"))
    text = search.box(say("catalogue.search"), say("catalogue.search_hint"))
    domain = filters.segments("domain", say("catalogue.domain"), DOMAINS, "all", domain_words)
    found = matching(text, domain)
    if not found:
        cards.nothing_found(say("catalogue.nothing", text=plain(text)))
        return
    data.drawn("catalogue", lambda: listed(found), tuple(each.code for each in found))
    title = say("catalogue.title")
    downloads.control(title, lambda: datasets.plain(title, listing(found)), "catalogue", coded=False)
    names = {each.code: name_of(each) for each in found}
    code = filters.choose("indicator", say("catalogue.choose"), list(names), None, names.__getitem__)
    data.drawn("catalogue_card", lambda: card(next(each for each in found if each.code == code)), code)
    data.drawn("vaccines", vaccines)


access.require("look")
page()
