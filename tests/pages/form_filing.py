"""Workbooks of forms for made-up units, filled in as staff would, and what a right reading of them finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from openpyxl.utils.cell import get_column_letter

from db.catalogue import Form, load_catalogue
from db.catalogue.forms import FormColumn
from db.records import dims_key, parse_dims_key
from pages.exports.template import template_bytes
from pages.exports.template_model import Template
from pages.ui.form_book import Filing, FormUnit, form_book, stated
from tests.pages.form_values import Valid
from tests.pages.spreadsheet import Office

CATALOGUE = load_catalogue()
FORMS = tuple(form for form in CATALOGUE.forms if form.layout == "wide")
COUNTY = "鹤溪县"
_STEMS = ("河西", "青山", "东湖", "柳林", "石桥", "云岭", "沙坪", "白水", "大塘", "新桥", "高坎", "龙泉")
_SCHOOLS = {
    "KG": ("11", "镇中心幼儿园"), "PRI": ("21", "镇中心小学"), "JUN": ("31", "初级中学"), "SEN": ("34", "高级中学"),
    "VOC": ("36", "职业技术学校"), "SPE": ("51", "特殊教育学校"),
}  # fmt: skip
PERIODS = {"school_year": ("SY2026", "SY2024"), "term": ("SY2026-T1", "SY2025-T2"), "month": ("2026-10", "2027-01")}


def periods_of(form: Form) -> tuple[str, ...]:
    """Some periods for which a form may be filed."""
    found = PERIODS[form.period]
    return tuple(each for each in found if not form.term or each.endswith(f"T{form.term}"))


def units_of(form: Form, n: int, coded: bool = True) -> list[FormUnit]:
    """The first n units of every stage of a form."""
    made = []
    for stage in form.stages:
        digits, ending = _SCHOOLS[stage]
        for i, stem in enumerate(_STEMS[:n], 1):
            code = f"{digits}34{i:06d}" if form.rows == "school" else f"340123{100 + i}"
            name = f"{COUNTY}{stem}{ending}" if form.rows == "school" else f"{stem}镇"
            made.append(FormUnit(stage, 100 * len(made) + i, code if coded else "", name))
    return made


@dataclass(frozen=True, slots=True)
class Found:
    """One number that a right reading finds."""

    indicator: str
    dims: str
    entity: str
    period: str
    value: Decimal
    fraction: tuple[Decimal, Decimal] | None = None


class Filled:
    """A workbook with the places of its cells and, once filled in, what stands in them."""

    def __init__(self, form: Form, period: str, units: Sequence[FormUnit], last: float | None = None) -> None:
        self.form, self.units = form, units
        self.filing = Filing(form, period, COUNTY)
        keys = {(s, key) for s in form.stages for c in form.columns_of(s) if (key := stated(c, s, CATALOGUE))}
        known = {(u.org_unit_id, *key): last for u in units for s, key in keys if s == u.stage and last is not None}
        self.template: Template = form_book(self.filing, units, known, CATALOGUE)
        self.content = template_bytes(self.template)
        self.office = Office(self.content)
        self.values: dict[tuple[str, str], float] = {}

    def sheet(self, unit: FormUnit) -> str:
        """The sheet in which a unit has its row."""
        return CATALOGUE.form_words.stages[unit.stage]

    def address(self, unit: FormUnit, column: FormColumn) -> str:
        """The cell of a unit and column."""
        columns = self.form.columns_of(unit.stage)
        here = [each for each in self.units if each.stage == unit.stage]
        depth = max(len(each.path) for each in columns)
        return f"{get_column_letter(3 + columns.index(column))}{3 + depth + here.index(unit)}"

    def fill(self, random: Random) -> None:
        """Type valid values into every cell."""
        for unit in self.units:
            valid = Valid(self.form, unit.stage, CATALOGUE, random)
            for column in self.form.columns_of(unit.stage):
                if column.key in valid.values:
                    self.put(unit, column, valid.values[column.key])

    def put(self, unit: FormUnit, column: FormColumn, value: object) -> None:
        """Type one value."""
        self.office.type_in(self.sheet(unit), self.address(unit, column), value)
        self.values[self.sheet(unit), self.address(unit, column)] = value  # type: ignore[assignment]

    def value(self, unit: FormUnit, key: str) -> Decimal:
        """What stands in a column, worked out where the sheet does so."""
        column = next(each for each in self.form.columns_of(unit.stage) if each.key == key)
        if column.sum is None:
            return Decimal(str(self.values[self.sheet(unit), self.address(unit, column)]))
        plus = sum((self.value(unit, each) for each in column.sum.plus), Decimal(0))
        return plus - sum((self.value(unit, each) for each in column.sum.minus), Decimal(0))

    def expected(self) -> dict[tuple[str, str], Found]:
        """What a right reading finds, by sheet and cell."""
        found = {}
        for unit in self.units:
            for column in self.form.columns_of(unit.stage):
                key = stated(column, unit.stage, CATALOGUE)
                if key is not None:
                    period = self.filing.before().period if column.previous else self.filing.period
                    found[self.sheet(unit), self.address(unit, column)] = self._found(unit, column, key, period)
        return found

    def _found(self, unit: FormUnit, column: FormColumn, key: tuple[str, str], period: str) -> Found:
        dims = dims_key(parse_dims_key(key[1]))
        if column.rate is None:
            return Found(key[0], dims, unit.name, period, self.value(unit, column.key))
        here = {each.key for each in self.form.columns_of(unit.stage)}
        of = self.value(unit, column.rate.of)
        per = sum((self.value(unit, each) for each in column.rate.per if each in here), Decimal(0))
        return Found(
            key[0], dims, unit.name, period, (100 * of / per).quantize(Decimal("0.01"), ROUND_HALF_UP), (of, per)
        )
