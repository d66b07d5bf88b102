"""The directory and the streams of an OLE compound file (doc, xls, et, wps, encrypted docx and xlsx)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA  # this and above are no sector numbers
_ROOT, _STREAM = 5, 2
_SMALL = 4096  # streams below this size lie in 64-byte pieces inside the root's own stream
_PIECE = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """A stream or storage: its name, kind, first sector and size in bytes."""

    name: str
    kind: int
    start: int
    size: int


class CompoundFile:
    """Reads names and streams. Raises ValueError or struct.error when the structure does not hold."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        (shift,) = struct.unpack_from("<H", content, 30)
        if shift not in (9, 12):
            raise ValueError("sector size")
        self._size = 1 << shift
        self._fat = self._read_fat()
        (directory,) = struct.unpack_from("<I", content, 48)
        self.entries = tuple(_entries(self._sectors(directory)))

    def has(self, name: str) -> bool:
        """Whether a stream or storage of that name stands anywhere in the directory."""
        return any(entry.name == name for entry in self.entries)

    def stream(self, name: str) -> bytes:
        """The bytes of the first stream of that name; ValueError when there is none or it is cut off."""
        entry = next((entry for entry in self.entries if entry.name == name and entry.kind == _STREAM), None)
        if entry is None:
            raise ValueError(f"no stream {name}")
        data = self._small(entry.start) if entry.size < _SMALL else self._sectors(entry.start)
        if len(data) < entry.size:
            raise ValueError(f"stream {name} is cut off")
        return data[: entry.size]

    def _sectors(self, first: int) -> bytes:
        return b"".join(self._sector(number) for number in _chain(self._fat, first))

    def _small(self, first: int) -> bytes:
        root = next((entry for entry in self.entries if entry.kind == _ROOT), None)
        if root is None or first >= _LAST:
            return b""
        (table,) = struct.unpack_from("<I", self._content, 60)
        raw = self._sectors(table)
        pieces = struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])
        container = self._sectors(root.start)
        return b"".join(container[n * _PIECE : (n + 1) * _PIECE] for n in _chain(pieces, first))

    def _sector(self, number: int) -> bytes:
        begin = (number + 1) * self._size
        if begin >= len(self._content):
            raise ValueError("sector behind the end of the file")
        return self._content[begin : begin + self._size]

    def _read_fat(self) -> list[int]:
        numbers = list(struct.unpack_from("<109I", self._content, 76))
        (following,) = struct.unpack_from("<I", self._content, 68)
        seen: set[int] = set()
        while following < _LAST and following not in seen:
            seen.add(following)
            more = struct.unpack(f"<{self._size // 4}I", self._sector(following))
            numbers += more[:-1]
            following = more[-1]
        fat: list[int] = []
        for number in numbers:
            sector = self._sector(number) if number < _LAST else b""
            fat += struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])
        return fat


def _chain(table: Sequence[int], number: int) -> Iterator[int]:
    """The numbers of one chain; a loop or a number outside the table is a ValueError."""
    seen: set[int] = set()
    while number < _LAST:
        if number in seen or number >= len(table):
            raise ValueError("broken sector chain")
        seen.add(number)
        yield number
        number = table[number]


def _entries(raw: bytes) -> Iterator[Entry]:
    for begin in range(0, len(raw) - 127, 128):
        (length,) = struct.unpack_from("<H", raw, begin + 64)
        if 2 <= length <= 64 and raw[begin + 66] in (1, _STREAM, _ROOT):
            name = raw[begin : begin + length - 2].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", raw, begin + 116)
            yield Entry(name, raw[begin + 66], start, size)
