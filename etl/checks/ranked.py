"""Few people whose rate is ranked all the same (B26), in tables with a column of ranks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from db.catalogue.rule_kinds import ShareCheck, SmallBaseCheck
from etl.checks.cells import Floats, numbers
from etl.checks.findings import Asked, Finding
from etl.checks.printed import LONG_TABLE, head_of, is_rate
from etl.checks.tables import cell_at, printed_name
from etl.sheets.columns import Column, Role
from etl.sheets.views import View

_RANK = re.compile(r"名次|位次|排名|排序|位序")
_BASES = frozenset(
    ("examined", "exam_due", "enrollment", "vac_cert_check_done", "vac_cert_check_due", "attendance_due")
)
_FEWEST = 10  # people below whom nothing is ranked
_LEAST_WHOLE = 30


def ranked(asked: Asked, check: SmallBaseCheck, views: Sequence[View]) -> Iterator[Finding]:
    """The rows with a rank whose smallest count of people is below ten."""
    for view in views:
        ranks = [c for c in view.columns if c.label.ignored == "ordinal" and _RANK.search(c.label.text)]
        rates = [c for c in view.columns if c.role is Role.VALUE and is_rate(head_of(view, c))]
        bases = [c for c in view.columns if c.role is Role.VALUE and _is_base(c)]
        if not ranks or not rates or not bases or len(view.rows) > LONG_TABLE:
            continue
        people: Floats = np.min(np.array([numbers(view, c.index) for c in bases]), axis=0)
        rank = numbers(view, ranks[0].index)
        for row in view.rows:
            if row.total or not 0 < people[row.index] < _FEWEST or np.isnan(rank[row.index]):
                continue
            cells = [cell_at(view, row.index, c.index) for c in (*rates, *ranks)]
            name = "、".join(printed_name(c.label) for c in rates) + "(已排名次)"
            yield asked.find(cells, name=name, n=1, cells=cells[-1][1], least=_FEWEST)


def _is_base(column: Column) -> bool:
    label = column.label
    return (label.indicator in _BASES or label.part in _BASES) and not label.rest and not label.dims.keys() - {"level"}


def shares_of_groups(asked: Asked, check: ShareCheck, views: Sequence[View]) -> Iterator[Finding]:
    """B16 in the rows of grades and other groups that the catalogue keeps no number of."""
    for view in views:
        parts = [
            c for c in view.columns if c.role is Role.VALUE and c.label.indicator == check.part and not c.label.rest
        ]
        named = [(name, c) for name in (check.whole, *check.or_of) for c in view.columns if c.label.indicator == name]
        wholes = [(name, c) for name, c in named if c.role is Role.VALUE and not c.label.rest]
        if len(parts) != 1 or not wholes or len(view.rows) > LONG_TABLE:
            continue
        some, all_ = numbers(view, parts[0].index), numbers(view, wholes[0][1].index)
        for row in view.rows:
            n, whole = some[row.index], all_[row.index]
            few = not n >= check.least_count or not whole >= _LEAST_WHOLE
            if row.total or row.entity or few or 100 * n / whole <= float(check.most):
                continue
            cell = cell_at(view, row.index, parts[0].index)
            yield asked.find(
                [cell], late=True, part=asked.catalogue.name(check.part), part_value=f"{n:g}", share=f"{100 * n / whole:.1f}",
                whole=asked.catalogue.name(wholes[0][0]), whole_value=f"{whole:g}", most=f"{check.most:g}", cell=cell[1],
                unit=row.label.text or view.texts(view.columns[0].index)[row.index],
            )  # fmt: skip
