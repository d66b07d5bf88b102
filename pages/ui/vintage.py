"""What was known at an earlier moment, beside what is known now: the choice of the moment and what differs since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pandas as pd
import streamlit as st

from pages.ui import data, filters
from pages.ui.text import say

NOW = "now"
WIDTH_PX = 240
SHOWN = 30  # moments offered, the latest first
SAME = 1e-9  # less apart than this is no difference: sums of the same parts in another order
_PLACE = ["org_unit_id", "indicator", "period", "dims"]


def pick(name: str, label: str) -> datetime | None:
    """The moment chosen (UTC), from those after which the store changed again; None for now. Nothing is drawn where
    nothing ever changed since the first import."""
    offered = moments([at.to_pydatetime() for at in data.recent_changes()["at"]])
    asked = end_of(st.query_params.get(name, NOW))
    if asked is not None and asked < datetime.now(UTC).replace(tzinfo=None):
        offered.setdefault(st.query_params[name], asked)
    if not offered:
        return None
    options = [NOW, *sorted(offered, key=offered.__getitem__, reverse=True)]
    with st.container(width=WIDTH_PX):
        chosen = filters.choose(name, label, options, NOW, words)
    return None if chosen is None else offered.get(chosen)


def words(code: str) -> str:
    """A moment in words: `现在`, `截至2026-11-20`, to the minute on the last day on which anything changed."""
    return say("vintage.now") if code == NOW else say("vintage.until", at=code.replace("T", " "))


def moments(changes: Sequence[datetime]) -> dict[str, datetime]:
    """The ends of the days on which the store changed (UTC), of the last such day by the minute; code to moment, without
    the last one, which is now. `changes` are UTC; days are those of the machine's own time."""
    local = sorted({_local(each).replace(second=0, microsecond=0) for each in changes})
    if not local:
        return {}
    last = local[-1].date()
    codes = [each.strftime("%Y-%m-%dT%H:%M") if each.date() == last else each.date().isoformat() for each in local]
    kept = list(dict.fromkeys(codes))[:-1]
    return {code: at for code in kept[-SHOWN:] if (at := end_of(code)) is not None}


def end_of(code: str) -> datetime | None:
    """The end (UTC) of a day or minute of the machine's own time; None for what is neither."""
    try:
        start = datetime.fromisoformat(code)
    except ValueError:
        return None
    span = timedelta(minutes=1) if "T" in code else timedelta(days=1)
    return (start + span).astimezone(UTC).replace(tzinfo=None)


def _local(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC).astimezone().replace(tzinfo=None)


def differing(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """The cells whose value is another one now: the columns of `_PLACE`, `then` and `now`; missing where there was, or
    is, no value. Both frames have the columns of data.cells."""
    both = then[[*_PLACE, "value"]].merge(now[[*_PLACE, "value"]], on=_PLACE, how="outer", suffixes=("_then", "_now"))
    both = both.rename(columns={"value_then": "then", "value_now": "now"})
    same = both["then"].isna() & both["now"].isna() | ((both["then"] - both["now"]).abs() < SAME)
    return both[~same].reset_index(drop=True)
