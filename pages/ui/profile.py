"""Values of a few units over all indicators: which breakdown and period to show, and as which cell or row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from unicodedata import normalize

import pandas as pd

from db.catalogue import Indicator
from db.records import dims_key, parse_dims_key
from pages.analysis import display
from pages.ui import cards, data, filters, links, tables
from pages.ui.text import (
    coded,
    dims_text,
    fraction_text,
    is_stated,
    name_under,
    say,
    value_text,
)

_DERIVED = {"CE", "ALL"}  # levels that are worked out of others
Choice = tuple[str, str]  # indicator code, dims key
Record = dict[str, Any]  # a row of measures.judged


def cells(unit_ids: Sequence[int]) -> pd.DataFrame:
    """All cells of some units."""
    return data.cells([each.code for each in data.catalogue().indicators], list(unit_ids))


def everything(unit_ids: Sequence[int]) -> pd.DataFrame:
    """All values of some units with a known period; missing ones only where a reason was stated."""
    return told(cells(unit_ids))


def told(held: pd.DataFrame) -> pd.DataFrame:
    """Of some cells those with a known period and a value or a stated reason for none."""
    return held[(held["period"] != "") & (held["value"].notna() | (held["obs_status"] != "normal"))]


def level_of(unit_ids: Iterable[int]) -> str | None:
    """The level of education that all units share; None when they differ or are no schools."""
    levels = {data.unit(each).level for each in unit_ids}
    return (levels.pop() or None) if len(levels) == 1 else None


def grouped(cells: pd.DataFrame) -> dict[Choice, list[Record]]:
    """The rows of each indicator and breakdown as plain records: a page of a city has thousands of them, and
    one filter of a frame costs more than a hundred lookups."""
    found: dict[Choice, list[Record]] = {}
    for row in cells.to_dict("records"):
        found.setdefault((str(row["indicator"]), str(row["dims"])), []).append(row)
    return found


def main_choices(groups: Mapping[Choice, Sequence[Record]], level: str | None) -> list[Choice]:
    """For every indicator with values the one breakdown to show, in the catalogue's order."""
    width: dict[str, list[tuple[int, int, str]]] = {}
    for (code, dims), rows in groups.items():
        held = [row for row in rows if has_value(row)]
        if held:
            units = len({row["org_unit_id"] for row in held})
            width.setdefault(code, []).append((-units, -max(row["n_units"] for row in held), dims))
    indicators = [each for each in data.catalogue().indicators if each.code in width]
    return [
        (each.code, _main_dims(each, [dims for *_, dims in sorted(width[each.code])], level)) for each in indicators
    ]


def first_dims(indicator: Indicator, level: str | None) -> tuple[str, ...]:
    """The dims keys that `main_choices` takes before all others, the first one first."""
    return tuple(dict.fromkeys((*([f"level={level}"] if level else []), *filters.first_dims(indicator))))


def _main_dims(indicator: Indicator, offered: list[str], level: str | None) -> str:
    own = f"level={level}"
    return own if own in offered else filters.default_dims(indicator, offered)


def all_choices(groups: Mapping[Choice, Sequence[Record]]) -> list[Choice]:
    """Every indicator and breakdown with values, in the catalogue's order, totals before parts."""
    order = {each.code: n for n, each in enumerate(data.catalogue().indicators)}
    found = [choice for choice, rows in groups.items() if choice[0] in order and any(map(has_value, rows))]
    return sorted(found, key=lambda each: (order[each[0]], len(parse_dims_key(each[1])), each[1]))


def has_value(row: Record) -> bool:
    """Whether a record holds a number."""
    return display.is_number(row["value"])


def periods_of(rows: Iterable[Record]) -> list[str]:
    """Codes of the periods with values, oldest first; of one kind only, the one most units report in."""
    held = [row for row in rows if has_value(row)]
    kinds: dict[str, tuple[int, int]] = {}
    for kind in {row["period_kind"] for row in held}:
        of_kind = [row for row in held if row["period_kind"] == kind]
        kinds[kind] = (max(row["n_units"] for row in of_kind), len({row["period"] for row in of_kind}))
    main = max(kinds, key=lambda kind: kinds[kind], default=None)
    ends = {row["period"]: (row["end_date"], row["start_date"]) for row in held if row["period_kind"] == main}
    return sorted(ends, key=lambda code: ends[code])


def common_period(rows: Sequence[Record], n_units: int) -> str | None:
    """The youngest period for which at least half of the units have a value, else the youngest of all."""
    codes = periods_of(rows)
    held: dict[str, set[int]] = {}
    for row in rows:
        if has_value(row):
            held.setdefault(row["period"], set()).add(row["org_unit_id"])
    enough = [code for code in codes if 2 * len(held[code]) >= n_units]
    return (enough or codes or [None])[-1]


def measure(indicator: Indicator) -> str:
    """What an indicator is counted in, without the words "unit:" in front."""
    return _measure(indicator.unit)


def measures(indicator: Indicator) -> str:
    """What an indicator is counted in under one dims or another: persons or doses."""
    return listed(map(_measure, indicator.units))


def _measure(unit: str) -> str:
    return normalize("NFKC", say(f"common.axis.{unit}")).split(":", 1)[-1].strip()


def listed(names: Iterable[str]) -> str:
    """Names strung together as the language does it."""
    return say("profile.comma").join(names)


def above(unit_id: int) -> tuple[int | None, int | None]:
    """The county and the topmost unit over a unit; None for the unit itself."""
    chain = data.above(unit_id)[:-1]
    county = next((each for each in reversed(chain) if data.unit(each).kind == "county"), None)
    return county, (chain[0] if chain else None)


def title(choice: Choice, level: str | None = None) -> str:
    """An indicator with its breakdown in words; the unit's own level and the total over all
    levels go without saying."""
    indicator = data.indicator(choice[0])
    name, dims = name_under(indicator, choice[1]) if indicator else choice
    held = parse_dims_key(dims)
    rest = dims_key({key: value for key, value in held.items() if key != "level" or value not in ("ALL", level)})
    return say("profile.title", name=name, dims=dims_text(rest)) if rest else name


def applies(choice: Choice, unit_id: int) -> bool:
    """Whether a unit can have a value at all: an indicator of primary schools says nothing of a kindergarten.
    Of units that are no schools, and of schools whose level is unknown, everything may be asked."""
    indicator, level = data.indicator(*choice), level_of([unit_id])
    if indicator is None or level is None:
        return True
    asked = parse_dims_key(choice[1]).get("level")
    basic = _stages(set(indicator.levels) - _DERIVED) or _stages(set(indicator.levels))
    wanted = basic if asked in (None, "ALL") else _stages({asked}) & basic
    return not basic or bool(wanted & _stages({level}))


def _stages(levels: set[str]) -> set[str]:
    return {part for each in levels for part in (("PRI", "JUN") if each == "CE" else (each,))}


def by_domain(choices: Sequence[Choice]) -> dict[str, list[Choice]]:
    """Choices grouped by domain."""
    found: dict[str, list[Choice]] = {}
    for choice in choices:
        indicator = data.indicator(*choice)
        if indicator is not None:
            found.setdefault(indicator.domain, []).append(choice)
    return found


def value_cell(
    row: Record | None, notes: Iterable[str] = (), *, marks: tuple[tuple[str, str], ...] = ()
) -> tables.Cell:
    """A value as a cell that links to its proof, with its counts, its state and further marks; a missing one says why."""
    if row is None:
        return tables.Cell(coded("obs_status", "not_reported"))
    indicator = data.indicator(str(row["indicator"]), str(row["dims"]))
    text = value_text(row["value"], indicator, status=str(row["obs_status"]))
    href = links.url(
        "evidence", unit=row["org_unit_id"], indicator=row["indicator"], period=row["period"], dims=row["dims"]
    )
    judged = row["state"] != "not_compared"
    stated = say("common.reported_mark") if is_stated(indicator, row["method"]) else ""
    counts = fraction_text(row["numerator"], row["denominator"])
    words = cards.state_words(str(row["state"])) if judged else ""
    found = str(row["state"]) if judged else ""
    return tables.Cell(text, href, (counts, stated, *notes), found, words, marks=marks)
