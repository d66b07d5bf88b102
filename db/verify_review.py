"""Whether the review is sound: no decision without its number, no reviewed value without its decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import sqlalchemy as sa

from db.blocks import stored_reading
from db.records import Evidence, Reading
from db.records_review import REVIEWED, Decision, decision_from, found_again
from db.review_force import in_force
from db.schema import evidence, import_batch, issue, observation, source_file
from db.schema_review import pending_reading, review_decision, review_effect


def loose_ends(connection: sa.Connection) -> Iterator[str]:
    """Every row of the review that leads nowhere, as a Chinese sentence per kind."""
    decision = review_decision.c.id
    links = (
        (pending_reading.c.decision_id, decision, "待认定读数的认定"),
        (review_effect.c.decision_id, decision, "认定结果的认定"),
        (review_effect.c.observation_id, observation.c.id, "认定结果的观测值"),
        (review_decision.c.observation_id, observation.c.id, "认定所指的观测值"),
    )
    for column, target, name in links:
        twin = column.table.alias()  # Citus asks no other table row by row from one that stands on every node
        held = sa.select(target).join_from(twin, target.table, twin.c[column.name] == target)
        missing = sa.and_(column.is_not(None), column.not_in(held))
        loose = connection.scalar(sa.select(sa.func.count()).select_from(column.table).where(missing)) or 0
        if loose:
            yield f"{name}:有 {loose} 条找不到对应记录。"
    traced = sa.exists().where(
        review_effect.c.area_id == evidence.c.area_id,
        review_effect.c.observation_id == evidence.c.observation_id,
        review_effect.c.role == "added",
    )
    untraced = connection.scalar(
        sa.select(sa.func.count()).select_from(evidence).where(evidence.c.rule.startswith(REVIEWED), ~traced)
    )
    if untraced:
        yield f"人工认定的观测值:有 {untraced} 条找不到所依据的认定。"


def misplaced(connection: sa.Connection) -> Iterator[tuple[int, str]]:
    """Per file how many quotes were looked at, and a sentence for every one that is not at its place ("" else)."""
    waiting, chosen = _waiting(connection), _decisions(connection)
    names = {file_id: name for file_id, name in connection.execute(sa.select(source_file.c.id, source_file.c.name))}  # noqa: C416
    for file_id in sorted(waiting.keys() | chosen.keys()):
        reading = stored_reading(connection, file_id)
        for number, proof in waiting[file_id]:
            fault = "" if proof.holds_in(reading) else f"待认定读数 {number}:文件「{names[file_id]}」中"
            yield 1, f"{fault}不是「{proof.quote}」。" if fault else ""
        for one in chosen[file_id]:
            yield 1, _missing(one, reading, names[file_id])


def _missing(one: Decision, reading: Reading, name: str) -> str:
    if found_again(reading, one) is not None:
        return ""
    return f"认定 {one.id}:文件「{name}」中找不到「{one.number}」。"


def _waiting(connection: sa.Connection) -> dict[int, list[tuple[int, Evidence]]]:
    found: dict[int, list[tuple[int, Evidence]]] = defaultdict(list)
    rows = connection.execute(
        sa.select(pending_reading.c.id, pending_reading.c.evidence, import_batch.c.source_file_id)
        .join_from(pending_reading, import_batch, pending_reading.c.import_id == import_batch.c.id)
        .where(import_batch.c.status == "stored")
    )
    for number, proof, file_id in rows:
        found[file_id].append((number, Evidence(**proof)))
    return found


def _decisions(connection: sa.Connection) -> dict[int, list[Decision]]:
    """The decisions in force of stored files, without those that an import said it could not place."""
    lost = sa.exists().where(
        issue.c.import_id == import_batch.c.id,
        issue.c.code == "decision_lost",
        issue.c.quote == review_decision.c.number,
    )
    stored = sa.exists().where(
        import_batch.c.source_file_id == review_decision.c.source_file_id,
        import_batch.c.kind == "file",
        import_batch.c.status == "stored",
        ~lost.correlate(import_batch, review_decision),
    )
    found: dict[int, list[Decision]] = defaultdict(list)
    for row in connection.execute(sa.select(review_decision).where(in_force(), stored.correlate(review_decision))):
        found[row.source_file_id].append(decision_from(row))
    return found
