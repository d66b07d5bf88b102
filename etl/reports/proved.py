"""Counts that no word names and a rate proves: 送检的14个食堂中13个达到要求,合格率92.86% makes them checked and passing."""

from __future__ import annotations

import re
from decimal import Decimal

from etl.reports.build import build_known, lacks_vaccine
from etl.reports.fitting import fits
from etl.reports.found import UNNAMED, Found, Head, Situation
from etl.reports.numbers import Number

# What a rate's part and its whole are, where the rate leaves no choice.
_PART = {
    "vac_cert_check_rate": "vac_cert_check_done", "vac_cert_held_rate": "vac_cert_held", "vac_catchup_rate": "vac_catchup_done",
    "vac_missed_rate": "vac_missed_count", "dropout_return_rate": "dropout_returned_count", "dropout_rate": "dropout_count",
    "hygiene_rectification_rate": "hygiene_findings_closed", "hygiene_inspection_pass_rate": "hygiene_passed_count",
    "food_handler_cert_rate": "food_handlers_certified", "vaccination_coverage": "vaccination_given",
    "graduation_rate": "graduates", "boarder_share": "boarders", "left_behind_share": "left_behind_children",
    "out_of_school_rate": "out_of_school_count",
}  # fmt: skip
_WHOLE = {
    "vac_cert_check_rate": "vac_cert_check_due", "hygiene_rectification_rate": "hygiene_findings",
    "hygiene_inspection_pass_rate": "hygiene_inspected_count", "food_handler_cert_rate": "food_handlers",
    "graduation_rate": "final_year_students", "net_enrollment_rate": "school_age_population",
}  # fmt: skip
_LACKING = re.compile("漏|缺|没打|少打|未(?:全程|完成|种全|接种)|不全")
_NEAR = 60  # characters in which a count and its rate tell of the same


def prove(s: Situation) -> None:
    """Binds the counts of a sentence that are the numerator or the denominator of one of its rates and nothing else."""
    for rate in [f for f in s.bound if f.numerator is not None and f.denominator is not None]:
        part, whole = _PART.get(rate.code), _whole_of(s, rate)
        parts, wholes = _counts(s, rate, rate.numerator, part), _counts(s, rate, rate.denominator, whole)
        if rate.numerator == rate.denominator:  # two equal counts: the whole stands first
            wholes = [x for x in wholes if x.end <= parts[-1].start] if parts else wholes
            wholes = wholes if part else wholes[:-1]
            if rate.code == "vac_cert_check_rate" and sum(x.value == rate.numerator for x in s.numbers) < 2:
                wholes = []  # 查验新生接种证109名,查验率100%: one count, of those who were checked
        for numbers, code in ((parts, part), (wholes, whole)):
            if numbers and code:
                _bind(s, numbers[-1], code, rate)


def _whole_of(s: Situation, rate: Found) -> str | None:
    if rate.code == "vac_catchup_rate":
        return "vac_missed_count" if _LACKING.search(s.masked[: rate.start]) else "vac_catchup_due"
    return _WHOLE.get(rate.code)


def _counts(s: Situation, rate: Found, value: Decimal | None, code: str | None) -> list[Number]:
    """The unbound counts of a value right before a rate, in order; none where one of them is bound to the code already."""
    if code is None or any(f.code == code and f.value == value for f in s.bound):
        return []
    refused = {r.start for r in s.refused if r.reason in UNNAMED}
    return [
        x
        for x in s.numbers
        if x.value == value
        and x.unit
        and x.start in refused
        and 0 < rate.start - x.end <= _NEAR
        and not any(x.end <= f.start < rate.start for f in s.bound if f.code == rate.code)
        and fits(s, code, x, "")
    ]


def _bind(s: Situation, number: Number, code: str, rate: Found) -> None:
    found = build_known(s, number, Head(code, "", s.clause_before(number.start)), "count_of_rate", 0.8)
    if found is None:
        return
    for dim in ("level", "vaccine", "object"):
        if dim in s.indicator(code).dims and dim in rate.dims:
            found.dims.setdefault(dim, rate.dims[dim])
    if not lacks_vaccine(found):
        s.bound.append(found)
