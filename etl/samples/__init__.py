"""The sample: an invented city with its org units, its true facts and the real files that state them."""

from __future__ import annotations

from etl.samples.facts import Fact
from etl.samples.load import MOST, Load
from etl.samples.province import Province
from etl.samples.sample import SampleCounty, build

__all__ = ["MOST", "Fact", "Load", "Province", "SampleCounty", "build"]
