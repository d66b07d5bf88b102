"""The annexes of a bulletin: every unit below, the whole attention list, who has not reported, what the figures rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pages.analysis import display, publication
from pages.analysis.provenance import Key
from pages.exports.paper import Annex, Block, Run, Table
from pages.ui import attention_list, bulletin_sources, data, datasets, measures, profile, proofs, sentences
from pages.ui.bulletin_facts import Facts, Line
from pages.ui.text import DASH, fraction_text, period_short, say, target_text, title_of, value_text

ACROSS = 7  # indicators of one table on a turned sheet


def all_of(facts: Facts, sources: bulletin_sources.Register) -> tuple[Annex, ...]:
    """The annexes that hold something, numbered."""
    shown = facts.parts[(facts.parts["hidden"] == "") & facts.parts["value"].notna()]
    behind = sources.behind(shown)
    found: list[tuple[str, Sequence[Block], bool]] = [
        (say("bulletin.annex.units"), _units(facts), True),
        (say("bulletin.annex.records"), _records(facts, shown, behind), True),
        (say("bulletin.annex.attention"), _attention(facts), True),
        (say("bulletin.annex.missing"), _missing(facts), False),
        (say("bulletin.annex.definitions"), _definitions(facts), False),
        (say("bulletin.annex.sources"), [sources.table(behind)], False),
    ]
    held = [each for each in found if each[1]]
    return tuple(
        Annex(say("bulletin.annex.label", n=n), title, tuple(blocks), wide)
        for n, (title, blocks, wide) in enumerate(held, 1)
    )


def _chunks(facts: Facts) -> list[list[measures.Series]]:
    held = {
        (code, dims) for code, dims in facts.parts.loc[facts.parts["value"].notna(), ["indicator", "dims"]].to_numpy()
    }
    chosen = [each for each in facts.whole.chosen if (each.indicator.code, each.dims) in held]
    return [chosen[at : at + ACROSS] for at in range(0, len(chosen), ACROSS)]


def _rows(facts: Facts) -> dict[tuple[int, str, str], dict[str, object]]:
    return {
        (int(row["org_unit_id"]), str(row["indicator"]), str(row["dims"])): row
        for row in facts.parts.to_dict("records")
    }


def _head(each: measures.Series) -> str:
    return say("bulletin.annex.head", name=title_of(each.indicator, each.dims), measure=profile.measure(each.indicator),
               period=period_short(each.latest))  # fmt: skip


def _units(facts: Facts) -> list[Block]:
    """One row per unit directly below, the sum recomputed above them."""
    rows, units = _rows(facts), [each for each in facts.children if each in set(facts.parts["org_unit_id"])]
    whole = {(line.series.indicator.code, line.series.dims): line for line in facts.lines}
    notes = [say("bulletin.annex.units_note"), say("bulletin.annex.hidden_note") if facts.public else ""]
    found: list[Block] = []
    for chosen in _chunks(facts):
        lines = [whole[each.indicator.code, each.dims] for each in chosen]
        total = tuple(Run(cell_text(line.row.to_dict(), public=facts.public, hidden=line.hidden)) for line in lines)
        body = [(Run(say("bulletin.annex.total")), *total)]
        for unit in units:
            cells = [rows.get((unit, each.indicator.code, each.dims)) for each in chosen]
            body.append((Run(data.name(unit)), *(Run(_part(row, public=facts.public)) for row in cells)))
        heads = (say("common.column.unit"), *(_head(each) for each in chosen))
        widths = (1.25, *(1.0 for _ in chosen))
        found.append(Table("", heads, tuple(body), widths, frozenset(range(1, len(heads))), tuple(filter(None, notes))))
    return found


def _part(row: dict[str, object] | None, *, public: bool) -> str:
    return DASH if row is None else cell_text(row, public=public, hidden=str(row["hidden"]))


def cell_text(row: dict[str, object], *, public: bool, hidden: str = "") -> str:
    """A value as an annex prints it, with its counts below it in the internal edition."""
    if hidden:
        return say("bulletin.hidden")
    value = public_value(row) if public else ""
    if value:
        return value
    indicator = data.indicator(str(row["indicator"]), str(row["dims"]))
    value = value_text(row["value"], indicator, status=str(row["obs_status"]))
    counts = "" if public else fraction_text(row["numerator"], row["denominator"]).replace(" ", "")
    return f"{value}\n{counts}" if counts else value


def public_value(row: Mapping[str, object]) -> str:
    """A share near its ends of few people as the public is told it, `≥95%`; empty where it is told as it is."""
    indicator = data.indicator(str(row["indicator"]), str(row["dims"]))
    if indicator.unit != "percent" or not sentences.counts_people(indicator):
        return ""
    if not (display.is_number(row["value"]) and display.is_number(row["denominator"])):
        return ""
    found = publication.bound(float(str(row["value"])), float(str(row["denominator"])))
    return say(f"common.bound.{found[0]}", value=target_text(found[1], indicator)) if found else ""


def told_change(line: Line, *, public: bool) -> float | None:
    """The change against the year before; None where there is none, or where it would tell what the edition hides."""
    row, before = line.row, line.before
    if before is None or line.before_hidden or pd.isna(before["value"]) or pd.isna(row["value"]):
        return None
    if public and any(public_value(each.to_dict()) for each in (row, before)):
        return None
    return float(row["value"]) - float(before["value"])


def _records(facts: Facts, shown: pd.DataFrame, behind: Mapping[Key, tuple[int, ...]]) -> list[Block]:
    """The same table with the numbers of the records in place of the values."""
    if shown.empty:
        return []
    keys = zip(shown["org_unit_id"], shown["indicator"], shown["dims"], strict=True)
    found_runs = [bulletin_sources.runs_of(behind[key]) for key in proofs.keys_of(shown)]
    texts = dict(zip(keys, found_runs, strict=True))
    found: list[Block] = []
    for chosen in _chunks(facts):
        body = [
            (Run(data.name(unit)), *(Run(texts.get((unit, each.indicator.code, each.dims), DASH)) for each in chosen))
            for unit in facts.children
            if any((unit, each.indicator.code, each.dims) in texts for each in chosen)
        ]
        heads = (say("common.column.unit"), *(_head(each) for each in chosen))
        found.append(
            Table("", heads, tuple(body), (1.0, *(1.0 for _ in chosen)), notes=(say("bulletin.annex.records_note"),))
        )
    return found


def _attention(facts: Facts) -> list[Block]:
    if facts.attention.found.empty:
        return []
    rows = facts.attention.found
    frame = attention_list.frame_of(rows.assign(change=float("nan")) if facts.public else rows)
    frame[say("common.column.people")] = [
        DASH if pd.isna(each) else f"{each:,.0f}" for each in frame[say("common.column.people")]
    ]
    if facts.public:
        frame = frame.drop(columns=say("common.column.people"))
    body = tuple(tuple(Run(str(value)) for value in row) for row in frame.itertuples(index=False, name=None))
    widths = (
        (2.2, 1.1, 1.6, 1.3, 0.9, 1.5, 0.8, 0.8, 1.8, 2.2)
        if not facts.public
        else (2.2, 1.1, 1.6, 1.3, 0.9, 1.5, 0.8, 1.8, 2.2)
    )
    return [Table("", tuple(frame.columns), body, widths)]


def _missing(facts: Facts) -> list[Block]:
    """The schools that have not reported, by indicator and district."""
    rows = facts.progress
    if rows.empty:
        return []
    late = rows[rows["due"] & ~rows["reported"].astype(bool)]
    body = []
    for each in facts.whole.chosen:
        own = late[late["indicator"] == each.indicator.code]
        for county, held in own.groupby("county_id", sort=True, dropna=False):
            area = DASH if pd.isna(county) else data.name(int(county))
            names = profile.listed(str(name) for name in held["name"])
            body.append(
                tuple(
                    map(
                        Run,
                        (title_of(each.indicator, each.dims), period_short(each.latest), area, str(len(held)), names),
                    )
                )
            )
    if not body:
        return []
    heads = tuple(say(f"bulletin.missing.{name}") for name in ("indicator", "period", "area", "n", "names"))
    return [Table("", heads, tuple(body), (26, 14, 16, 8, 60), frozenset({3}))]


def _definitions(facts: Facts) -> list[Block]:
    frame = datasets.definitions(each.indicator.code for each in facts.whole.chosen)
    frame = frame.drop(columns=say("save.column.code"))
    body = tuple(tuple(Run(str(value)) for value in row) for row in frame.itertuples(index=False, name=None))
    return [Table("", tuple(frame.columns), body, (22, 10, 56, 24, 24))]
