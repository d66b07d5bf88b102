"""Which function reads which kind of content."""

from __future__ import annotations

from collections.abc import Callable

from db.records import Reading

ReadFunction = Callable[[bytes, str], Reading]
READERS: dict[str, ReadFunction] = {}


def reader(*kinds: str) -> Callable[[ReadFunction], ReadFunction]:
    """Registers a function for the kinds that `sniff` names; two claimants of a kind are a ValueError."""

    def register(read: ReadFunction) -> ReadFunction:
        for kind in kinds:
            if kind in READERS:
                raise ValueError(f"two readers claim {kind}")
            READERS[kind] = read
        return read

    return register
