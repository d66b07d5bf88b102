"""Whether the store is sound: rollups recomputed from the facts, every quote at its place, no loose ends."""

from __future__ import annotations

import hashlib
import math
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import chain

import sqlalchemy as sa

from db import audit, cell_counts
from db.blocks import NOT_KEPT, stored_reading
from db.catalogue import Catalogue
from db.cell_counts import Counts
from db.fold import Cell
from db.indexes import missing
from db.records import Reading, cell_text
from db.revisions import is_current
from db.rollups import Key, cell_columns, recompute
from db.schema import (
    cell_count,
    dim_set,
    evidence,
    import_batch,
    indicator,
    observation,
    org_unit,
    period,
    rollup,
    source_content,
    source_file,
    store_state,
)
from db.schema_accounts import audit_event
from db.schema_restated import restatement
from db.verify_claims import claim_faults, discrepancy_faults, ruling_faults
from db.verify_findings import loose_findings, misquoted
from db.verify_review import loose_ends, misplaced

SHOWN = 5  # faults named one by one


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of check: how much was looked at and every fault as a Chinese sentence."""

    name: str
    checked: int
    faults: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The check as a person reads it."""
        result = "无误" if not self.faults else f"有 {len(self.faults)} 处不符"
        yield f"{self.name}:核对 {self.checked} 项,{result}。"
        yield from (f"  {fault}" for fault in self.faults[:SHOWN])
        if len(self.faults) > SHOWN:
            yield f"  其余 {len(self.faults) - SHOWN} 处从略。"


def verify(connection: sa.Connection, catalogue: Catalogue | None = None) -> Iterator[Check]:
    """Every check of the store, one after the other; a sound store yields no faults."""
    if not is_current(connection):
        yield Check("数据库结构", 1, ("数据库结构不是本版本的结构,请先运行 python -m db upgrade。",))
        return
    lacking = tuple(
        f"缺少索引 {index.name}(整批装入没有完成),请运行 python -m db upgrade。" for index in missing(connection)
    )
    yield Check("数据库结构", 1, lacking)
    yield _check_file(connection)
    yield _check_references(connection)
    yield _check_state(connection)
    yield _check_log(connection)
    yield _check_originals(connection)
    yield _check_evidence(connection)
    yield _check_review(connection)
    yield from _check_rollups(connection, catalogue)
    for name, look in (("报告中的比较", claim_faults), ("数字分歧", discrepancy_faults), ("分歧认定", ruling_faults)):
        checked, faults = look(connection)
        yield Check(name, checked, tuple(faults))


def _check_log(connection: sa.Connection) -> Check:
    rows = connection.scalar(sa.select(sa.func.count()).select_from(audit_event)) or 0
    broken = audit.checked(connection).broken
    return Check(
        "操作日志", rows, tuple(f"第 {number} 条与前一条接不上:内容被改动,或前面有记录被删去。" for number in broken)
    )


def _check_file(connection: sa.Connection) -> Check:
    """SQLite's own check of its pages and foreign keys; PostgreSQL keeps both by itself."""
    if connection.dialect.name != "sqlite":
        return Check("数据库文件", 0)
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check")]
    faults = [f"数据库文件已损坏({text}),请从最近的备份恢复。" for text in found if text != "ok"]
    for table, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        faults.append(f"表 {table} 中有指向不存在记录的行。")
    return Check("数据库文件", 1, tuple(faults))


def _check_references(connection: sa.Connection) -> Check:
    """Every id of the big tables leads somewhere; areas agree with the org units."""
    links = (
        (observation.c.org_unit_id, org_unit.c.id, "观测值的机构"),
        (observation.c.indicator_id, indicator.c.id, "观测值的指标"),
        (observation.c.period_id, period.c.id, "观测值的时期"),
        (observation.c.dim_set_id, dim_set.c.id, "观测值的维度"),
        (observation.c.import_id, import_batch.c.id, "观测值的导入批次"),
        (observation.c.closed_by, import_batch.c.id, "观测值的停用批次"),
        (observation.c.id, evidence.c.observation_id, "观测值的依据"),
        (evidence.c.observation_id, observation.c.id, "依据的观测值"),
        (evidence.c.source_file_id, source_file.c.id, "依据的文件"),
        (rollup.c.org_unit_id, org_unit.c.id, "汇总的机构"),
        (source_file.c.id, source_content.c.source_file_id, "文件的原件"),
        (restatement.c.observation_id, observation.c.id, "相同说法的观测值"),
        (restatement.c.source_file_id, source_file.c.id, "相同说法的文件"),
    )
    faults = []
    for column, target, name in links:
        found = target == column
        if "area_id" in column.table.c and "area_id" in target.table.c:  # their keys begin with it
            found = sa.and_(found, target.table.c.area_id == column.table.c.area_id)
        missing = sa.and_(column.is_not(None), ~sa.exists().where(found))
        loose = connection.scalar(sa.select(sa.func.count()).select_from(column.table).where(missing)) or 0
        if loose:
            faults.append(f"{name}:有 {loose} 条找不到对应记录。")
    strayed = connection.scalar(
        sa.select(sa.func.count())
        .select_from(sa.join(observation, org_unit, observation.c.org_unit_id == org_unit.c.id))
        .where(observation.c.area_id != org_unit.c.area_id)
    )
    if strayed:
        faults.append(f"观测值的区县:有 {strayed} 条与机构所在区县不一致。")
    if astray := loose_findings(connection):
        faults.append(f"检查问题的机构:有 {astray} 条找不到对应记录或区县不符。")
    return Check("引用关系", len(links) + 2, tuple(faults))


def _check_state(connection: sa.Connection) -> Check:
    rows = connection.execute(sa.select(store_state.c.revision, store_state.c.next_observation_id)).all()
    if len(rows) != 1:
        return Check("版本号", len(rows), (f"状态表应有 1 行,实有 {len(rows)} 行。",))
    [(revision, following)] = rows
    faults = []
    # One call may review several files: each gets an import of its own, the store one new revision.
    files = sa.select(sa.func.count()).select_from(import_batch).where(import_batch.c.kind == "file")
    imports = connection.scalar(files) or 0
    if revision <= imports:
        faults.append(f"版本号 {revision} 小于导入次数 {imports},页面可能显示旧数据。")
    last = connection.scalar(sa.select(sa.func.max(observation.c.id))) or 0
    if following <= last:
        faults.append(f"下一个观测值编号 {following} 已被占用(最大编号 {last})。")
    return Check("版本号", 1, tuple(faults))


def _check_originals(connection: sa.Connection) -> Check:
    query = sa.select(source_file.c.name, source_file.c.sha256, source_content.c.content).join_from(
        source_file, source_content, source_file.c.id == source_content.c.source_file_id
    )
    checked, faults = 0, []
    for name, sha256, packed in connection.execute(query.execution_options(yield_per=20)):
        checked += 1
        if packed != NOT_KEPT and not _unpacks_to(packed, sha256):
            faults.append(f"文件「{name}」的原件与入库时不一致。")
    return Check("文件原件", checked, tuple(faults))


def _unpacks_to(packed: bytes, sha256: str) -> bool:
    try:
        content = zlib.decompress(packed)
    except zlib.error:
        return False
    return hashlib.sha256(content).hexdigest() == sha256


@dataclass(frozen=True)
class _Source:
    """A stored reading whose cells are found by address."""

    reading: Reading

    @cached_property
    def cells(self) -> dict[tuple[str, str], str]:
        return {
            (grid.sheet, grid.address(r, c)): cell_text(value)
            for grid in self.reading.grids
            for r, row in enumerate(grid.cells)
            for c, value in enumerate(row)
        }

    def holds(self, quote: str, start: int | None, end: int | None, sheet: str | None, cell: str | None) -> bool:
        if cell is not None:
            return self.cells.get((sheet or "", cell), "") == quote
        return start is not None and self.reading.text[start:end] == quote


def _check_evidence(connection: sa.Connection) -> Check:
    checked, faults = 0, []
    proof = sa.and_(observation.c.area_id == evidence.c.area_id, observation.c.id == evidence.c.observation_id)
    query = (
        sa.select(*(evidence.c[n] for n in ("observation_id", "quote", "start", "end", "sheet", "cell")))
        .join_from(evidence, observation, proof)
        .join(import_batch, observation.c.import_id == import_batch.c.id)
        .where(import_batch.c.status == "stored")  # a later reading may have replaced that of an undone import
    )
    for file_id, name in connection.execute(sa.select(source_file.c.id, source_file.c.name)).all():
        source = _Source(stored_reading(connection, file_id))
        for number, quote, *place in connection.execute(query.where(evidence.c.source_file_id == file_id)):
            checked += 1
            if not source.holds(quote, *place):
                where = place[3] or f"第 {place[0]} 字"
                faults.append(f"观测值 {number}:文件「{name}」的 {where} 处不是「{quote}」。")
        for number, sound in misquoted(connection, file_id, source.holds):
            checked += 1
            if not sound:
                faults.append(f"检查问题 {number}:文件「{name}」中找不到它的原文。")
    return Check("依据原文", checked, tuple(faults))


def _check_review(connection: sa.Connection) -> Check:
    looked = list(misplaced(connection))
    faults = (*loose_ends(connection), *(fault for _, fault in looked if fault))
    return Check("人工认定", sum(n for n, _ in looked), faults)


def _check_rollups(connection: sa.Connection, catalogue: Catalogue | None) -> Iterator[Check]:
    keys = {number: text for number, text in connection.execute(sa.select(dim_set.c.id, dim_set.c.key))}  # noqa: C416
    checked, counted, seen = 0, 0, set[int]()
    faults: list[str] = []
    miscounts: list[str] = []
    for period_id, wanted, counts in chain(recompute(connection, catalogue), _others(connection, seen)):
        seen.add(period_id)
        stored = _stored_rows(connection, period_id, keys)
        checked += len(stored.keys() | wanted.keys())
        faults.extend(_differences(connection, stored, wanted))
        tallies = cell_counts.stored(connection, period_id, keys)
        counted += len(tallies.keys() | counts.keys())
        miscounts.extend(_miscounts(connection, tallies, cell_counts.with_sums(counts)))
    yield Check("汇总数", checked, tuple(faults))
    yield Check("有数单位数", counted, tuple(miscounts))


def _others(connection: sa.Connection, seen: set[int]) -> Iterator[tuple[int, dict[Key, Cell], Counts]]:
    """The periods that have rows and no facts; `seen` are those that have facts, known once they have been gone through."""
    for table in (rollup, cell_count):
        for period_id in connection.scalars(
            sa.select(table.c.period_id).where(table.c.period_id.not_in(seen)).distinct()
        ).all():
            yield period_id, {}, {}


def _miscounts(connection: sa.Connection, stored: Counts, wanted: Counts) -> Iterable[str]:
    names: Callable[[Key], str] | None = None
    for place in sorted(stored.keys() | wanted.keys(), key=lambda place: (*place[:3], place[3] or "")):
        have, want = stored.get(place, (0, 0)), wanted.get(place, (0, 0))
        if have != want:
            names = names or _namer(connection)
            name = names((*place[:3], place[3] or "", place[0]))
            yield f"{name}:库中有数的学校 {have[0]}、其他单位 {have[1]},按事实应为 {want[0]}、{want[1]}。"


def _stored_rows(connection: sa.Connection, period_id: int, keys: dict[int, str]) -> dict[Key, Cell]:
    names = ("area_id", "indicator_id", "period_id", "dim_set_id", "org_unit_id")
    query = sa.select(*(rollup.c[name] for name in names), *cell_columns()).where(rollup.c.period_id == period_id)
    return {(r[0], r[1], r[2], keys[r[3]], r[4]): Cell(*r[5:]) for r in connection.execute(query)}


def _differences(connection: sa.Connection, stored: dict[Key, Cell], wanted: dict[Key, Cell]) -> Iterable[str]:
    names: Callable[[Key], str] | None = None
    for key in sorted(stored.keys() | wanted.keys()):
        have, want = stored.get(key), wanted.get(key)
        if have is not None and want is not None and _same(have, want):
            continue
        names = names or _namer(connection)
        texts = ["无" if cell is None else str(cell.value) for cell in (have, want)]
        yield f"{names(key)}:库中为 {texts[0]},按事实应为 {texts[1]}。"


def _same(have: Cell, want: Cell) -> bool:
    for field in fields(Cell):
        one, other = getattr(have, field.name), getattr(want, field.name)
        if isinstance(one, float) and isinstance(other, (int, float)):
            if not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9):
                return False
        elif one != other:
            return False
    return True


def _namer(connection: sa.Connection) -> Callable[[Key], str]:
    tables = ((org_unit, "name"), (indicator, "code"), (period, "code"))
    units, codes, periods = (
        {row[0]: row[1] for row in connection.execute(sa.select(table.c.id, table.c[column]))}
        for table, column in tables
    )

    def name(key: Key) -> str:
        _, indicator_id, period_id, dims, unit_id = key
        return f"{units.get(unit_id, unit_id)} {codes[indicator_id]} {periods[period_id] or '时期不明'} {dims}".strip()

    return name
