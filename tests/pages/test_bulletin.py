"""The bulletin: what the page shows is what the document holds, every figure leads to its records, the public edition
hides what it must, and the paper looks as official papers do."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from streamlit.testing.v1 import AppTest

from db import queries
from db.engine import make_engine
from pages.analysis import publication
from pages.exports.docx import docx_bytes
from pages.text import words
from pages.ui import bulletin, bulletin_facts, data, sentences
from pages.ui.text import title_of, value_text
from tests.pages.conftest import Shelf, shown

Open = Callable[..., AppTest]


def told(unit: int, period: str = "SY2025", edition: str = "internal", kind: str = "school") -> bulletin_facts.Facts:
    return bulletin.facts(unit, period, edition, kind)


def document(facts: bulletin_facts.Facts) -> docx.document.Document:
    return docx.Document(io.BytesIO(docx_bytes(bulletin.whole(facts))))


def text_of(paper: docx.document.Document) -> str:
    """The words of all paragraphs, the numbers of the sources with them."""
    return "\n".join("".join(node.text or "" for node in each._p.iter(qn("w:t"))) for each in paper.paragraphs)


def cells_of(table: docx.table.Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def stored(codes: list[str], units: list[int]) -> pd.DataFrame:
    """Values straight from the queries, past everything that pages do."""
    engine = make_engine()
    with engine.connect() as connection:
        frame = queries.cells(connection, indicators=tuple(codes), org_unit_ids=tuple(units))
    engine.dispose()
    return frame[frame["value"].notna()]


def refs(text: str) -> list[int]:
    return [int(each) for each in re.findall(r"\[(\d+)\]", text)]


@pytest.mark.parametrize("edition", ["internal", "public"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_the_sections_and_offers_the_document(
    store: Shelf, open_page: Open, language: str, edition: str
) -> None:
    app = open_page("bulletin", lang=language, edition=edition, unit=store.ids["city"], period="SY2025")
    assert not app.exception
    html = "\n".join(each.value for each in app.main.get("html"))
    for name in ("reporting", "indicators", "attention", "findings", "notes"):
        assert words(language)[f"bulletin.section.{name}"] in html
    assert words(language)["bulletin.save.docx"] in [each.proto.label for each in app.get("download_button")]
    assert "岚川市" in shown(app)


def test_every_headline_of_the_document_is_what_the_store_holds(store: Shelf) -> None:
    facts, city = told(store.ids["city"]), store.ids["city"]
    paper = text_of(document(facts))
    held = stored([line.series.indicator.code for line in facts.lines], [city])
    assert len(facts.lines) == 3
    for line in facts.lines:
        code, dims, period = line.series.indicator.code, line.series.dims, line.series.latest
        [row] = held[(held["indicator"] == code) & (held["dims"] == dims) & (held["period"] == period)].to_dict(
            "records"
        )
        indicator = data.indicator(code)
        said = f"{title_of(indicator, dims)}{value_text(row['value'], indicator)}"
        if pd.notna(row["denominator"]):
            said += f"（{row['numerator']:,.0f}/{row['denominator']:,.0f}）"
        assert said in paper


def test_the_sentence_names_change_target_gap_persons_and_chance(store: Shelf) -> None:
    paper = re.sub(r"\[\d+\]", "", text_of(document(told(store.ids["city"]))))
    assert ("预防接种证查验率88.4%（610/690），已报3所（应报4所），较上年同期下降7.4个百分点，变化超出偶然波动，未达到目标（≥100%），"
            "相差11.6个百分点，还差80人，差距超出偶然波动") in paper  # fmt: skip
    assert "石岭中心小学（石岭镇 · 西坪县）预防接种证查验率75.0%，低于目标100%，还差80人" in paper
    assert "应由学校上报" in paper
    assert "青崖小学" in str([cells_of(table) for table in document(told(store.ids["city"])).tables])


def test_the_annex_by_unit_equals_the_queries_and_its_total_is_the_unit_itself(store: Shelf) -> None:
    facts = told(store.ids["city"])
    tables = [cells_of(each) for each in document(facts).tables]
    [annex] = [rows for rows in tables if rows[1][0] == "合计"]
    held = stored(
        [each.indicator.code for each in facts.whole.chosen], [store.ids[key] for key in ("city", "east", "west")]
    )
    units = {"合计": store.ids["city"], "东渡区": store.ids["east"], "西坪县": store.ids["west"]}
    assert [row[0] for row in annex[1:]] == list(units)
    checked = 0
    for n, each in enumerate(facts.whole.chosen, 1):
        for row in annex[1:]:
            own = held[(held["org_unit_id"] == units[row[0]]) & (held["indicator"] == each.indicator.code)
                       & (held["dims"] == each.dims) & (held["period"] == each.latest)]  # fmt: skip
            if own.empty:
                assert row[n] == "—"
                continue
            assert row[n].split("\n")[0] == value_text(own["value"].iloc[0], each.indicator)
            if pd.notna(own["denominator"].iloc[0]):
                assert row[n].split("\n")[1] == f"{own['numerator'].iloc[0]:,.0f}/{own['denominator'].iloc[0]:,.0f}"
            checked += 1
    assert checked >= 8


def test_every_figure_leads_to_a_row_whose_records_add_up_to_it(store: Shelf) -> None:
    paper = document(told(store.ids["city"]))
    body = text_of(paper)
    rows = {int(row[0]): row for row in cells_of(paper.tables[-1])[1:]}
    marks = {node.get(qn("w:name")) for node in paper.element.iter(qn("w:bookmarkStart"))}
    leads = {node.get(qn("w:anchor")) for node in paper.element.iter(qn("w:hyperlink"))}
    assert set(refs(body)) == set(rows)
    assert leads == marks == {f"src_{number}" for number in rows}
    [number] = refs(body[body.index("预防接种证查验率88.4%（610/690）") :].split("，")[0])
    _, what, value, ids, place = rows[number]
    assert "岚川市" in what
    assert value == "88.4%\n610/690"
    found = [
        int(each) for part in ids.split(", ") for each in range(int(part.split("-")[0]), int(part.split("-")[-1]) + 1)
    ]
    records = data.records(found)
    assert (records["numerator"].sum(), records["denominator"].sum()) == (610, 690)
    assert "《学年统计.csv》" in place


def test_the_public_edition_hides_small_numbers_and_what_gives_them_away(
    store: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """19 of 20 at one school of two: one child is told from the rest, and the other school from the sum."""
    canteens = told(store.ids["hill"], "SY2024", "public")
    assert "95.0%" in str([cells_of(each) for each in document(canteens).tables])  # visits are no secret of a child
    data.forget()
    monkeypatch.setattr(sentences, "counts_people", lambda indicator: True)
    internal, public = (told(store.ids["hill"], "SY2024", edition) for edition in ("internal", "public"))
    both = [
        text_of(document(each)) + str([cells_of(one) for one in document(each).tables]) for each in (internal, public)
    ]
    assert "19/20" in both[0]
    assert "12/20" in both[0]
    for secret in ("19/20", "12/20", "95.0%", "60.0%"):
        assert secret not in both[1]
    assert "人数少，不公布" in both[1]
    assert "仅供内部工作使用" in both[0]
    assert "公开版" in both[1].split("单位：")[0]
    assert both[1].count("“13#") == 0  # no sentence of a source is quoted


def test_hidden_cells_cannot_be_had_from_the_sum_or_from_the_count_beside_a_rate() -> None:
    rows = [(n, "dropout_rate", "", "SY2025", 100 * x / base, float(x), float(base)) for n, (x, base) in
            enumerate([(2, 500), (7, 600), (9, 700), (30, 8)])]  # fmt: skip
    rows += [
        (n, "dropout_count", "", "SY2025", float(x), float("nan"), float("nan")) for n, x in enumerate([2, 7, 9, 30])
    ]
    names = ["org_unit_id", "indicator", "dims", "period", "value", "numerator", "denominator"]
    frame = pd.DataFrame(rows, columns=names)
    why = publication.hidden(frame, {"dropout_rate": "dropout_count"})
    by_unit = frame.assign(why=why != "").groupby("org_unit_id")["why"].agg(["all", "any"])
    assert (by_unit["all"] == by_unit["any"]).all()  # a rate and its count go together
    assert by_unit["any"].tolist() == [True, True, False, True]


def test_two_without_are_as_few_as_two_with() -> None:
    names = ["org_unit_id", "indicator", "dims", "period", "value", "numerator", "denominator"]
    counts = [(98, 100), (60, 100), (80, 100)]
    frame = pd.DataFrame(
        [(n, "r", "", "p", float(x), float(x), float(b)) for n, (x, b) in enumerate(counts)], columns=names
    )
    assert publication.hidden(frame, {}).tolist() == ["small", "", "secondary"]
    assert publication.bound(100.0, 50) == (">=", 95.0)
    assert publication.bound(100.0, 5000) is None


def test_the_document_is_laid_out_as_official_papers_are(store: Shelf) -> None:
    paper = document(told(store.ids["city"]))
    body = paper.sections[1]
    millimetres = [round(each.mm) for each in (body.page_width, body.page_height, body.top_margin, body.left_margin)]
    assert millimetres == [210, 297, 37, 28]
    core = (
        body.page_width - body.left_margin - body.right_margin,
        body.page_height - body.top_margin - body.bottom_margin,
    )
    assert [round(each / Mm(1)) for each in core] == [156, 225]
    fonts = {}
    for each in paper.paragraphs:
        for run in (run for run in each.runs if run.text):
            fonts.setdefault(run.text, (run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size))
    assert fonts["一、上报情况"] == ("黑体", Pt(16))
    assert [font for text, font in fonts.items() if text.startswith("（一）")] == [("楷体_GB2312", Pt(16))]
    assert fonts[bulletin.paper(told(store.ids["city"])).lines()] == ("方正小标宋简体", Pt(22))
    [opening] = [each for each in paper.paragraphs if "共监测主要指标" in each.text]
    assert opening.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert 28 <= opening.paragraph_format.line_spacing.pt <= 30
    for footer, side in ((body.footer, "RIGHT"), (body.even_page_footer, "LEFT")):
        code = "".join(node.text or "" for node in footer._element.iter(qn("w:instrText"), qn("w:t")))
        assert code.replace(" ", "") == "—PAGE1—"
        assert footer.paragraphs[0].alignment.name == side
    table = next(part for part in paper.part.package.iter_parts() if part.partname.endswith("fontTable.xml"))
    assert "方正小标宋_GBK" in table.blob.decode()


def test_a_school_and_a_period_without_values_are_answered(store: Shelf, open_page: Open) -> None:
    app = open_page("bulletin", unit=store.ids["p1"], period="SY2024")
    assert not app.exception
    assert "湾口小学" in shown(app)
    paper = text_of(document(told(store.ids["p1"], "SY2024", "public")))
    assert "湾口小学" in paper


def test_an_empty_store_says_what_to_do(empty_store: object, open_page: Open) -> None:
    app = open_page("bulletin")
    assert not app.exception
    assert words("zh")["common.empty.title"] in shown(app)


def test_the_title_is_broken_between_words_and_the_document_is_a_chinese_one(store: Shelf) -> None:
    paper = document(told(store.ids["city"]))
    titles = [each.text.split("\n") for each in paper.paragraphs if each.text.endswith("教育指标监测情况的通报")]
    assert len(titles) == 2
    assert {tail for _, tail in titles} == {"教育指标监测情况的通报"}
    assert paper.core_properties.title == "".join(titles[0])
    assert {each.get(qn("w:eastAsia")) for each in paper.styles.element.iter(qn("w:lang"))} == {"zh-CN"}
