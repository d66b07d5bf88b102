"""The fonts of official papers by the names under which Word and WPS know them, each with those that stand in for it."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

import yaml

_HELD: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("official_fonts.yml").read_text(encoding="utf-8"))
TITLE, BODY, HEADING, SUBHEADING, SMALL = (
    tuple(_HELD[name]) for name in ("title", "body", "heading", "subheading", "small")
)
LATIN = "Times New Roman"
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def font_table() -> bytes:
    """word/fontTable.xml: every font with the names that a program without it may take."""
    held = "".join(
        f"<w:font w:name={quoteattr(first)}><w:altName w:val={quoteattr(','.join(others))}/>"
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for first, *others in (TITLE, BODY, HEADING, SUBHEADING, SMALL)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{_SPACE}">{held}</w:fonts>'.encode()
    )
