"""Text that was spoiled before it came here: decoded by the wrong encoding and saved so."""

from __future__ import annotations

import re

from etl.readers.chinese import SAMPLE, is_han, looks_chinese
from etl.types import Refused

# (the encoding by which the text was read, the one it was written in)
_MISTAKES = (
    ("gb18030", "utf-8"), ("cp1252", "utf-8"), ("latin-1", "utf-8"), ("latin-1", "gb18030"), ("cp1252", "gb18030"),
    ("gb18030", "big5hkscs"), ("big5hkscs", "gb18030"), ("big5hkscs", "utf-8"),
)  # fmt: skip
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_LOST = re.compile("\ufffd|锟斤拷")
_FEWEST, _LOST_AT_MOST = 6, 0.25


def refuse_garbled(text: str) -> None:
    """Raises Refused for characters that were already lost, and for a text that makes sense only by another encoding."""
    found = _LOST.search(text)
    if found:
        raise _refused(text, found.start(), found[0])
    sample = "".join(_NOT_ASCII.findall(text[:SAMPLE]))
    if len(sample) < _FEWEST or looks_chinese(sample):
        return
    for read_as, written_in in _MISTAKES:
        meant = sample.encode(read_as, "replace").decode(written_in, "replace")
        lost = meant.count("\ufffd") + meant.count("?")
        kept = meant.replace("\ufffd", "").replace("?", "")
        if lost <= _LOST_AT_MOST * len(meant) and sum(map(is_han, kept)) >= _FEWEST and looks_chinese(kept):
            at = next(_NOT_ASCII.finditer(text))
            raise _refused(text, at.start(), at[0][:8])


def _refused(text: str, at: int, words: str) -> Refused:
    return Refused(
        "garbled",
        f"第 {text.count(chr(10), 0, at) + 1} 行的文字已是乱码(“{words}”),是以前转存时编码选错造成的,无法还原,"
        "请找到原来的文件,用 WPS 或记事本打开确认文字正常后,另存为 UTF-8 编码再上传。",
    )
