"""Whether counts of catching up are of doses or of children, where only a unit or the title tells."""

from __future__ import annotations

import re
from collections.abc import Collection

from etl.sheets.cells import compact
from etl.sheets.titles import Frame

_DOSES = re.compile(r"剂次|针次|[剂针](?!次)")
_PERSONS = re.compile("人")
_TITLE_UNIT = re.compile(r"[(（](?:(?:计量)?单位[:：])?(剂次|针次|剂|针)[、,%％]*[)）]")
_TITLE_COUNT = re.compile(r"(?<![分按各及])(?:补种|接种)(?:剂次|针次)(?![及和与、])")


def with_basis(dims: dict[str, str], allowed: Collection[str], unit: str, frame: Frame) -> dict[str, str]:
    """The groups of a number that is kept by its basis, with doses where its own unit, that of the sheet or the title names
    doses alone (单位:剂次、%). `unit` is what its own labels print; a sign of percent tells nothing."""
    if "basis" not in allowed or "basis" in dims:
        return dims
    own = unit if _DOSES.search(unit) or _PERSONS.search(unit) else frame.unit
    doses, persons = bool(_DOSES.search(own)), bool(_PERSONS.search(own))
    topic = compact(frame.topic)
    titled = not persons and (_TITLE_UNIT.search(topic) or (_TITLE_COUNT.search(topic) and "人" not in topic))
    return {**dims, "basis": "dose"} if (doses and not persons) or titled else dims
