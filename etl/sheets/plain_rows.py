"""The quick way through the rows of a long table: a row that begins with an ordinary name says nothing but whose it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from etl.sheets import words
from etl.sheets.cells import all_compact, compact
from etl.sheets.columns import Column, Role
from etl.sheets.header import Table
from etl.sheets.labels import Label
from etl.sheets.periods import find_period, lone_day, lone_month, span_of_days, stamp_period, stamped_part
from etl.sheets.row import Row
from etl.sheets.sheet import Sheet, own_cells
from etl.sheets.vocabulary import Vocabulary

_ORDINARY = re.compile(r"[^\W_]+")  # no blank, bracket, mark of a redacted name or indent
_ODD = re.compile(r"[^\w\n]|_")  # what stands in no ordinary name, searched in many of them
_TELLING = re.compile(
    r"[计总均某xX比较]|其[中他它]|[全本我该][市县区旗州盟镇乡校园省国]|增[减幅长速]|[升涨降][降幅]|目标|标准|要求|指标|规划"
)
_OTHER_ROLES = (Role.COHORT, Role.CLASS, Role.UNIT)
NO_LABEL = Label("")
Stamp = tuple[str | None, int | None, int | None, str]
_UNSTAMPED: Stamp = (None, None, None, "")


@dataclass(frozen=True, slots=True)
class Parts:
    """Whether the parts of an item are being listed (在校生数; 其中:小学, 初中): the last row label that named an indicator,
    and whether its first part was met."""

    of: str = ""
    begun: bool = False


@dataclass(frozen=True, slots=True)
class _Kind:
    """What rows with the same items have in common, under the groups of their section. `parts` is set where the items
    name an indicator."""

    section: Mapping[str, str]
    label: Label
    dims: Mapping[str, str]
    parts: Parts | None


class PlainRows:
    """Reads the rows that need no thought; `read` gives None for every other one.

    A name is ordinary when it holds a character that no word for a group, a sum or a period holds: then no reading of
    it as one of these can explain the whole of it. Names with one of `_TELLING` take the slow way, and so does the first
    row of each kind (小学, 教学点), from which `learn` takes what the rows of its kind have in common.
    """

    def __init__(
        self, table: Table, by_role: Mapping[Role, Sequence[Column]], vocabulary: Vocabulary, topic: str
    ) -> None:
        places = by_role[Role.ENTITY]
        self.chars = vocabulary.group_chars
        self.parts = Parts()
        self.last = -1  # the last plain row whose name and items are not among the values that fill down yet
        stamps = [c.label.text for c in by_role[Role.PERIOD]]
        self.open = bool(places) and not any(by_role[role] for role in _OTHER_ROLES) and "月份" not in stamps[1:]
        if not self.open:
            return
        sheet = table.sheet
        self.period = next(iter(by_role[Role.PERIOD]), None)
        self.place = places[-1].index
        self.names = self._names(table, by_role)
        self.wider = [(column.index, _texts(sheet, column)) for column in places[:-1]]
        self.items = [(column.index, _texts(sheet, column)) for column in by_role[Role.ITEM]]
        self.codes = next((_codes(sheet, column) for column in by_role[Role.CODE]), None)
        self.of_items = list(zip(*[texts for _, texts in self.items], strict=True))
        self.when = None if self.period is None else _texts(sheet, self.period)
        self.base = find_period(topic)
        self.stamps: dict[object, Stamp] = {}
        self.kinds: dict[tuple[object, ...], _Kind] = {}

    def _names(self, table: Table, by_role: Mapping[Role, Sequence[Column]]) -> list[str | None]:
        """By row the name, where it is an ordinary one and a value stands beside it."""
        sheet = table.sheet
        told = np.zeros(sheet.height, bool)
        for column in by_role[Role.VALUE]:
            told |= own_cells(sheet.column(column.index))
        names = sheet.column(self.place)
        told &= names.chosen(self._ordinary(names.values))
        return [name if fits else None for name, fits in zip(names, told.tolist(), strict=True)]  # type: ignore[misc]

    def read(self, index: int, down: dict[int, object], section: Mapping[str, str], parts: Parts) -> Row | None:
        """The row, if it is plain. `down` are the values that fill down, `section` the groups of the section, `parts`
        the item whose parts may stand here; `self.parts` is that of the next row."""
        name = self.names[index] if self.open and not self._is_sum(index) else None
        if name is None:
            self._catch_up(down)
            return None
        label, dims = NO_LABEL, section
        self.parts = parts
        if self.items:
            kind = None if parts.begun else self.kinds.get(self.of_items[index])
            if kind is None or kind.section is not section:
                self._catch_up(down)
                return None
            label, dims, self.parts = kind.label, kind.dims, kind.parts or parts
        for c, texts in self.wider:
            if texts[index] is not None:
                down[c] = texts[index]
        self.last = index
        code = self.codes[index] if self.codes is not None else None
        period, month, day, part = _UNSTAMPED if self.period is None else self._stamp(index, down)
        return Row(index, label, name, code, period, month, day, dims=dims, part=part, plain=True)

    def _is_sum(self, index: int) -> bool:
        """Whether a sum over the year or the term stands where the other rows have their month: 全学期合计."""
        value = self.when[index] if self.when is not None else None
        return isinstance(value, str) and words.is_sum_over_time(value)

    def _catch_up(self, down: dict[int, object]) -> None:
        """Puts name and items of the last plain row among the values that fill down, before another row asks for them."""
        if self.last >= 0:
            down.update((c, texts[self.last]) for c, texts in self.items)
            down[self.place] = self.names[self.last]
            self.last = -1

    def learn(self, row: Row, section: Mapping[str, str], before: Parts, after: Parts) -> None:
        """Takes over what a row that was read in full has in common with the others of its items."""
        if not self.open or not self.items or before.begun or after.begun or self.names[row.index] is None:
            return
        items = self.of_items[row.index]
        alone = row.entity == self.names[row.index] and says_only_group(row)
        if alone and all(type(item) is str and not words.is_part_of(item) for item in items):
            self.kinds[items] = _Kind(section, row.label, row.dims, after if after is not before else None)

    def _ordinary(self, names: Sequence[object]) -> list[bool]:
        """Which values are ordinary names. Those of a long table are searched all at once."""
        texts = [name if type(name) is str else "" for name in names]
        joined = "\n".join(texts)
        if joined.count("\n") != len(texts) - 1:
            return [self.is_ordinary(text) for text in texts]
        ends = np.cumsum([len(text) + 1 for text in texts])
        plain = unicodedata.is_normalized("NFKC", joined)
        odd = np.array([not (plain or unicodedata.is_normalized("NFKC", text)) for text in texts])
        for pattern in (_ODD, _TELLING):
            odd[np.searchsorted(ends, [found.start() for found in pattern.finditer(joined)], "right")] = True
        words_alone, shared = words.FOREIGN_LEVEL_WORDS, self.chars.issuperset
        return [
            not unlike and len(text) > 1 and not shared(text) and text not in words_alone
            for text, unlike in zip(texts, odd.tolist(), strict=True)
        ]

    def is_ordinary(self, name: str) -> bool:
        """Whether a name can be nothing but a name."""
        return (
            len(name) > 1
            and _ORDINARY.fullmatch(name) is not None
            and not self.chars.issuperset(name)
            and not _TELLING.search(name)
            and unicodedata.is_normalized("NFKC", name)
            and name not in words.FOREIGN_LEVEL_WORDS
        )

    def _stamp(self, index: int, down: dict[int, object]) -> Stamp:
        if self.period is None or self.when is None:
            return _UNSTAMPED
        col, value = self.period.index, self.when[index]
        if value is not None:
            down[col] = value
        else:
            value = down.get(col)
        if not value:
            return _UNSTAMPED
        if value not in self.stamps:
            period = span_of_days(value, self.base) or stamp_period(value, self.period.label.text)
            part = "" if period else stamped_part(value)
            told = period or part
            month, day = (None, None) if told else (lone_day(value) or (lone_month(compact(value)), None))
            self.stamps[value] = period, month, day, part
        return self.stamps[value]


def _codes(sheet: Sheet, column: Column) -> list[str | None]:
    """The codes of a column without white space, by row."""
    cells = sheet.column(column.index)
    if cells.numbers is not None or cells.codes is None:
        return [compact(value) or None if value is not None else None for value in cells]
    told = [*(text or None for text in all_compact(cells.values)), None]
    return [told[code] for code in cells.codes.tolist()]


def says_only_group(row: Row) -> bool:
    """Whether a row of a named unit says nothing of its own but whose it is, when, and of which group."""
    label = row.label
    odd = row.total or row.redacted or row.problem or row.excluded or row.school_class or row.cohort or row.unit
    return not (odd or row.group is not None or row.entity is None or label.known or label.ignored)


def _texts(sheet: Sheet, column: Column) -> list[object]:
    """The cells of a column without those that are blank."""
    return [
        None if type(value) is str and not value.strip() else value for value in sheet.column(column.index)
    ]  # fmt: skip
