"""What pydantic cannot see in one form: measures that do not exist, headers that stand twice, columns that rest on none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from db.catalogue.checks import Entry, Mistake
from db.catalogue.forms import SLOTS, Form, FormColumn, Stage
from db.catalogue.model import Indicator
from db.catalogue.rules import fields_of

Forms = Sequence[Entry[Form]]


def form_mistakes(forms: Forms, indicators: Mapping[str, Indicator], quantities: set[str]) -> Iterator[Mistake]:
    """Every mistake within the forms and in what they name."""
    first: dict[str, str] = {}
    for entry in forms:
        form = entry.item
        if form.code in first:
            yield entry.mistake("code", f"代码 {form.code} 已用于 {first[form.code]}")
        first.setdefault(form.code, entry.path)
        yield from _title(entry)
        if form.term is not None and form.period != "term":
            yield entry.mistake("term", "只有按学期报的表才写 term")
        for n, column in enumerate(form.columns):
            yield from _column(entry, n, column)
            yield from _measure(entry, n, column, indicators, quantities)
        for stage in form.stages:
            yield from _sheet(entry, stage)


def _title(entry: Entry[Form]) -> Iterator[Mistake]:
    slots = fields_of(entry.item.title)
    if slots is None:
        yield entry.mistake("title", "花括号不成对")
    for slot in sorted((slots or set()) - SLOTS):
        yield entry.mistake("title", f"不能填 {slot},只能用 {'、'.join(sorted(SLOTS))}")


def _column(entry: Entry[Form], n: int, column: FormColumn) -> Iterator[Mistake]:
    keys = [one.key for one in entry.item.columns]
    if column.key in keys[:n]:
        yield entry.mistake(f"columns.{n}.key", f"列 {column.key} 写了两遍")
    for stage in column.stages:
        if stage not in entry.item.stages:
            yield entry.mistake(f"columns.{n}.stages", f"{stage} 不在本表的 stages 之内")
    if entry.item.layout == "ledger" and (column.kind == "count" or column.measure):
        yield entry.mistake(f"columns.{n}.kind", "台账的列只能是 choice、text、date,不写 measure")
    for key in column.named:
        if key not in keys:
            yield entry.mistake(f"columns.{n}", f"没有键为 {key} 的列")
    if bool(column.choices) != (column.kind == "choice"):
        yield entry.mistake(f"columns.{n}.choices", "kind 为 choice 时才写、也必须写 choices")


def _measure(
    entry: Entry[Form], n: int, column: FormColumn, indicators: Mapping[str, Indicator], quantities: set[str]
) -> Iterator[Mistake]:
    if column.measure is None or column.measure in quantities:
        return
    measure = indicators.get(column.measure)
    if measure is None:
        yield entry.mistake(f"columns.{n}.measure", f"没有代码为 {column.measure} 的指标或核对项")
        return
    for name in column.dims:
        if name not in measure.dims:
            yield entry.mistake(f"columns.{n}.dims.{name}", f"{measure.code} 没有维度 {name}")
    if entry.item.rows == "school" and measure.lowest != "school":
        yield entry.mistake(f"columns.{n}.measure", f"{measure.code} 没有到学校的数,不能列入学校填的表")
    if (measure.unit == "percent") != (column.rate is not None):
        yield entry.mistake(f"columns.{n}.rate", "百分比由分子、分母两列算出,其他列不写 rate")


def _sheet(entry: Entry[Form], stage: Stage) -> Iterator[Mistake]:
    """The sheet of one stage: one column per header, and all that its formulas cannot do without."""
    here = {column.key for column in entry.item.columns_of(stage)}
    if not here:
        yield entry.mistake("stages", f"{stage} 的表没有列")
    paths: set[tuple[str, ...]] = set()
    for n, column in enumerate(entry.item.columns):
        if not column.concerns(stage):
            continue
        if column.path in paths:
            yield entry.mistake(f"columns.{n}.path", f"{stage} 的表有两列的表头都是 {'/'.join(column.path)}")
        paths.add(column.path)
        for key in filter(None, (column.within, column.not_before, column.rate and column.rate.of)):
            if key not in here:
                yield entry.mistake(f"columns.{n}", f"{stage} 的表用到列 {key},却没有这一列")
