"""Which fonts of this machine can write Chinese: pictures and printed files need one, the screen does not."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

_PROBES = tuple(map(chr, (0x4E2D, 0x5E02, 0x6821)))  # signs that any Chinese font has
_ABSENT = chr(0x10FFFD)  # of private use: no font draws it, so its picture is that of a missing sign
_SUFFIXES = {".ttf", ".ttc", ".otf", ".otc"}
_FACES = 12  # of a collection that are looked at
# The names under which the fonts of official papers go, the first found is taken; then what systems bring along.
SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei", "WenQuanYi Micro Hei",
        "WenQuanYi Zen Hei")  # fmt: skip
SERIF = ("FangSong", "FangSong_GB2312", "STFangsong", "SimSun", "NSimSun", "Noto Serif CJK SC", "Source Han Serif SC",
         "Songti SC", "STSong", "AR PL UMing CN")  # fmt: skip


def folders() -> list[Path]:
    """Where this system keeps its fonts."""
    home = Path.home()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", str(home))
        return [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", Path(local) / "Microsoft/Windows/Fonts"]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", home / ".local/share/fonts"]


@lru_cache(maxsize=1)
def chinese() -> tuple[str, ...]:
    """The families of this machine that write Chinese, in the order of their names; empty where there is none. Looked
    for once: a font that is installed later is seen after a restart."""
    return families(folders())


def families(places: Sequence[Path]) -> tuple[str, ...]:
    """The families in some folders that write Chinese."""
    found = {name for place in places if place.is_dir() for path in _files(place) for name in _families_of(path)}
    return tuple(sorted(found))


def first(wanted: Sequence[str], held: Sequence[str]) -> str | None:
    """The first of the wanted families that is there, else any one; None where there is none at all."""
    return next((name for name in wanted if name in held), held[0] if held else None)


def _files(place: Path) -> Iterator[Path]:
    return (path for path in sorted(place.rglob("*")) if path.suffix.lower() in _SUFFIXES)


def _families_of(path: Path) -> Iterator[str]:
    for face in range(_FACES):
        try:
            font = ImageFont.truetype(str(path), 16, index=face)
            absent = bytes(font.getmask(_ABSENT))
            writes = all(bytes(font.getmask(sign)) not in (absent, b"") for sign in _PROBES)
            name = font.getname()[0]
        except (OSError, ValueError):
            return  # no such face, or no font that can be read
        if writes and name:
            yield str(name)
