"""The second reader of labels: what annotated sheets and a bank of labels teach of wordings that no spelling has
(decision 021). It is asked only where the rules found no name, and only what is clearly ahead of everything else is
taken, as a guess that a person can change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from etl.linear import NONE, Linear, load
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.groups import take_dims
from etl.sheets.label_parts import key_of, plain_part

if TYPE_CHECKING:
    from etl.sheets.vocabulary import Vocabulary

FILE = Path(__file__).with_name("learned.npz")
AHEAD = 0.6  # by how much the best reading must be ahead of the next; chosen on sheets not trained on
SURE = 1.0  # the same where a rule saw the name in the label and did not know the rest of it (小学在校生流动)
PART = "part:"  # before the code of a count that the catalogue keeps only for rates and checks
_LONGEST = 3  # characters of a piece
_DATED = re.compile(r"(?:19|20)\d{2}(?:[-—–~至/]+(?:20)?\d{2})?(?:学年度?|年度?|级|届)?|(?:1[0-2]|0?[1-9])月份?|\d+")
RATE_SIGNS = frozenset(("%", "‰"))
_OF_RATES = frozenset(("percent", "permille"))
_COUNT = re.compile(r"(?:数|人|名|次|个|所|家|户|份|起|例|条|项|处|件)$")
_RATE = re.compile(r"(?:率|比例|占比|比重|百分比|%|‰)$")


@cache
def model() -> Linear:
    """The model of learned.npz."""
    return load(FILE)


def reading(path: Sequence[str], unit: str, vocabulary: Vocabulary) -> tuple[str, float]:
    """The likeliest code of a label (with `PART` before that of a quantity, `NONE` for anything else) and by how much it
    is ahead of the next."""
    return model().best(traits_of(path, unit, vocabulary), _possible(kind_of(path, unit), vocabulary))


def scores(path: Sequence[str], unit: str, vocabulary: Vocabulary) -> tuple[list[str], npt.NDArray[np.float64]]:
    """The classes, and how likely each is for a label; minus infinity for those of the other kind."""
    told = model()
    values = told.scores(traits_of(path, unit, vocabulary))
    return told.classes, np.where(_possible(kind_of(path, unit), vocabulary), values, -np.inf)


def kind_of(path: Sequence[str], unit: str) -> str:
    """Whether a label is of a rate or of a count, by its ending or its unit; empty where neither tells."""
    inner, own = words.split_unit(words.strip_numbering(compact(path[-1])))
    unit = unit or own
    if unit in RATE_SIGNS or _RATE.search(inner):
        return "rate"
    return "count" if unit or _COUNT.search(inner) else ""


def possible(classes: Sequence[str], kind: str, vocabulary: Vocabulary) -> npt.NDArray[np.bool_]:
    """Which classes a label of that kind can be of."""
    rates = [vocabulary.units.get(code) in _OF_RATES for code in classes]
    return np.array(
        [code == NONE or not kind or rate == (kind == "rate") for code, rate in zip(classes, rates, strict=True)]
    )


@lru_cache(maxsize=16)
def _possible(kind: str, vocabulary: Vocabulary) -> npt.NDArray[np.bool_]:
    return possible(model().classes, kind, vocabulary)


def traits_of(path: Sequence[str], unit: str, vocabulary: Vocabulary) -> set[str]:
    """What of a label the classifier looks at: pieces of its own words, of the headings over it and of both together,
    without the groups and years that they name; its unit."""
    plain = [_without_groups(part, vocabulary) for part in path if compact(part)]
    if not plain:
        return set()
    inner, outer = plain[-1], plain[:-1]
    found = {f"i{piece}" for piece in _pieces(f"^{inner}$")}
    found |= {f"o{piece}" for part in outer for piece in _pieces(f"^{part}$")}
    found |= {f"w{piece}" for piece in _pieces("".join(plain))}
    found.add(f"u{unit}")
    found.add(f"k{kind_of(path, unit)}")
    found.update(["alone"] if not outer else [f"h{outer[-1]}", f"i={inner}"])
    return found


def _without_groups(part: str, vocabulary: Vocabulary) -> str:
    text = key_of(_DATED.sub("", plain_part(words.strip_numbering(part))))
    _, rest = take_dims(text, vocabulary)
    return rest.replace("\x00", "·")


def _pieces(text: str) -> Iterator[str]:
    for length in range(1, _LONGEST + 1):
        for at in range(len(text) - length + 1):
            yield text[at : at + length]
