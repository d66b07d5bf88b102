"""A cell of a table as a typed value: numbers in all their spellings, typed empties, errors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from db.records import ObsStatus, Qualifier, cell_text


class Kind(StrEnum):
    BLANK = "blank"
    NUMBER = "number"
    STATUS = "status"  # a typed empty: `status` says which
    REDACTED = "redacted"
    ERROR = "error"  # an error value of the spreadsheet
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class CellValue:
    """`number` is the value as printed, before any scale of the column; `percent` says that a % sign stands
    in the cell; `numerator`/`denominator` are set for pairs such as 12/40."""

    kind: Kind
    text: str = ""
    number: Decimal | None = None
    percent: bool = False
    permille: bool = False
    unit: str = ""
    qualifier: Qualifier = Qualifier.EXACT
    high: Decimal | None = None
    status: ObsStatus = ObsStatus.NORMAL
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    ratio: bool = False


_NOT_APPLICABLE = frozenset(
    [
        "-",
        "--",
        "—",
        "——",
        "–",
        "―",
        "/",
        "//",
        "\\",
        "不适用",
        "无此项",
        "无",
        "n/a",
        "na",
        "不涉及",
        "未开展",
        "放假",
        "寒假",
        "暑假",
        "假期",
        "停课",
        "未开学",
        "×",
        "✕",
    ]
)
_NOT_REPORTED = frozenset(
    [
        "未报",
        "未检",
        "未测",
        "未检测",
        "未抽检",
        "未评",
        "缺",
        "缺报",
        "未上报",
        "未填",
        "未填报",
        "漏报",
        "待报",
        "待补报",
        "未统计",
        "无数据",
        "暂无",
        "暂无数据",
        "…",
        "......",
        "……",
        "...",
    ]
)
_SUPPRESSED = frozenset(("保密", "不公开", "不予公开"))
_REDACTED = re.compile(r"[*×xX█■□某]{2,}|\*+")
_ERROR = re.compile(r"#(?:DIV/0!|N/A|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)|#{3,}")
_BEFORE = {
    "大约": Qualifier.ABOUT, "约": Qualifier.ABOUT, "接近": Qualifier.NEARLY, "近": Qualifier.NEARLY,
    "≥": Qualifier.AT_LEAST, ">=": Qualifier.AT_LEAST, "不低于": Qualifier.AT_LEAST,
    "不少于": Qualifier.AT_LEAST, "至少": Qualifier.AT_LEAST, "超过": Qualifier.MORE_THAN,
    "超": Qualifier.MORE_THAN, ">": Qualifier.MORE_THAN, "≤": Qualifier.AT_MOST, "<=": Qualifier.AT_MOST,
    "不超过": Qualifier.AT_MOST, "不高于": Qualifier.AT_MOST, "至多": Qualifier.AT_MOST,
    "<": Qualifier.LESS_THAN, "不足": Qualifier.LESS_THAN, "少于": Qualifier.LESS_THAN, "低于": Qualifier.LESS_THAN,
}  # fmt: skip
_AFTER = {
    "及以上": Qualifier.AT_LEAST, "以上": Qualifier.AT_LEAST, "左右": Qualifier.ABOUT, "上下": Qualifier.ABOUT,
    "余": Qualifier.MORE_THAN, "多": Qualifier.MORE_THAN, "及以下": Qualifier.AT_MOST, "以下": Qualifier.AT_MOST,
    "以内": Qualifier.AT_MOST, "": Qualifier.EXACT,
}  # fmt: skip
_NUM = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+"
_UNITS = "人次|人|名|个|所|处|园|校|班|起|例|条|项|家|户次|户|剂次|剂|支|分|天|间|次|份|件"
_VALUE = re.compile(
    rf"(?P<before>{'|'.join(map(re.escape, sorted(_BEFORE, key=len, reverse=True)))})?"
    rf"(?P<number>{_NUM})(?P<sign>[%‰])?(?:[-~—至到](?P<high>{_NUM})(?P<sign2>[%‰])?)?"
    rf"(?P<mid>余|多)?(?P<wan>万)?(?P<mid2>余|多)?(?P<unit>{_UNITS})?"
    rf"(?P<after>{'|'.join(sorted((w for w in _AFTER if w), key=len, reverse=True))})?"
)
_LONGEST = 20  # characters before the point, fifteen digits and their commas: more are the number of a card, or a slip
_TYPED_AS_TEXT = ("'", "‘", "’", "＇")
_PAIR = re.compile(r"(\d+)/(\d+)")
_RATIO = re.compile(r"(\d+(?:\.\d+)?)[:∶](\d+(?:\.\d+)?)")


_EXACT = 10**15  # whole floats below print without an exponent (db.records.cell_text)


def compact(value: object) -> str:
    """The cell as text in half-width form without any white space."""
    text = value if type(value) is str else cell_text(value)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return "".join(text.split())


def all_compact(values: Sequence[object]) -> list[str]:
    """`compact` of many values, seen at once where all are texts that it leaves as they are."""
    return list(values) if are_compact(values) else list(map(compact, values))  # type: ignore[arg-type]


def are_compact(values: Sequence[object]) -> bool:
    """Whether all values are texts that surely stay what they are when they are made compact."""
    if not set(map(type, values)) <= {str}:
        return False
    joined = "\n".join(values)  # type: ignore[arg-type]
    plain = "\n".join(joined.split()) == joined and unicodedata.is_normalized("NFKC", joined)
    return plain and joined.count("\n") == len(values) - 1


_QUOTED = 40  # characters


def shortened(text: str) -> str:
    """A text as a sentence quotes it: of a very long one the beginning."""
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def read_cell(value: object) -> CellValue:
    """The typed value of a raw cell; text that is no number comes back with kind TEXT."""
    if type(value) is float and -_EXACT < value < _EXACT and value == int(value):  # most cells of a large sheet
        number = int(value)
        return CellValue(Kind.NUMBER, str(number), Decimal(number))
    text = cell_text(value)
    if value is None or isinstance(value, (bool, date, time)):
        return CellValue(Kind.BLANK if value is None else Kind.TEXT, text)
    if isinstance(value, (int, float)):
        return _from_number(value, text)
    plain = compact(text)
    if plain[:1] in _TYPED_AS_TEXT and plain[1:2].isdigit():
        plain = plain[1:]  # the apostrophe by which Excel keeps a number as text, and exports leave in place
    if not plain:
        return CellValue(Kind.BLANK, text)
    return _typed_empty(plain, text) or _from_text(plain, text) or CellValue(Kind.TEXT, text)


def _from_number(value: int | float, text: str) -> CellValue:
    try:
        whole = isinstance(value, int) or value.is_integer()
        number = Decimal(int(value)) if whole else Decimal(repr(round(value, 10)))
    except (InvalidOperation, OverflowError):
        return CellValue(Kind.ERROR, text)
    if not number.is_finite():
        return CellValue(Kind.ERROR, text)
    return CellValue(Kind.NUMBER, text, number)


def _typed_empty(plain: str, text: str) -> CellValue | None:
    if _ERROR.fullmatch(plain):
        return CellValue(Kind.ERROR, text)
    if plain.lower() in _NOT_APPLICABLE:
        return CellValue(Kind.STATUS, text, status=ObsStatus.NOT_APPLICABLE)
    if plain in _NOT_REPORTED:
        return CellValue(Kind.STATUS, text, status=ObsStatus.NOT_REPORTED)
    if plain in _SUPPRESSED:
        return CellValue(Kind.STATUS, text, status=ObsStatus.SUPPRESSED)
    if _REDACTED.fullmatch(plain):
        return CellValue(Kind.REDACTED, text, status=ObsStatus.REDACTED)
    return None


def _from_text(plain: str, text: str) -> CellValue | None:
    pair = _PAIR.fullmatch(plain)
    if pair:
        return CellValue(Kind.TEXT, text, numerator=Decimal(pair[1]), denominator=Decimal(pair[2]))
    ratio = _RATIO.fullmatch(plain)
    if ratio:
        left, right = Decimal(ratio[1]), Decimal(ratio[2])
        if right == 1 or left == 1:
            return CellValue(Kind.NUMBER, text, left if right == 1 else right, ratio=True)
        return CellValue(Kind.TEXT, text)
    found = _VALUE.fullmatch(plain)
    if found is None or len(found["number"].partition(".")[0]) > _LONGEST:
        return None
    return _measured(found, text)


def _measured(found: re.Match[str], text: str) -> CellValue:
    factor = Decimal(10000) if found["wan"] else Decimal(1)
    number = Decimal(found["number"].replace(",", "")) * factor + 0  # no -0
    high = Decimal(found["high"].replace(",", "")) * factor if found["high"] else None
    sign = found["sign"] or found["sign2"]
    qualifier = _BEFORE.get(found["before"] or "", _AFTER[found["after"] or ""])
    if found["mid"] or found["mid2"]:
        qualifier = Qualifier.MORE_THAN
    return CellValue(
        Kind.NUMBER, text, number, percent=sign == "%", permille=sign == "‰", unit=found["unit"] or "",
        qualifier=Qualifier.RANGE if high is not None else qualifier, high=high,
    )  # fmt: skip
