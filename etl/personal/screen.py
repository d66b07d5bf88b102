"""What of a file may be kept: lists of persons are taken out before anything else looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from db.catalogue import Catalogue
from db.records import Block, Grid, Issue, Reading, Severity
from etl.personal.detect import NAMES, Kind, Roster, id_in_text, rosters
from etl.personal.immunisation import Counted, count_children, is_immunisation
from etl.sheets.cells import compact
from etl.types import Mention

MASK = "■"


@dataclass(frozen=True, slots=True)
class Screened:
    """`reading` has lists of persons taken out (for the extractors), `kept` has them struck out (for the store).

    `mentions` are the counts of lists that were counted. `personal` says that the original must not be kept."""

    reading: Reading
    kept: Reading
    issues: tuple[Issue, ...] = ()
    mentions: tuple[Mention, ...] = ()
    sheets: frozenset[str] = frozenset()  # sheets that held a list

    @property
    def personal(self) -> bool:
        return bool(self.issues)


def screen(reading: Reading, catalogue: Catalogue, name: str = "") -> Screened:
    """The reading without the persons it lists. Nothing of their rows is in the result, not even in an issue."""
    found = {grid.sheet: lists for grid in reading.grids if (lists := rosters(grid))}
    at = id_in_text(reading.text) if reading.text else None
    if not found and at is None:
        return Screened(reading, reading)
    if at is not None or (found and reading.text):
        return _refused_report(reading, found, at)
    issues: list[Issue] = []
    counted: list[Counted] = []
    for lists in found.values():
        for roster in lists:
            children = _counted(roster, catalogue, name)
            if children is None:
                issues.append(_refusal(roster))
            else:
                counted.append(children)
    mentions, notes = count_children(counted)
    blocks = tuple(_without(block, found, keep=False) for block in reading.blocks)
    struck = tuple(_without(block, found, keep=True) for block in reading.blocks)
    return Screened(
        replace(reading, blocks=blocks),
        replace(reading, blocks=struck),
        (*issues, *notes),
        tuple(mentions),
        frozenset(found),
    )


def _counted(roster: Roster, catalogue: Catalogue, name: str) -> Counted | None:
    """A class's immunisation list needs only its counts; every other list is refused."""
    if roster.grid.hidden or any(roster.has(kind) for kind in (Kind.ID, Kind.PHONE, Kind.ADDRESS, Kind.GUARDIAN)):
        return None
    return is_immunisation(roster, catalogue, name)


def _refused_report(reading: Reading, found: dict[str, list[Roster]], at: int | None) -> Screened:
    """A report that lists persons is refused whole; its text cannot be kept in part."""
    lists = [roster for several in found.values() for roster in several]
    issues = [_refusal(roster) for roster in lists]
    if not issues:
        sentence = "文中有身份证号码,是个人信息,不能上传。请删去后重新上传。"
        issues = [Issue("personal_data", Severity.BLOCK, sentence, f"第{(at or 0) + 1}字")]
    empty = Reading(reading.media_type)
    return Screened(empty, empty, tuple(issues), (), frozenset(found))


def _refusal(roster: Roster) -> Issue:
    """Names the sheet and the columns, never what stands in them."""
    grid = roster.grid
    told = [column for column in roster.columns if column.kind is not Kind.TRAIT or len(roster.columns) < 3]
    names = "、".join(dict.fromkeys(_column_name(grid, column.head, column.labelled, column.kind) for column in told))
    cells = tuple(dict.fromkeys(grid.address(*column.head) for column in told))
    where = f"工作表“{grid.sheet}”" + ("(隐藏)" if grid.hidden else "")
    sentence = (
        f"{where}是个人名单(第{roster.first + 1}至{roster.last + 1}行,含{names}),不能上传,内容没有保存。"
        "请删去名单,只上报汇总人数。"
    )
    return Issue(
        "personal_data",
        Severity.BLOCK,
        sentence,
        f"{grid.sheet}!{cells[0]}",
        sheet=grid.sheet,
        cell=cells[0],
        cells=cells,
    )


def _column_name(grid: Grid, head: tuple[int, int], labelled: bool, kind: Kind) -> str:
    if not labelled:
        return f"第{head[1] + 1}列的{NAMES[kind]}"
    return f"“{compact(grid.cells[head[0]][head[1]])}”"


def _without(block: Block, found: dict[str, list[Roster]], *, keep: bool) -> Block:
    if block.grid is None or block.grid.sheet not in found:
        return block
    grid = block.grid
    rows = {row for roster in found[grid.sheet] for row in range(roster.first, roster.last + 1)}
    heads = {row for roster in found[grid.sheet] for row in range(roster.header, roster.first)} if not keep else set()
    cells = tuple(_masked(row, keep) if r in rows else () if r in heads else row for r, row in enumerate(grid.cells))
    merges = tuple(one for one in grid.merges if not (rows | heads) & set(range(one[0], one[2] + 1)) or keep)
    return replace(block, grid=replace(grid, cells=cells, merges=merges))


def _masked(row: Sequence[object], keep: bool) -> tuple[object, ...]:
    return tuple(None if value is None or not keep else MASK for value in row)
