"""Quality over generated workbooks of every layout: precision, recall, sums, places and periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest

from db.catalogue import load_catalogue
from etl import pipeline
from etl.printing import jsonl
from etl.readers import read_file
from tests.etl.sheets.forms.other import OTHER
from tests.etl.sheets.forms.paper import Form, Pen, workbook
from tests.etl.sheets.forms.wide import WIDE

Record = Mapping[str, Any]
SEEDS = (1, 2, 3)
CASES = [(build, seed) for build in (*WIDE, *OTHER) for seed in SEEDS]
OPTIONAL = ("level",)  # a school's name may tell its level where the gold names none


def found_in(form: Form) -> list[Record]:
    reading = read_file("表.xlsx", workbook(form))
    extraction = pipeline.extract(reading, load_catalogue(), "表.xlsx")
    return [record for record in jsonl(extraction, reading) if record["kind"] == "observation"]


def plain(dims: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in dims.items() if value not in ("", "ALL")}


def is_right(wanted: Record, found: Record) -> bool:
    """The rules of the contract: place, indicator, value, unit, dims."""
    return (
        all(wanted[name] == found[name] for name in ("sheet", "cell", "indicator", "unit"))
        and abs(float(wanted["value"]) - float(found["value"])) <= 1e-6 * max(1.0, abs(float(wanted["value"])))
        and plain(wanted["dims"]) == plain(found["dims"])
    )


@cache
def compared(build: Callable[[Pen], Form], seed: int) -> Counter[str]:
    form = build(Pen(seed))
    wanted, left = form.gold(), found_in(form)
    count = Counter(wanted=len(wanted), found=len(left))
    for record in wanted:
        hit = next((other for other in left if is_right(record, other)), None)
        if hit is None:
            continue
        left.remove(hit)
        count["right"] += 1
        count["entity"] += hit["entity"] == record["entity"]
        count["period"] += hit["period"] == record["period"]
        count["totals_right"] += record["role"] == "total" == hit["role"]
        count["units_right"] += record["role"] == "unit" == hit["role"]
    count["totals"] = sum(record["role"] == "total" for record in wanted)
    return count


@pytest.mark.parametrize(("build", "seed"), CASES, ids=[f"{build.__name__}-{seed}" for build, seed in CASES])
def test_a_form_gives_its_observations_and_no_others(build: Callable[[Pen], Form], seed: int) -> None:
    count = compared(build, seed)
    assert count["right"] == count["wanted"] == count["found"]
    assert count["entity"] == count["period"] == count["right"]


def test_quality_over_all_forms() -> None:
    total: Counter[str] = sum((compared(build, seed) for build, seed in CASES), Counter())
    assert len(CASES) >= 60
    assert total["right"] / total["found"] >= 0.99
    assert total["right"] / total["wanted"] >= 0.98
    assert total["totals_right"] / total["totals"] >= 0.99
    assert total["entity"] / total["right"] >= 0.98
    assert total["period"] / total["right"] >= 0.97
