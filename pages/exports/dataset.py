"""What a view shows, ready for every format: the numbers, what they mean, where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pages.exports.csv import csv_bytes
from pages.exports.sdmx import Observation, sdmx_csv
from pages.exports.table import Table
from pages.exports.xlsx import xlsx_bytes


@dataclass(frozen=True, slots=True)
class Dataset:
    """One sheet each of numbers, definitions and sources; `meaning` holds the definition of each row of `data`,
    `observations` the same rows under their codes (none for a table that holds no values of indicators)."""

    data: Table
    definitions: Table | None = None
    sources: Table | None = None
    meaning: Sequence[str] = ()
    meaning_name: str = ""
    observations: tuple[Observation, ...] = ()


def as_csv(dataset: Dataset) -> bytes:
    """The numbers with their definition in a last column: a plain rectangle, so that a program reads it too."""
    frame = dataset.data.frame
    if dataset.meaning_name:
        frame = frame.assign(
            **{dataset.meaning_name: pd.Series(list(dataset.meaning), index=frame.index, dtype=object)}
        )
    return csv_bytes(Table(dataset.data.title, frame))


def as_xlsx(dataset: Dataset) -> bytes:
    """A workbook: numbers, definitions, sources."""
    return xlsx_bytes([each for each in (dataset.data, dataset.definitions, dataset.sources) if each is not None])


def as_sdmx(dataset: Dataset) -> bytes:
    """The values as SDMX-CSV."""
    return sdmx_csv(dataset.observations)
