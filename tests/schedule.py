"""Which worker runs which tests: a file is never torn apart, and the longest files begin first."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

# Ten seconds and more of a run on a loaded machine (2026-11-28). The first two begin at once, one on each of two workers: only one of
# them waits for the store of the sample city. Files with a browser stand apart, so that seldom two run at a time.
LONG = (
    "tests/browser/test_journeys.py",
    "tests/db/test_review_walk.py",
    "tests/etl/test_ingest.py",
    "tests/pages/test_scope.py",
    "tests/db/test_observed.py",
    "tests/test_gold.py",
    "tests/db/test_discrepancies.py",
    "tests/etl/test_quiet.py",
    "tests/db/test_undo_fold.py",
    "tests/soak/test_small.py",
    "tests/etl/test_work.py",
    "tests/browser/test_intake_journey.py",
    "tests/test_recount.py",
    "tests/db/test_plans.py",
    "tests/pages/test_upload.py",
    "tests/etl/samples/test_reading.py",
    "tests/etl/sheets/test_form_properties.py",
    "tests/browser/test_review_journey.py",
    "tests/pages/test_template_round_trip.py",
    "tests/pages/test_live_sessions.py",
    "tests/etl/sheets/test_bulk.py",
    "tests/db/test_changes.py",
    "tests/etl/sheets/test_sample.py",
    "tests/browser/test_quality_journey.py",
    "tests/db/test_bulk_load.py",
    "tests/pages/test_start_and_stop.py",
    "tests/pages/test_upload_changes.py",
    "tests/browser/test_templates_journey.py",
    "tests/pages/test_proxy.py",
    "tests/pages/test_running.py",
    "tests/db/test_known.py",
    "tests/db/test_crash.py",
    "tests/etl/readers/test_hostile.py",
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
