"""The groups that a label names (level, grade, vaccine, dose, sex ...), and what it says besides."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from etl.sheets import words

if TYPE_CHECKING:
    from etl.sheets.vocabulary import Vocabulary


def without_mixed(text: str) -> str:
    """中小学生近视率 is of no single level, although 小学 stands in it."""
    return re.sub(r"(?<!其)中小学(?:校?幼儿园|校|生(?!均))?|学校[、和及]?(?:幼儿园|托幼机构)(?!数)", "\x00", text)


_TABLES = tuple(
    (name, tuple(words.longest_first(table)))
    for name, table in (
        ("grade", words.GRADE_WORDS), ("placement", words.PLACEMENT_WORDS), ("stage", words.STAGE_WORDS),
        ("sponsor", words.SPONSOR_WORDS), ("level", words.LEVEL_WORDS), ("area", words.AREA_WORDS),
        ("basis", words.BASIS_WORDS), ("session", words.SESSION_WORDS), ("sex", words.SEX_WORDS),
    )
)  # fmt: skip


def take_dims(text: str, vocabulary: Vocabulary, with_vaccines: bool = True) -> tuple[dict[str, str], str]:
    """(dimensions named in the text, the text without them); 水痘 is a vaccine or, without vaccines, a disease."""
    dims: dict[str, str] = {}
    for word, code in vocabulary.vaccines if with_vaccines else ():
        at = text.find(word)
        if at >= 0:
            dims["vaccine"] = code
            text = _MAKE.sub("\x00", text[:at] + "\x00" + text[at + len(word) :])
            break
    if with_vaccines and "vaccine" not in dims and (group := _GROUP.search(text)):
        dims["vaccine"], text = group[0], text.replace(group[0], "\x00", 1)  # 五苗全程接种率
    text = _take_dose(text, dims)
    for name, table in _TABLES:
        scanned = without_mixed(text) if name == "level" else text
        if name == "session" and words.BOTH_SESSIONS.search(text):
            continue
        for word, value in table:
            if word not in scanned:
                continue
            if (len(word) > 1 and word in text) or (len(word) == 1 and _stands_alone(word, text)):
                dims[name] = value
                text = text.replace(word, "\x00", 1)
                break
    dims = of_its_level(dims)
    if found := words.NO_GRADE.search(text):
        dims["grade_abc"], text = "none", text.replace(found[0], "\x00", 1)
    elif found := words.GRADE_ABC.search(text):
        dims["grade_abc"], text = found[1], text.replace(found[0], "\x00", 1)
    return dims, text


_FIRST_OF_LEVEL = {"JUN": 7, "SEN": 10}


def of_its_level(dims: dict[str, str]) -> dict[str, str]:
    """The grade as it is counted through from primary school on: 一年级 under 初中 is the seventh."""
    first, grade = _FIRST_OF_LEVEL.get(dims.get("level", "")), dims.get("grade", "")
    if first is None or grade not in ("1", "2", "3"):
        return dims
    return {**dims, "grade": str(first + int(grade) - 1)}


def level_of_grade(grade: str) -> str | None:
    """The level that a grade is of: 3 of primary school, small of kindergarten."""
    if grade.isdigit():
        return next((level for level, last in (("PRI", 6), ("JUN", 9), ("SEN", 12)) if int(grade) <= last), None)
    return "KG" if grade in ("small", "middle", "large") else None


_LEAVING = {"小升初": "PRI", "小学升初中": "PRI", "初升高": "JUN", "初中升高中": "JUN", "中考": "JUN"}
_FIRST_GRADES = {"small": "KG", "1": "PRI", "7": "JUN", "10": "SEN"}
_NEW = re.compile(r"新生|新入[学园]|新招|招生")


def of_entrants(dims: dict[str, str], inside: Mapping[str, str], key: str, allowed: Collection[str]) -> dict[str, str]:
    """一年级新生 tells the level of those who enter it, of what is not kept by grade; 小升初升学率 that of those who leave."""
    if "升学" in key and (found := next((level for word, level in _LEAVING.items() if word in key), "")):
        return {**dims, "level": found}
    grade = dims.get("grade", inside.get("grade", ""))
    if "grade" in allowed or grade not in _FIRST_GRADES or not _NEW.search(key):
        return dims
    return {"level": _FIRST_GRADES[grade], **{name: value for name, value in dims.items() if name != "grade"}}


def placed(code: str | None, dims: dict[str, str]) -> dict[str, str]:
    """特教学校 beside 随班就读 is where disabled children are taught, not a level of its own."""
    if code != "disabled_students" or dims.get("level") != "SPE":
        return dims
    return {"placement": "special", **{name: value for name, value in dims.items() if name != "level"}}


_GROUP = re.compile("[四五六七八]苗(?=全程|接种|合格|\x00|$)")
# how a vaccine is made, beside its name: A+C群流脑多糖疫苗
_BEFORE_MAKE = r"(?:冻干|重组|人用|吸附|口服|进口|国产|[一二三四五九]价|\d{1,2}价)"
_MAKE = re.compile(
    rf"{_BEFORE_MAKE}*\x00(?:减毒活?|灭活|活|多糖|结合|多糖结合|[二三四五九]价|\d+价|联合|疫苗|苗)+|{_BEFORE_MAKE}+\x00"
)
_DOSE = re.compile(r"1?第?([1-5一二三四五首])(?:剂次|剂|针)|(?<=\x00)[第]?([1-5])(?=\x00|$)|^([1-5])$")


def _take_dose(text: str, dims: dict[str, str]) -> str:
    found = _DOSE.search(text)
    if found is None:
        return text
    digit = found[1] or found[2] or found[3]
    dims["dose"] = "1" if digit == "首" else str("一二三四五".index(digit) + 1) if digit in "一二三四五" else digit
    return text[: found.start()] + "\x00" + text[found.end() :]


def _stands_alone(word: str, text: str) -> bool:
    pieces = re.split(r"\x00|其中|计", text)
    return word in pieces


def leftover(text: str) -> str:
    """What stays of a label when filler, scope and period words are taken away."""
    for word in (*words.LAST_YEAR_WORDS, *words.CUMULATIVE_WORDS, *words.CURRENT_WORDS, *_FILLER):
        text = text.replace(word, "\x00")
    text = re.sub(
        r"(?<=\x00)(?:生|组|级部|年级组|年龄组)(?=\x00|$)|(?<![\d年])[秋春]季(?:学期)?|按.{1,4}分(?:组|类|布)?|按(?:年级|班级|性别|学段|城乡|类别|类型|办别|举办者|办学类型|学校类别|所在地|机构|年龄|地区|区域|等级)(?:别|统计|划分|情况|人数|数)?|\d{1,2}周?岁(?=\x00)|第?[1-4一二三四]季度|第[一二12]学期|[上下]半年|(?:19|20)\d{2}(?:19|20)?\d{0,2}(?:学年度?|年度?|届|级)?(?:基[期数]?|完成|实际|实绩|现状)?(?:秋季?|春季?)?(?:学期)?|\d{1,2}月份?|\d{1,2}日",
        "",
        text,
    )
    return text.replace("\x00", "")


_FILLER = tuple(sorted(words.FILLER, key=lambda word: -len(word)))
