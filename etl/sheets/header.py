"""Finds the tables of a sheet: title lines, header block, body rows, footer; rebuilds merged header paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np

from db.records import Grid
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.periods import school_years
from etl.sheets.sheet import Sheet
from etl.sheets.words import is_unit

_TITLE_LIKE = re.compile(
    r"^(?!其中)[^:]{1,14}:|\(公章\)|\(盖章\)|^单位[:(]|^(?:19|20)\d{2}(?:年|[-./]\d).{0,12}$(?<!年)|^表号|^续表"
)
_PAIR_BESIDE = re.compile(r"[(]?(?:(?:计量)?单位|[^:]{0,6}(?:单位|机构|部门|日期|时间|表号))[:：]")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_STAMP = re.compile(r"(?:19|20)\d{2}年.{1,12}")
_NOT_A_DATE = re.compile(r"目标|规划|计划|预计|实际|完成|[数率值]$")
_NOTE = re.compile(r"^(?:备?注|说明|填表说明|填报说明|指标解释|注释|提示)[:(\d一]|^(?:注|说明)$|^\*")
_FOOTER = re.compile(
    r"^(?:[填制填报统审复校经办核对表登记上]{1,4}人(?:员)?|(?:审核|复核|校对|签字|签名|盖章)人?|(?:单位|统计|部门|分管|主管|学校)?(?:负责人|领导|局长|主任|院长|所长|科长|统计员)|(?:统计|填写|整理|联络|报送)(?:人|员|者)|联系人|联系电话|校长|园长|"
    r"报出日期|制表|填表|填报|(?:填报|填表|制表|报送|上报|报告|汇总|填写|编制|编报|统计|审核)(?:单位|部门|机构|科室|时间|日期)|数据来源|资料来源)(?:签[字名章])?[:(]|"
    r"(?:制表|填表|审核|复核|校对|经办|统计)人?[一-鿿]{1,2}[×*Xx某]{1,2}$|[一-鿿]{3,20}[(（](?:盖章|公章|签章|章)[)）]$"
)
_WORD = re.compile(r"[一-鿿]{2,}")
_MANY = 3  # labels of a row in which a typed empty is a label as well
_PROBE = 2000  # rows that show which columns are blank
_COLUMN_LETTERS = frozenset("甲乙丙丁") | {"栏次", "列次", "序号", ""}


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a sheet; `paths[c]` is the merged header path of column c, outermost label first."""

    sheet: Sheet
    titles: tuple[tuple[int, int], ...]
    header: tuple[int, ...]
    paths: tuple[tuple[str, ...], ...]
    body: tuple[int, ...]
    footers: tuple[tuple[int, int], ...] = ()


def is_note(text: str) -> bool:
    """Whether a row that begins with this text is a note or a signature line."""
    plain = compact(text)
    return bool(_NOTE.match(plain) or _FOOTER.match(plain))


def _is_noted(value: object) -> bool:
    return isinstance(value, str) and not value.isdecimal() and is_note(value)


def is_footer(text: str) -> bool:
    """Whether a row that begins with this text is a signature line (审核人, 填表人)."""
    return bool(_FOOTER.match(compact(text)))


def _is_year(value: object) -> bool:
    """A year as a number or, as csv files and some office programs write it, as text; or a school year, 2020-2021."""
    if isinstance(value, str):
        text = compact(value)
        return bool(school_years(text) or _YEAR.fullmatch(text)) and 1980 <= int(text[:4]) <= 2060
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and 1980 <= value <= 2060
        and value == int(value)
    )


def _run_of_years(own: Sequence[tuple[int, object]]) -> bool:
    """Years of a header rise or fall from left to right; numbers of pupils that look like years do not."""
    years = [int(compact(v)[:4]) for _, v in own if _is_year(v)]
    steps = {later > earlier for earlier, later in pairwise(years)}
    return len(steps) <= 1 and len(set(years)) == len(years)


def _is_data(value: object) -> bool:
    if isinstance(value, date):
        return True
    kind = read_cell(value).kind
    return kind in (Kind.NUMBER, Kind.STATUS, Kind.ERROR, Kind.REDACTED) and not _is_year(value)


def _is_label(value: object) -> bool:
    return isinstance(value, str) and bool(compact(value)) and not _is_data(value) and not _is_year(value)


def _plain_labels(labels: Sequence[str]) -> list[str]:
    """The labels that are no title lines; two dates side by side (2023年秋季, 2024年春季) head columns."""
    stamps = [text for text in labels if _STAMP.fullmatch(text)]
    return [
        text
        for text in labels
        if not _TITLE_LIKE.search(text) or _NOT_A_DATE.search(text) or (text in stamps and len(stamps) > 1)
    ]


def looks_like_header(sheet: Sheet, row: int) -> bool:
    """Two or more labels, none of them a title line, and no number but years."""
    if sheet.has_numbers[row]:
        return False
    own = sheet.own(row)
    labels = [compact(v) for _, v in own if _is_label(v)]
    plain = _plain_labels(labels)
    if len(plain) + sum(_is_year(v) for _, v in own) < 2 or not plain or is_note(labels[0]):
        return False
    if not _run_of_years(own):
        return False
    if len(plain) < len(labels) and len(plain) <= 2:
        return False
    return not any(_is_data(v) for _, v in own if len(plain) < _MANY or not _is_word(v))


def _is_word(value: object) -> bool:
    """A typed empty in words: 未检 beside 合格 and 不合格 heads a column."""
    return isinstance(value, str) and bool(_WORD.fullmatch(compact(value)))


def _depth(sheet: Sheet, top: int) -> int:
    """How many rows the header block has."""
    row = top
    while row + 1 < sheet.height and _continues(sheet, top, row + 1):
        row += 1
    return row - top + 1


def _continues(sheet: Sheet, top: int, row: int) -> bool:
    own = sheet.own(row)
    if not own:
        return False
    if is_unit_row(sheet, row):
        return True
    first = min((c for c, _ in sheet.own(top)), default=0)
    origin = sheet.origin(row, first)
    if origin[0] < row:
        return origin[0] >= top
    if any(sheet.origin(row, c)[0] in range(top, row) for c in range(sheet.width)):
        return True  # a label of the header reaches down into this row
    if sheet.raw(row, first) is not None and compact(sheet.raw(row, first)):
        return False
    if len(own) >= 2 and all(_is_year(v) for _, v in own) and any(not sheet.text(top, c) for c, _ in own):
        return row == top + 1  # years under group labels whose merges were lost
    small = all(_is_dose(v) for _, v in own if not _is_label(v) and not _is_word(v))
    return (any(_is_label(v) for _, v in own) and small) or (small and row - top <= 2 and len(own) >= 2)


def _is_dose(value: object) -> bool:
    """The number of a dose, also as the text that it is in a csv file."""
    if isinstance(value, str):
        return compact(value) in ("1", "2", "3", "4", "5")
    return isinstance(value, (int, float)) and 1 <= value <= 5


def is_unit_row(sheet: Sheet, row: int) -> bool:
    """A row that gives the unit of every column under its label: 个 | 人 | 人 | %."""
    own = sheet.own(row)
    units = sum(isinstance(v, str) and is_unit(v) for _, v in own)
    heads = sum(isinstance(v, str) and compact(v) in ("单位", "计量单位") for _, v in own)
    return units >= 2 and units + heads == len(own)


def _path(sheet: Sheet, rows: Sequence[int], col: int) -> tuple[str, ...]:
    labels: list[str] = []
    seen: set[tuple[int, int]] = set()
    for n, row in enumerate(rows):
        origin = sheet.origin(row, col)
        text = sheet.text(row, col).strip()
        if not text and n < len(rows) - 1 and any(compact(sheet.raw(r, col)) for r in rows[n + 1 :]):
            origin, text = _label_to_the_left(sheet, row, col)
        if text and origin not in seen:
            seen.add(origin)
            labels.append(text if not labels or not is_unit(text) else f"({text.strip('()')})")
    return tuple(labels)


def _label_to_the_left(sheet: Sheet, row: int, col: int) -> tuple[tuple[int, int], str]:
    """Headers exported without merges leave the cells right of a group label blank."""
    for left in range(col - 1, -1, -1):
        text = sheet.text(row, left).strip()
        if text:
            alone = sheet.origin(row, left) == (row, left) and not compact(sheet.raw(row + 1, left))
            return ((row, left), "") if alone or sheet.origin(row, left) != (row, left) else ((row, left), text)
    return (row, col), ""


def _is_column_numbers(sheet: Sheet, row: int) -> bool:
    """The line 甲 | 1 | 2 | 3 under a header, also as (1) | (2)=(3)+(4)."""
    sequence: list[int] = []
    for _, value in sheet.own(row):
        if not _may_number_a_column(value):
            return False
        text = compact(value).split("=")[0].strip("()")
        if text not in _COLUMN_LETTERS:
            sequence.append(int(text))
    return len(sequence) >= 2 and sequence[0] <= 2 and sequence == list(range(sequence[0], sequence[0] + len(sequence)))


def _may_number_a_column(value: object) -> bool:
    if type(value) is str and len(value) > 3 and value.isdecimal():  # most first cells of a long sheet are codes
        return False
    text = compact(value).split("=")[0].strip("()")
    return (text.isascii() and text.isdigit() and len(text) < 4) or text in _COLUMN_LETTERS


def find_tables(grid: Grid) -> list[Table]:
    """The tables of a sheet from top to bottom, those side by side from left to right; none without a header."""
    sheet = Sheet(grid)
    strips = _strips(sheet)
    side_by_side = [_tables_of(Sheet(grid, strip, sheet.columns)) for strip in strips] if len(strips) > 1 else []
    if len(side_by_side) > 1 and all(side_by_side):
        return [table for tables in side_by_side for table in tables]
    return [part for table in _tables_of(sheet) for part in _repeated(table)]


def _strips(sheet: Sheet) -> list[tuple[int, int]]:
    """The runs of columns between columns that are blank from top to bottom."""
    used: set[int] = set()
    for row in range(min(sheet.height, _PROBE)):
        used.update(c for c, _ in sheet.own(row))
    runs: list[tuple[int, int]] = []
    for col in sorted(used):
        if runs and runs[-1][1] == col - 1:
            runs[-1] = (runs[-1][0], col)
        else:
            runs.append((col, col))
    return runs


def _repeated(table: Table) -> list[Table]:
    """A table whose header stands twice or more side by side (学校 | 人数 | 学校 | 人数) is as many tables."""
    named = [c for c, path in enumerate(table.paths) if path]
    labels = [table.paths[c] for c in named]
    for size in range(2, len(labels) // 2 + 1):
        times, rest = divmod(len(labels), size)
        if rest == 0 and labels == labels[:size] * times and named == list(range(named[0], named[-1] + 1)):
            grid = table.sheet.grid
            windows = [(named[n * size], named[n * size + size - 1]) for n in range(times)]
            parts = [_tables_of(Sheet(grid, window, table.sheet.columns)) for window in windows]
            if all(len(part) == 1 for part in parts):
                first = parts[0][0].titles or table.titles
                return [replace(part[0], titles=part[0].titles or (() if n else first)) for n, part in enumerate(parts)]
    return [table]


def _tables_of(sheet: Sheet) -> list[Table]:
    starts = _starts(sheet)
    pages: list[list[Table]] = []  # a table and its continuations under a repeated header
    above = 0
    for n, top in enumerate(starts):
        last = n + 1 == len(starts)
        table, above_next = _table(sheet, above, top, None if last else starts[n + 1])
        if pages and not table.titles and _same_header(sheet, starts[n - 1], top):
            pages[-1].append(table)
        else:
            pages.append([table])
        above = above_next
    return [replace(page[0], body=tuple(r for part in page for r in part.body)) for page in pages]


def _table(sheet: Sheet, above: int, top: int, next_top: int | None) -> tuple[Table, int]:
    """The table whose header begins at `top`, and the row at which the titles of the next one may begin."""
    header = tuple(range(top, top + _depth(sheet, top)))
    end = sheet.height if next_top is None else next_top
    body = _body(sheet, range(header[-1] + 1, end))
    body, after = (body, end) if next_top is None else _without_next_titles(sheet, body)
    noted = sheet.first_is(_is_noted)
    notes = np.array(body, np.int64)[noted[body]].tolist() if body else []
    paths = tuple(_path(sheet, header, c) for c in range(sheet.width))
    data = tuple(r for r in body if not noted[r]) if notes else tuple(body)
    titles, footers = _cells(sheet, range(above, top)), _cells(sheet, notes)
    return Table(sheet, titles, header, paths, data, footers), after


def _body(sheet: Sheet, rows: range) -> list[int]:
    """The rows in which something stands that is no line of column numbers."""
    inside = slice(rows.start, rows.stop)
    found = (np.flatnonzero(sheet.firsts[inside] >= 0) + rows.start).tolist()
    numbered = sheet.first_is(_may_number_a_column)  # most rows are told by their first cell
    for col in range(sheet.left, sheet.right + 1):
        if (numbers := sheet.column(col).numbers) is not None:
            numbered |= (sheet.firsts == col) & (numbers <= 2)
    return [r for r in found if not (numbered[r] and _is_column_numbers(sheet, r))] if numbered[inside].any() else found


def _same_header(sheet: Sheet, earlier: int, top: int) -> bool:
    """Whether a printed page repeats the header of the page before."""
    return [compact(v) for _, v in sheet.own(earlier)] == [compact(v) for _, v in sheet.own(top)]


def _cells(sheet: Sheet, rows: Iterable[int]) -> tuple[tuple[int, int], ...]:
    return tuple((r, c) for r in rows for c, _ in sheet.own(r))


def _starts(sheet: Sheet) -> list[int]:
    starts: list[int] = []
    below = 0
    for row in np.flatnonzero(~sheet.has_numbers & (sheet.firsts >= 0)).tolist():
        if (
            row >= below
            and looks_like_header(sheet, row)
            and _dense_enough(sheet, row)
            and (not starts or _new_block(sheet, starts[-1], row))
        ):
            starts.append(row)
            below = row + _depth(sheet, row)
    return starts


def _dense_enough(sheet: Sheet, row: int) -> bool:
    """A header names most of the columns that the rows under it fill."""
    depth = _depth(sheet, row)
    named = {c for r in range(row, row + depth) for c in range(sheet.width) if compact(sheet.text(r, c))}
    below = _rows_under(sheet, row + depth)
    if not below:
        return False
    filled = {c for r in below for c, _ in sheet.own(r)}
    return len(named & filled) * 2 >= len(filled)


def _rows_under(sheet: Sheet, start: int) -> list[int]:
    """The first rows under a header, up to the blank line that ends its block."""
    rows: list[int] = []
    for row in range(start, min(start + 6, sheet.height)):
        if rows and not sheet.own(row):
            break
        if len(sheet.own(row)) >= 2:
            rows.append(row)
    return rows


def _new_block(sheet: Sheet, last: int, row: int) -> bool:
    """A later header stands after a blank line or a title line, or repeats the last header, all of it or all but the corner
    (毛入园率 | 2021年 | 2022年 below 近视率 | 2021年 | 2022年)."""
    earlier, later = ([(c, compact(v)) for c, v in sheet.own(at)] for at in (last, row))
    if later == earlier or (len(later) > _MANY - 1 and later[1:] == earlier[1:]):
        return True
    above = sheet.own(row - 1)
    if above and not _is_title_row(sheet, row - 1) and (len(_cells_of(sheet, row - 1)) > 1 or _is_data(above[0][1])):
        return False
    below = _rows_under(sheet, row + _depth(sheet, row))
    if len(sheet.own(row)) < 3 or not below:
        return False
    return any(_is_data(v) for r in below for _, v in sheet.own(r)[1:]) or _words_over_numbers(sheet, last, row)


def _words_over_numbers(sheet: Sheet, last: int, row: int) -> bool:
    """Labels in columns where the block above has numbers begin a block of words, such as a ledger."""
    above = range(last + _depth(sheet, last), row)
    heads = [c for c, v in sheet.own(row) if _is_label(v)]
    return sum(any(_is_data(sheet.raw(r, c)) for r in above) for c in heads) >= 2


def _without_next_titles(sheet: Sheet, body: list[int]) -> tuple[list[int], int]:
    """Lone text lines at the end of a body, and those that have the unit beside them, are the titles of the next table."""
    kept = list(body)
    while kept and _is_title_row(sheet, kept[-1]):
        kept.pop()
    rest = body[len(kept) :]
    return kept, rest[0] if rest else (body[-1] + 1 if body else 0)


def _is_title_row(sheet: Sheet, row: int) -> bool:
    """Whether a row is the title of the table below it: one label, with nothing beside it but pairs (单位:%, 日期:5月6日)."""
    own = sheet.own(row)
    if not own or not all(_is_label(v) for _, v in own) or is_note(str(own[0][1])):
        return False
    return len(own) == 1 or all(_is_pair(str(v)) for _, v in own[1:])


def _is_pair(text: str) -> bool:
    return bool(_PAIR_BESIDE.match(compact(text)))


def _cells_of(sheet: Sheet, row: int) -> set[tuple[int, int]]:
    return {sheet.origin(row, c) for c, _ in sheet.own(row)}
