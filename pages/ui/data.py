"""The only loaders of the pages, all of them cached (see kept)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from db import bureau, queries
from db.catalogue import Catalogue, Indicator, Target
from db.records import parse_dims_key
from pages.ui import kept as caches
from pages.ui import this_run, units
from pages.ui.kept import at_once, drawn, engine, kept, load, look, opened, revision, seen, settings
from pages.ui.units import (
    Unit,
    above,
    below,
    children,
    county,
    find,
    first,
    is_seen,
    meet,
    name,
    outside,
    path_of,
    root_id,
    tree,
    unit,
    upper,
    whole,
    within,
)

RECENT = 500  # imports that are looked through
__all__ = [
    "Unit",
    "above",
    "at_once",
    "below",
    "children",
    "county",
    "drawn",
    "engine",
    "find",
    "first",
    "is_seen",
    "kept",
    "look",
    "meet",
    "name",
    "opened",
    "outside",
    "path_of",
    "revision",
    "root_id",
    "seen",
    "settings",
    "tree",
    "unit",
    "upper",
    "whole",
    "within",
]  # of the caches and the units


def forget() -> None:
    """Let go of all that was read; for tests that change the store behind the program."""
    caches.forget()
    units.forget()


def catalogue() -> Catalogue:
    """The catalogue of indicators, targets and vaccines, with the bureau's own targets and last days."""
    return this_run.once("catalogue", lambda: bureau.catalogue_of(settings()))


def indicator(code: str, dims: str = "") -> Indicator | None:
    """The indicator of a code as it is counted under a dims key (by doses: in doses), or None."""
    try:
        return catalogue().indicator(code).under(dims)
    except KeyError:
        return None


def target(code: str, dims: str, on: date, kind: str) -> Target | None:
    """The target that holds for a kind of unit on a day: its own or one from above, the nearest first; else the
    one that its parts have to meet (a city is also measured by the target of its districts)."""
    held = parse_dims_key(dims)
    for level in (kind, "county", "school"):
        found = catalogue().target(code, held, on, level)
        if found is not None:
            return found
    return None


def merged_into(unit_id: int) -> list[pd.Timestamp]:
    """The days on which other units were merged into a unit or a part of it left: breaks of its series.
    A district is whole before and after, so only schools themselves have breaks."""

    def make() -> dict[int, list[pd.Timestamp]]:
        days, chain = defaultdict[int, set[pd.Timestamp]](set), load("successions")
        for row in chain[chain["since"].notna()].itertuples():
            goes_on = [row.predecessor_id] if pd.isna(row.ended) else []
            for each in {row.successor_id, *goes_on}:
                days[each].add(pd.Timestamp(row.since))
        return {each: sorted(held) for each, held in days.items()}

    found = kept("merges", make).get(unit_id, [])
    return found if found and units.unit(unit_id).kind == "school" else []


def successions() -> pd.DataFrame:
    """Which unit went on in the place of which from which day (columns of queries.successions)."""
    return load("successions")


def search_units(limit: int, **asked: Any) -> queries.Found:
    """Units by name, kind, phase, status and place (see queries.search_units)."""
    found: queries.Found = load("search_units", limit=limit, **asked)
    return found


def periods(indicators: Sequence[str] | None = None) -> pd.DataFrame:
    """Which indicator has data in which period."""
    return load("periods", indicators=None if indicators is None else tuple(indicators))


def cells(
    indicators: Sequence[str],
    org_unit_ids: Sequence[int],
    periods: Sequence[str] | None = None,
    dims: Sequence[str] | None = None,
    at: datetime | None = None,
) -> pd.DataFrame:
    """Values of indicators for units: one row per unit, indicator, period and dims; `at`: as they stood at an earlier
    moment (UTC)."""
    return load(
        "cells",
        indicators=tuple(indicators),
        org_unit_ids=tuple(int(each) for each in org_unit_ids),
        periods=None if periods is None else tuple(periods),
        dims=None if dims is None else tuple(dims),
        at=at,
    )


def changes(series: Sequence[tuple[str, str]], org_unit_id: int, since: datetime) -> pd.DataFrame:
    """How numbers (indicator and dims) of a unit came from what they were at a moment (UTC) to what they are."""
    return load("changes", series=tuple(series), org_unit_id=int(org_unit_id), since=since)


def notes(indicator: str, dims: str, org_unit_ids: Sequence[int]) -> pd.DataFrame:
    """The notes pinned to an indicator of some units, those taken back among them."""
    return load("notes", indicator=indicator, dims=dims, org_unit_ids=tuple(int(each) for each in org_unit_ids))


def dims_of(code: str) -> list[str]:
    """The dims keys an indicator has values for, most widely reported first."""

    def make() -> list[str]:
        frame = load("dims_of", indicator_code=code)
        return [str(each) for each in frame.sort_values(["n_units", "dims"], ascending=[False, True])["dims"]]

    return kept("dims_of", make, code)


def dims_held() -> dict[str, frozenset[str]]:
    """By indicator the dims keys in which it has values, perhaps without levels that are worked out of others."""
    found: dict[str, frozenset[str]] = load("dims_held")
    return found


def aliases(unit_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Other spellings of those units that have some."""
    found: dict[int, tuple[str, ...]] = load("aliases", org_unit_ids=tuple(int(each) for each in unit_ids))
    return found


def observation(observation_id: int) -> Any:
    """One observation with its evidence, or None."""
    return load("observation", observation_id=int(observation_id))


def contributions(indicator: str, period: str, dims: str, org_unit_id: int) -> pd.DataFrame:
    """What the direct children contribute to a value."""
    return load("contributions", indicator=indicator, period=period, dims=dims, org_unit_id=int(org_unit_id))


def parts_of_rate(indicator: str, period: str, dims: str, org_unit_id: int) -> pd.DataFrame:
    """The counts a unit's computed rate rests on."""
    return load("parts_of_rate", indicator=indicator, period=period, dims=dims, org_unit_id=int(org_unit_id))


def history(observation_id: int) -> pd.DataFrame:
    """Every value the same cell ever had."""
    return load("history", observation_id=int(observation_id))


def records(observation_ids: Sequence[int]) -> pd.DataFrame:
    """Many observations with their proof, file and import."""
    return load("records", observation_ids=tuple(sorted({int(each) for each in observation_ids})))


def documents() -> pd.DataFrame:
    """All source files."""
    return load("documents")


def files_of_unit(unit_id: int) -> pd.DataFrame:
    """The files on which the values of a unit rest, by file and period."""
    return load("files_of_unit", org_unit_id=int(unit_id))


def document(source_file_id: int) -> Any:
    """The text and grids of one source file."""
    return load("document", source_file_id=int(source_file_id))


def document_observations(source_file_id: int) -> pd.DataFrame:
    """All observations of one source file with their places in it."""
    return load("document_observations", source_file_id=int(source_file_id))


def document_count(source_file_id: int) -> int:
    """How many observations one source file has."""
    return int(load("document_count", source_file_id=int(source_file_id)))


def document_cells(source_file_id: int, sheet: str, addresses: Sequence[str]) -> pd.DataFrame:
    """The observations of one source file that stand in some cells of a sheet."""
    return load("document_cells", source_file_id=int(source_file_id), sheet=sheet, addresses=tuple(addresses))


def document_issues(source_file_id: int) -> pd.DataFrame:
    """The issues of one source file."""
    return load("document_issues", source_file_id=int(source_file_id))


def document_rejected(source_file_id: int) -> pd.DataFrame:
    """The numbers of one source file that are no observation, with the reason."""
    return load("document_rejected", source_file_id=int(source_file_id))


def waiting(source_file_id: int | None = None) -> list[queries.Waiting]:
    """The numbers that wait for a person, of one document or of all."""
    found: list[queries.Waiting] = load("waiting", source_file_id=source_file_id)
    return found


def waiting_count() -> int:
    """How many numbers wait for a person, in all documents."""
    return int(load("waiting_count"))


def review_documents() -> pd.DataFrame:
    """The documents with something to decide or decided."""
    return load("review_documents")


def decided(source_file_id: int) -> list[queries.Decided]:
    """The decisions in force on a document."""
    found: list[queries.Decided] = load("decided", source_file_id=int(source_file_id))
    return found


def unsettled_names(source_file_id: int) -> pd.DataFrame:
    """The names of a document that no unit, or several, answer to."""
    return load("names_of", source_file_id=int(source_file_id))


def statement_now(observation_id: int) -> queries.Waiting | None:
    """A stored value as something to decide on."""
    found: queries.Waiting | None = load("statement_now", observation_id=int(observation_id))
    return found


def rejected_now(number: int) -> queries.Waiting | None:
    """A number that was not taken as something to decide on."""
    found: queries.Waiting | None = load("rejected_now", number=int(number))
    return found


def findings(
    root_id: int | None = None, source_file_id: int | None = None, finding_id: int | None = None
) -> pd.DataFrame:
    """The inspection findings that stand: of a unit and all below it, of one file, or one by its id."""
    return load("findings", root_id=root_id, source_file_id=source_file_id, finding_id=finding_id)


def reporting(pairs: Sequence[tuple[str, str]], root_id: int | None = None) -> pd.DataFrame:
    """Which leaf schools have reported indicators in periods (pairs of codes)."""
    return load("reporting", pairs=tuple(pairs), root_id=root_id)


def form_rows(form: str, period: str, root_id: int) -> pd.DataFrame:
    """The rows of a form's sheets for the schools or towns at and below a unit."""
    return load("form_rows", form=form, period=period, root_id=int(root_id))


def known_counts(
    series: Sequence[tuple[str, str]], period: str, org_unit_ids: Sequence[int]
) -> dict[tuple[int, str], int]:
    """By unit and level how many of some counts it has a value of in a period."""
    found: dict[tuple[int, str], int] = load(
        "known_counts", series=tuple(series), period=period, org_unit_ids=tuple(int(each) for each in org_unit_ids)
    )
    return found


def unreported(form: str, period: str, root_id: int) -> pd.DataFrame:
    """The rows of a form whose unit has not filed all of it, at and below a unit."""
    return load("unreported", form=form, period=period, root_id=int(root_id))


def discrepancies() -> pd.DataFrame:
    """Cells for which two sources state different values, with the ruling that counts."""
    return load("discrepancies")


def claims(source_file_id: int | None = None) -> pd.DataFrame:
    """The comparisons of all reports, or of one, with what the store says of them."""
    return load("claims", source_file_id=source_file_id)


def rulings_of(told_observation_id: int) -> pd.DataFrame:
    """Every ruling ever made about what one observation says."""
    return load("rulings_of", told_observation_id=int(told_observation_id))


def imports() -> pd.DataFrame:
    """All imports, with the file's name."""
    return load("imports")


def recent_changes() -> pd.DataFrame:
    """The latest imports: when, which file, who, how much."""
    return load("recent_changes", limit=RECENT)


def search_observations(
    text: str = "", indicator: str | None = None, value: float | None = None, limit: int = 200
) -> pd.DataFrame:
    """Observations whose quote, unit or file holds a text, or whose value is the given one."""
    return load("search_observations", text=text, indicator=indicator, value=value, limit=limit)
