"""An upload between file and store: the draft as frames to look at, and refusals as sentences to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from db.engine import StoreError
from db.observed import columns_in, outside_columns, proposed_in, units_in
from db.records import Change, Difference, Draft, Issue, Observation, SourceFile, cell_text, dims_key
from db.records_drafts import Choices
from db.records_impact import Impact
from db.records_layout import Overrides, RecalledLayouts
from etl.types import Refused
from pages.ui import actions, data, reviewing
from pages.ui.proof import cell_place, stated_text
from pages.ui.text import join, name_of, named_parts, period_text, printed, say

UnitNames = Mapping[int | str | None, str]
SEVERITIES = ("block", "confirm", "note")
KINDS = frozenset({
    "ambiguous_place", "cell_error", "class_rows",
    "column_without_indicator", "conflict", "formula_without_value", "hidden_columns", "hidden_rows", "hidden_sheet",
    "decision_lost", "empty_sheet", "ledger", "mixed_level", "no_period", "no_table", "not_filled_in", "overruled", "page_without_text",
    "personal_counted", "personal_data", "text_column",
    "unknown_column", "unknown_place", "unknown_row", "unreadable_number",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that was read but not stored: its draft and the difference to the store, or why it was refused; what is
    remembered of its tables and the changes to them that hold. `replaces` is the import with which `impact` was worked out."""

    sha256: str
    draft: Draft | None = None
    impact: Impact | None = None
    replaces: int | None = None
    refusal: str = ""
    recalled: RecalledLayouts = field(default_factory=RecalledLayouts)
    overrides: Overrides = field(default_factory=dict)

    @property
    def difference(self) -> Difference | None:
        """The draft against the store."""
        return None if self.impact is None else self.impact.difference


def prepare(source: SourceFile, choices: Choices, told: Callable[[str], None]) -> Prepared:
    """Read a file with what was chosen about it and compare it with the store; nothing is stored. `told` hears of each
    step: read, understand, check, compare."""
    try:
        draft, recalled, overrides = actions.draft(source, choices, told)
    except Refused as refused:
        return Prepared(source.sha256, refusal=printed(refused.sentence))
    told("compare")
    found = actions.compare(draft, choices.replaces)
    return Prepared(source.sha256, draft, found, choices.replaces, recalled=recalled, overrides=overrides)


def difference_counts(prepared: Prepared) -> dict[str, int]:
    """How many values are new, the same and changed, and how many units are missing."""
    found = prepared.difference
    if found is None:
        return {}
    return {kind: found.count(kind) for kind in ("new", "same", "changed")} | {"missing": len(found.missing)}


def undo(import_id: int) -> int | str:
    """Take one import back; the number of values taken back, or why it could not be done."""
    try:
        return actions.undo(import_id)
    except StoreError as problem:
        return str(problem)


def unit_names(draft: Draft) -> UnitNames:
    """Names by the id of a unit of the store and by the key of a unit that the store does not know yet."""
    told = {unit for unit, _ in units_in(draft.observations) if unit is not None}
    data.meet(told)
    names: dict[int | str | None, str] = {each.id: each.name for each in map(data.find, told) if each is not None}
    return names | {unit.key: unit.name for unit in draft.proposed_units}


def unit_name(observation: Observation, names: UnitNames) -> str:
    """The unit an observation stands for; one that the store does not know yet by the name in the file."""
    return names.get(observation.proposed_key if observation.org_unit_id is None else observation.org_unit_id, "")


def units_named(draft: Draft, names: UnitNames) -> set[str]:
    """The units that a draft is about."""
    return {names.get(key if unit is None else unit, "") for unit, key in units_in(draft.observations)}


def place(observation: Observation) -> str:
    """Where in the file it stands: sheet and cell, or paragraph."""
    proof = observation.evidence
    return cell_place(proof.sheet, proof.cell) if proof.cell else proof.locator


def stated(observation: Observation) -> str:
    """The value as its document prints it."""
    value = None if observation.value is None else float(observation.value)
    return stated_text(value, observation.unit, observation.indicator, str(observation.status))


def source_text(observation: Observation, draft: Draft) -> str:
    """The sentence around a number of a report, or the cell's text."""
    proof = observation.evidence
    if proof.sentence_start is None or proof.cell:
        return cell_text(proof.quote)
    return draft.reading.text[proof.sentence_start : proof.sentence_end].strip()


def titled(observation: Observation) -> str:
    """The indicator of an observation, with its breakdown."""
    code = observation.indicator
    return join(named_parts(data.indicator(code), code, dims_key(observation.dims)))


def counts(draft: Draft, names: UnitNames) -> pd.DataFrame:
    """How many values were understood per indicator and period: name, period, n, units."""
    held: dict[tuple[str, str], list[str]] = {}
    for column in columns_in(draft.observations):
        told = [names.get(unit, "") for unit in column.org_unit_ids.tolist()]
        held.setdefault((column.indicator, column.period or ""), []).extend(told)
    for column in proposed_in(draft.observations):
        told = [names.get(column.keys[n], "") for n in column.org_unit_ids.tolist()]
        held.setdefault((column.indicator, column.period or ""), []).extend(told)
    for each in outside_columns(draft.observations):
        held.setdefault((each.indicator, each.period or ""), []).append(unit_name(each, names))
    rows = [
        (reviewing.indicator_name(indicator), period_text(period), len(units), len(set(units)))
        for (indicator, period), units in held.items()
    ]
    return pd.DataFrame(rows, columns=["name", "period", "n", "units"])


def changed(prepared: Prepared) -> list[Change]:
    """The values that would replace a stored one."""
    difference = prepared.difference
    return [] if difference is None else [each for each in difference.changes if each.kind == "changed"]


def issues_by_severity(draft: Draft) -> dict[str, list[Issue]]:
    """The issues of a draft, the gravest first."""
    return {each: [issue for issue in draft.issues if issue.severity == each] for each in SEVERITIES}


def issues_by_kind(issues: Iterable[Issue]) -> dict[str, list[Issue]]:
    """Issues by what is wrong, in words; the kind that comes most often last, so that it hides no other."""
    found: dict[str, list[Issue]] = {}
    for issue in issues:
        found.setdefault(kind_of(issue.code), []).append(issue)
    return dict(sorted(found.items(), key=lambda each: len(each[1])))


def kind_of(code: str) -> str:
    """What is wrong, in words: the name of the rule, or that of a kind of reading trouble."""
    rule = data.catalogue().rule(code)
    return name_of(rule) if rule is not None else say(f"upload.issue_kind.{code if code in KINDS else 'other'}")


def where(issue: Issue) -> str:
    """The place of an issue: its cell with the sheet, or its paragraph."""
    if issue.cell:
        return cell_place(issue.sheet, issue.cell)
    return issue.locator or (say("evidence.at", n=issue.start + 1) if issue.start is not None else "")
