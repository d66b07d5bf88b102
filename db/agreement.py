"""Whether two numbers of one thing can both be right, given how they are printed; and why they may differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from db.records import Qualifier
from db.records_claims import Cause

EPSILON = 1e-9
ABOUT = 0.05  # 约: within 5 %
_SCALES = {"万": 4, "亿": 8, "千": 3, "百": 2}
_POWERS = (1, 2, 4)  # a slipped point, percent and fraction, 人 and 万人


def decimals_of(value: float) -> int:
    """How many decimals a number needs in print."""
    text = repr(float(value))
    return 15 if "e" in text else len(text.partition(".")[2].rstrip("0"))


def printed_decimals(quote: str, value: float) -> int:
    """The decimals of a number as it is printed: 2 for 99.50, -3 for 12.6万, 0 for 412."""
    digits = quote.strip().replace(",", "").replace("，", "").rstrip("%‰人名个所")
    scale = next((power for sign, power in _SCALES.items() if digits.endswith(sign)), 0)
    plain = digits[:-1] if scale else digits
    try:
        exponent = Decimal(plain).as_tuple().exponent
        number = Decimal(plain).scaleb(scale)
    except ArithmeticError:
        return decimals_of(value)
    if not isinstance(exponent, int) or abs(float(number) - value) > EPSILON * max(1.0, abs(value)):
        return decimals_of(value)  # printed in another form: 0.985 for 98.5 %
    return -exponent - scale


def rounds_to(known: float, printed: float, decimals: int, slack: float = 0.5) -> bool:
    """Whether a known value may be printed so: half up and half even are both accepted."""
    return abs(known - printed) <= slack * 10.0**-decimals * (1 + EPSILON) + EPSILON


def contradicts(
    known: float, told: float, qualifier: str, high: float | None = None, decimals: int | None = None
) -> bool:
    """Whether a told value cannot be true of a known one. 99.5 says nothing against 99.4975."""
    if qualifier in (Qualifier.AT_LEAST, Qualifier.MORE_THAN):
        return known < told
    if qualifier in (Qualifier.AT_MOST, Qualifier.LESS_THAN):
        return known > told
    if qualifier == Qualifier.RANGE:
        return known < told or (high is not None and known > high)
    digits = decimals_of(told) if decimals is None else decimals
    if qualifier == Qualifier.EXACT:
        return not rounds_to(known, told, digits)
    return not rounds_to(known, told, digits, max(0.5, ABOUT * abs(told) * 10.0**digits))


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another value of the same unit that one of the two may have been taken from. `cause` is DATE or DEFINITION,
    `detail` its period, or its indicator and dims."""

    cause: Cause
    detail: str
    value: float


def cause_of(told: float, standing: float, decimals: int, neighbours: Iterable[Neighbour] = ()) -> tuple[Cause, str]:
    """Why two sources probably differ, and the detail of a neighbour that has the told value."""
    if _rounded(told, standing, decimals):
        return Cause.ROUNDING, ""
    if (power := _power(told, standing, decimals)) is not None:
        return Cause.UNIT, power
    for one in neighbours:
        if _telling(told) and rounds_to(one.value, told, decimals):
            return one.cause, one.detail
    if _transposed(told, standing, max(decimals, 0)):
        return Cause.DIGITS, ""
    return Cause.UNKNOWN, ""


def _rounded(told: float, standing: float, decimals: int) -> bool:
    """Cut off instead of rounded, or told with more decimals than the standing value has."""
    if abs(told - standing) < 10.0**-decimals * (1 - EPSILON):
        return True
    own = decimals_of(standing)
    return 0 <= own < decimals and rounds_to(told, standing, own)


def _power(told: float, standing: float, decimals: int) -> str | None:
    """The factor of ten between the two, as text: ×100, ÷10000."""
    if not told or not standing:
        return None
    for power in _POWERS:
        if rounds_to(standing * 10.0**power, told, decimals):
            return f"×{10**power}"
        if rounds_to(standing / 10.0**power, told, decimals):
            return f"÷{10**power}"
    return None


def _telling(value: float) -> bool:
    """Whether an equal value is more than a coincidence: 0, 100 and small whole numbers stand everywhere."""
    return value not in (0, 100) and (abs(value) >= 20 or value != int(value))


def _transposed(told: float, standing: float, decimals: int) -> bool:
    """3012 and 3102: two neighbouring digits have changed places."""
    one, other = f"{told:.{decimals}f}", f"{standing:.{decimals}f}"
    places = [n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    return len(one) == len(other) and _swapped(one, other, places)


def _swapped(one: str, other: str, places: Sequence[int]) -> bool:
    if len(places) != 2:
        return False
    first, second = places
    between = one[first + 1 : second].strip(".")
    return not between and one[first] == other[second] and one[second] == other[first]
