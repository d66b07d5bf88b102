"""Why a number is not an observation: targets, plans, requirements, definitions, other domains."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from etl.reports.anchors import Anchor, Span
from etl.reports.dims import NEARBY

_REAL = re.compile(
    r"实际|目前|现(?:已|有|在)|已(?:经|达|完成|建|有|实现|超过|通过|于)|今年以来|完成了|达到了|实现了|共有|截至|截止|结果|我[乡镇县区市校园](?!,?将)|本[乡镇县区市校园](?!,?将)"
)
# A sign stands before a costly pattern that each of its matches holds; a text without it need not be tried.
_TARGET_SIGN = re.compile(
    r"年内|力争|争取|确保|努力|目标|要[使将把达实控在]|有望|奋斗|期望|年底|规划|建议|倡议|提出|个\d"
)
_TARGET = re.compile(
    r"按照?(?:总体|发展|建设|上级|县|市|区)?规划,|力争|争取(?![^,。;]{0,14}(?:资金|项目|经费|支持))|确保(?!了)|努力(?:实现|使|做到|达|让|把)|目标(?:是|为|:|要求)|(?:围绕|实现|瞄准|对照|完成)[^,。;]{0,14}目标(?!任务的)|为目标|"
    r"(?:年底|年内|[今明]年)[^,。;\d]{0,6}(?:要|得|想)(?:冲|升|涨|提|拉|降|压|做)[^,。;\d]{0,3}[到至]|(?:^|[,。;:使])要(?:使|将|把|达|实现|控制|在)|有望|奋斗|期望|(?:[两三四五一]|\d)年内[^,。;]{0,14}(?:降|提高|控制|下降|减少|提升|达)到|到(?:今年|年)底(?:前)?[^,。;]{0,16}(?:控制在|要达|力争)|规划(?:到|期末)|建议|倡议|提出,?(?:到|了到)|规划(?:曾)?提出|(?:(?<![一-鿿])|(?<=[年初前时曾]))提出(?:的)?[^,。;\d]{0,16}(?:率|比例|覆盖面)(?:达到?|为|是|在)?$|(?:围绕|坚持|推行|开展|对照)[^,。;]{0,4}[两二三四五六七八]个\d+%"
)
_AHEAD = re.compile(
    r"到(?:秋季|春季)(?:学期)?开学|新的一年|明年|今后|下一步|下步|下学期|下学年|下年度|接下来|未来|下一年|后年|来年|下半年将|十.五期间将"
)
_BOTH_TERMS = re.compile(
    r"上学期[^。]{0,24}\d[^。]{0,12}下学期[^,。;]{0,14}$"
)  # 上学期为93.8%,下学期为95.1%: both are over
_AHEAD_SIGN = re.compile("秋季|春季|新的一年|明年|后年|来年|今后|下[一步学年半]|接下来|未来|期间将")
_PLAN_SIGN = re.compile("规划|实事|大事|好事|计划|预[计定]|拟|会议|打算|准备|将|再")
_PLAN = re.compile(
    r"(?<!按)(?<!照)(?<!县)规划(?=新建|改扩建|扩建|迁建|建设(?!的?专项)|新增)|(?:今年|明年|新的一年|来年|年内|\x01)[^,。;]{0,8}(?:定了|定下|安排|要办|要做|确定|推出)(?:了)?[^,。;]{0,3}件(?:民生|惠民)?(?:实事|大事|好事)|计划(?<!(?:行动|教学|工作|发展|招生|年度|改善)计划)(?!生育|内|外|免疫|单|书|总|的|,|任务|分解|已|完成(?:情况|率|了)|执行|实施|、|》)|预计|预定(?=[将于把在达新招]|完成|开展|全面)|拟(?!定|订)|"
    r"会议(?:决定|议定|确定|同意|研究决定|原则同意)|打算|准备(?=新|招|建|在|投)|将(?=新|招收|达到|建|投|于|继续|开展|完成|增|实现|补|陆续|再|全部|逐步|要|达)|还将|即将|再争创|今年再|再新"
)
_RULE = re.compile(
    r"(?:必须(?!劝返)|须(?!知|劝返)|不得|不能(?:低|少|高|超)于?|应当|应该(?!查|检|补种|接种|验)|应(?=达|不|控制|保持|当|为\d|在\d)|标准(?:为|是|不)|如果|若(?!干)|凡(?!事)|一旦|"
    r"要求(?<![按照据和的合到足]要求)(?!,)|(?:[省市县区]|国家|上级)[里级]?的要求(?:是|为)|规定(?<![按照]规定)(?!的?标准以内|,)|考核(?:标准|指标)|控制(?:指标|目标|线)|责任书(?:明确|规定|约定)|指标值|合格标准|国家标准|最低(?:标准|要求|限|不))[^,。;]{0,32}$"
)
_RULE_SIGN = re.compile("须|不[得能]|应|标准|如果|若|凡|一旦|要求|规定|考核|控制|责任书|指标值|最低")
_RULE_PAREN = re.compile(r"[(](?:要求|标准|目标|规定|国家|省定|应)[^)]{0,12}$")
# 接种率要求达到95%以上,查验率达到100%: the second is demanded as the first
_RULE_GOES_ON = re.compile(
    r"(?:(?<![按照据合到足])要求(?!的|,)|必须|(?<!无)须|应(?=达|不|控制|保持|当))[^,。;\d]{0,12}\d[\d.]*[%‰](?:以上|以内|以下)?[,、]"
    r"(?:[^,。;\d]{2,16}(?:率|比例|面|占比)(?:要|也|均|都)*(?:达到?|不低于|控制在|保持在?|降到|不超过|提高到)(?:\d[\d.]*[%‰](?:以上|以内|以下)?[,、])?)+$"
)
_STANDARD_PAREN = re.compile(
    r"(?:标准|要求|指标|规定|底线|红线|门槛)[(][^()]*$"
)  # 达到了省定标准(小学0.6%、初中1.8%以内)
_RULE_AFTER_SIGN = re.compile(r"的|实行|每|得分|计\d|加\d|扣\d")
_RULE_AFTER = re.compile(
    r"^(?:以上|以下)?的(?:乡镇|村居?|社区|学校|单位|县区?|幼儿园|园所|食堂),?(?:由|将|要|须|应|一律|予以|给予|实行)|^[^,。;]{0,8}(?:的,|的记\d|的学校,|的,?(?:加|扣|减|不得)|以上的,?(?:加|扣|得)|实行一票否决|的(?:乡镇|学校|单位|村|县区|食堂|幼儿园|园所)[^,。;]{0,6}(?:约谈|问责|通报|取消|追究|一票否决|停业|整改|关停|暂停)|,?每(?:低|高|少|多|超|降低|超过)[^,。;]{0,10}(?:扣|减|加)|[^,。;]{0,6}不得分|的?计\d+分)|^[^,。;]{0,6}(?:(?<!增)加|扣)\d"
)
_TARGET_AFTER = re.compile(r"^[^,。;(]{0,4}(?:的|为)?(?:目标|工作目标|奋斗目标|任务目标)|^[^,。;]{0,6}作为目标")
_DEFINITION = re.compile(
    r"=|÷|公式|是指|指的是|例如|打个?比方|比方说|比如(?![^,。;\d]{1,12}(?:[小中]学|学校|幼儿园|[镇乡县]),)|如入学|如某[校县乡镇区园地]|假如|假设|口径|×(?<=[\d)率数人]×)(?=[\d(])|按照?[^,。]{0,12}(?:周岁|标准)统计|免疫程序|接种年龄|接种程序|满分(?![^;。]{0,12}(?:自评|得分|实得|评得))"
)
# 据世界卫生组织介绍,接种率达到95%以上,才能形成免疫屏障
_MEANS_SIGN = re.compile("才|方|即|就|视为")
_MEANS = re.compile(r"^[^。;]{0,10},?(?:才能|才可|方能|方可|即可|即为|视为|就能)")
_TOLD_TO_ALL = re.compile(
    r"各(?:中小学|学校|幼儿园|校|园|地|乡镇|单位|县区)[^,。;\d]{0,4}(?:要|务必|必须)(?:切实|认真|严格)?(?:做到|达到|确保|保证|实现)"
)
# sentences of which every number is an aim, or a standard
_AIM_SENTENCE = re.compile(
    r"^(?:[^,。;:\d]{0,3},)?(?:今年|明年|新的一年|本年度|下阶段|接下来|20\d\d年)?,?(?:全[市县区镇乡校]|我们|我[市县区镇乡校园局])?(?:要|将)(?=[^,。;]{0,4}(?:办|完成|实施|抓|做|建|推|加|继续|启动|新|确保|力争))"
)
# 今年年底前,辍学率必须为零,初中控制在0.2%以内;查验率要达到100%: all of it is due by then
_DUE_BY = re.compile(
    r"^(?:[^,。;:\d]{0,3},)?(?:今年|明年|本学?年|本学期|20\d\d年)?(?:年|学年|学期|期|月)?底(?:之|以)?前,[^。]{0,80}(?:必须|务必|要达到|力争|确保)"
)
# 教育局要求各校查验率要达到100%,补种率不低于95%: all that follows is demanded
# 今年的目标,县里和各校签了责任书:总体近视率…;体检率达到100%
_AIMS_TOLD = re.compile(
    r"^(?:整改|工作|郑重|服务)?承诺:|(?:^|\n)(?:今年|明年|全年|本年度|20\d\d年)?的?(?:主要|工作|总体|具体|预期)*目标(?:任务)?(?:都|也|很|非常|十分)*(?:明确|清楚|清晰|具体|定了)?(?:是|为|,|:)"
)
_BY_RULES = re.compile(r"《[^》]*(?:办法|细则|方案|规定|标准|条例|意见)》[^,。;]{0,4}(?:规定|要求|明确|提出)[,:]")
_PLAN_SAYS = re.compile(r"(?:方案|通知|文件|办法|意见|责任书|协议)(?:中|里)?(?:明确|要求|规定|提出)[,:]")
_DEMANDED_SIGN = re.compile("要求|规定|明确|提出")
_DEMANDED = re.compile(
    r"(?:局|厅|部|委|政府|会议|文件|通知|方案|办法|上级|国家|省|市)[^,。;要据照]{0,6}(?:要求|规定|明确)(?![,的])[^,。;]{0,4}(?:各|全|学校|幼儿园|[市县区乡镇])"
)
_STANDARD_SENTENCE = re.compile(r"^(?:按照?|根据|依据|对照)[^,。;:]{0,14}(?:标准|规定|要求|办法)[:,]")
_STANDARD_IS = re.compile("(?:国家|省级|省|市)(?:定|级)?(?:标准|要求|规定)(?:是|为|:)")
_CLOSED = re.compile(r"[(][^()]*[)]")
_WEIGHT = re.compile(r"权重|分值|计分|占[^,。]{0,6}考核|考核[^,。]{0,8}占|总分")
_HEADING = re.compile(
    r"目标|打算|下一步|下步|今后|努力方向|工作思路|工作安排|(?<!免疫)规划|设想|展望|工作重点|工作任务|(?:今年|明年|本年度?|下半年|新学[年期])(?:的)?(?:主要|重点|中心)任务$|工作要求|整改要求|要求$|工作计划|计划$|建议|明年|下阶段|"
    r"再发力|再出发|再攻坚|下年度|下学期|下学年|年工作(?:计划|安排|要点)|对策|重点工作$|怎么[干办做]|如何[干办做]|议定|会议(?:要求|强调|决定|确定)"
)
_ON_PROPOSALS = re.compile("关于.{2,}的?(?:建议|意见|提案|议案|问题)")  # 二、关于配齐校医的建议: what a reply answers
_HEADING_DONE = re.compile(
    r"完成情况|落实情况|执行情况|实现情况|进展情况|评估报告|终期评估|中期评估|达成|完成|落实|回顾|情况$|目标管理|目标责任|职责"
)
_FOREIGN = re.compile(
    r"计量|产品|电梯|电子秤|衡器|人畜|集中式?供水|农村供水|特种设备|锅炉|压力容器|党组织|党员|党建|团员|支部|新农合|参合|参保|医保|合作医疗|孕|产妇|婴儿|妇幼(?!保健院)|五小|小餐饮|小作坊|教案|线上考核|参加[^,]{0,6}考核|教学常规|集体备课|接生|高血压|糖尿病|艾滋|死亡|"
    r"苗木|绿化|成活|造林|校车|驾驶|消防|网吧|文化市场|信访|投诉|来信|热线|上访|危房|图书|仪器|普通话|体质(?<!过敏体质)(?<!特异体质)|体育|考试|会考|高考|中考|联考|"
    r"统考|语文|数学(?<![半多少总人]数学)|英语|学业|课程|开课|继续教育|研修|培训|审批|收费|就业率|满意|知晓|报表|上报(?!的?(?:全[县市区镇乡校]|我?[县区校])?(?:小学|初中|高中|义务教育|学生|辍学|巩固|入学))|廉政|产业园|企业(?<!(?:配餐|供餐|餐饮)企业)(?!办)|工程款|资金|经费|家电|加油站|"
    r"集贸市场|商场|药品|兽药|农药|种子|饲料|农产品(?<!食用农产品)|档案[^,]{0,3}率|上线|录取线|优良率|优秀率|及格|平均分|非文盲|脱盲|扫盲|安全生产|交通|施工|锅炉|燃气|人机|师生比|生机比|抽考|公共场所|医疗机构|公务员|机关干部|新冠|核酸|抗原|美容|旅店|碘盐|公共用品|公用品用具|二氧化碳|公共浴室|游泳场|养老|文具|玩具|玩教具|餐饮行业|餐饮业|社会餐饮|餐饮(?:服务)?环节|流通(?:环节|领域)|农贸市场|[供管]水人员|管水员"
)
_NOISE = re.compile(
    r"版权所有|备案号|热线\d|上一篇|下一篇|推荐阅读|相关文章|相关推荐|猜你喜欢|收藏下载|下载本文|点击下载"
)
_SCHOOLISH = re.compile(
    r"[一二三四五六七八九]年级|近视|视力|龋|肥胖|应检|实检|三病|学校|教室|食堂|食品|卫生|餐|食材|校园|幼儿园|学生|幼儿|儿童|体检|饮用水|水样|健康证|托幼|留样|查验|接种|师资|专任教师|保健|消毒|入园|入学|小卖部|从业人员|初等教育|中等教育"
)


@lru_cache(maxsize=NEARBY)
def heading_mood(headings: tuple[str, ...]) -> str | None:
    """`target` when a heading above announces aims, tasks or plans."""
    for heading in headings:
        plain = heading.rstrip(":。")
        if _ON_PROPOSALS.search(plain):
            continue
        if _HEADING.search(plain) and not _HEADING_DONE.search(plain):
            return "target"
    return None


_OF_YEAR = re.compile("(20\\d\\d|今)年(?:的)?(?:主要|重点)?(?:工作|任务|目标)")


@lru_cache(maxsize=NEARBY)
def section_mood(headings: tuple[str, ...], anchor: Anchor) -> str | None:
    """`target` when a heading above announces aims, or the work of a year after the one reported on (二、2025年主要工作)."""
    mood_ = heading_mood(headings)
    if mood_ is not None or anchor.day is None or anchor.day.month > 4:
        return mood_
    for heading in headings:
        told = _OF_YEAR.search(heading)
        if told is None or _HEADING_DONE.search(heading) or _TOLD_OF.search(heading):
            continue
        year = anchor.day.year if told[1] == "今" else int(told[1])
        if year >= anchor.day.year and (anchor.title is None or anchor.title.isdigit()):
            return "target"  # told in January, the work of this year is still to do
    return None


_TOLD_OF = re.compile("总结|成效|成绩|进展|开展")
_NEXT_ITEM = re.compile("[二三四五六七八]是")
_ITEM_TO_DO = re.compile("[一二三四五六七八九]要")
_EQUATION = re.compile(r"[^,。;]{0,4}[=÷×]")
_WEIGHT_AFTER = re.compile(r"的?(?:权重|分值)")
_STANDARD_AFTER = re.compile(r"的?(?:要求|标准|规定|指标|水平线)")


def mood(text: str, start: int, end: int, spans: Sequence[Span], anchor: Anchor) -> str | None:
    """The reason why the number at [start, end) of a sentence states no fact, or None."""
    scope = max(text.rfind(";", 0, start), text.rfind("。", 0, start)) + 1
    seg = text[scope:start]
    if _NEXT_ITEM.match(seg):  # 下一步…:一是…;二是…;三是…
        lead = text.rfind("一是", 0, scope)
        opening = max(text.rfind("。", 0, lead), 0)
        if lead >= 0 and re.search("下一步|下步|今后|接下来|将(?:重点|着力|从)|我们将", text[opening:lead]):
            return "target"
    if _ITEM_TO_DO.match(seg) and not _facts(text, scope, start):
        return "requirement"  # 一要把好采购关,…;二要…
    after = text[end : end + 24]
    if "(" in seg:
        if _RULE_PAREN.search(seg) or _STANDARD_PAREN.search(seg):
            return "requirement"
        seg = _CLOSED.sub(lambda m: " " * len(m[0]), seg)  # 高度不足2处(应不低于60厘米)、其他4处
    if _demanded(text, scope, start):
        return "requirement"
    if (told := _told_of_all(text)) and not _facts(text, scope, start):
        return told
    if _quoted_aim(text, start, end):
        return "requirement"
    if _MEANS_SIGN.search(after) and _MEANS.match(after):
        return "definition"
    if _DEFINITION.search(seg) or _EQUATION.match(after):
        return "definition"
    if _WEIGHT.search(seg[-24:]) or _WEIGHT_AFTER.match(after):
        return "out_of_domain"
    if (held_against := _held_against(seg, after)) is not None:
        return held_against
    if (_RULE_AFTER_SIGN.search(after) and _RULE_AFTER.match(after)) or _ruled(text, scope, start, seg):
        return "requirement"
    if (
        ("目标" in after and _TARGET_AFTER.match(after))
        or (_TARGET_SIGN.search(text, scope, start) and _after_last(_TARGET, text, scope, start))
        or (
            _AHEAD_SIGN.search(text, scope, start)
            and _after_last(_AHEAD, text, scope, start)
            and not _BOTH_TERMS.search(text, 0, start)
        )
    ):
        return "target"
    if _future(text, start, scope, spans, anchor):
        return "target"
    if _PLAN_SIGN.search(text, scope, start) and _after_last(_PLAN, text, scope, start):
        return "plan"
    return None


def _facts(text: str, scope: int, start: int) -> list[int]:
    """Where the words of fact end between two places of a sentence. Asked only where something speaks against a fact."""
    return [found.end() for found in _REAL.finditer(text, scope, start)]


def _told_of_all(text: str) -> str | None:
    """What the numbers of a sentence are by its opening words, unless words of fact stand before one."""
    if (("要" in text or "将" in text) and _AIM_SENTENCE.match(text)) or (
        ("目标" in text or "承诺" in text) and _AIMS_TOLD.search(text)
    ):
        return "target"
    if "各" in text and _TOLD_TO_ALL.match(text):
        return "requirement"  # 各学校要做到晨检率100%、食品留样率100%
    if "底" in text and _DUE_BY.match(text):
        return "target"
    if _STANDARD_SENTENCE.match(text) and re.search("应|以上|以下|不低于|不超过|须", text):
        return "requirement"
    return "requirement" if _STANDARD_IS.match(text) else None


def _ruled(text: str, scope: int, start: int, seg: str) -> bool:
    """Whether what stands before a number, since the last word of fact, rules what it shall be."""
    if not _RULE_SIGN.search(seg):
        return False
    real = _facts(text, scope, start)
    seg = seg[real[-1] - scope :] if real else seg
    return bool(_RULE.search(seg) or _RULE_GOES_ON.search(seg))


def _demanded(text: str, scope: int, start: int) -> bool:
    """教育局要求各校查验率要达到100%,补种率…: whether what stands before says what others demand, and no fact since."""
    if not _DEMANDED_SIGN.search(text, 0, start):
        return False
    told = [
        *_DEMANDED.finditer(text, scope, start), *_BY_RULES.finditer(text, 0, start), *_PLAN_SAYS.finditer(text, 0, start),
    ]  # fmt: skip
    real = _facts(text, scope, start) if told else []
    return any(not any(at > m.end() for at in real) for m in told)


_OF_QUOTED = re.compile("”的?(?:总体|工作|具体|刚性)*(?:要求|目标|标准|指标|底线|红线)")


def _quoted_aim(text: str, start: int, end: int) -> bool:
    """按照“巩固率不低于98%、近视率每年下降1个百分点”的要求: what stands in the quotation marks is asked for, unless reached."""
    opening = text.rfind("“", 0, start)
    closing = text.find("”", end) if opening > text.rfind("”", 0, start) else -1
    reached = re.search("(?:实现|达到|完成)(?:了)?$", text[:opening]) if closing >= 0 else None
    return closing >= 0 and not reached and bool(_OF_QUOTED.match(text, closing))


# 课桌椅符合率由现在的71.5%提高到90%
_FROM_NOW = re.compile(
    r"[由从](?:现在|目前|当前|现有|眼下)的?[^,。;]{0,14}(?:提高|提升|上升|增加|增长|扩大|降低|下降|压减|减少|控制)[到至]$"
)

_SAID_BY_OTHERS = re.compile("(?:提案|建议|来信|委员|代表|群众|网民)[^,。;]{0,4}(?:指出|反映|提到|认为)[^。;”]{0,30}$")


_REQUIRED_OF = re.compile(r"(?:以?[上下内])?的?[^,。;\d]{0,14}(?:要求|标准|目标|规定)(?:相比|比)")
_OF_THOSE_BEYOND = re.compile(
    r"(?:以[上下内])?的(?:有|为|是|分别|还有|共|\d|乡镇|镇|乡|街道|[县市区](?!域)|学校|单位|园|幼儿园|班级)"
)
_LIMIT_AFTER = re.compile(r"(?:人|名|个)?的(?:规定|要求|标准|上限|限额)")
_QUOTED = re.compile(r"(?:引用|援引|转引)[^。;”]{0,20}“[^”。;]*$")  # 建议中引用的“近视率已达55%”
_MEAN_OF_OTHERS = re.compile(r"(?:比|较|低于|高于|超过|超出)(?:全国|全省|国家|省级|省)的?平均(?:水平|值|数|线)?[(]$")


def _held_against(seg: str, after: str) -> str | None:
    """The standard, the mean of others or the words of somebody else, against which a value is held."""
    if _STANDARD_AFTER.match(after) and (
        re.search(r"低于|未达|达不到|高于|超过|不足|距", seg[-14:])
        or re.search(r"(?:符合|优于|好于)[^,。;]{0,24}$", seg)
    ):
        return "requirement"  # 符合省督导评估小学0.6%、初中1.8%以内的标准
    if _REQUIRED_OF.match(after) and re.search(r"[与同和][^,。;\d]{0,10}$", seg):
        return "requirement"  # 与国家38%以下的小学生近视率控制要求相比
    if _LIMIT_AFTER.match(after) and re.search(r"(?:超出|超过|高于|低于|不符合|突破)[^,。;]{0,24}$", seg):
        return "requirement"  # 超出《幼儿园工作规程》大班35人的规定
    if _OF_THOSE_BEYOND.match(after) and re.search(
        r"(?:率|比例|占比)(?:均|都|仍)?(?:高于|低于|超过|不足|不到|未达|达到?|在)$", seg
    ):
        return "definition"  # 漏种率高于15%的有石梁镇和沙洲乡
    if _MEAN_OF_OTHERS.search(seg):
        return "other_entity"  # 比全国平均水平(91.1%)低1.36个百分点
    if after.startswith(("相比", "的差距")) and re.search("平均(?:水平|值|数)?$", seg):
        return "other_entity"  # 与全县平均水平96.8%相比还有差距
    if _SAID_BY_OTHERS.search(seg) or _QUOTED.search(seg):
        return "other_entity"  # 您在提案中指出“有的学校留样率不足80%”
    return None


def _after_last(cue: re.Pattern[str], text: str, scope: int, start: int) -> bool:
    """Whether a cue stands before the number with no word of fact between them."""
    found = [m for m in cue.finditer(text, scope, start) if not _only_purpose(text, m.start(), start)]
    return bool(found) and not any(at > found[-1].end() for at in _facts(text, scope, start))


def _only_purpose(text: str, cue: int, start: int) -> bool:
    """Whether the cue stands in a clause that says what for (为确保平稳开学,检查了78所学校), which ends before the number."""
    opening = max(text.rfind(mark, 0, cue) for mark in ",。;:") + 1
    return text.startswith("为", opening) and not text.startswith("为目标", opening) and "," in text[cue:start]


def _begins_after(code: str, day: date) -> bool:
    """Whether a school term begins after a day."""
    term = re.match(r"SY(\d{4})-T([12])$", code)
    return bool(term) and (date(int(term[1]), 9, 1) if term[2] == "1" else date(int(term[1]) + 1, 2, 1)) > day  # type: ignore[index]


def _due_after(code: str, day: date) -> bool:
    """Whether what is to be done before a period is to be done after a day (2023年3月底前, told in 2022)."""
    return _begins_after(code, day) if code.startswith("SY") else code > day.isoformat()


_BY_A_YEAR = re.compile(
    r"(?:^|[,。;])到\d{4}年(?:底|末)?,?[^,。;]{0,24}(?:达到|实现|提高到|控制|建成|稳定|保持|不低于|超过)(?!了)"
)
_TO_YEAR = re.compile(r"[到至](20\d\d)(?=达|实现|,|全|力|要)")
_DEADLINE = re.compile(r"(?:^|[^\d年])(1[0-2]|[1-9])月(?:底|末|\d{1,2}日)?之?前")  # 12月底前补种率达到95%


def _future(text: str, start: int, scope: int, spans: Sequence[Span], anchor: Anchor) -> bool:
    if text[start - 1 : start] in ("到", "至") and _FROM_NOW.search(text[scope:start]):
        return True
    year = anchor.year or anchor.seen
    if anchor.day is not None and (due := _DEADLINE.findall(text[scope:start])) and int(due[-1]) > anchor.day.month:
        return True
    for span in spans:
        if (
            (scope <= span.start < start or (span.start <= 12 and "。" not in text[:start]))
            and span.start < start
            and span.code
            and not span.baseline
            and (
                text[: span.start].endswith(("到", "至"))
                or "五" in text[span.start : span.end]
                or text.startswith(("起", "前", "之前", "以前"), span.end)
            )
        ):
            if text.startswith(("前", "之前", "以前"), span.end) and anchor.day and _due_after(span.code, anchor.day):
                return True  # 2023年3月底前…, told in 2022
            if anchor.day is not None and not anchor.title and _begins_after(span.code, anchor.day):
                return True  # 2023年秋季学期起…, told in May
            told = re.match(r"(?:SY)?(\d{4})", span.code)
            if told and year is not None and int(told[1]) > year:
                return True
    if year is None and _BY_A_YEAR.search(text[scope:start]):
        return True
    bare = _TO_YEAR.search(text[scope:start]) if "20" in text else None
    return bool(bare and year is not None and int(bare[1]) > year)


@lru_cache(maxsize=8)  # asked of one paragraph at each of its numbers
def is_noise(line: str) -> bool:
    """Whether a line belongs to the web page and not to the report."""
    return line.startswith("广告:") or bool(_NOISE.search(line))


def is_foreign(phrase: str) -> bool:
    """Whether a phrase is about something other than schools, pupils, their food and their health."""
    return bool(_FOREIGN.search(phrase))


def without_foreign(phrase: str) -> str:
    """The phrase without the words that make it foreign: 社会餐饮单位 are no kitchens of schools."""
    return _FOREIGN.sub("", phrase)


def is_schoolish(phrase: str) -> bool:
    """Whether a phrase names schools, pupils, food, water or health of schools."""
    return bool(_SCHOOLISH.search(phrase))
