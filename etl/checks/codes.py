"""Evaluators of codes (B21, B22): their form, one code for one school, the region that they name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from db.catalogue.rule_kinds import CodeCheck
from etl.checks.findings import Asked, Finding
from etl.checks.tables import cell_at, unit_rows
from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.columns import Column, Role
from etl.sheets.rows import Row
from etl.sheets.views import View

_GAP = re.compile(r"\d\s+\d")
SCHOOL_CODE = re.compile(r"标识码|(?:学校|机构|校|园所)(?:代码|编码)")
_REGION_CODE = re.compile(r"区划(?:代)?码|统计用区划")
_REGION_DIGITS = (6, 9, 12)
_TOLD = re.compile(r"区划(?:代)?码[:：]?(\d{6})(?!\d)")
_COUNTY = re.compile(r"(?:所[属在]|隶属)?(?:县市区|县区市?|区县|市县区?|县|旗县区?|行政区划)(?:名称)?")
_KIND = re.compile(r"^(?:办学|学校)(?:类型|类别)$")
_LEVEL = re.compile(r"(?:小学|初中|高中|幼儿园?|学前)(?:部|段|阶段|教育)?")
_MOST = 20_000  # rows of a list that are compared with each other
_LISTED = 5  # other schools of a list that come once
_OFFICE = re.compile(r"(?:局|委员会|教委|教体委|政府|教育办|[省市县区旗州])$")


def code(asked: Asked, check: CodeCheck, views: Sequence[View]) -> Iterator[Finding]:
    """B21, B22: codes of the right length and kind; a code of another province than the row's region."""
    for view in views:
        schools, regions = _code_column(view, SCHOOL_CODE), _code_column(view, _REGION_CODE)
        if check.of == "province" and schools is not None:
            yield from _provinces(asked, view, schools, regions)
        if check.of == "county" and regions is not None:
            yield from _counties(asked, view, regions)
            yield from _counties_by_name(asked, view, regions)
        if check.of == "repeated" and schools is not None:
            yield from _repeated_codes(asked, view, schools)
            yield from _copied_rows(asked, view, schools)
        if check.of == "spaces":
            yield from (found for one in (schools, regions) if one is not None for found in _gaps(asked, view, one))
        told = {"school": _code_columns(view, SCHOOL_CODE)[:1], "region": _code_columns(view, _REGION_CODE)}
        for column in told.get(check.of, ()):
            yield from _ill_formed(asked, check, view, column)


def _ill_formed(asked: Asked, check: CodeCheck, view: View, column: Column) -> Iterator[Finding]:
    texts = view.texts(column.index)
    filled = [n for n in view.unit_indexes.tolist() if texts[n]]
    wrong = [n for n in filled if not well_formed(check, texts[n]) and not _is_office(check, view, n, texts[n])]
    if len(wrong) * 2 >= len(filled) and "标识码" not in column.label.text:
        return  # another kind of code, such as the bureau's own numbers
    for n in wrong:
        cell = cell_at(view, n, column.index)
        digits = "、".join(map(str, check.digits)) if len(check.digits) == 1 else "6、9或12"
        unit = view.by_index[n].entity or ""
        yield asked.find([cell], value=texts[n], cell=cell[1], digits=digits, unit=unit, other="")


def _gaps(asked: Asked, view: View, column: Column) -> Iterator[Finding]:
    """Spaces inside a code, which was read without them."""
    cells = view.table.sheet.column(column.index)
    if not _GAP.search("|".join(map(str, cells.values))):  # one search of all takes less than one for each
        return
    spaced = cells.where(lambda value: bool(_GAP.search(str(value))))
    for n in view.unit_indexes[spaced[view.unit_indexes]].tolist():
        cell = cell_at(view, n, column.index)
        text = str(view.table.sheet.raw(n, column.index)).strip()
        unit = view.by_index[n].entity or ""
        yield asked.find([cell], value=text, cell=cell[1], unit=unit, other=compact(text), digits="")


def _repeated_codes(asked: Asked, view: View, schools: Column) -> Iterator[Finding]:
    """One code beside two names."""
    first: dict[str, Row] = {}
    texts = view.texts(schools.index)
    codes = [text for n in view.unit_indexes.tolist() if (text := texts[n])]
    for row in unit_rows(view) if len(set(codes)) < len(codes) else ():
        text = texts[row.index]
        other = first.setdefault(text, row) if len(text) > 5 and row.entity and text.isdecimal() else row
        if other.entity != row.entity:
            cells = [cell_at(view, r.index, schools.index) for r in (row, other)]
            told = f"“{other.entity}”({cells[1][1]})"
            yield asked.find(cells, value=text, cell=cells[0][1], unit=row.entity or "", other=told, digits="")


def _copied_rows(asked: Asked, view: View, schools: Column) -> Iterator[Finding]:
    """One code and one name in two rows of a list of schools in which no other comes twice, and which differ in the kind of
    the school: the second was copied from the first and not overwritten."""
    if len(view.rows) > _MOST:
        return
    texts = view.texts(schools.index)
    rows = [row for row in unit_rows(view) if texts[row.index].isdecimal() and row.entity]
    counts = Counter(texts[row.index] for row in rows)
    twice = [code for code, n in counts.items() if n > 1]
    kinds = [c for c in view.columns if c.role is not Role.VALUE and _KIND.search(words.label_key(c.label.text))]
    if len(twice) != 1 or counts[twice[0]] != 2 or len(counts) < _LISTED or not kinds:
        return
    one, two = (row for row in rows if texts[row.index] == twice[0])
    told = view.texts(kinds[0].index)
    levels = all(_LEVEL.fullmatch(told[row.index]) for row in (one, two))
    if one.entity != two.entity or told[one.index] == told[two.index] or levels:
        return  # rows of a school by level or by year
    cells = [cell_at(view, row.index, schools.index) for row in (two, one)]
    name = next((c for c in reversed(view.columns) if c.role is Role.ENTITY), None)
    beside = [cell_at(view, row.index, name.index) for row in (two, one)] if name is not None else []
    other = f"上面一行({cells[1][1]},办学类型不同)"
    yield asked.find(
        cells, beside=beside, value=twice[0], cell=cells[0][1], unit=two.entity or "", other=other, digits=""
    )


def _code_column(view: View, pattern: re.Pattern[str]) -> Column | None:
    return next(iter(_code_columns(view, pattern)), None)


def _code_columns(view: View, pattern: re.Pattern[str]) -> list[Column]:
    return [c for c in view.columns if c.role is not Role.ENTITY and pattern.search(c.label.text)]


def well_formed(check: CodeCheck, text: str) -> bool:
    """Whether a code has the digits and the kind that a check asks for."""
    return text.isdecimal() and len(text) in check.digits and (not check.types or text[:2] in check.types)


def _is_office(check: CodeCheck, view: View, row: int, text: str) -> bool:
    """The bureau itself among its schools in an exported list: its code is that of the region."""
    return (
        check.of == "school"
        and text.isdecimal()
        and len(text) in _REGION_DIGITS
        and bool(_OFFICE.search(view.by_index[row].entity or ""))
    )


def _counties(asked: Asked, view: View, regions: Column) -> Iterator[Finding]:
    """A region code of another county than the one that the title tells, or than nearly all rows have."""
    texts = view.texts(regions.index)
    found = {
        n: text[:6] for n in view.unit_indexes.tolist() if len(text := texts[n]) in _REGION_DIGITS and text.isdecimal()
    }
    told = next((m[1] for spot in view.table.titles if (m := _TOLD.search(compact(view.table.sheet.text(*spot))))), "")
    usual, n = Counter(found.values()).most_common(1)[0] if found else ("", 0)
    own = told or (usual if n > 2 and n * 4 >= 3 * len(found) else "")
    if not own or own.endswith("00") or (told and n * 2 < len(found)):
        return  # a city lists its counties
    for index, county in found.items() if sum(c == own for c in found.values()) * 2 > len(found) else ():
        if county != own:
            cell = cell_at(view, index, regions.index)
            other = f"表头写明的区划代码“{told}”" if told else f"表中其他各行(前6位{usual})"
            yield asked.find([cell], value=texts[index], cell=cell[1], other=other, unit="", digits="")


def _counties_by_name(asked: Asked, view: View, regions: Column) -> Iterator[Finding]:
    """A region code beside the name of a county all other rows of which have another code."""
    names = next((c for c in view.columns if _COUNTY.fullmatch(words.label_key(c.label.text))), None)
    if names is None or len(view.rows) > _MOST:
        return
    texts, named = view.texts(regions.index), view.texts(names.index)
    groups: dict[str, list[int]] = defaultdict(list)
    for n in view.unit_indexes.tolist():
        if len(texts[n]) in _REGION_DIGITS and texts[n].isdecimal() and named[n]:
            groups[named[n]].append(n)
    usual = {name: Counter(texts[n][:6] for n in rows).most_common(1)[0] for name, rows in groups.items()}
    for name, rows in groups.items():
        code, most = usual[name]
        stray = [n for n in rows if texts[n][:6] != code]
        for n in stray if most > 2 and most * 4 >= 3 * len(rows) else ():
            cell = cell_at(view, n, regions.index)
            owner = next((other for other, (own, _) in usual.items() if own == texts[n][:6] and other != name), "")
            other = f"同表“{name}”其他各行(前6位{code})" + (f",却与“{owner}”的相同,两者" if owner else "")
            beside = [cell_at(view, n, names.index)]
            yield asked.find([cell], beside=beside, value=texts[n], cell=cell[1], other=other, unit="", digits="")


def _provinces(asked: Asked, view: View, schools: Column, regions: Column | None) -> Iterator[Finding]:
    """The province of a 标识码 (digits 3-4) beside that of the row's region, else of nearly all rows."""
    texts = view.texts(schools.index)
    found = {n: text[2:4] for n in view.unit_indexes.tolist() if len(text := texts[n]) == 10 and text.isdecimal()}
    if regions is None and len(set(found.values())) == 1:
        return
    usual, n = Counter(found.values()).most_common(1)[0] if found else ("", 0)
    for index, province in found.items():
        region = compact(view.table.sheet.raw(index, regions.index)) if regions is not None else ""
        wanted, other = (region[:2], f"同行区划代码“{region}”") if len(region) >= 6 else (usual, "表中其他学校")
        if province != wanted and (region or (n >= 2 and n * 3 >= 2 * len(found))):
            cell = cell_at(view, index, schools.index)
            beside = [cell_at(view, index, regions.index)] if regions is not None else []
            yield asked.find([cell], beside=beside, value=texts[index], cell=cell[1], other=other, unit="", digits="")
