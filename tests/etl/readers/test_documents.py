"""docx and html: order, tables, merged cells, what is left out."""

from __future__ import annotations

from typing import Any

import pytest

from db.records import Reading
from etl.readers import read_file
from etl.types import Refused
from tests.etl.readers.bureau_pages import PAGES
from tests.etl.readers.make import docx_bytes, replaced


def texts(reading: Reading) -> list[tuple[str, str]]:
    assert all(reading.text[b.start : b.start + len(b.text)] == b.text for b in reading.blocks)
    return [(b.locator, b.text) for b in reading.blocks if b.kind != "grid"]


def report(document: Any) -> None:
    document.sections[0].header.paragraphs[0].text = "页眉不读"
    document.add_heading("控辍保学情况", 1)
    document.add_paragraph("")
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "镇"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "学生数"
    for col, text in [(1, "小学"), (2, "初中")]:
        table.cell(1, col).text = text
    for col, text in enumerate(["柳河镇", "1204", "631"]):
        table.cell(2, col).text = text
    paragraph = document.add_paragraph("上表不含")
    paragraph.add_run().add_break()
    paragraph.add_run("民办学校。")


def test_docx_keeps_paragraphs_and_tables_in_order() -> None:
    reading = read_file("报告", docx_bytes(report))
    assert texts(reading) == [
        ("第1段", "控辍保学情况"),
        ("表1第1行", "镇\t学生数"),
        ("表1第2行", "\t小学\t初中"),
        ("表1第3行", "柳河镇\t1204\t631"),
        ("第2段", "上表不含\n民办学校。"),
    ]


def test_docx_table_is_also_a_grid_with_its_merges() -> None:
    [grid] = read_file("报告", docx_bytes(report)).grids
    assert grid.sheet == "表1"
    assert grid.cells == (("镇", "学生数", None), (None, "小学", "初中"), ("柳河镇", "1204", "631"))
    assert set(grid.merges) == {(0, 0, 1, 0), (0, 1, 0, 2)}


def with_xml(xml: str) -> bytes:
    content = docx_bytes(lambda document: document.add_paragraph("锚"))
    return replaced(content, "word/document.xml", lambda data: data.replace(b"<w:t>\xe9\x94\x9a</w:t>", xml.encode()))


def test_docx_reads_as_if_tracked_changes_were_accepted() -> None:
    ins = '<w:t>共</w:t></w:r><w:ins w:id="1"><w:r><w:t>35</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>34</w:delText></w:r></w:del><w:r><w:t>所</w:t>'
    assert read_file("a", with_xml(ins)).text == "共35所"


def test_docx_hidden_text_is_not_read() -> None:
    runs = "".join(
        f"<w:r><w:rPr><w:vanish{value}/></w:rPr><w:t>{text}</w:t></w:r>"
        for value, text in [("", "隐77人"), (' w:val="0"', "现35人"), (' w:val="1"', "隐8人")]
    )
    assert read_file("a", with_xml(f"<w:t>共</w:t></w:r>{runs}<w:r><w:t>。</w:t>")).text == "共现35人。"


def test_docx_text_box_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    both = (
        '<w:t>框外</w:t><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    assert texts(read_file("a", with_xml(both))) == [("第1段", "框外"), ("第2段", "框内")]


def test_docx_content_control_is_read() -> None:
    content = docx_bytes(lambda document: document.add_paragraph("锚"))
    wrapped = replaced(
        content,
        "word/document.xml",
        lambda data: data.replace(b"<w:p>", b"<w:sdt><w:sdtContent><w:p>").replace(
            b"</w:p>", b"</w:p></w:sdtContent></w:sdt>"
        ),
    )
    assert read_file("a", wrapped).text == "锚"


def test_docx_without_text_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        read_file("a.docx", docx_bytes(lambda document: None))
    assert refused.value.code == "no_text"


PAGE = """<!DOCTYPE html><html><head><meta charset="gbk"><title>题</title><style>p{}</style></head><body>
<nav><a href="#">首页</a></nav><div class="top-menu">菜单</div>
<div><a>通知</a> | <a>公告</a> | <a>专栏</a></div>
<h1>食堂检查通报</h1><p>本次共检查
食堂<b>57</b>家。<br>合格 55 家。</p>
<ul><li>后厨整洁</li><li>留样规范</li></ul>
<table><tr><th rowspan="2">片区</th><th colspan="2">家数</th></tr><tr><td>合格</td><td>不合格</td></tr>
<tr><td>东片</td><td>30</td><td>2</td></tr></table>
<p style="display: none">看不见</p><script>var a = 1;</script><footer>版权</footer></body></html>"""


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_html_keeps_the_main_text(encoding: str) -> None:
    page = PAGE if encoding == "gb18030" else PAGE.replace("gbk", "utf-8")
    reading = read_file("导出.xls", page.encode(encoding))
    assert texts(reading) == [
        ("第1段", "食堂检查通报"),
        ("第2段", "本次共检查食堂57家。"),
        ("第3段", "合格 55 家。"),
        ("第4段", "后厨整洁"),
        ("第5段", "留样规范"),
        ("表1第1行", "片区\t家数"),
        ("表1第2行", "\t合格\t不合格"),
        ("表1第3行", "东片\t30\t2"),
    ]
    [grid] = reading.grids
    assert set(grid.merges) == {(0, 0, 1, 0), (0, 1, 0, 2)}


def test_html_with_a_wrong_charset_is_still_read() -> None:
    assert read_file("a.html", PAGE.encode()).text.startswith("食堂检查通报")


def test_html_layout_table_is_not_a_data_table() -> None:
    page = "<html><body><table><tr><td><p>说明文字</p><table><tr><td>校名</td><td>9</td></tr></table></td></tr></table></body></html>"
    reading = read_file("a.html", page.encode())
    assert texts(reading) == [("第1段", "说明文字"), ("表1第1行", "校名\t9")]


@pytest.mark.parametrize(("page", "encoding", "expected"), PAGES.values(), ids=PAGES.keys())
def test_only_the_text_of_a_bureau_page_is_read(page: str, encoding: str, expected: list[tuple[str, str]]) -> None:
    assert texts(read_file("页面.html", page.encode(encoding))) == expected


def test_a_name_alone_never_takes_away_the_text() -> None:
    page = f"<html><body><div class='share'><p>{'教学点按时开学。' * 9}</p></div><div class='share'>分享</div></body></html>"
    assert read_file("a.html", page.encode()).text == "教学点按时开学。" * 9


@pytest.mark.parametrize("link", ['<a href="/1">全县辍学9人</a>', '<li><a href="/1">全县辍学9人</a></li>'])
def test_a_paragraph_that_only_links_elsewhere_is_left_out(link: str) -> None:
    page = f"<html><body><h1><a href='/'>小结</a></h1><p><a name='t'>开学平稳</a></p><p><a href='/2'>另见通报。</a></p>{link}</body></html>"
    assert read_file("a.html", page.encode()).text == "小结\n开学平稳\n另见通报。"


def read_page(body: str, style: str = "") -> Reading:
    return read_file("a.html", f"<html><head><meta charset=utf-8>{style}</head><body>{body}</body></html>".encode())


def test_what_a_style_sheet_hides_is_not_read() -> None:
    style = "<style>.hid, a.x { display:none } #gone{visibility: hidden}</style>"
    body = "<p>查验率98%。</p><p class='n hid'>隐7人</p><p id=gone>隐8人</p><p style='font-size:0'>隐9</p><p class=shown>补种3人</p>"
    assert read_page(body, style).text == "查验率98%。\n补种3人"


def test_a_cell_is_read_as_it_is_seen() -> None:
    table = (
        "<table><caption>2025年查验</caption><tr><td>学<span>校</span></td><td>1<b>2</b>人<br>又3人</td></tr>"
        "<tr><td><p>柳河</p><p>镇</p></td><td><script>var n=1</script>7<i hidden>8</i></td></tr></table>"
    )
    reading = read_page(table)
    assert reading.grids[0].cells == (("学校", "12人\n又3人"), ("柳河\n镇", "7"))
    assert texts(reading)[0] == ("第1段", "2025年查验")


def test_items_of_a_numbered_list_have_their_numbers() -> None:
    body = (
        "<ol><li>全县5所</li><li><p>合格4所</p></li><li value=7>又2所</li></ol>"
        "<ol style='list-style-type: cjk-ideographic' start=2><li><h3>存在问题</h3><p>食堂老化</p></li></ol><ul><li>点</li></ul>"
    )
    assert read_page(body).text == "1. 全县5所\n2. 合格4所\n7. 又2所\n二、存在问题\n食堂老化\n点"


def test_a_page_inside_one_form_is_read() -> None:
    body = "<form><input value=1><h1>检查通报</h1><p>食堂57家。</p></form><form><p>站内搜索</p></form>"
    assert read_page(body).text == "检查通报\n食堂57家。"


def test_marks_of_notes_do_not_touch_the_numbers() -> None:
    body = "<p>体检412<sup><a href='#n1'>1</a></sup>人,操场9m<sup>2</sup>。</p><p><a href='#_ftnref2'>[2]</a>不含请假学生。</p>"
    assert read_page(body).text == "体检412人,操场9m2。\n不含请假学生。"


def test_a_row_of_nothing_but_place_and_counter_is_left_out() -> None:
    body = (
        "<table><tr><td>您当前的位置:首页 &gt; 总结计划</td><td>访问量:204518</td></tr></table><h2>总结</h2><p>在校生63人。</p>"
        "<div>主办:云岭县人民政府 邮编:415300 网站标识码5307260012</div><p>主办:县教育局,共办班12个</p>"
    )
    assert read_page(body).text == "总结\n在校生63人。\n主办:县教育局,共办班12个"


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("<title>在线访谈|秀水区教育局局长谈“家门口的学校”</title>", ""),
        ("<title>访谈</title>", "<footer>版权所有 &copy; 2025 秀水区教育局 邮编:610202</footer>"),
        ("<title>访谈</title><meta name='SiteName' content='秀水区教育局门户网站'>", ""),
        ("<title>访谈</title>", "<header><div class='logo'>秀水区教育局官方网站</div></header>"),
    ],
)
def test_a_page_tells_whose_site_it_is_of(head: str, foot: str) -> None:
    page = f"<html><head>{head}</head><body><p>区教育局局长做客访谈。全区小学38所。</p>{foot}</body></html>"
    assert read_file("a.html", page.encode()).notes == ("published_by|秀水区教育局",)
