"""The second reader: what annotated reports teach of numbers that no rule could bind (decision 019).

A linear model over the traits of a number (`traits`), one row of weights for each indicator and one for "no indicator",
trained by `python -m tests.learning` on the annotated documents of tests/gold and kept in second.npz. It is asked only
where the rules found no name, never where they know a number to be a target, a standard or somebody else's; what it
says is an observation only where it is clearly ahead of everything else, and is marked as less certain than a rule's."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from etl.linear import NONE, Linear, load
from etl.reports.build import build_known, lacks_vaccine
from etl.reports.dims import levels_of
from etl.reports.fitting import fits
from etl.reports.found import UNNAMED, Found, Head, Situation
from etl.reports.levels import OF_DISABLED
from etl.reports.numbers import Number
from etl.reports.traits import traits

FILE = Path(__file__).with_name("second.npz")
AHEAD = 0.6  # by how much the best reading must be ahead of the next; chosen on documents not trained on
SURE = 0.8
_UNITS = frozenset({
    "percent", "permille", "person", "school", "house", "piece", "class", "finding", "item", "case", "event", "score", "doses",
    "visits", "household", "ratio", "copies", "",
})  # fmt: skip


@cache
def model() -> Linear:
    """The model of second.npz."""
    return load(FILE)


def read_again(s: Situation) -> None:
    """Binds what the model reads with certainty among the numbers of a sentence that no rule could bind."""
    left = {r.start for r in s.refused if r.reason in UNNAMED and not r.code} if s.refused else None
    for number in s.numbers if left else ():
        if (
            left
            and number.start in left
            and number.unit in _UNITS
            and number.high is None
            and not _out_of_question(s, number)
        ):
            code, ahead = model().ahead(traits(s, number), AHEAD)
            if code != NONE and (found := _bound(s, number, code, ahead)) is not None:
                s.bound.append(found)


def _bound(s: Situation, number: Number, code: str, ahead: float) -> Found | None:
    if code not in {one.code for one in s.lexicon.catalogue.indicators} or not fits(s, code, number, "率"):
        return None
    if any(f.code == code and f.value == number.value for f in s.bound):
        return None  # 初中共流失34人,经劝返,34人中回来了26人
    s.at = number.start
    behind = re.split("[,;、。(]", s.masked[number.tail :])[0][:14]
    head = Head(code, "", s.clause_before(number.start) + behind)
    found = build_known(s, number, head, "learned", 0.75 if ahead >= SURE else 0.65)
    if found is None or lacks_vaccine(found):
        return None
    if code in OF_DISABLED and found.dims.get("level") == "SPE":
        del found.dims["level"]  # most of them do not go to special schools
    return found


# 对全区小学6年级1.1万名学生进行综合素质监测, 为3000余人进行了接种: people to whom something was done, not all there are
_DONE_TO = re.compile("(?:对|为|给|向)[^,。;]{0,20}$")
_EACH = re.compile("各(?:有|配备?|设)")
_DONE = re.compile("[^,。;\\d]{0,16}?(?:进行|开展|实施|组织|举办)")


def _out_of_question(s: Situation, number: Number) -> bool:
    """Whether the sentence shows that a number is no count of its own, or does not say what it counts."""
    before = s.masked[max(0, number.start - 21) : number.start]  # as far as `_DONE_TO` reaches
    if _EACH.search(s.clause_before(number.start)):
        return True  # 中心小学和李沟小学各有食堂1个
    if (number.unit == "person" and _FOR_A_REASON.search(before)) or _of_a_larger_place(s, number, before):
        return True
    return bool(_DONE_TO.search(before) and _DONE.match(s.masked, number.tail)) or _subject_alone(s, number)


# 疑似辍学学生中厌学的占5名
_FOR_A_REASON = re.compile("(?:辍学|失学|流失)(?:学生|儿童|少年)*(?:当)?中,?(?:因)?[^,。;\\d]{1,8}的(?:占|有)$")
_HELD_AGAINST = re.compile("(?:低于|高于|超过|落后于|不及|高出|超出|优于|好于)全([国省市州县区旗])(?:的?平均水平)?的?$")
_MEAN = re.compile("的?(?:平均)?(?:水平|值|数)")
_SIZES = ("国", "省", "市州", "县区旗", "镇乡", "校园")


def _of_a_larger_place(s: Situation, number: Number, before: str) -> bool:
    """低于全县94.2%的水平: the mean of the place to which that of the report belongs."""
    told = _HELD_AGAINST.search(before)
    sizes = (
        [n for kind in (told[1], s.report.issuer.kind) for n, kinds in enumerate(_SIZES) if kind and kind in kinds]
        if told
        else []
    )
    mean = told is not None and ("平均" in told[0] or _MEAN.match(s.masked, number.tail))
    return len(sizes) == 2 and sizes[0] < sizes[1] and bool(mean)


_CLAUSE_ENDS = re.compile("[,;。、]")


def _subject_alone(s: Situation, number: Number) -> bool:
    """小学12.4万人、初中6.1万人: a sentence that begins with levels alone does not say what it counts."""
    if s.bound or s.topic is not None:
        return False
    clause = _CLAUSE_ENDS.split(s.masked[: number.start])[-1]
    return len(clause) <= 5 and bool(levels_of(clause))
