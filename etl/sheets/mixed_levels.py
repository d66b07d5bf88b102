"""Blocks of items of which one is of several levels at once (幼儿园 | 中小学 | 合计): it is neither one level nor all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.row import Row


def without_mixed_blocks(rows: Sequence[Row]) -> list[Row]:
    """The rows with those of such a block told to be no values, where a block of all stands beside it."""
    found = list(rows)
    paths = [compact(row.label.text).rpartition("/") for row in rows]
    of_all = {tail for head, _, tail in paths if head and words.is_total(head)}
    for n, (head, _, tail) in enumerate(paths):
        if head in words.MIXED_LEVEL_WORDS and tail in of_all and not found[n].entity:
            label = replace(found[n].label, indicator=None, part=None, rest=f"{head}{tail}", confidence=0.0)
            told = found[n].problem or label.text
            found[n] = replace(found[n], label=label, problem=told, excluded=found[n].excluded or "out_of_domain")
    return found
