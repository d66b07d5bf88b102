"""The role of every column of a table: who, when, which code, which label, or values of an indicator."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from etl.sheets import words
from etl.sheets.bare_counts import with_bare_counts
from etl.sheets.bare_rates import with_bare_rates
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.header import Table
from etl.sheets.issuers import is_generic
from etl.sheets.labels import Label, read_label
from etl.sheets.neighbours import by_neighbours, with_lone_moves, with_objects, with_present
from etl.sheets.summed import with_summed_groups
from etl.sheets.vocabulary import Vocabulary


class Role(StrEnum):
    SERIAL = "serial"
    CODE = "code"
    ENTITY = "entity"
    PERIOD = "period"
    COHORT = "cohort"
    CLASS = "class"  # a single class of a school: less than any unit of the tree
    ITEM = "item"  # the row's indicator or breakdown stands here
    UNIT = "unit"
    VALUE = "value"
    IGNORED = "ignored"  # `label.ignored` says why
    TEXT = "text"  # words that no indicator is made of
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Column:
    index: int
    role: Role
    label: Label
    header_cell: tuple[int, int]
    entity: str | None = None  # the unit that heads the column, where units stand side by side
    whole: bool = False  # the printed sum of the units beside it


_ENTITY = re.compile(
    r"(?:所属|所在|归属|隶属|受检|受查|参检|体检|监测|筛查|抽查|抽样|调查|检测|采样|供餐|接种|查验|实施|责任|申报|参加|就读|生源|被(?:检查?|抽[检查]|监督|督查|评价|考核)|参评)?(?:被?抽?检?(?:查|测)?单位|报告单位|填报单位|上报单位|学校|校|幼儿园|园所|园|机构|单位|乡镇|镇乡|镇|乡|街道|县市区|市县区|县区|区县|县|市|区|地区|"
    r"州|辖区|村|行政区划|学区|片区|中心校|苏木乡?镇?|苏木镇街道|嘎查村?|团场|旗县市?区?|盟市|接种门诊|接种点|接种单位|医疗机构|卫生院|部门|镇街|园|行标签|校点|监管所|单位学校|对象)+(?:名称|名|全称|村|街道|园|单位|学校)*"
)
_CODE = re.compile(r"(?:.*(?:标识码|机构代码|学校代码|单位代码|区划代码|统计代码|机构编码|学校编码))|代码|编码")
_PERIOD = re.compile(
    r"(?:学年度?|年度|年份|年)(?:学期|季度|月份?)|月份?|季度?|季[度别]|统计季度|报告季度|日期|检查日期|年份|年度|学年度?|学期|期间|时间|统计期|报告期|统计时间|期别|报告期别|数据期|月次|月别|月度|届次|统计周期|周期|周次|起止日期|起止时间"
)
_CLASS = re.compile(r"(?:所在|教学)?班级?(?:名称|别)?|年级[、和及]?班级")
_CLASS_NAMED = re.compile(
    r"(?:.{0,4}[年级小中大托初高一二三四五六七八九\d])?[(]?[一二三四五六七八九十\d]{1,3}[)]?班|[小中大托][一二三四五六七八九\d]班?"
)
_COHORT = re.compile(r"届别|届|级别|入学年级|年级届别|届别级别")
_ITEM = re.compile(
    r"统计量|统计值|统计口径|项目|指标|指标名称|内容|项目名称|统计项目|统计指标|监测指标|疫苗(?:名称|种类)?(?:及|和|与)?(?:剂次|针次)?|剂次|针次|性别|学段|年级|类别|学校类别|学校类型|"
    r"岗位(?:类别|名称)?|工种|职别|人员(?:类别|类型|岗位)|(?:按|分)?(?:机构|问题|隐患|单位|园所|人员|对象)?(?:类别|类型|种类|性质)|按?(?:学段|级别)|"
    r"办学类型|学校性质|城乡|城乡分类|举办者|办别|类型|分类|阶段|办学性质|项目内容|检查项目"
)
_SORT = re.compile(r"(?:方式|类型|类别|种类|性质|原因|渠道|形式|来源|用途)$")
_DOSE_HEAD = re.compile(r"^[(（]?第?几?[剂针]次?别?[)）]?$")
_PAIR_UNIT = re.compile(r"(?:学校|单位|校)(?:名称)?$")
_NO_DOSE = frozenset(("/", "-", "—", ""))  # of a vaccine that is given once
_DOSE = re.compile(r"第?[1-5一二三四五](?:剂次|剂|针)?")
_SERIAL = re.compile(r"序号|编号|行次|行号|次序|no|序")
_KINDS_OF_AIM = frozenset(("预期性", "约束性", "指导性"))  # of the indicators of a plan
_UNIT = re.compile(r"(?:计量|计算|统计|数据|数量|指标)?单位")
_UNIT_VALUES = frozenset((
    "%", "‰", "人", "所", "个", "万人", "人次", "班", "人/班", "元", "校", "园", "名", "起", "例", "条", "项", "家", "户次",
    "剂", "剂次", "分", "间", "％", "/",
))  # fmt: skip


_SHORT_TOWN = re.compile(r"[一-鿿][镇乡县]|[省市州盟县区局]直")  # 州直: the schools of the prefecture itself
_SEVERAL = {"抽检合格率": ("hygiene_inspection_pass_rate",), "抽查合格率": ("food_sampling_pass_rate",)}
_NOT = re.compile(r"[未不无非漏]$")
_LONG = 1000  # rows from which on a part of them tells what a column holds
_SAMPLE = 300  # cells that tell what a column holds


def is_place_head(key: str) -> bool:
    """Whether a header (as label_key gives it) heads the names of places or units: 所属乡镇."""
    return bool(_ENTITY.fullmatch(key))


def is_item_head(key: str) -> bool:
    """Whether a header (as label_key gives it) heads what the rows are about: 项目, 年级."""
    return bool(_ITEM.fullmatch(key))


def is_class_head(key: str) -> bool:
    """Whether a header (as label_key gives it) heads the names of single classes."""
    return bool(_CLASS.fullmatch(key))


def values_of(table: Table, col: int) -> list[object]:
    """The non-blank values of a column; of a long table those of rows at equal steps, if there are any there."""
    rows = table.body
    if len(rows) > _LONG:
        some = rows[:: len(rows) // _LONG + 1]
        found = [v for r in some if (v := table.sheet.raw(r, col)) is not None and not _is_blank(v)]
        if found:
            return found
    return [v for r in rows if (v := table.sheet.raw(r, col)) is not None and not _is_blank(v)]


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _text_share(values: Sequence[object]) -> float:
    kinds = [read_cell(v).kind for v in values]
    return sum(kind in (Kind.TEXT, Kind.REDACTED) for kind in kinds) / len(kinds) if kinds else 0.0


def _some_numbers(values: Sequence[object]) -> bool:
    """Whether any value is a number, or could have been meant as one."""
    cells = [read_cell(value) for value in values]
    return any(cell.kind is Kind.NUMBER or cell.denominator or re.search(r"\d", cell.text) for cell in cells)


def read_columns(table: Table, vocabulary: Vocabulary, topic: str) -> list[Column]:
    """The columns of a table from left to right."""
    columns: list[Column] = []
    for index, path in enumerate(table.paths):
        label = read_label(path, vocabulary, topic)
        role = _role(table, index, path, label)
        spot = next(((r, index) for r in reversed(table.header) if table.sheet.raw(r, index) is not None), None)
        columns.append(Column(index, role, label, spot or table.sheet.origin(table.header[-1], index)))
    columns = _without_pairs(columns)
    columns = settle_rates(_with_groups(table, _with_doses(table, columns), vocabulary, topic), vocabulary)
    columns = with_lone_moves(with_bare_rates(table, by_neighbours(columns), vocabulary))
    labelled = _with_units_of_items(table, _with_some_label(table, columns, vocabulary, topic), vocabulary, topic)
    parts = _with_parts(table, _with_units(table, labelled, vocabulary, topic), vocabulary, topic)
    parts = with_bare_counts(table, with_summed_groups(table, parts, vocabulary), vocabulary, topic)
    return with_objects(with_present(parts))


def _without_pairs(columns: list[Column]) -> list[Column]:
    """Columns of a list of transfers, each row of which is from one school to another (转出学校 | 转入学校): what it counts is no
    number of the county, nor of one of the two. The checks read it (B11)."""
    heads = {words.label_key(c.label.text) for c in columns}
    if not all(any(key.startswith(way) and _PAIR_UNIT.search(key) for key in heads) for way in ("转出", "转入")):
        return columns
    counts = ("transfer_in", "transfer_out", "transfer_in_county", "transfer_out_county")
    return [
        replace(c, role=Role.IGNORED, label=replace(c.label, ignored="out_of_domain"))
        if c.role is Role.VALUE and (c.label.indicator in counts or c.label.part in counts)
        else c
        for c in columns
    ]


def _with_doses(table: Table, columns: list[Column]) -> list[Column]:
    """The numbers of doses behind 疫苗及剂次, whose heading does not reach over them (no merges in a text file), or that head
    them 剂次 under it."""
    for left, column in pairwise(columns):
        path = table.paths[column.index]
        headed = (
            left.role is Role.ITEM and "疫苗" in left.label.text and (not path or bool(_DOSE_HEAD.search(path[-1])))
        )
        values = [compact(v) for v in values_of(table, column.index)] if headed else []
        values = [value for value in values if value not in _NO_DOSE]
        if values and all(_DOSE.fullmatch(value) for value in values):
            columns[column.index] = replace(column, role=Role.ITEM)
    return columns


def _with_groups(table: Table, columns: list[Column], vocabulary: Vocabulary, topic: str) -> list[Column]:
    """A column of words before the names that holds groups only (幼儿园, 小学 under 机构) tells the rows' groups."""
    first = next((c.index for c in columns if c.role is Role.VALUE), 0)
    last = next((c.index for c in reversed(columns) if c.role is Role.ENTITY and c.index < first), 0)
    found = []
    for column in columns:
        words_only = column.role in (Role.TEXT, Role.ENTITY) and column.index < last and not column.label.ignored
        values = values_of(table, column.index) if words_only else []
        if values and _are_groups(values, vocabulary, topic):
            column = replace(column, role=Role.ITEM)
        found.append(column)
    return found


def settle_rates(columns: list[Column], vocabulary: Vocabulary) -> list[Column]:
    """A name that fits several (持证率, 持证人数, 抽检合格率) means what goes with the counts beside it."""
    beside = {c.label.indicator for c in columns if c.role is Role.VALUE and c.label.indicator}
    rates = [i for i in vocabulary.catalogue.indicators if i.numerator and i.denominator]
    tops = [i.numerator for i in rates if i.numerator and i.denominator in beside and i.numerator not in beside]
    others = {i.code for i in vocabulary.catalogue.indicators} - {
        i.numerator for i in rates
    }  # 学校数 is no part of a rate
    found = _settled(columns, tops, others | {i.numerator for i in rates if i.denominator in beside}, vocabulary)
    beside = {c.label.indicator for c in found if c.role is Role.VALUE and c.label.indicator}
    made = [i.code for i in rates if i.numerator in beside and i.denominator in beside]
    return _settled(found, [code for code in made if code not in beside], set(made), vocabulary)


def _settled(
    columns: Sequence[Column], wanted: Sequence[str], fitting: Collection[str | None], vocabulary: Vocabulary
) -> list[Column]:
    """The columns with those that fit nothing beside them read as the only one of `wanted` that may be called so."""
    found = []
    for column in columns:
        own = column.label
        unsure = own.word and not own.rest and own.indicator not in fitting and column.role is Role.VALUE
        same = [code for code in wanted if vocabulary.units[code] == vocabulary.units.get(own.indicator or "")]
        others = [code for code in same if _may_be_called(code, own.word, vocabulary)] if unsure else []
        others = [code for code in others if (code, own.indicator) not in _whole_of(vocabulary)]
        if len(others) == 1:
            column = replace(column, label=replace(own, indicator=others[0], confidence=0.9))
        found.append(column)
    return found


def _whole_of(vocabulary: Vocabulary) -> set[tuple[str | None, str | None]]:
    """(part, whole) of every rate: what is called as the whole (学生数) is not its part (辍学学生数)."""
    return {(one.numerator, one.denominator) for one in vocabulary.catalogue.indicators}


def _may_be_called(code: str, word: str, vocabulary: Vocabulary) -> bool:
    """Whether a name of the indicator is the word with more in it: 健康证持证率 for 持证率, 持健康证人数 for 持证人数."""
    if code in _SEVERAL.get(word, ()):
        return True
    return any(_shortened(word, name) for name in vocabulary.names.get(code, ()))


def _shortened(word: str, name: str) -> bool:
    """Whether the name says the word with more before it, or between its first character and the rest."""
    if name == word or len(word) < 3:
        return False
    before = name.removesuffix(word)
    inside = name[0] == word[0] and name.endswith(word[1:])
    return (before != name and not _NOT.search(before)) or inside


def _with_units(table: Table, columns: list[Column], vocabulary: Vocabulary, topic: str) -> list[Column]:
    """Columns headed by units (梨树镇 | 松坪乡), or grouped under them: each unit is its column's entity."""
    if any(column.role is Role.ENTITY for column in columns):
        return columns
    named = [_with_unit(table, column, vocabulary, topic) for column in columns]
    if len({c.entity for c in named if c.entity}) < 2:
        return columns
    return [replace(c, whole=c.entity is None and _is_of_all(c, table.paths[c.index])) for c in named]


def _is_of_all(column: Column, path: Sequence[str]) -> bool:
    """Whether a column beside those of units is their sum: 全旗合计, or 小学 under it."""
    return column.label.total or (len(path) > 1 and words.is_total(path[0]) and column.label.sums)


def _with_unit(table: Table, column: Column, vocabulary: Vocabulary, topic: str) -> Column:
    if column.role is not Role.VALUE or not column.label.rest:
        return column
    path = table.paths[column.index]
    for at, part in enumerate(path):
        name = compact(part)
        if (len(name) > 2 or _SHORT_TOWN.fullmatch(name)) and words.looks_like_unit(name) and not is_generic(name):
            label = read_label((*path[:at], *path[at + 1 :]), vocabulary, topic)
            return replace(column, label=label, entity=name) if not label.rest else column
    return column


def _role(table: Table, index: int, path: Sequence[str], label: Label) -> Role:
    values = values_of(table, index)
    if not values:
        return Role.BLANK
    key = words.label_key(path[-1]).lower() if path else ""
    texts = _text_share(values)
    if _SERIAL.fullmatch(key):
        return Role.SERIAL
    if _CODE.fullmatch(key):
        return Role.CODE
    if _UNIT.fullmatch(key) and sum(compact(v) in _UNIT_VALUES for v in values) * 2 > len(values):
        return Role.UNIT
    if label.indicator and not label.rest and texts < 0.4 and len(path) > 1:
        return Role.VALUE
    if _COHORT.fullmatch(key):
        return Role.COHORT
    if _PERIOD.fullmatch(key):
        return Role.PERIOD
    if is_class_head(key):
        heads = [words.label_key(p[-1]) for p in table.paths if p]
        beside_grade, named = "年级" in heads, any(_ENTITY.fullmatch(head) for head in heads)
        if texts > 0.4 and (beside_grade or named):
            return Role.CLASS
        if named:
            return Role.CLASS if beside_grade else Role.VALUE
        single = [
            text for value in values if not words.is_total(text := compact(value)) and not words.is_whole_school(text)
        ]
        if sum(bool(_CLASS_NAMED.fullmatch(text)) for text in single) * 2 > len(single):
            return Role.CLASS
    if all(compact(value) in _KINDS_OF_AIM for value in values):
        return Role.TEXT
    if _ITEM.fullmatch(key) or _ITEM.fullmatch(re.sub(r"^.*[/\\]", "", key)):
        return Role.ITEM
    if _ENTITY.fullmatch(key) and texts > 0.4:
        return Role.ENTITY
    if label.ignored:
        return Role.IGNORED
    if label.known:
        return Role.VALUE if texts < 0.5 or _some_numbers(values) else Role.TEXT
    return Role.TEXT if texts > 0.6 else Role.VALUE


def _with_parts(table: Table, columns: list[Column], vocabulary: Vocabulary, topic: str) -> list[Column]:
    """其中:女 beside 在校生数, without a heading over both, is a part of the column to its left."""
    whole: tuple[str, ...] = ()
    found = []
    for column in columns:
        label, path = column.label, table.paths[column.index]
        said = words.is_part_of(path[-1] if path else "")
        alone = len([p for p in path if not words.is_unit(p)]) == 1
        beside = len(path) > 1 and path[:-1] == whole[:-1]  # 在校生数 | 其中:女 under 2023-2024学年
        part = said or set(label.dims) - ({"level"} if beside else set()) == {"sex"}
        if column.role is Role.VALUE and not label.known and part and whole and (alone or beside):
            joined = read_label((*whole, *(path[-1:] if beside else path)), vocabulary, topic)
            kept = joined.dims.keys() <= vocabulary.dims.get(joined.indicator or "", joined.dims.keys())
            fits = joined.known and not joined.rest and (kept or said)
            column = replace(column, label=joined if fits else label)
        elif column.role is Role.VALUE:
            whole = path if label.known and not label.rest else ()
        found.append(column)
    return found


def _with_some_label(table: Table, columns: list[Column], vocabulary: Vocabulary, topic: str) -> list[Column]:
    """A table whose first text column has an unusual heading still has row labels: that column. Beside columns of
    indicators it holds places, unless its values are groups."""
    if any(column.role in (Role.ENTITY, Role.ITEM, Role.PERIOD) for column in columns):
        return columns
    first = next((n for n, column in enumerate(columns) if column.role is not Role.BLANK), 0)  # of tables side by side
    for n, column in enumerate(columns[first : first + 4], first):
        values = values_of(table, column.index)
        if column.role in (Role.TEXT, Role.VALUE) and _text_share(values) > 0.6:
            told = any(c.role is Role.VALUE and c.label.known for c in columns)
            sorts = _SORT.search(words.label_key(column.label.text))  # 供水方式: kinds, not units
            places = told and not sorts and not _are_groups(values, vocabulary, topic)
            role = Role.ENTITY if places else Role.ITEM
            columns[n] = Column(column.index, role, column.label, column.header_cell)
            return columns
    return columns


def _with_units_of_items(table: Table, columns: list[Column], vocabulary: Vocabulary, topic: str) -> list[Column]:
    """Units and grades under a heading that reaches over the items and them (检查内容 over 食堂数 | 个, 量化等级 | A级)."""
    found = list(columns)
    for left, column in pairwise(columns):
        path = table.paths[column.index]
        headed = not path or path == table.paths[left.index]
        if left.role is not Role.ITEM or not headed or column.role not in (Role.TEXT, Role.IGNORED, Role.VALUE):
            continue
        values = [compact(value) for value in values_of(table, column.index)]
        groups = bool(path) and _text_share(values) > 0.6 and _are_groups(values, vocabulary, topic)
        if values and (groups or sum(words.is_unit(value) for value in values) * 2 > len(values)):
            found[column.index] = replace(column, role=Role.ITEM)
    return found


def _are_groups(values: Sequence[object], vocabulary: Vocabulary, topic: str) -> bool:
    """Whether most of the labels are groups of pupils or schools (一年级, 其中:女) or indicators."""
    texts = [words.without_latin(value) if isinstance(value, str) else value for value in values]
    names = [text for value in texts if not words.is_total(text := compact(value))][:_SAMPLE]
    labels = [read_label((name,), vocabulary, topic) for name in names]
    return sum(not label.rest for label in labels) * 2 > len(labels)
