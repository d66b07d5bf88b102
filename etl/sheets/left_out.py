"""Nothing is dropped in silence: columns, rows and sheets that give no observation are named with their cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from db.cell_columns import CellColumns
from db.records import Grid, Issue, Severity
from etl.sheets import words
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.column_heads import is_place_head
from etl.sheets.columns import Column, Role
from etl.sheets.facts import Fact, Output, issue
from etl.sheets.header import Table, looks_like_header
from etl.sheets.rows import Row
from etl.sheets.sheet import Sheet


def name_columns(table: Table, columns: Sequence[Column], rows: Sequence[Row], out: Output) -> None:
    """One note per column of values that has no indicator."""
    rows_tell = any(row.label.known for row in rows)
    for column in columns:
        if column.role is Role.VALUE or (column.role is Role.TEXT and not column.label.ignored):
            sentence = _column_sentence(table, column, rows_tell)
            if sentence:
                row, col = column.header_cell
                code, severity, words_ = sentence
                out.issues.append(issue(table.sheet, row, col, code, severity, words_, column.label.text))


def _column_sentence(table: Table, column: Column, rows_tell: bool) -> tuple[str, Severity, str] | None:
    label = column.label
    if column.role is Role.TEXT and label.known:
        place = f"单元格{table.sheet.grid.address(*column.header_cell)}的列“{label.text}”"
        return "text_column", Severity.NOTE, f"{place}全是文字,没有数字可取。若应为数量,请改填数字。"
    understood = not label.rest and bool(
        label.indicator
        or (
            rows_tell
            and (
                label.neutral
                or label.dims
                or label.period
                or label.month
                or label.quarter
                or label.total
                or column.entity
            )
        )
    )
    if understood:
        return None
    name = label.text or "(无标题)"
    place = f"单元格{table.sheet.grid.address(*column.header_cell)}的列“{name}”"
    if label.part:
        return "column_without_indicator", Severity.NOTE, f"{place}只用于核对比率,不单独入库。"
    mixed = next((word for word in words.MIXED_LEVEL_WORDS if word in compact(name)), "")
    if mixed and rows_tell:
        sentence = f"{place}包含多个学段,不能归入其中一个,该列未取数。请按学段分列填写。"
        return "mixed_level", Severity.CONFIRM, sentence
    return (
        "unknown_column",
        Severity.NOTE,
        f"{place}没有对应的指标,该列未取数。如需入库,请在上报页“改正读法”中选定它是什么指标,或改写列名。",
    )


def name_rows(table: Table, rows: Sequence[Row], columns: Sequence[Column], out: Output) -> None:
    """One note per row of values whose label nobody understood."""
    values = [c.index for c in columns if c.role is Role.VALUE]
    tells = any(c.label.known for c in columns)
    items = [c.index for c in columns if c.role in (Role.ITEM, Role.ENTITY)]
    shares = {fact.row for fact in out.facts if fact.of_row and fact.indicator}
    for row in rows:
        understood = row.label.known and (not row.label.rest or row.entity)
        silent = not tells and not understood and not row.label.ignored and bool(row.label.text)
        if not (row.problem or silent) or row.total or not items or row.index in shares:
            continue
        if not any(read_cell(table.sheet.raw(row.index, c)).kind is Kind.NUMBER for c in values):
            continue
        name = compact(row.problem or row.label.text)
        place = f"单元格{table.sheet.grid.address(row.index, items[-1])}的行“{name}”"
        sentence = f"{place}没有对应的指标或分组,该行未取数。请核对行名。"
        out.issues.append(issue(table.sheet, row.index, items[-1], "unknown_row", Severity.NOTE, sentence, name))


def name_class_rows(table: Table, rows: Sequence[Row], columns: Sequence[Column], out: Output) -> None:
    """One note per table for the rows of single classes: they are neither the school's value nor added up to it."""
    found = [row for row in rows if row.school_class]
    column = next((c for c in columns if c.role is Role.CLASS), None)
    if not found or column is None:
        return
    place = table.sheet.grid.address(found[0].index, column.index)
    sentence = f"单元格{place}起有{len(found)}行是单个班级的数据,不代表全校,没有取数。请另报全校合计数。"
    name = found[0].school_class
    whole = any(not row.school_class and not row.excluded and _has_value(table, row, columns) for row in rows)
    if whole:  # 全园 stands below its classes
        sentence = f"单元格{place}起有{len(found)}行是单个班级的数据,不代表全校,没有取数;全校合计的行照常取数。"
    daily = all(len(row.period or "") == len("2024-03-05") for row in found)  # a register of cases has no whole
    severity = Severity.NOTE if whole or daily else Severity.CONFIRM
    if daily and not whole:
        sentence = (
            f"单元格{place}起有{len(found)}行是逐日按班级登记的数据,不代表全校,没有取数。全校的数请填在汇总表中。"
        )
    out.issues.append(issue(table.sheet, found[0].index, column.index, "class_rows", severity, sentence, name))


def _has_value(table: Table, row: Row, columns: Sequence[Column]) -> bool:
    known = [c.index for c in columns if c.role is Role.VALUE and c.label.known]
    return any(read_cell(table.sheet.raw(row.index, col)).kind is Kind.NUMBER for col in known)


def class_summary(sheet: Sheet, at: tuple[int, int], name: str) -> Issue:
    """The figures of a single class are not the school's."""
    sentence = (
        f"工作表“{sheet.grid.sheet}”第{at[0] + 1}行起是单个班级({name})的数据,不代表全校,没有取数。请另报全校合计数。"
    )
    return issue(sheet, *at, "class_rows", Severity.NOTE, sentence, name)


_FINDING = re.compile(
    r"问题|隐患|发现的?问题|存在的?(?:主要)?问题|问题描述|存在问题|发现问题|问题内容|隐患描述|隐患内容|主要问题|具体问题"
)
_ACTION = re.compile(r"整改|销号|完成日期|完成时限|责任人|责任岗位")


def may_be_ledger(grid: Grid) -> bool:
    """Whether a sheet may have the heading of a ledger's problems; False, of a long sheet, is sure."""
    if not isinstance(grid.cells, CellColumns):
        return True
    texts = ("\n".join([v for v in column.values if isinstance(v, str)]) for column in grid.cells.columns)
    return any("题" in joined or "患" in joined for joined in texts)


def ledger_column(table: Table) -> int | None:
    """The column of problems of a ledger with one finding per row; None when the table is none."""
    keys = [(c, words.label_key(path[-1])) for c, path in enumerate(table.paths) if path]
    finding = next((c for c, key in keys if _FINDING.fullmatch(key)), None)
    if finding is None or not any(_ACTION.search(key) for _, key in keys):
        return None
    kinds = [cell.kind for r in table.body if (cell := read_cell(table.sheet.raw(r, finding))).kind is not Kind.BLANK]
    return finding if kinds and Kind.NUMBER not in kinds else None


def ledger_note(table: Table) -> Issue | None:
    """A ledger is a worklist, not a table of numbers: its rows become findings (etl.findings)."""
    finding = ledger_column(table)
    if finding is None:
        return None
    n = sum(read_cell(table.sheet.raw(r, finding)).kind is not Kind.BLANK for r in table.body)
    sentence = (
        f"工作表“{table.sheet.grid.sheet}”第{table.header[0] + 1}行起是逐条登记的问题台账(共{n}行),按检查问题逐条入库,"
        "不产生指标数值。各校问题数和已整改数请填在汇总表中。"
    )
    return issue(table.sheet, table.header[0], finding, "ledger", Severity.NOTE, sentence)


_UNIT = r"(?:学校|单位|校|方)(?:名称)?"
SENT_FROM = re.compile(rf"(?:转|迁)?出(?:方)?{_UNIT}|原(?:就读)?{_UNIT}")
TAKEN_IN_BY = re.compile(rf"(?:转|迁)?入(?:方)?{_UNIT}|(?:现|新)(?:就读)?{_UNIT}|接收{_UNIT}")


def school_pairs(table: Table) -> tuple[int, int] | None:
    """The columns of the two schools of a table of transfers between them (转出学校 | 转入学校); None for any other table."""
    heads = {c: words.label_key(path[-1]) for c, path in enumerate(table.paths) if path}
    origin, target = (
        next((c for c, key in heads.items() if pattern.fullmatch(key)), None) for pattern in (SENT_FROM, TAKEN_IN_BY)
    )
    if (
        origin is None
        or target is None
        or any(is_place_head(key) for c, key in heads.items() if c not in (origin, target))
    ):
        return None
    return origin, target


def pairs_note(table: Table) -> Issue | None:
    """Transfers between two schools are there to be matched; of which of both a row's number is, nobody can say."""
    pair = school_pairs(table)
    if pair is None:
        return None
    place = table.sheet.grid.address(table.header[-1], pair[0])
    sentence = f"单元格{place}起是逐行登记的学校之间转学对账,只核对转出与转入,不产生指标数值。各校转入、转出人数请填在变动表中。"
    return issue(table.sheet, table.header[-1], pair[0], "ledger", Severity.NOTE, sentence)


def hidden_sheet(grid: Grid) -> Issue:
    """A hidden sheet is not read: nobody who prints the workbook has seen it."""
    sentence = f"工作表“{grid.sheet}”是隐藏的,没有取数。如需入库,请取消隐藏后重新上传。"
    return Issue("hidden_sheet", Severity.NOTE, sentence, grid.sheet, sheet=grid.sheet)


def no_table(grid: Grid) -> Issue:
    """A sheet with content in which no header was found."""
    sentence = f"工作表“{grid.sheet}”中没有找到表头,没有取数。请确认表头在数据上方,并写明学校或单位一列。"
    return Issue("no_table", Severity.CONFIRM, sentence, grid.sheet, sheet=grid.sheet)


def empty_sheet(sheet: Sheet) -> Issue:
    """A sheet that was never filled in: blank, or titles and a header without a row below."""
    blank = is_blank(sheet)
    what = "是空的" if blank else "只有表头,没有数据行"
    sentence = f"工作表“{sheet.grid.sheet}”{what},没有取数。请填好数据后重新上传。"
    code = "empty_sheet" if blank else "not_filled_in"
    return Issue(code, Severity.NOTE, sentence, sheet.grid.sheet, sheet=sheet.grid.sheet)


def is_blank(sheet: Sheet) -> bool:
    """Whether nothing stands on a sheet."""
    return not any(map(sheet.own, range(sheet.height)))


def is_unfilled(sheet: Sheet) -> bool:
    """Whether nothing but titles and a header stands on a sheet."""
    rows = [row for row in range(sheet.height) if sheet.own(row)]
    return not rows or (looks_like_header(sheet, rows[-1]) and len(sheet.own(rows[-1])) > 2)


_NOT_READ = re.compile(
    r"仅供(?:对照|参考|核对)[,;、]?(?:不作|不用于|不再|不必|无需|不)(?:为)?(?:上报|填报|填写|取数|统计|汇总)"
)
_GUIDE = re.compile(r"(?:填[表报写]|指标|统计|使用|编制|表格|制表)?(?:说明|须知|解释|要求)|封面|目录")
_TOP_ROWS = 3  # where a sheet says what it is for


def not_read(sheet: Sheet) -> bool:
    """Whether a sheet says of itself that its numbers are only there to be compared with (仅供对照,不作上报)."""
    return any(_NOT_READ.search(compact(value)) for row in range(_TOP_ROWS) for _, value in sheet.own(row))


def is_guide(sheet: Sheet) -> bool:
    """Whether a sheet by its name explains the others, and holds no number that could be meant to be read."""
    if not _GUIDE.fullmatch(compact(sheet.grid.sheet)):
        return False
    values = (value for row in range(sheet.height) for _, value in sheet.own(row))
    return not any(read_cell(value).kind is Kind.NUMBER for value in values)


def missing_period(table: Table, facts: Sequence[Fact]) -> Issue | None:
    """One question per table when neither its title nor its rows say which period the numbers are of."""
    undated = next((fact for fact in facts if fact.indicator and fact.period is None and not fact.total), None)
    if undated is None:
        return None
    sentence = f"工作表“{table.sheet.grid.sheet}”没有写明学年或日期,数据的期间无法确定。请在标题中写明,如“2023—2024学年”,或在上报页“改正读法”中选定时间。"
    row, col = next(iter(table.titles), (undated.row, undated.col))  # where it is to be written
    found = issue(table.sheet, row, col, "no_period", Severity.CONFIRM, sentence, undated.cell.text)
    told = dict.fromkeys(table.sheet.grid.address(*spot) for spot in ((row, col), (undated.row, undated.col)))
    return replace(found, cells=tuple(told))
