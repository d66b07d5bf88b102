"""The parts of a Word 97-2003 file that carry text: piece table, hidden runs, notes, paragraph ends ([MS-DOC])."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from etl.readers.container import encrypted
from etl.readers.limits import MAX_CHARACTERS, too_many_characters
from etl.readers.ole import CompoundFile
from etl.readers.word_lists import WordLists, inherited, styles_of, word_lists
from etl.types import Refused

_WORD_97 = 0xC1  # nFib of the first version with this layout
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_FKP = 512
# sprm opcodes ([MS-DOC] 2.6)
_DELETED, _HIDDEN = 0x0800, 0x083C
_IN_TABLE, _ROW_END, _DEF_TABLE, _CHANGE_TABS = 0x2416, 0x2417, 0xD608, 0xC615
_LIST_LEVEL, _LIST = 0x260A, 0x460B
_HUGE = (0x6645, 0x6646)
_OPERAND = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
# What single-byte pieces hold instead of C1 control characters.
_CP1252 = {n: bytes([n]).decode("cp1252") for n in range(0x80, 0xA0) if n not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters [cp, cp + count) stand at byte `fc` of the main stream, `width` bytes each."""

    cp: int
    count: int
    fc: int
    width: int


@dataclass(frozen=True, slots=True)
class ParagraphEnd:
    """What the mark that ends a paragraph says: inside a table, last of a row, and then the row's cells; its style,
    and its list where it names one itself."""

    in_table: bool = False
    row_end: bool = False
    edges: tuple[int, ...] = ()  # twips, one more than cells
    flags: tuple[int, ...] = ()  # TCGRF per cell: how it is merged
    style: int = 0
    number: int | None = None
    level: int | None = None


@dataclass(slots=True)
class WordText:
    """`main` and `boxes` are character ranges of `text`; `ends` is keyed by the position of the mark, `notes` by the
    position that refers to the note."""

    text: str
    main: range
    boxes: range
    unseen: list[tuple[int, int]] = field(default_factory=list)
    ends: dict[int, ParagraphEnd] = field(default_factory=dict)
    notes: dict[int, range] = field(default_factory=dict)
    lists: WordLists = field(default_factory=WordLists)


def word_text(content: bytes) -> WordText:
    """Text and table structure. Raises Refused, ValueError or struct.error."""
    compound = CompoundFile(content)
    stream = compound.stream("WordDocument")
    magic, version, flags = struct.unpack_from("<HH6xH", stream)
    if magic != 0xA5EC or version < _WORD_97:
        raise old_word()
    if flags & _ENCRYPTED:
        raise encrypted()
    table = compound.stream("1Table" if flags & _TABLE_1 else "0Table")
    data = compound.stream("Data") if compound.has("Data") else b""
    pieces = list(_pieces(_part(stream, table, 0x01A2)))
    lengths = struct.unpack_from("<8I", stream, 0x4C)  # main, footnotes, headers, macros, comments, endnotes, boxes, …
    before = sum(lengths[:6])
    text = _decode(stream, pieces, before + lengths[6])
    found = WordText(text, range(lengths[0]), range(before, before + lengths[6]))
    found.unseen = list(_unseen(stream, _part(stream, table, 0x00FA), pieces))
    found.ends = dict(_ends(stream, _part(stream, table, 0x0102), pieces, data))
    endnotes = sum(lengths[:5])
    found.notes = _notes(_part(stream, table, 0x00AA), _part(stream, table, 0x00B2), lengths[0], lengths[1])
    found.notes |= _notes(_part(stream, table, 0x020A), _part(stream, table, 0x0212), endnotes, lengths[5])
    found.lists = _lists(stream, table)
    return found


def _notes(places: bytes, texts: bytes, first: int, length: int) -> dict[int, range]:
    """Position of the reference to the characters of its note, which stand from `first` on."""
    count = len(places) // 6  # n + 1 positions of four bytes, n entries of two
    if not length or count < 1 or len(texts) < 4 * (count + 1):
        return {}
    where = struct.unpack_from(f"<{count}I", places)
    starts = struct.unpack_from(f"<{count + 1}I", texts)
    if list(starts) != sorted(starts):
        return {}
    return {
        at: range(first + starts[n], first + min(starts[n + 1], length))
        for n, at in enumerate(where)
        if starts[n] < starts[n + 1]
    }


def _lists(stream: bytes, table: bytes) -> WordLists:
    """Numbers that a program makes are the least of a document: a part that does not hold is as if there were none."""
    try:
        own: dict[int, tuple[int, int | None, int | None]] = {}
        for number, based, changes in styles_of(_part(stream, table, 0x00A2)):
            found = dict(_sprms(changes))
            own[number] = (based, _small(found.get(_LIST)), _small(found.get(_LIST_LEVEL)))
        start, length = struct.unpack_from("<II", stream, 0x02E2)
        definitions = table[start:] if length else b""  # the levels follow behind the part itself
        return word_lists(definitions, _part(stream, table, 0x02EA), inherited(own))
    except (struct.error, ValueError, IndexError):
        return WordLists()


def _small(operand: bytes | None) -> int | None:
    return None if operand is None else int.from_bytes(operand, "little", signed=True)


def old_word() -> Refused:
    return Refused("old_word", "这是 Word 95 或更早版本的文档,不能读取,请用 WPS 或 Word 打开,另存为 docx 后再上传。")


def _part(stream: bytes, table: bytes, at: int) -> bytes:
    """The part of the table stream that a pair of offset and length in the main stream's head names."""
    start, length = struct.unpack_from("<II", stream, at)
    if start + length > len(table):
        raise ValueError("part outside the table stream")
    return table[start : start + length]


def _pieces(clx: bytes) -> Iterator[Piece]:
    at = 0
    while at < len(clx) and clx[at] == 1:  # property changes of old quick saves stand first
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        raise ValueError("no piece table")
    (length,) = struct.unpack_from("<I", clx, at + 1)
    count = (length - 4) // 12
    starts = struct.unpack_from(f"<{count + 1}I", clx, at + 5)
    for n in range(count):
        (fc,) = struct.unpack_from("<I", clx, at + 5 + 4 * (count + 1) + 8 * n + 2)
        if starts[n + 1] <= starts[n]:
            raise ValueError("piece table does not ascend")
        single = bool(fc & 0x40000000)
        place = (fc & 0x3FFFFFFF) // 2 if single else fc & 0x3FFFFFFF
        yield Piece(starts[n], starts[n + 1] - starts[n], place, 1 if single else 2)


def _decode(stream: bytes, pieces: list[Piece], wanted: int) -> str:
    if wanted > MAX_CHARACTERS:
        raise too_many_characters()
    parts: list[str] = []
    length = 0
    for piece in pieces:
        if length >= wanted:
            break
        end = piece.fc + piece.count * piece.width
        if piece.cp != length or end > len(stream) or piece.cp + piece.count > MAX_CHARACTERS + 1:
            raise ValueError("piece outside the document")
        raw = stream[piece.fc : end]
        parts.append(raw.decode("latin-1").translate(_CP1252) if piece.width == 1 else _wide(raw))
        length += piece.count
    if length < wanted:
        raise ValueError("text is cut off")
    return "".join(parts)


def _wide(raw: bytes) -> str:
    """One character per code unit, so that positions hold; pairs are put together when the text is emitted."""
    try:
        text = raw.decode("utf-16-le")
    except UnicodeDecodeError:
        text = ""
    return text if len(text) * 2 == len(raw) else "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))


def _unseen(stream: bytes, plc: bytes, pieces: list[Piece]) -> Iterator[tuple[int, int]]:
    """Character ranges that are deleted by a tracked change, or hidden."""
    for page in _fkps(stream, plc):
        places = struct.unpack_from(f"<{page[-1] + 1}I", page)
        for n in range(page[-1]):
            at = page[4 * len(places) + n] * 2
            changes = page[at + 1 : at + 1 + page[at]] if at else b""
            if any(code in (_DELETED, _HIDDEN) and operand[:1] == b"\x01" for code, operand in _sprms(changes)):
                yield from _cut(pieces, places[n], places[n + 1])


def _cut(pieces: list[Piece], first: int, last: int) -> Iterator[tuple[int, int]]:
    """The character ranges that lie in the bytes [first, last)."""
    for piece in pieces:
        begin = max(first, piece.fc)
        end = min(last, piece.fc + piece.count * piece.width)
        if begin < end:
            yield piece.cp + (begin - piece.fc) // piece.width, piece.cp + (end - piece.fc) // piece.width


def _ends(stream: bytes, plc: bytes, pieces: list[Piece], data: bytes) -> Iterator[tuple[int, ParagraphEnd]]:
    by_place = sorted(pieces, key=lambda piece: piece.fc)
    starts = [piece.fc for piece in by_place]
    for page in _fkps(stream, plc):
        places = struct.unpack_from(f"<{page[-1] + 1}I", page)
        for n in range(page[-1]):
            end = _paragraph_end(*_paragraph_changes(page, 4 * len(places) + 13 * n), data)
            piece = by_place[max(0, bisect_right(starts, places[n + 1] - 1) - 1)]
            behind = (places[n + 1] - piece.fc) // piece.width
            if 0 < behind <= piece.count:
                yield piece.cp + behind - 1, end


def _paragraph_changes(page: bytes, at: int) -> tuple[int, bytes]:
    """The number of its style, and what is changed."""
    place = page[at] * 2
    if not place:
        return 0, b""
    first, last = place + 1, place + 2 * page[place]
    if not page[place]:
        first, last = place + 2, place + 2 + 2 * page[place + 1]
    return int.from_bytes(page[first : first + 2], "little"), page[first + 2 : last]


def _paragraph_end(style: int, changes: bytes, data: bytes) -> ParagraphEnd:
    found = dict(_sprms(changes))
    for huge in (found[code] for code in _HUGE if code in found):
        (at,) = struct.unpack("<I", huge)
        (length,) = struct.unpack_from("<H", data, at)
        found |= dict(_sprms(data[at + 2 : at + 2 + length]))
    row_end = found.get(_ROW_END) == b"\x01"
    edges, flags = _cells(found[_DEF_TABLE]) if row_end and _DEF_TABLE in found else ((), ())
    in_table = row_end or found.get(_IN_TABLE) == b"\x01"
    numbered = _small(found.get(_LIST)), _small(found.get(_LIST_LEVEL))
    return ParagraphEnd(in_table, row_end, edges, flags, style, *numbered)


def _cells(definition: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Edges of a row's cells in twips, and their merge flags (20 bytes per cell, possibly fewer cells)."""
    count = definition[2]
    edges = struct.unpack_from(f"<{count + 1}h", definition, 3)
    cells = definition[3 + 2 * (count + 1) :]
    flags = [struct.unpack_from("<H", cells, at)[0] for at in range(0, min(len(cells) - 1, 20 * count), 20)]
    return edges, tuple(flags + [0] * (count - len(flags)))


def _fkps(stream: bytes, plc: bytes) -> Iterator[bytes]:
    """The 512-byte pages that a list of page numbers names; each page once, however often it is named."""
    count = (len(plc) - 4) // 8
    if count < 1:
        return
    numbers = struct.unpack_from(f"<{count}I", plc, 4 * (count + 1))
    for number in dict.fromkeys(n & 0x3FFFFF for n in numbers):
        page = stream[number * _FKP : (number + 1) * _FKP]
        if len(page) < _FKP:
            raise ValueError("property page outside the document")
        yield page


def _sprms(changes: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 <= len(changes):
        (code,) = struct.unpack_from("<H", changes, at)
        at += 2
        size = _OPERAND.get(code >> 13) or _variable(code, changes, at)
        if at + size > len(changes):
            return
        yield code, changes[at : at + size]
        at += size


def _variable(code: int, changes: bytes, at: int) -> int:
    if at + 2 > len(changes):
        return len(changes)
    if code == _DEF_TABLE:
        return 1 + int(struct.unpack_from("<H", changes, at)[0])
    if code == _CHANGE_TABS and changes[at] == 255:  # its length is a sum of two lists; nothing of ours follows it
        return len(changes)
    return 1 + changes[at]
