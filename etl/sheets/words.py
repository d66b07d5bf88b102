"""The closed vocabulary of labels: levels, sexes, grades, areas, sponsors, totals and filler words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from etl.sheets.cells import are_compact, compact

_NUMBERING = re.compile(
    r"^(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）](?=\D)|\d{1,2}[.、,．](?=\D|(?:[45]6|55|66)人)|[一二三四五六七八九十]{1,3}[.、,．])"
)
_LATIN_ASIDE = re.compile(
    r"[(\[](?![A-D][)\]])(?!m2|lx|dB|[Xx]:1)[A-Za-z][A-Za-z0-9/+、,.\s-]*[)\]]"
)  # (IPV/bOPV), not a unit
ASIDE = re.compile(r"[(（][^()（）]*[)）]")
_LATIN_TAIL = re.compile(r"(?<=[一-鿿）)])\s+[A-Za-z][A-Za-z ,.'()/&-]{3,}$")
_UNIT_WORDS = "%|‰|批次|餐次|百人|千人|次数|人|人次|名|个|所|处|园|校|班|起|例|条|项|家|户次|家次|校次|户|剂次|剂|元|万元|万人|分|天|间|次|份|件|人/班|㎡|m2|lx|dB\\(A\\)|[Xx]?:1|1:[Xx]"
_UNIT_IN_BRACKETS = re.compile(rf"[(\[]((?:单位:)?(?:{_UNIT_WORDS}))[)\]]")
_UNIT_LAST_IN_BRACKETS = re.compile(r"(?<=[^(\[])[,、;]([%‰])(?=[)\]])")  # 补种率(人,%), 全程接种率(补种后,%)
_UNIT_AT_END = re.compile(r"(?<=率)[%‰]$|(?<=比例)[%‰]$|(?<=占比)[%‰]$")
_AND_KINDERGARTENS = re.compile(
    r"(?<=校)[(](?:[含及]?(?:幼儿园|托[幼育]机构)|园)[)]|(?<=中小学)[(](?:幼儿)?园[)]"
)  # 学校(园)总数, of either
PUNCTUATION = re.compile(r"[\s:;,。、/()\[\]<>\"'“”‘’《》#*·—–_-]+")

LEVEL_WORDS: Mapping[str, str] = {
    "学前教育": "KG", "幼儿教育": "KG", "学前三年": "KG", "学前学段": "KG", "学前段": "KG", "学前部": "KG", "幼儿部": "KG", "学前": "KG", "幼儿园": "KG", "托幼机构": "KG", "托育机构和幼儿园": "KG", "托育及幼儿园": "KG", "托育机构及幼儿园": "KG", "幼儿园及托育机构": "KG", "幼儿园含托育": "KG", "托幼": "KG", "幼儿园和托育机构": "KG", "托育机构幼儿园": "KG", "幼儿园托育机构": "KG", "托幼园所": "KG", "幼儿": "KG", "幼": "KG",
    "小学阶段": "PRI", "小学教育": "PRI", "普通小学": "PRI", "小学学段": "PRI", "小学段": "PRI", "小学部": "PRI", "小学": "PRI",
    "初中教育": "JUN", "初中学段": "JUN", "初中段": "JUN", "初中部": "JUN", "初中阶段": "JUN", "初级中学": "JUN", "初中学校": "JUN", "初中学生": "JUN", "初中生": "JUN", "普通初中": "JUN", "初中": "JUN",
    "九年义务教育": "CE", "义务教育阶段": "CE", "义务教育": "CE", "九年一贯制学校": "CE", "九年一贯制": "CE", "九年一贯": "CE", "九年制学校": "CE", "九年制": "CE",
    "高中阶段教育": "SEN", "高中阶段": "SEN", "高中教育": "SEN", "高中学段": "SEN", "高中段": "SEN", "高中部": "SEN", "高中学校": "SEN", "高中学生": "SEN", "高中生": "SEN", "普通高中": "SEN", "高级中学": "SEN", "普高": "SEN", "高中": "SEN",
    "中等职业学校": "VOC", "中等职业教育": "VOC", "职业高中": "VOC", "中职": "VOC", "职高": "VOC",
    "特殊教育学校": "SPE", "特殊教育": "SPE", "特教学校": "SPE", "特教": "SPE",
}  # fmt: skip
MIXED_LEVEL_WORDS = (
    "中小学幼儿园",
    "学校(幼儿园)",
    "学校(园)",
    "学校、幼儿园",
    "托幼机构、学校",
    "托幼机构和学校",
    "托幼机构及学校",
    "幼儿园、学校",
    "幼儿园和学校",
    "幼儿园及学校",
    "学校、托幼机构",
    "学校和托幼机构",
    "学校及托幼机构",
    "学校和幼儿园",
    "学校及幼儿园",
    "中小学校",
    "中小学",
    "完全中学",
    "十二年一贯制",
    "中学",
    "入托入学",
    "入托、入学",
)
FOREIGN_LEVEL_WORDS = ("大中专院校", "大专院校", "大中专", "高等学校", "高校", "托育机构", "托育")
SEX_WORDS: Mapping[str, str] = {
    "女生": "F", "女童": "F", "女性": "F", "女": "F", "男生": "M", "男童": "M", "男性": "M", "男": "M",
}  # fmt: skip
AREA_WORDS: Mapping[str, str] = {
    "城区": "urban", "城市": "urban", "镇区": "town", "县镇": "town", "乡村": "rural", "农村": "rural",
}  # fmt: skip
SPONSOR_WORDS: Mapping[str, str] = {
    "公办幼儿园": "public", "民办幼儿园": "private", "公办园": "public", "民办园": "private",
    "教育部门办": "public", "教育部门": "public", "公办": "public", 
    "民办": "private", "社会力量办": "private", "地方企业办": "enterprise", "地方企业": "enterprise", "企业办": "enterprise",
    "事业单位办": "attached", "部队办": "attached", "附属": "attached", "其他部门办": "attached", "其他部门": "attached",
}  # fmt: skip
_DIGITS = "一二三四五六七八九"
_IN_DIGITS = str.maketrans(_DIGITS, "123456789")
GRADE_WORDS: Mapping[str, str] = {
    **{f"{word}年级": str(n) for n, word in enumerate(_DIGITS, 1)},
    **{f"{n}年级": str(n) for n in range(1, 10)},
    **{f"{level}{word}年级": str(first + n) for level, first in (("初", 7), ("高", 10)) for n, word in enumerate("一二三")},
    "初一": "7", "初二": "8", "初三": "9", "高一": "10", "高二": "11", "高三": "12",
    "小班": "small", "中班": "middle", "大班": "large",
}  # fmt: skip
PLACEMENT_WORDS: Mapping[str, str] = {
    "随班就读": "inclusive", "特教学校就读": "special", "特殊教育学校就读": "special", "特校就读": "special", "特教就读": "special", "特校": "special", "送教上门": "home",
}  # fmt: skip
STAGE_WORDS: Mapping[str, str] = {"补种前": "before", "查验时": "before", "补种后": "after"}
SESSION_WORDS: Mapping[str, str] = {
    "午检": "noon", "午间检查": "noon", "晨检": "morning", "晨间检查": "morning",
}  # fmt: skip
BOTH_SESSIONS = re.compile(r"晨[、/]?午检|晨检[和、/]午检")
NEUTRAL = frozenset(
    ("数值", "数据", "值", "指标值", "数量", "本期", "本期数", "本期值", "本期数据", "实际", "实绩", "实际值", "统计数", "统计值", "结果", "平均值",
     "均值", "全县平均值", "全市平均值", "全区平均值", "现状", "现状值", "完成值", "完成数", "达成值", "实现值", "完成情况", "监测值", "上报值", "填报值")
)  # fmt: skip
_HEADINGS = (
    "入学|控辍|控辍保学|巩固|普及|卫生|健康|体检|疫苗|接种|预防接种|食品|食品安全|食堂|教师|师资|学生|学校|班级|特殊群体|特殊教育|基本|办学|办学条件|发展水平|事业发展|"
    "普及水平|公平|质量|安全|营养|环境|教学|监测|综合|主要|重点|其他|学籍|生源|规模|义务教育|学前教育|高中教育|职业教育"
)
HEADING = re.compile(
    rf"(?:(?:{_HEADINGS})(?:和|与|及|、)?)+(?:情况|指标|类|方面|数据|工作|统计|部分|管理|群体|保障|水平)?"
)
PART_OF = re.compile(r"^(?:(?:总计|合计|总数)?其?\s*中[:：]|其\s*中|其：|#)")
RATE_WORDS = frozenset(
    ("率", "比率", "比例", "百分比", "百分率", "占比", "比重", "%", "完成率", "完成比例", "达标率", "达成率")
)
VISITS = frozenset(("户次", "家次", "校次", "人次", "次"))  # the units of inspections that may be of one place again
COUNTED = frozenset(("person", "school", "class", "canteen"))  # units of counts
OTHER_UNITS = frozenset(
    ("批次", "餐次", "份", "件", "间", "元", "万元", "㎡", "m2", "天")
)  # what none of these is counted in
SPREAD = re.compile(r"差异系数|变异系数|标准差|极差|方差|最大值|最小值|最高值?|最低值?|中位数|基尼系数")
BASIS_WORDS: Mapping[str, str] = {"剂次数": "dose", "剂次": "dose", "针次": "dose", "人数": "person", "人次": "person"}
GRADE_ABC = re.compile(r"(?<![A-Z])([A-D])级")
NO_GRADE = re.compile(r"(?:暂|尚)?未(?:实施|参加|进行)?(?:量化)?(?:分级|评级|定级|评定|评)(?:等级|管理)?|不予?评级")
OBJECT_WORDS: Mapping[str, str] = {
    "食堂": "canteen",
    "小卖部": "shop",
    "超市": "shop",
    "供餐单位": "supplier",
    "配餐单位": "supplier",
}

BREAKDOWN_WORDS = frozenset((*LEVEL_WORDS, *SEX_WORDS, *AREA_WORDS, *SPONSOR_WORDS, *GRADE_WORDS, *MIXED_LEVEL_WORDS))
_KINDS_OF_PLACE = "省|市|州|县|区|旗|县区|镇|乡|街道|镇街|学区|片区|辖区|教育集团|集团|村"
_WHOLE = re.compile(
    rf"(?:全|本)(?:{_KINDS_OF_PLACE})(?:汇总|总体|平均)?(?<!平均)|(?:{_KINDS_OF_PLACE})(?:级|本级)?汇总"
)
_SELF = re.compile(rf"(?:全|本|我|该)(?:{_KINDS_OF_PLACE}|校|园|单位|地)")
_BARE_KIND = re.compile(rf"{_KINDS_OF_PLACE}|学校|中心校")
WHOLE_SCHOOL = frozenset(("全校", "全园", "-", "—", "/"))


def is_whole_school(text: str) -> bool:
    """Whether what stands in a column of classes means all of them: 全园(8个班)."""
    return ASIDE.sub("", text) in WHOLE_SCHOOL


_TOTAL = re.compile(
    r"^(?:全[市县区镇乡校园省])?(?:合计|总计|小计|共计|总数|合\s*计)(?:[(（].*)?$|^(?:.{0,12}?)(?:小计|合计|总计)$"
)
FILLER = (
    "增加学生数", "减少学生数", "增加人数", "减少人数", "增加", "减少", "基础免疫", "加强免疫", "常规免疫", "情况", "管理情况",
    "适龄儿童少年", "适龄儿童", "学龄儿童", "新入托入学儿童", "入托入学儿童", "新入托入学", "入托入学", "儿童少年", "少年儿童", "儿童", "学生", "幼儿",
    "师生", "性别", "全日制", "全学年", "全学期", "一年来", "三年来", "三年中", "六年来", "辖内", "师资", "学生总", "在校", "在园", "在册", "当年", "今年", "本次", "目前", "全体", "各类", "落实", "已完成", "已", "被", "月均", "适龄", "现场", "日常",
    "监督", "统计", "其中", "全年", "全校", "全园", "人数", "总数", "总人数", "数量", "合计", "总计", "小计", "共计", "计", "数", "的", "本学年初", "本学年",
    "学年初", "上学期末", "上期末", "实有", "开学时", "开学初", "经批准", "批准", "学籍系统", "学籍平台", "分年级", "各年级", "报表", "本辖区内", "本辖区", "辖区内", "辖区", "全县", "全市", "全区", "全州", "全旗", "全盟", "全省", "全镇", "全乡", "本校", "本园", "现有", "学校", "人", "疫苗", "阶段", "当年", "本年", "个", "实际", "规模",
    "学年内", "学期内", "年度内", "本年内", "一年内", "近一年", "年内", "期内", "今年秋季", "今年春季", "今秋", "今夏", "今春",
    "本学年末", "本学期末", "学年末", "学期末", "年末", "年底", "期末", "月末", "十二五末", "十三五末", "十四五末", "十二五期末", "十三五期末", "十四五期末", "月底", "期初", "学期初", "月初", "季初", "季末",
)  # fmt: skip
CURRENT_WORDS = ("当月", "本月", "当季", "本季", "本期", "当期", "台账数", "台账")
CUMULATIVE_WORDS = ("累计数", "累计", "至今")
PIVOT = re.compile(
    r"^(?:求和项|计数项|平均值项|最大值项|最小值项|汇总项|总和|求和|sumof|averageof)[:/]?", re.IGNORECASE
)
_OF_THE_SUM = re.compile(r"^(?:总计|合计|总数|(?:在[校园册籍])?(?:学生|幼儿|生)总?数?)中:")
_INCLUDING = re.compile(r"[(（](?:不?含|包括|不包括|其中|除|按|以|指|截至|截止|见|注)[^()（）]*[)）]")
LAST_YEAR_WORDS = (
    "上学年初报表",
    "上学年初",
    "上学年末",
    "上学年",
    "上年末",
    "上年度",
    "上年同期",
    "上年",
    "去年同期",
    "去年",
)
_AGES = re.compile(r"(?P<low>\d{1,2})[-~—–至](?P<high>\d{1,2})(?:周岁|岁)")
_AGES_ASIDE = re.compile(r"[(（]\d{1,2}[-~—–至]\d{1,2}(?:周岁|岁)(?:人口)?[)）]")
_LEVEL_ASIDE = re.compile(
    rf"{_AGES.pattern}[(（](?P<level>小学|初中|高中|学前|幼儿园)(?:阶段|学段|段|学龄(?:段|人口|儿童|少年)?)?[)）]"
)
_AGE_LEVELS = {3: "KG", 4: "KG", 6: "PRI", 7: "PRI", 12: "JUN", 13: "JUN", 15: "SEN", 16: "SEN"}


def longest_first(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """The pairs of a vocabulary with the longest spelling first."""
    return sorted(words.items(), key=lambda pair: -len(pair[0]))


def strip_numbering(text: str) -> str:
    """A label without 1. / (2) / 一、 in front, an English repeat behind, the mark of a pivot table, (含…) inside."""
    plain = _OF_THE_SUM.sub("其中:", PIVOT.sub("", compact(_LATIN_TAIL.sub("", text.strip()))))
    plain = _AND_KINDERGARTENS.sub("", _LATIN_ASIDE.sub("", plain) or plain)
    return _NUMBERING.sub("", _INCLUDING.sub("", plain) or plain)


def is_numbered(text: str) -> bool:
    """Whether a row label has a number of its own: 一、, (二), 3."""
    return bool(_NUMBERING.match(compact(text)))


def split_unit(text: str) -> tuple[str, str]:
    """(label without its bracketed unit, the unit): 学校数(个) gives 学校数 and 个."""
    found = _UNIT_IN_BRACKETS.search(text)
    if found:
        return text[: found.start()] + text[found.end() :], found[1].removeprefix("单位:")
    if found := _UNIT_LAST_IN_BRACKETS.search(text):
        return text[: found.start()] + text[found.end() :], found[1]
    found = _UNIT_AT_END.search(text)
    return (text[: found.start()], found[0]) if found else (text, "")


def without_latin(text: str) -> str:
    """A row label without its English repeat: 总 计 Total is 总 计."""
    return _LATIN_TAIL.sub("", text)


def label_key(text: str) -> str:
    """A label for comparison: numbering, unit and punctuation taken off."""
    return PUNCTUATION.sub("", split_unit(strip_numbering(text))[0])


def is_total(label: str) -> bool:
    """Whether a row or column label is a printed sum: 合计, 小计, 河西镇小计, 全县总计."""
    plain = compact(label)
    return bool(_WHOLE.fullmatch(plain)) or bool(
        _TOTAL.match(compact(_LATIN_TAIL.sub("", label.strip())).lstrip("其中:"))
    )


def is_bare_kind(name: str) -> bool:
    """Whether a name is nothing but a kind of place: the 学区 of 学区合计."""
    return bool(_BARE_KIND.fullmatch(compact(name)))


def is_self(name: str) -> bool:
    """Whether a name only says that the reporting unit is meant: 本镇, 本校, 我县, 全乡."""
    return bool(_SELF.fullmatch(compact(name)))


def is_part_of(label: str) -> bool:
    """Whether a label begins a part of the one before (其中:女)."""
    return bool(PART_OF.match(compact(label)))


def is_unit(text: str) -> bool:
    """Whether a cell is nothing but a unit: 人, %, (所)."""
    return bool(re.fullmatch(rf"[(\[]?(?:单位:)?(?:{_UNIT_WORDS})[)\]]?", compact(text)))


_TO_SCHOOL = re.compile(r"(?:[离返回到在住入转择]|[转从][到往]?外)[校园]$")


def looks_like_unit(name: str) -> bool:
    """Whether a name ends as places and schools do; 毕业离校 and 劝返回校 tell of pupils."""
    return not _TO_SCHOOL.search(name) and bool(
        re.search(
            r"(?:省|市|县|区|旗|镇|乡|苏木|嘎查|街道|村|小学|中学|学校|幼儿园|园|校|教学点|卫生院|卫生所|服务中心|服务站|接种门诊|接种点|[一二三四五六七八九十]中|小|[省市州盟县区局]直属?)$",
            name,
        )
    )


def is_single_school(name: str | None) -> bool:
    """Whether a name is that of one school or kindergarten, by its ending."""
    return bool(
        name and re.search(r"(?:学校|小学|中学|幼儿园|初中|高中|完小|教学点|中心校|园|校|小|中|[幼儿]{1,2}班)$", name)
    )


_PLACE = re.compile(r"(?:省|市|州|盟|县|区|旗|镇|乡|苏木|街道|办事处|村|社区|片|集团|门诊|卫生院|中心学校)$")


def is_place(name: str) -> bool:
    """Whether a name is that of an area, or of whoever speaks for several schools."""
    return bool(_PLACE.search(name))


_MEAN = re.compile(r"(?P<whole>全[省市州县区旗镇乡校园])?(?:总?平均|均值)(?:水平|值|数|率)?")


def is_mean(label: str) -> bool:
    """Whether a row is a printed mean of the rows above it, which is no value of any unit."""
    return bool(_MEAN.fullmatch(compact(label)))


def without_mean(label: str) -> str:
    """全县 of 全县平均, which is how a table of rates calls the county's own; any other label as it is."""
    found = _MEAN.fullmatch(compact(label))
    return found["whole"] if found and found["whole"] else label


_AIM = re.compile(
    r"(?:国家?|[省市州县区]|上级|年度)?(?:定|级|里)?(?:考核|规划|工作|评估|控制)?(?:目标|标准|要求|指标)(?:值|任务|线)?(?:[(（].*)?"
    r"|(?:到?(?:19|20)\d{2}年?(?:底|末|度)?|[\"“‘]?十[一二三四五六七]五[\"”’]?(?:时期|期间|末)?|本年度?|全年|下一?年度?|[近中远]期|[省市县]级?)?"
    r"(?:规划|预期|计划|发展|总体|考核|工作)?目标(?:值|任务|数)?(?:[(（].*)?"
    r"|(?:到?(?:19|20)\d{2}年?(?:底|末|度)?|[\"“‘]?十[一二三四五六七]五[\"”’]?(?:时期|期间|末)?)(?:规划|计划|预计|预期|预测)(?:数|值)?"
)
_DIFFERENCE = re.compile(
    r"(?:同比|环比).{0,8}|(?:.{0,14}[年期月季度])?(?:比|较)(?:上|去|前|往|同|19|20).{0,14}"
    r"|.{0,10}(?:增减|增幅|降幅|升降|涨幅|增速|增长)(?:情况|幅度|量|数|率|值|百分点|人数)?(?:[(（].*)?"
)


def is_aim(label: str) -> bool:
    """Whether a row is the aim or the standard that the rows above it are held against (省定目标)."""
    return bool(_AIM.fullmatch(compact(label)))


_WHOLE_YEAR = re.compile(
    r"全(?:学?年|学期|年度)(?:合计|总计|累计|小计)?|(?:年度?|本年|本学?年度?|学?年度?|本?学期)?累计"
)


def is_sum_over_time(stamp: str) -> bool:
    """Whether what stands in a column of months or terms is the sum of them: 合计, 全年, 全学期合计, 累计."""
    return is_total(stamp) or bool(_WHOLE_YEAR.fullmatch(compact(stamp)))


def is_difference(label: str) -> bool:
    """Whether a row is what changed between the rows above it: 比上学年增减, 同比增长(%)."""
    return bool(_DIFFERENCE.fullmatch(compact(label)))


_BELOW_HUNDRED = "(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_AGES_IN_WORDS = re.compile(rf"({_BELOW_HUNDRED})(?:至|到|[-~—–])({_BELOW_HUNDRED})(?=周?岁)")


def number_in_words(text: str) -> int:
    """A number below a hundred: 六, 十一, 二十, 二十三."""
    tens, ten, ones = text.rpartition("十")
    first = (int(tens.translate(_IN_DIGITS)) if tens else 1) * 10 if ten else 0
    return first + (int(ones.translate(_IN_DIGITS)) if ones else 0)


def with_ages_in_digits(text: str) -> str:
    """六至十一周岁 as 6-11周岁."""
    return _AGES_IN_WORDS.sub(lambda found: f"{number_in_words(found[1])}-{number_in_words(found[2])}", text)


def age_level(text: str) -> str | None:
    """The level of education of an age band: 6-11周岁 is PRI, 6-14岁 the compulsory years."""
    found = _AGES.search(with_ages_in_digits(compact(text)))
    if found is None:
        return None
    low, high = int(found["low"]), int(found["high"])
    if low in (6, 7) and high in (14, 15):
        return "CE"
    return _AGE_LEVELS.get(low) if high - low <= 6 else None


def without_ages(text: str) -> str:
    """6-11周岁人口 becomes 学龄人口; in brackets behind a level, 小学(6-11周岁), or with a level in brackets behind it,
    6-11周岁(小学), the band says nothing more."""
    text = with_ages_in_digits(text)
    return _AGES.sub("学龄", _LEVEL_ASIDE.sub(r"\g<level>", _AGES_ASIDE.sub("", text) or text))


_LEVELS_AND_MIXED = longest_first({**LEVEL_WORDS, **dict.fromkeys(MIXED_LEVEL_WORDS, "")})


def levels_in(text: str) -> tuple[str, ...]:
    """The levels that a title or a name speaks of, each once; empty when it mixes them in one word."""
    rest = _NAMED_SCHOOL.sub("", _AND_KINDERGARTENS.sub("", compact(text)))
    found: list[str] = []
    for word, level in _LEVELS_AND_MIXED:
        if len(word) > 1 and word in rest:
            if not level:
                return ()
            rest = rest.replace(word, " ")
            if level not in found:
                found.append(level)
    return tuple(found)


_NAMED_SCHOOL = re.compile(r"第[一二三四五六七八九十]{1,2}中学")  # a name, which mixes nothing
_TELLING_SIGNS = "镇乡县区市街道职业教中专技工高九年一贯幼儿园稚小学初级特殊育启智聋哑培校完点心班"
_DULL, _DULL_OF_MANY = re.compile(f"[^{_TELLING_SIGNS}]+"), re.compile(f"[^{_TELLING_SIGNS}\n]+")


def telling_part(name: str) -> str:
    """What of a name `level_of_name` and `is_single_school` look at; whatever stands between is a single mark."""
    return _DULL.sub("\0", name) if compact(name) == name else name


def telling_parts(names: Sequence[str]) -> list[str]:
    """`telling_part` of many names: all at once where none has white space or wide signs."""
    if not are_compact(names):
        return list(map(telling_part, names))
    return _DULL_OF_MANY.sub("\0", "\n".join(names)).split("\n")


def level_of_name(name: str | None) -> str | None:
    """The level that a school's own name tells: 河西小学 is PRI; 中学 alone tells none."""
    plain = compact(name or "")
    if plain.endswith(("镇", "乡", "县", "区", "市", "街道")):
        return None
    if re.search(r"职业|职教|职中|中专|技工|职高", plain):
        return "VOC"
    for word in ("九年一贯", "九年制", "幼儿园", "幼稚园", "小学", "初级中学", "初中", "高级中学", "高中"):
        if word in plain:
            return {"幼儿园": "KG", "幼稚园": "KG"}.get(word) or LEVEL_WORDS[word]
    if re.search(r"(?:小|教学点)$", plain):
        return "PRI"
    return "SPE" if re.search(r"特殊教育|特教|启智|聋哑|培智", plain) else None
