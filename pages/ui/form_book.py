"""A form of the catalogue with the rows of one unit as a workbook to fill in. Pure: the store is read elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.catalogue import Catalogue, Form
from db.catalogue.forms import FormColumn, FormWords, Stage, Sum
from db.catalogue.rule_kinds import ChangeCheck
from db.periods import parse_period, period_words
from db.records import dims_key
from pages.analysis.display import chinese_marks
from pages.analysis.series import year_before
from pages.exports.template_model import Column, Row, Sheet, Sides, Template, Value, Words

Known = Mapping[tuple[int, str, str], float]  # values of the year before, by unit, indicator and dims key


@dataclass(frozen=True, slots=True)
class FormUnit:
    """A school or town with a row in the sheet of a stage."""

    stage: Stage
    org_unit_id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Filing:
    """A form filed by a unit (its name) for a period."""

    form: Form
    period: str
    unit: str

    def title(self, stage: str = "") -> str:
        """The title of a sheet; without a stage that of the workbook."""
        return self.form.title.format(unit=self.unit, period=period_words(parse_period(self.period)), stage=stage)

    def before(self) -> Filing:
        """The same form a year earlier."""
        return Filing(self.form, year_before(self.period) or self.period, self.unit)


def stated(column: FormColumn, stage: Stage, catalogue: Catalogue) -> tuple[str, str] | None:
    """The indicator and the dims key that a column states in the sheet of a stage; None where it states no indicator."""
    indicator = next((each for each in catalogue.indicators if each.code == column.measure), None)
    if indicator is None:
        return None
    level = {"level": stage} if "level" in indicator.dims else {}
    return indicator.code, dims_key({**level, **column.dims})


def form_book(filing: Filing, units: Sequence[FormUnit], known: Known, catalogue: Catalogue) -> Template:
    """The workbook, with a sheet for each stage that has units. Raises ValueError where none has."""
    ledger = filing.form.layout == "ledger"
    sheets = (
        [_ledger(filing, units, catalogue)]
        if ledger and units
        else [
            _sheet(filing, stage, here, known, catalogue)
            for stage in filing.form.stages
            if (here := [unit for unit in units if unit.stage == stage])
        ]
    )
    if not sheets:
        raise ValueError(f"nobody has a row in {filing.form.code}")
    words = catalogue.form_words
    told = Words(
        words.total, words.not_read, words.not_applicable, words.whole, words.within, words.or_not_applicable,
        words.day, words.lists,
        period_words(parse_period(filing.before().period)),
    )  # fmt: skip
    guide = tuple(chinese_marks(line) for line in (filing.form.name_zh, *words.guide_lines, *filing.form.notes))
    return Template(filing.unit, tuple(sheets), words.guide, guide, told, _jump(catalogue))


def _jump(catalogue: Catalogue) -> tuple[float, float]:
    """How far a school's count may move before the check asks about it: percent and number."""
    checks = [check for rule in catalogue.rules for check in rule.checks if isinstance(check, ChangeCheck)]
    limit = next(limit for check in checks for limit in check.limits if limit.level == "school")
    return float(limit.percent or 0), float(limit.least)


def _sheet(filing: Filing, stage: Stage, units: Sequence[FormUnit], known: Known, catalogue: Catalogue) -> Sheet:
    form, words = filing.form, catalogue.form_words
    columns, name = form.columns_of(stage), words.stages[stage]
    coded = any(unit.code for unit in units)
    keys = [stated(column, stage, catalogue) for column in columns]
    rows = []
    for n, unit in enumerate(units, 1):
        values = [None if key is None else _shown(known.get((unit.org_unit_id, *key))) for key in keys]
        given = tuple(value if column.previous else None for column, value in zip(columns, values, strict=True))
        rows.append(Row((unit.code if coded else str(n), unit.name), given, tuple(values)))
    return Sheet(
        name, filing.title(name), _line(filing, words), _heads(form, words, coded), _columns(columns, {}), tuple(rows),
        _notes(form, words), words.last.format(stage=name),
        filing.before().title(name),
    )  # fmt: skip


def _ledger(filing: Filing, units: Sequence[FormUnit], catalogue: Catalogue) -> Sheet:
    """One sheet of numbered blank rows; the units and the kinds of findings are there to choose from."""
    form, words = filing.form, catalogue.form_words
    lists = {
        "units": tuple(dict.fromkeys(unit.name for unit in units)),
        "finding_categories": tuple(category.name_zh for category in catalogue.finding_categories),
    }
    nothing = (None,) * len(form.columns)
    rows = tuple(Row((str(n),), nothing, nothing) for n in range(1, words.blank_rows + 1))
    return Sheet(
        form.name_zh, filing.title(), _line(filing, words), (words.serial,), _columns(form.columns, lists), rows,
        _notes(form, words), "", "", total=False,
    )  # fmt: skip


def _choices(column: FormColumn, lists: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return lists[column.choices] if isinstance(column.choices, str) else column.choices


def _notes(form: Form, words: FormWords) -> tuple[str, ...]:
    return tuple(chinese_marks(line) for line in (*(f"{words.note}:{note}" for note in form.notes), words.signature))


def _line(filing: Filing, words: FormWords) -> tuple[str, str, str]:
    issuer, filed = f"{words.issuer}:{filing.unit}", f"{words.filed}:"
    return chinese_marks(issuer), chinese_marks(filed), chinese_marks(f"{words.measure_unit}:{filing.form.unit_zh}")


def _heads(form: Form, words: FormWords, coded: bool) -> tuple[str, str]:
    code = words.town_code if form.rows == "town" else words.school_code
    return code if coded else words.serial, words.town if form.rows == "town" else words.school


def _shown(value: float | None) -> Value:
    return None if value is None else int(value) if float(value).is_integer() else round(value, 2)


def _columns(columns: Sequence[FormColumn], lists: Mapping[str, tuple[str, ...]]) -> tuple[Column, ...]:
    at = {column.key: n for n, column in enumerate(columns)}

    def places(keys: Sequence[str]) -> tuple[int, ...]:
        return tuple(at[key] for key in keys if key in at)

    def sides(sums: Sum) -> Sides:
        return places(sums.plus), places(sums.minus)

    return tuple(
        Column(
            column.path, column.kind, _choices(column, lists), at.get(column.within or ""),
            tuple(sides(one) for one in column.equals if places(one.plus)),
            None if column.sum is None else sides(column.sum),
            None if column.rate is None else (at[column.rate.of], places(column.rate.per)), column.may_not_apply,
            at.get(column.not_before or ""),
        )
        for column in columns
    )  # fmt: skip
