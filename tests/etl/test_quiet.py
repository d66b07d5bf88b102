"""Rows of a long table of which nothing is to be said are neither looked at one by one nor kept as objects: the draft is
the same as that of reading every row in full."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from db.catalogue import load_catalogue
from db.records import Block, Draft, Grid, OrgKind, OrgUnit, Reading, SourceFile
from etl.pipeline import draft_from_reading
from etl.places import Directory
from etl.sheets import bulk
from etl.woven import Woven

ROWS = 420
HEAD = (
    "学校标识码", "学校名称", "办学类型", "招生数", "毕业生数", "在校学生数", "其中:女", "寄宿生数", "留守儿童数", "教职工数", "专任教师数",
    "教学班数", "校舍建筑面积(平方米)", "食堂数", "应检查食堂数", "已检查食堂数", "应查验人数", "实查验人数", "有证数", "无证数", "补证数", "备注",
)  # fmt: skip
Rows = list[list[object]]
Fault = Callable[[random.Random, Rows], None]


def schools(rows: int = ROWS) -> list[tuple[str, str]]:
    return [(f"2151{n:06d}", f"榆湾{n // 30}镇第{n}小学") for n in range(rows)]


def directory(rows: int = ROWS) -> Directory:
    top = OrgUnit(1, None, 1, OrgKind.COUNTY, "榆湾县")
    return Directory([
        top, *(OrgUnit(n, 1, 1, OrgKind.SCHOOL, name, code) for n, (code, name) in enumerate(schools(rows), start=2))
    ])  # fmt: skip


def table(chance: random.Random, rows: int = ROWS) -> Rows:
    found: Rows = []
    for n, (code, name) in enumerate(schools(rows)):
        pupils = chance.randrange(20, 900)
        teachers, kitchen, due = max(2, pupils // 16), float(n % 2), float(pupils // 6)
        with_card, without = due - 3 if due > 3 else due, 3.0 if due > 3 else 0.0
        found.append([
            code, name, ("小学", "教学点")[n % 2], due, float(pupils // 6), float(pupils), float(pupils // 2), float(pupils // 4),
            float(pupils // 10), float(teachers + 2), float(teachers), float(max(1, pupils // 40)), pupils * 8 + n % 4 / 4,
            kitchen, kitchen, kitchen, due, due, with_card, without, without, "寄宿制" if n % 50 == 0 else None,
        ])  # fmt: skip
    return found


def _set(col: str, value: object, count: int = 3) -> Fault:
    """A value in some cells of a column."""

    def put(chance: random.Random, rows: Rows) -> None:
        for row in chance.sample(rows, count):
            row[HEAD.index(col)] = value

    return put


def _blanks(chance: random.Random, rows: Rows) -> None:
    for row in rows:
        for col in range(3, len(HEAD) - 1):
            if chance.random() < 0.04:
                row[col] = None


def _twice(chance: random.Random, rows: Rows) -> None:
    same, other = list(rows[7]), list(rows[9])
    other[5] = 33.0
    rows.insert(60, same)
    rows.insert(90, other)


def _strangers(chance: random.Random, rows: Rows) -> None:
    for n in (3, 50, 51):
        rows[n][0], rows[n][1] = None, f"无此名第{n}小学"
    rows[70][0] = None


def _many_strangers(chance: random.Random, rows: Rows) -> None:
    """Schools that the register does not know, two of one name, one of them named by its place, one only by its code."""
    for n in range(10, 80):
        rows[n][0], rows[n][1] = f"2199{n:06d}" if n % 2 else None, f"无此名第{n}小学"
    rows[31][1] = rows[30][1]
    rows[41][1] = f"{rows[40][1]} "
    rows[50][1] = None
    rows[60][4] = "约300"
    rows[61][5] = 12.5


def _code_of_another(chance: random.Random, rows: Rows) -> None:
    rows[20][0] = rows[25][0]


def _sums(chance: random.Random, rows: Rows) -> None:
    rows.append([None, "合计", None, *[sum(float(row[col] or 0) for row in rows) for col in range(3, 21)], None])  # type: ignore[arg-type]
    rows[-1][6] = 1.0


def _words(chance: random.Random, rows: Rows) -> None:
    for value in ("—", "未报", "约300", "1,204", "#DIV/0!", "很多", "12人", "30%"):
        chance.choice(rows)[5] = value


def _column(col: str, of: Callable[[list[object]], object]) -> Fault:
    def put(chance: random.Random, rows: Rows) -> None:
        for row in rows:
            row[HEAD.index(col)] = of(row)

    return put


FAULTS: dict[str, Sequence[Fault]] = {
    "none": (),
    "blanks": (_blanks,),
    "negative and broken counts": (_set("在校学生数", -4.0), _set("招生数", 12.5)),
    "parts larger than wholes": (_set("专任教师数", 999.0), _set("其中:女", 2000.0), _set("寄宿生数", 5000.0)),
    "most parts larger": (_column("实查验人数", lambda row: float(row[16] or 0) + 2),),  # type: ignore[arg-type]
    "sums that fail": (_set("有证数", 4.0), _set("补证数", 50.0)),
    "most sums fail": (_column("无证数", lambda row: 7.0),),
    "nobody": (_set("在校学生数", 0.0), _set("教学班数", 0.0), _set("专任教师数", 0.0)),
    "far numbers": (_set("在校学生数", 1e9), _set("教学班数", 4000.0), _set("校舍建筑面积(平方米)", 0.1 + 0.2)),
    "repeats": (_twice,),
    "unknown places": (_strangers,),
    "many unknown places": (_many_strangers,),
    "unknown places and more": (_blanks, _many_strangers, _twice, _words),
    "one code twice": (_code_of_another,),
    "sums": (_sums,),
    "words for numbers": (_words,),
    "everything": (
        _blanks,
        _words,
        _strangers,
        _twice,
        _set("招生数", 12.5),
        _set("专任教师数", 999.0),
        _code_of_another,
    ),
}


def sheet(head: Sequence[str], rows: Rows, name: str = "小学") -> Grid:
    width = len(head)
    lines = [["榆湾县2025—2026学年初小学基本情况统计表"], ["填报单位:榆湾县教育局"], list(head), *rows]
    return Grid(name, tuple((*line, *[None] * (width - len(line))) for line in lines))


def draft(*grids: Grid, known: Directory | None = None) -> Draft:
    blocks = tuple(Block(n, "grid", grid.sheet, grid=grid) for n, grid in enumerate(grids))
    source = SourceFile("小学.xlsx", b"x", "0" * 64, "x")
    return draft_from_reading(source, Reading("x", blocks=blocks), load_catalogue(), known or directory())


def both(monkeypatch: pytest.MonkeyPatch, *grids: Grid) -> tuple[Draft, Draft]:
    """The draft of reading every row, and the quick one."""
    full = draft(*grids)
    assert not isinstance(full.observations, Woven)
    monkeypatch.setattr(bulk, "LONG", 100)
    return full, draft(*grids)


def assert_same(full: Draft, quick: Draft) -> None:
    assert list(quick.observations) == list(full.observations)
    assert [quick.observations[n] for n in (0, 5, -1)] == [full.observations[n] for n in (0, 5, -1)]
    assert tuple(quick.observations[3:40:7]) == tuple(full.observations[3:40:7])
    assert quick.issues == full.issues
    assert sorted(map(repr, quick.rejected)) == sorted(map(repr, full.rejected))
    assert quick.proposed_units == full.proposed_units
    assert quick.totals_checked == full.totals_checked
    assert quick.layouts[0].tables[0].rows == full.layouts[0].tables[0].rows


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_draft(monkeypatch: pytest.MonkeyPatch, fault: str, seed: int) -> None:
    chance = random.Random(seed)
    rows = table(chance)
    for put in FAULTS[fault]:
        put(chance, rows)
    full, quick = both(monkeypatch, sheet(HEAD, rows))
    assert isinstance(quick.observations, Woven)
    assert_same(full, quick)


def test_the_faults_are_found() -> None:
    for fault in set(FAULTS) - {"none", "repeats"}:
        chance = random.Random(1)
        rows = table(chance)
        for put in FAULTS[fault]:
            put(chance, rows)
        assert draft(sheet(HEAD, rows)).issues != draft(sheet(HEAD, table(random.Random(1)))).issues, fault


def test_rates_beside_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    rows = table(chance)
    head = (*HEAD[:21], "查验率(%)", "食堂食品经营许可持证率(%)", "备注")
    for n, row in enumerate(rows):
        due, done = float(row[16] or 0), float(row[17] or 0)  # type: ignore[arg-type]
        row[21:21] = [55.0 if n % 97 == 0 else round(100 * done / due, 2) if due else None, 100.0 if n % 3 else None]
    full, quick = both(monkeypatch, sheet(head, rows))
    assert isinstance(quick.observations, Woven)
    assert any(one.code == "B37" for one in full.issues)
    assert_same(full, quick)


def test_classes_too_large_beside_their_printed_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks at two counts and their quotient is not shown the other numbers of the row."""
    rows = table(random.Random(1))
    for n, row in enumerate(rows):
        row[11] = float(max(1, int(float(row[5] or 0)) // (70 if n % 4 == 0 else 40)))  # type: ignore[arg-type]
        row[21:21] = [round(float(row[5] or 0) / float(row[11]), 1)]  # type: ignore[arg-type]
    rows[8][6], rows[12][10] = 5000.0, 999.0
    full, quick = both(monkeypatch, sheet((*HEAD[:21], "平均班额", HEAD[21]), rows))
    assert isinstance(quick.observations, Woven)
    assert any(one.code == "B33" for one in full.issues)
    assert_same(full, quick)


def test_two_sheets_of_the_same_schools(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, again = table(random.Random(1)), table(random.Random(2))
    for row in again[10:30]:
        row[1], row[0] = f"别处{row[1]}", None
    full, quick = both(monkeypatch, sheet(HEAD, rows), sheet(HEAD, again, "小学2"))
    assert_same(full, quick)


def test_two_sheets_of_other_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = table(random.Random(1))
    first = [[*row[:10], None] for row in rows]
    then = [[*row[:3], *row[10:]] for row in rows]
    grids = sheet((*HEAD[:10], "备注"), first), sheet((*HEAD[:3], *HEAD[10:]), then, "小学2")
    full, quick = both(monkeypatch, *grids)
    assert_same(full, quick)


def test_tables_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = table(random.Random(1))
    wide = [[*row[:8], None, None, *row[:2], *row[8:]] for row in rows]
    full, quick = both(monkeypatch, sheet((*HEAD[:8], "", "", *HEAD[:2], *HEAD[8:]), wide))
    assert_same(full, quick)


def test_months_of_every_school(monkeypatch: pytest.MonkeyPatch) -> None:
    head = ("学校名称", "月份", "在校学生数", "专任教师数", "转入学生数", "转出学生数")
    rows: Rows = [
        [name, f"{month}月", 300.0 + n, 20.0, float(n % 3), float(n % 2)]
        for n, (_, name) in enumerate(schools(150)) for month in (9, 10, 11)
    ]  # fmt: skip
    rows[40][2] = 3000000.0
    full, quick = both(monkeypatch, sheet(head, rows))
    assert_same(full, quick)


def test_who_came_and_who_went(monkeypatch: pytest.MonkeyPatch) -> None:
    head = ("学校名称", "在校学生数", "转入学生数", "转出学生数", "县内转入", "县内转出")
    rows: Rows = [
        [name, 300.0 + n, float(n % 3), float(n % 2), float(n % 3), float(n % 2)]
        for n, (_, name) in enumerate(schools(300))
    ]
    full, quick = both(monkeypatch, sheet(head, rows))
    assert_same(full, quick)


def test_sums_across_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    head = (
        "学校名称",
        "在校学生数",
        "一年级学生数",
        "二年级学生数",
        "三年级学生数",
        "四年级学生数",
        "五年级学生数",
        "六年级学生数",
    )
    rows: Rows = [[name, 60.0 + n, *[10.0] * 5, 10.0 + n] for n, (_, name) in enumerate(schools(300))]
    rows[33][4] = 11.0
    full, quick = both(monkeypatch, sheet(head, rows))
    assert_same(full, quick)


def test_every_kind_of_check_is_known_to_leave_rows_out_or_to_look_at_them() -> None:
    """A kind that nobody entered makes all rows of a big sheet doubtful: its preview takes five times as long."""
    from etl.checks import quiet

    used = {type(check) for rule in load_catalogue().rules for check in rule.checks}
    assert used - quiet._SILENT <= quiet._LOOKS.keys()
