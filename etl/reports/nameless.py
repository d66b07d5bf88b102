"""Schools whose names are left out (××乡初级中学): only their kind is known; words that read as a name and are none."""

from __future__ import annotations

import re

from etl.reports.seek import matches

_SIGN = re.compile("[*×〇○某Xx]")
_SCHOOL = re.compile(
    "(?:[*×〇○某]{1,4}|[Xx]{2,4})(?:[省市州县区旗镇乡村]|街道)?(?:[*×〇○某Xx]{1,4}[县区镇乡村])?(?:中心|实验|寄宿制?|民族|希望|附属)*"
    "(?:(?P<CE>九年一贯制学校|九年制学校)|(?P<JUN>初级中学|初中|中学)|(?P<SEN>高级中学|高中)|(?P<PRI>小学|完小)|(?P<KG>幼儿园))(?![生毕])"
)
_TAKES_UP = re.compile("该[校园]")
_KINDS = re.compile("(?:幼儿园|托幼机构|小学|初中|中学)[、和及与](?:幼儿园|小学|初中|中学|高中)")
_SLOGAN = re.compile("每一?所|家门口|(?:办|建|上|管|读)好|(?:满意|理想|放心|温馨)的?(?:学校|幼儿园)")


def says_no_name(text: str) -> bool:
    """Whether a text that ends as the name of a school names none: 幼儿园和小学, 办好每一所学校."""
    return bool(_KINDS.fullmatch(text) or _SLOGAN.search(text))


def hides_names(text: str) -> bool:
    """Whether a text holds signs that stand for what is left out."""
    return bool(_SIGN.search(text))


def kind_of(text: str) -> str | None:
    """The level of the nameless school of which a text speaks last."""
    told = [found.lastgroup for found in matches(_SIGN, _SCHOOL, text)]
    return told[-1] if told else None


def takes_it_up(text: str) -> bool:
    """Whether a text takes up the school that was spoken of before."""
    return "该" in text and bool(_TAKES_UP.search(text))
