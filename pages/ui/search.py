"""A search box whose text stands in the address, so that a search can be shared."""

from __future__ import annotations

import streamlit as st


def box(label: str, placeholder: str = "", key: str = "q") -> str:
    """The text searched for, without white space at its ends."""
    typed = st.text_input(label, key=key, placeholder=placeholder, bind="query-params")
    return "".join(sign for sign in typed if sign.isprintable()).strip()  # no database searches for a NUL
