"""Columns whose heading says little alone: what they hold is told by the columns beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from etl.sheets import words
from etl.sheets.cells import compact

if TYPE_CHECKING:
    from etl.sheets.columns import Column
    from etl.sheets.labels import Label
    from etl.sheets.row import Row


def by_neighbours(columns: Sequence[Column]) -> list[Column]:
    """The columns with those told that only the columns beside them tell."""
    found = with_passed(with_people(with_sums(with_special_schools(_with_joined_levels(columns)))))
    for n, label in _schools_with_canteen([column.label for column in found]):
        found[n] = replace(found[n], label=label)
    found = _closed_of_others(found)
    return with_both_ends(with_grades(_with_tested(with_items(_of_the_population(found)))))


_BOTH_SENIOR = re.compile(r"高中(?:阶段|学校)?[(](?:中职|职高|中专|职校)[)]")
_SENIOR = re.compile(r"高中|普高|普通高中|高级中学")


def _with_joined_levels(columns: Sequence[Column]) -> list[Column]:
    """高中(中职) holds the vocational schools too, where no other column is of senior schools; beside 高中(普通) it is these."""
    senior = [c for c in columns if c.role == "value" and _SENIOR.search(compact(c.label.text).rpartition("/")[2])]
    both = [c for c in senior if _BOTH_SENIOR.fullmatch(compact(c.label.text).rpartition("/")[2])]
    alone = both if len(both) == len(senior) else []
    return [
        replace(c, label=replace(c.label, rest=""))
        if c in alone and c.label.dims.get("level") == "SEN" and _VOCATIONAL.fullmatch(c.label.rest)
        else c
        for c in columns
    ]


_VOCATIONAL = re.compile(r"中职|职高|中专|职校")
_FINDINGS = ("hygiene_findings", "hygiene_findings_closed")


def _closed_of_others(columns: Sequence[Column]) -> list[Column]:
    """其中:已处置 behind 聚集性疫情(起) are outbreaks, not findings of an inspection."""
    found = list(columns)
    for n, column in enumerate(found[1:], 1):
        label, whole = column.label, found[n - 1].label
        others = whole.indicator and not whole.rest and whole.indicator not in _FINDINGS
        if others and label.indicator == "hygiene_findings_closed" and words.is_part_of(label.text.rpartition("/")[2]):
            found[n] = replace(column, label=replace(label, indicator=None, ignored="out_of_domain"))
    return found


_TESTED = (
    (re.compile(r"(?:餐饮?具|碗筷)"), "tableware_pass_rate"), (re.compile(r"饮用?水|水[质样]"), "water_quality_pass_rate"),
    (re.compile(r"食品|食材"), "food_sampling_pass_rate"),
)  # fmt: skip
_TEST = re.compile(r"抽检|抽查|采样|监测|检测|送检|样品")
_BARE_PASSED = re.compile(r"(?:抽检|检测|监测)?合格率")


def _with_tested(columns: Sequence[Column]) -> list[Column]:
    """合格率 behind 餐饮具抽检(件) | 合格(件) is of what was tested, not of the schools."""
    found = list(columns)
    for n, column in enumerate(found):
        label = column.label
        if label.indicator != "hygiene_inspection_pass_rate" or not _BARE_PASSED.fullmatch(words.label_key(label.text)):
            continue
        before = [text for c in found[max(0, n - 2) : n] if _TEST.search(text := c.label.text)]
        code = next((code for text in before for what, code in _TESTED if what.search(text)), None)
        if code is not None:
            found[n] = replace(column, label=replace(label, indicator=code, confidence=0.9))
    return found


_OF_A_POPULATION = frozenset(("enrolled", "out_of_school_count", "exempted", "net_enrollment_rate"))


def _of_the_population(columns: Sequence[Column]) -> list[Column]:
    """已入学, 未入学 behind the population of an age group (6-11周岁人口) are of that group, where the table has several."""
    levels = {c.label.dims.get("level") for c in columns if c.label.indicator == "school_age_population"}
    if len(levels - {None}) < 2:
        return list(columns)
    found, level = [], None
    for column in columns:
        label = column.label
        if label.indicator == "school_age_population":
            level = label.dims.get("level")
        elif (
            level and "level" not in label.dims and {label.indicator, label.part} & _OF_A_POPULATION and not label.rest
        ):
            column = replace(column, label=replace(label, dims={**label.dims, "level": level}))
        found.append(column)
    return found


_OF_CASES = re.compile(r"(?:法定|常见|学校)?(?:传染病|病例|发病)(?:病例|发病)?")  # 传染病合计 behind the diseases
_ADDED_UP = ({"disease"}, {"placement"})


def with_sums(columns: Sequence[Column]) -> list[Column]:
    """A bare 合计 behind columns of one indicator that tell one group apart (手足口病 | 水痘 | 合计) is their sum."""
    found = list(columns)
    for n, column in enumerate(found):
        if column.role == "value" and _is_bare_sum(column.label):
            label = _sum_of([c.label for c in _run_before(found, n)], column.label)
            found[n] = column if label is None else replace(column, label=label)
    return found


def _is_bare_sum(label: Label) -> bool:
    return label.total and not (label.known or label.dims or (label.rest and not _OF_CASES.fullmatch(label.rest)))


def _sum_of(parts: Sequence[Label], label: Label) -> Label | None:
    """The label of a sum as that of its parts, which are of one indicator, where one group alone tells them apart."""
    apart = {name for part in parts for name in part.dims if len({p.dims.get(name) for p in parts}) > 1}
    if len(parts) < 2 or apart not in _ADDED_UP or any(part.rest for part in parts):
        return None
    if label.rest and "disease" not in apart:
        return None
    told = {name: value for name, value in parts[0].dims.items() if name not in apart}
    return replace(label, indicator=parts[0].indicator, dims=told, rest="", confidence=0.9)


def _run_before(columns: Sequence[Column], end: int) -> list[Column]:
    """The values of one indicator that stand next to each other just before a column."""
    run: list[Column] = []
    for column in reversed(columns[:end]):
        if (
            column.role != "value"
            or not column.label.indicator
            or (run and column.label.indicator != run[0].label.indicator)
        ):
            break
        run.append(column)
    return run[::-1]


def with_special_schools(columns: Sequence[Column]) -> list[Column]:
    """特教学校 beside 随班就读 and 送教上门 is where disabled children are taught."""
    placed = [c.label for c in columns if c.role == "value" and "placement" in c.label.dims and not c.label.rest]
    if not placed or any(one.dims["placement"] == "special" or one.indicator != "disabled_students" for one in placed):
        return list(columns)
    dims = {name: value for name, value in placed[0].dims.items() if name != "level"} | {"placement": "special"}
    return [
        replace(c, label=replace(c.label, indicator="disabled_students", dims=dims, rest="", confidence=0.9))
        if c.role == "value" and _is_special_school(c, {_heading(one) for one in placed})
        else c
        for c in columns
    ]


_SPECIAL_SCHOOL = re.compile(r"(?:在|到|入)?(?:特教|特殊教育|特校)(?:学校)?(?:就读)?(?:人数|数)?")


def _is_special_school(column: Column, headings: set[str]) -> bool:
    label = column.label
    if not label.known and not label.rest:
        return dict(label.dims) == {"level": "SPE"}
    below = compact(label.text.rpartition("/")[2])  # 已入学人数 over 随班就读 and 特教学校
    return (
        label.indicator in ("schools", "enrollment")
        and _heading(label) in headings - {""}
        and bool(_SPECIAL_SCHOOL.fullmatch(below))
    )


_PASSED = re.compile("(?:基本)?(?:合格|达标|符合要求|通过)(?:数|个数|户数|家数|食堂数|食堂|单位数)?")


def with_passed(columns: Sequence[Column]) -> list[Column]:
    """合格(个) behind 检查食堂(个) counts those inspected that passed, of the same kind."""
    found = list(columns)
    for n, column in enumerate(found):
        label = column.label
        if column.role not in ("value", "text") or not _PASSED.fullmatch(words.label_key(compact(label.text))):
            continue
        checked = next((c for c in reversed(found[:n]) if c.label.indicator == "hygiene_inspected_count"), None)
        taken = any(c.label.indicator == "hygiene_passed_count" for c in found)
        if checked is None or checked.label.rest or taken:
            continue
        told = replace(label, indicator="hygiene_passed_count", dims=checked.label.dims, rest="", confidence=0.9)
        found[n] = replace(column, label=told)
    return found


def with_grades(columns: Sequence[Column]) -> list[Column]:
    """A级 | B级 | 未评级 beside 食堂数 count its canteens by grade."""
    if not any(c.role == "value" and c.label.indicator == "canteens" and not c.label.rest for c in columns):
        return list(columns)
    return [
        replace(c, label=replace(c.label, indicator="canteen_graded_count", confidence=0.9))
        if c.role == "value" and not c.label.known and not c.label.rest and "grade_abc" in c.label.dims
        else c
        for c in columns
    ]


_PEOPLE = frozenset(("人数", "人", "学生", "学生人数", "幼儿", "幼儿人数"))
_OF_PUPILS = frozenset(("basis", "level", "grade", "sponsor", "area"))


def with_people(columns: Sequence[Column]) -> list[Column]:
    """人数 beside 班数 under one heading (小学, 一年级) counts the pupils of these classes."""
    classes = {_heading(c.label) for c in columns if c.role == "value" and c.label.indicator == "classes"} - {""}
    found = list(columns)
    for n, column in enumerate(found):
        label = column.label
        bare = column.role == "value" and not label.known and not label.rest and label.dims.keys() <= _OF_PUPILS
        if bare and _heading(column.label) in classes and compact(label.text.rpartition("/")[2]) in _PEOPLE:
            dims = {name: value for name, value in label.dims.items() if name != "basis"}
            found[n] = replace(column, label=replace(label, indicator="enrollment", dims=dims, confidence=0.9))
    return found


def _heading(label: Label) -> str:
    return label.text.rpartition("/")[0]


_AT_START = re.compile(r"(?:学年|学期|期|年|季|月|开学)初|开学时|上学?期末")
_AT_END = re.compile(r"(?<!上)(?<!上学)(?:学年|学期|期|年|季|月)[末底]")


def with_both_ends(columns: Sequence[Column]) -> list[Column]:
    """期初 and 期末 of one count in a row are two days of the period, not one number twice."""
    found = list(columns)
    for start in [c for c in found if _is_end(c, _AT_START)]:
        ends = [c for c in found if _is_end(c, _AT_END) and c.label.indicator == start.label.indicator]
        ends = [c for c in ends if c.label.dims == start.label.dims and c.index > start.index]
        if len(ends) == 1:
            found[found.index(start)] = replace(start, label=replace(start.label, shift="start"))
            found[found.index(ends[0])] = replace(ends[0], label=replace(ends[0].label, shift="end"))
    return found


def _is_end(column: Column, words_of: re.Pattern[str]) -> bool:
    label = column.label
    plain = column.role == "value" and label.indicator and not label.rest and not label.shift
    return bool(plain and words_of.search(label.text))


_ITEMS = re.compile(
    r"(?:应|实|已|共)?(?:检查?|抽检|抽查|监测|检测)(?:的)?(?:项次|项目|项|批次|份|样品|样本|件|间)+(?:数|总数)?"
)
_OUTCOMES = re.compile(r"(?:不?合格|未检|不?达标|不?符合)(?:数|个数|项次|项|批次|份|件|间)?")


def with_items(columns: Sequence[Column]) -> list[Column]:
    """合格 | 不合格 | 未检 behind 应检项次 are outcomes of items, not of the schools counted before them."""
    found = list(columns)
    for n, label in _outcomes_of_items([column.label for column in columns]):
        found[n] = replace(found[n], label=label)
    return found


def with_item_rows(rows: Sequence[Row]) -> list[Row]:
    """The same down the rows of a table of items: 合格数, 不合格数, 未检数 below 应检样品数(件); 合计 below diseases."""
    found = _with_sum_rows(rows)
    labels = [row.label for row in rows]
    for n, label in (*_outcomes_of_items(labels), *_schools_with_canteen(labels)):
        if not found[n].entity:
            found[n] = replace(found[n], label=label, problem=found[n].problem or label.text)
    return found


def _with_sum_rows(rows: Sequence[Row]) -> list[Row]:
    """The same down the rows: a bare 合计 below rows of one indicator."""
    found = list(rows)
    for n, row in enumerate(found):
        if row.entity or not _is_bare_sum(row.label):
            continue
        known = takewhile(lambda one: one.indicator and not one.rest, (one.label for one in reversed(found[:n])))
        parts = list(known)
        label = _sum_of([part for part in parts if part.indicator == parts[0].indicator], row.label)
        found[n] = row if label is None else replace(row, label=label, total=True)
    return found


def _outcomes_of_items(labels: Sequence[Label]) -> Iterator[tuple[int, Label]]:
    """The places of labels that name an outcome of the items counted before them, and the label without its indicator."""
    items = False
    for n, label in enumerate(labels):
        key = words.label_key(compact(label.text))
        outcome = bool(_OUTCOMES.fullmatch(key))
        items = bool(_ITEMS.fullmatch(key)) or (items and outcome)
        if items and outcome:
            yield n, replace(label, indicator=None, part=None, rest=key, confidence=0.0)


_OF_SCHOOLS = re.compile(
    r"(?:有|设有?|办有|开办|自办)(?:自办|学生)?食堂的?(?:学校|幼儿园|校园?|单位|机构)(?:个数|所数|总数|数)?"
)


def _schools_with_canteen(labels: Sequence[Label]) -> Iterator[tuple[int, Label]]:
    """有食堂学校数 beside 食堂数 counts schools, of which one may have two canteens; the label without its indicator."""
    counted = [(n, label) for n, label in enumerate(labels) if label.indicator == "canteens" and not label.rest]
    schools = [(n, label) for n, label in counted if _OF_SCHOOLS.search(compact(label.text).rpartition("/")[2])]
    for n, label in schools if len(schools) < len(counted) else ():
        yield n, replace(label, indicator=None, part=None, rest=words.label_key(compact(label.text)), confidence=0.0)


_REGISTERED = re.compile(r"学籍|在籍|注册|在册")
_PRESENT = re.compile(r"(?:实际)?(?:在校|实有|在班|到校|在园)(?:人数|学生数?|学生人数|数)?")


def with_present(columns: Sequence[Column]) -> list[Column]:
    """在校数 beside 学籍数 counts those who are there, which the register is held against."""
    held = [c for c in columns if c.role == "value" and c.label.indicator == "enrollment" and not c.label.rest]
    found = list(columns)
    for register in held:
        if not _REGISTERED.search(register.label.text):
            continue
        for other in held:
            key = words.label_key(compact(other.label.text))
            if other.label.dims == register.label.dims and not other.label.shift and _PRESENT.fullmatch(key):
                label = replace(other.label, indicator=None, part="attendance_done", confidence=0.9)
                found[found.index(other)] = replace(other, label=label)
    return found


def with_objects(columns: Sequence[Column]) -> list[Column]:
    """其中:学校食堂 behind 检查单位数 are canteens inspected, not canteens that there are."""
    found = list(columns)
    inspected: Column | None = None
    for n, column in enumerate(found):
        label = column.label
        if label.indicator == "hygiene_inspected_count" and not label.rest:
            inspected = column
        elif inspected is not None and label.indicator in _OBJECTS and words.is_part_of(label.text):
            dims = {**inspected.label.dims, **label.dims, "object": _OBJECTS[label.indicator]}
            told = replace(label, indicator="hygiene_inspected_count", dims=dims, confidence=0.9)
            found[n] = replace(column, label=told)
    return _with_visits(found)


_OBJECTS = {"canteens": "canteen", "schools": "school"}
_OF_VISITS = ("hygiene_inspected_count", "hygiene_passed_count")
_VISITED = {"食堂": "canteen", "学校": "school"}


def _with_visits(columns: list[Column]) -> list[Column]:
    """监督户次 beside 已监督学校数 and 合格学校数 are visits to schools."""
    counted = [c.label for c in columns if c.label.indicator in _OF_VISITS and not c.label.rest]
    objects = {next((kind for word, kind in _VISITED.items() if word in one.text), "") for one in counted}
    told = objects.pop() if len(objects) == 1 else ""
    return [
        replace(c, label=replace(c.label, dims={"object": told, **c.label.dims}))
        if told and c.label.indicator == "hygiene_visits" and not any(word in c.label.text for word in _VISITED)
        else c
        for c in columns
    ]


_MOVES = ("transfer_in", "transfer_out")
_ORIGIN = re.compile(
    r"(?:从|由|向)?(?:外[省市县区乡镇校地]|他校|[省市县区乡镇校]外|本[省市县区乡镇]|[省市县区乡镇]内|其他学校|跨[省市县区])(?:学生)?"
)


def with_lone_moves(columns: Sequence[Column]) -> list[Column]:
    """外县转入 as the only column of transfers in is what the school counts as such; beside others it is a part."""
    told = [(c.label.indicator or c.label.part or "").removesuffix("_county") for c in columns if c.role == "value"]
    moves = [code for code in told if code in _MOVES]
    return [
        replace(c, label=replace(c.label, rest=""))
        if c.label.indicator in _MOVES and _ORIGIN.fullmatch(c.label.rest) and moves.count(c.label.indicator) == 1
        else c
        for c in columns
    ]
