"""The tables of one sheet, each with its extraction and its layout."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from db.catalogue import Catalogue
from db.records import Issue, cell_text
from db.records_layout import LayoutKind, LineLayout, LineRole, Overrides, PeriodSource, RowRole, RowSpan, TableLayout
from etl.sheets.bulk import read_bulk
from etl.sheets.changes import Changes, changed_frame, changed_label, changes_of, item_keys
from etl.sheets.cohorts import as_bases_only
from etl.sheets.crosstab import read_crosstab
from etl.sheets.facts import Output
from etl.sheets.forms import explained, form_columns, not_filled_in
from etl.sheets.header import Table
from etl.sheets.identities import confirm
from etl.sheets.keys import line_key, numbered, signature_of, title_text
from etl.sheets.labels import Label
from etl.sheets.layout import examples_of, item_line, plain_layout, table_layout
from etl.sheets.left_out import ledger_note, missing_period, pairs_note
from etl.sheets.long import fields_of, group_columns, long_items, long_lines, read_long
from etl.sheets.mentions import mention_of, part_of
from etl.sheets.pairs import Pair, card_score, find_tail, pair_identity, pair_labels, pair_role, read_pairs, read_score
from etl.sheets.rates import finish
from etl.sheets.reasons import reason
from etl.sheets.rosters import roster_issue
from etl.sheets.sheet import Sheet
from etl.sheets.titles import Frame, frame_from_lines, issuer_below, issuer_on_top, part_told, read_frame
from etl.sheets.understood import Understood, understand_crosstab
from etl.sheets.views import Card, Field, View
from etl.sheets.vocabulary import Vocabulary
from etl.types import Extraction, Mention

_LONG_ROLES = {
    "code": LineRole.CODE, "entity": LineRole.PLACE, "item": LineRole.ITEM, "item_code": LineRole.CODE,
    "period": LineRole.PERIOD, "value": LineRole.INDICATOR, "unit": LineRole.UNIT,
}  # fmt: skip
_ABOUT_COLUMNS = frozenset(("unknown_column", "column_without_indicator"))


@dataclass(frozen=True, slots=True)
class Source:
    """What holds for a whole file."""

    catalogue: Catalogue
    vocabulary: Vocabulary
    name: str = ""
    overrides: Overrides | None = None
    issuer: str | None = None  # the only unit that the titles of the workbook name, or that of the card above
    period: str | None = None  # of the card above
    shared_period: str | None = None  # the only one that the titles of the workbook name


def workbook_frame(tables: Iterable[Sequence[Table]]) -> tuple[str | None, str | None]:
    """(unit, period) that the sheets' titles name, where they name one and the same; the unit in full or in short."""
    frames = [read_frame(group[0], group[0].sheet.grid.sheet, "") for group in tables if group]
    periods = {frame.period for frame in frames if frame.period and frame.period_from in _SAID}
    return _issuer_of(frames), periods.pop() if len(periods) == 1 else None


_SAID = ("title", "stated", "sheet_name")


def _issuer_of(frames: Sequence[Frame]) -> str | None:
    found = {frame.issuer for frame in frames if frame.issuer and not frame.issuer_redacted}
    longest = max(found, key=len, default=None)
    same = longest is not None and all(longest.endswith(name) for name in found)
    return longest if same and len(frames) > 1 else None


def read_tables(tables: Sequence[Table], source: Source, first: int = 1) -> list[tuple[Extraction, TableLayout]]:
    """The tables of a sheet from top to bottom, numbered from `first`; a list of persons makes the whole sheet give nothing."""
    found: list[tuple[Extraction, TableLayout]] = []
    frame: Frame | None = None
    signed = (issuer_below(tables[-1]) if len(tables) > 1 else None) or issuer_on_top(tables[0])
    for n, table in enumerate(tables, first):
        key = f"{table.sheet.grid.sheet}#{n}"
        personal = roster_issue(table)
        titled = read_frame(table, table.sheet.grid.sheet, "", frame) if source.issuer or signed else None
        frame = read_frame(table, table.sheet.grid.sheet, source.name, frame)
        unnamed = frame.issuer is None or (titled is not None and titled.issuer is None)  # but for the file's name
        if unnamed and not frame.issuer_redacted:
            frame = replace(frame, issuer=signed or source.issuer)
        if source.period:
            frame = replace(frame, period=source.period, period_from="above")
        elif frame.period is None and source.shared_period:
            own = part_told(frame.heading, source.shared_period)  # 11月 of the workbook's year
            frame = replace(frame, period=own or source.shared_period, period_from="workbook")
        if personal is not None:
            return [(Extraction(issues=(personal,)), _headed(table, LayoutKind.ROSTER, frame, key))]
        table, tail, caption = find_tail(table, source.vocabulary) if table is tables[-1] else (table, [], "")
        found.append(_one_table(table, frame, key, source))
        if tail:
            told = frame_from_lines([caption], (), (table.sheet.grid.sheet, source.name), frame) if caption else frame
            lines = (caption,) if caption else ()
            found.append(_card(table.sheet, tail, lines, told, f"{table.sheet.grid.sheet}#{n + 1}", source))
    return found


def _headed(table: Table, kind: LayoutKind, frame: Frame, key: str) -> TableLayout:
    """A table whose columns hold nothing to be taken."""
    keys = numbered(line_key(path) for path in table.paths)
    columns = [_plain_column(table, n, keys[n], None, frame) for n in range(len(keys))]
    if kind is LayoutKind.ROSTER:
        columns = [replace(column, examples=()) for column in columns]
    return plain_layout(table, kind, signature_of(kind, keys), frame, key, columns)


def _one_table(table: Table, frame: Frame, key: str, source: Source) -> tuple[Extraction, TableLayout]:
    ledger = ledger_note(table) or pairs_note(table)
    if ledger is not None:
        view = View(table, period=frame.period, file_name=source.name)
        return Extraction(issues=(ledger,), views=(view,)), _headed(table, LayoutKind.LEDGER, frame, key)
    score = read_score(table, frame)
    if score is not None:
        return _score(table, frame, key, source)
    fields = fields_of(table)
    if fields is not None:
        return _long(table, fields, frame, key, source)
    understood = understand_crosstab(table, frame, source.vocabulary, key, source.overrides)
    if understood.changes.override.ignore:
        return Extraction(), table_layout(table, understood, Output())
    asked = form_columns(table, source.catalogue)
    empty = not_filled_in(table, asked)
    if empty is not None:
        return Extraction(issues=(empty,)), table_layout(table, understood, Output())
    found, layout = _crosstab(table, understood, source, asked)
    return explained(found, table, asked), layout


def _crosstab(
    table: Table, understood: Understood, source: Source, asked: Collection[int]
) -> tuple[Extraction, TableLayout]:
    quick = read_bulk(table, understood, source.vocabulary, source.catalogue, "wide")
    if quick is not None:
        return _from_bulk(table, understood, quick, source)
    out = read_crosstab(table, understood, source.vocabulary)
    as_bases_only(out.facts, asked)
    found = _finished(table, out, understood.frame, source, "wide")
    return found, table_layout(table, replace(understood, columns=out.columns), out)


def _from_bulk(
    table: Table, understood: Understood, quick: tuple[Output, Sequence[Mention], Sequence[Mention]], source: Source
) -> tuple[Extraction, TableLayout]:
    out, mentions, parts = quick
    issues = _told(table, out)
    view = View(table, tuple(out.columns), tuple(understood.rows), understood.frame.period, source.name)
    found = Extraction(mentions, tuple(out.rejected), tuple(issues), parts=parts, views=(view,))
    return found, table_layout(table, replace(understood, columns=out.columns), out)


def _told(table: Table, out: Output) -> list[Issue]:
    """The issues of a table without those about columns that arithmetic explained, and with that of a missing period."""
    found = {
        table.sheet.grid.address(*c.header_cell)
        for c in out.columns
        for f in out.facts
        if (f.by_numbers or f.begun) and f.col == c.index
    }
    undated = missing_period(table, out.facts)
    kept = [one for one in out.issues if one.code not in _ABOUT_COLUMNS or one.cell not in found]
    return [*kept, *([undated] if undated is not None else [])]


def _finished(table: Table, out: Output, frame: Frame, source: Source, rule: str) -> Extraction:
    confirm(out)
    finish(out, table.sheet, source.catalogue)
    out.issues = _told(table, out)
    view = View(table, tuple(out.columns), tuple(out.rows), frame.period, source.name)
    return replace(_extraction(table.sheet, out, rule), views=(view,))


def _score(table: Table, frame: Frame, key: str, source: Source) -> tuple[Extraction, TableLayout]:
    keys = numbered(line_key(path) for path in table.paths)
    signature = signature_of(LayoutKind.SCORE, keys)
    changes = changes_of(source.overrides, key, signature.digest)
    frame = changed_frame(frame, changes)
    out = read_score(table, frame)
    assert out is not None  # the caller has seen it; only the frame is another
    mark = out.facts[0].col
    columns = [
        _plain_column(table, n, keys[n], LineRole.INDICATOR if n == mark else None, frame) for n in range(len(keys))
    ]
    columns[mark] = replace(columns[mark], indicator="hygiene_score", confidence=0.9)
    layout = plain_layout(table, LayoutKind.SCORE, signature, frame, key, columns, ignored=changes.override.ignore)
    return (Extraction() if changes.override.ignore else _finished(table, out, frame, source, "score")), layout


def _long(
    table: Table, fields: dict[str, int], frame: Frame, key: str, source: Source
) -> tuple[Extraction, TableLayout]:
    keys = numbered(line_key(path) for path in table.paths)
    signature = signature_of(LayoutKind.LONG, keys)
    changes = changes_of(source.overrides, key, signature.digest)
    frame = changed_frame(frame, changes)
    out = Output()
    if not changes.override.ignore:
        out = read_long(table, fields, frame, source.vocabulary, changes)
    out.columns, out.rows = long_lines(table, fields)
    found = _finished(table, out, frame, source, "long")
    roles = dict.fromkeys(group_columns(table), LineRole.ITEM) | {
        col: _LONG_ROLES[name] for name, col in fields.items()
    }
    columns = [_plain_column(table, n, keys[n], roles.get(n), frame) for n in range(len(keys))]
    items = [
        _long_item(table, at, row, label, changes, source.vocabulary, fields)
        for at, (row, label) in long_items(table, fields, source.vocabulary, frame.topic).items()
    ]
    return found, plain_layout(table, LayoutKind.LONG, signature, frame, key, columns, items, changes.override.ignore)


def _plain_column(table: Table, col: int, key: str, role: LineRole | None, frame: Frame) -> LineLayout:
    path = table.paths[col]
    dated = PeriodSource(frame.period_from) if role is LineRole.INDICATOR else PeriodSource.NONE
    return LineLayout(
        key, "column", col, path, role or LineRole.IGNORED if path else LineRole.BLANK, (table.header[-1], col),
        period_source=dated, confidence=0.95 if role else 0.5,
        why=(reason("head", "/".join(path)) if role else reason("ignored", "noise"),),
        examples=examples_of(table.sheet, table.body, col),
    )  # fmt: skip


def _long_item(
    table: Table, key: str, row: int, label: Label, changes: Changes, vocabulary: Vocabulary, fields: dict[str, int]
) -> LineLayout:
    said = changes.of(key)
    label = label if said is None else changed_label(label, said, vocabulary)
    at = (row, fields["item"])
    example = examples_of(table.sheet, (row,), fields["value"])
    return item_line(key, "row", row, label, at, (), example, said is not None, (row, fields["value"]), "row")


def read_cards(sheet: Sheet, cards: Sequence[list[Pair]], source: Source) -> list[tuple[Extraction, TableLayout]]:
    """A sheet of label-value pairs: one card per unit."""
    found, above = [], 0
    frame: Frame | None = None
    for n, pairs in enumerate(cards, 1):
        row, col = pairs[0][1]
        lines = [str(v) for r in range(above, row + 1) for at, v in sheet.own(r) if r < row or at < col]
        frame = frame_from_lines(lines, (), (sheet.grid.sheet, source.name), frame)
        found.append(_card(sheet, pairs, lines, frame, f"{sheet.grid.sheet}#{n}", source))
        above = max(value[0] for _, _, value in pairs) + 1
    return found


def _card(
    sheet: Sheet, pairs: list[Pair], lines: Sequence[str], frame: Frame, key: str, source: Source
) -> tuple[Extraction, TableLayout]:
    first, last = pairs[0][1][0], max(value[0] for _, _, value in pairs)
    frame, code = pair_identity(sheet, pairs, frame)
    labels = pair_labels(sheet, pairs, frame.topic, source.vocabulary)
    keys = item_keys([label.text for label in labels])
    signature = signature_of(LayoutKind.PAIR, keys)
    changes = changes_of(source.overrides, key, signature.digest)
    frame = changed_frame(frame, changes)
    said = [changes.of(name) for name in keys]
    labels = [
        label if one is None else changed_label(label, one, source.vocabulary)
        for label, one in zip(labels, said, strict=True)
    ]
    out = Output() if changes.override.ignore else read_pairs(sheet, pairs, labels, frame, code, source.vocabulary)
    scored = None if changes.override.ignore else card_score(sheet, frame)
    out.facts += scored.facts if scored is not None else []
    finish(out, sheet, source.catalogue)
    items = tuple(
        _pair_line(sheet, pair, name, label, frame, one is not None)
        for name, label, one, pair in zip(keys, labels, said, pairs, strict=True)
    )
    layout = TableLayout(
        key, sheet.grid.sheet, LayoutKind.PAIR, first, min(at[1] for _, at, _ in pairs), last,
        max(spot[1] for _, _, spot in pairs), signature, items=items, title=title_text(lines), period=frame.period,
        period_source=PeriodSource(frame.period_from), entity=frame.issuer, level=frame.level, unit=frame.unit,
        rows=(RowSpan(first, last, RowRole.DATA),), ignored=changes.override.ignore,
    )  # fmt: skip
    fields = tuple(Field(key, label, at, spot) for (key, at, spot), label in zip(pairs, labels, strict=True))
    return replace(_extraction(sheet, out, "pair"), cards=(Card(sheet, frame.issuer, fields),)), layout


def _pair_line(sheet: Sheet, pair: Pair, key: str, label: Label, frame: Frame, changed: bool) -> LineLayout:
    name, at, spot = pair
    example = (cell_text(sheet.raw(*spot)),)
    line = item_line(key, "cell", at[0], label, at, (), example, changed, spot, frame.period_from)
    role = pair_role(name)
    if line.role is not LineRole.UNKNOWN or role is None:
        return line
    return replace(line, role=role, confidence=0.95, why=(reason("head", label.text),))


def _extraction(sheet: Sheet, out: Output, rule: str) -> Extraction:
    mentions = tuple(mention_of(sheet, fact, rule) for fact in out.facts)
    parts = tuple(part_of(sheet, fact, rule) for fact in out.parts)
    return Extraction(mentions, tuple(out.rejected), tuple(out.issues), parts=parts)
