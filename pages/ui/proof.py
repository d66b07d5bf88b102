"""What a number rests on, drawn: the document with its sentence, the sheet with its cell, and the way there."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import streamlit as st

from pages.analysis import display
from pages.ui import cards, data, document, links, profile
from pages.ui.text import join, language, named_parts, period_text, plain, say, unit_text, value_text

SURE, FAIR = 0.9, 0.7  # from here on a reading is called certain, or fairly so
_FOCUS = (
    "observation_id",
    "start",
    "end",
    "sentence_start",
    "sheet",
    "cell",
    "numerator_cell",
    "denominator_cell",
    "words",
)
WHOLE = 200_000  # characters drawn at once; a longer document is cut into stretches


def stated_beside(stated: object, summed: object, indicator: data.Indicator) -> str:
    """What a unit states of itself beside the value that was summed from below: another one, or the same as printed."""
    own = value_text(stated, indicator)
    return say("evidence.stated_same" if own == value_text(summed, indicator) else "evidence.stated", value=own)


def stated_text(value: object, unit: str, indicator_code: str, status: str = "normal") -> str:
    """A value as its document prints it: in the document's unit where that is not the indicator's."""
    indicator = data.indicator(indicator_code)
    if indicator is not None and (unit == indicator.unit or not display.is_number(value)):
        return value_text(value, indicator, status=status)
    if not display.is_number(value):
        return "—"
    return unit_text(unit, display.number(float(value), 2))  # type: ignore[arg-type]


def what(row: Any) -> str:
    """One observation in a line: indicator, breakdown, unit, period and value; of something else its own words."""
    if words := getattr(row, "words", ""):
        return str(words)
    return join(
        [
            *named_parts(data.indicator(row.indicator), row.indicator, row.dims or ""),
            row.org_unit_name,
            period_text(row.period),
            stated_text(row.value, row.unit, row.indicator, row.obs_status),
        ]
    )


def text_marks(observations: pd.DataFrame, rejected: pd.DataFrame, focus: Any = None) -> list[document.Mark]:
    """Marks of a text: every number of the document, the chosen one with its sentence, and the numbers
    that were not taken over."""
    marks = [
        document.Mark(
            int(row.start), int(row.end), document.OTHER, links.url("evidence", obs=row.observation_id), what(row)
        )
        for row in observations[observations["start"].notna()].itertuples()
        if focus is None or row.observation_id != focus.observation_id
    ]
    marks += [
        document.Mark(int(row.start), int(row.end), document.REJECTED, None, reason(row.reason), tag(row.reason))
        for row in rejected[rejected["start"].notna()].itertuples()
    ]
    if focus is not None and focus.start is not None:
        marks.append(
            document.Mark(focus.start, focus.end, document.FOCUS, None, getattr(focus, "words", "") or what(focus))
        )
        if focus.sentence_start is not None:
            marks.append(document.Mark(focus.sentence_start, focus.sentence_end, document.SENTENCE))
    return marks


def cell_marks(
    observations: pd.DataFrame, rejected: pd.DataFrame, sheet: str, focus: Any = None
) -> list[document.CellMark]:
    """Marks of one sheet: every number taken from it, the chosen one, its numerator and denominator."""
    mine = focus is not None and focus.sheet == sheet
    marks = [
        document.CellMark(str(row.cell), document.OTHER, links.url("evidence", obs=row.observation_id), what(row))
        for row in observations[observations["sheet"] == sheet].itertuples()
        if isinstance(row.cell, str) and not (mine and row.cell == focus.cell)
    ]
    marks += [
        document.CellMark(str(row.cell), document.REJECTED, None, reason(row.reason), tag(row.reason))
        for row in rejected[rejected["sheet"] == sheet].itertuples()
        if isinstance(row.cell, str)
    ]
    if mine:
        parts = {"numerator": focus.numerator_cell, "denominator": focus.denominator_cell}
        marks += [
            document.CellMark(cell, document.PART, None, say(f"evidence.part.{role}"))
            for role, cell in parts.items()
            if cell and cell != focus.cell
        ]
        marks.append(document.CellMark(focus.cell, document.FOCUS, None, what(focus)))
    return marks


def cell_place(sheet: str | None, cell: str) -> str:
    """Where a cell stands: `查验!D2`, and in a csv, which has no sheets and no letters, its row and column."""
    by_number = re.fullmatch(r"R(\d+)C(\d+)", cell)
    if by_number:
        return say("upload.row_col", row=by_number[1], col=by_number[2])
    return f"{sheet}!{cell}" if sheet else cell


def place(row: Any) -> str:
    """Where in the document something stands: its cell with the sheet, its paragraph, or its character."""
    if isinstance(row.cell, str):
        return cell_place(row.sheet if isinstance(row.sheet, str) else None, row.cell)
    locator = getattr(row, "locator", "")
    return locator or (say("evidence.at", n=int(row.start) + 1) if pd.notna(row.start) else "")


def observation_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Observations as a table for reading."""
    rows = list(frame.itertuples())
    columns = {
        "value": [stated_text(row.value, row.unit, row.indicator, row.obs_status) for row in rows],
        "indicator": [profile.title((row.indicator, row.dims)) for row in rows],
        "unit": [row.org_unit_name for row in rows],
        "period": [period_text(row.period) for row in rows],
        "quote": [row.quote for row in rows],
        "place": [place(row) for row in rows],
    }
    if "file_name" in frame:
        columns["file"] = [row.file_name for row in rows]
    return pd.DataFrame({say(f"evidence.column.{name}"): values for name, values in columns.items()})


def certainty(confidence: float) -> str:
    """How sure the reading of a number is, as a word and in percent."""
    word = "high" if confidence >= SURE else "middle" if confidence >= FAIR else "low"
    percent = display.percent(100 * confidence, 0)
    return say("evidence.confidence", word=say(f"evidence.certain.{word}"), percent=percent)


def rule_words(rule: str, version: str) -> str:
    """What a number was recognised by; a rule without words of its own by its code."""
    name = say(f"evidence.rule.{rule}") if rule in RULES else rule
    return say("evidence.rule.version", name=name, version=version)


def tag(code: str) -> str:
    """Why a number was not taken over, in the one or two words that stand beside it."""
    return say(f"evidence.tag.{code}") if code in REASONS else code


def reason(code: str) -> str:
    """Why a number was not taken over, in words."""
    return say(f"evidence.reason.{code}") if code in REASONS else code


RULES = (
    "count_after_name", "count_before_name", "count_shared_head", "rate_after_name", "rate_before_name",
    "rate_shared_head", "count_of_rate", "learned", "predicate", "review.accept", "review.correct", "stated_standard", "sheet.long", "sheet.pair",
    "sheet.score", "sheet.wide",
)  # fmt: skip
REASONS = (
    "target", "plan", "requirement", "definition", "redacted", "empty", "out_of_domain", "other_entity", "ordinal",
    "noise", "duplicate", "vague", "ambiguous", "waiting",
)  # fmt: skip


Key = tuple[object, ...]  # of what is drawn of a document: its file, the chosen number, the reasons shown, the language


def key_of(file_id: int, rejected: pd.DataFrame, focus: Any = None) -> Key:
    """What tells one picture of a document from another, as long as the store stays what it is."""
    at = None if focus is None else tuple(getattr(focus, name, None) for name in _FOCUS)
    return file_id, at, tuple(sorted(set(rejected["reason"]))), language()


def draw_text(text: str, file_id: int, rejected: pd.DataFrame, key: Key, focus: Any = None) -> None:
    """The whole text in one scrolling box; a very long one in stretches, opened at the chosen sentence."""
    first, last = 0, len(text)
    if last > WHOLE:
        stretches = document.pages_of(text, WHOLE // 2)
        at = focus.start if focus is not None and focus.start is not None else 0
        opened = next(n for n, (start, end) in enumerate(stretches, start=1) if at < end)
        name = f"stretch_{focus.observation_id if focus is not None else 'all'}"
        first, last = stretches[st.pagination(len(stretches), default=opened, key=name) - 1]

    def made() -> str:
        observations = _current(data.document_observations(file_id))
        return document.text_html(text, text_marks(observations, rejected, focus), first=first, last=last)

    st.html(data.kept("document_text", made, *key, first, last))


def draw_sheet(view: Any, file_id: int, rejected: pd.DataFrame, key: Key, focus: Any = None) -> None:
    """The sheet with the chosen cell, or the one picked; a big one as its head and the rows around the cell."""
    names = [grid.sheet for grid in view.grids]
    opened = names.index(focus.sheet) if focus is not None and focus.sheet in names else 0
    chosen = names[opened]
    if len(names) > 1:
        name = f"sheet_{focus.observation_id if focus is not None else 'all'}"
        chosen = st.selectbox(say("evidence.sheet"), names, index=opened, key=name)
    grid = view.grids[names.index(chosen)]
    rows, cols = len(grid.cells), max((len(row) for row in grid.cells), default=0)
    size = say("evidence.sheet_size", sheet=chosen, rows=rows, cols=cols)
    cut = rows > document.ROWS or cols > document.COLUMNS
    st.caption(plain(size + say("evidence.sheet_cut") if cut else size))
    if focus is not None and focus.sheet == chosen:
        st.markdown(f"**{plain(focus.cell)}** {plain(join(document.labels(grid, focus.cell)))}")

    def made() -> str:
        cells = document.drawn_cells(grid, focus.cell if focus is not None and focus.sheet == chosen else None)
        observations = _current(data.document_cells(file_id, chosen, cells))
        return document.grid_html(grid, cell_marks(observations, rejected, chosen, focus))

    st.html(data.kept("document_sheet", made, *key, chosen))


def _current(observations: pd.DataFrame) -> pd.DataFrame:
    return observations[observations["is_current"].astype(bool)]


def draw(view: Any, file_id: int, rejected: pd.DataFrame, key: Key, focus: Any = None) -> None:
    """The document: its text, its sheets, or both where a report holds tables. `key`: see `key_of`."""
    in_sheet = focus is not None and focus.cell is not None
    if view.text and not in_sheet:
        draw_text(view.text, file_id, rejected, key, focus)
    if view.grids and (in_sheet or not view.text):
        draw_sheet(view, file_id, rejected, key, focus)
    elif view.grids and focus is None:
        title = say("evidence.tables_inside", n=len(view.grids))
        cards.folded(title, f"open_tables_{view.name}", lambda: draw_sheet(view, file_id, rejected, key))
