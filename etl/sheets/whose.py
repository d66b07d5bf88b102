"""Whom a row speaks of: a unit by its name, a group of its pupils, or all of them together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from etl.sheets import words
from etl.sheets.above import Above
from etl.sheets.cells import compact
from etl.sheets.columns import Column
from etl.sheets.indents import indent
from etl.sheets.labels import Label, read_label
from etl.sheets.sheet import Sheet
from etl.sheets.sum_rows import UNIT_TAIL, first_text, place_of_sum
from etl.sheets.vocabulary import Vocabulary

_STRUCK_OUT = re.compile(r"[×*xX□■某]+.{0,4}|.*[×*□■]{2,}.*")
_SCHOOL_OF_A_KIND = re.compile(r"(?:学校|小学|中学|幼儿园)$")  # the only 特殊教育学校 of a county has no other name
EXAMINED = ("受检", "体检", "实检", "参检", "筛查", "监测")  # 受检合计


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a row speaks of."""

    entity: str | None = None
    total: bool = False
    dims: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    redacted: bool = False


def of_sum(sheet: Sheet, row: int, places: Sequence[Column], above: Above, told: Label, dims: Mapping[str, str]) -> Who:
    """Whom a sum that stands apart from the names speaks of."""
    place = place_of_sum(sheet, row, places[:-1], above.down)
    place = place or (above.place if "小计" in first_text(sheet, row) else None)
    if place and first_text(sheet, row).startswith(place):
        told = Label("")  # 城区片小计 is of that place
        dims = {name: value for name, value in dims.items() if name == "level"}
    return Who(place, True, {**dims, **told.dims}, problem=told.text if told.dims and told.rest else "")


def who_of(
    names: Sequence[str], items: Sequence[str], label: Label, vocabulary: Vocabulary, topic: str, above: Above
) -> Who:
    if names:
        return _from_name(names, vocabulary, topic, above, label)
    if not items:
        return Who(above.entity)
    last = items[-1]
    if label.indicator or label.part or label.ignored:
        return Who(dims=dict(label.dims))
    if label.total:
        above.stack = [(indent(last), {})]
        return Who(total=True)
    if words.is_part_of(last) and "普惠" in last:
        return Who(problem=last)  # some of the private ones, which have no group of their own
    if not label.rest:
        return Who(dims=_nested(last, dict(label.dims), above))
    if words.is_part_of(last):
        return Who(problem=last)
    above.stack = []
    if above.categories:
        return Who(dims={"category": compact(last)})
    if len(items) == 1 and words.looks_like_unit(compact(last)):
        return Who(compact(last))
    return Who(problem=last)


def _from_name(names: Sequence[str], vocabulary: Vocabulary, topic: str, above: Above, label: Label) -> Who:
    name = words.without_mean(_in_chinese(names[-1], above, vocabulary, topic))
    dims = dict(label.dims)
    if words.is_total(name):
        who = UNIT_TAIL.sub("", name)
        if (
            words.is_total(who)
            or who in ("总", "本页", "本表", "本级", "以上", *EXAMINED)
            or words.is_self(who)
            or words.is_bare_kind(who)
        ):
            who = ""
        group = read_label((who,), vocabulary, topic)
        if who and group.dims and not group.rest:
            who, dims = "", {**dict(group.dims), **dims}  # 幼儿园小计
        parent = compact(names[-2]) if len(names) > 1 else above.place if "小计" in name else None
        return Who(who or parent, True, dims)
    if words.is_self(name):
        return Who(dims=dims)  # 全园, below its classes
    part = words.is_part_of(name)
    read = above.read((name,), vocabulary, topic)
    if not read.rest and read.dims and not read.indicator and not (above.listed and _SCHOOL_OF_A_KIND.search(name)):
        return Who(above.entity if part else None, dims={**dict(read.dims), **dims})
    if part:
        return Who(above.entity, problem=name)
    if _STRUCK_OUT.fullmatch(name):
        return Who(dims=dims, redacted=True)
    if name in words.FOREIGN_LEVEL_WORDS or name in ("其他", "其它"):
        return Who(problem=name)
    above.entity = name
    return Who(name, label.total, dims)


def _in_chinese(name: str, above: Above, vocabulary: Vocabulary, topic: str) -> str:
    """The name; that of a sum or a group without its English repeat (总 计 Total)."""
    plain = words.without_latin(name)
    if plain == name:
        return compact(name)
    read = above.read((compact(plain),), vocabulary, topic)
    return compact(plain if words.is_total(plain) or (read.dims and not read.rest) else name)


_RANKS = {"level": 1, "area": 1, "sponsor": 2}


def _nested(text: str, dims: dict[str, str], above: Above) -> dict[str, str]:
    """A breakdown label below another: its own dims and those of the less indented labels above it."""
    rank = min((_RANKS.get(name, 3) for name in dims), default=3)
    depth = indent(text) if above.indented else rank
    part = bool(words.is_part_of(text))
    while above.stack and (above.stack[-1][0] > depth or (above.stack[-1][0] == depth and not part)):
        above.stack.pop()
    merged = {**(above.stack[-1][1] if above.stack else {}), **dims}
    if not part:
        above.stack.append((depth, merged))
    return merged
