"""Lists of persons are found by their labels and by their values; contacts in a footer are none."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from db.records import Block, Grid, Reading, Severity
from etl.personal import screen
from etl.personal.detect import valid_id
from etl.pipeline import extract
from etl.types import Mention

GOOD_ID = "11010519491231002X"  # the example of GB 11643


def grid(rows: list[list[object]], sheet: str = "Sheet1", **more: bool) -> Grid:
    return Grid(sheet, tuple(tuple(row) for row in rows), **more)


def reading(*grids: Grid, text: str = "") -> Reading:
    return Reading("test", text, tuple(Block(n, "grid", g.sheet, grid=g) for n, g in enumerate(grids)))


@pytest.mark.parametrize(
    ("text", "valid"),
    [(GOOD_ID, True), ("110105194912310021", False), ("110105194913310029", False), ("43990120170724770", False)],
)
def test_an_identity_number_has_a_real_date_and_its_check_digit(text: str, valid: bool) -> None:
    assert valid_id(text) is valid


LISTS = {
    "names and identity numbers": [["姓名", "身份证号"], ["张小雨", "439901201707247707"]],
    "names and birth dates": [["幼儿姓名", "出生日期"], ["李明轩", "2018-07-11"]],
    "names and traits": [["序号", "姓名", "性别", "班级"], [1, "王梓涵", "男", "一(1)班"]],
    "guardians and phones": [["学校", "监护人", "联系电话"], ["甲校", "赵立新", 13800007829]],
    "school numbers and birth dates": [["学籍号", "出生年月"], ["G439901201707247707", "201707"]],
    "struck out names": [["姓名", "出生日期"], ["张××", "2018.05.06"]],
    "below a title": [["疑似辍学学生花名册"], ["序号", "姓名", "家庭住址"], [1, "陈思远", "河西村三组"]],
    "identity number without a heading": [["甲", 1], ["乙", GOOD_ID]],
    "names and phones without headings": [["张小雨", 13800004788], ["李明轩", 13800002840], ["王梓涵", 13800003742]],
}
NO_LISTS = {
    "a footer with a phone": [
        ["学校", "在校生数"], ["甲校", 300], ["乙校", 200], ["填表人:王芳", "联系电话:13800004788"],
    ],
    "who answers for a school": [["学校", "在籍", "责任人"], ["甲校", 300, "李×"], ["乙校", 200, "王×"]],
    "heads of schools": [["学校", "校长姓名", "联系电话"], ["甲校", "王芳", "0745-3344556"]],
    "addresses of schools": [["学校", "地址", "在校生数"], ["甲校", "河西镇建设路8号", 300]],
    "school codes": [["学校标识码", "学校", "在校生数"], ["2143010011", "甲校", 300]],
    "numbers that look like phones": [["年份", "经费(元)"], ["2021", 13800004788], ["2022", 13900004788]],
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("hidden", [False, True])
def test_a_list_of_persons_is_refused_with_its_sheet_and_columns(name: str, hidden: bool) -> None:
    rows = LISTS[name]
    screened = screen(reading(grid(rows, "名单", hidden=hidden)), load_catalogue())
    [issue] = screened.issues
    assert (issue.code, issue.severity, issue.sheet) == ("personal_data", Severity.BLOCK, "名单")
    assert "工作表“名单”" in issue.sentence
    values = {str(value) for row in rows for value in row if len(str(value)) > 2 and str(value) not in issue.sentence}
    told = issue.sentence + issue.quote + issue.locator + repr(screened.reading) + repr(screened.kept)
    persons = [str(v) for row in rows[-1:] for v in row if isinstance(v, str) and len(v) > 2]
    assert values
    assert [person for person in persons if person in told] == []


@pytest.mark.parametrize("name", NO_LISTS)
def test_other_sheets_are_left_as_they_are(name: str) -> None:
    read = reading(grid(NO_LISTS[name]))
    screened = screen(read, load_catalogue())
    assert screened.issues == ()
    assert screened.reading is read


def test_a_report_with_a_list_or_a_number_of_a_person_is_refused_whole() -> None:
    for read in (
        reading(grid(LISTS["names and birth dates"]), text="控辍保学情况汇报。附名单。"),
        reading(text=f"学生张小雨(身份证号{GOOD_ID})已返校。"),
    ):
        screened = screen(read, load_catalogue())
        assert [issue.severity for issue in screened.issues] == [Severity.BLOCK]
        assert "张小雨" not in repr(screened)
        assert GOOD_ID not in repr(screened)


HEAD = [
    "姓名",
    "出生日期",
    "年级班级",
    "是否有证",
    "是否补证",
    "卡介苗",
    "乙肝1",
    "乙肝2",
    "麻腮风",
    "是否全种",
    "是否补种全",
]


def children(names: list[str]) -> list[list[object]]:
    cells = [
        [1, "/", 1, 1, 1, 1, 1, "/"],
        [0, 1, 1, 1, "△", 1, 0, 1],
        [1, "/", 1, 1, 0, "△", 0, 0],
    ]
    return [[name, "2018-05-06", "一(2)", *row] for name, row in zip(names, cells, strict=True)]


def told(mentions: tuple[Mention, ...]) -> dict[str, tuple[float, str | None]]:
    return {
        f"{m.indicator} {' '.join(f'{k}={v}' for k, v in sorted(m.dims.items()))}".strip(): (
            float(m.value or 0),
            m.entity,
        )
        for m in mentions
    }


def test_class_lists_of_one_school_are_counted_together() -> None:
    title = ["湖滨小学2023年秋季入学儿童免疫状况登记表"]
    sheets = [
        grid([title, HEAD, *children(["张小雨", "李明轩", "王梓涵"])], "一(1)班"),
        grid([title, HEAD, *children(["赵一诺", "陈思远", "刘子墨"])], "一(2)班"),
    ]
    screened = screen(reading(*sheets), load_catalogue(), "免疫.xlsx")
    assert [(i.code, i.severity, i.sheet) for i in screened.issues] == [
        ("personal_counted", Severity.NOTE, "一(1)班"), ("personal_counted", Severity.NOTE, "一(2)班"),
    ]  # fmt: skip
    assert "查验3人,有证2人,补证1人,查验时全程接种1人" in screened.issues[0].sentence
    found = told(screened.mentions)
    assert found["vac_cert_check_done level=PRI"] == (6, "湖滨小学")
    assert found["vac_cert_held level=PRI"] == (4, "湖滨小学")
    assert found["full_vaccination_rate level=PRI stage=before"] == (33.33, "湖滨小学")
    assert found["vac_catchup_due basis=person level=PRI"] == (4, "湖滨小学")
    assert found["vac_catchup_done basis=person level=PRI"] == (2, "湖滨小学")
    assert found["vaccination_given dose=2 level=PRI vaccine=HepB"] == (4, "湖滨小学")
    assert found["vaccination_due dose=2 level=PRI vaccine=HepB"] == (6, "湖滨小学")
    assert found["vac_catchup_done basis=dose level=PRI vaccine=HepB"] == (2, "湖滨小学")
    assert found["vaccination_given level=PRI vaccine=MMR"] == (6, "湖滨小学")
    evidence = next(m.evidence for m in screened.mentions if m.indicator == "vac_cert_held")
    assert (evidence.sheet, evidence.cell, evidence.quote) == ("一(1)班", "D2", "是否有证")
    assert evidence.locator == "一(1)班第3至5行、一(2)班第3至5行的是否有证列"
    assert evidence.holds_in(screened.kept)
    assert "■" in repr(screened.kept)
    assert not any(name in repr(screened) for name in ("张小雨", "刘子墨", "2018-05-06"))


def test_a_list_with_phones_is_not_counted() -> None:
    rows = [[*HEAD, "家长电话"], *[[*row, 13800004788] for row in children(["张小雨", "李明轩", "王梓涵"])]]
    screened = screen(reading(grid(rows)), load_catalogue())
    assert [issue.severity for issue in screened.issues] == [Severity.BLOCK]
    assert screened.mentions == ()


@pytest.mark.parametrize("school", ["湖滨小学", "云川县湖滨小学"])
def test_a_school_and_its_summary_below_the_list_are_no_children_and_the_summary_counts(school: str) -> None:
    rows = [
        [f"{school}2023年秋季一年级新生免疫状况登记表"],
        HEAD,
        *children(["张小雨", "李明轩", "王梓涵"]),
        [],
        ["全校小结"],
        ["学校", "应查验人数", "实查验人数", "有证人数", "无证人数"],
        ["湖滨小学", 3, 3, 2, 1],
    ]
    found = extract(reading(grid(rows)), load_catalogue(), "免疫.xlsx")
    assert "查验3人,有证2人" in next(issue.sentence for issue in found.issues if issue.code == "personal_counted")
    assert {(m.evidence.cell, m.indicator, float(m.value or 0)) for m in found.mentions} == {
        ("B9", "vac_cert_check_due", 3.0), ("C9", "vac_cert_check_done", 3.0), ("D9", "vac_cert_held", 2.0),
    }  # fmt: skip
