"""Which part of an xlsx container holds which sheet, and which cell formats are percentages."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from etl.readers.plain_numbers import Numbers, taken_out
from etl.readers.sheet_xml import SheetFacts, sheet_facts, within_reach

_BUILT_IN_PERCENT = {9, 10}
_BUILT_IN_NUMBERS = {*range(9), 11, *range(37, 41), 49}  # neither per cent nor dates
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@dataclass(frozen=True, slots=True)
class SheetXml:
    """The XML of a worksheet, without the cells of the plain numbers that were taken out of it."""

    xml: bytes
    numbers: Numbers | None = None


def sheets_within_reach(archive: zipfile.ZipFile) -> dict[str, SheetXml]:
    """The XML of every worksheet by its name. Raises Refused for cells too far out."""
    styles = plain_styles(archive)
    return {name: _within_reach(archive.read(part), name, styles) for name, part in sheet_parts(archive).items()}


def _within_reach(xml: bytes, name: str, styles: Sequence[int]) -> SheetXml:
    taken = taken_out(xml, styles)
    if taken is None:
        return SheetXml(within_reach(xml, name))
    numbers, rest = taken
    return SheetXml(within_reach(rest, name, numbers.height, numbers.width), numbers)


def workbook_facts(archive: zipfile.ZipFile, sheets: Mapping[str, SheetXml]) -> dict[str, SheetFacts]:
    """The facts of worksheets by name, searched in their XML."""
    styles = percent_styles(archive)
    return {name: sheet_facts(sheet.xml, styles) for name, sheet in sheets.items()}


def without_plain_numbers(archive: zipfile.ZipFile, sheets: Mapping[str, SheetXml]) -> bytes | None:
    """The workbook with what is left of its sheets; None where no number was taken out. The cell reader need not inflate
    it again."""
    lighter = {part: sheets[name].xml for name, part in sheet_parts(archive).items() if sheets[name].numbers}
    if not lighter:
        return None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as copy:
        for name in dict.fromkeys(archive.namelist()):
            if name in lighter or name.endswith((".xml", ".rels")):
                copy.writestr(name, lighter[name] if name in lighter else archive.read(name))
    return packed.getvalue()


def plain_styles(archive: zipfile.ZipFile) -> tuple[int, ...]:
    """The cell styles whose number format is one of those that every program has for plain numbers."""
    root = _styles(archive)
    own = {item.get("numFmtId") for item in root.iter() if _local(item.tag) == "numFmt"} if root is not None else ()
    return tuple(n for n, number in enumerate(_formats(root)) if int(number) in _BUILT_IN_NUMBERS and number not in own)


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name to member name, through the relations of the workbook part."""
    main = next(name for name in archive.namelist() if re.fullmatch(r"xl/workbook\d*\.xml", name))
    folder, base = posixpath.split(main)
    relations = _parse(archive, f"{folder}/_rels/{base}.rels")
    targets = {item.get("Id", ""): item.get("Target", "") for item in relations}
    parts: dict[str, str] = {}
    for sheet in _parse(archive, main).iter():
        if _local(sheet.tag) == "sheet":
            target = targets.get(next((v for k, v in sheet.attrib.items() if _local(k) == "id"), ""), "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            if part in archive.namelist():
                parts[sheet.get("name", "")] = part
    return parts


def percent_styles(archive: zipfile.ZipFile) -> tuple[int, ...]:
    """The cell styles whose number format shows a per cent sign that scales (not one in quotes)."""
    root = _styles(archive)
    percent = set(_BUILT_IN_PERCENT)
    for item in root.iter() if root is not None else ():
        if _local(item.tag) == "numFmt":
            number = int(item.get("numFmtId", "0"))
            scales = "%" in _LITERAL.sub("", item.get("formatCode", ""))
            percent = percent | {number} if scales else percent - {number}
    return tuple(n for n, number in enumerate(_formats(root)) if int(number) in percent)


def _styles(archive: zipfile.ZipFile) -> Element | None:
    part = next((name for name in archive.namelist() if name.lower() == "xl/styles.xml"), None)
    return None if part is None else _parse(archive, part)


def _formats(root: Element | None) -> list[str]:
    """The number of the number format of each cell style."""
    cells = () if root is None else next((item for item in root if _local(item.tag) == "cellXfs"), ())
    return [xf.get("numFmtId", "0") for xf in cells]


def _parse(archive: zipfile.ZipFile, part: str) -> Element:
    root: Element = fromstring(archive.read(part), forbid_dtd=True)
    return root


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
