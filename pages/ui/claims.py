"""Comparisons of reports in words: what is said, what the store makes of it, and the ways to both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from db.records_claims import SELF_CONTAINED
from pages.analysis import display
from pages.ui import cards, data, links
from pages.ui.text import (
    COUNTED,
    dims_text,
    join,
    name_of,
    period_brief,
    plain,
    say,
    title_of,
    unit_text,
    value_text,
)

RESULTS = ("contradicted", "consistent", "not_checkable")
_ICONS = {
    "contradicted": ":material/error:",
    "consistent": ":material/check_circle:",
    "not_checkable": ":material/help:",
}
_COLOURS = {"contradicted": "orange", "consistent": "blue", "not_checkable": "gray"}


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of a claim in its text, as the evidence page marks it."""

    start: int
    end: int
    sentence_start: int
    sentence_end: int
    words: str
    observation_id: int  # below zero: no observation
    cell: None = None
    sheet: None = None


def spot(file_id: int, claim_id: int | None) -> Spot | None:
    """Where a claim of a document stands; None when the document has no such claim."""
    if claim_id is None:
        return None
    found = data.claims(file_id)
    found = found[found["claim_id"] == claim_id]
    if found.empty:
        return None
    row = found.iloc[0]
    place = (int(row[name]) for name in ("start", "end", "sentence_start", "sentence_end"))
    return Spot(*place, verdict(row), -int(claim_id))


def url(row: pd.Series) -> str:
    """The address of the sentence that makes a claim."""
    return links.url("evidence", doc=int(row["source_file_id"]), claim=int(row["claim_id"]))


def result_badge(result: str) -> None:
    """The result as symbol, word and colour."""
    st.badge(say(f"quality.result.{result}"), icon=_ICONS[result], color=_COLOURS[result])  # type: ignore[arg-type]


def heading(row: pd.Series) -> str:
    """Unit, indicator and period of a claim, safe inside markdown."""
    indicator = _indicator(row)
    unit = row["org_unit_name"] if isinstance(row["org_unit_name"], str) else ""
    title = title_of(indicator, _key(row["dims"])) if indicator is not None else ""
    period = period_brief(row["period"]) if isinstance(row["period"], str) and row["period"] else ""
    words = join([f"**{plain(unit)}**" if unit else "", plain(title), plain(period)])
    return words or plain(row["file_name"])


def said(row: pd.Series) -> str:
    """The claim as the document makes it: 比上年提高1.4个百分点."""
    kind, base = row["kind"], str(row["base_words"])
    size = _amount(row, row["size"])
    way = row["direction"] if isinstance(row["direction"], str) else "up"
    match kind:
        case "from_to":
            return say(f"quality.said.from_to_{way}", base=_printed(row, "base_value"), value=_printed(row, "value"))
        case "share":
            return say("quality.said.share", base=base or say("quality.whole"), size=size)
        case "multiple":
            return say("quality.said.multiple", base=base or say("quality.before"), size=size)
        case "unchanged":
            key = "unchanged_plain" if base in SELF_CONTAINED else "unchanged"
            return say(f"quality.said.{key}", base=base)
        case "target":
            return say(
                f"quality.said.{'target' if display.is_number(row['size']) else 'exceeded'}", base=base, size=size
            )
        case "benchmark":
            return say(f"quality.said.benchmark_{way}", base=base, size=size)
    key = "plain" if base in SELF_CONTAINED or row["base_kind"] == "span" else "than" if base else "bare"
    return say(f"quality.said.{key}", base=base, verb=_verb(row, way), size=size)


def computed(row: pd.Series) -> str:
    """What the values of the store (or of the sentence) make of the same."""
    value = float(row["computed"])
    match row["kind"]:
        case "from_to":
            return join([_stored(row, "store_base"), _stored(row, "now_value")])
        case "share" | "target" if display.is_number(row["size"]):
            return _amount(row, value)
        case "multiple":
            return say("quality.times", size=display.number(value, 2))
    if display.rounded(value, 2 if _is_rate(row) or row["kind"] == "relative" else 0) == 0:
        return say("quality.level")
    size = _amount(row, abs(value), exact=True)
    if row["kind"] == "benchmark":
        return say(f"quality.said.{'higher' if value > 0 else 'lower'}", size=size)
    return say("quality.said.bare", base="", verb=_verb(row, "up" if value > 0 else "down"), size=size)


def _verb(row: pd.Series, way: str) -> str:
    """A rate rises and falls, a count grows and shrinks."""
    return say(f"quality.verb.{'rate' if _is_rate(row) else 'count'}_{way}")


def verdict(row: pd.Series) -> str:
    """The claim and its result in one sentence."""
    if row["result"] == "not_checkable":
        return say("quality.sentence.not_checkable", said=said(row), reason=say(f"quality.reason.{row['reason']}"))
    key = "inner" if row["inner"] else row["kind"] if row["kind"] in ("from_to", "unchanged") else "other"
    return say(f"quality.sentence.{key}", said=said(row), computed=computed(row))


def _indicator(row: pd.Series) -> data.Indicator | None:
    """What a claim is about, as it is counted under the dims of the claim."""
    return data.indicator(row["indicator"], _key(row["dims"])) if isinstance(row["indicator"], str) else None


def _key(dims: object) -> str:
    return dims if isinstance(dims, str) else ""


def _is_rate(row: pd.Series) -> bool:
    indicator = _indicator(row)
    return indicator is not None and indicator.unit not in COUNTED


def _amount(row: pd.Series, value: object, *, exact: bool = False) -> str:
    """A size in its unit, with the decimals that the document prints (computed ones with two)."""
    if not display.is_number(value):
        return ""
    told = max(0, int(row["decimals"])) if pd.notna(row["decimals"]) else 0
    kind = row["kind"]
    points = kind in ("points", "unchanged", "benchmark") and _is_rate(row)
    percent = kind in ("relative", "share", "target")
    decimals = max(told, 2) if exact and (points or percent) else max(told, 1) if points or percent else told
    digits = display.number(float(value), decimals)  # type: ignore[arg-type]
    if points:
        return say("common.change.points", value=digits)
    if percent:
        return say("common.unit.percent", value=digits)
    if kind == "multiple":
        return digits
    indicator = _indicator(row)
    return unit_text(indicator.unit, digits) if indicator is not None else digits


def _printed(row: pd.Series, name: str) -> str:
    indicator = _indicator(row)
    if indicator is None or not display.is_number(row[name]):
        return "—"
    return unit_text(indicator.unit, display.number(float(row[name]), 2))


def _stored(row: pd.Series, name: str) -> str:
    indicator = _indicator(row)
    return value_text(row[name], indicator) if indicator is not None else "—"


def values(row: pd.Series) -> list[tuple[str, str]]:
    """The values of the store that the claim was set against: words and address of each."""
    found = []
    if display.is_number(row["now_value"]) and pd.notna(row["org_unit_id"]):
        words = join([period_brief(row["now_period"]), _stored(row, "now_value")])
        found.append((words, _cell(row["org_unit_id"], row["indicator"], row["now_period"], row["dims"])))
    if display.is_number(row["store_base"]):
        code = row["base_indicator"] if isinstance(row["base_indicator"], str) else row["indicator"]
        indicator = data.indicator(code, _key(row["base_dims"]))
        words = join([_base_name(row), value_text(row["store_base"], indicator) if indicator else ""])
        known = pd.notna(row["base_unit_id"]) and isinstance(row["base_dims"], str)
        found.append((words, _cell(row["base_unit_id"], code, row["base_period"], row["base_dims"]) if known else ""))
    return found


def _cell(unit_id: Any, code: str, period: str, dims: str) -> str:
    return links.url("evidence", unit=int(unit_id), indicator=code, period=period, dims=dims)


def _base_name(row: pd.Series) -> str:
    match row["base_kind"]:
        case "place":
            return data.name(int(row["base_unit_id"])) if pd.notna(row["base_unit_id"]) else str(row["base_words"])
        case "group":
            return dims_text(row["base_dims"])
        case "whole":
            indicator = data.indicator(row["base_indicator"], _key(row["base_dims"]))
            return name_of(indicator) if indicator is not None else str(row["base_words"])
        case "target":
            return say("quality.target")
    return period_brief(row["base_period"]) if isinstance(row["base_period"], str) else str(row["base_words"])


def line(row: pd.Series, *, with_file: bool = True) -> None:
    """One claim: its result, the sentence about it, and links to the document's sentence and the store's values."""
    with st.container(border=True, gap="xxsmall", key=f"claim_{row['claim_id']}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            result_badge(str(row["result"]))
            st.markdown(heading(row), width="content")
        st.markdown(plain(verdict(row)))
        if row["note"]:
            st.caption(say(f"quality.note.{row['note']}"))
        proofs = [(say("quality.in_report"), url(row)), *values(row)]
        links.line(proofs, small=str(row["file_name"]) if with_file else "")


def table(rows: pd.DataFrame, key: str) -> None:
    """Claims as a table with a way to the sentence of each."""
    sentence = say("quality.in_report")
    frame = listing(rows).assign(**{sentence: [url(row) for _, row in rows.iterrows()]})
    link = st.column_config.LinkColumn(display_text=sentence)
    cards.table(frame, key=key, alt=say("quality.claims"), columns={sentence: link})


def listing(rows: pd.DataFrame) -> pd.DataFrame:
    """Claims as a table in words."""
    found = [row for _, row in rows.iterrows()]
    return pd.DataFrame(
        {
            say("common.column.unit"): [
                row["org_unit_name"] if isinstance(row["org_unit_name"], str) else "" for row in found
            ],
            say("common.column.indicator"): [_title(row) for row in found],
            say("quality.column.claim"): [verdict(row) for row in found],
            say("quality.column.file"): [row["file_name"] for row in found],
        }
    )


def _title(row: pd.Series) -> str:
    indicator = _indicator(row)
    return title_of(indicator, _key(row["dims"])) if indicator is not None else ""


def of_document(file_id: int) -> None:
    """The comparisons of one document with their results, contradicted ones first; closed until they are asked for."""
    rows = data.claims(file_id)
    if rows.empty:
        return
    counts = {result: int((rows["result"] == result).sum()) for result in RESULTS}

    def draw() -> None:
        for result in RESULTS:
            for _, row in rows[rows["result"] == result].iterrows():
                line(row, with_file=False)

    cards.folded(say("quality.of_document", n=len(rows), **counts), f"open_claims_{file_id}", draw)
