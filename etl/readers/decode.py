"""Bytes to text: byte-order mark, else strict UTF-8, else strict GB18030, else refused. No guessing by frequency."""

from __future__ import annotations

import codecs
import re

from etl.types import Refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the one of UTF-16-LE
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")


def decode(content: bytes, declared: str | None = None) -> str:
    """The whole text, newlines as they are. `declared` is an encoding that the document names itself."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _checked(_strict(content[len(mark) :], (encoding,)))
    first = (declared,) if declared else ()
    return _checked(_strict(content, (*first, "utf-8", "gb18030")))


def universal_newlines(text: str) -> str:
    """CRLF and CR become LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _strict(content: bytes, encodings: tuple[str, ...]) -> str:
    reached = 0
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            reached = max(reached, error.start)
    raise Refused(
        "undecodable",
        f"文字编码无法识别:第 {reached + 1} 个字节既不合 UTF-8 也不合 GB18030,"
        "请用记事本或 WPS 打开,另存为 UTF-8 编码后再上传。",
    )


def _checked(text: str) -> str:
    found = _CONTROL.search(text)
    if found:
        raise Refused(
            "unknown_type",
            f"文件不是纯文本:第 {found.start() + 1} 个字符是控制字符。"
            "可读取的格式有 txt、csv、docx、html、xlsx、xls、et、ods,请另存为其中一种。",
        )
    return text
