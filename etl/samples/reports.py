"""The machinery of the narrative reports: figures taken from the truth, and the files they are written to."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from db.records import dims_key
from etl.samples.county import World


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure that a report states, and what the sheets say about the same thing."""

    report: str
    unit: str
    indicator: str
    period: str
    dims: Mapping[str, str]
    stated: float
    truth: float

    @property
    def contradicts(self) -> bool:
        return self.stated != self.truth

    @property
    def key(self) -> str:
        return f"{self.unit}|{self.indicator}|{self.period}|{dims_key(self.dims)}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison that a report makes, and what the sheets say of it: consistent, contradicted, not_checkable."""

    report: str
    text: str
    result: str


@dataclass(slots=True)
class Teller:
    """Words for figures: each one is looked up in the world and remembered as a claim of the report."""

    world: World
    report: str
    claims: list[Claim] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)

    def count(self, unit: str, indicator: str, period: str, off: int = 0, **dims: str) -> str:
        """A count with its thousands apart; `off` is by how much the report is wrong."""
        truth = self.world.total(unit, indicator, period, **dims)
        self.claims.append(Claim(self.report, unit, indicator, period, dims, truth + off, truth))
        return f"{int(truth + off):,}"

    def rate(self, unit: str, indicator: str, period: str, wrong: float | None = None, **dims: str) -> str:
        """A rate with two decimals and its sign; `wrong` replaces the true one."""
        truth = self.world.rate(unit, indicator, period, **dims)
        stated = truth if wrong is None else wrong
        self.claims.append(Claim(self.report, unit, indicator, period, dims, stated, truth))
        return f"{stated:.2f}%"

    def more(self, unit: str, indicator: str, period: str, before: str, off: int = 0, **dims: str) -> str:
        """By how many a count has grown or shrunk; `off` is by how much the report is wrong."""
        true = self.world.total(unit, indicator, period, **dims) - self.world.total(unit, indicator, before, **dims)
        told = int(true) + off
        return self._compared(f"{'增加' if told > 0 else '减少'}{abs(told):,}人", told == true)

    def points(self, unit: str, indicator: str, period: str, before: str, off: float = 0.0, **dims: str) -> str:
        """By how many percentage points a rate has risen or fallen; `off` is by how much the report is wrong."""
        told = self._exact(unit, indicator, period, **dims) - self._exact(unit, indicator, before, **dims) + off
        return self._compared(f"{'提高' if told > 0 else '下降'}{abs(told):.2f}个百分点", not off)

    def apart(self, unit: str, whole: str, indicator: str, period: str, **dims: str) -> str:
        """By how many percentage points a rate is above or below that of a wider place."""
        told = self._exact(unit, indicator, period, **dims) - self._exact(whole, indicator, period, **dims)
        return self._compared(f"{'高' if told > 0 else '低'}{abs(told):.2f}个百分点", True)

    def beyond(self, text: str) -> str:
        """A comparison with a time of which the sheets know nothing."""
        self.comparisons.append(Comparison(self.report, text, "not_checkable"))
        return text

    def _exact(self, unit: str, indicator: str, period: str, **dims: str) -> float:
        top = self.world.total(unit, f"{indicator}/num", period, **dims)
        return 100 * top / self.world.total(unit, f"{indicator}/den", period, **dims)

    def _compared(self, text: str, right: bool) -> str:
        self.comparisons.append(Comparison(self.report, text, "consistent" if right else "contradicted"))
        return text


@dataclass(frozen=True, slots=True)
class Report:
    """A narrative: title, issuer, date and paragraphs; headings begin with 一、 二、 and so on."""

    name: str
    title: str
    issuer: str
    date: str
    paragraphs: Sequence[str]
    claims: Sequence[Claim]
    encoding: str = "utf-8"
    comparisons: Sequence[Comparison] = ()

    def write(self, folder: Path) -> Path:
        path = folder / self.name
        if path.suffix == ".docx":
            _write_docx(self, path)
        elif path.suffix == ".html":
            path.write_text(_as_html(self), encoding=self.encoding)
        else:
            text = "\n".join([self.title, "", *self.paragraphs, "", self.issuer, self.date, ""])
            path.write_bytes(text.encode(self.encoding))
        return path


def is_heading(paragraph: str) -> bool:
    """Whether a paragraph is a section heading of the first order (一、二、…)."""
    return len(paragraph) < 40 and paragraph[1:2] == "、" and paragraph[0] in "一二三四五六七"


def _write_docx(report: Report, path: Path) -> None:
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = datetime(2026, 11, 20, 9, 0)
    document.core_properties.author = report.issuer
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "FangSong", Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋_GB2312")
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(report.title)
    run.bold, run.font.size = True, Pt(20)
    for text in report.paragraphs:
        document.add_paragraph().add_run(text).bold = is_heading(text)
    for text in (report.issuer, report.date):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.save(str(path))


def _as_html(report: Report) -> str:
    body = "\n".join(
        f"<h2>{html.escape(p)}</h2>" if is_heading(p) else f"<p>{html.escape(p)}</p>" for p in report.paragraphs
    )
    head = f'<meta charset="{report.encoding}"><title>{html.escape(report.title)}</title>'
    sign = f"<p>{html.escape(report.issuer)}</p>\n<p>{html.escape(report.date)}</p>"
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>{head}</head>\n<body>\n<h1>{html.escape(report.title)}</h1>\n'
        f"{body}\n{sign}\n</body>\n</html>\n"
    )
