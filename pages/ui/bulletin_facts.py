"""What a bulletin of a unit and a period tells, read from the store by the same rules as the overview."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from db.periods import parse_period
from pages.analysis import publication, series
from pages.ui import board, data, measures, sentences, wide

INTERNAL, PUBLIC = "internal", "public"
EDITIONS = (INTERNAL, PUBLIC)
_KINDS = ("county", "town", "school")


class Line(NamedTuple):
    """One headline indicator: its judged row, that of a year before, its course, and why the two are hidden ("": shown)."""

    series: measures.Series
    row: pd.Series
    before: pd.Series | None
    course: str
    hidden: str
    before_hidden: str


class Facts(NamedTuple):
    """Everything of one bulletin. `parts` are the judged cells of the units directly below with `hidden`; `left_out`
    counts lines of the attention list that the edition does not show; `earlier` are findings from before that are open; of the
    series in `quiet` (indicator, dims) the past must not be drawn."""

    root: int
    period: str
    edition: str
    kind: str
    whole: board.City
    lines: list[Line]
    attention: board.Attention
    left_out: int
    progress: pd.DataFrame
    findings: pd.DataFrame
    earlier: pd.DataFrame
    children: list[int]
    parts: pd.DataFrame
    quiet: frozenset[tuple[str, str]]

    def coverage(self, code: str) -> tuple[int, int]:
        """How many schools have reported an indicator of those that should have."""
        rows = self.progress[self.progress["indicator"] == code]
        due = rows[rows["due"].astype(bool)]
        return int(due["reported"].astype(bool).sum()), len(due)

    @property
    def public(self) -> bool:
        return self.edition == PUBLIC


def periods(root: int) -> list[str]:
    """The periods in which a unit has values of headline indicators, the youngest first, of those that end together the
    longest first."""
    cells = measures.headline_cells(root)
    cells = cells[cells["value"].notna() & (cells["period"] != "") & ~cells["period"].str.contains("..", regex=False)]
    held = cells.drop_duplicates("period").sort_values(["end_date", "start_date"], ascending=[False, True])
    return [str(each) for each in held["period"]]


def kinds(root: int) -> list[str]:
    """The kinds of units that stand below a unit, or its own."""
    below = [kind for kind in wide.kinds(_KINDS, root) if set(data.below(root, kind)) - {root}]
    return below or [data.unit(root).kind]


def worked_out(root: int, period: str, edition: str, kind: str) -> Facts:
    """The facts; `kind` is that of the units whose attention list is told. The public edition tells of the units directly
    below only: of those the hidden cells are worked out together with their sum."""
    whole = board.within(root, period)
    children = data.children(root)
    parts = _judged_parts(whole, children)
    public = edition == PUBLIC
    parts["hidden"] = _hidden(parts, whole) if public else ""
    units = (children or [root]) if public else data.below(root, kind)
    found = board.attention_of(whole, units)
    shown = _shown(found, parts) if public else found
    now, earlier = _findings(root, period)
    own = whole.judged.drop_duplicates(["indicator", "dims", "period"]).reset_index(drop=True)
    own["hidden"] = _hidden(own, whole) if public else ""
    quiet = own.loc[own["hidden"] != "", ["indicator", "dims"]].to_numpy()
    return Facts(
        root, period, edition, kind, whole, _lines(whole, own), shown, len(found.found) - len(shown.found),
        _progress(whole, root), now, earlier, children, parts, frozenset((str(a), str(b)) for a, b in quiet),
    )  # fmt: skip


def _progress(whole: board.City, root: int) -> pd.DataFrame:
    """Who has reported; nobody where the schools are too many to be gone through one by one."""
    return board.progress_of([] if wide.has_too_many("school", root) else whole.chosen, root)


def _judged_parts(whole: board.City, children: list[int]) -> pd.DataFrame:
    cells = measures.load(whole.chosen, children, latest=True)
    return measures.judged(cells, whole.judged).reset_index(drop=True)


def _hidden(cells: pd.DataFrame, whole: board.City) -> pd.Series:
    """Why each cell is hidden from the public; of canteens, visits and findings nobody's secret is told."""
    people = {each.indicator.code for each in whole.chosen if sentences.counts_people(each.indicator)}
    about = cells["indicator"].isin(people)
    return publication.hidden(cells[about], _counted_by(whole)).reindex(cells.index, fill_value="")


def _counted_by(whole: board.City) -> dict[str, str]:
    return {each.indicator.code: each.indicator.numerator for each in whole.chosen if each.indicator.numerator}


def _lines(whole: board.City, own: pd.DataFrame) -> list[Line]:
    places = {key: at for at, key in enumerate(zip(own["indicator"], own["dims"], own["period"], strict=True))}
    found = []
    for each, course in zip(whole.chosen, whole.courses, strict=True):
        code, dims = each.indicator.code, each.dims
        row = own.loc[places[code, dims, each.latest]]
        past = places.get((code, dims, series.year_before(each.latest) or ""))
        before = None if past is None else own.loc[past]
        found.append(
            Line(each, row, before, course, str(row["hidden"]), "" if before is None else str(before["hidden"]))
        )
    return found


def _shown(found: board.Attention, parts: pd.DataFrame) -> board.Attention:
    """The lines without those that rest on a hidden cell, or on one that is told as a bound only."""
    columns = ["org_unit_id", "indicator", "dims"]
    rates = [
        unit == "percent" and sentences.counts_people(data.indicator(str(code)))
        for unit, code in zip(parts["unit"], parts["indicator"], strict=True)
    ]
    told = zip(rates, parts["value"], parts["denominator"], strict=True)
    coded = pd.Series(
        [bool(rate and n > 0 and publication.bound(value, n)) for rate, value, n in told], index=parts.index, dtype=bool
    )
    hidden = set(map(tuple, parts.loc[(parts["hidden"] != "") | coded, columns].to_numpy()))
    keep = [tuple(row) not in hidden for row in found.found[columns].to_numpy()]
    return found._replace(
        found=found.found[pd.Series(keep, index=found.found.index, dtype=bool)].reset_index(drop=True)
    )


def _findings(root: int, period: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What inspections found in a period, and what they found before and nobody has mended."""
    span, frame = parse_period(period), data.findings(root)
    first, last = pd.Timestamp(span.start), pd.Timestamp(span.end)
    held = [measures.span_of(str(code)) for code in frame["period"]]
    begun = pd.Series([each[0] if each else pd.NaT for each in held], index=frame.index, dtype="datetime64[ns]")
    start = frame["found_on"].fillna(begun)
    inside = (start >= first) & (start <= last)
    return frame[inside], frame[(start < first) & (frame["state"] != "rectified")]
