"""The catalogue's spellings in the form in which labels are compared."""

from __future__ import annotations

from functools import cached_property

from db.catalogue import Catalogue
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.morphology import by_code, due_and_done

_PERIOD_CHARS = "0123456789年月日季度学期上下半春秋第一二三四五六七八九十届级基期数完成实际绩现状剂次针ABCD未分评定不予施参加进行量化管理其中初高小大班"


class Vocabulary:
    """The catalogue's spellings in the form in which labels are compared."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        spellings: dict[str, str] = {}
        blocked: dict[str, set[str]] = {}
        for indicator in catalogue.indicators:
            names = (indicator.name_zh, *indicator.synonyms, *indicator.sheet_synonyms)
            bare = {words.split_unit(compact(name))[0] for name in names} - words.BREAKDOWN_WORDS
            for name in (*names, *bare):
                spellings.setdefault(words.PUNCTUATION.sub("", compact(name)), indicator.code)
            for name in indicator.not_synonyms:
                blocked.setdefault(indicator.code, set()).add(words.PUNCTUATION.sub("", compact(name)))
        for word in ("", *words.BREAKDOWN_WORDS):
            spellings.pop(word, None)  # 特殊教育学校 heads a column of that level, whatever the rows count
        spellings |= due_and_done(catalogue, spellings)
        self.exact = spellings
        self.names = by_code(spellings)
        self.quantities = {
            words.PUNCTUATION.sub("", compact(word)): quantity.code
            for quantity in catalogue.quantities
            for word in (quantity.name_zh, *quantity.spellings)
        }
        self.longest = sorted(spellings, key=lambda word: -len(word))
        self.blocked = blocked
        self.vaccines = sorted(
            ((compact(word), vaccine.code) for vaccine in catalogue.vaccines for word in _vaccine_words(vaccine)),
            key=lambda pair: -len(pair[0]),
        )
        self.levels = {i.code: tuple(level for level in i.levels if level != "ALL") for i in catalogue.indicators}
        self.aggregation = {i.code: i.aggregation for i in catalogue.indicators}
        self.units = {i.code: i.unit for i in catalogue.indicators}
        self.dims = {i.code: frozenset(i.dims) for i in catalogue.indicators}

    @cached_property
    def group_chars(self) -> frozenset[str]:
        """Every character that a label made of groups, sums, periods and filler alone can hold."""
        tables = (
            words.GRADE_WORDS, words.PLACEMENT_WORDS, words.STAGE_WORDS, words.SPONSOR_WORDS, words.LEVEL_WORDS,
            words.AREA_WORDS, words.BASIS_WORDS, words.SEX_WORDS, words.SESSION_WORDS,
        )  # fmt: skip
        found = [word for table in tables for word in table] + [word for word, _ in self.vaccines]
        found += [*words.FILLER, *words.LAST_YEAR_WORDS, *words.CUMULATIVE_WORDS, *words.CURRENT_WORDS, *words.NEUTRAL]
        return frozenset("".join(found) + _PERIOD_CHARS)

    def family(self, code: str) -> tuple[str, ...]:
        """An indicator and the rates whose numerator or denominator it is."""
        made = (i.code for i in self.catalogue.indicators if code in (i.numerator, i.denominator) and code)
        return (code, *made)

    def candidates(self, key: str) -> list[tuple[str, str]]:
        """(spelling, code) of every spelling inside the label, longest first."""
        found = [(word, self.exact[word]) for word in self.longest if word in key]
        return [
            (word, code)
            for word, code in found
            if not any(bad in key and bad not in word for bad in self.blocked.get(code, ()))
        ]


_KEPT: dict[int, Vocabulary] = {}
_MOST_KEPT = 4  # the delivered catalogue and those of bureaus with their own


def vocabulary_of(catalogue: Catalogue) -> Vocabulary:
    """The vocabulary of a catalogue, made once: making it takes longer than reading a small sheet with it."""
    kept = _KEPT.get(id(catalogue))
    if kept is None or kept.catalogue is not catalogue:
        kept = Vocabulary(catalogue)
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[id(catalogue)] = kept  # which keeps the catalogue alive, so that no other gets its id
    return kept


def _vaccine_words(vaccine: object) -> set[str]:
    names = (vaccine.code, vaccine.name_zh, *vaccine.spellings)  # type: ignore[attr-defined]
    return {word for name in names for word in (name, name.removesuffix("疫苗"))} - {"", "ALL"}
