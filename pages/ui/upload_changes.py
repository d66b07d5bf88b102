"""Changing what was understood of a table: its period, place and unit, what a column or row is, what is left out.
The table is then understood anew with what was said."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from db.records import Grid, dims_key, parse_dims_key
from db.records_layout import LayoutKind, LineLayout, LineOverride, LineRole, TableLayout, TableOverride
from pages.ui import data, fields, filters, upload_desk
from pages.ui.text import listed, plain, say
from pages.ui.upload_sheet import ROLE_GROUP, role_of

COLUMN_ROLES = (
    LineRole.INDICATOR,
    LineRole.PLACE,
    LineRole.CODE,
    LineRole.PERIOD,
    LineRole.ITEM,
    LineRole.UNIT,
    LineRole.IGNORED,
)
ROW_ROLES = (LineRole.INDICATOR, LineRole.IGNORED)
_UNCHANGEABLE = (LayoutKind.ROSTER, LayoutKind.LEDGER, LayoutKind.SCORE)


def panel(desk: upload_desk.Desk, tables: Sequence[TableLayout]) -> None:
    """The fields for one table of a sheet; nothing where nothing can be changed."""
    offered = [table for table in tables if table.kind not in _UNCHANGEABLE]
    if not offered or not desk.editable:
        return
    unread = sum(line.role is LineRole.UNKNOWN for table in offered for line in (*table.columns, *table.items))
    title = say("upload.change.title_unread", n=unread) if unread else say("upload.change.title")
    nothing = not desk.prepared.draft.observations
    if not st.toggle(title, key=f"change_{desk.source.sha256[:12]}_{tables[0].sheet}", value=bool(unread) and nothing):
        return
    with st.container(border=True):
        table = offered[0]
        if len(offered) > 1:
            names = {each.key: each.title or each.key for each in offered}
            picked = st.selectbox(say("upload.change.table"), list(names), key=_key("table", tables[0].sheet),
                                  format_func=names.__getitem__)  # fmt: skip
            table = next(each for each in offered if each.key == picked)
        whole(desk, table)
        if not table.ignored and (table.columns or table.items):
            one_line(desk, table)


def _key(*parts: object) -> str:
    """A widget key: a table or line that was understood anew has fields of its own."""
    return "change_" + hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:16]


def held(desk: upload_desk.Desk, table: TableLayout) -> TableOverride:
    """What holds for a table now: what the person said, else what is remembered of its shape."""
    known = desk.prepared.recalled.known.get(table.key)
    return desk.choices.overrides.get(table.key) or (known.override if known else TableOverride())


def put(desk: upload_desk.Desk, table: TableLayout, said: TableOverride) -> None:
    """Keep what was said about a table, or that nothing was."""
    others = {key: each for key, each in desk.choices.overrides.items() if key != table.key}
    remembered = table.key in desk.prepared.recalled.known  # nothing said is then something else than nothing
    upload_desk.choose(overrides={**others, table.key: said} if remembered or said != TableOverride() else others)


def whole(desk: upload_desk.Desk, table: TableLayout) -> None:
    """Period, place and unit of the whole table, or that it is left out."""
    st.markdown(f"**{say('upload.change.whole')}**")
    key, said = _key("whole", table.key, table.period, table.entity, table.unit, table.ignored), held(desk, table)
    one, two, three, four = st.columns([3, 3, 2, 2], vertical_alignment="bottom")
    with one:
        period = fields.period_field(table.period or "", key)
    with two:
        entity = place_field(table.entity or "", key)
    with three:
        unit = measure_field(table.unit, key)
    ignore = four.checkbox(say("upload.change.ignore_table"), table.ignored, key=f"{key}_ignore")
    if period is None:
        st.warning(say("review.form.bad_period"))
        return
    new = replace(
        said,
        ignore=ignore,
        period=period if period != (table.period or "") else said.period,
        entity=entity if entity != (table.entity or "") else said.entity,
        unit=unit if unit != table.unit else said.unit,
    )
    st.button(
        say("upload.change.apply_table"),
        key=f"{key}_apply",
        disabled=new == said,
        on_click=put,
        args=(desk, table, new),
    )


def place_field(name: str, key: str) -> str:
    """The unit a table or column is about, by its name; one that the register does not have can be typed."""
    names = list(dict.fromkeys([name, "", *(data.name(each) for each in filters.near(f"{key}_entity"))]))
    return st.selectbox(
        say("upload.change.entity"), names, key=f"{key}_entity", accept_new_options=True,
        format_func=lambda each: each or say("upload.change.unsaid"),
    ) or ""  # fmt: skip


def measure_field(unit: str, key: str) -> str:
    """The unit of measurement as the sheet prints it."""
    units = list(dict.fromkeys([unit, "", *say("upload.change.measures").split()]))
    return st.selectbox(
        say("upload.change.measure"), units, key=f"{key}_measure", accept_new_options=True,
        format_func=lambda each: each or say("upload.change.by_indicator"),
    ) or ""  # fmt: skip


def one_line(desk: upload_desk.Desk, table: TableLayout) -> None:
    """What one column, row or pair is."""
    lines = {line.key: line for line in (*table.columns, *table.items) if line.role is not LineRole.BLANK}
    if not lines:
        return
    st.markdown(f"**{say('upload.change.line')}**")
    grid = next(each for each in desk.prepared.draft.reading.grids if each.sheet == table.sheet)
    unread = [key for key, line in lines.items() if line.role is LineRole.UNKNOWN]
    order = list(lines)
    key = st.selectbox(
        say("upload.change.which"), order, index=order.index(unread[0]) if unread else 0,
        key=_key("which", table.key, *unread), format_func=lambda each: line_words(lines[each], grid),
    )  # fmt: skip
    new = line_fields(desk, table, lines[key])
    said = held(desk, table)
    with st.container(horizontal=True):
        if isinstance(new, str):
            st.warning(new)
        else:
            changed = replace(said, lines={**said.lines, key: new})
            st.button(
                say("upload.change.apply"), key=_key("apply", table.key, key), type="primary",
                disabled=new == said.lines.get(key, LineOverride()), on_click=put, args=(desk, table, changed),
            )  # fmt: skip
        if key in said.lines:
            rest = replace(said, lines={name: each for name, each in said.lines.items() if name != key})
            st.button(
                say("upload.change.back"), key=_key("back", table.key, key), on_click=put, args=(desk, table, rest)
            )


def line_words(line: LineLayout, grid: Grid) -> str:
    """A column or row by its place and header, with what it is taken for."""
    where = grid.address(*line.header)
    role = say(f"upload.role.{role_of(line)}.name")
    return say("upload.change.line_words", where=where, header=" / ".join(line.path), role=role)


def line_fields(desk: upload_desk.Desk, table: TableLayout, line: LineLayout) -> LineOverride | str:
    """The fields of a line, filled with what was understood; what is to be changed, or the sentence what is missing."""
    key = _key(
        "line", table.key, line.key, line.role, line.indicator, dict(line.dims), line.unit, line.period, line.entity
    )
    roles = COLUMN_ROLES if line.axis == "column" else ROW_ROLES
    now = LineRole.IGNORED if line.role in (LineRole.SERIAL, LineRole.REMARK) else line.role
    options = list(dict.fromkeys([*([now] if now in roles else []), *roles]))
    one, two = st.columns(2)
    role = one.selectbox(
        say("upload.change.role"), options, index=0 if now in roles else None, key=f"{key}_role",
        placeholder=say("upload.change.pick_role"), format_func=lambda each: say(f"upload.role.{ROLE_GROUP[each]}.name"),
    )  # fmt: skip
    if line.examples:
        one.caption(say("upload.change.examples", examples=plain(listed(line.examples))))
    before = held(desk, table).lines.get(line.key, LineOverride())
    if role is None:
        return say("upload.change.no_role")
    if role is LineRole.IGNORED:
        return LineOverride(ignore=True)
    if role is not LineRole.INDICATOR:
        return replace(before, ignore=False, role=role, indicator=None, dims=None)
    return _values(line, before, key, two)


def _values(line: LineLayout, before: LineOverride, key: str, column: object) -> LineOverride | str:
    """The fields of a line of values: indicator, breakdown, unit, and period where it is a column's own."""
    with column:  # type: ignore[attr-defined]
        chosen = fields.indicator_field(line.indicator, key)
        if chosen is None:
            return say("upload.change.no_indicator")
        told = {name: value for name, value in line.dims.items() if name in chosen.dims}
        dims = fields.dims_field(chosen, told, key)
        unit = measure_field(line.unit, key)
        period = fields.period_field(line.period or "", key, say("upload.change.as_table"))
    if period is None:
        return say("review.form.bad_period")
    return replace(
        before,
        ignore=False,
        role=LineRole.INDICATOR,
        indicator=chosen.code,
        dims=parse_dims_key(dims) if dims != dims_key(told) else before.dims,
        unit=unit if unit != line.unit else before.unit,
        period=period if period != (line.period or "") else before.period,
    )
