"""Hand in a file: what was understood, what is doubtful, what would change; stored only after confirmation."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from pages.ui import access, cards, data, links, marking, profile, proof, reviewing, tables, uploading
from pages.ui.text import coded, dims_text, join, moment_text, period_text, plain, say

TYPES = ("txt", "docx", "doc", "wps", "pdf", "html", "htm", "xlsx", "xls", "et", "ods", "csv")
LARGEST_MB = 50
SAMPLE = 200  # rows of the table of what was understood
FIRST = 5  # issues of a kind that are shown at once
MANY = 200  # issues of a kind, names and values to be replaced that are shown at all
RECENT = 5
NAMES = 20  # of units that the register does not know
ICONS = {"block": ":material/block:", "confirm": ":material/help:", "note": ":material/info:"}


def handed_in() -> uploading.Prepared | None:
    """The file in the uploader, read and compared once per file and state of the store."""
    file = st.file_uploader(
        say("upload.file"), type=TYPES, max_upload_size=LARGEST_MB, key="upload_file", help=say("upload.file_help")
    )
    if file is None:
        st.session_state.pop("prepared", None)
        return None
    key, held = (file.file_id, data.revision()), st.session_state.get("prepared")
    just_stored = held is not None and held[0][0] == file.file_id and is_stored(held[1])
    if held is None or (held[0] != key and not just_stored):
        with st.spinner(say("upload.reading", name=plain(file.name))):
            st.session_state["prepared"] = (key, uploading.prepare(file.name, file.getvalue()))
    return st.session_state["prepared"][1]


def is_stored(prepared: uploading.Prepared) -> bool:
    """Whether this very file was stored a moment ago in this session."""
    return st.session_state.get("stored", ("",))[0] == prepared.sha256


def understood(prepared: uploading.Prepared) -> None:
    """Step 2: counts by indicator and period, then every value with its place in the file."""
    draft = prepared.draft
    st.subheader(say("upload.understood"), anchor=False)
    frame = uploading.understood(draft)
    reviewing.will_wait(len(draft.pending))
    if frame.empty and draft.pending:
        return
    if frame.empty:
        st.warning(say("upload.nothing_understood"), icon=":material/help:")
        return
    st.markdown(
        say("upload.sum", kind=coded("source_kind", draft.source_kind), n=len(frame),
            indicators=frame["indicator"].nunique(), units=frame["unit_name"].nunique(), rejected=len(draft.rejected),
            totals=draft.totals_checked)
    )  # fmt: skip
    counted = uploading.counts(frame)
    counted.columns = [say(f"upload.column.{name}") for name in ("indicator", "period", "n", "units")]
    cards.table(counted, key="counts", alt=say("upload.counts_alt"))
    with st.expander(say("upload.sample", n=min(SAMPLE, len(frame)), total=len(frame)), expanded=len(frame) <= SAMPLE):
        cards.table(readable(frame.head(SAMPLE)), key="sample", alt=say("upload.sample_alt"))
    if draft.proposed_units:
        st.info(
            say("upload.proposed", n=len(draft.proposed_units), names=few(unit.name for unit in draft.proposed_units)),
            icon=":material/domain_add:",
        )


def few(names: Iterable[str]) -> str:
    """Names as an enumeration, of very many only the first."""
    held = list(names)
    listed = plain(profile.listed(held[:NAMES]))
    return say("upload.and_more", names=listed) if len(held) > NAMES else listed


def readable(frame: pd.DataFrame) -> pd.DataFrame:
    """What was understood as a table for reading."""
    rows = list(frame.itertuples())
    columns = {
        "indicator": [row.name for row in rows],
        "dims": [dims_text(row.dims) for row in rows],
        "unit": [row.unit_name for row in rows],
        "period": [period_text(row.period) for row in rows],
        "value": [proof.stated_text(row.value, row.unit, row.indicator, row.obs_status) for row in rows],
        "place": [row.place for row in rows],
        "source": [row.source for row in rows],
    }
    return pd.DataFrame({say(f"upload.column.{name}"): values for name, values in columns.items()})


def issues(prepared: uploading.Prepared) -> None:
    """Step 3: what is doubtful, the gravest first, each with its place."""
    st.subheader(say("upload.issues"), anchor=False)
    grouped = uploading.issues_by_severity(prepared.draft)
    if not any(grouped.values()):
        st.success(say("upload.no_issues"), icon=":material/check_circle:")
    for severity, held in grouped.items():
        if held:
            words = say(f"upload.severity.{severity}", n=len(held))
            with st.expander(words, expanded=severity != "note", icon=ICONS[severity]):
                for kind, of_kind in uploading.issues_by_kind(held).items():
                    issues_of_kind(kind, of_kind)
    marking.button(prepared.draft)


def issues_of_kind(kind: str, held: list[uploading.Issue]) -> None:
    """One kind of issue with its count: the first few in full, the rest on request."""
    st.markdown(say("upload.issue_count", kind=kind, n=len(held)))
    columns = [say("upload.column.place"), say("upload.column.issue")]
    rows = [tables.Row(tables.Cell(uploading.where(each)), (tables.Cell(each.sentence),)) for each in held[: MANY + 1]]
    tables.draw(columns, rows[:FIRST], wrap=True)
    if len(rows) > FIRST:
        with st.expander(say("upload.others", n=len(held) - FIRST)):
            tables.draw(columns, rows[FIRST:MANY], wrap=True)
            if len(rows) > MANY:
                st.caption(say("upload.cut", n=MANY))


def difference(prepared: uploading.Prepared) -> None:
    """Step 4: what storing would change."""
    st.subheader(say("upload.difference"), anchor=False)
    found = prepared.difference
    for column, kind in zip(st.columns(4), ("new", "changed", "same", "missing"), strict=True):
        n = len(found.missing) if kind == "missing" else found.count(kind)
        column.metric(say(f"upload.kind.{kind}"), n, help=say(f"upload.kind_help.{kind}"))
    changed = uploading.changed(prepared)
    if changed:
        columns = [say(f"upload.column.{name}") for name in ("what", "old", "new", "place")]
        rows = [replaced(each, prepared) for each in changed[:MANY]]
        tables.draw(columns, rows, caption=say("upload.changed_caption"), wrap=True)
        if len(changed) > MANY:
            st.caption(say("upload.cut", n=MANY))
    if found.missing:
        st.warning(say("upload.missing", n=len(found.missing)), icon=":material/person_off:")
        with st.expander(say("upload.missing_names", n=len(found.missing))):
            st.markdown(plain(profile.listed(found.missing)))


def replaced(change: uploading.Change, prepared: uploading.Prepared) -> tables.Row:
    """A value of the store beside the one of the file that would take its place."""
    new = change.observation
    value = None if new.value is None else float(new.value)
    after = proof.stated_text(value, new.unit, new.indicator, str(new.status))
    before = proof.stated_text(change.old_value, new.unit, new.indicator)
    link = None if change.old_observation_id is None else links.url("evidence", obs=change.old_observation_id)
    name = join([uploading.unit_name(new, prepared.draft), uploading.titled(new), period_text(new.period)])
    notes = (say("upload.counts_differ"),) if before == after else ()
    cells = (tables.Cell(before, link), tables.Cell(after, notes=notes), tables.Cell(uploading.place(new)))
    return tables.Row(tables.Cell(name), cells)


def blocked(prepared: uploading.Prepared) -> None:
    """Why a file cannot be stored, before anything else is said about it."""
    n = len(uploading.issues_by_severity(prepared.draft)["block"])
    st.error(say("upload.blocked", n=n), icon=":material/block:")


def confirm(prepared: uploading.Prepared) -> None:
    """Step 5: store; doubtful points want a tick first."""
    st.subheader(say("upload.confirm"), anchor=False)
    if not prepared.draft.observations and not prepared.draft.pending:
        st.info(say("upload.nothing_to_store"), icon=":material/block:")
        return
    if not (prepared.difference.count("new") or prepared.difference.count("changed")):
        st.info(say("upload.nothing_new"), icon=":material/info:")
    doubtful = uploading.issues_by_severity(prepared.draft)["confirm"]
    ticked = not doubtful or st.checkbox(say("upload.tick", n=len(doubtful)), key=f"tick_{prepared.sha256}")
    if st.button(say("upload.store"), type="primary", icon=":material/save:", key="store", disabled=not ticked):
        st.session_state["stored"] = (prepared.sha256, uploading.save(prepared))
        st.rerun()


def stored(prepared: uploading.Prepared) -> bool:
    """Whether this file was just stored; then say what that did and lead to it."""
    if not is_stored(prepared):
        return False
    sha256, result = st.session_state["stored"]
    if isinstance(result, str):
        st.error(result, icon=":material/error:")
        return True
    words = say(f"upload.outcome.{result.outcome}", new=result.new, changed=result.changed, same=result.same)
    (st.success if result.outcome == "stored" else st.info)(words, icon=":material/check_circle:")
    documents = data.documents()
    held = documents[documents["sha256"] == sha256]
    if len(held):
        links.to("evidence", say("upload.see"), icon=":material/find_in_page:", doc=int(held["source_file_id"].iloc[0]))
    if prepared.draft is not None and prepared.draft.pending:
        links.to("review", say("review.go"), icon=":material/rate_review:")
    st.caption(say("upload.next"))
    return True


def recent() -> None:
    """The latest imports; one that is stored can be taken back."""
    st.subheader(say("upload.recent"), anchor=False)
    frame = data.imports().head(RECENT)
    if frame.empty:
        st.caption(say("upload.no_imports"))
    said = st.session_state.pop("undone", None)
    if said is not None:
        st.info(say("upload.undone", n=said) if isinstance(said, int) else said, icon=":material/undo:")
    for row in frame.itertuples():
        with st.container(border=True, key=f"import_{row.import_id}"):
            one_import(row)


def one_import(row: tuple) -> None:
    """One import: what it brought, and the way back."""
    brought = say("upload.brought", new=row.n_new, changed=row.n_changed, same=row.n_same)
    kind, status = coded("source_kind", row.source_kind), coded("import_status", row.status)
    who = join([moment_text(row.created_at), row.created_by, kind, status, brought])
    st.markdown(f"**{plain(row.file_name)}**  \n{plain(who)}")
    with st.container(horizontal=True, vertical_alignment="center"):
        links.to("evidence", say("upload.see"), icon=":material/find_in_page:", doc=int(row.source_file_id))
        if row.status == "stored":
            with st.popover(say("upload.undo"), icon=":material/undo:"):
                st.markdown(say("upload.undo_what", file=plain(row.file_name), n=row.n_new + row.n_changed))
                st.button(
                    say("upload.undo_yes"), key=f"undo_{row.import_id}", on_click=take_back, args=(int(row.import_id),)
                )


def take_back(import_id: int) -> None:
    """Callback: undo one import and remember what to say."""
    st.session_state["undone"] = uploading.undo(import_id)
    st.session_state.pop("stored", None)


def page() -> None:
    """File in, four looks at it, confirmation; below the latest imports."""
    cards.heading("upload")
    reviewing.waiting_line()
    prepared = handed_in()
    if prepared is not None and not stored(prepared):
        if prepared.refusal:
            st.error(prepared.refusal, icon=":material/block:")
            st.caption(say("upload.refused"))
        else:
            steps = (
                (blocked, issues, understood) if prepared.draft.blocked else (understood, issues, difference, confirm)
            )
            for step in steps:
                step(prepared)
    recent()


access.require("uploader")
page()
