"""Labels that say nothing of their own: what the title must speak of for them to be an indicator or a part of a rate."""

from __future__ import annotations

import re

IGNORED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"目标(?!儿童|人群|对象)|规划值|计划(?!免疫)|任务数|达标线|标准值|(?<!符合)要求"), "target"),
    (re.compile(r"全省|全国(?!中小学生?学籍|学籍)|省均|省平均|市平均|全市平均|全市均值|全县平均|兄弟"), "other_entity"),
    (re.compile(r"[<＜≤]\s*\d+月龄|不?满?\d+月龄(?:以?[内下]|及以下)"), "out_of_domain"),
    (re.compile(r"排名|位次|名次|序号|排序"), "ordinal"),
    (re.compile(r"同比|环比|(?:下降|上升|提高|降低|增加)(?:幅度|百分点|点数)|幅度$|增减|增幅|增长|[比较]上一?学?[年期季月]|升降|变化|差距"), "definition"),
    (re.compile(r"^备注|^说明|^原因|责任人|联系人|联系电话|电话|填表人|填报人|审核人|复查人|整改措施|属性|是否|^地址$|填报时间|^类型$|^判定$|检查类型"), "noise"),
)  # fmt: skip
CHANGED = re.compile(
    r"(?:本?学?年(?:度|内)?|学期|本期)?(?:增加|减少)(?:在校)?(?:学生|幼儿|生)?(?:总?人数|总?数)?(?:小计|合计|总计|共计|计)?"
)
OF_TIME = frozenset(("学期", "本学期", "全学期", "学年", "季度", "本季度"))
SUBSETS = {  # a count -> the count that it is some of, which may head it
    "teachers": "staff", "food_handlers_certified": "food_handlers", "final_year_students": "enrollment",
    "boarders": "enrollment", "left_behind_children": "enrollment", "migrant_children": "enrollment",
    "disabled_students": "enrollment", "transfer_in_county": "transfer_in", "transfer_out_county": "transfer_out",
}  # fmt: skip
# label (as label_key gives it) -> name of a part; topic: words of the title that must be present
PARTS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("残疾", re.compile(r"(?:适龄|在册|持证|义务教育阶段|应入学)*残疾(?:儿童少年|少年儿童|儿童|少年)(?:总数|总人数)|应入学残疾儿童(?:少年)?|(?:应入学|适龄)残疾儿童(?:少年)?(?:人数|数)"), "disabled_all"),
    ("残疾", re.compile(r"适龄持证(?:儿童少年|少年儿童|儿童|少年|学生)?(?:总?人数|总?数)?|(?:办理|持有?)残疾(?:人)?证(?:的)?(?:儿童少年|儿童|少年)?(?:总?人数|总?数)?"), "disabled_all"),
    ("", re.compile(r"(?:应入学|适龄)残疾儿童(?:少年)?(?:总?人数|总?数)?"), "disabled_all"),
    ("", re.compile(r"(?:在校)?[三六九3-9]年(?:期?间|内|中|来|累计|共|变动)?(?:转入|转进)(?:学生)?(?:总?人数|数)?"), "cohort_in"),
    ("", re.compile(r"(?:在校)?[三六九3-9]年(?:期?间|内|中|来|累计|共|变动)?(?:转出|转走)(?:学生)?(?:总?人数|数)?"), "cohort_out"),
    ("巩固", re.compile(r"应有(?:毕业)?(?:学生|生)?(?:总?人数|数)?|应(?:巩固|毕业)(?:学生|生)?(?:总?人数|数)"), "cohort_adjusted"),
    ("巩固", re.compile(r"(?:(?:19|20)\d{2}(?:年|学年)?)?(?:秋季?|学年初)?(?:[一七]年级|起始年级|小一|初一|该届|本届)?(?:入学|招生|入校|进校)(?:时|时的)?(?:学生|新生|招生|在校生)?(?:总?人数|总?数)"), "cohort_start"),
    ("", re.compile(r"已入学(?:人数|数)?(?:残疾类型)?(?:合计|小计|计)?|入学人数(?:合计|计)?|在校适龄人口数?"), "enrolled"),
    ("", re.compile(r"\d年前招生数|.{0,4}年前招生数|(?:入学|入校)时(?:学生|招生|新生)数|该届入学人数|起始年级招生数"), "cohort_start"),
    ("", re.compile(r"净增加(?:人数|数)?|净增(?:人数|数)?"), "cohort_net"),
    ("工作人员", re.compile(r"持健康(?:合格)?证(?:明)?(?:人数|数)?"), "staff_certified"),
    ("管控", re.compile(r"完成率|按时完成率"), "control_done"),
    ("", re.compile(r"应出勤(?:总?人次|人数|人天|人日)?(?:数)?"), "attendance_due"),
    ("", re.compile(r"实际?出勤(?:总?人次|人数|人天|人日)?(?:数)?"), "attendance_done"),
    ("", re.compile(r"应到(?:校|园)?(?:学生|幼儿)?(?:人数|人次|数)?"), "attendance_due"),
    ("", re.compile(r"实(?:际)?(?:到|在)(?:校|园)?(?:学生|幼儿)?(?:人数|人次|数)?|到[校园](?:学生|幼儿)?(?:人数|人次)"), "attendance_done"),
    ("", re.compile(r"因病缺[课勤席](?:学生)?(?:人数|人次|数)?|缺[课勤席](?:情况|原因|人次|人数)?(?:生病|因病|病假|病)(?:人数|人次|数)?"), "sick_absent"),
    ("", re.compile(r"(?:已|实际?)?(?:晨午?|午)检(?:学生|幼儿|儿童)?(?:总?人次|人数)数?"), "checked_present"),
    ("", re.compile(r"(?:监测|抽测|检测|抽检)教室间?数?"), "rooms_checked"),
    ("", re.compile(r"(?:合格|达标)教室间?数?"), "rooms_passed"),
    ("", re.compile(r"(?:体检|受检|实检|实际?(?:监测|筛查|检测|体检))(?:学生)?(?:人数|数)|(?:监测|筛查|检测|检查|普查)(?:学生|幼儿|儿童)?总?人数"), "examined"),
    ("", re.compile(r"无证人数|无证数|无证"), "no_certificate"),
    ("", re.compile(r"补证人数|补证数|已补证人数"), "reissued"),
    ("", re.compile(r"(?:查验时)?(?:已)?全程接种人数|全程接种数"), "fully_vaccinated"),
    ("", re.compile(r"(?:已)?(?:实现|建成|完成|实施|达到)?明厨亮灶(?:建设)?(?:的)?(?:食堂|学校)数?"), "open_kitchens"),
    ("", re.compile(r"(?:互联网\+?|网络)明厨亮灶(?:的)?(?:食堂|学校)数?|(?:已)?(?:接入|联网|联入)(?:互联网\+?)?(?:明厨亮灶)?(?:监管|监控|智慧|视频)*平?台?(?:的)?(?:食堂|学校|后厨)数?"), "internet_kitchens"),
    ("明厨亮灶", re.compile(r"(?:已|实际)?(?:建成|实现|完成|建设)(?:明厨亮灶)?(?:食堂|学校)?(?:数量?)?|明厨亮灶(?:数量?|食堂)?"), "open_kitchens"),
    ("明厨亮灶", re.compile(r"(?:已)?(?:接入|联网|联入)(?:互联网\+?)?(?:平台|监管平台)?(?:食堂|学校)?(?:数量?)?|互联网\+明厨亮灶(?:数量?)?"), "internet_kitchens"),
    ("", re.compile(r"(?:食品经营)?(?:许可)?持证食堂数?|(?:已)?(?:办理|取得|持有?)(?:有效)?(?:的)?(?:食品经营|餐饮服务)?许可证(?:的)?食堂(?:户|家|个)?数?|"
                    r"(?:已)?(?:办理|取得|持有?)(?:有效)?(?:食品经营|餐饮服务)许可证?(?:的)?(?:食堂|学校|单位)?(?:户|家)?数?"), "licensed_canteens"),
    ("", re.compile(r"应查验机构数"), "institutions_due"),
    ("", re.compile(r"实查验机构数"), "institutions_done"),
)  # fmt: skip
TOPICS: tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...] = (
    (re.compile(r"变动|增减|异动"), re.compile(r"(?:本)?(?:(?:学年|学期|期)初|期末)(?:在[校园册籍读]|学籍)?(?:学生|幼儿|生)?(?:人数|数)"), "enrollment"),
    (re.compile(r""), re.compile(r"(?:增加(?:学生)?(?:人数|数)?)?新招(?:收)?(?:学生|幼儿|生)?(?:总?人数|数)?"), "entrants"),
    (re.compile(r"^(?!.*(?:晨|出勤|考勤))"), re.compile(r"(?:本学?年|今年|当年|秋季)?入园(?:[(]班[)]|班)?(?:幼儿|儿童)(?:总?人数|总?数)?"), "entrants"),
    (re.compile(r""), re.compile(r"(?:学校)?食堂(?:量化)?(?:等级|评级|分级)?[A-D]级(?:食堂)?(?:数|数量|个数|家数)?"), "canteen_graded_count"),
    (re.compile(r""), re.compile(r"(?:食堂)?量化分级(?:管理)?(?:情况|等级)?(?:[A-D]级|未评级|未定级).{0,6}"), "canteen_graded_count"),
    (re.compile(r"明厨亮灶"), re.compile(r"(?:建成|建设|完成|实现)(?:率|比例|占比)"), "open_kitchen_coverage"),
    (re.compile(r"明厨亮灶"), re.compile(r"(?:接入|联网|上线)(?:互联网)?(?:平台)?(?:率|比例|占比)"), "internet_kitchen_coverage"),
    (re.compile(r"学校.*(?:卫生|监督)"), re.compile(r"(?:辖区)?(?:被监督)?(?:单位|户)(?:总)?数"), "schools"),
    (re.compile(r"(?:工作人员|教职工|保教人员|教职员工)(?:健康|体检)"), re.compile(r"(?:健康合格证|健康证)?(?:持证|持有)率"), "staff_cert_rate"),
    (re.compile(r"(?:工作人员|教职工|保教人员|教职员工)(?:健康|体检)"), re.compile(r"在岗(?:总?人数|数)?"), "staff"),
    (re.compile(r"^(?!.*(?:教师|教职|职工|员工|人员|干部|党员))"), re.compile(r"(?:现)?(?:在[册籍园校读]|注册)(?:小计|合计|总?计)?"), "enrollment"),
    (re.compile(r"残疾"), re.compile(r"入学率"), "disabled_enrollment_rate"),
    (re.compile(r""), re.compile(r"适?龄?(?:三类|三残)?残疾(?:儿童|少年|青少年|学生)+(?:接受)?(?:义务教育)?(?:阶段)?(?:的)?入学(?:率|比例)"), "disabled_enrollment_rate"),
    (re.compile(r""), re.compile(r"(?:学生|儿童|幼儿)?(?:龋齿|龋患|龋病|患龋|蛀牙|龋失补牙?)(?:检出|患病|发生|报告)?(?:率|比例)"), "caries_rate"),
    (re.compile(r""), re.compile(r"(?:新生儿)?(?:乙肝(?:疫苗)?)?(?:首针|首剂|第[1一](?:针|剂))(?:乙肝(?:疫苗)?)?(?:出生)?(?:24(?:小时|h)(?:之?内)?)?及时(?:接种)?(?:率|比例)"), "hepb_birth_timely_rate"),
    (re.compile(r""), re.compile(r"(?:学生数?|在校生)?(?:其中)?(?:进城|外来|外出)?(?:务工|经商|就业|农民工|流动)*(?:人员|人口)?随迁(?:子女|儿童|学生|少年|幼儿)*(?:人数|总数|数)?"), "migrant_children"),
    (re.compile(r""), re.compile(r"(?:在校|在籍|在读)?(?:学生|生)(?:总?人数|总?数|数?计)"), "enrollment"),
    (re.compile(r""), re.compile(r"(?:复用)?(?:餐具|餐饮具|碗筷)(?:集中)?(?:清洗|洗消|消毒)?(?:效果|质量)?(?:抽查|抽检|检测|监测|检查|采样|检验)*(?:合格|达标)(?:率|比例)"), "tableware_pass_rate"),
    (re.compile(r""), re.compile(r"(?:(?:5[56]|66)人?(?:及)?以上的?(?:超?大)?班(?:级|额)?|超?大班额?(?:班级?)?)(?:数)?(?:所?占)(?:比例?|比重|总?班(?:级)?数(?:的)?(?:比例?|百分比))"), "large_class_share"),
    (re.compile(r""), re.compile(r"(?:进城务工人员)?随迁(?:子女|儿童)?(?:在)?公办(?:学校|中小学)?(?:就读|接收|入学)(?:比例|率|占比)"), "migrant_public_place_share"),
    (re.compile(r"幼儿园|学前"), re.compile(r"本?学?年(?:幼儿)?离园(?:幼儿|儿童)?(?:总?人数|数)?"), "graduates"),
    (re.compile(r""), re.compile(r"(?:当年|秋季|本学?年)?新(?:入[园学托]|生)(?:的)?(?:幼儿|儿童|学生)?入[园学托]前?(?:健康)?(?:体检|检查)率"), "entry_exam_rate"),
    (re.compile(r""), re.compile(r"班"), "classes"),
    (re.compile(r"检查|监督|巡查"), re.compile(r"(?:监督|日常|监管|累计)*(?:检查|巡查)(?:食堂|学校|单位)?[户家校]次数?"), "hygiene_visits"),
    (re.compile(r"残疾"), re.compile(r"(?:已入学|已安置|在校|在读|就读|安置)(?:安置|就读)?(?:人数|情况|学生)?(?:残疾类型|(?:安置|就读)(?:方式|形式|类型))?(?:合计|小计|计)?"), "disabled_students"),
    (re.compile(r"学龄|适龄|入学情况"), re.compile(r"入学率"), "net_enrollment_rate"),
    (re.compile(r"随迁"), re.compile(r"(?:在)?公办(?:学校|中小学)?(?:就读|接收|入学)?(?:比例|率|占比)|公办(?:及|和|与|含)?(?:政府)?购买学位(?:就读)?(?:比例|率|占比)"), "migrant_public_place_share"),
    (re.compile(r"幼儿园|学前"), re.compile(r"入园率|毛入园率"), "gross_enrollment_rate"),
    (re.compile(r"^(?!.*(?:教室|环境|教学|食堂)).*(?:饮用水|水质|供水)"), re.compile(r"(?:水质|水样|监测|检测)?合格率"), "water_quality_pass_rate"),
    (re.compile(r"体检|健康检查"), re.compile(r"体检率"), "student_exam_coverage"),
    (re.compile(r"健康检查|出勤"), re.compile(r"体检率"), "student_exam_coverage"),
    (re.compile(r"评价记分|(?:卫生|食品安全|食堂).*(?:评价|评分|评估|考核|打分|得分|检查|自查|自评|抽检|抽查|双随机)"),
     re.compile(r"(?:实际|综合|最终|考核|评价|评估|检查|自查|自评|总)*(?:实?得分|评分|总分|成绩|总成绩)"), "hygiene_score"),
    (re.compile(r"管控|卫生|安全|食堂|隐患|整改|检查|排查"),
     re.compile(r"(?:检查|排查|督查|抽查|巡查|自查)?(?:中|共|时)?(?:发现|查出|查找|排查出)(?:的)?(?:各类|主要|突出)?(?:食品|卫生|校园)?(?:安全)?(?:问题|隐患|风险)+(?:点|总)?(?:数|数量|个数|条数|项数)?"), "hygiene_findings"),
    (re.compile(r"管控|食品安全|隐患"), re.compile(r"风险数"), "hygiene_findings"),
    (re.compile(r"(?:卫生|食品安全|食堂|学校|监督|双随机).*(?:检查|抽检|抽查)"), re.compile(r"合格(?:数|个数)?"), "hygiene_passed_count"),
    (re.compile(r"管控|卫生|安全|食堂|隐患|整改|检查|排查"),
     re.compile(r"(?:其中)?(?:已|完成|已完成)(?:整改|处置|销号|闭环|消除)(?:销号|到位|完成|完毕|落实)*(?:的)?(?:各类)?(?:问题|隐患|风险)*(?:数|数量|个数|条数|项数)?"), "hygiene_findings_closed"),
    (re.compile(r"管控|食品安全|隐患"), re.compile(r"处置数"), "hygiene_findings_closed"),
)  # fmt: skip
