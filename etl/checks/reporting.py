"""How many of those who should report did (B40), as titles and the sums of tables say it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from db.catalogue.rule_kinds import CompleteCheck
from etl.checks.findings import Asked, Finding, shown
from etl.checks.points import Point
from etl.checks.tables import cell_at
from etl.sheets.cells import compact
from etl.sheets.views import View

_WHO = r"(?:学校|小学|中学|幼儿园|园所?|机构|单位|校|乡镇)?(?:总?数)?:?"
_OF = r"[所家个]?"
_TOLD = re.compile(
    rf"应(?:上)?报(?:送)?{_WHO}(?P<due>\d+){_OF}[,,、;;和]?(?:[实已](?:际)?(?:上)?报(?:送)?|上报|报送){_WHO}(?P<done>\d+){_OF}"
)


def told_reports(asked: Asked, check: CompleteCheck, views: Sequence[View]) -> Iterator[Finding]:
    """应报学校20所,实报学校17所 in a title or a note."""
    seen = set()
    for view in views:
        for spot in (*view.table.titles, *view.table.footers):
            found = _TOLD.search(compact(view.table.sheet.text(*spot)))
            cell = cell_at(view, *spot)
            if found is None or cell in seen or not int(found["due"]):
                continue
            seen.add(cell)
            percent = Decimal(found["done"]) * 100 / Decimal(found["due"])
            if percent < check.percent:
                yield asked.find(
                    [cell], name=f"上报完整率(应报{found['due']},实报{found['done']})", value=shown(percent), cell=cell[1],
                    percent=shown(check.percent), n="", missing="",
                )  # fmt: skip


def told_sums(check: CompleteCheck, points: Sequence[Point]) -> list[Point]:
    """The completeness of the sum of a table that gives none of its units."""
    single = {p.at.sheet for p in points if p.name == check.rate and not p.total}
    return [p for p in points if p.name == check.rate and p.total and p.at.sheet not in single]
