"""The directory of an OLE compound file (doc, xls, et, wps, encrypted docx and xlsx)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA  # this and above are no sector numbers


@dataclass(frozen=True, slots=True)
class Entry:
    """A stream or storage: its name, first sector and size in bytes."""

    name: str
    start: int
    size: int


class CompoundFile:
    """Reads names and large streams. Raises ValueError or struct.error when the structure does not hold."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        (shift,) = struct.unpack_from("<H", content, 30)
        if shift not in (9, 12):
            raise ValueError("sector size")
        self._size = 1 << shift
        self._fat = self._read_fat()
        (directory,) = struct.unpack_from("<I", content, 48)
        raw = b"".join(self._chain(directory))
        self.entries = tuple(_entries(raw))

    def stream(self, name: str) -> bytes:
        """The bytes of a stream of 4096 bytes or more (smaller ones are stored elsewhere: ValueError)."""
        for entry in self.entries:
            if entry.name == name and entry.size >= 4096:
                return b"".join(self._chain(entry.start))[: entry.size]
        raise ValueError(f"no large stream {name}")

    def _sector(self, number: int) -> bytes:
        begin = (number + 1) * self._size
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

    def _chain(self, number: int) -> Iterator[bytes]:
        seen: set[int] = set()
        while number < _LAST:
            if number in seen or number >= len(self._fat):
                raise ValueError("broken sector chain")
            seen.add(number)
            yield self._sector(number)
            number = self._fat[number]


def _entries(raw: bytes) -> Iterator[Entry]:
    for begin in range(0, len(raw) - 127, 128):
        (length,) = struct.unpack_from("<H", raw, begin + 64)
        if 2 <= length <= 64 and raw[begin + 66] in (1, 2, 5):
            name = raw[begin : begin + length - 2].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", raw, begin + 116)
            yield Entry(name, start, size)
