"""The highest and the lowest: a name, a place or a vaccine that the number tells to be first or last (补种率最低的是大坪镇,为86.4%)."""

from __future__ import annotations

import re

from etl.reports.build import subject_at
from etl.reports.fitting import fits
from etl.reports.found import Head, Situation
from etl.reports.numbers import Number
from etl.reports.phrases import is_place
from etl.reports.places import is_school_name
from etl.reports.scores import ON_HYGIENE

_MOST = re.compile("最|较|其次|次之|再次|居前|靠前|靠后|前[一二两三四五六]|后[一二两三四五六]|末[一二两三四五六]|倒数")
# 补种率居前三位的是柳亭镇99.2%; 后两位是大坪镇86.4%; 进度较快的有:城关镇98.2%
_RANKED_PLACES = re.compile(
    r"(?:^|[,;。])(?P<rate>[^,。;\d]{0,12}?率)?[^,。;率\d]{0,8}?(?:(?:居|排|列|排名|位居|位列)*(?:全[市县区])?(?:前|后|末|倒数)(?:第)?[一二两三四五六]{0,2}(?:位|名)?|(?:较|最)[高低好差快慢]|靠[前后])"
    r"(?:的)?(?:乡镇|县区|街道|学校)?(?:依次|分别)?(?:是|为|有)?:?(?P<place>[一-鿿]{2,10}(?:[镇乡县区市]|街道|[小中]学|幼儿园))$"
)
_RANKED_VACCINES = re.compile(
    "(?:^|[,;。])(?P<rate>[^,。;]{0,12}?率)?(?:(?:[较最][高低好差])|居前|靠[前后])的(?:疫苗|几种疫苗|苗)?(?:依次|分别)?(?:是|为|有):?(?P<who>[^,。;]{2,14})$"
)
_SMALL_BRACKETS = re.compile(r"[(][^()\d]{1,10}[)]")
_NEXT_PLACE = re.compile("(?:其次|再次)的?(?:是|为|有)([^,。;()]{2,12}?)(?:,?(?:为|达到?|仅))?$")
_IS = "(?:则|仅|只|也)?(?:为|是|有|达到?)?(?:仅|只有)?"
_PLACE_MOST = re.compile(f"(?:^|[,。;])([^,。;]{{2,24}}?)最[高低好差多少]的?,{_IS}$")  # 兴平县毛入园率最高,为98.2%
_MOST_PLACE = re.compile(
    f"(?:^|[,。;])([^,。;]{{0,16}}?)最[高低好差多少]的(?:是|为|有)([^,。;()]{{2,12}})(?:,{_IS}|[(])$"
)


def superlative(s: Situation, number: Number, left: str) -> Head | None:
    """The highest and the lowest: the name, or the place alone with the name of the sentence before it."""
    if number.unit == "score":
        return _scored_most(s, s.segment_before(number.start))
    if not number.is_rate:
        return None
    segment = s.segment_before(number.start)
    if not (_MOST.search(left) or _MOST.search(segment[-24:])):
        return None
    left = _SMALL_BRACKETS.sub("", left)
    last = s.bound[-1].code if s.bound and s.indicator(s.bound[-1].code).unit == "percent" else ""
    level = s.bound[-1].dims.get("level") if last else None
    if place := _PLACE_MOST.search(left):
        name = s.lexicon.ending(place[1])
        if name is not None and name.code:
            return Head(name.code, name.word, place[1])
        known = subject_at(s, place[1]) or place[1] in ("市区", "城区", "县城")
        return Head(last, "", place[1], level) if last and known else None
    if (second := _NEXT_PLACE.search(left)) and last and subject_at(s, second[1]):
        return Head(last, "", second[1], level)  # 最高的为…,其次是溪口县0.87%
    if ranked := _RANKED_VACCINES.search(left):
        name = s.lexicon.ending(ranked["rate"]) if ranked["rate"] else None
        code = name.code if name is not None else "" if ranked["rate"] else last
        if code and any(True for _ in s.lexicon.vaccines_in(ranked["who"])):
            return Head(code, "", ranked["who"])  # 补种率较高的疫苗依次为:乙脑疫苗97.6%;较低的为…
    if (places := _RANKED_PLACES.search(segment)) and (is_place(places["place"]) or is_school_name(places["place"])):
        name = s.lexicon.ending(places["rate"]) if places["rate"] else None
        told = s.topic.code if s.topic is not None and fits(s, s.topic.code, number, "率") else ""
        code = name.code if name is not None else "" if places["rate"] else last or told
        return Head(code, "", places["place"], level) if code else None
    if most := _MOST_PLACE.search(left):
        name = s.lexicon.ending(most[1])
        if name is not None and name.code:
            return Head(name.code, name.word, most[2])
        return Head(last, "", most[2], level) if last and most[1][-1:] != "率" and subject_at(s, most[2]) else None
    return None


def _scored_most(s: Situation, segment: str) -> Head | None:
    """综合评价得分最高的是实验中学,为96.5分: the school stands between the name of the score and the number."""
    most = _MOST_PLACE.search(segment)
    told = most is not None and re.search("得分|评分|分数", segment[: most.start(2)]) and ON_HYGIENE.search(
        segment + s.title_and_headings
    )  # fmt: skip
    return Head("hygiene_score", "", most[2]) if most is not None and told and subject_at(s, most[2]) else None
