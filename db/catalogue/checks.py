"""What one entry alone cannot know: references, doubles, levels, bands and spellings claimed twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from db.catalogue.model import Indicator, Strict, Target, Vaccine

M = TypeVar("M", bound=Strict)


@dataclass(frozen=True, slots=True)
class Entry(Generic[M]):
    """A parsed entry with the file and path where it stands."""

    file: str
    path: str
    item: M


@dataclass(frozen=True, slots=True)
class Mistake:
    file: str
    path: str
    what: str


Indicators = Sequence[Entry[Indicator]]


def mistakes(
    indicators: Indicators, targets: Sequence[Entry[Target]], vaccines: Sequence[Entry[Vaccine]]
) -> Iterator[Mistake]:
    """Every mistake between entries, in the order of the files."""
    yield from _doubled_codes(indicators)
    yield from _doubled_codes(vaccines)
    by_code = {entry.item.code: entry.item for entry in indicators}
    for entry in indicators:
        yield from _indicator(entry, by_code)


def _at(entry: Entry[M], field: str, what: str) -> Mistake:
    return Mistake(entry.file, f"{entry.path}.{field}" if field else entry.path, what)


def _doubled_codes(entries: Sequence[Entry[Indicator]] | Sequence[Entry[Vaccine]]) -> Iterator[Mistake]:
    first: dict[str, Entry[Indicator] | Entry[Vaccine]] = {}
    for entry in entries:
        code = entry.item.code
        if code in first:
            yield Mistake(entry.file, f"{entry.path}.code", f"代码 {code} 已在 {first[code].file} 用过")
        first.setdefault(code, entry)


def _indicator(entry: Entry[Indicator], by_code: dict[str, Indicator]) -> Iterator[Mistake]:
    item = entry.item
    for role, named in (("numerator", item.numerator), ("denominator", item.denominator)):
        if named is not None and named not in by_code:
            yield _at(entry, role, f"没有代码为 {named} 的指标")
