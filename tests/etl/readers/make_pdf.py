"""Small pdf files with Han text (a font that the file only names), ruled lines, running heads; and hostile ones."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842


@dataclass
class Sheet:
    """Content of one page; places are points from the upper left corner."""

    parts: list[str] = field(default_factory=list)
    rotate: int = 0

    def text(self, x: float, y: float, text: str, size: float = 12, turned: bool = False) -> Sheet:
        place = f".7 .7 -.7 .7 {x} {HEIGHT - y}" if turned else f"1 0 0 1 {x} {HEIGHT - y}"
        codes = text.encode("utf-16-be").hex()
        self.parts.append(f"BT /F1 {size} Tf {place} Tm <{codes}> Tj ET")
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float) -> Sheet:
        self.parts.append(f"{x0} {HEIGHT - y0} m {x1} {HEIGHT - y1} l S")
        return self

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Sheet:
        self.parts.append(f"{x0} {HEIGHT - y1} {x1 - x0} {y1 - y0} re S")
        return self

    def raw(self, operators: str) -> Sheet:
        self.parts.append(operators)
        return self


def pdf_bytes(*sheets: Sheet, trailer: str = "") -> bytes:
    """A file of these pages. `trailer` adds entries to the trailer."""
    first = 6
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(sheets)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(sheets)}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[4 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        b"/Supplement 5>>/FontDescriptor 5 0 R/DW 1000/W[1 95 500]>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 700/StemV 80>>",
    ]
    for n, sheet in enumerate(sheets):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Rotate {sheet.rotate}"
            f"/Resources<</Font<</F1 3 0 R>>>>/Contents {first + 1 + 2 * n} 0 R>>".encode()
        )
        objects.append(stream("\n".join(sheet.parts).encode()))
    return assemble(objects, trailer)


def stream(data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    return b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)


def assemble(objects: list[bytes], trailer: str = "") -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def locked_pdf() -> bytes:
    """A file that says it is encrypted with a key that nobody has."""
    keys = f"/Encrypt<</Filter/Standard/V 1/R 2/O<{'5a' * 32}>/U<{'a5' * 32}>/P -44>>/ID[<00><00>]"
    return pdf_bytes(Sheet().text(72, 100, "密"), trailer=keys)


def bomb_pdf(size: int) -> bytes:
    """A page whose content inflates to `size` bytes of blanks, packed twice."""
    packed = zlib.compress(zlib.compress(b" " * size, 1), 9)
    body = b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    return assemble([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, body])


def many_pages_pdf(count: int) -> bytes:
    """One page object, named as many times as there are pages."""
    kids = b" ".join([b"3 0 R"] * count)
    pages = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    return assemble([b"<</Type/Catalog/Pages 2 0 R>>", pages, page])
