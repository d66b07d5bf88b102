"""What pydantic cannot see in one form: measures that do not exist, headers that stand twice, columns that rest on none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import Formatter

from db.catalogue.checks import Entry, Mistake
from db.catalogue.forms import SLOTS, Form, FormColumn, Stage
from db.catalogue.model import Indicator

Forms = Sequence[Entry[Form]]


def form_mistakes(forms: Forms, indicators: Mapping[str, Indicator], quantities: set[str]) -> Iterator[Mistake]:
    """Every mistake within the forms and in what they name."""
    first: dict[str, str] = {}
    for entry in forms:
        form = entry.item
        if form.code in first:
            yield entry.mistake("code", f"代码 {form.code} 已用于 {first[form.code]}")
        first.setdefault(form.code, entry.path)
        for slot in _slots(form.title) - SLOTS:
            yield entry.mistake("title", f"不能填 {slot},只能用 {'、'.join(sorted(SLOTS))}")
        if form.term is not None and form.period != "term":
            yield entry.mistake("term", "只有按学期报的表才能写 term")
        yield from _columns(entry, indicators, quantities)
        for stage in form.stages:
            yield from _sheet(entry, stage)


def _slots(title: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(title) if name is not None}


def _columns(entry: Entry[Form], indicators: Mapping[str, Indicator], quantities: set[str]) -> Iterator[Mistake]:
    form = entry.item
    keys = [column.key for column in form.columns]
    for n, column in enumerate(form.columns):
        place = f"columns.{n}"
        if column.key in keys[:n]:
            yield entry.mistake(f"{place}.key", f"列 {column.key} 写了两遍")
        for stage in set(column.stages) - set(form.stages):
            yield entry.mistake(f"{place}.stages", f"{stage} 不在本表的 stages 之内")
        for key in column.named:
            if key not in keys:
                yield entry.mistake(place, f"没有键为 {key} 的列")
        if bool(column.choices) != (column.kind == "choice"):
            yield entry.mistake(f"{place}.choices", "kind 为 choice 时才写、也必须写 choices")
        if column.measure is not None:
            yield from _measure(entry, place, column, indicators, quantities)


def _measure(
    entry: Entry[Form], place: str, column: FormColumn, indicators: Mapping[str, Indicator], quantities: set[str]
) -> Iterator[Mistake]:
    measure = indicators.get(column.measure or "")
    if measure is None:
        if column.measure not in quantities:
            yield entry.mistake(f"{place}.measure", f"没有代码为 {column.measure} 的指标或核对项")
        return
    for name in set(column.dims) - set(measure.dims):
        yield entry.mistake(f"{place}.dims.{name}", f"{measure.code} 没有维度 {name}")
    if entry.item.rows == "school" and measure.lowest != "school":
        yield entry.mistake(f"{place}.measure", f"{measure.code} 没有到学校的数,不能列入学校填的表")
    if (measure.unit == "percent") != (column.rate is not None):
        yield entry.mistake(f"{place}.rate", "百分比由分子、分母两列算出,其他列不写 rate")


def _sheet(entry: Entry[Form], stage: Stage) -> Iterator[Mistake]:
    """The sheet of one stage: one column per header, and all that its formulas need."""
    columns = entry.item.columns_of(stage)
    if not columns:
        yield entry.mistake("stages", f"{stage} 没有列")
    here = {column.key for column in columns}
    paths: set[tuple[str, ...]] = set()
    for column in columns:
        if column.path in paths:
            yield entry.mistake("columns", f"{stage} 有两列的表头都是 {'/'.join(column.path)}")
        paths.add(column.path)
        needed = {column.within} if column.within else set()
        needed |= {column.rate.of} if column.rate else set()
        for key in sorted(key for key in needed if key not in here):
            yield entry.mistake("columns", f"{stage} 的列 {column.key} 要用到列 {key},而 {stage} 没有这一列")
