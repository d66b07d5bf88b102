"""What an evaluator finds, and how findings about the same cells become one issue."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from db.catalogue import Catalogue, Rule
from db.catalogue.rules import AnyCheck
from db.records import Evidence, Issue, Severity, SourceKind
from etl.addresses import place_of

Cell = tuple[str | None, str]  # sheet and address
_RANK = {Severity.BLOCK: 0, Severity.CONFIRM: 1, Severity.NOTE: 2}
_GATHER = 3  # questions of one kind in one column that are asked as one
_OF_LABELS = frozenset(("unknown_column", "unknown_row"))
_MOST_NOTES = 30  # columns or rows of a sheet that are noted one by one
_MOST_NAMED = 6  # cells or names that one sentence lists


@dataclass(frozen=True, slots=True)
class Asked:
    """One check of one rule, as evaluators get it. `order` is its precedence."""

    rule: Rule
    check: AnyCheck
    order: int
    catalogue: Catalogue
    kind: SourceKind

    @property
    def severity(self) -> Severity:
        """A report cannot be mended: there an error is kept for a person to confirm."""
        severity = Severity(self.check.severity or self.rule.severity)
        return Severity.CONFIRM if severity is Severity.BLOCK and self.kind is SourceKind.REPORT else severity

    def find(
        self,
        cells: Iterable[Cell],
        at: Evidence | None = None,
        /,
        *,
        derived: bool = False,
        late: bool = False,
        beside: Iterable[Cell] = (),
        **slots: object,
    ) -> Finding:
        """A finding at cells (the first is the one to look at); `slots` fill the sentence of the check. `beside` are
        cells that it is measured by: they are named too, but may be right."""
        sentence = (self.check.sentence or self.rule.sentence).format_map(
            {name: shown(value) if isinstance(value, Decimal) else value for name, value in slots.items()}
        )
        return Finding(
            self.rule.code,
            self.severity,
            sentence,
            self.order,
            list(dict.fromkeys(cells)),
            at,
            derived or late,
            beside=tuple(beside),
            late=late,
        )


@dataclass(slots=True)
class Finding:
    """`derived`: it may follow from another fault (a sum, a quotient) and is silent where one is found. `late`: also where
    a rule of less precedence finds one."""

    code: str
    severity: Severity
    sentence: str
    order: int
    cells: list[Cell]
    at: Evidence | None = None
    derived: bool = False
    quote: str = ""
    beside: tuple[Cell, ...] = ()
    late: bool = False

    def issue(self) -> Issue:
        sheet, cell = self.cells[0] if self.cells else (None, None)
        spots = dict.fromkeys((*self.cells, *self.beside))
        here = tuple(address for where, address in spots if where == sheet)
        if self.at is not None and cell is None:
            at = self.at
            sentence = self.sentence.replace(f"单元格{at.locator}", at.locator)  # of a text, where there are no cells
            return Issue(self.code, self.severity, sentence, at.locator, at.quote, at.start, at.end)
        quote = self.quote or (self.at.quote if self.at is not None else "")
        locator = f"{sheet}!{cell}" if cell else (sheet or "")
        return Issue(self.code, self.severity, self.sentence, locator, quote, sheet=sheet, cell=cell, cells=here)


def shown(value: Decimal) -> str:
    """A number as a person writes it: at most two decimals, no exponent, no trailing zeros."""
    rounded = round(value, 2) if value != value.to_integral_value() else value
    text = format(rounded, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def listed(names: Sequence[str]) -> str:
    """Names in a row, of very many only the first."""
    more = f"等{len(names)}处" if len(names) > _MOST_NAMED else ""
    return "、".join(names[:_MOST_NAMED]) + more


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """One finding per fault. In order of precedence; a later one is silent when all its cells are named already,
    or when it is derived and shares a cell with an earlier one. The earlier takes over cells and severity."""
    kept: list[Finding] = []
    by_cell: dict[Cell, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=_precedence):
        earlier = _cause(finding, by_cell)
        if earlier is None:
            kept.append(finding)
            for cell in finding.cells:
                by_cell[cell].append(finding)
            continue
        if finding.severity is not Severity.NOTE:
            for cell in finding.cells:
                if cell not in earlier.cells:
                    earlier.cells.append(cell)
                    by_cell[cell].append(earlier)
        earlier.severity = min(earlier.severity, finding.severity, key=_RANK.__getitem__)
    return kept


def _precedence(finding: Finding) -> tuple[bool, bool, int]:
    return finding.severity is Severity.NOTE, finding.late, finding.order


def _cause(finding: Finding, by_cell: dict[Cell, list[Finding]]) -> Finding | None:
    """The earlier finding that already tells this fault."""
    if not finding.cells or finding.severity is Severity.NOTE:
        return None
    near = {id(one): one for cell in finding.cells for one in by_cell.get(cell, ())}
    for one in near.values():
        if finding.derived or set(finding.cells) <= set(one.cells):
            return one
    return None


def gathered(issues: Sequence[Issue]) -> list[Issue]:
    """Questions of one kind about one column of a sheet, else about one row, as one question that names all its cells."""
    return _noted_once(_by(1, "列", _by(0, "行", issues, but_columns=True)))


def _noted_once(issues: Sequence[Issue]) -> list[Issue]:
    """Notes about very many columns or rows of a sheet that nobody understood as one note."""
    groups: dict[tuple[object, ...], list[Issue]] = defaultdict(list)
    for n, one in enumerate(issues):
        groups[(one.code, one.sheet) if one.code in _OF_LABELS else ("", n)].append(one)
    return [
        one for group in groups.values() for one in ([_gathered(group, "表")] if len(group) > _MOST_NOTES else group)
    ]


def _by(side: int, word: str, issues: Sequence[Issue], but_columns: bool = False) -> list[Issue]:
    groups: dict[tuple[object, ...], list[Issue]] = defaultdict(list)
    columns = Counter((one.code, one.sheet, place_of(one.cell)[1]) for one in issues if one.cell) if but_columns else {}
    for n, one in enumerate(issues):
        place = place_of(one.cell) if one.cell else (None, None)
        alone = one.severity is not Severity.CONFIRM or place[side] is None or one.code.endswith("_place")
        if alone or columns.get((one.code, one.sheet, place[1]), 0) >= _GATHER:
            groups["", n, "", None].append(one)
        else:
            groups[one.code, one.sheet, word, place[side]].append(one)
    return [one for group in groups.values() for one in ([_gathered(group, word)] if len(group) >= _GATHER else group)]


def _gathered(group: Sequence[Issue], word: str) -> Issue:
    first = group[0]
    spots = [one.cell or "" for one in group]
    cells = dict.fromkeys(cell for one in group for cell in (one.cells or (one.cell or "",)))
    sentence = f"{first.sentence}同{word}另有{len(group) - 1}处相同情况:{listed(spots[1:])}。"
    return replace(first, sentence=sentence, cells=tuple(cells))


def doubtful(findings: Sequence[Finding], tried: int, asked: Asked | None, what: str) -> list[Finding]:
    """A relation that fails in most of many rows is a misread column: one question instead of a block per row."""
    if asked is None or len(findings) < 2 or len(findings) * 3 <= tried * 2:
        return list(findings)
    first = findings[0]
    cell = first.cells[0]
    told = asked.find([cell], value=what, other=len(findings), cell=cell[1], unit="")
    return [replace(told, cells=list(dict.fromkeys(c for one in findings for c in one.cells)))]
