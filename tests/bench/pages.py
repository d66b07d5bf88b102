"""All SQL of each page, on a store of ten million facts against one of a million: for a county's leader and a province's.

`cold` is the first reader after a change of the store; the next one finds it in the cache and asks next to nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa

from db.engine import make_engine
from db.schema import org_unit
from tests.bench import stores
from tests.bench.measure import ROOT, Figure

MOST_MS, GROWTH = 10.0, 1.5
READERS = {"county": "县", "province": "省"}


@cache
def measured(facts: int, reader: str) -> dict[str, dict[str, Any]]:
    """What tests.bench.page_sql says of a store, in a process of its own."""
    address = stores.url(facts)
    command = [sys.executable, "-m", "tests.bench.page_sql", address, _scope(address) if reader == "county" else ""]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def _scope(address: str) -> str:
    """The path of the first county, which both stores hold alike."""
    engine = make_engine(address)
    with engine.connect() as connection:
        first = sa.select(org_unit.c.path).where(org_unit.c.kind == "county").order_by(org_unit.c.id).limit(1)
        path = connection.scalar(first)
    engine.dispose()
    return str(path)


def figures(repeats: int) -> Iterator[Figure]:
    """Two lines for each page and reader: the milliseconds, and their growth; `repeats` is that of page_sql."""
    for reader, word in READERS.items():
        small, large = measured(stores.SMALL, reader), measured(stores.LARGE, reader)
        for page, one in large.items():
            what = f"{word}用户打开 {page} 的全部 SQL({one['statements']} 句,此后 {one['warm']:.2f} ms)"
            yield Figure(f"{what},{stores.LARGE} 个数", (one["cold"],), MOST_MS, "ms")
            less = max(small[page]["cold"], 0.001)
            yield Figure(what, (one["cold"],), GROWTH, "ms", f"{stores.SMALL} 个数", (less,))
