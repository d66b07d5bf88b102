"""SDMX-CSV 2.0: observations as one row each under the identifiers of one data structure (docs/sdmx.md)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pages.exports.table import harmless

STRUCTURE = "datastructure"
STRUCTURE_ID = "EDUBUREAU:DSD_EDU_INDICATORS(1.0.0)"
ACTION = "I"  # information: a copy to read, no order to change anything
# the order of the dimensions is that of the data structure
BREAKDOWNS = (
    "level", "sex", "grade", "area", "sponsor", "placement", "vaccine", "dose", "stage", "basis", "object", "category",
    "session", "disease", "grade_abc",
)  # fmt: skip
DIMENSIONS = ("FREQ", "REF_AREA", "INDICATOR", *(name.upper() for name in BREAKDOWNS), "TIME_PERIOD")
ATTRIBUTES = (
    "UNIT_MEASURE", "DECIMALS", "NUMERATOR", "DENOMINATOR", "OBS_STATUS", "CONF_STATUS", "METHOD", "QUALIFIER",
    "REPORTING_YEAR_START_DAY", "RECORD_ID", "REF_AREA_NAME", "INDICATOR_NAME",
)  # fmt: skip
COLUMNS = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *DIMENSIONS, "OBS_VALUE", *ATTRIBUTES)

TOTAL = "_T"
UNITS = {
    "percent": "PT", "permille": "PML", "per_100k": "P100K", "person": "PS", "dose": "DOSE", "school": "SCHOOL",
    "visit": "VISIT", "finding": "FINDING", "score": "SCORE", "canteen": "CANTEEN", "event": "EVENT", "case": "CASE",
    "class": "CLASS", "person_per_class": "PS_CLASS", "ratio": "RATIO",
}  # fmt: skip
# CL_OBS_STATUS: normal; existing but not collected; cannot exist; suppressed
_STATUS = {"normal": "A", "not_reported": "L", "not_applicable": "M", "suppressed": "Q", "redacted": "Q"}
# CL_CONF_STATUS: free; internal use only; primary by small counts; secondary set by the sender
FREE, INTERNAL, SMALL, SECONDARY = "F", "N", "A", "D"
_FREQUENCY = {
    "school_year": "A", "term": "S", "year": "A", "half": "S", "quarter": "Q", "month": "M", "date": "D",
}  # fmt: skip
_SCHOOL_YEAR_START = "--09-01"
_CODE = re.compile(r"[A-Za-z0-9_@$-]+")


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the store: its code, its kind (db.periods) and its inclusive bounds."""

    code: str
    kind: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Observation:
    """One value with its key. `unit` and `status` are the store's words, `confidential` one of the codes above,
    `value`, `numerator` and `denominator` None where there is nothing or nothing to be shown."""

    area: str
    area_name: str
    indicator: str
    indicator_name: str
    period: Period
    value: float | None
    unit: str
    decimals: int
    dims: Mapping[str, str] = field(default_factory=dict)
    numerator: float | None = None
    denominator: float | None = None
    status: str = "normal"
    confidential: str = INTERNAL
    method: str = ""
    qualifier: str = "exact"
    records: str = ""


def sdmx_csv(observations: Iterable[Observation]) -> bytes:
    """A data message: the header, then one row per observation; UTF-8 without a mark, as the format wants it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(each) for each in observations)
    return out.getvalue().encode("utf-8")


def area_code(code: str | None, number: int) -> str:
    """The identifier of a unit: its own code, or U and its number where it has none that may stand as one."""
    return code if code and _CODE.fullmatch(code) else f"U{number}"


def time_period(period: Period) -> str:
    """The period as SDMX writes it: a school year and its terms as reporting year and semester that start on
    1 September (REPORTING_YEAR_START_DAY), months, quarters and days as such, a span as its first day and its length."""
    year = period.start.year
    if period.kind == "school_year":
        return f"{year}-A1"
    if period.kind == "term":
        half = period.code[-1]
        return f"{year if half == '1' else year - 1}-S{half}"
    if period.kind in ("half", "quarter"):
        return f"{year}-{'S' if period.kind == 'half' else 'Q'}{period.code[-1]}"
    if period.kind in ("year", "month", "date"):
        return period.code
    return f"{period.start.isoformat()}/P{_days(period)}D"


def _days(period: Period) -> int:
    return (period.end - period.start).days + 1


def _row(one: Observation) -> list[object]:
    beyond = set(one.dims) - set(BREAKDOWNS)
    if beyond:
        raise ValueError(f"no dimension of the data structure: {', '.join(sorted(beyond))}")
    reporting = one.period.kind in ("school_year", "term")
    return [
        STRUCTURE, STRUCTURE_ID, ACTION,
        _FREQUENCY.get(one.period.kind, "_O"), one.area, one.indicator,
        *(harmless(one.dims.get(name, TOTAL)) for name in BREAKDOWNS), time_period(one.period),
        _number(one.value),
        UNITS.get(one.unit, one.unit.upper()), one.decimals, _number(one.numerator), _number(one.denominator),
        _status(one), one.confidential, one.method.upper(), one.qualifier.upper(),
        _SCHOOL_YEAR_START if reporting else "", one.records, harmless(one.area_name), harmless(one.indicator_name),
    ]  # fmt: skip


def _status(one: Observation) -> str:
    if one.confidential in (SMALL, SECONDARY):
        return "Q"
    return "L" if one.value is None and one.status == "normal" else _STATUS.get(one.status, "A")


def _number(value: float | None) -> str:
    """A number in full, without a trailing nought; empty where there is none."""
    return "" if value is None else repr(int(value)) if float(value).is_integer() else repr(float(value))
