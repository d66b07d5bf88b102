"""What a person waits for after handing in a big sheet, against only getting its cells through a limited process."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from db.catalogue import load_catalogue
from etl.pipeline import draft_from_file
from etl.places import Directory
from etl.sandbox import DEFAULT_LIMITS, ROOT
from tests.bench import big_sheet
from tests.bench.measure import Figure, compared

# The limits of etl.sandbox, the cells as python-calamine gives them, back by the fastest way that knows dates.
_CHILD = """
import io, os, pickle, resource, sys
memory, seconds = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
rows = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
pickle.dump(rows, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
sys.stdout.flush()
os._exit(0)
"""


@cache
def path() -> Path:
    """The sheet, written once a run where the fresh processes of `peak` find it too."""
    kept = Path(tempfile.gettempdir()) / f"bench-{big_sheet.ROWS}-{Path(big_sheet.__file__).stat().st_mtime_ns}.xlsx"
    if not kept.exists():
        kept.write_bytes(big_sheet.content())
    return kept


@cache
def directory() -> Directory:
    return Directory(big_sheet.units())


def preview() -> None:
    """Bytes to draft, as the upload page does before it asks the store."""
    draft = draft_from_file(path().name, path().read_bytes(), load_catalogue(), directory())
    if len(draft.observations) < big_sheet.ROWS:
        raise RuntimeError(
            f"only {len(draft.observations)} observations: {[each.sentence for each in draft.issues[:3]]}"
        )


def cells_only() -> None:
    """A limited child that reads the cells and hands them over."""
    limits = (str(DEFAULT_LIMITS.memory), str(DEFAULT_LIMITS.cpu_seconds))
    command = [sys.executable, "-I", "-c", _CHILD, *limits]
    done = subprocess.run(command, input=path().read_bytes(), capture_output=True, check=True, cwd=ROOT)
    [rows] = pickle.loads(done.stdout)
    if len(rows) < big_sheet.ROWS:
        raise RuntimeError(f"only {len(rows)} rows")


def figures(repeats: int) -> Iterator[Figure]:
    path(), directory()
    what = f"预览 {big_sheet.ROWS} 行 × {len(big_sheet.HEADINGS)} 列的 xlsx"
    yield compared(what, preview, "受限子进程 + python-calamine", cells_only, 2.0, min(repeats, 2))
