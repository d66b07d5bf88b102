"""What the command line and the tests use: `build()` and the files it can write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from db.records import OrgUnitInput
from etl.samples.bad_files import write_bad_files
from etl.samples.city_sheets import canteen_book, comparison_book, export_writers, findings_book
from etl.samples.county import World, build_world
from etl.samples.facts import Fact
from etl.samples.health_sheets import coverage_books, hygiene_books, late_books, vaccination_books
from etl.samples.ledgers import rectification_books
from etl.samples.places import org_units
from etl.samples.reports import Claim, Comparison, Report
from etl.samples.sheets import (
    dropout_books,
    enrolment_books,
    ledger_books,
    preschool_books,
    restated_book,
    retention_books,
)
from etl.samples.stories import Story, build_reports, contradictions, tell
from etl.samples.tables import Book

DEFAULT_SEED = 20261124
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class SampleCounty:
    """The fictional city. `facts` is what an honest reader finds in its sheets, `stories` what happens in it,
    `contradictions` the figures of the reports that the sheets contradict."""

    world: World
    org_units: list[OrgUnitInput]
    reports: list[Report]

    @property
    def facts(self) -> list[Fact]:
        return self.world.facts

    @property
    def stories(self) -> list[Story]:
        return tell(self.world, self.reports)

    @property
    def comparisons(self) -> list[Comparison]:
        """What the reports compare, with what the sheets say of it."""
        return [each for report in self.reports for each in report.comparisons]

    @property
    def contradictions(self) -> list[Claim]:
        return contradictions(self.reports)

    def write_files(self, folder: Path, progress: Progress | None = None) -> list[Path]:
        """Writes all files into the folder; progress(done, all, file name) after each. Returns them in the
        order in which they are to be read, which is also that of their names: a correction follows what it
        corrects."""
        folder.mkdir(parents=True, exist_ok=True)
        writers = sorted(self._writers(), key=lambda writer: writer[0])
        paths = []
        for n, (name, write) in enumerate(writers, 1):
            paths.append(write(folder))
            if progress is not None:
                progress(n, len(writers), name)
        return paths

    def write_bad_files(self, folder: Path) -> list[Path]:
        """Sheets with one mistake each, for demonstrations and tests; see etl.samples.bad_files."""
        return write_bad_files(self.world, folder)

    def _writers(self) -> list[tuple[str, Callable[[Path], Path]]]:
        named: list[tuple[str, Callable[[Path], Path]]] = [(book.name, book.write) for book in self._books()]
        return [*named, *((report.name, report.write) for report in self.reports), *export_writers(self.world)]

    def _books(self) -> list[Book]:
        world = self.world
        return [
            *retention_books(world), *enrolment_books(world), restated_book(world), *preschool_books(world),
            *dropout_books(world), *ledger_books(world), *vaccination_books(world), *coverage_books(world),
            *hygiene_books(world), findings_book(), *rectification_books(world), *late_books(world), canteen_book(world), comparison_book(world),
        ]  # fmt: skip


def build(seed: int = DEFAULT_SEED) -> SampleCounty:
    """The sample of a seed: pure, and the same for the same seed."""
    world = build_world(seed)
    return SampleCounty(world, org_units(world.schools), build_reports(world))
