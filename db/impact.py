"""What storing a draft would change, and what rests on that, told before. Nothing is written here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from db.catalogue import load_catalogue
from db.catalogue.model import Aggregation
from db.collector import uncollected
from db.frames import chunks
from db.locks import holding, sentence
from db.locks import in_force as in_force_locks
from db.matching import Match
from db.observed import ObservationColumn
from db.records import Draft
from db.records_claims import Verdict
from db.records_impact import EarlierImport, Impact, ImpactedSum, LeftValue
from db.review_force import in_force
from db.ruled import latest
from db.schema import dim_set, import_batch, indicator, observation, org_unit, period, source_file
from db.schema_claims import claim, discrepancy, ruling
from db.schema_review import review_decision, review_effect
from db.statements import same_document
from db.store import decided, difference, matched

Fresh = Sequence[ObservationColumn]  # values of cells that the store does not have
Cell = tuple[int, str, str]  # org unit, indicator, period: codes, since the store may not have them yet


@uncollected()
def impact(connection: sa.Connection, draft: Draft, replaces: int | None = None) -> Impact:
    """What saving the draft would do, with an earlier import taken back on request (`Choices.replaces`).

    Values that a draft states for units the store does not know yet touch no unit above."""
    draft = decided(connection, draft)
    matches = matched(connection, draft)
    earlier = _earlier_imports(connection, draft)
    numbers = {one.import_id for one in earlier} | ({replaces} if replaces is not None else set())
    gone = _left(connection, numbers, {one.old.observation_id for one in matches.each if one.old is not None})
    moved = [one for one in matches.each if one.kind != "same"]
    taken = [row for row in gone if row.import_id == replaces]
    ends = {one.old.observation_id for one in moved if one.old is not None} | {row.id for row in taken}
    counted = _counted(moved, taken)
    sums = _sums(connection, counted, matches.fresh)
    told = _discrepancies(connection, ends)
    return Impact(
        difference(connection, draft, matches),
        earlier,
        tuple(LeftValue(row.id, row.name, row.code, row.period, row.dims, row.value) for row in gone),
        sums,
        told,
        _rulings(connection, ends.union(told)),
        _claims(connection, counted.keys() | {(one.org_unit_id, one.indicator, one.period) for one in sums}, matches.fresh),
        _decisions(connection, ends),
        _locked(connection, counted, matches.fresh),
    )  # fmt: skip


def _locked(connection: sa.Connection, counted: Collection[Cell], fresh: Fresh) -> tuple[str, ...]:
    """A sentence for each locked period in which something would change."""
    held = in_force_locks(connection)
    if not held:
        return ()
    asked = sorted(
        {(unit, when) for unit, _, when in counted}.union(
            *({(unit, one.period or "") for unit in one.org_unit_ids.tolist()} for one in fresh)
        )
    )
    paths: dict[int, str] = {}
    for some in chunks({unit for unit, _ in asked}):
        rows = connection.execute(sa.select(org_unit.c.id, org_unit.c.path).where(org_unit.c.id.in_(some)))
        paths.update((row.id, row.path) for row in rows)
    found = {when: lock for unit, when in asked if (lock := holding(held, when, paths.get(unit, ""))) is not None}
    return tuple(sentence(when, lock) for when, lock in sorted(found.items()))


def _earlier_imports(connection: sa.Connection, draft: Draft) -> tuple[EarlierImport, ...]:
    """The stored imports of files whose name says that they are versions of this one, the latest first."""
    rows = connection.execute(
        sa.select(import_batch.c.id, source_file.c.id.label("file_id"), source_file.c.name, import_batch.c.created_by,
                  import_batch.c.created_at)
        .join_from(import_batch, source_file, import_batch.c.source_file_id == source_file.c.id)
        .where(import_batch.c.kind == "file", import_batch.c.status == "stored",
               source_file.c.sha256 != draft.source.sha256)
        .order_by(import_batch.c.id.desc())
    )  # fmt: skip
    named = [row for row in rows if same_document(draft.source.name, row.name)]
    standing = sa.select(observation.c.import_id, sa.func.count()).where(
        observation.c.import_id.in_([row.id for row in named]), observation.c.valid_to.is_(None)
    )
    counts = {number: n for number, n in connection.execute(standing.group_by(observation.c.import_id))}  # noqa: C416
    return tuple(EarlierImport(*row, counts.get(row.id, 0)) for row in named)


def _left(connection: sa.Connection, imports: Collection[int], stated: Collection[int]) -> Sequence[Any]:
    """What imports have in force and the draft does not state, in the order of its documents."""
    if not imports:
        return []
    query = (
        sa.select(observation.c.id, observation.c.org_unit_id, org_unit.c.name, indicator.c.code,
                  period.c.code.label("period"), dim_set.c.key.label("dims"), observation.c.value, observation.c.import_id)
        .join_from(observation, org_unit, observation.c.org_unit_id == org_unit.c.id)
        .join(indicator, observation.c.indicator_id == indicator.c.id)
        .join(period, observation.c.period_id == period.c.id)
        .join(dim_set, observation.c.dim_set_id == dim_set.c.id)
        .where(observation.c.import_id.in_(sorted(imports)), observation.c.valid_to.is_(None))
        .order_by(observation.c.id)
    )  # fmt: skip
    return [row for row in connection.execute(query) if row.id not in stated]


def _counted(moved: Iterable[Match], taken: Iterable[Any]) -> Counter[Cell]:
    """How many values of a cell's unit, indicator and period are new, change or are taken back."""
    found: Counter[Cell] = Counter()
    for one in moved:
        if one.key.org_unit_id:
            found[one.key.org_unit_id, one.observation.indicator, one.observation.period or ""] += 1
    for row in taken:
        found[row.org_unit_id, row.code, row.period] += 1
    return found


def _sums(connection: sa.Connection, counted: Counter[Cell], fresh: Fresh) -> tuple[ImpactedSum, ...]:
    """The units above, from the town to the province, with the indicators that add up and the rates made of them."""
    rows = connection.execute(sa.select(org_unit.c.id, org_unit.c.name, org_unit.c.path)).all()
    names, paths = {row.id: row.name for row in rows}, {row.id: row.path for row in rows}
    rates = _rates()
    found: Counter[tuple[int, str, str, bool]] = Counter()
    for (unit, code, when), n in counted.items():
        above = [int(part) for part in paths.get(unit, "").split("/") if part and int(part) != unit]
        for place in above:
            for name, is_rate in rates[code]:
                found[place, name, when, is_rate] += n
    for column in fresh:
        beside = Counter(paths.get(unit, "").removesuffix(f"/{unit}/") for unit in column.org_unit_ids.tolist())
        for path, n in beside.items():
            for place in (int(part) for part in path.split("/") if part):
                for name, is_rate in rates[column.indicator]:
                    found[place, name, column.period or "", is_rate] += n
    order = sorted(found, key=lambda one: (-paths[one[0]].count("/"), paths[one[0]], one[3], one[1], one[2]))
    return tuple(ImpactedSum(place, names[place], code, when, found[place, code, when, is_rate], is_rate)
                 for place, code, when, is_rate in order)  # fmt: skip


def _rates() -> dict[str, list[tuple[str, bool]]]:
    """By indicator what is worked out anew above when it changes: itself, and the rates that it is a part of."""
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for one in load_catalogue().indicators:
        if one.aggregation is Aggregation.NONE:
            continue
        found[one.code].append((one.code, False))
        for part in {one.numerator, one.denominator} - {None}:
            found[str(part)].append((one.code, True))
    return found


def _discrepancies(connection: sa.Connection, ends: Collection[int]) -> tuple[int, ...]:
    found: set[int] = set()
    for some in chunks(ends):
        either = sa.or_(discrepancy.c.told_observation_id.in_(some), discrepancy.c.standing_observation_id.in_(some))
        found.update(connection.scalars(sa.select(discrepancy.c.told_observation_id).where(either)))
    return tuple(sorted(found))


def _rulings(connection: sa.Connection, about: Collection[int]) -> tuple[int, ...]:
    """Rulings in force about observations: those that end, and those that were told against them."""
    found: set[int] = set()
    for some in chunks(about):
        last = latest(ruling.c.told_observation_id.in_(some))
        query = sa.select(ruling.c.id).join_from(ruling, last, ruling.c.id == last.c.id)
        found.update(connection.scalars(query.where(ruling.c.verdict != Verdict.REVOKED.value)))
    return tuple(sorted(found))


def _claims(connection: sa.Connection, cells: Collection[Cell], fresh: Fresh) -> tuple[int, ...]:
    """Claims whose value or base is one of the cells. A base without unit or indicator of its own has the claim's; one
    without a period (上年, 上次检查) may be any period."""
    if not cells and not fresh:
        return ()
    hit = {*cells, *((unit, code, None) for unit, code, _ in cells)}
    base, before = indicator.alias("base"), period.alias("before")
    query = (
        sa.select(claim.c.id, claim.c.org_unit_id, indicator.c.code, period.c.code.label("period"),
                  claim.c.base_org_unit_id, base.c.code.label("base_code"), before.c.code.label("base_period"))
        .join_from(claim, import_batch, claim.c.import_id == import_batch.c.id)
        .outerjoin(indicator, claim.c.indicator_id == indicator.c.id)
        .outerjoin(period, claim.c.period_id == period.c.id)
        .outerjoin(base, claim.c.base_indicator_id == base.c.id)
        .outerjoin(before, claim.c.base_period_id == before.c.id)
        .where(import_batch.c.status == "stored")
        .order_by(claim.c.id)
    )  # fmt: skip
    columns = [(one.indicator, (one.period or "", None), set(one.org_unit_ids.tolist())) for one in fresh]

    def is_hit(unit: int | None, code: str | None, when: str | None) -> bool:
        inside = (code == name and when in periods and unit in units for name, periods, units in columns)
        return (unit, code, when) in hit or any(inside)

    return tuple(
        row.id
        for row in connection.execute(query)
        if is_hit(row.org_unit_id, row.code, row.period)
        or is_hit(row.base_org_unit_id or row.org_unit_id, row.base_code or row.code, row.base_period)
    )


def _decisions(connection: sa.Connection, ends: Collection[int]) -> tuple[int, ...]:
    """Review decisions in force about an observation that ends, or that brought it."""
    found: set[int] = set()
    for some in chunks(ends):
        brought = sa.select(review_effect.c.decision_id).where(
            review_effect.c.observation_id.in_(some), review_effect.c.role == "added"
        )
        either = sa.or_(review_decision.c.observation_id.in_(some), review_decision.c.id.in_(brought))
        found.update(connection.scalars(sa.select(review_decision.c.id).where(either, in_force())))
    return tuple(sorted(found))
