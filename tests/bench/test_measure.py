"""The yardstick itself: which figure meets its limit, and whose memory is counted."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.bench.__main__ import SUBJECTS
from tests.bench.measure import MEBIBYTE, Figure, cells, interleaved, peak, resident


def hold_memory() -> None:
    """A little here and much in a child."""
    subprocess.run([sys.executable, "-c", "import time; held = b'x' * (200 << 20); time.sleep(.3)"], check=True)


def test_a_ratio_is_that_of_the_medians() -> None:
    one = Figure("a", (9.0, 1.0, 3.0), 2.0, floor=(1.0, 2.0, 9.0), floor_what="b")
    assert (one.measured, one.met) == (1.5, True)
    assert cells(one)[1:6] == ("3 s(1—9)", "b 2 s(1—9)", "1.50×", "≤2×", "是")


def test_without_a_floor_the_limit_is_of_the_figure() -> None:
    one = Figure("a", (30.0, 10.0, 20.5), 20.0, "MB")
    assert (one.measured, one.met) == (20.5, False)
    assert cells(one)[2:6] == ("—", "20.50 MB", "≤20 MB", "否")


def test_both_sides_take_turns() -> None:
    turns: list[str] = []
    ours, floor = interleaved(lambda: turns.append("ours"), lambda: turns.append("floor"), 3)
    assert turns == ["ours", "floor"] * 3
    assert (len(ours), len(floor)) == (3, 3)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_the_memory_of_children_counts() -> None:
    assert resident(os.getpid()) > 5 * MEBIBYTE
    assert 200 * MEBIBYTE < (peak(hold_memory) or 0) < 400 * MEBIBYTE


def test_every_subject_has_its_figures() -> None:
    for name in SUBJECTS:
        assert callable(import_module(f"tests.bench.{name}").figures)
