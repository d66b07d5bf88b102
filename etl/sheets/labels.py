"""What a label says: a header path or a row label becomes an indicator, dimensions, a unit, a period hint."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from db.periods import parse_period
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.diseases import DISEASE, disease_in, is_of_cases
from etl.sheets.groups import leftover, of_entrants, placed, take_dims, without_mixed
from etl.sheets.label_parts import is_time_head, key_of, of_age_group, plain_part, with_grades
from etl.sheets.morphology import adds_nothing, is_context, other_endings, other_orders
from etl.sheets.periods import (
    find_period,
    lone_month,
    month_within,
    part_of_year,
    school_years,
    stamped_part,
    without_stamps,
)
from etl.sheets.topical import CHANGED, IGNORED, OF_TIME, PARTS, SUBSETS, TOPICS
from etl.sheets.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Label:
    """One label read. `indicator` is a catalogue code, `part` the name of a quantity that the catalogue has
    no code for but that a rate of the same row is made of. `rest` is what nobody understood."""

    text: str
    indicator: str | None = None
    part: str | None = None
    dims: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    period: str | None = None
    month: int | None = None
    quarter: str = ""  # Q1-Q4, H1, H2 or 1-5月 of the sheet's year
    shift: str = ""  # "last" the year before, "cumulative" since the start of the school year
    total: bool = False
    sums: bool = False  # 合计 stands anywhere in the path: 合计 over 班数
    rest: str = ""
    ignored: str = ""  # reason when the column is no observation
    confidence: float = 0.0
    word: str = ""  # the spelling of the catalogue that was found
    share: bool = False  # a rate of what the rows count: 占比 beside 人数

    @property
    def known(self) -> bool:
        return bool(self.indicator or self.part)

    @property
    def neutral(self) -> bool:
        """数值, 本期: a heading of values that says nothing about them."""
        return self.share or words.PUNCTUATION.sub("", self.text) in words.NEUTRAL


def read_label(path: Sequence[str], vocabulary: Vocabulary, topic: str) -> Label:
    """The meaning of a header path or a row label; `topic` is the text of the title lines."""
    path = [part for part in path if compact(part)]
    parts = [words.strip_numbering(part) for part in path]
    text = "/".join(parts)
    if not parts:
        return Label(text)
    unit = next((unit for part in reversed(parts) if (unit := words.split_unit(part)[1])), "")
    ages = words.age_level(text)
    plain = of_age_group(with_grades([plain_part(part) for part in parts]), bool(ages))
    base = Label(
        text,
        unit=unit,
        total=words.is_total(parts[-2] if len(parts) > 1 and parts[-1] in ("计", "人数", "数") else parts[-1]),
        sums=any(words.is_total(part) for part in parts),
        dims={"level": ages} if ages else {},
    )
    base = replace(base, ignored=_ignored_reason(plain))
    base = _with_period(base, plain)
    base, plain = _with_sex(base, _undated(plain, base))
    key = _SHARE.sub("占比", words.PUNCTUATION.sub("", "".join(plain)))
    if base.ignored == "noise" and key in vocabulary.exact:
        base = replace(base, ignored="")  # 是否有证 is how a form calls a count
    if base.ignored:
        return base
    if base.shift == "last":
        for word in words.LAST_YEAR_WORDS:
            key = key.replace(word, "", 1)
    found = _of_whom(plain, _best_reading(base, key, vocabulary, topic), vocabulary)
    if found.rest and len(parts) > 1 and (narrower := _narrower(path, base, plain[-1], vocabulary, topic)) is not None:
        return narrower
    for other in (*other_endings(key), *map(key_of, other_orders(plain))) if found.rest or not found.known else ():
        if other in words.RATE_WORDS:
            continue
        again = _best_reading(base, other, vocabulary, topic) if other != key else found
        persons = not key.endswith("人数") or vocabulary.units.get(again.indicator or "") not in _OF_THINGS
        if again.known and not again.rest and persons:  # 小学人数 is no 小学数
            return again
    if found.rest and (aside := _named_aside(path, vocabulary, topic)) is not None:
        return aside
    if found.rest and len(parts) > 1:
        return _inner_label(path, parts, plain[0], base, vocabulary, topic) or found
    return found


def _of_whom(parts: Sequence[str], found: Label, vocabulary: Vocabulary) -> Label:
    """Pupils of kinds of schools (在园幼儿数 over 普惠性民办园) are no schools; 2018级一年级招生数 are entrants of that year."""
    if found.indicator == "entrants" and found.period is None and (cohort := _COHORT_NAMED.search(found.text)):
        found = replace(found, period=f"SY{cohort[0][:4]}")
    outer = vocabulary.exact.get(key_of(parts[0])) if len(parts) > 1 and found.word not in key_of(parts[0]) else None
    if outer is None or (vocabulary.units[outer], vocabulary.units.get(found.indicator or "")) != ("person", "school"):
        return found
    return replace(found, indicator=outer, rest=found.word)


def _narrower(path: Sequence[str], base: Label, inner: str, vocabulary: Vocabulary, topic: str) -> Label | None:
    """普高 | 中职 under 高中阶段招生数: the level below is part of the one in the heading."""
    level = words.LEVEL_WORDS.get(key_of(inner))
    if level is None:
        return None
    outer = read_label(path[:-1], vocabulary, topic)
    if not outer.indicator or outer.rest or "level" not in outer.dims:
        return None
    return replace(
        outer, text=base.text, unit=outer.unit or base.unit, dims={**outer.dims, "level": level}, sums=base.sums
    )


def _inner_label(
    path: Sequence[str], parts: Sequence[str], outermost: str, base: Label, vocabulary: Vocabulary, topic: str
) -> Label | None:
    """What the labels below the outermost one say, where that is a subset of it or says no more than they do."""
    subset = _subset(path, vocabulary, topic)
    if subset is not None:
        return replace(subset, text=base.text, unit=subset.unit or base.unit)
    inner = read_label(path[-len(parts) + 1 :], vocabulary, topic)
    if not inner.known or inner.rest:
        return None
    alone = inner.indicator and len(parts) == 2
    same = alone and read_label(path[:1], vocabulary, topic).indicator == inner.indicator
    told = same or adds_nothing(outermost, parts[1:], vocabulary) or _is_in_name(outermost, inner, vocabulary)
    if not told and not (inner.indicator and is_context(outermost, vocabulary)):
        return None
    inner = inner if told else replace(inner, confidence=min(inner.confidence, _UNDER_OTHER_WORDS))
    outer = {**take_dims(key_of(words.ASIDE.sub("", outermost)), vocabulary)[0], **base.dims}
    if outer.get("basis") == "person" or "basis" not in vocabulary.dims.get(inner.indicator or "", ()):
        outer.pop("basis", None)  # 人数 over it says no more than its unit; 剂次 over 应补 | 实补 does
    dims = inner.dims if inner.part else {**outer, **inner.dims}
    return replace(inner, text=base.text, unit=inner.unit or base.unit, dims=dims, sums=base.sums)


def _named_aside(path: Sequence[str], vocabulary: Vocabulary, topic: str) -> Label | None:
    """没打全针(漏种)的人数: the brackets hold the name that the words before them explain."""
    aside = words.ASIDE.search(compact(path[-1]))
    if aside is None or words.split_unit(aside[0])[1] or aside[0][1].isdigit():  # (6岁) is whose, not what
        return None
    again = read_label((*path[:-1], aside[0][1:-1] + compact(path[-1])[aside.end() :]), vocabulary, topic)
    return replace(again, confidence=0.9) if again.indicator and not again.rest else None


def _with_sex(label: Label, parts: Sequence[str]) -> tuple[Label, list[str]]:
    """女 as a whole label under another (生数 over 女) is a sex; inside a word it is none."""
    sexes = [words.SEX_WORDS.get(key_of(part)) if len(parts) > 1 else None for part in parts]
    kept = [part for part, sex in zip(parts, sexes, strict=True) if sex is None]
    found = [sex for sex in sexes if sex]
    if len(found) != 1 or not kept:
        return label, list(parts)
    return replace(label, dims={**label.dims, "sex": found[0]}), kept


def _subset(path: Sequence[str], vocabulary: Vocabulary, topic: str) -> Label | None:
    """Full-time teachers under 教职工 are some of the staff: the inner label is the indicator."""
    inner, outer = (read_label(part, vocabulary, topic) for part in (path[1:], path[:1]))
    some = inner.indicator or inner.part or ""
    plainly = not (inner.rest or outer.rest) and outer.indicator and SUBSETS.get(some) == outer.indicator
    return replace(inner, dims={**outer.dims, **inner.dims}) if plainly else None


def _is_in_name(outer: str, inner: Label, vocabulary: Vocabulary) -> bool:
    """Whether a heading only says again what stands in a name of the inner label's indicator, or of a rate that is made of
    it (查验 or 接种证查验 over 应查验人数)."""
    key = words.PUNCTUATION.sub("", outer)
    told = {key, key.removeprefix("疫苗")}
    names = [name for code in vocabulary.family(inner.indicator or "") for name in vocabulary.names.get(code, ())]
    return any(len(word) > 1 and word in name for word in told for name in names)


_UNDER_OTHER_WORDS = 0.85  # what a name is worth under a heading of unknown words
_COHORT_NAMED = re.compile(r"(?:19|20)\d{2}级")
_SHARE = re.compile(r"所?占的?(?:比例|比重|百分比)")


def _ignored_reason(parts: Sequence[str]) -> str:
    return next((why for part in parts[-1:] for pattern, why in IGNORED if pattern.search(part)), "")


def _undated(parts: Sequence[str], label: Label) -> list[str]:
    """The labels without the stamps that the period was read from, and without a heading that only announces them or says that
    they are values (实绩 over 2023年)."""
    stamped = bool(label.period or label.month or label.quarter)
    found = [without_stamps(part) for part in parts]
    return [text for text in found if not (stamped and (is_time_head(text) or key_of(text) in words.NEUTRAL))]


def _with_period(label: Label, parts: Sequence[str]) -> Label:
    joined = _COHORT_NAMED.sub("", "/".join(parts))
    period = find_period(joined)
    if not (period or "").startswith("SY"):
        period = next((code for part in parts if (code := school_years(part))), period)
    period = _month_below(parts, period) or period
    term = _TERM.search(joined)
    quarter = (part_of_year(joined) or (stamped_part(term[0]) if term else "")) if period is None else ""
    month = lone_month(joined) if period is None and not quarter else None
    shift = "last" if any(word in joined for word in words.LAST_YEAR_WORDS) and not _NAMED_LAST.search(joined) else ""
    if not shift and any(word in joined for word in words.CUMULATIVE_WORDS):
        shift = "cumulative"
    return replace(label, period=period, month=month, quarter=quarter, shift=shift)


def _month_below(parts: Sequence[str], period: str | None) -> str | None:
    """9月 under 2023年秋季 or 2024年: the month of that term or year; None where the month is none of its."""
    if period is None or not re.fullmatch(r"\d{4}|SY\d{4}(?:-T[12])?", period):
        return None
    month = next((lone_month(part) for part in parts[1:] if _MONTH_ALONE.fullmatch(part)), None)
    code = month_within(period, month) if month else None
    whole, own = parse_period(period), parse_period(code) if code else None
    return code if own is not None and whole.start <= own.start and own.end <= whole.end else None


def _best_reading(base: Label, key: str, vocabulary: Vocabulary, topic: str) -> Label:
    """The reading that leaves nothing unexplained; else the one that leaves least."""
    if key in words.BREAKDOWN_WORDS and not base.unit:
        return replace(base, dims={**take_dims(key, vocabulary)[0], **base.dims}, rest=_rest_of(key, vocabulary))
    if key in words.NEUTRAL:
        return base
    if CHANGED.fullmatch(key):
        return replace(base, rest=key)  # the sum of those who came or went is no count of pupils
    special = _special(key, vocabulary, topic)
    if special is not None:
        indicator, part, dims = special
        if part == "cohort_start":  # of the cohort, whatever year it began in
            base = replace(base, period=None)
        return replace(
            base, indicator=indicator, part=part, dims=placed(indicator, {**dims, **base.dims}), confidence=0.95
        )
    whole = key + words.PUNCTUATION.sub("", base.unit)
    if base.unit and whole in vocabulary.exact:
        return _with_indicator(base, whole, whole, vocabulary.exact[whole], vocabulary)
    best: Label | None = None
    for word, code in vocabulary.candidates(key):
        reading = _with_indicator(base, key, word, code, vocabulary)
        if not reading.rest:
            return reading
        if best is None or len(reading.rest) < len(best.rest):
            best = reading
    dims, rest = take_dims(key, vocabulary)
    bare = replace(base, dims={**dims, **base.dims}, rest=leftover(rest))
    if base.unit == "所" and not bare.rest and "level" in dims and dims.keys() <= _OF_SCHOOLS:
        return replace(bare, indicator="schools", confidence=0.95)  # 幼儿园(所) over 计, 公办, 民办
    if bare.total and bare.rest in OF_TIME:
        return replace(bare, rest="")  # 学期合计 behind the months
    return best if best is not None and bare.rest else bare


def _rest_of(key: str, vocabulary: Vocabulary) -> str:
    return leftover(take_dims(key, vocabulary)[1])


def _special(key: str, vocabulary: Vocabulary, topic: str) -> tuple[str | None, str | None, dict[str, str]] | None:
    """(indicator, part, dims) of a label that only the title explains, or that is a part of a rate."""
    dims, rest = take_dims(key, vocabulary)
    bare = rest.replace("\x00", "")
    for about, pattern, code in TOPICS:
        if not about.search(topic) or code not in vocabulary.dims:
            continue
        if pattern.fullmatch(key):
            return code, None, {k: v for k, v in dims.items() if k in ("level", "grade_abc")}
        if bare != key and dims.keys() <= set(vocabulary.dims[code]) and pattern.fullmatch(bare):
            return code, None, dims
    groups, rest = take_dims(key, vocabulary, with_vaccines=False)
    disease = disease_in(rest.replace("\x00", ""), is_of_cases(topic))
    if disease and "infectious_cases" in vocabulary.dims:
        return "infectious_cases", None, {**groups, "disease": disease}
    kept = {k: v for k, v in dims.items() if k in ("level", "grade_abc", "stage", "session")}
    staged = _STAGED.sub("", key)  # 全程接种人数 over 补种前
    undated = _DATED.sub("", key)  # 应出勤 under 3月
    for name in (key, bare, staged, undated) if dims.keys() <= {"level", "stage"} else (key, staged, undated):
        for about_word, pattern, part in PARTS:
            if part == "cohort_start" and about_word and "升学" in topic:
                continue  # 招生数 beside 毕业生数 is of those who went on
            if about_word in topic and pattern.fullmatch(name):
                return None, part, kept
        if name in vocabulary.quantities:
            return None, vocabulary.quantities[name], kept
    return None


def _with_indicator(base: Label, key: str, word: str, code: str, vocabulary: Vocabulary) -> Label:
    at = key.index(word)
    around = without_mixed(key[:at]) + "\x00" + key[at + len(word) :]
    names_disease = "disease" in vocabulary.dims[code]
    dims, rest = take_dims(around, vocabulary, with_vaccines=not names_disease)
    inside, _ = take_dims(word, vocabulary)
    allowed = vocabulary.levels[code]
    implied = {name: value for name, value in inside.items() if name != "level" or value in allowed}
    implied = {name: value for name, value in implied.items() if name in vocabulary.dims[code]}
    merged = {**implied, **base.dims, **dims}
    if implied.get("level") not in (None, "CE"):  # 小学净入学率 under the heading 义务教育
        merged["level"] = implied["level"]
    confidence = 0.99 if word == key else 0.95
    rest = _UNIT_NOUNS.get(vocabulary.units[code], _NO_NOUN).sub("", leftover(rest))
    if rest == "食堂" and any(rest in name for name in vocabulary.names[code]):
        rest = ""  # whose kitchens are meant, said once more
    if rest in _AT_ENTRY and code.startswith("vac_"):
        rest = ""  # 入学接种证查验率: the check is that of entry
    if code == "enrollment" and "placement" in merged:
        code = "disabled_students"  # 就读人数 over 随班就读
    merged = placed(code, merged)
    merged = of_entrants(merged, inside, key, vocabulary.dims[code])
    if "毕业" in key and "grade" not in vocabulary.dims[code] and merged.get("grade") in _LAST_GRADES:
        merged = {"level": _LAST_GRADES[merged.pop("grade")], **merged}  # 六年级毕业班: the last grade of its level
    if merged.get("vaccine") == "HPV":
        merged = {name: value for name, value in merged.items() if name not in ("sex", "grade")}  # whom it is given to
    if rest and names_disease and DISEASE.search(rest):
        merged, rest = {**merged, "disease": rest}, ""
    if code == "hygiene_inspected_count" and base.unit in words.VISITS:
        code = "hygiene_visits"
    return replace(base, indicator=code, dims=merged, rest=rest, confidence=confidence, word=word)


_NAMED_LAST = re.compile(
    r"(?:上一?|去)年度?[(]?(?:即)?(?:19|20)\d{2}"
)  # 上年(2023年) is that year, not the one before it
_TERM = re.compile(r"第[一二12]学期")
_MONTH_ALONE = re.compile(r"(?:1[0-2]|0?[1-9])月份?")
_DATED = re.compile(r"^(?:(?:19|20)\d{2}年?)?(?:(?:1[0-2]|0?[1-9])月份?|第?[1-4一二三四]季度|[上下]半年)")
_STAGED = re.compile("|".join(words.STAGE_WORDS))
_AT_ENTRY = frozenset(("入学", "入托", "入园", "新生", "新入学", "新入园"))
_OF_THINGS = words.COUNTED - {"person"}
_OF_SCHOOLS = {"level", "sponsor", "area"}
_LAST_GRADES = {"6": "PRI", "9": "JUN", "12": "SEN"}
_NO_NOUN = re.compile(r"(?!)")
_UNIT_NOUNS: Mapping[str, re.Pattern[str]] = {  # what is counted may be named once more: 未评级 or 未评级食堂
    "canteen": re.compile(r"^(?:食堂|户)$"), "school": re.compile(r"^(?:单位|户|家|校次)$"),
}  # fmt: skip
