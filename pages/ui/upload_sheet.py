"""A sheet as it was understood, drawn: every column under its role, indicator, unit and period, every row by what it
is, every doubtful cell marked. Colour is never alone: each role has a sign of its own. All text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from db.records import Grid, cell_text
from db.records_layout import LineLayout, LineRole, RowRole, SheetLayout, TableLayout
from pages.ui.document import column_letters, merged, position
from pages.ui.uploading import SEVERITIES

FIRST = 12  # rows of data from the top of a table
MOST = 60  # rows with doubtful cells that are drawn below them
MOST_COLUMNS = 200
PLAIN = 6  # rows of a sheet on which no table was found
_SHOWN_ROWS = frozenset({
    RowRole.TITLE, RowRole.HEADER, RowRole.SECTION, RowRole.TOTAL, RowRole.SUBTOTAL, RowRole.NOTE, RowRole.FOOTER,
    RowRole.UNKNOWN, RowRole.MEAN,
})  # fmt: skip
_MOST_OF_A_SPAN = 8  # rows of one run of titles, sections, totals or notes
SIGNS = {"block": "✗", "confirm": "?", "note": "i"}
ROLE_GROUP = {
    LineRole.CODE: "code", LineRole.PLACE: "place", LineRole.PERIOD: "period", LineRole.COHORT: "period",
    LineRole.CLASS: "item", LineRole.ITEM: "item", LineRole.UNIT: "measure", LineRole.SERIAL: "ignored",
    LineRole.PART: "part", LineRole.BREAKDOWN: "item", LineRole.REMARK: "ignored", LineRole.IGNORED: "ignored",
    LineRole.UNKNOWN: "unknown", LineRole.BLANK: "blank", LineRole.INDICATOR: "value",
}  # fmt: skip

STYLE = """<style>
.sheet { --of: currentColor; overflow: auto; max-height: 75vh; border-radius: .5rem;
  border: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.sheet table { border-collapse: separate; border-spacing: 0; font-size: .85rem; line-height: 1.45; margin: 0; }
.sheet th, .sheet td { border: 0 solid color-mix(in srgb, currentColor 16%, transparent); border-width: 0 1px 1px 0;
  padding: .2rem .5rem; white-space: nowrap; max-width: 20em; overflow: hidden; text-overflow: ellipsis; text-align: left; }
.sheet th { font-weight: 400; opacity: .7; text-align: center; }
.sheet th[scope="row"] { position: sticky; left: 0; backdrop-filter: blur(8px); opacity: 1; }
.sheet td.n { text-align: right; font-variant-numeric: tabular-nums; }
.sheet td[colspan], .sheet td[rowspan] { max-width: none; }
.sheet tr.head td { font-weight: 600; } .sheet tr.title td { opacity: .85; } .sheet tr.note td { opacity: .7; }
.sheet tr.total td { font-weight: 600; border-top: 2px solid color-mix(in srgb, currentColor 45%, transparent); }
.sheet tr.gap td { text-align: center; opacity: .65; }
.sheet td.what { white-space: normal; min-width: 7.5em; max-width: 14em; vertical-align: top; line-height: 1.35; overflow: visible;
  border-top: 3px solid var(--of); border-bottom: 2px solid var(--of); }
.sheet td.what.r-ignored, .sheet td.what.r-blank, .sheet td.what.r-code { min-width: 0; }
.sheet td[colspan] { text-align: left; } .sheet tr.head td[colspan], .sheet tr.title td[colspan] { text-align: center; }
.sheet td.what small { display: block; opacity: .8; font-size: .76rem; }
.sheet .of, .legend .of { background: color-mix(in srgb, var(--of) 17%, transparent); }
.sheet b.sign, .legend b.sign { display: inline-block; min-width: 1.5em; text-align: center; border-radius: .25em; margin-right: .35em;
  border: 1px solid var(--of); background: color-mix(in srgb, var(--of) 30%, transparent); font-weight: 600; font-size: .85em; }
.r-code { --of: #7F6BB3; } .r-place { --of: #009E73; } .r-value { --of: #0072B2; } .r-numerator { --of: #56B4E9; }
.r-denominator { --of: #2F8F9D; } .r-part { --of: #8C6D31; } .r-period { --of: #B5497B; } .r-item { --of: #7A9A01; }
.r-measure { --of: #CC79A7; } .r-total { --of: #7A8794; } .r-ignored, .r-blank { --of: #8a8f98; } .r-unknown { --of: #D55E00; }
.sheet td.r-ignored:not(.what), .sheet td.r-blank:not(.what) { opacity: .55; background: none; }
.sheet td.r-unknown:not(.what) { background: repeating-linear-gradient(135deg, color-mix(in srgb, #D55E00 22%, transparent) 0 4px,
  transparent 4px 9px); }
.sheet td.block, .sheet td.confirm, .sheet td.note { position: relative; opacity: 1; }
.sheet td.block { box-shadow: inset 0 0 0 2px #C62828; } .sheet td.confirm { box-shadow: inset 0 0 0 2px #C77700; }
.sheet td.note { box-shadow: inset 0 0 0 1px #5C6B7A; }
.sheet td[data-sign]::after { content: attr(data-sign); display: inline-block; min-width: 1.1em; text-align: center; margin-left: .4em;
  border-radius: .6em; font-size: .75em; font-weight: 700; color: #fff; background: #5C6B7A; }
.sheet td.block::after { background: #C62828; } .sheet td.confirm::after { background: #B26A00; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem .9rem; font-size: .82rem; line-height: 1.6; margin-bottom: .2rem; }
</style>"""


@dataclass(frozen=True, slots=True)
class Told:
    """What stands over a column or beside a row: the sign and name of its role, its indicator, small lines below."""

    role: str
    sign: str
    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A doubtful cell by its address: how grave, and the sentence a pointer reads."""

    cell: str
    severity: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Words:
    """`understood` heads the lines that were added to the sheet, `gap` is filled with how many rows are left out."""

    understood: str
    gap: str


def role_of(line: LineLayout) -> str:
    """The group of roles under which a column, row or pair is drawn."""
    if line.role is LineRole.PART and line.numerator_of:
        return "numerator"
    if line.role in (LineRole.PART, LineRole.INDICATOR) and line.denominator_of:
        return "denominator"
    if line.role is LineRole.INDICATOR and line.numerator_of:
        return "numerator"
    return "total" if line.total else ROLE_GROUP[line.role]


def legend_html(entries: Iterable[tuple[str, str, str]]) -> str:
    """The signs with their names: (role, sign, name)."""
    shown = "".join(
        f'<span class="r-{role}"><b class="sign">{escape(sign)}</b>{escape(name)}</span>'
        for role, sign, name in entries
    )
    return f'{STYLE}<div class="legend">{shown}</div>'


def sheet_html(
    grid: Grid, layout: SheetLayout, told: Mapping[tuple[str, str], Told], faults: Sequence[Fault], words: Words
) -> str:
    """The sheet as an escaped table. `told` is by (table key, line key); rows beyond the first are drawn where a cell
    is doubtful or where they are no rows of data."""
    marks = _marks(faults)
    rows = shown_rows(grid, layout, {row for row, _ in marks})
    width = min(max((len(row) for row in grid.cells), default=0), MOST_COLUMNS)
    heads = _heads(layout)
    spans, covered = merged(grid, rows, range(width))
    spans = {at: _stretched(at[0], span, heads) for at, span in spans.items()}
    beside = _beside(layout, told)
    lead = 1 if beside else 0
    lines, before = [], -1
    for row in [*rows, len(grid.cells)]:
        if row > before + 1:
            text = escape(words.gap.format(n=row - before - 1))
            lines.append(f'<tr class="gap"><td colspan="{width + 1 + lead}">⋯ {text} ⋯</td></tr>')
        if row in heads:
            across = {col for (r, col), at in covered.items() if r == row and at in spans and at[0] < row}
            lines.append(_told_row(heads[row], told, [c for c in range(width) if c not in across], lead, words))
        if row < len(grid.cells):
            lines.append(_row(grid, layout, row, width, marks, spans, covered, beside if lead else None))
        before = row
    names = "".join(f'<th scope="col">{name}</th>' for name in column_letters(grid, range(width)))
    extra = f"<th>{escape(words.understood)}</th>" if lead else ""
    return (
        f'{STYLE}<div class="sheet" tabindex="0"><table><thead><tr><th></th>{extra}{names}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _heads(layout: SheetLayout) -> dict[int, list[TableLayout]]:
    """The tables by the row over which their columns are explained."""
    found: dict[int, list[TableLayout]] = {}
    for table in layout.tables:
        if table.header_rows and table.columns and not table.ignored:
            found.setdefault(table.header_rows[0], []).append(table)
    return found


def _stretched(top: int, span: tuple[int, int], heads: Mapping[int, object]) -> tuple[int, int]:
    """A merge with the rows that are drawn in between."""
    return span[0] + sum(top < row < top + span[0] for row in heads), span[1]


def shown_rows(grid: Grid, layout: SheetLayout, doubtful: set[int]) -> list[int]:
    """Which rows to draw: the first rows of data of each table, those with doubtful cells, those that are no data."""
    height, shown = len(grid.cells), set[int]()
    for table in layout.tables:
        data = 0
        for span in table.rows:
            length = span.last - span.first + 1
            take = min(length, _MOST_OF_A_SPAN) if span.role in _SHOWN_ROWS else min(length, max(FIRST - data, 0))
            data += 0 if span.role in _SHOWN_ROWS else take
            shown.update(range(span.first, span.first + take))
        shown.add(table.bottom)
    if not layout.tables:
        shown.update(range(min(height, PLAIN)))
    shown.update(sorted(doubtful)[:MOST])
    return sorted(row for row in shown if row < height)


def _marks(faults: Sequence[Fault]) -> dict[tuple[int, int], list[Fault]]:
    """Faults by row and column, the gravest of a cell first."""
    found: dict[tuple[int, int], list[Fault]] = {}
    for fault in sorted(faults, key=lambda each: SEVERITIES.index(each.severity)):
        at = position(fault.cell)
        if at is not None:
            found.setdefault(at, []).append(fault)
    return found


def _beside(layout: SheetLayout, told: Mapping[tuple[str, str], Told]) -> dict[int, list[Told]]:
    """What stands beside the rows: items of transposed, long and pair tables."""
    found: dict[int, list[Told]] = {}
    for table in layout.tables:
        for line in table.items:
            if (table.key, line.key) in told:
                found.setdefault(line.index, []).append(told[table.key, line.key])
    return found


def _told_row(
    tables: Sequence[TableLayout], told: Mapping[tuple[str, str], Told], columns: Sequence[int], lead: int, words: Words
) -> str:
    """The row over a table's header: what each column was taken for."""
    by_column = {
        line.index: told[table.key, line.key]
        for table in tables
        for line in table.columns
        if (table.key, line.key) in told
    }
    cells = "".join(_what(by_column[c]) if c in by_column else "<td></td>" for c in columns)
    return f'<tr><th scope="row">{escape(words.understood)}</th>{"<td></td>" * lead}{cells}</tr>'


def _what(*told: Told) -> str:
    """The cell that says what a line was taken for."""
    if not any(one.sign for one in told):
        return "<td></td>"
    inside = "".join(
        f'<b class="sign">{escape(one.sign)}</b>{escape(one.title)}'
        + "".join(f"<small>{escape(line)}</small>" for line in one.lines)
        for one in told
    )
    return f'<td class="what of r-{told[0].role}">{inside}</td>'


def _row(
    grid: Grid, layout: SheetLayout, row: int, width: int, marks: Mapping[tuple[int, int], list[Fault]],
    spans: Mapping[tuple[int, int], tuple[int, int]], covered: Mapping[tuple[int, int], tuple[int, int]],
    beside: Mapping[int, list[Told]] | None,
) -> str:  # fmt: skip
    tables = [table for table in layout.tables if table.row_role(row) is not None]
    role = tables[0].row_role(row) if tables else None
    roles = {
        line.index: role_of(line)
        for table in tables
        if _of_values(table.row_role(row)) and not table.ignored
        for line in table.columns
    }
    if not roles:
        spans = {**spans, **_spilling(grid, row, width, spans, covered)}
        covered = {**covered, **_under(row, spans)}
    cells = "".join(
        _cell(grid, (row, col), roles.get(col, ""), marks.get((row, col), ()), spans, covered) for col in range(width)
    )
    lead = "" if beside is None else _what(*beside.get(row, ()))
    return f'<tr class="{_class(role)}"><th scope="row">{row + 1}</th>{lead}{cells}</tr>'


def _spilling(
    grid: Grid, row: int, width: int, spans: Mapping[tuple[int, int], object], covered: Mapping[tuple[int, int], object]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Long texts of title and note lines run over the empty cells to their right, as they do in Excel."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    filled = [c for c in range(width) if _value(grid, (row, c)) is not None or (row, c) in spans or (row, c) in covered]
    for col, following in zip(filled, [*filled[1:], width], strict=True):
        if isinstance(_value(grid, (row, col)), str) and (row, col) not in spans and (row, col) not in covered:
            found[row, col] = (1, following - col)
    return {at: span for at, span in found.items() if span[1] > 1}


def _under(row: int, spans: Mapping[tuple[int, int], tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
    return {(row, c): (r, left) for (r, left), (_, n) in spans.items() if r == row for c in range(left + 1, left + n)}


def _of_values(role: RowRole | None) -> bool:
    return role not in (
        None,
        RowRole.TITLE,
        RowRole.HEADER,
        RowRole.NOTE,
        RowRole.FOOTER,
        RowRole.REPEAT,
        RowRole.SECTION,
    )


def _class(role: RowRole | None) -> str:
    if role in (RowRole.HEADER, RowRole.SECTION, RowRole.REPEAT):
        return "head"
    if role in (RowRole.TOTAL, RowRole.SUBTOTAL):
        return "total"
    return {RowRole.TITLE: "title", RowRole.NOTE: "note", RowRole.FOOTER: "note"}.get(role, "") if role else "note"


def _cell(
    grid: Grid, at: tuple[int, int], role: str, faults: Sequence[Fault],
    spans: Mapping[tuple[int, int], tuple[int, int]], covered: Mapping[tuple[int, int], tuple[int, int]],
) -> str:  # fmt: skip
    anchor = covered.get(at)
    if anchor in spans:
        return ""
    value = _value(grid, at)
    classes = [f"of r-{role}"] if role else []
    if value is None and anchor is not None:  # a merge of which only a part is drawn
        value = _value(grid, anchor)
    classes += ["n"] if isinstance(value, (int, float)) and not isinstance(value, bool) else []
    classes += [faults[0].severity] if faults else []
    attributes = f' class="{" ".join(classes)}"' if classes else ""
    if at in spans:
        attributes += f' rowspan="{spans[at][0]}" colspan="{spans[at][1]}"'
    if faults:
        said = "\n".join(fault.sentence for fault in faults)
        attributes += f' data-sign="{SIGNS[faults[0].severity]}" title="{escape(said)}"'
    return f"<td{attributes}>{escape(_shown(grid, at, value))}</td>"


def _value(grid: Grid, at: tuple[int, int]) -> object:
    cells = grid.cells[at[0]] if at[0] < len(grid.cells) else ()
    return cells[at[1]] if at[1] < len(cells) else None


def _shown(grid: Grid, at: tuple[int, int], value: object) -> str:
    """A cell as Excel shows it: 0.985 in the percent format is 98.5%."""
    if at in grid.percent_cells and isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{cell_text(round(value * 100, 6))}%"
    return cell_text(value)
