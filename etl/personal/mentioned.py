"""Persons who are named within a text: identity numbers, phones of families and names of children in remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from db.cell_columns import columns_of
from db.records import Grid
from etl.personal.detect import ID_SHAPE, SURNAMES, Kind, real_date, valid_id

_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}  # sign by sign: places in the text stay the same
_GAP = r"[ \u3000-]?"
_LONG = re.compile(rf"(?<!\d)[1-9](?:{_GAP}\d){{13,16}}{_GAP}[\dXx](?!\d)")
_OLD_ID = re.compile(r"[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")  # of before 1999
_CALLED_ID = re.compile(r"身份证|证件号|公民身份|身份号码|学籍号")
_MOBILE = re.compile(rf"(?<!\d)1[3-9](?:{_GAP}\d){{9}}(?!\d)")
_FAMILY = re.compile(
    r"家长|监护人|抚养人|户主|[父母]亲|其[父母]|爸|妈|爷爷|奶奶|外公|外婆|孩子|(?:儿童|幼儿|患儿|新生|[女男]生)(?!园|处|保健)"
    r"|学生(?!处|科|会|资助|食堂|宿舍|公寓|工作|安全|营养|体质|健康|发展|中心)"
)
_OF_AN_OFFICE = re.compile(r"咨询|热线|投诉|举报|监督|值班|填[表报]|审核|制表|经办|负责|校长|园长|班主任|老师")
_NEAR = 20  # signs before a number that say whose it is
_CLAUSE = re.compile(r"[。;\n]")
_NAME = f"[{''.join(sorted(SURNAMES))}][一-鿿]{{1,2}}"
_CHILD = r"(?:学生|儿童|幼儿|患儿|新生|[女男]生|其子|其女)(?:姓名)?[:为是]?"
_OF_A_CHILD = (
    r"[,、(](?:[男女](?![生童])|\d{1,2}岁|[一二三四五六七八九初高大中小\d][\d一二三四五六七八九(]*\)?[年班]|[父母](?:亲|[一-鿿]{2})"
    r"|家长|监护人|身份证|外出|辍学|厌学|休学|随父|随母|住院)"
)
_NAMED = (
    re.compile(rf"{_CHILD}({_NAME}){_OF_A_CHILD}"),
    re.compile(rf"(?:^|[,;。:]|{_CHILD})({_NAME}(?:、{_NAME})+)等?\d*[人名](?!次|份)"),
    re.compile(rf"(?:^|[,;。:、(])({_NAME})[,、(][男女][,、)]"),
)
_NO_NAME = re.compile(r"[病压炎症药费率表面品菜奶市县区镇乡村街组屯校园班局所站院部办中小级]$")
_LEAST_SIGNS = 8
# What every text that tells of a person holds: eleven digits of a number, or a mark beside a name.
_MAY_TELL = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{10}}|[,\uff0c、(\uff08]")


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A cell whose text says who somebody is."""

    grid: Grid
    row: int
    col: int
    kinds: tuple[Kind, ...]

    @property
    def sure(self) -> bool:
        """Numbers are somebody's; what looks like a name may be none."""
        return self.kinds != (Kind.NAME,)


def mentioned(grid: Grid) -> list[Mentioned]:
    """The cells of a grid that tell of single persons within a text, row by row."""
    found = []
    for col, column in enumerate(columns_of(grid.cells).columns):
        if column.codes is None:
            continue
        texts = {code: value for code, value in enumerate(column.values) if isinstance(value, str)}
        if not _MAY_TELL.search("\n".join(texts.values())):
            continue  # a long column of names or codes, seen at once
        told = {c: kinds for c, text in texts.items() if _MAY_TELL.search(text) and (kinds := _kinds_in(text))}
        if told:
            rows = np.flatnonzero(np.isin(column.codes, list(told))).tolist()
            found += [Mentioned(grid, row, col, told[int(column.codes[row])]) for row in rows]
    return sorted(found, key=lambda one: (one.row, one.col))


def number_of_person(text: str) -> tuple[Kind, int] | None:
    """The first identity number or phone of a family in a text, and where it stands; None when there is none."""
    return next(_numbers(text.translate(_HALF_WIDTH)), None)


def _kinds_in(value: str) -> tuple[Kind, ...]:
    if len(value) < _LEAST_SIGNS:
        return ()
    text = value.translate(_HALF_WIDTH)
    kinds = [kind for kind, _ in _numbers(text)]
    return tuple(dict.fromkeys([*([Kind.NAME] if _names_child(text) else []), *kinds]))


def _numbers(text: str) -> Iterator[tuple[Kind, int]]:
    for found in _LONG.finditer(text):
        number = re.sub(r"\D", "", found[0][:-1]) + found[0][-1]
        called = _CALLED_ID.search(text, max(0, found.start() - _NEAR), found.start()) is not None
        if valid_id(number) or (called and _looks_like_id(number)):
            yield Kind.ID, found.start()
    for found in _MOBILE.finditer(text):
        before = _CLAUSE.split(text[max(0, found.start() - _NEAR) : found.start()])[-1]
        if _FAMILY.search(before) and not _OF_AN_OFFICE.search(before):
            yield Kind.PHONE, found.start()


def _looks_like_id(number: str) -> bool:
    """The shape with a real date of birth; the check digit of a number that is called one may be mistyped."""
    return bool(re.fullmatch(ID_SHAPE, number) and real_date(number)) or bool(_OLD_ID.fullmatch(number))


def _names_child(text: str) -> bool:
    """Whether a child is called by name, or several people are: told by surnames and by what is said of them."""
    names = [found[1] for pattern in _NAMED for found in pattern.finditer(text)]
    return any(not any(_NO_NAME.search(one) for one in several.split("、")) for several in names)
