"""Rows and columns of a wider place that stand in a table for comparison: 全省平均 in a city's, 全市 in a county's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.columns import Column, Role
from etl.sheets.header import Table
from etl.sheets.labels import Label
from etl.sheets.row import Row

_TIME = re.compile(r"(?:19|20)\d{2}(?:[-—–~至]+(?:19|20)?\d{2})?(?:学年|年)?度?")
_REFERENCE = re.compile(r"^(?:参考|对比|对照|参照|同期|附)[:：]?|(?:参考|对比|对照)(?:值|数)?$")
_WHOLE = re.compile(
    r"(?:全(?P<whole>国|省|市|州|盟|县|区|旗|镇|乡)|(?P<bare>国家|省|市|州|盟|县|区|旗)级?(?=平均|均))"
    r"(?:小学|初中|高中|中职|幼儿园|学前|义务教育|中小学|中学|学校)?(?:阶段|教育)?(?:学校|学生|生)?"
    r"(?:总?平均|均值?|合计|总计|总体|汇总)?(?:水平|值|数|率|情况)?"
)
_BESIDE = re.compile(r"(?:兄弟|周边|邻近|相邻)(?:[省市州盟县区旗]|[县市]区|区县|学校)*(?:平均|均值)?(?:水平|值)?")
_RANKS = {
    "国": 5, "国家": 5, "省": 4, "自治区": 4, "市": 3, "州": 3, "盟": 3, "地区": 3,
    "县": 2, "区": 2, "旗": 2, "镇": 1, "乡": 1, "苏木": 1, "街道": 1, "学校": 0,
}  # fmt: skip
_KIND = re.compile(r"(自治区|地区|省|市|州|盟|县|区|旗|镇|乡|苏木|街道)$")
_NAMING = (Role.SERIAL, Role.CODE, Role.ENTITY, Role.ITEM, Role.TEXT, Role.PERIOD)
_SEVERAL = re.compile(r"直属|直管|学区|集团|片区|中心校|中心学校")


def is_of_wider_place(text: str, issuer: str | None) -> bool:
    """Whether a label speaks of a place that the unit of the table is only a part of, or of others like it."""
    plain = words.ASIDE.sub("", _REFERENCE.sub("", _TIME.sub("", compact(text))))
    if _BESIDE.fullmatch(plain):
        return True
    found = _WHOLE.fullmatch(plain)
    if found is None:
        return False
    kind = found["whole"] or found["bare"]
    if _RANKS[kind] == _RANKS["国"]:
        return True
    own = _kind_of(issuer)
    if own is None:
        return False
    if kind == "区":  # of an autonomous region, where the unit is no district itself
        return _RANKS[own] < _RANKS["区"] or own in ("市", "州", "盟", "县", "旗", "地区")
    return _RANKS[kind] > _RANKS[own] or (own == "市" and kind in ("州", "盟"))


def _kind_of(issuer: str | None) -> str | None:
    """What kind of place the unit of a table is, a school being less than any; None where that is not told."""
    name = compact(issuer or "")
    found = _KIND.search(name)
    if found:
        return found[1]
    single = words.is_single_school(name) and not _SEVERAL.search(name)
    return "学校" if single else None


def without_wider_rows(table: Table, rows: Sequence[Row], columns: Sequence[Column], issuer: str | None) -> list[Row]:
    """The rows with those of a wider place marked as no values of the table's unit."""
    heads = [c.index for c in columns if c.role in _NAMING]
    return [
        replace(row, excluded="other_entity")
        if not row.plain and any(_is_told(table, row.index, col, issuer) for col in heads)
        else row
        for row in rows
    ]


def _is_told(table: Table, row: int, col: int, issuer: str | None) -> bool:
    value = table.sheet.raw(row, col)
    return isinstance(value, str) and is_of_wider_place(value, issuer)


def without_wider_columns(table: Table, columns: Sequence[Column], issuer: str | None) -> list[Column]:
    """The columns with those of a wider place left out (全市 beside 本县), and the unit's own beside them read as its values."""
    wider = {
        c.index
        for c in columns
        if c.role is Role.VALUE and any(is_of_wider_place(part, issuer) for part in table.paths[c.index])
    }
    return [
        replace(c, role=Role.IGNORED, label=replace(c.label, ignored="other_entity"))
        if c.index in wider
        else replace(c, label=Label(c.label.text, unit=c.label.unit))
        if wider and c.role is Role.VALUE and _is_own(c.label.text, issuer)
        else c
        for c in columns
    ]


def _is_own(text: str, issuer: str | None) -> bool:
    name = compact(text)
    return words.is_self(name) or (bool(issuer) and name == issuer)
