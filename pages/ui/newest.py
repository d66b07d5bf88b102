"""The values by which units are compared, read without their past: of most indicators the counts of the store tell which
breakdown and period that will be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from db.records import parse_dims_key
from pages.ui import data, profile

_WORKED_OUT = ("CE", "ALL")  # levels that the counts may lack


class Guess(NamedTuple):
    """The breakdown and the period in which an indicator is compared if enough of the units have a value there."""

    dims: str
    period: str


def cells(unit_ids: Sequence[int], more: Sequence[int]) -> pd.DataFrame:
    """Cells of units and of `more` from which the same breakdown and the same period are chosen for `unit_ids` (see
    profile.main_choices, profile.common_period) as from all their cells, and all those of the chosen ones."""
    everyone = [*unit_ids, *more]
    guesses = _guesses(profile.level_of(unit_ids))
    quick = profile.told(_guessed(guesses, everyone))
    own = quick[quick["org_unit_id"].isin(unit_ids) & quick["value"].notna()]
    held = own.groupby("indicator")["org_unit_id"].nunique().to_dict()
    sure = {code for code in guesses if 2 * held.get(code, 0) >= len(unit_ids) and held.get(code, 0)}
    slow = profile.told(data.cells([code for code in _with_values() if code not in sure], everyone))
    return pd.concat([quick[quick["indicator"].isin(sure)], slow], ignore_index=True)


def _with_values() -> list[str]:
    """The indicators that may have a value: those that are counted, and rates of two that are."""
    counted = set(data.periods()["indicator"])
    return [
        each.code
        for each in data.catalogue().indicators
        if each.code in counted or (each.numerator in counted and each.denominator in counted)
    ]


def _guessed(guesses: dict[str, Guess], unit_ids: Sequence[int]) -> pd.DataFrame:
    periods, dims = ({guess[n] for guess in guesses.values()} for n in (1, 0))
    found = data.cells(sorted(guesses), unit_ids, sorted(periods), sorted(dims))
    places = zip(found["indicator"], found["dims"], found["period"], strict=True)
    wanted = [guesses[code] == (key, period) for code, key, period in places]
    return found[pd.Series(wanted, index=found.index, dtype=bool)]


def _guesses(level: str | None) -> dict[str, Guess]:
    """The indicators of which the counts tell where the newest values stand: their periods are all of one kind, and
    one breakdown goes before all others."""
    dated, held = data.periods(), data.dims_held()
    dated = dated[dated["period"] != ""].sort_values(["end_date", "start_date"], kind="stable")
    found: dict[str, Guess] = {}
    for code, rows in dated.groupby("indicator"):
        indicator = data.indicator(str(code))
        if indicator is None or rows["kind"].nunique() != 1:
            continue
        first = profile.first_dims(indicator, level)
        dims = next((key for key in first if key in held.get(str(code), ()) or _may_lack(key)), None)
        if dims is not None:
            found[str(code)] = Guess(dims, str(rows["period"].iloc[-1]))
    return found


def _may_lack(key: str) -> bool:
    return parse_dims_key(key).get("level") in _WORKED_OUT
