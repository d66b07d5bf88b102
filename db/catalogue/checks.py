"""What pydantic cannot see in one field: references, doubles, levels, bands, and spellings claimed twice."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from db.catalogue.model import Aggregation, FindingCategory, Indicator, Target, Vaccine
from db.catalogue.model_base import Strict

M = TypeVar("M", bound=Strict)
# docs/contract.md names the values of each
DIMENSIONS = (
    "level", "vaccine", "dose", "sex", "area", "stage", "basis", "sponsor", "placement", "session",
    "grade", "grade_abc", "object", "disease", "category",
)  # fmt: skip
SPELLING_FIELDS = ("synonyms", "sheet_synonyms", "prose_synonyms")


@dataclass(frozen=True, slots=True)
class Entry(Generic[M]):
    """A parsed entry with the file and the path where it stands."""

    file: str
    path: str
    item: M

    def mistake(self, field: str, what: str) -> Mistake:
        return Mistake(self.file, f"{self.path}.{field}", what)


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong (Chinese), in which file and at which path."""

    file: str
    path: str
    what: str


Indicators = Sequence[Entry[Indicator]]
Targets = Sequence[Entry[Target]]
Vaccines = Sequence[Entry[Vaccine]]
Categories = Sequence[Entry[FindingCategory]]


def mistakes(indicators: Indicators, targets: Targets, vaccines: Vaccines, categories: Categories) -> Iterator[Mistake]:
    """Every mistake within and between entries."""
    yield from _doubled_codes([(entry, entry.item.code) for entry in indicators])
    yield from _doubled_codes([(entry, entry.item.code) for entry in vaccines])
    by_code = {entry.item.code: entry.item for entry in indicators}
    for entry in indicators:
        yield from _fraction(entry, by_code)
        yield from _dimensions(entry)
        yield from _bands(entry)
    yield from _doubled_spellings(indicators)
    yield from _doubled_vaccine_spellings(vaccines)
    for target in targets:
        yield from _target(target, by_code, {vaccine.item.code for vaccine in vaccines})
    yield from _overlapping_targets(targets)
    yield from _doubled_codes([(entry, entry.item.code) for entry in categories])
    for category in categories:
        if category.item.indicator not in by_code:
            yield category.mistake("indicator", f"没有代码为 {category.item.indicator} 的指标")
    yield from _doubled_words(categories)


def _doubled_words(categories: Categories) -> Iterator[Mistake]:
    """A word tells one kind of problem."""
    owner: dict[str, str] = {}
    for entry in categories:
        for n, word in enumerate(entry.item.words):
            code = owner.setdefault(word, entry.item.code)
            if code != entry.item.code or not word:
                yield entry.mistake(f"words.{n}", f"“{word}”已是 {code} 的说法")


def _doubled_codes(entries: Sequence[tuple[Entry[M], str]]) -> Iterator[Mistake]:
    first: dict[str, Entry[M]] = {}
    for entry, code in entries:
        if code in first:
            yield entry.mistake("code", f"代码 {code} 已用于 {first[code].file} 的 {first[code].path}")
        first.setdefault(code, entry)


def _fraction(entry: Entry[Indicator], by_code: Mapping[str, Indicator]) -> Iterator[Mistake]:
    item = entry.item
    for role in ("numerator", "denominator"):
        named = getattr(item, role)
        if named is None:
            continue
        if named not in by_code:
            yield entry.mistake(role, f"没有代码为 {named} 的指标")
        elif by_code[named].aggregation not in (Aggregation.STOCK, Aggregation.FLOW):
            yield entry.mistake(role, f"{named} 不是计数,不能作分子或分母")
    if (item.numerator is None) != (item.denominator is None):
        missing = "numerator" if item.numerator is None else "denominator"
        yield entry.mistake(missing, "分子、分母的代码要同时给出,或都不给")
    if item.aggregation is Aggregation.RATIO:
        for text in ("numerator_zh", "denominator_zh"):
            if not getattr(item, text):
                yield entry.mistake(text, "比率须用文字写明分子和分母")
    if item.unit == "percent" and item.multiplier != 100:
        yield entry.mistake("multiplier", f"百分比的 multiplier 应为 100,现为 {item.multiplier}")


def _dimensions(entry: Entry[Indicator]) -> Iterator[Mistake]:
    item = entry.item
    for n, dim in enumerate(item.dims):
        if dim not in DIMENSIONS:
            yield entry.mistake(f"dims.{n}", f"没有维度 {dim},只能是 {'、'.join(DIMENSIONS)}")
    if item.named and "basis" not in item.dims:
        yield entry.mistake("named", "按人、按剂次分别命名的,dims 须含 basis")
    if item.basis:
        yield entry.mistake("basis", "basis 由数据给出,目录里不写")
    if "level" in item.dims and item.default_level is None:
        yield entry.mistake("default_level", "dims 含 level,须写明默认学段")
    if item.default_level is not None and item.default_level not in item.levels:
        yield entry.mistake("default_level", f"默认学段 {item.default_level} 不在 levels 之内")


def _bands(entry: Entry[Indicator]) -> Iterator[Mistake]:
    low, high = entry.item.bounds
    if low is not None and high is not None and low >= high:
        yield entry.mistake("bounds", f"下限 {low} 应小于上限 {high}")
    if entry.item.plausible is None:
        return
    least, most = entry.item.plausible
    if least >= most:
        yield entry.mistake("plausible", f"下限 {least} 应小于上限 {most}")
    if not (_within(least, entry.item) and _within(most, entry.item)):
        yield entry.mistake("plausible", f"合理范围 {least}—{most} 超出了 bounds")


def _within(value: Decimal, indicator: Indicator) -> bool:
    low, high = indicator.bounds
    return (low is None or value >= low) and (high is None or value <= high)


def _plain(word: str) -> str:
    """A spelling as extractors compare it: compatibility forms, no spaces or punctuation, lower case."""
    return "".join(c for c in unicodedata.normalize("NFKC", word).casefold() if c.isalnum())


def _doubled_spellings(indicators: Indicators) -> Iterator[Mistake]:
    """A spelling belongs to one indicator, unless the unit of the number tells two apart."""
    owner: dict[tuple[str, str], str] = {}
    for entry in indicators:
        owner.setdefault((_plain(entry.item.name_zh), entry.item.unit), entry.item.code)
    for entry in indicators:
        written: set[str] = set()
        for field in SPELLING_FIELDS:
            if field == "prose_synonyms":  # a word may be safe as a label and, with a measure word, in prose
                written -= set(entry.item.sheet_synonyms)
            for n, word in enumerate(getattr(entry.item, field)):
                if not _plain(word):
                    yield entry.mistake(f"{field}.{n}", "不能是空的写法")
                if word in written:
                    yield entry.mistake(f"{field}.{n}", f"“{word}”在本指标中写了两遍")
                written.add(word)
                code = owner.setdefault((_plain(word), entry.item.unit), entry.item.code)
                if code != entry.item.code:
                    yield entry.mistake(f"{field}.{n}", f"“{word}”已是 {code} 的写法,单位相同,无法区分")


def _doubled_vaccine_spellings(vaccines: Vaccines) -> Iterator[Mistake]:
    owner: dict[str, str] = {}
    for entry in vaccines:
        for n, word in enumerate(entry.item.spellings):
            code = owner.setdefault(_plain(word), entry.item.code)
            if code != entry.item.code:
                yield entry.mistake(f"spellings.{n}", f"“{word}”已是 {code} 的写法")


def _target(entry: Entry[Target], by_code: Mapping[str, Indicator], vaccines: set[str]) -> Iterator[Mistake]:
    item = entry.item
    indicator = by_code.get(item.indicator)
    if indicator is None:
        yield entry.mistake("indicator", f"没有代码为 {item.indicator} 的指标")
        return
    known: dict[str, set[str]] = {"level": {*indicator.levels}, "vaccine": vaccines | {"ALL"}}
    for name, value in item.dims.items():
        if name not in indicator.dims:
            yield entry.mistake(f"dims.{name}", f"{item.indicator} 没有维度 {name}")
        elif value not in known.get(name, {value}):
            yield entry.mistake(f"dims.{name}", f"{item.indicator} 的 {name} 不能是 {value}")
    if not _within(item.value, indicator):
        yield entry.mistake("value", f"目标值 {item.value} 超出 {item.indicator} 的上下限")
    if item.valid_to is not None and item.valid_to <= item.valid_from:
        yield entry.mistake("valid_to", f"终止日 {item.valid_to} 应晚于起始日 {item.valid_from}")


def _overlapping_targets(targets: Targets) -> Iterator[Mistake]:
    """Two targets of one indicator, level and dims may not hold on the same day."""
    held: dict[tuple[object, ...], list[Entry[Target]]] = {}
    for entry in targets:
        item = entry.item
        same = held.setdefault((item.indicator, tuple(sorted(item.dims.items())), item.applies_to), [])
        for other in same:
            ends_before = item.valid_to is not None and item.valid_to <= other.item.valid_from
            starts_after = other.item.valid_to is not None and other.item.valid_to <= item.valid_from
            if not (ends_before or starts_after):
                yield entry.mistake("valid_from", f"与 {other.path} 的有效期重叠,请先给旧目标写 valid_to")
        same.append(entry)
