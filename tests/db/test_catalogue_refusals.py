"""A mistake in a yml file is refused with the file, the path of the mistake and a Chinese sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.catalogue import CatalogueError, load_catalogue

FILES = {
    "indicators/dropout.yml": """\
domain: dropout
templates:
  count: &count {unit: person, dims: [level], levels: [PRI, CE], default_level: CE, aggregation: stock, direction: lower}
indicators:
  - <<: *count
    code: leavers
    name_zh: 离校人数
    name_en: Leavers
    definition_zh: 离校的人数。
    definition_en: Pupils who left.
    synonyms: [离校生]
    source: G
  - <<: *count
    code: pupils
    name_zh: 学生数
    name_en: Pupils
    definition_zh: 学生的人数。
    definition_en: Pupils.
    synonyms: [学生, 在校学生]
    source: G
""",
    "indicators/other.yml": """\
domain: context
indicators:
  - code: leaving_rate
    name_zh: 离校率
    name_en: Leaving rate
    unit: percent
    dims: [level, vaccine]
    definition_zh: 离校人数占学生数的百分比。
    definition_en: Leavers over pupils.
    numerator: leavers
    denominator: pupils
    numerator_zh: 离校人数
    denominator_zh: 学生数
    multiplier: 100
    levels: [PRI, CE]
    default_level: CE
    direction: lower
    aggregation: ratio
    plausible: [0, 5]
    bounds: [0, 100]
    synonyms: [流出率]
    source: G
""",
    "targets.yml": """\
targets:
  - {indicator: leaving_rate, comparator: "<=", value: 2, applies_to: county, valid_from: 2020-01-01, valid_to: 2024-01-01, source: G}
  - {indicator: leaving_rate, comparator: "<=", value: 1, applies_to: county, valid_from: 2024-01-01, source: G, note_zh: 新标准}
  - {indicator: leaving_rate, dims: {vaccine: MMR}, comparator: "<=", value: 1, applies_to: city, valid_from: 2024-01-01, source: G}
""",
    "vaccines.yml": """\
vaccines:
  - {code: MMR, name_zh: 麻腮风疫苗, name_en: MMR, spellings: [麻腮风, 麻疹], immunisation_programme: true}
  - {code: DT, name_zh: 白破疫苗, name_en: DT, spellings: [白破], immunisation_programme: true}
""",
    "rules.yml": """\
quantities:
  - {code: absent, name_zh: 缺席人数}
rules:
  - code: B09
    name_zh: 其中项不大于总数
    name_en: part larger than the whole
    severity: block
    scope: row
    sentence: "{less}大于{more}。"
    checks:
      - {kind: at_most, pairs: [{less: leavers, more: pupils}], subdivisions: [sex]}
  - code: B32
    name_zh: 口径
    name_en: base
    severity: confirm
    scope: table
    sentence: "{text}在{cell}。"
    checks:
      - {kind: wording, patterns: [户籍]}
""",
    "findings.yml": """\
finding_categories:
  - {code: tables, name_zh: 桌椅, name_en: Tables, indicator: pupils, words: [课桌, 课椅]}
  - {code: water, name_zh: 饮水, name_en: Water, indicator: leavers, words: [水箱]}
""",
    "forms.yml": """\
words:
  school_code: 代码
  town_code: 区划代码
  school: 学校
  town: 乡镇
  total: 合计
  issuer: 填报单位
  filed: 填报日期
  measure_unit: 单位
  note: 注
  serial: 序号
  signature: "审核人:"
  stages: {KG: 幼儿园, PRI: 小学, JUN: 初中, SEN: 高中, VOC: 中职, SPE: 特教}
  blank_rows: 5
  lists: 可选项
  day: 填日期
  guide: 填表说明
  last: 上年数
  not_read: 不作上报
  not_applicable: 不适用
  whole: 填整数
  within: 不能大于{whole}
  or_not_applicable: 或不适用
  guide_lines: [填数]
forms:
  - code: leaving
    name_zh: 离校情况表
    name_en: Leaving
    domain: dropout
    title: "{unit}{period}{stage}离校情况表"
    unit_zh: 人、%
    period: school_year
    stages: [PRI, JUN]
    due: {after: start, day: 20, source: P}
    source: P
    columns:
      - {key: pupils, path: [学生数], measure: pupils}
      - {key: left, path: [离校人数], measure: leavers, dims: {level: PRI}, within: pupils}
      - {key: rate, path: [离校率], measure: leaving_rate, rate: {of: left, per: [pupils]}}
      - {key: young, path: [低年级], stages: [PRI], within: pupils}
""",
}
DROPOUT, OTHER, TARGETS, VACCINES, RULES, FINDINGS, FORMS = FILES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "indicators").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} does not stand in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_small_catalogue_is_sound(folder: Path) -> None:
    catalogue = load_catalogue(folder)
    assert [indicator.code for indicator in catalogue.indicators] == ["leavers", "pupils", "leaving_rate"]
    assert catalogue.indicator("leavers").domain == "dropout"
    assert catalogue.spellings() == [
        ("在校学生", "pupils", False), ("离校人数", "leavers", False), ("学生数", "pupils", False),
        ("流出率", "leaving_rate", False), ("离校率", "leaving_rate", False), ("离校生", "leavers", False),
        ("学生", "pupils", False),
    ]  # fmt: skip


FIELDS = [
    (DROPOUT, "aggregation: stock", "aggregation: mean",
     "indicators.0.aggregation: 不能是 mean,只能是 ratio, flow, stock, none"),
    (DROPOUT, "code: leavers", "code: Leavers",
     "indicators.0.code: 只能用小写字母、数字和下划线,以字母开头,现为 'Leavers'"),
    (DROPOUT, "    name_en: Pupils\n", "", "indicators.1.name_en: 缺少这一项"),
    (DROPOUT, "synonyms: [离校生]", "synonym: [离校生]",
     "indicators.0.synonym: 没有这一项,多半是名称写错了,现为 ['离校生']"),
    (DROPOUT, "synonyms: [离校生]", "synonyms: [2026]",
     "indicators.0.synonyms.0: 应为文字;编码和数字请加引号,现为 2026"),
    (DROPOUT, "domain: dropout", "domain: dropouts",
     "indicators.0.domain: 不能是 dropouts,只能是 enrollment, dropout, vaccination, hygiene, context"),
    (DROPOUT, "    source: G\n", "    source: G\n    decimals: 0.5\n", "indicators.0.decimals: 应为整数,现为 0.5"),
    (OTHER, "bounds: [0, 100]", "bounds: [0, 很多]", "indicators.0.bounds.1: 应为数字,现为 '很多'"),
    (OTHER, "bounds: [0, 100]", "bounds: [0]", "indicators.0.bounds.1: 缺少这一项"),
    (TARGETS, "valid_to: 2024-01-01", "valid_to: 前年",
     "targets.0.valid_to: 应为日期,写成 2026-09-01,现为 '前年'"),
    (TARGETS, "note_zh: 新标准", "note_zh: 新标准,待核",
     "targets.1.待核: 没有这一项;若是一句话里的逗号或冒号,请给整句加引号"),
    (TARGETS, "dims: {vaccine: MMR}", "dims: MMR", "targets.2.dims: 应为键值,写成 {level: KG},现为 'MMR'"),
    (VACCINES, "immunisation_programme: true", "immunisation_programme: 是的",
     "vaccines.0.immunisation_programme: 应为 true 或 false,现为 '是的'"),
    (VACCINES, "spellings: [白破]", "spellings: 白破", "vaccines.1.spellings: 应为列表,写成 [甲, 乙],现为 '白破'"),
]  # fmt: skip

SHAPES = [
    (OTHER, "    unit: percent\n", "    unit: percent\n    unit: ratio\n", "第7行第5列: 键 unit 重复出现"),
    (OTHER, "synonyms: [流出率]", "synonyms: [0102]",
     '第21行第16列: 以0开头的编码 0102 要加引号,写成 "0102"'),
    (OTHER, "domain: context", "domain: context\nowner: me", "owner: 没有这一项,只能有 domain、indicators、templates"),
    (OTHER, "    unit: percent\n", "    unit: percent\n    domain: context\n",
     "indicators.0.domain: 已写在文件开头的 domain,这里不要再写"),
    (VACCINES, "vaccines:", "vaccine:", "vaccine: 没有这一项,只能有 vaccines"),
]  # fmt: skip

BETWEEN = [
    (DROPOUT, "code: pupils", "code: leavers",
     "indicators.1.code: 代码 leavers 已用于 indicators/dropout.yml 的 indicators.0"),
    (DROPOUT, "dims: [level]", "dims: [grades]",
     "indicators.0.dims.0: 没有维度 grades,只能是 level、vaccine、dose、sex、area、stage、basis、sponsor、placement、"
     "session、grade、grade_abc、object、disease、category"),
    (DROPOUT, "dims: [level]", "dims: [level], named: [{basis: dose, name_zh: 离校剂次, name_en: Doses}]",
     "indicators.0.named: 按人、按剂次分别命名的,dims 须含 basis"),
    (DROPOUT, "dims: [level]", "dims: [level], basis: dose", "indicators.0.basis: basis 由数据给出,目录里不写"),
    (DROPOUT, "default_level: CE, ", "", "indicators.0.default_level: dims 含 level,须写明默认学段"),
    (DROPOUT, "default_level: CE", "default_level: KG", "indicators.0.default_level: 默认学段 KG 不在 levels 之内"),
    (DROPOUT, "synonyms: [离校生]", 'synonyms: [离校生, " "]', "indicators.0.synonyms.1: 不能是空的写法"),
    (DROPOUT, "synonyms: [离校生]", "synonyms: [离校生, 离校生]", "indicators.0.synonyms.1: “离校生”在本指标中写了两遍"),
    (DROPOUT, "synonyms: [离校生]", "sheet_synonyms: [在校 学生]",
     "indicators.1.synonyms.1: “在校学生”已是 leavers 的写法,单位相同,无法区分"),
    (DROPOUT, "synonyms: [离校生]", "synonyms: [学生数]",
     "indicators.0.synonyms.0: “学生数”已是 pupils 的写法,单位相同,无法区分"),
    (OTHER, "numerator: leavers", "numerator: leaver", "indicators.0.numerator: 没有代码为 leaver 的指标"),
    (OTHER, "denominator: pupils", "denominator: leaving_rate",
     "indicators.0.denominator: leaving_rate 不是计数,不能作分子或分母"),
    (OTHER, "    denominator: pupils\n", "", "indicators.0.denominator: 分子、分母的代码要同时给出,或都不给"),
    (OTHER, "    denominator_zh: 学生数\n", "", "indicators.0.denominator_zh: 比率须用文字写明分子和分母"),
    (OTHER, "multiplier: 100", "multiplier: 1", "indicators.0.multiplier: 百分比的 multiplier 应为 100,现为 1"),
    (OTHER, "plausible: [0, 5]", "plausible: [5, 0]", "indicators.0.plausible: 下限 5 应小于上限 0"),
    (OTHER, "plausible: [0, 5]", "plausible: [0, 120]", "indicators.0.plausible: 合理范围 0—120 超出了 bounds"),
    (OTHER, "bounds: [0, 100]", "bounds: [100, 0]", "indicators.0.bounds: 下限 100 应小于上限 0"),
    (TARGETS, "indicator: leaving_rate", "indicator: leaving", "targets.0.indicator: 没有代码为 leaving 的指标"),
    (TARGETS, "dims: {vaccine: MMR}", "dims: {sex: F}", "targets.2.dims.sex: leaving_rate 没有维度 sex"),
    (TARGETS, "dims: {vaccine: MMR}", "dims: {level: VOC}", "targets.2.dims.level: leaving_rate 的 level 不能是 VOC"),
    (TARGETS, "dims: {vaccine: MMR}", "dims: {vaccine: 麻疹}",
     "targets.2.dims.vaccine: leaving_rate 的 vaccine 不能是 麻疹"),
    (TARGETS, "value: 2", "value: 200", "targets.0.value: 目标值 200 超出 leaving_rate 的上下限"),
    (TARGETS, "valid_to: 2024-01-01", "valid_to: 2019-01-01",
     "targets.0.valid_to: 终止日 2019-01-01 应晚于起始日 2020-01-01"),
    (TARGETS, "valid_to: 2024-01-01", "valid_to: 2024-01-02",
     "targets.1.valid_from: 与 targets.0 的有效期重叠,请先给旧目标写 valid_to"),
    (VACCINES, "code: DT,", "code: MMR,", "vaccines.1.code: 代码 MMR 已用于 vaccines.yml 的 vaccines.0"),
    (VACCINES, "spellings: [白破]", "spellings: [麻疹]", "vaccines.1.spellings.0: “麻疹”已是 MMR 的写法"),
    (FINDINGS, "code: water,", "code: tables,", "finding_categories.1.code: 代码 tables 已用于 findings.yml 的 finding_categories.0"),
    (FINDINGS, "indicator: leavers", "indicator: leaver", "finding_categories.1.indicator: 没有代码为 leaver 的指标"),
    (FINDINGS, "[水箱]", "[课椅]", "finding_categories.1.words.0: “课椅”已是 tables 的说法"),
]  # fmt: skip


OF_RULES = [
    (RULES, "code: absent", "code: leavers", "quantities.0.code: 代码 leavers 已经用过"),
    (RULES, "code: B32", "code: B09", "rules.1.code: 规则 B09 写了两遍"),
    (RULES, "code: B32", "code: b32", "rules.1.code: 只能用小写字母、数字和下划线,以字母开头,现为 'b32'"),
    (RULES, "severity: block", "severity: error", "rules.0.severity: 不能是 error,只能是 block, confirm, note"),
    (RULES, "more: pupils", "more: pupil", "rules.0.checks.0: 没有代码为 pupil 的指标或核对项"),
    (RULES, "subdivisions: [sex]", "subdivisions: [age]",
     "rules.0.checks.0: 没有维度 age,只能是 level、vaccine、dose、sex、area、stage、basis、sponsor、placement、"
     "session、grade、grade_abc、object、disease、category"),
    (RULES, "{less}大于{more}。", "{less}大于{whole}。",
     "rules.0.sentence: 这类核对不能填 whole,只能用 cell、difference、less、less_value、more、more_value、unit"),
    (RULES, "{less}大于{more}。", "{less大于{more}。", "rules.0.sentence: 花括号不成对"),
    (RULES, "patterns: [户籍]", 'patterns: ["("]', "rules.1.checks.0: “(”不是合法的正则表达式"),
    (RULES, "kind: wording, ", "kind: wording, limit: 3, ",
     "rules.1.checks.0.wording.limit: 没有这一项,多半是名称写错了,现为 3"),
]  # fmt: skip


OF_FORMS = [
    (FORMS, "  total: 合计\n", "", "words.total: 缺少这一项"),
    (FORMS, "{period}{stage}", "{period}{level}", "forms.0.title: 不能填 level,只能用 period、stage、unit"),
    (FORMS, "{unit}{period}", "{unit{period}", "forms.0.title: 花括号不成对"),
    (FORMS, "    period: school_year\n", "    period: school_year\n    term: 1\n", "forms.0.term: 只有按学期报的表才写 term"),
    (FORMS, "measure: leavers", "measure: leaver", "forms.0.columns.1.measure: 没有代码为 leaver 的指标或核对项"),
    (FORMS, "dims: {level: PRI}", "dims: {sex: F}", "forms.0.columns.1.dims.sex: leavers 没有维度 sex"),
    (FORMS, "key: young", "key: left", "forms.0.columns.3.key: 列 left 写了两遍"),
    (FORMS, "stages: [PRI], within", "stages: [SEN], within", "forms.0.columns.3.stages: SEN 不在本表的 stages 之内"),
    (FORMS, "within: pupils}", "within: pupil}", "forms.0.columns.1: 没有键为 pupil 的列"),
    (FORMS, "within: pupils}\n      - {key: rate", "within: young}\n      - {key: rate",
     "forms.0.columns.1: JUN 的表用到列 young,却没有这一列"),
    (FORMS, "    stages: [PRI, JUN]\n", "    stages: [PRI, JUN]\n    layout: ledger\n",
     "forms.0.columns.0.kind: 台账的列只能是 choice、text、date,不写 measure"),
    (FORMS, "path: [低年级]", "path: [学生数]", "forms.0.columns.3.path: PRI 的表有两列的表头都是 学生数"),
    (FORMS, "rate: {of: left, per: [pupils]}", "kind: count", "forms.0.columns.2.rate: 百分比由分子、分母两列算出,其他列不写 rate"),
    (FORMS, "measure: pupils}", "measure: pupils, kind: choice}", "forms.0.columns.0.choices: kind 为 choice 时才写、也必须写 choices"),
    (FORMS, "due: {after: start, day: 20, source: P}", "due: {after: start, day: 40, source: P}",
     "forms.0.due.day: 不能大于 31,现为 40"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message"), [*FIELDS, *SHAPES, *BETWEEN, *OF_RULES, *OF_FORMS])
def test_a_mistake_is_refused_with_its_place(folder: Path, file: str, old: str, new: str, message: str) -> None:
    change(folder, file, old, new)
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(folder)
    assert str(refused.value) == f"{file}: {message}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "缺少这个文件"),
        (b"targets: []\n", "targets: 应为列表,且不能为空"),
        (b"- a\n", "最外层应为键值,含 targets"),
        (b"targets: [a]\n", "targets.0: 应为键值,例如 code: dropout_rate"),
        (b"targets: [a\n", "第2行第1列: 不是合法的YAML"),
        ("targets: 目标".encode("gb18030"), "不是UTF-8编码,请另存为UTF-8"),
    ],
)
def test_a_file_of_another_shape_is_refused(folder: Path, content: bytes | None, message: str) -> None:
    if content is None:
        (folder / TARGETS).unlink()
    else:
        (folder / TARGETS).write_bytes(content)
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(folder)
    assert str(refused.value).startswith(f"{TARGETS}: {message}")


def test_a_folder_without_indicators_is_refused(folder: Path) -> None:
    for file in (folder / "indicators").iterdir():
        file.unlink()
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(folder)
    assert str(refused.value) == "indicators: 这个文件夹里没有yml文件"


def test_a_spelling_may_be_shared_when_the_unit_tells(folder: Path) -> None:
    change(folder, OTHER, "synonyms: [流出率]", "synonyms: [流出率, 离校生]")
    owners = {code for word, code, _ in load_catalogue(folder).spellings() if word == "离校生"}
    assert owners == {"leavers", "leaving_rate"}
