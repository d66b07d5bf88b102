"""Just enough of a spreadsheet to type into a template and save it as an office program would: every formula worked
out, every validation asked."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl
from openpyxl.utils.cell import column_index_from_string, coordinate_to_tuple, get_column_letter, range_boundaries
from openpyxl.utils.datetime import to_excel

_TOKEN = re.compile(r"""\s*("(?:[^"]|"")*"|'[^']+'![$A-Z0-9:]+|\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?|[A-Z]+(?=\()|TRUE|FALSE|"""
                    r"""\d+(?:\.\d+)?|<>|<=|>=|[-+*/&<>=(),])""")  # fmt: skip
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b), "<>": lambda a, b: bool(a != b), "<": lambda a, b: bool(a < b),
    ">": lambda a, b: bool(a > b), "<=": lambda a, b: bool(a <= b), ">=": lambda a, b: bool(a >= b),
}  # fmt: skip


def number(value: object) -> bool:
    """Whether a cell holds a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


class Formula:
    """One formula beside the cells of its sheet, parsed as it is worked out; branches that are not taken are not."""

    def __init__(self, text: str, cell: Callable[[str], object], here: str = "A1") -> None:
        self.tokens = _TOKEN.findall(text.removeprefix("="))
        assert "".join(self.tokens) == re.sub(r"\s+(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", "", text.removeprefix("=")), text
        self.cell = cell
        self.here = coordinate_to_tuple(here)
        self.at = 0

    def value(self) -> Any:
        """What the formula comes to."""
        found = self._compared(True)
        assert self.at == len(self.tokens)
        return found

    def _next(self) -> str:
        self.at += 1
        return str(self.tokens[self.at - 1])

    def _peek(self) -> str:
        return str(self.tokens[self.at]) if self.at < len(self.tokens) else ""

    def _compared(self, wanted: bool) -> Any:
        left = self._sum(wanted)
        if self._peek() in _COMPARE:
            compare = _COMPARE[self._next()]
            right = self._sum(wanted)
            return compare(left, right) if wanted else None
        return left

    def _sum(self, wanted: bool) -> Any:
        left = self._product(wanted)
        while self._peek() in ("+", "-", "&"):
            sign, right = self._next(), self._product(wanted)
            if wanted:
                left = f"{left}{right}" if sign == "&" else left + right if sign == "+" else left - right
        return left

    def _product(self, wanted: bool) -> Any:
        left = self._atom(wanted)
        while self._peek() in ("*", "/"):
            sign, right = self._next(), self._atom(wanted)
            left = None if not wanted else left * right if sign == "*" else left / right
        return left

    def _atom(self, wanted: bool) -> Any:
        token = self._next()
        if token == "(":
            found = self._compared(wanted)
            assert self._next() == ")"
            return found
        if token.startswith('"'):
            return token[1:-1].replace('""', '"')
        if token in ("TRUE", "FALSE"):
            return token == "TRUE"
        if self._peek() == "(":
            return self._called(token, wanted)
        if token[0].isdigit():
            return float(token)
        return self._cells(token) if ":" in token else self.cell(token.replace("$", ""))

    def _cells(self, token: str) -> list[object]:
        left, top, right, bottom = range_boundaries(token.replace("$", ""))
        return [self.cell(f"{get_column_letter(c)}{r}") for r in range(top, bottom + 1) for c in range(left, right + 1)]

    def _called(self, name: str, wanted: bool) -> Any:
        assert self._next() == "("
        values: list[Any] = []
        while self._peek() != ")":
            chosen = wanted and (name != "IF" or not values or bool(values[0]) == (len(values) == 1))
            values.append(self._compared(chosen))
            if self._peek() == ",":
                self._next()
        self._next()
        if not wanted:
            return None
        flat = [each for value in values for each in (value if isinstance(value, list) else [value])]
        return {
            "IF": lambda: values[1] if values[0] else values[2],
            "COUNTBLANK": lambda: sum(each in (None, "") for each in flat),
            "COUNT": lambda: sum(number(each) for each in flat),
            "SUM": lambda: sum(each for each in flat if number(each)),
            # Spreadsheets round what they hold of a number, fifteen digits: 97/160*100 is 60.625 to them.
            "ROUND": lambda: float(Decimal(f"{values[0]:.15g}").quantize(Decimal(10) ** -int(values[1]), ROUND_HALF_UP)),
            "AND": lambda: all(flat), "OR": lambda: any(flat), "NOT": lambda: not values[0],
            "ISNUMBER": lambda: number(values[0]), "N": lambda: values[0] if number(values[0]) else 0,
            "ROW": lambda: self.here[0], "COLUMN": lambda: self.here[1],
            "ADDRESS": lambda: f"${get_column_letter(values[1])}${values[0]}", "INDIRECT": lambda: self.cell(values[0]),
            "INT": lambda: values[0] // 1, "ABS": lambda: abs(values[0]),
        }[name]()  # fmt: skip


_REFERENCE = re.compile(r"""("(?:[^"]|"")*")|(\$?)([A-Z]{1,3})(\$?)(\d+)""")


def shifted(formula: str, area: Any, address: str) -> str:
    """A formula that was written for the first cell of an area, as it holds for another."""
    first = min(area.ranges, key=lambda each: each.min_row)
    row, col = coordinate_to_tuple(address)
    down, right = row - first.min_row, col - first.min_col

    def moved(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        letters = found[3] if found[2] else get_column_letter(column_index_from_string(found[3]) + right)
        return f"{letters}{found[5] if found[4] else int(found[5]) + down}"

    return _REFERENCE.sub(moved, formula)


class Office:
    """A workbook that is open in an office program."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))

    def type_in(self, sheet: str, address: str, value: object) -> None:
        """Type a value into an open cell; a protected one refuses it as the program would."""
        cell = self.book[sheet][address]
        assert not (self.book[sheet].protection.sheet and cell.protection.locked), f"{sheet}!{address} is locked"
        cell.value = value

    def accepts(self, sheet: str, address: str) -> bool:
        """Whether the validation of a cell lets its value stand."""
        held = self.book[sheet]
        value = held[address].value
        for rule in held.data_validations.dataValidation:
            if address in rule.sqref and value is not None:
                if rule.type == "whole":
                    return number(value) and value == int(value) and value >= float(rule.formula1)
                if rule.type == "custom":
                    return bool(
                        Formula(shifted(rule.formula1, rule.sqref, address), self._reader(sheet), address).value()
                    )
        return True

    def colours(self, sheet: str, address: str) -> list[str]:
        """The colours that conditions give a cell."""
        found = []
        for area in self.book[sheet].conditional_formatting:
            for rule in area.rules if address in area.sqref else ():
                if Formula(shifted(rule.formula[0], area.sqref, address), self._reader(sheet), address).value():
                    found.append(rule.dxf.fill.bgColor.rgb[-6:])
        return found

    def message(self, sheet: str, address: str) -> str:
        """What a cell says when it is entered."""
        rules = self.book[sheet].data_validations.dataValidation
        return next(
            (f"{rule.promptTitle} {rule.prompt}" for rule in rules if address in rule.sqref and rule.prompt), ""
        )

    def save(self) -> bytes:
        """The file with every formula as the number it comes to, which is what a reader of the file finds there."""
        formulas = [
            (sheet.title, cell.coordinate)
            for sheet in self.book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]
        worked = {(name, address): self._reader(name)(address) for name, address in formulas}
        for (name, address), value in worked.items():
            self.book[name][address].value = value if value != "" else None
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()

    def _reader(self, sheet: str) -> Callable[[str], Any]:
        def read(address: str) -> Any:
            other, _, spot = address.rpartition("!")
            cell = self.book[other.strip("'") or sheet][spot.replace("$", "")]
            if isinstance(cell.value, date):
                return int(to_excel(cell.value))
            return Formula(cell.value, read).value() if cell.data_type == "f" else cell.value

        return read
