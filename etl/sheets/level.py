"""The level of schooling that a number is of, where neither its row nor its column names one."""

from __future__ import annotations

from collections.abc import Sequence

from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.titles import Frame


def level_of(frame: Frame, entity: str | None, indicator: str, levels: Sequence[str]) -> str | None:
    """The level of the title, of the unit's own name, or the only one of `levels` that the indicator is kept by; a bare 巩固率
    of a county is that of the nine years."""
    name = entity or frame.issuer
    own = words.level_of_name(name)
    if own is None and frame.level == "CE" and compact(entity or "").endswith("中学"):
        own = "JUN"  # among schools of compulsory education
    fits = not levels or frame.level in levels
    if frame.level and fits and not (frame.level_is_wide and own):
        return frame.level
    if own:
        return own
    if indicator == "retention_rate" and words.is_place(name or ""):
        return "CE"
    return levels[0] if len(levels) == 1 else None
