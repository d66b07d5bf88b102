"""Numbers of a sentence: value, unit, kind, range and the qualifier that follows. Spans leave out %, ‰, unit, 余."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from string import ascii_letters
from typing import NamedTuple

from etl.reports.script import han_value

_DIG = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
_HAN = r"[零〇一二两俩倆三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟]+"
UNITS: dict[str, str] = {
    "%": "percent", "‰": "permille", "/10万": "per_100k", "/十万": "per_100k",
    "个百分点": "points", "百分点": "points", "pp": "points",
    "个次": "visits", "人次": "doses", "针次": "doses", "剂次": "doses", "剂": "doses", "针": "doses", "户次": "visits", "家次": "visits",
    "校次": "visits", "所次": "visits", "家(次)": "visits", "户(次)": "visits", "所(次)": "visits", "次": "times",
    "个班": "class", "个班级": "class",   "班": "class",
    "人": "person", "名": "person", "位": "person", "生": "person", "人(次)": "doses",
    "所": "school", "校": "school", "园": "school", "个": "piece", "家": "house", "间": "room", "处": "finding", "条": "finding", "项": "item", "件": "item",
    "起": "event", "例": "case", "分": "score", "份": "copies", "批次": "batches", "批": "batches", "个批次": "batches",
    "户": "household", "万元": "money", "亿元": "money", "元": "money",
    "周岁": "age", "岁": "age", "年级": "age", "年": "time", "个月": "time", "月龄": "age", "月": "time", "日": "time", "天": "time",
    "小时": "time", "分钟": "time", "学时": "time", "节": "time", "周": "time", "届": "time", "期": "time", "倍": "times_more",
    "级": "ordinal", "号": "ordinal", "月份": "time",
    "平方米": "other", "米": "other", "公里": "other", "亩": "other", "吨": "other", "台": "other", "套": "other", "册": "other",
    "张": "other", "篇": "other", "部": "other", "本": "other", "床": "other", "支": "other", "辆": "other", "门": "other",
    "(人)": "person", "(所)": "school", "(份)": "copies", "(个)": "piece", "(名)": "person",
}  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_HAN_UNIT = r"(?=(?:余|多|来)?(?:人|名|位(?!一体)|所|家|户次|家次|例|起|处|分(?=[,。;!]|$)|个(?!月|百|学段|阶段|方面)|个?百分点|(?:左右|上下)(?=[,。;、]|$)|(?:出头|挂零)(?=[,。;、的]|$)))"
_MORE = r"(?P<more>余|多|来(?=[万名人所个]))?"
_AFTER = r"(?P<after>(?:及|或|\()?以上|以下|以内|之内|之间|左右|上下|不等|不到(?=[,。;、]|$)|出头|挂零|有余|(?:还|略|稍)(?:要)?多(?:出)?(?:一)?(?:点儿?|些)?)?"
_SCALE = r"(?:万亿|(?:亿(?:\d{1,4}万)?|万)(?:\d千)?(?:\d百)?|千(?=余|多|名|人)|百(?=余|多|名|人))?"
_OF_TEN = r"成(?P<ch2>[一二三四五六七八九半])?(?![为立员绩果功效长就熟人都本分套])"
# numbers that begin with a digit, and those that begin with a Han numeral
_IN_DIGITS = re.compile(
    rf"10万分之(?P<pk>{_HAN}(?:点{_HAN})?|{_DIG})"
    rf"|(?P<ch>(?<![\d.])(?:10|\d(?:\.\d)?)){_OF_TEN}"
    r"|(?<=\()(?P<n>\d+)/(?P<d>\d+)(?=\))"
    rf"|(?P<ra>{_DIG})(?P<rau>%|‰)?(?:-|—|–|~|至(?=\d)|到(?=\d)){{1,2}}(?P<rb>{_DIG})(?P<rbs>万)?(?=(?P<rbu>%|‰|余|多)|人|名|所|个|家|例|周岁|岁|年级|月龄|天)"
    rf"|(?P<ratio>{_DIG}:{_DIG})"
    rf"|(?P<dig>(?:(?<![A-Za-z\d.])|(?<=A\+C)|(?<=Hib)){_DIG})(?P<yu>余(?=万))?(?P<scale>{_SCALE})"
)
_IN_HAN = re.compile(
    rf"(?<![二三四五六七八九十千万\d])百分之(?P<pc>{_HAN}(?:点{_HAN})?|{_DIG})"
    rf"|千分之(?P<pm>{_HAN}(?:点{_HAN})?|{_DIG})"
    rf"|十万分之(?P<pk>{_HAN}(?:点{_HAN})?|{_DIG})"
    rf"|(?<![十百千万\d])万分之(?P<pw>{_HAN}(?:点{_HAN})?|{_DIG})"
    rf"|(?P<den>{_HAN})分之(?P<num>{_HAN})"
    rf"|(?P<ch>(?:[一二两三四五六七八九](?:点[一二三四五六七八九])?|十|半)){_OF_TEN}"
    r"|(?P<half>半数)|(?P<full>百分百)"
    rf"|(?P<r1>[一二三四五六七八])(?P<r2>[二三四五六七八九])(?P<rs>[十百千万])(?=余|多|人|名|位|所|家|个|例)"
    r"|(?P<one>(?:(?<=[学园校点班有辖、])|(?<=[初高]中))一(?=所(?!有))|(?<=食堂|餐厅|伙房)一(?=[处个间]))"
    rf"|(?P<han>(?<![第一二三四五六七八九十百千万零])(?<![一二三四五六七八九十百千万零]点){_HAN}(?:点{_HAN})?)(?:(?P<hyu>[余多几])(?P<hsc>[万亿]))?{_HAN_UNIT}"
    rf"|(?:(?<=大概|大约|将近)|(?<=差不多))(?P<bare>[一二两三四五六七八九][百千万]{_HAN})(?=[,。;、]|$)"
    rf"|(?<=[是为到达了约有,率])(?P<points>(?<![第\d]){_HAN}点[零一二三四五六七八九]{{1,2}})(?=[,。;、!]|$)"
    r"|(?<![清归])(?P<zero>零)(?=[,。;、]|$|的|起|例|人)"
)  # fmt: skip
# a digit, or a Han numeral with what may follow it in a number
_FIRST = re.compile(rf"[\d半{_HAN[1:-2]}](?:(?<=\d)|(?=[{_HAN[1:-2]}分点成数余多几来人名位所家例起处个的,。;、]|$))")
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "万亿": 1_000_000_000_000}
_TAIL = re.compile(rf"{_MORE}\s*(?P<unit>{_UNIT})?(?P<more2>余|多)?{_AFTER}")
_UNIT_AHEAD = re.compile(r"[(](人|名|所|个|家|份|例|起|处|人次|户次|%)[)]:?$")
_PEOPLE = re.compile(
    "孩子|娃|人(?!次|均|民)|学生|小朋友|幼儿(?!园)|儿童|小不点|小家伙|小同学|小豆丁|伢子|[男女]娃|毛头|师傅|老师|教师|阿姨|厨师|厨工"
)
_UNIT_BEHIND = re.compile(rf"\s*(?:{_UNIT})")
_TORN = re.compile(r"[\d.] +$")
_TORN_AFTER = re.compile(r" +[\d.]")
_ORDINAL_BEFORE = re.compile(r"(?:第|No\.?|编号|电话|[〔\[(]|[A-Za-z]|\d[、,])$")
_ORDINAL_ENDS = frozenset("第No.号话〔[(、,") | frozenset(ascii_letters)
_LIST_HEAD = re.compile(r"^(?:[一二三四五六七八九十]+、|\(?[一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.](?!\d))")


_RATES = frozenset({"percent", "permille", "per_100k"})


class Number(NamedTuple):
    """A number at [start, end) of the text read; `tail` is the end of its unit and of what follows it (以上)."""

    start: int
    end: int
    tail: int
    value: Decimal
    unit: str  # a value of UNITS, "fraction", "ratio", "ordinal" or "" for none
    word: str = ""  # the unit as printed
    high: Decimal | None = None
    after: str = ""  # 余 多 以上 以下 以内 左右 ...
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    han: bool = False

    @property
    def is_rate(self) -> bool:
        return self.unit in _RATES


def find_numbers(text: str) -> list[Number]:
    """The numbers of a text in order; ordinals are among them with unit "ordinal"."""
    return list(_numbers(text))


def _numbers(text: str) -> Iterator[Number]:
    first = _FIRST.search(text)
    if first is None:
        return
    head = _LIST_HEAD.match(text)
    at = head.end() if head else first.start()
    while found := _next(text, at):
        number = _read_digits(found) if text[found.start()].isdigit() else _read_han(found)
        at = max(found.end(), found.start() + 1)
        if number is None:
            continue
        number = _with_tail(text, number)
        if (text[number.start - 1 : number.start] == " " and _TORN.search(text[: number.start][-3:])) or (
            text[number.end : number.end + 1] == " " and _TORN_AFTER.match(text, number.end)
        ):
            number = number._replace(unit="ordinal")  # 9 2 6%: digits that stand apart, of which number nobody can tell
        if (
            text[number.start - 1 : number.start] in _ORDINAL_ENDS
            and _ORDINAL_BEFORE.search(text[max(0, number.start - 3) : number.start])
            and not number.is_rate
            and number.unit != "fraction"
        ):
            before = text[max(0, number.start - 1) : number.start]
            if before not in "(,、" or not before:
                number = number._replace(unit="ordinal")
        at = max(at, number.tail)
        yield number


def _next(text: str, at: int) -> re.Match[str] | None:
    """The next number from a place on; the long patterns are tried only where a number may begin."""
    while start := _FIRST.search(text, at):
        at = start.start()
        if found := (_IN_DIGITS if start[0].isdigit() else _IN_HAN).match(text, at):
            return found
        at += 1
    return None


def _decimal(text: str) -> Decimal:
    plain = text.replace(",", "")
    return Decimal(plain) if plain[0].isdigit() else (han_value(plain) or Decimal(0))


def _read_digits(m: re.Match[str]) -> Number | None:
    start, end = m.span()
    if digits := m["dig"]:
        value = _whole(_scaled(digits, m["scale"]))
        return Number(start, end, end, value, "", after="余" if m["yu"] else "")
    if m["pk"]:
        return Number(start, end, end, _share(m["pk"]), "per_100k")
    if m["ch"]:
        return Number(start, end, end, _tenths(m["ch"], m["ch2"]), "percent")
    if m["n"]:
        part, whole = Decimal(m["n"]), Decimal(m["d"])
        return Number(start, end, end, part, "fraction", numerator=part, denominator=whole)
    if m["ra"]:
        scale = 10_000 if m["rbs"] else 1
        low, high = _decimal(m["ra"]) * scale, _decimal(m["rb"]) * scale
        return Number(start, end, end, low, "", high=high) if low < high else None
    left, right = (Decimal(part.replace(",", "")) for part in m["ratio"].split(":"))
    return Number(start, start + m["ratio"].index(":"), end, left / right if right else left, "ratio")


def _read_han(m: re.Match[str]) -> Number | None:
    start, end = m.span()
    for name, unit in (("pc", "percent"), ("pm", "permille"), ("pk", "per_100k")):
        if m[name]:
            return Number(start, end, end, _share(m[name]), unit)
    if m["pw"]:
        return Number(start, end, end, _decimal(m["pw"]) / 100, "percent")
    if m["den"]:
        den, num = han_value(m["den"]), han_value(m["num"])
        if not den or num is None or num > den:
            return None
        return Number(start, end, end, 100 * num / den, "percent", numerator=num, denominator=den)
    if m["ch"]:
        return Number(start, end, end, _tenths(m["ch"], m["ch2"]), "percent")
    if m["full"]:
        return Number(start, end, end, Decimal(100), "percent")
    if m["half"]:
        return Number(start, end, end, Decimal(50), "percent", after="左右")
    return _read_count(m, start, end)


def _read_count(m: re.Match[str], start: int, end: int) -> Number | None:
    if m["r1"]:
        low, high = han_value(m["r1"]), han_value(m["r2"])
        scale = {"十": 10, "百": 100, "千": 1000, "万": 10_000}[m["rs"]]
        if low is None or high is None or high != low + 1:
            return None
        return Number(start, end, end, low * scale, "", high=high * scale, han=True)
    if m["one"]:
        return Number(start, end, end, Decimal(1), "", han=True)
    if m["zero"]:
        return Number(start, end, end, Decimal(0), "", han=True)
    value = han_value(m["han"] or m["points"] or m["bare"])
    if value is not None and m["hsc"]:
        value *= 10_000 if m["hsc"] == "万" else 100_000_000
        return Number(start, end, end, value, "", after="余", han=True)
    if m["han"] and _ABOUT.fullmatch(m["han"]):
        return None  # 七八个, 三五个
    if value is None or value == 1 or (value == 0 and m["han"] != "零"):
        return None
    return Number(start, end, end, value, "", after="左右" if m["bare"] else "", han=True)


_ABOUT = re.compile("[一二两三四五六七八九]{2}")


def _share(printed: str) -> Decimal:
    """What stands after 百分之 and its like; 百分之百 is all."""
    return Decimal(100) if printed in ("百", "一百") else _decimal(printed)


def _tenths(whole: str, rest: str | None) -> Decimal:
    """九成, 七成五, 三成半 in percent."""
    return 10 * _tenth(whole) + _tenth(rest or "0") * (10 if rest == "半" else 1)


def _tenth(text: str) -> Decimal:
    """The number before 成: 九, 八点五, 7.2, 半."""
    return Decimal("0.5") if text == "半" else _decimal(text)


def _whole(value: Decimal) -> Decimal:
    """126000.0 as 126000; what has a fraction stays as printed."""
    return Decimal(int(value)) if value >= 1000 and value == value.to_integral_value() else value


_LOWER = re.compile(r"(\d+)([万千百])")


def _scaled(digits: str, scale: str) -> Decimal:
    value = _decimal(digits)
    if not scale:
        return value
    total = value * _SCALES["万亿" if scale == "万亿" else scale[0]]
    return total + sum(int(n) * _SCALES[unit] for n, unit in _LOWER.findall(scale)) if len(scale) > 1 else total


def _with_tail(text: str, number: Number) -> Number:
    if number.unit in ("ratio", "fraction"):
        return number
    if (
        not number.unit
        and text[number.start - 1 : number.start] in (")", ":")
        and (ahead := _UNIT_AHEAD.search(text[max(0, number.start - 6) : number.start]))
        and not _UNIT_BEHIND.match(text, number.end)
    ):
        return number._replace(unit=UNITS[ahead[1]], word=ahead[1])  # 教职工(人)126
    found = _TAIL.match(text, number.end)
    if found is None:
        return number
    word = found["unit"] or ""
    unit = number.unit or UNITS.get(word, "")
    if number.unit and word:  # 百分之九十的 … keeps its own unit
        word, tail = "", number.end
    else:
        tail = found.end()
    if word in ("剂", "针") and text[number.start - 1 : number.start] == "(" and text[tail : tail + 1] == ")":
        unit = "ordinal"  # 脊灰疫苗(4剂)98.2%: which dose
    if word == "个" and _PEOPLE.match(text, tail):
        unit = "person"
    marks = number.after + (found["more"] or "") + (found["more2"] or "") + (found["after"] or "")
    if not number.unit and not word and found["more"] == "来":
        tail = number.end
    return Number(
        number.start, number.end, max(tail, number.end), number.value, unit, word, number.high, marks, number.numerator,
        number.denominator, number.han,
    )  # fmt: skip
