"""Running figures beside those of the month (当月 | 累计), and sums of months beside the months."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from db.catalogue import Aggregation
from db.records import dims_key
from etl.sheets.columns import Column, Role
from etl.sheets.vocabulary import Vocabulary

_AT_END = re.compile(r"(?:学年|学期|季|月|年|期)末")  # a stock at the end of its months, not their sum


def settle_running_totals(columns: Sequence[Column], vocabulary: Vocabulary) -> list[Column]:
    """当月 and 累计 side by side: of a stock the running figure is the month's own and 当月 is left out; of a flow
    当月 is the month's and 累计 runs since the school year began. A 累计 column alone is the month's figure."""
    plain = {_what(c) for c in columns if c.role is Role.VALUE and c.label.indicator and not c.label.shift}
    running = {_what(c) for c in columns if c.label.indicator and c.label.shift == "cumulative"}
    stamped = [c for c in columns if c.role is Role.VALUE and (c.label.month or c.label.quarter)]
    months, parts = bool(stamped), {_what(c) for c in stamped if c.label.known and not c.label.rest}
    settled = []
    for column in columns:
        label = column.label
        both = _what(column) in plain & running
        stock = vocabulary.aggregation.get(label.indicator or "") is Aggregation.STOCK
        if label.indicator and label.shift == "cumulative" and (stock or not both):
            column = replace(column, label=replace(label, shift=""))
        elif (
            label.known
            and _what(column) in parts
            and not (stock and _AT_END.match(label.text))
            and not (label.month or label.quarter or label.period)
        ):
            column = replace(column, label=replace(label, total=True, shift=""), whole=True)  # 全年合计 of its quarters
        elif not label.known and label.shift == "cumulative" and months and not label.dims:
            column = replace(column, label=replace(label, total=True))  # the sum of the months beside it
        elif label.indicator and label.shift == "" and both and stock:
            column = replace(column, role=Role.IGNORED, label=replace(label, ignored="out_of_domain"))
        settled.append(column)
    return settled


def _what(column: Column) -> tuple[object, ...]:
    return column.label.indicator, dims_key(column.label.dims)
