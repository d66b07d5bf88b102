"""Spellings of the catalogue as they stand in running text, found by how a phrase ends or begins."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import compress, count, pairwise
from operator import add
from typing import NamedTuple

from db.catalogue import Catalogue

# Shared heads: 入学、巩固、毕业三率. The stem alone means the rate only in such a list or before a percentage.
STEMS: dict[str, str] = {
    "入园": "入园率", "入学": "入学率", "巩固": "巩固率", "毕业": "毕业率", "升学": "升学率", "辍学": "辍学率", "流失": "流失率",
    "接种": "接种率", "建卡": "建卡率", "建证": "建证率", "晨检": "晨检率", "午检": "午检率", "查验": "查验率", "补种": "补种率",
    "近视": "近视率", "龋齿": "龋齿率", "视力不良": "视力不良率", "肥胖": "肥胖率", "贫血": "贫血率", "留样": "留样率", "受检": "受检率", "体检": "体检率", "全程接种": "全程接种率",
    "漏种": "漏种率", "完成": "完成率", "保留": "保留率", "出勤": "出勤率",
}  # fmt: skip
STEMS_LONGEST_FIRST = tuple(sorted(STEMS, key=len, reverse=True))
# Words of reports that the catalogue leaves to sheets, or that hold only in prose; the code must be in the catalogue.
_PROSE: dict[str, tuple[str, ...]] = {
    "dropout_returned_count": ("辍学学生返校", "辍学学生复学", "失学儿童返校", "辅导复学", "劝返复学", "已劝返",),
    "attendance_rate": ("月平均出勤率",),
    "migrant_public_place_share": ("在公办学校的比例", "在公办学校就读的比例", "上公办学校的比例", "在公办学校就读比例"),
    "open_kitchen_coverage": ("明厨亮灶建成率", "透明厨房建成率",),
    "teacher_qualified_rate": ("学历合格率",),
    "food_handlers": ("厨师和帮工", "厨工和帮工", "帮工", "厨房工作人员", "厨房从业人员", "帮厨", "从业人员", "厨工", "厨师", "食堂员工"),
    "desk_chair_match_rate": ("课桌椅分配符合率", "课桌椅与身高匹配率", "课桌椅匹配率", "分配符合率", "与身高匹配率",),
    "food_sample_rate": ("留样合规率", "留样落实率", "留样执行率", "留样规范率", "留样合格率", "留样达标率", "留样符合率"),
    "classroom_lighting_rate": ("照度合格率", "照度达标率", "采光合格率", "采光达标率", "灯光合格率", "灯光达标率", "照明合格率", "照明达标率",),
    "enrollment": ("幼生", "实际就读", "已收幼儿", "收托幼儿", "收托儿童", "小学生", "初中生", "高中生", "小学学生", "初中学生", "高中学生", "普通高中学生", "普高学生", "中职学生", "在籍女生", "在校女生", "在读女生", "在籍男生", "在校男生", "在读男生", "在学学生", "在学", "在校中小学生还", "男孩", "女孩", "在册幼儿", "在册学生", "在校", "在园", "在读", "在籍", "在校中小学生", "在读学生", "在册", "在校学生共", "学员", "孩子", "娃娃"),
    "entrants": ("实际录取报到", "录取报到", "当年入园幼儿", "当年入园", "当年新入园幼儿", "入园幼儿", "迎来新生", "入园儿童", "入托儿童", "入园新生", "新生报到", "招收", "新招", "录取", "新录", "实际招收", "招收初一新生", "新入园", "新入学", "新入园儿童", "新入园幼儿", "新入托儿童"),
    "graduates": ("毕业", "毕业学员", "毕业离园", "离园幼儿", "离园"),
    "left_behind_children": ("留守", "留守娃", "留守娃娃", "留守孩子", "留守儿童在校", "留守儿童在园", "留守学生在校"),
    "migrant_children": ("务工人员的孩子", "务工人员孩子", "务工人员的娃", "务工人员的娃娃", "外来务工人员子女入学", "外来务工人员子女就读", "随迁子女入学", "随迁子女就读", "随迁子女在校", "随迁子女在读", "随迁子女在园", "务工人员子女在校"),
    "disabled_students": ("残疾孩子", "残疾娃", "各种形式的特殊教育在校生", "各种形式特殊教育在校生", "各种形式的特殊教育在校学生", "身心障碍学生", "身心障碍儿童", "随班就读残疾学生", "随班就读学生", "随班就读在校生", "送教上门学生", "送教上门在校生", "送教上门残疾学生", "残疾学生", "随班就读", "送教上门", "特校就读", "特殊学校就读", "特教学校就读", "特殊教育学校就读", "残疾儿童随班就读"),
    "canteen_grade_ab_share": ("A、B级合计占比", "A级、B级合计占比", "AB级合计占比", "A、B级占比", "B级以上食堂", "B级及以上食堂", "A、B级食堂", "AB级食堂", "A级和B级食堂"),
    "dropout_rate": ("中辍率", "中途辍学率"),
    "vaccination_coverage": ("服苗率",),
    "suspected_dropout_count": ("疑似辍学学生名单", "疑似失学学生名单", "疑似中辍学生", "疑似中辍", "疑似失辍学学生", "疑似失辍学", "通报疑似辍学", "疑似失学儿童少年", "疑似辍学儿童", "疑似辍学儿童少年", "疑似失学学生", "疑似失学辍学儿童", "疑似失学名单", "疑似辍学名单", "疑似失学", "疑似辍学"),
    "school_age_population": ("户籍适龄儿童少年", "适龄儿童少年", "周岁少年", "周岁幼儿", "适龄幼儿", "学龄幼儿", "周岁人口", "周岁适龄人口", "周岁儿童少年"),
    "classes": ("总班数", "编成", "班级总数", "总班级数", "教学班总数", "班级", "大、中、小班", "小、中、大班", "大中小班", "编班", "分班", "设班"),
    "boarders": ("寄宿", "住校", "住宿", "寄宿学生"),
    "resumed": ("复学",), "suspended": ("休学",), "transfer_out": ("转走", "转出", "转出幼儿", "转出学生", "转出儿童"), "transfer_in": ("转入", "转入幼儿", "转入学生", "转入儿童", "转学插班生", "插班生", "新转来", "转来"),
    "dropout_count": ("中辍生", "中辍学生", "尚辍", "尚辍学生", "实际失学", "确认失学", "学年内辍学", "实际辍学", "确认辍学", "流失"),
    "vac_missed_count": ("未全程接种者", "疫苗没打全", "没打全", "疫苗未种全", "漏种人员", "漏种人数", "查出漏种", "漏种", "无接种证记录漏种"),
    "staff": ("教工", "教职员", "在职教职员", "教职工"),
    "teachers": ("教师队伍", "专任老师", "在职教师", "专业教师", "任课老师"),
    "schools": ("高级中等学校", "高中", "初中", "小学", "完全小学", "村完小", "完小", "幼儿园", "九年一贯制", "十二年一贯制", "九年制学校", "九年制", "十二年制学校", "单设初中", "独立设置初中", "完全中学", "中学", "中职学校",
                "职业高中", "职高", "特校", "特殊教育学校", "附设园", "小学附设园", "企业办园", "单位办园", "公办中心园", "中心园",
                "民办幼儿园", "公益性幼儿园", "高级中学", "普通高中", "普高", "初级中学", "中等职业学校", "公办幼儿园", "县直幼儿园",
                "一贯制学校", "中小学校", "职业中专", "职中", "中专", "普通中学", "高完中", "农村小学", "民办学校", "民办初中", "民办小学", "城区学校", "农村学校", "村小", "村级小学", "中心小学", "独立初中", "独立高中", "村办园", "幼稚园"),
    "schools_new": ("新增公办幼儿园", "新增公益性幼儿园", "改建幼儿园", "改扩建幼儿园", "新增民办幼儿园", "新建农村幼儿园"),
    "schools_merged": ("撤并中小学", "撤并村小", "撤并", "撤销教学点", "撤并学校"),
    "canteens": ("自设厨房", "午餐自设厨房", "自办食堂", "自建厨房", "午餐厨房", "学校厨房", "餐厅", "学校餐厅", "学校食堂", "食堂", "幼儿园食堂", "校内食堂"),
    "canteen_graded_count": ("A级", "B级", "C级", "D级"),
    "hygiene_passed_count": ("合格", "达标"),
    "infectious_cases": ("手足口病", "疱疹性咽峡炎", "水痘", "流感", "流行性腮腺炎", "腮腺炎", "诺如病毒感染", "累计发病", "肺结核", "猩红热"),
    "boarder_share": ("寄宿率", "住校率", "寄宿比例", "住校比例", "寄宿生比例"), "vac_cert_check_due": ("应检查", "应验", "应检查预防接种记录", "应检查接种记录", "应检查预防接种证", "应检查接种证", "应该查", "该查", "应查验接种证", "应查验预防接种证", "应查"), "vac_cert_check_done": ("实际检查", "实检查", "实验", "实际查", "查验", "接种证补验", "补验接种证", "收验接种证", "收验预防接种证", "核验接种证", "已查验接种证", "实查", "接种证查验", "预防接种证查验"), "vac_cert_held": ("持有记录卡", "持有记录卡者", "持有接种记录卡", "有证", "持接种证", "持预防接种证", "持有接种证", "带接种证"), "vac_catchup_done": ("补接种", "补种剂次", "补种人次", "实补", "已补"), "vac_catchup_due": ("应补", "该补种", "该补", "应该补种", "需补种疫苗", "应补种疫苗", "需补种", "应补种"), "vaccination_due": ("应种", "应接种", "应服"), "vaccination_given": ("实种", "实接种", "实服", "疫苗接种"),
    "cluster_event_count": ("聚集事件", "聚集感染事件", "聚集感染"),
    "hygiene_score": ("卫生检查得分", "检查得分", "卫生评分"),
    "average_class_size": ("班均", "平均每班", "平均每个班", "平均一个班", "一个班平均", "每个班平均", "班级平均人数"),
    "dropout_return_due": ("应劝返", "需劝返", "须劝返", "待劝返", "需要劝返", "应劝返学生", "需劝返学生",),
    "hygiene_inspection_pass_rate": ("综合评价合格率", "检查合格率", "食堂合格率", "合格率"),
    "canteen_license_rate": ("持有效食品经营许可证率", "持食品经营许可证率", "许可持证率", "许可证持有率", "餐饮服务许可证持证率", "食品经营许可证持证率", "许可证持证率"),
    "net_enrollment_rate": ("入学率",),
    "food_trace_rate": ("索证索票齐全率", "索证索票规范率", "索证率"),
    "health_staff_rate": ("保健教师配备率", "校医配备率", "卫生专业人员配备率", "卫生人员配备率"),
    "transition_rate": ("升入高中阶段比例", "升入高中阶段的比例", "升入高中比例"),
    "caries_rate": ("龋齿患病率", "龋患率"),
    "low_vision_rate": ("视力低常率",),
    "vac_cert_held_rate": ("接种证持证率", "持卡率"),
    "preschool_experience_share": ("受过学前教育的比例", "接受过学前教育的比例", "受过学前教育的新生比例", "接受过学前教育的新生比例", "读过幼儿园的比例", "受过学前教育比例"),
    "vac_cert_check_rate": ("接种证检查率", "接种记录检查率"),
    "report_completeness_rate": ("报表完整率", "各类报表完整率"),
    "staff_cert_rate": ("持健康合格证上岗率", "健康合格证上岗率", "保教人员持健康合格证率", "保教人员持健康证率", "持健康合格证率"),
    "food_handler_cert_rate": ("从业人员持健康证率", "持健康证率"),
}  # fmt: skip
_VACCINES = {
    "B型肝炎疫苗": "HepB",
    "B型肝炎": "HepB",
    "麻疹腮腺炎德国麻疹混合疫苗": "MMR",
    "德国麻疹": "MMR",
    "日本脑炎疫苗": "JE",
    "日本脑炎": "JE",
    "人类乳突病毒疫苗": "HPV",
    "人类乳突病毒": "HPV",
    "麻疹类": "MMR",
    "麻疹类疫苗": "MMR",
}
# Spellings that another thing wears: they hold only when the sentence, the section or the report is about schools.
AMBIGUOUS = frozenset(
    {"从业人员", "合格率", "达标率", "符合率", "受检率", "整改率", "持证率", "合格", "达标", "报告率"}
)
# Longer words that end or begin like an indicator and are none.
BLOCKED = (
    "全程接种人数", "全程接种儿童", "全程接种儿童数", "全程接种学生", "全程接种数",
    "保健教师", "保健老师", "心理教师", "体育教师", "兼职教师", "音体美教师", "交流教师", "临聘教师", "外聘教师",
    "党员教师", "高级教师", "一级教师", "中级教师", "区级以上骨干教师", "骨干教师", "退休教师", "离退休教师", "离退休教职工", "代课教师", "参训教师", "困难教师", "优秀教师", "特岗教师", "公办教师", "民办教师", "在编教师", "年轻教师",
    "支教教师", "获奖教师", "获奖学生", "贫困学生", "贫困生", "资助学生", "受助学生", "受益学生", "困难学生", "受资助学生", "考生",
    "家长出勤率", "教师出勤率", "会议出勤率", "家长出席率", "三好学生", "优秀学生", "家长学校", "示范学校", "等级学校", "一级学校", "试点学校", "实验学校", "乡镇学校党组织", "在园企业",
    "毕业企业", "示范小学", "示范幼儿园", "示范园", "一级幼儿园", "一级园", "普及率达标", "高考升学率", "本科升学率", "重点升学率",
    "往届毕业生", "大学毕业生", "师范毕业生", "高校毕业生", "师范院校毕业生", "职业学校毕业生就业", "转入资金", "转入专户", "知晓率", "满意率",
    "参合率", "办结率", "上线率", "优秀率", "及格率", "就业率", "知识知晓率", "参训率", "培训率", "成活率", "结案率", "建档率", "规范管理率",
    "非文盲率", "死亡率", "住院分娩率", "产前检查率", "视力正常率", "任务完成率", "普九合格率", "岗训合格率", "培训合格率",
    "考核合格率", "体育合格率", "体质健康合格率", "学业水平考试合格率", "会考合格率", "考试合格率", "批次合格率", "产品合格率",
    "岗位合格率", "毕业合格率", "升本率", "双上率", "图书达标率", "体质达标率", "体质健康达标率", "体育达标率", "校舍达标率",
    "普及率", "入户率", "转化率", "计生率", "新生儿死亡率", "婴儿死亡率", "覆盖面", "组建率", "校本研修率", "开课率", "开出率",
    "开学报到率", "班级学生数", "班级人数", "班主任", "学生家长", "人才流失", "教师流失率", "骨干教师流失", "毕业班学生", "小学教师", "中学教师会",
)  # fmt: skip
_KEPT = frozenset({"毕业班学生", "小学教师"})


class Name(NamedTuple):
    """A spelling met at [start, end) of a phrase. `code` is empty for a look-alike that is no indicator."""

    start: int
    end: int
    code: str
    word: str


_PLAIN_RATE = 4  # characters of a rate's spelling in sheets that may mean another thing in prose (检查率, 报到率)


class Lexicon:
    """The spellings of one catalogue, indexed by their first and last characters."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._words: dict[str, str] = {}
        self.vaccines: dict[str, str] = {**_VACCINES, **dict(catalogue.vaccine_spellings())}
        self._fill(catalogue)
        self._lengths_by_end: dict[str, list[int]] = defaultdict(list)  # by the last two characters, longest first
        self._lengths_by_start: dict[str, list[int]] = defaultdict(list)
        for length, end in sorted({(len(word), word[-2:]) for word in self._words}, reverse=True):
            self._lengths_by_end[end].append(length)
        self._lengths_by_three: dict[str, list[int]] = defaultdict(list)  # of words that begin as long ones do
        for length, start in sorted({(len(word), word[:2]) for word in self._words}, reverse=True):
            self._lengths_by_start[start].append(length)
        for length, start in sorted({(len(word), word[:3]) for word in self._words if len(word) > 2}, reverse=True):
            self._lengths_by_three[start].append(length)
        for start, lengths in self._lengths_by_three.items():
            lengths += [2] * (start[:2] in self._words)
        self._pairs = {a + b for word in self._words for a, b in pairwise(word)}  # what stands side by side
        self._vaccine = re.compile("|".join(map(re.escape, sorted(self.vaccines, key=len, reverse=True))))

    def _fill(self, catalogue: Catalogue) -> None:
        known = {indicator.code for indicator in catalogue.indicators}
        for word, code, sheet_only in catalogue.spellings():
            if not sheet_only or (word.endswith("率") and len(word) > _PLAIN_RATE):
                self._words.setdefault(_plain(word), code)
        for code, words in _PROSE.items():
            for word in words:
                if code in known:
                    self._words.setdefault(word, code)
        for word in (*BLOCKED, *(w for i in catalogue.indicators for w in i.not_synonyms)):
            if word not in _KEPT and len(word) > 2:
                self._words.setdefault(_plain(word), "")
        self._words = {word: code for word, code in self._words.items() if len(word) > 1}  # one character names nothing

    def ending(self, phrase: str) -> Name | None:
        """The longest spelling with which a phrase ends."""
        for length in self._lengths_by_end.get(phrase[-2:], ()):
            if (code := self._words.get(word := phrase[-length:])) is not None:
                return Name(len(phrase) - len(word), len(phrase), code, word)
        return None

    def beginning(self, phrase: str) -> Name | None:
        """The longest spelling with which a phrase begins."""
        return self._name_at(phrase, 0)

    def _name_at(self, phrase: str, at: int) -> Name | None:
        """The longest spelling that begins at a place of a phrase."""
        lengths = self._lengths_by_three.get(phrase[at : at + 3])  # most that begin like a spelling end there
        for length in lengths or self._lengths_by_start.get(phrase[at : at + 2], ())[-1:]:
            if (code := self._words.get(word := phrase[at : at + length])) is not None:
                return Name(at, at + len(word), code, word)
        return None

    def names_in(self, phrase: str) -> Iterator[Name]:
        """Every spelling of a phrase from left to right, longest first, without overlaps."""
        end = 0
        for at in compress(count(), map(self._lengths_by_start.__contains__, map(add, phrase, phrase[1:]))):
            if at >= end and (found := self._name_at(phrase, at)) is not None:
                yield found
                end = found.end

    def vaccines_in(self, phrase: str) -> Iterator[Name]:
        """The vaccines that a phrase names, from left to right, the longest spelling at each place."""
        for found in self._vaccine.finditer(phrase):
            yield Name(*found.span(), self.vaccines[found[0]], found[0])

    def crosses(self, before: str, after: str) -> bool:
        """Whether a line break between the two cuts a spelling of a rate or 百分之 in two."""
        joined, cut = before + after, len(before)
        if before.endswith(("百分", "千分", "百")) and after.startswith(("之", "分之")):
            return True
        if joined[cut - 1 : cut + 1] not in self._pairs:
            return False
        for name in self.names_in(joined):
            if name.start < cut < name.end and not self._whole(joined[name.start : cut]):
                return True
        return False

    def _whole(self, piece: str) -> bool:
        return piece in self._words or piece in self.vaccines or len(piece) < 1 or piece in _LEVEL_WORDS


_LEVEL_WORDS = frozenset(
    {"小学", "初中", "高中", "幼儿园", "学前", "学前三年", "学前一年", "中学", "义务教育", "学校", "食堂"}
)


def _plain(word: str) -> str:
    return word.replace("“", "").replace("”", "").replace("（", "(").replace("）", ")").replace("＋", "+")


@lru_cache(maxsize=4)
def lexicon_of(catalogue: Catalogue) -> Lexicon:
    return Lexicon(catalogue)
