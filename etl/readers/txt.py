"""Plain text: the whole text untouched but for its newlines, and its paragraphs."""

from __future__ import annotations

from db.records import Block, Reading
from etl.readers.decode import decode, universal_newlines
from etl.readers.registry import reader


@reader("txt")
def read_txt(content: bytes, name: str) -> Reading:
    """Every non-empty line is a paragraph, numbered as a reader counts them."""
    text = universal_newlines(decode(content))
    blocks: list[Block] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            n = len(blocks) + 1
            blocks.append(Block(n, "paragraph", f"第{n}段", line, start))
        start += len(line) + 1
    return Reading("text/plain", text, tuple(blocks))
