"""The indicator that a table's title names, for a table whose columns name none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from etl.sheets import words
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.column_heads import is_place_head
from etl.sheets.columns import Column, Role
from etl.sheets.diseases import is_of_cases
from etl.sheets.groups import take_dims
from etl.sheets.labels import Label, read_label
from etl.sheets.vocabulary import Vocabulary


def title_indicator(topic: str, vocabulary: Vocabulary) -> Label | None:
    """The indicator that the title line nearest to the table ends on, or the only one that it names; None when there is
    none, or when a line lists several (巩固率、毛入园率和近视率 over three blocks), of which the block itself must say one."""
    for line in reversed(topic.split(" ")):
        text, unit = words.split_unit(words.ASIDE.sub("", compact(line)))
        key = _TITLE_TAIL.sub("", words.PUNCTUATION.sub("", text))
        found = vocabulary.candidates(key)
        outer = [(word, code) for word, code in found if not any(word in other and word != other for other, _ in found)]
        if _lists_several(text, outer):
            return None
        ends = [(word, code) for word, code in found if key.endswith(word)]
        if not ends and len({code for _, code in outer}) == 1 and len(outer[0][0]) > 2:
            ends = outer
        if ends:
            return _title_label(topic, *ends[0], unit or _unit_of_aside(line), vocabulary)
    return None


def _lists_several(text: str, named: Sequence[tuple[str, str]]) -> bool:
    """Whether a title names different indicators with a word of joining between them."""
    spots = sorted((at, at + len(word), code) for word, code in named if (at := text.find(word)) >= 0)
    return any(
        before[2] != after[2] and _JOINED.search(text[before[1] : after[0]]) for before, after in pairwise(spots)
    )


def _unit_of_aside(line: str) -> str:
    return next((unit for aside in words.ASIDE.findall(compact(line)) if (unit := words.split_unit(aside)[1])), "")


def _title_label(topic: str, word: str, code: str, unit: str, vocabulary: Vocabulary) -> Label:
    dims = {name: value for name, value in take_dims(word, vocabulary)[0].items() if name in vocabulary.dims[code]}
    return Label(topic, indicator=code, dims=dims, unit=unit, word=word)


_OF_NAMES = (Role.ENTITY, Role.ITEM, Role.TEXT)
_CORNER = re.compile(r"[\\/|]+")
_JOINED = re.compile(r"[、,，和与及]")
_TITLE_TAIL = re.compile(
    r"(?:(?:分|按)(?:年级|性别|乡镇|镇街|学校|县区|区县|学段|班级)+|情况|变化|变动|历年|逐年|趋势|分布|排名|进展|调查|监测|结果|统计|汇总|一览|对比|明细|抽样|评估|报告|月报|季报|年报|报表|分析|表|及|和)+(?:[(（].*)?$"
)


def corner_indicator(columns: Sequence[Column], vocabulary: Vocabulary) -> Label | None:
    """The indicator in the corner of a table, over the names or beside their heading: 毛入园率(%), 乡镇\\毛入园率."""
    heads = [c for c in takewhile(lambda c: c.role is not Role.VALUE, columns) if c.role in _OF_NAMES]
    parts = [part for c in heads for part in _CORNER.split(c.label.text)]
    parts = [part for part in parts if part and not is_place_head(words.label_key(part))]
    labels = (read_label((part,), vocabulary, "") for part in parts)
    return next((one for one in labels if one.indicator and not one.rest and not one.ignored), None)


_OF_CASES = re.compile(r"病例|发病[数人]|例数|[(](?:单位:)?例[)]")


def case_indicator(topic: str, unit: str, diseases: int) -> Label | None:
    """What a table of diseases by levels or months holds under a title that says only 传染病报告情况(例)."""
    line = compact(topic.rpartition(" ")[2])
    counted = unit == "例" or _OF_CASES.search(line)
    if diseases < 2 or not counted or not is_of_cases(line):
        return None
    return Label(topic, indicator="infectious_cases", unit="例")


_MOST = 100
_GIVEN = re.compile(r"接种(?!率|单位|门诊|证)(?:完成)?(?:情况|人数|进度|统计|汇总|登记|一览|月报|季报|年报|报表)")


def dose_indicator(topic: str, unit: str, values: Sequence[object]) -> Label | None:
    """What columns of vaccines and doses hold under a title that says only 接种情况: children vaccinated or, with decimals
    or signs of percent, rates; None where whole numbers up to 100 may be either."""
    if not _GIVEN.search(compact(topic)):
        return None
    cells = [cell for value in values if (cell := read_cell(value)).kind is Kind.NUMBER and cell.number is not None]
    numbers = [cell.number for cell in cells if cell.number is not None]
    if not numbers:
        return None
    rates = any(cell.percent for cell in cells) or any(n != n.to_integral_value() for n in numbers)
    if rates and max(numbers) <= _MOST:
        return Label(topic, indicator="vaccination_coverage", unit="%")
    counted = not rates and (max(numbers) > _MOST or "人" in unit or "人数" in topic)
    return Label(topic, indicator="vaccination_given") if counted else None
