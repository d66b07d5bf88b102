"""The tables of a file beside the layouts that people have confirmed: equal, drifted or new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from db.records_layout import (
    Drift,
    DriftedLayout,
    LayoutKind,
    Overrides,
    RecalledLayouts,
    RememberedLayout,
    SheetLayout,
    TableOverride,
)
from etl.sheets.keys import PLACE, YEAR, closest, drift, same_words


def remembered_overrides(remembered: Sequence[RememberedLayout]) -> dict[str, TableOverride]:
    """The changes that hold for every table of a remembered shape."""
    return {one.signature.digest: one.override for one in remembered if one.override != TableOverride()}


def recall(layouts: Sequence[SheetLayout], remembered: Sequence[RememberedLayout]) -> RecalledLayouts:
    """Every table of a file that holds values, beside what is remembered. Lists of persons are left out."""
    by_digest = {one.signature.digest: one for one in remembered}
    known: dict[str, RememberedLayout] = {}
    drifted: dict[str, DriftedLayout] = {}
    fresh: list[str] = []
    for table in (table for sheet in layouts for table in sheet.tables):
        if table.kind is LayoutKind.ROSTER or not table.signature.lines:
            continue
        if table.signature.digest in by_digest:
            known[table.key] = by_digest[table.signature.digest]
            continue
        near = closest(table.signature, (one.signature for one in remembered))
        if near is None:
            fresh.append(table.key)
        else:
            one, change = by_digest[near.digest], drift(near, table.signature)
            drifted[table.key] = DriftedLayout(one, change, carried(one.override, change))
    return RecalledLayouts(known, drifted, tuple(fresh))


def carried(override: TableOverride, change: Drift) -> TableOverride:
    """The remembered changes on the lines of a drifted table. A renamed line keeps them where its name only got longer or
    shorter; of any other one a person has to say again what it means."""
    names, lines = dict(change.renamed), {}
    for key, line in override.lines.items():
        plain = key.split("#")[0] if YEAR in key or PLACE in key else key  # as the signature has it
        if plain not in change.gone and same_words(plain, names.get(plain, plain)):
            lines[names.get(plain, plain) + key[len(plain) :]] = line
    return replace(override, lines=lines)


def drifted_overrides(recalled: RecalledLayouts, said: Overrides) -> dict[str, TableOverride]:
    """What is carried over to drifted tables about which a person has said nothing yet."""
    return {
        key: one.override
        for key, one in recalled.drifted.items()
        if key not in said and one.override != TableOverride()
    }
