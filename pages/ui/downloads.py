"""The one control that saves what a page shows; a file is made when someone asks for it, never in a rerun."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from pages.exports.dataset import Dataset, as_csv, as_sdmx, as_xlsx
from pages.ui import access, datasets, media, pictures, trail
from pages.ui.text import say

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Charted = pictures.Picture | None
_KINDS: dict[str, tuple[Callable[[Dataset], bytes], str, str]] = {
    "xlsx": (as_xlsx, "{name}.xlsx", _XLSX),
    "csv": (as_csv, "{name}.csv", "text/csv"),
    "sdmx": (as_sdmx, "{name}_SDMX.csv", "text/csv"),
}


def values(
    title: str, cells: pd.DataFrame, key: str, *, shown: pd.DataFrame | None = None, charts: Sequence[Charted] = ()
) -> None:
    """The ways to save values of indicators (columns of measures.judged; `shown` as in datasets.values) and the charts
    that show them; those that were not drawn (None) are left out."""
    control(
        title, lambda: datasets.values(title, cells, shown), key, charts=[each for each in charts if each is not None]
    )


def control(
    name: str, make: Callable[[], Dataset], key: str, *, coded: bool = True, charts: Sequence[pictures.Picture] = ()
) -> None:
    """A small button that opens the ways to save a table. `name` is that of the files; `make` is called on a click;
    `coded` says whether the rows are values of indicators, which can go out as SDMX-CSV; `charts` show the same."""
    with st.popover(say("save.label"), icon=":material/download:", key=f"save_{key}"):
        st.caption(say("save.lead" if coded else "save.lead_plain"))
        for kind, (write, file_name, mime) in _KINDS.items():
            if coded or kind != "sdmx":
                _button(say(f"save.{kind}"), partial(_written, write, make), file_name.format(name=name), mime,
                        f"save_{key}_{kind}")  # fmt: skip
        if charts:
            _pictures(charts, key)


def _pictures(charts: Sequence[pictures.Picture], key: str) -> None:
    """The buttons that save charts, or the sentence that says what this machine lacks for it."""
    st.caption(say("pictures.lead" if pictures.can_write() else "pictures.no_font"))
    for number, (label, file_name, mime, make) in enumerate(pictures.files(charts)):
        _button(label, make, file_name, mime, f"save_{key}_picture_{number}", icon=":material/image:")


def _written(write: Callable[[Dataset], bytes], make: Callable[[], Dataset]) -> bytes:
    return write(make())


def workbook(make: Callable[[], bytes], file_name: str, label: str) -> None:
    """A button that saves one workbook, made only when someone clicks."""
    st.download_button(
        label, made_later(make, _XLSX, file_name), file_name=file_name, mime=_XLSX, key=f"save_{file_name}", icon=":material/download:",
        type="primary", on_click="ignore",
    )  # fmt: skip


def _button(
    label: str, make: Callable[[], bytes], file_name: str, mime: str, key: str, icon: str = ":material/download:"
) -> None:
    st.download_button(
        label, made_later(make, mime, file_name), file_name=file_name, mime=mime, key=key, on_click="ignore", width="stretch",
        icon=icon,
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
