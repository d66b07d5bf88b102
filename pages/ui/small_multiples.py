"""Many units, each in a small chart of its own on one scale: who goes another way than the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd
import streamlit as st

from db.catalogue import Indicator
from pages.analysis import display
from pages.charts import multiples, small
from pages.ui import cards, courses, data, links, pictures, trend_table, wide
from pages.ui.text import is_stated, join, name_of, period_short, period_text, say, title_of, value_text

MOST = 60  # charts that one page holds
WAYS = ("together", "apart", "next", "schools")
STYLE = """<style>
.small-multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(13rem, 44%), 1fr)); gap: 1rem 1.25rem;
  margin: 0 !important; padding: 0 !important; list-style: none; }
.small-multiples li { margin: 0 !important; padding: 0 !important; min-width: 0; }
.small-multiples a { color: inherit; text-decoration: underline dotted; text-underline-offset: 3px; font-size: .9rem;
  display: block; line-height: 24px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.small-multiples p { margin: 0; font-size: .8rem; line-height: 1.4; min-height: 1.4em; }
.small-multiples b { font-weight: 600; font-size: 1rem; font-variant-numeric: tabular-nums; }
.small-multiples .missed { background: color-mix(in srgb, #e07a1f 28%, transparent); border-radius: 3px; padding: 0 .3em; }
.small-multiples .met { background: color-mix(in srgb, #2a7fd0 18%, transparent); border-radius: 3px; padding: 0 .3em; }
.small-multiples img { display: block; width: 100%; height: auto; }
.small-multiples div { display: flex; justify-content: space-between; font-size: .75rem; }
@media print { .small-multiples { grid-template-columns: repeat(4, 1fr); } .small-multiples li { break-inside: avoid; } }
</style>"""


def ways(chosen: Sequence[int]) -> tuple[str, ...]:
    """How the units may be drawn: schools not where those below the first of them are too many."""
    return tuple(each for each in WAYS if each != "schools" or not wide.has_too_many("school", int(chosen[0])))


def units_of(way: str, chosen: Sequence[int]) -> tuple[list[int], int | None]:
    """The units that are drawn, and the one in whose parts they are seen: those chosen, or all below the first of them."""
    first = int(chosen[0])
    if way == "next":
        return data.children(first), first
    if way == "schools":
        return [each for each in data.below(first, "school") if each != first], first
    over = data.above(first)[:-1]
    return list(chosen), over[-1] if over else None


def worst_first(unit_ids: Sequence[int], judged: pd.DataFrame, indicator: Indicator, codes: Sequence[str]) -> list[int]:
    """Units with values by their newest one, the worst first; in their own order where no value is better than another."""
    rows = judged[judged["value"].notna() & judged["org_unit_id"].isin(unit_ids)]
    newest = rows.assign(at=rows["period"].map({code: n for n, code in enumerate(codes)})).sort_values("at")
    values = newest.drop_duplicates("org_unit_id", keep="last").set_index("org_unit_id")["value"]
    found = [each for each in unit_ids if each in values.index]
    sign = {"higher": 1, "lower": -1}.get(indicator.direction)
    return found if sign is None else sorted(found, key=lambda each: sign * float(values[each]))


def words(indicator: Indicator, held: int, units: int) -> str:
    """How many units there are, how many of them are drawn, and in which order."""
    order = "" if indicator.direction not in ("higher", "lower") else say("trends.small.worst_first")
    drawn = say("trends.small.more", most=MOST) if held > MOST else ""
    return join([say("trends.small.held", n=held, units=units), drawn, order])


def draw(
    judged: pd.DataFrame, indicator: Indicator, names: Mapping[int, str], codes: Sequence[str], above: int | None
) -> pictures.Picture:
    """The grid and what its signs mean; returns it as a picture for paper. `judged` (see measures.judged) holds the rows
    of the units of `names` and of `above`, the unit in whose parts they are seen, which is drawn behind each."""
    held = {unit: rows.drop_duplicates("period").set_index("period") for unit, rows in judged.groupby("org_unit_id")}
    lines = {unit: _values(held[unit], codes, "value") for unit in (*names, above) if unit in held and unit is not None}
    targets = {unit: _values(held[unit], codes, "target") for unit in lines}
    scale = small.Scale.over(*lines.values(), *targets.values())
    whole = lines.get(above, ()) if above is not None else ()
    verdicts = trend_table.of_units(judged, indicator, names, codes[-1])
    tiles = []
    for unit, name in names.items():
        rows, own = held[unit].reindex(list(codes)), lines[unit]
        stated = [isinstance(each, str) and is_stated(indicator, each) for each in rows["method"]]
        label = say("trends.small.alt", unit=name, indicator=name_of(indicator))
        image = small.course(own, stated, scale, label, whole=whole, target=targets[unit])
        tiles.append(_tile(unit, name, _last(held[unit], indicator, codes), verdicts[unit].course, image, codes))
    st.html(f'{STYLE}<ul class="small-multiples">{"".join(tiles)}</ul>')
    ends = [display.number(each, indicator.decimals) for each in (scale.low, scale.high)]
    st.caption(say("trends.small.scale", low=ends[0], high=ends[1], unit=say(f"common.axis.{indicator.unit}")))
    panels = [_panel(names[unit], held[unit], indicator, codes, lines[unit], targets[unit]) for unit in names]
    title = title_of(indicator, str(judged["dims"].iloc[0]))
    return pictures.of_panels(lambda: panels, title, judged, (scale.low, scale.high))


def _values(rows: pd.DataFrame, codes: Sequence[str], column: str) -> list[float | None]:
    return [None if pd.isna(each) else float(each) for each in rows[column].reindex(list(codes))]


def _newest(rows: pd.DataFrame, codes: Sequence[str]) -> pd.Series | None:
    told = rows.reindex([code for code in codes if code in rows.index]).dropna(subset=["value"])
    return None if told.empty else told.iloc[-1]


def _last(rows: pd.DataFrame, indicator: Indicator, codes: Sequence[str]) -> str:
    """The newest value with its sign, as the head of a tile."""
    row = _newest(rows, codes)
    if row is None:
        return ""
    text = escape(value_text(row["value"], indicator, status=str(row["obs_status"])))
    state = str(row["state"])
    judged = "" if state == "not_compared" else f' <span class="{state}">{escape(cards.state_words(state))}</span>'
    late = "" if row.name == codes[-1] else f" {escape(period_short(str(row.name)))}"
    return f"<b>{text}</b>{late}{judged}"


def _tile(unit: int, name: str, last: str, course: str, image: str, codes: Sequence[str]) -> str:
    href = escape(links.url("school", unit=unit))
    said = escape(courses.words(course))
    ends = "".join(f"<span>{escape(period_short(code))}</span>" for code in dict.fromkeys((codes[0], codes[-1])))
    head = f'<a href="{href}" title="{escape(name)}">{escape(name)}</a><p>{" · ".join(filter(None, (last, said)))}</p>'
    return f"<li>{head}{image}<div>{ends}</div></li>"


def _panel(
    name: str,
    rows: pd.DataFrame,
    indicator: Indicator,
    codes: Sequence[str],
    values: Sequence[float | None],
    targets: Sequence[float | None],
) -> multiples.Panel:
    row = _newest(rows, codes)
    last = "" if row is None else join([value_text(row["value"], indicator), period_text(str(row.name))])
    wanted = [each for each in targets if each is not None]
    return multiples.Panel(name, last, [period_short(code) for code in codes], values, wanted[-1] if wanted else None)
