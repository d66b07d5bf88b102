"""Six reports of education bureaus: the city and its counties."""

from __future__ import annotations

from etl.samples.county import World
from etl.samples.reports import Report, Teller


def city_opening(world: World) -> Report:
    """The city on the opening of the autumn term of 2026."""
    name = "R01_澜川市教育局2026年秋季开学工作情况报告.docx"
    t, city = Teller(world, name), "澜川市"
    now, autumn = "SY2026", "SY2026-T1"
    return Report(name, "澜川市教育局关于2026年秋季开学工作情况的报告", "澜川市教育局", "2026年11月22日", [
        "市人民政府:",
        "按照全市秋季开学工作部署,我局会同卫生健康、市场监管部门对各县(区)开学情况进行了检查。现将有关情况报告如下。",
        "一、在校学生基本情况",
        f"2026-2027学年初,全市幼儿园在园幼儿{t.count(city, 'enrollment', now, level='KG')}人,"
        f"小学在校生{t.count(city, 'enrollment', now, level='PRI')}人,初中在校生{t.count(city, 'enrollment', now, level='JUN')}人,"
        f"普通高中在校生{t.count(city, 'enrollment', now, level='SEN')}人。"
        f"小学招生{t.count(city, 'entrants', now, level='PRI')}人,初中招生{t.count(city, 'entrants', now, level='JUN')}人。",
        f"2026-2027学年初,全市初中在校生比上年{t.more(city, 'enrollment', now, 'SY2025', level='JUN')}。",
        f"全市学前三年毛入园率为{t.rate(city, 'gross_enrollment_rate', now, level='KG')},学位供给总体平稳。",
        "二、卫生防疫与食品安全",
        f"2026年秋季,全市小学应查验预防接种证{t.count(city, 'vac_cert_check_due', autumn, level='PRI')}人,"
        f"实查验{t.count(city, 'vac_cert_check_done', autumn, level='PRI')}人,"
        f"小学接种证查验率为{t.rate(city, 'vac_cert_check_rate', autumn, level='PRI')},低于往年水平,"
        "主要是个别学校查验工作没有按时完成。",
        f"秋季学期共检查小学食堂{t.count(city, 'hygiene_inspected_count', autumn, level='PRI', object='canteen')}个,"
        f"其中合格食堂{t.count(city, 'hygiene_passed_count', autumn, level='PRI', object='canteen')}个;"
        f"小学食堂明厨亮灶覆盖率为{t.rate(city, 'open_kitchen_coverage', autumn, level='PRI')}。",
        "三、存在的问题",
        "一是部分学校上报迟缓,云峤县鹿饮乡所属学校至今未报查验和食堂检查情况;二是农村幼儿园生源继续减少,布局需要调整。",
        "四、下一步工作目标",
        "到2027年底,全市小学接种证查验率力争达到99.5%以上,食堂问题整改率达到100%,义务教育阶段辍学学生动态清零。",
    ], t.claims, comparisons=t.comparisons)  # fmt: skip


def hexi_year(world: World) -> Report:
    """Hexi county on the school year 2025-2026. Its junior enrolment is not that of the sheets."""
    name = "R02_鹤溪县教育局2025-2026学年工作总结.docx"
    t, unit, year = Teller(world, name), "鹤溪县", "SY2025"
    return Report(name, "鹤溪县教育局2025-2026学年工作总结", "鹤溪县教育局", "2026年8月28日", [
        "2025-2026学年,我局围绕办好家门口的学校这条主线,统筹推进各项工作。现总结如下。",
        "一、事业发展情况",
        f"2025-2026学年初,我县小学在校生{t.count(unit, 'enrollment', year, level='PRI')}人,"
        f"初中在校生{t.count(unit, 'enrollment', year, off=312, level='JUN')}人,"
        f"在园幼儿{t.count(unit, 'enrollment', year, level='KG')}人。"
        f"初中专任教师{t.count(unit, 'teachers', year, level='JUN')}人,初中寄宿生{t.count(unit, 'boarders', year, level='JUN')}人。",
        "二、控辍保学",
        "落实县长、教育局长、乡镇长、校长、家长和师长共同负责的办法,坚持一生一案。"
        f"2025-2026学年,全县初中辍学人数{t.count(unit, 'dropout_count', year, level='JUN')}人,"
        f"劝返复学{t.count(unit, 'dropout_returned_count', year, level='JUN')}人,"
        f"初中辍学率为{t.rate(unit, 'dropout_rate', year, level='JUN')}。",
        f"2025-2026学年初,全县初中三年巩固率为{t.rate(unit, 'retention_rate', year, level='JUN')},"
        f"比上年{t.points(unit, 'retention_rate', year, 'SY2024', off=0.85, level='JUN')}。",
        "三、学校食堂管理",
        "针对鹤渚中学食堂2024年秋季检查不合格的问题,我局派员驻点督促,逐条销号。"
        f"2025年秋季学期,全县初中食堂从业人员{t.count(unit, 'food_handlers', 'SY2025-T1', level='JUN')}人,"
        f"持健康证{t.count(unit, 'food_handlers_certified', 'SY2025-T1', level='JUN')}人。",
        "四、下学年打算",
        "计划新建幼儿园1所,力争初中三年巩固率达到99.8%,辍学率控制在0.2%以内。",
    ], t.claims, comparisons=t.comparisons)  # fmt: skip


def fengling_dropout(world: World) -> Report:
    """Fengling county on its campaign against dropping out."""
    name = "R03_枫陵县教育局控辍保学专项行动工作报告.txt"
    t, unit = Teller(world, name), "枫陵县"
    rates = {y: t.rate(unit, "dropout_rate", f"SY{y}", level="JUN") for y in (2022, 2025)}
    return Report(name, "枫陵县教育局关于控辍保学专项行动的工作报告", "枫陵县教育局", "2026年9月8日", [
        "县人民政府:",
        "2023年秋季起,我县开展控辍保学专项行动,抽调教师和乡镇干部逐户走访。现将三年来的工作报告如下。",
        "一、主要成效",
        f"2022-2023学年,全县初中辍学率为{rates[2022]};2025-2026学年,全县初中辍学率为{rates[2025]}。",
        f"2025-2026学年,全县初中辍学率比2022-2023学年{t.points(unit, 'dropout_rate', 'SY2025', 'SY2022', level='JUN')}。",
        f"2025-2026学年,全县初中疑似辍学{t.count(unit, 'suspected_dropout_count', 'SY2025', level='JUN')}人,"
        f"经核实辍学{t.count(unit, 'dropout_count', 'SY2025', level='JUN')}人,"
        f"劝返复学{t.count(unit, 'dropout_returned_count', 'SY2025', level='JUN')}人。",
        f"2026-2027学年初,全县初中三年巩固率为{t.rate(unit, 'retention_rate', 'SY2026', level='JUN')}。",
        "二、主要做法",
        "一是建台账。每月比对学籍与到校情况,疑似名单三日内核实。二是重劝返。由包联干部、班主任和村干部组成小组上门。三是强关爱。为学习困难学生开设兴趣课程。",
        "三、存在的问题",
        "少数学生随父母外出后去向不明,跨县核查耗时较长;个别劝返学生学习基础薄弱,稳定在校难度大。",
        "四、今后目标",
        "2026-2027学年,初中辍学率要控制在0.2%以内,劝返复学率达到95%以上。",
    ], t.claims, comparisons=t.comparisons)  # fmt: skip


def yanhu_hygiene(world: World) -> Report:
    """Yanhu district on hygiene and food safety. Its open-kitchen rate is not that of the sheets."""
    name = "R04_砚湖区教育局2026年秋季学校卫生与食品安全自查报告.txt"
    t, unit, term = Teller(world, name), "砚湖区", "SY2026-T1"
    return Report(name, "砚湖区教育局2026年秋季学校卫生与食品安全自查报告", "砚湖区教育局", "2026年11月18日", [
        "市教育局:",
        "接到通知后,我局立即布置全区学校(幼儿园)开展自查。现将2026年秋季学期自查情况报告如下。",
        "一、基本情况",
        f"全区小学食堂{t.count(unit, 'canteens', term, level='PRI')}个,初中食堂{t.count(unit, 'canteens', term, level='JUN')}个。"
        f"2026年秋季学期小学食堂从业人员{t.count(unit, 'food_handlers', term, level='PRI')}人,"
        f"小学食堂从业人员健康证持证率为{t.rate(unit, 'food_handler_cert_rate', term, level='PRI')}。",
        f"2026年秋季学期,全区小学食堂已全部安装视频设备,明厨亮灶覆盖率为{t.rate(unit, 'open_kitchen_coverage', term, wrong=100.0, level='PRI')}。",
        "二、检查与整改",
        f"2026年秋季学期,小学食堂检查发现问题{t.count(unit, 'hygiene_findings', term, level='PRI')}个,"
        f"已整改{t.count(unit, 'hygiene_findings_closed', term, level='PRI')}个,"
        "其余问题已明确责任人和完成时限。",
        "三、预防接种证查验",
        f"2026年秋季,全区小学应查验{t.count(unit, 'vac_cert_check_due', term, level='PRI')}人,"
        f"实查验{t.count(unit, 'vac_cert_check_done', term, level='PRI')}人。"
        "芸香小学因更换保健教师、材料没有交接,查验只完成了一部分,已责令在十二月底前补齐。",
        "四、下一步打算",
        "明年春季学期前,后厨视频全部接入监管平台,从业人员健康证持证率达到100%。",
    ], t.claims, "gb18030", t.comparisons)  # fmt: skip


def yunqiao_preschool(world: World) -> Report:
    """Yunqiao county on preschool education."""
    name = "R05_云峤县教育局学前教育普及普惠工作汇报.html"
    t, unit, now = Teller(world, name), "云峤县", "SY2026"
    kindergartens = sum(s.county == unit and s.level == "KG" for s in world.schools)
    return Report(name, "云峤县教育局学前教育普及普惠工作汇报", "云峤县教育局", "2026年10月26日", [
        "近年来,我县把学前教育作为补短板的重点,扩大供给,规范办园。现将有关情况汇报如下。",
        "一、基本情况",
        f"2026-2027学年初,全县有幼儿园{kindergartens}所,在园幼儿{t.count(unit, 'enrollment', now, level='KG')}人,"
        f"专任教师{t.count(unit, 'teachers', now, level='KG')}人。"
        f"全县3-5周岁人口{t.count(unit, 'school_age_population', now, level='KG')}人,"
        f"学前三年毛入园率为{t.rate(unit, 'gross_enrollment_rate', now, level='KG')},"
        f"比全市平均水平{t.apart(unit, '澜川市', 'gross_enrollment_rate', now, level='KG')}。",
        f"2026-2027学年初,全县在园幼儿数{t.beyond('比2010年翻了一番')}。",
        f"2020-2021学年初,全县学前三年毛入园率为{t.rate(unit, 'gross_enrollment_rate', 'SY2020', level='KG')}。",
        "二、主要工作",
        "利用闲置校舍改建村级园,选派公办教师支教,落实生均公用经费,开展幼小衔接教研。",
        "三、困难和问题",
        "山区村落分散,幼儿入园路途较远;出生人口下降,部分村级园办园规模过小。",
        "四、工作目标",
        "到2028年,学前三年毛入园率达到95%以上,普惠性幼儿园覆盖率达到92%以上。",
    ], t.claims, comparisons=t.comparisons)  # fmt: skip


def lancheng_statistics(world: World) -> Report:
    """Lancheng district: the yearly note on its education statistics."""
    name = "R06_澜城区教育局2026-2027学年初教育事业统计简况.txt"
    t, unit, now = Teller(world, name), "澜城区", "SY2026"
    return Report(name, "澜城区教育局2026-2027学年初教育事业统计简况", "澜城区教育局", "2026年10月12日", [
        "根据2026-2027学年初教育事业统计,现将全区各学段主要数据说明如下。",
        "一、学前教育",
        f"2026-2027学年初,全区在园幼儿{t.count(unit, 'enrollment', now, level='KG')}人,"
        f"幼儿园教学班{t.count(unit, 'classes', now, level='KG')}个,"
        f"学前三年毛入园率为{t.rate(unit, 'gross_enrollment_rate', now, level='KG')},"
        f"比全市平均水平{t.apart(unit, '澜川市', 'gross_enrollment_rate', now, level='KG')}。",
        f"2026-2027学年初,全县在园幼儿数{t.beyond('比2010年翻了一番')}。",
        "二、义务教育",
        f"2026-2027学年初,全区小学在校生{t.count(unit, 'enrollment', now, level='PRI')}人,"
        f"小学随迁子女{t.count(unit, 'migrant_children', now, level='PRI')}人,小学专任教师{t.count(unit, 'teachers', now, level='PRI')}人;"
        f"初中在校生{t.count(unit, 'enrollment', now, level='JUN')}人,初中教学班{t.count(unit, 'classes', now, level='JUN')}个。",
        f"2026-2027学年初,全区初中三年巩固率为{t.rate(unit, 'retention_rate', now, level='JUN')}。",
        "三、高中阶段教育",
        f"2026-2027学年初,全区普通高中在校生{t.count(unit, 'enrollment', now, level='SEN')}人,普通高中招生{t.count(unit, 'entrants', now, level='SEN')}人。",
        "四、需要关注的问题",
        "随迁子女集中在澜滨街道和织云街道,两个街道的小学学位偏紧。明年计划增加学位900个。",
    ], t.claims, comparisons=t.comparisons)  # fmt: skip


BUREAU_REPORTS = (city_opening, hexi_year, fengling_dropout, yanhu_hygiene, yunqiao_preschool, lancheng_statistics)
