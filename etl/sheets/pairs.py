"""One school per sheet as label and value side by side (一校一档), and score sheets of one school."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import numpy as np

from db.records import Severity
from db.records_layout import LineRole
from etl.sheets import words
from etl.sheets.basis import with_basis
from etl.sheets.cells import CellValue, Kind, compact, read_cell
from etl.sheets.column_heads import is_item_head, is_place_head
from etl.sheets.facts import Fact, Output, issue, reject
from etl.sheets.grade_rows import rows_of_grades
from etl.sheets.grades import grade_in
from etl.sheets.guesses import guessed
from etl.sheets.header import Table
from etl.sheets.labels import Label, read_label
from etl.sheets.periods import find_period
from etl.sheets.sheet import Sheet
from etl.sheets.titles import Frame
from etl.sheets.turn_of_year import of_leavers
from etl.sheets.vocabulary import Vocabulary
from etl.sheets.when import told_by_label

_MOST_ROWS = 5000  # cards on one sheet do not go on for ever
_NAME = re.compile(
    r"(?:学校|幼儿园|园所|单位|机构)(?:名称|全称)|全称|(?:被|受)检查?(?:单位|学校)|园名|校名|园所名|学校名"
)
_CODE = re.compile(r"(?:学校|机构|单位)?(?:标识码|代码|编码)")
_PERIOD = re.compile(r"学年度?|年度|学期|统计(?:时间|期)|数据(?:时间|截止|截止日期)|报告期|统计年度|所属(?:学年|年度)")
_DATE = re.compile(r"(?:填[表报写]|上报|报送|制表|统计|评价|更新|采集)?(?:日期|时间)")
_TYPE = re.compile(r"(?:办学|学校|机构|园所|学段)(?:类型|类别|层次)|学段")
_OTHER = re.compile(r".*(?:办[学园]性质|城乡类型|举办者|隶属|地址|校长|园长|电话|负责人|建校|卫生室|保健|校医).*")
_COUNTED = re.compile(r"有[(:]?(\d+)[个所间处].*|(?:共)?(\d+)[个所间处](?:[(,、;].*)")
_FULL_MARK = re.compile(r"分值|满分|标准分|应得分")
_MARK = re.compile(r"实际得分|得分|评分|实得分")
_TOTAL_MARK = re.compile(r"(?:总|合计|综合|最终|最后|评价|考核)*(?:实际|实)?(?:得分|评分|分|分数|成绩)(?:合计|总计)?")
_CLASS_LINE = re.compile(r"班级(?:名称)?:([^:]{1,8}?班)")
_CLASS_NAME = re.compile(
    r".{0,3}[一二三四五六七八九\d年级初高小中大]+[(]?\d{1,2}[)]?班|.{1,6}[年级](?:\d|[(]\d).{0,3}班"
)
_SAYS_ALL = re.compile(
    r"(?:19|20)\d{2}(?:[-—–~至/]+(?:20)?\d{2})?(?:学年度?|年度?)(?:[秋春]季?(?:学期)?|第?[一二12]学期|[上下]学期)?"
    r"|[一-鿿()]{0,6}(?:单位|部门|机构|日期|时间|人|电话|表号|文号|学年度?|年度|学期):.+"
    r"|[一-鿿]{2,}(?:局|委|部|厅|会|中心)[印监]?制"
)
_TELL_NOTHING = ("level", "basis", "stage", "dose")
_TAIL = 3  # rows below the last value that may name the day and who filled it in
Spot = tuple[int, int]
Pair = tuple[str, Spot, Spot]


def find_cards(sheet: Sheet) -> list[list[Pair]]:
    """The cards of a sheet of pairs, one per unit, each beginning with the pair that names it; empty when the sheet is
    something else."""
    if not _may_begin(sheet):
        return []
    rows = _pairs_of(sheet)
    starts = [n for n, pairs in enumerate(rows) if any(_NAME.fullmatch(pair[0]) for pair in pairs)]
    bounds = pairwise([*starts, len(rows)])
    cards = [[pair for pairs in rows[start:end] for pair in pairs] for start, end in bounds]
    if len(cards) == 1:
        cards = [[pair for pairs in rows for pair in pairs]]
    return cards if cards and all(_is_card(sheet, card) for card in cards) else []


def _may_begin(sheet: Sheet) -> bool:
    """Whether all pairs that could name a unit do, as those of cards must: of a long sheet hardly any row is looked at, and
    most often it is the header of a table (学校名称 | 办学类型)."""
    height = min(sheet.height, _MOST_ROWS)
    heads: set[int] = set()
    for column in (sheet.column(col) for col in range(sheet.left, sheet.right + 1)):
        if column.codes is not None:
            codes = column.codes[:height]
            named = [c for c in np.unique(codes).tolist() if c >= 0 and _is_name_head(column.values[c])]
            heads.update(np.flatnonzero(np.isin(codes, named)).tolist())
    for first in (0, 1):
        named = [pair for row in heads for pair in row_pairs(sheet, row, first) if _NAME.fullmatch(pair[0])]
        if named and all(_names_a_unit(sheet, pair) for pair in named):
            return True
    return False


def _names_a_unit(sheet: Sheet, pair: Pair) -> bool:
    """Whether the value of a pair is the name of a unit and no header (机构名称 | 所属乡镇)."""
    value = compact(sheet.raw(*pair[2]))
    if is_place_head(words.label_key(value)):
        return False
    return bool(re.search(r"(?:学|园|校|中|小|所|点|站|局|镇|乡)$", value)) and not _OTHER.fullmatch(value)


def _is_name_head(value: object) -> bool:
    hinted = isinstance(value, str) and any(char in value for char in "名称检")
    return hinted and bool(_NAME.fullmatch(words.label_key(str(value)).rstrip(":")))


def find_summary(sheet: Sheet, vocabulary: Vocabulary) -> list[Pair]:
    """The pairs of a sheet that holds no table, only labels with their values (查验小结): three known ones at least."""
    pairs = [pair for row in _pairs_of(sheet) for pair in row]
    known = [pair for pair in pairs if _states_value(sheet, pair, vocabulary)]
    if len(known) < 3:
        return []
    first, last = known[0][1][0], known[-1][1][0]
    return [pair for pair in pairs if first <= pair[1][0] <= last + _TAIL]


def find_tail(table: Table, vocabulary: Vocabulary) -> tuple[Table, list[Pair], str]:
    """The table without the labels with values that stand below it after a blank line or a caption (公办占比 | 56.4%), those
    pairs, and the caption; no pairs where anything else stands there."""
    sheet, rows = table.sheet, list(table.body)
    while rows and _is_lone(sheet, rows[-1]):
        rows.pop()  # who signed
    tail: list[int] = []
    while len(rows) > 1 and is_row_of_pairs(sheet, rows[-1]):
        tail.insert(0, rows.pop())
    headed = bool(tail) and rows[-1] >= tail[0] - 2 and _is_lone(sheet, rows[-1])
    while tail and not headed and sheet.first(tail[0] - 1) is not None:
        tail.pop(0)
    pairs = [pair for row in tail for pair in row_pairs(sheet, row)]
    known = sum(_states_value(sheet, pair, vocabulary) for pair in pairs)
    wide = sum(1 for path in table.paths if path) > 4
    if not wide or not pairs or known * 3 < len(pairs) * 2:
        return table, [], ""
    taken = {*tail, rows[-1]} if headed else set(tail)
    caption = str(sheet.first(rows[-1])) if headed else ""
    return replace(table, body=tuple(row for row in table.body if row not in taken)), pairs, caption


def _is_lone(sheet: Sheet, row: int) -> bool:
    own = sheet.own(row)
    return len(own) == 1 and isinstance(own[0][1], str) and read_cell(own[0][1]).kind is Kind.TEXT


def is_row_of_pairs(sheet: Sheet, row: int) -> bool:
    """Whether a row is labels with a value behind each."""
    own = sheet.own(row)
    return bool(own) and len(own) % 2 == 0 and all(read_cell(v).kind is Kind.TEXT for _, v in own[::2])


def _states_value(sheet: Sheet, pair: Pair, vocabulary: Vocabulary) -> bool:
    _, at, spot = pair
    label = read_label((str(sheet.raw(*at)),), vocabulary, "")
    return bool(label.indicator and not label.rest and read_cell(sheet.raw(*spot)).kind is Kind.NUMBER)


def summary_class(sheet: Sheet, lines: Sequence[str]) -> str:
    """The single class that a sheet is about, by its title lines or its name; empty when it is about more."""
    named = (found[1] for line in lines if (found := _CLASS_LINE.search(compact(line))))
    own = compact(sheet.grid.sheet)
    return next(named, own if _CLASS_NAME.fullmatch(own) else "")


def _is_card(sheet: Sheet, pairs: Sequence[Pair]) -> bool:
    named = [p for p in pairs if _NAME.fullmatch(p[0])]
    if len(named) != 1 or len(pairs) < 3:
        return False
    _, (row, col), _ = named[0]
    identity = sum(bool(_CODE.fullmatch(p[0]) or _TYPE.fullmatch(p[0]) or _OTHER.fullmatch(p[0])) for p in pairs)
    below = compact(sheet.raw(row + 1, col))
    return _names_a_unit(sheet, named[0]) and bool(identity or below)


def row_of_items(sheet: Sheet, cards: Sequence[Sequence[Pair]]) -> int | None:
    """The row below the pairs of the only card of a sheet in which a table of its unit begins (项目 | 小学部 | 初中部 | 合计)."""
    if len(cards) != 1:
        return None
    rows = range(cards[0][0][1][0] + 1, min(sheet.height, _MOST_ROWS))
    return next((row for row in rows if _heads_items(sheet, row)), None)


def _heads_items(sheet: Sheet, row: int) -> bool:
    texts = [words.label_key(value) for _, value in sheet.own(row) if isinstance(value, str)]
    if len(texts) < 3 or len(texts) < len(sheet.own(row)) or not is_item_head(texts[0]) or any(map(pair_role, texts)):
        return False
    numbers = [sum(read_cell(v).kind is Kind.NUMBER for _, v in sheet.own(row + below)) for below in (1, 2)]
    return min(numbers) > 1


def _pairs_of(sheet: Sheet) -> list[list[Pair]]:
    """The pairs of every row."""
    first = 1 if _has_sections(sheet) else 0
    height = min(sheet.height, _MOST_ROWS)
    inside = rows_of_grades(sheet, height)
    return [inside[row] if row in inside else list(row_pairs(sheet, row, first)) for row in range(height)]


def _has_sections(sheet: Sheet) -> bool:
    """Whether the first column names the sections of a card (基本信息 | 单位名称 | 长宁街小学): a label too many in its rows."""
    begun, gone_on = [], 0
    for row in range(min(sheet.height, _MOST_ROWS)):
        own = sheet.own(row)
        if len(own) > 2 and own[0][0] == 0:
            names = [value for _, value in own[1::2]]
            begun.append(len(own) % 2 and all(isinstance(v, str) and read_cell(v).kind is Kind.TEXT for v in names))
        gone_on += len(own) > 1 and own[0][0] == 1
    return len(begun) > 1 and gone_on > 0 and sum(begun) * 2 > len(begun)


def row_pairs(sheet: Sheet, row: int, first: int = 0) -> Iterator[Pair]:
    """The pairs of a row, from the column `first` on."""
    own = [one for one in sheet.own(row) if one[0] >= first]
    n = 0
    while n < len(own):
        col, label = own[n]
        blank = _left_blank(sheet, row, own[n:], n > 0)
        is_label = isinstance(label, str) and read_cell(label).kind is Kind.TEXT and not _is_title(label)
        if is_label and (blank or n + 1 < len(own)):
            yield words.label_key(str(label)).rstrip(":"), (row, col), (row, col + 1 if blank else own[n + 1][0])
        n += 2 if is_label and not blank else 1


def _left_blank(sheet: Sheet, row: int, own: Sequence[tuple[int, object]], after: bool) -> bool:
    """Whether the cell beside the first label is one that nobody filled in: then the next text is another label, with its
    value at its side, and both stand below or above labels; or it is the last label of the row, `after` others."""
    col = own[0][0]
    if sheet.origin(row, col + 1) != (row, col + 1) or sheet.raw(row, col + 1) is not None:
        return False
    labels = {place for near in (row - 1, row + 1) if near >= 0 for place, _ in sheet.own(near)[::2]}
    if len(own) == 1:
        return after and col in labels
    (next_col, text), *more = own[1:]
    beside = next_col == col + 2 and bool(more) and more[0][0] == next_col + 1
    return beside and isinstance(text, str) and {col, next_col} <= labels


def _is_title(text: str) -> bool:
    """Whether a cell beside another is no label but says all by itself: 2025—2026学年, 填报单位:实验小学."""
    return bool(_SAYS_ALL.fullmatch(compact(text)))


def pair_role(key: str) -> LineRole | None:
    """What a pair that describes the unit is for; None for a pair of values."""
    for pattern, role in (
        (_NAME, LineRole.PLACE),
        (_CODE, LineRole.CODE),
        (_PERIOD, LineRole.PERIOD),
        (_DATE, LineRole.PERIOD),
    ):
        if pattern.fullmatch(key):
            return role
    return LineRole.REMARK if _TYPE.fullmatch(key) or _OTHER.fullmatch(key) else None


def pair_labels(sheet: Sheet, pairs: Sequence[Pair], topic: str, vocabulary: Vocabulary) -> list[Label]:
    """What the label of every pair says; 其中:女童 after 在园幼儿数 is a part of that, and so are the
    grades after 在校生数 and what stands behind a part as another of its kind (其中:小学部 | 初中部)."""
    found: list[Label] = []
    whole, of_pupils, kind = "", False, None
    for key, at, spot in pairs:
        text = str(sheet.raw(*at))
        label = read_label((text,), vocabulary, topic)
        if label.indicator and not label.rest:
            whole, of_pupils, kind = text, label.indicator == "enrollment", None
        elif whole and (words.is_part_of(text) or (of_pupils and _is_group(label)) or _is_of_kind(label, kind)):
            part = read_label((whole, text), vocabulary, topic)
            kind = label.dims.keys() if words.is_part_of(text) else kind
            label = part if part.indicator and not part.rest else label
        else:
            kind = None
        found.append(label if pair_role(key) else guessed(label, (text,), (sheet.raw(*spot),), vocabulary))
    return found


def _is_of_kind(label: Label, kind: Collection[str] | None) -> bool:
    """Whether a label is nothing but a group of the kind that parts are being listed by."""
    bare = not (label.known or label.rest or label.ignored)
    return bool(bare and kind and label.dims.keys() == kind)


def _is_group(label: Label) -> bool:
    """Whether a label is nothing but a grade or a sex: 七年级, 女生."""
    key = words.SEX_WORDS.get(words.label_key(label.text))
    return key is not None or (
        not label.known and not label.rest and not label.ignored and label.dims.keys() == {"grade"}
    )


def read_pairs(
    sheet: Sheet, pairs: Sequence[Pair], labels: Sequence[Label], frame: Frame, code: str | None, vocabulary: Vocabulary
) -> Output:
    """The facts of a sheet of pairs: one school, one period. `frame` and `code` are those of `pair_identity`."""
    out = Output()
    for (_, _, spot), label in zip(pairs, labels, strict=True):
        cell = _cell(sheet.raw(*spot))
        if not label.known or label.rest or label.ignored:
            continue
        if not label.indicator:
            out.facts += [_fact(frame, code, label, spot, cell, vocabulary)] if cell.kind is Kind.NUMBER else []
            continue
        if not _is_kept_by(label, vocabulary):
            out.rejected += [reject(sheet, *spot, "out_of_domain", cell.text, label.indicator)]
            continue
        grade = grade_in(cell.text) if label.indicator == "canteen_graded_count" and cell.kind is Kind.TEXT else ""
        if grade:
            label, cell = replace(label, dims={**label.dims, "grade_abc": grade}), _as_many(sheet, pairs, labels, cell)
        if cell.kind is Kind.NUMBER or cell.kind is Kind.STATUS:
            out.facts.append(_fact(frame, code, label, spot, cell, vocabulary))
        elif cell.kind is not Kind.BLANK:
            address = sheet.grid.address(*spot)
            sentence = f"单元格{address}({label.text})写的是“{cell.text}”,不是数字,没有取数。请改填数字。"
            out.issues.append(issue(sheet, *spot, "unreadable_number", Severity.CONFIRM, sentence, cell.text))
    return out


def _is_kept_by(label: Label, vocabulary: Vocabulary) -> bool:
    """Whether the indicator of a label is kept by the groups that it names; else it counts some of them only."""
    return label.dims.keys() <= {*vocabulary.dims[label.indicator or ""], *_TELL_NOTHING}


def _as_many(sheet: Sheet, pairs: Sequence[Pair], labels: Sequence[Label], cell: CellValue) -> CellValue:
    """A grade stands for all canteens that the card names, else for one."""
    held = (
        _cell(sheet.raw(*pair[2])) for pair, label in zip(pairs, labels, strict=True) if label.indicator == "canteens"
    )
    number = next((one.number for one in held if one.number is not None and one.number > 0), Decimal(1))
    return replace(cell, kind=Kind.NUMBER, number=number)


def _cell(value: object) -> CellValue:
    """有(1个,B级) and 1个(B级) count one."""
    found = _COUNTED.fullmatch(compact(value))
    cell = read_cell(value)
    return replace(read_cell(found[1] or found[2]), text=cell.text) if found and cell.kind is Kind.TEXT else cell


def pair_identity(sheet: Sheet, pairs: Sequence[Pair], frame: Frame) -> tuple[Frame, str | None]:
    """The frame of a sheet of pairs, whose school, period and level are pairs too; and the school's code."""
    code: str | None = None
    dated: str | None = None  # the day of filling in, which counts only where no period is stated
    for key, _, spot in pairs:
        value = sheet.raw(*spot)
        if _NAME.fullmatch(key):
            frame = replace(frame, issuer=compact(value), issuer_redacted=False)
        elif _CODE.fullmatch(key) and compact(value).isdigit():
            code = compact(value)
        elif _PERIOD.fullmatch(key):
            stated = find_period(value) if frame.period is None else None
            frame = replace(frame, period=stated, period_from="stated") if stated else frame
        elif _DATE.fullmatch(key):
            dated = dated or find_period(value)
        elif _TYPE.fullmatch(key) and len(levels := words.levels_in(compact(value))) == 1:
            frame = replace(frame, level=levels[0], level_is_wide=False)
    return (replace(frame, period=dated, period_from="date") if dated and frame.period is None else frame), code


def _fact(frame: Frame, code: str | None, label: Label, spot: Spot, cell: CellValue, vocabulary: Vocabulary) -> Fact:
    allowed = vocabulary.dims.get(label.indicator or "", frozenset())  # none of a part, which only a rate is made of
    dims = {name: value for name, value in label.dims.items() if name in allowed}
    own = words.level_of_name(frame.issuer)
    level = own if own and frame.level_is_wide else frame.level or own
    if "level" in allowed and "level" not in dims and level:
        dims["level"] = level
    dims = with_basis(dims, allowed, label.unit or cell.unit, frame)
    since = of_leavers(frame.period, label)
    return Fact(
        *spot, cell, label.indicator, label.part, dims, label.unit or frame.unit, told_by_label(since, label), frame.issuer,
        code, False, min(label.confidence, 0.95), line=("pairs",), series=spot,
    )  # fmt: skip


def card_score(sheet: Sheet, frame: Frame) -> Output | None:
    """The score of an evaluation sheet that begins with the facts of the school (学校名称 | 文昌小学 | 学校类别 | 小学)."""
    for row in range(min(sheet.height, _MOST_ROWS)):
        keys = [words.label_key(compact(sheet.raw(row, c))) for c in range(sheet.width)]
        if any(map(_FULL_MARK.fullmatch, keys)) and any(map(_MARK.fullmatch, keys)):
            paths = tuple((key,) if key else () for key in keys)
            return read_score(Table(sheet, (), (row,), paths, tuple(range(row + 1, sheet.height))), frame)
    return None


def read_score(table: Table, frame: Frame) -> Output | None:
    """The score of a school's evaluation sheet: the total of the marks given, out of the total of full marks."""
    keys = [words.label_key(path[-1]) if path else "" for path in table.paths]
    full = next((c for c, key in enumerate(keys) if _FULL_MARK.fullmatch(key)), None)
    mark = next((c for c, key in enumerate(keys) if _MARK.fullmatch(key)), None)
    if full is None or mark is None:
        return None
    firsts = ((r, compact(table.sheet.first(r))) for r in reversed(table.body))
    total = next((r for r, text in firsts if words.is_total(text) or _TOTAL_MARK.fullmatch(text)), None)
    if total is None:
        return None
    given, out_of = read_cell(table.sheet.raw(total, mark)), read_cell(table.sheet.raw(total, full))
    if given.kind is not Kind.NUMBER or out_of.kind is not Kind.NUMBER:
        return None
    level = frame.level or words.level_of_name(frame.issuer)
    dims = {"level": level} if level else {}
    shared = (frame.period, frame.issuer, None, False, 0.9, ("score",))
    score = Fact(total, mark, given, "hygiene_score", None, dims, "分", *shared, series=("score",))
    score.denominator = Fact(total, full, out_of, None, "full_mark", {}, "分", *shared, series=("full",))
    score.numerator = score
    return Output(facts=[score])
