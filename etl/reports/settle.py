"""What can be told of the numbers of a sentence only when all of it has been read."""

from __future__ import annotations

import itertools
import re

from etl.reports.dims import disease_of
from etl.reports.found import Found, Situation

_CATCHUP = ("vac_catchup_due", "vac_catchup_done")
_IN_BRACKETS = re.compile(r"[(](?:按|以)?(补种前|补种后|查验时|人数?|剂次数?)(?:计|计算|统计)?[)](?:达到?|为|是)*$")
_IN_BRACKETS_BEHIND = re.compile("[%％]?[(](补种前|补种后|查验时)[)]")
_STAGES = {"补种前": "before", "查验时": "before", "补种后": "after"}
_TOLD_STAGE = re.compile("补种前|查验时|补种后")
_TO_CATCH_UP = re.compile("(?:需|应|需要)补种")
_ALL_OF = re.compile("(?:均|都|全部)(?:为|是|系)([^,。;]{2,10})")


def settle(s: Situation) -> None:
    """Fills in what the other words and numbers of a sentence say of a number: persons or doses, before or after
    catch-up, the kind of the findings put right, the disease of the cases."""
    counts = [found for found in s.bound if found.code in _CATCHUP]
    by_doses = {found.code for found in counts if found.unit == "dose"}
    for found in s.bound:
        match found.code:
            case "vac_catchup_due" | "vac_catchup_done":
                if found.unit == "person" and found.code in by_doses:
                    found.dims.setdefault("basis", "person")  # 应补种981人、1612剂次
            case "vac_catchup_rate":
                _basis_of_rate(s, found, counts)
            case "full_vaccination_rate":
                _stage(s, found)
                _stage_of_list(s, found)
            case "infectious_cases":
                _disease(s, found)
            case "hygiene_inspected_count" | "hygiene_passed_count" if "object" not in found.dims:
                _schools(s, found)
    for before, after in itertools.pairwise(s.bound):
        put_right = before.code == "hygiene_findings" and after.code == "hygiene_findings_closed"
        if put_right and "category" in before.dims and ";" not in s.masked[before.end : after.start]:
            after.dims.setdefault("category", before.dims["category"])  # 制度落实类64条,已整改60条


def _schools(s: Situation, count: Found) -> None:
    """应监督学校88所,实际监督84所: counted by 所, they are schools where the words before speak of schools only."""
    before = s.masked[: count.start]
    if s.masked.startswith("所", count.end) and "学校" in before and not re.search("食堂|餐|托幼|园", before):
        count.dims["object"] = "school"


def _bracketed(s: Situation, found: Found) -> str:
    """补种率(按人)为94.06%: the word in small brackets between a name and its number."""
    told = _IN_BRACKETS.search(s.masked[: found.start])
    return told[1] if told else ""


def _basis_of_rate(s: Situation, rate: Found, counts: list[Found]) -> None:
    """已补种1301剂次,补种率94.48%: the rate is that of the doses, if only doses were counted before it."""
    if "basis" in rate.dims:
        return
    before = {found.unit for found in counts if found.start < rate.start}
    if told := _bracketed(s, rate).rstrip("数"):
        rate.dims["basis"] = "dose" if told == "剂次" else "person"
    elif before == {"dose"}:
        rate.dims["basis"] = "dose"


def _stage(s: Situation, rate: Found) -> None:
    """全程接种率88.42%,需补种1128人: what is told ahead of catching up was so before it."""
    if "stage" in rate.dims:
        return
    behind = _IN_BRACKETS_BEHIND.match(s.masked, rate.end)
    if told := _STAGES.get(_bracketed(s, rate)) or (_STAGES.get(behind[1]) if behind else None):
        rate.dims["stage"] = told
    elif stages := _TOLD_STAGE.findall(s.masked[: rate.start]):
        rate.dims["stage"] = _STAGES[stages[-1]]  # 查验时全程接种6960人,全程接种率87.14%
    elif _TO_CATCH_UP.search(s.masked[rate.end :]) or _follows(s):
        rate.dims["stage"] = "before"


def _stage_of_list(s: Situation, rate: Found) -> None:
    """查验时乙肝疫苗99.52%,脊灰疫苗95.81%: one stage holds for the vaccines of a list."""
    before = [x for x in s.bound if x.code == rate.code and x.start < rate.start]
    if "stage" in rate.dims or "vaccine" not in rate.dims or not before or ";" in s.masked[before[-1].end : rate.start]:
        return
    if "vaccine" in before[-1].dims and "stage" in before[-1].dims:
        rate.dims["stage"] = before[-1].dims["stage"]


def _follows(s: Situation) -> bool:
    """Whether the next sentence of the paragraph begins with those who need catching up."""
    rest = s.paragraph.text[s.offset + len(s.text) :]
    return bool(_TO_CATCH_UP.match(rest))


def _disease(s: Situation, cases: Found) -> None:
    """聚集性疫情3起,均为水痘,累计发病87例."""
    clusters = any(found.code == "cluster_event_count" and found.start < cases.start for found in s.bound)
    told = _ALL_OF.search(s.masked[: cases.start]) if clusters and "disease" not in cases.dims else None
    if told and (disease := disease_of(told[1])):
        cases.dims["disease"] = disease
