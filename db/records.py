"""What crosses the border of the store: plain frozen records, no SQL, no I/O.

Terms follow SDMX (observation, dimension, obs_status, unit_measure, time_period). Values of `dims`,
`period`, `unit` and `qualifier` are those of the extraction contract (see docs/contract.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.records_claims import Claim
    from db.records_findings import Finding
    from db.records_layout import SheetLayout
    from db.records_review import Pending


class ObsStatus(StrEnum):
    """Why a value is there or not (SDMX obs_status, typed missing). 0 is a value, never a status."""

    NORMAL = "normal"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"
    REDACTED = "redacted"


class Qualifier(StrEnum):
    """How exact the document says the value is."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    ABOUT = "about"
    NEARLY = "nearly"
    RANGE = "range"


class Severity(StrEnum):
    """BLOCK stores nothing, CONFIRM wants a person's tick, NOTE is only shown."""

    BLOCK = "block"
    CONFIRM = "confirm"
    NOTE = "note"


class Role(StrEnum):
    """UNIT is a fact of one org unit; TOTAL is a printed sum: checked against its parts, never added."""

    UNIT = "unit"
    TOTAL = "total"


class SourceKind(StrEnum):
    """Where a number stands. A sheet outranks a report where both state the same cell."""

    SHEET = "sheet"
    REPORT = "report"


class OrgKind(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    SCHOOL = "school"
    OTHER = "other"


class OrgStatus(StrEnum):
    """PROPOSED: named in a document, not yet confirmed by a person. UNNAMED: redacted or not named at
    all in its document; it stands for that document only and is never merged with a real unit."""

    ACTIVE = "active"
    CLOSED = "closed"
    PROPOSED = "proposed"
    UNNAMED = "unnamed"


Dims = Mapping[str, str]


def dims_key(dims: Dims) -> str:
    """Canonical text of a set of dimensions: `level=PRI;sex=F`; the empty set is the empty text."""
    if len(dims) == 1:  # by far the most; millions of them in a large sheet
        [(name, value)] = dims.items()
        return f"{name}={value}" if value else ""
    return ";".join(f"{name}={dims[name]}" for name in sorted(dims) if dims[name] not in (None, ""))


def parse_dims_key(key: str) -> dict[str, str]:
    """The reverse of `dims_key`."""
    return dict(part.split("=", 1) for part in key.split(";") if part)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The untouched original; one that lists persons is not kept (no content, only its name and its sha256)."""

    name: str
    content: bytes
    sha256: str
    media_type: str
    uploaded_by: str = ""
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. `cells[r][c]` counts from 0; a value is str, int, float, bool, date, datetime or None. Those of a large
    sheet are kept by columns (`db.cell_columns`).

    `merges` are inclusive 0-based (first_row, first_col, last_row, last_col). `address_style` is "A1" for
    workbooks and "RC" for csv/tsv, where the cell is named R{row}C{column} counted from 1.
    `percent_cells` are the 0-based (row, col) whose number format is a percentage: 0.985 there is shown as 98.5%.
    """

    sheet: str
    cells: Sequence[Sequence[object]]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    address_style: str = "A1"
    percent_cells: frozenset[tuple[int, int]] = frozenset()

    def address(self, row: int, col: int) -> str:
        if self.address_style == "RC":
            return f"R{row + 1}C{col + 1}"
        letters, n = "", col + 1
        while n:
            n, rest = divmod(n - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{row + 1}"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a table row or a grid, with a locator that a person can follow.

    A text block's `start` is its offset in `Reading.text` (and `Reading.text[start:start+len(text)] == text`).
    """

    ordinal: int
    kind: str  # "paragraph" | "table_row" | "grid"
    locator: str  # "第12段", "表2第3行", "Sheet1"
    text: str = ""
    start: int = 0
    grid: Grid | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader returns: the whole text as the evidence page shows it, and its blocks."""

    media_type: str
    text: str = ""
    blocks: tuple[Block, ...] = ()
    notes: tuple[str, ...] = ()  # keys of pages/text: hidden sheets, formulas without value, ...

    @property
    def grids(self) -> tuple[Grid, ...]:
        return tuple(block.grid for block in self.blocks if block.grid is not None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The proof: the quote stands at the offsets (reports) or in the cell (sheets).

    Reports: `Reading.text[start:end] == quote`; the sentence around it is [sentence_start, sentence_end).
    Sheets: `sheet` and `cell` (A1 or R1C1), quote is the cell as text (see `cell_text`).
    """

    quote: str
    rule: str
    rule_version: str
    confidence: float
    locator: str = ""
    start: int | None = None
    end: int | None = None
    sentence_start: int | None = None
    sentence_end: int | None = None
    sheet: str | None = None
    cell: str | None = None
    numerator_cell: str | None = None
    denominator_cell: str | None = None

    def holds_in(self, reading: Reading) -> bool:
        if self.cell is None:
            return self.start is not None and reading.text[self.start : self.end] == self.quote
        for grid in reading.grids:
            if grid.sheet == self.sheet:
                for r, row in enumerate(grid.cells):
                    for c, value in enumerate(row):
                        if grid.address(r, c) == self.cell:
                            return cell_text(value) == self.quote
        return False


def cell_text(value: object) -> str:
    """A cell as text: whole floats without `.0`, dates in ISO form, None as the empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


@dataclass(frozen=True, slots=True)
class Observation:
    """What we believe: one value of one indicator for one org unit, period and set of dims.

    Exactly one of `org_unit_id` (a unit of the store) and `proposed_key` (a `ProposedUnit` of the same
    draft) is set. A rate is in the unit that the document prints (percent: 99.5 means 99.5 %).
    """

    indicator: str
    period: str | None
    dims: Dims
    value: Decimal | None
    unit: str
    evidence: Evidence
    source_kind: SourceKind
    org_unit_id: int | None = None
    proposed_key: str | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    qualifier: Qualifier = Qualifier.EXACT
    value_high: Decimal | None = None
    status: ObsStatus = ObsStatus.NORMAL
    decision: int | None = None  # the decision of a person it rests on (db.records_review)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that an unknown name may mean; `score` is 0-100, 100 for an equal name."""

    org_unit_id: int
    name: str
    code: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Issue:
    """Anything not understood, out of range or contradictory. The sentence is Chinese and says what to do.

    `cells` are all cells of the same sheet that it speaks of, the first being `cell`; `candidates` are offered
    where a place is not known (nearest first); `name` is the tidied name that it asks about."""

    code: str  # "B06", "unknown_place", ...
    severity: Severity
    sentence: str
    locator: str = ""  # "Sheet1!C7", "第12段"
    quote: str = ""
    start: int | None = None
    end: int | None = None
    sheet: str | None = None
    cell: str | None = None
    cells: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A number of the document that is no observation, and why (reasons: docs/contract.md)."""

    reason: str
    text: str
    start: int | None = None
    end: int | None = None
    sheet: str | None = None
    cell: str | None = None
    indicator: str | None = None


@dataclass(frozen=True, slots=True)
class ProposedUnit:
    """An entity of a document that no org unit answers to; stored with its status, outside the tree."""

    key: str  # unique inside the draft
    name: str
    kind: OrgKind
    status: OrgStatus  # PROPOSED or UNNAMED


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Draft:
    """One file's observations and issues: a preview until the store saves it."""

    source: SourceFile
    reading: Reading
    source_kind: SourceKind
    observations: Sequence[Observation] = ()  # of a large sheet made when they are read
    issues: tuple[Issue, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    proposed_units: tuple[ProposedUnit, ...] = ()
    pending: tuple[Pending, ...] = ()  # readings that wait for a person
    totals_checked: int = 0
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()  # problems stated in words, without a number
    extractor_version: str = ""
    layouts: tuple[SheetLayout, ...] = ()  # how the sheets were understood

    @property
    def blocked(self) -> bool:
        return any(issue.severity is Severity.BLOCK for issue in self.issues)


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """A node of the tree province > city > county > town > school, valid in [valid_from, valid_to)."""

    id: int
    parent_id: int | None
    area_id: int  # the county (distribution key); the unit itself above county level and outside the tree
    kind: OrgKind
    name: str
    code: str | None = None
    short_name: str | None = None
    level: str | None = None  # KG PRI JUN CE SEN VOC SPE for schools
    area_type: str | None = None  # urban town rural
    sponsor: str | None = None  # public private attached enterprise
    status: OrgStatus = OrgStatus.ACTIVE
    valid_from: date | None = None
    valid_to: date | None = None
    aliases: tuple[str, ...] = ()
    successor_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OrgUnitInput:
    """A unit to be added, its parent named by code (or by key, which is the code or the name)."""

    key: str
    parent_key: str | None
    kind: OrgKind
    name: str
    code: str | None = None
    short_name: str | None = None
    level: str | None = None
    area_type: str | None = None
    sponsor: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    aliases: tuple[str, ...] = ()
    successor_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One observation of a draft against the store."""

    observation: Observation
    kind: str  # "new" | "same" | "changed"
    old_value: float | None = None
    old_observation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A draft against the store: what would change. `fresh` values are new as well, too many to be named one by one."""

    changes: tuple[Change, ...] = ()
    missing: tuple[str, ...] = ()  # Chinese names of units reported last time and absent now
    fresh: int = 0

    def count(self, kind: str) -> int:
        return sum(change.kind == kind for change in self.changes) + (self.fresh if kind == "new" else 0)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What one import did. `outcome`: "stored" | "same" (file known, nothing changed) | "rejected"."""

    outcome: str
    import_id: int | None = None
    new: int = 0
    same: int = 0
    changed: int = 0
    issues: tuple[Issue, ...] = field(default=())
