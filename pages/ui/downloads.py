"""Buttons that save what a page shows, with the lines that say what the numbers mean."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from pages.exports.csv import csv_bytes
from pages.exports.table import Table
from pages.exports.xlsx import xlsx_bytes
from pages.ui.text import say

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def buttons(tables: Sequence[Table], name: str) -> None:
    """An xlsx with a sheet per table and a csv of the first table; made only when someone clicks."""
    with st.container(horizontal=True):
        _button("xlsx", partial(xlsx_bytes, tuple(tables)), name, _XLSX)
        _button("csv", partial(csv_bytes, tables[0]), name, "text/csv")


def workbook(make: partial[bytes], file_name: str, label: str) -> None:
    """A button that saves one workbook, made only when someone clicks."""
    st.download_button(
        label, make, file_name=file_name, mime=_XLSX, key=f"save_{file_name}", icon=":material/download:",
        type="primary", on_click="ignore",
    )  # fmt: skip


def _button(kind: str, make: partial[bytes], name: str, mime: str) -> None:
    st.download_button(
        say(f"download.{kind}"),
        make,
        file_name=f"{name}.{kind}",
        mime=mime,
        key=f"save_{name}_{kind}",
        icon=":material/download:",
        on_click="ignore",
    )
