"""pdf: paragraphs, running heads, tables, and what is no text; hostile files end in a refusal."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from etl.readers import read_file
from etl.sandbox import read_safely
from etl.types import Reading, Refused
from tests.etl.readers.make_pdf import Sheet, bomb_pdf, locked_pdf, many_pages_pdf, pdf_bytes
from tests.etl.readers.test_documents import texts

FILES = Path(__file__).parent / "files"
REPORT = (FILES / "report.pdf").read_bytes()


def read(*sheets: Sheet) -> Reading:
    return read_file("汇报.pdf", pdf_bytes(*sheets))


def refusal(content: bytes, safely: bool = False) -> Refused:
    with pytest.raises(Refused) as refused:
        (read_safely if safely else read_file)("a.pdf", content)
    return refused.value


# 38 Han characters of 12 points fill the line from 72 to 528.
FULL = "全县各中小学校秋季学期入学工作已经结束各乡镇中心学校逐村逐户核对适龄儿童名单目前"


def line_of(words: str) -> str:
    return (words * 38)[:38]


def test_a_full_line_goes_on_and_a_short_one_ends_the_paragraph() -> None:
    first, second = line_of(FULL), line_of("共核对")
    sheet = Sheet().text(96, 100, first[:36]).text(72, 120, second).text(72, 140, "辍学3人。")
    sheet.text(96, 160, "下一段。").text(72, 180, "落款单位").text(72, 200, line_of("另"))
    assert texts(read(sheet)) == [
        ("第1页第1段", first[:36] + second + "辍学3人。"),
        ("第1页第2段", "下一段。"),
        ("第1页第3段", "落款单位"),
        ("第1页第4段", line_of("另")),
    ]


@pytest.mark.parametrize(
    ("end", "start", "expected"),
    [
        ("校", "园", "校园"),
        ("校", "35所", "校35所"),
        ("edu-", "cation", "education"),
        ("word", "next", "word next"),
        ("2019-", "2020学年", "2019-2020学年"),
        ("99.", "5%", "99.5%"),
        ("12", "34人", "1234人"),
        ("12 ", "34人", "12 34人"),
    ],
)
def test_lines_are_joined_without_blanks_that_nobody_printed(end: str, start: str, expected: str) -> None:
    latin = sum(character.isascii() for character in end.strip())
    filler = "文" * (38 - (len(end.strip()) - latin) - (latin + 1) // 2)
    sheet = Sheet().text(72, 100, line_of("甲")).text(72, 120, filler + end).text(72, 140, start)
    assert read(sheet).text == line_of("甲") + filler + expected


def test_a_paragraph_goes_on_over_the_page_break_and_running_lines_are_left_out() -> None:
    def page(n: int) -> Sheet:
        sheet = Sheet().text(220, 50, "青溪县教育局文件").text(280, 800, f"- {n} -")
        return sheet.text(72, 100, line_of(f"第{'一二三'[n - 1]}页上")).text(72, 740, line_of("页下"))

    sheets = [page(1), page(2), page(3)]
    sheets[2].text(72, 760, "完。")
    reading = read(*sheets)
    assert "青溪县" not in reading.text
    assert "-" not in reading.text
    assert reading.blocks[0].locator == "第1页第1段"
    assert line_of("页下") + line_of("第二页上") in reading.text


@pytest.mark.parametrize("mark", ["第{n}页 共{all}页", "{n}/{all}", "— {n} —", "{n}", "教育简报 {n}"])
def test_page_numbers_are_recognised_by_counting(mark: str) -> None:
    sheets = [
        Sheet().text(72, 100, f"在校生{n * n * 7 + 3}人。").text(260, 790, mark.format(n=n, all=4))
        for n in (1, 2, 3, 4)
    ]
    assert read(*sheets).text == "在校生10人。\n在校生31人。\n在校生66人。\n在校生115人。"


def test_a_line_alone_in_the_margin_of_a_single_page_is_left_out() -> None:
    sheet = Sheet().text(180, 40, "学生常见病监测简报", 9).text(240, 815, "县教育局印", 10)
    for n in range(4):
        sheet.text(72, 100 + 20 * n, f"第{n + 1}组受检{n * 97 + 13}人。")
    assert read(sheet).text.split("\n")[0] == "第1组受检13人。"
    assert "印" not in read(sheet).text
    assert (
        "标题"
        in read(Sheet().text(72, 40, "标题", 20).text(72, 110, "a。").text(72, 130, "b。").text(72, 150, "c。")).text
    )


def test_a_repeated_title_inside_the_page_is_kept() -> None:
    sheets = [Sheet().text(240, 130, "食堂检查记录表").text(72, 160, f"{name}食堂合格。") for name in ("甲校", "乙校")]
    assert read(*sheets).text.count("食堂检查记录表") == 2


def ruled(sheet: Sheet, top: float, rows: list[list[str]]) -> Sheet:
    for n in range(len(rows) + 1):
        sheet.line(72, top + 20 * n, 432, top + 20 * n)
    for col in range(4):
        sheet.line(72 + 120 * col, top, 72 + 120 * col, top + 20 * len(rows))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            sheet.text(76 + 120 * c, top + 15 + 20 * r, text)
    return sheet


def test_a_ruled_table_becomes_rows_and_a_grid() -> None:
    sheet = ruled(Sheet().text(72, 80, "各镇情况如下:"), 100, [["镇", "小学", "初中"], ["柳河镇", "1204", ""]])
    reading = read(sheet.text(72, 200, "以上。"))
    assert texts(reading) == [
        ("第1页第1段", "各镇情况如下:"),
        ("第1页表1第1行", "镇\t小学\t初中"),
        ("第1页表1第2行", "柳河镇\t1204"),
        ("第1页第2段", "以上。"),
    ]
    [grid] = reading.grids
    assert grid.cells == (("镇", "小学", "初中"), ("柳河镇", "1204", None))


def test_merged_cells_are_found_by_the_lines_that_are_missing() -> None:
    sheet = Sheet().box(72, 100, 372, 160).line(172, 100, 172, 160).line(172, 120, 372, 120).line(272, 120, 272, 160)
    sheet.line(72, 140, 372, 140)
    for x, y, text in [
        (76, 125, "镇"),
        (180, 115, "学生数"),
        (176, 135, "小学"),
        (276, 135, "初中"),
        (76, 155, "东坪乡"),
    ]:
        sheet.text(x, y, text)
    [grid] = read(sheet.text(176, 155, "88").text(276, 155, "9")).grids
    assert grid.cells == (("镇", "学生数", None), (None, "小学", "初中"), ("东坪乡", "88", "9"))
    assert set(grid.merges) == {(0, 0, 1, 0), (0, 1, 0, 2)}


def test_a_table_goes_on_over_the_page_break_without_its_repeated_heading() -> None:
    head = ["校名", "人数", "教师"]
    first = ruled(Sheet(), 700, [head, ["甲校", "110", "9"]])
    second = ruled(Sheet(), 80, [head, ["乙校", "120", "8"]])
    [grid] = read(first, second).grids
    assert grid.cells == (tuple(head), ("甲校", "110", "9"), ("乙校", "120", "8"))


def test_aligned_columns_are_a_table_only_when_every_line_agrees() -> None:
    rows = [("学校", "学生", "教师"), ("甲校", "110", "9"), ("乙校", "120", "8")]
    sheet, loose = Sheet(), Sheet()
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            sheet.text(72 + 120 * c, 100 + 20 * r, text)
            loose.text(72 + 120 * c + 50 * r, 100 + 20 * r, text)
    assert read(sheet).grids[0].cells == tuple(rows)
    assert read(loose).grids == ()


def test_digits_that_meet_in_a_cell_stay_apart() -> None:
    sheet = ruled(Sheet(), 100, [["校", "数", "注"], ["甲", "", ""]]).text(200, 131, "12", 7).text(200, 139, "34", 7)
    assert read(sheet).grids[0].cells[1] == ("甲", "12\n34", None)


def test_struck_through_text_doubled_print_and_watermarks_are_no_text() -> None:
    sheet = Sheet().text(72, 100, "辍学率0.9").line(108, 96, 126, 96).text(126, 100, "0.3%")
    sheet.text(72.3, 100, "辍学率").text(200, 400, "内部资料", 40, turned=True)
    assert read(sheet).text == "辍学率0.3%"


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_pages_are_read_as_they_are_turned(rotate: int) -> None:
    along = {0: "1 0 0 1 100 700", 90: "0 1 -1 0 100 100", 180: "-1 0 0 -1 500 100", 270: "0 -1 1 0 100 700"}
    down = {0: (0, -20), 90: (20, 0), 180: (0, 20), 270: (-20, 0)}[rotate]
    sheet = Sheet(rotate=rotate)
    for n, text in enumerate(["上一行。", "下一行。"]):
        matrix = along[rotate].split()
        place = f"{float(matrix[4]) + n * down[0]} {float(matrix[5]) + n * down[1]}"
        codes = text.encode("utf-16-be").hex()
        sheet.raw(f"BT /F1 12 Tf {' '.join(matrix[:4])} {place} Tm <{codes}> Tj ET")
    assert read(sheet).text == "上一行。\n下一行。"


def test_a_file_of_a_word_processor() -> None:
    reading = read_file("汇报", REPORT)
    assert "疫苗查验率98.6%。" in reading.text
    [grid] = reading.grids
    assert grid.cells[2:] == (("柳河镇", "1204", "631", None), ("东坪乡", "873", None, "无初中"))
    assert set(grid.merges) == {(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 1, 3)}


def test_a_scan_is_refused_and_a_page_without_text_is_named() -> None:
    scanned = refusal(pdf_bytes(Sheet().box(10, 10, 500, 700)))
    assert scanned.code == "scanned"
    assert "扫描" in scanned.sentence
    assert read(Sheet().text(72, 100, "有字。"), Sheet().box(9, 9, 90, 90)).notes == ("page_without_text|第2页",)


def test_refusals_of_locked_cut_and_endless_files() -> None:
    assert refusal(locked_pdf()).code == "encrypted"
    assert refusal(REPORT[: len(REPORT) // 2]).code == "damaged"
    assert refusal(many_pages_pdf(10_000)).code == "too_large"


def test_a_bomb_ends_in_a_refusal() -> None:
    assert refusal(bomb_pdf(1 << 28), safely=True).code in {
        "scanned",
        "crashed",
        "damaged",
        "memory",
        "killed",
        "timeout",
    }


def test_damaged_bytes_end_in_a_reading_or_a_refusal() -> None:
    chance = random.Random(20261124)
    outcomes: list[str] = []
    for _ in range(150):
        content = bytearray(REPORT)
        for _ in range(chance.choice((1, 5, 40))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            outcomes.append(read_file("a.pdf", bytes(content)).media_type)
        except Refused as refused:
            outcomes.append(refused.code)
    assert set(outcomes) >= {"application/pdf", "damaged"}


def test_the_child_process_reads_the_same() -> None:
    assert read_safely("汇报.pdf", REPORT) == read_file("汇报.pdf", REPORT)


@pytest.mark.parametrize("mark", ["\u3002", "\uff1b", "\uff1a", "\uff01", "\uff1f", "\u3002”"])
def test_a_full_line_that_ends_a_sentence_ends_the_paragraph(mark: str) -> None:
    sheet = Sheet().text(72, 100, line_of(FULL)[: 38 - len(mark)] + mark).text(72, 120, "另有9所。")
    assert len(texts(read(sheet))) == 2
