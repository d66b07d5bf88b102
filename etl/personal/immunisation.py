"""Class immunisation lists (domain facts D08): children are counted in memory, school by school."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from db.catalogue import Catalogue
from db.records import Evidence, Issue, Severity, cell_text
from etl.personal.detect import Kind, Roster
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.groups import take_dims
from etl.sheets.header import Table, find_tables
from etl.sheets.titles import read_frame
from etl.sheets.vocabulary import Vocabulary, vocabulary_of
from etl.types import Mention

_FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("held", re.compile(r"(?:是否)?有(?:无)?(?:预防)?(?:接种)?证|有无(?:预防)?接种证|是否持证")),
    ("reissued", re.compile(r"是否(?:已)?补证|是否补办")),
    ("full", re.compile(r"是否全(?:部|程)?(?:接)?种|是否完成全程接种")),
    ("caught_up", re.compile(r"是否(?:已)?补种(?:全|齐|完成)?|补种是否完成")),
    ("school", re.compile(r"学校(?:名称)?|幼儿园(?:名称)?|园所(?:名称)?|学校或?幼儿园")),
)
_YES = frozenset(("1", "√", "✓", "是", "有", "已", "y", "yes", "已种", "全", "已补"))
_NO = frozenset(("0", "×", "✗", "x", "否", "无", "未", "n", "no", "未种"))
_CAUGHT_UP = frozenset(("△", "▲", "∆", "补", "⊿"))
_LEAST_DOSES = 2  # columns of doses that make a list one of vaccinations


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of one list. `doses` are by vaccine and dose: given before, given as catch-up, missing."""

    sheet: str
    rows: tuple[int, int]
    period: str | None
    schools: Mapping[str | None, _Tally]
    cells: Mapping[str, tuple[str, str]]  # what was counted -> (header cell, its text)
    level: str | None


@dataclass(slots=True)
class _Tally:
    children: int = 0
    yes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    answered: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    missing_full: int = 0
    caught_up: int = 0
    doses: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))

    def add(self, other: _Tally) -> None:
        self.children += other.children
        self.missing_full += other.missing_full
        self.caught_up += other.caught_up
        for name, n in other.yes.items():
            self.yes[name] += n
        for name, n in other.answered.items():
            self.answered[name] += n
        for key, values in other.doses.items():
            self.doses[key] = [a + b for a, b in zip(self.doses[key], values, strict=True)]


def is_immunisation(roster: Roster, catalogue: Catalogue, file_name: str) -> Counted | None:
    """The counts of a list that answers, child by child, whether it holds a certificate or got its doses."""
    tables = find_tables(roster.grid)
    table = next((t for t in tables if roster.header in t.header and roster.first in t.body), None)
    if table is None:
        return None
    fields, doses = _columns(table, vocabulary_of(catalogue))
    if "held" not in fields and len(doses) < _LEAST_DOSES:
        return None
    frame = read_frame(table, roster.grid.sheet, file_name)
    names = next((column for column in roster.columns if column.kind is Kind.NAME), None)
    schools: dict[str | None, _Tally] = defaultdict(_Tally)
    for row in names.rows if names is not None else range(roster.first, roster.last + 1):
        school = _text(table, row, fields["school"]) if "school" in fields else frame.issuer
        _count(schools[school or frame.issuer], table, row, fields, doses)
    heads = {name: _head(table, col) for name, col in fields.items()}
    heads |= {f"{vaccine}|{dose}": _head(table, col) for col, (vaccine, dose) in doses.items()}
    heads["children"] = _head(table, names.col if names is not None else 0)
    return Counted(roster.grid.sheet, (roster.first, roster.last), frame.period, schools, heads, frame.level)


def _columns(table: Table, vocabulary: Vocabulary) -> tuple[dict[str, int], dict[int, tuple[str, str]]]:
    fields: dict[str, int] = {}
    doses: dict[int, tuple[str, str]] = {}
    for col, path in enumerate(table.paths):
        if not path:
            continue
        key = words.label_key(path[-1])
        name = next((name for name, pattern in _FIELDS if pattern.fullmatch(key)), None)
        if name is not None:
            fields.setdefault(name, col)
            continue
        dims, _ = take_dims(words.PUNCTUATION.sub("", "".join(path)), vocabulary)
        if "vaccine" in dims:
            doses[col] = dims["vaccine"], dims.get("dose", "")
    return fields, _numbered(doses)


def _numbered(doses: dict[int, tuple[str, str]]) -> dict[int, tuple[str, str]]:
    """Columns of one vaccine without dose numbers are its doses from left to right; a lone one has no number."""
    columns: dict[str, list[int]] = defaultdict(list)
    for col, (vaccine, _) in doses.items():
        columns[vaccine].append(col)
    out = dict(doses)
    for vaccine, cols in columns.items():
        if len(cols) > 1 and not all(doses[col][1] for col in cols):
            out |= {col: (vaccine, str(n)) for n, col in enumerate(cols, 1)}
    return out


def _head(table: Table, col: int) -> tuple[str, str]:
    """The lowest header cell of a column that has a text, with that text."""
    sheet = table.sheet
    spots = [sheet.origin(row, col) for row in reversed(table.header)]
    spot = next((s for s in spots if compact(sheet.raw(*s) or "")), spots[-1])
    return sheet.grid.address(*spot), cell_text(sheet.raw(*spot))


def _text(table: Table, row: int, col: int) -> str:
    value = table.sheet.filled(row, col)
    return "" if value is None else compact(value)


def _count(
    tally: _Tally, table: Table, row: int, fields: Mapping[str, int], doses: Mapping[int, tuple[str, str]]
) -> None:
    tally.children += 1
    answers = {name: _answer(_text(table, row, col)) for name, col in fields.items() if name != "school"}
    for name, answer in answers.items():
        tally.yes[name] += answer is True
        tally.answered[name] += answer is not None
    if answers.get("full") is False:
        tally.missing_full += 1
        tally.caught_up += answers.get("caught_up") is True
    for col, key in doses.items():
        text = _text(table, row, col)
        for n, hit in enumerate((_answer(text) is True, text in _CAUGHT_UP, _answer(text) is False)):
            tally.doses[key][n] += hit


def _answer(text: str) -> bool | None:
    low = text.lower()
    return True if low in _YES else False if low in _NO else None


def count_children(lists: Sequence[Counted]) -> tuple[list[Mention], list[Issue]]:
    """The counts by school over all lists of a file, and one note per list that says what became of it."""
    tallies: dict[tuple[str | None, str | None], _Tally] = defaultdict(_Tally)
    first: dict[tuple[str | None, str | None], Counted] = {}
    places: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    for one in lists:
        for school, tally in one.schools.items():
            key = school, one.period
            tallies[key].add(tally)
            first.setdefault(key, one)
            places[key].append(f"{one.sheet}第{one.rows[0] + 1}至{one.rows[1] + 1}行")
    mentions = [m for key, tally in tallies.items() for m in _mentions(key, tally, first[key], "、".join(places[key]))]
    return mentions, [_note(one) for one in lists]


def _note(one: Counted) -> Issue:
    total = _Tally()
    for tally in one.schools.values():
        total.add(tally)
    held = f",有证{total.yes['held']}人" if "held" in one.cells else ""
    reissued = f",补证{total.yes['reissued']}人" if "reissued" in one.cells else ""
    full = f",查验时全程接种{total.yes['full']}人" if "full" in one.cells else ""
    sentence = (
        f"工作表“{one.sheet}”第{one.rows[0] + 1}至{one.rows[1] + 1}行是班级免疫名单,只计了数:查验{total.children}人"
        f"{held}{reissued}{full}。表中另有该校汇总数的,以汇总数为准。名单和原文件都不保存。"
    )
    cell = one.cells["children"][0]
    return Issue("personal_counted", Severity.NOTE, sentence, f"{one.sheet}!{cell}", sheet=one.sheet, cell=cell)


def _mentions(key: tuple[str | None, str | None], tally: _Tally, one: Counted, where: str) -> Iterator[Mention]:
    for name, indicator, dims, value, fraction in _facts(tally, one):
        cell, text = one.cells[name]
        level = words.level_of_name(key[0]) or one.level
        evidence = Evidence(
            text, "sheet.roster", "1", 0.9, f"{where}的{text or cell}列", sheet=one.sheet, cell=cell,
        )  # fmt: skip
        unit = "percent" if fraction else "dose" if dims.get("basis") == "dose" else "person"
        yield Mention(
            indicator, value, unit, evidence, {**dims, **({"level": level} if level else {})}, key[0], scope=one.sheet,
            period=key[1], numerator=fraction[0] if fraction else None, denominator=fraction[1] if fraction else None,
        )  # fmt: skip


_Fact = tuple[str, str, dict[str, str], Decimal, tuple[Decimal, Decimal] | None]


def _facts(tally: _Tally, one: Counted) -> Iterable[_Fact]:
    yield "children", "vac_cert_check_done", {}, Decimal(tally.children), None
    if "held" in one.cells:
        yield "held", "vac_cert_held", {}, Decimal(tally.yes["held"]), None
    if "full" in one.cells and tally.answered["full"]:
        n, base = Decimal(tally.yes["full"]), Decimal(tally.answered["full"])
        yield "full", "full_vaccination_rate", {"stage": "before"}, round(100 * n / base, 2), (n, base)
        yield "full", "vac_catchup_due", {"basis": "person"}, Decimal(tally.missing_full), None
    if "caught_up" in one.cells:
        yield "caught_up", "vac_catchup_done", {"basis": "person"}, Decimal(tally.caught_up), None
    late: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for (vaccine, dose), (before, caught_up, missing) in tally.doses.items():
        name, dims = f"{vaccine}|{dose}", {"vaccine": vaccine, **({"dose": dose} if dose else {})}
        yield name, "vaccination_due", dims, Decimal(before + caught_up + missing), None
        yield name, "vaccination_given", dims, Decimal(before + caught_up), None
        late[vaccine] = [late[vaccine][0] + caught_up, late[vaccine][1] + caught_up + missing]
    for vaccine, (done, due) in late.items():
        name = next(name for name in one.cells if name.startswith(f"{vaccine}|"))
        yield name, "vac_catchup_due", {"vaccine": vaccine, "basis": "dose"}, Decimal(due), None
        yield name, "vac_catchup_done", {"vaccine": vaccine, "basis": "dose"}, Decimal(done), None
