"""Parts that add up to what was counted before them, whatever each is called by itself (应查验2372人,其中新入园幼儿1318人、小学新生1054人)."""

from __future__ import annotations

import re

from etl.reports.dims import is_mixed, level_of, other_dims
from etl.reports.found import Found, Head, Situation
from etl.reports.numbers import Number

# names that a part of anything may bear: whose they are, not what is counted
_ANY_PART = frozenset({"entrants", "enrollment", "schools"})
_OPENS = re.compile(r"其中|包括|含|[(:]|按[^,。;\d]{1,6}分|分(?:学段|类别|对象|机构)")


def of_whole(s: Situation, n: int, head: Head | None) -> Head | None:
    """The head of the n-th number as part of a count before it, where the parts from there on add up to that count and each
    says of whom it is; None where there is no such count, or where the number bears a name of its own."""
    if head is not None and head.code not in _ANY_PART:
        return None
    number = s.numbers[n]
    for w in range(n - 1, -1, -1):
        if ";" in s.masked[s.numbers[w].tail : number.start]:
            return None
        whole = next((f for f in s.bound if f.start == s.numbers[w].start), None)
        if whole is None or s.numbers[w].unit != number.unit or whole.value <= number.value:
            continue
        if whole.code in _ANY_PART or not _OPENS.search(s.masked, s.numbers[w].tail, s.numbers[w + 1].start):
            continue
        return _as_part(s, whole, w, n)
    return None


def _as_part(s: Situation, whole: Found, w: int, n: int) -> Head | None:
    parts = _adding_up(s, w)
    if n not in parts or len(parts) < 2:
        return None
    labels = {k: _label(s, k) for k in parts}
    told = all(level_of(label) or _tells_apart(s, whole, label) for label in labels.values())
    if whole.code == "canteens" and any(map(level_of, labels.values())):  # 学校食堂168家(中小学74家、幼儿园94家)
        told = all(level_of(label) or is_mixed(label) or label == "学校" for label in labels.values())
    return Head(whole.code, "", labels[n]) if told else None


def _tells_apart(s: Situation, whole: Found, label: str) -> bool:
    """Whether a label gives a part something that the whole has not: 公办, 女; not the canteens that were counted."""
    return bool(other_dims(s.indicator(whole.code), label, "").keys() - whole.dims.keys())


def _label(s: Situation, k: int) -> str:
    """What stands between the number before the k-th one and itself, since the last comma or mark of a list."""
    return re.split("[,:(、]|其中", s.masked[s.numbers[k - 1].tail : s.numbers[k].start])[-1]


def _adding_up(s: Situation, w: int) -> list[int]:
    """The indices of the numbers behind the w-th one that add up to it; none where they do not."""
    whole, total, found = s.numbers[w], 0 * s.numbers[w].value, []
    for k in range(w + 1, len(s.numbers)):
        part: Number = s.numbers[k]
        if part.unit != whole.unit or ";" in s.masked[whole.tail : part.start]:
            return []
        total += part.value
        found.append(k)
        if total >= whole.value:
            break
    return found if total == whole.value else []
