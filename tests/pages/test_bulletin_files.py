"""The other files of a bulletin: the PDF says what the document says, the meeting pack opens alone and runs nothing."""

from __future__ import annotations

import io
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa

from db.engine import make_engine, write
from db.schema import org_unit
from pages.exports import fonts
from pages.exports.pack import _STYLE as PACK_STYLE
from pages.exports.pack import Tile, pack_html
from pages.exports.paper import Annex, Chart, Paper, Paragraph, Run, Table
from pages.exports.typeset import NotSet, pdf_bytes
from pages.ui import bulletin, bulletin_pack, data
from tests.pages.conftest import Shelf
from tests.pages.test_bulletin import told

HOSTILE = "<script>alert(1)</script>小学"
TYPST = '#read("/etc/passwd") $x$ *粗* _斜_ \\ `码` <标> @引 // 注 [括] "引"'
WORDS = {"tiles": "主要指标", "sort": "排序"}


class Page(HTMLParser):
    """What a browser would make of a file: its tags with their attributes, and its words outside script and style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags[-1][0] not in ("style", "script"):
            self.words.append(data)


def text_of_pdf(content: bytes) -> str:
    pdf = pypdfium2.PdfDocument(io.BytesIO(content))
    return re.sub(r"\s+|\u200b", "", "".join(page.get_textpage().get_text_range() for page in pdf))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def paper_of(text: str, spec: dict[str, object] | None = None) -> Paper:
    blocks: list[Paragraph | Table | Chart] = [
        Paragraph("heading", (Run(text),)),
        Paragraph("body", (Run(text, (1,)),)),
        Table(text, (text, "值"), ((Run(text), Run("1\n2")),), (1, 1), frozenset({1}), (text,)),
    ]
    if spec is not None:
        blocks.append(Chart(text, text, spec))
    sources = Table("", ("编号", "内容"), ((Run("1"), Run(text)),), (1, 4), anchored=True)
    return Paper(
        text, text, ((text, text),), tuple(blocks), (Annex("附件1", text, (sources,), True),), text, "zh", (text,)
    )


@pytest.fixture
def renamed(filled: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_cache: None) -> Shelf:
    """The store with a school whose name is markup."""
    shutil.copy(filled.folder / "store.sqlite3", tmp_path)
    monkeypatch.setenv("EDU_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EDU_DATABASE_URL", raising=False)
    engine = make_engine()
    with write(engine) as connection:
        connection.execute(sa.update(org_unit).where(org_unit.c.id == filled.ids["p3"]).values(name=HOSTILE))
    engine.dispose()
    return Shelf(tmp_path, filled.ids)


def test_the_meeting_pack_asks_nobody_and_runs_nothing_of_a_name(renamed: Shelf) -> None:
    html = bulletin_pack.made(told(renamed.ids["west"])).decode()
    page = Page(html)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert HOSTILE in "".join(page.words)
    outside = re.findall(r"(?:https?:)?//[\w.]+", re.sub(r'xmlns(:\w+)?="[^"]*"', "", html))
    assert outside == []
    assert not [held for _, held in page.tags if {"src", "srcset", "data", "action"} & set(held)]
    assert {held["href"][:1] for tag, held in page.tags if tag == "a" and held.get("href")} == {"#"}
    [policy] = [held["content"] or "" for _, held in page.tags if held.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_the_meeting_pack_holds_cover_tiles_charts_tables_and_sources(store: Shelf) -> None:
    facts = told(store.ids["city"])
    page = Page(bulletin_pack.made(facts).decode())
    words = "".join(page.words)
    for said in (
        "内部版 仅供内部工作使用",
        "岚川市",
        "2025-2026学年",
        "王芳",
        f"第{data.revision()}版",
        "88.4%",
        "610 / 690",
        "石岭中心小学",
        "数据来源",
    ):
        assert said in words
    names = [tag for tag, _ in page.tags]
    assert names.count("svg") == len(bulletin.paper(facts).charts()) == 2
    anchors = {held["id"] for _, held in page.tags if (held.get("id") or "").startswith("src_")}
    assert {f"#{each}" for each in anchors} == {
        held["href"] for tag, held in page.tags if tag == "a" and (held["href"] or "").startswith("#src_")
    }
    assert names.count("button") == names.count("th") > 10


def test_a_drawing_that_would_run_something_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.exports.pack.drawn", lambda specs, kind: [b"<svg onload='x()'></svg>"])
    with pytest.raises(ValueError, match="drawing"):
        pack_html(paper_of("甲", {}), [], WORDS)


def test_tiles_are_escaped() -> None:
    html = pack_html(paper_of(HOSTILE), [Tile(HOSTILE, HOSTILE, (HOSTILE,), "missed", HOSTILE)], WORDS).decode()
    assert html.count("<script>") == 1


@pytest.mark.skipif(not fonts.chinese(), reason="needs a Chinese font")
def test_the_pdf_says_what_the_paper_says(store: Shelf) -> None:
    paper = bulletin.whole(told(store.ids["city"]))
    said = text_of_pdf(pdf_bytes(paper))
    for block in paper.body:
        if isinstance(block, Paragraph):
            words = "".join(run.text + "".join(f"[{ref}]" for ref in run.refs) for run in block.runs)
            assert squeezed(words) in re.sub(r"—\d+—", "", said)
    for number in ("88.4%（610/690）", "还差80人", "3,485人"):
        assert number in said
    assert "—1—" in said


@pytest.mark.skipif(not fonts.chinese(), reason="needs a Chinese font")
def test_what_looks_like_markup_of_the_layout_is_only_text() -> None:
    assert squeezed(TYPST) in text_of_pdf(pdf_bytes(paper_of(TYPST)))


def test_a_number_without_its_source_is_no_paper() -> None:
    with pytest.raises(NotSet, match="src_7"):
        pdf_bytes(Paper("", "", (), (Paragraph("body", (Run("甲", (7,)),)),), (), ""))


def test_the_ways_to_the_annexes_break_into_lines() -> None:
    style = PACK_STYLE
    assert "flex-wrap: wrap" in style.split("nav {", 1)[1].split("}", 1)[0]
