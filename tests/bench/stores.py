"""Provinces of one and of ten million facts, made by the command that users have, kept in the temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from db.engine import make_engine
from db.migrations import upgrade
from db.revisions import head
from etl.samples import Province
from tests.bench.measure import ROOT

YEARS, INDICATORS = 10, 20
SMALL, LARGE = (
    int(os.environ.get(f"BENCH_{name}", default)) for name, default in (("SMALL", "1000000"), ("LARGE", "10000000"))
)


def province(facts: int) -> Province:
    """A province of so many facts; the counties of a smaller one are those of a larger one, number by number."""
    return Province(max(facts // (YEARS * INDICATORS), 1), YEARS, INDICATORS)


def path(facts: int) -> Path:
    """The file of a store, made when it is not there yet (ten million facts: about a quarter of an hour)."""
    kept = Path(tempfile.gettempdir()) / f"bench-province-{facts}-{head()}.sqlite3"
    older = [] if kept.exists() else sorted(kept.parent.glob(f"bench-province-{facts}-*.sqlite3"))
    if older:  # of a schema before: a copy is migrated, which takes less than making it anew
        shutil.copyfile(older[-1], kept.with_suffix(".making"))
        engine = make_engine(f"sqlite:///{kept.with_suffix('.making')}")
        upgrade(engine)
        engine.dispose()
        kept.with_suffix(".making").rename(kept)
    if not kept.exists():
        making = kept.with_suffix(".making")
        shape = province(facts)
        command = [sys.executable, "-m", "etl", "sample", "--schools", str(shape.schools), "--years", str(YEARS),
                   "--indicators", str(INDICATORS), "--to", f"sqlite:///{making}"]  # fmt: skip
        subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
        making.rename(kept)
    return kept


def url(facts: int) -> str:
    """The address of that store."""
    return f"sqlite:///{path(facts)}"
