"""What Word keeps beside its text: automatic numbers, notes, boxes, tracked changes; docx and doc alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.readers import read_file
from etl.readers.numbering import Level, Lists, numeral
from tests.etl.readers.make_word import CHAPTERS, STRICT, docx, note, p, run, structured, table, vml_box
from tests.etl.readers.test_documents import texts

NUMBERED_DOC = (Path(__file__).parent / "files" / "numbered.doc").read_bytes()
STRUCTURE = [
    "青溪县控辍保学工作情况汇报",
    "一、基本情况",
    "（一）入学情况",
    "1. 2025年秋季在校学生18462人。",
    "2. 辍学3人。",
    "（三）健康情况",  # an empty paragraph of the list is counted and not shown
    "1. 体检率98.6%。",
    "体检人数不含请假学生41人。",
    "二、工作目标",
    "巩固率达到99%以上。",
    "2.1.1 条目",
    "序号\t学校\t人数",
    "1\t柳河小学\t412",
    "2\t东坪小学\t236",
    "另表",
    "1\t柳河小学\t5",
    "2\t枫岭小学\t6",
    "数据由卫健局提供。",
]


def test_automatic_numbers_and_notes_of_a_docx_are_read_where_they_are_seen() -> None:
    assert [text for _, text in texts(read_file("a.docx", structured()))] == STRUCTURE


def test_automatic_numbers_and_notes_of_a_doc_are_read_the_same() -> None:
    """Written by LibreOffice from the docx above; the format it wrote keeps no 2.1.1 and splits the last list."""
    expected = [*STRUCTURE[:10], "二.一.1 条目", *STRUCTURE[11:16], "1\t枫岭小学\t6", STRUCTURE[17]]
    assert [text for _, text in texts(read_file("a.doc", NUMBERED_DOC))] == expected


def test_the_strict_variant_of_the_format_reads_the_same() -> None:
    body, styles = p("总则", num=(1, 0)) + p("查验率98%。", num=(1, 2)), ""
    assert STRICT
    usual, strict = (read_file("a", docx(body, CHAPTERS, styles, strict=each)).text for each in (False, True))
    assert usual == strict == "一、总则\n1. 查验率98%。"


def test_a_box_drawn_as_vml_is_read_once_in_a_paragraph_and_in_a_cell() -> None:
    body = p("正文", inside=vml_box("框内9人")) + table([p("校", inside=vml_box("框")), p("3")])
    assert [text for _, text in texts(read_file("a", docx(body)))] == ["正文", "框内9人", "校 框\t3"]


def test_a_paragraph_whose_mark_is_deleted_goes_on_in_the_next() -> None:
    deleted = '<w:del w:id="1" w:author="x"/>'
    body = p("全县共有", mark=deleted) + p("小学43所。") + p("末段", mark=deleted)
    assert [text for _, text in texts(read_file("a", docx(body)))] == ["全县共有小学43所。", "末段"]


def test_a_deleted_row_and_a_deleted_note_are_not_read() -> None:
    gone = f'<w:del w:id="1">{note("footnote", 1)}</w:del>'
    rows = table([p("校"), p("数")], [p("甲"), p("5")]).replace(
        '<w:tr><w:tc><w:p><w:pPr></w:pPr><w:r><w:t xml:space="preserve">甲',
        '<w:tr><w:trPr><w:del w:id="2"/></w:trPr><w:tc><w:p><w:pPr></w:pPr><w:r><w:t xml:space="preserve">甲',
    )
    content = docx(p("共5所", inside=gone) + rows, footnotes=f'<w:footnote w:id="1">{p("旧注8人")}</w:footnote>')
    assert [text for _, text in texts(read_file("a", content))] == ["共5所", "校\t数"]


def test_a_reading_aid_above_a_character_is_left_out_and_a_fraction_is_read() -> None:
    ruby = "<w:r><w:ruby><w:rt><w:r><w:t>chuò</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>辍</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    math = (
        "<m:oMath><m:f><m:num><m:r><m:t>95</m:t></m:r></m:num><m:den><m:r><m:t>97</m:t></m:r></m:den></m:f></m:oMath>"
    )
    assert read_file("a", docx(p("", inside=ruby + run("学") + math))).text == "辍学95/97"


def test_a_list_begins_again_only_where_it_says_so() -> None:
    lists, levels = Lists(), [Level("decimal", "%1."), Level("lowerLetter", "%2)", restart=0)]
    places = [("a", 0), ("a", 1), ("a", 0), ("a", 1), ("b", 0), ("c", 0), ("c", 0)]
    labels = [lists.label("g", name, at, levels, {0: 1} if name == "c" else {}) for name, at in places]
    assert labels == ["1. ", "a)", "2. ", "b)", "3. ", "1. ", "2. "]
    assert lists.label("g", "a", 5, levels, {}) == ""


@pytest.mark.parametrize(
    ("number", "style", "text"),
    [
        (11, "chineseCounting", "十一"), (20, "chineseCounting", "二十"), (105, "chineseCounting", "一百零五"),
        (110, "taiwaneseCounting", "一百一十"), (3, "chineseLegalSimplified", "叁"), (10, "ideographDigital", "一〇"),
        (3, "decimalEnclosedCircle", "③"), (21, "decimalEnclosedCircle", "21"), (4, "lowerRoman", "iv"),
        (28, "upperLetter", "BB"), (11, "ideographTraditional", "甲"), (7, "decimalZero", "07"),
        (5, "no such style", "5"), (0, "chineseCounting", "0"),
    ],
)  # fmt: skip
def test_numerals(number: int, style: str, text: str) -> None:
    assert numeral(number, style) == text
