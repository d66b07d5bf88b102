"""The words around a number: what joins it to its name, what a name may carry in front, how names are coordinated."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from db.records import Qualifier
from etl.reports.dims import NEARBY, bare, levels_of
from etl.reports.lexicon import STEMS, STEMS_LONGEST_FIRST, Lexicon, Name
from etl.reports.places import is_school_name

MARK = "\x01"  # stands for every character of a period expression
# fmt: off
_JOINING = [
    "共", "总共", "一共", "拢共", "差不多", "共有", "共计", "总计", "合计", "现有", "已有", "有", "为", "是", "达", "达到", "达到了", "已达", "已达到", "实现", "实现了",
    "完成", "完成了", "保持", "稳定", "维持", "控制", "在", "到", "至", "均", "都", "各", "也", "已", "已经", "仅", "只", "只有", "尚有", "还有",
    "约", "近", "了", "一直", "始终", "就", "且", "上升", "提高", "提升", "增长", "增加", "下降", "降低", "降", "减少", "回升", "攀升", "升", "由",
    "从", "自", ":", "分别", "分别为", "分别达", "累计", "人数", "总数", "数量", "数", "数为", "基本", "几乎", "接近", "将近", "大约", "大概", "超过", "超",
    "逾", "突破", "高于", "不低于", "不少于", "至少", "≥", ">", "≤", "<", "不足", "不到", "低于", "少于", "不超过", "不高于", "高达", "多达",
    "可达", "最终", "计", "占", "实际", "实际为", "平均", "全部", "目前", "现", "今年", "建立", "报告", "共达", "总人数", "人", "开设", "设有", "设",
    "拥有", "总", "合计为", "水平", "上", "以", "下达", "年均", "最高", "仅为", "平均为", "每", "的", "维持在", "稳步", "逐年", "又", "较好", "率",
    "仍", "竟", "竟然", "才", "一度", "跌", "更", "更是", "却", "依次", "仍有", "尚", "仍为", "仍达", "同为", "最高达", "刚过", "刚", "过", "还", "尚不足", "还不到",
    "还不足", "已超过", "已超", "就有", "竟有", "总体", "最低的", "最低", "最高的", "合计达", "达标", "减", "变", "变更", "调整", "压", "压减", "压缩",
    "精简", "普遍", "做到", "做到了", "则", "则是", "大体", "大致", "均已", "介于", "继续", "开学", "开园", "连续多年", "多年来", "多年", "历来", "历年", "台账", "账面",
    "名册", "持续", "连年", "长期", "多", "增", "双双", "一下子", "一举", "首次", "历史性", "历史性地", "第一次", "提到", "回到", "恢复到", "发展到", "扩大到", "扩大为", "算下来", "折算", "折合", "因此", "因而", "结果", "结果是", "初步统计", "初步统计为", "经统计", "经初步统计",
]
# fmt: on
_BY_LAST: dict[str, list[str]] = defaultdict(list)
for _word in sorted(set(_JOINING), key=len, reverse=True):
    _BY_LAST[_word[-1]].append(_word)
_DELTA = re.compile(
    r"(?:增加|增长|提高|提升|上升|增|升高|减少|下降|降低|降|缩减|回落|(?<![普职最])高出?|低于?[^,]*平均[^,]*|多|少|低|翻|扩大|↑|↓|\+|增幅|降幅|增幅达|降幅达|净增|年均增长|年均增加)(?:了|近|约|达|为|了近|了约)*$"
)
_REACHES = re.compile(r"(?:到|至|为|达|达到)(?:了)?(?:约|近|超过|的)?$")
_COMPARES = re.compile(r"(?:比|较|同比|环比|与[^,]{0,12}相比|高于|低于|高出)[^,]{0,18}$")
_QUALIFIERS: tuple[tuple[Qualifier, re.Pattern[str]], ...] = (
    (Qualifier.AT_MOST, re.compile("不超过|不高于|≤")),
    (Qualifier.AT_LEAST, re.compile("不低于|不少于|至少|≥")),
    (Qualifier.LESS_THAN, re.compile("不足|不到|低于|少于|<")),
    (Qualifier.MORE_THAN, re.compile("刚过|超过|逾|突破|高于|(?<!赶)超|>")),
    (Qualifier.ABOUT, re.compile("约|大概|差不多")),
    (Qualifier.NEARLY, re.compile("接近|将近|(?<![最])近|几乎|基本")),
)
_AFTER: tuple[tuple[Qualifier, re.Pattern[str]], ...] = (
    (Qualifier.AT_LEAST, re.compile("以上")),
    (Qualifier.AT_MOST, re.compile("以下|以内|之内")),
    (Qualifier.ABOUT, re.compile("左右|上下|来")),
    (Qualifier.LESS_THAN, re.compile("不到")),
    (Qualifier.MORE_THAN, re.compile("余|多|出头|挂零")),
)


def qualifier_of(joined: str, after: str, high: bool) -> Qualifier:
    """The qualifier of a number from the words that join it to its name and those that follow it."""
    if high:
        return Qualifier.RANGE
    found = next((q for q, pattern in _QUALIFIERS if pattern.search(joined)), None)
    return next((q for q, pattern in _AFTER if pattern.search(after)), found or Qualifier.EXACT)


@lru_cache(maxsize=NEARBY)
def strip_joining(phrase: str) -> tuple[str, str]:
    """(what is left, the joining words taken off its end); period marks are taken off too."""
    core = phrase
    while core:
        if core[-1] in (MARK, " "):
            core = core[:-1]
            continue
        if core[-1] in "底末初" and core[-2:-1] == MARK:
            core = core[:-2]  # 去年底
            continue
        word = next((w for w in _BY_LAST.get(core[-1], ()) if core.endswith(w)), None)
        if word is None or (word == "率" and not core.endswith("率率")):
            break
        if word == "到" and core.endswith("报到"):
            break
        if word == "均" and core.endswith(("班均", "每班平均")):
            break
        if word in ("现", "上", "人", "数", "以", "每", "设", "总") and core.endswith(
            ("实现", "补上", "以上", "工人", "成人", "少数", "多数", "所以")
        ):
            break
        core = core[: -len(word)]
    return core, phrase[len(core) :]


def is_delta(joined: str, before: str) -> bool:
    """Whether the words before a number make it a difference (增加527人) and not a value (增加到527人)."""
    if _REACHES.search(joined) or joined.endswith("差不多"):
        return False
    return bool(
        _DELTA.search(joined) or _DELTA.search(before[-8:]) or (_COMPARES.search(before) and _DELTA.search(before[-6:]))
    )


_SMALL_BRACKETS = re.compile(r"[(](?:[^()\d]{0,14}|[1-5][剂针])[)]")
_CLAUSE_ENDS = re.compile(r",|;|:|\(|\)|。|!|•|—[—–]|–[—–]")


@lru_cache(maxsize=NEARBY)
def last_clause(text: str) -> str:
    """What follows the last comma, semicolon, colon or bracket."""
    plain = _SMALL_BRACKETS.sub("", text) if "(" in text else text
    return _CLAUSE_ENDS.split(plain.rstrip(":"))[-1]


OWN = r"[全我本各该你贵][省市县区镇乡校园旗]|[全我本该]学区|我们|全系统|教育系统|全乡镇"
_FILLER = re.compile(
    rf"{MARK}|全日制|核定|附设|附幼|两个学部|两个校区|合起来|加起来|就读公办园的|坐在教室里的|在(?:读|校|籍|册|编|职|岗|园|学)|(?:小学|初中|高中|幼儿)(?:部|段)|[*×〇Xx]{{1,4}}[省市县区镇乡村]|迎来|\d+(?:[-—~至]\d+)?(?:周岁|岁)|^[、和及与以,]+|其中|{OWN}|截至|截止|目前|当前|现在|现|共|计|有|在|已|为|是|的|了|到|于|年|底|末|(?:开学|学年)初|期初|期末|学年末|学期末|辖区?内?|[县市区镇乡]域内?|域内|境内|各级各类|各级|各类|各|"
    r"公办|民办|私立|公立|农村|城区|城镇|乡镇|镇区|县直|区直|市直|县属|市属|普惠性?|不计校数|普高|校外|公益性|公立|[国县市乡镇]立|企业办?|单位|集体|村级|村办|镇办|中心|学历|独立设置|独立建制|编制内|编内|编外|在编|在职|在岗|在册|"
    r"专任|正式|公|应届|当年|本届|本学期|本学年|上学期|学期初|学年初|教育|系统|基础|普通|完全|独立|寄宿制?|九年一贯制|义务|阶段|学段|辖|直属|初级|高级|中等|"
    r"职业|特殊|国办|小学|初中|高中|学前|幼儿|幼儿园|中学|中小学|学校|食堂|儿童|学生|适龄|全部|总|约|近|仅|只|拥|设|开设|实际|实|另|还|并|下|一线|全|校内|园内|注册|在读|在校|在籍|"
    r"分布为|分别是|包括|首批|全日制|持证|年初|期初|(?:学前)?三年|段|村小|中职|职高|特教|特校|完成|第[一二三四]|[*×〇Xx]{1,4}|(?:小学|初中|高中|幼儿)部|[高初][一二三]|小一|个?年级|\d+[-—~至]\d+$|班|大班|中班|小班|保留|留存|尚存|现存|剩|[春秋]季(?:学期)?|入园|入托|入学|今[春秋]|[初小](?=、)|(?:公安)?(?:户籍|学籍|人口)(?:系统|底册|名册|信息|平台|数据|人口)*(?:[中内里上])?|[一二三四五六七八九]年级|男|女|少数民族|食品|餐饮|午餐|厨房|学生餐厅|一共|合计|总计|,|:|•|\(|\)|(?:一|二|三|四|五)是|[一二三四五六七八九十]+、|\d+[、.]|园所|单设|小微园|教学点|园|校|[省市县区镇乡]|[三两]类|因$"
)
_VERBS = re.compile(
    r"查看|察看|视察|资助|补助|慰问|帮扶|结对|捐|培训|选派|表彰|评选|获|奖|参加|参与|参赛|发放|组织|邀请|抽调|选拔|招聘|引进|交流|轮岗|补充|聘|录用|晋升|考取|考入|上线|减免|"
    r"免除|受益|救助|享受|走访|座谈|党员|团员|志愿|评为|认定|命名|创建|改造|配备|安装|投入|接送|覆盖|服务|辐射|涉及|惠及|验收|化解|解决|处分|查处|处理|访谈|调查|问卷|"
    r"宣传|讲座|观摩|退休|去世|转业|安置|建设|装备|抽测|测试|考核|责令|通报|整顿|关停|取缔|补贴|免费|受训|竞赛|比赛|预防|防治|治疗"
)


def leaves_nothing(prefix: str, names: tuple[str, ...]) -> bool:
    """Whether a prefix holds only words that may stand before a general noun (全县现有公办…)."""
    rest = prefix
    for name in names:
        rest = rest.replace(name, "")
    before = None
    while rest != before:
        before, rest = rest, _FILLER.sub("", rest)
    if not rest:
        return True
    anchored = re.split(rf"{OWN}|现有|共有|下辖|辖有", prefix)
    return len(anchored) > 1 and leaves_nothing(anchored[-1], ())


def tells_action(prefix: str) -> bool:
    """Whether a prefix holds a verb that makes people or schools the object of something else."""
    return bool(_VERBS.search(prefix))


@dataclass(frozen=True, slots=True)
class Coordination:
    """Names and subjects of a phrase like 小学、初中入学率和巩固率, in order of the text."""

    names: tuple[Name, ...]
    subjects: tuple[str, ...]
    paired: bool  # each name has its own subject: 小学入学率、初中巩固率
    lead: str = ""  # what stands before the first name
    owners: tuple[str, ...] = ()  # what stands before each name


_SEX_HEAD = re.compile("^(?:适龄)?(?:女童|男童|女生|男生)(?=.*率$)")
_ALL_STAGES = re.compile("[两三四]个(?:学段|阶段)的?")
_AND = re.compile("、|和|及(?!时)|与|以及|跟")
_COUNTED = re.compile(r"(?:[两二三四五六]\s*(?:率|项率)|等?[两二三四五六]项指标)$")


def coordinate(phrase: str, lexicon: Lexicon) -> Coordination | None:
    """The coordinated names and subjects with which a phrase ends, or None when it is a simple one."""
    body = _COUNTED.sub("", phrase) if phrase.endswith(("率", "指标")) else phrase
    counted = body != phrase
    body = _ALL_STAGES.sub("", body) if "个" in body else body
    items = [item for item in _AND.split(body) if item]
    if len(items) < 2 and not counted:
        return None
    names: list[Name] = []
    subjects: list[str] = []
    owners: list[str] = []
    own_subjects = 0
    lead = ""
    for n, item in enumerate(items):
        name = _name_of(item, lexicon, stem=n < len(items) - 1 or counted)
        if name and (plain := _SEX_HEAD.sub("", bare(name.word))) != name.word and lexicon.ending(plain):
            name = Name(name.end - len(plain), name.end, lexicon.ending(plain).code, plain)  # type: ignore[union-attr]
        subject = item[: name.start] if name else item
        if subject == "中学" and "小学" in phrase:
            subject = "初中"
        lead = lead or (subject if name and not names else "")
        if n and names and not name and item.endswith("率"):
            continue  # 晨检率、午检率、全日观察率均达100%
        if n and _ONLY_DOSE.fullmatch(subject) and subjects and (shot := next(lexicon.vaccines_in(subjects[-1]), None)):
            subject = subjects[-1][: shot.end] + subject  # 麻腮风疫苗第1剂、第2剂接种率
        if not _is_subject(subject, lexicon) and n > 0 and subject:
            return None
        if not name and not _is_subject(subject, lexicon):
            names, subjects, owners, own_subjects = [], [], [], 0
            continue
        if _is_subject(subject, lexicon) and subject:
            subjects.append(subject)
            own_subjects += bool(name)
        if name:
            names.append(name)
            owners.append(subject)
    if not names or len(names) + len(subjects) < 2 or (len(names) == 1 and len(subjects) < 2):
        return None
    paired = own_subjects == len(names) == len(subjects) and len(names) > 1
    return Coordination(tuple(names), tuple(subjects), paired, lead, tuple(owners))


def _name_of(item: str, lexicon: Lexicon, stem: bool) -> Name | None:
    if item.endswith("进货查验"):
        return None  # 进货查验、索证索票率100%: of goods, not of certificates
    name = lexicon.ending(item)
    if name and name.code and lexicon.catalogue.indicator(name.code).unit == "percent":
        return name
    if stem:
        found = next((s for s in STEMS_LONGEST_FIRST if item.endswith(s)), None)
        if found:
            full = lexicon.ending(STEMS[found])
            if full and full.code:
                return Name(len(item) - len(found), len(item), full.code, full.word)
    return name if name and name.code and name.code not in ("schools",) else None


_AROUND_SUBJECT = re.compile(rf"{MARK}|{OWN}|其中|每日|阶段|全日|学生|适龄|教育|的|现|学年度?")
_AGE = re.compile(r"^(?:[一二三四五六七八九十\d]{1,3}月龄|[一二三四五六七八九十\d]{1,2}(?:周岁|岁))(?:儿童|组|以下)?")
_ONLY_DOSE = re.compile("第?[一二三四五1-5][剂针]次?(?:疫苗)?|加强(?:免疫)?")
_DOSE = re.compile("(?:加强|基础|复种|首剂|首针|全程|第?[一二三四五1-5][剂针]次?)(?:免疫|接种)?$")
_GROUP = re.compile(
    "(?:农村|城区|城镇|城市|乡镇|镇区|女童|男童|女|男|适龄女童|公办|民办|一类|二类)(?:小学|初中|幼儿园|学校)?"
)


_PLACE = re.compile(
    "(?![全我本各该])[一-鿿]{1,7}?(?:县|区|市|镇|乡|街道|旗)(?<!(?:农村|城镇|乡镇|城市|镇区|城区|地区))"
)


def is_place(text: str) -> bool:
    """Whether a text is the name of a county, a district or a town and nothing else."""
    return bool(_PLACE.fullmatch(text))


def _is_subject(text: str, lexicon: Lexicon) -> bool:
    """Whether a text only names a level, a vaccine, an area or a period."""
    plain = _AROUND_SUBJECT.sub("", text)
    if not plain:
        return bool(text)
    shot = _DOSE.sub("", _AGE.sub("", plain))
    if any(name.end - name.start == len(shot) for name in lexicon.vaccines_in(shot)):
        return True
    if levels_of(plain) and len(plain) <= 9:
        return True
    if is_school_name(plain) or is_place(text):
        return True
    return bool(_GROUP.fullmatch(plain))
