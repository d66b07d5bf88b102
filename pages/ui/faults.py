"""What a person sees when a page fails by a mistake of ours: one sentence and the number under which the log has it."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from pages.ui.text import say

_LOG = logging.getLogger("dashboard.faults")
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is misread on the phone


def show(error: Exception) -> bool:
    """Log an uncaught error under a number and show the sentence with that number; True: nothing else is shown."""
    number = "".join(secrets.choice(_LETTERS) for _ in range(6))
    _LOG.error("fault %s", number, exc_info=error)
    st.error(say("frame.fault", number=number), icon=":material/error:")
    return True
