"""What this process measured of itself: how long pages and queries take, what was answered. Prometheus keeps the numbers;
a label is a name of the program, never a word of a person, a file or a unit."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

STARTED = time.time()
REGISTRY = CollectorRegistry()
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

ProcessCollector(registry=REGISTRY)
RERUN = Histogram("edu_rerun_seconds", "Time of a rerun by page", ["page"], buckets=_BUCKETS[3:], registry=REGISTRY)
QUERY = Histogram(
    "edu_query_seconds", "Time of a statement of the store", ["kind"], buckets=_BUCKETS, registry=REGISTRY
)
REQUESTS = Counter("edu_requests", "Answers by kind and class of status", ["kind", "status"], registry=REGISTRY)
FAULTS = Counter("edu_faults", "Uncaught errors shown as a fault number", registry=REGISTRY)
SOCKETS = Gauge("edu_websockets", "Open websockets, one for each open tab", registry=REGISTRY)
_KINDS = {"SELECT": "read", "WITH": "read", "INSERT": "write", "UPDATE": "write", "DELETE": "write", "COPY": "write"}


@dataclass(frozen=True, slots=True)
class Times:
    """Of one label: how often, the sum in seconds, and bounds below which half and 95 % of them lie (seconds; inf: more
    than the largest bucket)."""

    label: str
    n: int
    total: float
    half: float
    most: float


def time_queries(engine: sa.Engine) -> None:
    """Every statement of an engine is timed from now on."""
    sa.event.listen(engine, "before_cursor_execute", _begin)
    sa.event.listen(engine, "after_cursor_execute", _end)


def _begin(connection: Any, *_: Any) -> None:
    connection.info["edu_began"] = time.perf_counter()


def _end(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    began = connection.info.pop("edu_began", None)
    if began is not None:
        first = statement.lstrip()[:8].partition(" ")[0].upper()
        QUERY.labels(_KINDS.get(first, "other")).observe(time.perf_counter() - began)


def times(histogram: Histogram) -> Iterator[Times]:
    """What a histogram holds, by label."""
    held: dict[str, dict[str, Any]] = {}
    for family in histogram.collect():
        for sample in family.samples:
            label = next((value for name, value in sample.labels.items() if name != "le"), "")
            one = held.setdefault(label, {"buckets": [], "n": 0, "total": 0.0})
            if sample.name.endswith("_bucket"):
                one["buckets"].append((float(sample.labels["le"].replace("+Inf", "inf")), sample.value))
            elif sample.name.endswith("_count"):
                one["n"] = int(sample.value)
            elif sample.name.endswith("_sum"):
                one["total"] = float(sample.value)
    for label, one in sorted(held.items()):
        yield Times(label, one["n"], one["total"], _below(one["buckets"], 0.5), _below(one["buckets"], 0.95))


def tabs() -> int:
    """How many tabs are open at this process."""
    return int(next(sample.value for family in SOCKETS.collect() for sample in family.samples))


def _below(buckets: list[tuple[float, float]], share: float) -> float:
    """The first bucket's bound below which the share of all observations lies."""
    ordered = sorted(buckets)
    total = ordered[-1][1] if ordered else 0
    return next((bound for bound, count in ordered if total and count >= share * total), math.inf)
