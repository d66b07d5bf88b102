"""分别 and its like: several numbers aligned with coordinated names, subjects or years, or refused."""

from __future__ import annotations

import itertools
import re

from etl.reports.again import goes_on
from etl.reports.alike import (
    name_then_subjects,
    same_for_all,
    same_for_subjects,
    subjects_of_counts,
    subjects_then_bare,
)
from etl.reports.dims import bare, levels_of
from etl.reports.fitting import fits
from etl.reports.found import Refused, Situation
from etl.reports.lexicon import Name
from etl.reports.listed import add_named, mood_of, named_for
from etl.reports.numbers import Number
from etl.reports.phrases import MARK, Coordination, coordinate, strip_joining
from etl.reports.places import is_school_name
from etl.reports.scores import ON_HYGIENE

_CLAUSE_ENDS = re.compile("[,;:()。]")
_BETWEEN = frozenset(("、", "和", "及", "与", "以及", ",", ",和"))


def run_at(s: Situation, n: int) -> list[int]:
    """The indices of numbers that stand side by side from the n-th on (100%、99.1%和92.4%)."""
    run = [n]
    while run[-1] + 1 < len(s.numbers):
        here, after = s.numbers[run[-1]], s.numbers[run[-1] + 1]
        between = s.masked[here.tail : after.start]
        if between.startswith("(") and (beyond := _beyond_brackets(s, run[-1], n)):
            run.append(beyond)
            continue
        if between not in _BETWEEN:
            break
        if between[0] == "," and "分别" not in s.masked[: s.numbers[n].start][-12:]:
            break
        run.append(run[-1] + 1)
    return run


def _beyond_brackets(s: Situation, n: int, first: int) -> int:
    """分别为11.42%(312人)和10.10%(135人): the number of the list behind what brackets add to the n-th one, 0 for none."""
    close = s.masked.find(")", s.numbers[n].tail)
    beyond = next((k for k in range(n + 1, len(s.numbers)) if s.numbers[k].start > close), 0)
    explicit = re.search("分别|依次", s.masked[: s.numbers[first].start][-12:])
    if close < 0 or not beyond or not explicit or s.numbers[beyond].unit != s.numbers[n].unit:
        return 0
    return beyond if s.masked[close + 1 : s.numbers[beyond].start] in _BETWEEN else 0


def _is_dose(s: Situation, number: Number) -> bool:
    """麻腮风疫苗第2剂: the number belongs to the name of a subject."""
    return s.masked.startswith(("剂", "针"), number.end) and s.masked.endswith("第", 0, number.start)


def align(s: Situation, run: list[int]) -> int:
    """Binds a run of numbers (or one number said of several names); returns how many it dealt with, 0 for none."""
    first = s.numbers[run[0]]
    start = max((x.tail for x in s.numbers[: run[0]] if not _is_dose(s, x)), default=0)
    left = s.masked[start : first.start]
    phrase = _CLAUSE_ENDS.split(left)[-1]
    core, joined = strip_joining(phrase)
    numbers = _with_shared_unit([s.numbers[i] for i in run])
    explicit = "分别" in phrase[-24:] or "依次" in phrase[-8:]
    if explicit and re.search("比|较", joined + core[-14:]) and any(x.unit == "points" for x in numbers):
        return _refuse_all(s, numbers, "vague")
    if (
        len(run) == 1
        and joined.endswith("各")
        and first.unit in ("school", "house")
        and (each := _each_school(s, first, core))
    ):
        return each
    if len(run) == 1 and (taken := same_for_subjects(s, first, core, joined)):
        return taken
    if explicit and len(run) > 1 and (graded := _align_grades(s, numbers, core, joined)):
        return graded
    many = coordinate(core, s.lexicon)
    if len(run) == 1 and not (many and len(many.names) * max(1, len(many.subjects)) > 1):
        return 0
    years = _years(s, start, first.start) or (_years(s, 0, first.start) if explicit else None)
    if many is None and (taken := goes_on(s, numbers, core, joined, explicit)):
        return taken
    if many is None and explicit and len(run) > 1:
        taken = subjects_then_bare(s, numbers, core, joined) or subjects_of_counts(s, run, numbers, core, joined)
        if taken:
            return taken
    spoken = many is None and len(run) > 1 and (explicit or joined.startswith("各"))
    if spoken and (taken := name_then_subjects(s, numbers, core, joined)):
        return taken
    if explicit and all(x.unit == "score" for x in numbers) and (scored := _align_scores(s, numbers, core, joined)):
        return scored
    if explicit and many is None and len(run) > 1 and all(x.unit in ("school", "house") for x in numbers):
        return _align_schools(s, numbers, core, joined)
    if many is None and years is None:
        if explicit and len(run) > 1:
            return _refuse_all(s, numbers, "ambiguous") if s.lexicon.ending(core) and s.lexicon.ending(core).code else 0  # type: ignore[union-attr]
        return 0
    if (reason := mood_of(s, first)) is not None:
        return _refuse_all(s, numbers, reason)
    of_one = many is None or (len(many.names) == 1 and sum(map(bool, (x.strip(MARK) for x in many.subjects))) < 2)
    if years is not None and of_one and (many is None or len(years) == len(numbers) > 1):
        return _align_years(s, numbers, core, joined, years)
    return _align_names(s, numbers, many, joined, explicit) if many else 0


def _align_scores(s: Situation, numbers: list[Number], core: str, joined: str) -> int:
    """县第一中学、城关小学得分分别为98.5分、97分: scores that a hygiene inspection gave to schools."""
    named = re.sub("(?:检查|综合|平均)*(?:得分|评分|分数|成绩)$", "", core)
    ahead = _SCORED_AHEAD.search(s.masked[: s.at]) if not named or named == "检查" else None
    named = ahead[1] if ahead else named
    schools = [item for item in re.split("、|和|及(?!其)|与", named) if item]
    topical = ON_HYGIENE.search(s.masked[: s.at] + s.title_and_headings)
    if named == core or len(schools) != len(numbers) or not topical or not all(map(is_school_name, schools)):
        return 0
    for number, school in zip(numbers, schools, strict=True):
        add_named(s, number, Name(0, 2, "hygiene_score", "得分"), school, joined)
    return len(numbers)


# 县第一幼儿园、县实验小学制度落实到位,检查得分分别为96.5分和95分
_SCORED_AHEAD = re.compile(
    r"(?:^|[。;])((?:[一-鿿]{2,14}?(?:小学|中学|学校|幼儿园)(?:、|和|及|与)?){2,6})[^,。;\d、]{0,6}(?:[^,。;\d]{2,16}[,、]?){1,3},[^,。;\d]*$"
)
_GRADES = re.compile("(?:(?:[一二三四五六七八九](?:年级)?[、和及])+)[一二三四五六七八九]年级(?:在校)?(?:学生|人数)*")


def _align_grades(s: Situation, numbers: list[Number], core: str, joined: str) -> int:
    """七、八、九年级分别有396、379和367人: the pupils of one grade after another."""
    told = _GRADES.fullmatch(core.replace(MARK, ""))
    grades = re.findall("[一二三四五六七八九]", told[0]) if told else []
    if len(grades) != len(numbers) or any(x.unit != "person" for x in numbers) or mood_of(s, numbers[0]) is not None:
        return 0
    for number, grade in zip(numbers, grades, strict=True):
        add_named(s, number, Name(0, 0, "enrollment", "学生"), grade + "年级学生", joined)
    return len(numbers)


def _each_school(s: Situation, number: Number, core: str) -> int:
    """职业中专和特殊教育学校各1所: as many of each kind."""
    names = _kinds_of_schools(s, re.split("、|和|及|与", core))
    if len(names) < 2 or mood_of(s, number) is not None:
        return 0
    return 1 if sum(add_named(s, number, name, name.word, "") for name in names) else 0


def _align_schools(s: Situation, numbers: list[Number], core: str, joined: str) -> int:
    """小学、初中、高中学校分别有62所、18所和4所: kinds of schools that are counted."""
    names = _kinds_of_schools(s, [re.sub("学校$", "", item) for item in re.split("、|和|及|与", core)])
    if len(names) != len(numbers):
        return _refuse_all(s, numbers, "ambiguous")
    if (reason := mood_of(s, numbers[0])) is not None:
        return _refuse_all(s, numbers, reason)
    for number, name in zip(numbers, names, strict=True):
        add_named(s, number, name, name.word, joined)
    return len(numbers)


def _kinds_of_schools(s: Situation, items: list[str]) -> list[Name]:
    """The names with which the items end; none at all when one of them counts no kind of school."""
    names = [s.lexicon.ending(item) for item in items]
    told = [name for name in names if name is not None and name.code in ("schools", "teaching_points", "canteens")]
    return told if len(told) == len(names) else []


def _with_shared_unit(numbers: list[Number]) -> list[Number]:
    if len(numbers) == 1:
        return numbers
    unit, word = numbers[-1].unit, numbers[-1].word
    after = numbers[-1].after if re.search("以上|以内|以下|左右", numbers[-1].after) else ""
    shared = all(not x.after for x in numbers[:-1])
    return [
        x._replace(unit=x.unit or unit, word=x.word or word, after=x.after or (after if shared else ""))
        for x in numbers
    ]


def _refuse_all(s: Situation, numbers: list[Number], reason: str) -> int:
    s.refused += [Refused(x.start, x.end, reason) for x in numbers]
    return len(numbers)


def _years(s: Situation, start: int, end: int) -> tuple[str, ...] | None:
    spans = [span for span in s.spans if start <= span.start < end]
    parts = [span.parts for span in spans if span.parts]
    if parts:
        return parts[-1]
    codes = [span.code for span in spans if span.code]
    apart = [s.text[a.end : b.start] for a, b in itertools.pairwise(spans)]
    if len(spans) > 1 and len(codes) == len(spans) and all(mark in ("、", "和", "及") for mark in apart):
        return tuple(codes)  # 2019学年、2020学年、2021学年
    return None


def _align_years(s: Situation, numbers: list[Number], core: str, joined: str, years: tuple[str, ...]) -> int:
    name = s.lexicon.ending(core) if core.strip(MARK) else _named_ahead(s, numbers[0])
    if name is None or not name.code:
        return 0
    if len(years) != len(numbers):
        return _refuse_all(s, numbers, "ambiguous") if len(numbers) > 1 else 0
    for number, year in zip(numbers, years, strict=True):
        add_named(s, number, name, core, joined, period=year)
    return len(numbers)


def _named_ahead(s: Situation, number: Number) -> Name | None:
    """学生数逐年递减,2020、2021年分别为655人、631人: the name of the clause before the years."""
    if s.bound and s.topic is not None and fits(s, s.topic.code, number, s.topic.word):
        return Name(0, len(s.topic.word), s.topic.code, s.topic.word)
    names = [x for x in s.lexicon.names_in(s.segment_before(number.start)) if fits(s, x.code, number, x.word)]
    return names[-1] if names else None


_FROM = re.compile(rf"[由从]({MARK}+)年?底?的?$")


def _align_names(s: Situation, numbers: list[Number], many: Coordination, joined: str, explicit: bool) -> int:
    names, subjects = many.names, many.subjects
    s.last_list = []
    since = _FROM.search(s.masked[: numbers[0].start])  # 小学、初中辍学率分别由2018年的0.11%、1.02%下降到…
    span = next((x for x in s.spans if since and x.start == since.start(1)), None)
    s.rates = tuple(name._replace(word=bare(name.word)) for name in names)
    shared = many.lead if not subjects else ""
    if len(numbers) == 1:
        return same_for_all(s, numbers[0], many, joined)
    if len(numbers) == len(names) and (len(subjects) <= 1 or many.paired):
        for n, (number, name) in enumerate(zip(numbers, names, strict=True)):
            add_named(s, number, name, _phrase(subjects, n if many.paired else 0, shared) + name.word, joined)
        return len(numbers)
    if len(numbers) == len(names) and all(subject in many.owners for subject in subjects):
        # 毛入园率、九年义务教育巩固率、高中阶段毛入学率: every item is a name with or without its own subject
        for number, name, owner in zip(numbers, names, many.owners, strict=True):
            add_named(s, number, name, (owner or many.lead) + name.word, joined)
        return len(numbers)
    if len(names) == 1 and len(numbers) == len(subjects):
        for number, subject in zip(numbers, subjects, strict=True):
            word = _grade_word(subjects[-1]) if is_school_name(subject) else _level_word(subjects[-1])
            told = subject if levels_of(subject) else subject + word
            add_named(
                s,
                number,
                named_for(s, subject, names[0]),
                told + names[0].word,
                joined,
                period=span.code if span else None,
            )
        s.listed = subjects
        return len(numbers)
    if len(numbers) == len(names) * len(subjects) and _mirrored(s, numbers, len(subjects)):
        for n, number in enumerate(numbers):
            name, subject = names[n // len(subjects)], subjects[n % len(subjects)]
            add_named(s, number, name, subject + name.word, joined, confidence=0.55)
        return len(numbers)
    if not explicit and len(subjects) < 2 and len(names) < 2:
        return 0
    return _refuse_all(s, numbers, "ambiguous")


def _phrase(subjects: tuple[str, ...], n: int, shared: str) -> str:
    return subjects[n] if n < len(subjects) else shared


def _grade_word(subject: str) -> str:
    """石门二中、白云乡中学初三年级: the grade of the last school is that of all."""
    found = re.search("[初高][一二三](?:年级)?|[一二三四五六七八九]年级", subject)
    return found[0] if found else ""


def _level_word(subject: str) -> str:
    """城区及乡镇幼儿园: the level of the last subject holds for all."""
    found = re.search("幼儿园|小学|初中|高中|中学", subject)
    return found[0] if found else ""


def _mirrored(s: Situation, numbers: list[Number], width: int) -> bool:
    """Whether 和 stands between the groups of numbers and nowhere else (100%、99.6%和99.8%、98.1%)."""
    marks = [s.masked[a.tail : b.start] for a, b in itertools.pairwise(numbers)]
    return all((mark != "、") == ((n + 1) % width == 0) for n, mark in enumerate(marks))
