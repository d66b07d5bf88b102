"""The central types of the pipeline. Those that the store also knows are defined in db.records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from db.records import (
    Block,
    Draft,
    Evidence,
    Grid,
    Issue,
    Observation,
    ObsStatus,
    OrgUnit,
    ProposedUnit,
    Qualifier,
    Reading,
    Rejected,
    Role,
    Severity,
    SourceFile,
    SourceKind,
)
from db.records_claims import Base, ClaimKind, Direction
from db.records_layout import SheetLayout

if TYPE_CHECKING:
    from etl.sheets.views import Card, View

__all__ = [
    "Block", "ClaimMention", "Draft", "Evidence", "Extraction", "Grid", "Issue", "Mention", "ObsStatus", "Observation",
    "OrgUnit", "ProposedUnit", "Qualifier", "Reading", "Refused", "Rejected", "Role", "Severity",
    "SourceFile", "SourceKind",
]  # fmt: skip


class Refused(Exception):
    """A file that cannot be read. `code` names the words in pages/text; the message is Chinese and says
    what is wrong and what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Mention:
    """What the document says, before org units are looked up.

    `entity` is the name as printed, with 我县/我园/该校 resolved; None when redacted or unnamed.
    `entity_code` is a school or division code standing in the same row, if any.
    `scope` names the part of the document in which an unnamed entity is one and the same
    ("第16篇"): observations of unnamed entities of two scopes are never put together.
    `period` is a period code (docs/contract.md) or None when nothing can be known.
    """

    indicator: str
    value: Decimal | None
    unit: str
    evidence: Evidence
    dims: Mapping[str, str] = field(default_factory=dict)
    entity: str | None = None
    entity_code: str | None = None
    scope: str = ""
    period: str | None = None
    qualifier: Qualifier = Qualifier.EXACT
    value_high: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    role: Role = Role.UNIT
    status: ObsStatus = ObsStatus.NORMAL
    line: str = ""  # what stands together in a table (a row, or a column of a transposed one)
    sums_dims: bool = False  # printed as 合计 over groups (grades, diseases): the unit's own value nevertheless


@dataclass(frozen=True, slots=True)
class ClaimMention:
    """A comparison that a report states (db.records_claims.Claim), before org units are looked up.

    `entity` and `scope` are those of a Mention; `base.place` is a class of place (省, 市, 县) or a name.
    """

    kind: ClaimKind
    direction: Direction | None
    size: Decimal | None
    unit: str
    base: Base
    evidence: Evidence
    indicator: str | None = None
    dims: Mapping[str, str] = field(default_factory=dict)
    entity: str | None = None
    scope: str = ""
    period: str | None = None
    value: Decimal | None = None
    qualifier: Qualifier = Qualifier.EXACT
    note: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor returns for one reading: mentions, rejected numbers, issues, claims.

    `parts` are counts that no indicator stands for (their `indicator` is a quantity of rules.yml) `views` the tables
    as read, `cards` the sheets of single units; all three only serve the checks and are never stored. `layouts` say how every sheet was understood.
    """

    mentions: Sequence[Mention] = ()
    rejected: tuple[Rejected, ...] = ()
    issues: tuple[Issue, ...] = ()
    claims: tuple[ClaimMention, ...] = ()
    parts: Sequence[Mention] = ()
    views: tuple[View, ...] = ()
    layouts: tuple[SheetLayout, ...] = ()
    cards: tuple[Card, ...] = ()
