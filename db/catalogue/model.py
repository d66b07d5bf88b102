"""The catalogue as data: indicators, targets and vaccines, refused at load time with the path of a mistake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import Field

from db.catalogue.forms import Form, FormWords
from db.catalogue.model_base import Code, Domain, Strict
from db.catalogue.rules import Quantity, Rule
from db.records import parse_dims_key

Level = Literal["KG", "PRI", "JUN", "CE", "SEN", "VOC", "SPE", "ALL"]


class Aggregation(StrEnum):
    """How units and periods add up (domain facts, column agg).

    RATIO: sum of numerators over sum of denominators. FLOW: adds over units and periods. STOCK: adds over
    units at one time, never over time. NONE: cannot be rolled up.
    """

    RATIO = "ratio"
    FLOW = "flow"
    STOCK = "stock"
    NONE = "none"


class BasisName(Strict):
    """What an indicator is called where its dims name a basis: 应补种人数 by persons, 应补种剂次 by doses."""

    basis: Literal["person", "dose"]
    name_zh: str
    name_en: str


class Indicator(Strict):
    """One indicator. `numerator` and `denominator` are codes of count indicators where the catalogue has
    them (then a unit's rate is also computed from its counts); the texts say it in words."""

    code: Code
    name_zh: str
    name_en: str
    named: tuple[BasisName, ...] = ()
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
    basis: Literal["", "person", "dose"] = ""  # of the copies that `under` makes; nothing for a file to say

    def under(self, dims: str) -> Indicator:
        """The indicator as it is counted and called under a dims key: by doses a count of persons is one of doses, and
        应补种人数(剂次) is 应补种剂次. A rate keeps its unit; what its gap is counted in, its parts say under `basis`."""
        basis = parse_dims_key(dims).get("basis", "") if "basis=" in dims else ""
        if basis in ("", self.basis):
            return self
        told: dict[str, str] = {"basis": basis}
        if basis == "dose" and self.unit == "person":
            told["unit"] = "dose"
        for each in self.named:
            if each.basis == basis:
                told |= {"name_zh": each.name_zh, "name_en": each.name_en}
        return self.model_copy(update=told)

    @property
    def says_basis(self) -> bool:
        """Whether its name says on what basis it counts, so that nothing beside it need."""
        return any(each.basis == self.basis for each in self.named)

    @property
    def units(self) -> tuple[str, ...]:
        """What it may be counted in under its dims, its own unit first."""
        by_doses = self.under("basis=dose").unit if "basis" in self.dims else self.unit
        return tuple(dict.fromkeys((self.unit, by_doses)))


class Target(Strict):
    """A target with its source, valid in [valid_from, valid_to). It applies to units of `applies_to` and below."""

    indicator: Code
    dims: dict[str, str] = Field(default_factory=dict)
    comparator: Literal[">=", "<=", "=="]
    value: Decimal
    applies_to: Literal["national", "province", "city", "county", "school"]
    valid_from: date
    valid_to: date | None = None
    source: str
    note_zh: str = ""
    note_en: str = ""
    own: bool = False  # set by the bureau on the settings page; stands before another of the same reach and dims


class Vaccine(Strict):
    """A vaccine, with every spelling met in sheets and reports."""

    code: str
    name_zh: str
    name_en: str
    spellings: tuple[str, ...]
    immunisation_programme: bool
    doses_zh: str = ""
    plausible_low: Decimal | None = (
        None  # below it a coverage is asked about, where the indicator's own band is too high
    )
    doses_en: str = ""


class FindingCategory(Strict):
    """A kind of problem that inspections find, the words that tell it, and the indicator it bears on."""

    code: str
    name_zh: str
    name_en: str
    indicator: Code
    words: tuple[str, ...]


REACH = ("national", "province", "city", "county", "town", "school")  # widest first


_SECOND_NAME = re.compile(r"\([^()]*\)$")  # 在校生数(在园幼儿数)


class Catalogue(Strict):
    """All indicators, targets, vaccines, validation rules and kinds of findings; the loader checks their references."""

    indicators: tuple[Indicator, ...]
    targets: tuple[Target, ...]
    vaccines: tuple[Vaccine, ...]
    form_words: FormWords
    quantities: tuple[Quantity, ...] = ()
    rules: tuple[Rule, ...] = ()
    finding_categories: tuple[FindingCategory, ...] = ()
    forms: tuple[Form, ...] = ()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Enough to key a cache (a catalogue is read once); equal catalogues have equal codes."""
        return hash((tuple(self._by_code), len(self.targets), len(self.vaccines)))

    @cached_property
    def _by_code(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def _targets_of(self) -> dict[str, list[Target]]:
        found: dict[str, list[Target]] = {}
        for target in self.targets:
            found.setdefault(target.indicator, []).append(target)
        return found

    @cached_property
    def _spellings(self) -> list[tuple[str, str, bool]]:
        found = {
            (word, indicator.code, sheet_only)
            for indicator in self.indicators
            for sheet_only, words in (
                (False, (indicator.name_zh, *indicator.synonyms, *indicator.prose_synonyms)),
                (True, indicator.sheet_synonyms),
            )
            for word in words
        }
        return sorted(found, key=lambda row: (-len(row[0]), row))

    @cached_property
    def _vaccine_spellings(self) -> list[tuple[str, str]]:
        found = {(word, vaccine.code) for vaccine in self.vaccines for word in (vaccine.name_zh, *vaccine.spellings)}
        return sorted(found, key=lambda row: (-len(row[0]), row))

    def indicator(self, code: str) -> Indicator:
        """The indicator of a code; KeyError when there is none."""
        return self._by_code[code]

    def form(self, code: str) -> Form | None:
        """The form of a code, if it is one."""
        return next((form for form in self.forms if form.code == code), None)

    @cached_property
    def _names(self) -> dict[str, str]:
        named = {one.code: one.name_zh for one in self.quantities}
        return named | {one.code: _SECOND_NAME.sub("", one.name_zh) for one in self.indicators}

    def name(self, code: str) -> str:
        """The Chinese name, without a second name in brackets, of an indicator or of a quantity that only checks know."""
        return self._names.get(code, code)

    def rule(self, code: str) -> Rule | None:
        """The validation rule of a code, if it is one."""
        return next((rule for rule in self.rules if rule.code == code), None)

    def spellings(self) -> list[tuple[str, str, bool]]:
        """(spelling, code, sheet_only), longest first; prose-only words included, for a reader of prose."""
        return list(self._spellings)

    def vaccine_spellings(self) -> list[tuple[str, str]]:
        """(spelling, vaccine code), longest first."""
        return list(self._vaccine_spellings)

    def target(self, indicator: str, dims: Mapping[str, str], on: date, kind: str) -> Target | None:
        """The target that holds for a kind of org unit on a day, or None.

        The nearest level that sets one wins (county over national), then the one that names most dims,
        then the bureau's own, then the youngest. Without a level in `dims`, the indicator's default level is meant. Kinds outside
        the tree (other) are taken as counties.
        """
        reach = REACH.index(kind) if kind in REACH else REACH.index("county")
        entry = self._by_code.get(indicator)
        held = {"level": entry.default_level, **dims} if entry is not None and entry.default_level else dict(dims)
        found = [
            target
            for target in self._targets_of.get(indicator, [])
            if REACH.index(target.applies_to) <= reach
            and target.dims.items() <= held.items()
            and target.valid_from <= on
            and (target.valid_to is None or on < target.valid_to)
        ]
        return max(found, key=lambda t: (REACH.index(t.applies_to), len(t.dims), t.own, t.valid_from), default=None)
