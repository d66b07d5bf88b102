"""A large sheet into an empty store, against what people write in its place: `pandas.read_excel` (openpyxl) + `to_sql`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from db.catalogue import load_catalogue
from db.engine import make_engine
from db.migrations import upgrade
from db.org import load_org_units, org_directory
from db.records import OrgUnitInput
from db.store import save_import
from etl.pipeline import draft_from_file
from etl.places import Directory
from tests.bench import big_sheet, preview
from tests.bench.measure import Figure, seconds


def figures(repeats: int) -> Iterator[Figure]:
    """Once, whatever the repeats: ours takes minutes. What theirs leaves out (units, periods, checks, proof, sums, undoing)
    is not made up for."""
    path = preview.path()
    with tempfile.TemporaryDirectory() as name:
        engine = make_engine(f"sqlite:///{Path(name) / 'ours.sqlite3'}")
        upgrade(engine)
        units = [
            OrgUnitInput(str(one.id), None if one.parent_id is None else str(one.parent_id), one.kind, one.name, one.code,
                         level=one.level)
            for one in big_sheet.units()
        ]  # fmt: skip
        load_org_units(engine, units)
        with engine.connect() as connection:
            directory = Directory(org_directory(connection))

        def ours() -> None:
            draft = draft_from_file(path.name, path.read_bytes(), load_catalogue(), directory)
            result = save_import(engine, draft, "bench")
            if result.outcome != "stored" or result.new < big_sheet.ROWS:
                raise RuntimeError(f"{result.outcome}: {result.new} new")

        def theirs() -> None:
            frame = pd.read_excel(path, engine="openpyxl")
            other = make_engine(f"sqlite:///{Path(name) / 'theirs.sqlite3'}")
            frame.to_sql("sheet", other, index=False)
            other.dispose()

        what = f"{big_sheet.ROWS} 行 × {len(big_sheet.HEADINGS)} 列的 xlsx 从文件到入库(依据、汇总、日志齐备)"
        floor = (seconds(theirs),)
        yield Figure(what, (seconds(ours),), 1.0, "s", "pandas.read_excel(openpyxl) + to_sql", floor)
        engine.dispose()
