"""The files of the sample: they open, they say what the facts say, and they carry the announced mistakes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import docx
import pytest
from python_calamine import CalamineWorkbook

from etl.samples import SampleCounty
from etl.samples.bad_files import bad_files
from etl.samples.facts import school_year

Rows = list[list[object]]


def sheets(path: Path) -> dict[str, Rows]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def number(cell: object) -> float:
    return float(str(cell).replace(",", "") or 0)


def named(files: list[Path], start: str) -> list[Path]:
    return [path for path in files if path.name.startswith(start)]


def text_of(path: Path) -> str:
    if path.suffix == ".docx":
        return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    return path.read_text(encoding="gb18030" if path.name[:3] in ("R04", "R08") else "utf-8")


def test_there_are_about_a_hundred_files_of_all_kinds(files: list[Path]) -> None:
    assert 60 <= len(files) <= 120
    assert len({path.name for path in files}) == len(files)
    assert {path.suffix for path in files} == {".xlsx", ".csv", ".docx", ".html", ".txt"}
    assert [path.name for path in files] == sorted(path.name for path in files)


def test_progress_is_told_after_each_file(county: SampleCounty, tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    paths = county.write_files(tmp_path / "new" / "folder", lambda *step: told.append(step))
    assert [step[0] for step in told] == list(range(1, len(paths) + 1))
    assert {step[1] for step in told} == {len(paths)}
    assert [step[2] for step in told] == [path.name for path in paths]


def test_workbooks_come_out_byte_for_byte_the_same(county: SampleCounty, files: list[Path], tmp_path: Path) -> None:
    again = county.write_files(tmp_path)
    for first, second in zip(files, again, strict=True):
        if first.suffix != ".docx":
            assert first.read_bytes() == second.read_bytes(), first.name


def test_every_change_table_balances_in_its_printed_cells(files: list[Path]) -> None:
    checked = 0
    for path in named(files, "B2"):
        if path.suffix != ".xlsx":
            continue
        for name, rows in sheets(path).items():
            if not name.endswith("变动"):
                continue
            width = 9 if name.startswith("幼儿园") else 13
            came = 2 if width == 9 else 4
            for row in rows[4:]:
                if len(str(row[0])) == 10 or row[1] == "合计":
                    n = [number(cell) for cell in row[2:width]]
                    assert n[0] + sum(n[1 : 1 + came]) - sum(n[1 + came : -1]) == n[-1], (path.name, name, row)
                    checked += 1
    assert checked > 900


def test_the_last_column_of_the_change_tables_is_the_fact(county: SampleCounty, files: list[Path]) -> None:
    pupils = {
        (f.org, f.dims["level"], f.period): f.value
        for f in county.facts
        if f.indicator == "enrollment" and set(f.dims) == {"level"}
    }
    rows = sheets(named(files, "B25_砚湖区")[0])["小学变动"]
    found = {str(row[0]): number(row[12]) for row in rows[4:] if len(str(row[0])) == 10}
    assert len(found) == 16
    assert found == {code: pupils[code, "PRI", school_year(2025)] for code in found}


def test_totals_are_the_sums_of_their_parts(files: list[Path]) -> None:
    for path in named(files, "G26_") + named(files, "K26_"):
        for name, rows in sheets(path).items():
            label = 1 if path.name.startswith("K") else 0
            width = 9 if label else 12
            total = next((row for row in rows if row[label] == "合计"), None)
            if total is None:
                continue
            parts = [row for row in rows[4:] if str(row[label])[:3] == path.name[4:7] or str(row[label])[:2] == "澜川"]
            for col in range(label + 1, width):
                numbers = [number(row[col]) for row in parts if row[col] != "不适用"]
                assert sum(numbers) == number(total[col]), (path.name, name, col)


def test_the_first_filing_of_the_restated_year_differs_in_four_schools(county: SampleCounty, files: list[Path]) -> None:
    first, second = (sheets(path)["小学变动"] for path in named(files, "B23_云峤县"))
    before, after = (
        {row[0]: number(row[12]) for row in rows[4:] if len(str(row[0])) == 10} for rows in (first, second)
    )
    changed = {code: before[code] - after[code] for code in before if before[code] != after[code]}
    assert changed == dict(county.world.restated)
    assert len(changed) == 4


@pytest.mark.parametrize(("start", "encoding", "mark"), [("B20_", "utf-8", b"\xef\xbb\xbf"), ("B21_", "gb18030", b"")])
def test_system_exports_open_in_their_encodings(
    county: SampleCounty, files: list[Path], start: str, encoding: str, mark: bytes
) -> None:
    content = named(files, start)[0].read_bytes()
    assert content.startswith(mark)
    rows = list(csv.reader(io.StringIO(content.removeprefix(b"\xef\xbb\xbf").decode(encoding), newline="")))
    assert rows[0][:4] == ["机构代码", "机构名称", "学段", "指标代码"]
    sections = sum(e.year == 2000 + int(start[1:3]) for e in county.world.enrolments)
    assert len(rows) == 1 + 8 * sections


def test_percent_cells_come_in_several_spellings(files: list[Path]) -> None:
    spellings = {str(sheets(path)["小学"][4][12]) for path in named(files, "G26_")}
    assert any(text.endswith("\uff05") for text in spellings)  # the full-width sign
    assert any(text.endswith(" %") for text in spellings)
    assert any(text.endswith("%") and " " not in text for text in spellings)
    assert any(text.replace(".", "").isdigit() and text.isascii() for text in spellings)


def test_twelve_reports_open_and_name_their_issuer(county: SampleCounty, files: list[Path]) -> None:
    reports = named(files, "R")
    assert len(reports) == 12 == len(county.reports)
    for path, report in zip(reports, county.reports, strict=True):
        text = text_of(path)
        assert report.title in text
        assert report.issuer in text
        assert all(paragraph in text for paragraph in report.paragraphs)


def test_reports_state_the_figures_of_the_sheets_but_for_three(county: SampleCounty, files: list[Path]) -> None:
    claims = [claim for report in county.reports for claim in report.claims]
    assert len(claims) > 60
    wrong = [claim for claim in claims if claim.contradicts]
    assert wrong == county.contradictions
    assert len(wrong) == 3
    assert len({claim.report for claim in wrong}) == 3
    texts = {path.name: text_of(path) for path in named(files, "R")}
    for claim in claims:
        shown = {f"{claim.stated:,.0f}", f"{claim.stated:.2f}%"}
        assert any(form in texts[claim.report] for form in shown), claim.key
    told = [story for story in county.stories if story.key.startswith("contradiction")]
    assert [story.units[0] for story in told] == [claim.unit for claim in wrong]


def test_bad_files_hold_their_mistake_where_it_is_said(county: SampleCounty, tmp_path: Path) -> None:
    paths = county.write_bad_files(tmp_path)
    expected = bad_files(county.world)
    assert [path.name for path in paths] == [bad.name for bad in expected]
    cells = []
    for path, bad in zip(paths, expected, strict=True):
        rows = next(iter(sheets(path).values()))
        cells.append(rows[int(bad.cell[1:]) - 1]["ABCDEFG".index(bad.cell[0])])
    assert cells[0] == 985
    assert cells[2:4] == ["见附件", "鹤溪县芦笛湾希望小学"]
    assert cells[6] == "#DIV/0!"
    swapped = next(iter(sheets(paths[1]).values()))[4]
    assert number(swapped[2]) > number(swapped[1])
    summed = next(iter(sheets(paths[5]).values()))
    assert number(cells[5]) == sum(number(row[1]) for row in summed[3:7]) + 10
