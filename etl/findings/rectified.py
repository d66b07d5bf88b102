"""Which problems a report says were mended: by the items of its section on rectification, or all at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from db.records import Evidence
from db.records_findings import FindingState
from etl.findings.found import FoundFinding, state_in

_COMMON = frozenset(
    [
        "品安",
        "全隐",
        "隐患",
        "既不",
        "不卫",
        "生也",
        "检查",
        "加大",
        "力度",
        "学校",
        "食堂",
        "卫生",
        "管理",
        "食品",
        "安全",
        "整改",
        "问题",
        "存在",
        "部分",
        "全部",
        "所有",
        "已经",
        "进行",
        "各校",
        "学生",
        "情况",
        "加强",
        "要求",
        "不足",
        "个别",
        "的学",
        "校食",
        "生的",
        "重新",
        "工作",
    ]
)
_UNDER_WAY = re.compile(r"正在|计划|拟|将(?!原)|准备|逐步")
ENOUGH = 3  # shared pairs of characters that make two items speak of the same thing; the same kind counts as two


@dataclass(frozen=True, slots=True)
class Mended:
    """An item on rectification; `everything` when it speaks of all problems at once."""

    text: str
    category: str | None
    evidence: Evidence
    everything: bool = False


def settle(found: Sequence[FoundFinding], mended: Sequence[Mended]) -> list[FoundFinding]:
    """The findings with the state that other sentences of the report give them; their own words come first."""
    return [_settled(one, mended) if one.state is FindingState.UNSTATED else one for one in found]


def _settled(one: FoundFinding, mended: Sequence[Mended]) -> FoundFinding:
    own = _pairs(one.text)
    scored = [
        (len(shared) + 2 * (item.category == one.category), -n, item)
        for n, item in enumerate(mended)
        if not item.everything and (shared := own & _pairs(item.text))
    ]
    best = max(scored, key=lambda row: row[:2], default=None)
    item = best[2] if best is not None and best[0] >= ENOUGH else next((m for m in mended if m.everything), None)
    if item is None:
        return one
    said = state_in(item.text)
    unfinished = said is FindingState.OPEN or bool(_UNDER_WAY.search(item.text))
    return replace(one, state=FindingState.OPEN if unfinished else FindingState.RECTIFIED, closing=item.evidence)


def _pairs(text: str) -> set[str]:
    han = re.sub(r"[^一-鿿]", "", text)
    return {han[n : n + 2] for n in range(len(han) - 1)} - _COMMON
