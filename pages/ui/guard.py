"""Before a write: what it touches lies in the person's scope. A person without a limit passes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from db import audit, scope_checks
from db.engine import write
from db.records import Draft
from db.records_accounts import Action
from db.records_review import Answer, Origin
from db.scope_checks import OutOfScope
from pages.ui import access
from pages.ui.store import engine, reading

_BY_ORIGIN: dict[Origin, Callable[[Any, int], None]] = {
    Origin.PENDING: scope_checks.reading_inside,
    Origin.REJECTED: scope_checks.rejected_inside,
    Origin.OBSERVATION: scope_checks.observation_inside,
}


def draft(prepared: Draft) -> None:
    """What a draft would store. Raises OutOfScope."""
    _checked(f"draft {prepared.source.name}", lambda seen: scope_checks.draft_inside(seen, prepared))


def held_draft(draft_id: int) -> None:
    """A draft that waits. Raises OutOfScope."""
    _checked(f"draft {draft_id}", lambda seen: scope_checks.draft_owned(seen, draft_id))


def imported(import_id: int) -> None:
    """An import that is to be taken back. Raises OutOfScope."""
    _checked(f"import {import_id}", lambda seen: scope_checks.import_inside(seen, import_id))


def observed(observation_id: int) -> None:
    """An observation that is ruled on. Raises OutOfScope."""
    _checked(f"observation {observation_id}", lambda seen: scope_checks.observation_inside(seen, observation_id))


def units(wanted: Iterable[int]) -> None:
    """Units that something is written about. Raises OutOfScope."""
    ids = set(wanted)
    _checked(f"units {sorted(ids)}", lambda seen: scope_checks.units_inside(seen, ids))


def note(note_id: int) -> None:
    """A note that is taken back. Raises OutOfScope."""
    _checked(f"note {note_id}", lambda seen: scope_checks.note_inside(seen, note_id))


def answers(given: Sequence[Answer]) -> None:
    """The numbers that are decided on. Raises OutOfScope."""

    def check(seen: Any) -> None:
        for answer in given:
            _BY_ORIGIN[answer.origin](seen, answer.number)
            if answer.statement is not None and answer.statement.org_unit_id is not None:
                scope_checks.units_inside(seen, {answer.statement.org_unit_id})

    _checked(f"{len(given)} decisions", check)


def decisions(numbers: Sequence[int]) -> None:
    """Decisions that are taken back. Raises OutOfScope."""

    def check(seen: Any) -> None:
        for number in numbers:
            scope_checks.decision_inside(seen, number)

    _checked(f"{len(numbers)} revocations", check)


def named(org_unit_id: int, source_file_id: int | None) -> None:
    """A name that is given to a unit, in one document; in all of them only by a person without a limit."""

    def check(seen: Any) -> None:
        scope_checks.units_inside(seen, {org_unit_id})
        scope_checks.file_inside(seen, -1 if source_file_id is None else source_file_id)

    _checked(f"name for unit {org_unit_id}", check)


def _checked(subject: str, check: Callable[[Any], None]) -> None:
    person = access.current()
    if not person.scope:
        return
    try:
        with reading(person.scope) as seen:
            check(seen)
    except OutOfScope:
        with write(engine()) as connection:
            audit.record(connection, Action.REFUSED, person.name, subject=subject)
        raise
