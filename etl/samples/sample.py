"""What the command line and the tests use: `build()` and the files it can write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from db.records import OrgUnitInput
from etl.samples.county import World, build_world
from etl.samples.facts import Fact
from etl.samples.health_sheets import coverage_books, hygiene_books, late_books, vaccination_books
from etl.samples.places import org_units
from etl.samples.sheets import (
    dropout_books,
    enrolment_books,
    ledger_books,
    preschool_books,
    restated_book,
    retention_books,
)
from etl.samples.tables import Book

DEFAULT_SEED = 20261124
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class SampleCounty:
    """The fictional city. `facts` is what an honest reader finds in its sheets."""

    world: World
    org_units: list[OrgUnitInput]

    @property
    def facts(self) -> list[Fact]:
        return self.world.facts

    def write_files(self, folder: Path, progress: Progress | None = None) -> list[Path]:
        """Writes all files into the folder; progress(done, all, file name) after each. Returns them in the
        order in which they are to be read: a correction follows what it corrects."""
        folder.mkdir(parents=True, exist_ok=True)
        writers: list[tuple[str, Callable[[Path], Path]]] = [(book.name, book.write) for book in self._books()]
        paths = []
        for n, (name, write) in enumerate(writers, 1):
            paths.append(write(folder))
            if progress is not None:
                progress(n, len(writers), name)
        return paths

    def _books(self) -> list[Book]:
        world = self.world
        return [
            *retention_books(world), *enrolment_books(world), restated_book(world), *preschool_books(world),
            *dropout_books(world), *ledger_books(world), *vaccination_books(world), *coverage_books(world),
            *hygiene_books(world), *late_books(world),
        ]  # fmt: skip


def build(seed: int = DEFAULT_SEED) -> SampleCounty:
    """The sample of a seed: pure, and the same for the same seed."""
    world = build_world(seed)
    return SampleCounty(world, org_units(world.schools))
