"""What a file really is, by its bytes. The name is asked only when the content is plain text."""

from __future__ import annotations

import codecs
import re
import struct
import zipfile

from etl.readers.container import damaged, encrypted, open_container, prescan
from etl.readers.decode import decode
from etl.readers.delimiters import is_rectangular
from etl.readers.ole import MAGIC as OLE_MAGIC
from etl.readers.ole import CompoundFile
from etl.readers.unmarked import wide_encoding
from etl.readers.word_binary import old_word
from etl.types import Refused

READABLE = "可读取的格式有 txt、csv、docx、doc、wps、pdf、html、xlsx、xls、et、ods"
_WORKS = {"MatOST", "MN0"}  # streams of Microsoft Works
_TABLES = {"csv", "tsv", "xls", "xlsx", "et"}  # of plain text so named: systems write lists as .xls
_MACROS = {"_VBA_PROJECT_CUR", "_VBA_PROJECT"}  # of an xls or et, and of every VBA project
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)  # the one of UTF-32-LE begins like LE
_HTML = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|meta|title|table|div|p|h[1-6]|style|script)\b",
    re.IGNORECASE | re.DOTALL,
)
_SPREADSHEET_XML = re.compile(r"urn:schemas-microsoft-com:office:spreadsheet")
_MIME_PAGE = re.compile(r"\s*(MIME-Version:|From: .*\n.*MIME-Version:)", re.IGNORECASE)
_MAIN_PARTS = (
    ("docx", re.compile(r"word/document\d*\.xml")),
    ("xlsx", re.compile(r"xl/workbook\d*\.xml")),
    ("xlsb", re.compile(r"xl/workbook\d*\.bin")),
)
_ZIP = b"PK\x03\x04"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def sniff(name: str, content: bytes) -> str:
    """One of txt, csv, docx, doc, pdf, html, xlsx, xlsb, ods, xls; Refused for everything else."""
    if content.startswith(_ZIP):
        return _zip_kind(content)
    if len(content) > 1 and _ZIP.startswith(content):  # of a container nothing came but its first bytes
        raise damaged()
    if content.startswith(OLE_MAGIC):
        return _ole_kind(content)
    if b"%PDF-" in content[:1024]:
        return "pdf"
    _refuse_known(content)
    return _text_kind(name, content)


def _zip_kind(content: bytes) -> str:
    with open_container(content) as archive:
        names = archive.namelist()
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise _macro()
        kind = next((kind for kind, part in _MAIN_PARTS if any(part.fullmatch(name) for name in names)), None)
        if kind is None and "content.xml" in names:
            kind = _open_document_kind(archive)
        if kind is None:
            raise _archive_refused() if not _is_office(names) else _unknown()
        if kind != "xlsx":  # whose reader looks at the members while it takes them
            prescan(archive, len(content))
    return kind


def _open_document_kind(archive: zipfile.ZipFile) -> str | None:
    if "META-INF/manifest.xml" in archive.namelist():
        with archive.open("META-INF/manifest.xml") as manifest:
            if b"encryption-data" in manifest.read(1 << 20):
                raise encrypted()
    if "mimetype" not in archive.namelist():
        return None
    with archive.open("mimetype") as stream:
        return "ods" if stream.read(200).strip().startswith(_ODS) else None


def _is_office(names: list[str]) -> bool:
    return "[Content_Types].xml" in names or "mimetype" in names


def _ole_kind(content: bytes) -> str:
    try:
        names = {entry.name for entry in CompoundFile(content).entries}
    except (ValueError, struct.error) as error:
        raise damaged() from error
    if "EncryptedPackage" in names:
        raise encrypted()
    if names & _MACROS:
        raise _macro()
    if names & {"Workbook", "WORKBOOK", "Book", "BOOK"}:
        return "xls"
    if "WordDocument" in names:
        return "doc"
    if names & _WORKS:
        raise Refused(
            "works", "这是微软 Works 的文档,不是 WPS 文字的文档,不能读取,请用 Word 打开,另存为 docx 后再上传。"
        )
    if "PowerPoint Document" in names:
        raise Refused("presentation", "这是演示文稿,不能读取,请把其中的文字和表格整理成 docx 或 xlsx 后再上传。")
    raise _unknown()


def _refuse_known(content: bytes) -> None:
    head = content[:1024]
    if head.startswith(_IMAGES) or head[8:12] == b"WEBP" or head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        raise Refused("image", "这是图片或照片,不能读取其中的文字,请上传原始的 docx、xlsx 文件。")
    if head.startswith(b"{\\rtf"):
        raise Refused("rtf", "本版本尚不能读取 rtf,请用 WPS 或 Word 打开,另存为 docx 后再上传。")
    if head.startswith(b"\xdb\xa5"):  # Word 2 wrote no compound file
        raise old_word()
    if head.startswith(_ARCHIVES):
        raise _archive_refused()
    if (
        b"\x00" in head and not head.startswith(_WIDE_MARKS) and wide_encoding(content) is None
    ):  # a program or any other binary file
        raise _unknown()


def _text_kind(name: str, content: bytes) -> str:
    if re.match(rb"(\xef\xbb\xbf)?\s*<", content[:4096]):
        start = content[:4096].decode("latin-1").removeprefix("ï»¿")
        if _SPREADSHEET_XML.search(start):
            raise Refused(
                "xml_sheet", "这是 XML 表格(Excel 2003),不能读取,请用 WPS 或 Excel 打开,另存为 xlsx 后再上传。"
            )
        if _HTML.match(start):
            return "html"
    text = decode(content)
    if _HTML.match(text[:4096]):  # UTF-16 pages
        return "html"
    if _MIME_PAGE.match(text[:1000]):
        raise Refused("mht", "这是单个文件网页(mht),不能读取,请用浏览器另存为 html,或用 WPS 另存为 docx、xlsx。")
    if not text.strip():
        raise Refused("empty_file", "文件里没有任何文字,请检查后重新上传。")
    suffix = name.rpartition(".")[2].lower()
    return "csv" if suffix in _TABLES or is_rectangular(text) else "txt"


def _archive_refused() -> Refused:
    return Refused("archive", "这是压缩包,请先解压,再逐个上传其中的文件。")


def _macro() -> Refused:
    return Refused("macro", "文件含有宏,为安全起见不予读取,请另存为不含宏的 .docx 或 .xlsx 后再上传。")


def _unknown() -> Refused:
    return Refused("unknown_type", f"无法识别文件的格式。{READABLE},请另存为其中一种后再上传。")
