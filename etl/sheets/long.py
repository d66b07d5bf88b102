"""Long tables as systems export them: one value per row, indicator, period and dimensions in columns of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from db.records import Severity
from etl.sheets import words
from etl.sheets.basis import with_basis
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.changes import NO_CHANGES, Changes, changed_label
from etl.sheets.column_heads import is_class_head
from etl.sheets.columns import Column, Role
from etl.sheets.facts import Fact, Output, issue, reject
from etl.sheets.header import Table
from etl.sheets.issuers import place_in_title
from etl.sheets.keys import ITEM, line_key
from etl.sheets.labels import Label, read_label
from etl.sheets.periods import stamp_period
from etl.sheets.row import Row
from etl.sheets.sum_rows import UNIT_TAIL
from etl.sheets.titles import Frame
from etl.sheets.vocabulary import Vocabulary
from etl.sheets.when import told_by_label
from etl.sheets.wider import is_of_wider_place

_FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("code", re.compile(r"(?:机构|学校|单位|园所|区划)?(?:标识码|代码|编码)(?!.*指标)")),
    (
        "entity",
        re.compile(
            r"(?:(?:填报|上报|报送|报告|统计)?(?:机构|学校|单位)|园所|幼儿园|乡镇|镇街|街道|县区|区县|县市区|地区|区划)(?:名称|全称|名)?"
        ),
    ),
    (
        "item",
        re.compile(r"(?:统计|监测|考核|评价|填报|采集|数据)?(?:指标|项目|指标项|数据项|填报项|统计项)(?:名称|名)?"),
    ),
    ("item_code", re.compile(r"(?:指标|项目|数据项|指标项)(?:代码|编码|编号)")),
    (
        "period",
        re.compile(
            r"(?:报告|统计|数据|报表|填报|所属|采集|业务)?(?:期间?|期别|期次|时期|时段|周期|时间段?|年月|学年度?|年度|年份|学期|季度|月份)(?:学期|季度|月份)?"
        ),
    ),
    ("value", re.compile(r"(?:指标|填报|统计|实际|上报|数据|采集)?(?:数值|值|数据|数量|结果)|取值|数据值|指标数据")),
    ("unit", re.compile(r"(?:计量|数据|指标)?单位")),
)
_DIM_HEADS = re.compile(r"性别|学段|年级|城乡|城乡分类|举办者|办别|疫苗|疫苗名称|剂次|办学类型|类别|分组|维度|口径")
_ACTUAL = re.compile(r"(?:实际|实绩|完成|现状|统计|上报|实测|年报|快报|执行)(?:值|数|数据|情况)?")
_AIM = re.compile(r"(?:年度|规划|计划|预期|预计|考核)?(?:目标|规划|计划|预期|预计|预测|任务)(?:值|数|数据)?")
_OF_UNITS = re.compile("办学类型")  # of a unit: what it is, not whom its number counts
_WHOLE = frozenset(("合计", "总计", "全部", "不分", "计", "小计", "-", "—", "/", "无"))


def fields_of(table: Table) -> dict[str, int] | None:
    """The columns of a long table by field; None when the table is not long."""
    found: dict[str, int] = {}
    for col, path in enumerate(table.paths):
        key = words.label_key(path[-1]) if path else ""
        name = next((name for name, pattern in _FIELDS if pattern.fullmatch(key)), None)
        if (name == "entity" and key == "单位") or (name == "unit" and "entity" not in found and key == "单位"):
            name = "unit"
        if name and name not in found:
            found[name] = col
    return found if {"item", "value"} <= found.keys() and ("entity" in found or "code" in found) else None


def group_columns(table: Table) -> list[int]:
    """The columns that name a group of the row's value: 性别, 疫苗."""
    return [c for c, path in enumerate(table.paths) if path and _DIM_HEADS.fullmatch(words.label_key(path[-1]))]


def kind_columns(table: Table, fields: Mapping[str, int]) -> list[int]:
    """The columns that tell what was reached from what is aimed at (数据类型: 实际, 目标), by their values."""
    others = set(range(len(table.paths))) - set(fields.values())
    return [col for col in sorted(others) if _tells_aims(_few_values(table, col))]


_MOST_KINDS = 8


def _few_values(table: Table, col: int) -> set[str]:
    """The different texts of a column; none where they are many."""
    found: set[object] = set()
    for row in table.body:
        found.add(table.sheet.filled(row, col))
        if len(found) > _MOST_KINDS:
            return set()
    return {text for value in found if (text := compact(value or ""))}


def _tells_aims(values: set[str]) -> bool:
    aims = {text for text in values if _AIM.fullmatch(text)}
    return bool(aims) and all(text in aims or _ACTUAL.fullmatch(text) for text in values)


def long_items(
    table: Table, fields: Mapping[str, int], vocabulary: Vocabulary, topic: str
) -> dict[str, tuple[int, Label]]:
    """The first row and the meaning of every item that the table names, by its key."""
    first: dict[str, tuple[int, str]] = {}
    above = ""
    for row in table.body:
        item = _text(table, row, fields["item"])
        above = above if words.is_part_of(item) else item
        first.setdefault(item, (row, above))
    return {
        _key(text): (row, _meaning(text, above, (), vocabulary, topic)) for text, (row, above) in first.items() if text
    }


_OWN = "\0value"  # marks the column of values among the lines of a long table


def is_value_column(column: Column) -> bool:
    """Whether a column of `long_lines` holds the values."""
    return column.label.word == _OWN


_ROLES = {
    "code": Role.CODE, "entity": Role.ENTITY, "item": Role.ITEM, "item_code": Role.TEXT, "period": Role.PERIOD,
    "value": Role.IGNORED, "unit": Role.UNIT,
}  # fmt: skip


def long_lines(table: Table, fields: Mapping[str, int]) -> tuple[list[Column], list[Row]]:
    """The columns and rows of a long table, as the checks of codes, names and periods look at them."""
    roles = {col: _ROLES[name] for name, col in fields.items()}
    columns = [
        Column(
            col,
            roles.get(col, Role.TEXT),
            Label("/".join(path), word=_OWN if col == fields["value"] else ""),
            (table.header[-1], col),
        )
        for col, path in enumerate(table.paths)
    ]
    rows = []
    for row in table.body:
        name = _text(table, row, fields.get("entity"))
        label = Label(_text(table, row, fields["item"]))
        code = _text(table, row, fields.get("code")) or None
        rows.append(Row(row, label, name or None, code, total=words.is_total(name)))
    return columns, rows


def _meaning(item: str, above: str, groups: Sequence[str], vocabulary: Vocabulary, topic: str) -> Label:
    """What an item says; 其中:女生 is a part of the item above it."""
    label = read_label([item, *groups], vocabulary, topic)
    return label if above == item or label.known else read_label([above, item, *groups], vocabulary, topic)


def _key(item: str) -> str:
    return ITEM + line_key([item])


def read_long(
    table: Table, fields: Mapping[str, int], frame: Frame, vocabulary: Vocabulary, changes: Changes = NO_CHANGES
) -> Output:
    """The facts of a long table."""
    out = Output()
    classes = next((c for c, path in enumerate(table.paths) if path and is_class_head(words.label_key(path[-1]))), None)
    kinds = kind_columns(table, fields)
    dims = [col for col in group_columns(table) if col not in kinds]
    known: dict[str, Label] = {}
    above = ""  # the last item that is no part of another
    for row in table.body:
        group = _text(table, row, classes)
        if group and group not in _WHOLE and group not in words.WHOLE_SCHOOL:
            out.rejected.append(reject(table.sheet, row, fields["value"], "out_of_domain", group))
            continue
        if any(_AIM.fullmatch(_text(table, row, col)) for col in kinds):
            out.rejected.append(reject(table.sheet, row, fields["value"], "target", _text(table, row, fields["value"])))
            continue
        if is_of_wider_place(name := _text(table, row, fields.get("entity")), frame.issuer):
            out.rejected.append(reject(table.sheet, row, fields["value"], "other_entity", name))
            continue
        item = _text(table, row, fields["item"])
        above = above if words.is_part_of(item) else item
        _read_row(table, row, fields, dims, frame, vocabulary, changes, known, out, above)
    return out


def _text(table: Table, row: int, col: int | None) -> str:
    return compact(table.sheet.filled(row, col)) if col is not None else ""


def _read_row(
    table: Table, row: int, fields: Mapping[str, int], dims: list[int], frame: Frame,
    vocabulary: Vocabulary, changes: Changes, known: dict[str, Label], out: Output, above: str,
) -> None:  # fmt: skip
    col = fields["value"]
    cell = read_cell(table.sheet.raw(row, col))
    if cell.kind is Kind.BLANK:
        return
    groups = _groups(table, row, dims, vocabulary)
    item = _text(table, row, fields["item"])
    text = "/".join([above, item, *groups] if above != item else [item, *groups])
    label = known.get(text)
    if label is None:
        label = _meaning(item, above, groups, vocabulary, frame.topic)
        said = changes.of(_key(item))
        label = known[text] = label if said is None else changed_label(label, said, vocabulary)
    if not _bound(table, row, fields, cell.text, label, item, vocabulary, out):
        return
    if cell.kind in (Kind.TEXT, Kind.ERROR) and not cell.denominator:
        address = table.sheet.grid.address(row, col)
        severity = Severity.BLOCK if cell.kind is Kind.ERROR else Severity.CONFIRM
        sentence = f"单元格{address}({item})写的是“{cell.text}”,不是数字,没有取数。请改填数字;确无数据请留空。"
        out.issues.append(issue(table.sheet, row, col, "unreadable_number", severity, sentence, cell.text))
        return
    if cell.kind is Kind.REDACTED:
        out.rejected.append(reject(table.sheet, row, col, "redacted", cell.text, label.indicator))
        return
    out.facts.append(_fact(table, row, fields, frame, vocabulary, label))


def _groups(table: Table, row: int, columns: Sequence[int], vocabulary: Vocabulary) -> list[str]:
    """The groups that a row names; not what kind of unit it is of, where that is no group of pupils (完全中学, 管理机构)."""
    found = []
    for col in columns:
        text = _text(table, row, col)
        if not text or text in _WHOLE:
            continue
        of_unit = _OF_UNITS.fullmatch(words.label_key(table.paths[col][-1]))
        if of_unit and (read_label((text,), vocabulary, "").rest or text in words.MIXED_LEVEL_WORDS):
            continue
        found.append(text)
    return found


def _bound(
    table: Table,
    row: int,
    fields: Mapping[str, int],
    text: str,
    label: Label,
    item: str,
    vocabulary: Vocabulary,
    out: Output,
) -> bool:
    """Whether the row's label is an indicator with groups that it is kept by; says so when it is not."""
    spot = (table.sheet, row, fields["value"])
    if label.ignored:
        out.rejected.append(reject(*spot, label.ignored, text))
        return False
    if not label.indicator or label.rest:
        address = table.sheet.grid.address(row, fields["item"])
        sentence = f"单元格{address}的指标“{item}”不在指标目录中,该行未取数。请核对名称,或在上报页“改正读法”中选定它是什么指标。"
        out.issues.append(issue(table.sheet, row, fields["item"], "unknown_row", Severity.NOTE, sentence, item))
        return False
    if any(name not in vocabulary.dims[label.indicator] for name in label.dims):
        out.rejected.append(reject(*spot, "out_of_domain", text, label.indicator))
        return False
    return True


def _period(table: Table, row: int, fields: Mapping[str, int]) -> str | None:
    col = fields.get("period")
    return stamp_period(table.sheet.filled(row, col), "/".join(table.paths[col])) if col is not None else None


def _summed_place(name: str, issuer: str | None) -> str | None:
    """The place that a sum names itself (清源县直属学校合计), where the table's own is not that one at greater length."""
    place = place_in_title(UNIT_TAIL.sub("", name))
    return issuer if place and issuer and issuer.endswith(place) else place


def _fact(
    table: Table, row: int, fields: Mapping[str, int], frame: Frame, vocabulary: Vocabulary, label: Label
) -> Fact:
    name = _text(table, row, fields.get("entity"))
    code = _text(table, row, fields.get("code")) or None
    period = _period(table, row, fields) or told_by_label(frame.period, label)
    dims = dict(label.dims)
    indicator = label.indicator or ""
    levels = vocabulary.levels[indicator]
    level = words.level_of_name(name) or frame.level or (levels[0] if len(levels) == 1 else None)
    if "level" in vocabulary.dims[indicator] and "level" not in dims and level:
        dims["level"] = level
    total = words.is_total(name)
    entity = (_summed_place(name, frame.issuer) if total else name) or frame.issuer
    unit = _text(table, row, fields.get("unit")) or label.unit or frame.unit
    dims = with_basis(dims, vocabulary.dims[indicator], unit, frame)
    return Fact(
        row, fields["value"], read_cell(table.sheet.raw(row, fields["value"])), indicator, None, dims, unit, period,
        entity, code, total, label.confidence, line=("unit", code or entity, period), series=("row", row),
    )  # fmt: skip
