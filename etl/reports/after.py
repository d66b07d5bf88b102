"""A name that follows its number: 8个教学班, 195名幼儿, 99.7%的入学率."""

from __future__ import annotations

import re

from etl.reports import special
from etl.reports.build import subject_at
from etl.reports.fitting import fits
from etl.reports.found import Head, Situation
from etl.reports.lexicon import Name
from etl.reports.numbers import Number
from etl.reports.phrases import MARK, last_clause, leaves_nothing, tells_action

_WHICH = re.compile(
    "^(?:的|左右的|以上的|公益性|[A-D]类|适龄|新|农村|公办|民办|城区|残疾(?!儿童)|一年级(?!新生)|应届|小学(?=招)|各类)*(?=.)"
)


def named_after(s: Situation, number: Number, core: str, left: str, right: str) -> Head | None:
    """8个教学班, 195名幼儿, 99.7%的入学率: the name follows the number."""
    which = _WHICH.match(right)
    tried = [right.removeprefix("的"), right[which.end() :] if which else right]
    if number.unit == "" and number.value >= 10_000:  # 78万多中小学生 needs no measure word
        number = number._replace(unit="person", word="人")
    if (counted := _by_unit(s, number, core, last_clause(left), right)) is not None:
        return counted
    for phrase in tried:
        name = s.lexicon.beginning(phrase)
        if (
            name is None
            or not name.code
            or not fits(s, name.code, number, name.word)
            or not (number.word or number.is_rate or (number.han and number.after))
        ):
            continue
        if name.code in _SOUGHT and not re.search("[未没无]", clause := last_clause(left)):
            s.used = number.tail + len(right) - len(phrase) + name.end
            return Head(name.code, name.word, clause + name.word)  # 对排查出的23名疑似辍学学生、8名应劝返学生一人一案
        rate = s.indicator(name.code).unit == "percent"
        if rate and not right.startswith("的"):
            continue
        rest = s.masked[number.tail + len(right) - len(phrase) + name.end :]
        if _led_by(s, number, len(s.masked) - len(rest)):
            continue  # 小学36个初中12个: the name belongs to the next number
        clause = last_clause(left)
        if _tells_of_some(s, number, name, rest, clause):
            return None
        if name.code == "schools" and (whole := _SCHOOLS_CANTEENS.match(rest)):
            return Head("canteens", "食堂", clause + name.word + whole[0] + "食堂")
        if name.code == "enrollment" and re.match("(?:有|查出)?漏种", rest):
            return Head("vac_missed_count", "漏种", clause + name.word)
        code = special.by_verb(clause, name.word) or name.code
        if code != name.code:
            return Head(code, name.word, clause + name.word) if code else None
        if rate or (
            _plain_left(s, core, clause)
            and not re.match(r"[^,。;、)(在展的进均共]{1,}(?:率|费)|家长|党员|家庭|代表|的(?:家长|家庭|党员)", rest)
        ):
            s.used = len(s.masked) - len(rest)
            return Head(name.code, name.word, clause + s.masked[number.tail : s.used])
    return None


def _by_unit(s: Situation, number: Number, core: str, clause: str, right: str) -> Head | None:
    """12个班, and 全区73所幼儿园卫生评价合格率97.3%: what the unit counts, or the noun behind it that opens another name."""
    if number.word in ("个班", "个班级", "班"):
        plain = _plain_left(s, core, clause) and re.match("[,。;、(:]|$", right)
        return Head("classes", "班", clause) if plain else None
    if number.unit == "person" and not clause and (they := _BOARDERS_RATE.match(right)) and _opens_with_school(s):
        return Head("boarders", they[1], they[1])
    whole = number.word in ("所", "家") and _ALL_OF_PLACE.fullmatch(clause)
    kind = _THEIR_RATE.match(right) if whole else None
    return Head("schools", kind[1], clause + kind[1]) if kind else None


def _led_by(s: Situation, number: Number, end: int) -> bool:
    """Whether the next number, counted alike, stands right behind a name."""
    return any(x.start == end and x.word == number.word and x.unit == "piece" for x in s.numbers)


# 全区73所幼儿园卫生评价合格率97.3%: all there are, and what is told of them
_ALL_OF_PLACE = re.compile(f"(?:{MARK}|,)*全[县市区镇乡](?:现有|共有)?")
_THEIR_RATE = re.compile(
    r"(幼儿园|小学|初中|普通高中|高中|中小学校?|学校)(?!食堂|班|教|学生|新生|幼儿|[、和及与(])[^,。;\d]{2,12}率(?:为|达到?|均为)?$"
)
# 新桥中学是寄宿制学校,1420名住校生日晨检率100%
_BOARDERS_RATE = re.compile("(住校生|寄宿生|住宿生|寄宿学生)(?:每?日)?(?:晨检|午检|出勤|体检)率")


def _opens_with_school(s: Situation) -> bool:
    """Whether a sentence opens with the school of which it tells."""
    opening = subject_at(s, re.split("[,;]", s.masked, maxsplit=1)[0])
    return opening is not None and bool(opening.name) and opening.kind == "校"


_BEHIND_RATE = re.compile("%[(](?:其中)?$")
_SOUGHT = frozenset({"suspected_dropout_count", "dropout_return_due"})
_HAVING = re.compile("的(?![,。;、])")


def _some_schools(s: Situation, number: Number, rest: str, clause: str) -> bool:
    """Whether the schools or canteens that are counted are some of them, of which something is told."""
    if _HAVING.match(rest) and not re.search("全[县市区镇乡]", clause):
        return True  # 有4所学校的台账仍是上学期的
    if _BEHIND_RATE.search(s.masked[: number.start]) and rest[:1] not in ")、,;":
        return True  # 配备率75%(12所学校达到要求)
    if re.search("已有|已|累计|新增", clause) and _HAVE_DONE.match(rest):
        return True  # 已有867家食堂实现“互联网+明厨亮灶”
    if _IN_ORDER.match(rest) and not re.search("全[县市区镇乡]|有|共", clause):
        return True  # 163家食堂索证索票齐全,索证索票率97.02%
    return bool(_SO_IT_IS.match(rest))  # 城区4所小学班额偏大


def _tells_of_some(s: Situation, number: Number, name: Name, rest: str, clause: str) -> bool:
    """Whether what follows makes the counted ones the subject or object of something else (4名学生出现反弹)."""
    before = s.clause_before(number.start)
    if re.search("完成(?:了)?(?:全[县区市镇乡])?$", clause) and _DONE_TO.match(rest):
        return True  # 完成29所学校直饮水检测
    if name.code in ("schools", "canteens") and _some_schools(s, number, rest, clause):
        return True
    if re.search("[为给向]$", clause) and _GIVEN_TO.match(rest):
        return True  # 为41所学校安装了热水系统
    if name.code in ("food_handlers", "food_handlers_certified") and _LACKING.match(rest):
        return True  # 2名从业人员健康证过期, 2名健康证到期人员
    if name.code in _PERSONS and _BEFELL.match(rest):
        return True  # 全县仍有4名学生辍学
    if re.match("再次|又|重新|复又", rest):
        return True  # 9名劝返学生再次离校
    watched = _WATCHED.search(clause) or re.search("对|选取|抽取|抽查|抽测|抽样|随机", before)
    if (_TURNED.match(rest) and not re.search("全[园校]$", clause)) or (watched and _WATCHING.match(rest)):
        return True
    if clause.endswith("的") and watched and special.OF_THEM.match(rest):
        return True  # 抽查的11所中小学中7所配备了校医
    if name.code in _PERSONS and re.search("抽查|抽测|抽样|随机抽|抽取", before):
        return True  # 抽查了6所学校的480名学生
    if name.code in ("schools", "canteens", "classes", "teaching_points") and _DO_SOMETHING.match(rest):
        return True
    if name.code == "schools" and _OTHER_SCHOOLS.match(rest) and not re.search("有|设|辖|办|计", clause):
        return True  # 136所托幼机构和小学全部开展了查验
    of_all = number.value >= _MANY or re.search("全[县市区镇乡校园]", clause)
    told = special.by_verb(clause, name.word) or re.match("(?:有|查出)?漏种", rest)
    return name.code in _PERSONS and not (_STANDS.match(rest) or of_all or told)


_DONE_TO = re.compile(
    "[^,。;\\d]{0,10}(?:检测|筛查|体检|监测|改造|检查|建设|评估|评价|创建|整治|验收|排查|测评|改建|维修)"
)
_SO_IT_IS = re.compile("[^,。;\\d]{0,8}(?:偏[大高低小]|超标|短缺|紧张|老化|滞后|薄弱)")
_IN_ORDER = re.compile(
    "(?:食品|原料|进货)?(?:索证|索票|留样|台账|记录|票据|消毒|持证)[^,。;\\d]{0,8}(?:齐全|规范|到位|健全|完整)"
)
_HAVE_DONE = re.compile("(?:实现|建成|接入|达到|通过|完成|取得|纳入|安装|实施|升级)")
_GIVEN_TO = re.compile("(?:更换|配备|安装|新建|改造|发放|购置|配齐|建设|维修|提供|解决|修建|添置|落实|减免|补助|资助)")
_LACKING = re.compile("[^,。;]{0,8}(?:过期|超期|失效|到期|未|无(?!一)|没有|没(?!少)|不(?!少))")
_BEFELL = re.compile(
    "(?:到了|来了)|(?:中途|中道|未|没)?(?:辍学|失学|流失|未到校|到校|休学|转学|转入|转出|漏种|患|因|被|受伤|在籍不在|在册不在|人籍分离|获|晋级|入选)"
)
_SCHOOLS_CANTEENS = re.compile("(?:、|和|及)(?:托幼机构|幼儿园|中小学|小学|初中|高中)+(?=食堂)")
_OTHER_SCHOOLS = re.compile("(?:、|和|及)(?:托幼机构|幼儿园|中小学校?|小学|初中|高中|中学|学校)(?!食堂)")
_PERSONS = frozenset({"enrollment", "teachers", "staff", "disabled_students"})
_MANY = 10_000  # so many do nothing together: they are all pupils of the place
# 4名学生出现反弹 tells of some; 412名学生、在校 of all
_STANDS = re.compile(
    r"[,。;、:)(!?•]|$|[和及与](?:教|\d|[一二三四五六七八九十])|[在就](?:校|园|读|籍|册|学)|均|共|其中|中|,"
)
# 58所幼儿园开设了托班, 27个食堂面积不达标: some, not all
_DO_SOMETHING = re.compile(
    r"(?:、|和|及)[\d,]+[所家个](?:小学|幼儿园|初中|中学|托幼机构|学校)(?:启动|开展|完成|落实|上报|接受)|启动|大班额|落实|实行|推行|延迟|迟报|漏报|正在|尚未|还在|仍在|低于|高于|不及|未达|落后于|优于|开设|建立|建成|配备|配有|设立|设置|开展|获得?|被|通过|创建|成为|评为|引进|存在|使用|需|未|不|面积|因|超过|发生|出现|接受|参"
    "|[^,。;、]{0,8}(?:达不到|不符合|不合格|不达标|不规范|不健全|不足|不到位|过期|未)"
)
# 近300名教师参加培训; 8名教师有1名未办
_TURNED = re.compile(r"参加|参与|接受|获得?|荣获|受到|赴|(?:中)?有(?=\d)|未|没有|[与和][^,。;]{0,8}(?:结成|结对|帮扶)")
# 在14所学校开展监测
_WATCHED = re.compile(rf"(?:在|对|选取|选择|抽取)(?:全[县区市镇乡]|辖区内?|{MARK})*(?:的)?$")
_WATCHING = re.compile(r"(?:\([^()]*\))?(?:开展|进行|启动|实施|作为)")


_SLOGAN = re.compile("[^,。;、:\\d]{2,7}(?:,[^,。;\\d]{2,14})?$")  # 8所学校,撑起孩子们的未来: a line of its own


def _plain_left(s: Situation, core: str, clause: str) -> bool:
    core, clause = (re.sub("覆盖(?=全[县区市镇乡])", "", text) for text in (core, clause))
    if tells_action(clause):
        return False
    subject = subject_at(s, clause)
    names = tuple(filter(None, (subject.name if subject else None, s.report.issuer.name)))
    if not clause.strip("、和及与") or (s.bound and not core.strip("、和及与")):
        of_school = s.speaker is not None and s.speaker.kind in ("校", "园") and not s.masked[: s.at].strip()
        told = s.masked[: s.at].rstrip(",")  # 河湾中学做得好,八百四十三个学生
        lead = subject_at(s, told) if not s.bound and told != s.masked[: s.at] and "," not in told else None
        own_start = (
            s.report.issuer.kind in ("校", "园") and not s.masked[: s.at].strip() and "班" in s.masked[s.at : s.at + 8]
        )
        of_school = of_school or own_start or (lead is not None and lead.name is not None and lead.kind in ("校", "园"))
        heads = not s.offset and not s.masked[: s.at].strip("•") and _SLOGAN.match(s.masked[s.numbers[0].tail :])
        return of_school or bool(heads) or bool(s.bound) or bool(re.match("[我本该][校园](?:是|为|系|属)", s.masked))
    return leaves_nothing(core, names) and (
        bool(
            re.search(
                r"全|我|本|该|有|现|共|设|在|小学|初中|园|校|^年级$|[一二三四五六七八九]年级|[大中小]班|[高初][一二三]",
                clause,
            )
        )
        or bool(names)
    )
