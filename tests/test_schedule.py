"""The longest files of tests are named by names that exist, and begin first."""

from __future__ import annotations

from collections import OrderedDict

import pytest

from tests.conftest import ROOT

schedule = pytest.importorskip("tests.schedule", reason="pytest-xdist is not installed: tests/requirements.txt")


def test_every_long_file_exists() -> None:
    assert [name for name in schedule.LONG if not (ROOT / name).is_file()] == []
    assert len(set(schedule.LONG)) == len(schedule.LONG)


def test_long_files_begin_before_those_of_many_tests() -> None:
    sent: list[list[int]] = []

    class Node:
        send_runtest_some = staticmethod(sent.append)

    node = Node()
    names = ["tests/db/test_many.py::test_a", "tests/db/test_many.py::test_b", f"{schedule.LONG[1]}::test_c"]
    spread = schedule.LongestFirst.__new__(schedule.LongestFirst)
    spread.assigned_work, spread.registered_collections = {}, {node: names}
    spread.workqueue = OrderedDict(
        [("tests/db/test_many.py", {names[0]: False, names[1]: False}), (schedule.LONG[1], {names[2]: False})]
    )
    spread._assign_work_unit(node)
    spread._assign_work_unit(node)
    assert sent == [[2], [0, 1]]


def test_no_test_relies_on_a_group_that_is_not_kept() -> None:
    told = "xdist" + "_group("
    assert [path.name for path in (ROOT / "tests").rglob("*.py") if told in path.read_text(encoding="utf-8")] == []
