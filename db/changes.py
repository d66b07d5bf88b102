"""Why a number is another one than at an earlier moment: what each import, undoing, review and ruling added to it.

The steps are the states of the store after each of them, so what they add is exactly the way from the old value to the
new one. Within a step the schools that reported late, were corrected or withdrawn are told apart; what is left is what
units above the schools stated themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import pandas as pd
import sqlalchemy as sa

from db.book import Book
from db.fold import Cell
from db.frames import DATE, FLOAT, INT, NULLABLE_INT, OBJECT, TEXT, frame
from db.interning import UNKNOWN_PERIOD, indicator_ids, period_rows
from db.known import Held, KnownBook, cells_in
from db.schema import import_batch, observation, source_file
from db.schema_claims import ruling
from db.together import several

MOST = 20  # steps of one number that are told one by one; those before are one
CHANGE = {
    "indicator": TEXT, "dims": TEXT, "period": TEXT, "step": INT, "at": DATE, "kind": TEXT, "cause": TEXT,
    "source_file_id": NULLABLE_INT, "file_name": TEXT, "user": TEXT, "n_events": INT, "unit_ids": OBJECT,
    "added_numerator": FLOAT, "added_denominator": FLOAT, "added_value": FLOAT,
    "numerator": FLOAT, "denominator": FLOAT, "value": FLOAT,
}  # fmt: skip
Series = tuple[str, str]  # indicator, dims key


class Event(NamedTuple):
    """What changed the store at a moment: `kind` file, undone, review or ruling; `several` where many are one."""

    at: datetime
    kind: str
    source_file_id: int | None
    file_name: str
    user: str
    n: int = 1


def changes(connection: sa.Connection, *, series: Sequence[Series], org_unit_id: int, since: datetime) -> pd.DataFrame:
    """How the cells of a unit came from what they were at `since` (UTC) to what they are: the columns of CHANGE, per cell
    that is another one now its first state (`kind` start, step 0) and the steps in their order.

    `cause`: first (nobody had a value before), late, corrected, withdrawn, other (stated above the schools), and review
    or ruling. `added_…` is the difference to the row before; all of a cell add up to its whole change. Counts have no
    numerator and denominator. Steps that change nothing of a cell are left out. Of a period of which nothing at all was
    known the steps are one.
    """
    codes = indicator_ids(connection)
    touched, events = several(lambda: _touched(connection, since), lambda: _events(connection, since))
    about = frozenset(codes[code] for code, _ in series if code in codes and codes[code] in touched)
    known = [one for one in dict.fromkeys(series) if codes.get(one[0]) in about]
    rows: list[tuple[object, ...]] = []
    if known:
        within = frozenset(period_id for code in about for period_id in touched[code])
        book = KnownBook(connection, at=since, about=about, below=frozenset([org_unit_id]), within=within, first=since)
        several(lambda: book.ruled_periods, lambda: book.all_facts)
        for period, period_id in _dated(connection, within).items():
            walk = _Walk(book, period_id, org_unit_id, [(codes[code], dims) for code, dims in known])
            for one, told in zip(known, walk.told(events), strict=True):
                if _differ(told[0].state, told[-1].state):
                    rows.extend((*one, period, step, *part) for step, part in enumerate(told))
    return frame(rows, CHANGE)


def _touched(connection: sa.Connection, since: datetime) -> dict[int, set[int]]:
    """By indicator the periods about which something was said or unsaid since; of rates also where their counts were."""
    batch = import_batch.c
    some = sa.select(batch.id).where(sa.or_(batch.created_at > since, batch.undone_at > since))
    cells = [
        sa.select(table.indicator_id, table.period_id).where(condition)
        for table, condition in (
            (observation.c, observation.c.import_id.in_(some)),
            (observation.c, observation.c.closed_by.in_(some)),
            (ruling.c, ruling.c.ruled_at > since),
        )
    ]
    book = Book(connection)
    found: dict[int, set[int]] = defaultdict(set)
    for indicator_id, period_id in connection.execute(sa.union(*cells)):
        for dependent in book.dependents(indicator_id):
            found[dependent].add(period_id)
    return found


def _dated(connection: sa.Connection, within: frozenset[int]) -> dict[str, int]:
    """The codes of periods, the latest first, without the unknown one."""
    rows = [row for row in period_rows(connection) if row.code != UNKNOWN_PERIOD and row.id in within]
    return {row.code: row.id for row in sorted(rows, key=lambda row: (-row.end_date.toordinal(), row.code))}


def _events(connection: sa.Connection, since: datetime) -> dict[datetime, Event]:
    """Everything that changed the store after a moment, in order of time."""
    batch = import_batch.c
    query = sa.select(
        batch.created_at, batch.undone_at, batch.kind, batch.source_file_id, source_file.c.name, batch.created_by,
        batch.undone_by,
    ).join_from(import_batch, source_file, batch.source_file_id == source_file.c.id)  # fmt: skip
    found: list[Event] = []
    rulings = sa.select(ruling.c.ruled_at, ruling.c.ruled_by).where(ruling.c.ruled_at > since)
    files, ruled = several(
        lambda: connection.execute(query.where(sa.or_(batch.created_at > since, batch.undone_at > since))).all(),
        lambda: connection.execute(rulings).all(),
    )
    for row in files:
        if row.created_at > since:
            found.append(Event(row.created_at, row.kind, row.source_file_id, row.name, row.created_by))
        if row.undone_at is not None and row.kind == "file":
            found.append(Event(row.undone_at, "undone", row.source_file_id, row.name, row.undone_by or ""))
    found += [Event(at, "ruling", None, "", who) for at, who in ruled]
    return {each.at: each for each in sorted(found)}


Step = tuple[Event, set[int]]  # with the units it was about


class Part(NamedTuple):
    """A row of CHANGE after its place and step."""

    at: datetime
    kind: str
    cause: str
    source_file_id: int | None
    file_name: str
    user: str
    n_events: int
    unit_ids: tuple[int, ...]
    added_numerator: float | None
    added_denominator: float | None
    added_value: float | None
    numerator: float | None
    denominator: float | None
    value: float | None

    @property
    def state(self) -> State:
        return State(self.value, self.numerator, self.denominator)


class State(NamedTuple):
    """A number: its value and, of a rate, its counts."""

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None


NOTHING = State()
Key = tuple[int, str]  # indicator, dims key
States = Mapping[Key, Mapping[int, State]]  # by unit


@dataclass(slots=True)
class _Walk:
    """The states of one period, one after the other; only units about which something was said are looked at."""

    book: KnownBook
    period_id: int
    root: int
    keys: list[Key]

    def told(self, events: Mapping[datetime, Event]) -> list[list[Part]]:
        """The parts of each key, the first of them where it started from."""
        since = self.book.first or self.book.at
        steps = self._steps(events)
        if not steps:
            return [[_start(since, NOTHING)] for _ in self.keys]
        units = frozenset(unit for _, touched in steps for unit in touched)
        self.book.beside = units
        self.book.__dict__.pop("kept", None)
        before = self._states(since)
        found = [[_start(since, before[key].get(self.root, NOTHING))] for key in self.keys]
        if all(told[0].state == NOTHING for told in found):
            steps = [_merged(steps)]
        for event, touched in steps:
            after = self._states(event.at)
            for told, key in zip(found, self.keys, strict=True):
                told.extend(_parts(self, event, touched, key, before, after))
            before = after
        return found

    def _steps(self, events: Mapping[datetime, Event]) -> list[Step]:
        """The events that said something of the period, with the units they were about."""
        since = self.book.first or self.book.at
        touched: dict[datetime, set[int]] = defaultdict(set)
        for row in self.book.rows:
            if row.period_id == self.period_id:
                for at in (row.valid_from, row.valid_to):
                    if at is not None and at > since:
                        touched[at].add(row.org_unit_id)
        for event in events.values():
            if event.kind == "ruling" or (event.kind == "undone" and self.period_id in self.book.ruled_periods):
                touched.setdefault(event.at, set())  # a ruling goes with its document
        steps = [(events.get(at, Event(at, "review", None, "", "")), units) for at, units in sorted(touched.items())]
        if len(steps) <= MOST:
            return steps
        early = steps[: len(steps) - MOST + 1]
        return [_merged(early), *steps[len(early) :]]

    def _states(self, at: datetime) -> dict[Key, dict[int, State]]:
        self.book.turn_to(at)
        held: Held = cells_in(self.book, self.period_id)
        found: dict[Key, dict[int, State]] = {key: {} for key in self.keys}
        for unit_id in {self.root, *self.book.beside}:
            for row in held.get(unit_id, ()):
                if (row.indicator_id, row.dims) in found:
                    found[row.indicator_id, row.dims][unit_id] = self._state(unit_id, row.cell)
        return found

    def _state(self, unit_id: int, cell: Cell) -> State:
        """Of the unit itself what is shown of it, of one below what it adds: they differ where a ruling holds."""
        counts = (cell.numerator, cell.denominator) if unit_id == self.root else cell.parts()
        return State(cell.value, *counts)

    def schools(self, units: Iterable[int]) -> list[int]:
        """The plain schools among units."""
        return sorted(unit for unit in units if self.book.plain_schools[unit])


def _merged(steps: Sequence[Step]) -> Step:
    """Several steps as one that stands where the last of them stands."""
    if len(steps) == 1:
        return steps[0]
    units = {unit for _, touched in steps for unit in touched}
    return Event(steps[-1][0].at, "several", None, "", "", sum(event.n for event, _ in steps)), units


def _start(since: datetime, state: State) -> Part:
    return Part(
        since, "start", "start", None, "", "", 0, (), None, None, None, state.numerator, state.denominator, state.value
    )


def _parts(walk: _Walk, event: Event, touched: set[int], key: Key, before: States, after: States) -> Iterator[Part]:
    """What an event added to the number of a key: by schools that are alike in what became of them, then the rest."""
    old, new = before[key].get(walk.root, NOTHING), after[key].get(walk.root, NOTHING)
    if not _differ(old, new):
        return
    rule = walk.book.rules[key[0]]
    groups = _groups(event, walk.schools(touched), before[key], after[key], fresh=old.value is None)
    if not _add_up(rule.is_rate, old, new):
        units = sorted({unit for some in groups.values() for unit in some} | (touched - {walk.root}))
        yield _part(event, next(iter(groups), _general(event)), units, rule.is_rate, old, new)
        return
    at = old
    for cause, units in groups.items():
        moved = _moved(rule.is_rate, rule.multiplier, at, units, before[key], after[key])
        if _differ(at, moved):
            yield _part(event, cause, units, rule.is_rate, at, moved)
            at = moved
    if _differ(at, new):
        others = sorted(touched - set(walk.schools(touched)))
        yield _part(event, _general(event), others, rule.is_rate, at, new)


def _groups(
    event: Event, schools: Sequence[int], before: Mapping[int, State], after: Mapping[int, State], *, fresh: bool
) -> dict[str, list[int]]:
    """Schools by what became of their numbers."""
    found: dict[str, list[int]] = {cause: [] for cause in ("first", "late", "corrected", "withdrawn")}
    for unit in schools:
        old, new = before.get(unit, NOTHING), after.get(unit, NOTHING)
        if not _differ(old, new):
            continue
        if old.value is None:
            found["first" if fresh else "late"].append(unit)
        else:
            found["withdrawn" if new.value is None else "corrected"].append(unit)
    if event.kind in ("review", "ruling"):
        return {event.kind: [unit for units in found.values() for unit in units]}
    return {cause: units for cause, units in found.items() if units}


def _general(event: Event) -> str:
    return event.kind if event.kind in ("review", "ruling") else "other"


def _add_up(rate: bool, old: State, new: State) -> bool:
    """Whether both numbers are made of what schools add: a rate has its counts, or stands where nothing stood."""
    return not rate or all(state == NOTHING or state.denominator is not None for state in (old, new))


def _moved(
    rate: bool,
    multiplier: float,
    at: State,
    units: Sequence[int],
    before: Mapping[int, State],
    after: Mapping[int, State],
) -> State:
    """The number with what some schools add to it in place of what they added before."""
    names = ("numerator", "denominator") if rate else ("value",)
    sums = {
        name: (getattr(at, name) or 0.0)
        + sum(
            (getattr(after.get(u, NOTHING), name) or 0.0) - (getattr(before.get(u, NOTHING), name) or 0.0)
            for u in units
        )
        for name in names
    }
    if not rate:
        return State(sums["value"])
    top, base = sums["numerator"], sums["denominator"]
    return State(multiplier * top / base if base else None, top, base)


def _differ(one: State, other: State) -> bool:
    return any(
        abs((a or 0.0) - (b or 0.0)) > 1e-9 or (a is None) != (b is None) for a, b in zip(one, other, strict=True)
    )


def _part(event: Event, cause: str, units: Sequence[int], rate: bool, old: State, new: State) -> Part:
    value, top, base = _added(rate, old, new)
    return Part(
        event.at, event.kind, cause, event.source_file_id, event.file_name, event.user, event.n, tuple(units),
        top, base, value, new.numerator, new.denominator, new.value,
    )  # fmt: skip


def _added(rate: bool, old: State, new: State) -> tuple[float | None, float | None, float | None]:
    """What was added to value, numerator and denominator; missing where one side is. A sum begins at 0 where nothing
    stood, a rate does not."""
    begun = old if old != NOTHING else State(None if rate else 0.0, 0.0, 0.0)
    value, top, base = (None if a is None or b is None else b - a for a, b in zip(begun, new, strict=True))
    return value, top, base
