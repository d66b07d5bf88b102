"""Forms that are not units down and indicators across."""

from __future__ import annotations

from tests.etl.sheets.forms.paper import Cell, Form, Pen, Seen, quotient
from tests.etl.sheets.forms.wide import _line


def breakdown(pen: Pen) -> Form:
    """D01: the ministry's table, area and sponsor down, grades across, two languages."""
    year = pen.year
    rows: list[list[Cell]] = [
        _line(f"{pen.county}{year}-{year + 1}学年初小学学生数 Number of Students in Primary Schools", 6),
        [None, None, None, None, None, "单位:人 Unit: in Person"],
        ["项目", "毕业生数", "招生数", "在校学生数", ">", ">"],
        ["^", "^", "^", "合计", "其中:女", "一年级"],
    ]
    groups: tuple[tuple[str, dict[str, str], str], ...] = (
        ("总计 Total", {}, "total"), ("城区", {"area": "urban"}, "unit"), ("  教育部门", {"area": "urban", "sponsor": "public"}, "unit"),
        ("镇区", {"area": "town"}, "unit"), ("  民办", {"area": "town", "sponsor": "private"}, "unit"),
    )  # fmt: skip
    for name, dims, role in groups:
        many, girls, first = pen.n(2000, 6000), pen.n(900, 1900), pen.n(300, 700)
        base, flow = {"level": "PRI", **dims}, not dims
        rows.append([
            name, Seen(pen.count(300, "g"), "graduates", 300, base, None, None, role) if flow else 300,
            Seen(pen.count(310, "e"), "entrants", 310, base, None, None, role) if flow else 310,
            Seen(pen.count(many, "p"), "enrollment", many, base, None, None, role),
            Seen(girls, "enrollment", girls, {**base, "sex": "F"}, None, None, role),
            Seen(first, "enrollment", first, {**base, "grade": "1"}, None, None, role),
        ])  # fmt: skip
    return Form("breakdown", rows, pen.county, f"SY{year}")


def doses(pen: Pen) -> Form:
    """D09b: vaccine and dose down, the vaccine merged over its doses."""
    rows: list[list[Cell]] = [
        _line(f"{pen.county}{pen.year}年第一季度国家免疫规划疫苗接种情况", 5),
        ["疫苗及剂次", ">", "应种人数", "受种人数", "接种率(%)"],
    ]
    for name, code, many in (("乙肝疫苗", "HepB", 3), ("百白破疫苗", "DTaP", 4), ("甲肝疫苗", "HepA", 1)):
        for dose in range(1, many + 1):
            due = pen.n(40, 90)
            given = due - pen.n(1, 4)
            rate, dims = quotient(given, due), {"vaccine": code, "dose": str(dose)}
            rows.append([
                name if dose == 1 else "^", dose, Seen(due, "vaccination_due", due, dims),
                Seen(given, "vaccination_given", given, dims), Seen(rate, "vaccination_coverage", rate, dims),
            ])  # fmt: skip
    return Form("doses", rows, pen.county, f"{pen.year}-Q1")


def inspection(pen: Pen) -> Form:
    """D10: items down with number and unit in the label, kinds of schools across."""
    rows: list[list[Cell]] = [
        [f"县名:{pen.county}", ">", ">", f"填表日期:{pen.year}年3月29日", ">"],
        ["项 目", ">", "托幼机构", "小学", "合计"],
    ]
    items: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("1.辖区内学校数(个)", "schools", {}), ("2.辖区内学校食堂数(个)", "canteens", {}), ("3.从业人员人数(人)", "food_handlers", {}),
        ("4.具有健康证明人数(人)", "food_handlers_certified", {}), ("5.发现问题数(条)", "hygiene_findings", {}),
    )  # fmt: skip
    for label, code, dims in items:
        a, b = pen.n(20, 200), pen.n(20, 200)
        rows.append([label, ">", Seen(a, code, a, {"level": "KG", **dims}), Seen(b, code, b, {"level": "PRI", **dims}),
                     Seen(a + b, code, a + b, dims, role="total")])  # fmt: skip
    for n, grade in enumerate("ABC"):
        a, b = pen.n(5, 30), pen.n(5, 30)
        dims = {"grade_abc": grade}
        rows.append(["6.量化分级管理情况" if n == 0 else "^", f"{grade}级学校数(个)",
                     Seen(a, "canteen_graded_count", a, {"level": "KG", **dims}), Seen(b, "canteen_graded_count", b, {"level": "PRI", **dims}),
                     Seen(a + b, "canteen_graded_count", a + b, dims, role="total")])  # fmt: skip
    return Form("inspection", rows, pen.county, f"{pen.year}-03-29")


def score(pen: Pen) -> Form:
    """D11: marks of one school per sheet; only the sum is an indicator."""

    def one(n: int) -> Form:
        school, mark = pen.schools[n], pen.n(50, 79)
        rows: list[list[Cell]] = [
            [f"学校名称:{school}", ">", "负责人:", ">", f"评价日期:{pen.year}年 5月 {n + 8}日"],
            ["项目(80分)", "评价指标", "分值", "实际得分", "单项合计"],
            ["传染病预防控制管理(15分)", "有晨检制度", 2, 2, 12.5],
            ["^", "有专人负责疫情报告", 2, 1, "^"],
            ["合计", ">", 80, Seen(mark + 0.5, "hygiene_score", mark + 0.5, {"level": "PRI"}, school), None],
        ]
        return Form("score", rows, school, f"{pen.year}-05-{n + 8:02}", sheet=school)

    form = one(0)
    form.more = [one(1), one(2)]
    return form


def plan(pen: Pen) -> Form:
    """D17: the base year is an observation, the target years are not."""
    year = pen.year
    rows: list[list[Cell]] = [
        _line(f"{pen.county}教育事业发展规划主要指标", 4),
        ["指 标", f"{year}年", f"{year + 5}年", "属性"],
        ["一、普及水平", None, None, None],
        ["1.学前教育毛入园率(%)", Seen(91.3, "gross_enrollment_rate", 91.3, {"level": "KG"}), "95以上", "预期性"],
        ["2.九年义务教育巩固率(%)", Seen("97.1%", "retention_rate", 97.1, {"level": "CE"}), "98%以上", "约束性"],
        ["3.高中阶段毛入学率(%)", Seen(93.2, "gross_enrollment_rate", 93.2, {"level": "SEN"}), 95, "预期性"],
    ]
    return Form("plan", rows, pen.county, str(year))


def card(pen: Pen) -> Form:
    """D18: label and value side by side, one school per card, one or more cards per sheet."""
    rows: list[list[Cell]] = [_line(f"一校一档({pen.year}-{pen.year + 1}学年)", 6)]
    for school in pen.schools[: pen.n(1, 3)]:
        many, staff = pen.n(200, 900), pen.n(30, 60)
        dims = {"level": "PRI"}
        rows += [
            ["学校名称", school, "学校标识码", f"21430{pen.n(10000, 99999)}", "办学类型", "小学"],
            ["驻地城乡类型", "镇区(121)", "举办者", "教育部门", "在校生(人)", Seen(pen.count(many, "p"), "enrollment", many, dims, school)],
            ["教学班(个)", Seen(12, "classes", 12, dims, school), "教职工总数", Seen(staff, "staff", staff, dims, school),
             "其中:专任教师", Seen(staff - 3, "teachers", staff - 3, dims, school)],
            [None] * 6,
        ]  # fmt: skip
    return Form("card", rows, None, f"SY{pen.year}")


def export(pen: Pen) -> Form:
    """D19: one value per row."""
    year = pen.year
    rows: list[list[Cell]] = [
        ["机构代码", "机构名称", "指标代码", "指标名称", "期间", "性别", "数值", "单位", "填报时间"]
    ]
    for n, school in enumerate(pen.schools):
        for name, code, sex in (
            ("在校生数", "enrollment", "合计"),
            ("在校生数", "enrollment", "女"),
            ("招生数", "entrants", "合计"),
            ("转出人数", "transfer_out", "合计"),
        ):
            value = pen.n(30, 900)
            dims = {"level": "PRI", **({"sex": "F"} if sex == "女" else {})}
            rows.append([f"21430001{n:02}", school, f"P{n}", name, f"{year}-{year + 1}学年", sex,
                         Seen(pen.count(value, name), code, value, dims, school), "人", f"{year}-09-18 09:12"])  # fmt: skip
    return Form("export", rows, None, f"SY{year}")


def years(pen: Pen) -> Form:
    """D20: years across with rank, change, mean and target beside them."""
    year = pen.year
    rows: list[list[Cell]] = [
        _line(f"{pen.county}教育指标年度对比表", 8),
        ["指标", "单位", f"{year - 1}年", f"{year}年", "同比", "全市排名", "全省平均", "目标值"],
    ]
    for name, code, dims, unit in (
        ("九年义务教育巩固率", "retention_rate", {"level": "CE"}, "%"), ("小学在校生数", "enrollment", {"level": "PRI"}, "人"),
        ("初中辍学率", "dropout_rate", {"level": "JUN"}, "%"),
    ):  # fmt: skip
        low, high = (
            (pen.n(3000, 5000), pen.n(3000, 5000)) if unit == "人" else (0.12, 0.15) if "辍" in name else (95.1, 96.4)
        )
        rows.append([name, unit, Seen(low, code, low, dims, None, str(year - 1)), Seen(high, code, high, dims, None, str(year)),
                     "+0.3个百分点", "4/11", 96, 96])  # fmt: skip
    return Form("years", rows, pen.county, str(year))


def terms(pen: Pen) -> Form:
    """Terms across under their school years."""
    year = pen.year
    rows: list[list[Cell]] = [
        _line(f"{pen.county}初中学校分学期学生情况(单位:人)", 5),
        ["学校", f"{year}-{year + 1}学年", ">", ">", ">"],
        ["^", "秋季学期", ">", "春季学期", ">"],
        ["^", "在校生", pen.pick("寄宿生", "住校生", "住宿生"), "在校生", "留守儿童"],
    ]
    for school in pen.juniors:
        a, b, c, d = (pen.n(90, 700) for _ in range(4))
        dims, one, two = {"level": "JUN"}, f"SY{year}-T1", f"SY{year}-T2"
        rows.append([school, Seen(a, "enrollment", a, dims, school, one), Seen(b, "boarders", b, dims, school, one),
                     Seen(c, "enrollment", c, dims, school, two), Seen(d, "left_behind_children", d, dims, school, two)])  # fmt: skip
    return Form("terms", rows, pen.county, None)


def across(pen: Pen) -> Form:
    """Indicators down, towns across, a closing column of the county."""
    rows: list[list[Cell]] = [
        _line(f"{pen.county}{pen.year}年教育卫生监测指标一览表", 8),
        ["类别", "指标名称", "单位", *pen.towns, "全县"],
    ]
    for kind, name, code in (("卫生", "晨检制度建立率", "morning_check_system_rate"), ("卫生", "生活饮用水水质合格率", "water_quality_pass_rate"),
                             ("控辍", "辍学人数", "dropout_count")):  # fmt: skip
        values = [pen.n(1, 4) if code == "dropout_count" else 90 + pen.n(0, 90) / 10 for _ in pen.towns]
        whole = sum(values) if code == "dropout_count" else 94.5
        rows.append([kind if name != "生活饮用水水质合格率" else "^", name, "人" if code == "dropout_count" else "%",
                     *(Seen(v, code, v, {}, town) for v, town in zip(values, pen.towns, strict=True)),
                     Seen(whole, code, whole, {}, pen.county, role="total")])  # fmt: skip
    return Form("across", rows, pen.county, str(pen.year))


def beside(pen: Pen) -> Form:
    """Two blocks side by side with a gap, each with its own caption."""
    year = pen.year
    heads: list[Cell] = ["学校", "学年初在校生", "辍学人数", "辍学率(%)"]
    rows: list[list[Cell]] = [
        _line(f"{pen.county}{year}-{year + 1}学年控辍保学情况统计", 9),
        ["小学部分", ">", ">", ">", None, "初中部分", ">", ">", ">"],
        [*heads, None, *heads],
    ]

    def block(name: str, level: str) -> list[Cell]:
        many, out = pen.n(400, 900), pen.n(1, 3)
        rate, dims = quotient(out, many), {"level": level}
        return [name, Seen(many, "enrollment", many, dims, name), Seen(out, "dropout_count", out, dims, name),
                Seen(rate, "dropout_rate", rate, dims, name)]  # fmt: skip

    for school, junior in zip(pen.schools, pen.juniors, strict=True):
        rows.append([*block(school, "PRI"), None, *block(junior, "JUN")])
    return Form("beside", rows, pen.county, f"SY{year}")


def stacked(pen: Pen) -> Form:
    """Different tables one under another, a ledger among them."""
    rows: list[list[Cell]] = [
        _line(f"{pen.county}{pen.year}年春季学校检查情况", 6),
        ["一、检查情况", None, None, None, None, None],
        ["学校", "检查户次", "发现问题数", "已整改数", "整改率", None],
    ]
    for school in pen.schools:
        found = pen.n(4, 20)
        closed = found - pen.n(0, 3)
        rate, dims = quotient(closed, found), {"level": "PRI"}
        rows.append([school, Seen(2, "hygiene_visits", 2, dims, school), Seen(found, "hygiene_findings", found, dims, school),
                     Seen(closed, "hygiene_findings_closed", closed, dims, school), Seen(f"{rate}%", "hygiene_rectification_rate", rate, dims, school), None])  # fmt: skip
    rows += [
        [None] * 6,
        ["二、问题台账", None, None, None, None, None],
        ["序号", "学校", "问题描述", "整改措施", "责任人", "是否销号"],
        [1, pen.schools[0], "留样不足;无台账", "立即补足", "王×", "是"],
        [2, pen.schools[1], "防蝇设施破损", "更换", "王×", "否"],
    ]
    return Form("stacked", rows, pen.county, f"SY{pen.year - 1}-T2")


def yearly_sheets(pen: Pen) -> Form:
    """One sheet per year, the year only in its name; a district's total last."""

    def one(year: int) -> Form:
        rows: list[list[Cell]] = [
            _line(f"{pen.county}高中阶段教育发展情况", 3),
            ["乡镇", "15-17周岁人口", "高中阶段在校生"],
        ]
        dims = {"level": "SEN"}
        for town in pen.towns:
            a = pen.n(500, 900)
            rows.append(
                [town, Seen(a, "school_age_population", a, dims, town), Seen(a - 50, "enrollment", a - 50, dims, town)]
            )
        rows.append(["全县", Seen(3000, "school_age_population", 3000, dims, pen.county, role="total"),
                     Seen(2800, "enrollment", 2800, dims, pen.county, role="total")])  # fmt: skip
        return Form("yearly_sheets", rows, pen.county, str(year), sheet=f"{year}年")

    form = one(pen.year)
    form.more = [one(pen.year - 1)]
    return form


def pivot(pen: Pen) -> Form:
    """What a pivot table exports: towns over their indented schools."""
    rows: list[list[Cell]] = [
        ["学年", f"{pen.year}-{pen.year + 1}", None],
        [None] * 3,
        ["行标签", "求和项:在校生数", "求和项:班数"],
    ]
    for town in pen.towns[:2]:
        a, b = pen.n(100, 500), pen.n(100, 500)
        rows.append(
            [
                town,
                Seen(a + b, "enrollment", a + b, {}, town, role="total"),
                Seen(22, "classes", 22, {}, town, role="total"),
            ]
        )
        for n, many in ((1, a), (2, b)):
            name, dims = f"{town[:-1]}第{n}小学", {"level": "PRI"}
            rows.append(
                [f"    {name}", Seen(many, "enrollment", many, dims, name), Seen(11, "classes", 11, dims, name)]
            )
    return Form("pivot", rows, None, f"SY{pen.year}")


OTHER = (
    breakdown,
    doses,
    inspection,
    score,
    plan,
    card,
    export,
    years,
    terms,
    across,
    beside,
    stacked,
    yearly_sheets,
    pivot,
)
