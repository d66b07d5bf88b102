"""Validation rules as data: what is checked, how strictly, and what the user reads (domain facts B).

A rule has one or more checks. A check says which evaluator reads it (`kind`) and with which indicators and
limits; etl/checks holds one pure evaluator per kind. Severities, limits and sentences change here without code.
"""

from __future__ import annotations

from string import Formatter
from typing import Annotated, Literal

from pydantic import Field

from db.catalogue.model_base import Code, Strict
from db.catalogue.rule_kinds import (
    AbsentCheck,
    AtMostCheck,
    BalanceCheck,
    BlankCheck,
    BoundCheck,
    ChangeCheck,
    CodeCheck,
    CompleteCheck,
    ConstantCheck,
    ContradictionCheck,
    CountCheck,
    DateCheck,
    EmptyCheck,
    FactorCheck,
    FlowsCheck,
    FractionCheck,
    GapCheck,
    LargeClassesCheck,
    LayoutCheck,
    Level,
    OrderCheck,
    ParentCheck,
    PartsCheck,
    PossibleCheck,
    QuotientCheck,
    RecomputedCheck,
    ShareCheck,
    SmallBaseCheck,
    StockSumCheck,
    SupersededCheck,
    TotalCheck,
    UnfinishedCheck,
    UniformCheck,
    UniqueCheck,
    WordingCheck,
)

RuleCode = Annotated[str, Field(pattern=r"^(?:B\d\d|[a-z][a-z_]*)$")]


class Quantity(Strict):
    """A count that has no indicator but stands in sheets and takes part in checks (无证人数, 不合格数)."""

    code: Code
    name_zh: str
    spellings: tuple[str, ...] = ()
    signed: bool = False  # a difference, which may be below nought


AnyCheck = Annotated[
    CountCheck | BoundCheck | FractionCheck | RecomputedCheck | PossibleCheck | SmallBaseCheck | TotalCheck
    | StockSumCheck | ParentCheck | AtMostCheck | PartsCheck | OrderCheck | BalanceCheck | FlowsCheck
    | SupersededCheck | ShareCheck | QuotientCheck | LargeClassesCheck | EmptyCheck | ContradictionCheck | AbsentCheck | UniqueCheck
    | CodeCheck | DateCheck | FactorCheck | ChangeCheck | ConstantCheck | UniformCheck | BlankCheck | WordingCheck
    | CompleteCheck | LayoutCheck | UnfinishedCheck | GapCheck,
    Field(discriminator="kind"),
]  # fmt: skip


class Rule(Strict):
    """One rule with its checks. The order of rules is their precedence: of two blocks about the same cell the
    earlier rule speaks."""

    code: RuleCode
    name_zh: str
    name_en: str
    severity: Level
    scope: Literal["cell", "row", "table", "file", "history"]
    sentence: str
    checks: tuple[AnyCheck, ...] = Field(min_length=1)


def fields_of(sentence: str) -> set[str] | None:
    """The slots that a sentence names; None when its braces are broken."""
    try:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    except ValueError:
        return None


def codes_of(check: AnyCheck) -> list[str]:
    """Every indicator or quantity that a check names."""
    found: list[str] = []
    for name in ("indicators", "except_", "rates", "bases", "counts", "names", "together", "more", "fewer", "or_of"):
        found += getattr(check, name, ())
    for name in ("stock", "end", "out", "in_", "part", "whole", "numerator", "denominator", "rate", "due", "done"):
        if isinstance(value := getattr(check, name, None), str):
            found.append(value)
    for limit in getattr(check, "limits", ()):
        found += [limit.indicator] if limit.indicator else []
    for pair in getattr(check, "pairs", ()):
        found += list(pair) if isinstance(pair, tuple) else [pair.less, pair.more, *filter(None, [pair.unless])]
    for one in getattr(check, "sums", ()):
        found += [one.whole, *one.parts, *one.optional]
    return found + list(getattr(check, "gap", None) or ())
