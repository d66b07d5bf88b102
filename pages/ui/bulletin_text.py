"""The body of a bulletin in words, every figure with the number of its source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from pages.analysis import difference, display, series
from pages.analysis.rectification import tallies, tally
from pages.exports.paper import Block, Paragraph, Run, Table
from pages.ui import (
    attention_list,
    bulletin_annexes,
    bulletin_charts,
    courses,
    data,
    filters,
    headline,
    problems,
    sentences,
)
from pages.ui.bulletin_facts import Facts, Line
from pages.ui.bulletin_sources import Register
from pages.ui.text import (
    coded,
    fraction_text,
    is_stated,
    listed,
    period_brief,
    period_text,
    say,
    spoken,
    title_of,
    value_text,
)

Cell = tuple[int, str, str, str]  # unit, indicator, period and dims
LINES = 10  # of the attention list, and of the findings, told in the text; all of them stand in an annex or on the page


def body(facts: Facts, sources: Register) -> tuple[Block, ...]:
    """The sections, numbered as official papers are."""
    found: list[Block] = [_paragraph([_opening(facts, sources)])]
    sections = (
        ("reporting", _reporting(facts, sources)),
        ("indicators", [*_indicators(facts, sources), *bulletin_charts.courses(facts)]),
        ("attention", [*_attention(facts, sources), *bulletin_charts.units(facts)]),
        ("findings", _findings(facts, sources)),
        ("notes", _notes(facts)),
    )
    ordinals = say("bulletin.ordinals").split()
    for ordinal, (name, blocks) in zip(ordinals, sections, strict=False):
        found.append(_heading("heading", say("bulletin.heading", n=ordinal, title=say(f"bulletin.section.{name}"))))
        found += blocks
    return tuple(found)


def _paragraph(runs: Iterable[Run]) -> Paragraph:
    return Paragraph("body", tuple(runs))


def _heading(kind: str, text: str) -> Paragraph:
    return Paragraph("heading" if kind == "heading" else "subheading", (Run(text),))


def _plain(text: str) -> Paragraph:
    return _paragraph([Run(text)])


def _opening(facts: Facts, sources: Register) -> Run:
    states = pd.Series([str(line.row["state"]) for line in facts.lines if not line.hidden]).value_counts()
    counts = {state: int(states.get(state, 0)) for state in ("met", "near", "missed", "not_compared")}
    n = sum(counts.values())
    words = say("bulletin.opening", unit=data.name(facts.root), period=period_text(facts.period), n=n, **counts)
    return Run(words, sources.rule(say("bulletin.source.states")))


# ---- reporting ---------------------------------------------------------------------------------------


def _reporting(facts: Facts, sources: Register) -> list[Block]:
    """How many that should have reported each indicator have, in a table, and who has not."""
    rows = facts.progress
    due = rows[rows["due"].astype(bool)] if len(rows) else rows
    if due.empty:
        return [_plain(say("bulletin.reporting.nobody"))]
    ref = sources.rule(say("bulletin.source.reporting"))
    lines, late_words = [], []
    for each in facts.whole.chosen:
        own = due[due["indicator"] == each.indicator.code]
        if own.empty:
            continue
        late = own[~own["reported"].astype(bool)]
        done = len(own) - len(late)
        share = display.percent(100 * done / len(own))
        name = title_of(each.indicator, each.dims)
        lines.append((Run(name), Run(period_brief(each.latest)), Run(display.number(len(own))), Run(display.number(done)),
                      Run(display.number(len(late))), Run(say("common.unit.percent", value=share))))  # fmt: skip
        if len(late):
            late_words.append(say("bulletin.reporting.late", indicator=name, n=display.number(len(late))))
    heads = tuple(
        say(f"bulletin.reporting.{name}") for name in ("indicator", "period", "due", "done", "missing", "share")
    )
    table = Table(
        say("bulletin.reporting.table"), heads, tuple(lines), (40, 36, 14, 14, 14, 18), frozenset({2, 3, 4, 5})
    )
    if not late_words:
        return [_paragraph([Run(say("bulletin.reporting.all_in", n=len(lines)), ref)]), table]
    said = say("bulletin.reporting.sum", n=len(lines), late=len(late_words), names=listed(late_words))
    return [_paragraph([Run(said, ref)]), table]


# ---- indicators --------------------------------------------------------------------------------------


def _indicators(facts: Facts, sources: Register) -> list[Block]:
    """Every headline indicator in a paragraph of its own, by domain."""
    domains = list(dict.fromkeys(line.series.indicator.domain for line in facts.lines))
    ordinals = say("bulletin.ordinals").split()
    found: list[Block] = []
    for ordinal, domain in zip(ordinals, domains, strict=False):
        found.append(_heading("subheading", say("bulletin.subheading", n=ordinal, title=coded("domain", domain))))
        own = [line for line in facts.lines if line.series.indicator.domain == domain]
        for n, line in enumerate(own, 1):
            found.append(_paragraph([Run(say("bulletin.number", n=n)), *indicator_runs(line, facts, sources)]))
    return found


def indicator_runs(line: Line, facts: Facts, sources: Register) -> list[Run]:
    """One indicator: value with its counts, change against the year before, target, gap, and what chance says."""
    name = title_of(line.series.indicator, line.series.dims)
    when = "" if line.series.latest == facts.period else say("bulletin.when", period=period_brief(line.series.latest))
    if line.hidden:
        return [Run(say("bulletin.line.hidden", name=name, when=when))]
    parts = [
        _value(name, when, line, facts, sources),
        *_coverage(line, facts, sources),
        *_change(line, facts, sources),
        *_target(line, facts, sources),
        *_course(line, facts),
    ]
    runs = [each for part in parts for each in (Run(say("bulletin.stop")), part)][1:]
    return [*runs, Run(say("bulletin.end"))]


def _value(name: str, when: str, line: Line, facts: Facts, sources: Register) -> Run:
    indicator, row = line.series.indicator, line.row
    as_bound = bulletin_annexes.public_value(row.to_dict()) if facts.public else ""
    value = as_bound or value_text(row["value"], indicator, status=str(row["obs_status"]))
    counts = "" if as_bound else fraction_text(row["numerator"], row["denominator"]).replace(" ", "")
    shown = say("bulletin.counts", value=value, counts=counts) if counts else value
    mark = say("bulletin.line.stated") if is_stated(indicator, str(row["method"])) else ""
    return Run(say("bulletin.line.value", name=name, when=when, value=shown, mark=mark), sources.value(row))


def _coverage(line: Line, facts: Facts, sources: Register) -> list[Run]:
    """How many schools a value rests on where not all of them have reported."""
    done, due = facts.coverage(line.series.indicator.code)
    if not 0 < done < due:
        return []
    words = say("bulletin.line.partial", done=display.number(done), due=display.number(due))
    return [Run(words, sources.rule(say("bulletin.source.reporting")))]


def _change(line: Line, facts: Facts, sources: Register) -> list[Run]:
    """Against the same period of the year before, and whether the two intervals lie apart."""
    before, row, indicator = line.before, line.row, line.series.indicator
    change = bulletin_annexes.told_change(line, public=facts.public)
    if before is None or change is None:
        return []
    words = spoken(sentences.since_last_year(change, indicator))
    sure = difference.apart(row["lower"], row["upper"], before["lower"], before["upper"])
    if sure is not None and display.rounded(change, indicator.decimals) != 0:
        words = say(f"bulletin.line.{'moved' if sure else 'not_moved'}", change=words)
    return [Run(words, sources.value(before))]


def _target(line: Line, facts: Facts, sources: Register) -> list[Run]:
    """The target that holds, the gap in percentage points and persons, and whether the gap is beyond chance."""
    row, indicator = line.row, line.series.indicator
    if row["benchmark"] != "target":
        return [Run(say("bulletin.line.no_target"))]
    bound = headline.bound(row, indicator)
    if row["state"] in ("met", "not_compared"):
        return [Run(say(f"bulletin.line.{row['state']}", bound=bound), sources.target(row))]
    gap = abs(float(row["value"]) - float(row["target"]))
    words = [say("bulletin.line.gap", bound=bound, gap=_gap(gap, indicator))]
    people = sentences.gap_in_people(row, indicator)
    if people and not (facts.public and bulletin_annexes.public_value(row.to_dict())):
        words.append(people)
    if indicator.unit == "percent":
        words.append(say(f"bulletin.line.{row['state']}"))
    return [Run(say("bulletin.stop").join(words), sources.target(row))]


def _gap(gap: float, indicator: filters.Indicator) -> str:
    if indicator.unit == "percent":
        return say("common.change.points", value=display.number(gap, indicator.decimals))
    return value_text(gap, indicator)


def _course(line: Line, facts: Facts) -> list[Run]:
    shown = courses.words(line.course)
    key = (line.series.indicator.code, line.series.dims)
    return [Run(shown[0].lower() + shown[1:])] if shown and key not in facts.quiet else []


# ---- units that need attention -----------------------------------------------------------------------


def _attention(facts: Facts, sources: Register) -> list[Block]:
    """What the overview says of the units, the gravest first."""
    found = facts.attention.found
    left_out = [_plain(say("bulletin.attention.left_out", n=facts.left_out))] if facts.left_out else []
    if found.empty:
        return [_plain(say("bulletin.attention.none", compared=facts.attention.compared)), *left_out]
    counts = {
        "compared": display.number(facts.attention.compared), "n": display.number(len(found) + facts.left_out),
        "sure": display.number(int(found["sure"].sum())), "alarms": display.number(facts.attention.alarms, 0),
    }  # fmt: skip
    blocks: list[Block] = [
        _paragraph([Run(say("bulletin.attention.count", **counts), sources.rule(say("bulletin.source.attention")))])
    ]
    names, past = filters.unit_words(), _years_before(found.head(LINES))
    for n, (_, row) in enumerate(found.head(LINES).iterrows(), 1):
        shown = row.copy()
        if facts.public:
            shown["change"] = float("nan")  # the year before may rest on a small number
        unit_id = int(row["org_unit_id"])
        what, more = sentences.pieces(shown, names(unit_id), attention_list.owner(unit_id))
        words = spoken(say("overview.attention.stop").join([*what, *more]))
        refs = sources.value({**row.to_dict(), "obs_status": "normal"})
        before = past.get(_year_before(row)) if pd.notna(shown["change"]) else None
        refs += () if before is None else sources.value(before)
        blocks.append(_paragraph([Run(say("bulletin.number", n=n)), Run(words, refs), Run(say("bulletin.end"))]))
    if len(found) > LINES:
        blocks.append(_plain(say("bulletin.attention.more", n=len(found))))
    return [*blocks, *left_out]


def _year_before(row: pd.Series) -> Cell:
    """The value that a change is reckoned from."""
    past = series.year_before(str(row["period"])) or ""
    return int(row["org_unit_id"]), str(row["indicator"]), past, str(row["dims"])


def _years_before(found: pd.DataFrame) -> dict[Cell, dict[Any, Any]]:
    """These values of all lines, in one query."""
    wanted = {_year_before(row) for _, row in found.iterrows()}
    codes, periods, dims = (sorted({str(each[place]) for each in wanted}) for place in (1, 2, 3))
    held = data.cells(codes, sorted({each[0] for each in wanted}), periods, dims)
    keys = zip(held["org_unit_id"], held["indicator"], held["period"], held["dims"], strict=True)
    return {key: row.to_dict() for key, (_, row) in zip(keys, held.iterrows(), strict=True) if key in wanted}


# ---- findings ----------------------------------------------------------------------------------------


def _findings(facts: Facts, sources: Register) -> list[Block]:
    """How much of what inspections found is mended, by kind; inside the office the open ones by name."""
    now, earlier = facts.findings, facts.earlier
    if now.empty and earlier.empty:
        return [_plain(say("bulletin.findings.none"))]
    ref = sources.rule(say("bulletin.source.findings"))
    today = date.today()
    blocks: list[Block] = []
    if len(now):
        blocks.append(_paragraph([Run(problems.sum_words(tally(now, today)) + say("bulletin.end"), ref)]))
        blocks.append(_by_kind(now, today))
    else:
        blocks.append(_plain(say("bulletin.findings.none_now")))
    if len(earlier):
        blocks.append(_paragraph([Run(say("bulletin.findings.earlier", n=display.number(len(earlier))), ref)]))
    unmended = pd.concat([now[now["state"] != "rectified"], earlier])
    if not facts.public and len(unmended):
        blocks += _unmended(unmended, sources)
    return blocks


def _by_kind(frame: pd.DataFrame, today: date) -> Table:
    rows = [
        (
            problems.category_name(str(code)),
            held.total,
            held.rectified,
            held.open,
            held.overdue,
            problems.share_text(held),
        )
        for code, held in tallies(frame, "category", today).items()
    ]
    heads = tuple(say(f"bulletin.findings.{name}") for name in ("kind", "total", "done", "open", "overdue", "share"))
    body_ = tuple(tuple(Run(str(value)) for value in row) for row in rows)
    return Table(say("bulletin.findings.table"), heads, body_, (40, 14, 14, 14, 14, 16), frozenset(range(1, 6)))


def _unmended(frame: pd.DataFrame, sources: Register) -> list[Block]:
    order = frame.sort_values("due_on", na_position="last", kind="stable")
    blocks: list[Block] = [
        _plain(say("bulletin.findings.open_lead", n=display.number(len(frame)), shown=min(LINES, len(frame))))
    ]
    for n, row in enumerate(order.head(LINES).to_dict("records"), 1):
        day = problems.day(row["due_on"])
        due = period_text(day) if day else ""
        words = say(
            "bulletin.findings.line", unit=row["org_unit_name"], text=str(row["text"]).rstrip(f".{say('bulletin.end')}")
        )
        until = say("bulletin.findings.due", day=due) if due else ""
        runs = [Run(say("bulletin.number", n=n)), Run(words + until, sources.finding(row)), Run(say("bulletin.end"))]
        blocks.append(_paragraph(runs))
    return blocks


# ---- notes -------------------------------------------------------------------------------------------


def _notes(facts: Facts) -> list[Block]:
    held = ["rates", "chance", "sources", "suppressed" if facts.public else "internal"]
    return [_plain(say("bulletin.number", n=n) + say(f"bulletin.note.{name}")) for n, name in enumerate(held, 1)]
