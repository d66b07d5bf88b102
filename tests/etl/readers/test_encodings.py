"""Every encoding that Chinese files come in: read right or refused, never read as something else."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.readers import read_file
from etl.readers.decode import _UTF8_LINE, decode
from etl.types import Refused
from tests.etl.readers.test_text import _BIG5_CHARACTERS, _GB_CHARACTERS, _sprinkled

SIMPLIFIED = "全县现有小学四十三所,在校学生20,816人,辍学3人。\n国旗下讲话每周一次。\n"
TRADITIONAL = "縣立國小在籍學生共412人,輟學1人。\n國中預防接種證查驗率99.1%。\n"
TABLE = "學校,人數,備註\n青石國小,412,\n白沙國中,88,寄宿\n"
UNICODE = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "utf-7",
    "gb18030",
)
MAINLAND = (*UNICODE, "gb2312", "gbk", "hz")
TAIWAN = (*UNICODE, "gbk", "big5", "big5hkscs", "cp950")


@pytest.mark.parametrize("encoding", MAINLAND)
@pytest.mark.parametrize("text", [SIMPLIFIED, "学校,人数\n甲校,12\n乙校,88\n", "小学四十三所"])
def test_simplified(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", TAIWAN)
@pytest.mark.parametrize("text", [TRADITIONAL, TABLE, "國小", "國中", "國小\n國中\n"])
def test_traditional(text: str, encoding: str) -> None:
    if encoding == "utf-7" and len(text) < 4:
        pytest.skip("two characters are too few to tell it from ASCII")
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "hz", "big5"])
def test_the_whole_file_is_read_as_what_it_is(encoding: str) -> None:
    text = TABLE if encoding != "hz" else "学校,人数,备注\n青石小学,412,\n白沙中学,88,寄宿\n"
    reading = read_file("a.csv", text.encode(encoding))
    assert reading.media_type == "text/csv"
    assert ["".join(str(cell) for cell in row if cell) for row in reading.grids[0].cells] == text.replace(
        ",", ""
    ).split()


@pytest.mark.parametrize("encoding", ["utf-16-le", "big5", "hz", "gb2312"])
def test_a_page_that_names_no_encoding(encoding: str) -> None:
    words = "全縣國小四十三所,國中九所" if encoding == "big5" else "全县小学四十三所,中学九所"
    page = f"<html><head><title>统计</title></head><body><p>{words}</p></body></html>"
    page = page.replace("统计", "a")
    assert words in read_file("a.html", page.encode(encoding)).text


@pytest.mark.parametrize(
    "text",
    [
        "Bush hid the facts",
        "this app can break",
        "school,pupils\nA,12\nB,13\n",
        "1,2\n3,4\n",
        "a~{b",
        "1+1=2",
        "no+abcd-ef",
        "OK",
    ],
)
def test_ascii_stays_ascii(text: str) -> None:
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [("utf-8", "gb18030"), ("utf-8", "cp1252"), ("gb18030", "latin-1"), ("big5", "gb18030"), ("gb2312", "big5hkscs")],
)
@pytest.mark.parametrize("saved", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_that_was_spoiled_before_is_refused(written: str, read: str, saved: str) -> None:
    text = TRADITIONAL if written == "big5" else SIMPLIFIED
    spoiled = text.encode(written).decode(read, "replace")
    with pytest.raises(Refused, match=r"第 1 行.+乱码.+请") as refused:
        decode(spoiled.encode(saved))
    assert refused.value.code == "garbled"


@pytest.mark.parametrize("lost", ["\ufffd", "锟斤拷"])
def test_a_lost_character_is_refused_with_its_line(lost: str) -> None:
    with pytest.raises(Refused, match="第 3 行"):
        decode(f"全县小学四十三所。\n在校学生208人。\n{lost}镇中心小学12人。".encode())


@settings(max_examples=300, deadline=None)
@given(_sprinkled(_GB_CHARACTERS), st.sampled_from(["utf-8", "utf-16", "gb18030", "gb2312", "hz"]))
@example("国旗犇骉鎔小学", "gb18030")
def test_what_a_reader_makes_of_simplified_text_is_that_text(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@settings(max_examples=300, deadline=None)
@given(_sprinkled(_BIG5_CHARACTERS), st.sampled_from(["utf-8", "utf-16", "utf-32", "gb18030", "big5", "cp950"]))
def test_what_a_reader_makes_of_traditional_text_is_that_text(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(SIMPLIFIED + TRADITIONAL), min_size=1, max_size=200).map("".join), st.booleans())
def test_utf16_without_a_mark_is_never_read_as_something_else(text: str, little: bool) -> None:
    """Text of few characters may be refused, but is not mistaken where digits or line ends stand in it."""
    encoding = "utf-16-le" if little else "utf-16-be"
    try:
        found = decode((text + "\n12,34\n").encode(encoding))
    except Refused:
        return
    assert found == text + "\n12,34\n"


def test_two_encodings_in_one_file_are_refused_with_line_and_byte() -> None:
    first = "学校,人数\n甲校,12\n".encode("gb18030")
    with pytest.raises(Refused, match=rf"两种文字编码:第 3 行\(第 {len(first) + 1} 个字节起\)") as refused:
        read_file("a.csv", first + "乙校,88\n".encode())
    assert refused.value.code == "undecodable"
    with pytest.raises(Refused):
        read_file("a.txt", "全县小学四十三所。\n".encode() + "其中乡村小学九所。\n".encode("gb18030"))


@given(
    st.text(alphabet="学校人数小中县乡镇乙甲丙班级龙嘉靖鑫淼联通", min_size=2, max_size=8),
    st.sampled_from(["gb18030", "big5hkscs"]),
)
def test_a_short_line_of_one_encoding_is_no_line_of_another(text: str, encoding: str) -> None:
    assert _UTF8_LINE.search(("学校,1\n" + text + ",2").encode(encoding, "ignore")) is None
