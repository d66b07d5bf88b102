"""The one control that saves what a page shows; a file is made when someone asks for it, never in a rerun."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from pages.exports.dataset import Dataset, as_csv, as_sdmx, as_xlsx
from pages.exports.picture import Picture, as_png, as_svg, installed_font
from pages.ui import access, media, trail
from pages.ui.text import say

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS: dict[str, tuple[Callable[[Dataset], bytes], str, str]] = {
    "xlsx": (as_xlsx, "{name}.xlsx", _XLSX),
    "csv": (as_csv, "{name}.csv", "text/csv"),
    "sdmx": (as_sdmx, "{name}_SDMX.csv", "text/csv"),
}
_PICTURES: dict[str, tuple[Callable[[Picture], bytes], str]] = {
    "png": (as_png, "image/png"),
    "svg": (as_svg, "image/svg+xml"),
}


def control(
    name: str,
    make: Callable[[], Dataset],
    key: str,
    *,
    coded: bool = True,
    picture: Callable[[], Picture] | None = None,
) -> None:
    """A small button that opens the ways to save a table. `name` is that of the files; `make` is called on a click;
    `coded` says whether the rows are values of indicators, which can go out as SDMX-CSV; `picture` makes the chart
    over the table for paper."""
    with st.popover(say("save.label"), icon=":material/download:", key=f"save_{key}"):
        st.caption(say("save.lead" if coded else "save.lead_plain"))
        for kind, (write, file_name, mime) in _KINDS.items():
            if coded or kind != "sdmx":
                _button(say(f"save.{kind}"), partial(_written, write, make), file_name.format(name=name), mime,
                        f"save_{key}_{kind}")  # fmt: skip
        if picture is not None:
            _pictures(name, picture, key)


def _pictures(name: str, make: Callable[[], Picture], key: str) -> None:
    """PNG and SVG of the chart. Without a Chinese font a PNG would hold empty boxes: then a sentence says so."""
    if installed_font() is None:
        st.caption(say("save.no_font"))
    for kind, (draw, mime) in _PICTURES.items():
        if kind == "svg" or installed_font() is not None:
            _button(say(f"save.{kind}"), partial(_drawn, draw, make), f"{name}.{kind}", mime, f"save_{key}_{kind}")


def _drawn(draw: Callable[[Picture], bytes], make: Callable[[], Picture]) -> bytes:
    return draw(make())


def _written(write: Callable[[Dataset], bytes], make: Callable[[], Dataset]) -> bytes:
    return write(make())


def workbook(make: Callable[[], bytes], file_name: str, label: str) -> None:
    """A button that saves one workbook, made only when someone clicks."""
    st.download_button(
        label, made_later(make, _XLSX, file_name), file_name=file_name, mime=_XLSX, key=f"save_{file_name}", icon=":material/download:",
        type="primary", on_click="ignore",
    )  # fmt: skip


def _button(label: str, make: Callable[[], bytes], file_name: str, mime: str, key: str) -> None:
    st.download_button(
        label, made_later(make, mime, file_name), file_name=file_name, mime=mime, key=key, on_click="ignore", width="stretch",
        icon=":material/download:",
    )  # fmt: skip


def made_later(make: Callable[[], bytes], mime: str, file_name: str) -> Callable[[], bytes]:
    """`later`, for a button of a page's own; only the session that asks for the file may fetch it."""
    return media.claimed(later(make, file_name), mime, file_name)


def later(make: Callable[[], bytes], file_name: str) -> Callable[[], bytes]:
    """The same work, to be done after this run has ended but as a part of it: in the reader's language, with the
    reader's scope, if that person may still come in. Streamlit calls it in a thread that knows none of this. That the
    file was saved stands in the log under its name."""
    context, carry = get_script_run_ctx(), access.carried()

    def work() -> bytes:
        with carry():
            content = make()
            trail.exported(file_name, content)
            return content

    def made() -> bytes:
        with ThreadPoolExecutor(1, initializer=add_script_run_ctx, initargs=(None, context)) as one:
            return one.submit(work).result()

    return made
