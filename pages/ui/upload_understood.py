"""What was understood of a file: its sheets drawn with the meaning of every column, and every value with its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from db.observed import distinct
from db.records import Draft, Grid, Issue, dims_key
from db.records_layout import LineLayout, LineRole, PeriodSource, SheetLayout, TableLayout
from pages.text import known
from pages.ui import cards, data, profile, reviewing, upload_changes, upload_desk, upload_memory, uploading
from pages.ui.text import coded, dims_text, join, language, period_text, plain, printed, say
from pages.ui.upload_sheet import Fault, Told, Words, legend_html, role_of, sheet_html

SAMPLE = 200  # rows of the table of what was understood
NAMES = 20  # of units that the register does not know
SURE = 0.8  # below it a guess says that it is one
ROLES = (
    "code", "place", "value", "numerator", "denominator", "part", "total", "period", "item", "measure", "ignored", "unknown",
)  # fmt: skip


def section(prepared: uploading.Prepared) -> None:
    """Step 2: the sheets as they were understood; counts by indicator and period; every value with its place."""
    draft = prepared.draft
    st.header(say("upload.understood"), anchor="understood")
    reviewing.will_wait(len(draft.pending))
    sheets(draft, upload_desk.current())
    held = draft.observations
    if not held and draft.pending:
        return
    if not held:
        words = "nothing_understood_of_sheet" if any(sheet.tables for sheet in draft.layouts) else "nothing_understood"
        st.warning(say(f"upload.{words}"), icon=":material/help:")
        return
    names = uploading.unit_names(draft)
    st.markdown(
        say("upload.sum", kind=coded("source_kind", draft.source_kind), n=len(held),
            indicators=len({code for code, _, _ in distinct(held)}),
            units=len(uploading.units_named(draft, names)), rejected=len(draft.rejected),
            totals=draft.totals_checked)
    )  # fmt: skip
    counted = uploading.counts(draft, names)
    counted.columns = [say(f"upload.column.{name}") for name in ("indicator", "period", "n", "units")]
    with st.expander(say("upload.counted", n=len(counted)), expanded=not draft.layouts):
        cards.table(counted, key="counts", alt=say("upload.counts_alt"))
    small = len(held) <= SAMPLE and not draft.layouts
    with st.expander(say("upload.sample", n=min(SAMPLE, len(held)), total=len(held)), expanded=small):
        cards.table(readable(draft, names), key="sample", alt=say("upload.sample_alt"))
    if draft.proposed_units:
        new = few(unit.name for unit in draft.proposed_units)
        st.info(say("upload.proposed", n=len(draft.proposed_units), names=new), icon=":material/domain_add:")


def few(names: Iterable[str]) -> str:
    """Names as an enumeration, of very many only the first."""
    held = list(names)
    listed = plain(profile.listed(held[:NAMES]))
    return say("upload.and_more", names=listed) if len(held) > NAMES else listed


def readable(draft: Draft, names: uploading.UnitNames) -> pd.DataFrame:
    """The first values that were understood as a table for reading."""
    held = draft.observations[:SAMPLE]
    columns = {
        "indicator": [reviewing.indicator_name(each.indicator) for each in held],
        "dims": [dims_text(dims_key(each.dims)) for each in held],
        "unit": [uploading.unit_name(each, names) for each in held],
        "period": [period_text(each.period) for each in held],
        "value": [uploading.stated(each) for each in held],
        "place": [uploading.place(each) for each in held],
        "source": [uploading.source_text(each, draft) for each in held],
    }
    return pd.DataFrame({say(f"upload.column.{name}"): values for name, values in columns.items()})


def sheets(draft: Draft, desk: upload_desk.Desk) -> None:
    """The sheets of a workbook, one at a time, each under the meaning of its columns."""
    grids = {grid.sheet: grid for grid in draft.reading.grids}
    held = [layout for layout in draft.layouts if layout.sheet in grids]
    if not held:
        return
    layout = next((each for each in held if each.tables), held[0])
    if len(held) > 1:
        names = [each.sheet for each in held]
        picked = st.segmented_control(
            say("upload.sheet.pick"), names, default=layout.sheet, key=f"sheet_{draft.source.sha256[:16]}", required=True,
            format_func=lambda name: plain(_sheet_words(held[names.index(name)])),
        )  # fmt: skip
        layout = held[names.index(picked)]
    if layout.note or layout.hidden:
        st.info(say(f"upload.sheet.note.{layout.note or 'hidden'}"), icon=":material/visibility_off:")
    for table in layout.tables:
        st.markdown(table_words(table, len(layout.tables) > 1))
    upload_memory.told(desk, layout.tables)
    st.html(legend_html(_legend(layout)))
    st.html(drawn(grids[layout.sheet], layout, draft.issues))
    upload_changes.panel(desk, layout.tables)


def _sheet_words(layout: SheetLayout) -> str:
    return layout.sheet if layout.tables else say("upload.sheet.without", name=layout.sheet)


def _legend(layout: SheetLayout) -> list[tuple[str, str, str]]:
    """The signs that this sheet needs."""
    used = {role_of(line) for table in layout.tables for line in (*table.columns, *table.items)} | {"total"}
    return [(role, say(f"upload.role.{role}.sign"), say(f"upload.role.{role}.name")) for role in ROLES if role in used]


def table_words(table: TableLayout, named: bool) -> str:
    """A table in a line: its title, period, place and unit, as they hold where rows and columns do not say otherwise."""
    if table.ignored:
        return say("upload.sheet.left_out", title=plain(table.title or table.key))
    period = period_text(table.period) if table.period else say("upload.sheet.no_period")
    parts = {
        "title": table.title if named else "",
        "kind": say(f"upload.layout.{table.kind}"),
        "period": say("upload.sheet.period", period=period, source=say(f"upload.period_source.{table.period_source}")),
        "entity": say("upload.sheet.entity", name=table.entity) if table.entity else "",
        "unit": say("upload.sheet.unit", unit=table.unit) if table.unit else "",
    }
    return plain(join(parts.values()))


def drawn(grid: Grid, layout: SheetLayout, issues: Sequence[Issue]) -> str:
    """The sheet as HTML."""
    told = {
        (table.key, line.key): told_of(line, table)
        for table in layout.tables
        for line in (*table.columns, *table.items)
    }
    faults = [
        Fault(cell, str(issue.severity), printed(issue.sentence))
        for issue in issues
        if issue.sheet == grid.sheet
        for cell in issue.cells or ((issue.cell,) if issue.cell else ())
    ]
    words = Words(say("upload.sheet.understood_as"), say("upload.sheet.gap", n="{n}"))
    return sheet_html(grid, layout, told, faults, words)


def told_of(line: LineLayout, table: TableLayout) -> Told:
    """What a column, row or pair was taken for, in words."""
    role = role_of(line)
    if role == "blank":
        return Told(role, "", "")
    sign, name = say(f"upload.role.{role}.sign"), say(f"upload.role.{role}.name")
    title = meaning(line) or name
    if line.role not in (LineRole.INDICATOR, LineRole.PART, LineRole.BREAKDOWN):
        return Told(role, sign, title, (say("upload.sheet.changed"),) if line.changed else ())
    lines = [
        say("upload.sheet.path", path=" / ".join(line.path)) if len(line.path) > 1 else "",
        dims_text(dims_key(line.dims)) if line.dims else "",
        name if role in ("numerator", "denominator", "part") else "",
        say("upload.sheet.unit", unit=line.unit) if line.unit else "",
        _period_words(line, table),
        line.entity or "",
        say("upload.sheet.changed") if line.changed else "",
        say("upload.sheet.guess") if 0 < line.confidence < SURE and not line.changed else "",
    ]
    return Told(role, sign, title, tuple(each for each in lines if each))


def meaning(line: LineLayout) -> str:
    """The indicator of a line, or the quantity that it is."""
    if line.indicator:
        return reviewing.indicator_name(line.indicator)
    quantity = next((one for one in data.catalogue().quantities if one.code == line.part), None) if line.part else None
    return quantity.name_zh if quantity else line.path[-1] if line.part and line.path else ""


def _period_words(line: LineLayout, table: TableLayout) -> str:
    """The period of a line where it is not simply that of the table."""
    if line.period:
        return period_text(line.period)
    if line.stamp:
        key = f"upload.stamp.{line.stamp}"
        return say(key) if known(language(), key) else line.stamp
    if line.period_source is PeriodSource.ROW:
        return say("upload.period_source.row")
    return "" if table.period else say("upload.sheet.no_period")
