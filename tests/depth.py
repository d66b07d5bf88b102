"""How long random tests go on: as long as a run of all tests can afford, `EDU_TEST_DEPTH` times as long in `make soak`."""

from __future__ import annotations

import os

DEPTH = int(os.environ.get("EDU_TEST_DEPTH", "1"))


def seeds(sqlite: int, postgresql: int) -> list[tuple[str, int]]:
    """(database, seed) of walks that no two of are the same: what a walk tests is seldom a matter of the database, so each
    goes ways of its own. For `parametrize(("backend", "seed"), …, indirect=["backend"])`."""
    on_sqlite, on_postgres = range(sqlite * DEPTH), range(sqlite * DEPTH, (sqlite + postgresql) * DEPTH)
    return [*(("sqlite", seed) for seed in on_sqlite), *(("postgresql", seed) for seed in on_postgres)]
