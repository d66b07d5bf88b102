"""Rows and cells that an ods file writes once and repeats: few bytes may stand for billions of cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from etl.readers.limits import MAX_CELLS
from etl.types import Refused

_ROW = re.compile(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", re.DOTALL)
_CELL = re.compile(rb"<table:table-cell\b([^>]*)>")
_COUNT = re.compile(rb'table:number-(?:rows|columns)-repeated="(\d{1,18})"')


def refuse_repeats(xml: bytes) -> None:
    """Raises Refused when the rows with content are more cells than may be read."""
    if sum(_cells(xml)) > MAX_CELLS:
        raise Refused(
            "too_large",
            f"表格里的内容重复填充到很远的行列,超过 {MAX_CELLS // 10_000} 万个单元格,"
            "请删去多余的行列后另存一份,或按学年、学校拆成几个文件后再上传。",
        )


def _cells(xml: bytes) -> Iterator[int]:
    for row in _ROW.finditer(xml):
        if b"office:value-type" in row[2]:
            yield _count(row[1]) * sum(_count(cell[1]) for cell in _CELL.finditer(row[2]))


def _count(attributes: bytes) -> int:
    found = _COUNT.search(attributes)
    return int(found[1]) if found else 1
