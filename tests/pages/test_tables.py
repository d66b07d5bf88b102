"""Tables of linked numbers: every name from a file is escaped, every number leads somewhere."""

from __future__ import annotations

from pages.ui.tables import Cell, Row, table_html


def test_text_of_a_file_stays_text() -> None:
    html = table_html(
        ["<b>指标"], [Row(Cell("<script>x</script>"), (Cell('"><img src=x>', href='./e?a="b'),))], caption="<i>"
    )
    body = html.split("</style>")[1]
    assert "<script>" not in body
    assert "<img" not in body
    assert "&lt;script&gt;x&lt;/script&gt;" in body
    assert 'href="./e?a=&quot;b"' in body
    assert "<caption>&lt;i&gt;</caption>" in body


def test_a_cell_carries_its_link_its_state_as_sign_and_word_and_its_notes() -> None:
    cell = Cell("97.5%", "./evidence?obs=4", ("39 / 40", ""), "missed", "未达标")
    html = table_html(["指标", "甲校"], [Row(Cell("接种率"), (cell,))])
    assert '<td><a href="./evidence?obs=4">97.5%</a>' in html
    assert '<small class="missed"><b>✗ 未达标</b></small><small>39 / 40</small></td>' in html


def test_a_row_without_cells_heads_a_group_over_the_whole_width() -> None:
    assert '<tr class="group"><th colspan="3">卫生</th></tr>' in table_html(["a", "b", "c"], [Row(Cell("卫生"))])


def test_a_heat_table_says_a_state_by_ground_sign_and_words() -> None:
    cell = Cell("97.5", "./evidence?obs=4", (), "missed", "未达标", fill=True, hint='39 / 40 "x"')
    html = table_html(["单位", Cell("接种率", notes=("目标 95%",))], [Row(Cell("甲"), (cell,))], ground="#fff")
    assert '<th scope="col">接种率<small>目标 95%</small></th>' in html
    assert '<td class="fill missed" title="39 / 40 &quot;x&quot;"><a href="./evidence?obs=4">97.5</a>' in html
    assert '<span aria-hidden="true">✗</span><span class="unseen">未达标</span></td>' in html


def test_on_a_phone_each_cell_of_a_card_says_its_column() -> None:
    columns = ["单位", Cell("接种率", notes=("%", "目标 95%")), "<名次>"]
    html = table_html(columns, [Row(Cell("甲"), (Cell("97.5"), Cell("1"), Cell("多出")))], phone="tiles")
    assert '<div class="grid cards tiles" tabindex="0">' in html
    assert '<td role="cell" data-label="接种率 %">97.5</td><td role="cell" data-label="&lt;名次&gt;">1</td>' in html
    assert "多出" in html
    assert '<th scope="row" role="rowheader">甲</th>' in html
    assert "role=" not in table_html(columns, [Row(Cell("甲"), (Cell("97.5"), Cell("1")))])


def test_a_table_of_years_says_that_a_phone_shows_the_first_only() -> None:
    row = Row(Cell("在校生数"), tuple(map(Cell, "12345")))
    assert "只列前3栏" in table_html(["指标", *"12345"], [row], phone="few")
    assert "narrow" not in table_html(["指标", *"123"], [row], phone="few").split("</style>")[1]
