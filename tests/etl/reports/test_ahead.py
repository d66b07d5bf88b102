"""What is to be done before a time is an aim where that time lies ahead of the report, else a fact."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from db.records import Reading
from etl.reports import extract_report

REPORT = "石桥县教育局2022年工作总结\n{}全县小学入学率达到99.9%。\n石桥县教育局\n2022年11月20日"


@pytest.mark.parametrize(
    ("when", "stated"),
    [
        ("2022年秋季学期前,", True),
        ("2022年10月底前,", True),
        ("2022年12月20日前,", False),
        ("2023年春季学期前,", False),
        ("2023年3月底前,", False),
    ],
)
def test_what_is_due_before_a_time(when: str, stated: bool) -> None:
    found = extract_report(Reading("text/plain", REPORT.format(when)), load_catalogue())
    assert bool(found.mentions) == stated
    assert [one.reason for one in found.rejected if one.text == "99.9"] == ([] if stated else ["target"])
