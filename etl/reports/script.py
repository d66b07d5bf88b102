"""Characters: traditional to simplified one for one, Han numerals, and enumerators. Lengths never change."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_TRADITIONAL = (
    "學学國国縣县區区鄉乡鎮镇園园輟辍華华種种疫疫預预證证驗验檢检率率達达為为萬万億亿個个所所點点齡龄兒儿"
    "術术業业級级師师職职員员數数與与總总計计時时間间歲岁貧贫殘残隨随務务農农歷历補补應应實实際际無无發发"
    "現现轉转復复離离勸劝還还報报標标準准劃划項项風风險险衛卫療疗體体視视齒齿齲龋廚厨竈灶灶灶監监覆覆蓋盖"
    "從从協协條条單单雙双專专難难處处辦办響响關关於于後后來来這这對对過过進进運运遠远選选開开門门聯联聽听"
    "讀读課课談谈調调請请論论設设該该話话認认護护變变質质貫贯費费資资賽赛輔辅輪轮較较載载題题額额類类顯显"
    "飲饮養养館馆馬马麻麻腦脑髓髓黃黄黨党齊齐畢毕異异眾众節节結结經经統统維维綜综緊紧線线組组績绩繼继續续"
    "羣群義义習习聲声舊旧葉叶藥药號号規规親亲訂订訪访診诊詳详誤误諮咨財财責责貼贴賢贤購购連连適适遲迟邊边"
    "鄰邻釋释鐵铁鋼钢錄录鞏巩強强彈弹當当徵征懷怀戶户擬拟擇择據据擴扩攜携敗败暫暂書书會会東东極极構构樣样"
    "權权檔档櫃柜歡欢殺杀氣气決决況况測测滿满濟济營营爭争牽牵狀状獎奖環环產产確确禮礼稱称穩稳競竞築筑簡简"
    "糧粮純纯紅红納纳給给絕绝網网緩缓編编縮缩繳缴"
)
SIMPLIFIED = dict(zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True))
_TELLS_TRADITIONAL = re.compile("[學國縣區輟種檢達為兒證驗]")
ENUMERATOR = "•"
_ENUMERATORS = re.compile("[①-⒛㈠-㈩Ⅰ-ⅿ⓪-⓿❶-➓]")
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "O": 0, "o": 0, "两": 2, "俩": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7,
    "捌": 8, "玖": 9,
}  # fmt: skip
_TEN = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SPECIAL = {"廿": 20, "卅": 30}


def plain_char(char: str) -> str:
    """One character for matching: half width, simplified, enumerators as one mark."""
    if _ENUMERATORS.match(char):
        return ENUMERATOR
    if char == "∶":
        return ":"
    if char in "　\u00a0\u2002\u2003\u2009\t":
        return " "
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def simplify(text: str) -> str:
    """Traditional text as simplified text of the same length; other text is returned as it is."""
    if not _TELLS_TRADITIONAL.search(text):
        return text
    plain = "".join(SIMPLIFIED.get(char, char) for char in text)
    return plain.replace("国小", "小学").replace("国中", "初中")


def han_value(text: str) -> Decimal | None:
    """The value of a Han numeral (九十九点五, 一千二百, 二〇一八, 叁佰贰拾, 廿六) or None when it is none."""
    whole, dot, part = text.partition("点")
    value = _han_integer(whole)
    if value is None:
        return None
    if not dot:
        return Decimal(value)
    if not part or any(char not in _DIGIT for char in part):
        return None
    return Decimal(f"{value}." + "".join(str(_DIGIT[char]) for char in part))


def _han_integer(text: str) -> int | None:
    if not text:
        return None
    if all(char in _DIGIT or char.isdigit() for char in text):
        return int("".join(str(_DIGIT.get(char, char)) for char in text))
    total = section = digit = 0
    for char in text:
        if char in _DIGIT:
            digit = _DIGIT[char]
        elif char in _SPECIAL:
            section += _SPECIAL[char]
        elif char in _TEN:
            section += (digit or 1) * _TEN[char]
            digit = 0
        elif char in "万亿":
            total = (total + section + digit) * (10_000 if char == "万" else 100_000_000)
            section = digit = 0
        else:
            return None
    return total + section + digit
