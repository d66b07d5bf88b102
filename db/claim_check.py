"""What two values say of a claim: pure arithmetic, with the tolerance that printed decimals allow."""

from __future__ import annotations

from dataclasses import dataclass

from db.agreement import ABOUT, EPSILON
from db.records import Qualifier
from db.records_claims import PERCENT_FOR_POINTS, BaseKind, ClaimKind, Direction, Result

STEADY_POINTS, STEADY_SHARE = 0.05, 0.01  # 持平: rates that print alike; 基本持平: within half a point or 1 %


@dataclass(frozen=True, slots=True)
class Said:
    """The claim as it was printed. `decimals` are those of its size (negative: rounded to tens, thousands)."""

    kind: ClaimKind
    direction: Direction | None
    size: float | None
    decimals: int
    qualifier: Qualifier
    base: BaseKind
    is_rate: bool
    note: str = ""
    value: float | None = None
    base_value: float | None = None
    halves: tuple[float, float] = (0.0, 0.0)  # half of the last printed digit of the value, and of the base value


@dataclass(frozen=True, slots=True)
class Point:
    """A value of the store. `slack` is half of its last printed digit where it is a rounded one; `own`: it comes
    from the very sentence of the claim."""

    value: float
    slack: float = 0.0
    own: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """The result. `computed` is what the values make: the difference, percentage or multiple; for 由…到… the new
    value. `inner`: only the numbers of the sentence itself could be set against each other."""

    result: Result
    reason: str = ""
    computed: float | None = None
    inner: bool = False


def judge(said: Said, now: Point | None, base: Point | None) -> Checked:
    """Checks a claim by the values of the store, else by the two values that its sentence prints."""
    if said.kind is ClaimKind.FROM_TO:
        return _movement(said, now, base)
    known_now = now or (Point(said.value, said.halves[0], own=True) if said.value is not None else None)
    if known_now is not None and base is not None and not (known_now.own and base.own):
        return _checked(said, known_now, base)
    if said.value is not None and said.base_value is not None:
        inner = _checked(said, Point(said.value, said.halves[0]), Point(said.base_value, said.halves[1]))
        return Checked(inner.result, inner.reason, inner.computed, inner=True)
    if base is not None and known_now is not None:
        return Checked(Result.NOT_CHECKABLE, "own_sentence")
    return Checked(Result.NOT_CHECKABLE, "no_value" if known_now is None else "no_base_value")


def _movement(said: Said, now: Point | None, base: Point | None) -> Checked:
    """由A上升到B: each end against the store, unless the store has it from this very sentence."""
    ends = [
        (printed, point, slack)
        for printed, point, slack in ((said.value, now, said.halves[0]), (said.base_value, base, said.halves[1]))
        if printed is not None and point is not None and not point.own
    ]
    if not ends:
        known = now is not None or base is not None
        return Checked(Result.NOT_CHECKABLE, "own_sentence" if known else "no_base_value")
    agree = all(abs(point.value - printed) <= slack + point.slack + EPSILON for printed, point, slack in ends)
    computed = now.value if now is not None else None
    return Checked(Result.CONSISTENT if agree else Result.CONTRADICTED, "", computed)


def _checked(said: Said, now: Point, base: Point) -> Checked:
    ratio = said.kind in (ClaimKind.RELATIVE, ClaimKind.SHARE, ClaimKind.MULTIPLE, ClaimKind.TARGET)
    if ratio and said.size is not None and base.value == 0:
        return Checked(Result.NOT_CHECKABLE, "zero_base")
    computed = _computed(said, now.value, base.value)
    slack = now.slack + base.slack
    if ratio and base.value:
        factor = 1.0 if said.kind is ClaimKind.MULTIPLE else 100.0
        slack = factor * (now.slack + abs(now.value / base.value) * base.slack) / abs(base.value)
    agree = _agrees(said, computed, now, slack)
    if not agree and said.note == PERCENT_FOR_POINTS and base.value:  # 提高0.3% may have meant what it says
        agree = _agrees(said, 100 * (now.value - base.value) / base.value, now, slack)
    return Checked(Result.CONSISTENT if agree else Result.CONTRADICTED, "", computed)


def _computed(said: Said, now: float, base: float) -> float:
    match said.kind:
        case ClaimKind.RELATIVE:
            return 100 * (now - base) / base
        case ClaimKind.SHARE:
            return 100 * now / base
        case ClaimKind.TARGET if said.size is not None:
            return 100 * now / base
        case ClaimKind.MULTIPLE:
            return now / base
        case _:
            return now - base


def _agrees(said: Said, computed: float, now: Point, slack: float) -> bool:
    if said.kind is ClaimKind.UNCHANGED:
        return _steady(said, computed, now, slack)
    if said.size is None:  # 超额完成
        return computed > 0
    signed = said.kind in (ClaimKind.POINTS, ClaimKind.COUNT, ClaimKind.RELATIVE, ClaimKind.BENCHMARK)
    known = -computed if signed and said.direction is Direction.DOWN else computed
    step = 0.5 * 10.0**-said.decimals + slack + EPSILON
    match said.qualifier:
        case Qualifier.AT_LEAST | Qualifier.MORE_THAN:
            return known >= said.size - step
        case Qualifier.AT_MOST | Qualifier.LESS_THAN:
            return known <= said.size + step
        case Qualifier.EXACT:
            return abs(known - said.size) <= step * (1 + EPSILON)
        case _:
            return abs(known - said.size) <= max(step, 2 * ABOUT * said.size)


def _steady(said: Said, computed: float, now: Point, slack: float) -> bool:
    if said.qualifier is Qualifier.ABOUT:
        return abs(computed) <= max(0.5 if said.is_rate else 0.0, STEADY_SHARE * abs(now.value)) + slack
    return abs(computed) <= (STEADY_POINTS if said.is_rate else 0.0) + slack + EPSILON
