"""What is kept for everybody is not changed by anybody, made once, and bounded."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from pages.ui.held import Held


class Pair(NamedTuple):
    frame: pd.DataFrame
    names: list[str]


@dataclass(frozen=True, slots=True)
class Told:
    frame: pd.DataFrame
    names: dict[str, list[int]] = field(default_factory=dict)


@dataclass
class Loose:
    names: list[str]


def held() -> Held:
    return Held(10, 10 << 20)


def frame() -> pd.DataFrame:
    return pd.DataFrame({"a": [1, 2, 3], "b": ["甲", "乙", "丙"]}, index=pd.Index([7, 8, 9], name="id"))


def test_whoever_changes_a_frame_changes_an_own_one() -> None:
    kept = held()
    first = kept.get("units", frame)
    first["c"] = 1
    first.loc[7, "a"] = 99
    first.iloc[1, 1] = "丁"
    first.index.name = "other"
    first.columns = ["x", "y", "z"]
    column = kept.get("units", frame)["a"]
    column[8] = 77
    pd.testing.assert_frame_equal(kept.get("units", frame), frame())


def test_arrays_of_a_frame_cannot_be_written_to() -> None:
    kept = held()
    with pytest.raises(ValueError, match="read-only"):
        kept.get("units", frame)["a"].to_numpy()[0] = 5
    assert kept.get("units", frame)["a"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (lambda: Pair(frame(), ["甲"]), lambda one: (one.names.append("乙"), one.frame.insert(0, "c", 0))),
        (lambda: Told(frame(), {"a": [1]}), lambda one: (one.names["a"].append(2), one.frame.insert(0, "c", 0))),
        (lambda: {"a": {"b": [1, {2}]}}, lambda one: one["a"]["b"][1].add(3)),
        (lambda: [np.array([1, 2])], lambda one: one[0].fill(0)),
        (lambda: Loose(["甲"]), lambda one: one.names.append("乙")),
    ],
)
def test_nor_anything_that_holds_one(make: Any, change: Any) -> None:
    kept = held()
    for _ in range(2):
        change(kept.get("it", make))
    assert repr(kept.get("it", make)) == repr(make())


def test_what_cannot_change_is_the_same_thing() -> None:
    kept = held()
    table = MappingProxyType({1: "甲"})
    assert kept.get("it", lambda: table) is kept.get("it", dict) is table


def test_of_many_who_ask_at_once_one_makes_it() -> None:
    kept, made, go = held(), [], threading.Event()

    def make() -> str:
        made.append(1)
        go.wait(5)
        return "it"

    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(kept.get("it", make))) for _ in range(8)]
    for one in threads:
        one.start()
    go.set()
    for one in threads:
        one.join()
    assert (found, len(made)) == (["it"] * 8, 1)


def test_a_mistake_is_not_kept() -> None:
    kept = held()
    with pytest.raises(ZeroDivisionError):
        kept.get("it", lambda: 1 // 0)
    assert kept.get("it", lambda: 3) == 3


def test_the_oldest_goes_when_there_are_too_many_or_they_are_too_big() -> None:
    kept = Held(3, 1000)
    for number in range(5):
        kept.get(number, lambda: "x")
    kept.get(3, lambda: "x")  # asked for again: 2 is the oldest now
    kept.get(9, lambda: "x")
    assert kept.get(3, lambda: "new") == "x"
    assert kept.get(2, lambda: "new") == "new"
    size = kept.size
    assert kept.get("big", lambda: "x" * 5000) == "x" * 5000  # larger than the whole room: nothing is let go of for it
    assert kept.size == size
    assert kept.get(2, lambda: "newer") == "new"
    kept.clear()
    assert kept.size == 0
