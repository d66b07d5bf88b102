"""A unit's file on one screen and one printed page: every indicator with its district, the schools alike and its
course; what inspections found; where the numbers come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from pages.analysis import display, series
from pages.analysis.rectification import tally
from pages.charts.multiples import Panel
from pages.charts.sparkline import sparkline
from pages.ui import alike, benchmarks, cards, data, links, problems, profile
from pages.ui.dossier_style import STYLE
from pages.ui.tables import SYMBOLS
from pages.ui.text import (
    COUNTED,
    coded,
    definition_of,
    fraction_text,
    join,
    period_brief,
    period_short,
    say,
    value_text,
)

SIZE = "enrollment"
FINDINGS, FILES = 6, 6  # of which so many are listed


class Line(NamedTuple):
    """One indicator of the file: its youngest own value with the values it is measured against."""

    choice: profile.Choice
    own: profile.Record
    history: list[profile.Record]  # own values of the same kind of period, oldest first
    over: tuple[int, profile.Record] | None
    peers: Mapping[str, object] | None


def without_parts(choices: Sequence[profile.Choice]) -> list[profile.Choice]:
    """The choices less the counts that stand as numerator or denominator of a rate among them; the size stays."""
    held = [data.indicator(code) for code, _ in choices]
    parts = {part for each in held for part in (each.numerator, each.denominator)} - {SIZE}
    return [each for each in choices if each[0] not in parts]


def lines(unit_id: int, choices: Sequence[profile.Choice], judged: pd.DataFrame) -> list[Line]:
    """The indicators of the file in the catalogue's order (`judged`: the unit in all periods, the one above in the
    youngest)."""
    groups = profile.grouped(judged)
    histories = {choice: _history(groups[choice], unit_id) for choice in without_parts(choices)}
    histories = {choice: rows for choice, rows in histories.items() if rows}
    newest = pd.DataFrame([rows[-1] for rows in histories.values()])
    peer_ids = [int(each) for each in alike.nearest(unit_id).index]
    others = profile.grouped(benchmarks.of_units(peer_ids, newest)) if peer_ids and len(newest) else {}
    over_it = above(unit_id)
    found = []
    for choice, rows in histories.items():
        own = rows[-1]
        over = next(
            (row for row in groups[choice] if row["org_unit_id"] == over_it and row["period"] == own["period"]), None
        )
        peers = benchmarks.of_peers(others.get(choice, []), peer_ids, choice)
        found.append(Line(choice, own, rows, None if over_it is None or over is None else (over_it, over), peers))
    return found


def above(unit_id: int) -> int | None:
    """The unit that a unit is measured against: its district, else the topmost one."""
    return next((each for each in profile.above(unit_id) if each is not None and each != unit_id), None)


def _history(rows: Iterable[profile.Record], unit_id: int) -> list[profile.Record]:
    own = {row["period"]: row for row in rows if row["org_unit_id"] == unit_id}
    return [own[code] for code in profile.periods_of(own.values())]


def panels(judged: pd.DataFrame, choices: Sequence[profile.Choice], level: str | None) -> list[Panel]:
    """The courses of the file as they stand on paper (`judged`: the unit's own values)."""
    groups, found = profile.grouped(judged), []
    for choice in without_parts(choices):
        own = {row["period"]: row for row in groups.get(choice, [])}
        held = [own[code] for code in profile.periods_of(own.values())]
        if held:
            last, indicator = held[-1], data.indicator(*choice)
            target = float(last["target"]) if last["benchmark"] == "target" else None
            values, names = [float(row["value"]) for row in held], [period_short(str(row["period"])) for row in held]
            found.append(
                Panel(profile.title(choice, level), value_text(last["value"], indicator), names, values, target)
            )
    return found


def draw(
    unit_id: int, held: Sequence[Line], findings: pd.DataFrame, files: pd.DataFrame, register: Mapping[str, str]
) -> None:
    """The file on the page."""
    level = profile.level_of([unit_id])
    by_domain: dict[str, list[Line]] = {}
    for each in held:
        by_domain.setdefault(data.indicator(*each.choice).domain, []).append(each)
    blocks = [_block(coded("domain", domain), rows, level) for domain, rows in by_domain.items()]
    blocks += [_findings(findings, unit_id), _register(register), _files(files, summed=bool(held)), _alike(unit_id)]
    key = say("dossier.key")
    below = f'<div class="dossier-key">{escape(key)}</div>{_foot()}'
    st.html(f'{STYLE}<div class="dossier">{"".join(blocks)}</div>{below}')


def _section(title: str, body: str) -> str:
    return f"<section><h3>{escape(title)}</h3>{body}</section>" if body else ""


def _block(title: str, held: Sequence[Line], level: str | None) -> str:
    """The indicators of one domain; the period that most share stands in the head, another one beside its name."""
    periods = Counter(str(each.own["period"]) for each in held)
    main = periods.most_common(1)[0][0]
    over = next((data.name(each.over[0]) for each in held if each.over is not None), "")
    peers = say("benchmarks.peers") if any(each.peers for each in held) else ""
    heads = [(join([title, period_short(main)]), ""), (say("dossier.own"), ""), (say("dossier.change"), ""), (over, ""), (peers, ""),
             (say("dossier.course"), "course")]  # fmt: skip
    shown = [n for n, (text, _) in enumerate(heads) if text]
    rows = [_row(each, level, main) for each in held]
    top = "".join(_head(*heads[n], strong=n == 0) for n in shown)
    body = "".join("<tr>" + "".join(row[n] for n in shown) + "</tr>" for row in rows)
    return f"<section><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></section>"


def _head(text: str, kind: str, *, strong: bool) -> str:
    inner = f"<h3>{escape(text)}</h3>" if strong else escape(text)
    return f'<th scope="col" class="{kind}">{inner}</th>'


def _row(line: Line, level: str | None, main: str) -> list[str]:
    own, indicator = line.own, data.indicator(*line.choice)
    when = "" if own["period"] == main else f" <small>{escape(period_short(str(own['period'])))}</small>"
    name = escape(profile.title(line.choice, level))
    counted = indicator.unit in COUNTED
    over = (
        "" if counted or line.over is None else _other(own, line.over[1], data.name(line.over[0]), _proof(line.over[1]))
    )
    peers = "" if counted or line.peers is None else _other(own, line.peers, say("benchmarks.peers"), "")
    values = [float(each["value"]) for each in line.history]
    label = " ".join(f"{period_brief(each['period'])} {value_text(each['value'], indicator)}" for each in line.history)
    return [
        f'<th scope="row" title="{escape(definition_of(indicator))}">{name}{when}</th>',
        f"<td>{_value(own)}</td>",
        f"<td>{_change(line)}</td>",
        f"<td>{over}</td>",
        f"<td>{peers}</td>",
        f'<td class="course">{sparkline(values, label)}</td>',
    ]


def _value(own: profile.Record) -> str:
    indicator = data.indicator(str(own["indicator"]), str(own["dims"]))
    text = escape(value_text(own["value"], indicator, status=str(own["obs_status"])))
    counts = fraction_text(own["numerator"], own["denominator"]).replace(" ", "")
    more = f" <small>{escape(counts)}</small>" if counts else ""
    return f'<a href="{escape(_proof(own))}">{text}</a>{_sign(str(own["state"]), cards.state_words(str(own["state"])))}{more}'


def _proof(row: profile.Record) -> str:
    where = {name: row[name] for name in ("indicator", "period", "dims")}
    return links.url("evidence", unit=row["org_unit_id"], **where)


def _sign(state: str, words: str) -> str:
    """A state as a sign on its colour, its words for readers of the screen and over it."""
    sign = SYMBOLS.get(state, "").strip()
    if not sign:
        return ""
    return f' <i class="{escape(state)}" title="{escape(words)}" aria-hidden="true">{sign}</i><span class="unseen">{escape(words)}</span>'


def _change(line: Line) -> str:
    indicator, period = data.indicator(*line.choice), str(line.own["period"])
    values = pd.Series({row["period"]: row["value"] for row in line.history}, dtype="float64")
    change = series.change(values, period)
    return (
        "" if change is None else escape(display.signed(change, 0 if indicator.unit in COUNTED else indicator.decimals))
    )


def _other(own: profile.Record, other: Mapping[str, object], name: str, href: str) -> str:
    indicator = data.indicator(str(own["indicator"]), str(own["dims"]))
    text = escape(value_text(other["value"], indicator))
    shown = f'<a href="{escape(href)}">{text}</a>' if href else text
    mark = benchmarks.mark(own, other, name)
    return shown + (_sign(*mark) if mark else "")


def _findings(frame: pd.DataFrame, unit_id: int) -> str:
    """How much of what inspections found is mended, and the problems themselves: the open ones first."""
    if frame.empty:
        return _section(say("school.findings"), f"<div>{escape(say('dossier.no_findings'))}</div>")
    order = frame.assign(mended=frame["state"] == "rectified").sort_values("mended", kind="stable")
    rows = "".join(_finding(row, unit_id) for row in order.head(FINDINGS).to_dict("records"))
    rest = len(frame) - FINDINGS
    more = f"<div><small>{escape(say('dossier.more', n=rest))}</small></div>" if rest > 0 else ""
    words = f"<div>{escape(problems.sum_words(tally(frame, date.today())))}</div>"
    return _section(say("school.findings"), f"{words}<table><tbody>{rows}</tbody></table>{more}")


def _finding(held: Mapping[Any, Any], unit_id: int) -> str:
    href = links.url("evidence", finding=held["finding_id"])
    who = "" if held["org_unit_id"] == unit_id else f"{held['org_unit_name']} "
    state = str(held["state"])
    due = problems.day(held["due_on"])
    until = say("dossier.due", day=due) if due and state != "rectified" else problems.day(held["closed_on"])
    return (
        f'<tr><td class="wide">{escape(who)}<a href="{escape(href)}">{escape(str(held["text"]))}</a></td>'
        f"<td>{escape(problems.day(held['found_on']))}</td>"
        f"<td>{_sign(problems.SIGNS[state], '')} {escape(coded('finding_state', state))}</td><td>{escape(until)}</td></tr>"
    )


def _register(lines_: Mapping[str, str]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(say(f"school.register.{key}"))}</th><td class="wide">{escape(text)}</td></tr>'
        for key, text in lines_.items()
        if text
    )
    return _section(say("school.register.title"), f"<table><tbody>{rows}</tbody></table>" if rows else "")


def _files(frame: pd.DataFrame, *, summed: bool) -> str:
    """The youngest files that the values rest on; `summed`: there are values, of the units below if of no file."""
    names = frame.drop_duplicates("source_file_id")
    if names.empty and not summed:
        return ""
    if names.empty:
        return _section(say("school.sources"), f"<div>{escape(say('school.no_sources'))}</div>")
    listed = [
        f'<div><a href="{escape(links.url("evidence", doc=int(file_id)))}">{escape(str(name))}</a></div>'
        for file_id, name in names[["source_file_id", "name"]].head(FILES).itertuples(index=False)
    ]
    rest = len(names) - FILES
    more = f"<div><small>{escape(say('dossier.more_files', n=rest))}</small></div>" if rest > 0 else ""
    return _section(say("school.sources"), "".join(listed) + more)


def _alike(unit_id: int) -> str:
    """The schools alike by name, nearest first, and the way to see them side by side."""
    near = [int(each) for each in alike.nearest(unit_id).index]
    if not near:
        return ""
    stops = [say("profile.comma")] * (len(near) - 1) + [""]
    names = [
        f'<span><a href="{escape(links.url("school", unit=each))}">{escape(data.name(each))}</a>{stop}</span>'
        for each, stop in zip(near, stops, strict=True)
    ]
    units = [unit_id, *near[: alike.OFFERED]]
    side = (
        f'<a href="{escape(links.url("compare", units=units, like=unit_id))}">{escape(say("dossier.side_by_side"))}</a>'
    )
    body = f"{escape(say('dossier.alike', n=len(near)))}{'<wbr>'.join(names)} <small>{side}</small>"
    return _section(say("benchmarks.peers"), f'<div class="alike">{body}</div>')


def _foot() -> str:
    """What only paper needs: who checked it, when it was printed, which state of the store it shows."""
    parts = (
        say("dossier.signed"),
        say("dossier.checked"),
        say("dossier.printed", day=date.today().isoformat(), revision=data.revision()),
    )
    return '<div class="dossier-foot">' + "".join(f"<span>{escape(each)}</span>" for each in parts) + "</div>"
