"""Which worker runs which tests: a file is never torn apart, and the longest files begin first."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

# By their CPU seconds (2026-11-28); the first two begin at once, one on each of two workers, and only one of them waits
# for the store of the sample city.
LONG = (
    "tests/browser/test_journeys.py",
    "tests/db/test_review_walk.py",
)


class LongestFirst(LoadFileScheduling):
    """Files as units of work, so that what a module prepares is prepared once; long files before those of many tests.

    The mark `xdist_group` says nothing to pytest-xdist 3.8 under pytest 9.2 (it writes `_nodeid`, which is no longer
    read); this needs no mark."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        first = next((name for name in LONG if name in self.workqueue), None)
        if first is not None:
            self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)
