"""The uploaded workbook back with its faults in it, made only when someone asks for it."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from weakref import ref

import streamlit as st

from db.records import Draft, Issue, SourceKind
from pages.exports.marked import Mark, SheetData, Words, marked_workbook
from pages.ui import media, uploading
from pages.ui.text import printed, say

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEADS = ("n", "severity", "sheet", "cell", "kind", "sentence")


def button(draft: Draft) -> None:
    """A button under the issues of a sheet; none where there is nothing to mark or the file may not be kept."""
    if draft.source_kind is not SourceKind.SHEET or not draft.issues or not draft.source.kept:
        return
    file_name = f"{PurePath(draft.source.name).stem}_{say('upload.marked.title')}.xlsx"
    st.download_button(
        say("upload.marked.save"),
        media.claimed(partial(_marked, ref(draft)), _XLSX, file_name),
        file_name=file_name,
        mime=_XLSX,
        key=f"marked_{draft.source.sha256}",
        icon=":material/rule:",
        help=say("upload.marked.help"),
        on_click="ignore",
    )


def _marked(held: ref[Draft]) -> bytes:
    """The runtime keeps what a button would make for minutes after its tab was closed, and must not keep the draft."""
    draft = held()
    return b"" if draft is None else marked(draft)


def marked(draft: Draft) -> bytes:
    """The workbook of a draft with its issues marked."""
    sheets = [SheetData(grid.sheet, grid.cells, grid.merges) for grid in draft.reading.grids]
    title, *heads = (say(f"upload.marked.{name}") for name in ("title", *_HEADS))
    severities = {each: say(f"upload.marked.{each}") for each in uploading.SEVERITIES}
    words = Words(title, tuple(heads), severities, say("frame.title"))
    return marked_workbook(draft.source.content, sheets, [_mark(issue) for issue in draft.issues], words)


def _mark(issue: Issue) -> Mark:
    cells = issue.cells or ((issue.cell,) if issue.cell else ())
    return Mark(str(issue.severity), uploading.kind_of(issue.code), printed(issue.sentence), issue.sheet, cells)
