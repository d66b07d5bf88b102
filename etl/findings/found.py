"""What a document says of one problem, before its unit is looked up; and the kinds of problems by their words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from db.catalogue import Catalogue
from db.records import Evidence
from db.records_findings import Extent, FindingState

RULE_VERSION = "1"
_LAST = "management"  # 记录, 制度, 台账 stand in problems of every kind


@dataclass(frozen=True, slots=True)
class FoundFinding:
    """A problem as printed: `entity`, `entity_code` and `scope` as in a Mention; the rest as in db.records_findings."""

    category: str
    text: str
    state: FindingState
    evidence: Evidence
    entity: str | None
    entity_code: str | None = None
    scope: str = ""
    extent: Extent = Extent.ONE
    period: str | None = None
    found_on: date | None = None
    due_on: date | None = None
    closed_on: date | None = None
    closing: Evidence | None = None


def category_of(text: str, catalogue: Catalogue) -> str | None:
    """The kind of a problem: that of whose words most characters stand in the text; None when none does."""
    best: tuple[int, str | None] = (0, None)
    fallback: str | None = None
    for category in catalogue.finding_categories:
        hit = set().union(*(_places(text, word) for word in category.words))
        if category.code == _LAST:
            fallback = category.code if hit else None
        elif len(hit) > best[0]:
            best = (len(hit), category.code)
    return best[1] or fallback


def _places(text: str, word: str) -> set[int]:
    found: set[int] = set()
    at = text.find(word)
    while at >= 0:
        found.update(range(at, at + len(word)))
        at = text.find(word, at + 1)
    return found


_FAULT = re.compile(
    r"不(?!断|少|仅|但|同|久|足以|得|准|能忽视)|未(?!来|见异常|发现)|没有|没(?!收)|无(?!害|偿|论)|缺|欠|少(?!年|儿|数|量|先)|差(?!异|额)|乱|脏|旧|老化|脱落|破损|损坏|生锈|锈蚀|松动|变质|霉|过期|超期|"
    r"超过保质期|混(?!合)|堵|漏|滞后|薄弱|简陋|狭小|拥挤|不足|不全|污|积水|积灰|苍蝇|蟑螂|老鼠|鼠迹|流于形式|走过场|违规|擅自|随意|敷衍|代签|补记|涂改|"
    r"弄虚|雷同|异味|潮湿|堆放|直接堆|有待|隐患|裸露|敞开|敞口|有限|偏低|偏小|较低|过低|过高|超标|不合格|淡薄|参差|断档|停用|闲置|失效|超范围|无证|三无"
)


def is_fault(text: str) -> bool:
    """Whether words say that something is wrong."""
    return bool(_FAULT.search(text))


_MENDED = re.compile(
    r"(?:已经?|均已?|全部|现已|当场|立即|立行立改|立整立改|及时|基本)[^,。;]{0,14}?(?:整改(?!通知|要求|意见|期限)|改正|纠正|完成|到位|销号|更换|更新|补齐|补办|清理|清除|修复|维修|配备|配齐|安装|配置|"
    r"重新|打号|添置|购置|规范|建立|落实|张贴|公示|消除|调离|清洗)|整改(?:到位|完毕|完成|销号)|完成整改|已整改|达到了?(?:标准|要求)|(?:大整理|整理一新|焕然一新)|改善了"
)
_UNMENDED = re.compile(
    r"(?:尚|还|仍|暂)(?:未|没有|没)|未(?:能|完成)?整改|整改不到位|正在整改|限期整改|责令[^,。;]{0,6}(?:整改|改正)|未销号|仍在|逾期|整改中|待整改|仍有"
)


def state_in(text: str) -> FindingState | None:
    """What words say became of a problem; None when they say nothing."""
    if _UNMENDED.search(text):
        return FindingState.OPEN
    return FindingState.RECTIFIED if _MENDED.search(text) else None


_SOME = re.compile(r"部分|个别|有的|有些|少数|一些|某些|极少数|几所|若干|还有的|多所")
_MOST = re.compile(r"多数|大多|大部分|许多|不少|很多|绝大多数|普遍")
_ALL = re.compile(r"所有|全部|各校均|各学校均|均(?=未|无|没|不)|都(?=未|没|不)")


def extent_of(text: str, named: bool) -> Extent:
    """How many units the words cover; a named unit stands for itself."""
    if named:
        return Extent.ONE
    if _MOST.search(text):
        return Extent.MOST
    return Extent.ALL if _ALL.search(text) and not _SOME.search(text) else Extent.SOME
