"""A document of the store with its numbers: those taken over, those that were not and why, and what is doubtful."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import cards, data, proof, trail
from pages.ui.text import join, plain, say


def show(file_id: int, focus: Any = None) -> None:
    """The document with its marks; numbers that were not taken over only on request, each with its reason."""
    view = data.document(file_id)
    st.markdown(f"**{plain(view.name)}**")
    refused = data.document_rejected(file_id)
    shown = refused.head(0)
    if len(refused) and st.toggle(say("evidence.show_rejected", n=len(refused)), key="show_rejected"):
        shown = refused[refused["reason"].isin(chosen_reasons(refused, file_id))]
    try:
        proof.draw(view, file_id, shown, proof.key_of(file_id, shown, focus), focus)
    finally:  # the document is on its way while the disk confirms the note
        trail.viewed(f"document {file_id}")
    st.caption(say("evidence.legend"))


def chosen_reasons(refused: pd.DataFrame, file_id: int) -> list[str]:
    """The reasons whose numbers are marked: all of them, until the reader takes some away."""
    counts = refused["reason"].value_counts()
    reasons = [str(code) for code in counts.index]
    picked: list[str] = st.pills(
        say("evidence.reasons"),
        reasons,
        selection_mode="multi",
        default=reasons,
        key=f"reasons_{file_id}",
        format_func=lambda code: say("evidence.reason_count", reason=proof.reason(code), n=int(counts[code])),
    )
    return picked


def rejected_numbers(refused: pd.DataFrame, title: str) -> None:
    """The numbers that were not taken over, with the reason in words."""
    columns = {
        "quote": refused["text"].tolist(),
        "reason": [proof.reason(each) for each in refused["reason"]],
        "place": [proof.place(row) for row in refused.itertuples()],
    }
    frame = pd.DataFrame({say(f"evidence.column.{name}"): values for name, values in columns.items()})
    cards.table(frame, key="rejected", alt=title)


def doubts(issues: pd.DataFrame) -> None:
    """What is doubtful in the document, one line each."""
    for row in issues.itertuples():
        words = plain(join([proof.place(row), row.sentence]))
        st.markdown(f"- **{say(f'evidence.severity.{row.severity}')}** {words}")
