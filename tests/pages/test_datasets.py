"""What a view saves: the numbers it shows, what they mean, and the record behind each of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from python_calamine import CalamineWorkbook
from streamlit.testing.v1 import AppTest

from pages.analysis.display import chinese_marks
from pages.exports.dataset import Dataset, as_csv, as_sdmx, as_xlsx
from pages.ui import data, datasets, measures
from tests.pages.conftest import Shelf

Open = Callable[..., AppTest]


@pytest.fixture
def saved(store: Shelf) -> Dataset:
    """The check rate of one school and its district, three years."""
    cells = data.cells(["vac_cert_check_rate"], [store.ids["p3"], store.ids["west"]], None, ["level=PRI"])
    return datasets.values("查验率", measures.judged(cells))


def test_a_workbook_has_numbers_definitions_and_sources(saved: Dataset) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(saved)))
    assert book.sheet_names == ["数据", "指标定义", "来源"]
    title, head, *rows = book.get_sheet_by_name("数据").to_python()
    assert title[0] == "查验率"
    school = [dict(zip(head, row, strict=True)) for row in rows if row[head.index("单位")] == "石岭中心小学"]
    assert [(row["时间"], row["分子"], row["分母"]) for row in school] == [
        ("2023-2024学年", 300, 300), ("2024-2025学年", 280, 310), ("2025-2026学年", 240, 320),
    ]  # fmt: skip


def test_every_record_of_a_value_stands_among_the_sources(saved: Dataset) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(saved)))
    _, head, *rows = book.get_sheet_by_name("来源").to_python()
    records = {int(row[0]): dict(zip(head, row, strict=True)) for row in rows if isinstance(row[0], float)}
    district = saved.data.frame[saved.data.frame["单位"] == "西坪县"].iloc[0]
    ids = [int(each) for each in district["出处编号"].split(", ")]
    assert district["依据条数"] == len(ids) == 2
    assert sum(records[each]["分子"] for each in ids) == district["分子"] == 340
    assert {records[each]["来源文件"] for each in ids} == {"学年统计.csv"}
    assert all(records[each]["位置"] and records[each]["原文"] for each in ids)


def test_a_csv_is_a_plain_rectangle_with_the_definition_in_it(saved: Dataset) -> None:
    content = as_csv(saved)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert rows[0][-1] == "指标定义"
    assert all(row[-1] == chinese_marks(data.indicator("vac_cert_check_rate").definition_zh) for row in rows[1:])


def test_sdmx_holds_the_same_values_under_their_codes(saved: Dataset) -> None:
    rows = list(csv.DictReader(io.StringIO(as_sdmx(saved).decode("utf-8"), newline="")))
    assert [float(row["OBS_VALUE"]) for row in rows] == pytest.approx(saved.data.frame["数值"].tolist())
    assert {row["REF_AREA"] for row in rows} == {"2199000003", "990102"}
    assert {(row["INDICATOR"], row["LEVEL"], row["UNIT_MEASURE"]) for row in rows} == {
        ("vac_cert_check_rate", "PRI", "PT")
    }


def labels(app: AppTest) -> list[str]:
    return [each.proto.label for each in app.get("download_button")]


@pytest.mark.parametrize("page", ["overview", "trends", "districts", "compare", "school"])
def test_every_page_of_numbers_offers_the_three_formats(store: Shelf, open_page: Open, page: str) -> None:
    app = open_page(page)
    assert not app.exception
    assert {"Excel 工作簿", "CSV 表格", "SDMX-CSV 2.0"} <= set(labels(app))


def test_a_table_without_values_is_not_offered_as_sdmx(store: Shelf, open_page: Open) -> None:
    app = open_page("catalogue")
    assert labels(app) == ["Excel 工作簿", "CSV 表格"]
