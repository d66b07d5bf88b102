"""Imports and approvals until killed: `python -m tests.soak.crash_child URL PLACE`, a nursery that forks one worker for
each line `FIRST STATEMENT` on its input (kill yourself before that many statements; 0: the parent kills).

A worker writes `begin N`, and `done N` only after the store has acknowledged step N.
"""

from __future__ import annotations

import json
import os
import signal
import sys

import sqlalchemy as sa

from db.drafts import open_draft, save_draft
from db.drafts_store import approve_draft, submit_draft
from db.engine import make_engine
from db.org import revision
from db.records import Draft
from db.records_drafts import Choices, Step, summary_of
from db.settings import Approval
from db.store import save_import
from tests.db.makers import Fact, Place, sheet

UNITS = ("n1a", "n2a", "n2b", "q1a", "n1b")
APPROVED_EVERY = 3  # every third file is handed in by one person and approved by another


def file_of(place: Place, number: int) -> Draft:
    """The file of a step: it corrects the same five cells each time, so old rows are closed and rollups change."""
    facts = [Fact(unit, "enrollment", 1000 + number + at, "level=PRI") for at, unit in enumerate(UNITS)]
    return sheet(place, facts, f"第{number}份.xlsx")


def do(engine: sa.Engine, place: Place, number: int) -> None:
    """One step; returns when the store has acknowledged it."""
    draft = file_of(place, number)
    if number % APPROVED_EVERY:
        save_import(engine, draft, "甲")
        return
    held = open_draft(engine, draft.source, "甲", summary_of(draft))
    with engine.connect() as connection:
        seen = revision(connection)
    held = save_draft(
        engine,
        held.id,
        held.version,
        "甲",
        step=Step.CONFIRM,
        choices=Choices(),
        summary=summary_of(draft),
        revision=seen,
    )
    held = submit_draft(engine, held.id, held.version, draft, "甲")
    with engine.connect() as connection:
        seen = revision(connection)
    approve_draft(engine, held.id, held.version, draft, "乙", seen=seen, approval=Approval.OTHER)


def work(url: str, place: Place, first: int, statement: int) -> None:
    engine = make_engine(url)
    left = statement

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if statement:
        for event in ("before_cursor_execute", "commit"):
            sa.event.listen(engine, event, count)
    number = first
    while True:
        say(f"begin {number}")
        do(engine, place, number)
        say(f"done {number}")
        number += 1


def say(line: str) -> None:
    os.write(1, line.encode() + b"\n")


def main() -> None:
    url, place = sys.argv[1], Place(json.loads(sys.argv[2]))
    for line in sys.stdin:
        first, statement = map(int, line.split())
        worker = os.fork()
        if worker == 0:
            try:
                work(url, place, first, statement)
            finally:
                os._exit(1)
        say(f"worker {worker}")
        _, status = os.waitpid(worker, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
