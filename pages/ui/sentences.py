"""A line of the attention list in words."""

from __future__ import annotations

import pandas as pd

from db.records import dims_key
from pages.analysis import display
from pages.analysis.attention import short_of
from pages.ui import courses, data
from pages.ui.text import COUNTED, change_text, period_brief, plain, say, target_text, title_of, unit_text, value_text

_OF_PEOPLE = ("person", "dose")


def attention(row: pd.Series, unit: str, owner: str = "") -> str:
    """The line of the attention list in words: what, how far, and smaller how sure."""
    stop = say("overview.attention.stop")
    what, more = pieces(row, unit, owner)
    return f"{stop.join(what)}  \n:small[{stop.join(more)}]"


def pieces(row: pd.Series, unit: str, owner: str = "") -> tuple[list[str], list[str]]:
    """What is said of a line of the attention list: what and how far; then since when, how it moved, how sure,
    what five years say, and who sees to it."""
    indicator = data.indicator(row["indicator"], row["dims"])
    side = "above" if row["comparator"] == "<=" else "below"
    what = [
        say("overview.attention.what", unit=plain(unit), indicator=plain(title_of(indicator, row["dims"])),
            value=plain(value_text(row["value"], indicator))),
        say(f"overview.attention.{row['benchmark']}_{side}", value=plain(benchmark_text(row, indicator))),
        say(f"overview.attention.short_{side}", n=short_text(int(row["short"]), indicator)),
    ]  # fmt: skip
    more = [
        run_text(row),
        "" if pd.isna(row["change"]) else since_last_year(row["change"], indicator),
        chance_text(row, indicator),
        _within(courses.words(row["course"])),
        say("overview.attention.small", n=display.number(row["denominator"])) if row["small"] else "",
        say("overview.attention.owned", owner=plain(owner)) if owner else "",
    ]
    return what, [each for each in more if each]


def _within(phrase: str) -> str:
    """A phrase as it stands inside an English sentence; Chinese knows no capitals."""
    return phrase[:1].lower() + phrase[1:]


def run_text(row: pd.Series) -> str:
    """Since when: the first period of the present run, and how many periods it has lasted."""
    if row["run"] > 1:
        return say("overview.attention.run", first=period_brief(row["first"]), n=int(row["run"]))
    return say("overview.attention.new", first=period_brief(row["first"]))


def chance_text(row: pd.Series, indicator: data.Indicator) -> str:
    """Whether the gap is beyond chance, and against what that was tested where it was not the benchmark itself."""
    if row["sure"] and (row["benchmark"] == "city" or 0 < row["target"] < 100):
        return say("overview.attention.sure")
    if pd.isna(row["whole"]) or pd.isna(row["lower"]):
        return say("overview.attention.untested")
    worse = row["value"] > row["whole"] if row["comparator"] == "<=" else row["value"] < row["whole"]
    key = "sure_city" if row["sure"] else "unsure_city" if worse else "like_city"
    return say(f"overview.attention.{key}", value=plain(value_text(row["whole"], indicator)))


def since_last_year(change: float, indicator: data.Indicator) -> str:
    """The change against the same period of the year before; one that rounds to nothing is no change."""
    if display.rounded(change, indicator.decimals) == 0:
        return say("overview.attention.unchanged")
    way = "overview.attention.rose" if change > 0 else "overview.attention.fell"
    return say(way, change=plain(change_text(change, indicator).lstrip("+-")))


def benchmark_text(row: pd.Series, indicator: data.Indicator) -> str:
    """What a value is measured against: a target as it was set, the city's value as it came out."""
    words = target_text if row["benchmark"] == "target" else value_text
    return words(row["target"], indicator)


def gap_in_people(row: pd.Series, indicator: data.Indicator) -> str:
    """`还差26人`: what a proportion lacks to its target; empty where it is met or rests on no counts."""
    if row["state"] not in ("missed", "near") or pd.isna(row["denominator"]) or indicator.unit != "percent":
        return ""
    side = "above" if row["comparator"] == "<=" else "below"
    short = short_of(row["numerator"], row["denominator"], row["target"], row["comparator"])
    return say(f"overview.attention.short_{side}", n=short_text(short, indicator)) if short else ""


def short_text(short: int, indicator: data.Indicator) -> str:
    """How many are missing: people where the rate counts people, else doses, schools or whatever it counts."""
    part = indicator if indicator.unit in COUNTED else _part(indicator)
    unit = part.unit if part is not None else "person" if counts_people(indicator) else "canteen"
    return unit_text(unit, display.number(short))


def counts_people(indicator: data.Indicator) -> bool:
    """Whether a rate, or a count, tells of people (a dose is given to one) and not of canteens, visits or findings."""
    if indicator.unit in COUNTED:
        return indicator.unit in _OF_PEOPLE
    part = _part(indicator)
    return indicator.domain != "hygiene" if part is None else part.unit in _OF_PEOPLE


def _part(indicator: data.Indicator) -> data.Indicator | None:
    """The count that is the numerator of a rate, on the same basis."""
    return data.indicator(indicator.numerator, dims_key({"basis": indicator.basis})) if indicator.numerator else None
