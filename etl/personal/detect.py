"""Lists of persons: by what columns are called and by what stands in them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import numpy as np

from db.cell_columns import Bools, Floats, columns_of
from db.records import Grid
from etl.sheets import words
from etl.sheets.cells import compact


class Kind(StrEnum):
    """What a column says of a person."""

    NAME = "name"
    ID = "id"
    PHONE = "phone"
    BIRTH = "birth"
    ADDRESS = "address"
    GUARDIAN = "guardian"
    STUDENT = "student"  # a number that stands for one person
    TRAIT = "trait"  # sex, age, class: personal only beside a name


NAMES = {
    Kind.NAME: "姓名", Kind.ID: "身份证号", Kind.PHONE: "电话", Kind.BIRTH: "出生日期", Kind.ADDRESS: "住址",
    Kind.GUARDIAN: "监护人", Kind.STUDENT: "学籍号", Kind.TRAIT: "个人情况",
}  # fmt: skip
_PERSON = r"(?:学生|儿童|幼儿|新生|教师|患者|病例|受种者|残疾儿童|本人)?"
_LABELS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.ID, re.compile(r".{0,4}(?:居民)?身份证(?:件)?(?:号码?)?|(?:有效)?证件号码?|公民身份号码|身份号码")),
    (Kind.GUARDIAN, re.compile(r"(?:法定)?(?:监护人|家长|父亲|母亲|父母|户主|抚养人)(?:姓名|名字)?\d?")),
    (Kind.PHONE, re.compile(r"(?:联系|监护人|家长|父亲|母亲|移动|家庭|本人|学生)*(?:电话|手机|联系方式)(?:号码?)?\d?")),
    (Kind.NAME, re.compile(rf"{_PERSON}(?:姓\s*名|名字)")),
    (Kind.BIRTH, re.compile(r"出生(?:年月日?|日期|时间)?(?:公历|阳历)?|生日")),
    (Kind.ADDRESS, re.compile(r"(?:家庭|现|居住|户籍|户口|常住)+(?:详细)?(?:住址|地址|所在地)|住址")),
    (Kind.STUDENT, re.compile(r"学籍号|全国学籍号|学号|(?:儿童|受种者|接种|个案|预防接种证|接种证)(?:编码|编号|号码?)")),
    (Kind.TRAIT, re.compile(r"性别|年龄|民族|(?:年级)?班级|是否有证|是否全种|健康状况|残疾类别|残疾证号")),
)  # fmt: skip
ID_SHAPE = r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
_ID = re.compile(ID_SHAPE)
_FIRST_MOBILE, _LAST_MOBILE = 13_000_000_000, 20_000_000_000
_MOBILE = re.compile(r"1[3-9]\d{9}")
_ID_SIGNS, _PHONE_SIGNS = 18, 11
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔"
    "任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚"
)
_HAN_NAME = re.compile(r"[一-鿿]{1,4}[×*xX○某]{1,2}|[一-鿿·]{2,4}")
_PLACE = re.compile(r"[市县区镇乡村校园班局所站院部办中小级]$")
_SCHOOL = re.compile(r".*(?:小学|中学|初中|高中|学校|幼儿园|中心校|教学点|年级|班级|全校|全园|本校|本园|小结)")
_NEXT_TABLE = frozenset(
    ("学校", "学校名称", "园所", "园所名称", "幼儿园", "单位", "单位名称", "班级", "年级", "项目", "指标")
)
_HINT = re.compile(
    r"姓|名字|身份|证|监护|家长|父|母|户|抚养|电话|手机|联系|生日|出生|址|所在地|学号|学籍号|编码|编号|号码|性别|年龄|民族|班级|全种|健康|残疾"
)  # what every label holds: most cells of a large sheet are passed over by it
_NAMED = (Kind.NAME, Kind.GUARDIAN)
FEW = 3  # phones or names that make a list; two in a footer make none


@dataclass(frozen=True, slots=True)
class Personal:
    """A column of personal data: its header (or first value), its kind, and the rows of its values."""

    kind: Kind
    col: int
    head: tuple[int, int]
    rows: tuple[int, ...]
    labelled: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """A list of persons in a grid. `first` to `last` are its rows of persons, `header` the row of its headings."""

    grid: Grid
    columns: tuple[Personal, ...]
    header: int
    first: int
    last: int

    def has(self, kind: Kind) -> bool:
        return any(column.kind is kind for column in self.columns)


def valid_id(text: str) -> bool:
    """Whether a text is an identity-card number: shape, real birth date and check digit (GB 11643)."""
    if not _ID.fullmatch(text) or not real_date(text):
        return False
    check = "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, text[:17], strict=True)) % 11]
    return text[17].upper() == check


def real_date(number: str) -> bool:
    """Whether the birth date within a text of the shape of an identity-card number is one of the calendar."""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True


def rosters(grid: Grid) -> list[Roster]:
    """The lists of persons in a grid, from top to bottom."""
    labels = _labels(grid)
    headers = sorted({row for _, row, _ in labels})
    found: list[Roster] = []
    for n, header in enumerate(headers):
        if found and header <= found[-1].last:
            continue
        end = next((row for row in headers[n + 1 :] if _is_list_header(labels, row)), len(grid.cells))
        roster = _below(grid, [(kind, col) for kind, row, col in labels if row == header], header, end)
        if roster is not None:
            found.append(roster)
    return found or _without_headings(grid)


def _labels(grid: Grid) -> list[tuple[Kind, int, int]]:
    """(kind, row, column) of every cell that heads personal data, row by row."""
    found = []
    for c, column in enumerate(columns_of(grid.cells).columns):
        if column.codes is None:
            continue
        told = enumerate(column.values) if _HINT.search(_joined(column.values)) else ()
        heads = {code: kind for code, value in told if (kind := _heading_kind(value)) is not None}
        if heads:
            rows = np.flatnonzero(np.isin(column.codes, list(heads))).tolist()
            found += [(heads[int(column.codes[r])], r, c) for r in rows]
    return sorted(found, key=lambda one: one[1:])


def _heading_kind(value: object) -> Kind | None:
    if not isinstance(value, str) or len(value) >= 24 or not _HINT.search(value):
        return None
    return label_kind(value)


def label_kind(text: str) -> Kind | None:
    """What kind of personal data a heading announces."""
    key = words.label_key(text)
    return next((kind for kind, pattern in _LABELS if pattern.fullmatch(key)), None)


def _is_list_header(labels: Sequence[tuple[Kind, int, int]], row: int) -> bool:
    kinds = {kind for kind, r, _ in labels if r == row}
    return Kind.NAME in kinds or Kind.ID in kinds


def _below(grid: Grid, heads: Sequence[tuple[Kind, int]], header: int, end: int) -> Roster | None:
    columns = []
    for kind, col in heads:
        rows = tuple(_values(grid, kind, col, header + 1, end))
        if rows:
            columns.append(Personal(kind, col, (header, col), rows, True))
    kinds = {column.kind for column in columns}
    persons = [row for c in columns if c.kind in (Kind.NAME, Kind.ID, Kind.GUARDIAN, Kind.STUDENT) for row in c.rows]
    beside = kinds - {Kind.NAME, Kind.GUARDIAN}
    named = bool(kinds & {Kind.NAME, Kind.GUARDIAN}) and bool(beside)
    if not persons or not (named or Kind.ID in kinds or {Kind.STUDENT, Kind.BIRTH} <= kinds):
        return None
    return Roster(grid, tuple(columns), header, min(persons), _last_row(grid, max(persons)))


def _last_row(grid: Grid, last: int) -> int:
    """A person may go on below in rows without a name (several phones of one child)."""
    while last + 1 < len(grid.cells) and any(_phone(value) or _id(value) for value in grid.cells[last + 1]):
        last += 1
    return last


def _values(grid: Grid, kind: Kind, col: int, first: int, end: int) -> Iterator[int]:
    """The rows in which a column holds what its heading announces."""
    for row in range(first, min(end, len(grid.cells))):
        value = grid.cells[row][col] if col < len(grid.cells[row]) else None
        if value is None or not (text := compact(value)):
            continue
        if kind in _NAMED and text in _NEXT_TABLE:  # the heading of a summary below the list
            return
        alone = sum(one is not None and one != "" for one in grid.cells[row]) == 1  # a caption between two tables
        if _fits(kind, value, text) and not alone:
            yield row


def _fits(kind: Kind, value: object, text: str) -> bool:
    if kind in _NAMED:
        called = words.is_total(text) or label_kind(text) is not None or _SCHOOL.fullmatch(text) is not None
        return bool(_HAN_NAME.fullmatch(text)) and not called
    if kind is Kind.ID:
        return bool(re.fullmatch(r"[\dXx*×]{14,18}", text)) or _id(value)
    if kind is Kind.PHONE:
        return bool(re.search(r"\d{7,}|1\d[\d*×]{9}", text))
    if kind is Kind.BIRTH:
        return isinstance(value, (date, datetime)) or bool(re.search(r"(?:19|20)\d{2}", text)) or text.isdigit()
    return True


def _id(value: object) -> bool:
    if isinstance(value, str):
        return len(value) >= _ID_SIGNS and valid_id(compact(value))
    return isinstance(value, int) and value >= 10**17 and valid_id(str(value))


def _phone(value: object) -> bool:
    if isinstance(value, (int, float)):
        return _FIRST_MOBILE <= value < _LAST_MOBILE and value == int(value)
    return isinstance(value, str) and len(value) >= _PHONE_SIGNS and bool(_MOBILE.fullmatch(compact(value)))


def _without_headings(grid: Grid) -> list[Roster]:
    """A list whose columns are not called anything: identity numbers, or mobile numbers beside names."""
    ids = _column_rows(grid, _id, _ID_SIGNS)
    phones = {col: rows for col, rows in _column_rows(grid, _phone, _PHONE_SIGNS, _phones).items() if len(rows) >= FEW}
    people = _column_rows(grid, _is_person, 0) if phones else {}
    names = {
        col: rows
        for col, rows in people.items()
        if any(len(set(rows) & set(other)) >= FEW for other in phones.values())
    }
    if not ids and not names:
        return []
    columns = [
        Personal(kind, col, (rows[0], col), tuple(rows), False)
        for kind, found in ((Kind.NAME, names), (Kind.ID, ids), (Kind.PHONE, phones))
        for col, rows in found.items()
    ]
    rows = [row for column in columns for row in column.rows]
    return [Roster(grid, tuple(columns), min(rows), min(rows), max(rows))]


def _column_rows(
    grid: Grid, test: Callable[[object], bool], least: int, of_floats: Callable[[Floats], Bools] | None = None
) -> dict[int, list[int]]:
    """By column the rows whose value passes a test, as no text of less than `least` signs does; `of_floats` is the same for
    all floats of a column."""
    found: dict[int, list[int]] = {}
    for c, column in enumerate(columns_of(grid.cells).columns):
        passed = column.where(test) if _longest(column.values) >= least else np.zeros(len(column), bool)
        if of_floats is not None and column.numbers is not None:
            passed |= of_floats(column.numbers)
        if passed.any():
            found[c] = np.flatnonzero(passed).tolist()
    return found


def _joined(values: Sequence[object]) -> str:
    """The texts among values as one, which is searched faster than each of many."""
    return "\n".join([value for value in values if type(value) is str])


def _longest(values: Sequence[object]) -> float:
    """The signs of the longest text among values; any number where others than texts stand there."""
    kinds = set(map(type, values))
    return max(map(len, values), default=0) if kinds <= {str} else math.inf  # type: ignore[arg-type]


def _phones(numbers: Floats) -> Bools:
    found: Bools = (numbers >= _FIRST_MOBILE) & (numbers < _LAST_MOBILE) & (numbers == np.floor(numbers))
    return found


def _is_person(value: object) -> bool:
    if not isinstance(value, str):
        return False
    text = compact(value)
    return text[:1] in SURNAMES and 2 <= len(text) <= 3 and bool(_HAN_NAME.fullmatch(text)) and not _PLACE.search(text)
