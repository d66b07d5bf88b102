"""How much of a table is still a table."""

from __future__ import annotations

from etl.types import Refused

MAX_CELLS = 5_000_000  # of one file, counted as the rectangle from A1 to the last used cell of each sheet


MAX_CHARACTERS = 5_000_000  # of one doc or pdf: some eight thousand printed pages
MAX_PAGES = 1_000  # of one pdf


def too_many_pages(pages: int) -> Refused:
    return Refused("too_large", f"pdf 有 {pages} 页,超过 {MAX_PAGES} 页的上限,请拆成几个文件后再上传。")


def too_many_characters() -> Refused:
    return Refused("too_large", f"文档超过 {MAX_CHARACTERS // 10_000} 万字,请按单位或按年度拆成几个文件后再上传。")


def too_many_cells(sheet: str) -> Refused:
    return Refused(
        "too_large",
        f"工作表“{sheet}”超过 {MAX_CELLS // 10_000} 万个单元格,请删去多余的行列,或按学年、学校拆成几个文件后再上传。",
    )


def far_cell(sheet: str, cell: str) -> Refused:
    return Refused(
        "far_cell",
        f"工作表“{sheet}”在很远的单元格 {cell} 里还有内容,表格因此大得无法读取,请删去该处的内容和格式后另存一份再上传。",
    )
