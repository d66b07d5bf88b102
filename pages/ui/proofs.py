"""The records behind the values of a view: which observations each of them rests on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from db.catalogue import Indicator
from db.fold import COMPONENTS, COMPULSORY
from db.records import dims_key, parse_dims_key
from pages.analysis.provenance import Key, Stock, held, records_of
from pages.ui import data

_LEVELS = {"CE": COMPULSORY, "ALL": COMPONENTS}


def keys_of(cells: pd.DataFrame) -> list[Key]:
    """The place of every row of a frame of cells."""
    columns = (cells["org_unit_id"], cells["indicator"], cells["period"], cells["dims"])
    return [(int(u), str(i), str(p), str(d)) for u, i, p, d in zip(*columns, strict=True)]


def of(cells: pd.DataFrame) -> list[tuple[int, ...]]:
    """The ids of the records that each row of a frame of cells rests on, in the order of its rows."""
    wanted = keys_of(cells)
    stock = _stock(wanted)
    found = {key: records_of(key, stock) for key in dict.fromkeys(wanted)}
    return [found[key] for key in wanted]


def _stock(wanted: Sequence[Key]) -> Stock:
    """What a walk from these places may meet: the same indicators and their counts, of all units below."""
    indicators = [each for code in {key[1] for key in wanted} if (each := data.indicator(code)) is not None]
    counts = {each.code: _counts(each) for each in indicators}
    codes = sorted({*counts, *(code for pair in counts.values() for code in pair)})
    data.meet({key[0] for key in wanted})
    units = sorted({key[0] for key in wanted} | {each.id for key in wanted for each in data.within(key[0])})
    cells = data.cells(codes, units, sorted({key[2] for key in wanted}))
    rates = [each.code for each in indicators if each.aggregation == "ratio"]
    return Stock(held(cells, rates), data.children, counts, parts)


def _counts(indicator: Indicator) -> tuple[str, ...]:
    return tuple(code for code in (indicator.numerator, indicator.denominator) if code)


def parts(dims: str) -> list[list[str]]:
    """The ways in which a dims key is made up of others, the first that holds: CE of primary and junior; ALL of the
    value without a level, else of all levels."""
    kept = parse_dims_key(dims)
    level = kept.pop("level", "")
    made = [[dims_key({**kept, "level": part}) for part in _LEVELS[level]]] if level in _LEVELS else []
    return [[dims_key(kept)], *made] if level == "ALL" else made
