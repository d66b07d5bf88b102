"""The facts of every row: org unit, code, period, total or part, breakdown; with merged and indented labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from etl.sheets import words
from etl.sheets.above import Above
from etl.sheets.cells import compact
from etl.sheets.cohorts import level_of_cohort
from etl.sheets.columns import Column, Role
from etl.sheets.header import Table
from etl.sheets.indents import has_indents, with_parents
from etl.sheets.issuers import is_generic
from etl.sheets.kinds import spelled_out
from etl.sheets.labels import Label, read_label
from etl.sheets.mixed_levels import without_mixed_blocks
from etl.sheets.neighbours import with_item_rows
from etl.sheets.plain_rows import Parts, PlainRows
from etl.sheets.row import Row, why_left_out
from etl.sheets.row_times import when_of
from etl.sheets.sheet import Sheet
from etl.sheets.sum_rows import first_text, group_of_sum, is_sum_elsewhere, of_their_grades, of_their_sums, short_texts
from etl.sheets.vocabulary import Vocabulary
from etl.sheets.wholes import part_below
from etl.sheets.whose import EXAMINED, Who, of_sum, who_of

__all__ = ["Row", "read_rows"]
_GROUPS_OF_PUPILS = frozenset(("boarders", "left_behind_children", "migrant_children", "disabled_students"))
_SORTS = re.compile(r"(?:指标|项目)?(?:类别|分类|类型|大类|领域|模块|板块|维度|方面)|一级(?:指标|项目)")
_KINDS = re.compile(r"(?:问题|隐患|风险|检查|整改)?(?:类别|类型|种类|分类|领域|方面)$")
_COHORT = re.compile(r"20\d{2}[级届]")
_OF_ALL = frozenset((*words.MIXED_LEVEL_WORDS, "全部", "各学段", "全学段", "所有学段", "不分学段", *EXAMINED))
_OF_WHAT = frozenset(
    ("合格率", "达标率", "持证率", "持有率", "覆盖率", "完成率", "合格数", "合格")
)  # of what, stands above
_LISTED = 1000  # rows of a list whose names are looked at


def read_rows(table: Table, columns: Sequence[Column], vocabulary: Vocabulary, topic: str) -> list[Row]:
    """The rows of a table from top to bottom; section lines only leave their mark on the rows below."""
    rows: list[Row] = []
    above = Above(indented=has_indents(table, columns))
    above.columns_tell = any(c.role is Role.VALUE and c.label.known for c in columns)
    by_role = {role: [c for c in columns if c.role is role] for role in Role}
    above.named = _are_units(table, by_role[Role.ENTITY], vocabulary, topic)
    above.categories = _are_categories(by_role, vocabulary)
    above.headed = bool(by_role[Role.ITEM]) and bool(_SORTS.fullmatch(by_role[Role.ITEM][0].label.text))
    plain = above.plain = PlainRows(table, by_role, vocabulary, topic)
    for index in table.body:
        quick = plain.read(index, above.down, above.section, above.parts)
        if quick is not None:
            above.entity, above.parts = quick.entity, plain.parts
            rows.append(quick)
            continue
        if _is_section(table.sheet, index, by_role):
            label = read_label((str(table.sheet.own(index)[0][1]),), vocabulary, topic)
            above.section = dict(label.dims) if not label.rest else {}
            above.place = _section_place(label)
            above.stack = []
            above.unsummed = above.unsummed or (above.sections > 0 and not above.summed)
            above.sections, above.summed = above.sections + 1, False
            continue
        before = above.parts
        row = _read_row(table, index, by_role, vocabulary, topic, above)
        plain.learn(row, above.section, before, above.parts)
        above.summed = above.summed or row.total
        above.subtotals = above.subtotals or (row.total and "小计" in first_text(table.sheet, index))
        rows.append(row)
    if above.columns_tell:
        rows = of_their_grades(of_their_sums(rows, above.groups), above.groups)
    else:
        rows = without_mixed_blocks(with_item_rows(rows))
    return with_parents(table, rows, by_role[Role.ENTITY])


def _are_units(table: Table, places: Sequence[Column], vocabulary: Vocabulary, topic: str) -> bool:
    """Whether the names of a table are mostly those of units, not of kinds of units."""
    if not places or len(table.body) > _LISTED:
        return False
    texts = [str(v) for r in table.body if (v := table.sheet.raw(r, places[-1].index)) is not None and compact(v)]
    kinds = sum(not read_label((text,), vocabulary, topic).rest for text in texts if not words.is_total(text))
    return kinds * 3 < len(texts)


def _counters(by_role: Mapping[Role, Sequence[Column]]) -> list[Column]:
    ranks = [c for c in by_role[Role.IGNORED] if c.label.ignored == "ordinal"]
    return [*by_role[Role.SERIAL], *by_role[Role.CODE], *ranks]


def _is_number(value: object) -> bool:
    return compact(value).replace(".", "").isdigit() if value is not None else False


def _are_categories(by_role: Mapping[Role, Sequence[Column]], vocabulary: Vocabulary) -> bool:
    """Whether the rows are kinds of problems (按类别: 食品, 饮水) under counts that are kept by kind."""
    kept = any("category" in vocabulary.dims.get(c.label.indicator or "", ()) for c in by_role[Role.VALUE])
    return kept and bool(by_role[Role.ITEM]) and bool(_KINDS.search(words.label_key(by_role[Role.ITEM][-1].label.text)))


def _is_section(sheet: Sheet, row: int, by_role: Mapping[Role, Sequence[Column]]) -> bool:
    own = sheet.own(row)
    values = {c.index for c in (*by_role[Role.VALUE], *by_role[Role.IGNORED])}
    return len(own) == 1 and own[0][0] not in values and bool(values)


def _section_place(label: Label) -> str | None:
    name = compact(label.text)
    return name if label.rest and words.looks_like_unit(name) and not is_generic(name) else None


def _label_value(sheet: Sheet, row: int, col: int, above: Above, fill: bool) -> object:
    value = sheet.filled(row, col)
    if value is None or not compact(value):
        return above.down.get(col) if fill else None
    above.down[col] = value
    return value


def _read_row(
    table: Table,
    index: int,
    by_role: Mapping[Role, Sequence[Column]],
    vocabulary: Vocabulary,
    topic: str,
    above: Above,
) -> Row:
    sheet = table.sheet
    names = _names(sheet, index, by_role[Role.ENTITY], above, _goes_on(table, index, by_role, above))
    items = _items(sheet, index, by_role[Role.ITEM], above, by_role[Role.ENTITY])
    stamps = [(c, _label_value(sheet, index, c.index, above, True)) for c in by_role[Role.PERIOD]]
    cohort = next((_label_value(sheet, index, c.index, above, True) for c in by_role[Role.COHORT]), None)
    school = _level_of_cohort(sheet, index, by_role[Role.COHORT], cohort)
    cohort = cohort or next((found[0] for item in items if (found := _COHORT.search(item))), None)  # 小学(2018级)
    codes = (compact(sheet.filled(index, c.index)) for c in by_role[Role.CODE])
    code = next((text for text in codes if not words.is_total(text)), "")
    unit = _printed_unit(sheet, index, by_role)
    label = _item_label(items, vocabulary, topic, above)
    group = label.indicator if above.columns_tell and label.indicator in _GROUPS_OF_PUPILS and not label.rest else None
    kind = above.columns_tell and label.known and group is None and bool(items) and words.is_part_of(items[-1])
    own_rate = not label.rest and vocabulary.units.get(label.indicator or "") == "percent"
    if above.columns_tell and label.known and not own_rate:
        label = above.unnamed(label)
    above.listed = above.named and any(_is_number(sheet.raw(index, c.index)) for c in _counters(by_role))
    who = who_of(names, items, label, vocabulary, topic, above)
    if "category" in who.dims or (who.total and label.rest in _OF_ALL):
        label = replace(label, rest="")
    if group is not None and not names:
        who = Who(above.entity, dims=dict(label.dims))
    if kind and not names:  # 其中:教学点 are some of the primary schools, which have no group of their own
        who = Who(problem=items[-1])
    if is_sum_elsewhere(sheet, index, by_role):
        label_of = group_of_sum(first_text(sheet, index), vocabulary, topic)
        who = of_sum(sheet, index, by_role[Role.ENTITY], above, label_of, who.dims if items else {})
    section = {} if who.total and _is_grand_total(first_text(sheet, index), above) else above.section
    when = when_of(sheet, index, stamps, topic, above, who.total)
    total = when.total
    single = next((compact(sheet.filled(index, c.index)) for c in by_role[Role.CLASS]), "")
    single = "" if total or words.is_whole_school(single) or words.is_total(single) else single
    name = next(reversed(names), "")
    said = [*items, *short_texts(sheet, index)]
    excluded = why_left_out(
        name or first_text(sheet, index), name or str((stamps[0][1] if stamps else None) or ""), said, single
    )
    return Row(
        index, label, who.entity, code or None, when.period, when.month, when.day, compact(cohort or ""), unit or label.unit,
        total, who.redacted, above.groups({**school, **section, **who.dims}), who.problem, excluded, single, group, when.part,
    )  # fmt: skip


def _level_of_cohort(sheet: Sheet, row: int, columns: Sequence[Column], cohort: object) -> dict[str, str]:
    """The level of a row's cohort (小学(2016级)); a sum has that of its own cell, or of the rows it sums up as their 小计."""
    first = first_text(sheet, row)
    own = any(compact(sheet.filled(row, c.index) or "") for c in columns)
    return level_of_cohort(compact(cohort or "")) if own or "小计" in first or not words.is_total(first) else {}


def _printed_unit(sheet: Sheet, row: int, by_role: Mapping[Role, Sequence[Column]]) -> str:
    """The unit in the column of units, or in one of items behind the first."""
    own = next((compact(sheet.filled(row, c.index)) for c in by_role[Role.UNIT]), "")
    beside = (compact(sheet.filled(row, c.index) or "") for c in by_role[Role.ITEM][1:])
    return own or next((text for text in beside if words.is_unit(text)), "")


def _item_label(items: Sequence[str], vocabulary: Vocabulary, topic: str, above: Above) -> Label:
    """What the item columns say; 其中:女 under 在校生数 is a part of that row, and so are the groups after it."""
    label = above.label(items, vocabulary, topic)
    if len(items) > 1 and label.rest and above.headed:
        alone = read_label(items[-1:], vocabulary, topic)
        label = alone if alone.known and not alone.rest else label
    if len(items) == 1:
        label = _under_number(items[0], label, vocabulary, topic, above)
        label = part_below(items[0], above.parts.of, label, vocabulary, topic)
    bare = not label.known and not label.rest and not label.total and bool(label.dims)
    if label.indicator and not label.rest:
        above.parts = Parts(items[-1])
    elif len(items) == 1 and above.parts.of and (words.is_part_of(items[0]) or (above.parts.begun and bare)):
        above.parts = replace(above.parts, begun=True)
        part = read_label((above.parts.of, items[0]), vocabulary, topic)
        return part if part.indicator and not part.rest else label
    return label


def _under_number(item: str, label: Label, vocabulary: Vocabulary, topic: str, above: Above) -> Label:
    """A row without a number below one that has (合格率 below 七、餐饮具抽检), where it says nothing of what alone."""
    if words.is_numbered(item):
        above.numbered = item
        return label
    open_word = not label.known or label.rest or label.word.rstrip("%人份个") in _OF_WHAT
    if not above.numbered or label.total or not open_word:
        return label
    joined = above.label((above.numbered, item), vocabulary, topic)
    return joined if joined.known and not joined.rest else label


def _is_grand_total(text: str, above: Above) -> bool:
    """A 合计 after several sections is of all of them, unless the sections before had sums of their own."""
    if "小计" in text:
        return False
    return "总计" in text or above.unsummed or above.subtotals


def _goes_on(table: Table, row: int, by_role: Mapping[Role, Sequence[Column]], above: Above) -> bool:
    """Whether a row without a name is about the unit above it: one of its groups (启明一小 | 一年级; | 二年级; | 小计)."""
    places, items = by_role[Role.ENTITY], by_role[Role.ITEM]
    if not places or not items or items[-1].index < places[-1].index or above.entity is None:
        return False
    item = compact(table.sheet.filled(row, items[-1].index) or "")
    if not item or any(compact(table.sheet.raw(row, c.index) or "") for c in by_role[Role.SERIAL]):
        return False
    if words.is_total(item) and "小计" not in item:  # the last one is of all units
        return row != table.body[-1]
    return True


def _names(sheet: Sheet, row: int, columns: Sequence[Column], above: Above, goes_on: bool = False) -> list[str]:
    """The names in the entity columns, widest place first; all but the last column fill down, and that too where the row
    goes on with the unit above it."""
    found: list[str] = []
    for n, column in enumerate(columns):
        value = _label_value(sheet, row, column.index, above, fill=goes_on or n < len(columns) - 1)
        text = "" if value is None else str(value).strip()
        if text and (not found or found[-1] != text):
            found.append(text)
    return found


def _items(sheet: Sheet, row: int, columns: Sequence[Column], above: Above, places: Sequence[Column] = ()) -> list[str]:
    """The labels in the item columns. All but the last fill down, and so does one that groups the names to its right."""
    found: list[str] = []
    names = places[-1].index if places else -1
    first = first_text(sheet, row)
    changed = words.is_total(first) and "小计" not in first  # a sum of everything takes no group from above
    for n, column in enumerate(columns):
        own = sheet.filled(row, column.index)
        blank = own is None or not compact(own)
        grouping = n < len(columns) - 1 or column.index < names
        value = _label_value(sheet, row, column.index, above, fill=grouping and not changed)
        changed = changed or not blank
        text = "" if value is None else compact(value) if not isinstance(value, str) else value.rstrip()
        text = spelled_out(column.label.text, text)
        if n and (compact(text) in words.NEUTRAL or words.is_unit(text)):
            continue  # 小学 | 全县平均值; 食堂数 | 个
        if text and (not found or found[-1] != text):
            found.append(text)
    return found
