"""txt and csv: encodings, offsets, delimiters."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.readers import read_file
from etl.readers.decode import decode
from etl.types import Refused

STORY = "一、基本情况\r\n\r\n  全县现有小学四十三所,在校学生 20,816 人。\r\n二、存在问题\r\n"


@pytest.mark.parametrize(
    "content",
    [
        STORY.encode(),
        codecs.BOM_UTF8 + STORY.encode(),
        STORY.encode("gb18030"),
        codecs.BOM_UTF16_LE + STORY.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + STORY.encode("utf-16-be"),
    ],
    ids=["utf8", "utf8-bom", "gb18030", "utf16le", "utf16be"],
)
def test_encodings_give_the_same_untouched_text(content: bytes) -> None:
    reading = read_file("总结.txt", content)
    assert reading.text == STORY.replace("\r\n", "\n")
    assert [(b.locator, b.text) for b in reading.blocks] == [
        ("第1段", "一、基本情况"),
        ("第2段", "  全县现有小学四十三所,在校学生 20,816 人。"),
        ("第3段", "二、存在问题"),
    ]
    assert all(reading.text[b.start : b.start + len(b.text)] == b.text for b in reading.blocks)


def test_a_short_gb18030_line_is_not_taken_for_something_else() -> None:
    assert read_file("a.txt", "入学\n".encode("gb18030")).text == "入学\n"


def test_mixed_bytes_are_refused_with_their_position() -> None:
    with pytest.raises(Refused, match=r"第 1 行.第 7 个字节") as refused:
        read_file("a.txt", "学校".encode() + b"\xff\xff\xff")
    assert refused.value.code == "undecodable"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiters_are_found(delimiter: str) -> None:
    rows = ["学校,学生数,备注", '青石小学,0012,"甲,乙;丙|丁\t戊"', "白沙小学,88,"]
    text = "\n".join(
        row.replace(",", delimiter) if '"' not in row else f'青石小学{delimiter}0012{delimiter}"甲,乙;丙|丁\t戊"'
        for row in rows
    )
    [grid] = read_file("数据.csv", text.encode("gb18030")).grids
    assert grid.cells == (("学校", "学生数", "备注"), ("青石小学", "0012", "甲,乙;丙|丁\t戊"), ("白沙小学", "88", None))
    assert grid.address(1, 1) == "R2C2"


@pytest.mark.parametrize(
    ("name", "text", "media_type"),
    [
        ("a.txt", "学校,人数\n甲校,1\n乙校,2\n", "text/csv"),
        ("a.csv", "学校\n甲校\n", "text/csv"),
        ("a.xlsx", "学校,人数\n甲校,1\n乙校,2\n", "text/csv"),
        ("a.txt", "今年全县招生1,200人,比上年增加。\n明年预计更多。\n完。\n", "text/plain"),
        ("a.txt", "学校,人数\n甲校,1\n", "text/plain"),
    ],
)
def test_the_name_only_decides_between_text_and_table(name: str, text: str, media_type: str) -> None:
    assert read_file(name, text.encode()).media_type == media_type


def test_an_open_quote_is_refused_with_its_row() -> None:
    with pytest.raises(Refused, match="第 2 行"):
        read_file("a.csv", '学校,人数\n"甲校,1\n乙校,2\n'.encode())


def test_a_line_break_inside_quotes_stays_in_its_cell() -> None:
    [grid] = read_file("a.csv", '学校,"学生\n人数"\n甲校,1\n'.encode()).grids
    assert grid.cells == (("学校", "学生\n人数"), ("甲校", "1"))


# Ordinary characters of both standards: what a generated text is made of.
_GB_CHARACTERS = bytes(n for a in range(0xB0, 0xD7) for b in range(0xA1, 0xFF) for n in (a, b)).decode("gb2312")
_BIG5_CHARACTERS = "".join(
    bytes((a, b)).decode("big5") for a in range(0xA4, 0xC6) for b in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
)


def _sprinkled(pool: str) -> st.SearchStrategy[str]:
    """At least thirty Han characters of the pool with numbers and punctuation between them."""
    return st.lists(st.sampled_from(pool), min_size=30, max_size=80).map(
        lambda found: "".join(c + ("", "", "", "12", ",", "。\n")[ord(c) % 6] for c in found)
    )


@settings(max_examples=400, deadline=None)
@given(_sprinkled(_GB_CHARACTERS))
def test_gb18030_is_never_taken_for_big5(text: str) -> None:
    assert decode(text.encode("gb18030")) == text


@settings(max_examples=400, deadline=None)
@given(_sprinkled(_BIG5_CHARACTERS))
def test_traditional_text_is_read_in_either_encoding(text: str) -> None:
    assert decode(text.encode("big5")) == text
    assert decode(text.encode("gb18030")) == text


@pytest.mark.parametrize("text", ["縣立國小在籍學生共412人,輟學1人。", "國中預防接種證查驗率99.1%,補種完成率97%"])
@pytest.mark.parametrize("encoding", ["big5", "big5hkscs", "cp950", "gb18030", "utf-8", "utf-16"])
def test_a_traditional_sentence_is_read_in_every_encoding(text: str, encoding: str) -> None:
    assert read_file("a.txt", text.encode(encoding)).text == text


@pytest.mark.parametrize("text", ["学校", "合格 97%", "柳河镇,12"])
def test_a_few_characters_stay_gb18030(text: str) -> None:
    assert decode(text.encode("gb18030")) == text


def test_what_fits_no_encoding_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        decode(b"\x81\x20 \xff\xff")
    assert refused.value.code == "undecodable"
