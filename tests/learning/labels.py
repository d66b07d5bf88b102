"""`python -m tests.learning.labels`: trains the second reader of labels (etl/sheets/learned.py) on the spellings of the
catalogue, the bank of labels (tests/gold/labels) and the annotated sheets of tests/gold, and writes etl/sheets/learned.npz;
`--held sheets10,bank2` trains without these and tells how well the others teach them, writing nothing."""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from db.catalogue import load_catalogue
from db.records_layout import LayoutKind, LineLayout, LineRole, TableLayout
from etl import pipeline
from etl.addresses import place_of
from etl.linear import NONE
from etl.readers import read_file
from etl.sheets import guesses
from etl.sheets.labels import read_label
from etl.sheets.learned import FILE, PART, kind_of, possible, traits_of
from etl.sheets.vocabulary import Vocabulary, vocabulary_of
from tests.learning.training import fit, matrix, save

GOLD = Path(__file__).parent.parent / "gold"
APART = frozenset(
    (
        "sheets13",
        "sheets14",
        "sheets16",
        "sheets17",
        "sheets18",
        "sheets19",
        "sheets20",
        "sheets21",
        "sheets22",
        "bank5",
    )
)  # kept apart, to tell what is read of sheets that nobody taught
_TAUGHT = (LineRole.INDICATOR, LineRole.PART, LineRole.UNKNOWN, LineRole.BREAKDOWN)


@dataclass(frozen=True, slots=True)
class Example:
    """One label: the set it is of, its path and unit, what it is, what the rules read."""

    of: str
    path: tuple[str, ...]
    unit: str
    label: str
    by_rule: str | None


def of_catalogue(vocabulary: Vocabulary) -> Iterator[Example]:
    """The spellings themselves."""
    for word, code in vocabulary.exact.items():
        yield Example("catalogue", (word,), "", code, code)
    for word, code in vocabulary.quantities.items():
        yield Example("catalogue", (word,), "", PART + code, code)


def of_bank(file: Path, vocabulary: Vocabulary) -> Iterator[Example]:
    """The labels that people wrote down."""
    known = {one.code for one in vocabulary.catalogue.quantities}
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        part = row.get("part")
        label = row["indicator"] or (PART + part if part in known else NONE)
        path = tuple(row["path"])
        yield Example(file.stem, path, row.get("unit") or "", label, _by_rule(path, vocabulary))


def _by_rule(path: Sequence[str], vocabulary: Vocabulary) -> str | None:
    label = read_label(path, vocabulary, "")
    return None if label.rest else label.indicator or label.part


def of_sheets(folder: Path, vocabulary: Vocabulary) -> Iterator[Example]:
    """The lines of the annotated sheets of one set, as they are laid out."""
    gold: dict[str, dict[tuple[str, int, int], str]] = defaultdict(dict)
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("cell") and (spot := place_of(row["cell"])) != (None, None):
            gold[row["doc"]].setdefault((row.get("sheet") or "", *spot), row["indicator"])
    for name, cells in sorted(gold.items()):
        file = folder / "docs" / name
        found = pipeline.extract(read_file(name, file.read_bytes()), vocabulary.catalogue, name)
        for sheet in found.layouts:
            for table in sheet.tables:
                yield from _of_table(folder.name, table, cells)


def _of_table(of: str, table: TableLayout, cells: dict[tuple[str, int, int], str]) -> Iterator[Example]:
    lines = table.columns if table.kind is LayoutKind.WIDE else table.items
    for line in lines:
        if line.role not in _TAUGHT or not any(line.path):
            continue
        codes = Counter(code for (sheet, row, col), code in cells.items() if _stands_in(line, table, sheet, row, col))
        part = line.part if line.role is LineRole.PART else None
        label = codes.most_common(1)[0][0] if codes else PART + part if part else NONE
        if label == NONE and line.role is not LineRole.UNKNOWN:
            continue  # what a rule reads and nobody annotated teaches nothing
        yield Example(of, tuple(filter(None, line.path)), line.unit, label, line.indicator or line.part)


def _stands_in(line: LineLayout, table: TableLayout, sheet: str, row: int, col: int) -> bool:
    if sheet not in ("", table.sheet):
        return False
    if line.cell is not None:
        return (row, col) == line.cell
    inside = table.top <= row <= table.bottom and table.left <= col <= table.right
    return inside and line.index == (col if line.axis == "column" else row)


def everything(vocabulary: Vocabulary) -> list[Example]:
    """All examples, those kept apart too; of one label that stands in many sheets only a few."""
    found = list(of_catalogue(vocabulary))
    for file in sorted((GOLD / "labels").glob("*.jsonl")):
        found += of_bank(file, vocabulary)
    for folder in sorted(GOLD.glob("sheets*")):
        if (folder / "gold.jsonl").exists():
            found += dict.fromkeys(of_sheets(folder, vocabulary))
    return found


def report(told: object, slots: object, held: Sequence[Example], vocabulary: Vocabulary) -> None:
    """What the rules read of labels held out, and what the second reader adds at several certainties."""
    scores = told.decision_function(matrix([traits_of(e.path, e.unit, vocabulary) for e in held])[:, slots])  # type: ignore[attr-defined]
    masks = [possible(told.classes_, kind_of(e.path, e.unit), vocabulary) for e in held]  # type: ignore[attr-defined]
    scores = np.where(np.array(masks), scores, -np.inf)
    order = np.argsort(-scores, 1)
    best = told.classes_[order[:, 0]]  # type: ignore[attr-defined]
    ahead = np.take_along_axis(scores, order[:, :1], 1)[:, 0] - np.take_along_axis(scores, order[:, 1:2], 1)[:, 0]
    wanted = [e for e in held if e.label != NONE]
    right = sum(e.by_rule == e.label.removeprefix(PART) for e in wanted)
    print(f"{len(held)} labels, {len(wanted)} of something known; by rules {right} right")
    for least in (0.0, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0):
        new = [
            (e, c) for e, c, far in zip(held, best, ahead, strict=True) if not e.by_rule and c != NONE and far >= least
        ]
        good = sum(e.label == code for e, code in new)
        print(f"  ahead {least:.1f}: {good} of {len(new)} right; together {(right + good) / max(1, len(wanted)):.3f}")
        if least == 0.5:
            for e, code in new:
                if e.label != code:
                    print("     ", "/".join(e.path), e.unit, e.label, "read as", code)


def main() -> None:
    """Trains, and tells or writes."""
    guesses.reading = lambda *_: (NONE, 0.0)  # the examples are what the rules alone do not read
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held", default="", help="sets and banks to hold out, by name")
    held = set(filter(None, parser.parse_args().held.split(",")))
    vocabulary = vocabulary_of(load_catalogue())
    examples = everything(vocabulary)
    apart = [e for e in examples if e.of in held]
    kept = [e for e in examples if e.of not in held | APART]
    print(f"{len(kept)} labels, {sum(e.label != NONE for e in kept)} of something known")
    told, slots = fit([traits_of(e.path, e.unit, vocabulary) for e in kept], [e.label for e in kept])
    if apart:
        report(told, slots, apart, vocabulary)
    else:
        save(told, slots, FILE)
        print(f"{FILE.name}: {FILE.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
