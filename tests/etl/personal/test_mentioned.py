"""Children who are named within a text of an ordinary sheet are found, wherever the text stands; the rest stays."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from db.records import Block, Grid, Reading, Severity
from etl.personal import screen
from etl.personal.mentioned import number_of_person
from etl.pipeline import draft_from_reading, extract
from etl.places import Directory
from etl.types import SourceFile

SURE = {
    "number and phone": ("李小明,身份证533022201103120017,家长电话13908761234", "李小明"),
    "a number with its check digit": ("发现人学生王某某,430725201409152226", "430725"),
    "a number in groups": ("身份证号码:530325 20110312 0017", "0312"),
    "a number of a school register": ("学籍号G530325201103120017休学", "5303"),
    "a phone in groups": ("监护人李大山:139 0876 1234", "李大山"),
    "a phone of full width": ("女生杨梅,早婚,父亲电话１３８００００４７８８", "杨梅"),
    "a parent without a name": ("学生家长联系方式(13800004788)", "4788"),
}
DOUBTFUL = {
    "a child and its class": "学生张小雨(初二3班)外出务工,已劝返",
    "several children": "王小红、李明轩2人辍学",
    "several with a heading": "疑似辍学学生:赵立新、陈思远等2名",
    "a son": "其子陈思远,男,12岁,厌学",
    "sex and age": "已返校:刘小军(男,14岁)",
}
NOBODY = (
    "填表人:王芳 联系电话:13800004788",
    "家长咨询电话:13800004788",
    "学校负责人张三,电话13800004788",
    "学生食堂承包人,13800004788",
    "班主任王芳13800004788联系家长",
    "合同编号110105194912310021",
    "社会信用代码12430725201409152C",
    "学生高血压、龋齿各1人",
    "儿童白血病、女",
    "石桥、金河2所",
    "龙潭镇、黄坪镇2名",
    "校医白天、黄昏2人值守",
    "贫困学生金额、人数",
    "2024-09-01至2024-12-31",
)


def table(text: str, spot: str = "remark") -> Reading:
    """A monthly table with a text beside a row, above or below it."""
    rows: list[list[object]] = [
        ["河口县2025年3月控辍保学月报"] if spot != "above" else [text],
        ["学校", "学籍人数", "实到人数", "备注"],
        ["一中", 1427, 1422, None if spot != "remark" else text],
        ["二中", 1858, 1854, None],
        ["合计", 3285, 3276, None],
        ["注:学籍人数为上学年末数" if spot != "below" else text],
    ]
    grid = Grid("3月", tuple(tuple(row) for row in rows))
    return Reading("test", "", (Block(0, "grid", "3月", grid=grid),))


@pytest.mark.parametrize(("spot", "cell"), [("remark", "D3"), ("above", "A1"), ("below", "A6")])
@pytest.mark.parametrize("name", SURE)
def test_a_number_of_a_person_in_a_text_blocks_the_file_with_its_cell(name: str, spot: str, cell: str) -> None:
    text, secret = SURE[name]
    screened = screen(table(text, spot), load_catalogue())
    [issue] = screened.issues
    assert (issue.code, issue.severity, issue.sheet, issue.cell) == ("personal_data", Severity.BLOCK, "3月", cell)
    assert secret not in repr(screened)


@pytest.mark.parametrize("name", DOUBTFUL)
def test_what_looks_like_names_of_children_is_struck_out_and_asked_about(name: str) -> None:
    text = DOUBTFUL[name]
    draft = draft_from_reading(SourceFile("3月.xlsx", b"x", "0", "test"), table(text), load_catalogue(), Directory([]))
    [issue] = [one for one in draft.issues if one.code == "personal_data"]
    assert (issue.severity, issue.cell) == (Severity.CONFIRM, "D3")
    assert (draft.source.content, draft.source.kept) == (b"", False)
    assert text not in repr(draft)
    assert draft.reading.grids[0].cells[2] == ("一中", 1427, 1422, "■")


@pytest.mark.parametrize("text", NOBODY)
def test_other_texts_are_left_as_they_are(text: str) -> None:
    read = table(text)
    assert screen(read, load_catalogue()).reading is read


def test_the_other_numbers_of_the_sheet_are_still_read() -> None:
    text, _ = SURE["number and phone"]
    left, right = (extract(one, load_catalogue(), "3月.xlsx") for one in (table(text), table("无")))
    assert len(left.mentions) == len(right.mentions) > 0


def test_a_report_with_a_number_of_a_person_in_a_table_or_its_text_is_refused_whole() -> None:
    text, secret = SURE["a phone in groups"]
    grid = table(text).blocks
    for read in (Reading("test", "控辍保学情况。附表。", grid), Reading("test", f"未返校1人,{text}。")):
        screened = screen(read, load_catalogue())
        assert [one.severity for one in screened.issues] == [Severity.BLOCK]
        assert secret not in repr(screened)


def test_a_number_in_running_text_is_told_with_its_place() -> None:
    assert number_of_person("学生身份证号11010519491231002X,已劝返") == ("id", 6)
    assert number_of_person("合同编号110105194912310021") is None
