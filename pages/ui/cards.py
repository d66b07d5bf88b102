"""Pieces that several pages show: headings, states, empty states, tables with their download."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.ui import links
from pages.ui.text import say

# A colour is never alone: every state has its own symbol and its own word.
_ICONS = {
    "met": ":material/check_circle:",
    "near": ":material/remove:",
    "missed": ":material/error:",
    "not_compared": ":material/radio_button_unchecked:",
}
_COLOURS = {"met": "blue", "near": "gray", "missed": "orange", "not_compared": "gray"}
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def heading(page: str) -> None:
    """The title of a page and the one line under it that says what it answers."""
    st.title(say(f"{page}.title"))
    st.caption(say(f"{page}.lead"))


def state_words(state: str) -> str:
    """The target state in words: met, near, missed, not_compared."""
    return say(f"common.state.{state}")


def state_badge(state: str, note: str | None = None) -> None:
    """The target state as symbol, word and colour."""
    st.badge(state_words(state), icon=_ICONS[state], color=_COLOURS[state], help=note)


def empty_store() -> None:
    """What to do when nothing has been imported yet."""
    with st.container(border=True):
        st.subheader(say("common.empty.title"))
        st.markdown(say("common.empty.what"))
        links.to("upload", say("common.empty.upload"), icon=":material/upload_file:")
        st.caption(say("common.empty.sample"))


def nothing_found(what: str | None = None) -> None:
    """The choice has no data: say so and what to change."""
    st.info(what or say("common.nothing"), icon=":material/search_off:")


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as csv that Excel opens with Chinese intact (BOM) and without running anything: text that a
    spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers."""
    safe = frame.copy()
    safe.columns = [_harmless(str(each)) for each in safe.columns]
    for column in safe.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in safe.dtypes]]:
        safe[column] = safe[column].map(_harmless)
    out = io.StringIO()
    safe.to_csv(out, index=False, lineterminator="\r\n")
    return out.getvalue().encode("utf-8-sig")


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value


def download(frame: pd.DataFrame, name: str, key: str) -> None:
    """A button that saves a table as csv."""
    st.download_button(
        say("common.download"),
        csv_bytes(frame),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=key,
        icon=":material/download:",
        on_click="ignore",
    )


def table(
    frame: pd.DataFrame, *, key: str, alt: str, columns: Mapping[str, object] | None = None, height: int | None = None
) -> None:
    """A table without its index, with a text for those who cannot see it."""
    st.dataframe(
        frame,
        hide_index=True,
        column_config=dict(columns or {}),
        key=key,
        alt=alt,
        height=height if height is not None else "auto",
    )


def chart(figure: object, *, key: str, alt: str) -> None:
    """A chart in the page's theme, without the mode bar, with a text for those who cannot see it."""
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False, "scrollZoom": False})
