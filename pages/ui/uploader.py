"""The file box in the reader's language: Streamlit has no setting for its words, so the style sheet says ours instead and
leaves out its English hints under text fields (what was typed is kept when the field is left)."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.text import say

LARGEST_MB = 50
_BOX = '[data-testid="stFileUploaderDropzone"]'
_LIMITS = '[data-testid="stFileUploaderDropzoneInstructions"] span'
_STYLE = """<style>
%(box)s button p, %(limits)s { font-size: 0 !important; }
%(box)s button p::after { content: "%(pick)s"; font-size: 1rem; }
%(limits)s { white-space: normal; }
%(limits)s::after { content: "%(words)s"; font-size: .875rem; }
[data-testid="InputInstructions"] { display: none; }
</style>"""


def box(key: str, **options: Any) -> Any:
    """The box; any kind of file may be chosen, for the format is told by the content."""
    words = {"pick": _quoted(say("upload.box.pick")), "words": _quoted(say("upload.box.limits", mb=LARGEST_MB))}
    st.html(_STYLE % {"box": _BOX, "limits": _LIMITS, **words})
    return st.file_uploader(
        say("upload.file"), max_upload_size=LARGEST_MB, key=key, help=say("upload.file_help"), **options
    )


def _quoted(text: str) -> str:
    """Text inside a quoted string of a style sheet."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("<", "")
