"""Extraction of a report against the cheapest useful look at the same text: jieba's word cut. Processor time: both run in
this process and on one core."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from time import process_time

from db.catalogue import load_catalogue
from db.records import Reading
from etl import pipeline
from etl.readers import read_file
from tests.bench.measure import ROOT, Figure, compared
from tests.conftest import COMPILATION

COPIES = 20


@cache
def text() -> str:
    """The real compilation where it lies beside the checkout, else the project's own reports, one after the other."""
    if COMPILATION.exists():
        return read_file(COMPILATION.name, COMPILATION.read_bytes()).text
    own = sorted((ROOT / "tests" / "gold").glob("reports*/docs/*"))
    return "\n".join(read_file(path.name, path.read_bytes()).text for path in own)


@cache
def reading(copies: int) -> Reading:
    return read_file("汇编.txt", (text() + "\n").encode() * copies)


def extract() -> None:
    pipeline.extract(reading(1), load_catalogue(), "汇编.txt")


def extract_copies() -> None:
    pipeline.extract(reading(COPIES), load_catalogue(), "汇编.txt")


def cut() -> None:
    """jieba loads its dictionary at the first cut, which is not measured."""
    import jieba

    jieba.setLogLevel("ERROR")
    jieba.lcut(text())


def figures(repeats: int) -> Iterator[Figure]:
    extract(), cut()  # patterns and dictionary
    yield compared(f"抽取 {len(text())} 字的汇编", extract, "jieba.lcut 同一文本", cut, 1.0, repeats, process_time)
    once = "抽取一份"
    limit, few = COPIES * 1.1, max(2, repeats // 2)
    yield compared(f"抽取 {COPIES} 份汇编相连", extract_copies, once, extract, limit, few, process_time)
