"""What a change of a unit does, in words before it is confirmed; and what happened to units so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import streamlit as st

from pages.ui import data, tables, unit_desk
from pages.ui.text import DASH, coded, join, listed, moment_text, period_text, plain, say, title_of, value_text

SUMS = 12  # values named one by one
_WORDED = {"level": "dim_value.level", "area_type": "dim_value.area", "sponsor": "dim_value.sponsor", "status": "unit_status",
           "kind": "kind"}  # fmt: skip
_UNITS = ("parent_id", "into", "from")
_HIDDEN = ("depth", "source")


def draw(found: unit_desk.Consequence) -> None:
    """Numbers, breaks and accounts that a change concerns."""
    st.markdown(f"**{say('org_units.effect.title')}**")
    st.markdown("\n".join(f"- {line}" for line in lines(found)))
    sums = [one for one in found.sums if data.is_seen(one.org_unit_id)]
    if sums:
        names = ("unit", "indicator", "period", "before", "after")
        tables.draw([say(f"org_units.effect.column.{name}") for name in names], [_row(one) for one in sums[:SUMS]])
    if len(sums) > SUMS:
        st.caption(say("org_units.effect.cut", n=SUMS, total=len(sums)))


def lines(found: unit_desk.Consequence) -> list[str]:
    """The consequences, a sentence each."""
    said = [facts_words(found), sums_words(found)]
    said += [
        say("org_units.effect.break", unit=plain(name(unit_id)), day=day.isoformat()) for unit_id, day in found.breaks
    ]
    said += [] if found.breaks else [say("org_units.effect.no_break")]
    said += [
        say(f"org_units.effect.seen.{one.how}", n=one.units,
            who=say("org_units.effect.token" if one.token else "org_units.effect.account", name=plain(one.name)))
        for one in found.seen
    ]  # fmt: skip
    return said + ([] if found.seen else [say("org_units.effect.nobody")])


def facts_words(found: unit_desk.Consequence) -> str:
    """How many numbers get another unit."""
    return say("org_units.effect.facts", n=found.facts) if found.facts else say("org_units.effect.no_facts")


def sums_words(found: unit_desk.Consequence) -> str:
    """How many sums come out otherwise, by unit."""
    counts = Counter(one.org_unit_id for one in found.sums if data.is_seen(one.org_unit_id))
    if not counts:
        return say("org_units.effect.no_sums")
    parts = [say("org_units.effect.of_unit", unit=plain(name(unit)), n=n) for unit, n in counts.items()]
    return say("org_units.effect.sums", n=sum(counts.values()), units=listed(parts))


def name(unit_id: int) -> str:
    """The name of a unit; of one that is only being asked about, or lies outside what may be seen, a word for that."""
    held = data.find(unit_id)
    return say("org_units.this_unit") if held is None else held.name


def _row(one: unit_desk.SumChange) -> tables.Row:
    indicator = data.indicator(one.indicator, one.dims)
    title = title_of(indicator, one.dims) if indicator else one.indicator
    values = [
        DASH if value is None or indicator is None else value_text(value, indicator)
        for value in (one.before, one.after)
    ]
    cells = [title, period_text(one.period), *values]
    return tables.Row(tables.Cell(name(one.org_unit_id)), tuple(tables.Cell(text) for text in cells))


# ---- history -----------------------------------------------------------------------------------------


def history(held: list[unit_desk.UnitChange], with_unit: bool) -> None:
    """Changes, the latest first; of several units with the unit's name."""
    names = (*(("unit",) if with_unit else ()), "day", "what", "change", "note", "by")
    rows = []
    data.meet(each for one in held for each in (one.org_unit_id, *_named_in(one)))
    for one in held:
        by = join([one.changed_by, moment_text(one.changed_at)])
        if one.withdrawn_by:
            by = say("org_units.history.withdrawn", by=by, who=one.withdrawn_by, at=moment_text(one.withdrawn_at))
        day = one.effective.isoformat() if one.effective else DASH
        cells = [say(f"org_units.what.{one.kind.value}"), changed(one), one.note or DASH, by]
        if with_unit:
            rows.append(tables.Row(tables.Cell(name(one.org_unit_id)), tuple(map(tables.Cell, [day, *cells]))))
        else:
            rows.append(tables.Row(tables.Cell(day), tuple(map(tables.Cell, cells))))
    tables.draw([say(f"org_units.history.column.{each}") for each in names], rows, wrap=True, phone="lines")


def _named_in(one: unit_desk.UnitChange) -> Iterator[int]:
    """The units that a change names."""
    for values in (one.before, one.after):
        for value in (values.get(field) for field in _UNITS):
            yield from map(int, value if isinstance(value, list) else [value] if value else [])


def changed(one: unit_desk.UnitChange) -> str:
    """What was and what is, field by field."""
    fields = [each for each in dict.fromkeys((*one.after, *one.before)) if each not in _HIDDEN]
    said = []
    for each in fields:
        before, after = words(each, one.before.get(each)), words(each, one.after.get(each))
        label = say(f"org_units.field.{each}")
        if each in one.before and each in one.after:
            said.append(say("org_units.history.from_to", field=label, before=before or DASH, after=after or DASH))
        else:
            said.append(say("org_units.history.is", field=label, value=after or before or DASH))
    return say("org_units.history.separator").join(said)


def words(field: str, value: object) -> str:
    """A value of the register as it is read."""
    if value is None or value == "":
        return ""
    if field in _UNITS:
        return listed(name(int(each)) for each in (value if isinstance(value, list) else [value]))
    if field == "share":
        return f"{float(value):.0%}"  # type: ignore[arg-type]
    return coded(_WORDED[field], str(value)) if field in _WORDED else str(value)
