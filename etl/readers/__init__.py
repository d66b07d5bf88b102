"""Bytes to a Reading. The kind is found in the content; a file name only decides between txt and csv.

`Reading.notes` hold what a reader met and nobody may overlook, as `key|sheet` or `key|sheet|place`:
`hidden_sheet|表二`, `hidden_rows|Sheet1|5-9`, `hidden_columns|Sheet1|C-E`, `error_cell|Sheet1|C7` (the cell holds
the error text, such as #DIV/0!), `formula_without_value|Sheet1|D9` (the cell is empty because no program has
calculated it yet), `page_without_text|第3页` (a page of a pdf that has a text layer elsewhere: a scan or a blank).

Locators: 第12段 and 表2第3行 in docx, doc, html and txt; 第3页第2段 and 第3页表1第2行 in pdf, where a paragraph or
a table that goes on over a page break belongs to the page on which it begins. Left out as no part of the text: page
headers, footers and page numbers, tracked deletions (struck through in a pdf), hidden text, field codes, navigation.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from db.records import Reading
from etl.readers.container import damaged
from etl.readers.limits import within_width
from etl.readers.registry import READERS
from etl.readers.sniff import sniff
from etl.types import Refused

__all__ = ["MAX_BYTES", "READERS", "read_file"]

MAX_BYTES = 50 * 1024 * 1024

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):  # those are loaded by their reader, when a file needs them
        import_module(f"{__name__}.{_module.name}")


def read_file(name: str, content: bytes) -> Reading:
    """The text and the tables of one file. Raises Refused, and nothing else but MemoryError, for any content."""
    if not content:
        raise Refused("empty_file", "这是一个空文件(0 字节),请重新导出或重新上传。")
    if len(content) > MAX_BYTES:
        size = len(content) / 1024 / 1024
        raise Refused("too_large", f"文件有 {size:.0f} MB,超过 50 MB 的上限,请按学年或按学校拆成几个文件后再上传。")
    try:
        return within_width(READERS[sniff(name, content)](content, name))
    except (Refused, MemoryError):
        raise
    except Exception as error:  # parsers raise anything on damaged bytes; the cause stays attached
        raise damaged() from error
