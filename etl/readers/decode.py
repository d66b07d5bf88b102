"""Bytes to text: byte-order mark, else strict UTF-8, else what the text would say in one of the others, else refused."""

from __future__ import annotations

import codecs
import re

from etl.readers.chinese import CONTROL, SAMPLE, is_han, is_ordinary, is_wrong, likelihood
from etl.readers.garbled import refuse_garbled
from etl.readers.unmarked import seven_bit_encoding, wide_encoding
from etl.types import Refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the one of UTF-16-LE
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GB, _BIG5 = "gb18030", ("big5hkscs", "cp950")  # cp950: the few characters of Windows that the other lacks
_EVIDENCE = 12.0  # nats that Big5 must be ahead: such files are few among those of county bureaus
# A line whose only non-ASCII bytes are two or more Han characters or Chinese stops in UTF-8.
_HAN = rb"(?:[\xe4-\xe9][\x80-\xbf]{2}|\xe3\x80[\x80-\xbf]|\xef\xbc[\x80-\xbf])"
_UTF8_LINE = re.compile(rb"(?m)^(?:[^\n\x80-\xff]*" + _HAN + rb"){2,}[^\n\x80-\xff]*$")
_FEWEST_HAN = 6  # fewer prove nothing


def decode(content: bytes, declared: str | None = None) -> str:
    """The whole text, newlines as they are. `declared` is an encoding that the document names itself."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _checked(_strict(content[len(mark) :], (encoding,)))
    text = _utf8(content)
    if text is None or text.isascii() or "\x00" in text:
        unmarked = wide_encoding(content) or (text and seven_bit_encoding(text))
        if unmarked:
            return _checked(_strict(content, (unmarked,)))
    if text is None and declared:
        text = next((t for name in _names(declared) if (t := _tried(content, name)) is not None), None)
    if text is None:
        text = _gb_or_big5(content)
        if text is not None:
            _refuse_mixed(content)
    return _checked(_strict(content, ("utf-8", _GB)) if text is None else text)


def universal_newlines(text: str) -> str:
    """CRLF and CR become LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _names(declared: str) -> tuple[str, ...]:
    return _BIG5 if declared == "big5" else (declared,)


def _tried(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf8(content: bytes) -> str | None:
    """None also for a few words of GB18030 that are valid UTF-8 by chance: they look Greek, Cyrillic or Arabic."""
    text = _tried(content, "utf-8")
    if text is None or text.isascii() or "\x00" in text:
        return text
    by_chance = "\u0100" <= max(text) < "\u0800"
    return None if by_chance and _tried(content, _GB) is not None else text


def _gb_or_big5(content: bytes) -> str | None:
    """Most bytes of either encoding are valid in the other, so the likelier text wins, never the first that decodes."""
    simplified = _tried(content, _GB)
    traditional = next((text for name in _BIG5 if (text := _tried(content, name)) is not None), None)
    if simplified is None or traditional is None:
        return traditional if simplified is None else simplified
    if sum(map(is_han, traditional[:SAMPLE])) < _FEWEST_HAN:
        return traditional if is_wrong(simplified) and is_ordinary(traditional) else simplified
    ahead = likelihood(traditional) - likelihood(simplified)
    return traditional if ahead > _EVIDENCE else simplified


def _refuse_mixed(content: bytes) -> None:
    """A file of one encoding with lines of UTF-8 in it, as when two files were joined: those lines would be read as
    other characters without anyone noticing."""
    found = _UTF8_LINE.search(content)
    if found is None:
        return
    line = content.count(b"\n", 0, found.start()) + 1
    raise Refused(
        "undecodable",
        f"一个文件里有两种文字编码:第 {line} 行(第 {found.start() + 1} 个字节起)是 UTF-8,其余不是,"
        "可能由两个文件拼成。请用记事本或 WPS 分别打开,另存为 UTF-8 编码后再上传。",
    )


def _strict(content: bytes, encodings: tuple[str, ...]) -> str:
    reached = 0
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            reached = max(reached, error.start)
    line = content.count(b"\n", 0, reached) + 1
    raise Refused(
        "undecodable",
        f"文字编码无法识别:第 {line} 行(第 {reached + 1} 个字节)既不合 UTF-8 也不合 GB18030、Big5,"
        "请用记事本或 WPS 打开,另存为 UTF-8 编码后再上传。",
    )


def _checked(text: str) -> str:
    found = CONTROL.search(text)
    if found:
        raise Refused(
            "unknown_type",
            f"文件不是纯文本:第 {found.start() + 1} 个字符是控制字符。"
            "可读取的格式有 txt、csv、docx、doc、wps、pdf、html、xlsx、xls、et、ods,请另存为其中一种。",
        )
    refuse_garbled(text)
    return text
