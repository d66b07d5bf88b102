"""Values that a form may hold: parts within their wholes, sums that come out, rates in their usual range."""

from __future__ import annotations

from random import Random

from db.catalogue import Catalogue, Form
from db.catalogue.forms import FormColumn, Stage


class Valid:
    """The counts of one unit in one sheet, by the key of the column."""

    def __init__(self, form: Form, stage: Stage, catalogue: Catalogue, random: Random) -> None:
        self.columns = {column.key: column for column in form.columns_of(stage)}
        self.catalogue = catalogue
        self.random = random
        self.values: dict[str, int] = {}
        for key, column in self.columns.items():
            if column.kind == "count" and not column.is_computed:
                self._give(key)

    def _give(self, key: str) -> int:
        if key not in self.values:
            self.values[key] = -1  # a column that rests on itself would be given -1
            self.values[key] = self._chosen(self.columns[key])
        return self.values[key]

    def _chosen(self, column: FormColumn) -> int:
        whole = self._split_of(column.key)
        if whole is not None:
            return self._split(whole, column.key)
        for sums in column.equals:
            if sums.minus:
                plus = sum(self._give(key) for key in sums.plus if key in self.columns)
                return plus - sum(self._give(key) for key in sums.minus if key in self.columns)
        rate = next((one for one in self.columns.values() if one.rate and one.rate.of == column.key), None)
        if rate is not None and rate.rate is not None:
            return self._share(rate, sum(self._worth(key) for key in rate.rate.per if key in self.columns))
        if column.within is not None:
            return self.random.randint(0, self._give(column.within))
        return self._free(column)

    def _worth(self, key: str) -> int:
        """A column's value, worked out where the sheet does so."""
        sums = self.columns[key].sum
        if sums is None:
            return self._give(key)
        return sum(self._give(one) for one in sums.plus) - sum(self._give(one) for one in sums.minus)

    def _share(self, rate: FormColumn, whole: int) -> int:
        low, high = self.catalogue.indicator(rate.measure or "").plausible or (0, 100)
        least, most = -int(-whole * float(low) // 100), int(whole * min(float(high), 100.0) // 100)
        return self.random.randint(least, max(least, most))

    def _free(self, column: FormColumn) -> int:
        if column.measure == "canteens":
            return self.random.randint(1, 3)
        if column.measure == "suspected_dropout_count" and "confirmed" in self.columns:
            return self.random.randint(0, self._give("confirmed"))
        if column.measure in ("classes", "teachers"):
            pupils = next(self._give(key) for key in ("pupils", "children") if key in self.columns)
            return -(-pupils // self.random.randint(20, 50))
        if column.measure in ("left_behind_children", "migrant_children"):
            return self.random.randint(0, next(self._give(k) for k in ("pupils", "children") if k in self.columns))
        return self.random.randint(0, 2) if self._is_change(column.key) else self.random.randint(120, 900)

    def _is_change(self, key: str) -> bool:
        """Whether it is added to or taken off something large: the first of what is added up."""
        for one in self.columns.values():
            if one.sum is not None and key in (*one.sum.plus, *one.sum.minus):
                return True
            for sums in one.equals:
                first = next((name for name in sums.plus if name in self.columns), None)
                if sums.minus and key != first and key in (*sums.plus, *sums.minus):
                    return True
        return False

    def _split_of(self, key: str) -> str | None:
        """The column that this one is a part of, where the parts make it up."""
        return next(
            (
                whole
                for whole, column in self.columns.items()
                for sums in column.equals
                if not sums.minus and key in sums.plus
            ),
            None,
        )

    def _split(self, whole: str, key: str) -> int:
        """Cut the whole into its parts, and give the one that was asked for."""
        total = self._give(whole)
        for sums in self.columns[whole].equals:
            parts = [part for part in sums.plus if part in self.columns]
            shares = {part: self._part(part, total) for part in parts}
            rest = total
            for n, part in enumerate(sorted(parts, key=lambda one: shares[one] is None)):
                free = self.random.randint(0, rest) if shares[part] is None else min(shares[part] or 0, rest)
                self.values[part] = rest if n == len(parts) - 1 else free
                rest -= self.values[part]
        return self.values[key]

    def _part(self, key: str, total: int) -> int | None:
        """What a part must be whatever the others are; None: anything."""
        if self.columns[key].measure == "vac_contraindicated_count":
            return min(total // 60, 4)
        rate = next((one for one in self.columns.values() if one.rate and one.rate.of == key), None)
        return None if rate is None else self._share(rate, total)
