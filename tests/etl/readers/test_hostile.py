"""Files made to harm: what each ends as, and that the next file is read as if nothing had been."""

from __future__ import annotations

import re
import socket
import zipfile
from io import BytesIO

import pytest

from etl.readers import read_file
from etl.sandbox import Limits, read_safely
from etl.types import Refused
from tests.etl.readers.make import docx_bytes, ods_bytes, ole_bytes, raw_xlsx, replaced, xlsx_bytes, zip_bytes

DOCX = docx_bytes(lambda document: document.add_paragraph("全镇幼儿园九所。"))
XLSX = xlsx_bytes(lambda book: book.add_worksheet("表").write_row(0, 0, ["校名", 18]))
WORD = "word/document.xml"
ADVICE = re.compile("请.+。$")
SHORT = Limits(cpu_seconds=10, wall_seconds=20)


def added(content: bytes, name: str, data: str | bytes) -> bytes:
    """The container with one more member."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return zip_bytes({each: archive.read(each) for each in archive.namelist()} | {name: data})


def text_or_refusal(name: str, content: bytes) -> str:
    """The text of a file, or the sentence that refuses it."""
    try:
        return read_safely(name, content, limits=SHORT).text
    except Refused as refused:
        return refused.sentence


def nested(opening: str, closing: str, depth: int) -> str:
    return opening * depth + "全县小学四十三所" + closing * depth


def with_body(xml: str) -> bytes:
    return replaced(DOCX, WORD, lambda old: re.sub(rb"<w:body>.*</w:body>", f"<w:body>{xml}</w:body>".encode(), old))


TABLE = ("<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>")
HARMFUL = {
    "docx with macro": (added(DOCX, "word/vbaProject.bin", b"x"), "macro"),
    "xls with macro": (ole_bytes("Workbook", "_VBA_PROJECT_CUR"), "macro"),
    "doc with macro": (ole_bytes("WordDocument", "Macros", "_VBA_PROJECT"), "macro"),
    "one endless text": (
        raw_xlsx('<row r="1"><c r="A1" t="inlineStr"><is><t>' + "x" * (80 << 20) + "</t></is></c></row>"), "zip_bomb"),
    "a cell at the far right": (raw_xlsx('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'), "too_wide"),
    "a csv of one endless row": (b"1," * 4000 + b"\n" + (b"2," * 4000 + b"2\n") * 3, "too_wide"),
    "ods that repeats a row": (
        replaced(ods_bytes([["校名", 18]]), "content.xml", lambda xml: xml.replace(
            b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1048576">').replace(
            b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="16384" ')), "too_large"),
    "a zip in a zip": (zip_bytes({"a.xlsx": XLSX}), "archive"),
    "docx nested without end": (with_body(nested("<w:p><w:r>", "</w:r></w:p>", 100_000)), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code"), HARMFUL.values(), ids=HARMFUL.keys())
def test_it_is_refused_and_the_next_file_is_read(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_safely("上报.xlsx", content, limits=SHORT)
    assert refused.value.code == code
    assert ADVICE.search(refused.value.sentence)
    assert "九所" in read_safely("汇报.docx", DOCX).text


@pytest.mark.parametrize("depth", [10, 2_000, 100_000])
@pytest.mark.parametrize(
    "tags", [("<div>", "</div>"), ("<table><tr><td>", "</td></tr></table>"), ("<ul><li>", "</li></ul>")]
)
def test_a_page_nested_deeply_is_read_or_refused(tags: tuple[str, str], depth: int) -> None:
    page = f"<html><body><p>全县小学四十三所。</p>{nested(*tags, depth)}</body></html>"
    text = text_or_refusal("a.html", page.encode())
    assert "全县小学四十三所" in text or (depth > 10 and ADVICE.search(text))


@pytest.mark.parametrize("depth", [3, 300])
def test_tables_within_tables_are_read_or_refused(depth: int) -> None:
    paragraph = "<w:p><w:r><w:t>四十三所</w:t></w:r></w:p>"
    content = with_body(TABLE[0] * depth + paragraph + TABLE[1] * depth)
    text = text_or_refusal("a.docx", content)
    assert "四十三所" in text or (depth > 3 and ADVICE.search(text))


def test_entities_of_a_page_stay_what_they_are() -> None:
    bomb = (
        '<!DOCTYPE html [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;">]><html><body><p>小学九所&b;</p></body></html>'
    )
    assert "xxxxx" not in read_file("a.html", bomb.encode()).text.replace('"xxxxxxxxxx"', "")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    asked: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *where: asked.append(where))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *where, **_: asked.append(where))
    return asked


def test_a_template_elsewhere_is_not_fetched(no_network: list[object]) -> None:
    relation = (
        b'<Relationship Id="rId99" TargetMode="External" Target="http://192.0.2.1/a.dotm" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
    )
    content = replaced(DOCX, "word/_rels/document.xml.rels", lambda xml: xml.replace(b"</Relationships>", relation))
    assert "九所" in read_file("a.docx", content).text
    assert no_network == []


def test_pictures_and_styles_of_a_page_are_not_fetched(no_network: list[object]) -> None:
    page = (
        '<html><head><link rel="stylesheet" href="http://192.0.2.1/a.css"></head><body><p>小学九所。</p>'
        '<img src="http://192.0.2.1/a.png"><iframe src="file:///etc/passwd"></iframe></body></html>'
    )
    assert read_file("a.html", page.encode()).text.strip() == "小学九所。"
    assert no_network == []


def test_a_formula_on_another_workbook_gives_the_value_it_last_had(no_network: list[object]) -> None:
    link = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    content = added(
        raw_xlsx('<row r="1"><c r="A1"><f>[1]表!A1*2</f><v>36</v></c></row>'),
        "xl/externalLinks/externalLink1.xml",
        link,
    )
    [grid] = read_file("a.xlsx", content).grids
    assert grid.cells == ((36.0,),)
    assert no_network == []


def test_blanks_far_to_the_right_are_no_column() -> None:
    row = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" t="inlineStr"><is><t xml:space="preserve">  </t></is></c></row>'
    [grid] = read_file("a.xlsx", raw_xlsx(row)).grids
    assert grid.cells[0][0] == 1
    assert set(grid.cells[0][1:]) == {None}
