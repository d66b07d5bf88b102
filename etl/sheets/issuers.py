"""Who reports a table: the unit that its lines name, or the place or school that a title begins with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.sheets.cells import compact
from etl.sheets.words import BREAKDOWN_WORDS, MIXED_LEVEL_WORDS, strip_numbering

ISSUER_KEYS = (
    "填报单位", "上报单位", "报告单位", "填表单位", "报送单位", "报表单位", "统计单位", "填写单位", "单位名称", "制表单位", "编报单位", "编制单位",
    "填报机构", "编制机构", "统计机构", "填报机关", "综合机关名称", "综合机关", "上报机构", "汇总单位", "汇总机构", "报送机构", "填报部门", "报送部门", "编制部门", "制表部门", "统计部门",
    "学校名称", "学校全称", "校名", "园名", "幼儿园名称", "园所名称", "机构名称", "学校", "幼儿园", "园所", "所属乡镇", "所在乡镇",
    "乡镇名称", "乡镇街道", "镇街名称", "街道名称", "学区名称", "乡镇", "镇街", "街道", "镇名", "乡名", "学区", "中心校", "片区",
    "市名", "县名", "县市", "区名", "县市区", "县区名称", "县区", "区县", "市县", "市区", "地区", "县", "区", "旗", "市", "镇", "乡", "单位",
)  # fmt: skip
_UNITS = re.compile(
    r"^(?:计量)?(?:[百千万]?人|%|个|所|户|元|万元|校|园|起|人次|剂次|针次|针|剂|名|班|间|/|、|,|;|和|岁|分|‰|:1|条|家|份|件|例|批次|户次|校次|餐次|次|天|㎡|平方米|[()])+$"
)
_SEAL = re.compile(r"[(](?:公章|盖章|章|签章)[)]")
_REDACTED = re.compile(r"[×*xX某□■]{1,}")
_OFFICE = re.compile(
    r"教育(?:和|与)?(?:体育|科技)*局|教体局|教科局|教委|教育委员会|疾(?:病预防)?控(?:制)?中心|卫生健康(?:局|委(?:员会)?)|卫健[局委]|"
    r"(?:卫生健康|卫生计生|卫生|市场监管|教育|文化市场)*(?:综合)?(?:行政)?(?:监督)?(?:执法)(?:局|(?:总|支|大|中)?队)|卫生监督(?:总|支|大)队|"
    r"统计局|教育督导(?:室|办公室|委员会)|学生资助(?:管理)?中心|招生考试(?:院|中心|办公室)|食品药品监督管理局|食药监局|"
    r"市场监(?:督管理|管)局|卫生(?:计生)?监督(?:所|局)|妇幼保健(?:计划生育服务中心|院|所)|公安局|民政局|残联|人民政府"
)
_PLACE = re.compile(
    r"(?:[一-鿿]{1,7}?(?:自治区|自治州|自治县|开发区|新区|街道|省|市|州(?![市县区])|盟|县|区|镇|乡)|[一-鿿]{2,7}?旗)"  # 红旗 is no banner
)
_FILED_BY = re.compile(
    r"中心(?:学校|校)|学区(?:中心校)?|教育(?:组|办|办公室|管理(?:中心|站))|教[管办](?:中心|站)?|中心学区|"
    r"(?:中心)?(?:卫生(?:院|所|室|服务中心)|社区卫生服务(?:中心|站))(?:(?:预防)?接种(?:门诊|单位|点)|防保[科站组]|公共?卫生?科)?|(?:预防)?接种(?:门诊|单位|点)"
)
_OF_COUNTY = re.compile(  # what a county has set up for one task
    r"(?!.*(?:医院|卫生院|中心(?!小?学)|集团|公司))"
    r"(?:[一-鿿、]{0,16}?(?:工作)?(?:领导小组|工作专班|联席会议|指挥部|工作委员会)(?:办公室|办)?|[一-鿿、]{2,10}?(?:工作)?(?:办公室|专班))"
)
_ROOM = re.compile(  # what a school has within its gates
    r"(?<=[学园校中小])(?:(?:卫生)?保健(?:室|组)|医务室|卫生室|校医室|总务处|教务(?:处|科)|教导处|政教处|德育处|学籍(?:室|办)|后勤(?:处|部|科)|保教(?:处|室)|资料室|档案室|办公室|党政办(?:公室)?)$"
)
_ONLY_TIME = re.compile(r"[\d年月日季度学期第一二三四上下半春秋至./—~-]+")
_NO_PLACE = re.compile(
    r"^[省市县区旗州镇乡](?!.{0,3}[省市县区旗州镇乡])"
)  # 县疾控中心: whose county it is stands elsewhere
_SCHOOL = re.compile(
    r"[一-鿿]{1,14}?(?:小学|初级中学|高级中学|中学|幼儿园|学校|教学点|中心校|(?<!第)[一二三四]中(?!学(?![生校籍年期]))|职教中心)"
)
_FORM = re.compile(r"教基|教统|教综|基表|附表|附件|表")  # the sheet 教基综小学 is a form of the ministry's
_PIECES = re.compile(r"[_＿—\s]+")
_BRANCH = re.compile(r"[一-鿿]{2,10}(?:分园|总园|园区|校区|分校|总校|分部|教学点)")
_SORT_OF_SCHOOL = re.compile(r"完全|中心|村级?|一般|职业|民族|其[他它]|规模|直管|独立")  # 完全小学: a kind, not a name
_GENERIC = re.compile(
    r"^(?:全|各|分|按|及|含|本|辖|城|镇|校|学|片|社|地|县|市|城乡|农牧|两|我|该|直|所|园|灾|库|山|老|牧)[市县区镇乡省]$|城乡|中小学|义务教育|各级|全[省市县区镇乡]|"
    r"^各|^部分|^有关|^相关|^所有|^全部|^直属|^[市县区镇局]直|^局属|^初中|^高中|^城区|^镇区|^辖区|^乡村|^全|公办|民办|农村|普通|小学生|中学生|^小学|^中学|^学校|^幼儿园|^初级中学|^高级中学|特殊教育|高中阶段|托幼|乡镇|"
    r"^开学|^秋季|^春季|^秋学期|^春学期|^专项|^新建|^改扩建|^示范|^重点|^抽[检查]|^受检|^寄宿制|^营养|^入学|^招生|^毕业|^适龄|^学龄|^教育"
)
_MODEL_SCHOOL = re.compile(
    r"示范(?:幼儿园|小学|中学)(?=(?:19|20)\d{2}|$)"
)  # the one of that name, not those that are models
_BEFORE_NAME = re.compile(
    r"^(?:关于|(?:附件|附表|表|续表)[一二三四五六七八九十\d-]*(?:[:：、._\s]|(?=[一-鿿]))|\d{1,3}[_.、-](?!\d))+"
)
_YEAR_BEFORE_NAME = re.compile(
    r"^(?:19|20)\d{2}.{0,7}?(?:学年度?初?|年度?|学期)(?:第?[一二12]学期|\d{1,2}月|[上下]半年|第?[一二三四1-4]季度)?"
    r"(?:[秋春]季?(?:学期)?)?(?:开学(?:前|初|后|季)?)?"
)


def find_issuer(
    pairs: Sequence[tuple[str, str]], titles: Sequence[str], names: tuple[str, str]
) -> tuple[str | None, bool]:
    """(unit, whether a name stands there struck out) by the pairs of the lines, the titles, the sheet's and file's name."""
    for wanted in ISSUER_KEYS:
        for key, value in pairs:
            if key == wanted and not only_units(value) and not _ONLY_TIME.fullmatch(value):
                value = _SEAL.sub("", value).strip("_-—")
                if _is_redacted(value):
                    return None, True
                if value and not is_generic(value) and (place := place_of_office(value)):
                    return _governed(place, titles), False
    for title in titles:
        place = place_in_title(title)
        if place is not None:
            return (None, True) if _is_redacted(place) else (place, False)
    places = (place for name in names if (place := _place_in_name(name)) is not None and not _is_redacted(place))
    return next(places, None), False


def _place_in_name(name: str) -> str | None:
    """The place or school that the name of a sheet or file begins with, or one of its pieces: 平台导出_清源县_20240312."""
    first, *pieces = _PIECES.split(name)
    others = (place for piece in pieces if (place := place_in_title(piece)) is not None)
    return place_in_title(name) if place_in_title(first) is not None else next(others, None)


def _governed(name: str, titles: Sequence[str]) -> str:
    """The township whose central school files its sheet: the title speaks of 龙潭镇, not of 龙潭镇中心学校 alone."""
    name = _of_whole(name)
    place = next((found for title in titles if (found := place_in_title(title))), None)
    return place if place and place != name and _FILED_BY.fullmatch(name.removeprefix(place)) else name


def _of_whole(name: str) -> str:
    """The school of which a room or office has filled the sheet in (实验小学医务室), the place of whose task force it is
    (青川县控辍保学工作领导小组办公室); another name as it is."""
    school = _ROOM.sub("", name)
    if school != name and (_SCHOOL.fullmatch(school) or is_school(school)):
        return school
    place = place_in_title(name) or ""
    return place if place and name.startswith(place) and _OF_COUNTY.fullmatch(name, len(place)) else name


def only_units(value: str) -> bool:
    """Whether a value is nothing but units: 人、%."""
    return bool(_UNITS.match(value))


def is_generic(name: str) -> bool:
    """Whether a name ends like a unit's but stands for a group: 农村小学, 辖区, 各乡镇."""
    return bool(_GENERIC.search(name)) or name in MIXED_LEVEL_WORDS


_IN_CHARGE_OF = re.compile(r"[(](?:所?辖|管辖|负责)([一-鿿]{1,6}(?:镇|乡|街道|区|县))[)]")


def place_of_office(value: str) -> str | None:
    """The place that an office reports for: 双山县教育局基教股 and 双山县人民政府 speak of 双山县; None
    for an office that names no place (县疾控中心); others stay as printed."""
    if charged := _IN_CHARGE_OF.search(value):
        return charged[1]  # 清源县市场监管局龙潭所(辖龙潭镇)
    office = _OFFICE.search(value)
    if (
        office
        and (again := _OFFICE.search(value, office.end()))
        and value[: office.start()] == value[office.end() : again.start()]
    ):
        value = value[: office.end()]  # 霞岭州统计局 霞岭州教育局: one place, two offices
    if office and _NO_PLACE.match(value[: office.start() + 1]):
        return None
    found = _PLACE.match(value)
    end = 0
    while found and office and found.end() <= office.start():
        end = found.end()
        found = _PLACE.match(value, end)
    return value[:end] if office and end == office.start() and end else value


def is_school(name: str) -> bool:
    """Whether a sheet's name is a school's own name (one sheet per school)."""
    plain = compact(name)
    if _FORM.match(plain):
        return False
    found = re.fullmatch(
        r"[一-鿿]{2,18}(?:小学|中学|学校|幼儿园|[一二三四五六七八九]小|[一二三四五六七八九]中|中心校)", plain
    )
    return bool(found) and not _GENERIC.search(plain)


def of_caption(caption: str) -> str | None:
    """The school, part of a school or place that a block is about: 一、实验小学, 二、南苑分园; None for a group of schools."""
    plain = compact(strip_numbering(caption))
    named = (is_school(plain) or _BRANCH.fullmatch(plain) or _PLACE.fullmatch(plain)) and plain not in BREAKDOWN_WORDS
    return plain if named and not is_generic(plain) and not _SORT_OF_SCHOOL.match(plain) else None


def _is_redacted(name: str) -> bool:
    return bool(_REDACTED.match(name)) or bool(re.search(r"[×*□■]{1,}|某", name))


def place_in_title(title: str) -> str | None:
    """The place or school that a title begins with: 云川市东湖区 or 东湖区实验小学; None when it names none."""
    text = _YEAR_BEFORE_NAME.sub("", _BEFORE_NAME.sub("", compact(title)))
    redacted = re.match(r"[×*xX某□■]{1,6}(?:省|市|县|区|旗|镇|乡|小学|中学|学校|幼儿园)", text)
    if redacted:
        return redacted[0]
    end, places = 0, []
    while (found := _PLACE.match(text, end)) and not _GENERIC.search(found[0]):
        places.append(found[0])
        end = found.end()
        if _OFFICE.match(text, end):
            break  # 霞岭州统计局 霞岭州教育局
    school = _SCHOOL.match(text, end)
    if school and (not _GENERIC.search(school[0]) or (places and _MODEL_SCHOOL.match(text, end))):
        return text[: school.end()]
    return text[:end] if places else None
