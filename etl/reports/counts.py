"""Counts that a predicate, a disease or a list names instead of the word before them (9名因过敏暂缓接种, 流感2起51例)."""

from __future__ import annotations

import re

from etl.reports.build import build_known
from etl.reports.found import Found, Head, Situation
from etl.reports.needs import ending_as
from etl.reports.numbers import Number
from etl.reports.phrases import MARK
from etl.reports.pupils import GRADE, KINDS, all_of_school, grade_by_grade, pupils_of_classes, pupils_of_school
from etl.reports.special import OF_THEM

_PERSONS = ("person",)
_PLACES = ("school", "house", "piece")
# what follows the number and its unit
_AFTER: tuple[tuple[re.Pattern[str], tuple[str, ...], str], ...] = tuple(
    (re.compile(pattern), units, code)
    for pattern, units, code in (
        (r"^(?:儿童|幼儿|学生|新生|孩子|娃娃|小朋友)?(?:因|由于|为|属于?|系|有|存在)[^,。;]{0,12}(?:暂缓(?!入学)|缓种|推迟接种|禁忌|不宜接种|不能接种|过敏|免疫缺陷)", _PERSONS, "vac_contraindicated_count"),
        (r"^(?:儿童|幼儿|学生|新生|孩子)(?:有|查出)?漏种", _PERSONS, "vac_missed_count"),
        (r"^(?:存在|有)?(?:疫苗)?漏种(?=情况|现象|问题|[,。;、])", _PERSONS, "vac_missed_count"),
        (r"^漏种(?:疫苗)?的?(?:儿童|学生|幼儿|新生)", _PERSONS, "vac_missed_count"),
        (r"^(?:儿童|少年|孩子)*(?:均)?因[^,。;]{1,14}(?:而)?(?:未(?:能)?(?:入学|就学)|没有?(?:入学|上学))", _PERSONS, "out_of_school_count"),
        (r"^(?:儿童|少年|孩子)*因[^,。;]{1,14}(?:暂缓|延缓|推迟|延迟|申请缓)(?:办理)?入学", _PERSONS, "out_of_school_count"),
        (r"^[^,。;]{0,8}(?:儿童|少年|学生|幼儿)(?:尚|仍)?(?:未(?:能)?|没有?)(?:入学|就学)", _PERSONS, "out_of_school_count"),
        (r"^(?:中小)?(?:学生|幼儿|孩子)(?:申请|办理|因病)?转入(?!外)", _PERSONS, "transfer_in"),
        (r"^(?:中小)?(?:学生|幼儿|孩子)(?:申请|办理|因病)?转(?:出|走|往|到外)", _PERSONS, "transfer_out"),
        (r"^(?:中小)?学生(?:申请|办理|因病|因故)?休学", _PERSONS, "suspended"),
        (r"^(?:儿童|幼儿|学生|孩子)?(?:已经?)?(?:全部)?(?:完成(?:了)?补种|补(?:上|种|齐|打|(?=[,。;]))(?!率))", _PERSONS, "vac_catchup_done"),
        (r"^(?:儿童|幼儿|学生)?(?:均|都|已|也)+[^,。;\d]{0,10}补(?:种)?(?:到位|完毕|齐|完成)", _PERSONS, "vac_catchup_done"),
        (r"^(?:孩子|学生|儿童|幼儿|新生|娃娃)?(?:少打|没打|漏打)(?:了|过)?(?:疫苗|针)", _PERSONS, "vac_missed_count"),
        (r"^(?:尚|仍|至今)?未(?:能)?(?:入学|就学)", _PERSONS, "out_of_school_count"),
        (r"^(?:极?重度|多重|残疾|身心障碍|适龄)+(?:学生|儿童|少年|孩子)+(?:进行|开展|提供|实施)?(?:了)?送教上门", _PERSONS, "disabled_students"),
        (r"^(?:中小)?(?:学生|儿童|少年)(?:中途|中道)?(?:辍学|失学|流失)(?!学生|风险|边缘|倾向)|^(?:名)?(?:小学生|初中生|学生|适龄儿童少年|适龄儿童)(?:流失在外|辍学在家|流失校外|失学在家)", _PERSONS, "dropout_count"),
        (r"^因[^,。;]{1,8}?(?:办理)?休学", _PERSONS, "suspended"),
        (r"^(?:学生)?(?:被)?(?:列为|列入|认定为)疑似(?:失学|辍学)", _PERSONS, "suspected_dropout_count"),
        (r"^(?:学生|儿童|幼儿|新生)?(?:接种不全|尚?未全程接种|尚?未种全|尚?未完成(?:全部|全程|各项)(?:疫苗)?接种)", _PERSONS, "vac_missed_count"),
        (r"^(?:学生)?(?:因[^,。;\d]{1,10}?)?(?:连续|近[^,。;]{1,3})[^,。;]{0,8}(?:未到校|未返校|缺课)", _PERSONS, "long_absence_count"),
        (r"^[^,。;、\d]{0,10}?(?:免费|统一|集中|自愿)*接种(?:了)?[^,。;\d]{0,10}疫苗", _PERSONS, "vaccination_given"),
        (r"^(?:学生)?(?:已|均已|又)?(?:重返|返回)(?:课堂|校园|学校|学堂)", _PERSONS, "dropout_returned_count"),
        (r"^(?:学生)?(?:全部|全都|均)(?:按时|顺利|如期)?毕业", _PERSONS, "final_year_students"),
        (r"^[^,。;、\d]{0,8}?(?:食堂|伙房)?(?:还|尚|暂|仍|均|都)*未(?:参与|完成|进行)?(?:量化|等级|分级)*(?:评级|定级|评定等级)", _PLACES, "canteen_graded_count"),
        (r"^(?:名)?(?:炊事|食堂从业|厨房工作|厨房从业|餐饮从业)?(?:厨工|厨师|炊事员|炊事人员|从业人员|食堂工作人员|食堂员工)(?![^,。;]{0,10}(?:过期|未|无|没有|超期|不))", _PERSONS, "food_handlers"),
    )
)  # fmt: skip
# what stands before it
_BEFORE: tuple[tuple[re.Pattern[str], tuple[str, ...], str], ...] = tuple(
    (re.compile(pattern), units, code)
    for pattern, units, code in (
        (r"(?:新生|起始年级|[一七]年级|小学|初中|高中|幼儿园|学校)(?:共|一共|总共|又|就|又?新)?(?:招|收|招收|招进|收进)(?:来)?$", _PERSONS, "entrants"),
        (r"(?:[一七]年级|初一|高一|小班|托班)(?:共|一共|总共|又|就|又?新)?(?:来|迎来|进来?|添)$", _PERSONS, "entrants"),
        (r"(?:六年级|九年级|初三|高三|大班|毕业班)(?:共|一共|刚刚?|才)*(?:送走|送出|走出去?|毕业)$", _PERSONS, "graduates"),
        (r"(?<![未没无])(?:(?:带|持|有|交)(?:着)?证(?:来|入学|报到|入园|上学)的?|带证的?)(?:孩子|新生|娃)?$", _PERSONS, "vac_cert_held"),
        (r"(?:编制|编班|普通班)$", ("class",), "classes"),
        (r"未(?:参与|完成|进行)?(?:量化|等级|分级)*(?:评级|定级|评定等级)的?(?:食堂)?(?:有|共)?$", _PLACES, "canteen_graded_count"),
        (r"(?<!应)(?<!需)(?:完成|开展|实施|进行|落实)(?:了)?(?:疫苗)?查漏补种(?:疫苗)?(?:了)?$", ("doses",), "vac_catchup_done"),
        (r"(?<![未应需待能没入])(?:劝|找|追|接|请)(?:返|回来|回去|回)(?:了|来|回校|返校|复学)?$", _PERSONS, "dropout_returned_count"),
        (r"进(?:了)?(?:小学|初中)$", _PERSONS, "entrants"),
        (r"^[^,。;\d]{0,4}分(?:布|设|编|成)?(?:在|为|成)?$", ("class",), "classes"),
        (r"(?:领到|拿到|取得)(?:了)?毕业证(?:书)?$", _PERSONS, "graduates"),
        (r"补上$", _PERSONS, "vac_catchup_done"),
        (r"(?<!疑似)没有?(?:入学|就学|上学)(?:的)?$|未(?:能)?(?:入学|就学|上学)的$", _PERSONS, "out_of_school_count"),
        (r"毕业(?:[六九]年级|初三|高三|小学|初中)?学生$", _PERSONS, "graduates"),
        (r"应到未到(?:的)?(?:学生)?$", _PERSONS, "suspected_dropout_count"),
        (r"(?:通报(?:学生)?(?:中途)?(?:中辍|辍学)(?:学生)?|中辍通报)$", _PERSONS, "dropout_count"),
        (r"从(?:外[地省县市]|县外|省外)[^,。;\d]{0,4}转(?:回|来|入)(?:了)?$", _PERSONS, "transfer_in"),
        (r"失联待查(?:的)?(?:学生|儿童|少年)*$", _PERSONS, "suspected_dropout_count"),
        (r"(?:有|存在)?(?:接种)?禁忌证?(?:的|者)?$", _PERSONS, "vac_contraindicated_count"),
        (r"(?:真正|确实|实际)(?:(?:没来|没有|未|没)(?:上学|入学|读书|念书|就学)|离(?:了|开了?)?(?:校|学校)|不(?:上学|念书|读书)了?)的?$", _PERSONS, "dropout_count"),
        (r"疑似(?:失学|辍学|失辍学|失学辍学|辍学失学)(?:学生|儿童|少年|人员)*(?:名单|线索|数据|信息)(?:共|有|计|中)*$", _PERSONS, "suspected_dropout_count"),
        (r"疑似(?:没有?|未)(?:入学|上学|就学|到校)$", _PERSONS, "suspected_dropout_count"),
        (r"(?<![没未应])(?:(?<!返)回来|回到(?:学校|课堂|校园))(?:上学|读书|上课)?$", _PERSONS, "dropout_returned_count"),
        (r"(?:^|[,;了家组局])查$", _PLACES, "hygiene_inspected_count"),
        (r"(?:初三|高三|九年级|六年级)?毕业班(?:学生)?$", _PERSONS, "final_year_students"),
        (r"连续(?:三|3|两|[^,。;]{1,3})(?:天|日|周)(?:以上|及以上)?(?:无故|无正当理由|无故旷课|无理由)?(?:未到校|未返校|缺课)(?:的|者)?(?:学生)?$", _PERSONS, "long_absence_count"),
        (r"(?:已|年底前|全部|陆续|及时|期限内|督促)*补(?:齐|种完毕|种到位)(?:了)?$", _PERSONS, "vac_catchup_done"),
        (r"(?:禁忌|暂缓|不宜|不能)接种(?:等(?:原因)?)?(?:而)?(?:未(?:能)?(?:补种|接种)(?:的)?)?$", _PERSONS, "vac_contraindicated_count"),
        (r"(?:禁忌证?|暂缓)(?:或|、|和|及)(?:暂缓|禁忌|缓种)(?:接种)?的?(?:有|共)?$", _PERSONS, "vac_contraindicated_count"),
        (r"占(?:全[县市区镇校])?总?(?:教学)?班级?$", ("piece", "class"), "classes"),
        (r"漏种(?:疫苗)?的?(?:儿童|学生|幼儿|新生)$", _PERSONS, "vac_missed_count"),
        (r"通知补种(?:了)?$", _PERSONS, "vac_catchup_due"),
        (r"(?:办(?:了|理|理了)?休学(?:手续)?|(?<!未)休学)的?(?:学生)?(?:只?有|仅有?|共)?$", _PERSONS, "suspended"),
        (r"(?:转进来?|转来|转入|(?:外面|外地|新来|半路)[^,。;\\d]{0,4}插班)(?:插班|就读|上学|念书|读书)?的?(?:学生|孩子|娃)?(?:只?有|仅有?|共)?$", _PERSONS, "transfer_in"),
        (r"(?:小学|初中|高中|幼儿园|职高|中职|职教)(?:部|段)?毕业的?(?:学生|孩子)?(?:有|共)?$", _PERSONS, "graduates"),
        (r"(?:转出去|转走|转到外[地面县校])的?(?:学生|孩子|娃)?$", _PERSONS, "transfer_out"),
        (r"(?:剂次|疫苗)?(?:遗漏|漏种|漏打|没打全)的?(?:孩子|幼儿|儿童|学生|新生)$", _PERSONS, "vac_missed_count"),
        (rf"(?:查了|排查|检查|抽查|监督检查|实际监督|督查|巡查|督导|巡检|监管|走访检查|暗访)(?:了|过|覆盖)?(?:[我全本]?[县市区镇乡])?(?:{MARK})*$", (*_PLACES, "visits"), "hygiene_inspected_count"),
        (r"(?:指出|提出|反馈|查找|查出|查摆|梳理|排查出?|找出|点出|挑出|揪出|翻出|发现|存在|下达|责令(?:限期|立即|当场)?(?:整改|改正)|督促整改|通报)[^,。;\d]{0,20}(?:问题|隐患|毛病|整改意见|整改建议)$|^[、,]?缺失$", ("finding", "item", "piece"), "hygiene_findings"),
        (r"(?<!限期)(?<!责令)(?<!督促)(?<!待)(?<!未)(?<!需)(?<!后)(?:整改|整改完成|完成整改|整改到位|整改落实|立行立改|立整立改|办结|(?<=[已经都就])改(?:了|好|完|正|善)?|^改(?:了|好了?|完了?|到位|掉)?)$", ("finding", "item", "piece"), "hygiene_findings_closed"),
    )
)  # fmt: skip
_before = ending_as(_BEFORE)
_INSPECTS = re.compile(
    r"^(?:\([^()]*\))?(?:食堂|食品经营单位)?[^,。;]{0,8}?(?:开展|进行|实施)(?:了)?[^,。;]{0,24}(?:检查|督导|监督|抽查|督查|巡查)|^(?:的[^,。;]{0,12}卫生[^,。;]{0,10})(?:开展|进行|实施)(?:了)?[^,。;]{0,8}(?:评价|评估)"
    r"|^[^,。;]{0,6}(?:拉网式|地毯式|全覆盖)(?:大)?(?:检查|排查)"
)
_NOUN = r"(?:中小学校?|学校食堂|学校\((?:幼儿)?园\)食堂|学校|小学|中学|幼儿园|托幼机构|食堂|供餐单位)"
_HYGIENE = re.compile("卫生|市场监管|市场监督|监督所|疾控|食品|食堂|餐|饮|消毒|健康|传染|疾病|晨检|保健|留样|从业|无证")
_VACCINATED = re.compile("接种|漏种|补种|查验|疫苗")
_CHECKED = re.compile("接种证|查验")
_DROPOUT = re.compile("辍学|失学|流失|控辍|劝返|复学")
_PUT_RIGHT = re.compile("(?:^|[今昨前天已就经都底末在\x01])(?:整?改|整?改掉|整?改好|整?改完|整?改到位|销号)$")
_NOW_RIGHT = re.compile(
    "(?:问题|隐患)?(?:[已均都]|已经|当场|现场|立即|当即|及时)+(?:得到)?(?:整改|改正|纠正|完成整改|整改到位)(?![^,。;]{0,4}(?:中|期限))"
)
_ALL_RIGHT = re.compile("(?:均|都|全部)已?(?:得到)?(?:整改|改正|纠正)(?:到位|完毕|完成)?[(]$")
_OF_WHICH = re.compile(f"[^,。;]{{0,8}}(?:学|校|园|堂)(?:{OF_THEM.pattern})")
_SCHOOL_TOWNS = ("校", "园")


def by_predicate(s: Situation, number: Number, core: str, left: str, right: str) -> Found | None:
    """The observation of a count whose indicator its predicate tells."""
    told = (
        inspected(s, number, core, right)
        or _next_to(s, number, core, right)
        or _returned(s, number, core)
        or _beside(s, number, core, right)
        or pupils_of_classes(s, number, left)
    )
    if told is None:
        return None
    code, phrase = told
    if code == "dropout_returned_count" and not _DROPOUT.search(s.paragraph.text + s.report.title):
        return None
    if code in ("vac_catchup_done", "vac_catchup_due") and not _VACCINATED.search(s.masked):
        return None
    if code == "vac_cert_held" and not _CHECKED.search(s.paragraph.text[: s.offset] + s.masked):
        return None
    return build_known(s, number, Head(code, "", phrase), "count_by_predicate", 0.8)


def _may_be_people(s: Situation, number: Number) -> bool:
    """补上的是1396, 回来了7个: people as speech counts them."""
    bare = (
        number.unit == "" and not number.han and number.value >= 2 and s.masked[number.end : number.end + 1] in ",。;"
    )
    return number.word == "个" or bare


def _next_to(s: Situation, number: Number, core: str, right: str) -> tuple[str, str] | None:
    for pattern, units, code in _before(core[-1:]):
        if (number.unit in units or (units is _PERSONS and _may_be_people(s, number))) and pattern.search(core):
            if code.startswith("hygiene") and not _HYGIENE.search(s.paragraph.text + s.title_and_headings):
                return None
            if code == "hygiene_inspected_count" and re.match(
                "(?:行政)?村|品种|样品|批次|点位|乡|镇|县|街道|社区|方面|环节|部门", right
            ):
                return None
            sampled = s.masked[number.start - 1 : number.start] == "的" and _OF_WHICH.match(right)
            if code == "hygiene_inspected_count" and sampled:
                return None  # 抽查的11所中小学中7所配备了校医
            if number.unit == "visits":
                return "hygiene_visits", s.clause_before(number.start)
            if code == "classes":
                return code, s.segment_before(number.start)
            return code, s.clause_before(number.start)
    if number.unit == "person" and (absent := _LONG_ABSENT.match(s.masked, number.tail)):
        return "long_absence_count", s.clause_before(number.start) + absent[0]
    for pattern, units, code in _AFTER:
        if number.unit in units and (found := pattern.match(right)):
            if code == "vac_contraindicated_count" and _LEFT_OVER.search(core):
                return None  # 剩下1名因过敏暂缓: a rest, of whom nobody says that they are all
            return code, s.clause_before(number.start) + found[0]
    if number.unit == "times" and _CAME_TO_INSPECT.search(core) and s.report.issuer.kind in _SCHOOL_TOWNS:
        return "hygiene_visits", s.clause_before(number.start)
    if (
        number.unit == "visits"
        and not re.search("责令|处罚|立案|查处|下达|约谈", core)
        and _HYGIENE.search(s.masked + s.report.title)
    ):
        return "hygiene_visits", s.clause_before(number.start)
    return None


# 市场监管所来校检查4次, 接受上级食品安全检查3次
_CAME_TO_INSPECT = re.compile(
    "[来到入进][校园][^,。;\\d]{0,8}(?:检查|督查|抽查|稽查|巡查)(?:指导)?(?:了)?$"
    "|接受[^,。;\\d]{0,12}(?:食品安全|卫生|食堂)[^,。;\\d]{0,6}(?:检查|督查|抽查)(?:了)?$"
)
_LEFT_OVER = re.compile("(?:剩下|剩余|其余|余下|还有|未补|没补|未补种)的?$")
# 有3名学生连续3天以上未到校
_LONG_ABSENT = re.compile(
    r"(?:学生|幼儿)?(?:已)?连续\d+(?:天|日|周)(?:及?以上)?[^,。;\d]{0,4}(?:未到校|未返校|缺课|未上学|旷课)"
)
_TOWARDS = re.compile(rf"对(?:全[县区市镇乡]|辖区内?|城区|{MARK})*(?:的)?$")


def inspected(s: Situation, number: Number, core: str, right: str) -> tuple[str, str] | None:
    """对39所学校进行了…检查: the verb stands behind what it governs."""
    before = s.masked[max(0, number.start - 40) : number.start]
    if number.unit not in _PLACES or "对" not in before or not _TOWARDS.search(before):
        return None
    noun = re.match(rf"{_NOUN}(?:[、和及]{_NOUN})*", right)
    rest = s.masked[number.tail :]
    if noun is None or not _INSPECTS.match(rest[noun.end() :]):
        return None
    if not (s.report.is_on_hygiene or _HYGIENE.search(s.paragraph.text + s.report.title)):
        return "", noun[0]  # 对45所学校进行了督导: an inspection, but not of hygiene
    return "hygiene_inspected_count", noun[0]


_CAME_BACK = re.compile("(?:学生)?(?:已|均已|已全部|全部|均|都已)(?:返校|复学|劝返)")
_WERE_OUT = re.compile("(?:确认|实际)辍学|应劝返|未(?:按时|按期|如期)?(?:报到|返校|到校)")


def _returned(s: Situation, number: Number, core: str) -> tuple[str, str] | None:
    """应劝返9人,返校8人."""
    if number.unit != "person":
        return None
    if _CAME_BACK.match(s.masked, number.tail) and (
        s.bound[-1].code in ("suspected_dropout_count", "dropout_count", "dropout_return_due")
        if s.bound
        else _WERE_OUT.search(s.before_in_paragraph(number)[-60:])  # 确认辍学6人。经各方努力,6人全部返校
    ):
        return "dropout_returned_count", s.clause_before(number.start)
    due = s.bound and s.bound[-1].code in ("dropout_return_due", "dropout_returned_count")
    if due and core.endswith(("返校", "复学", "回校", "到校")):
        return "dropout_returned_count", s.clause_before(number.start)
    return None


_BY_SPONSOR = re.compile("[、,]?(?:(?:[^,、;]{0,8}(?:里|中)|其中),?)?(?:有)?(公办|民办)的?(?:有)?")
_WENT = re.compile("(?:检查|暗访|督查|督导)组[^。;]{0,8},(?:共|先后|一共)?(?:走|跑|走访|查)了?$")
# 连续三天以上未到校的,由期初的53人减少到6人
_ABSENT = re.compile(
    r"连续[^,。;]{1,5}(?:未到校|缺课)的?(?:学生)?,[由从][^,。;]{0,8}\d+人(?:减少|下降|降低|降)(?:到|至|为)$"
)
_CERTIFIED = re.compile(
    "(?:健康)(?:检查|体检)合格(?:者|的|人数)?|健康证(?:都|也)?办(?:理|好)?(?:了|的)?|(?:其中)?(?:健康)?(?:检查|体检)?(?:合格)?[,、]?(?:并)?持(?:有)?(?:有效)?(?:健康)?(?:检查|体检)?(?:合格)?证明?(?:者|的|人员|人数)?"
)
_COUNT_OF_SHARE = {"boarder_share": "boarders", "left_behind_share": "left_behind_children"}
_IN_ALL = re.compile("(?:学生|儿童)?(?:住校|寄宿|留守儿童)?[,(](?:一?共计?|合计|总计|计|即)$")
_CERTIFIED_BEHIND = re.compile("(?:均|都|已|全部)*(?:健康(?:检查|体检)合格|持(?:有)?(?:有效)?健康(?:合格)?证)")
_WORKERS = re.compile("食堂[^,。;]{0,6}(?:工勤人员|聘用人员|用工)$")
# 食堂嘛,十一位师傅; 厨房里现有工人4名
_IN_KITCHEN = re.compile(
    "(?:^|[,;。\x01])(?:[我本全][校园镇])?(?:学校)?(?:食堂|厨房|伙房|后厨|餐厅)(?:里|这边|那边)?(?:嘛|呢|现|共|一共|[,、])*$"
)
_WORKERS_BEHIND = re.compile(
    "(?:工作人员|员工|职工|师傅|工人|工友|大师傅|阿姨|炊事)(?![^,。;]{0,8}(?:过期|未|无|没有|超期|不|培训|参加|率))"
)
_SELLERS = re.compile(
    "(?:商店|小卖部|超市|食品店|经营店|经营户|经营者|经营主体|经营单位|摊点|摊贩|餐饮店|小餐饮|食杂店|便利店|文具店|供餐单位|配餐单位|配送单位|托管机构)$"
)
_CHILDREN_AMONG = re.compile("(?:在园|在校|在读|全园|全校)?(?:幼儿|学生|儿童|孩子)(?:当)?中,")
_MEETS = re.compile(
    "[,、]?(?:其中)?(?:完全|全部)?(?:(?:符合|达到|满足)[^,。;]{0,6}(?:要求|标准|规定|条件|规范)|(?:综合)?(?:评价|评定)?(?:为)?合格)的"
)
_OF_THOSE = re.compile("(?:受检|被检|检查|抽查)的?(?:学校)?(食堂|学校|单位|幼儿园)中,$")
_MISSED_MOST = re.compile(
    "(?:漏种(?:人数|儿童|人次|数)?|漏得?|漏打)(?:(?:最|较)多|居前|排名?前|靠前)[^,。;]{0,4}的?(?:疫苗)?(?:依次|分别)?(?:是|为|有):?"
)
_CAUGHT_MOST = re.compile(
    "(?:^|[,;。])(?:所|已|完成|实际)*补种的(?:疫苗|剂次)(?:当)?中,|补种(?:剂次|人次|人|疫苗)?数?(?:(?:最|较)多|居前|排名?前|靠前)[^,。;]{0,4}的?(?:疫苗)?(?:依次|分别)?(?:是|为|有):?"
)


def _beside(s: Situation, number: Number, core: str, right: str) -> tuple[str, str] | None:
    """What a count says by the one before it or by its place: canteens and their workers, a school and its pupils."""
    last = s.bound[-1].code if s.bound else ""
    before = s.masked[: number.start]
    if number.unit == "school" and _WENT.search(before) and _HYGIENE.search(s.paragraph.text + s.report.title):
        return "hygiene_inspected_count", s.clause_before(number.start) + right[:4]
    if (
        number.unit == "school"
        and re.search("(?:新建|改扩建|扩建|改建)$", core)
        and right[:1] in (",", "。", ";", "、")
    ):
        noun = re.search("(?:新建|改扩建|扩建|改建)[^,。;]{0,4}(公办园|幼儿园|小学|初中|学校|中小学)", before)
        return ("schools_new", noun[1]) if noun else None
    if (
        last == "hygiene_inspected_count"
        and number.unit in (*_PLACES, "household")
        and s.masked[s.bound[-1].end : number.start].lstrip("家所个户")[:1] in ("、", "和", "及")
        and _SELLERS.search(core)
    ):
        return last, core
    if (
        number.unit in _PLACES
        and _MEETS.fullmatch(core)
        and (of := _OF_THOSE.search(before[: len(before) - len(core)]))
    ):
        return "hygiene_passed_count", of[1]  # 受检食堂中,符合要求的181个
    if last == "food_handlers" and number.word in ("本", "张", "份") and re.search("健康(?:合格)?证明?$", core):
        return "food_handlers_certified", core  # 从业人员23名,健康证23张
    if last == "hygiene_inspected_count" and number.unit in _PLACES and _MEETS.fullmatch(core):
        return "hygiene_passed_count", s.clause_before(s.bound[-1].start)  # 抽查食堂22个,达到要求的20个
    if last == "schools" and number.unit in _PLACES and (run := _BY_SPONSOR.fullmatch(core)):
        level = KINDS.get(s.bound[-1].dims.get("level", ""), "")
        return last, run[1] + level  # 全区118所幼儿园里公办的54所、民办的64所
    if (
        last == "vac_cert_check_due"
        and number.unit == "person"
        and re.fullmatch("[,、]?(?:(?:已|实际?)(?:检查|查验?)|查(?:验|看)?了?)", core)
    ):
        return "vac_cert_check_done", core  # 应检查预防接种记录3862人,已检查3851人
    if last == "hygiene_findings" and number.unit in ("piece", "finding", "item") and _PUT_RIGHT.search(core):
        return "hygiene_findings_closed", s.clause_before(number.start)  # 查出58个问题,到今天改了49个
    if last == "hygiene_findings" and number.unit in ("piece", "finding", "item") and _ALL_RIGHT.search(before):
        return "hygiene_findings_closed", s.clause_before(number.start)  # 提出问题5条,均已整改(5条)
    if last == "hygiene_findings" and number.unit in ("piece", "finding", "item") and _NOW_RIGHT.match(right):
        return "hygiene_findings_closed", s.clause_before(number.start)  # 发现问题46个,其中31个已现场整改
    doses = number.unit == "doses" and _CAUGHT_MOST.search(before)
    return _persons_beside(s, number, core, right) if number.unit == "person" or doses else None


def _of_those_told(s: Situation, number: Number, plain: str, right: str) -> tuple[str, str] | None:
    """People among those told of just before: boarders of a share, workers with certificates, pupils still away."""
    last = s.bound[-1].code if s.bound else ""
    if last in _COUNT_OF_SHARE and _IN_ALL.search(s.masked[: number.start]):
        return _COUNT_OF_SHARE[last], ""  # 九成三以上的学生住校,共计1063人
    if last == "food_handlers" and _CERTIFIED_BEHIND.match(right):
        return "food_handlers_certified", plain  # 厨工7名,7名健康检查合格
    if (held := _BY_OWNER.fullmatch(plain)) and _CHILDREN_AMONG.match(s.masked):
        return "enrollment", held[1] + "幼儿园在园幼儿"  # 在园幼儿中,公办园5217人
    if _STILL_OUT.match(right) and any(f.code in _BROUGHT_BACK for f in s.bound) and "各" not in plain:
        return "dropout_count", plain  # 已劝返20人,还有15人未返校
    if _ACTUALLY_CAME.fullmatch(plain) and (due := _DUE_TO_COME.search(s.segment_before(number.start))):
        return "entrants", due[0]
    return None


_OF_THOSE_URGED = re.compile("劝返[^。;]*人(?:中|里)已?(?:回来|返校|复学)了?$")
_AT_OPENING = re.compile(
    f"(?:{MARK})*(?:[我本该]?[校园])?(?:(?:小学|初中|高中|幼儿园)(?:部)?)?(?:学年初|学期初|期初|学年末|学期末|期末|年初)(?:在册|在籍)?"
    "|(?:[春秋]季?)?(?:学年|学期)?(?:初|末)?在籍"
)
_OF_ONE_SEX = re.compile("其中?[男女]|[男女](?:生|童|孩|幼儿)?")


def _persons_beside(s: Situation, number: Number, core: str, right: str) -> tuple[str, str] | None:
    plain = core.strip(",、")
    last = s.bound[-1].code if s.bound else ""
    before = s.masked[: number.start]
    if (told := _of_those_told(s, number, plain, right)) is not None:
        return told
    if "劝返" in before and _OF_THOSE_URGED.search(before):
        return "dropout_returned_count", s.clause_before(number.start)
    if right[:1] in ",。;、(" and _AT_OPENING.fullmatch(plain):
        return "enrollment", plain  # 初中学年初386名,转出9名
    if GRADE.fullmatch(plain) and right[:1] in ",。;、(" and grade_by_grade(s):
        return "enrollment", plain
    if _OF_ONE_SEX.fullmatch(plain) and _CHILDREN_AMONG.match(s.masked):
        return "enrollment", plain.strip("其中") + (
            "" if len(plain.strip("其中")) > 1 else "生"
        )  # 幼儿中,男139人、女128人
    if last == "disabled_students" and re.fullmatch("已?(?:安置)?(?:入学|就学|就读)|已?安置", plain):
        return "disabled_students", plain
    if _WORKERS.search(core) or (_IN_KITCHEN.search(before) and _WORKERS_BEHIND.match(right)):
        return "food_handlers", core
    if "班额" in before and re.search("[大中小]班(?:平均)?$", core) and number.value < 100:
        return "average_class_size", core
    if _ABSENT.search(before):
        return "long_absence_count", ""
    if last == "food_handlers" and _CERTIFIED.fullmatch(plain):
        return "food_handlers_certified", plain
    of_kitchen = last in _OF_KITCHENS or _GRADED_KITCHEN.search(before)
    if of_kitchen and plain in ("工作人员", "员工", "职工", "工人", "工勤人员", "工友", "食堂工人", "炊事人员"):
        return "food_handlers", plain
    if all_of_school(plain, right):
        return "enrollment", plain
    most = (
        "vac_missed_count" if _MISSED_MOST.search(before) else "vac_catchup_done" if _CAUGHT_MOST.search(before) else ""
    )
    if most:
        named = plain or before.rstrip("为是,").rsplit(",", 1)[-1]
        if any(True for _ in s.lexicon.vaccines_in(named)):
            return most, named
    if "义务教育" in right and re.match("(?:已|均|都)?接受(?:了)?义务教育", right) and re.search("残疾", before):
        return "disabled_students", "义务教育"
    return pupils_of_school(s, number, right)


_OF_KITCHENS = frozenset({"canteens", "canteen_graded_count", "canteen_license_rate"})
# 学校食堂为A级食堂,工作人员9人均持证上岗
_GRADED_KITCHEN = re.compile(
    "(?:^|[。;])(?:[我本]?[校园]|学校|幼儿园)?(?:食堂|厨房)(?:为|是|系|被评为|评为)[^,。;]{1,10},[^,。;\\d]*$"
)
_STILL_OUT = re.compile("(?:学生|孩子)?(?:尚|仍|至今|还)?(?:未|没有?)(?:能)?(?:返校|复学|劝返)")
_BROUGHT_BACK = frozenset({"dropout_return_due", "dropout_returned_count", "dropout_return_rate"})
_BY_OWNER = re.compile("(公办|民办)(?:园|幼儿园)(?:幼儿|儿童|就读|的)*(?:共|有)*")
# 一年级应入学儿童5218人,实际入学5216人
_ACTUALLY_CAME = re.compile("(?:已|已经)?实(?:际)?(?:入学|入园|报到|注册)")
_DUE_TO_COME = re.compile("(?:一年级|七年级|小班|起始年级|新生|入学者|应招)[^。;]*")
