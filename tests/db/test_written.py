"""Facts that an import has just written, as the sums take them."""

from __future__ import annotations

import numpy as np

from db.written import Written


def written() -> Written:
    """Two indicators of four areas, in no order."""
    area = np.array([7, 3, 3, 9, 7, 8])
    unit, indicator = np.array([71, 31, 32, 91, 72, 81]), np.array([1, 1, 2, 2, 2, 1])
    return Written.of(area, unit, indicator, np.full(6, 4), np.arange(100, 106), np.arange(6) / 2)


def test_facts_are_those_of_the_areas_and_indicators_asked_for() -> None:
    found = written().facts([3, 5, 7], 6, [2, 12])
    assert [found.area.tolist(), found.unit.tolist(), found.id.tolist()] == [[3, 7], [32, 72], [102, 104]]
    assert [found.value.tolist(), set(found.period.tolist()), set(found.dim.tolist())] == [[1.0, 2.0], {6}, {4}]
    assert [set(found.source), set(found.qualifier), set(found.status)] == [{"sheet"}, {"exact"}, {"normal"}]
    assert np.isnan(found.numerator).all()
    assert len(written().facts([3, 7, 8, 9], 6, [1, 2])) == 6
    assert len(written().facts([5], 6, [1, 2])) == 0


def test_areas_without_facts_are_read_from_the_store() -> None:
    assert written().areas_among([1, 3, 8, 10]) == {3, 8}
    assert written().indicators == {1, 2}
