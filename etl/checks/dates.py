"""Evaluators of dates in rows: real ones, inside the period, in order, within their time limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from db.catalogue.rule_kinds import DateCheck, UnfinishedCheck
from db.periods import Period, parse_period, period_words
from etl.checks.days import FULL, SHORT, read_date
from etl.checks.findings import Asked, Finding, listed, shown
from etl.checks.layout import filled_in_when
from etl.checks.tables import cell_at, number, unit_rows
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.columns import Role
from etl.sheets.periods import find_period
from etl.sheets.views import View

_HEAD = re.compile(r"日期|时间|期限|时限|(?:完成|报到|复验|检查|接种|补种|查验|入[学园托]|开学)日$")
_WHEN = re.compile(r"(?:日期|时间)$")
_UNTIL = re.compile(r"(?:数据)?截[至止到].{0,14}?日")
_FILLED_IN_ON = re.compile(r"(?:填表|填报|上报|报送|制表|登记)(?:日期|时间)")
_ONE_OF = 4  # days of which one may be outside the period
_LONG = 2000  # rows from which on numbers are not read as days
_OPEN = frozenset(("", "/", "-", "—", "无", "未完成", "未整改", "整改中"))


def dates(asked: Asked, check: DateCheck, views: Sequence[View]) -> Iterator[Finding]:
    """The date faults of one kind in all tables that have columns of dates."""
    for view in views:
        columns = [c for c, path in enumerate(view.table.paths) if path and _HEAD.search(words.label_key(path[-1]))]
        if not columns:
            continue
        if check.of == "real":
            yield from _unreal(asked, view, columns)
        elif check.of == "period":
            named = _named(view, columns, check.first)
            if named or not check.usual:
                yield from _outside(asked, check, view, named)
        elif check.after_term:
            yield from _after_term(asked, check, view, _named(view, columns, check.then))
        else:
            firsts, thens = _named(view, columns, check.first), _named(view, columns, check.then)
            if firsts and thens and firsts[0] != thens[0]:
                yield from _order(asked, check, view, firsts[0], thens[0])


def _named(view: View, columns: Sequence[int], names: Sequence[str]) -> list[int]:
    keys = {c: words.label_key(view.table.paths[c][-1]) for c in columns if view.table.paths[c]}
    alone = [name.removeprefix("=") for name in names if name.startswith("=")]  # nothing more in the header
    patterns = [re.compile(_WHEN.sub(r"(?:完成|截止)?(?:\g<0>|日$)", re.escape(name))) for name in names]
    found = [c for pattern in patterns for c in keys if pattern.search(keys[c])]
    return found or [c for c in keys if keys[c] in alone]


def _text(view: View, row: int, col: int) -> str:
    value = view.table.sheet.raw(row, col)
    return "" if value is None else compact(value)


def _unreal(asked: Asked, view: View, columns: Sequence[int]) -> Iterator[Finding]:
    """A cell written like a date that names no day of the calendar."""
    for col in columns:
        for row in _rows_like(view, col, _is_unreal):
            cell = cell_at(view, row, col)
            text = _text(view, row, col)
            yield asked.find([cell], value=text, cell=cell[1], unit=_unit(view, row), period="", other="")


def _is_unreal(value: object) -> bool:
    text = compact(value)
    shaped = FULL.fullmatch(text) or (SHORT.fullmatch(text) and "月" in text)
    return bool(shaped) and read_date(value, 2024) is None  # a leap year


def _rows_like(view: View, col: int, test: Callable[[object], bool]) -> list[int]:
    """The rows of the table whose cell, if it is no number, passes a test."""
    return view.body[view.table.sheet.column(col).where(test)[view.body]].tolist()  # type: ignore[no-any-return]


def _outside(asked: Asked, check: DateCheck, view: View, columns: Sequence[int]) -> Iterator[Finding]:
    if not view.period or not columns:
        return
    period = parse_period(view.period)
    if period.kind == "date":
        named = _year_of_title(view)
        if named is None:
            return
        period = named
    if check.usual and not _mostly_inside(view, columns[0], period):
        return
    for row in view.table.body if len(view.table.body) <= _LONG else _texts_outside(view, columns[0], period):
        if not _is_outside(read_date(view.table.sheet.raw(row, columns[0])), period):
            continue
        day = read_date(view.table.sheet.raw(row, columns[0]))
        assert day is not None
        cell = cell_at(view, row, columns[0])
        yield asked.find(
            [cell], value=day.isoformat(), cell=cell[1], period=period_words(period), unit=_unit(view, row)
        )


def _mostly_inside(view: View, col: int, period: Period) -> bool:
    """Whether a column of dates without more words is of the period: three in four of its days are inside."""
    days = [day for row in view.table.body[:_LONG] if (day := read_date(view.table.sheet.raw(row, col)))]
    return sum(_is_outside(day, period) for day in days) * _ONE_OF <= len(days)


def _year_of_title(view: View) -> Period | None:
    """The year, term or month of which a list is that says how far it goes: 2024年整改台账(截至2024年12月20日)."""
    for spot in view.table.titles:
        text = _UNTIL.sub("", compact(view.table.sheet.text(*spot)))
        code = None if _FILLED_IN_ON.search(text) else find_period(text)
        if code and parse_period(code).kind != "date":
            return parse_period(code)
    return None


def _texts_outside(view: View, col: int, period: Period) -> list[int]:
    """Of a long table only the cells that are no numbers are looked at."""
    return _rows_like(view, col, lambda value: _is_outside(read_date(value), period))


def _is_outside(day: date | None, period: Period) -> bool:
    return day is not None and not period.start <= day <= period.end


def _unit(view: View, row: int) -> str:
    """Whom the row is about: the first column headed by a kind of institution, else the row itself."""
    column = next(
        (c for c, path in enumerate(view.table.paths) if path and re.search(r"学校|单位|幼儿园|机构|园名", path[-1])),
        None,
    )
    return (_text(view, row, column) if column is not None else "") or f"第{row + 1}行"


def _order(asked: Asked, check: DateCheck, view: View, first: int, then: int) -> Iterator[Finding]:
    latest = _latest(view, (first, then)) if check.of == "open" else None
    for row in view.table.body:
        start = read_date(view.table.sheet.raw(row, first))
        end = read_date(view.table.sheet.raw(row, then), start.year if start else None)
        told = _fault(check, start, end, _text(view, row, then), latest)
        if told is not None and start is not None:
            cell = cell_at(view, row, then)
            value = end.isoformat() if end else _text(view, row, then) or "空白"
            beside = [cell_at(view, row, first)]
            yield asked.find(
                [cell], beside=beside, value=value, cell=cell[1], other=start.isoformat(), unit=_unit(view, row),
                days=told, period="",
            )  # fmt: skip


_FIRST_DAYS = ("入学日期", "入托日期", "入园日期", "开学日期", "报到日期")


def _after_term(asked: Asked, check: DateCheck, view: View, thens: Sequence[int]) -> Iterator[Finding]:
    """The days since term began, where no column says when the children came."""
    if not view.period or not thens or _named(view, range(len(view.table.paths)), _FIRST_DAYS):
        return
    period = parse_period(view.period)
    if period.kind != "term" or period.start.month != 9:
        return
    for row in view.table.body:
        day = read_date(view.table.sheet.raw(row, thens[0]), period.start.year)
        if day is not None and period.start <= day <= period.end and (day - period.start).days > check.days:
            cell = cell_at(view, row, thens[0])
            yield asked.find(
                [cell], value=day.isoformat(), cell=cell[1], other=period.start.isoformat(), unit=_unit(view, row),
                days=(day - period.start).days, period="",
            )  # fmt: skip


def _latest(view: View, columns: Sequence[int]) -> date | None:
    """The day on which the table was surely written: its youngest date."""
    days = [d for row in view.table.body for c in columns if (d := read_date(view.table.sheet.raw(row, c)))]
    return max(days, default=None)


def _fault(check: DateCheck, start: date | None, end: date | None, text: str, latest: date | None) -> int | None:
    """The days by which the second date is wrong; None when it is right or cannot be judged."""
    if start is None:
        return None
    if check.of == "order":
        return (start - end).days if end is not None and end < start else None
    if check.of == "deadline":
        return (end - start).days if end is not None and end > start else None
    if check.of == "open":
        return (
            (latest - start).days if end is None and text in _OPEN and latest is not None and latest > start else None
        )
    if end is None:
        return None
    if check.last_day is not None:
        month, day = map(int, check.last_day.split("-"))
        limit = date(start.year, month, day)
        return (end - limit).days if end > limit else None
    return (end - start).days if (end - start).days > check.days else None


def unfinished(asked: Asked, check: UnfinishedCheck, views: Sequence[View]) -> Iterator[Finding]:
    """B24: long after the start of the period, by the day on which the sheet was filled in, some are still to be checked."""
    for view in views:
        day = filled_in(view)
        if day is None or not view.period:
            continue
        passed = (day - parse_period(view.period).start).days
        due, done = _column(view, check.due), _column(view, check.done)
        if passed <= check.days or due is None or done is None or day > parse_period(view.period).end:
            continue
        left = [
            (cell_at(view, row.index, done), most - some)
            for row in unit_rows(view)
            if (most := number(view, row.index, due)) is not None
            and (some := number(view, row.index, done)) is not None
            and some < most
        ]
        if left:
            cells = [cell for cell, _ in left]
            yield asked.find(
                cells, n=len(left), left=shown(sum((n for _, n in left), Decimal(0))), value=day.isoformat(), days=passed,
                cells=listed([address for _, address in cells]),
            )  # fmt: skip


def _column(view: View, indicator: str) -> int | None:
    """The column of a plain count, if there is just one."""
    found = [c.index for c in view.columns if c.role is Role.VALUE and c.label.indicator == indicator]
    return found[0] if len(found) == 1 else None


def filled_in(view: View) -> date | None:
    """The day on which a sheet says that it was filled in."""
    return next((period.start for _, period in filled_in_when(view) if period.kind == "date"), None)
