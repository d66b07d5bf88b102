"""Error cells of an xls or et file, found in its BIFF8 records: the cell reader shows them as empty."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from etl.readers.container import encrypted
from etl.readers.ole import CompoundFile
from etl.readers.sheet_xml import SheetFacts

_FORMULA, _BOOLERR, _BOUNDSHEET, _FILEPASS, _EOF = 0x0006, 0x0205, 0x0085, 0x002F, 0x000A
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def xls_facts(content: bytes) -> dict[str, SheetFacts]:
    """The error cells of every sheet by its name. A small or older (BIFF5) workbook stream gives nothing."""
    compound = CompoundFile(content)
    if not any(entry.name == "Workbook" and entry.size >= 4096 for entry in compound.entries):
        return {}
    stream = compound.stream("Workbook")
    starts: dict[str, int] = {}
    for kind, body in _records(stream, 0):
        if kind == _FILEPASS:
            raise encrypted()
        if kind == _BOUNDSHEET:
            starts[_sheet_name(body)] = struct.unpack_from("<I", body)[0]
    return {name: SheetFacts(dict(_errors(stream, start))) for name, start in starts.items()}


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Records up to the end of the substream."""
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + length]
        if kind == _EOF:
            return
        start += 4 + length


def _sheet_name(body: bytes) -> str:
    length, wide = body[6], body[7] & 1
    return body[8 : 8 + length * 2].decode("utf-16-le") if wide else body[8 : 8 + length].decode("latin-1")


def _errors(stream: bytes, start: int) -> Iterator[tuple[tuple[int, int], str]]:
    for kind, body in _records(stream, start):
        if kind == _BOOLERR and len(body) >= 8 and body[7] == 1:
            yield struct.unpack_from("<HH", body), _ERRORS.get(body[6], "#ERROR!")
        elif kind == _FORMULA and len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff":
            yield struct.unpack_from("<HH", body), _ERRORS.get(body[8], "#ERROR!")
