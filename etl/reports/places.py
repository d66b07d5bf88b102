"""Names of places, offices and schools: the unit that a line names, and whom a clause is about."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from etl.reports.dims import NEARBY
from etl.reports.nameless import says_no_name

HAN = "[一-鿿]"
# 云岭州 before what a prefecture has; 郑州 is part of a name
_PREFECTURE = r"(?:州|盟)(?=教育|教体|教科|卫生|卫健|人民政府|政府|市场|食品|食药|疾控|疾病|中小学|学校|义务|学前|各县|各校|关于|(?:19|20)\d\d|$)"
_PLACE = re.compile(
    rf"(?:{HAN}{{1,7}}?(?:自治县|自治州|开发区|新区|街道)|{HAN}{{1,4}}?(?:县|区|市|旗|镇|乡(?!镇)|省|{_PREFECTURE}))(?!长)"
)
_SCHOOL_END = (
    r"(?:小学|中学|幼儿园|中心园|学校|分校(?![来看情统])|教学点|职教中心|职业(?:技术)?教育中心|职业中专|职业高中|(?<![专兼])职校(?![长医])|技校(?!长)|中心校|完小|高中|初中|实验园|特校|"
    r"第?[一二三四五六七八九十]{1,2}(?:中|小|幼)(?=$| |现|共|有|在|食堂|校|应|实|已|接种|漏种|,|、|得|的|综合|评价|评估|评定|发现|查出|存在|总分|\d|关于|工作|年度|\x01|招|教职工|学生|毕业|近视|辍学|流失|巩固|入学|查验|体检|补种|在校|[初高][一二三]|[七八九]年级))"
)
_SCHOOL = re.compile(
    rf"(?:中心|实验|第[一二三四五六七八九十])(?:小学|中学|幼儿园|园|学校|校)|{HAN}{{1,16}}?{_SCHOOL_END}"
)
_OFFICE = re.compile(
    r"(?:教育和体育局|教育体育局|教育科技局|教体局|教育局|教育办公室|教育办|教办|教管中心|教育委员会|教委|教育党工委|"
    r"人民政府|政府|卫生健康局|卫健局|卫生局|卫生和计划生育局|疾病预防控制中心|疾控中心|疾控|市场监督管理局|市场监管局|"
    r"食品药品监督管理局|食药监局|督导室|中心学校|中心校|学区)"
)
_REDACTED = re.compile(r"[*×〇]{1,}|[Xx]{1,4}|某")
_GENERIC = re.compile(
    r"^(?:全[省市县区镇乡校园旗]|[我本该各][省市县区镇乡校园旗]|其中|其他|其余|所有|各级|各类|各|农村|城区|城镇|城市|乡镇|乡村|镇区|县直|区直|市直|"
    r"县城|苏木|镇办|村办|村级|公办|民办|公立|私立|普惠性?|公益性|个别|普通|特教|特殊教育|完全|独立|初级|高级|中等|职业|中职|职高|普高|特殊|教育|九年一贯制|十二年一贯制|一贯制|"
    r"义务教育|学前|规模|寄宿制|薄弱|新建|改建|扩建|改扩建|附设|附属|小学|初中|高中|中|小|和|及|与|、|的|个|所|现|共|有|"
    r"实施|辖区内?|境内|[省市县区镇乡][内域里]|[镇街村]上|[城村山]里|当地|一般|达标|示范|标准化|合格|另外?|学年内|学期内|年内|单设|其余|受检|检查|抽查|共|在|对|于|阶段|部分|多数|大部分|适龄|儿童|应届|年|年级|设|每个?|"
    r"规范化|小学附设|企业|单位|边远|山区|大|每校|校|家|是|为|说明|情况|推荐|评估|三|两|二|几|等|民族|回民|中心|截至|目前|本学期|全部)+"
)
VERBS = re.compile(
    r"协助|上报|安置|配合|督促|接受|查验|发生|另设|下辖|人民政府|政府|升入|升学|就读|升初|升高|报告|处置|处理|采集|抽样|监测|抽检|抽查|排查|出动|督查|巡查|走访|帮扶|帮助|支援|送到|捐赠|覆盖|带动|辐射|获评|评为|命名|设立|规划|投资|投入|新改|集中|[的在有对向把被将令让]|(?<!天)使|[由从到按根据了着是为而但并且又也就都并与]|检查|学习|加强|开展|组织|实施|推进|建设|进行|完成|发现|落实|改造|撤并|新增|"
    r"新建|接收|接纳|招收|资助|建成|达到|通过|实现|率|数$|人|资格|培训|安排|要求|全面|其中|共有|现有|合格|管理|工作|小学升|小学毕业|巩固|入学|学生|教师|幼儿(?!园)|儿童|少年|残疾|[小初高]中?[中学]进"
)


class Issuer(NamedTuple):
    """The unit a report speaks for. `kind` is the character of its class (省市县区镇乡校园) or empty."""

    name: str | None = None
    kind: str = ""
    place: str | None = None  # the place in which a school stands, as far as its name tells


def is_school_name(text: str) -> bool:
    """Whether a text is the name of one school and nothing else (县第一中学, 城关小学)."""
    return bool(_ONE_SCHOOL.fullmatch(text)) and is_proper(text) and not VERBS.search(text)


_ONE_SCHOOL = re.compile(rf"{HAN}{{1,14}}{_SCHOOL_END}")
_ENDS_AS_SCHOOL = re.compile(rf"{_SCHOOL_END}$")


@lru_cache(maxsize=NEARBY)
def kind_char(name: str) -> str:
    """省 市 县 区 镇 乡 校 园 by the ending of a name; 园 and 校 for kindergartens and schools."""
    if name.endswith("园"):
        return "园"
    if _ENDS_AS_SCHOOL.search(name):
        return "校"
    last = name[-1:]
    return {"旗": "县", "道": "镇", "州": "市", "盟": "市"}.get(last, last if last in "省市县区镇乡" else "")


# Of these a county has one, so that the place before the word makes a name.
_ONLY_ONE = re.compile(
    r"(?:特殊教育学校|特教学校|职业(?:技术)?教育中心|职教中心|职业技术学校|职业中专学校?|职业中等专业学校|中等职业(?:技术|专业)?学校|职业(?:高级)?中学|职业高中|实验幼儿园|机关幼儿园|高级中学)"
    r"(?!的|长|等|、|和|及|与|招|改|建)"
)
_ONLY_ONE_OF_A_TOWN = re.compile(
    r"(?:寄宿制?|民族|农村|公办|实验|希望|完全)*(?:初级中学|中学|中心小学|中心幼儿园|九年一贯制学校|九年制学校|中心学校)(?!的|长|等|、|和|及|与|招|改|建)"
)


_BANNER = re.compile("旗(?:小|中|幼)")
_NO_PLACE = re.compile(
    "[我全本各该]|局|厅|委员|国家|图为|会议|现场|迎接|创建|卫生[县区市]|先进|文明|其他|县内|政府|市场|社区|校区|地区$|小区|城区|园区|学区|^(?:乡|村|城|集)镇$"
)


def _chain(text: str) -> list[str]:
    """澜川市砚湖区教育局 -> [澜川市, 砚湖区]."""
    names: list[str] = []
    at = 0
    while found := _PLACE.match(text, at):
        name = found[0]
        if len(name) < 2 or _BANNER.match(text, found.end() - 1) or _NO_PLACE.search(name):
            break
        names.append(name)
        at = found.end()
    return names


_NUMBERED = re.compile(r"[(•]?[一二三四五六七八九十\d]{1,3}[)、.]")


_SEALED = re.compile(r"[\s　()]|盖章|公章")
_TWO_OFFICES = re.compile(rf"({HAN}{{2,12}}?(?:局|政府|中心))(?={HAN}{{2,12}}?(?:局|政府|中心)(?:关于|$))")
_BEFORE_NAME = re.compile(
    r"^(?:(?:特约)?通讯员|特约记者|供稿(?:单位)?:?|撰稿(?:单位)?:?|中共|关于|对(?=[^。,]{2,40}(?:意见|通报|报告|反馈|评价)$)|•|[一二三四五六七八九十]+、|(?:19|20)\d\d(?:[-—–~]\d+)?学?年度?(?:第[一二]学期|[上下]学期|[上下]半年|[春秋]季?(?:学期)?)?)+"
)
_IS_SENTENCE = re.compile(r"[。;,!%]|\d+(?:\.\d+)?(?:人|名|所|个)")


def issuer_in(line: str) -> Issuer | None:
    """The unit named at the beginning of a title or signature line. A redacted name gives an issuer without name."""
    if _NUMBERED.match(line):
        return None
    line = (
        re.sub("^(?:来自|专?访|走进|记者专访)", "", line.rsplit("——", 1)[-1]) if "——" in line else line
    )  # 一个都不少——九岭乡控辍保学经验材料
    joint = line.split()
    if len(joint) > 1 and all(signs(part) for part in joint):
        line = joint[0]  # 白河县卫生健康局 白河县教育局
    plain = _SEALED.sub("", line)
    twice = _TWO_OFFICES.match(plain)
    plain = _BEFORE_NAME.sub("", twice[1] if twice else plain)
    if not plain or len(plain) > 60 or _IS_SENTENCE.search(plain):
        return None
    masked = re.match(
        r"(?:[*×〇Xx某]+[省市县区镇乡])+[*×〇Xx某]*(?:中心|实验|机关|民族|第?[一二三四五六]|特殊教育|职业(?:技术|教育)*|初级|高级|完全|寄宿制|九年一贯制)*"
        r"(小学|中学|幼儿园|学校|高中|初中|完小|特校|职教中心)",
        plain,
    )
    if masked:
        return Issuer(None, kind_char(masked[1]))
    if _REDACTED.match(plain) and re.match(r"[*×〇Xx某]+(?:省|市|县|区|镇|乡|小学|中学|幼儿园|学校|教育)", plain):
        return Issuer(None, kind_char(re.match(r"[*×〇Xx某]+(?:幼儿园|小学|中学|学校|.)", plain)[0]))  # type: ignore[index]
    chain = _chain(plain)
    rest = plain[len("".join(chain)) :]
    if chain and (hidden := _HIDDEN.match(rest)):
        return _below_hidden("".join(chain) + hidden[0], rest[hidden.end() :], hidden[1])
    if area := re.match(
        rf"({HAN}{{2,6}}?(?:学区|片区|督学责任区|教育集团|教育共同体))(?=工作|关于|\d|年|汇报|总结|现|控辍|$)",
        rest or plain,
    ):
        return Issuer(area[1], "乡", chain[-1] if chain else None)
    only = _ONLY_ONE.match(rest) or (_ONLY_ONE_OF_A_TOWN.match(rest) if chain and chain[-1][-1] in "镇乡" else None)
    if chain and only:
        return Issuer("".join(chain) + only[0], "校", chain[-1])
    if chain and (_OFFICE.match(rest) or not _SCHOOL.match(rest) or _topic_school(rest)):
        return Issuer(chain[-1], kind_char(chain[-1]))
    school = _SCHOOL.match(plain)
    if school and is_proper(rest if chain else school[0]):
        name = "".join(chain) + (_SCHOOL.match(rest)[0] if chain else school[0])  # type: ignore[index]
        return Issuer(name, kind_char(name), chain[-1] if chain else None)
    return None


_HIDDEN = re.compile("[*×〇○Xx某]{1,4}([县区市旗镇乡])(?!域)")


def _below_hidden(before: str, rest: str, kind: str) -> Issuer:
    """台中市○○区崇文小学: the school below a place whose name is left out, else that place without its name."""
    school = _SCHOOL.match(rest)
    if school and is_proper(school[0]):
        return Issuer(before + school[0], kind_char(school[0]))
    return Issuer(None, kind_char(kind))


def _topic_school(rest: str) -> bool:
    found = _SCHOOL.match(rest)
    return not found or not is_proper(found[0])


_NO_STEM = re.compile(
    "关于|圆满|完成|开展|举行|召开|部署|启动|守牢|筑牢|春季|秋季|教育局|人民政府|[县市区]教育|工作|汇报|卫生|迎接|创建|复审|验收|检查|评估|[全我本][省市县区镇乡]|暨|控辍"
)
_NUMBERED_SCHOOL = re.compile("(?:中心|实验|第[一二三四五六七八九十])(?:小学|中学|幼儿园|园|学校|校)")
_OF_A_COUNTY = re.compile(
    "[县区市镇乡](?:直|立)?(?:实验|中心|机关|第[一二三四五六七八九十]|[一二三四五六七八九十][中小幼]|职|特|城关)"
)


def is_proper(name: str) -> bool:
    """Whether a name says more than a class of schools."""
    found = _SCHOOL.match(name)
    plain = found[0] if found else name
    stem = _ENDS_AS_SCHOOL.sub("", plain)
    if _NO_STEM.search(stem) or says_no_name(plain):
        return False
    if _NUMBERED_SCHOOL.match(plain):
        return True
    rest = _GENERIC.sub("", stem)
    if _OF_A_COUNTY.match(plain):
        return True  # 县职教中心, 镇中心小学, 县一中
    return (
        (bool(rest) and len(stem) >= 2)
        or stem in ("中心", "实验", "第一", "第二", "机关")
        or plain in ("职教中心", "特校")
    )


def signs(line: str) -> bool:
    """Whether a line ends as the name of an office or a school does."""
    plain = _SEALED.sub("", line)
    return bool(_OFFICE.search(plain) or re.search(rf"{_SCHOOL_END}$", plain))


_OWN = re.compile(r"(?:全|我|咱们?|本|该|整个|你|贵)([省市县区镇乡旗校园])(?!教育厅|委|政府|直|一|二|级|区)")
_OTHER = re.compile(
    r"全国|外[县省](?<![转在赴去往了]外[县省])(?!转入|就读|务工|籍)|国家监测点|同类(?:地区|县|城市)|邻近|相邻|毗邻|先进(?:县|地区)|隔壁的?[一-鿿]{0,6}[县区镇乡市校园学]|发达(?:县|地区)|我国|国家平均|全省平均|全市平均|周边[县市区]|兄弟[县市区]|他县|邻县|外地(?<![转在赴去往和、]外地)(?!就读|上学|读书|入学|务工|打工|转入|转学|返)|据[^,。;]{0,6}(?:研究|文献)|听说|研究表明|论文|学习[^,。]{2,8}(?:做法|经验)|经验介绍"
)


# 九(3)班有学生51人: what is told of a class is not told of the school
OF_ONE_CLASS = re.compile(
    "(?:[一二三四五六七八九1-9](?:年级)?[(][一二三四五六七八九十0-9]{1,2}[)]|[一二三四五六七八九]年级[一二三四五六七八九十0-9]{1,2}|"
    "[初高][一二三][(]?[0-9]{1,2}[)]?|(?<![初高小大在])[大中小][一二三四五六1-6])班(?!级|主任|[,、和及])[^;。]*$"
)


def is_elsewhere(text: str) -> bool:
    """Whether a text speaks of other places (全国, 周边县, 学习某市做法)."""
    return bool(_OTHER.search(_MEASURED.sub("", text)))


_MEASURED = re.compile(
    r"(?:高于|低于|高出|超出|超过|比|较|距|距离|位列|位居|居|名列|排名|列)(?:全国|全省|全市|全区|全县|国家|省|市)[^,;]*"
)
_FIRST_AMONG = re.compile(
    r"(?:是|为|也是)?全[省市县区镇乡](?:第\d+|第[一二三四五六七八九十]+|唯一|惟一|首家|首所|首批|最[大小高低好差多少]|首位|前列|倒数)[^,;]*"
)
_LEAD = r"^(?:其中:?|比如|例如|就?像|该[县区市旗](?=[一-鿿]{2})|(?:这里)?(?:要)?特?别?(?:表扬|点名表扬|点赞)(?:的是)?|我们|而|但|如|以及|和|、|(?:[一-鿿]{1,6}率|进度|完成|情况|影响|规模|疫情)?[最较][高低快慢好差多少大重]的(?:是|有)?|截至|目前|现在|在|经[^,]{2,10},|\x01|,|•|[一二三四五六七八九]是|[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十]{1,3}[)]|\(?\d+[、.)])*"
_NAMED_SCHOOL = re.compile(
    rf"{_LEAD}(?P<name>(?:职教中心|中心小学|中心校|特校)(?=现|共|有|在|[,\d\x01])|{HAN}{{1,14}}?{_SCHOOL_END}(?!生(?!师比)|教师))"
)
_HAS_SCHOOL = re.compile("[学园校心专高初小中幼]")  # the characters with which the name of a school may end
_HAS_PLACE = re.compile("[镇乡道区县市]")
_NAMED_PLACE = re.compile(
    rf"{_LEAD}(?P<name>{HAN}{{1,8}}?(?:镇|乡(?!镇)|街道|学区|片区|县|区|市))(?!属|直|办|级|长|食|药|疾|卫|教育局|政府|内|域|场|委|里|民|村|外|教体局)"
)


_COUNTED = re.compile(
    r"(?:\d+|[一两二三四五六七八九十]{1,3})(?:所|家|个(?!班|教学班))"
)  # 中心幼儿园1所 is counted, not spoken of


class Subject(NamedTuple):
    """Whom a clause is about. `own`: the issuer; `foreign`: someone else whose figures are not this report's."""

    name: str | None
    kind: str = ""
    own: bool = True
    foreign: bool = False
    several: bool = False  # a group of schools that is not named: 三所村小合计


_MENTIONED = re.compile(rf"(?:关于对?|赴|前往|到|在|对|向|接)({HAN}{{2,16}}?{_SCHOOL_END})")
_MAY_NAME = re.compile("[学园校小中高实]")


def mentioned_school(text: str) -> str | None:
    """The school that a title or a sentence is about without naming it first (赴松坪镇中心小学调查)."""
    if not _MAY_NAME.search(text):
        return None
    for found in _MENTIONED.finditer(text):
        named = _named_subject(found[1], Issuer())
        if named is not None and named.name and named.kind in ("校", "园"):
            return named.name
    return None


_GROUP = re.compile(
    r"(?:这|上述|其余)?[两二三四五六七八九十\d]{1,2}所(?:村小|教学点)?(小学|中学|初中|幼儿园|学校|)(?=合计|共计|总共|共有|一共)"
)
_TOGETHER = re.compile(
    rf"[和及与](?:[两二三四五六七八九十\d]{{1,2}}所(?:小学|初中|中学|幼儿园|学校|完小|村小)|{HAN}{{1,10}}?(?:小学|中学|幼儿园|学校))(?!的)"
)
_BARE_SCHOOL = re.compile(r"学校(?:共|现|已|目前|还|另|毕业|招收)")  # goes on with the school of the section


_OF_OUR_SCHOOL = re.compile("我们(?:学校|校|园|幼儿园)")
_REDACTED_SUBJECT = re.compile(r"(?:\x01|其中)*[*×〇Xx某]{1,4}(小学|中学|幼儿园|学校|[县区市镇乡])")
_ACTS_ON_OTHERS = re.compile("检查(?!得分|评分|总分|成绩)|抽查(?!得分)|督查|组织|联合|会同|开展|召开|下辖|所辖|下设")
_ATTENDED = re.compile("(?:学习)?就读|(?:上学|读书|念书|学习|读|上)的")
_HAPPENED = re.compile(rf"(?:发生|出现)(?:在|于)({HAN}{{2,14}}?{_SCHOOL_END})$")
_SPEAKS = re.compile(
    "[^,。;]{0,6}(?:中心学校|中心校|学区|教办|教育办)(?:负责人|校长|主任)?(?:作了?)?(?:汇报|通报|介绍|发言|报告|反映)(?=:|$)"
)
_WE = re.compile("(?:而|但|所以|其中)?我们(?![学园幼])")


@lru_cache(maxsize=NEARBY)
def subject_of(clause: str, issuer: Issuer, last_school: str | None) -> Subject | None:
    """The subject that a clause names, or None when it names none."""
    clause = _MEASURED.sub("", clause)
    clause = _FIRST_AMONG.sub("", clause) if "全" in clause else clause
    if "我们" in clause and (spoken := _OF_OUR_SCHOOL.search(clause)):
        return _own_subject("园" if "园" in spoken[0] else "校", issuer, last_school)
    if _OTHER.search(clause):
        return Subject(None, "", False, True)
    if _SPEAKS.match(clause):
        return Subject(issuer.name, issuer.kind)  # 中心学校汇报:全镇现有小学7所
    if redacted := _REDACTED_SUBJECT.match(clause):
        return Subject(None, kind_char(redacted[1]), own=redacted[1][-1] == issuer.kind)
    for sign, pattern in ((_HAS_SCHOOL, _NAMED_SCHOOL), (_HAS_PLACE, _NAMED_PLACE)):
        named = pattern.match(clause) if sign.search(clause) else None
        if named and kind_char(named["name"]) == "校" and _ACTS_ON_OTHERS.match(clause, named.end()):
            return Subject(issuer.name, issuer.kind)  # 中心学校检查食堂16家次
        if named and (_COUNTED.match(clause, named.end()) or _ATTENDED.match(clause, named.end())):
            continue
        if named and kind_char(named["name"]) in ("校", "园") and _TOGETHER.match(clause, named.end()):
            return Subject(issuer.name, issuer.kind)  # 中心幼儿园和三所小学共查验…: of all together
        if named and (found := _named_subject(named["name"], issuer)) is not None:
            return found
    if "所" in clause and (group := _GROUP.match(clause)):
        return Subject(None, kind_char(group[1]), own=False, several=True)
    if last_school and issuer.kind not in ("校", "园") and _BARE_SCHOOL.match(clause):
        return Subject(last_school, kind_char(last_school), own=False)
    if issuer.name and "我们" in clause and _WE.match(clause):
        return Subject(issuer.name, issuer.kind)
    happened = _HAPPENED.search(clause) if "发生" in clause or "出现" in clause else None
    if happened and (found := _named_subject(happened[1], issuer)) is not None:
        return found  # 最大的一起发生在镇山小学
    own = _OWN.search(clause)
    return _own_subject(own[1].replace("旗", "县"), issuer, last_school) if own else None


def _own_subject(kind: str, issuer: Issuer, last_school: str | None) -> Subject:
    schools = ("校", "园")
    if kind in schools:
        if issuer.kind in schools:
            return Subject(issuer.name, issuer.kind)
        return Subject(last_school, kind, own=False)
    if issuer.kind in schools and issuer.place and kind_char(issuer.place) == kind:
        return Subject(
            issuer.place,
            kind,
            False,
            foreign=kind in "县区市" and not re.search("特|中心校|中心学校", issuer.name or ""),
        )
    if issuer.kind in schools or (issuer.kind in "县区" and issuer.kind and kind in "市省"):
        return Subject(None, kind, False, foreign=kind == "省" or (kind in "市县区" and bool(issuer.name)))
    if kind != issuer.kind and kind == "省":
        return Subject(None, kind, False, True)
    return Subject(issuer.name, issuer.kind or kind)


_NO_SCHOOL_NAME = re.compile(
    r"[全我本各该][省市县区镇乡校园旗]|(?:念|上|读|进|待)过|^(?:考上|考入|升入|我们|你们|他们|这|学校|提出|办好|劝返|下来|再?加上|上公办|天?进(?:初中|高中|小学|公办|民办)|一个学校|[今去明前]?年?[春夏秋冬][天季])|[一二两三四五六七八九十几数多\d]所"
)
_NO_NAME = re.compile(
    "学区[内中]|区域内|辖区|年度|个别|少数|生师比|师生比|算下来|^县?城区?$|学年|学期|^分(?:乡镇|县区|学校|校|镇街)|[本上这]期|此次|本次|邀请|会同|联合|委托|平均|班额|期[初末]|配备|供水|自设|^进[县区市镇乡]"
)


_LEVEL_OF_PLACE = re.compile(
    "(.{2,}?(?:[县旗州盟](?=小学|初中|高中|幼儿园)|[市区](?=初中|高中)))(?:小学|初中|高中|幼儿园)"
)
_AFTER_PREFECTURE = re.compile("^[一-鿿]{2,4}[州盟](?=[一-鿿]{2,}[县旗市区])")


_NO_DISTRICT = re.compile("(?:校|园|社|小|景|库|服务|施教|招生|监管|功能)区$")
_NO_NAME_OF_PLACE = re.compile("[全我咱本各该]|其他|其余|县内|县外|乡内|乡外|^(?:经|由|据|按|请|让|有关|相关)")


def _named_subject(name: str, issuer: Issuer) -> Subject | None:
    kind = kind_char(name)
    chain = _chain(name)
    if _NO_NAME.search(name):
        return None  # 全学年小学辍学率为零
    if name.endswith("区") and _NO_DISTRICT.search(name):
        return None  # 南、北两个校区
    if issuer.name and name == issuer.name:
        return Subject(name, kind)
    if issuer.place and name == issuer.place:
        return Subject(name, kind, False)
    if level := _LEVEL_OF_PLACE.fullmatch(name):
        return _named_subject(_AFTER_PREFECTURE.sub("", level[1]), issuer)  # 怒水州福山县初中辍学率: a level, no school
    if kind in ("校", "园"):
        if name.endswith("中小学") or _NO_SCHOOL_NAME.search(name):
            return None
        rest = name[len("".join(chain)) :]
        if not (
            is_proper(rest)
            or (
                chain
                and (_ONLY_ONE.fullmatch(rest) or (chain[-1][-1] in "镇乡" and _ONLY_ONE_OF_A_TOWN.fullmatch(rest)))
            )
        ) or VERBS.search(re.sub(f"{_SCHOOL_END}$", "", name)):
            return None
        return Subject(name, kind, False)
    if len(name) < 3 or _NO_NAME_OF_PLACE.search(name) or VERBS.search(name) or _GENERIC.fullmatch(name):
        return None
    if issuer.name and (name == issuer.name or issuer.name.endswith(name)):
        return Subject(issuer.name, kind)
    if kind in "省市县区" and not re.search("学区|片区", name):
        above = {"市": "县区", "省": "市县区", "": "省市县区"}.get(issuer.kind, "")
        return Subject(chain[-1] if chain else name, kind, False, foreign=kind not in above)
    return Subject(name, kind, False)
