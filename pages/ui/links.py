"""Links inside the program: page names and ids, never labels, so a link survives renaming and a change of language."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

import streamlit as st

from pages.ui.text import language, say


def params(**values: object) -> dict[str, str]:
    """Query parameters of a link: empty values left out, the language always in."""
    kept = {name: _text(value) for name, value in values.items() if value is not None}
    return {**kept, "lang": language()}


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(str(each) for each in value)
    return str(value)


def to(page: str, label: str, *, icon: str | None = None, help: str | None = None, **values: object) -> None:
    """A link to a page of the frame (`school`, `evidence`, ...) with its parameters."""
    st.page_link(f"{page}.py", label=label, icon=icon, help=help, query_params=params(**values))


def url(page: str, **values: object) -> str:
    """The address of a page, relative to the page that is open; for link columns of tables."""
    return f"./{page}?{urlencode(params(**values))}"


def line(parts: Sequence[tuple[str, str]], *, small: str = "") -> None:
    """Words in a line, each a link in the same tab where it has an address; a small line below. Everything is escaped."""
    look = "color: inherit; text-decoration: underline dotted; text-underline-offset: 3px"
    shown = [
        f'<a href="{escape(address)}" style="{look}">{escape(words)}</a>' if address else escape(words)
        for words, address in parts
    ]
    below = f'<br><small style="opacity: .75">{escape(small)}</small>' if small else ""
    st.html(f"<div>{' · '.join(shown)}{below}</div>")


def school(unit_id: int, label: str) -> None:
    """A link to the page of one unit."""
    to("school", label, icon=":material/school:", unit=unit_id)


def cell(unit_id: int, indicator: str, period: str, dims: str, label: str | None = None) -> None:
    """A link to what one value of the store is made of: its parts, or its sentence or cell."""
    where = {"unit": unit_id, "indicator": indicator, "period": period, "dims": dims}
    to("evidence", label or say("common.link.evidence"), icon=":material/find_in_page:", **where)


def trend(unit_ids: list[int], indicator: str, dims: str, label: str | None = None) -> None:
    """A link to the development of an indicator for some units."""
    where = {"units": unit_ids, "indicator": indicator, "dims": dims}
    to("trends", label or say("common.link.trend"), icon=":material/show_chart:", **where)
