"""A discrepancy on the screen: both values with their proofs, the difference, the likely cause, and the ruling."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.analysis import display
from pages.ui import access, actions, cards, data, links
from pages.ui.sentences import short_text
from pages.ui.text import (
    COUNTED,
    coded,
    dims_text,
    join,
    moment_text,
    name_of,
    period_brief,
    period_text,
    plain,
    say,
    title_of,
    unit_text,
    value_text,
)

VERDICTS = ("standing", "told", "both")
_SAID = "_ruling_said"


def standing_url(row: pd.Series) -> str:
    """The address of the value that stands: its cell or sentence, or the parts of a sum."""
    if pd.notna(row["standing_observation_id"]):
        return links.url("evidence", obs=int(row["standing_observation_id"]))
    where = {"unit": int(row["org_unit_id"]), "indicator": row["indicator"]}
    return links.url("evidence", **where, period=row["period"], dims=row["dims"])


def told_url(row: pd.Series) -> str:
    """The address of what the other source says."""
    return links.url("evidence", obs=int(row["told_observation_id"]))


def standing_name(row: pd.Series) -> str:
    """What the standing value comes from: the file, or the units below."""
    if pd.isna(row["standing_observation_id"]):
        return say(f"quality.{'from_parts' if data.indicator(row['indicator']).unit in COUNTED else 'from_counts'}")
    return join([coded("source_kind", row["standing_kind"]), str(row["standing_file"])])


def difference(row: pd.Series) -> str:
    """How far apart the two values are, in the indicator's unit and in persons or what else is counted."""
    indicator = data.indicator(row["indicator"], row["dims"])
    size, affected = abs(float(row["size"])), row["affected"]
    if indicator.unit == "percent":
        words = say("common.change.points", value=display.number(size, max(indicator.decimals, 1)))
        about = short_text(round(affected), indicator) if display.is_number(affected) and affected >= 0.5 else ""
        return say("quality.apart_about", size=words, about=about) if about else say("quality.apart", size=words)
    words = unit_text(indicator.unit, display.number(size, 0 if indicator.unit in COUNTED else 2))
    share = 100 * size / abs(row["standing_value"]) if row["standing_value"] else None
    if share is None:
        return say("quality.apart", size=words)
    return say("quality.apart_share", size=words, share=display.percent(share, 1))


def cause(row: pd.Series) -> str:
    """Why the two values probably differ."""
    kind, detail = str(row["cause"]), str(row["cause_detail"])
    head, _, rest = detail.partition(":")
    if kind == "date":
        return say("quality.cause.date", period=period_text(rest))
    if kind == "definition" and head == "indicator":
        indicator = data.indicator(rest)
        return say("quality.cause.definition", other=name_of(indicator) if indicator else rest)
    if kind == "definition":
        return say("quality.cause.definition", other=dims_text(rest))
    return say(f"quality.cause.{kind}", factor=detail)


def listing(rows: pd.DataFrame) -> pd.DataFrame:
    """Discrepancies as a table in words."""
    found = [(row, data.indicator(row["indicator"], row["dims"])) for _, row in rows.iterrows()]
    return pd.DataFrame(
        {
            say("common.column.unit"): [row["org_unit_name"] for row, _ in found],
            say("common.column.indicator"): [title_of(each, row["dims"]) for row, each in found],
            say("common.column.period"): [period_text(row["period"]) for row, _ in found],
            say("quality.standing"): [value_text(row["standing_value"], each) for row, each in found],
            say("quality.column.standing_from"): [standing_name(row) for row, _ in found],
            say("quality.told"): [value_text(row["told_value"], each) for row, each in found],
            say("quality.column.told_from"): [row["told_file"] for row, _ in found],
            say("quality.column.apart"): [difference(row) for row, _ in found],
            say("quality.column.cause"): [cause(row) for row, _ in found],
            say("quality.rule"): [
                say(f"quality.verdict.{row['verdict']}") if isinstance(row["verdict"], str) else "" for row, _ in found
            ],
        }
    )


def card(row: pd.Series) -> None:
    """One discrepancy as a card."""
    number = int(row["told_observation_id"])
    with st.container(border=True, gap="xsmall", key=f"dispute_{number}"):
        data.drawn("dispute", lambda: told(row), number)
        if isinstance(row["verdict"], str):
            cards.folded(say("quality.past"), f"past_{number}", lambda: past(number))
        if access.current().may("upload"):
            decide(row)


def told(row: pd.Series) -> None:
    """Both values with where they come from, how far apart they are and probably why, and the ruling."""
    indicator = data.indicator(row["indicator"], row["dims"])
    unit, title = plain(row["org_unit_name"]), plain(title_of(indicator, row["dims"]))
    st.markdown(join([f"**{unit}**", title, plain(period_brief(row["period"])), f"**{plain(difference(row))}**"]))
    left, right = st.columns(2, gap="small")
    standing, other = _values(row)
    swapped = row["verdict"] == "told" and not row["is_open"]
    with left:
        side(
            say("quality.displaced" if swapped else "quality.standing"),
            standing,
            standing_url(row),
            standing_name(row),
        )
    with right:
        name = join([coded("source_kind", row["told_kind"]), str(row["told_file"])])
        side(say("quality.standing" if swapped else "quality.told"), other, told_url(row), name)
    st.markdown(plain(cause(row)))
    if row["is_reopened"]:
        st.caption(say("quality.reopened", user=plain(row["ruled_by"]), at=moment_text(row["ruled_at"])))
    if not row["is_open"]:
        ruled(row)


def side(label: str, value: str, address: str, source: str) -> None:
    """One of the two values with the way to its proof and where it comes from."""
    links.line([(label, ""), (value, address)], small=source)


def ruled(row: pd.Series) -> None:
    """What was ruled, by whom, when and why."""
    words = {
        "verdict": say(f"quality.verdict.{row['verdict']}"),
        "user": row["ruled_by"],
        "at": moment_text(row["ruled_at"]),
    }
    st.info(plain(say("quality.ruled", **words, reason=row["reason"])), icon=":material/gavel:")


def past(number: int) -> None:
    """Every ruling on the discrepancy, those taken back among them."""
    for each in data.rulings_of(number).itertuples():
        words = {
            "verdict": say(f"quality.verdict.{each.verdict}"),
            "user": each.ruled_by,
            "at": moment_text(each.ruled_at),
        }
        st.markdown("- " + plain(say("quality.ruled", **words, reason=each.reason or "—")))


def _values(row: pd.Series) -> tuple[str, str]:
    indicator = data.indicator(row["indicator"], row["dims"])
    return value_text(row["standing_value"], indicator), value_text(row["told_value"], indicator)


def decide(row: pd.Series) -> None:
    """The way to rule, or to take a ruling back."""
    number = int(row["told_observation_id"])
    problem = st.session_state.get(_SAID, {}).get(number)
    if problem:
        st.error(problem, icon=":material/error:")
    if not row["is_open"]:
        st.button(
            say("quality.revoke"), key=f"revoke_{number}", icon=":material/undo:", on_click=take_back, args=(number,)
        )
        return
    standing, other = _values(row)
    values = {"standing": standing, "told": other, "both": ""}
    with st.popover(say("quality.rule"), icon=":material/gavel:", key=f"rule_{number}"):
        st.radio(
            say("quality.which"),
            VERDICTS,
            format_func=lambda each: say(f"quality.choice.{each}", value=values[each]),
            key=f"verdict_{number}",
        )
        st.text_input(say("quality.why"), key=f"why_{number}", placeholder=say("quality.why_hint"), max_chars=500)
        st.button(say("quality.save"), key=f"save_{number}", type="primary", on_click=save, args=(number,))


def save(number: int) -> None:
    """Callback: store the ruling that was filled in."""
    chosen, why = st.session_state[f"verdict_{number}"], st.session_state[f"why_{number}"]
    st.session_state[_SAID] = {number: actions.rule(number, chosen, why)}


def take_back(number: int) -> None:
    """Callback: the discrepancy is open again."""
    st.session_state[_SAID] = {number: actions.revoke(number)}
