"""What can be told of the numbers of a sentence only when all of it has been read."""

from __future__ import annotations

from etl.reports.found import Found, Situation

_CATCHUP = ("vac_catchup_due", "vac_catchup_done")


def settle(s: Situation) -> None:
    """Fills in what the other numbers of a sentence say of one: whether catch-up counts persons or doses."""
    counts = [found for found in s.bound if found.code in _CATCHUP]
    if not counts:
        return
    by_doses = {found.code for found in counts if found.unit == "dose"}
    for found in counts:
        if found.unit == "person" and found.code in by_doses:
            found.dims.setdefault("basis", "person")  # 应补种981人、1612剂次
    for found in s.bound:
        if found.code == "vac_catchup_rate" and "basis" not in found.dims:
            _basis_of_rate(found, counts)


def _basis_of_rate(rate: Found, counts: list[Found]) -> None:
    """已补种1301剂次,补种率94.48%: the rate is that of the doses, if only doses were counted before it."""
    before = {found.unit for found in counts if found.start < rate.start}
    if before == {"dose"}:
        rate.dims["basis"] = "dose"
