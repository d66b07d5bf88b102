"""Six reports of the health side, of towns and of schools."""

from __future__ import annotations

from etl.samples.county import World
from etl.samples.reports import Report, Teller


def hexi_checks(world: World) -> Report:
    """The disease control centre of Hexi county on the autumn checks."""
    name = "R07_鹤溪县疾病预防控制中心2026年秋季接种证查验工作总结.docx"
    t, unit, term = Teller(world, name), "鹤溪县", "SY2026-T1"
    return Report(name, "鹤溪县疾病预防控制中心2026年秋季入托入学儿童预防接种证查验工作总结", "鹤溪县疾病预防控制中心", "2026年11月16日", [
        "2026年秋季开学后,我中心会同县教育局对全县幼儿园和小学新生开展预防接种证查验。现将工作情况总结如下。",
        "一、查验情况",
        f"2026年秋季,全县幼儿园应查验{t.count(unit, 'vac_cert_check_due', term, level='KG')}人,"
        f"实查验{t.count(unit, 'vac_cert_check_done', term, level='KG')}人;"
        f"小学应查验{t.count(unit, 'vac_cert_check_due', term, level='PRI')}人,"
        f"实查验{t.count(unit, 'vac_cert_check_done', term, level='PRI')}人。"
        f"小学接种证查验率为{t.rate(unit, 'vac_cert_check_rate', term, level='PRI')}。",
        f"2026年秋季,全县小学有证人数{t.count(unit, 'vac_cert_held', term, level='PRI')}人,无证儿童已通知接种门诊补办。",
        "二、补种情况",
        f"2026年秋季,全县小学应补种剂次{t.count(unit, 'vac_catchup_due', term, level='PRI', basis='dose')}剂次,"
        f"已补种剂次{t.count(unit, 'vac_catchup_done', term, level='PRI', basis='dose')}剂次,"
        f"小学剂次补种率为{t.rate(unit, 'vac_catchup_rate', term, level='PRI', basis='dose')}。",
        "三、存在的问题",
        "个别乡镇卫生院接种日安排偏少,家长请假困难;少数外地转入儿童的接种记录需要跨省核对。",
        "四、下一步要求",
        "各接种单位要在12月31日前完成复验,剂次补种率不得低于95%。",
    ], t.claims, comparisons=t.comparisons)  # fmt: skip


def yanhu_notice(world: World) -> Report:
    """The disease control centre of Yanhu district on the school whose check failed."""
    name = "R08_砚湖区疾病预防控制中心关于秋季查验情况的通报.txt"
    t, school, term = Teller(world, name), "砚湖区芸香小学", "SY2026-T1"
    return Report(name, "砚湖区疾病预防控制中心关于2026年秋季预防接种证查验情况的通报", "砚湖区疾病预防控制中心", "2026年11月12日", [
        "各接种单位、各学校:",
        "2026年秋季查验工作已基本结束。现将有关情况通报如下。",
        "一、总体情况",
        f"2026年秋季,全区小学接种证查验率为{t.rate('砚湖区', 'vac_cert_check_rate', term, level='PRI')},"
        f"幼儿园接种证查验率为{t.rate('砚湖区', 'vac_cert_check_rate', term, level='KG')}。",
        "二、突出问题",
        f"2026年秋季,砚湖区芸香小学应查验{t.count(school, 'vac_cert_check_due', term, level='PRI')}人,"
        f"实查验{t.count(school, 'vac_cert_check_done', term, level='PRI')}人,"
        f"查验率为{t.rate(school, 'vac_cert_check_rate', term, level='PRI')},大部分新生没有在规定的三十日内查验。"
        f"2025年秋季,砚湖区芸香小学查验率为{t.rate(school, 'vac_cert_check_rate', 'SY2025-T1', level='PRI')}。",
        f"2026年秋季,全区小学接种证查验率比上年同期{t.points('砚湖区', 'vac_cert_check_rate', term, 'SY2025-T1', level='PRI')}。",
        "三、原因分析",
        "该校原保健教师八月调离,新任教师未接受培训,新生接种证收齐后没有交接种门诊核验。",
        "四、整改要求",
        "芸香小学要在12月10日前完成全部新生查验,查验率达到100%,需补种的儿童在月底前完成补种。",
    ], t.claims, "gb18030", t.comparisons)  # fmt: skip


def liwu_merger(world: World) -> Report:
    """Liwu town on the merger of its two village schools."""
    name = "R09_枫陵县栗坞镇人民政府学校布局调整情况汇报.txt"
    t, joint = Teller(world, name), "枫陵县栗坞镇联合小学"
    old = [s.name for s in world.schools if s.successor == joint]
    pupils = [t.count(school, "enrollment", "SY2023", level="PRI") for school in old]
    return Report(name, "枫陵县栗坞镇人民政府关于学校布局调整情况的汇报", "枫陵县栗坞镇人民政府", "2024年10月15日", [
        "县教育局:",
        "根据县教育局批复,我镇于2024年秋季完成两所村级小学的合并。现将有关情况汇报如下。",
        "一、合并前情况",
        f"2023-2024学年初,{old[0]}在校生{pupils[0]}人。2023-2024学年初,{old[1]}在校生{pupils[1]}人。两校相距四公里,均为小规模学校。",
        "二、合并后情况",
        f"2024-2025学年初,枫陵县栗坞镇联合小学在校生{t.count(joint, 'enrollment', 'SY2024', level='PRI')}人,"
        f"教学班{t.count(joint, 'classes', 'SY2024', level='PRI')}个,专任教师{t.count(joint, 'teachers', 'SY2024', level='PRI')}人。"
        "镇政府安排校车接送,原有校舍改作村级活动场所。",
        "三、控辍保学",
        "合并期间逐户确认学生去向,没有学生因路途较远而离开学校。",
        "四、下一步打算",
        "计划三年内将联合小学建成标准化学校,争取校车覆盖率达到100%。",
    ], t.claims, comparisons=t.comparisons)  # fmt: skip


def hezhu_canteen(world: World) -> Report:
    """Hezhu middle school on putting its canteen right."""
    name = "R10_鹤溪县鹤渚中学食堂整改情况报告.docx"
    t, school = Teller(world, name), "鹤溪县鹤渚中学"
    before, after = "SY2024-T1", "SY2025-T1"
    return Report(name, "鹤溪县鹤渚中学关于食堂整改情况的报告", "鹤溪县鹤渚中学", "2025年11月14日", [
        "县教育局:",
        "2024年秋季,我校食堂检查不合格。一年来,学校按照整改通知逐条落实。现将情况报告如下。",
        "一、检查发现的问题",
        f"2024年秋季学期,检查组在我校食堂发现问题{t.count(school, 'hygiene_findings', before, level='JUN')}个,"
        f"当时已整改{t.count(school, 'hygiene_findings_closed', before, level='JUN')}个。"
        "主要是留样不全、砧板混用、库房潮湿和部分人员健康证过期。",
        "二、整改措施",
        "更换操作台和分色砧板,安装后厨摄像头,重新设置留样柜;食堂负责人调整岗位,校长陪餐制度每日登记。",
        "三、整改成效",
        f"2025年秋季学期,县里复查发现问题{t.count(school, 'hygiene_findings', after, level='JUN')}个,"
        f"已整改{t.count(school, 'hygiene_findings_closed', after, level='JUN')}个。"
        f"2025年秋季学期,我校食堂从业人员{t.count(school, 'food_handlers', after, level='JUN')}人,"
        f"持健康证{t.count(school, 'food_handlers_certified', after, level='JUN')}人。",
        "四、今后目标",
        "力争2026年底前食堂量化分级达到A级,问题整改率保持100%。",
    ], t.claims, comparisons=t.comparisons)  # fmt: skip


def qiaoping_town(world: World) -> Report:
    """Qiaoping town on its schools. Its primary enrolment is not that of the sheets."""
    name = "R11_云峤县峤屏镇人民政府教育工作汇报.html"
    t, town, now = Teller(world, name), "峤屏镇", "SY2026"
    return Report(name, "云峤县峤屏镇人民政府2026年教育工作汇报", "云峤县峤屏镇人民政府", "2026年10月30日", [
        "2026年,峤屏镇把教育摆在重要位置,改善办学条件,关心留守儿童。现将工作汇报如下。",
        "一、基本情况",
        f"2026-2027学年初,全镇小学在校生{t.count(town, 'enrollment', now, off=46, level='PRI')}人,"
        f"初中在校生{t.count(town, 'enrollment', now, level='JUN')}人,在园幼儿{t.count(town, 'enrollment', now, level='KG')}人。",
        f"2026-2027学年初,全镇学前三年毛入园率为{t.rate(town, 'gross_enrollment_rate', now, level='KG')}。",
        "二、关爱留守儿童",
        f"2026-2027学年初,全镇小学留守儿童{t.count(town, 'left_behind_children', now, level='PRI')}人,"
        f"比上年{t.more(town, 'left_behind_children', now, 'SY2025', off=30, level='PRI')}。"
        "每所学校设立亲情视频室,村干部和教师结对走访。",
        "三、校园安全",
        "镇政府牵头开展校园周边整治,开学前对食堂、校舍、接送车辆逐一检查。",
        "四、工作目标",
        "2027年,确保义务教育阶段无一人辍学,小学毛入学率达到100%。",
    ], t.claims, comparisons=t.comparisons)  # fmt: skip


def lanqiao_kindergarten(world: World) -> Report:
    """Lanqiao kindergarten on health care."""
    name = "R12_澜城区澜桥幼儿园2026年秋季卫生保健工作总结.txt"
    t, school, now, term = Teller(world, name), "澜城区澜桥幼儿园", "SY2026", "SY2026-T1"
    return Report(name, "澜城区澜桥幼儿园2026年秋季卫生保健工作总结", "澜城区澜桥幼儿园", "2026年11月20日", [
        "本学期,我园认真执行托幼机构卫生保健工作规范,保障幼儿健康。现总结如下。",
        "一、基本情况",
        f"2026-2027学年初,我园有教学班{t.count(school, 'classes', now, level='KG')}个,"
        f"在园幼儿{t.count(school, 'enrollment', now, level='KG')}人,专任教师{t.count(school, 'teachers', now, level='KG')}人。",
        "二、预防接种证查验",
        f"2026年秋季,我园应查验{t.count(school, 'vac_cert_check_due', term, level='KG')}人,"
        f"实查验{t.count(school, 'vac_cert_check_done', term, level='KG')}人,"
        f"有证人数{t.count(school, 'vac_cert_held', term, level='KG')}人。漏种的幼儿由保健医生逐一提醒家长补种。",
        "三、食堂管理",
        f"2026年秋季学期,我园食堂从业人员{t.count(school, 'food_handlers', term, level='KG')}人,"
        f"持健康证{t.count(school, 'food_handlers_certified', term, level='KG')}人。食谱每周公示,留样按餐登记。",
        "四、下学期打算",
        "下学期计划改造盥洗室2间,晨检率达到100%,幼儿出勤率力争达到95%。",
    ], t.claims, comparisons=t.comparisons)  # fmt: skip


LOCAL_REPORTS = (hexi_checks, yanhu_notice, liwu_merger, hezhu_canteen, qiaoping_town, lanqiao_kindergarten)
