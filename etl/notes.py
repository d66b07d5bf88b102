"""What a reader noticed beside the cells (`Reading.notes`, documented in etl.readers) as issues for a person."""

from __future__ import annotations

from collections.abc import Iterable

from db.records import Issue, Severity

_SENTENCES: dict[str, tuple[Severity, str]] = {
    "formula_without_value": (
        Severity.CONFIRM,
        "{place}是公式,但文件里没有保存计算结果,读不到数。请用Excel或WPS打开、保存后再上传;不改则按空白处理。",
    ),
    "page_without_text": (
        Severity.CONFIRM,
        "{sheet}没有可读的文字,可能是扫描件,其中的数没有读取。请改交可复制文字的文件,或把该页的数另行填报。",
    ),
    "hidden_rows": (Severity.NOTE, "工作表“{sheet}”第{place}行是隐藏的,也一并读取。若不应上报,请删去这些行。"),
    "hidden_columns": (Severity.NOTE, "工作表“{sheet}”{place}列是隐藏的,也一并读取。若不应上报,请删去这些列。"),
}


def issues_of_notes(notes: Iterable[str]) -> list[Issue]:
    """One issue per note. Cells in error and hidden sheets are left to the sheet
    extractor, which knows whether they matter."""
    found: list[Issue] = []
    for note in notes:
        kind, _, rest = note.partition("|")
        if kind in _SENTENCES:
            severity, sentence = _SENTENCES[kind]
            sheet, _, place = rest.partition("|")
            cell = place if kind == "formula_without_value" else None
            locator = f"{sheet}!{place}" if place else sheet
            found.append(
                Issue(kind, severity, sentence.format(sheet=sheet, place=place), locator, sheet=sheet, cell=cell)
            )
    return found
