"""One sum three ways: pupils by county and school year, from our rollups, from the facts by plain SQL, and by pandas from
the sheets that the bureaus sent in. All must come to the same."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from time import perf_counter

import pandas as pd
import sqlalchemy as sa

from db import queries
from db.engine import make_engine
from db.schema import org_unit, source_content, source_file
from tests.bench import stores
from tests.bench.measure import Figure

PUPILS = "在校生数"
HEAD_ROWS = 2  # title and reporting unit stand above the header of a sheet
Sums = dict[tuple[str, str], int]  # by county and period
_PLAIN = """
SELECT u.name, p.code, SUM(o.value) FROM observation AS o
JOIN org_unit AS u ON u.id = o.area_id JOIN indicator AS i ON i.id = o.indicator_id
JOIN period AS p ON p.id = o.period_id JOIN dim_set AS d ON d.id = o.dim_set_id
WHERE i.code = 'enrollment' AND d.rest = '' AND o.valid_to IS NULL AND u.kind = 'county' GROUP BY u.name, p.code
"""


@cache
def engine() -> sa.Engine:
    return make_engine(stores.url(stores.LARGE))


def folder() -> Path:
    return Path(tempfile.gettempdir()) / f"bench-sheets-{stores.LARGE}"


def sheets() -> Path:
    """The originals as the files that the counties sent, written out once."""
    if not folder().exists():
        making = folder().with_suffix(".making")
        making.mkdir(exist_ok=True)
        query = sa.select(source_file.c.name, source_content.c.content).join_from(source_file, source_content)
        with engine().connect() as connection:
            for name, packed in connection.execute(query.execution_options(yield_per=100)):
                (making / name).write_bytes(zlib.decompress(packed))
        making.rename(folder())
    return folder()


def by_rollups() -> Sums:
    with engine().connect() as connection:
        counties = dict(
            connection.execute(sa.select(org_unit.c.id, org_unit.c.name).where(org_unit.c.kind == "county"))
            .tuples()
            .all()
        )
        cells = queries.cells(connection, indicators=["enrollment"], org_unit_ids=list(counties), dims=["level=ALL"])
    rows = zip(cells["org_unit_id"], cells["period"], cells["value"], strict=True)
    return {(counties[int(unit)], str(period)): int(value) for unit, period, value in rows}


def by_plain_sql() -> Sums:
    with engine().connect() as connection:
        return {(name, period): int(value) for name, period, value in connection.execute(sa.text(_PLAIN))}


def by_pandas() -> Sums:
    parts = []
    for path in sheets().glob("*.csv"):
        frame = pd.read_csv(path, skiprows=HEAD_ROWS, usecols=[PUPILS], encoding="utf-8-sig")
        place, _, _ = path.stem.partition("学年初")
        parts.append((place[3:-9], f"SY{place[-9:-5]}", int(frame[PUPILS].sum())))
    sums = pd.DataFrame(parts, columns=["county", "period", "n"]).groupby(["county", "period"])["n"].sum()
    return {(str(place[0]), str(place[1])): int(n) for place, n in sums.items()}  # type: ignore[index]


def figures(repeats: int) -> Iterator[Figure]:
    """Ours in turns with each of the others, which are asked once where they take long."""
    sheets()
    wanted = by_rollups()
    what = f"每县每学年在校生合计,库中 {stores.LARGE} 个数,由汇总"
    others = (
        (by_plain_sql, "不用汇总的 SQL", 3),
        (by_pandas, "pandas 逐份读原表", 1),
    )
    for other, name, most in others:
        ours, theirs = [], []
        for _ in range(min(repeats, most)):
            for act, taken in ((by_rollups, ours), (other, theirs)):
                start = perf_counter()
                found = act()
                taken.append(perf_counter() - start)
                if found != wanted:
                    raise RuntimeError(f"{act.__name__} comes to other sums")
        yield Figure(what, tuple(ours), 1.0, "s", name, tuple(theirs))
