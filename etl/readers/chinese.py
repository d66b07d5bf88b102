"""Whether a decoding makes sense: how likely a text is as Chinese, character by character."""

from __future__ import annotations

import re
from collections import Counter
from math import log

SAMPLE = 20_000  # characters; more add nothing to a decision
CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")

# The most frequent characters of running Chinese and of school reports, simplified and traditional.
_FREQUENT = frozenset(
    "的一是不了在人有我他这中大来上国和地到说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多"
    "经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情"
    "明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化"
    "老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结"
    "反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像"
    "难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运校园幼班级县镇"
    "乡村率防控辍检查疫苗接种卫食堂宿舍初毕升留补报完整改六七八九零百千"
    "這來國說時會為對個們過發後裡種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問戰頭體見產黨話給門東聲員論處義幾條"
    "氣題爾別變總電數報結務場計資許統區隊決馬書聽達強難權設記類據邊張該規萬術領確傳師觀爭運導帶識讓園級縣鎮鄉輟檢種衛補"
)
_SHARE_OF_FREQUENT, _SHARE_OF_ORDINARY, _SHARE_OF_RARE = 0.55, 0.40, 0.01
_NO_HAN = log(0.04 / 400)  # punctuation, full-width digits and the like
_FOREIGN = log(1e-6)  # private use, kana, line drawing: what wrong decodings are full of
_WRONG = re.compile("[\u3040-\u30ff\ue000-\uf8ff\ufffd]")  # kana, private use, replaced: no bureau writes them
_MOSTLY, _OFTEN, _HARDLY = 0.9, 0.3, 0.02


def likelihood(text: str) -> float:
    """The logarithm of how likely this text is; plain ASCII counts nothing: it is the same in most encodings."""
    counted = Counter(text[:SAMPLE])
    return sum(count * _log_share(character) for character, count in counted.items() if character >= "\x80")


def is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def is_wrong(text: str) -> bool:
    """Whether characters stand in it that only a wrong decoding brings."""
    return _WRONG.search(text) is not None


def is_ordinary(text: str) -> bool:
    """Whether every character is an ordinary one of its standard, punctuation or ASCII."""
    return all(character < "\x80" or _common(character) or _first_level(character) for character in text[:SAMPLE])


def looks_chinese(text: str) -> bool:
    """Whether this is running Chinese or a Chinese table: two ordinary characters at least, hardly anything foreign."""
    counted = Counter(character for character in text[:SAMPLE] if character >= "\x80")
    han = {character: n for character, n in counted.items() if is_han(character)}
    total = sum(han.values())
    foreign = sum(n for character, n in counted.items() if character not in han and not _common(character))
    if total < 2 or CONTROL.search(text[:SAMPLE]) or foreign > _HARDLY * counted.total():
        return False
    ordinary = sum(n for character, n in han.items() if _first_level(character))
    frequent = sum(n for character, n in han.items() if character in _FREQUENT)
    return ordinary >= _MOSTLY * total and frequent >= _OFTEN * total


def _log_share(character: str) -> float:
    if character in _FREQUENT:
        return log(_SHARE_OF_FREQUENT / len(_FREQUENT))
    if is_han(character):
        return log(_SHARE_OF_ORDINARY / 6000) if _first_level(character) else log(_SHARE_OF_RARE / 15000)
    return _NO_HAN if _common(character) else _FOREIGN


def _common(character: str) -> bool:
    return "\u3000" <= character <= "\u3017" or "\uff01" <= character <= "\uff5e" or character in "—…‘’“”·℃‰①②③④⑤⑥⑦⑧⑨⑩"


def _first_level(character: str) -> bool:
    """Both standards put their ordinary characters first: 3,755 and 5,401 of them."""
    return _in_range(character, "gb2312", 0xB0, 0xD7) or _in_range(character, "big5", 0xA4, 0xC6)


def _in_range(character: str, encoding: str, first: int, last: int) -> bool:
    raw = character.encode(encoding, "ignore")
    return is_han(character) and len(raw) == 2 and first <= raw[0] <= last
