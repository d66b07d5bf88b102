"""Bytes to a Reading. The kind is found in the content; a file name only decides between txt and csv.

`Reading.notes` hold what a reader met and nobody may overlook, as `key|sheet` or `key|sheet|place`:
`hidden_sheet|表二`, `hidden_rows|Sheet1|5-9`, `hidden_columns|Sheet1|C-E`, `error_cell|Sheet1|C7` (the cell holds
the error text, such as #DIV/0!), `formula_without_value|Sheet1|D9` (the cell is empty because no program has
calculated it yet).
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from db.records import Reading
from etl.readers.container import damaged
from etl.readers.registry import READERS
from etl.readers.sniff import sniff
from etl.types import Refused

__all__ = ["MAX_BYTES", "READERS", "read_file"]

MAX_BYTES = 50 * 1024 * 1024

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def read_file(name: str, content: bytes) -> Reading:
    """The text and the tables of one file. Raises Refused, and nothing else but MemoryError, for any content."""
    if not content:
        raise Refused("empty_file", "这是一个空文件(0 字节),请重新导出或重新上传。")
    if len(content) > MAX_BYTES:
        size = len(content) / 1024 / 1024
        raise Refused("too_large", f"文件有 {size:.0f} MB,超过 50 MB 的上限,请按学年或按学校拆成几个文件后再上传。")
    try:
        return READERS[sniff(name, content)](content, name)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # parsers raise anything on damaged bytes; the cause stays attached
        raise damaged() from error
