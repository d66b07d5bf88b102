"""One sentence: every number bound to what it is said of, or refused with the reason."""

from __future__ import annotations

import re
from dataclasses import replace

from etl.reports import judge, lists, special
from etl.reports.build import build, domain_reason, fits, subject_at
from etl.reports.dims import levels_of
from etl.reports.found import STANDARD, Found, Head, Refused, Situation
from etl.reports.lexicon import STEMS, Name
from etl.reports.numbers import Number
from etl.reports.phrases import MARK, is_delta, last_clause, leaves_nothing, strip_joining, tells_action

GENERAL = frozenset({"enrollment", "schools", "teachers", "staff", "classes", "canteens", "food_handlers", "school_age_population",
                     "disabled_students", "graduates", "hygiene_passed_count", "entrants", "teaching_points"})  # fmt: skip
_STANDARD_BEFORE = re.compile(r"(?:达到|达)[^,;]{0,10}(?:规定|省定|国定|国家|上级)[^,;]{0,6}$")
_STANDARD_AFTER = re.compile(r"^的?(?:标准|要求|规定)")
_SIDE = re.compile(r"^(?:等|的?标准|\)|$)")


def bind_sentence(s: Situation) -> None:
    """Fills `bound` and `refused` of a situation."""
    n = 0
    while n < len(s.numbers):
        run = lists.run_at(s, n)
        if run and (taken := lists.align(s, run)):
            n += taken
            continue
        _bind_number(s, n)
        n += 1


def left_of(s: Situation, n: int) -> str:
    """The text between the number before and this one."""
    start = s.numbers[n - 1].tail if n else 0
    return s.masked[start : s.numbers[n].start]


def right_of(s: Situation, n: int) -> str:
    """The text between this number and the next one."""
    end = s.numbers[n + 1].start if n + 1 < len(s.numbers) else len(s.masked)
    return s.masked[s.numbers[n].tail : end]


def _refuse(s: Situation, number: Number, reason: str, code: str | None = None) -> None:
    s.refused.append(Refused(number.start, number.end, reason, code))


def _bind_number(s: Situation, n: int) -> None:
    number = s.numbers[n]
    left, right = left_of(s, n), right_of(s, n)
    clause = last_clause(left)
    core, joined = strip_joining(clause)
    head = _head(s, n, core, joined, left, right)
    reason = _refusal(s, number, clause, joined)
    if reason:
        if head:
            s.topic = head
        elif reason == "vague":
            s.topic = _before_comparison(s, clause) or s.topic
        _refuse(s, number, reason, head.code if head else None)
        return
    if head is None:
        found = special.bind(s, n, core, joined, left, right)
        if found is None:
            _refuse(s, number, _why_unbound(s, number, core, right))
        else:
            s.bound.append(found)
        return
    if (why := domain_reason(s, head, number)) is not None:
        s.topic = None
        _refuse(s, number, why, head.code)
        return
    found = build(s, number, head, joined)
    if found is None:
        _refuse(s, number, "other_entity", head.code)
        return
    if _STANDARD_BEFORE.search(s.masked[: number.start]) and _STANDARD_AFTER.match(right):
        found = _as_standard(found)
    _remember(s, head, found)
    s.bound.append(found)


def _as_standard(found: Found) -> Found:
    from db.records import Qualifier

    return replace(found, qualifier=Qualifier.AT_LEAST, confidence=STANDARD, rule="stated_standard")


def _refusal(s: Situation, number: Number, clause: str, joined: str) -> str | None:
    if number.unit in ("ordinal", "age", "time", "fraction"):
        return "ordinal"
    if number.unit == "points":
        return "vague"
    reach = s.masked[number.tail :]
    if _STANDARD_BEFORE.search(s.masked[: number.start]) and _STANDARD_AFTER.match(reach):
        return judge.heading_mood(s.paragraph.headings)
    reason = judge.heading_mood(s.paragraph.headings) or judge.mood(
        s.text, number.start, number.tail, s.spans, s.report.anchor
    )
    if reason:
        return reason
    if s.report.is_order:
        return "requirement"
    if is_delta(joined, clause) and not re.search("新增", clause[-4:]):
        return "vague"
    if (
        re.search(r"(?:每|平均每)(?:个|所|校|年|班|镇|乡|月|人|名|位|天|学期)[^,]{0,8}$", clause)
        and number.value <= 60
        and not number.is_rate
    ):
        return "vague"
    if re.search(r"年均|由\x01*的?$|从\x01*的?$", clause) and not _from_with_period(clause):
        return "vague"
    return "out_of_domain" if number.unit in ("money", "other") else None


def _from_with_period(clause: str) -> bool:
    return bool(re.search(rf"[由从]{MARK}+的?$", clause))


def _why_unbound(s: Situation, number: Number, core: str, right: str) -> str:
    around = s.masked[max(0, number.start - 24) : number.tail + 16]
    if judge.is_foreign(around) or (number.is_rate and core[-1:] == "率"):
        return "out_of_domain"
    return "ambiguous" if number.is_rate else "out_of_domain"


def _head(s: Situation, n: int, core: str, joined: str, left: str, right: str) -> Head | None:
    number = s.numbers[n]
    named = _named_before(s, number, core, joined, right)
    if named is not None:
        return named if named.code else None
    return _named_after(s, number, core, left, right) or _inherited(s, n, core, left, right)


def _named_before(s: Situation, number: Number, core: str, joined: str, right: str) -> Head | None:
    """The name with which the words before the number end. A head without code: the words mean something else."""
    name = s.lexicon.ending(core) or _with_share(s, core, number)
    if name is None and joined.startswith(("人", "数", "总", "水平")):
        name = s.lexicon.ending(core)
    if number.is_rate and (name is None or not fits(s, name.code, number, name.word)):
        name = _stem(s, core) or name
    if name is None:
        return None
    if not name.code:
        return Head("", name.word, core)
    if not fits(s, name.code, number, name.word):
        return None
    prefix = core[: name.start]
    if s.indicator(name.code).unit != "percent" and not _allowed(s, name, prefix):
        return Head("", name.word, core)
    if _takes_over(s, name, number):
        return None
    return _make_head(s, name, core, number)


def _with_share(s: Situation, core: str, number: Number) -> Name | None:
    """学前三年入园率约占适龄幼儿的82%: the name stands before 占…的."""
    found = re.search(r"(?:约|大约)?占[^,]{0,12}$", core)
    if not found or not number.is_rate:
        return None
    name = s.lexicon.ending(core[: found.start()])
    return name if name and name.code and s.indicator(name.code).unit == "percent" else None


def _stem(s: Situation, core: str) -> Name | None:
    """入学99.6%: the stem of a rate alone before a percentage."""
    stem = next((word for word in sorted(STEMS, key=len, reverse=True) if core.endswith(word)), None)
    full = s.lexicon.ending(core[: -len(stem)] + STEMS[stem]) if stem else None
    if stem is None or full is None or stem in ("完成", "保留", "近视", "肥胖", "贫血"):
        return None
    return Name(len(core) - len(stem), len(core), full.code, full.word)


def _allowed(s: Situation, name: Name, prefix: str) -> bool:
    if tells_action(prefix):
        return False
    if name.code not in GENERAL:
        return True
    subject = subject_at(s, prefix + name.word)
    names = tuple(filter(None, (subject.name if subject else None, s.report.issuer.name)))
    return leaves_nothing(prefix, names)


def _takes_over(s: Situation, name: Name, number: Number) -> bool:
    """检查学校21所(中学5所…): a level word in brackets counts what the total counts."""
    if name.code != "schools" or not s.bound or not levels_of(name.word):
        return False
    before = s.bound[-1]
    between = s.masked[before.end : number.start]
    return (
        before.code not in ("schools",)
        and s.indicator(before.code).unit in ("school", "canteen")
        and bool(re.search(r"[(]|其中", s.masked[: number.start]) and "。" not in between)
    )


def _make_head(s: Situation, name: Name, core: str, number: Number) -> Head:
    return Head(name.code, name.word, s.clause_before(number.start), levels_of(core)[-1] if levels_of(core) else None)


def _named_after(s: Situation, number: Number, core: str, left: str, right: str) -> Head | None:
    """8个教学班, 195名幼儿, 99.7%的入学率: the name follows the number."""
    after = re.sub(
        r"^(?:的|左右的|以上的|公益性|[A-D]类|适龄|新|农村|公办|民办|城区|残疾(?!儿童)|一年级(?!新生)|应届|小学(?=招)|各类)*(?=.)",
        "",
        right,
    )
    tried = [right.removeprefix("的"), after]
    for phrase in tried:
        name = s.lexicon.beginning(phrase)
        if (
            name is None
            or not name.code
            or not fits(s, name.code, number, name.word)
            or (not number.word and not number.is_rate)
        ):
            continue
        rate = s.indicator(name.code).unit == "percent"
        if rate and not right.startswith("的"):
            continue
        rest = phrase[name.end :]
        clause = last_clause(left)
        code = special.by_verb(clause, name.word, number.unit) or name.code
        if code != name.code:
            return Head(code, name.word, clause + name.word) if code else None
        if rate or (
            _plain_left(s, core, clause)
            and not re.match(r"[^,。;、)(在展的进均共]{1,}(?:率|费)|家长|党员|家庭|代表|的(?:家长|家庭|党员)", rest)
        ):
            return Head(name.code, name.word, s.clause_before(number.start) + right[: len(right) - len(rest)])
    return None


def _plain_left(s: Situation, core: str, clause: str) -> bool:
    if tells_action(clause):
        return False
    subject = subject_at(s, clause)
    names = tuple(filter(None, (subject.name if subject else None, s.report.issuer.name)))
    if not clause.strip("、和及与"):
        return bool(s.bound)
    return leaves_nothing(core, names) and (
        bool(re.search(r"全|我|本|该|有|现|共|设|在|小学|初中|园|校", clause)) or bool(names)
    )


def _inherited(s: Situation, n: int, core: str, left: str, right: str) -> Head | None:
    """脊灰97.4%, 初中322人, 达到183人: only a subject, or nothing, before the number."""
    number = s.numbers[n]
    topic = s.topic
    if topic is None or not fits(s, topic.code, number, topic.word):
        return None
    subject = core.strip("、和及与(")
    clause = s.clause_before(number.start)
    if right[:1] not in ("", ",", "、", ";", "。", "(", ")", "和", "及", "与", "!", "?") and not _SIDE.match(right):
        return None
    if not subject:
        joined = left.lstrip(",;、")
        empty = not s.bound or s.bound[-1].end <= (s.numbers[n - 1].start if n else 0)
        follows = re.search(r"达|为|是|实际|:|到|至", joined or left)
        return (
            Head(topic.code, topic.word, topic.phrase + clause)
            if follows and (empty or "到" in joined or "实际" in joined)
            else None
        )
    if special.is_subject(s, subject):
        return Head(topic.code, topic.word, clause or subject)
    return None


def _before_comparison(s: Situation, clause: str) -> Head | None:
    """转入学生较去年同期增加21人: what is compared is the topic of what follows."""
    plain = re.split(r"[比较同环与]|增|减|提高|下降|降低|上升", clause, maxsplit=1)[0]
    core, _ = strip_joining(plain)
    name = s.lexicon.ending(core)
    return Head(name.code, name.word, core) if name and name.code else None


def _remember(s: Situation, head: Head, found: Found) -> None:
    s.topic = Head(head.code, head.word, head.phrase)
    named = levels_of(head.phrase) or levels_of(head.word)
    if "level" in found.dims and named:
        s.levels.append(found.dims["level"])
