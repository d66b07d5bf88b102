"""Lists of persons: nothing of them may enter the store."""

from __future__ import annotations

import re

import numpy as np

from db.records import Issue, Severity
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.facts import issue
from etl.sheets.header import Table
from etl.sheets.sheet import Sheet

_NAME = re.compile(r"(?:学生|儿童|幼儿|教师|患者|病例|受种者)?姓名")
_PERSONAL = re.compile(
    r"身份证|证件号|出生|生日|电话|手机|家长|监护人|父亲|母亲|家庭住址|住址|学籍号|性别|年龄|民族|是否有证|班级|儿童编码|接种编码"
)
_BEGINNING = re.compile(r"(?:\d\s*){6}")  # also of full-width digits and with blanks
_ID_NUMBER = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx]")


def roster_issue(table: Table) -> Issue | None:
    """The blocking issue of a table of persons; None when the table holds none."""
    keys = {c: words.label_key("".join(path)) for c, path in enumerate(table.paths) if path}
    names = [c for c, key in keys.items() if _NAME.fullmatch(key)]
    private = [key for key in keys.values() if _PERSONAL.search(key)]
    if names and private:
        row = table.header[0]
        return _issue(table.sheet, row, names[0], f"含“姓名”和“{private[0]}”等列,是个人名单")
    return None


def id_number_issue(sheet: Sheet) -> Issue | None:
    """The blocking issue of the first identity-card number of a sheet."""
    firsts = (
        (int(rows[0]), col)
        for col, column in enumerate(sheet.columns.columns)
        if len(rows := np.flatnonzero(column.known(_is_id)))
    )
    first = min(firsts, default=None)
    return None if first is None else _issue(sheet, *first, "含身份证号码,是个人信息")


def _is_id(value: object) -> bool:
    if type(value) is str and len(value) < 18:  # asked of every name and code of a long sheet
        return False
    return _may_be_id(value) and bool(_ID_NUMBER.fullmatch(compact(value)))


def _may_be_id(value: object) -> bool:
    if type(value) is str:
        return len(value) >= 18 and _BEGINNING.match(value.strip()) is not None
    return type(value) is int and value > 10**16


def _issue(sheet: Sheet, row: int, col: int, what: str) -> Issue:
    sentence = f"工作表“{sheet.grid.sheet}”{what},不能上传。请删去个人信息,只上报汇总人数。"
    return issue(sheet, row, col, "personal_data", Severity.BLOCK, sentence)
