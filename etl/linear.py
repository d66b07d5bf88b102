"""A linear classifier over short strings, kept in an npz file: what annotated examples teach where no rule knows a wording
(decisions 019 and 021). Trained with scikit-learn by tests/learning; at run time numpy alone is needed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

BITS = 18  # traits are told apart by so many bits of their checksum
NONE = "none"  # the class of what is nothing that the catalogue knows
_LAST = (1 << BITS) - 1
_ROUNDED = 1e-3  # more than sums of weights lose by rounding


@dataclass(frozen=True, slots=True)
class Linear:
    """`weights` holds one row for each known trait, in steps of `scale`, and a last one of zeros for all others; `row` maps
    the checksum of a trait to its row, `most` to the most by which it puts any class ahead of NONE, in the same steps;
    `start` is the most by which any is ahead without traits."""

    classes: list[str]
    intercept: npt.NDArray[np.float32]
    row: npt.NDArray[np.int32]
    weights: npt.NDArray[np.int8]
    scale: float
    most: npt.NDArray[np.int16]
    start: float

    def best(self, traits: Collection[str], out_of: npt.NDArray[np.bool_] | None = None) -> tuple[str, float]:
        """The likeliest class (of those that `out_of` marks), and by how much it is ahead of the next. `traits` are not empty
        and hold no line breaks."""
        return self._best(_slots(traits), out_of)

    def ahead(self, traits: Collection[str], least: float) -> tuple[str, float]:
        """`best` where that is a class which is ahead of the next by `least`, else NONE and 0. Most traits cannot add up to
        that, which shows before all classes are looked at."""
        slots = _slots(traits)
        if self.start + int(np.add.reduce(self.most.take(slots), dtype=np.int64)) * self.scale < least - _ROUNDED:
            return NONE, 0.0
        code, by = self._best(slots)
        return (code, by) if code != NONE and by >= least else (NONE, 0.0)

    def scores(self, traits: Collection[str]) -> npt.NDArray[np.float64]:
        """How likely each class is, in the order of `classes`."""
        return self._scores(_slots(traits))

    def _scores(self, slots: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        steps = np.add.reduce(self.weights.take(self.row.take(slots), 0), 0, np.int32)
        total: npt.NDArray[np.float64] = self.intercept + steps * self.scale
        return total

    def _best(self, slots: npt.NDArray[np.int64], out_of: npt.NDArray[np.bool_] | None = None) -> tuple[str, float]:
        total = self._scores(slots)
        if out_of is not None:
            total = np.where(out_of, total, -np.inf)
        likeliest = int(total.argmax())
        high, total[likeliest] = total[likeliest], -np.inf
        return self.classes[likeliest], float(high - total.max())


def _slots(traits: Collection[str]) -> npt.NDArray[np.int64]:
    sums = map(crc32, "\n".join(traits).encode().split(b"\n"))
    return np.fromiter(sums, np.int64, len(traits)) & _LAST


def slot(trait: str) -> int:
    """The place of a trait among 2 ** BITS."""
    return crc32(trait.encode()) & _LAST


def load(file: Path) -> Linear:
    """The classifier that `tests.learning` wrote."""
    with np.load(file) as held:
        known, classes = len(held["slots"]), held["classes"].tolist()
        row = np.full(1 << BITS, known, np.int32)
        row[held["slots"]] = np.arange(known, dtype=np.int32)
        weights = np.zeros((known + 1, len(classes)), np.int8)
        weights[np.repeat(np.arange(known), held["counts"]), held["which"]] = held["weights"]
        most, start = _ahead_of_none(classes, held["intercept"], weights)
        return Linear(classes, held["intercept"], row, weights, float(held["scale"]), most.take(row), start)


def _ahead_of_none(
    classes: list[str], intercept: npt.NDArray[np.float32], weights: npt.NDArray[np.int8]
) -> tuple[npt.NDArray[np.int16], float]:
    """The most by which each row, and the intercept, put any other class ahead of NONE."""
    none = classes.index(NONE)
    before, behind = weights[:, :none].max(1, initial=-128), weights[:, none + 1 :].max(1, initial=-128)
    most = np.maximum(before, behind).astype(np.int16) - weights[:, none]
    return most, float(np.delete(intercept, none).max() - intercept[none])
