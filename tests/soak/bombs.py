"""Case 17 at full size: files of a few kilobytes or megabytes that unfold to gigabytes, each sent to a running server."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

from etl.sandbox import read_safely
from etl.types import Refused
from tests.etl.readers.make import raw_xlsx, xlsx_bytes
from tests.soak.client import Browser
from tests.soak.served import Served

LONGEST_S = 35.0
SHEET = "xl/worksheets/sheet1.xml"
_HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_TAIL = b"</sheetData></worksheet>"
_MANY = 1 << 20
_ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """How one file ended: the size on disk (bytes), the sentence and the seconds it took."""

    size: int
    sentence: str
    seconds: float


def _with_sheet(parts: Iterator[bytes]) -> bytes:
    """A workbook whose one sheet is made of so many parts, packed as they come."""
    whole, out = xlsx_bytes(lambda book: book.add_worksheet("表")), BytesIO()
    with (
        zipfile.ZipFile(BytesIO(whole)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if name != SHEET:
                new.writestr(name, old.read(name))
        with new.open(SHEET, "w", force_zip64=True) as member:
            for part in parts:
                member.write(part)
    return out.getvalue()


def _long_text() -> Iterator[bytes]:
    yield _HEAD + b'<row r="1"><c r="A1" t="inlineStr"><is><t>'
    for _ in range(2048):
        yield b"x" * (1 << 20)
    yield b"</t></is></c></row>" + _TAIL


def _many_cells() -> Iterator[bytes]:
    row = b"<row>" + b"<c><v>1</v></c>" * 50 + b"</row>"
    yield _HEAD
    for _ in range(1048):
        yield row * 1000
    yield _TAIL


def _declared(text: str, value: str) -> bytes:
    """A sheet with a document type of its own."""
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{value}</t></is></c></row>'
    xml = f'<?xml version="1.0"?><!DOCTYPE x [{text}]>' + _HEAD.decode().partition("?>")[2] + cell + _TAIL.decode()
    return _with_sheet(iter([xml.encode()]))


def _many_members() -> bytes:
    out = BytesIO(xlsx_bytes(lambda book: book.add_worksheet("表")))
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(60_000):
            archive.writestr(f"xl/media/{number}", b"")
    return out.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "最远的单元格(XFD1048576)": lambda: raw_xlsx(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "层层展开的实体": lambda: _declared(f'<!ENTITY a "xxxxxxxxxx">{_ENTITIES}', "&j;"),
    "外部实体": lambda: _declared('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
    "2 GB 的一段文字": lambda: _with_sheet(_long_text()),
    "104.8 万行 × 50 列": lambda: _with_sheet(_many_cells()),
    "6 万个成员": _many_members,
}


def run(served: Served, cookie: str) -> dict[str, Refusal]:
    """Each file is read as an upload is (the sandboxed child of the same limits) while a tab of the server is open, and
    sent to the server's own endpoint; the tab must answer after each and the process be the same."""
    found: dict[str, Refusal] = {}
    with Browser(served, cookie) as tab:
        tab.open("upload")
        for name, make in BOMBS.items():
            content = make()
            began = time.monotonic()
            try:
                read_safely("表.xlsx", content)
                sentence = ""
            except Refused as refused:
                sentence = refused.sentence
            seconds = time.monotonic() - began
            assert sentence, f"{name} was read"
            assert seconds <= LONGEST_S, f"{name} took {seconds:.0f} s"
            assert tab.upload("bomb.xlsx", content) == 204
            assert tab.open("upload", timeout=60)
            assert served.process.poll() is None
            found[name] = Refusal(len(content), sentence, seconds)
    return found
