"""The environment, read in one place: `EDU_DATABASE_URL`, `EDU_DATA_DIR`, `EDU_APPROVAL` and `EDU_MAP_FILE`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
STORE_FILE = "store.sqlite3"
MAP_FILE = "map.geojson"
_POSTGRES = ("postgres://", "postgresql://")


class Approval(StrEnum):
    """Whether a file is looked at again before it is stored: OFF never, ANY by anyone, OTHER by another person than the
    one who submitted it."""

    OFF = "off"
    ANY = "any"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the store lies. `data_dir` holds the default SQLite file and whatever else must survive; `map_file` is the
    bureau's own map of its divisions, if it has put one there."""

    database_url: str
    data_dir: Path
    approval: Approval = Approval.OFF
    map_file: Path | None = None
    reader_url: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """`EDU_DATA_DIR` moves the data folder, `EDU_DATABASE_URL` names another database, `EDU_APPROVAL` (off, any,
        other) wants approval before anything is stored; a word that is none of these counts as the strictest; `EDU_MAP_FILE` names
        a GeoJSON file that lies elsewhere than in the data folder; `EDU_READER_URL` the same PostgreSQL database under a role
        that does not own it, by which accounts with a scope read."""
        values = os.environ if environment is None else environment
        data_dir = Path(values.get("EDU_DATA_DIR") or PROJECT_ROOT / "data").expanduser()
        url = values.get("EDU_DATABASE_URL") or f"sqlite:///{data_dir / STORE_FILE}"
        map_file = Path(values.get("EDU_MAP_FILE") or data_dir / MAP_FILE).expanduser()
        reader = values.get("EDU_READER_URL")
        reader_url = with_driver(reader) if reader else None
        return cls(with_driver(url), data_dir, _approval(values.get("EDU_APPROVAL", "")), map_file, reader_url)


def _approval(said: str) -> Approval:
    word = said.strip().lower() or Approval.OFF.value
    return Approval(word) if word in set(Approval) else Approval.OTHER


def with_driver(url: str) -> str:
    """A plain PostgreSQL URL gets the driver that is installed (psycopg 3)."""
    for prefix in _POSTGRES:
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
