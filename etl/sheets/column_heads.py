"""What the heading of a column and the cells under it say that the column is for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.sheets import words
from etl.sheets.cells import Kind, compact, read_cell
from etl.sheets.column import Role
from etl.sheets.header import Table
from etl.sheets.labels import Label

_ENTITY = re.compile(
    r"(?:所属|所在|归属|隶属|受检|受查|参检|体检|监测|筛查|抽查|抽样|调查|检测|采样|供餐|接种|查验|实施|责任|申报|参加|就读|生源|被(?:检查?|抽[检查]|监督|督查|评价|考核)|参评)?(?:被?抽?检?(?:查|测)?单位|报告单位|填报单位|上报单位|学校|校|幼儿园|园所|园|机构|单位|乡镇|镇乡|镇|乡|街道|县市区|市县区|县区|区县|县|市|区|地区|"
    r"州|辖区|村|行政区划|学区|片区|中心校|苏木乡?镇?|苏木镇街道|嘎查村?|团场|旗县市?区?|盟市|接种门诊|接种点|接种单位|医疗机构|卫生院|部门|镇街|园|行标签|校点|监管所|单位学校|对象|(?:托幼|托育|保教|办学|教育)(?:机构|单位|园所)|中小学校?|[及和与或])+(?:名称|名|全称|村|街道|园|单位|学校)*"
)
_CODE = re.compile(r"(?:.*(?:标识码|机构代码|学校代码|单位代码|区划代码|统计代码|机构编码|学校编码))|代码|编码")
_PERIOD = re.compile(
    r"(?:学年度?|年度|年份|年)(?:学期|季度|月份?)|月份?|季度?|季[度别]|统计季度|报告季度|日期|检查日期|年份|年度|学年度?|学期|期间|时间|统计期|报告期|统计时间|期别|报告期别|数据期|月次|月别|月度|届次|统计周期|周期|周次|起止日期|起止时间"
)
_CLASS = re.compile(r"(?:所在|教学)?班级?(?:名称|别)?|年级[、和及]?班级")
_CLASS_NAMED = re.compile(
    r"(?:.{0,4}[年级小中大托初高一二三四五六七八九\d])?[(]?[一二三四五六七八九十\d]{1,3}[)]?班|[小中大托][一二三四五六七八九\d]班?"
)
_COHORT = re.compile(r"届别|届|级别|入学年级|年级届别|届别级别")
_ITEM = re.compile(
    r"统计量|统计值|统计口径|项目|指标|指标名称|内容|项目名称|统计项目|统计指标|监测指标|疫苗(?:名称|种类)?(?:及|和|与)?(?:剂次|针次)?|剂次|针次|性别|学段|年级|类别|学校类别|学校类型|"
    r"岗位(?:类别|名称)?|工种|职别|人员(?:类别|类型|岗位)|(?:按|分)?(?:机构|问题|隐患|单位|园所|人员|对象)?(?:类别|类型|种类|性质)|按?(?:学段|级别)|"
    r"办学类型|学校性质|城乡|城乡分类|举办者|办别|类型|分类|阶段|办学性质|项目内容|检查项目"
)
_SERIAL = re.compile(r"序号|编号|行次|行号|次序|no|序")
_KINDS_OF_AIM = frozenset(("预期性", "约束性", "指导性"))  # of the indicators of a plan
_UNIT = re.compile(r"(?:计量|计算|统计|数据|数量|指标)?单位")
_UNIT_VALUES = frozenset((
    "%", "‰", "人", "所", "个", "万人", "人次", "班", "人/班", "元", "校", "园", "名", "起", "例", "条", "项", "家", "户次",
    "剂", "剂次", "分", "间", "％", "/",
))  # fmt: skip
_LONG = 1000  # rows from which on a part of them tells what a column holds


def is_place_head(key: str) -> bool:
    """Whether a header (as label_key gives it) heads the names of places or units: 所属乡镇."""
    return bool(_ENTITY.fullmatch(key))


def is_item_head(key: str) -> bool:
    """Whether a header (as label_key gives it) heads what the rows are about: 项目, 年级."""
    return bool(_ITEM.fullmatch(key))


def is_class_head(key: str) -> bool:
    """Whether a header (as label_key gives it) heads the names of single classes."""
    return bool(_CLASS.fullmatch(key))


def values_of(table: Table, col: int) -> list[object]:
    """The non-blank values of a column; of a long table those of rows at equal steps, if there are any there."""
    rows = table.body
    if len(rows) > _LONG:
        some = rows[:: len(rows) // _LONG + 1]
        found = [v for r in some if (v := table.sheet.raw(r, col)) is not None and not _is_blank(v)]
        if found:
            return found
    return [v for r in rows if (v := table.sheet.raw(r, col)) is not None and not _is_blank(v)]


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def text_share(values: Sequence[object]) -> float:
    kinds = [read_cell(v).kind for v in values]
    return sum(kind in (Kind.TEXT, Kind.REDACTED) for kind in kinds) / len(kinds) if kinds else 0.0


def _some_numbers(values: Sequence[object]) -> bool:
    """Whether any value is a number, or could have been meant as one."""
    cells = [read_cell(value) for value in values]
    return any(cell.kind is Kind.NUMBER or cell.denominator or re.search(r"\d", cell.text) for cell in cells)


def role_of(table: Table, index: int, path: Sequence[str], label: Label) -> Role:
    values = values_of(table, index)
    if not values:
        return Role.BLANK
    key = words.label_key(path[-1]).lower() if path else ""
    texts = text_share(values)
    if _SERIAL.fullmatch(key):
        return Role.SERIAL
    if _CODE.fullmatch(key):
        return Role.CODE
    if _UNIT.fullmatch(key) and sum(compact(v) in _UNIT_VALUES for v in values) * 2 > len(values):
        return Role.UNIT
    if label.indicator and not label.rest and texts < 0.4 and len(path) > 1:
        return Role.VALUE
    if _COHORT.fullmatch(key):
        return Role.COHORT
    if _PERIOD.fullmatch(key):
        return Role.PERIOD
    if is_class_head(key):
        heads = [words.label_key(p[-1]) for p in table.paths if p]
        beside_grade, named = "年级" in heads, any(_ENTITY.fullmatch(head) for head in heads)
        if texts > 0.4 and (beside_grade or named):
            return Role.CLASS
        if named:
            return Role.CLASS if beside_grade else Role.VALUE
        single = [
            text for value in values if not words.is_total(text := compact(value)) and not words.is_whole_school(text)
        ]
        if sum(bool(_CLASS_NAMED.fullmatch(text)) for text in single) * 2 > len(single):
            return Role.CLASS
    if all(compact(value) in _KINDS_OF_AIM for value in values):
        return Role.TEXT
    if _ITEM.fullmatch(key) or _ITEM.fullmatch(re.sub(r"^.*[/\\]", "", key)):
        return Role.ITEM
    if _ENTITY.fullmatch(key) and texts > 0.4:
        return Role.ENTITY
    if label.ignored:
        return Role.IGNORED
    if label.known:
        return Role.VALUE if texts < 0.5 or _some_numbers(values) else Role.TEXT
    return Role.TEXT if texts > 0.6 else Role.VALUE
