"""What is not read: each kind with its own code and a sentence that says what to do; never another exception."""

from __future__ import annotations

import codecs
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl import readers
from etl.readers import read_file
from etl.readers.registry import reader
from etl.types import Reading, Refused
from tests.etl.readers.make import (
    FAR_CELL,
    docx_bytes,
    ods_bytes,
    ole_bytes,
    raw_xlsx,
    replaced,
    xls_bytes,
    xlsx_bytes,
    zip_bytes,
)

DOCX = docx_bytes(lambda document: document.add_paragraph("全镇幼儿园九所。"))
XLSX = xlsx_bytes(lambda book: book.add_worksheet("表").write_row(0, 0, ["校名", 18, 0.5]))
XLS = xls_bytes(lambda book: book.add_sheet("表").write(0, 0, "校名"))
ODS = ods_bytes([["校名", 18]])
ENTITIES = b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]>'
SHEET = "xl/worksheets/sheet1.xml"


def with_doctype(content: bytes, part: str) -> bytes:
    return replaced(content, part, lambda xml: re.sub(rb"(<\?xml.*?\?>)?", lambda m: m[0] + ENTITIES, xml, count=1))


def locked(content: bytes) -> bytes:
    """The container with the password flag set on its members."""
    at = content.index(b"PK\x01\x02")
    return content[: at + 8] + b"\x01" + content[at + 9 :]


REFUSED = {
    "nothing": (b"", "empty_file"),
    "blank": (b" \r\n\t\n", "empty_file"),
    "half pdf": (b"%PDF-1.7\n%\xe2\xe3", "damaged"),
    "doc without text": (ole_bytes("WordDocument"), "damaged"),
    "works": (ole_bytes("CompObj", "MatOST"), "works"),
    "word 2": (b"\xdb\xa5\x2d\x00" + bytes(60), "old_word"),
    "ppt": (ole_bytes("PowerPoint Document"), "presentation"),
    "msi": (ole_bytes("Something"), "unknown_type"),
    "locked office": (ole_bytes("EncryptionInfo", "EncryptedPackage"), "encrypted"),
    "locked zip": (locked(XLSX), "encrypted"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(20), "image"),
    "photo": (b"\xff\xd8\xff\xe0" + bytes(20), "image"),
    "exe": (b"MZ\x90\x00\x03" + bytes(60), "unknown_type"),
    "rtf": (b"{\\rtf1 a}", "rtf"),
    "zip": (zip_bytes({"a.txt": "a"}), "archive"),
    "pptx": (zip_bytes({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "unknown_type"),
    "macro": (zip_bytes({"xl/workbook.xml": "", "xl/vbaProject.bin": b"x"}), "macro"),
    "utf-16 cut": (codecs.BOM_UTF16_LE + b"a", "undecodable"),
    "far cell": (FAR_CELL, "far_cell"),
    "long sheet": (raw_xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="900000"><c r="J900000"><v>1</v></c></row>'), "far_cell"),
    "entities in sheet": (with_doctype(XLSX, SHEET), "doctype"),
    "entities in docx": (with_doctype(DOCX, "word/document.xml"), "doctype"),
    "entities in utf-16": (replaced(XLSX, SHEET, lambda xml: (ENTITIES + xml).decode().encode("utf-16")), "doctype"),
    "half docx": (DOCX[: len(DOCX) // 2], "damaged"),
    "half xls": (XLS[:600], "damaged"),
    "members": (zip_bytes({f"xl/{n}": "" for n in range(5001)}), "zip_bomb"),
    "xml sheet": (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "xml_sheet"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_with_its_own_code_and_advice(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_file("上报.xlsx", content)
    assert refused.value.code == code
    assert re.search("请.+。$", refused.value.sentence)


def test_a_bomb_is_refused_before_it_is_parsed() -> None:
    bomb = replaced(XLSX, SHEET, lambda xml: xml + b" " * (60 * 1024 * 1024))
    with pytest.raises(Refused) as refused:
        read_file("a.xlsx", bomb)
    assert refused.value.code == "zip_bomb"


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MAX_BYTES", 1000)
    with pytest.raises(Refused, match="拆成几个文件") as refused:
        read_file("a.txt", b"a" * 1001)
    assert refused.value.code == "too_large"


@pytest.mark.parametrize("content", [DOCX, XLSX, XLS, ODS], ids=["docx", "xlsx", "xls", "ods"])
@pytest.mark.parametrize("name", ["", "a.txt", "a.csv", "a.pdf", "../../x\x00.docx"])
def test_the_name_does_not_matter(name: str, content: bytes) -> None:
    assert read_file(name, content) == read_file("a", content)


def test_two_claimants_of_a_kind_are_an_error() -> None:
    with pytest.raises(ValueError, match="csv"):
        reader("csv")(lambda content, name: Reading(""))


def outcome(name: str, content: bytes) -> None:
    """Reads or is refused; any other exception fails the test."""
    try:
        reading = read_file(name, content)
    except Refused:
        return
    assert all(reading.text[b.start : b.start + len(b.text)] == b.text for b in reading.blocks)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>"]))
def test_random_bytes_are_read_or_refused(content: bytes, start: bytes) -> None:
    outcome("a.csv", start + content)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([DOCX, XLSX, XLS, ODS]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
)
def test_files_with_flipped_bytes_are_read_or_refused(content: bytes, flips: list[tuple[float, int]]) -> None:
    changed = bytearray(content)
    for place, byte in flips:
        changed[int(place * len(changed))] = byte
    outcome("a.xlsx", bytes(changed))


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([DOCX, XLSX, XLS, ODS]), st.floats(0, 1))
def test_cut_files_are_read_or_refused(content: bytes, share: float) -> None:
    outcome("a.docx", content[: int(share * len(content))])
