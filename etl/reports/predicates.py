"""What the counted ones do, after a percentage (94.5%的学校建立了晨检登记制度) or before it (…的学校占94.5%), names the indicator."""

from __future__ import annotations

import re

# 94.5%的学校建立了晨检登记制度: (who, what they do, indicator)
_PREDICATES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (
            r"^(?:以上|左右)?的?(?:中小学|学校|幼儿园|小学|中学|园所|托幼机构)[^,。;]{0,6}(?:建立|实行|落实)[^,。;]{0,4}(?:晨检|晨午检)[^,。;]{0,14}(?:制度|登记)",
            "morning_check_system_rate",
        ),
        (
            r"^(?:以上|左右)?的?(?:中小学|学校|幼儿园|小学|中学)[^,。;]{0,4}(?:设有|设立|设置|建有|配有|建立|拥有|有)[^,。;]{0,6}(?:保健室|医务室|卫生室)",
            "health_room_rate",
        ),
        (
            r"^(?:以上|左右)?的?(?:中小学|学校|幼儿园|小学|中学)[^,。;]{0,4}(?:配备|配有)[^,。;]{0,6}(?:校医|保健教师|保健老师|保健医|保健人员|卫生人员)",
            "health_staff_rate",
        ),
        (
            r"^(?:以上|左右)?的?(?:学校食堂|食堂)[^,。;]{0,6}(?:实行|落实|执行|建立|做到)(?:了)?[^,。;]{0,4}留样",
            "food_sample_rate",
        ),
        (
            r"^(?:以上|左右)?的?(?:学校食堂|食堂)[^,。;]{0,6}(?:实现|完成|建成|实施)[^,。;]{0,6}明厨亮灶",
            "open_kitchen_coverage",
        ),
        (
            r"^(?:以上|左右)?的?(?:学校食堂|食堂)[^,。;]{0,6}(?:取得|持有|办理)[^,。;]{0,8}(?:许可证|许可)",
            "canteen_license_rate",
        ),
        (
            r"^(?:以上|左右)?的?(?:学校食堂|食堂)[^,。;]{0,6}(?:达到|评为|评定为|获评)[^,。;]{0,4}(?:A级|B级|AB级|A、B级)",
            "canteen_grade_ab_share",
        ),
        (
            r"^(?:以上|左右)?的?(?:食堂)?(?:从业人员|炊事员|食堂工作人员|炊事人员)[^,。;]{0,4}(?:持有|取得|办理)[^,。;]{0,4}健康",
            "food_handler_cert_rate",
        ),
        (
            r"^(?:以上|左右)?的?(?:教师|教职工|保教人员|保育员)?[^,。;]{0,2}(?:持有|取得|办理)[^,。;]{0,4}健康",
            "staff_cert_rate",
        ),
        (
            r"^(?:以上|左右)?的?(?:一年级|小学|小一)?新生[^,。;]{0,4}(?:接受过|受过|上过)[^,。;]{0,4}学前",
            "preschool_experience_share",
        ),
        (
            r"^(?:以上|左右)?(?:的?人|的?孩子|的?新生)?(?:都)?(?:接受过|受过|上过)[^,。;\d]{0,6}(?:学前|幼儿园)",
            "preschool_experience_share",
        ),
        (r"^(?:以上|左右)?的?(?:学生|孩子)(?:在校)?(?:住校|寄宿|住宿)", "boarder_share"),
        *(
            (rf"^(?:以上|左右)?的?(?:学生|幼儿|孩子|儿童)?(?:被?检出|被?查出|患有?|有)(?:{named})", code)
            for named, code in (
                ("龋齿?", "caries_rate"),
                ("近视", "myopia_rate"),
                ("视力不良", "low_vision_rate"),
                ("肥胖", "obesity_rate"),
                ("贫血", "anemia_rate"),
            )
        ),
        (r"^(?:以上|左右)?(?:的(?:儿童|幼儿|学生))?(?:已|均|按)[^,。;]{0,8}(?:完成)(?:了)?补种", "vac_catchup_rate"),
        (r"^(?:以上|左右)?的?(?:新生|儿童|幼儿|学生)[^,。;]{0,4}(?:持有|带有|有)(?:预防)?接种证", "vac_cert_held_rate"),
        (r"^(?:以上|左右)?的?(?:适龄)?残疾(?:儿童|少年|儿童少年|学生)[^,。;]{0,4}入学", "disabled_enrollment_rate"),
        (
            r"^(?:以上|左右)?的?(?:随迁子女|务工人员子女|进城务工人员随迁子女)[^,。;]{0,6}(?:在|就读|进入)[^,。;]{0,2}公办",
            "migrant_public_place_share",
        ),
    )
)


# what is before 占 (the clause, or the few clauses before it) tells the share
_SHARE_OF: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (
            r"(?:建立|实行|落实|执行)[^,。;]{0,4}(?:晨检|晨午检)[^,。;]{0,4}制度的(?:学校|中小学|幼儿园|托幼机构|和|、)*(?:[\d,]+[所家个],?)?$",
            "morning_check_system_rate",
        ),
        (
            r"\d[所家个][^,。;\d]{0,6}(?:建立|实行|落实|执行)[^,。;]{0,4}(?:晨检|晨午检)[^,。;]{0,4}制度,?$",
            "morning_check_system_rate",
        ),
        (r"配备[^,。;]{0,16}(?:校医|保健教师|保健医|卫生人员|卫生专业技术人员)的?(?:学校)?$", "health_staff_rate"),
        (
            r"B级(?:及)?以上(?:的)?(?:学校)?(?:食堂)?$|A级?[、和及]?B(?:两)?级(?:的)?(?:学校)?(?:食堂)?(?:合计|共)?$",
            "canteen_grade_ab_share",
        ),
        (
            r"(?:设|建|配)有?[^,。;]{0,4}(?:卫生室|保健室|医务室)[^,。;]{0,8}的(?:学校|中小学|幼儿园)?$",
            "health_room_rate",
        ),
        (
            r"(?:索证索票|进货查验)[^,。;\d]{0,14}(?:齐全|规范|完整|到位|健全)[^,。;\d]{0,4}的?\d+[家所个],?$",
            "food_trace_rate",
        ),
        (r"留样[^,。;]{0,8}(?:符合|规范|达标)[^,。;\d]{0,6}的?\d+[家所个],?$", "food_sample_rate"),
        (
            r"(?:校医|保健教师|保健医|卫生人员|卫生专业[^,]{0,4}人员)[^,。;\d]{0,4}的?(?:有)?\d+[家所个],?$",
            "health_staff_rate",
        ),
        (r"(?:4[56]|5\d|6\d)人(?:及)?以上的?(?:大?班额?|班级|教学班)(?:有|共)?\d+个,?$", "large_class_share"),
        (r"(?:随迁|务工)[^。;]*公办[^,。;\d]{0,8}就读的?(?:有)?[\d,]+[人名],?$", "migrant_public_place_share"),
        (r"(?:卫生室|保健室|医务室)[^,。;]{0,8}的(?:学校|中小学|幼儿园)?(?:有|共)?\d+[所家个],?$", "health_room_rate"),
        (r"大班额(?:班级)?(?:[(][^()]*[)])?\d+个,?$", "large_class_share"),
        (r"大班额由[^,;。]{0,16}\d+个,?$", "large_class_share"),
        (r"大班额(?:班级)?(?:还|尚|仅|只)?(?:剩下?|余|有)\d+个,?$", "large_class_share"),
        (
            r"接入[^,。;\d]{0,14}(?:平台|互联网|监管系统)[^,。;\d]{0,8}的(?:学校)?(?:食堂)?(?:有|为)?(?:[\d,]+[家所个],?)?$",
            "internet_kitchen_coverage",
        ),
        (r"公办(?:园|幼儿园)[^,。;\d]{0,4}(?:在园)?(?:幼儿|儿童)[\d,.万]+[人名],?$", "public_kindergarten_share"),
        (r"公办(?:园|幼儿园)[^,。;\d]{0,4}(?:在园)?(?:幼儿|儿童|孩子|娃娃?)(?:数|人数)?$", "public_kindergarten_share"),
        (r"普惠[^,。;\d]{0,14}(?:在园)?(?:幼儿|儿童|孩子|娃娃?)(?:数|人数)?$", "inclusive_kindergarten_coverage"),
        (r"全程接种[^,。;\d]{0,14}[\d,]+[人名],?$", "full_vaccination_rate"),
        (r"(?<!未)(?:完成)?全程接种的?(?:儿童|幼儿|新生|学生|孩子)$", "full_vaccination_rate"),
        (r"课桌椅[^。;]{0,20}(?:与)?身高[^,。;]{0,6}(?:相符|符合|匹配)(?:的)?$", "desk_chair_match_rate"),
        (r"(?:照度|采光|照明)[^,。;]{0,10}(?:合格|达标|符合)[^,。;]{0,6}的教室$", "classroom_lighting_rate"),
        (
            r"(?:受过|接受过|上过)[^,。;]{0,4}学前[^,。;]{0,6}教育的?(?:有)?(?:[\d,]+[人名],?)?,?$",
            "preschool_experience_share",
        ),
    )
)


def told_by_predicate(right: str) -> tuple[str, str] | None:
    """(indicator, '') of a share by the words that follow it, or None."""
    return next(((code, "") for pattern, code in _PREDICATES if pattern.match(right)), None)


_EXAMINED = re.compile(
    r"(?:学生|幼儿|儿童)[^,。;\d]{0,6}(?:体检|健康检查)(?:已)?(?:覆盖|做)(?:了|到|面)?(?:为|是|达)?$"
)


def examined_share(words: str) -> tuple[str, str] | None:
    """上学年学生体检覆盖了九成八: (indicator, name) of a share by the verb before it."""
    return ("student_exam_coverage", "率") if _EXAMINED.search(words) else None


_AT_PUBLIC = re.compile(r"公办[^,。;\d]{0,8}就读的?(?:有|共|为|达到?)*[\d,]+[人名],?$")


def told_by_part(who: str, clauses: str, before: str) -> str | None:
    """The indicator of a share by the part that `who`, or the clauses in front of 占, name; `before` is what the paragraph said
    before the sentence (随迁子女2480人。…安排到公办学校就读的2306人,占92.98%)."""
    short = len(who.strip(", ")) <= 8
    for pattern, share in _SHARE_OF:
        if pattern.search(who) or (short and pattern.search(clauses)):
            return share
    migrants = short and re.search("随迁|务工人员", before[-80:]) and _AT_PUBLIC.search(clauses)
    return "migrant_public_place_share" if migrants else None
