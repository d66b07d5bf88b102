"""The bulletin of a unit and a period as a paper: facts, words, annexes; and its files, made when someone asks."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

import pandas as pd

from pages.analysis import display
from pages.exports.paper import Annex, Chart, Paper
from pages.ui import access, bulletin_annexes, bulletin_charts, bulletin_facts, bulletin_text, data
from pages.ui.bulletin_facts import Facts
from pages.ui.bulletin_sources import Register
from pages.ui.text import coded, language, moment_text, period_text, say, speaking_of


def facts(root: int, period: str, edition: str, kind: str) -> Facts:
    """What the bulletin tells, worked out once per revision of the store."""
    arguments = (root, period, edition, "" if edition == bulletin_facts.PUBLIC else kind)
    return data.kept("bulletin_facts", lambda: bulletin_facts.worked_out(root, period, edition, kind), *arguments)


def paper(told: Facts) -> Paper:
    """The paper as it is read on the page, in the reader's language: cover and body, charts not drawn, no annexes."""
    return _body(told)[0]


def _arguments(told: Facts) -> tuple[object, ...]:
    return told.root, told.period, told.edition, told.kind, language()


def _body(told: Facts) -> tuple[Paper, Register]:
    def make() -> tuple[Paper, Register]:
        sources = Register(told.public)
        with _speaking(told):
            body = bulletin_text.body(told, sources)
        return Paper(say(f"bulletin.mark.{told.edition}"), title(told), _cover(told), body, (), "", language(),
                     (say(f"bulletin.cover.note_{told.edition}"),), _set_title(told)), sources  # fmt: skip

    return data.kept("bulletin_body", make, *_arguments(told))


def _speaking(told: Facts) -> AbstractContextManager[None]:
    unit = data.unit(told.root)
    return speaking_of(unit.name, unit.kind)


def _cover(told: Facts) -> tuple[tuple[str, str], ...]:
    cover = [
        (say("bulletin.cover.unit"), data.name(told.root)),
        (say("bulletin.cover.period"), period_text(told.period)),
        (say("bulletin.cover.edition"), say(f"bulletin.edition.{told.edition}")),
        (say("bulletin.cover.version"), say("bulletin.cover.revision", n=display.number(data.revision()))),
    ]
    if not told.public:
        cover.insert(3, (say("bulletin.cover.kind"), coded("kind", told.kind)))
    return tuple(cover)


def annexes(told: Facts) -> tuple[Annex, ...]:
    """The annexes; what the figures rest on takes seconds for a whole city, so only who asks for them waits."""

    def make() -> tuple[Annex, ...]:
        with _speaking(told):
            return bulletin_annexes.all_of(told, _body(told)[1])

    return data.kept("bulletin_annexes", make, *_arguments(told))


def whole(told: Facts) -> Paper:
    """The paper as it goes out: charts drawn, annexes, its moment and its maker on the cover."""
    made, person = paper(told), access.current()
    cover = (
        *made.cover,
        (say("bulletin.cover.at"), moment_text(datetime.now().astimezone())),
        (say("bulletin.cover.by"), person.display_name),
    )
    with _speaking(told):
        charts = iter(bulletin_charts.all_of(told, drawn=True))
    body = tuple(next(charts) if isinstance(block, Chart) else block for block in made.body)
    return replace(made, cover=cover, author=person.display_name, body=body, annexes=annexes(told))


def cells(told: Facts) -> pd.DataFrame:
    """The judged values that the paper rests on: of the unit, also a year before, and of the units directly below."""
    own = [each for line in told.lines for each in (line.row, line.before) if each is not None]
    return pd.concat([pd.DataFrame(own), told.parts], ignore_index=True).drop(columns="hidden")


def title(told: Facts) -> str:
    """What the paper is called: a report of a month, or of a term or year."""
    return _set_title(told).replace("\n", "")


def _set_title(told: Facts) -> str:
    """The title with a line break where it may be broken."""
    kind = "month" if _is_month(told.period) else "term"
    return say(f"bulletin.paper.{kind}", unit=data.name(told.root), period=period_text(told.period))


def _is_month(period: str) -> bool:
    return len(period) == len("2026-10") and period[4:5] == "-" and period[5:].isdigit()
