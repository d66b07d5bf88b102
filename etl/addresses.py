"""Addresses of cells, read back: the inverse of `Grid.address`."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"([A-Z]+)(\d+)|R(\d+)C(\d+)")


def place_of(address: str | None) -> tuple[int | None, int | None]:
    """(row, column) of A1 or R1C1, counted from 0; (None, None) when it is no address."""
    found = _ADDRESS.fullmatch(address or "")
    if found is None:
        return None, None
    if found[3]:
        return int(found[3]) - 1, int(found[4]) - 1
    col = 0
    for letter in found[1]:
        col = col * 26 + ord(letter) - 64
    return int(found[2]) - 1, col - 1
