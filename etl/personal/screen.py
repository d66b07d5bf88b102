"""What of a file may be kept: lists of persons are taken out before anything else looks at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from db.catalogue import Catalogue
from db.records import Block, Grid, Issue, Reading, Severity
from etl.personal.detect import NAMES, Kind, Roster, rosters
from etl.personal.immunisation import Counted, count_children, is_immunisation
from etl.personal.mentioned import Mentioned, mentioned, number_of_person
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
    """The reading without the persons it lists or names. Nothing of them is in the result, not even in an issue."""
    found = {grid.sheet: lists for grid in reading.grids if (lists := rosters(grid))}
    told = [one for grid in reading.grids for one in mentioned(grid) if not _listed(one, found.get(grid.sheet, ()))]
    if reading.text:
        return _screened_report(reading, found, [one for one in told if one.sure])
    if not found and not told:
        return Screened(reading, reading)
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
    spots: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for one in told:
        spots[one.grid.sheet].add((one.row, one.col))
    blocks = tuple(_without(block, found, spots, keep=False) for block in reading.blocks)
    struck = tuple(_without(block, found, spots, keep=True) for block in reading.blocks)
    return Screened(
        replace(reading, blocks=blocks),
        replace(reading, blocks=struck),
        (*issues, *map(_mention, told), *notes),
        tuple(mentions),
        frozenset(found),
    )


def _listed(one: Mentioned, lists: Sequence[Roster]) -> bool:
    return any(roster.first <= one.row <= roster.last for roster in lists)


def _counted(roster: Roster, catalogue: Catalogue, name: str) -> Counted | None:
    """A class's immunisation list needs only its counts; every other list is refused."""
    if roster.grid.hidden or any(roster.has(kind) for kind in (Kind.ID, Kind.PHONE, Kind.ADDRESS, Kind.GUARDIAN)):
        return None
    return is_immunisation(roster, catalogue, name)


def _screened_report(reading: Reading, found: Mapping[str, list[Roster]], told: Sequence[Mentioned]) -> Screened:
    """A report that lists persons is refused whole; its text cannot be kept in part."""
    issues = [_refusal(roster) for several in found.values() for roster in several]
    issues += map(_mention, told)
    if not issues and (at := number_of_person(reading.text)) is not None:
        what = "身份证号码" if at[0] is Kind.ID else "学生或家长的电话"
        sentence = f"文中有{what},是个人信息,不能上传。请删去后重新上传。"
        issues = [Issue("personal_data", Severity.BLOCK, sentence, f"第{at[1] + 1}字")]
    if not issues:
        return Screened(reading, reading)
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


def _mention(one: Mentioned) -> Issue:
    """Names the cell and the kinds. A number is sure to be somebody's; what looks like a name is for a person to say."""
    cell = one.grid.address(one.row, one.col)
    kinds = "、".join(NAMES[kind] for kind in one.kinds)
    sentence = (
        f"单元格{cell}的文字里有学生或家长的个人信息({kinds}),不能上传,该格内容没有保存。请删去后重新上传。"
        if one.sure
        else f"单元格{cell}的文字里像是写了学生的姓名,该格内容没有保存,其余照常。请确认,并在原表中删去姓名。"
    )
    severity = Severity.BLOCK if one.sure else Severity.CONFIRM
    sheet = one.grid.sheet
    return Issue("personal_data", severity, sentence, f"{sheet}!{cell}", sheet=sheet, cell=cell, cells=(cell,))


def _column_name(grid: Grid, head: tuple[int, int], labelled: bool, kind: Kind) -> str:
    if not labelled:
        return f"第{head[1] + 1}列的{NAMES[kind]}"
    return f"“{compact(grid.cells[head[0]][head[1]])}”"


def _without(
    block: Block, found: Mapping[str, list[Roster]], spots: Mapping[str, set[tuple[int, int]]], *, keep: bool
) -> Block:
    """The block without its lists and without the cells at `spots` (row, column, by sheet); `keep` strikes them out."""
    grid = block.grid
    if grid is None or (grid.sheet not in found and grid.sheet not in spots):
        return block
    lists, alone = found.get(grid.sheet, ()), spots.get(grid.sheet, set())
    rows = {row for roster in lists for row in range(roster.first, roster.last + 1)}
    heads = {row for roster in lists for row in range(roster.header, roster.first)} if not keep else set()
    cells: list[Sequence[object]] = list(grid.cells)
    for r in {row for row, _ in alone}:
        cells[r] = tuple(_struck(keep) if (r, c) in alone else value for c, value in enumerate(cells[r]))
    kept = tuple(_masked(row, keep) if r in rows else () if r in heads else row for r, row in enumerate(cells))
    merges = tuple(one for one in grid.merges if not (rows | heads) & set(range(one[0], one[2] + 1)) or keep)
    return replace(block, grid=replace(grid, cells=kept, merges=merges))


def _masked(row: Sequence[object], keep: bool) -> tuple[object, ...]:
    return tuple(None if value is None else _struck(keep) for value in row)


def _struck(keep: bool) -> str | None:
    return MASK if keep else None
