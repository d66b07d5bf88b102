"""The numbers of one file as the evaluators see them: observations, printed totals and counts without an indicator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from db.catalogue import Catalogue
from db.records import Evidence, Qualifier, Role
from etl.addresses import place_of
from etl.checks.findings import Cell
from etl.types import Mention

_WORDS = {
    "sex": {"F": "女", "M": "男"}, "area": {"urban": "城区", "town": "镇区", "rural": "乡村"},
    "grade": {"small": "小班", "middle": "中班", "large": "大班", **{str(n): f"{n}年级" for n in range(1, 13)}},
    "dose": {str(n): f"第{n}剂" for n in range(1, 6)}, "basis": {"dose": "剂次", "person": ""},
    "stage": {"before": "补种前", "after": "补种后"}, "level": {},
    "sponsor": {"public": "公办", "private": "民办", "attached": "附设", "enterprise": "企业办"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    """One number with its place. `row`/`col` are None in a report; columns count from 0."""

    name: str  # indicator, or quantity of rules.yml
    value: Decimal
    unit: str
    dims: Mapping[str, str]
    mention: Mention
    total: bool
    row: int | None
    col: int | None
    org_unit_id: int | None = None

    @property
    def at(self) -> Evidence:
        return self.mention.evidence

    @property
    def cell(self) -> Cell:
        return (self.at.sheet, self.at.cell or "")

    @property
    def entity(self) -> str:
        """The unit as a person finds it: its name, else its row."""
        if self.total:
            return "合计" if not self.mention.entity else f"{self.mention.entity}合计"
        return self.mention.entity or (f"第{self.row + 1}行" if self.row is not None else "")


def points_of(
    mentions: Iterable[Mention], units: Iterable[int | None] = (), qualifiers: Sequence[Qualifier] = (Qualifier.EXACT,)
) -> list[Point]:
    """The mentions that state an exact value, or one with another of the `qualifiers`. `units` are the org units of
    the mentions, in the same order."""
    ids = iter(units)
    found = []
    for mention in mentions:
        unit_id = next(ids, None)
        if mention.value is None or mention.qualifier not in qualifiers:
            continue
        row, col = place_of(mention.evidence.cell)
        total = mention.role is Role.TOTAL
        found.append(
            Point(mention.indicator, mention.value, mention.unit, mention.dims, mention, total, row, col, unit_id)
        )
    return found


Line = dict[str, list[Point]]


def lines_of(points: Iterable[Point]) -> Iterator[Line]:
    """What stands together: the numbers of one row (or column) about one unit and period, by name."""
    lines: dict[tuple[str | None, ...], Line] = defaultdict(lambda: defaultdict(list))
    for point in points:
        told = point.mention
        if told.line:  # a column of a transposed table may hold several units
            lines[point.at.sheet, told.line, told.period, told.entity][point.name].append(point)
    yield from lines.values()


def whole_of(part: Point, candidates: Sequence[Point]) -> Point | None:
    """Of the candidates, the one whose group the part belongs to: it names no group that the part does not. In a column that
    holds a block of each level and one of all, it is that of the part's own block."""
    fitting = [one for one in candidates if one is not part and belongs(part.dims, one.dims)]
    return max(of_its_level(part, fitting) or fitting, key=lambda one: len(one.dims), default=None)


def of_its_level(point: Point, candidates: Sequence[Point]) -> list[Point]:
    """The candidates of the level of a point, or of none where it tells none."""
    return [one for one in candidates if one.dims.get("level") == point.dims.get("level")]


def belongs(part: Mapping[str, str], whole: Mapping[str, str]) -> bool:
    """Whether a group lies inside another; a basis (persons, doses) must be the same."""
    if part.get("basis", "person") != whole.get("basis", "person"):
        return False
    return all(part.get(name) == value for name, value in whole.items() if name not in ("level", "basis")) and (
        part.get("level", whole.get("level")) == whole.get("level", part.get("level"))
    )


def named_school(name: str | None) -> bool:
    """Whether a name is that of a single school, by its end: 一小 and 二中 are."""
    return (name or "").endswith(("小学", "中学", "学校", "幼儿园", "园", "校", "教学点", "小", "中"))


def named(point: Point, catalogue: Catalogue) -> str:
    """The Chinese name of what was counted, with its group."""
    vaccines = {one.code: one.name_zh for one in catalogue.vaccines}
    groups = [
        vaccines.get(value, value) if name == "vaccine" else _WORDS.get(name, {}).get(value, "")
        for name, value in sorted(point.dims.items(), reverse=True)
    ]
    told = "".join(group for group in groups if group)
    name = catalogue.name(point.name)
    return f"{name}({told})" if told else name
