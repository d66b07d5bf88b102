"""A confirmed layout is remembered: the next sheet of its shape needs no question, a drifted one says what changed."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa

from db.catalogue import load_catalogue
from db.drafts import open_draft, save_draft
from db.drafts_store import store_draft
from db.engine import StoreError, write
from db.layouts import forget_layout, remember_layouts, remembered_layouts
from db.org import org_directory
from db.queries import revision
from db.records import Draft, Reading, SourceFile
from db.records_drafts import Choices, Step, issue_key, summary_of, to_tick, with_tick
from db.records_layout import LineOverride, Overrides, RecalledLayouts, TableOverride
from db.schema_drafts import layout_memory
from etl.pipeline import draft_from_reading, draft_with_memory
from etl.places import Directory
from tests.db.makers import Place
from tests.etl.sheets.notation import grid, reading

FORM = "北岭县{year}学年小学情况\n学校 | 甲栏 | 教职工数\n河口镇中心小学 | {n} | 20\n枫桥镇小学 | 120 | 9"
SAID = TableOverride(lines={"甲栏": LineOverride(indicator="enrollment", dims={"level": "PRI"}, period="SY2023")})
KEPT = TableOverride(lines={"甲栏": LineOverride(indicator="enrollment", dims={"level": "PRI"})})


def read(text: str) -> tuple[SourceFile, Reading]:
    content = text.encode()
    seen = reading(grid(text))
    return SourceFile("小学情况.xlsx", content, hashlib.sha256(content).hexdigest(), seen.media_type), seen


def plain(text: str, overrides: Overrides) -> Draft:
    return draft_from_reading(*read(text), load_catalogue(), Directory([]), overrides)


def recalled(engine: sa.Engine, text: str, said: Overrides | None = None) -> tuple[Draft, RecalledLayouts, Overrides]:
    with engine.connect() as connection:
        directory, held = Directory(org_directory(connection)), remembered_layouts(connection)
    return draft_with_memory(*read(text), load_catalogue(), directory, held, said)


def values(draft: Draft) -> dict[tuple[str, str | None], list[float]]:
    found: dict[tuple[str, str | None], list[float]] = {}
    for one in draft.observations:
        found.setdefault((one.indicator, one.period), []).append(float(one.value or 0))
    return found


def confirm(engine: sa.Engine, draft: Draft, overrides: Overrides) -> None:
    """The way of the page: a draft, its ticks, stored."""
    choices = Choices(overrides)
    for key in to_tick(draft.issues):
        choices = with_tick(choices, key, "甲")
    held = open_draft(engine, draft.source, "甲")
    with engine.connect() as connection:
        now = revision(connection)
    held = save_draft(
        engine, held.id, held.version, "甲", step=Step.CONFIRM, choices=choices, summary=summary_of(draft), revision=now
    )
    assert store_draft(engine, held.id, held.version, draft, "甲", seen=now).outcome == "stored"


def test_the_next_sheet_of_the_same_shape_needs_no_question(engine: sa.Engine, place: Place) -> None:
    first = FORM.format(year="2023-2024", n=300)
    draft, seen, _ = recalled(engine, first)
    assert (list(seen.known), list(seen.drifted), seen.fresh) == ([], [], ("Sheet1#1",))
    assert ("enrollment", "SY2023") not in values(draft)
    draft, _, said = recalled(engine, first, {"Sheet1#1": SAID})
    confirm(engine, draft, said)
    draft, seen, said = recalled(engine, FORM.format(year="2024-2025", n=310))
    assert (list(seen.known), list(seen.drifted), seen.fresh, said) == (["Sheet1#1"], [], (), {})
    memory = seen.known["Sheet1#1"]
    assert (memory.override, memory.confirmed_by, memory.file_name) == (KEPT, "甲", "小学情况.xlsx")
    assert values(draft)["enrollment", "SY2024"] == [310, 120]


def test_a_layout_that_was_right_as_understood_is_remembered_too(engine: sa.Engine, place: Place) -> None:
    text = "北岭县2024-2025学年\n学校 | 在校生数\n河口镇中心小学 | {}"
    draft, _, said = recalled(engine, text.format(300))
    confirm(engine, draft, said)
    _, seen, _ = recalled(engine, text.format(310))
    assert seen.known["Sheet1#1"].override == TableOverride()
    draft, _, said = recalled(engine, text.format(320))
    confirm(engine, draft, said)
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(layout_memory)) == 1


def test_a_drifted_sheet_says_what_changed_and_keeps_what_still_fits(engine: sa.Engine, place: Place) -> None:
    with write(engine) as connection:
        source = plain(FORM.format(year="2023-2024", n=300), {})
        remember_layouts(connection, source, {"Sheet1#1": SAID}, "甲")
    text = "北岭县2024-2025学年小学情况\n学校 | 甲栏数 | 教职工数 | 班数\n河口镇中心小学 | 310 | 21 | 7"
    draft, seen, said = recalled(engine, text)
    assert (list(seen.known), seen.fresh) == ([], ())
    change = seen.drifted["Sheet1#1"].drift
    assert (change.renamed, change.added, change.gone) == ((("甲栏", "甲栏数"),), ("班数",), ())
    assert said == {"Sheet1#1": TableOverride(lines={"甲栏数": KEPT.lines["甲栏"]})}
    assert values(draft)["enrollment", "SY2024"] == [310]
    other = {"Sheet1#1": TableOverride(lines={"甲栏数": LineOverride(ignore=True)})}
    draft, _, said = recalled(engine, text, other)
    assert said == other
    assert ("enrollment", "SY2024") not in values(draft)
    confirm(engine, draft, said)
    _, seen, _ = recalled(engine, text.replace("310", "311"))
    assert seen.known["Sheet1#1"].override == other["Sheet1#1"]


def test_a_column_that_went_takes_its_change_along(engine: sa.Engine, place: Place) -> None:
    with write(engine) as connection:
        wide = "表\n学校 | 甲项 | 在校生数 | 招生数 | 毕业生数\n河口镇中心小学 | 1 | 2 | 3 | 4"
        lines = {"甲项": LineOverride(indicator="dropout_count"), "招生数": LineOverride(ignore=True)}
        remember_layouts(connection, plain(wide, {}), {"Sheet1#1": TableOverride(lines=lines)}, "甲")
    _, seen, said = recalled(engine, "表\n学校 | 在校生数 | 招生数 | 毕业生数\n河口镇中心小学 | 2 | 3 | 4")
    assert seen.drifted["Sheet1#1"].drift.gone == ("甲项",)
    assert said == {"Sheet1#1": TableOverride(lines={"招生数": LineOverride(ignore=True)})}


def test_a_change_is_not_carried_to_a_line_that_reads_otherwise(engine: sa.Engine, place: Place) -> None:
    with write(engine) as connection:
        old = "表\n学校 | 应种剂次 | 在校生数 | 招生数 | 毕业生数\n河口镇中心小学 | 1 | 2 | 3 | 4"
        draft = plain(old, {})
        due = draft.layouts[0].tables[0].columns[1].key
        lines = {due: LineOverride(indicator="dropout_count"), "招生数": LineOverride(ignore=True)}
        remember_layouts(connection, draft, {"Sheet1#1": TableOverride(lines=lines)}, "甲")
    _, seen, said = recalled(engine, old.replace("应种", "实种"))
    assert len(seen.drifted["Sheet1#1"].drift.renamed) == 1
    assert said == {"Sheet1#1": TableOverride(lines={"招生数": LineOverride(ignore=True)})}


def test_of_one_shape_confirmed_in_two_ways_nothing_is_remembered(engine: sa.Engine) -> None:
    text = FORM.format(year="2023-2024", n=300)
    two = reading(grid(text, "甲表"), grid(text.replace("300", "301"), "乙表"))
    source, _ = read(text)
    draft = draft_from_reading(source, two, load_catalogue(), Directory([]))
    with write(engine) as connection:
        assert remember_layouts(connection, draft, {"甲表#1": SAID}, "甲") == 0
        assert remember_layouts(connection, draft, {"甲表#1": SAID, "乙表#1": SAID}, "甲") == 1
        assert remember_layouts(connection, draft, {"甲表#1": SAID, "乙表#1": SAID}, "乙") == 0
        assert [one.confirmed_by for one in remembered_layouts(connection)] == ["甲"]


def test_a_list_of_persons_is_not_remembered(engine: sa.Engine) -> None:
    roster = (
        "二年级免疫登记\n姓名 | 出生日期 | 是否有证 | 卡介苗\n张某某 | 2018.05.06 | 1 | 1\n李某某 | 2018.06.06 | 1 | 1"
    )
    with write(engine) as connection:
        remember_layouts(connection, plain(roster, {}), {}, "甲")
        assert remembered_layouts(connection) == []


def test_a_forgotten_layout_is_asked_about_again_and_can_be_remembered_anew(engine: sa.Engine) -> None:
    draft = plain(FORM.format(year="2023-2024", n=300), {})
    with write(engine) as connection:
        remember_layouts(connection, draft, {"Sheet1#1": SAID}, "甲")
        [held] = remembered_layouts(connection)
    forget_layout(engine, held.signature.digest, "乙")
    with engine.connect() as connection:
        assert remembered_layouts(connection) == []
    with pytest.raises(StoreError, match="没有记住"):
        forget_layout(engine, held.signature.digest, "乙")
    with write(engine) as connection:
        remember_layouts(connection, draft, {"Sheet1#1": SAID}, "丙")
        assert [one.confirmed_by for one in remembered_layouts(connection)] == ["丙"]
        assert connection.scalar(sa.select(sa.func.count()).select_from(layout_memory)) == 3  # nothing was overwritten


def test_the_fixture_asks_for_ticks(engine: sa.Engine, place: Place) -> None:
    draft, _, _ = recalled(engine, "表\n学校 | 在校生数\n无名小学 | 2")
    assert [issue_key(one) for one in draft.issues if one.code == "unknown_place"] != []
