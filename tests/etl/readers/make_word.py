"""docx files with what python-docx cannot write: lists, notes, text boxes of both kinds, tracked changes."""

from __future__ import annotations

from tests.etl.readers.make import zip_bytes

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = {
    W: "http://purl.oclc.org/ooxml/wordprocessingml/main",
    R: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_NAMES = f'xmlns:w="{W}" xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def p(text: str = "", num: tuple[int, int] | None = None, style: str = "", inside: str = "", mark: str = "") -> str:
    """A paragraph: its text or its own runs, its list and level, its style, what is tracked of its mark."""
    numbered = f'<w:numPr><w:ilvl w:val="{num[1]}"/><w:numId w:val="{num[0]}"/></w:numPr>' if num else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    marked = f"<w:rPr>{mark}</w:rPr>" if mark else ""
    return f"<w:p><w:pPr>{styled}{numbered}{marked}</w:pPr>{run(text) if text else ''}{inside}</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: list[str]) -> str:
    """Cells are paragraphs."""
    width = max(map(len, rows))
    grid = '<w:gridCol w:w="2000"/>' * width
    drawn = "".join(f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{drawn}</w:tbl>"


def vml_box(text: str) -> str:
    return (
        '<w:r><w:pict><v:shape id="b" style="width:200pt;height:60pt" type="#_x0000_t202"><v:textbox><w:txbxContent>'
        f"{p(text)}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )


def note(kind: str, number: int) -> str:
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def level(n: int, fmt: str, text: str, extra: str = "", start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{n}"><w:start w:val="{start}"/><w:numFmt w:val="{fmt}"/>{extra}<w:lvlText w:val="{text}"/></w:lvl>'


def docx(
    body: str, numbering: str = "", styles: str = "", footnotes: str = "", endnotes: str = "", strict: bool = False
) -> bytes:
    """A whole file around the XML of its body, its lists, its styles and its notes."""
    parts = {"numbering": numbering, "styles": styles, "footnotes": footnotes, "endnotes": endnotes}
    used = {name: xml for name, xml in parts.items() if xml}
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{R}/{name}" Target="{name}.xml"/>' for n, name in enumerate(used)
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{name}+xml"/>' for name in used)
    members = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.document.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="m" Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        "word/document.xml": f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>",
        **{f"word/{name}.xml": f"<w:{name} {_NAMES}>{xml}</w:{name}>" for name, xml in used.items()},
    }
    if strict:
        for usual, other in STRICT.items():
            members = {name: xml.replace(usual, other) for name, xml in members.items()}
    return zip_bytes(dict(members))


CHAPTERS = (
    '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>'
    + level(0, "chineseCounting", "%1、", '<w:pStyle w:val="H1"/>')
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + level(3, "decimal", "%1.%2.%3", "<w:isLgl/>")
    + "</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="1">' + level(0, "decimal", "%1") + level(1, "bullet", "·") + "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:basedOn w:val="N"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1b"><w:name w:val="own"/><w:basedOn w:val="H1"/></w:style>'
)


def structured() -> bytes:
    """A report whose section numbers are all automatic."""
    body = (
        p("青溪县控辍保学工作情况汇报")
        + p("基本情况", style="H1")
        + p("入学情况", num=(1, 1))
        + p("2025年秋季在校学生18462人。", num=(1, 2))
        + p("辍学3人。", num=(1, 2))
        + p("", num=(1, 1))
        + p("健康情况", num=(1, 1))
        + p("体检率98.6%。", num=(1, 2), inside=note("footnote", 2))
        + p("工作目标", style="H1b")
        + p("巩固率达到99%以上。", num=(0, 0), style="H1")
        + p("条目", num=(1, 3))
        + table(
            [p("序号"), p("学校"), p("人数")],
            [p("", num=(2, 0)), p("柳河小学"), p("412")],
            [p("", num=(2, 0)), p("东坪小学"), p("236")],
        )
        + p("另表", num=(2, 1))
        + table(
            [p("", num=(3, 0)), p("柳河小学"), p("5", inside=note("endnote", 3))],
            [p("", num=(3, 0)), p("枫岭小学"), p("6")],
        )
    )
    notes = [
        f'<w:footnote w:id="2">{p("体检人数不含请假学生41人。")}</w:footnote>',
        f'<w:endnote w:id="3">{p("数据由卫健局提供。")}</w:endnote>',
    ]
    separator = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    return docx(body, CHAPTERS, STYLES, separator + notes[0], notes[1])
