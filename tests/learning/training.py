"""Fits a linear classifier over traits and writes it as etl/linear.py reads it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.svm import LinearSVC

from etl.linear import BITS, slot


def matrix(traits: Sequence[Collection[str]]) -> sp.csr_matrix:
    """One row an example, one column a slot."""
    places = [sorted({slot(trait) for trait in told}) for told in traits]
    starts = np.cumsum([0, *map(len, places)])
    at = np.fromiter((n for row in places for n in row), np.int32, int(starts[-1]))
    return sp.csr_matrix((np.ones(len(at), np.float32), at, starts), shape=(len(traits), 1 << BITS))


def fit(
    traits: Sequence[Collection[str]], labels: Sequence[str], seen: int = 2, small: float = 0.015, regular: float = 0.1
) -> tuple[LinearSVC, npt.NDArray[np.int64]]:
    """The classifier and the slots that it knows: those of at least `seen` examples; weights below `small` are left out."""
    everywhere = matrix(traits)
    slots = np.flatnonzero(np.asarray(everywhere.sum(0)).ravel() >= seen)
    told = LinearSVC(C=regular, random_state=0)
    told.fit(everywhere[:, slots], list(labels))
    told.coef_[np.abs(told.coef_) < small] = 0
    return told, slots


def save(told: LinearSVC, slots: npt.NDArray[np.int64], file: Path) -> None:
    """Writes the weights in 255 steps, trait by trait."""
    by_trait = sp.csr_matrix(told.coef_.T)
    scale = float(np.abs(by_trait.data).max()) / 127
    np.savez_compressed(
        file, classes=np.array([str(one) for one in told.classes_]), intercept=told.intercept_.astype(np.float32),
        slots=slots.astype(np.int32), counts=np.diff(by_trait.indptr).astype(np.uint8), which=by_trait.indices.astype(np.uint8),
        weights=np.round(by_trait.data / scale).astype(np.int8), scale=np.float32(scale),
    )  # fmt: skip
