"""What changed on the overview since the last visit, and why: from the old number to the new one, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pandas as pd
import streamlit as st

from db.catalogue import Indicator
from pages.analysis import display
from pages.analysis.steps import amounts
from pages.ui import cards, data, datasets, downloads, filters, links, measures, tables, vintage, visits
from pages.ui.text import (
    COUNTED,
    DASH,
    join,
    listed,
    moment_text,
    period_brief,
    period_text,
    plain,
    say,
    title_of,
    unit_text,
    value_text,
)

SHOWN = 8  # numbers told step by step, the latest periods first; all of them are in the download
BEGUN = 8  # numbers of new periods named in a line
NAMED = 3  # units named in a step
AT_ONCE = 30  # imports, above which a person asks for the steps first: they take seconds
PICK_PX = 300
_SPANS = {"d7": timedelta(days=7), "d30": timedelta(days=30), "d90": timedelta(days=90)}


def draw(root: int, chosen: Sequence[measures.Series]) -> tuple[int, int]:
    """The section with the choice of the moment; returns how many files came in since and how many were undone."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.header(say("changes.title"), anchor="changes", help=say("changes.help"), width="content")
        since = pick()
    files = data.imports()
    came, went = files[files["created_at"] > since], files[files["undone_at"] > since]
    if came.empty and went.empty:
        st.caption(say("changes.quiet", since=moment_text(since)))
        return 0, 0
    st.markdown(say("changes.files", since=moment_text(since), came=len(came), went=len(went)))
    if len(came) == len(files):
        st.caption(say("changes.empty_before"))
    elif len(came) + len(went) > AT_ONCE:
        cards.folded(say("changes.show"), "changes_all", lambda: steps(root, chosen, since))
    else:
        steps(root, chosen, since)
    return len(came), len(went)


def pick() -> datetime:
    """The moment from which on changes are told (UTC): the last visit of this browser, or another one."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    visit = visits.last()
    offered = {code: now - span for code, span in _SPANS.items()}
    asked = vintage.end_of(st.query_params.get("since", ""))
    if asked is not None:
        offered = {st.query_params["since"]: asked, **offered}
    if visit is not None:
        offered = {"last": visit, **offered}
    with st.container(width=PICK_PX):
        code = filters.choose("since", say("changes.since"), list(offered), "last" if visit else "d7", _moment_words)
    # to the hour, so that a page opened again finds what was worked out already
    at = offered[code or "d7"]
    return at if code not in _SPANS else at.replace(minute=0, second=0)


def _moment_words(code: str) -> str:
    if code == "last":
        return say("changes.last", at=moment_text(visits.last()))
    return say(f"changes.span.{code}") if code in _SPANS else vintage.words(code)


def steps(root: int, chosen: Sequence[measures.Series], since: datetime) -> None:
    """Every number of the overview that is another one now."""
    told = data.changes([(each.indicator.code, each.dims) for each in chosen], root, since)
    if told.empty:
        st.caption(say("changes.none"))
        return
    cells = [rows for _, rows in told.groupby(["indicator", "dims", "period"], sort=False)]
    changed = [rows for rows in cells if pd.notna(rows["value"].iloc[0])]
    begun = [rows for rows in cells if pd.isna(rows["value"].iloc[0])]
    data.meet(int(each) for rows in changed[:SHOWN] for ids in rows["unit_ids"] for each in ids[:NAMED])
    if changed:
        heads = [say(f"changes.column.{name}") for name in ("cause", "file", "units", "numerator", "denominator",
                                                            "added", "value")]  # fmt: skip
        rows = [row for cell in changed[:SHOWN] for row in table_rows(cell, root)]
        tables.draw(heads, rows, caption=say("changes.caption"))
        if len(changed) > SHOWN:
            st.caption(say("changes.more", n=len(changed) - SHOWN))
    if begun:
        named = [begun_words(rows) for rows in begun[:BEGUN]]
        key = "changes.begun" if len(begun) <= BEGUN else "changes.begun_more"
        st.markdown(say(key, names=listed(named), n=len(begun) - BEGUN))
    title = say("changes.title")
    downloads.control(title, lambda: datasets.plain(title, saved(told)), "changes", coded=False)


def begun_words(rows: pd.DataFrame) -> str:
    """A number of which nothing was known before."""
    last = rows.iloc[-1]
    indicator = data.indicator(str(last["indicator"]), str(last["dims"]))
    parts = [title_of(indicator, str(last["dims"])), period_brief(str(last["period"]))]
    return plain(join(parts)) + " " + plain(value_text(last["value"], indicator))


def table_rows(rows: pd.DataFrame, root: int) -> list[tables.Row]:
    """One number: a heading from old to new, then its steps."""
    first, last = rows.iloc[0], rows.iloc[-1]
    indicator = data.indicator(str(last["indicator"]), str(last["dims"]))
    decimals = decimals_of(indicator)
    printed = amounts(rows["value"].tolist(), decimals, from_nothing=not is_rate(indicator))
    whole = amounts([first["value"], last["value"]], decimals)[1]
    title = join([title_of(indicator, str(last["dims"])), period_text(str(last["period"]))])
    way = say(
        "changes.way",
        before=exact(first["value"], indicator),
        after=exact(last["value"], indicator),
        added=added_text(whole, indicator),
    )
    where = {"unit": root, "indicator": last["indicator"], "period": last["period"], "dims": last["dims"]}
    head = tables.Row(tables.Cell(join([title, way]), links.url("evidence", **where)))
    steps = [step_row(row, amount, indicator) for (_, row), amount in zip(rows.iterrows(), printed, strict=True)]
    return [head, *steps]


def step_row(row: pd.Series, amount: Decimal | None, indicator: Indicator) -> tables.Row:
    """One step: why, from which file, of which units, how much, and what stood after it."""
    file = "" if pd.isna(row["source_file_id"]) else links.url("evidence", doc=int(row["source_file_id"]))
    by = "" if row["kind"] == "start" else join([str(row["user"]), moment_text(row["at"])])
    return tables.Row(
        tables.Cell(cause_words(row)),
        (
            tables.Cell(str(row["file_name"]), file or None, (by,)),
            units_cell(row, indicator),
            tables.Cell(count_text(row["added_numerator"])),
            tables.Cell(count_text(row["added_denominator"])),
            tables.Cell("" if row["kind"] == "start" else added_text(amount, indicator)),
            tables.Cell(exact(row["value"], indicator), None, (counts(row),)),
        ),
    )


def cause_words(row: pd.Series) -> str:
    """Why a number moved: `补报`, `更正`, `撤销文件`; of many imports in one, how many."""
    if row["kind"] == "several":
        return say("changes.cause.several", n=int(row["n_events"]))
    if row["kind"] == "undone":
        return say("changes.cause.undone")
    return say(f"changes.cause.{row['cause']}")


def units_cell(row: pd.Series, indicator: Indicator) -> tables.Cell:
    """The units whose numbers moved: some by name, one of them as a way to its proof."""
    ids = [int(each) for each in row["unit_ids"]]
    if not ids:
        return tables.Cell("")
    names = named(ids[:NAMED])
    text = listed(names) if len(ids) <= NAMED else say("changes.units", names=listed(names), n=len(ids))
    where = {"unit": ids[0], "indicator": indicator.code, "period": row["period"], "dims": row["dims"]}
    return tables.Cell(text, links.url("evidence", **where) if len(ids) == 1 else None)


def named(unit_ids: Sequence[int]) -> list[str]:
    """The names of those units that may be seen."""
    return [one.name for one in map(data.find, unit_ids) if one is not None]


def decimals_of(indicator: Indicator) -> int:
    """One place more than the tiles show: what a single school adds to a city would round to nothing."""
    return 0 if indicator.unit in COUNTED else indicator.decimals + 1


def is_rate(indicator: Indicator) -> bool:
    """Whether the number is a quotient: it does not begin at nought."""
    return indicator.unit not in COUNTED


def exact(value: float, indicator: Indicator) -> str:
    """A value with one place more than usual."""
    if pd.isna(value):
        return DASH
    digits = f"{display.rounded(float(value), decimals_of(indicator)):,}"
    return unit_text(indicator.unit, digits)


def added_text(amount: Decimal | None, indicator: Indicator) -> str:
    """What a step added: in percentage points, or in what is counted."""
    if amount is None:
        return DASH
    digits = f"{amount:+,}" if amount else f"{abs(amount):,}"
    if indicator.unit == "percent":
        return say("common.change.points", value=digits)
    return unit_text(indicator.unit, digits)


def count_text(added: float) -> str:
    """What a step added to a numerator or denominator."""
    return "" if pd.isna(added) else display.signed(float(added), 0)


def counts(row: pd.Series) -> str:
    """The counts after a step."""
    if pd.isna(row["denominator"]) or pd.isna(row["numerator"]):
        return ""
    return f"{display.number(row['numerator'])} / {display.number(row['denominator'])}"


def saved(told: pd.DataFrame) -> pd.DataFrame:
    """Every step as raw numbers."""
    data.meet(each for ids in told["unit_ids"] for each in ids)
    names = [listed(named(ids)) for ids in told["unit_ids"]]
    return pd.DataFrame(
        {
            say("common.column.indicator"): [
                title_of(data.indicator(code), dims) for code, dims in zip(told["indicator"], told["dims"], strict=True)
            ],
            say("common.column.period"): [period_text(each) for each in told["period"]],
            say("changes.column.cause"): [cause_words(row) for _, row in told.iterrows()],
            say("common.column.at"): [moment_text(each) for each in told["at"]],
            say("common.column.file"): told["file_name"].tolist(),
            say("common.column.user"): told["user"].tolist(),
            say("changes.column.units"): names,
            say("changes.column.numerator"): told["added_numerator"].tolist(),
            say("changes.column.denominator"): told["added_denominator"].tolist(),
            say("changes.column.added"): told["added_value"].tolist(),
            say("changes.column.value"): told["value"].tolist(),
            say("common.column.numerator"): told["numerator"].tolist(),
            say("common.column.denominator"): told["denominator"].tolist(),
        }
    )
