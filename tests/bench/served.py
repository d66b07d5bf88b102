"""A data folder for what is measured as a person sees it."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import run_module


def ingested(folder: Path, *files: Path) -> Path:
    """A data folder whose store holds the files. Raises RuntimeError with the command's words."""
    done = run_module("etl", "ingest", *map(str, files), data_dir=folder)
    if done.returncode:
        raise RuntimeError(done.stdout[-1000:] + done.stderr[-1000:])
    return folder
