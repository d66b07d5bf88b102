"""What a number is said of when only a subject, or nothing, stands before it: the head carried on from earlier words."""

from __future__ import annotations

import re
from decimal import Decimal

from etl.reports import speech
from etl.reports.brackets import around_brackets, before_bracket
from etl.reports.build import subject_at
from etl.reports.dims import bare, is_mixed, is_of_several, levels_of, other_dims
from etl.reports.fitting import fits
from etl.reports.found import Head, Situation
from etl.reports.numbers import Number
from etl.reports.phrases import MARK, strip_joining
from etl.reports.places import is_school_name
from etl.reports.subjects import is_subject, names_a_thing

TAKES_UP = re.compile("这一?(?:数字|比例|数据|指标|比率|数值)|该(?:比例|数字|指标)")  # what was named before
_SIDE = re.compile(r"^(?:等|的?标准|\)|$|(?:小学|初中|高中)$)")
_RANKED = re.compile(
    r"^(?:(?:一直|始终)?(?:位列|位居|居|名列|排名|排在|处于|列)[^,]{0,14}|(?:稳步|逐年|持续|大幅|明显|有所|不断)+(?:提高|提升|上升|下降|好转|改善)[^,]{0,4}),[\x01年底末]*(?:已|现)?(?:达到?|为)+$"
    r"|^[^,]{0,4}(?:偏|较)[高低大小多少],其中[^,]{2,14}?(?:达|为|仅|只有|高达)+$"
    r"|^(?:仍|还|比较|相对)?(?:较|偏|很|太)?(?:多|少|低|高|重|大),(?:目前|现|最新)?[\x01年底末]*(?:监测|调查|检测|筛查|结果)?(?:共|达到?|为|约|仅|只|有)+$"
)

_TAKES = re.compile("[,、;]((?:小学|初中|高中|幼儿园|中职)(?:部|段|这边)?)占(?:了|去|到)?$")
# 肥胖率接近14%,城区更高,有15.2%
_PART_RANKED = re.compile(
    r",(小学|初中|高中|城区|县城|农村|乡镇|[男女]生)(?:学生|阶段)?(?:要|则|还)?(?:更|较|最|略|稍|偏)(?:高|低|多|少),(?:有|为|达|到|只|仅)+$"
)


_BACK_AT_SCHOOL = re.compile("[^,。;\\d]{0,14}复学(?!证|诊断|手续)")
_OVERALL_ENDS = ("综合", "总体", "整体", "平均")
_OVERALL = re.compile(f"(?<=全[校园县市区镇乡])(?:{'|'.join(_OVERALL_ENDS)})$")
_ALL = re.compile("全[校园县市区镇乡]")
_WHEN = re.compile(f"^{MARK}+[底末]?|{MARK}+[底末初]?$")
_ENTERING = re.compile("(入学|入托|入园)(?:儿童|新生|学生|幼儿)?")
# 毛入学率94.1%,一本上线率我就不说了,去年是31%; 初中巩固率98.1%,小学巩固率一直不错,去年是99.8%
_OTHER_RATE = re.compile("^[,;](?:而|至于)?([^,。;、()\\d\x01]{2,8}率)(?![^,。;]{0,2}$)[^,。;\\d]{2,10},")
_OF_BOTH = re.compile("入[托园](?!、?入学)[^。]*入学(?!率)")


def back_at_school(s: Situation, number: Number, core: str, right: str) -> Head | None:
    """因肺结核休学11人,已有6人凭诊断证明复学: of those on leave."""
    on_leave = bool(s.bound) and s.bound[-1].code == "suspended" and number.unit == "person"
    return Head("resumed", "", core) if on_leave and _BACK_AT_SCHOOL.match(right) else None


def inherited(s: Situation, n: int, core: str, left: str, right: str) -> Head | None:
    """脊灰97.4%, 初中322人, 达到183人: only a subject, or nothing, before the number."""
    number = s.numbers[n]
    if left.strip() == ")" and (told := before_bracket(s, number)) is not None:
        return told
    subject = _bare_subject(core)
    if (entering := _ENTERING.fullmatch(subject)) and _OF_BOTH.search(s.masked):
        subject = "小学" if entering[1] == "入学" else "幼儿园"  # 应查验入托儿童2316人、入学儿童3875人
    if _after_admitted(s, n) or _came_back(s, number, right):
        return None
    if left.strip() in (",", "、") and (of_counts := _of_two_counts(s, n)) is not None:
        return of_counts
    if (again := _again(s, n, subject, left)) is not None:
        return again
    if (sided := _by_side(s, number, left)) is not None:
        return sided
    if left.startswith("(") and (earlier := _earlier(s, n, left)) is not None:
        return earlier
    if (spoken := speech.told_ahead(s, number, left) or speech.goes_on(s, number, left)) is not None:
        return spoken
    if not number.is_rate and (part := _TAKES.search(left)):
        subject = part[1]  # 孩子一共38600名,小学占了25100名
    elif "占" in left and _AS_SHARE.search(left):
        return None
    if (headed := _headed(s, number, left)) is not None:
        return headed
    if (ranked := _ranked(s, number, left) or _commented(s, number, left)) is not None:
        return ranked
    if _ROSE_FROM.fullmatch(left) and _ROSE.match(right) and (rose := _topic(s, number, left)):
        return Head(rose.code, rose.word, rose.phrase, rose.level)
    if MARK in left and _LATER.fullmatch(left.strip()) and (listed := _topic(s, number, left)):
        return Head(listed.code, listed.word, listed.phrase)  # 2023年的0.41%、2024年的0.27%
    if number.is_rate and (other := _OTHER_RATE.search(left)):
        return _of_other_rate(s, number, other[1], subject)
    if right[:1] not in ("", ",", "、", ";", "。", "(", ")", "和", "及", "与", "!", "?", "•") and not _SIDE.match(
        right
    ):
        return None
    topic = _of_vaccines(s, subject, number) or _topic(s, number, left)
    if topic is None:
        return None
    if s.asked and not s.bound and speech.answers(left):
        return topic  # 留守的孩子有多少呢?6034个
    if not subject:
        return _reached(s, n, topic, left)
    if levels_of(subject) and left.lstrip().startswith(";") and _is_of_a_part(s, number, topic):
        return None
    return _with_subject(s, number, topic, subject)


def _of_other_rate(s: Situation, number: Number, phrase: str, subject: str) -> Head | None:
    """The rate that a clause names without a number, for the number of the next clause; None where it is no indicator."""
    name = s.lexicon.ending(phrase)
    known = name is not None and name.code and fits(s, name.code, number, name.word)
    if name is None or not known:
        return None
    return Head(name.code, name.word, subject if levels_of(subject) else phrase)


def _bare_subject(core: str) -> str:
    """The subject that stands before a number, without the words that lead to it."""
    subject = core.strip("、和及与()—–" + MARK)
    subject = _ONE_BY_ONE.sub("", subject) if subject.startswith(("分别", "依次")) else subject
    if studying := _STUDYING.fullmatch(subject):
        subject = studying[1]
    subject = TAKES_UP.sub("", subject) if "这" in subject or "该" in subject else subject
    subject = _OVERALL.sub("", subject) if subject.endswith(_OVERALL_ENDS) else subject
    subject = subject.lstrip("而但则")
    return _WHEN.sub("", subject) if MARK in subject else subject


_AS_SHARE = re.compile("占(?!比[^占]*$)")
_ONE_BY_ONE = re.compile("^(?:分别|依次)(?:是|为|在|来自)")


def _reached(s: Situation, n: int, topic: Head, left: str) -> Head | None:
    """达到183人, 算下来是98.14%: no name and no subject, only words that lead to a value."""
    reaches = _REACHES.search(left.lstrip(",;、"))
    fresh = not s.bound or s.bound[-1].end <= (s.numbers[n - 1].start if n else 0)
    if reaches and (fresh or re.search(f"[到至]|算下来|折[算合]|[降升增减变]为|实际|{MARK}", left)):
        phrase = topic.phrase
        if ";" in left and (named := subject_at(s, s.segment_before(s.numbers[n].start))) is not None and named.name:
            phrase = named.name + topic.word  # 松山小学近视率33%;湖畔中学不降反升,达到71.6%
        return Head(topic.code, topic.word, re.sub("查验时|补种前", "补种后", phrase))
    return None


_PART_OF = re.compile("(?:其中|内有|内含|含|当中)")


def _is_of_a_part(s: Situation, number: Number, topic: Head) -> bool:
    """小学2031人,内有寄宿生120人;初中1152人: what was told of a part is not taken up again for the next level."""
    segment = s.masked[: number.start].rpartition(";")[0].rpartition(";")[2]
    part = _PART_OF.search(segment)
    return bool(
        part and topic.word and topic.word in segment[part.end() :] and topic.word not in segment[: part.start()]
    )


_REACHES = re.compile(
    rf"达|为|是|实际|:|到|至|现有|{MARK}(?:共)?报告$|{MARK}(?:共|累计|合计|总计)+$|{MARK}年?(?:时)?(?:尚|还|仅|只|曾|就)?(?:有|剩|为|达)$"
)


def _came_back(s: Situation, number: Number, right: str) -> bool:
    """新增疑似辍学14人,截至10月底13人已返校: the second count is of those who returned."""
    gone = bool(s.bound) and s.bound[-1].code in _GONE
    return gone and number.unit == "person" and _CAME_BACK.match(right) is not None


def _of_all(s: Situation, topic: Head, subject: str) -> bool:
    """小学部31.2%,初中部57.9%,全校40.3%: after the levels one by one, all of them."""
    return bool(_ALL.match(subject)) and len({f.dims.get("level") for f in s.bound if f.code == topic.code}) > 1


def _by_place(s: Situation, number: Number) -> bool:
    """小学2人、初中12人;从乡镇看,鹤坪镇5人: the same count told anew, place by place."""
    return bool(re.search("[从分按][^,。;]{0,4}(?:乡镇|县区|区域|学校|地区)(?:来)?看", s.segment_before(number.start)))


def _with_subject(s: Situation, number: Number, topic: Head, subject: str) -> Head | None:
    """The head that is carried on, for the subject that stands before the number."""
    if topic.code == "disabled_students" and _SPECIAL_SCHOOL.fullmatch(subject):
        return Head(topic.code, "", "特殊教育学校就读")  # 其中随班就读187人、特教学校98人
    if topic.code == "migrant_children" and "公办" in subject:
        return None  # 其中在公办学校就读1802人
    if topic.code == "myopia_rate" and re.fullmatch("6周?岁(?:的)?儿童", subject):
        return Head(topic.code, topic.word, "幼儿")  # those of the last year of kindergarten
    if subject in ("补种后", "查验时", "补种前") and topic.code == "full_vaccination_rate":
        return Head(topic.code, re.sub("补种[前后]|查验时", "", topic.word), subject)
    if re.fullmatch("[男女](?:生|童|孩)?", subject) and "sex" not in s.indicator(topic.code).dims:
        return None
    anew = topic.code == "schools_new" and re.fullmatch("新建|改扩建|扩建|改建|新增|迁建", subject)
    if anew or is_subject(s, subject):
        word = bare(topic.word)
        if names_a_thing(subject):
            if not topic.code.startswith("hygiene"):
                return None  # 学校食堂624家、校外供餐单位7家
            word = ""
        if levels_of(subject) and (levels_of(word) or is_mixed(word)) and not number.is_rate:
            word = ""  # 在园幼儿9204人,小学2.19万人; 中小学在校生2381人(其中小学1506人)
        if topic.level and is_school_name(subject):
            subject = ""  # 初中巩固率…:桐木九年一贯制学校96.0%: the level is that of the rate
        return Head(
            topic.code, word, subject,
            None if levels_of(subject) or is_of_several(subject) or _of_all(s, topic, subject) or _by_place(s, number)
            else topic.level,
        )  # fmt: skip
    return None


# 毛入园率达86.4%,由2018年的84.1%提高到这一水平
_ROSE_FROM = re.compile(rf"[,、(](?:较|比)?[由从]{MARK}+[底末初]?的?")
_ROSE = re.compile("(?:稳步|逐步|逐年|大幅)?(?:提高|提升|上升|增加|增长|升|下降|降低|降|减少|压减)")
_SPECIAL_SCHOOL = re.compile(
    "(?:安置|就读|送)?(?:于|在|到|去|进)?(?:[省市县区州])?(?:里的?)?(?:特殊教育|特教)学校(?:就读|读书|上学|学习|读)?的?|特校"
)
_EARLIER = re.compile(rf"[(](?:上次)?{MARK}+[底末初]?(?:时|尚|还|仍|只|仅|曾|约)*(?:有|为|是|达)?")


def _earlier(s: Situation, n: int, left: str) -> Head | None:
    """看护点0个(2020年底尚有6个): the same count at an earlier time, in brackets behind it."""
    last = s.bound[-1] if s.bound and n else None
    if last is None or last.start != s.numbers[n - 1].start or not _EARLIER.fullmatch(left):
        return None
    if s.numbers[n - 1].unit != s.numbers[n].unit or not fits(s, last.code, s.numbers[n], "率"):
        return None
    return Head(last.code, "", s.clause_before(last.start))


def _of_vaccines(s: Situation, subject: str, number: Number) -> Head | None:
    """乙肝疫苗首针及时接种率97.1%,脊灰疫苗98.8%: after a rate of one vaccine alone, others take up the coverage."""
    topic = s.topic
    of_one = (
        topic is not None
        and topic.code == "full_vaccination_rate"
        and s.first
        and s.first.code == "vaccination_coverage"
    )
    if topic is None or not number.is_rate or not (topic.code == "hepb_birth_timely_rate" or of_one):
        return None  # 卡介苗接种率…,乙肝疫苗全程接种率…,脊灰疫苗98.1%
    named = next(iter(s.lexicon.vaccines_in(subject)), None)
    return Head("vaccination_coverage", "接种率", subject) if named is not None and named.code != "HepB" else None


_BY_SIDE = re.compile(r"(?:^|[,;、于比])([^,;、()\d]{2,6})\($")


def _by_side(s: Situation, number: Number, left: str) -> Head | None:
    """小学(36.8%)低于初中(70.3%): the subject in front of the bracket, if the indicator tells such subjects apart."""
    side = _BY_SIDE.search(left) if number.is_rate and left.endswith("(") else None
    told = _topic(s, number, left) if side else None
    if side is None or told is None or not is_subject(s, side[1]):
        return None
    apart = levels_of(side[1]) or other_dims(s.indicator(told.code), side[1], "")
    return Head(told.code, bare(told.word), side[1]) if apart else None


_GONE = frozenset({"suspected_dropout_count", "dropout_count", "dropout_return_due"})
_CAME_BACK = re.compile("(?:学生)?(?:已|均已|已全部)(?:返校|复学|劝返)")
_STUDYING = re.compile("在(.{2,6})就读")
_TURNED_TO = "(?:(?:提高|提升|上升|增加|增长|升|下降|降低|降|减少)(?:到|至|为)(?:了)?)?"
_LATER = re.compile(
    rf"(?:,?其中:?|[、,和及])(?:逐步|逐年|大幅)?{_TURNED_TO}{MARK}+年?底?(?:的|仅|只|则|已|还|有|剩|为)*"
)


def _after_admitted(s: Situation, n: int) -> bool:
    """升入普通高中76人,职业高中94人: those admitted by another school were no observation, nor are those listed with them."""
    last = s.numbers[n - 1] if n else None
    if last is None or last.unit != s.numbers[n].unit or not any(r.start == last.start for r in s.refused):
        return False
    return bool(_ADMITTED.search(s.masked[: last.start]))


_ADMITTED = re.compile("(?:升入|考上|考入|考取|录取到?|输送)[^,;。]*$")


def _of_two_counts(s: Situation, n: int) -> Head | None:
    """应补188剂,实补180剂,95.74%: a rate without a name right after its two counts is that of the sentence."""
    number, counts = s.numbers[n], s.numbers[max(0, n - 2) : n]
    rate = next((f for f in reversed(s.bound) if s.indicator(f.code).unit == "percent"), None)
    told = [f for f in s.bound if f.start in {x.start for x in counts}]
    if rate is None or not number.is_rate or len(told) != 2 or not counts[0].value:
        return None
    step = Decimal("0.51").scaleb(-max(0, -int(number.value.as_tuple().exponent)))
    if abs(100 * counts[1].value / counts[0].value - number.value) > step:
        return None
    return Head(rate.code, "", s.clause_before(counts[0].start) + s.masked[counts[0].start : number.start])


def _again(s: Situation, n: int, subject: str, left: str) -> Head | None:
    """What takes up a count that was read before the last one: 1128人、1574剂次; 转来3名,期末147名; 幼儿园214人."""
    number, last = s.numbers[n], s.bound[-1] if s.bound else None
    if last and number.unit == "doses" and last.code in ("vac_catchup_due", "vac_catchup_done"):
        return (
            Head(last.code, "", "")
            if left.strip() in ("", "、", ",", "(", "共", ",共", ",计", ",合计", "(共", "和", "/")
            else None
        )
    if number.unit != "person" or not any(f.code == "enrollment" for f in s.bound):
        return None
    named = subject_at(s, subject) if subject else None
    listed = (
        last is not None and last.code != "enrollment" and re.match("、|.*(?:分别|依次)[是为在]", left)
    )  # 水渡初中3人、白塔初中1人
    school = not listed and (
        named is not None and named.name is not None and named.kind in ("校", "园") and subject.endswith(named.name)
    )
    if school or (re.fullmatch(f"(?:{MARK})*(?:期末|学期末|学年末|年末|期初|学年初)?(?:{MARK})*", subject) and subject):
        return Head("enrollment", "", subject)
    return None


_COUNT_LABEL = re.compile(
    r"(?:^|[,;。、])[^,;。:、\d]{0,6}?((?:在校|在园|在籍)(?:学生|生|幼儿)|招生|毕业生|教职工|专任教师)(?:人数|数|情况|规模|分布)*(?:如下|为|是)?:[^;。]*$"
)
_LABEL = re.compile(
    r"(?:^|[,;。、(]|[一二三四五六七八九]是)([^,;。:、(\d]{2,14}率)(?:分别|情况|依次|具体)*(?:如下|为|是)?:[^;。]*$"
)


def _topic(s: Situation, number: Number, left: str) -> Head | None:
    """The head that a bare subject takes up: that of a label (毕业率:小学…), after a semicolon that of the sentence,
    else the last one."""
    labelled = ":" in left
    if labelled and (label := _LABEL.search(left)):
        name = s.lexicon.ending(label[1])
        if name and name.code and fits(s, name.code, number, name.word):
            return Head(name.code, name.word, label[1])
    label = _COUNT_LABEL.search(left) if labelled else None
    name = s.lexicon.ending(label[1]) if label else None
    if label and name and name.code and fits(s, name.code, number, name.word):
        return Head(name.code, name.word, label[1])  # 现有在校生情况:小学25317人
    candidates = [s.first, s.topic] if ";" in left else [s.topic, s.first]
    if (around := around_brackets(s, number, left)) is not None:
        candidates.insert(0, around)
    if _OF_RETURNED.match(s.masked):
        candidates.append(Head("dropout_returned_count", "", ""))
    candidates += [s.wanted] if number.is_rate and _WORKED_OUT.match(left) else []
    return next((t for t in candidates if t is not None and t.code and fits(s, t.code, number, t.word)), None)


_OF_RETURNED = re.compile("(?:已)?(?:劝返|返校|复学)的?学生(?:当)?中,")  # 劝返学生中,小学2人、初中12人
_WORKED_OUT = re.compile(
    "[^,。;]{0,4}[,、](?:这样)?(?:一)?(?:算下来|折算|折合|也就)"
)  # 进初中的…,毕业的…,算下来是98.14%
_HEADED_SIGN = re.compile("[率例重比数],")
_HEADED = re.compile(
    r"(?:^|[;。])(?:[^,;。]{0,20}?)([^,;。:\d]{2,16}(?:率|比例|比重|占比|人数|总数|数)),([^,;。\d]{0,12})$"
)


# 平均班额控制得也不错,小学39.4人
_COMMENTED = re.compile(
    r"(?:^|[;。,])([^,;。:\d]{2,12}?)(?:控制|保持|总体|整体|普遍|基本|还是|比较|一直|都|也)[^,;。\d]{1,8},([^,;。\d]{2,8})$"
)


# 随迁子女集中,义务教育阶段有1856人; 寄宿生不少,初中有800人
_MANY = re.compile(
    r"(?:^|[;。,])([^,;。:\d]{2,10}?)(?:相对|比较|较为|也|都|很|较|最|特别|尤其|更)*(?:集中|不少|多|突出|密集|不算多|不多),([^,;。\d]{2,10}?(?:有|为|达|是)+)$"
)


def _headed(s: Situation, number: Number, left: str) -> Head | None:
    """大班额比例,小学由6.7%压减到3.9%: the name stands alone before a comma."""
    if "," not in left:
        return None
    behind = len(left) - left.rfind(",") - 1  # characters behind the last comma: each pattern leaves room for few
    found = _HEADED.search(left) if _HEADED_SIGN.search(left) else _COMMENTED.search(left) if 2 <= behind <= 8 else None
    found = found or (_MANY.search(left) if left[-1] in "有为达是" else None)
    name = s.lexicon.ending(found[1]) if found else None
    if found is None or name is None or not name.code or not fits(s, name.code, number, name.word):
        return None
    subject, _ = strip_joining(found[2])
    if subject and is_subject(s, subject):
        return Head(name.code, name.word, subject, None)
    return None


_NOT_BAD = re.compile(
    "(?:倒也?是?|也|还|还算|一直|总体|整体)*(?:不[低高错差]|稳定|可以|平稳|良好|较[高低好]),(?:为|达到?|有|是)*$"
)


def _commented(s: Situation, number: Number, left: str) -> Head | None:
    """学生体检覆盖率倒是不低,百分之九十九点二: the name and what is thought of it, then the number."""
    clause = left[max(left.rfind(";"), left.rfind("。")) + 1 :]
    found = _NOT_BAD.search(clause) if "," in clause and number.is_rate else None
    name = s.lexicon.ending(clause[: found.start()].lstrip(",")) if found else None
    known = name is not None and name.code and fits(s, name.code, number, name.word)
    return Head(name.code, name.word, clause[: name.end + 1]) if name is not None and known else None


def _ranked(s: Situation, number: Number, left: str) -> Head | None:
    """普高升学率位列全市第二,达86.4%: the name stands one clause before."""
    clause = left[max(left.rfind(";"), left.rfind("。")) + 1 :]
    if (part := _PART_RANKED.match(clause)) and s.topic and fits(s, s.topic.code, number, s.topic.word):
        return Head(s.topic.code, s.topic.word, part[1])
    if "," not in clause or clause[-1] not in "达到为仅有共约只":  # with which what follows the name ends
        return None
    names = [name for name in s.lexicon.names_in(clause) if name.code and fits(s, name.code, number, name.word)]
    if names and _RANKED.match(clause[names[-1].end :]):
        return Head(names[-1].code, names[-1].word, clause[: names[-1].end])
    return None
