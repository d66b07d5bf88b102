"""What a person sees when a page fails: one sentence, and the number under which the log has it."""

from __future__ import annotations

import logging

import streamlit as st

from db.engine import StoreError
from db.faults import sentence_of
from db.meters import FAULTS
from pages.ui.text import say
from pages.ui.watch import fault_number

_LOG = logging.getLogger("dashboard.faults")


def show(error: Exception) -> bool:
    """Log an uncaught error under a number and show the sentence with that number; True: nothing else is shown. A fault
    that a person can mend (disk full, database gone) is said as such."""
    number = fault_number()
    FAULTS.inc()
    _LOG.error("fault %s", number, exc_info=error)
    sentence = str(error) if isinstance(error, StoreError) else sentence_of(error)
    if sentence:
        st.error(sentence, icon=":material/database_off:")
    st.error(say("frame.fault", number=number), icon=":material/error:")
    return True
