"""What a line is called whatever the year, the place and its position; the shape of a table and how two shapes differ."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from db.records_layout import Drift, LayoutKind, Signature
from etl.sheets import words
from etl.sheets.cells import compact

YEAR = "{年}"
PLACE = "{单位}"
ITEM = "项/"  # before the key of a line that is no column
_SCHOOL_YEAR = re.compile(r"(?:19|20)\d{2}[-—–~至/]+(?:19|20)?\d{2}(?=学年|年|$)")
_DATE = re.compile(r"(?:19|20)\d{2}(?:[-./]\d{1,2}){1,2}")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_TELLING_UNITS = frozenset(("万人", "万元", "剂次", "剂", "人次", "户次", "‰", "人/班", ":1"))
_RENAMED = 70.0  # two names at least so alike (0-100) may be one renamed line


def line_key(path: Sequence[str]) -> str:
    """The normalised header path: numbering, punctuation and plain units off, years as one mark."""
    return "/".join(part for label in path if (part := _part(label)))


def _part(label: str) -> str:
    text, unit = words.split_unit(words.strip_numbering(label))
    text = _YEAR.sub(YEAR, _DATE.sub(YEAR, _SCHOOL_YEAR.sub(YEAR, text)))
    marked = text.replace(YEAR, "\x00")
    plain = words.PUNCTUATION.sub("", marked).replace("\x00", YEAR)
    return f"{plain}({unit})" if unit in _TELLING_UNITS else plain


def numbered(keys: Iterable[str]) -> list[str]:
    """Each key once: the second of a name gets `#2`, a nameless column is `?`."""
    seen: dict[str, int] = {}
    found = []
    for key in keys:
        name = key or "?"
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return found


def signature_of(kind: LayoutKind, keys: Iterable[str]) -> Signature:
    """The shape of a table with these lines; how many years or places stand side by side does not matter."""
    lines: list[str] = []
    for key in keys:
        plain = key.split("#")[0] if YEAR in key or PLACE in key else key
        if plain not in lines or plain == key:
            lines.append(plain)
    unique = tuple(dict.fromkeys(lines))
    digest = hashlib.sha256("\n".join((kind.value, *unique)).encode()).hexdigest()[:24]
    return Signature(kind, unique, digest)


def drift(old: Signature, new: Signature) -> Drift:
    """What changed from one shape to the next. A line that went and one that came near its place with a like name are
    one line renamed."""
    gone = [key for key in old.lines if key not in new.lines]
    added = [key for key in new.lines if key not in old.lines]
    renamed: list[tuple[str, str]] = []
    for key in list(gone):
        best = max(added, key=lambda other: _alike(key, other, old, new), default=None)
        if best is not None and _alike(key, best, old, new) >= _RENAMED:
            renamed.append((key, best))
            gone.remove(key)
            added.remove(best)
    names = dict(renamed)
    before = [names.get(key, key) for key in old.lines if key not in gone]
    after = [key for key in new.lines if key not in added]
    return Drift(
        tuple(added), tuple(gone), tuple(renamed), _moved(before, after),
        (old.kind, new.kind) if old.kind is not new.kind else None,
    )  # fmt: skip


def closest(new: Signature, known: Iterable[Signature]) -> Signature | None:
    """The remembered shape that a new one most likely grew out of: at least two thirds of its lines are the same, or have
    a name that only got longer or shorter."""
    scored = [(_share(one, new), one) for one in known if one.kind is new.kind]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] >= 2 / 3 else None


def _share(old: Signature, new: Signature) -> float:
    gone, added = set(old.lines) - set(new.lines), set(new.lines) - set(old.lines)
    same = len(old.lines) - len(gone)
    if same * 3 < max(len(old.lines), len(new.lines)):  # not worth a closer look
        return 0.0
    grown = sum(any(same_words(key, other) for other in added) for key in gone)
    return (same + grown) / (same + len(gone) + len(added) - grown)


def same_words(one: str, other: str) -> bool:
    """Whether one name is the other with signs left out (毕业生数, 毕业生人数): a name that reads otherwise (应种人数,
    实种人数) may be about something else, however alike."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    if one == other:
        return True
    return len(short) >= 2 and one.startswith(ITEM) is other.startswith(ITEM) and all(sign in rest for sign in short)


def _alike(key: str, other: str, old: Signature, new: Signature) -> float:
    """How alike two names are, with a bonus for standing between the same neighbours."""
    score = fuzz.ratio(key, other)
    if key.startswith(ITEM) is not other.startswith(ITEM):
        return 0.0
    return score + 15 * (len(_neighbours(old, key) & _neighbours(new, other)))


def _neighbours(signature: Signature, key: str) -> set[str]:
    at = signature.lines.index(key)
    left = signature.lines[at - 1] if at else "^"
    right = signature.lines[at + 1] if at + 1 < len(signature.lines) else "$"
    return {f"<{left}", f">{right}"}


def _moved(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """The fewest lines whose removal leaves both orders equal."""
    place = {key: n for n, key in enumerate(after)}
    order = [place[key] for key in before]
    best: list[tuple[int, ...]] = []  # best[i]: a longest rising run that ends at i
    for i, value in enumerate(order):
        tails = [best[j] for j in range(i) if order[j] < value]
        best.append((*_longest(tails), value))
    kept = set(_longest(best))
    return tuple(key for key in before if place[key] not in kept)


def _longest(runs: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    found: tuple[int, ...] = ()
    for run in runs:
        found = run if len(run) > len(found) else found
    return found


def title_text(lines: Iterable[str]) -> str:
    """The longest of the title lines, which is nearly always the title itself."""
    return max((compact(line) for line in lines), key=len, default="")
