"""The catalogue as data: indicators, targets and vaccines, refused at load time with the path of a mistake."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Level = Literal["KG", "PRI", "JUN", "CE", "SEN", "VOC", "SPE", "ALL"]
Domain = Literal["enrollment", "dropout", "vaccination", "hygiene", "context"]


class Aggregation(StrEnum):
    """How units and periods add up (domain facts, column agg).

    RATIO: sum of numerators over sum of denominators. FLOW: adds over units and periods. STOCK: adds over
    units at one time, never over time. NONE: cannot be rolled up.
    """

    RATIO = "ratio"
    FLOW = "flow"
    STOCK = "stock"
    NONE = "none"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Indicator(Strict):
    """One indicator. `numerator` and `denominator` are codes of count indicators where the catalogue has
    them (then a unit's rate is also computed from its counts); the texts say it in words."""

    code: Code
    name_zh: str
    name_en: str
    domain: Domain
    unit: str
    dims: tuple[str, ...] = ()
    definition_zh: str
    definition_en: str
    numerator: Code | None = None
    denominator: Code | None = None
    numerator_zh: str | None = None
    denominator_zh: str | None = None
    multiplier: Decimal = Decimal(1)  # value = multiplier * numerator / denominator (100 for percent)
    levels: tuple[Level, ...] = ("ALL",)  # levels of education where it is collected
    default_level: Level | None = None  # the level shown when nobody chooses one; None: no level dim
    lowest: Literal["school", "town", "county", "city"] = "school"  # lowest org kind where it means anything
    direction: Literal["higher", "lower", "neutral", "exact"]
    aggregation: Aggregation
    plausible: tuple[Decimal, Decimal] | None = None
    bounds: tuple[Decimal | None, Decimal | None] = (None, None)  # hard limits: outside is an error
    frequency: Literal["year", "term", "quarter", "month", "day", "event"] = "year"
    headline: bool = False  # stands on the overview
    decimals: int = 1
    synonyms: tuple[str, ...] = ()  # spellings in reports and sheets, longest wins; name_zh need not be repeated
    sheet_synonyms: tuple[str, ...] = ()  # spellings that are safe only as a column or row label of a sheet
    prose_synonyms: tuple[str, ...] = ()  # safe only in prose with a number and measure word: a header 学校 names units
    not_synonyms: tuple[str, ...] = ()  # look-alikes that are another thing (师生比 for 生师比)
    source: str  # evidence mark: "V:S16", "G" (general knowledge), "P" (our proposal)


class Target(Strict):
    """A target with its validity and source. It applies to units of `applies_to` and below."""

    indicator: Code
    dims: dict[str, str] = Field(default_factory=dict)
    comparator: Literal[">=", "<=", "=="]
    value: Decimal
    applies_to: Literal["national", "province", "city", "county", "school"]
    valid_from: date
    valid_to: date | None = None
    source: str
    note_zh: str = ""


class Vaccine(Strict):
    """A vaccine, with every spelling met in sheets and reports."""

    code: str
    name_zh: str
    name_en: str
    spellings: tuple[str, ...]
    immunisation_programme: bool
    doses_zh: str = ""


class Catalogue(Strict):
    indicators: tuple[Indicator, ...]
    targets: tuple[Target, ...]
    vaccines: tuple[Vaccine, ...]

    @model_validator(mode="after")
    def _references_exist(self) -> Catalogue:
        codes = [indicator.code for indicator in self.indicators]
        doubled = sorted({code for code in codes if codes.count(code) > 1})
        if doubled:
            raise ValueError(f"indicators: code given twice: {', '.join(doubled)}")
        for indicator in self.indicators:
            for role in ("numerator", "denominator"):
                named = getattr(indicator, role)
                if named is not None and named not in codes:
                    raise ValueError(f"indicators.{indicator.code}.{role}: no such indicator: {named}")
        for n, target in enumerate(self.targets):
            if target.indicator not in codes:
                raise ValueError(f"targets.{n}.indicator: no such indicator: {target.indicator}")
        return self

    def indicator(self, code: str) -> Indicator:
        """The indicator of a code; KeyError when there is none."""
        for indicator in self.indicators:
            if indicator.code == code:
                return indicator
        raise KeyError(code)
