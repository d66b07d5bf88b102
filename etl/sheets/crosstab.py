"""Wide, transposed and year-across tables: every cell is read from its column's and its row's label together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from db.records import Qualifier, Severity
from etl.sheets import words
from etl.sheets.bare_rates import share_row, with_shares
from etl.sheets.basis import with_basis
from etl.sheets.cell_times import cohort_length, period_of
from etl.sheets.cells import CellValue, Kind, compact, read_cell, shortened
from etl.sheets.cohorts import START, began
from etl.sheets.columns import Column
from etl.sheets.columns import Role as ColumnRole
from etl.sheets.facts import OWN, Fact, Output, issue, reject
from etl.sheets.grades import graded
from etl.sheets.groups import level_of_grade, of_its_level, take_dims
from etl.sheets.header import Table
from etl.sheets.labels import Label
from etl.sheets.left_out import name_class_rows, name_columns, name_rows
from etl.sheets.level import level_of
from etl.sheets.means import is_own_rate
from etl.sheets.morphology import is_of_others
from etl.sheets.rows import Row
from etl.sheets.title_words import case_indicator, corner_indicator, dose_indicator, title_indicator
from etl.sheets.titles import Frame
from etl.sheets.turn_of_year import with_turn_of_year
from etl.sheets.understood import Understood
from etl.sheets.vocabulary import Vocabulary

_PLAN = re.compile(r"(?<!免疫)规划(?![股科处室办])|目标")
_FOLLOWED_UP = re.compile(
    r"(?:监测|完成|实现|进展|执行|落实|达成)(?:情况|进度|结果)?(?:统计|汇总|对照|一览|监测)?(?:表|$|[\s(])|历年|年度对比|[\d近][年个]?.{0,2}对[比照]"
)
_ACTUAL = re.compile(r"完成|实际|实绩|现状")
_TRAITS = {"sponsor", "area"}  # of a single school: they describe it and divide nothing
_GRADE = re.compile(r"(?:[ABC]级?|未评级)")
_SAYS_RATE = re.compile(r"(?<!频)[^增降]率$|^占.{1,8}(?:[%‰]|比[例重]|百分比)$")
_SILENT_DIMS = {"basis", "stage", "dose"}


def read_crosstab(table: Table, understood: Understood, vocabulary: Vocabulary) -> Output:
    """The facts of a table whose cells hold values, with an issue for every column and cell left out."""
    out = Output()
    rows = understood.rows
    frame, columns = settled(table, understood, vocabulary)
    for row in rows:
        for column in columns:
            if column.role in (ColumnRole.VALUE, ColumnRole.IGNORED):
                _read_one(table, frame, row, column, vocabulary, out, columns)
    name_columns(table, columns, rows, out)
    name_rows(table, rows, columns, out)
    name_class_rows(table, rows, columns, out)
    out.columns, out.rows = columns, rows
    return out


def settled(table: Table, understood: Understood, vocabulary: Vocabulary) -> tuple[Frame, list[Column]]:
    """The frame and the columns as they are read: with the title's indicator and without targets."""
    columns = understood.columns
    frame = _with_vaccine(_with_age_level(understood.frame, table), understood, vocabulary)
    frame = _with_head_level(frame, columns)
    frame = replace(frame, several_cohorts=len({row.cohort for row in understood.rows if row.cohort}) > 1)
    if not any(row.label.known for row in understood.rows):
        diseases = sum("disease" in row.label.dims for row in understood.rows)
        columns = _with_title_indicator(table, columns, frame, vocabulary, diseases)
    return frame, with_turn_of_year(_without_targets(table, with_shares(columns, understood.rows), frame), frame)


def _with_title_indicator(
    table: Table, columns: Sequence[Column], frame: Frame, vocabulary: Vocabulary, diseases: int
) -> list[Column]:
    """A table of one indicator names it in its title only: 各区县九年义务教育巩固率, with years across. Columns that
    name other indicators may stand beside (全程接种率 beside the vaccines); the title's own column excludes bare ones."""
    label = (
        corner_indicator(columns, vocabulary)
        or case_indicator(frame.topic, frame.unit, diseases)
        or title_indicator(frame.topic, vocabulary)
        or _of_doses(table, columns, frame)
    )
    known = {c.label.indicator or c.label.part for c in columns if c.role is ColumnRole.VALUE and c.label.known}
    if label is None or label.indicator in known:
        return list(columns)
    allowed = vocabulary.dims[label.indicator or ""]
    groups = any(c.label.dims and not c.label.known for c in columns if c.role is ColumnRole.VALUE)
    found = []
    for column in columns:
        own = column.label
        if own.dims.get("basis") == "person" and vocabulary.units[label.indicator or ""] in words.COUNTED - {"person"}:
            found.append(column)  # 人数 under a title that names schools
            continue
        if "basis" in own.dims and "basis" not in allowed and not own.known:
            own = replace(own, dims={name: value for name, value in own.dims.items() if name != "basis"})
        bare = column.role is ColumnRole.VALUE and not own.known and not own.rest
        fits = own.dims.keys() <= allowed if known else True
        stamped = own.period or own.month or own.quarter
        telling = (
            own.dims or own.period or (groups and own.total)
            if known
            else stamped or own.dims or column.entity or column.whole or (groups and own.total)
        )
        if bare and fits and telling:
            merged = replace(
                own,
                indicator=label.indicator,
                dims={**label.dims, **own.dims},
                unit=own.unit or label.unit,
                word=label.word,
            )
            column = replace(column, label=replace(merged, confidence=0.85))
        found.append(column)
    return found


def _of_doses(table: Table, columns: Sequence[Column], frame: Frame) -> Label | None:
    """What a table of bare vaccines and doses holds, by its title and its numbers."""
    bare = [c.index for c in columns if c.role is ColumnRole.VALUE and not c.label.known and "vaccine" in c.label.dims]
    values = [table.sheet.raw(row, col) for row in table.body for col in bare] if len(bare) > 1 else []
    return dose_indicator(frame.topic, frame.unit, values) if values else None


def _with_age_level(frame: Frame, table: Table) -> Frame:
    """A sheet without a level in its title has that of the age band in its headers (6-11周岁人口)."""
    bands = {band for path in table.paths if (band := words.age_level("/".join(path)))}
    return replace(frame, level=bands.pop()) if frame.level is None and len(bands) == 1 else frame


def _with_head_level(frame: Frame, columns: Sequence[Column]) -> Frame:
    """初中 over the names of schools, beside a table of primary schools: that is the level of them all."""
    heads = [c.label for c in columns if c.role is ColumnRole.ENTITY]
    levels = {
        label.dims["level"] for label in heads if label.dims.keys() == {"level"} and not label.rest and not label.known
    }
    return replace(frame, level=levels.pop()) if frame.level is None and len(levels) == 1 else frame


def _with_vaccine(frame: Frame, understood: Understood, vocabulary: Vocabulary) -> Frame:
    """The vaccine of a title (HPV疫苗接种情况) is that of a table whose labels name none."""
    labels = [*(c.label for c in understood.columns), *(row.label for row in understood.rows)]
    if "疫苗" not in frame.topic or any("vaccine" in label.dims for label in labels):
        return frame
    named = take_dims(compact(frame.topic), vocabulary)[0].get("vaccine", "")
    return replace(frame, vaccine="" if named == "ALL" else named)


def _without_targets(table: Table, columns: Sequence[Column], frame: Frame) -> list[Column]:
    targets = _target_columns(table, columns, frame)
    return [
        replace(c, role=ColumnRole.IGNORED, label=replace(c.label, ignored=c.label.ignored or "target"))
        if c.index in targets
        else c
        for c in columns
    ]


def _target_columns(table: Table, columns: Sequence[Column], frame: Frame) -> set[int]:
    """In a plan's table every year but the first (the base year) is a target, unless it calls the target by its name or
    follows the plan up (监测, 完成情况); and so is, in any table, a later year whose values are mostly bounds (95以上)."""
    years = [(c.label.period, c.index) for c in columns if c.role is ColumnRole.VALUE and c.label.period]
    if len({period for period, _ in years}) < 2:
        return set()
    first = min(years)[0]
    called = any(c.label.ignored == "target" and (c.label.period or _holds_numbers(table, c.index)) for c in columns)
    followed = called or bool(_FOLLOWED_UP.search(frame.topic))
    plan = not followed and (bool(_PLAN.search(frame.topic)) or _has_plan_kinds(table))
    bounds = {index for _, index in years if _mostly_bounds(table, index)}
    if bounds and any(index in bounds for period, index in years if period == first):
        bounds = set()
    done = {c.index for c in columns if _ACTUAL.search(c.label.text)}
    return {index for period, index in years if period != first and index not in done and (plan or index in bounds)}


def _has_plan_kinds(table: Table) -> bool:
    """A column that calls the indicators 预期性 or 约束性 is only found in a plan."""
    cells = (compact(table.sheet.raw(r, c)) for r in table.body for c in range(table.sheet.width))
    return any(text in ("预期性", "约束性") for text in cells)


def _holds_numbers(table: Table, col: int) -> bool:
    return any(read_cell(table.sheet.raw(r, col)).kind is Kind.NUMBER for r in table.body)


def _mostly_bounds(table: Table, col: int) -> bool:
    cells = [cell for r in table.body if (cell := read_cell(table.sheet.raw(r, col))).kind is Kind.NUMBER]
    return sum(cell.qualifier is Qualifier.AT_LEAST for cell in cells) * 2 > len(cells)


def _read_one(
    table: Table, frame: Frame, row: Row, column: Column, vocabulary: Vocabulary, out: Output, columns: Sequence[Column]
) -> None:
    if column.label.share:
        row = share_row(row, vocabulary)
    grade, cell = graded(table, row, column, columns, read_cell(table.sheet.raw(row.index, column.index)))
    if cell.kind is Kind.BLANK:
        return
    if grade:
        column = replace(column, label=replace(column.label, dims={**column.label.dims, "grade_abc": grade}))
    spot = (table.sheet, row.index, column.index)
    indicator = _named(row, column, vocabulary)
    if indicator is None and column.label.indicator and cell.kind is Kind.NUMBER:
        out.rejected.append(reject(*spot, "out_of_domain", cell.text, row.label.indicator))
        out.facts.append(fact_of(frame, row, column, cell, None, OWN + column.label.indicator, {}, False))
        return
    if row.group is not None and indicator != row.group:
        indicator = row.group if indicator == "enrollment" else None
    ignored = column.label.ignored or row.label.ignored
    if row.excluded and not ignored and not is_own_rate(table, row, column, vocabulary):
        ignored = row.excluded
    if column.role is ColumnRole.IGNORED or ignored:
        if cell.kind is Kind.NUMBER:
            out.rejected.append(reject(*spot, ignored, cell.text, indicator))
        return
    if indicator == "hygiene_inspected_count" and (column.label.unit or row.unit or row.label.unit) in words.VISITS:
        indicator = "hygiene_visits"
    if indicator and other_unit(column, row, vocabulary.units[indicator]):
        indicator = None
    part = None if indicator else column.label.part or row.label.part
    if row.problem or column.label.rest or (row.label.rest and not _label_is_name(row)) or not (indicator or part):
        if cell.kind is Kind.NUMBER:
            out.facts.append(_nameless(frame, row, column, cell, columns))
        return
    dims = dims_of(frame, row, column, indicator, vocabulary)
    if dims is None:
        if cell.kind is Kind.NUMBER:
            out.rejected.append(reject(*spot, "out_of_domain", cell.text, indicator))
            out.facts.append(fact_of(frame, row, column, cell, None, None, {}, False))  # a rate may be made of it
        return
    if not _usable(table, row, column, cell, indicator, out):
        return
    out.facts.append(
        fact_of(frame, row, column, cell, indicator, part, dims, "object" in vocabulary.dims.get(indicator or "", ()))
    )


def _named(row: Row, column: Column, vocabulary: Vocabulary) -> str | None:
    """The indicator that the column names, or the row; a row that is a rate of its own (乙肝首针及时率 among the doses) has
    only that under the rates of the others, and none under their counts."""
    of_column, of_row = column.label.indicator, row.label.indicator
    if of_column and of_row and of_row != of_column and not row.label.rest and vocabulary.units[of_row] == "percent":
        return of_row if vocabulary.units[of_column] == "percent" else None
    return of_column or of_row


def _nameless(frame: Frame, row: Row, column: Column, cell: CellValue, columns: Sequence[Column]) -> Fact:
    """A number that nobody understood: a rate beside it may turn out to be made of it, one of its column where the rows tell
    what is counted and the columns of whom."""
    fact = fact_of(frame, row, column, cell, None, None, {}, False)
    by_rows = row.entity is None and _rows_tell(row, column, columns)
    told = column.label if column.label.text and not column.label.neutral and not by_rows else row.label
    word, unit = words.split_unit(told.text.split("/")[-1])
    fact.nameless = "" if _of_others(told) else words.PUNCTUATION.sub("", word) or unit or told.text
    fact.rate_word = fact.nameless in words.RATE_WORDS or _SAYS_RATE.search(fact.nameless) is not None
    fact.confidence = 0.0
    if not row.label.known and not by_rows:
        fact.line, fact.series = ("row", row.index, column.entity), ("col", column.index)
    return fact


def _rows_tell(row: Row, column: Column, columns: Sequence[Column]) -> bool:
    """Whether the columns of a table name groups only, so that a row of it is what nobody understood."""
    grouped = not column.label.rest and (column.label.dims or column.label.total)
    return bool(row.label.rest and grouped) and not any(c.role is ColumnRole.VALUE and c.label.known for c in columns)


def _of_others(label: Label) -> bool:
    """Whether a label that nobody understood names other people or things, or a group that no rate of the table has."""
    grouped = label.dims.keys() - {"level", "basis", "vaccine", "stage"}
    return bool(grouped) or any(is_of_others(part) for part in label.text.split("/"))


def other_unit(column: Column, row: Row, unit: str) -> bool:
    """Whether a printed unit shows that other things are counted: 合格数 under 食品(批次) are no schools."""
    printed = column.label.unit or row.label.unit
    return unit in words.COUNTED and printed in words.OTHER_UNITS


def _label_is_name(row: Row) -> bool:
    return row.entity is not None


def fact_of(
    frame: Frame,
    row: Row,
    column: Column,
    cell: CellValue,
    indicator: str | None,
    part: str | None,
    dims: dict[str, str],
    kept_by_object: bool,
) -> Fact:
    label, col = column.label, column.index
    by_rows = label.indicator is None and label.part is None
    whole = column.whole or (label.total and not label.known)
    printed = label.unit or row.unit or row.label.unit or frame.unit
    length = cohort_length(frame, row) if part == START else 0
    begun = began(label.text, row.cohort, length, period_of(frame, row, label)) if length else ""
    return Fact(
        row.index, col, cell, indicator, part, dims, printed, period_of(frame, row, label),
        column.entity or row.entity or (None if row.redacted else frame.issuer), row.code, row.total or whole,
        min(x for x in (label.confidence or 1.0, row.label.confidence or 1.0, 0.99) if x),
        line=("col", col) if by_rows else ("row", row.index, column.entity),
        series=("row", row.index) if by_rows else ("col", col),
        cohort=row.cohort, cohort_length=length, begun=begun, takes_object=kept_by_object, title_object=_object_in(frame.topic),
        of_row=label.share, sums_dims=label.sums and label.known and not whole, scope=f"第{row.index + 1}行" if row.redacted else "",
    )  # fmt: skip


def dims_of(
    frame: Frame, row: Row, column: Column, indicator: str | None, vocabulary: Vocabulary
) -> dict[str, str] | None:
    """The dims of a cell; None when the labels name one that the indicator is not kept by."""
    label = column.label
    named: dict[str, str] = {**row.dims, **row.label.dims, **label.dims}
    if row.entity is not None and row.label.rest:
        named = {**row.dims, **label.dims}
    if indicator is None:
        return named
    allowed = vocabulary.dims[indicator]
    if row.entity and not row.total and not words.is_place(row.entity):
        named = {name: value for name, value in named.items() if name in label.dims or name not in _TRAITS}
    if any(name not in allowed and name not in _SILENT_DIMS and name != "level" for name in named):
        return None
    dims = {name: value for name, value in named.items() if name in allowed}
    if "object" in allowed and "object" not in dims:
        dims.update(_object(label, row))
    dims = with_basis(dims, allowed, label.unit or row.unit or row.label.unit, frame)
    if frame.vaccine and "vaccine" in allowed:
        dims.setdefault("vaccine", frame.vaccine)
    if "level" not in allowed:
        return dims
    bare_sum = label.total and not label.known and "level" not in named and not column.whole
    if bare_sum and not words.is_single_school(column.entity or row.entity or frame.issuer):
        return dims
    level = dims.get("level") or level_of(frame, column.entity or row.entity, indicator, vocabulary.levels[indicator])
    level = level or ("KG" if "入园" in label.word + row.label.word else level_of_grade(dims.get("grade", "")))
    return of_its_level({**dims, "level": level}) if level else dims


def _object(label: Label, row: Row) -> dict[str, str]:
    """What was inspected, as the label names it."""
    text = label.text + row.label.text
    found = _object_in(text) or ("school" if "学校" in text else "")
    return {"object": found} if found else {}


def _object_in(text: str) -> str:
    return next((value for word, value in words.OBJECT_WORDS.items() if word in text), "")


def _usable(table: Table, row: Row, column: Column, cell: CellValue, indicator: str | None, out: Output) -> bool:
    spot = (table.sheet, row.index, column.index)
    address = table.sheet.grid.address(row.index, column.index)
    name = column.label.text or row.label.text
    if cell.kind is Kind.ERROR:
        severity = Severity.BLOCK if indicator else Severity.CONFIRM
        sentence = f"单元格{address}({name})是公式错误“{cell.text}”,没有数值。请在原表中改正公式或填写数值后重新上传。"
        out.issues.append(issue(*spot, "cell_error", severity, sentence, cell.text))
        return False
    if cell.kind is Kind.REDACTED:
        out.rejected.append(reject(*spot, "redacted", cell.text, indicator))
        return False
    if cell.kind is Kind.TEXT and not cell.denominator:
        sentence = (
            f"单元格{address}({name})写的是“{shortened(cell.text)}”,不是数字,没有取数。请改填数字;确无数据请留空。"
        )
        severity = Severity.CONFIRM
        if indicator == "canteen_graded_count" and _GRADE.fullmatch(compact(cell.text)):
            severity = Severity.NOTE  # the grade of the unit's only canteen
            sentence = f"单元格{address}({name})写的是等级“{compact(cell.text)}”,不是食堂数,没有取数。各等级的食堂数请分行填写。"
        out.issues.append(issue(*spot, "unreadable_number", severity, sentence, cell.text))
        return False
    return not (cell.kind is Kind.STATUS and (row.total or (column.label.total and not column.label.known)))
