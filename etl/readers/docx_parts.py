"""The parts of a docx beside its body: styles, lists and notes, found through the relations of the main part."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import Any

from etl.readers.numbering import Level, Lists

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# The strict variant of the format differs in its names only.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}
_DEEPEST = 20  # styles based on styles

Element = Any  # lxml elements carry no types


@dataclass(slots=True)
class _Instance:
    """A list of the document: the definition it follows, what it changes, and where it begins anew."""

    group: str
    levels: list[Level]
    restarts: dict[int, int]
    linked: str = ""  # the style that holds the real definition


@dataclass(slots=True)
class Parts:
    """`body` is the text; `notes` are the footnotes and endnotes by kind and number."""

    body: Element
    notes: dict[tuple[str, str], Element] = field(default_factory=dict)
    styles: dict[str, Element] = field(default_factory=dict)
    default_style: str = ""
    _instances: dict[str, _Instance] = field(default_factory=dict)
    _style_levels: dict[tuple[str, str], int] = field(default_factory=dict)
    _lists: Lists = field(default_factory=Lists)

    def label(self, paragraph: Element) -> str:
        """The automatic number of a paragraph; every call counts one further."""
        number, level = self._numbering(paragraph)
        instance = self._instances.get(number)
        if instance is not None and instance.linked and instance.linked in self.styles:
            number = _value(self.styles[instance.linked].find(f"{W}pPr/{W}numPr/{W}numId"), "")
            instance = self._instances.get(number)
        if instance is None:
            return ""
        return self._lists.label(instance.group, number, level, instance.levels, instance.restarts)

    def _numbering(self, paragraph: Element) -> tuple[str, int]:
        """The list and its level that the paragraph, or else its style, names."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        style = _value(paragraph.find(f"{W}pPr/{W}pStyle"), self.default_style)
        number = _value(own.find(f"{W}numId"), "") if own is not None else ""
        level = _value(own.find(f"{W}ilvl"), "") if own is not None else ""
        for _ in range(_DEEPEST):
            if (number and level) or style not in self.styles:
                break
            from_style = self.styles[style].find(f"{W}pPr/{W}numPr")
            if from_style is not None:
                number = number or _value(from_style.find(f"{W}numId"), "")
                found = self._style_levels.get((number, style))
                level = level or _value(from_style.find(f"{W}ilvl"), "" if found is None else str(found))
            style = _value(self.styles[style].find(f"{W}basedOn"), "")
        return number, _int(level, 0)


def read_parts(archive: zipfile.ZipFile) -> Parts:
    """Raises KeyError or an error of the XML parser when the file is not what it says."""
    main = _main_part(archive)
    targets = _relations(archive, main)
    body = _parse(archive.read(main)).find(W + "body")
    if body is None:
        raise KeyError("body")
    parts = Parts(body)
    for kind in ("footnote", "endnote"):
        for part in targets.get(f"{kind}s", ()):
            for note in _parse(archive.read(part)).iter(W + kind):
                if note.get(W + "type", "normal") == "normal":
                    parts.notes[kind, note.get(W + "id", "")] = note
    for part in targets.get("styles", ()):
        for style in _parse(archive.read(part)).iter(W + "style"):
            if style.get(W + "type", "paragraph") in ("paragraph", "numbering"):
                parts.styles[style.get(W + "styleId", "")] = style
                if style.get(W + "default") in ("1", "true") and style.get(W + "type") == "paragraph":
                    parts.default_style = style.get(W + "styleId", "")
    for part in targets.get("numbering", ()):
        _read_lists(_parse(archive.read(part)), parts)
    return parts


def _read_lists(root: Element, parts: Parts) -> None:
    groups = {item.get(W + "abstractNumId", ""): item for item in root.iter(W + "abstractNum")}
    for item in root.iter(W + "num"):
        group = _value(item.find(W + "abstractNumId"), "")
        if group not in groups:
            continue
        number = item.get(W + "numId", "")
        levels = {_int(lvl.get(W + "ilvl"), 0): _level(lvl) for lvl in groups[group].findall(W + "lvl")}
        restarts: dict[int, int] = {}
        for override in item.findall(W + "lvlOverride"):
            at = _int(override.get(W + "ilvl"), 0)
            lvl, start = override.find(W + "lvl"), override.find(W + "startOverride")
            if lvl is not None:
                levels[at] = _level(lvl)
            if start is not None:
                restarts[at] = _int(start.get(W + "val"), 1)
        for lvl in groups[group].findall(W + "lvl"):
            style = _value(lvl.find(W + "pStyle"), "")
            if style:
                parts._style_levels[number, style] = _int(lvl.get(W + "ilvl"), 0)
        listed = [levels.get(n, Level("none")) for n in range(9)]
        linked = _value(groups[group].find(W + "numStyleLink"), "")
        parts._instances[number] = _Instance(group, listed, restarts, linked)


def _level(lvl: Element) -> Level:
    legal = lvl.find(W + "isLgl")
    restart = lvl.find(W + "lvlRestart")
    return Level(
        _value(lvl.find(W + "numFmt"), "decimal"),
        _value(lvl.find(W + "lvlText"), ""),
        _int(_value(lvl.find(W + "start"), "0"), 0),
        legal is not None and legal.get(W + "val", "1") not in ("0", "false", "off"),
        None if restart is None else _int(restart.get(W + "val"), 0),
    )


def _main_part(archive: zipfile.ZipFile) -> str:
    found = _relations(archive, "").get("officeDocument", [])
    return found[0] if found else "word/document.xml"


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, list[str]]:
    """Kind of relation to the parts inside the file that it names."""
    folder, base = posixpath.split(part)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    known = set(archive.namelist())
    found: dict[str, list[str]] = {}
    if name in known:
        for item in _parse(archive.read(name)):
            target = item.get("Target", "")
            where = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if item.get("TargetMode") != "External" and where in known:
                found.setdefault(item.get("Type", "").rpartition("/")[2], []).append(where)
    return found


def _parse(xml: bytes) -> Element:
    from lxml import etree  # only documents need it

    for strict, usual in _STRICT.items():
        xml = xml.replace(strict, usual)
    return etree.fromstring(
        xml, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    )


def _value(element: Element | None, default: str) -> str:
    return default if element is None else str(element.get(W + "val", default))


def _int(text: str | None, default: int) -> int:
    try:
        return min(max(int(text or default), 0), 1_000_000)
    except ValueError:
        return default
