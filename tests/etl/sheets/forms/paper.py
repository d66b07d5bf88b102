"""A sheet while it is being filled in: cells with what they mean, merges, and the workbook written from them."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

from db.catalogue import load_catalogue

UNITS = {indicator.code: indicator.unit for indicator in load_catalogue().indicators}


@dataclass(frozen=True)
class Seen:
    """A cell that is an observation: what is printed and what it means."""

    shown: object
    code: str
    value: float
    dims: Mapping[str, str] = field(default_factory=dict)
    entity: str | None = None
    period: str | None = None
    role: str = "unit"
    unit: str = ""


Cell = object  # a printed value, a Seen, ">" merged from the left, "^" merged from above, None blank


@dataclass
class Form:
    """One sheet. `entity` and `period` hold for cells that name none themselves."""

    name: str
    rows: list[list[Cell]]
    entity: str | None = None
    period: str | None = None
    sheet: str = "Sheet1"
    more: list[Form] = field(default_factory=list)  # further sheets of the workbook
    percents: set[tuple[int, int]] = field(default_factory=set)

    def forms(self) -> list[Form]:
        return [self, *self.more]

    def gold(self) -> list[dict[str, Any]]:
        """The expected observations in the form of the gold files."""
        return [record for form in self.forms() for record in form._own_gold()]

    def _own_gold(self) -> list[dict[str, Any]]:
        found = []
        for r, row in enumerate(self.rows):
            for c, cell in enumerate(row):
                if isinstance(cell, Seen):
                    found.append({
                        "sheet": self.sheet, "cell": _address(r, c), "indicator": cell.code, "value": cell.value,
                        "unit": cell.unit or UNITS[cell.code], "dims": dict(cell.dims), "role": cell.role,
                        "entity": cell.entity or self.entity, "period": cell.period or self.period,
                    })  # fmt: skip
        return found


def _address(row: int, col: int) -> str:
    return f"{xlsxwriter.utility.xl_col_to_name(col)}{row + 1}"


def workbook(form: Form) -> bytes:
    """The form as an xlsx file."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    percent = book.add_format({"num_format": "0.00%"})
    for one in form.forms():
        sheet = book.add_worksheet(one.sheet)
        for box in _boxes(one.rows):
            top, left, bottom, right = box
            if (top, left) != (bottom, right):
                sheet.merge_range(top, left, bottom, right, "")
            cell = one.rows[top][left]
            shown = cell.shown if isinstance(cell, Seen) else cell
            if shown is not None:
                sheet.write(top, left, shown, percent if (top, left) in one.percents else None)
    book.close()
    return buffer.getvalue()


def _boxes(rows: Sequence[Sequence[Cell]]) -> list[tuple[int, int, int, int]]:
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    boxes: dict[tuple[int, int], list[int]] = {}
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            here = owner[r, c - 1] if cell == ">" else owner.get((r - 1, c), (r, c)) if cell == "^" else (r, c)
            owner[r, c] = here
            box = boxes.setdefault(here, [r, c])
            box[0], box[1] = max(box[0], r), max(box[1], c)
    return [(top, left, bottom, right) for (top, left), (bottom, right) in boxes.items()]


class Pen:
    """Chance that writes numbers as different clerks do; one pen, one hand for each column."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.county = self.chance.choice(("云溪县", "泰宁县", "湖城区", "青铜峡县", "牛首区"))
        self.towns = self.chance.sample(("石鼓镇", "芦花乡", "汉水镇", "竹山乡", "金口街道", "白果镇", "大泉镇"), 4)
        self.schools = [
            town[:-1] + tail
            for town, tail in zip(self.towns, ("小学", "镇中心小学", "希望小学", "完全小学"), strict=True)
        ]
        self.juniors = [town.rstrip("镇乡街道") + "初级中学" for town in self.towns]
        self.year = self.chance.randint(2016, 2025)
        self._hands: dict[str, str] = {}

    def pick(self, *words: str) -> str:
        return self.chance.choice(words)

    def n(self, low: int, high: int) -> int:
        return self.chance.randint(low, high)

    def count(self, value: int, column: str = "") -> object:
        hand = self._hands.setdefault(f"n{column}", self.pick("plain", "plain", "comma", "text", "unit"))
        forms = {
            "plain": value,
            "comma": f"{value:,}",
            "text": str(value),
            "unit": f"{value}人" if column != "x" else value,
        }
        return forms[hand]

    def rate(self, value: float, column: str) -> object:
        """The rate in the spelling of its column; never a bare fraction (that needs a format)."""
        hand = self._hands.setdefault(f"r{column}", self.pick("points", "sign", "space", "wide", "small"))
        text = f"{value:g}"
        wide = f"{text}%".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.%"})
        return {"points": value, "sign": f"{text}%", "space": f"{text} %", "wide": wide, "small": f"{text}﹪"}[hand]


def quotient(num: int, den: int) -> float:
    """A percentage as forms print it: two digits."""
    return round(100 * num / den, 2)
