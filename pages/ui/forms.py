"""One form for one unit and period: who has a row in it, what is known of the year before, what is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

import pandas as pd

from db.catalogue import Form
from db.catalogue.forms import FormColumn, Stage
from db.periods import Period, parse_period, recent_periods
from db.records import dims_key
from pages.exports.template import template_bytes
from pages.ui import data
from pages.ui.form_book import Filing, FormUnit, Known, form_book, stated
from pages.ui.text import coded, join, listed, name_of, named_parts, say

KINDS = {"school": ("city", "county", "town", "school"), "town": ("city", "county", "town")}


@dataclass(frozen=True, slots=True)
class Asked:
    """A form, the period it is filed for and the unit that files it."""

    form: Form
    period: str
    unit_id: int

    @property
    def filing(self) -> Filing:
        """The same with the unit's name."""
        return Filing(self.form, self.period, data.name(self.unit_id))


def forms() -> tuple[Form, ...]:
    """All forms, in the order of the catalogue."""
    return data.catalogue().forms


def named(form: Form) -> str:
    """A form's name in the reader's language, with its domain."""
    return f"{coded('domain', form.domain)} | {name_of(form)}"


def default_unit(form: Form) -> int | None:
    """The unit that the page proposes: the first of the level that files the form, else the top of the tree."""
    return data.first(form.filed_by, active=True) or data.root_id()


def today() -> date:
    """The day on which the page is opened."""
    return date.today()


def periods(form: Form, on: date) -> list[str]:
    """The periods for which a form may be filed, the latest first."""
    return [each.code for each in _periods(form, on)]


def _periods(form: Form, on: date) -> list[Period]:
    return [each for each in recent_periods(form.period, on) if not form.term or each.code.endswith(f"T{form.term}")]


def current(form: Form, on: date) -> str:
    """The period that is being filed: the latest that has begun, or has ended where the form looks back on it."""
    looks_back = form.due is not None and form.due.after == "end"
    found = _periods(form, on)
    return next((each.code for each in found if (each.end if looks_back else each.start) < on), found[-1].code)


def has_begun(asked: Asked) -> bool:
    """Whether the period lies at hand or behind."""
    return parse_period(asked.period).start <= today()


def units(asked: Asked) -> list[FormUnit]:
    """The rows of the form's sheets, sheet by sheet."""
    frame = data.form_rows(asked.form.code, asked.period, asked.unit_id)
    return [
        FormUnit(cast(Stage, row.stage), int(row.org_unit_id), "" if pd.isna(row.code) else str(row.code), str(row.name))
        for row in frame.itertuples()
    ]  # fmt: skip


def known(asked: Asked, rows: list[FormUnit]) -> Known:
    """What the store holds for the same period of the year before."""
    stage = asked.form.stages[0]
    keys = (stated(column, stage, data.catalogue()) for column in asked.form.columns)
    codes = sorted({key[0] for key in keys if key is not None})
    ids = sorted({row.org_unit_id for row in rows})
    frame = data.cells(codes, ids, [asked.filing.before().period]).dropna(subset=["value"])
    columns = (frame["org_unit_id"], frame["indicator"], frame["dims"], frame["value"])
    return {(int(unit), str(code), str(dims)): float(value) for unit, code, dims, value in zip(*columns, strict=True)}


def workbook(asked: Asked) -> bytes:
    """The workbook to fill in."""
    rows = units(asked)
    return template_bytes(form_book(asked.filing, rows, known(asked, rows), data.catalogue()))


@dataclass(frozen=True, slots=True)
class Contents:
    """One sheet in numbers: rows, columns to fill in, and values known from the year before."""

    sheet: str
    rows: int
    columns: int
    known: int


def contents(asked: Asked) -> list[Contents]:
    """What the workbook will hold, sheet by sheet."""
    rows = units(asked)
    if asked.form.layout == "ledger":
        schools = len({row.org_unit_id for row in rows})
        return [Contents(name_of(asked.form), schools, len(asked.form.columns), 0)] if rows else []
    here = {stage: {row.org_unit_id for row in rows if row.stage == stage} for stage in asked.form.stages}
    last = known_of(asked, here)
    return [
        Contents(coded("dim_value.level", stage), len(ids), len(typed_in(asked.form, stage)), last[stage])
        for stage, ids in here.items()
        if ids
    ]


def typed_in(form: Form, stage: Stage) -> list[FormColumn]:
    """The columns of a stage's sheet that somebody fills in."""
    return [column for column in form.columns_of(stage) if not column.is_computed]


def known_of(asked: Asked, here: Mapping[Stage, Collection[int]]) -> dict[Stage, int]:
    """How many of the values that are typed into the sheet of each stage the store holds of the year before."""
    keys = (stated(column, stage, data.catalogue()) for stage in here for column in typed_in(asked.form, stage))
    series = sorted({key for key in keys if key is not None})
    ids = sorted(set().union(*here.values()))
    held = data.known_counts(series, asked.filing.before().period, ids)
    return {stage: sum(held.get((each, stage), 0) for each in ids) for stage, ids in here.items()}


def explained(form: Form) -> list[tuple[str, str, str, str]]:
    """Every column: its header, what it states, in which sheets it stands and what is checked while it is typed."""
    names = {column.key: "/".join(column.path) for column in form.columns}
    return [
        (names[column.key], _measure_words(column, form), _stage_words(column, form), _check_words(column, names))
        for column in form.columns
    ]


def _measure_words(column: FormColumn, form: Form) -> str:
    if column.measure is None:
        if form.layout == "ledger":
            return say("templates.finding")
        return say("templates.only_sums") if column.kind == "count" else say("templates.remark")
    indicator = data.indicator(column.measure)
    if indicator is None:
        return say("templates.only_checks")
    return join(named_parts(indicator, column.measure, dims_key(column.dims)))


def _stage_words(column: FormColumn, form: Form) -> str:
    return listed(coded("dim_value.level", stage) for stage in column.stages or form.stages)


def _check_words(column: FormColumn, names: Mapping[str, str]) -> str:
    if column.is_computed:
        return say("templates.check.computed")
    if isinstance(column.choices, str):
        return say(f"templates.check.{column.choices}")
    if column.kind == "choice":
        return say("templates.check.choice", choices=listed(column.choices))
    if column.kind != "count":
        return say(f"templates.check.{column.kind}")
    told = [say("templates.check.previous" if column.previous else "templates.check.whole")]
    if column.within:
        told.append(say("templates.check.within", whole=names[column.within]))
    for sums in column.equals:
        told.append(say("templates.check.minus" if sums.minus else "templates.check.plus", n=len(sums.plus)))
    return say("common.clause_separator").join(told)
