"""The quick way through the rows of a long table: a row that begins with an ordinary name says nothing but whose it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.columns import Column, Role
from etl.sheets.labels import Label, Vocabulary
from etl.sheets.periods import find_period, lone_day, lone_month, span_of_days, stamp_period
from etl.sheets.row import Row

_ORDINARY = re.compile(r"[^\W_]+")  # no blank, bracket, mark of a redacted name or indent
_TELLING = re.compile(r"[计总均中某]|其他|其它|全[市县区镇乡校园省]")
_OTHER_ROLES = (Role.ITEM, Role.COHORT, Role.CLASS, Role.UNIT)
NO_LABEL = Label("")
Stamp = tuple[str | None, int | None, int | None]


class PlainRows:
    """Reads the rows that need no thought; `read` gives None for every other one.

    A name is ordinary when it holds a character that no word for a group, a sum or a period holds: then no reading of
    it as one of these can explain the whole of it. Names with one of `_TELLING` take the slow way.
    """

    def __init__(self, by_role: Mapping[Role, Sequence[Column]], vocabulary: Vocabulary, topic: str) -> None:
        places = by_role[Role.ENTITY]
        self.open = bool(places) and not any(by_role[role] for role in _OTHER_ROLES)
        self.place = places[-1].index if places else 0
        self.wider = [column.index for column in places[:-1]]
        self.values = [column.index for column in by_role[Role.VALUE]]
        self.code = next((column.index for column in by_role[Role.CODE]), None)
        self.period = next(iter(by_role[Role.PERIOD]), None)
        self.chars = vocabulary.group_chars
        self.base = find_period(topic)
        self.stamps: dict[object, Stamp] = {}

    def read(
        self, index: int, cells: Sequence[object], down: dict[int, object], section: Mapping[str, str]
    ) -> Row | None:
        """The row, if it is plain. `down` are the values that fill down, `section` the groups of the section."""
        if not self.open or self.place >= len(cells):
            return None
        name = cells[self.place]
        if type(name) is not str or not self.is_ordinary(name):
            return None
        if not any(_is_filled(cells[c]) for c in self.values if c < len(cells)):
            return None
        for c in self.wider:
            if c < len(cells) and _is_filled(cells[c]):
                down[c] = cells[c]
        down[self.place] = name
        code = cells[self.code] if self.code is not None and self.code < len(cells) else None
        period, month, day = self._stamp(cells, down)
        return Row(
            index, NO_LABEL, name, compact(code) or None if code is not None else None, period, month, day, dims=section
        )

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

    def _stamp(self, cells: Sequence[object], down: dict[int, object]) -> Stamp:
        if self.period is None:
            return None, None, None
        col = self.period.index
        value = cells[col] if col < len(cells) else None
        if _is_filled(value):
            down[col] = value
        else:
            value = down.get(col)
        if not value:
            return None, None, None
        if value not in self.stamps:
            period = span_of_days(value, self.base) or stamp_period(value, self.period.label.text)
            month, day = (None, None) if period else (lone_day(value) or (lone_month(compact(value)), None))
            self.stamps[value] = period, month, day
        return self.stamps[value]


def _is_filled(value: object) -> bool:
    return value is not None and not (type(value) is str and not value.strip())
