"""Claims of reports, the discrepancies between sources, and what people rule about them: plain frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from db.records import Dims, Evidence, Qualifier


class ClaimKind(StrEnum):
    """What a comparison says. POINTS: a rate changed by so many percentage points. COUNT: a count changed by so
    many. RELATIVE: a count changed by so many percent. FROM_TO: from one value to another. SHARE: a part of a
    whole in percent. MULTIPLE: now so many times the base. UNCHANGED: as before. BENCHMARK: above or below the
    value of another place or group. TARGET: so many percent of a task done."""

    POINTS = "points"
    COUNT = "count"
    RELATIVE = "relative"
    FROM_TO = "from_to"
    SHARE = "share"
    MULTIPLE = "multiple"
    UNCHANGED = "unchanged"
    BENCHMARK = "benchmark"
    TARGET = "target"


class BaseKind(StrEnum):
    """What the value is compared with: the same thing at another time, in another PLACE, of another GROUP (other
    dims), a WHOLE that it is a part of, a TARGET, the mean of a SPAN of years, or something not said."""

    PERIOD = "period"
    PLACE = "place"
    GROUP = "group"
    WHOLE = "whole"
    TARGET = "target"
    SPAN = "span"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    LEVEL = "level"


PERCENT_FOR_POINTS = "percent_for_points"  # 入学率99.4%,提高0.3%: the sign should read 个百分点


SELF_CONTAINED = ("同比", "环比")  # words of a base that are a comparison by themselves


@dataclass(frozen=True, slots=True)
class Base:
    """What a claim compares with. `words` are those of the document (上年, 全省平均水平). Of the rest only what
    differs from the claim itself is set; `value` is the value printed in the sentence, if one is."""

    kind: BaseKind
    words: str = ""
    period: str | None = None
    place: str | None = None
    org_unit_id: int | None = None
    indicator: str | None = None
    dims: Dims | None = None
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A comparison that a document states. It is never an observation.

    `size` is without sign, in `unit` ("points", "percent", "times", or the unit of the count); None where only a
    direction or "unchanged" is said. `value` is the current value printed beside it. Exactly one of `org_unit_id`
    and `proposed_key` is set where the unit is known at all. `evidence` quotes the number of the claim (or its
    word: 持平, 翻了一番) with the sentence around it; the printed decimals are those of `size` and `value`.
    """

    kind: ClaimKind
    direction: Direction | None
    size: Decimal | None
    unit: str
    base: Base
    evidence: Evidence
    indicator: str | None = None
    dims: Dims | None = None
    period: str | None = None
    value: Decimal | None = None
    org_unit_id: int | None = None
    proposed_key: str | None = None
    qualifier: Qualifier = Qualifier.EXACT
    note: str = ""


class Verdict(StrEnum):
    """Who is right: the value TOLD by the other source, the STANDING one, BOTH as different definitions; REVOKED
    takes an earlier ruling back."""

    TOLD = "told"
    STANDING = "standing"
    BOTH = "both"
    REVOKED = "revoked"


class Cause(StrEnum):
    """Why two sources probably differ, by rule."""

    ROUNDING = "rounding"
    DATE = "date"
    DEFINITION = "definition"
    UNIT = "unit"
    DIGITS = "digits"
    UNKNOWN = "unknown"


class Result(StrEnum):
    """What the store says of a claim."""

    CONSISTENT = "consistent"
    CONTRADICTED = "contradicted"
    NOT_CHECKABLE = "not_checkable"
