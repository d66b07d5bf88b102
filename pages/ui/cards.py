"""Pieces that several pages show: headings, states, empty states, tables with their download."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
import streamlit.elements.plotly_chart  # registers the page's chart theme before the first figure is made

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


def heading(page: str) -> None:
    """The title of a page and the one line under it that says what it answers."""
    st.title(say(f"{page}.title"))
    st.caption(say(f"{page}.lead"))


def state_words(state: str, benchmark: str = "target") -> str:
    """The state in words: met, near, missed, not_compared; of a value measured against the city, no word of targets."""
    return say(f"common.{'state_city' if benchmark == 'city' else 'state'}.{state}")


def state_badge(state: str, note: str | None = None) -> None:
    """The target state as symbol, word and colour."""
    st.badge(state_words(state), icon=_ICONS[state], color=_COLOURS[state], help=note)


def reported_badge() -> None:
    """The mark of a value that a document states without its counts."""
    st.badge(
        say("common.reported_mark"), icon=":material/description:", color="violet", help=say("common.reported_help")
    )


def _theme() -> str:
    return "dark" if st.context.theme.type == "dark" else "light"


def state_colours(theme: str = "") -> dict[str, str]:
    """The ground colour of each state in the page's theme (or `theme`), as .streamlit/config.toml sets it."""
    theme = theme or _theme()
    grounds = {"met": "blue", "near": "gray", "missed": "orange"}
    colours = {state: st.get_option(f"theme.{theme}.{name}BackgroundColor") for state, name in grounds.items()}
    return {**colours, "not_compared": st.get_option(f"theme.{theme}.secondaryBackgroundColor")}


def ink(theme: str = "") -> str:
    """The text colour of the page's theme (or `theme`)."""
    return str(st.get_option(f"theme.{theme or _theme()}.textColor"))


def ground() -> str:
    """The colour of the page itself in its theme."""
    return str(st.get_option(f"theme.{_theme()}.backgroundColor"))


def empty_store() -> None:
    """What to do when nothing has been imported yet."""
    with st.container(border=True):
        st.header(say("common.empty.title"))
        st.markdown(say("common.empty.what"))
        links.to("upload", say("common.empty.upload"), icon=":material/upload_file:")
        st.caption(say("common.empty.sample"))


def nothing_found(what: str | None = None) -> None:
    """The choice has no data: say so and what to change."""
    st.info(what or say("common.nothing"), icon=":material/search_off:")


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


def folded(label: str, key: str, fill: Callable[[], None]) -> None:
    """A section that is closed at first and filled when it is opened: what nobody looks at costs no time."""
    section = st.expander(label, key=key, on_change="rerun")
    if section.open:
        with section:
            fill()


def chart(figure: Any, *, key: str, alt: str) -> None:
    """A chart in the page's theme, without the mode bar, with a text for those who cannot see it. Its words have the
    colour of the page's own: the grey that the theme gives them is too pale for small print on white."""
    figure.update_layout(font_color=ink(), legend_title_font_color=ink())
    figure.update_xaxes(tickfont_color=ink())
    figure.update_yaxes(tickfont_color=ink())
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False, "scrollZoom": False})
