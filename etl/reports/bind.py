"""One sentence: every number bound to what it is said of, or refused with the reason."""

from __future__ import annotations

import re
from dataclasses import replace

from db.records import Qualifier
from etl.reports import counts, diseases, findings, judge, lists, parts, special
from etl.reports.build import build, domain_reason
from etl.reports.dims import level_of, levels_of
from etl.reports.fitting import MEASURED
from etl.reports.found import STANDARD, Found, Head, Refused, Situation
from etl.reports.heads import find_head
from etl.reports.listed import looks_back
from etl.reports.numbers import Number
from etl.reports.phrases import MARK, is_delta, last_clause, strip_joining
from etl.reports.places import OF_ONE_CLASS

_STANDARD_BEFORE = re.compile(r"(?:达到|达)[^,;]{0,10}(?:规定|省定|国定|国家|上级)[^,;]{0,6}$")
_STANDARD_AFTER = re.compile(r"^的?(?:标准|要求|规定)")
_MEETS = re.compile(r"\d[\d.]*%,(?:已|均|都)?(?:达到|达)(?:了)?$")
_PROGRESS = re.compile(r"^[^,。;]{0,4},?占[^,。;%\d]{0,14}(?:计划|任务)[^,。;%\d]{0,4}的?\d[\d.]*%")
_NEVER = ("ordinal", "age", "time")  # units of numbers that are no values
_ONE_BY_ONE = re.compile("共|累计|合计|总|分别|依次|均|都|各|每|[两三四五]年|为|是|达")


def bind_sentence(s: Situation) -> None:
    """Fills `bound` and `refused` of a situation."""
    n = 0
    while n < len(s.numbers):
        s.at = s.numbers[n].start
        if s.numbers[n].unit in _NEVER:
            _refuse(s, s.numbers[n], "noise" if s.paragraph.aside or judge.is_noise(s.paragraph.text) else "ordinal")
            n += 1
            continue
        run = lists.run_at(s, n)
        if run and (taken := lists.align(s, run)):
            _bind_between(s, run[:taken])
            n = run[taken - 1] + 1
            continue
        _bind_number(s, n)
        n += 1


def _bind_between(s: Situation, run: list[int]) -> None:
    """分别为11.42%(312人)和10.10%(135人): what brackets add to a number of a list is told of that number."""
    named, topic = s.last_list, s.topic
    for n in sorted({*range(run[0], run[-1])} - {*run}):
        k = max(i for i, at in enumerate(run) if at < n)
        if len(named) == len(run):
            s.topic = Head(named[k][0].code, named[k][0].word, named[k][1])
        later = [f for f in s.bound if f.start > s.numbers[n].start]
        s.bound[:] = [f for f in s.bound if f.start < s.numbers[n].start]
        s.at = s.numbers[n].start
        _bind_number(s, n)
        s.bound += later
        s.topic = topic


def left_of(s: Situation, n: int) -> str:
    """The text between the number before and this one."""
    before = [x for x in s.numbers[:n] if x.unit not in _NEVER]
    start = before[-1].tail if before else 0
    if start < s.used <= s.numbers[n].start and s.masked[s.used] in "、和及与":  # 三个教学点和十二所幼儿园
        start = s.used
    return s.masked[start : s.numbers[n].start]


def right_of(s: Situation, n: int) -> str:
    """The text between this number and the next one."""
    end = s.numbers[n + 1].start if n + 1 < len(s.numbers) else len(s.masked)
    return s.masked[s.numbers[n].tail : end]


def _refuse(s: Situation, number: Number, reason: str, code: str | None = None) -> None:
    s.refused.append(Refused(number.start, number.end, reason, code))


def _bind_number(s: Situation, n: int) -> None:
    number = s.numbers[n]
    if number.unit == "fraction":
        return
    left, right = left_of(s, n), right_of(s, n)
    clause = last_clause(left)
    core, joined = strip_joining(clause)
    inspected = counts.inspected(s, number, core, right)
    head: Head | None = None
    if not inspected:
        by_name = find_head(s, n, core, left, right)
        head = parts.of_whole(s, n, by_name) or by_name
    if head is not None:
        head = _as_meant(s, number, head, core, right)
    reason = _refusal(s, number, clause, joined)
    if reason == "vague" and head is not None and head.phrase.endswith("补种前"):
        reason = None  # 其中幼儿园由86.58%提高到98.79%
    if inspected is not None and not inspected[0]:
        reason = reason or "out_of_domain"
    if reason:
        if head:
            s.topic = head
            if named := level_of(head.phrase + head.word):
                s.levels.append((number.start, named))
        elif reason == "requirement" and (short_of := _last_rate(s, clause)) is not None:
            s.topic = short_of  # 补种率也未达到95%的要求,为91.7%
        elif reason == "vague":
            s.topic = _before_comparison(s, clause) or s.topic
        _refuse(s, number, reason, head.code if head else None)
        return
    if head is None:
        _bind_without_name(s, n, core, joined, left, right)
        return
    if _listed_with_refused(s, n, head, left):
        s.topic = None
        _refuse(s, number, "out_of_domain", head.code)
        return
    if (why := domain_reason(s, head, number)) is not None:
        s.topic = None
        _refuse(s, number, why, head.code)
        return
    found = build(s, number, head, joined)
    if found is None:
        s.topic = replace(head, level=level_of(head.phrase + head.word))
        _refuse(s, number, "other_entity", head.code)
        return
    if _STANDARD_AFTER.match(right) and _STANDARD_BEFORE.search(s.masked[: number.start]):
        found = _as_standard(found)
    _remember(s, number, head, found)
    s.bound.append(found)


def _as_meant(s: Situation, number: Number, head: Head, core: str, right: str) -> Head | None:
    """The head that the words around it leave: another one, or None where it cannot be what the number counts."""
    if number.is_rate and head.code and s.indicator(head.code).unit not in MEASURED:
        return None  # 因病缺课率幼儿园最高,为2.31%: a percentage counts no kindergartens
    if head.code == "enrollment" and _EXAMINED_BEHIND.match(right):
        return None  # 10月份全校1029名学生参加体检
    if head.code == "schools" and _WITH_OTHERS.match(right) and core[-1:] in "和及与":
        return None  # 中心幼儿园和三所小学共查验接种证261人
    if (
        head.code == "intake_rate"
        and head.word.endswith("报到率")
        and _SPRING.search(s.text[: number.start] + s.report.title)
    ):
        return None  # 春季学期开学,小学报到率99.8%: pupils who came back
    if head.code == "completion_rate" and any(s.lexicon.vaccines_in(s.masked[: number.start])):
        return replace(head, code="vaccination_coverage")  # 各项疫苗完成率:卡介苗99.4%
    if head.code == "vac_cert_check_done" and _MISSED_DOSES.search(core):
        return None  # 接种证查验查出有剂次遗漏的孩子243名
    checked = _ALL_CHECKED.match(s.masked, number.tail) or (
        _ALL_SHOWN.match(right) and "接种证" in s.paragraph.text[: s.offset]
    )
    if head.code in ("entrants", "enrollment") and checked:
        return Head("vac_cert_check_done", head.word, head.phrase)  # 新生86人全部查验了预防接种证
    return head


def _bind_without_name(s: Situation, n: int, core: str, joined: str, left: str, right: str) -> None:
    """A number that no name stands by: bound by one of the other constructions, or refused."""
    number = s.numbers[n]
    found = (
        special.compared(s, n)
        or _of_vaccine(s, number, core)
        or special.bind(s, n, core, joined, left, right)
        or counts.by_predicate(s, number, core, left, right)
        or diseases.of_diseases(s, number)
        or findings.of_kind(s, number, core)
    )
    if found is None:
        _refuse(s, number, _why_unbound(s, number, core, right))
        if (
            (number.unit == "person" or "班" in core or _OF_LEVEL.search(core))
            and len(core) <= 24
            and len(levels_of(core)) == 1
            and (told := level_of(core))
        ):
            s.levels.append((number.start, told))  # 六年级418人,体检412人,受检率…
    else:
        if "level" in found.dims and level_of(core):
            s.levels.append((number.start, found.dims["level"]))
        s.topic = Head(found.code, "", core)
        s.first = s.first or s.topic
        s.bound.append(found)


def _of_vaccine(s: Situation, number: Number, core: str) -> Found | None:
    """漏种286人,漏种率3.61%,其中乙脑91人: a vaccine takes up the count before the rate."""
    subject = core.removeprefix("其中").strip("、和及与(")
    if number.is_rate and (told := _coverage_of(s, number, subject)) is not None:
        return told
    if number.unit != "person" or not any(v.word == subject for v in s.lexicon.vaccines_in(subject)):
        return None
    last = next((f for f in reversed(s.bound) if s.indicator(f.code).unit == "person"), None)
    if last is None or "vaccine" not in s.indicator(last.code).dims:
        return None
    return build(s, number, Head(last.code, "", subject), "", "count_of_vaccine", 0.85)


_NOT_COVERED = re.compile("漏种|补种|发病|报告率|抗体|阳性|未接种|反应")
_ONE_VACCINE = re.compile("(?:疫苗)?(?:第?[1-5一二三四五](?:剂次?|针)|首[剂针])?")


def _coverage_of(s: Situation, number: Number, subject: str) -> Found | None:
    """入户调查儿童的接种情况,结果为:卡介苗99.5%,乙肝疫苗98.6%: vaccines with percentages where coverage is spoken of."""
    vaccine = next(iter(s.lexicon.vaccines_in(subject)), None)
    if vaccine is None or vaccine.start or not _ONE_VACCINE.fullmatch(subject[vaccine.end :]):
        return None
    around = s.paragraph.text + s.title_and_headings
    if "接种" not in around or _NOT_COVERED.search(s.masked[: number.start]) or s.topic is not None:
        return None
    return build(s, number, Head("vaccination_coverage", "", subject), "", "rate_of_vaccine", 0.8)


_OF_LEVEL = re.compile("(?:^|[,;:中])(?:小学|初中|高中|幼儿园|中职|托幼机构)$")  # 小学41份、合格38份,合格率92.68%
_EXAMINED_BEHIND = re.compile(
    "(?:在校|在园)?(?:学生|幼儿|儿童)(?:均|都|全部)?(?:参加|接受)(?:了)?[^,。;\\d]{0,8}(?:体检|检查|筛查|监测|测试)"
)
_WITH_OTHERS = re.compile("(?:小学|初中|中学|幼儿园|学校|完小)(?:一?共|合计)(?!有|计)")
_SPRING = re.compile("春季|返校")
_MISSED_DOSES = re.compile("(?:遗漏|漏种|漏打|没打全|未种全|接种不全)的?(?:孩子|幼儿|儿童|学生|新生)$")
_ALL_CHECKED = re.compile(
    r"(?:[^,。;]|(?<=\d),(?=\d)){0,32}?完成(?:了)?(?:预防)?接种证(?:的)?查验|(?:已)?(?:全部|全都|均|都)(?:已|都)?(?:查验|核验|交验|验)(?:了|过)?(?:入[园学托])?(?:预防)?接种证"
)
_ALL_SHOWN = re.compile("(?:全部|全都|均|都)(?:已)?(?:交验|查验|核验)(?:了)?[,。;]")
_PARTS_OPEN = re.compile("[^,。;()]{0,8}[(](?:其中)?")  # 对78所学校(其中小学41所、初中22所)进行了检查


def _listed_with_refused(s: Situation, n: int, head: Head, left: str) -> bool:
    """应查验的托幼机构86所、小学41所: schools listed with some that were no observation are none either."""
    before = s.numbers[n - 1] if n else None
    refused = before is not None and any(r.start == before.start and r.reason == "out_of_domain" for r in s.refused)
    if _ALL_SORTS.search(s.masked[: before.start] if before is not None else ""):
        return False  # 学区辖中小学6所、公办幼儿园3所
    inherited = head.code in ("schools", "transfer_in", "transfer_out") or not head.word or head.word not in left
    inside = s.masked.rfind("(", 0, s.numbers[n].start) > s.masked.rfind(")", 0, s.numbers[n].start)
    sampled = left.startswith(",其中") and before is not None and _SAMPLE.search(s.masked[: before.start])
    joined = (
        sampled
        or left.startswith(("、", "所学校,其中"))
        or _PARTS_OPEN.match(left)
        or (inside and left.startswith(","))
    )
    return bool(inherited and refused and joined and before and before.unit == s.numbers[n].unit)


_SAMPLE = re.compile("(?:选取|抽取|抽样|随机抽|抽测)[^,。;]{0,12}$")  # 选取监测学校12所,其中幼儿园3所
_ALL_SORTS = re.compile("(?:辖有?|现有|共有|设有)(?:中小学校?|各级各类学校)$")


def _as_standard(found: Found) -> Found:
    return replace(found, qualifier=Qualifier.AT_LEAST, confidence=STANDARD, rule="stated_standard")


def _refusal(s: Situation, number: Number, clause: str, joined: str) -> str | None:
    if s.paragraph.aside or judge.is_noise(s.paragraph.text):
        return "noise"
    of_one = number.unit == "person" and OF_ONE_CLASS.search(s.masked[: number.start])
    if of_one and not _BY_GRADES.search(s.masked):
        return "out_of_domain"  # 九(3)班有学生51人: a class is not the school
    before, reach = s.masked[: number.start], s.masked[number.tail :]
    if before.endswith(_PRESENT) and _FROM_PRESENT.search(before):
        return None  # 覆盖率由目前的78.2%提升到100%: a fact, whatever is aimed at
    if "每" in clause[-2:] and _EVERY.search(clause[-2:]) and not number.is_rate and number.value in _ROUND:
        return "vague"
    if "每" in before and _PER_SO_MANY.search(before):
        return "requirement"
    if "抽查" in before and _SAMPLED.search(before):
        return "ambiguous"
    if _RANKS_AMONG.match(reach):
        return "vague"
    if (
        number.unit == "person"
        and _FEWER_THAN.search(clause)
        and re.match("的(?:学校|教学点|班|小学|村小|还?有)", reach)
    ):
        return "vague"  # 学生不足50人的学校还有19所
    if not number.is_rate and (("各" in clause and _EACH_HAS.search(clause)) or _EACH_OF.search(before[-16:])):
        return "ambiguous"
    if number.unit == "points" or (number.is_rate and reach.startswith("几")):
        return "vague"  # 百分之九十几
    if _STANDARD_AFTER.match(reach) and _STANDARD_BEFORE.search(before):
        return judge.section_mood(s.paragraph.headings, s.report.anchor)
    if _STANDARD_AFTER.match(reach) and _MEETS.search(before) and s.bound and s.bound[-1].start < number.start:
        return "requirement"  # 入学率97.3%,达到95%以上的标准
    reason = judge.section_mood(s.paragraph.headings, s.report.anchor) or judge.mood(
        s.text, number.start, number.tail, s.spans, s.report.anchor
    )
    if reason:
        return reason
    if _of_several_years(s, number) or (not number.is_rate and _PROGRESS.match(reach)):
        return "ambiguous"
    if ("个别" in clause or "少数" in clause or "有的" in clause) and _A_FEW.match(clause):
        return "ambiguous"
    if s.report.is_order and not looks_back(s, number):
        return "requirement"
    if is_delta(joined, clause) and not re.search("新增", clause[-4:]):
        return "vague"
    if _is_vague(s, number, clause):
        return "vague"
    by_copy = number.word in ("本", "张") and clause.endswith("证")
    return "out_of_domain" if number.unit in ("money", "other") and not by_copy else None


_EVERY = re.compile("每(?!班)")
_ROUND = (10, 100, 1000, 10_000)
_PRESENT = ("目前", "现在", "现有", "当前", "眼下", "的")
_FROM_PRESENT = re.compile("[由从](?:目前|现在|现有|当前|眼下)的?$")
# 七年级9班241人、八年级9班238人: so many classes, as reports from Taiwan tell it
_BY_GRADES = re.compile(r"年级\d{1,2}班[\d,]+人[、,][^、,]{0,6}年级\d{1,2}班[\d,]+人")
_FEWER_THAN = re.compile("(?:不足|少于|低于|不到|超过|在)$")
_PER_SO_MANY = re.compile(r"每\d+[名人个所][^,。;]{0,6}$")
_SAMPLED = re.compile(r"抽查\d+所[^,;。]{0,8},平均[^,;。]{0,6}$")
_RANKS_AMONG = re.compile("[^,。;]{0,8}中(?:名列|排名?|位列|位居|居|列)第")
_EACH_HAS = re.compile("各(?:有|配备?|设|招|发现|存在|查出|检出)[^,]{0,8}$")
_EACH_OF = re.compile(r"[\d两三四五六七八九][所个家][^,、;。\d]{1,8}各$")  # 三所村小各6个
_A_FEW = re.compile(
    "(?:[^,。;]{0,4})?(?:个别|少数|有的|极少数)(?:学校|园|幼儿园|乡镇|食堂|村小|县|市|区(?!域)|镇|乡|街道)"
)
_PER_CLASS = re.compile("(?:平均每个?班|每班平均)(?:为|约|达)*$")
_PER_UNIT = re.compile(r"(?:每|平均每)(?:个|所|校|班|镇|乡|人|名|位|学期|月|周|天)[^,]{0,8}$")
_DATED = re.compile(rf"[(]{MARK}+[)]")
_FROM_WHEN = re.compile(
    rf"[由从](?:{MARK}+年?[底末]?(?:时|的)?(?:最高峰|高峰|峰值|最高点|最高|最低点|最低|最多|最少)?(?:时|期)?|[一二三四五六七八九]年级|小班|大班)的?$"
)
_RISEN_FROM = re.compile(r"(?:由|从(?!业|事))(?!查验时|补种前)\x01*[^,。;]{0,5}的?$")


def _is_vague(s: Situation, number: Number, clause: str) -> bool:
    """Whether a number is an average per unit, a mean growth, or what something has risen from."""
    if _PER_CLASS.search(clause):
        return False
    if _PER_UNIT.search(clause) and number.value <= 1000 and not number.is_rate:
        return True
    dated = _DATED.match(s.masked, number.tail)
    if not number.is_rate and "年均" in clause and not dated:
        return True
    return bool(_RISEN_FROM.search(clause) and not dated and not _from_with_period(clause) and s.since(number) is None)


def _of_several_years(s: Situation, number: Number) -> bool:
    """2011、2012年完成改扩建11所: of both years together or of each, nobody can tell."""
    before = [span for span in s.spans if span.start < number.start and not span.baseline]
    if not before or not before[-1].parts or not re.search("[、和及]", s.text[before[-1].start : before[-1].end]):
        return False
    if "两" in s.text[before[-1].start : before[-1].end]:
        return False  # 九、十两月: of both together
    return not _ONE_BY_ONE.search(s.masked[before[-1].end : number.start])


def _from_with_period(clause: str) -> bool:
    """由2016年的61%, 由2021年最高峰的14.8万人, 由一年级的14.7%: a value of a year, or of a part, that is named."""
    return bool(_FROM_WHEN.search(clause))


def _why_unbound(s: Situation, number: Number, core: str, right: str) -> str:
    around = s.masked[max(0, number.start - 24) : number.tail + 16]
    if judge.is_foreign(around) or (number.is_rate and core[-1:] == "率"):
        return "out_of_domain"
    return "ambiguous" if number.is_rate else "out_of_domain"


def _last_rate(s: Situation, clause: str) -> Head | None:
    """The rate that a clause names last."""
    names = [name for name in s.lexicon.names_in(clause) if name.code and s.indicator(name.code).unit == "percent"]
    return Head(names[-1].code, names[-1].word, clause[: names[-1].end]) if names else None


def _before_comparison(s: Situation, clause: str) -> Head | None:
    """转入学生较去年同期增加21人: what is compared is the topic of what follows."""
    plain = re.split(r"(?<!占)比(?!例|重)|[较同环与由从]|增|减|提高|下降|降低|上升", clause, maxsplit=1)[0]
    core, _ = strip_joining(plain)
    name = s.lexicon.ending(core)
    return Head(name.code, name.word, core) if name and name.code else None


def _remember(s: Situation, number: Number, head: Head, found: Found) -> None:
    s.topic = Head(head.code, head.word, head.phrase, found.dims.get("level"))
    s.first = s.first or s.topic
    named = levels_of(head.phrase) or levels_of(head.word)
    if "level" in found.dims and named:
        s.levels.append((number.start, found.dims["level"]))
