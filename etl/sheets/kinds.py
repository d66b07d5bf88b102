"""Kinds of schools as a column of kinds writes them: in one character (小, 初, 九), or as a part of a larger school."""

from __future__ import annotations

import re
from collections.abc import Mapping

from etl.sheets.cells import compact
from etl.sheets.words import label_key

_HEAD = re.compile(r"(?:所属|所在|办学)?学段|(?:办学|学校|机构|单位)(?:类型|类别|层次|性质)|类型|类别|层次")
_SPELLED_OUT: Mapping[str, str] = {
    "幼": "幼儿园", "园": "幼儿园", "小": "小学", "初": "初中", "高": "高中", "九": "九年一贯制学校", "完": "完全中学",
    "点": "小学", "特": "特殊教育", "职": "中职",
}  # fmt: skip
_DIVISION = re.compile(r".*(?:一贯制|完全中学|完中|学校|中学|九年制).*?(小学|初中|高中)部")


def spelled_out(head: str, text: str) -> str:
    """The kind of school that a cell under `head` stands for: 初 is 初中, 九年一贯制学校初中部 is of the 初中 alone."""
    plain = compact(text)
    if len(plain) > 1:
        part = _DIVISION.fullmatch(plain)
        return part[1] if part else text
    return _SPELLED_OUT.get(plain, text) if plain and _HEAD.fullmatch(label_key(head)) else text
