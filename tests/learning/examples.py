"""The numbers of the annotated documents (tests/gold) with their traits and what they are."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from db.catalogue import load_catalogue
from etl.linear import NONE
from etl.readers import read_file
from etl.reports.cleaning import clean
from etl.reports.found import Situation
from etl.reports.lexicon import lexicon_of
from etl.reports.numbers import Number
from etl.reports.segments import find_reports
from etl.reports.situations import read_report
from etl.reports.traits import traits

GOLD = Path(__file__).parent.parent / "gold"
CASES = Path(__file__).parent.parent / "etl" / "reports"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """One number: the set it is of, its traits, the codes that are right (none: it is no observation), what the rules read."""

    of: str
    told: frozenset[str]
    codes: tuple[str, ...]
    required: bool
    by_rule: str | None
    refused: str | None

    @property
    def label(self) -> str:
        """What the model should say."""
        if not self.codes:
            return NONE
        return self.by_rule if self.by_rule in self.codes else self.codes[0]


def rows(path: Path) -> list[Row]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def of_documents(folder: Path) -> Iterator[Example]:
    """The numbers of the documents of one annotated set."""
    by_document: dict[str, list[Row]] = defaultdict(list)
    for row in rows(folder / "gold.jsonl"):
        by_document[row["doc"]].append(row)
    docs = folder / "docs" if (folder / "docs").exists() else folder
    for name, wanted in sorted(by_document.items()):
        text = read_file(name, (docs / name).read_bytes()).text
        placed, lost = _placed(wanted, text)
        for start, end, s, number in _numbers(text, name):
            here = [row for row in placed if row["start"] < end and start < row["end"]]
            if text[start:end] not in lost or here:
                yield _example(folder.name, s, number, here)


def of_passages(path: Path) -> Iterator[Example]:
    """The numbers of passages that stand alone (`want`: code, value, level)."""
    for k, row in enumerate(rows(path)):
        for _, _, s, number in _numbers(row["text"], "passage.txt"):
            codes = [w[0] for w in row["want"] if abs(w[1] - float(number.value)) < 1e-6]
            yield _example(f"{path.stem}-{k % 5}", s, number, [{"indicator": code} for code in codes])


def of_cases(path: Path) -> Iterator[Example]:
    """The numbers of the cases of one file of tests/etl/reports (`want`: rows of code, value, unit)."""
    for case in yaml.safe_load(path.read_text(encoding="utf-8")):
        wanted = [row.split() for row in case.get("want", [])]
        for _, _, s, number in _numbers(case["text"], "case.txt"):
            codes = [row[0] for row in wanted if Decimal(row[1]) == number.value]
            yield _example(path.stem, s, number, [{"indicator": code} for code in codes])


def _example(of: str, s: Situation, number: Number, here: Iterable[Row]) -> Example:
    here = sorted(here, key=lambda row: row.get("need", "must") != "must")
    codes = [code for row in here for code in (row["indicator"], *(row.get("indicator_alternatives") or ()))]
    overlaps = [f for f in s.bound if f.start < number.end and number.start < f.end]
    refused = next((r.reason for r in s.refused if r.start == number.start and not r.code), None)
    required = any(row.get("need", "must") == "must" for row in here)
    rule = next((f.code for f in overlaps), None)
    return Example(of, frozenset(traits(s, number)), tuple(dict.fromkeys(codes)), required, rule, refused)


def _numbers(text: str, name: str) -> Iterator[tuple[int, int, Situation, Number]]:
    lexicon = lexicon_of(load_catalogue())
    copy = clean(text, lexicon.crosses)
    for report in find_reports(copy.text, name):
        for start, s in read_report(report, lexicon, twice=False):
            for number in s.numbers:
                yield *copy.span(start + number.start, start + number.end), s, number


def _placed(wanted: Iterable[Row], text: str) -> tuple[list[Row], set[str]]:
    """The rows with offsets, found by their quotation where the annotation gives none; texts that could not be found."""
    where = [n for n, char in enumerate(text) if not char.isspace()]
    flat = "".join(text[n] for n in where)
    placed, lost = [], set()
    for row in wanted:
        if row.get("start") is not None:
            placed.append(row)
            continue
        quote = "".join(row.get("quote", "").replace("⏎", "").split())
        printed = "".join(str(row["text"]).split())
        at = flat.find(quote) if quote and not row.get("cell") else -1
        places = [m.start() for m in re.finditer(re.escape(printed), quote)] if at >= 0 else []
        if not places:
            lost.add(printed)
            continue
        middle = len(quote) / 2
        nearest = min(places, key=lambda p: abs(p + len(printed) / 2 - middle))
        first = at + nearest
        placed.append({**row, "start": where[first], "end": where[first + len(printed) - 1] + 1})
    return placed, lost
