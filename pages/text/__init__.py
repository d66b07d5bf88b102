"""Every word on the screen, by key. `zh.yml` is the floor: a word missing in another language is said in Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import yaml

LANGUAGES = ("zh", "en")
_HERE = Path(__file__).parent
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is there: a seventh of the time


def flatten(tree: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """The leaves of nested words as (dotted key, text). Raises ValueError for a key or leaf that is not text."""
    for name, branch in tree.items():
        if not isinstance(name, str):
            raise ValueError(f"{prefix}{name!r}: a key must be text; put it in quotes")
        if isinstance(branch, Mapping):
            yield from flatten(branch, f"{prefix}{name}.")
        elif isinstance(branch, str):
            yield f"{prefix}{name}", branch
        else:
            raise ValueError(f"{prefix}{name}: a word must be text, not {type(branch).__name__}")


@cache
def words(language: str) -> dict[str, str]:
    """All words of a language by dotted key (`overview.title`)."""
    with (_HERE / f"{language}.yml").open(encoding="utf-8") as file:
        return dict(flatten(yaml.load(file, Loader=_LOADER)))


def phrase(language: str, key: str, **values: object) -> str:
    """The words of a key with `{name}` filled in. KeyError when not even Chinese has the key."""
    chosen = words(language)
    return (chosen[key] if key in chosen else words("zh")[key]).format(**values)


def language_or_first(asked: object) -> str:
    """The language asked for, else the first."""
    return asked if isinstance(asked, str) and asked in LANGUAGES else LANGUAGES[0]


def known(language: str, key: str) -> bool:
    """Whether a key has words; for codes that may come from outside, such as a dimension value."""
    return key in words(language) or key in words("zh")
