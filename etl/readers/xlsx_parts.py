"""Which part of an xlsx container holds which sheet, and which cell formats are percentages."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from etl.readers.plain_numbers import Numbers, taken_out
from etl.readers.plain_texts import Texts, shared_texts, texts_taken_out
from etl.readers.sheet_xml import SheetFacts, sheet_facts, within_reach

Parts = Mapping[str, bytes]  # the XML of a container by the names of its members
Shared = Callable[[], Sequence[str | None]]  # asked for when a sheet names shared texts
_BUILT_IN_PERCENT = {9, 10}
_BUILT_IN_NUMBERS = {*range(9), 11, *range(37, 41), 49}  # neither per cent nor dates
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@dataclass(frozen=True, slots=True)
class SheetXml:
    """The XML of a worksheet, without the cells of the plain numbers and texts that were taken out of it."""

    xml: bytes
    numbers: Numbers | None = None
    texts: Texts | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of what was taken out."""
        held = [each for each in (self.numbers, self.texts) if each is not None]
        return max((each.height for each in held), default=0), max((each.width for each in held), default=0)


def sheets_within_reach(parts: Parts, long: int) -> dict[str, SheetXml]:
    """The XML of every worksheet by its name; texts are taken out of those of `long` rows and more. Raises Refused for cells
    too far out."""
    styles = plain_styles(parts)
    texts = cache(lambda: shared_texts(_part(parts, "xl/sharedstrings.xml") or b""))
    return {name: _within_reach(parts[part], name, styles, texts, long) for name, part in sheet_parts(parts).items()}


def _within_reach(xml: bytes, name: str, styles: Sequence[int], shared: Shared, long: int) -> SheetXml:
    taken = taken_out(xml, styles)
    if taken is None:
        return SheetXml(within_reach(xml, name))
    numbers, rest = taken
    texts = None
    if numbers.height >= long:
        texts, rest = texts_taken_out(rest, styles, shared() if b' t="s"' in rest else ())
    sheet = SheetXml(rest, numbers, texts)
    return replace(sheet, xml=within_reach(rest, name, *sheet.size))


def workbook_facts(parts: Parts, sheets: Mapping[str, SheetXml]) -> dict[str, SheetFacts]:
    """The facts of worksheets by name, searched in their XML."""
    styles = percent_styles(parts)
    return {name: sheet_facts(sheet.xml, styles) for name, sheet in sheets.items()}


def without_plain_cells(parts: Parts, sheets: Mapping[str, SheetXml]) -> bytes | None:
    """The workbook with what is left of its sheets; None where nothing was taken out. The cell reader need not inflate it
    again."""
    lighter = {part: sheets[name].xml for name, part in sheet_parts(parts).items() if sheets[name].numbers}
    if not lighter:
        return None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as copy:
        for name, content in parts.items():
            if name.endswith((".xml", ".rels")):
                copy.writestr(name, lighter.get(name, content))
    return packed.getvalue()


def plain_styles(parts: Parts) -> tuple[int, ...]:
    """The cell styles whose number format is one of those that every program has for plain numbers."""
    root = _styles(parts)
    own = {item.get("numFmtId") for item in root.iter() if _local(item.tag) == "numFmt"} if root is not None else ()
    return tuple(n for n, number in enumerate(_formats(root)) if int(number) in _BUILT_IN_NUMBERS and number not in own)


def sheet_parts(parts: Parts) -> dict[str, str]:
    """Sheet name to member name, through the relations of the workbook part."""
    main = next(name for name in parts if re.fullmatch(r"xl/workbook\d*\.xml", name))
    folder, base = posixpath.split(main)
    relations = _parse(parts, f"{folder}/_rels/{base}.rels")
    targets = {item.get("Id", ""): item.get("Target", "") for item in relations}
    found: dict[str, str] = {}
    for sheet in _parse(parts, main).iter():
        if _local(sheet.tag) == "sheet":
            target = targets.get(next((v for k, v in sheet.attrib.items() if _local(k) == "id"), ""), "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            if part in parts:
                found[sheet.get("name", "")] = part
    return found


def percent_styles(parts: Parts) -> tuple[int, ...]:
    """The cell styles whose number format shows a per cent sign that scales (not one in quotes)."""
    root = _styles(parts)
    percent = set(_BUILT_IN_PERCENT)
    for item in root.iter() if root is not None else ():
        if _local(item.tag) == "numFmt":
            number = int(item.get("numFmtId", "0"))
            scales = "%" in _LITERAL.sub("", item.get("formatCode", ""))
            percent = percent | {number} if scales else percent - {number}
    return tuple(n for n, number in enumerate(_formats(root)) if int(number) in percent)


def _styles(parts: Parts) -> Element | None:
    xml = _part(parts, "xl/styles.xml")
    return None if xml is None else _root(xml)


def _part(parts: Parts, name: str) -> bytes | None:
    """A part whose name some programs write with capitals."""
    return next((content for part, content in parts.items() if part.lower() == name), None)


def _formats(root: Element | None) -> list[str]:
    """The number of the number format of each cell style."""
    cells = () if root is None else next((item for item in root if _local(item.tag) == "cellXfs"), ())
    return [xf.get("numFmtId", "0") for xf in cells]


def _parse(parts: Parts, part: str) -> Element:
    return _root(parts[part])


def _root(xml: bytes) -> Element:
    root: Element = fromstring(xml, forbid_dtd=True)
    return root


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
