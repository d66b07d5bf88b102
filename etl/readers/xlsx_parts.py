"""Which part of an xlsx container holds which sheet, and which cell formats are percentages."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from etl.readers.sheet_xml import SheetFacts, sheet_facts, within_reach

_BUILT_IN_PERCENT = {9, 10}
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def sheets_within_reach(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The XML of every worksheet by its name. Raises Refused for cells too far out."""
    return {name: within_reach(archive.read(part), name) for name, part in sheet_parts(archive).items()}


def workbook_facts(archive: zipfile.ZipFile, sheets: Mapping[str, bytes]) -> dict[str, SheetFacts]:
    """The facts of worksheets by name, searched in their XML."""
    styles = percent_styles(archive)
    return {name: sheet_facts(xml, styles) for name, xml in sheets.items()}


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
    part = next((name for name in archive.namelist() if name.lower() == "xl/styles.xml"), None)
    if part is None:
        return ()
    root = _parse(archive, part)
    percent = set(_BUILT_IN_PERCENT)
    for item in root.iter():
        if _local(item.tag) == "numFmt":
            number = int(item.get("numFmtId", "0"))
            scales = "%" in _LITERAL.sub("", item.get("formatCode", ""))
            percent = percent | {number} if scales else percent - {number}
    formats = next((item for item in root if _local(item.tag) == "cellXfs"), ())
    return tuple(n for n, xf in enumerate(formats) if int(xf.get("numFmtId", "0")) in percent)


def _parse(archive: zipfile.ZipFile, part: str) -> Element:
    root: Element = fromstring(archive.read(part), forbid_dtd=True)
    return root


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
