"""The charts of a bulletin: the courses of its indicators, and the units below at the indicator that needs most attention."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pages.analysis import publication
from pages.exports.paper import Chart
from pages.ui import data, headline, pictures, ranking, sentences
from pages.ui.bulletin_facts import Facts
from pages.ui.text import join, period_brief, say, title_of

MOST = 40  # units of one chart


def all_of(facts: Facts, *, drawn: bool = False) -> list[Chart]:
    """The charts in the order in which the text has them; drawn only when asked for: where the values of many years come
    from takes seconds."""
    return [*courses(facts, drawn=drawn), *units(facts, drawn=drawn)]


def courses(facts: Facts, *, drawn: bool = False) -> list[Chart]:
    """The course of every headline indicator of the unit; none where the past may not be shown."""
    panels = headline.panels(facts.whole, facts.quiet)
    if not panels:
        return []
    told = facts.whole.judged
    keys = zip(told["indicator"], told["dims"], strict=True)
    told = told[pd.Series([key not in facts.quiet for key in keys], index=told.index, dtype=bool)]
    title = say("pictures.courses", unit=data.name(facts.root))
    alt = say("bulletin.chart.courses_alt", names=join(panel.title for panel in panels))
    return [_chart(1, title, alt, pictures.of_panels(lambda: panels, title, told), drawn)]


def units(facts: Facts, *, drawn: bool = False) -> list[Chart]:
    """The units directly below, from best to worst, at the indicator of the gravest line of the attention list."""
    found = facts.attention.found
    if found.empty or len(facts.children) < 2:
        return []
    first = found.iloc[0]
    rows = facts.parts[(facts.parts["indicator"] == first["indicator"]) & (facts.parts["dims"] == first["dims"])]
    hidden = int((rows["hidden"] != "").sum())
    rows = rows[rows["value"].notna() & (rows["hidden"] == "")]
    indicator = data.indicator(str(first["indicator"]), str(first["dims"]))
    rows = rows.sort_values("value", ascending=indicator.direction == "lower", kind="stable")
    if facts.public and sentences.counts_people(
        indicator
    ):  # a point of few people near the end would say what the table does not
        rows = rows[~(rows["denominator"] < publication.LARGE)]
    if len(rows) < 2:
        return []
    title = say(
        "bulletin.chart.units",
        indicator=title_of(indicator, str(first["dims"])),
        period=period_brief(str(first["period"])),
    )
    notes = (say("bulletin.chart.hidden", n=hidden),) if hidden else ()
    if len(rows) > MOST:
        notes += (say("bulletin.chart.cut", n=MOST, total=len(rows)),)
        rows = rows.tail(MOST)
    picture = pictures.of_figure(
        lambda: ranking.figure(rows, indicator), title, say(f"common.axis.{indicator.unit}"), rows, *notes
    )
    alt = say("bulletin.chart.units_alt", indicator=title_of(indicator, str(first["dims"])), n=len(rows))
    return [_chart(2, title, alt, picture, drawn)]


def _chart(number: int, title: str, alt: str, picture: pictures.Picture, drawn: bool) -> Chart:
    version = say("bulletin.version", revision=data.revision())
    spec = pictures.spec(replace(picture, title=title), version) if drawn else {}
    return Chart(say("bulletin.chart.caption", n=number, title=title), alt, spec)
