"""Which counts a rate is made of by its meaning: boarders of the enrolled, those caught up of those who missed a dose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from etl.reports.found import Found, Situation

Pair = tuple[Decimal, Decimal]
TELLING = Decimal("0.005")  # a rate with fewer digits fits too many pairs of counts that stand apart
_NEAR = 24  # characters between a count that no indicator has and its rate


@dataclass(frozen=True, slots=True)
class Whole:
    """A count of which a rate of a later sentence may be a share."""

    value: Decimal
    level: str | None = None
    opening: bool = False  # the count of the beginning of the year, of which dropouts are a share
    code: str = ""
    grade: str = ""  # of graded canteens
    examined: bool = False  # those of whom findings are told
    unit: str = ""
    entity: str | None = None
    object: str = ""  # what was inspected
    plain: bool = False  # no observation itself: 抽取教室96间, 应到学生1126人


@dataclass(frozen=True, slots=True)
class _Made:
    """What a rate is made of: the codes of its part (none: the count right before it) and of its whole."""

    part: tuple[str, ...]
    whole: tuple[str, ...]


_MADE: dict[str, _Made] = {
    "average_class_size": _Made(("enrollment",), ("classes",)),
    "boarder_share": _Made(("boarders",), ("enrollment",)),
    "left_behind_share": _Made(("left_behind_children",), ("enrollment",)),
    "dropout_return_rate": _Made(("dropout_returned_count",), ("dropout_return_due", "dropout_count")),
    "retention_rate": _Made(("graduates", "final_year_students", "enrollment"), ("entrants",)),
    "graduation_rate": _Made(("graduates",), ("final_year_students",)),
    "vac_catchup_rate": _Made(("vac_catchup_done",), ("vac_catchup_due", "vac_missed_count")),
    "vac_missed_rate": _Made(("vac_missed_count",), ("vac_cert_check_done", "vac_cert_check_due")),
    "vac_cert_held_rate": _Made(("vac_cert_held",), ("vac_cert_check_done",)),
    "full_vaccination_rate": _Made((), ("vac_cert_check_done",)),
    "food_handler_cert_rate": _Made(("food_handlers_certified",), ("food_handlers",)),
    "hygiene_rectification_rate": _Made(("hygiene_findings_closed",), ("hygiene_findings",)),
    "health_staff_rate": _Made((), ("hygiene_inspected_count", "schools")),
    "health_room_rate": _Made((), ("hygiene_inspected_count", "schools")),
    "morning_check_system_rate": _Made((), ("hygiene_inspected_count", "schools")),
    "open_kitchen_coverage": _Made((), ("canteens",)),
    "internet_kitchen_coverage": _Made((), ("canteens",)),
    "canteen_license_rate": _Made((), ("canteens",)),
    "migrant_public_place_share": _Made((), ("migrant_children",)),
    "public_kindergarten_share": _Made((), ("enrollment",)),
    "inclusive_kindergarten_coverage": _Made((), ("enrollment",)),
    "student_exam_coverage": _Made((), ("enrollment",)),
    "preschool_experience_share": _Made((), ("entrants",)),
    "transition_rate": _Made((), ("graduates",)),
    "large_class_share": _Made((), ("classes",)),
    "disabled_enrollment_rate": _Made((), ("disabled_students", "school_age_population")),
}
_PLACES = frozenset({"school", "house", "piece"})
_COUNTS_OF = {
    "person": frozenset({"person"}), "school": _PLACES, "canteen": _PLACES, "class": frozenset({"class", "piece"}),
    "finding": frozenset({"finding", "piece", "item"}),
}  # fmt: skip


_OF_ONE_KIND = {
    unit: kind
    for kind in (
        frozenset({"person"}), frozenset({"school", "house", "piece", "household"}), frozenset({"room"}), frozenset({"copies"}),
        frozenset({"item"}), frozenset({"batches"}), frozenset({"finding"}), frozenset({"doses"}), frozenset({"class"}),
    )
    for unit in kind
}  # fmt: skip


def by_meaning(s: Situation, rate: Found, earlier: Sequence[Whole]) -> Pair | None:
    """The part and the whole of a rate among the counts of its sentence and of earlier ones, where the quotient is the rate
    to its printed decimals; the nearest whole of the same level goes first."""
    made = _MADE.get(rate.code)
    if made is None or rate.value <= 0:
        return None
    scale = 1 if rate.code == "average_class_size" else 100
    step = Decimal("0.51").scaleb(-max(0, -int(rate.value.as_tuple().exponent)))
    told = [*earlier, *_counted(s, rate)]
    for part in _parts(s, rate, made, told):
        for whole in _wholes(rate, made, told):
            equal = part == whole and rate.value == 100 and rate.code != "disabled_enrollment_rate"
            least = 0 if equal and made.part else 1  # 通报中辍1人,已复学1人,复学率100%
            possible = whole > least and (part < whole or scale == 1 or equal)
            if possible and abs(scale * part / whole - rate.value) <= step:
                return part, whole
    return None


def by_one_whole(s: Situation, rate: Found, earlier: Sequence[Whole], step: Decimal | None) -> Pair | None:
    """随机抽取教室96间检测。…达标的81间,合格率84.38%: the count right before a rate over the one count of its unit in the
    sentences before that gives it; nothing where two different ones do. `step`: half a unit of its last decimal."""
    if step is None or step / rate.value > TELLING:
        return None
    before = [x for x in s.numbers if not x.is_rate and 0 < rate.start - x.end <= _NEAR]
    if not before or before[-1].unit not in _OF_ONE_KIND:
        return None
    part = before[-1].value
    kind = _OF_ONE_KIND[before[-1].unit]
    fits = {
        x.value for x in earlier[-24:]
        if x.unit in kind and part < x.value and abs(100 * part / x.value - rate.value) <= step
    }  # fmt: skip
    return (part, fits.pop()) if len(fits) == 1 else None


def _counted(s: Situation, rate: Found) -> list[Whole]:
    """The counts of the sentence around a rate; those behind it last, so that they go first only among equals."""
    near = [f for f in s.bound if s.indicator(f.code).unit in _COUNTS_OF and f.start < rate.start]
    return [Whole(f.value, f.dims.get("level"), code=f.code, entity=f.entity) for f in near]


def _parts(s: Situation, rate: Found, made: _Made, told: Sequence[Whole]) -> Iterator[Decimal]:
    """What may be the part: the last counts of its kind, or the count right before the rate."""
    units = _COUNTS_OF[s.indicator(made.whole[0]).unit]
    if made.part:
        kinds = [x for x in reversed(told) if x.code in made.part and _alike(rate, x)]
        yield from (x.value for x in kinds[:2])
        if made.part == ("enrollment",):
            yield from (x.value for x in kinds[2:6])
        return
    if rate.value == 100 and (whole := _told_by_parts(s, rate, made)) is not None:
        yield whole
    before = [x for x in s.numbers if 0 < rate.start - x.end <= _NEAR and x.unit in units and not x.is_rate]
    yield from (x.value for x in reversed(before[-1:]))
    if rate.code == "disabled_enrollment_rate":
        yield from (x.value for x in reversed(told[-8:]) if x.code == "disabled_students")


def _told_by_parts(s: Situation, rate: Found, made: _Made) -> Decimal | None:
    """食堂97家中,幼儿园52家、小学28家、中学17家,持证率100%: the whole, of which the counts behind it are the parts."""
    told = [f for f in s.bound if f.code in made.whole and f.start < rate.start]
    counts = [f.value for f in told]
    whole = len(counts) > 2 and "level" not in told[0].dims and counts[0] == sum(counts[1:])
    return counts[0] if whole else None


def _wholes(rate: Found, made: _Made, told: Sequence[Whole]) -> Iterator[Decimal]:
    """What may be the whole: counts of its kind from the last one back, those of the same level first, then sums of levels."""
    kinds = [x for x in reversed(told) if x.code in made.whole and _alike(rate, x)]
    level = rate.dims.get("level")
    yield from (x.value for x in kinds if level is not None and x.level == level)
    yield from (x.value for x in kinds if level is None or x.level != level)
    by_level: dict[str, Decimal] = {}
    for x in kinds:  # 小学在校1528人,初中在校861人。…占在校学生的28.8%
        if x.level in ("PRI", "JUN"):
            by_level.setdefault(x.level, x.value)
    if len(by_level) == 2:
        yield sum(by_level.values(), Decimal(0))


def _alike(rate: Found, count: Whole) -> bool:
    """Whether a count is of the same unit, and of no other level, than a rate."""
    level = rate.dims.get("level")
    others = level is not None and count.level is not None and count.level != level and level != "CE"
    return count.entity == rate.entity and not others
