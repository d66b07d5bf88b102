"""Who speaks: the issuer of a report from signature, title and opening, or by how often a text names a place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from etl.reports.places import HAN, VERBS, Issuer, is_proper, issuer_in, kind_char, signs
from etl.reports.seek import matches_around

# 督导学校:大坪中学
_NAMED_BY_LABEL = re.compile(
    r"(?:被?(?:督导|检查|受检|被检|评估|填报|上报|报送|自查|自评|申报|汇报|迎检)(?:学校|单位|园所|园|对象)|(?:学校|单位|园所|幼儿园)(?:名称)?)(?:[(]盖?公?章[)])?\s*[::]\s*([一-鿿]{3,24})$"
)
# 嘉宾:石泉市疾病预防控制中心免疫规划科科长
_GUEST = re.compile(
    rf"(?:特邀|做客|访谈)?(?:嘉宾|受访(?:人|者|单位)|答复(?:人|单位)|上线(?:领导|单位))\s*[::]\s*({HAN}{{3,30}})"
)
# ——2019年1月16日在澄溪县第十七届人民代表大会…上
_HELD = re.compile(rf"[-—–(]*(?:[^在,。;]{{0,16}})?在({HAN}{{1,6}}?[市县区])(?:第.{{1,4}}届|人民代表大会|人大)")


_SOURCE = re.compile(rf"来源:\s*({HAN}{{3,20}})")
_OPENING = re.compile(
    rf"(?:各位.{{2,12}}:)?(?:我们|我)?({HAN}{{2,14}}?(?:幼儿园|小学|中学|学校))(?:现|位于|是|始建|创办|共)"
)


def find_issuer(lines: Sequence[str], marker: str, name: str) -> Issuer:
    """The issuer of a report: signature, title lines, opening sentence, the line that numbers it, the file name."""
    head = [line for line in lines[:6] if len(line) <= 60]
    tail = [line for line in lines[-5:] if len(line) <= 40 and not re.search(r"[。;,\d]", line)]
    head += [source[1] for line in head if (source := _SOURCE.search(line))]
    for line in head:
        if (named := _NAMED_BY_LABEL.match(line)) and (found := issuer_in(named[1])) is not None:
            return found
    for line in lines[:8]:
        if (guest := _GUEST.match(line)) and (found := issuer_in(guest[1])) is not None:
            return found
    for line in (*reversed(tail), *head):
        if (found := issuer_in(line)) is not None and (line in head or signs(line)):
            return found
    for line in lines[:5]:
        if held := _HELD.match(line):
            return Issuer(held[1], kind_char(held[1]))
        opening = _OPENING.match(line)
        if opening and is_proper(opening[1]):
            return Issuer(opening[1], kind_char(opening[1]))
    for line in (re.sub(r"^.*?第.{1,4}篇:?", "", marker), re.sub(r"^[A-Z]\d+_|\.\w+$", "", name)):
        if line and (found := issuer_in(line)) is not None:
            return found
    return _by_frequency(lines)


_PARTICLES = re.compile(
    "[的在是按照代表争取得到由受经关于对向据根各级有及和与从将被把省市县区镇乡我全本该个所这那其他周边外]+.|[一二三四五六七八九十]|通讯员|记者"
)


def _by_frequency(lines: Iterable[str]) -> Issuer:
    """我市 and 《佛山市人民政府关于…》: the office named most often, if its class is the one the text speaks for."""
    text = "\n".join(lines)
    titled = next((found[1] for line in text.split("\n")[:4] if (found := _TITLED.match(line))), None)
    own = Counter(re.findall(r"[我全]([市县区镇乡])", text)).most_common(1)
    if not own:
        return Issuer(None, titled or "")
    kind = titled or own[0][0]
    near = rf"(?:^|[^一-鿿]|[省市县区在于对为是])({HAN}{{2,3}}{kind})(?=人民政府|教育局|教体局|政府|教育|委|卫生|中小学|作为|人民)"
    named = (m[1] for m in matches_around(kind, 4, re.compile(near, re.M), text))
    names = Counter(n for n in named if not _PARTICLES.search(n))
    best = names.most_common(1)
    return Issuer(best[0][0] if best else _by_stem(text, kind) or _by_mention(text, kind), kind)


# 区教育局工作汇报: the class of the place without its name
_TITLED = re.compile(r"(?:关于)?([市县区镇乡])(?=教育|教体|卫生|卫健|人民政府|政府|中心|疾控)[^。,]{2,30}$")
_PRAISED = re.compile("(?:经验|模式)(?:入选|在|被|获|得到|受到)")
_STEM = re.compile(rf"《({HAN}{{2}})教育》|({HAN}{{2}}){_PRAISED.pattern}")
_COMMON_STEMS = re.compile(
    "中国|国家|人民|今日|当代|现代|未来|基础|学前|特殊|职业|高等|家庭|安全|素质|法制|法治|健康|心理|思想|德育|民办|成人|社区|终身|"
    "义务|品德|卫生|科学|艺术|体育|国防|环境|生命|全国|全市|全省|全区|全县|[我本全该各]|先进|成功|典型|工作|管理|教学|教育|培养|改革"
)


def _by_stem(text: str, kind: str) -> str | None:
    """A place that is only named by its stem: 《武水教育》, 武水经验入选…; the stem stands at least twice in the text."""
    if "教育》" not in text and not _PRAISED.search(text):
        return None
    stems: Counter[str] = Counter(a or b for a, b in _STEM.findall(text))
    for stem, _ in stems.most_common(3):
        if text.count(stem) > 1 and not _COMMON_STEMS.search(stem) and kind in "市县区镇乡":
            return stem + kind
    return None


_NO_PLACES = re.compile("[小城校园学地社山辖片郊矿库牧林灾老新景街厂]区$|超市$|[股上夜菜早]市$|集镇$|乡镇$|城镇$")


def _by_mention(text: str, kind: str) -> str | None:
    """A place of the class that a news report speaks for, if its headline names it or the text does twice."""
    if kind not in "市县区镇乡" or not kind:
        return None
    places = rf"(?:^|[^一-鿿]|[在于赴到])(?:来自|走进)?({HAN}{{2,4}}?{kind})(?![长域内外别划级间民里])"
    names = Counter(
        n
        for n in (m[1] for m in matches_around(kind, 7, re.compile(places, re.M), text))
        if not (_PARTICLES.search(n) or VERBS.search(n) or _NO_PLACES.search(n))
    )
    headline = "\n".join(text.split("\n")[:2])
    return next((name for name, n in names.most_common(3) if n > 1 or name in headline), None)


_TOWN_TOLD = re.compile(
    r"全[镇乡](?!上|里|政府|党委|人民|教师大会|范围)|[我本][镇乡](?=\d|[^,。;]{0,6}(?:控辍|义务教育|20\d\d|有|现|共|辖|地处|位于|总面积))"
)


def of_its_town(issuer: Issuer, text: str) -> Issuer:
    """The town for which its 中心学校 reports: it runs all schools there and tells of 全乡."""
    runs = issuer.name and re.search("(?:中心学校|中心校)$", issuer.name) and issuer.place
    if runs and issuer.place and issuer.place[-1] in "镇乡" and _TOWN_TOLD.search(text):
        return Issuer(issuer.place, kind_char(issuer.place))
    return issuer


_ADDRESSED = re.compile(r"[你贵]([市县区旗镇乡校园])(?!上(?!报))")
_ADDRESSEE = re.compile(rf"({HAN}{{2,24}}?)(?:人民政府|教育局|教体局|教育和体育局)?[::]$")
_ON_ADDRESSEE = re.compile(
    rf"关于(?:对|反馈|印发)?({HAN}{{2,24}}?)(?:20|教育|履行|县级|义务|学校|食堂|卫生|的|开展|工作)"
)


def of_addressee(issuer: Issuer, lines: Sequence[str]) -> Issuer:
    """Whom inspectors address: a letter that speaks of 你县 tells the figures of the county in its title or salutation."""
    spoken = Counter(_ADDRESSED.findall("\n".join(lines))).most_common(1)
    kind = spoken[0][0].replace("旗", "县") if spoken else ""
    if not spoken or kind == issuer.kind:
        return issuer
    for line in lines[:6]:
        for pattern in (_ADDRESSEE, _ON_ADDRESSEE) if spoken[0][1] > 1 else (_ADDRESSEE,):
            told = pattern.search(line) if len(line) <= 60 else None
            found = issuer_in(told[1]) if told else None
            if found is not None and found.name and (found.kind == kind or (kind == "校" and found.kind == "园")):
                return found
    return issuer
