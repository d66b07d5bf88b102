"""What pydantic cannot see in the rules: codes that nobody has, slots that a sentence cannot fill, doubles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from db.catalogue.checks import DIMENSIONS, Entry, Mistake
from db.catalogue.model import Indicator
from db.catalogue.rules import AnyCheck, Quantity, Rule, codes_of, fields_of


def rule_mistakes(
    indicators: Sequence[Entry[Indicator]], quantities: Sequence[Entry[Quantity]], rules: Sequence[Entry[Rule]]
) -> Iterator[Mistake]:
    """All mistakes in the order in which they stand."""
    known = {entry.item.code for entry in indicators}
    for entry in quantities:
        if entry.item.code in known:
            yield entry.mistake("code", f"代码 {entry.item.code} 已经用过")
        known.add(entry.item.code)
    seen: set[str] = set()
    for rule in rules:
        if rule.item.code in seen:
            yield rule.mistake("code", f"规则 {rule.item.code} 写了两遍")
        seen.add(rule.item.code)
        for n, check in enumerate(rule.item.checks):
            yield from _check(rule, n, check, known)


def _check(rule: Entry[Rule], n: int, check: AnyCheck, known: set[str]) -> Iterator[Mistake]:
    path = f"checks.{n}"
    for code in codes_of(check):
        if code not in known:
            yield rule.mistake(path, f"没有代码为 {code} 的指标或核对项")
    for dim in (
        *getattr(check, "dims", ()),
        *getattr(check, "subdivisions", ()),
        *filter(None, [getattr(check, "dim", None)]),
    ):
        if dim not in DIMENSIONS:
            yield rule.mistake(path, f"没有维度 {dim},只能是 {'、'.join(DIMENSIONS)}")
    for pattern in getattr(check, "patterns", ()):
        try:
            re.compile(pattern)
        except re.error:
            yield rule.mistake(path, f"“{pattern}”不是合法的正则表达式")
    field, sentence = (f"{path}.sentence", check.sentence) if check.sentence else ("sentence", rule.item.sentence)
    named = fields_of(sentence)
    if named is None:
        yield rule.mistake(field, "花括号不成对")
    elif unknown := sorted(named - check.slots):
        allowed = "、".join(sorted(check.slots))
        yield rule.mistake(field, f"这类核对不能填 {'、'.join(unknown)},只能用 {allowed}")
