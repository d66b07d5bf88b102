"""The role of every column of a table: who, when, which code, which label, or values of an indicator."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from etl.sheets import words
from etl.sheets.bare_counts import with_bare_counts
from etl.sheets.bare_rates import with_bare_rates
from etl.sheets.cells import compact
from etl.sheets.column import Column, Role
from etl.sheets.column_heads import role_of, text_share, values_of
from etl.sheets.fractions import pairs_of
from etl.sheets.header import Table
from etl.sheets.issuers import is_generic
from etl.sheets.labels import read_label
from etl.sheets.neighbours import by_neighbours, with_lone_moves, with_objects, with_present
from etl.sheets.persons_and_doses import with_persons
from etl.sheets.summed import with_summed_groups
from etl.sheets.vocabulary import Vocabulary

__all__ = ["Column", "Role", "read_columns", "settle_rates", "without_other_certificates"]

_SORT = re.compile(r"(?:方式|类型|类别|种类|性质|原因|渠道|形式|来源|用途)$")
_DOSE_HEAD = re.compile(r"^[(（]?第?几?[剂针]次?别?[)）]?$")
_PAIR_UNIT = re.compile(r"(?:学校|单位|校)(?:名称)?$")
_NO_DOSE = frozenset(("/", "-", "—", ""))  # of a vaccine that is given once
_DOSE = re.compile(r"第?[1-5一二三四五](?:剂次|剂|针)?")
_SHORT_TOWN = re.compile(r"[一-鿿][镇乡县]|[省市州盟县区局]直")  # 州直: the schools of the prefecture itself
_SEVERAL = {"抽检合格率": ("hygiene_inspection_pass_rate",), "抽查合格率": ("food_sampling_pass_rate",)}
_BARE_CERTIFICATES = frozenset(("持证率", "有证率"))
_OF_VACCINES = re.compile(r"接种|疫苗|免疫|查验|新生|入[托园学]")
_OF_KITCHENS = frozenset(("canteens", "food_handlers", "canteen_graded_count", "open_kitchen_coverage"))
_NOT = re.compile(r"[未不无非漏]$")
_SAMPLE = 300  # cells that tell what a column holds


def read_columns(table: Table, vocabulary: Vocabulary, topic: str) -> list[Column]:
    """The columns of a table from left to right."""
    columns: list[Column] = []
    for index, path in enumerate(table.paths):
        label = read_label(path, vocabulary, topic)
        role = role_of(table, index, path, label)
        spot = next(((r, index) for r in reversed(table.header) if table.sheet.raw(r, index) is not None), None)
        columns.append(Column(index, role, label, spot or table.sheet.origin(table.header[-1], index)))
    columns = _without_pairs(columns)
    columns = settle_rates(_with_groups(table, _with_doses(table, columns), vocabulary, topic), vocabulary)
    columns = with_lone_moves(with_bare_rates(table, by_neighbours(columns), vocabulary))
    labelled = _with_units_of_items(table, _with_some_label(table, columns, vocabulary, topic), vocabulary, topic)
    parts = _with_parts(table, _with_units(table, labelled, vocabulary, topic), vocabulary, topic)
    parts = with_bare_counts(table, with_summed_groups(table, parts, vocabulary), vocabulary, topic)
    return with_persons(table, with_objects(with_present(parts)), vocabulary)


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
    made += _made_of_parts(found, vocabulary)
    return _settled(found, [code for code in made if code not in beside], set(made), vocabulary)


def without_other_certificates(columns: Sequence[Column], topic: str) -> list[Column]:
    """A bare 持证率 is that of vaccination certificates only where the table tells of them; else it may be of licences."""
    told = [c.label for c in columns if c.role is Role.VALUE and c.label.word not in _BARE_CERTIFICATES]
    checks = any((label.indicator or label.part or "").startswith("vac_") for label in told)
    if checks or _OF_VACCINES.search(topic) or not any(label.indicator in _OF_KITCHENS for label in told):
        return list(columns)
    return [
        replace(c, label=replace(c.label, indicator=None, rest=c.label.word))
        if c.label.indicator == "vac_cert_held_rate" and c.label.word in _BARE_CERTIFICATES
        else c
        for c in columns
    ]


def _made_of_parts(columns: Sequence[Column], vocabulary: Vocabulary) -> list[str]:
    """The rates of a count that is no indicator of its own (持食品经营许可证 of 食堂数)."""
    beside = {c.label.indicator or c.label.part for c in columns if c.role is Role.VALUE and not c.label.rest}
    parts = {c.label.part for c in columns if c.role is Role.VALUE and c.label.part and not c.label.rest}
    pairs = ((i.code, top, whole) for i in vocabulary.catalogue.indicators for top, whole in pairs_of(i))
    return list(dict.fromkeys(code for code, top, whole in pairs if top in parts and whole in beside))


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
        if column.role in (Role.TEXT, Role.VALUE) and text_share(values) > 0.6:
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
        groups = bool(path) and text_share(values) > 0.6 and _are_groups(values, vocabulary, topic)
        if values and (groups or sum(words.is_unit(value) for value in values) * 2 > len(values)):
            found[column.index] = replace(column, role=Role.ITEM)
    return found


def _are_groups(values: Sequence[object], vocabulary: Vocabulary, topic: str) -> bool:
    """Whether most of the labels are groups of pupils or schools (一年级, 其中:女) or indicators."""
    texts = [words.without_latin(value) if isinstance(value, str) else value for value in values]
    names = [text for value in texts if not words.is_total(text := compact(value))][:_SAMPLE]
    labels = [read_label((name,), vocabulary, topic) for name in names]
    return sum(not label.rest for label in labels) * 2 > len(labels)
