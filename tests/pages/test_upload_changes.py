"""Changing what was understood, with the whole pipeline behind it: a column given an indicator, skipped, given back;
the table's period; all of it kept with the draft."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Shelf, shown
from tests.pages.desk import opened_desk  # noqa: F401 - a fixture

Open = Callable[..., AppTest]
SHEET = "石岭镇基本情况表\n学校名称,育人总量,备注\n石岭中心小学,1234,无\n青崖小学,57,无\n".encode()


def hand_in(app: AppTest, content: bytes = SHEET, name: str = "学校情况.csv") -> AppTest:
    app.file_uploader(key="upload_file").set_value((name, content, "text/csv"))
    return app.run()


def field(app: AppTest, label: str) -> object:
    return next(each for each in app.selectbox if each.label == label)


def press(app: AppTest, label: str) -> AppTest:
    return next(each for each in app.button if each.label == label).click().run()


def drawn(app: AppTest) -> str:
    return next(each.value for each in app.get("html") if 'class="sheet"' in each.value).split("</style>")[1]


def test_a_column_that_nobody_understood_is_given_an_indicator_and_the_table_a_period(
    desk: Shelf, open_page: Open
) -> None:
    app = hand_in(open_page("upload"))
    assert "没有读到任何指标数值" in shown(app)
    assert 'class="what of r-unknown"' in drawn(app)
    field(app, "这一列（行）是").set_value("indicator").run()
    field(app, "指标").set_value("enrollment").run()
    press(app, "按此重新识别")
    assert not app.exception
    assert 'class="what of r-value"' in drawn(app)
    assert "按人工指定" in drawn(app)
    field(app, "时间").set_value("SY2025").run()
    press(app, "按此重新识别整张表")
    assert "读懂2个数值，涉及1项指标、2个单位" in shown(app)
    assert "时间：2025\\-2026学年（您选定的）" in shown(app)
    assert [each.value for each in app.metric][:3] == ["2", "0", "0"]

    later = open_page("upload", draft="1")
    assert "读懂2个数值" in shown(later)


def test_a_column_is_skipped_and_given_back(desk: Shelf, open_page: Open) -> None:
    content = "石岭镇2025-2026学年在校生统计表\n学校名称,在校生数\n石岭中心小学,1234\n青崖小学,57\n".encode()
    app = hand_in(open_page("upload"), content)
    assert "读懂2个数值" in shown(app)
    next(each for each in app.toggle if each.label == "改正读法").set_value(True).run()
    field(app, "要改哪一列（行）").set_value("在校生数").run()
    field(app, "这一列（行）是").set_value("ignored").run()
    press(app, "按此重新识别")
    assert "没有读到任何指标数值" in shown(app)
    field(app, "要改哪一列（行）").set_value("在校生数").run()
    press(app, "恢复系统读法")
    assert "读懂2个数值" in shown(app)


def test_a_table_is_left_out_as_a_whole(desk: Shelf, open_page: Open) -> None:
    app = hand_in(open_page("upload"))
    next(each for each in app.checkbox if each.label == "整张表不取数").check().run()
    press(app, "按此重新识别整张表")
    assert "按您的选择不取数" in shown(app)
    assert "读懂为" not in drawn(app)


PLACES = "东渡区2025-2026学年在校生统计表\n学校名称,在校生数\n湾口街道湾口小学,920\n渡口小学,495\n".encode()


def test_an_unknown_name_is_given_to_a_unit_and_remembered(desk: Shelf, open_page: Open) -> None:
    app = hand_in(open_page("upload"), PLACES, "在校生.csv")
    assert "有1个单位不在单位名录中" in shown(app)
    assert app.button(key="store").disabled
    asked = next(each for each in app.selectbox if "渡口小学" in each.label)
    assert asked.value is None
    assert any(each.startswith("渡头小学") for each in asked.options[:2])
    asked.set_value(desk.ids["p2"]).run()
    assert not app.exception
    assert "“渡口小学”按“渡头小学" in shown(app)
    assert "不在单位名录中" not in shown(app)
    assert not app.button(key="store").disabled
    app.button(key="unsettle_渡口小学").click().run()
    assert app.button(key="store").disabled
    next(each for each in app.selectbox if "渡口小学" in each.label).set_value(desk.ids["p2"]).run()
    app.button(key="store").click().run()
    assert "已入库：新增2个" in shown(app)

    again = hand_in(open_page("upload"), PLACES.replace(b"495", b"500"), "在校生2.csv")
    assert not [each for each in again.selectbox if "渡口小学" in each.label]
    assert [each.value for each in again.metric][:3] == ["0", "1", "1"]


def test_a_name_may_be_another_unit_a_new_one_or_left_open(desk: Shelf, open_page: Open) -> None:
    app = hand_in(open_page("upload"), PLACES, "在校生.csv")
    asked = next(each for each in app.selectbox if "渡口小学" in each.label)
    asked.set_value("new").run()
    assert not app.button(key="store").disabled
    [tick] = app.session_state["desk"].choices.ticks.values()
    assert tick.reason == "新设单位，待登记入名录"
    next(each for each in app.selectbox if "渡口小学" in each.label).set_value("other").run()
    assert app.button(key="store").disabled
    field(app, "输入名称查找").set_value(desk.ids["p4"]).run()
    assert "“渡口小学”按“青崖小学" in shown(app)


def test_a_confirmed_layout_is_used_again_and_a_changed_one_says_what_changed(desk: Shelf, open_page: Open) -> None:
    app = hand_in(open_page("upload"), SHEET.replace("石岭镇".encode(), "石岭镇2024-2025学年".encode()))
    field(app, "这一列（行）是").set_value("indicator").run()
    field(app, "指标").set_value("enrollment").run()
    press(app, "按此重新识别")
    app.button(key="store").click().run()
    assert "已入库：新增2个" in shown(app)

    following = SHEET.replace("石岭镇".encode(), "石岭镇2025-2026学年".encode())
    again = hand_in(open_page("upload"), following, "下一年.csv")
    assert "确认的版式识别" in shown(again)
    assert "读懂2个数值" in shown(again)

    drifted = following.replace("备注".encode(), "说明,备注".encode()).replace("无".encode(), "无,无".encode())
    changed = hand_in(open_page("upload"), drifted, "又一年.csv")
    assert "新增：说明" in shown(changed)
    assert "读懂2个数值" in shown(changed)

    forgotten = hand_in(open_page("upload"), following, "下一年.csv")
    press(forgotten, "确认不再沿用")
    assert "没有读到任何指标数值" in shown(forgotten)


def test_a_new_version_of_a_file_says_what_becomes_of_the_old_one(desk: Shelf, open_page: Open) -> None:
    first = "石岭镇2025-2026学年在校生统计表\n学校名称,在校生数\n石岭中心小学,1234\n青崖小学,57\n".encode()
    app = hand_in(open_page("upload"), first, "石岭镇在校生.csv")
    app.button(key="store").click().run()
    assert "已入库：新增2个" in shown(app)
    second = first.replace("青崖小学,57\n".encode(), b"").replace(b"1234", b"1240")
    app = hand_in(open_page("upload"), second, "石岭镇在校生.csv")
    for box in app.checkbox:
        box.check()
    app.run()
    assert "以前的版本里有1个数值，这份文件没有列出。它们仍然保留" in shown(app)
    chosen = field(app, "这份文件是不是以前某份文件的新版本")
    chosen.set_value(3).run()
    assert "入库后它们停用" in shown(app)
    app.button(key="store").click().run()
    assert not app.exception
    assert "已入库" in shown(app)
    later = open_page("upload")
    assert "已撤销" in shown(later)
