"""How facts add up: one unit's cells, the levels derived from them, and a parent's cells from its children's.

Pure arithmetic on small records. Rates are quotients of sums and never means; a stated rate without
numerator and denominator, a range and a missing value stand for their own unit and add nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from db.catalogue.model import Aggregation
from db.records import ObsStatus, OrgKind, Qualifier

COMPONENTS = ("KG", "CE", "SEN", "VOC", "SPE")  # what makes up ALL
COMPULSORY = ("PRI", "JUN")  # what makes up CE


@dataclass(frozen=True, slots=True)
class Fact:
    """A current observation, as far as sums need it."""

    observation_id: int
    source_kind: str
    value: float | None
    numerator: float | None
    denominator: float | None
    qualifier: str
    status: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """A fact that a person ruled to hold, as long as the value `against` stands in its cell."""

    fact: Fact
    against: float

    def holds_against(self, value: float | None) -> bool:
        return value is not None and math.isclose(value, self.against, rel_tol=1e-9, abs_tol=1e-9)


@dataclass(frozen=True, slots=True)
class Rule:
    """How an indicator adds up. `numerator` and `denominator` are ids of count indicators."""

    indicator_id: int
    aggregation: Aggregation
    multiplier: float = 1.0
    numerator: int | None = None
    denominator: int | None = None
    has_levels: bool = False
    levels: tuple[str, ...] = ()

    @property
    def is_rate(self) -> bool:
        return self.aggregation is Aggregation.RATIO


@dataclass(frozen=True, slots=True)
class Unit:
    """An org unit, as far as sums need it."""

    id: int
    parent_id: int | None
    area_id: int
    kind: str
    level: str | None
    depth: int

    @property
    def is_school(self) -> bool:
        return self.kind == OrgKind.SCHOOL.value


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands for a unit: a row of `rollup` without its key."""

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    n_units: int = 1
    method: str = "reported"  # computed | summed | reported | missing
    obs_status: str = ObsStatus.NORMAL.value
    qualifier: str = Qualifier.EXACT.value
    observation_id: int | None = None
    stated_value: float | None = None
    stated_observation_id: int | None = None
    displaced_value: float | None = None  # what would stand here without a ruling, with its counts
    displaced_numerator: float | None = None
    displaced_denominator: float | None = None
    displaced_observation_id: int | None = None

    def values(self) -> tuple[object, ...]:
        """The fields in their order."""
        return tuple(getattr(self, name) for name in CELL_FIELDS)

    def parts(self) -> tuple[float | None, float | None]:
        """The counts of a rate that enter a sum: a rate ruled to hold without counts leaves those it displaced."""
        if self.numerator is None and self.displaced_value is not None:
            return self.displaced_numerator, self.displaced_denominator
        return self.numerator, self.denominator

    def adds(self, rate: bool) -> bool:
        """Whether the cell may enter a sum."""
        if rate:
            top, base = self.parts()
            return top is not None and bool(base)
        return self.value is not None and self.qualifier != Qualifier.RANGE.value


CELL_FIELDS = tuple(field.name for field in fields(Cell))
Cells = dict[str | None, Cell]  # level to cell; None is the cell without a level


def total(rule: Rule, cells: Iterable[Cell]) -> Cell | None:
    """The sum of the cells that add: counts summed, rates as the quotient of sums; None if none adds."""
    adding = [cell for cell in cells if cell.adds(rule.is_rate)]
    if not adding or rule.aggregation is Aggregation.NONE:
        return None
    n_units = sum(cell.n_units for cell in adding)
    if not rule.is_rate:
        return Cell(sum(cell.value or 0.0 for cell in adding), n_units=n_units, method="summed")
    counts = [cell.parts() for cell in adding]
    top = sum(numerator or 0.0 for numerator, _ in counts)
    base = sum(denominator or 0.0 for _, denominator in counts)
    return Cell(rule.multiplier * top / base, top, base, n_units, "computed")


def from_children(rule: Rule, own: Mapping[str | None, Cell], children: Sequence[Mapping[str | None, Cell]]) -> Cells:
    """A parent's cells: the children's sums, and its own statement where no child adds anything."""
    cells: Cells = dict(own)
    for level in {level for child in children for level in child}:
        summed = total(rule, (child[level] for child in children if level in child))
        if summed is not None:
            stated = own.get(level) or (own.get(None) if level == "ALL" else None)
            cells[level] = summed if stated is None else _beside(summed, stated)
    return cells


def _beside(summed: Cell, stated: Cell) -> Cell:
    """The children's sum, with what the unit itself stated kept beside it."""
    if stated.stated_observation_id is not None:
        return replace(summed, stated_value=stated.stated_value, stated_observation_id=stated.stated_observation_id)
    return replace(summed, stated_value=stated.value, stated_observation_id=stated.observation_id)


def with_rulings(rule: Rule, cells: Mapping[str | None, Cell], ruled: Mapping[str | None, Ruled]) -> Cells:
    """The cells with the values that rulings put in their place."""
    return {
        level: _by_ruling(rule, cell, ruled[level].fact)
        if level in ruled and ruled[level].holds_against(cell.value)
        else cell
        for level, cell in cells.items()
    }


def _by_ruling(rule: Rule, cell: Cell, fact: Fact) -> Cell:
    """The ruled value; its counts only where they make the rate that the document prints."""
    top, base = fact.numerator, fact.denominator
    computed = rule.multiplier * top / base if rule.is_rate and top is not None and base else None
    agree = computed is not None and fact.value is not None and abs(computed - fact.value) <= 0.05
    return replace(
        cell,
        value=computed if agree else fact.value,
        numerator=top if agree else None,
        denominator=base if agree else None,
        method="computed" if agree else "reported",
        qualifier=fact.qualifier,
        observation_id=fact.observation_id,
        displaced_value=cell.value,
        displaced_numerator=cell.numerator,
        displaced_denominator=cell.denominator,
        displaced_observation_id=cell.observation_id,
    )


def with_derived_levels(rule: Rule, unit: Unit, cells: Cells) -> Cells:
    """Adds CE and ALL where nobody stated them.

    A school is the sum of the levels it has. Of a place that states only some of its levels no total is
    made: it would be too small without showing it.
    """
    if not rule.has_levels and all(level is None for level in cells):
        return cells
    derived = dict(cells)
    if "CE" not in derived:
        _derive(rule, unit, derived, "CE", COMPULSORY)
    if "ALL" not in derived:
        if None in derived:
            derived["ALL"] = derived[None]
        else:
            _derive(rule, unit, derived, "ALL", COMPONENTS)
    return derived


def _derive(rule: Rule, unit: Unit, cells: Cells, level: str, parts: Sequence[str]) -> None:
    present = [part for part in parts if part in cells]
    if not present:
        return
    if unit.is_school:
        if len(present) == 1 and (_is_all_of(unit, present[0]) or cells[present[0]].adds(rule.is_rate)):
            cells[level] = cells[present[0]]
            return
    elif not _complete(rule, present, level):
        return
    summed = total(rule, (cells[part] for part in present))
    if summed is not None:
        cells[level] = replace(summed, n_units=max(cells[part].n_units for part in present))


def _is_all_of(unit: Unit, part: str) -> bool:
    return unit.level == part or (part == "CE" and unit.level in COMPULSORY)


def _complete(rule: Rule, present: Sequence[str], level: str) -> bool:
    if level == "CE":
        return set(present) == set(COMPULSORY)
    expected = {"CE" if part in COMPULSORY else part for part in rule.levels if part != "ALL"}
    return expected <= set(present)


def fold(
    rule: Rule,
    units: Sequence[Unit],
    own: Mapping[int, Cells],
    outer: Mapping[int, Sequence[Cells]],
    ruled: Mapping[int, Mapping[str | None, Ruled]] | None = None,
) -> dict[int, Cells]:
    """Every unit's cells of one indicator, period and set of remaining dims, from the leaves up.

    `units` are one county's (or one unit above the counties), in any order; `outer` holds for a unit the
    finished cells of its children that belong to other areas, `ruled` the facts that people ruled to hold.
    """
    result: dict[int, Cells] = {}
    waiting: dict[int, list[Cells]] = {unit_id: list(cells) for unit_id, cells in outer.items()}
    for unit in sorted(units, key=lambda unit: -unit.depth):
        children = waiting.get(unit.id, [])
        cells = own.get(unit.id, {})
        if children:
            cells = from_children(rule, cells, children)
        if not cells:
            continue
        rulings = (ruled or {}).get(unit.id, {})
        cells = with_rulings(rule, cells, rulings)
        derived = with_derived_levels(rule, unit, cells)
        late = {level: one for level, one in rulings.items() if level not in cells}
        result[unit.id] = with_rulings(rule, derived, late) if late else derived
        if unit.parent_id is not None:
            waiting.setdefault(unit.parent_id, []).append(result[unit.id])
    return result
