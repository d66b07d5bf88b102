"""Forms with units down and indicators across."""

from __future__ import annotations

from tests.etl.sheets.forms.paper import Cell, Form, Pen, Seen, quotient


def _blank(row: list[Cell], width: int) -> list[Cell]:
    return [*row, *[None] * (width - len(row))]


def _line(text: str, width: int) -> list[Cell]:
    return [text, *[">"] * (width - 1)]


def movements(pen: Pen) -> Form:
    """D02: what comes in and what goes out, school by school."""
    heads = (("招生", "entrants"), ("复学", "resumed"), ("转入", "transfer_in"))
    outs = (("毕业", "graduates"), ("休学", "suspended"), ("退学", "withdrawn"), ("转出", "transfer_out"))
    width, year = 10, pen.year
    rows: list[list[Cell]] = [
        _line(f"{pen.county}{year}-{year + 1}学年初小学在校生变动情况表", width),
        _line(f"填报单位:{pen.county}教育局    单位:人", width),
        [pen.pick("学校名称", "学校", "单位名称"), "上学年初报表在校生数", pen.pick("增加学生数", "增加人数"), ">", ">",
         pen.pick("减少学生数", "减少人数"), ">", ">", ">", "本学年初报表在校生数"],
        ["^", "^", *(h for h, _ in heads), *(h for h, _ in outs), "^"],
    ]  # fmt: skip
    sums = [0] * 9
    for school in pen.schools:
        start = pen.n(200, 1900)
        ins, gone = [pen.n(1, 99), pen.n(0, 3), pen.n(0, 20)], [pen.n(1, 90), pen.n(0, 4), pen.n(0, 2), pen.n(0, 20)]
        values = [start, *ins, *gone, start + sum(ins) - sum(gone)]
        sums = [a + b for a, b in zip(sums, values, strict=True)]
        rows.append([school, *_movement_cells(pen, values, school, year, "unit")])
    rows.append(["合计", *_movement_cells(pen, sums, pen.county, year, "total")])
    return Form("movements", rows, pen.county, f"SY{year}")


def _movement_cells(pen: Pen, values: list[int], entity: str, year: int, role: str) -> list[Cell]:
    codes = [
        "enrollment",
        "entrants",
        "resumed",
        "transfer_in",
        "graduates",
        "suspended",
        "withdrawn",
        "transfer_out",
        "enrollment",
    ]
    dims = {"level": "PRI"}
    return [
        Seen(pen.count(v, f"m{n}"), code, v, dims, entity, f"SY{year - 1}" if n == 0 else None, role)
        for n, (v, code) in enumerate(zip(values, codes, strict=True))
    ]


def certificates(pen: Pen) -> Form:
    """D07: the autumn check of vaccination certificates by towns, catch-up by persons and doses."""
    width, year = 11, pen.year
    place = pen.pick("单位", "乡镇", "填报单位", "乡镇(街道)")
    rows: list[list[Cell]] = [
        _line(f"{pen.county}{year}年秋季入托、入学儿童预防接种证查验情况汇总表", width),
        [place, "应查验人数", pen.pick("实查验人数", "实际查验人数"), "有证人数", "无证人数", "需补种", ">", "已补种", ">",
         pen.pick("查验率(%)", "查验率"), "补种率(%)"],
        ["^", "^", "^", "^", "^", "人数", "剂次", "人数", "剂次", "^", "^"],
    ]  # fmt: skip
    sums = [0] * 8
    for town in pen.towns:
        due = pen.n(150, 900)
        done = due - pen.n(1, 9)
        held = done - pen.n(1, 20)
        need, doses = pen.n(20, 60), pen.n(70, 120)
        values = [due, done, held, done - held, need, doses, need - pen.n(1, 5), doses - pen.n(1, 9)]
        sums = [a + b for a, b in zip(sums, values, strict=True)]
        rows.append([town, *_certificate_cells(pen, values, town, "unit")])
    rows.append(["合  计", *_certificate_cells(pen, sums, pen.county, "total")])
    rows.append(_line("注:禁忌者不计入应补种。", width))
    return Form("certificates", rows, pen.county, f"SY{year}-T1")


def _certificate_cells(pen: Pen, v: list[int], entity: str, role: str) -> list[Cell]:
    def count(n: int, code: str, **dims: str) -> Seen:
        unit = "dose" if dims.get("basis") == "dose" else ""
        return Seen(pen.count(v[n], f"c{n}" if n not in (5, 7) else "x"), code, v[n], dims, entity, None, role, unit)

    check, catchup = quotient(v[1], v[0]), quotient(v[7], v[5])
    return [
        count(0, "vac_cert_check_due"), count(1, "vac_cert_check_done"), count(2, "vac_cert_held"), v[3],
        count(4, "vac_catchup_due", basis="person"), count(5, "vac_catchup_due", basis="dose"),
        count(6, "vac_catchup_done", basis="person"), count(7, "vac_catchup_done", basis="dose"),
        Seen(pen.rate(check, "check"), "vac_cert_check_rate", check, {}, entity, None, role),
        Seen(pen.rate(catchup, "catchup"), "vac_catchup_rate", catchup, {"basis": "dose"}, entity, None, role),
    ]  # fmt: skip


def dropout(pen: Pen) -> Form:
    """D05: month by month, suspected, confirmed and brought back."""
    year, width = pen.year, 8
    rows: list[list[Cell]] = [
        _line(f"{pen.county}{year}年控辍保学工作月报表", width),
        ["月份", "学校", "学籍人数", "实到人数", "疑似辍学台账数", "确认辍学", "责任人", "备注"],
    ]
    for month in (3, 4):
        for school in pen.juniors[:3]:
            pupils = pen.n(300, 1200)
            suspected, out, period = pen.n(0, 5), pen.n(0, 3), f"{year}-{month:02}"
            dims = {"level": "JUN"}
            rows.append([
                f"{month}月", school, Seen(pen.count(pupils, "p"), "enrollment", pupils, dims, school, period),
                pupils - pen.n(0, 6), Seen(suspected, "suspected_dropout_count", suspected, dims, school, period),
                Seen(out, "dropout_count", out, dims, school, period), "李×", "零报告",
            ])  # fmt: skip
    return Form("dropout", rows, pen.county, str(year))


def entry(pen: Pen) -> Form:
    """D03: school-age population by villages, total on top, unit and date beside the issuer."""
    year, width = pen.year, 7
    rows: list[list[Cell]] = [
        _line("学龄人口入学情况统计表", width),
        ["填报单位(公章):" + pen.towns[0] + "人民政府", ">", ">", f"填表日期:{year}.9.15", ">", ">", "单位:人、%"],
        ["乡镇(村)", "6-11周岁人口", "已入学", ">", "未入学", ">", "入学率"],
        ["^", "^", "计", "外地就读", "计", "其中:残疾", "^"],
    ]
    people, gone = [pen.n(150, 400) for _ in range(3)], [pen.n(1, 3) for _ in range(3)]
    lines = [("合计", sum(people), sum(gone)), *zip(("河东村", "柳树村", "前营村"), people, gone, strict=True)]
    for name, total, out in lines:
        who, role = (pen.towns[0], "total") if name == "合计" else (name, "unit")
        rate, dims = quotient(total - out, total), {"level": "PRI"}
        rows.append([
            name, Seen(pen.count(total, "p"), "school_age_population", total, dims, who, None, role), total - out, 3,
            Seen(out, "out_of_school_count", out, dims, who, None, role), "/",
            Seen(pen.rate(rate, "r"), "net_enrollment_rate", rate, dims, who, None, role),
        ])  # fmt: skip
    rows += [_line("注:按户籍人口统计,不含外来人口。", width), _line("填表人:×××    审核人:×××", width)]
    return Form("entry", rows, pen.towns[0], f"{year}-09-15")


def retention(pen: Pen) -> Form:
    """D04: a cohort over its rows, the net of its moves in the denominator."""
    year = pen.year
    rows: list[list[Cell]] = [
        _line("初中三年巩固率统计表", 8),
        ["届别", "学校", "3年前招生数", "增加人数", "减少人数", "净增加", "毕业生数", "巩固率"],
    ]
    for n, school in enumerate(pen.juniors):
        start, plus, minus = pen.n(90, 400), pen.n(0, 5), pen.n(1, 9)
        left = start + plus - minus - pen.n(0, 2)
        rate, dims, period = quotient(left, start + plus - minus), {"level": "JUN"}, f"SY{year}"
        rows.append([
            f"{year - 2}级" if n == 0 else "^", school, Seen(start, "entrants", start, dims, school, f"SY{year - 2}"), plus, minus, plus - minus,
            Seen(left, "graduates", left, dims, school, period), Seen(pen.rate(rate, "r"), "retention_rate", rate, dims, school, period),
        ])  # fmt: skip
    return Form("retention", rows, None, f"SY{year}")


def disabled(pen: Pen) -> Form:
    """D06: two groups with the same sub-headers."""
    rows: list[list[Cell]] = [
        _line(f"{pen.county}{pen.year}年残疾儿童情况统计表", 7),
        ["学校名称", "残疾儿童总数", "已入学人数(残疾类型)", ">", ">", "未入学人数", "入学率"],
        ["^", "^", "视力", "智力", "合计", "^", "^"],
    ]
    for school in pen.schools[:3]:
        sight, mind, out = pen.n(1, 4), pen.n(1, 5), pen.n(1, 2)
        rate, dims = quotient(sight + mind, sight + mind + out), {"level": "PRI"}
        rows.append([
            school, sight + mind + out, sight, mind, Seen(sight + mind, "disabled_students", sight + mind, dims, school), Seen(out, "out_of_school_count", out, dims, school),
            Seen(pen.rate(rate, "r"), "disabled_enrollment_rate", rate, dims, school),
        ])  # fmt: skip
    return Form("disabled", rows, pen.county, str(pen.year))


def vaccines(pen: Pen) -> Form:
    """D09a: vaccines across in three header rows, due and given."""
    kinds = (("卡介苗", "BCG", ()), ("脊灰", "Polio", (1, 2, 3)), ("麻腮风", "MMR", (1, 2)))
    heads, subs = ["报告单位"], ["^"]
    lows: list[Cell] = ["^"]
    for group in ("基础免疫应种人数", "基础免疫实种人数"):
        for n, (name, _, doses) in enumerate(kinds):
            for d in doses or (0,):
                heads.append(group if n == 0 and d in (0, 1) else ">")
                subs.append(name if d in (0, 1) else ">")
                lows.append(d or "^")
    rows: list[list[Cell]] = [
        _line(f"{pen.county}{pen.year}年{pen.n(3, 9)}月国家免疫规划疫苗接种情况月报", len(heads)),
        _line("单位:人(剂次)", len(heads)), list(heads), list(subs), lows,
    ]  # fmt: skip
    title = str(rows[0][0])
    period = f"{pen.year}-{int(title.split('年')[1].split('月')[0]):02}"
    for town in pen.towns:
        due = [pen.n(20, 60) for _ in range(6)]
        row: list[Cell] = [town]
        for code, values in (("vaccination_due", due), ("vaccination_given", [v - pen.n(0, 3) for v in due])):
            at = 0
            for _, vaccine, doses in kinds:
                for d in doses or (0,):
                    dims = {"vaccine": vaccine, **({"dose": str(d)} if d else {})}
                    row.append(Seen(values[at], code, values[at], dims, town, period))
                    at += 1
        rows.append(row)
    return Form("vaccines", rows, pen.county, period)


def daily(pen: Pen) -> Form:
    """D21: a school day by day; symptoms overlap and are no observations."""
    year, school = pen.year, pen.schools[0]
    rows: list[list[Cell]] = [
        _line(f"{school}{year}年3月因病缺课日报", 7),
        ["日期", "应到", "实到", "因病缺课", "其中:发热", "咳嗽", "因病缺课率"],
    ]
    for day in (3, 4, 5, 6):
        due, sick = pen.n(300, 900), pen.n(2, 9)
        rate = quotient(sick, due)
        rows.append([f"3.{day:02}", due, due - sick - 1, sick, 1, 1,
                     Seen(f"{rate}%", "sick_absence_rate", rate, {"level": "PRI"}, school, f"{year}-03-{day:02}")])  # fmt: skip
    return Form("daily", rows, school, None)


def kindergarten(pen: Pen) -> Form:
    """D15: a kindergarten month by month; vacation months are blank."""
    year = pen.year
    rows: list[list[Cell]] = [
        _line(f"{pen.county}星光幼儿园{year}年儿童出勤与健康检查统计", 8),
        ["月份", "在册人数", "应出勤天数", "应出勤人次", "实际出勤人次", "出勤率(%)", "体检人数", "体检率(%)"],
    ]
    who = f"{pen.county}星光幼儿园"
    for month in (2, 3, 4, 6):
        if month == 2:
            rows.append(["2月", None, None, None, None, None, None, None])
            continue
        pupils, days = pen.n(200, 400), pen.n(18, 22)
        came, checked, period = pupils * days - pen.n(50, 300), pupils - pen.n(1, 9), f"{year}-{month:02}"
        came_rate, exam, dims = quotient(came, pupils * days), quotient(checked, pupils), {"level": "KG"}
        rows.append([
            f"{month}月", Seen(pupils, "enrollment", pupils, dims, who, period), days, pupils * days, came,
            Seen(came_rate, "attendance_rate", came_rate, dims, who, period), checked,
            Seen(exam, "student_exam_coverage", exam, dims, who, period),
        ])  # fmt: skip
    return Form("kindergarten", rows, who, str(year))


def rooms(pen: Pen) -> Form:
    """D13: single rooms are no observations; the summary under them is."""
    rows: list[list[Cell]] = [
        _line(f"{pen.year}年{pen.county}学校教学环境卫生监测结果", 6),
        ["学校", "学校类别", "教室", "人均面积(m2)", "窗地面积比", "判定"],
        [pen.juniors[0], "初中", "八(3)班", 1.31, "1:5", "不合格"],
        [pen.schools[0], "小学", "二(1)班", 1.4, "1:5", "合格"],
        [None] * 6,
        ["二、监测结果汇总", None, None, None, None, None],
        [
            "学校",
            pen.pick("监测教室数", "抽检教室数"),
            "合格教室数",
            pen.pick("教室采光照明合格率", "采光照明合格率"),
            None,
            None,
        ],
    ]
    for school in pen.schools:
        checked = pen.n(5, 9)
        passed = checked - pen.n(1, 3)
        rate = quotient(passed, checked)
        rows.append(
            [
                school,
                checked,
                passed,
                Seen(f"{rate}%", "classroom_lighting_rate", rate, {"level": "PRI"}, school),
                None,
                None,
            ]
        )
    return Form("rooms", rows, pen.county, str(pen.year))


def canteens(pen: Pen) -> Form:
    """D22 and a row of units under the header; hygiene rates with their counts."""
    unit = pen.pick("row", "label")
    labels = ["食堂个数", "从业人员", "持健康证人数", "健康证持证率", "发现问题", "已整改"]
    units = ["个", "人", "人", "%", "条", "条"]
    heads = labels if unit == "row" else [f"{label}({mark})" for label, mark in zip(labels, units, strict=True)]
    rows: list[list[Cell]] = [
        _line(f"{pen.county}{pen.year}年11月学校食堂管理情况统计表", 7),
        [pen.pick("单 位", "学校名称", "食堂所在学校"), *heads],
        *([["^", *units]] if unit == "row" else []),
    ]
    for school in pen.schools:
        n, staff, found = pen.n(1, 3), pen.n(9, 40), pen.n(3, 12)
        certified, closed, dims = staff - pen.n(1, 3), found - pen.n(0, 2), {"level": "PRI"}
        rate = quotient(certified, staff)
        codes = (
            "canteens",
            "food_handlers",
            "food_handlers_certified",
            "food_handler_cert_rate",
            "hygiene_findings",
            "hygiene_findings_closed",
        )
        values = (n, staff, certified, rate, found, closed)
        rows.append([school, *(Seen(v, c, v, dims, school) for v, c in zip(values, codes, strict=True))])
    return Form("canteens", rows, pen.county, f"{pen.year}-11")


def cost(pen: Pen) -> Form:
    """Fractions formatted as percent, a person-ten-thousand unit in the unit line, a total on top."""
    width, year = 4, pen.year
    rows: list[list[Cell]] = [
        _line(f"{year}年{pen.county}义务教育事业概况", width),
        [None, None, None, "单位:万人、%"],
        ["乡镇", "小学", ">", ">"],
        ["^", "在校生", "招生", "净入学率"],
    ]
    percents = set()
    pupils = [pen.n(100, 400) for _ in pen.towns]
    for n, (name, many) in enumerate([("合计", sum(pupils)), *zip(pen.towns, pupils, strict=True)]):
        who, role = (pen.county, "total") if name == "合计" else (name, "unit")
        new, rate, dims = many // 6, 99 + n / 10, {"level": "PRI"}
        percents.add((len(rows), 3))
        rows.append([
            name, Seen(many / 100, "enrollment", many * 100, dims, who, None, role),
            Seen(new / 100, "entrants", new * 100, dims, who, None, role),
            Seen(rate / 100, "net_enrollment_rate", rate, dims, who, None, role),
        ])  # fmt: skip
    return Form("cost", rows, pen.county, str(year), percents=percents)


WIDE = (
    movements,
    certificates,
    dropout,
    entry,
    retention,
    disabled,
    vaccines,
    daily,
    kindergarten,
    rooms,
    canteens,
    cost,
)
