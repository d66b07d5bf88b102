"""The environment, read in one place: `EDU_DATABASE_URL` and `EDU_DATA_DIR`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
STORE_FILE = "store.sqlite3"
_POSTGRES = ("postgres://", "postgresql://")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the store lies. `data_dir` holds the default SQLite file and whatever else must survive."""

    database_url: str
    data_dir: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """`EDU_DATA_DIR` moves the data folder, `EDU_DATABASE_URL` names another database."""
        values = os.environ if environment is None else environment
        data_dir = Path(values.get("EDU_DATA_DIR") or PROJECT_ROOT / "data").expanduser()
        url = values.get("EDU_DATABASE_URL") or f"sqlite:///{data_dir / STORE_FILE}"
        return cls(with_driver(url), data_dir)


def with_driver(url: str) -> str:
    """A plain PostgreSQL URL gets the driver that is installed (psycopg 3)."""
    for prefix in _POSTGRES:
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
