"""Validation rules (domain facts B) on one file's observations. Errors of a sheet block it; a report
cannot be mended, so there the same error is kept for a person to confirm."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from db.catalogue import Catalogue, Indicator
from db.records import Issue, Observation, Qualifier, Role, Severity, SourceKind, dims_key
from etl.normalise import issue_at
from etl.types import Mention

_CELL = re.compile(r"([A-Z]+)(\d+)|R(\d+)C(\d+)")
SMALL_BASE = 30  # below it a rate jumps by chance: it is shown with its n and not questioned
_COUNT_UNITS = frozenset({"person", "school", "class", "canteen", "visit", "finding", "event", "case", "dose"})


def check(
    observations: Sequence[Observation],
    mentions: Sequence[Mention],
    totals: Sequence[Mention],
    catalogue: Catalogue,
    source_kind: SourceKind,
) -> list[Issue]:
    """The issues of all rules; `mentions` are those of the observations, in the same order."""
    found: list[Issue] = []
    for observation in observations:
        indicator = catalogue.indicator(observation.indicator)
        found += _value_rules(observation, indicator, source_kind)
        found += _fraction_rules(observation, indicator, source_kind)
    found += _totals(mentions, totals, catalogue)
    return found


def _error(kind: SourceKind) -> Severity:
    return Severity.BLOCK if kind is SourceKind.SHEET else Severity.CONFIRM


def _value_rules(observation: Observation, indicator: Indicator, kind: SourceKind) -> Iterable[Issue]:
    value, at = observation.value, observation.evidence
    if value is None:
        return
    name = indicator.name_zh
    if observation.unit in _COUNT_UNITS and (value < 0 or value != value.to_integral_value()):
        sentence = f"{name}必须是0或正整数,表中为“{at.quote}”。若以“万人”填写,请先注明单位。"
        yield issue_at("B01", _error(kind), sentence, at)
        return
    low, high = indicator.bounds
    if observation.unit == "percent" and high is not None and value > high:
        sentence = f"{name}不能超过{high}%,表中为“{at.quote}”。常见原因:分子分母填反,或把98.5填成985。"
        yield issue_at("B02", _error(kind), sentence, at)
    elif low is not None and value < low:
        yield issue_at("B02", _error(kind), f"{name}不能小于{low},表中为“{at.quote}”。请核对。", at)
    elif indicator.plausible and observation.unit == indicator.unit and not _within(observation, indicator):
        low_band, high_band = indicator.plausible
        sentence = f"{name}为{value},不在常见范围{low_band}—{high_band}内。请确认口径和单位。"
        yield issue_at("B04", Severity.CONFIRM, sentence, at)


def _within(observation: Observation, indicator: Indicator) -> bool:
    """Inside the plausible band, or too few people for the band to mean anything (B26)."""
    assert indicator.plausible is not None
    assert observation.value is not None
    low, high = indicator.plausible
    few = observation.denominator is not None and observation.denominator < SMALL_BASE
    return few or low <= observation.value <= high


def _fraction_rules(observation: Observation, indicator: Indicator, kind: SourceKind) -> Iterable[Issue]:
    num, den, at = observation.numerator, observation.denominator, observation.evidence
    if num is None or den is None:
        return
    bounded = indicator.unit == "percent" and indicator.bounds[1] is not None
    if bounded and num > den:
        top, base = _named(num, at.numerator_cell), _named(den, at.denominator_cell)
        sentence = f"{indicator.name_zh}的分子{top}大于分母{base},请逐项核对。"
        yield issue_at("B06", _error(kind), sentence, at)
        return
    if den == 0 or observation.value is None or observation.qualifier is not Qualifier.EXACT:
        return
    if observation.unit != indicator.unit:
        return
    computed = indicator.multiplier * num / den
    if abs(computed - observation.value) > rounding_slack(observation.value):
        shown = round(computed, 2)
        sentence = (
            f"{indicator.name_zh}:文中{observation.value},按{num}÷{den}算得{shown}。以重算值为准,请核对或说明口径。"
        )
        yield issue_at("B07", Severity.CONFIRM, sentence, at)


def _named(value: Decimal, cell: str | None) -> str:
    return f"{value}({cell})" if cell else str(value)


def rounding_slack(stated: Decimal) -> Decimal:
    """Half a unit of the last printed digit, plus a hair so that both ways of rounding a half pass (B07)."""
    exponent = stated.as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return Decimal("0.50005").scaleb(-digits)


@dataclass(frozen=True, slots=True)
class _Place:
    row: int
    col: str


def _place(mention: Mention) -> _Place | None:
    found = _CELL.fullmatch(mention.evidence.cell or "")
    if found is None:
        return None
    return _Place(int(found[2]), found[1]) if found[1] else _Place(int(found[3]), found[4])


def _totals(mentions: Sequence[Mention], totals: Sequence[Mention], catalogue: Catalogue) -> Iterable[Issue]:
    """B08: a total row equals the sum of its parts. Parts are the unit rows of the same column: all of them,
    or those between this total and the total before or after it (小计)."""
    columns: dict[tuple[str | None, str, str, str], list[tuple[int, Mention]]] = defaultdict(list)
    for mention in (*mentions, *totals):
        place = _place(mention)
        if place is not None and mention.value is not None and mention.unit in _COUNT_UNITS:
            dims = {name: value for name, value in mention.dims.items() if name != "level"}  # a total mixes levels
            key = (mention.evidence.sheet, place.col, mention.indicator, dims_key(dims))
            columns[key].append((place.row, mention))
    for cells in columns.values():
        cells.sort(key=lambda cell: cell[0])
        yield from _column_totals(cells, catalogue)


def _column_totals(cells: list[tuple[int, Mention]], catalogue: Catalogue) -> Iterable[Issue]:
    parts = [m.value for _, m in cells if m.role is Role.UNIT and m.value is not None]
    if len(parts) < 2:
        return
    subtotals = [m.value for _, m in cells if m.role is Role.TOTAL and m.value is not None]
    for n, (_, mention) in enumerate(cells):
        if mention.role is not Role.TOTAL or mention.value is None:
            continue
        sums = {sum(parts, Decimal(0)), _run(cells, range(n - 1, -1, -1)), _run(cells, range(n + 1, len(cells)))}
        sums.add(sum(subtotals, Decimal(0)) - mention.value)  # a grand total over 小计 rows
        if mention.value not in sums:
            total = sum(parts, Decimal(0))
            name = catalogue.indicator(mention.indicator).name_zh
            sentence = f"{name}合计{mention.value}不等于各分项之和{total},差{abs(mention.value - total)}。请核对合计行或漏填的行。"
            yield issue_at("B08", Severity.BLOCK, sentence, mention.evidence)


def _run(cells: list[tuple[int, Mention]], order: range) -> Decimal:
    """The sum of unit rows from here to the next total."""
    total = Decimal(0)
    for i in order:
        mention = cells[i][1]
        if mention.role is Role.TOTAL:
            break
        total += mention.value or 0
    return total
