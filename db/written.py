"""Facts that an import has just put where the store held none: the sums take them from here and need not read them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from db.records import ObsStatus, Qualifier, SourceKind
from db.school_cells import Facts, Floats, Ints


@dataclass(frozen=True, slots=True)
class Written:
    """All facts of some areas and indicators in one period, exact values of sheets, in the order of their areas."""

    indicators: frozenset[int]
    area: Ints
    unit: Ints
    indicator: Ints
    dim: Ints
    id: Ints
    value: Floats
    sole: bool = False  # in their areas the store holds nothing else, of whatever period or indicator

    @classmethod
    def of(
        cls, area: Ints, unit: Ints, indicator: Ints, dim: Ints, number: Ints, value: Floats, *, sole: bool = False
    ) -> Written:
        """From facts in any order."""
        order = np.argsort(area, kind="stable")
        about = frozenset(np.unique(indicator).tolist())
        return cls(about, area[order], unit[order], indicator[order], dim[order], number[order], value[order], sole)

    @classmethod
    def together(cls, parts: Sequence[Written]) -> Written:
        """Several of one period, about the same indicators, as one."""
        names = ("area", "unit", "indicator", "dim", "id", "value")
        arrays = [np.concatenate([getattr(part, name) for part in parts]) for name in names]
        return cls.of(*arrays, sole=all(part.sole for part in parts))

    def areas_among(self, areas: Sequence[int]) -> set[int]:
        """Those of some areas that facts are of."""
        wanted = np.array(areas, np.int64)
        first, end = self._spans(wanted)
        return set(wanted[first < end].tolist())

    def facts(self, areas: Sequence[int], period_id: int, indicators: Sequence[int]) -> Facts:
        """The facts of some areas and indicators."""
        first, end = self._spans(np.array(sorted(areas), np.int64))
        spans = [np.arange(*span) for span in zip(first.tolist(), end.tolist(), strict=True)]
        rows = np.concatenate([np.zeros(0, np.int64), *spans])
        if not self.indicators <= set(indicators):
            rows = rows[np.isin(self.indicator[rows], list(indicators))]
        none = np.full(len(rows), np.nan)
        sheet, exact, normal = (
            np.full(len(rows), text.value, object) for text in (SourceKind.SHEET, Qualifier.EXACT, ObsStatus.NORMAL)
        )
        return Facts(
            self.area[rows], self.unit[rows], self.indicator[rows], self.dim[rows], np.full(len(rows), period_id),
            self.id[rows], sheet, self.value[rows], none, none, exact, normal,
        )  # fmt: skip

    def _spans(self, areas: Ints) -> tuple[Ints, Ints]:
        first, end = (np.searchsorted(self.area, areas, side) for side in ("left", "right"))
        return first, end
