"""Heat tables: units by periods or by indicators, the state of every value as colour and sign, each a way to its
proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from db.catalogue import Indicator
from pages.ui import cards, data, downloads, links, measures, profile, tables
from pages.ui.text import (
    COUNTED,
    DASH,
    coded,
    fraction_text,
    is_stated,
    join,
    period_brief,
    period_short,
    say,
    target_text,
    value_text,
)


def detail(row: profile.Record) -> str:
    """What is shown over a cell: value, counts, what it is measured against, state."""
    indicator = data.indicator(str(row["indicator"]), str(row["dims"]))
    spelled = target_text if row["benchmark"] == "target" else value_text
    label = say(f"common.benchmark.{row['benchmark']}") if row["benchmark"] else ""
    return join(
        [
            value_text(row["value"], indicator, status=row["obs_status"]),
            fraction_text(row["numerator"], row["denominator"]),
            join([label, spelled(row["target"], indicator)]) if label else "",
            cards.state_words(row["state"], row["benchmark"]) if row["state"] != "not_compared" else "",
            say("common.reported_mark") if is_stated(indicator, row["method"]) else "",
        ]
    )


def cell(row: profile.Record | None) -> tables.Cell:
    """A value as a filled cell that leads to its proof; a missing one is a dash with its reason."""
    if row is None:
        return tables.Cell(DASH, fill=True, hint=coded("obs_status", "not_reported"))
    indicator = data.indicator(str(row["indicator"]), str(row["dims"]))
    if not profile.has_value(row):
        return tables.Cell(DASH, fill=True, hint=coded("obs_status", str(row["obs_status"])))
    text = value_text(row["value"], indicator, unit=False)
    href = links.url(
        "evidence", unit=row["org_unit_id"], indicator=row["indicator"], period=row["period"], dims=row["dims"]
    )
    words = cards.state_words(row["state"], row["benchmark"])
    return tables.Cell(text, href, (), str(row["state"]), words, fill=True, hint=detail(row))


def key_to_colours(kinds: set[str]) -> str:
    """What colours and signs mean: measured against the target, against the city, or either, or nothing."""
    held = kinds - {""}
    return say(f"districts.key_{held.pop() if len(held) == 1 else 'both' if held else 'none'}")


def by_period(
    judged: pd.DataFrame, indicator: Indicator, codes: Sequence[str], heads: Mapping[int, tables.Cell]
) -> None:
    """Units by periods, in the order of `heads`."""
    held = {(row["org_unit_id"], row["period"]): row for row in judged.to_dict("records")}
    seen = {unit_id for unit_id, _ in held}
    rows = [
        tables.Row(head, tuple(cell(held.get((unit_id, code))) for code in codes))
        for unit_id, head in heads.items()
        if unit_id in seen
    ]
    st.caption(join([key_to_colours(set(judged["benchmark"])), say(f"common.axis.{indicator.unit}")]))
    tables.draw([say("common.column.unit"), *map(period_short, codes)], rows, ground=cards.ground(), latest=True)


def domains() -> list[str]:
    """The domains of the catalogue, in its order."""
    return list(dict.fromkeys(each.domain for each in data.catalogue().indicators))


def _offered(domain: str) -> list[str]:
    """Codes of the rates of a domain; of `headline` the headline ones of all."""
    return [
        each.code
        for each in data.catalogue().indicators
        if each.unit not in COUNTED and (each.headline if domain == "headline" else each.domain == domain)
    ]


def by_indicator(parent: int, domain: str, heads: Mapping[int, tables.Cell]) -> bool:
    """The units below one by the rates of a domain, each in its youngest common period and measured against what tells
    them apart; then the unit itself and the city. False where there is nothing to show."""
    choices, judged = data.kept("heat", lambda: _worked_out(parent, domain, list(heads)), parent, domain, tuple(heads))
    if not choices:
        return False
    groups = profile.grouped(judged)
    columns = [say("common.column.unit"), *(_head(choice, groups[choice]) for choice in choices)]
    whole = dict.fromkeys([parent, data.root_id() or parent])
    last = [(each, tables.Cell(data.name(each))) for each in whole]
    rows = [
        tables.Row(head, tuple(cell(_of(groups[choice], unit_id)) for choice in choices))
        for unit_id, head in [*heads.items(), *last]
    ]
    st.caption(key_to_colours(set(judged["benchmark"])))
    tables.draw(columns, rows, ground=cards.ground(), phone="tiles")
    name = join([data.name(parent), say("save.indicators")])
    downloads.values(name, judged, "heat")
    return True


def _worked_out(parent: int, domain: str, children: list[int]) -> tuple[list[profile.Choice], pd.DataFrame]:
    root = data.root_id() or parent
    cells = data.cells(_offered(domain), list(dict.fromkeys([root, parent, *children])))
    cells = cells[cells["period"] != ""]
    groups = profile.grouped(cells)
    own = profile.grouped(cells[cells["org_unit_id"].isin(children)])
    level = profile.level_of(children) if children else None
    choices = profile.main_choices(own, level)
    found = []
    for choice in choices:
        period = profile.common_period(own[choice], len(children))
        rows = pd.DataFrame([row for row in groups[choice] if row["period"] == period])
        whole = rows[rows["org_unit_id"] == root]
        judged = measures.against(rows, whole, data.indicator(*choice))
        itself = judged["org_unit_id"] == root  # nothing is measured against itself
        judged.loc[itself & (judged["benchmark"] == "city"), "state"] = "not_compared"
        found.append(judged)
    return choices, pd.concat(found, ignore_index=True) if found else cells


def _of(rows: Sequence[profile.Record], unit_id: int) -> profile.Record | None:
    return next((row for row in rows if row["org_unit_id"] == unit_id), None)


def _head(choice: profile.Choice, rows: Sequence[profile.Record]) -> tables.Cell:
    """An indicator over its column: its period and what it is measured against."""
    indicator, row = data.indicator(*choice), rows[0]
    benchmark = str(row["benchmark"])
    spelled = target_text if benchmark == "target" else value_text
    against = join([say(f"common.benchmark.{benchmark}"), spelled(row["target"], indicator)]) if benchmark else ""
    return tables.Cell(
        profile.title(choice), notes=(join([period_brief(row["period"]), profile.measure(indicator)]), against)
    )
