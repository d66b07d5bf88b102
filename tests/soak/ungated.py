"""The dashboard without its gate, only to measure what the gate costs: the client itself says whose session it is."""

from __future__ import annotations

import streamlit as st

import dashboard
from pages.ui import sign_in
from tests.conftest import ROOT

app = st.App(
    str(ROOT / "pages" / "frame.py"),
    lifespan=dashboard.lifespan,
    routes=[*dashboard.HEALTH_ROUTES, *sign_in.ROUTES],
)
