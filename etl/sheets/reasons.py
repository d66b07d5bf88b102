"""Why a line was understood as it was: `code|detail`, for the page to put into words (pages/text, layout_why.*).

head      the header is a word for this role (detail: the header)
values    the cells themselves show the role (detail: text, number, unit)
named     the label is a spelling of the catalogue (detail: the spelling)
contains  a spelling stands in the label (detail: the spelling)
quantity  the label is a count that rates and checks use (detail: the label)
title     the title names the indicator (detail: the title)
group     the label names a group only; the other axis names the indicator
ignored   left out on purpose (detail: target definition ordinal other_entity noise out_of_domain)
unknown   nobody understood the label (detail: what stayed of it)
holds     an identity holds in the rows (detail: the identity, then `n/m` rows)
fails     an identity fails in most rows (detail likewise)
quotient  the values are the quotient of two columns of the row (detail: `n/m` rows)
person    a person said so
"""

from __future__ import annotations


def reason(code: str, *details: object) -> str:
    return "|".join((code, *(str(detail) for detail in details)))
