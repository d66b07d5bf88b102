"""Dimensions that words name: level, sex, area, sponsor, grade, dose, stage, object and so on."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from db.catalogue import Indicator

NEARBY = 512  # texts kept by a cache: the phrases of a sentence are asked about many times, those of a page ago seldom

LEVELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(pattern))
    for code, pattern in (
        ("CE", r"义务教育|(?<!\d)6[—~至到-]1[456]周?岁|九年义务|九年一贯|一贯制|九年制|九年巩固|中小学段"),
        ("SPE", r"特殊教育|特教|特校|特殊学校|培智|盲聋"),
        ("VOC", r"中职|职高|中等职业|(?<!在)职教|技校|职业技术|(?<!高)职中|(?<![初高])中专(?!任)|(?<![在专兼])职校(?!长)|职业学校|职业高中|职业教育|职业中专|职业中等专业|职业高级中学|职业中学"),
        ("SEN", r"高级中等(?!职)|高中|普高|(?<!职业)高级中学|高一|高二|高三"),
        ("JUN", r"初中|[乡镇]中学|初级中学|初级中等|七年级|八年级|九年级|初一|初二|初三|17周岁|1[23][—~至到-]1[456]周?岁"),
        ("PRI", r"小学|完小|村小(?!规模)|初等教育|一年级|二年级|三年级|四年级|五年级|六年级|小一|(?<!\d)[67][—~至到-]1[12]周?岁|(?<![—~至到\d-])15周岁"),
        ("KG", r"幼儿|幼生|附幼|幼稚园|(?<!开)学前|入园|入托(?!、?入学)|在园|托幼|保教|[我本各该中全]园(?!区)|民办园|公办园|普惠[性园]|(?<!以上)大班(?!额)|(?<![初高])中班|小班|附设园|办园|看护点|幼教|园所|(?<!\d)3[—~至到-][56]周?岁"),
    )
)  # fmt: skip
WITH_CHILDREN = r"(?:学生|在校生)\((?:含|和|及)?(?:在园)?幼儿\)"  # pupils with those of kindergartens
_MIXED = re.compile(
    rf"在校(?:学)?生(?:和|、|及|与)在园幼儿|学生(?:和|、|及)(?:在园)?幼儿|{WITH_CHILDREN}|中小学(?:、|和|及|\()?幼儿园|(?:小学|中学|初中)(?:、|和|及|\()(?:中学|初中|小学)?(?:、|和|及)?(?:幼儿园|托幼机构)|(?:幼儿园|托幼机构)(?:、|和|及)(?:中)?小学(?:、|和|及)?(?:初中|中学)?|中小学|中学、小学|小学、中学|学校(?:、|和|及|与)(?:托幼机构|幼儿园)|[入园]托[^,。;\d]{{0,3}}入学|入学、?入[托园]|入园[^,。;\d]{{0,3}}入学|学校\(?幼儿园|各级各类|各类学校|学校及幼儿园|学校、幼儿园|中、小学|初、?高中"
)
_SEX = (
    ("F", re.compile("女童|女生|女幼儿|女学生|女孩|女性|^女(?!教|职)")),
    ("M", re.compile("男童|男生|男幼儿|男学生|男孩|男性|^男(?!教|职)")),
)
_AREA = (
    ("rural", re.compile("农村|乡村|村级|村小")), ("town", re.compile("镇区|乡镇|集镇")), ("urban", re.compile("城区|城市|县城|城镇")),
)  # fmt: skip
_SPONSOR = (
    ("attached", re.compile("附设")), ("enterprise", re.compile("企业办|企事业")),
    ("private", re.compile("民办|私立|社会力量办")), ("public", re.compile("公办|公立")),
)  # fmt: skip
_GRADE = (
    ("small", re.compile("小班")),
    ("middle", re.compile("(?<![初高])中班")),
    ("large", re.compile("(?<!以上)大班(?!额)")),
    *((str(n), re.compile(f"(?<![初高]){han}年级")) for n, han in enumerate("一二三四五六七八九", 1)),
)
_DOSE = tuple(
    (str(n), re.compile(pattern))
    for n, pattern in enumerate(
        (
            r"首剂|首针|第[一1]剂|第[一1]针|1剂次|[(]1[剂针][)]",
            r"第[二2]剂|第[二2]针|复种|[(]2[剂针][)]",
            r"第[三3]剂|第[三3]针|[(]3[剂针][)]",
            r"第[四4]剂|第[四4]针|[(]4[剂针][)]",
            r"第[五5]剂",
        ),
        1,
    )
)
_OBJECT = (
    ("canteen", re.compile("食堂|伙房")), ("shop", re.compile("商店|小卖部|食品店|食品经营店|经营店|经营户|经营者|经营主体|超市|摊点|摊贩|小超市|餐饮店|食杂店|便利店|文具店")),
    ("supplier", re.compile("供餐|配送|供货|供应商")), ("school", re.compile("学校|小学|中学|初中|高中|幼儿园|托幼机构|中小学")),
)  # fmt: skip
_PLACEMENT = (
    ("inclusive", re.compile("随班就读")), ("home", re.compile("送教上门|在家教育")), ("special", re.compile("特校就读|特教学校就读|特殊教育学校就读")),
)  # fmt: skip
DISEASE = re.compile(
    "手足口病|疱疹性咽峡炎|水痘|流行性感冒|流感样病例|流感样|甲型流感|乙型流感|流感|流行性腮腺炎|腮腺炎|诺如病毒(?:感染(?:性腹泻)?)?|肺结核|结核病|肠病毒|猩红热|麻疹|风疹|红眼病|急性出血性结膜炎"
    "|其[他它]感染性腹泻病?|感染性腹泻病?|细菌性痢疾|痢疾|百日咳|支原体肺炎|登革热|伤寒|诺如"
)
_ALL_GRADES = re.compile("大、?中、?小班|小、?中、?大班")
_ALL_VACCINES = re.compile("免疫规划|各苗|各(?:主要|类|种|单)?疫苗|主要疫苗|计划免疫|一类疫苗")
_GROUP = re.compile("(?:[四五六七八]苗)")


_PASSED_OVER = re.compile("其中|(?:特校|特教学校|特殊教育学校)就读")
_GRADE_WITHIN = re.compile("(初|高)中?[一二三]年级")
_EXCEPT = re.compile("[^,。;]*(?:以外|除外|之外)的?")
_TO_JUNIOR = re.compile("小学(?:毕业生?)?升(?:入)?初中|小升初")
_TO_SENIOR = re.compile("升入(?:普通)?高中|升高中")


@lru_cache(maxsize=NEARBY)
def levels_of(text: str) -> tuple[str, ...]:
    """The levels that a text names, in the order of their last mention; 中小学 and the like name none."""
    plain = _MIXED.sub("", _PASSED_OVER.sub("", text))
    plain = _EXCEPT.sub("", plain) if "外" in plain else plain
    plain = _TO_JUNIOR.sub("小学", _GRADE_WITHIN.sub(r"\1中", plain))
    plain = _TO_SENIOR.sub("", plain) if "初中" in plain or "升入" in plain else plain
    plain = plain.replace("十二年一贯制", "").replace("九年级", "初中")
    found = [(m.end(), code) for code, pattern in LEVELS for m in pattern.finditer(plain)]
    if (
        any(c == "PRI" for _, c in found)
        and re.search("学前教育|幼儿园", plain)
        and re.search("小学附设|小学新生", plain)
    ):
        found = [pair for pair in found if pair[1] != "PRI"] if "附设" in plain else found
    return tuple(dict.fromkeys(code for _, code in sorted(found)))


_LEVEL_HEAD = re.compile(
    r"^(?:小学|初中|高中|中职|幼儿园|学前(?:教育)?|义务教育|普高|中小学)(?:阶段|教育|学生|学段)*(?=.{2,}率$)"
)


def bare(word: str) -> str:
    """A spelling without the level that leads it (小学巩固率 -> 巩固率)."""
    return _LEVEL_HEAD.sub("", word)


_SEVERAL = re.compile(r"[、和及,]?(?:其中)?(?:中学|其他|其它)(?:学校)?(?:食堂)?(?:[^,。;\d]{2,8}率)?")


def is_of_several(text: str) -> bool:
    """Whether a text is a class of schools of more than one level (中学, 其他) and nothing else."""
    return bool(_SEVERAL.fullmatch(text))


@lru_cache(maxsize=NEARBY)
def is_mixed(text: str) -> bool:
    """Whether a text speaks of several levels at once (中小学, 入托入学)."""
    return bool(_MIXED.search(text.replace("其中", "")))


def level_of(text: str) -> str | None:
    """The level that a text names last, or None."""
    found = levels_of(text)
    return found[-1] if found and not (is_mixed(text) and len(found) > 1) else None


def _first(table: tuple[tuple[str, re.Pattern[str]], ...], text: str) -> str | None:
    return next((code for code, pattern in table if pattern.search(text)), None)


def _last_object(text: str) -> str | None:
    """What is inspected: the thing named last; a school only where nothing of it is named."""
    found = [(m.end(), code) for code, pattern in _OBJECT if code != "school" for m in pattern.finditer(text)]
    return max(found)[1] if found else _first(_OBJECT[-1:], text)


def _sponsor(text: str) -> str | None:
    return None if re.search("公办园?(?:和|、|与|及)[^,;。]{0,4}民办", text) else _first(_SPONSOR, text)


def _stage(text: str) -> str | None:
    return "before" if re.search("补种前|查验时", text) else "after" if "补种后" in text else None


def _session(text: str) -> str | None:
    if re.search("(?<!晨)(?<!晨、)(?<![(])午检[^晨]*$", text):
        return "noon"
    return "morning" if "晨检" in text else None


def _grade_abc(text: str) -> str | None:
    grades = re.findall("([A-D])级", text)
    return grades[-1] if grades else "none" if _UNGRADED.search(text) else None


_UNGRADED = re.compile("未(?:参与|完成|进行)?(?:量化|等级|分级)*(?:评级|定级|评定)")


def _basis(text: str, unit: str) -> str | None:
    if unit == "doses" or re.search("按剂次|剂次补种率|剂次计", text):
        return "dose"
    return "person" if "按人" in text else None


def disease_of(text: str) -> str | None:
    """The disease that a text names, as printed."""
    found = DISEASE.search(text)
    return found[0] if found else None


_DIMS: dict[str, Callable[[str], str | None]] = {
    "sex": lambda text: _first(_SEX, text),
    "area": lambda text: _first(_AREA, text),
    "sponsor": _sponsor,
    "grade": lambda text: None if _ALL_GRADES.search(text) else _first(_GRADE, text),
    "dose": lambda text: _first(_DOSE, text),
    "object": _last_object,
    "placement": lambda text: _first(_PLACEMENT, text),
    "stage": _stage,
    "session": _session,
    "grade_abc": _grade_abc,
    "disease": disease_of,
}


def other_dims(indicator: Indicator, text: str, unit: str) -> dict[str, str]:
    """The dims other than level and vaccine that a phrase names and the indicator allows."""
    found = {name: value for name, read in _DIMS.items() if name in indicator.dims and (value := read(text))}
    if "basis" in indicator.dims and (basis := _basis(text, unit)):
        found["basis"] = basis
    return found


def group_vaccine(text: str) -> str | None:
    """ALL for the programme's vaccines in general; 五苗 and the like as printed."""
    group = _GROUP.search(text)
    return group[0] if group else "ALL" if _ALL_VACCINES.search(text) else None
