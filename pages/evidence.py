"""Where a number comes from: its sentence in the whole document or its cell in the sheet, its parts and its history."""

from __future__ import annotations

import re
from typing import Any
from unicodedata import normalize

import pandas as pd
import streamlit as st

from pages.analysis import display
from pages.ui import access, cards, claims, data, document_list, links, paper, problems, profile, proof, search, tables
from pages.ui.text import (
    coded,
    dims_text,
    fraction_text,
    join,
    moment_text,
    name_of,
    period_text,
    plain,
    say,
    value_text,
)

LIMIT, UNITS = 200, 6  # found values and units that are shown
LONGEST_ID = 18  # digits; a longer number is no id of any database
_OPEN = "_open"  # the row picked in the last run: address name and id


def asked(*names: str) -> int | None:
    """The id that the address asks for under one of the names."""
    for name in names:
        text = st.query_params.get(name, "")
        if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID:
            return int(text)
    return None


def pick_table(frame: pd.DataFrame, key: str, name: str, ids: list[int], alt: str) -> None:
    """A table of which a row can be opened: its id goes into the address under `name`."""
    picked = st.dataframe(frame, hide_index=True, key=key, alt=alt, on_select="rerun", selection_mode="single-row")
    rows = picked["selection"]["rows"]
    if rows and rows[0] < len(ids):
        st.session_state[_OPEN] = (name, ids[rows[0]])
        st.rerun()


def open_picked() -> None:
    """Bring the row that was picked in the last run into the address, and leave the search."""
    if _OPEN in st.session_state:
        name, number = st.session_state.pop(_OPEN)
        for each in list(st.query_params):
            if each not in ("lang", "q"):  # q is bound to the search box
                del st.query_params[each]
        st.session_state["q"] = ""
        st.query_params[name] = str(number)


# ---- finding ----------------------------------------------------------------------------------------


def find(text: str) -> pd.DataFrame:
    """Observations with the number, or whose sentence, unit or file holds the text."""
    digits = normalize("NFKC", text).replace(",", "").rstrip("%")
    if re.fullmatch(r"[-+]?\d{1,15}(\.\d{1,9})?", digits):
        return data.search_observations(value=float(digits), limit=LIMIT)
    return data.search_observations(text=text, limit=LIMIT)


def results(text: str) -> None:
    """What a search found, each row a way to its proof."""
    found = find(text)
    named_units(text)
    if found.empty:
        cards.nothing_found(say("evidence.search.nothing", text=plain(text)))
        return
    st.caption(say("evidence.search.cut" if len(found) >= LIMIT else "evidence.search.count", n=len(found)))
    ids = [int(each) for each in found["observation_id"]]
    pick_table(proof.observation_table(found), "found", "obs", ids, say("evidence.search.alt"))


def named_units(text: str) -> None:
    """The units whose name holds the text, each a way to its page."""
    named = data.search_units(UNITS, text=text, outside=True).units
    if named:
        with st.container(horizontal=True):
            for one in named:
                links.school(one.id, plain(one.name))


def listing() -> None:
    """All documents."""
    frame = data.documents()
    if frame.empty:
        cards.empty_store()
        return
    st.header(say("evidence.documents"), anchor=False)
    frame = frame.sort_values("uploaded_at", ascending=False)
    rows = list(frame.itertuples())
    columns = {
        "file": [row.name for row in rows],
        "kind": [coded("source_kind", row.source_kind) for row in rows],
        "numbers": [row.n_observations for row in rows],
        "rejected": [row.n_rejected for row in rows],
        "issues": [row.n_issues for row in rows],
        "at": [moment_text(row.uploaded_at) for row in rows],
        "user": [row.uploaded_by for row in rows],
        "status": [coded("import_status", row.status) for row in rows],
    }
    shown = pd.DataFrame({say(f"evidence.column.{name}"): values for name, values in columns.items()})
    with st.container(key="wide_only"):
        st.caption(say("evidence.documents_lead"))
        pick_table(shown, "documents", "doc", [int(row.source_file_id) for row in rows], say("evidence.documents"))
    with st.container(key="narrow_only"):
        document_list.newest(rows)


# ---- one number -------------------------------------------------------------------------------------


def in_words(detail: Any) -> str:
    """The value with how exact the document says it is: 约3,000人, 95.0%以上."""
    value = proof.stated_text(detail.value, detail.unit, detail.indicator, detail.obs_status)
    if detail.qualifier == "exact" or detail.value is None:
        return value
    high = proof.stated_text(detail.value_high, detail.unit, detail.indicator)
    return say(f"evidence.qualifier.{detail.qualifier}", value=value, high=high)


def facts(detail: Any) -> list[tables.Row]:
    """The number's line by line description."""
    indicator = data.indicator(detail.indicator, detail.dims)
    lines = {
        "unit": tables.Cell(detail.org_unit_name, links.url("school", unit=detail.org_unit_id)),
        "period": tables.Cell(period_text(detail.period)),
        "dims": tables.Cell(dims_text(detail.dims)),
        "counts": tables.Cell(fraction_text(detail.numerator, detail.denominator)),
        "quote": tables.Cell(detail.quote),
        "place": tables.Cell(proof.place(detail)),
        "file": tables.Cell(detail.file_name, links.url("evidence", doc=detail.source_file_id)),
        "filed": tables.Cell(join([detail.imported_by, moment_text(detail.imported_at)])),
        "confidence": tables.Cell(proof.certainty(detail.confidence)),
        "rule": tables.Cell(proof.rule_words(detail.rule, detail.rule_version)),
        "number": tables.Cell(str(detail.observation_id)),
    }
    head = (
        [tables.Row(tables.Cell(say("evidence.fact.indicator")), (tables.Cell(name_of(indicator)),))]
        if indicator
        else []
    )
    rows = [tables.Row(tables.Cell(say(f"evidence.fact.{k}")), (cell,)) for k, cell in lines.items() if cell.text]
    return [*head, *rows]


def standing(detail: Any) -> None:
    """Whether the number is still what the store believes."""
    if detail.import_status == "undone":
        st.warning(say("evidence.undone"), icon=":material/undo:")
    elif detail.valid_to is not None:
        st.warning(say("evidence.replaced"), icon=":material/history:")


def show_number(detail: Any) -> None:
    """One observation: in words, then its proof with the facts beside it (below it on a phone), then the rest."""
    standing(detail)
    st.metric(plain(profile.title((detail.indicator, detail.dims))), in_words(detail))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        paper.show(detail.source_file_id, detail)
    with right:
        sentence = sentence_of(detail)
        if sentence:
            st.markdown(f"> {plain(sentence)}")
        tables.draw([say("evidence.fact.item"), say("evidence.fact.text")], facts(detail), wrap=True)
        if detail.is_current and access.current().may("upload"):
            links.to("review", say("review.this_is_wrong"), icon=":material/rate_review:", obs=detail.observation_id)
    history(detail)
    rest(detail.source_file_id, f"others_{detail.observation_id}")


def sentence_of(detail: Any) -> str:
    """The sentence around a number of a report, on one line; empty for a cell."""
    if detail.cell or detail.sentence_start is None:
        return ""
    return " ".join(data.document(detail.source_file_id).text[detail.sentence_start : detail.sentence_end].split())


def history(detail: Any) -> None:
    """Every value the same cell ever had, in sheets and in reports."""
    frame = data.history(detail.observation_id)
    st.header(say("evidence.history"), anchor=False)
    rows = []
    for row in frame.itertuples():
        own = row.observation_id == detail.observation_id
        value = proof.stated_text(row.value, detail.unit, detail.indicator)
        link = None if own else links.url("evidence", obs=row.observation_id)
        until = say("evidence.still") if pd.isna(row.valid_to) else moment_text(row.valid_to)
        cells = (
            tables.Cell(coded("source_kind", row.source_kind)),
            tables.Cell(moment_text(row.valid_from)),
            tables.Cell(until),
            tables.Cell(row.file_name),
            tables.Cell(row.user),
        )
        notes = (say("evidence.this_one"),) if own else ()
        rows.append(tables.Row(tables.Cell(value, link, notes), cells))
    tables.draw([say(f"evidence.column.{name}") for name in ("value", "kind", "from", "until", "file", "user")], rows)


def rest(file_id: int, key: str) -> None:
    """The other numbers of the document, those not taken over, and what is doubtful in it."""
    if access.current().may("upload") and (data.waiting(file_id) or data.decided(file_id)):
        links.to("review", say("review.of_document"), icon=":material/rate_review:", doc=file_id)
    n = data.document_count(file_id)
    cards.folded(say("evidence.others", n=n), f"open_{key}", lambda: other_numbers(file_id, key))
    refused = data.document_rejected(file_id)
    if len(refused):
        title = say("evidence.rejected", n=len(refused))
        cards.folded(title, f"open_rejected_{file_id}", lambda: paper.rejected_numbers(refused, title))
    claims.of_document(file_id)
    issues = data.document_issues(file_id)
    if len(issues):
        cards.folded(say("evidence.issues", n=len(issues)), f"open_issues_{file_id}", lambda: paper.doubts(issues))


def other_numbers(file_id: int, key: str) -> None:
    """All numbers of the document, each a way to its proof."""
    held = data.document_observations(file_id)
    ids = [int(each) for each in held["observation_id"]]
    pick_table(proof.observation_table(held), key, "obs", ids, say("evidence.others_alt"))


# ---- one cell of the store --------------------------------------------------------------------------


def asked_cell() -> pd.Series | None:
    """The value that the address names by unit, indicator, period and dims."""
    unit_id, params = asked("unit"), st.query_params
    if unit_id is None or "indicator" not in params or "period" not in params:
        return None
    named = (params["indicator"], params["period"], params.get("dims", ""))
    if not all(each.isprintable() for each in named):
        return None
    frame = data.cells([named[0]], [unit_id], [named[1]], [named[2]])
    return None if frame.empty else frame.iloc[0]


def show_cell(row: pd.Series) -> None:
    """A value of the store: its own observation, or what it was computed or summed from."""
    where = {name: row[name] for name in ("indicator", "period", "dims", "org_unit_id")}
    detail = None if pd.isna(row["observation_id"]) else data.observation(int(row["observation_id"]))
    if detail is None:
        computed(row)
    parts(data.parts_of_rate(**where), row["dims"])
    children(data.contributions(**where), row)
    if pd.notna(row["displaced_value"]):
        indicator = data.indicator(row["indicator"], row["dims"])
        st.info(say("evidence.displaced", value=value_text(row["displaced_value"], indicator)), icon=":material/gavel:")
        links.to("quality", say("evidence.displaced_link"), icon=":material/fact_check:")
    elif pd.notna(row["stated_observation_id"]):
        words = proof.stated_beside(row["stated_value"], row["value"], data.indicator(row["indicator"], row["dims"]))
        st.info(words, icon=":material/compare_arrows:")
        links.to(
            "evidence",
            say("evidence.stated_link"),
            icon=":material/find_in_page:",
            obs=int(row["stated_observation_id"]),
        )
    if detail is not None:
        show_number(detail)


def computed(row: pd.Series) -> None:
    """A computed value in words."""
    indicator = data.indicator(row["indicator"], row["dims"])
    st.metric(
        plain(profile.title((row["indicator"], row["dims"]))),
        value_text(row["value"], indicator, status=row["obs_status"]),
    )
    counts = fraction_text(row["numerator"], row["denominator"])
    words = [data.name(int(row["org_unit_id"])), period_text(row["period"]), coded("method", row["method"]), counts]
    st.markdown(plain(join([*words, say("evidence.from_units", n=display.number(row["n_units"]))])))


def parts(frame: pd.DataFrame, dims: str) -> None:
    """The counts that a computed rate rests on, of the same dims, each a link to its proof."""
    if frame.empty:
        return
    st.header(say("evidence.parts"), anchor=False)
    rows = []
    for row in frame.itertuples():
        indicator = data.indicator(row.indicator, dims)
        name = name_of(indicator)
        cell = tables.Cell(value_text(row.value, indicator), links.url("evidence", obs=int(row.observation_id)))
        rows.append(tables.Row(tables.Cell(say(f"evidence.part.{row.role}")), (tables.Cell(name), cell)))
    tables.draw([say(f"evidence.column.{name}") for name in ("role", "indicator", "value")], rows)


def children(frame: pd.DataFrame, whole: pd.Series) -> None:
    """What the units below contribute, with the sum that must come out."""
    if frame.empty:
        return
    st.header(say("evidence.contributions"), anchor=False)
    st.caption(say("evidence.contributions_lead"))
    indicator = data.indicator(whole["indicator"], whole["dims"])
    rows = []
    for _, row in frame.iterrows():
        link = links.url(
            "evidence", unit=row["org_unit_id"], indicator=row["indicator"], period=row["period"], dims=row["dims"]
        )
        cells = (
            tables.Cell(value_text(row["value"], indicator, status=row["obs_status"]), link),
            tables.Cell(_count(row["numerator"])),
            tables.Cell(_count(row["denominator"])),
            tables.Cell(coded("method", row["method"])),
        )
        rows.append(tables.Row(tables.Cell(row["org_unit_name"]), cells))
    total = (
        tables.Cell(value_text(whole["value"], indicator)),
        tables.Cell(_count(whole["numerator"])),
        tables.Cell(_count(whole["denominator"])),
        tables.Cell(coded("method", whole["method"])),
    )
    rows.append(tables.Row(tables.Cell(data.name(int(whole["org_unit_id"])), notes=(say("evidence.sum"),)), total))
    tables.draw(
        [say(f"evidence.column.{name}") for name in ("unit", "value", "numerator", "denominator", "method")], rows
    )


def _count(value: object) -> str:
    return display.number(float(value)) if display.is_number(value) else "—"  # type: ignore[arg-type]


# ---- the page ---------------------------------------------------------------------------------------


def show_finding(row: Any) -> None:
    """One inspection finding: its words, state and unit on the left, the document with the place marked on the right."""
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.header(plain(row.text), anchor=False)
        problems.facts(row)
    with right:
        paper.show(int(row.source_file_id), problems.place_of(row))


def show(observation_id: int | None, file_id: int | None) -> None:
    """What the address asks for, or the list of documents."""
    number = asked("finding")
    found = data.findings(finding_id=number) if number is not None else None
    if found is not None and len(found):
        show_finding(next(found.itertuples()))
        return
    detail = None if observation_id is None else data.observation(observation_id)
    row = None if observation_id is not None else asked_cell()
    if detail is not None:
        show_number(detail)
    elif row is not None:
        show_cell(row)
    elif file_id is not None and file_id in set(data.documents()["source_file_id"]):
        paper.show(file_id, claims.spot(file_id, asked("claim")))
        rest(file_id, f"others_of_{file_id}")
    else:
        if {observation_id, file_id, number} != {None} or "indicator" in st.query_params:
            st.warning(say("evidence.unknown"), icon=":material/link_off:")
        listing()


def page() -> None:
    """Search, then the number, the document or the list."""
    open_picked()
    cards.heading("evidence")
    text = search.box(say("evidence.search.label"), say("evidence.search.hint"))
    if text:
        results(text)
        return
    observation_id, file_id = asked("obs", "observation"), asked("doc")
    if observation_id is not None or file_id is not None or {"unit", "finding"} & set(st.query_params):
        links.to("evidence", say("evidence.back"), icon=":material/arrow_back:")
    show(observation_id, file_id)


access.require("look")
page()
