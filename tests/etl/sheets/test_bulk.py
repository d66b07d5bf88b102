"""Long tables are read in bulk: the result is that of reading every row in full."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from db.catalogue import load_catalogue
from db.records import Grid
from etl.sheets import bulk, extract_sheets
from etl.sheets.cells import all_compact, compact
from etl.sheets.plain_rows import PlainRows
from etl.sheets.sequence import Chained, Made, joined_mentions, one_of_each_unit
from etl.sheets.words import is_single_school, level_of_name, telling_part, telling_parts
from etl.types import Extraction
from tests.etl.sheets.notation import grid, reading
from tests.etl.sheets.telling import told

HEAD = """
河阳县2024-2025学年学校基本情况
{place} | 学校标识码 | 月份 | 在校生数 | 其中:女 | 应查验人数 | 实查验人数 | 查验率 | 健康证持证率(%) | 抽测人数 | 符合人数 | 课桌椅符合率 | 全省平均 | 备注
"""


def long_grid(
    rows: int, seed: int, rate: Callable[[int, int], object], place: str = "学校名称", odd: bool = False
) -> Grid:
    chance = random.Random(seed)
    plain = grid(HEAD.format(place=place))
    body: list[tuple[object, ...]] = []
    for n in range(rows):
        due, fit = chance.randint(20, 300), chance.randint(5, 50)
        done = due - chance.randint(0, 3)
        girls: object = float(chance.randint(0, 20)) if n % 7 else None
        name: object = f"河阳{n // 40}镇第{n}{'小学' if n % 3 else '初级中学'}"
        pupils: object = float(chance.randint(40, 900))
        if odd and n % 31 == 5:
            pupils = chance.choice(("约300", "1,204", "—", "未报", "#DIV/0!", "很多", "12人", "3/4"))
        if odd and n % 53 == 7:
            name = chance.choice(
                ("小计", "合计", "其中:女", "×××小学", "城区", "平均", "二、初中", "河阳 一小", "其他")
            )
        body.append((
            name, f"21{n:08}", f"{n % 3 + 3}月", pupils, girls, float(due), float(done), rate(done, due), 97.5, float(fit), float(fit - 3),
            round(100 * (fit - 3) / fit, 1), 96.0, "无" if n % 5 else None,
        ))  # fmt: skip
    return replace(plain, cells=(*plain.cells, *body))


RATES: dict[str, Callable[[int, int], object]] = {
    "points": lambda num, den: round(100 * num / den, 2),
    "fraction": lambda num, den: round(num / den, 4),
    "text": lambda num, den: f"{100 * num / den:.2f}%",
    "wrong here and there": lambda num, den: 55.0 if den % 9 == 0 else round(100 * num / den, 2),
    "mixed": lambda num, den: round(num / den, 4) if den % 11 == 0 else round(100 * num / den, 2),
}


def both(monkeypatch: pytest.MonkeyPatch, sheet: Grid) -> tuple[Extraction, Extraction]:
    full = extract_sheets(reading(sheet), load_catalogue())
    monkeypatch.setattr(bulk, "LONG", 100)
    return full, extract_sheets(reading(sheet), load_catalogue())


@pytest.mark.parametrize("odd", [False, True])
@pytest.mark.parametrize("spelling", RATES)
def test_the_same_as_reading_every_row(monkeypatch: pytest.MonkeyPatch, spelling: str, odd: bool) -> None:
    full, quick = both(monkeypatch, long_grid(700, 1, RATES[spelling], odd=odd))
    assert isinstance(quick.mentions, Made | Chained)
    assert told(quick.mentions) == told(full.mentions)
    assert sorted(told(quick.parts)) == sorted(told(full.parts))
    assert {(one.reason, one.cell) for one in quick.rejected} == {(one.reason, one.cell) for one in full.rejected}
    assert {(one.code, one.cell) for one in quick.issues} == {(one.code, one.cell) for one in full.issues}
    places = [
        {(one.entity, one.entity_code, one.scope) for one in each}
        for each in (quick.mentions, one_of_each_unit(quick.mentions))
    ]
    assert places[0] == places[1]
    assert [(one.evidence.quote, one.evidence.locator, one.line) for one in quick.mentions] == [
        (one.evidence.quote, one.evidence.locator, one.line) for one in full.mentions
    ]
    tables = [one.layouts[0].tables[0] for one in (full, quick)]
    assert tables[0].rows == tables[1].rows
    assert [(c.key, c.role, c.indicator, c.numerator_of) for c in tables[0].columns] == [
        (c.key, c.role, c.indicator, c.numerator_of) for c in tables[1].columns
    ]


def test_places_under_sections_and_towns(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = long_grid(400, 3, RATES["points"])
    width = len(sheet.cells[2])
    section = [("一、公办", *[None] * (width - 1)), ("二、民办", *[None] * (width - 1))]
    cells = (*sheet.cells[:2], section[0], *sheet.cells[2:200], section[1], *sheet.cells[200:])
    full, quick = both(monkeypatch, replace(sheet, cells=cells))
    assert told(quick.mentions) == told(full.mentions)
    assert {(one.reason, one.cell) for one in quick.rejected} == {(one.reason, one.cell) for one in full.rejected}


def test_a_table_of_odd_rows_is_read_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = long_grid(300, 2, RATES["points"])
    cells = tuple((("城区", *row[1:]) if n > 1 else row) for n, row in enumerate(sheet.cells))
    monkeypatch.setattr(bulk, "_MOST", 50)
    full, quick = both(monkeypatch, replace(sheet, cells=cells))
    assert isinstance(quick.mentions, tuple)
    assert told(quick.mentions) == told(full.mentions)


def test_mentions_that_are_made_behave_as_a_sequence() -> None:
    sheet = long_grid(120, 4, RATES["points"])
    whole = extract_sheets(reading(sheet), load_catalogue()).mentions
    made = Made(len(whole), lambda n: whole[n])
    assert made[0] == whole[0]
    assert made[-1] == whole[-1]
    assert list(made[3:9:2]) == list(whole[3:9:2])
    chain = joined_mentions([made, whole[:5]])
    assert len(chain) == len(whole) + 5
    assert list(chain) == [*whole, *whole[:5]]
    assert chain[len(whole) + 2] == whole[2]
    assert list(chain[len(whole) - 1 : len(whole) + 1]) == [whole[-1], whole[0]]
    with pytest.raises(IndexError):
        made[len(whole)]
    assert isinstance(joined_mentions([tuple(whole), ()]), tuple)


@pytest.mark.parametrize("name", [
    "榆湾小学", "榆湾第一初级中学", "榆湾镇", "榆湾高中部", "榆湾职业技工学校", "榆湾职教中心", "榆湾中专", "榆湾幼稚园", "榆湾小班", "榆湾九年一贯制学校",
    "榆湾特殊教育学校", "榆湾特教", "榆湾启智学校", "榆湾聋哑学校", "榆湾培智学校", "榆湾教学点", "榆湾完小", "榆湾中心校", "榆湾街道", "榆湾高级中学", "小湾学塘",
    "小 学", "榆湾小学㊫", "ＡＢ小", "榆湾小", "幼1班",
])  # fmt: skip
def test_what_a_name_tells_is_kept(name: str) -> None:
    part = telling_part(name)
    assert (level_of_name(part), is_single_school(part)) == (level_of_name(name), is_single_school(name))
    assert telling_part("榆湾镇坞坪小学") == telling_part("杞桥镇沟滩小学") != telling_part("坞坪小学")


@pytest.mark.parametrize(
    "odd", [(), (" 河阳小学",), ("河阳(北)小学",), ("合计",), ("河\n阳",), ("", 7), ("河_阳",), ("大专院校",)]
)
def test_many_names_are_seen_at_once_as_each_is_alone(odd: tuple[object, ...]) -> None:
    names = ("河阳小学", "第一初级中学", *odd, "城关镇幼儿园", "a1")
    texts = [name for name in names if isinstance(name, str)]
    assert telling_parts(texts) == [telling_part(text) for text in texts]
    assert all_compact(names) == [compact(name) for name in names]
    plain = PlainRows.__new__(PlainRows)
    plain.chars = frozenset("合计小")
    assert plain._ordinary(names) == [isinstance(name, str) and plain.is_ordinary(name) for name in names]
