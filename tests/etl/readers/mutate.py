"""Files of every kind that is read, and ways to break them: on the way (bytes) and by a faulty program (inside)."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from functools import cache

from tests.conftest import ROOT
from tests.etl.readers.make import zip_bytes

KINDS = ("xlsx", "xls", "et", "ods", "csv", "tsv", "docx", "doc", "wps", "pdf", "html", "txt")
LARGEST = 200_000
# What a faulty or hostile program writes where a number should stand.
_NUMBERS = (
    b"-1", b"0", b"99999999999", b"1e400", b"NaN", b"2147483648", b"0.1e-320", b"", b"18446744073709551616", b"60", b"-693595",
)  # fmt: skip
Rng = random.Random


@cache
def samples() -> tuple[tuple[str, bytes], ...]:
    """Name and bytes: every kind, from the annotated documents and the readers' own test files."""
    folders = (*(ROOT / "tests" / "gold").glob("*/docs"), ROOT / "tests" / "etl" / "readers" / "files")
    paths = sorted(path for folder in folders for path in folder.iterdir() if path.stat().st_size <= LARGEST)
    found = tuple((path.name, path.read_bytes()) for path in paths if path.suffix[1:] in KINDS)
    missing = set(KINDS) - {name.rpartition(".")[2] for name, _ in found}
    if missing:
        raise FileNotFoundError(f"no sample of {sorted(missing)}")
    return found


def mutated(content: bytes, rng: Rng) -> bytes:
    """The file with one to three faults; of a zip container half of the time inside a member, whose checksum is right."""
    for _ in range(rng.randint(1, 3)):
        inside = content.startswith(b"PK") and rng.random() < 0.6
        content = _in_member(content, rng) if inside else rng.choice(_WAYS)(content, rng)
    return content


def _in_member(content: bytes, rng: Rng) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # an earlier fault broke the container: break its bytes once more
        return rng.choice(_WAYS)(content, rng)
    name = rng.choice([*members])
    if rng.random() < 0.1:
        del members[name]
    else:
        members[name] = rng.choice(_WAYS)(bytes(members[name]), rng)  # type: ignore[arg-type]
    return zip_bytes(members)


def _at(content: bytes, rng: Rng) -> int:
    return rng.randrange(len(content) + 1)


def _flip(content: bytes, rng: Rng) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 2, 8, 64)) if changed else 0):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _cut(content: bytes, rng: Rng) -> bytes:
    return content[: _at(content, rng)]


def _lose(content: bytes, rng: Rng) -> bytes:
    at = _at(content, rng)
    return content[:at] + content[at + rng.choice((1, 16, 512, 4096)) :]


def _repeat(content: bytes, rng: Rng) -> bytes:
    at = _at(content, rng)
    return content[:at] + content[at : at + rng.choice((4, 100, 1000))] * rng.choice((2, 3, 50)) + content[at:]


def _number(content: bytes, rng: Rng) -> bytes:
    """Another number in the place of one, a few times."""
    places = [found.span() for found in re.finditer(rb"-?\d+(?:\.\d+)?", content)]
    for start, end in sorted(rng.sample(places, min(len(places), rng.choice((1, 3, 20)))), reverse=True):
        content = content[:start] + rng.choice(_NUMBERS) + content[end:]
    return content


def _swap(content: bytes, rng: Rng) -> bytes:
    """A piece of one place at another."""
    at, from_ = _at(content, rng), _at(content, rng)
    piece = content[from_ : from_ + rng.choice((8, 64, 512))]
    return content[:at] + piece + content[at + len(piece) :]


_WAYS: tuple[Callable[[bytes, Rng], bytes], ...] = (_flip, _cut, _lose, _repeat, _number, _swap)
