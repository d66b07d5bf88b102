"""A store that tests may write to: a sheet, a report with hostile text, and a later sheet that corrects one value."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.org import load_org_units
from db.records import (
    Block,
    Draft,
    Evidence,
    Grid,
    Issue,
    Observation,
    Qualifier,
    Reading,
    Rejected,
    Severity,
    SourceFile,
    SourceKind,
)
from db.store import save_import
from tests.pages.conftest import TREE, Shelf
from tests.stores import prepared

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
SENTENCE = "2025学年初全市在校生约82,437人，其中小学在校生51,206人。"
REPORT = (
    "岚川市教育事业情况汇报\n"
    + "工作开展扎实有序，各校按要求完成登记。\n" * 400
    + f"{SENTENCE}\n另据{HOSTILE}网页所载，=HYPERLINK(1)。\n力争到2027年达到83,000人。\n"
    + "以上情况，特此报告。\n" * 400
)
HEAD = ("学校", "应查验人数", "已查验人数", "查验率(%)")
ROWS = (("湾口小学", 220, 209, 95.0), (f"=1+1{HOSTILE}", 150, 150, 100.0))


def span(text: str, quote: str) -> dict[str, int]:
    start = text.index(quote)
    sentence = text.rindex("\n", 0, start) + 1
    return {
        "start": start,
        "end": start + len(quote),
        "sentence_start": sentence,
        "sentence_end": text.index("\n", start),
    }


def source(name: str, content: bytes, media_type: str) -> SourceFile:
    return SourceFile(name, content, hashlib.sha256(content).hexdigest(), media_type)


def report(ids: dict[str, int]) -> Draft:
    """82,437 pupils of the city (about) and 51,206 of its primary schools, a target that is not taken over."""

    def stated(quote: str, value: int, level: str, qualifier: Qualifier) -> Observation:
        proof = Evidence(quote, "report.count", "3", 0.93, "第402段", **span(REPORT, quote))
        return Observation(
            "enrollment", "SY2025", {"level": level}, Decimal(value), "person", proof, SourceKind.REPORT, ids["city"],
            qualifier=qualifier,
        )  # fmt: skip

    target = REPORT.index("83,000")
    return Draft(
        source("情况汇报.txt", REPORT.encode(), "text/plain"),
        Reading("text/plain", REPORT, (Block(0, "paragraph", "全文", REPORT, 0),)),
        SourceKind.REPORT,
        (stated("82,437", 82437, "ALL", Qualifier.ABOUT), stated("51,206", 51206, "PRI", Qualifier.EXACT)),
        (Issue("vague", Severity.NOTE, f"“约”字之后的数值按约数处理{HOSTILE}。", "第402段"),),
        (Rejected("target", "83,000", target, target + 6, indicator="enrollment"),),
        extractor_version="test",
    )


def sheet(ids: dict[str, int], done: int = 209, name: str = "查验表.xlsx") -> Draft:
    """The vaccination check of one school as rate with its two counts, in cells D2, C2 and B2."""
    rate = Decimal(100) * done / 220
    rows = (("湾口小学", 220, done, float(rate)), ROWS[1])
    proof = Evidence(
        str(float(rate)).removesuffix(".0"), "sheet.column", "2", 0.99, "查验", sheet="查验", cell="D2",
        numerator_cell="C2", denominator_cell="B2",
    )  # fmt: skip
    seen = Observation(
        "vac_cert_check_rate", "SY2025", {"level": "PRI"}, rate, "percent", proof, SourceKind.SHEET, ids["p1"],
        numerator=Decimal(done), denominator=Decimal(220),
    )  # fmt: skip
    grid = Grid("查验", (HEAD, *rows))
    reading = Reading("application/xlsx", "", (Block(0, "grid", "查验", "", 0, grid),))
    return Draft(
        source(name, f"{name}{done}".encode(), "application/xlsx"), reading, SourceKind.SHEET, (seen,),
        rejected=(Rejected("empty", "100", sheet="查验", cell="D3"),), extractor_version="test",
    )  # fmt: skip


def laid(engine: sa.Engine) -> dict[str, int]:
    ids = load_org_units(engine, TREE)
    save_import(engine, report(ids), "李强")
    save_import(engine, sheet(ids), "张敏")
    return ids


@pytest.fixture(name="desk")
def opened_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_cache: None) -> Shelf:
    """The store with the report and the sheet, opened by pages, free to be written to."""
    monkeypatch.setenv("EDU_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EDU_DATABASE_URL", raising=False)
    return Shelf(tmp_path, prepared(tmp_path / "store.sqlite3", laid))
