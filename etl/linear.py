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


@dataclass(frozen=True, slots=True)
class Linear:
    """`weights` holds one row for each known trait, in steps of `scale`, and a last one of zeros for all others; `row` maps
    the checksum of a trait to its row."""

    classes: list[str]
    intercept: npt.NDArray[np.float32]
    row: npt.NDArray[np.int32]
    weights: npt.NDArray[np.int8]
    scale: float

    def best(self, traits: Collection[str], out_of: npt.NDArray[np.bool_] | None = None) -> tuple[str, float]:
        """The likeliest class (of those that `out_of` marks), and by how much it is ahead of the next. `traits` are not empty
        and hold no line breaks."""
        sums = map(crc32, "\n".join(traits).encode().split(b"\n"))
        rows = self.row.take(np.fromiter(sums, np.int64, len(traits)) & _LAST)
        total = self.intercept + self.weights.take(rows, 0).sum(0, np.int32) * self.scale
        if out_of is not None:
            total = np.where(out_of, total, -np.inf)
        likeliest = int(total.argmax())
        high, total[likeliest] = total[likeliest], -np.inf
        return self.classes[likeliest], float(high - total.max())


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
        return Linear(classes, held["intercept"], row, weights, float(held["scale"]))
