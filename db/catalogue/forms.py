"""The forms that units fill in, as data: who files what for which period, in which columns, by when."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Literal

from pydantic import Field

from db.catalogue.model_base import Code, Domain, Strict
from db.periods import parse_period

Stage = Literal["KG", "PRI", "JUN", "SEN", "VOC", "SPE"]
SLOTS = frozenset({"unit", "period", "stage"})  # what a title may name
_ALL_THROUGH = "CE"  # nine-year schools
_SECTIONS: tuple[Stage, ...] = ("PRI", "JUN")


class Sum(Strict):
    """What a column must come to: the columns of `plus` less those of `minus`, by their keys; those that the sheet of a
    stage does not have are left out."""

    plus: tuple[Code, ...] = Field(min_length=1)
    minus: tuple[Code, ...] = ()


class Rate(Strict):
    """100 times the column `of` over the columns `per` together; of those the sheet of a stage may lack some."""

    of: Code
    per: tuple[Code, ...] = Field(min_length=1)


class FormColumn(Strict):
    """One column. `path` are its labels in the header from top to bottom, `measure` the indicator or the quantity of
    rules.yml that it states (none: it serves the sums of the sheet, or is a remark)."""

    key: Code  # names it inside its form
    path: tuple[str, ...] = Field(min_length=1, max_length=3)
    measure: Code | None = None
    dims: dict[str, str] = Field(default_factory=dict)  # without the level, which the stage of the sheet gives
    stages: tuple[Stage, ...] = ()  # the stages that have it; empty: all of the form
    kind: Literal["count", "choice", "text", "date"] = "count"
    choices: tuple[str, ...] | Literal["units", "finding_categories"] = ()  # other text is welcome too
    not_before: Code | None = None  # a date that this one may not precede
    previous: bool = False  # the value of the period before, which is known already
    within: Code | None = None  # it may not exceed this column
    equals: tuple[Sum, ...] = ()
    sum: Sum | None = None  # the sheet works it out, nobody types it
    rate: Rate | None = None  # likewise
    may_not_apply: bool = False  # 不适用 is an answer

    def concerns(self, stage: Stage) -> bool:
        """Whether the sheet of a stage has the column."""
        return not self.stages or stage in self.stages

    @property
    def is_computed(self) -> bool:
        """Whether the sheet works it out itself."""
        return self.sum is not None or self.rate is not None

    @property
    def named(self) -> tuple[str, ...]:
        """The keys of the columns that it rests on."""
        keys = [key for key in (self.within, self.not_before) if key]
        keys += [key for sums in (*self.equals, *filter(None, [self.sum])) for key in (*sums.plus, *sums.minus)]
        keys += [self.rate.of, *self.rate.per] if self.rate else []
        return tuple(keys)


class Due(Strict):
    """The last day for filing: a day of the month that lies `months` after that of the period's first or last day."""

    after: Literal["start", "end"]
    months: int = Field(default=0, ge=0, le=12)
    day: int = Field(ge=1, le=31)  # 31: the last of the month
    source: str

    def on(self, period: str) -> date:
        """The day for a period. Raises ValueError for a code that is none."""
        bounds = parse_period(period)
        anchor = bounds.start if self.after == "start" else bounds.end
        year, month = divmod(anchor.year * 12 + anchor.month - 1 + self.months, 12)
        return date(year, month + 1, min(self.day, monthrange(year, month + 1)[1]))


class Form(Strict):
    """A form. Its workbook has one sheet per stage of education, with a row per school or town of the unit that files it.

    `sections`: a nine-year school has a row of its own in the primary and in the junior sheet; else one, in the junior
    sheet. `layout` ledger: a single sheet of blank rows, one per finding, whose units are chosen from a list.
    """

    code: Code
    name_zh: str
    name_en: str
    domain: Domain
    title: str  # with {unit}, {period} and {stage}
    unit_zh: str  # what the unit line says: 人、个
    period: Literal["school_year", "term", "year", "quarter", "month"]
    term: Literal[1, 2] | None = None  # only the autumn (1) or the spring term (2)
    filed_by: Literal["county", "town", "school"] = "county"  # the level of the unit that files the workbook
    rows: Literal["school", "town"] = "school"
    layout: Literal["wide", "ledger"] = "wide"
    stages: tuple[Stage, ...] = Field(min_length=1)
    sections: bool = True
    due: Due | None = None
    columns: tuple[FormColumn, ...] = Field(min_length=1)
    notes: tuple[str, ...] = ()
    source: str

    def columns_of(self, stage: Stage) -> tuple[FormColumn, ...]:
        """The columns of the sheet of a stage, from left to right."""
        return tuple(column for column in self.columns if column.concerns(stage))

    def stages_of(self, level: str | None) -> tuple[Stage, ...]:
        """The sheets in which a school of a level has a row."""
        if level == _ALL_THROUGH:
            held = _SECTIONS if self.sections else _SECTIONS[-1:]
            return tuple(stage for stage in held if stage in self.stages)
        return tuple(stage for stage in self.stages if stage == level)

    def due_on(self, period: str) -> date | None:
        """The last day for filing a period, where a rule gives one."""
        return None if self.due is None else self.due.on(period)


class FormWords(Strict):
    """What every workbook prints, whatever the reader's language: forms are filed in Chinese."""

    school_code: str
    town_code: str
    school: str
    town: str
    total: str
    issuer: str
    filed: str
    measure_unit: str
    note: str
    serial: str  # the first column where no unit has a code
    signature: str
    stages: dict[Stage, str]  # as a title says it: 小学
    blank_rows: int = Field(ge=1, le=1000)  # of a ledger
    lists: str = Field(max_length=20)  # the name of the sheet with the lists to choose from
    day: str  # why a date is refused
    guide: str = Field(max_length=20)  # the name of the sheet that explains the form
    last: str = Field(max_length=20)  # the name of the sheets with the values of the year before, {stage} inside
    not_read: str  # stands first on a sheet that intake leaves alone
    not_applicable: str
    whole: str  # why a typed count is refused
    within: str  # why a part is refused: {part}, {whole}
    or_not_applicable: str
    guide_lines: tuple[str, ...] = Field(min_length=1)
