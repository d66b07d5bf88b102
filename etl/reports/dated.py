"""When a report was written and what time it is about: its date lines, title, opening and headings."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from etl.reports.anchors import Anchor
from etl.reports.dims import NEARBY
from etl.reports.periods import NUMERAL, YEAR, day_code, find_periods, month_code, year_of
from etl.reports.seek import matches

_TITLE_DAY = re.compile(rf"^[(]?\s*(?P<a>{YEAR})\s*年\s*(?P<m>{NUMERAL})\s*月\s*(?P<d>{NUMERAL})\s*日\s*[)]?$")
_ISO_DAY = re.compile(r"^[(]?(?P<a>(?:19|20)\d{2})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})[)]?$")


_PUBLISHED = re.compile(
    r"^(?:(?:发布|发文|成文)?(?:时间|日期)\s*[::]\s*)?(?P<day>(?:19|20)\d{2}(?:年\d{1,2}月\d{1,2}日|[-./]\d{1,2}[-./]\d{1,2}))"
    r"(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?\s*(?=来源|浏览|作者|字号|编辑|阅读|点击|$)"
)


# 时间:2024年4月2日上午9:00 地点:…
_HELD_ON = re.compile(
    r"^\s*(?:会议|检查|活动)?(?:时间|日期)\s*[::]\s*(?P<day>(?:19|20)\d{2}年\d{1,2}月\d{1,2}日)(?!\s*[-—~至到])"
)


# (二〇二一年十月十二日,根据录音整理)
_NOTED_DAY = re.compile(
    r"[(](?P<day>[^(),、 \d]{2,6}年[^(),]{1,3}月[^(),]{1,3}日|(?:19|20)\d\d年\d{1,2}月\d{1,2}日)[,、; ][^()]{2,40}[)]$"
)
# 来源:南亭镇人民政府  2021-09-10
_SOURCED = re.compile(
    r"(?:来源|作者|供稿|发布|编辑|单位)[^。;,]{2,30}?(?P<day>(?:19|20)\d{2}(?:年\d{1,2}月\d{1,2}日|[-./]\d{1,2}[-./]\d{1,2}))(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?$"
)
# 宁溪县教育局局长 张远航 (2025年2月20日)
_SPOKEN_ON = re.compile(
    r"[^。;,:()]{2,24}(?:局长|主任|书记|[县区市乡镇]长|校长|园长|主席|科长|股长|站长|同志)[^。;,:()]{0,10}[(](?P<day>(?:19|20|二)[^(),、 ]{4,12}日)[)]$"
)
# 来源:秀水教育网 作者:… 时间:2025-09-02 16:35 点击:3087次
_PAGE_META = re.compile(
    r"(?=[^。]{1,100}$)(?=.*(?:来源|作者|编辑|供稿|点击|浏览|阅读|打印|字体))[^。]*?(?:时间|日期)\s*[::]\s*(?P<day>(?:19|20)\d{2}(?:年\d{1,2}月\d{1,2}日|[-./]\d{1,2}[-./]\d{1,2}))"
)
# 2022年11月15日至18日,…对松峦县进行了实地督导
_INSPECTED_ON = re.compile(
    rf"(?P<a>{YEAR})年(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日?(?:-|—|–|~|至|到)+(?:(?P<n>\d{{1,2}})月)?(?P<e>\d{{1,2}})日"
    r"[^。;]{0,80}?(?:督导|检查|评估|核查|抽查|验收|监测|体检|调研|督查|查验|筛查|复核)"
)


# 截至2023年6月底,有9项达到进度: the day of which a report tells in its opening
_AS_OF = re.compile(rf"截[至止]到?(?:(?P<a>{YEAR})年)?(?P<m>\d{{1,2}})月(?:(?P<d>\d{{1,2}})日|底|末)")


def _last_year_with(month: int, written: date | None) -> int:
    """The year of a month that a report written on a day names without one: 截至9月30日 in October, 截至12月底 in January."""
    return 0 if written is None else written.year - (month > written.month)


def as_of(lines: Sequence[str], written: date | None) -> date | None:
    """The day up to which a report counts, told in its opening within half a year before it was written."""
    for line in lines:
        if "截" not in line or (found := _AS_OF.search(line)) is None:
            continue
        month = int(found["m"])
        if found["a"] is None and written is None:
            continue
        year = year_of(found["a"]) if found["a"] else _last_year_with(month, written)
        try:
            day = date(year, month, int(found["d"]) if found["d"] else monthrange(year, month)[1])
        except ValueError:
            continue
        return day if written is None or 0 <= (written - day).days <= 184 else None
    return None


def inspected_on(lines: Sequence[str], written: date | None) -> date | None:
    """The last day of the inspection on which a report tells in its opening, if it was written within two months."""
    for line in lines:
        if "日" not in line or (found := _INSPECTED_ON.search(line)) is None:
            continue
        try:
            day = date(year_of(found["a"]), int(found["n"] or found["m"]), int(found["e"]))
        except ValueError:
            continue
        if written is not None and 0 <= (written - day).days <= 62:
            return day
    return None


# 2023年11月8日下午,副区长…主持召开调度会,听取…
_MET_ON = re.compile(
    rf"(?P<of>(?:本次)?(?:会议|座谈会|调度会|发布会|听证会))?(?:于|在)?(?P<a>{YEAR})年(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日"
    "(?:[上下]午|晚上?)?,?(?!前)[^。;]{0,80}?(?:召开|举行|主持|出席|参加|听取)(?(of)|[^。;]{0,40}?(?:会|汇报|发布|座谈|听证))"
)


def met_on(lines: Sequence[str]) -> date | None:
    """The day of the meeting with which minutes or a record open, if nothing else dates them."""
    for line in lines:
        if "日" in line and (found := _MET_ON.match(line)):
            code = day_code(found, Anchor())
            return date.fromisoformat(code) if code else None
    return None


def campaign_period(line: str) -> str | None:
    """The year of a sentence that tells when the work reported on was done (我园于2022年9月至11月…开展查验)."""
    found = re.search(
        r"(?:[我本][市县区镇乡校园局中心]{1,2})?于((?:19|20)\d{2})年(?:\d{1,2}月)?[^,。;]{0,14}(?:对|开展|组织|在)",
        line,
    )
    return found[1] if found else None


_DAY_SIGN = re.compile(r"[日\-./](?:(?<=日)|(?=\d))")


def day_line(line: str) -> date | None:
    """The day of a line that holds nothing else (二〇一八年五月三日, (2012年5月22日))."""
    if not _DAY_SIGN.search(line):
        return None
    signed = re.match(
        r"^[(][^()\d]{2,40}?[,、 ]*(?=(?:19|20|二)[^,、 ]+[)]$)", line.strip()
    )  # (县教育局,二〇二四年四月十二日)
    line = line.strip()[signed.end() :] if signed else line
    for pattern in (_NOTED_DAY, _SPOKEN_ON, _SOURCED, _PAGE_META, _PUBLISHED, _HELD_ON):
        told = pattern.match(line.strip())
        line = told["day"] if told else line
    found = _TITLE_DAY.match(line.strip()) or _ISO_DAY.match(line.strip())
    code = day_code(found, Anchor()) if found else None
    return date.fromisoformat(code) if code else None


_MONTH_ALONE = re.compile(rf"[(]?(?P<a>{YEAR})年(?P<m>{NUMERAL})月[)]?")


def month_line(line: str) -> str | None:
    """The month of a line that holds nothing else (二〇一九年十二月)."""
    found = _MONTH_ALONE.fullmatch(line.strip())
    return month_code(found, Anchor()) if found else None


def opening_period(line: str) -> str | None:
    """The year or term with which the body of a report begins (2024年,全区… -> 2024)."""
    first = next((s for s in find_periods(line[:30], Anchor()) if s.absolute and s.code and s.start == 0), None)
    if first is None or first.baseline or not re.match("[,,全我]", line[first.end :]):
        return None
    return first.code if first.code and not re.match(r"\d{4}-\d\d", first.code) else None


def told_of_last_year(texts: Sequence[str], day: date) -> str | None:
    """The year before, of which a speech or summary of January to March tells: it says 全年 and 去年 or 一年来, and counts
    up to no day."""
    whole = "".join(texts)
    heads = "".join(line for line in texts[:3] if len(line) <= 40)
    if day.month > 3 or not re.search("讲话|发言", heads) or re.search("截[至止]|本学期|寒假", whole):
        return None
    return str(day.year - 1) if "全年" in whole and re.search("去年|一年来|过去一年", whole) else None


# 除另有说明外,本报告采用2023—2024学年教育事业统计数据
_SOURCE = re.compile(
    rf"(?:本(?:报告|反馈意见|反馈|意见|通报|材料|资料|简报|文)|所列|以下|文中|各项)[^。;]{{0,16}}(?:采用|使用|引用|依据|来自|来源于|均为|为|以)"
    rf"(?:的是)?(?P<when>{YEAR}[^。;,]{{0,10}}?(?:学年度?|年度?))[^。;,\d]{{0,14}}(?:统计|报表|年报|事业|数据|初数)"
)


def source_period(lines: Sequence[str]) -> str | None:
    """The year or school year whose statistics a report says that it uses."""
    for line in lines[:14]:
        if found := _SOURCE.search(line):
            return title_period(found["when"])
    return None


_ON_PLAN = re.compile("十[一二三四五六]五.{0,20}(?:评估|实施情况|执行情况|完成情况|总结)")


def plan_year(title: str, spoken: str | None) -> str | None:
    """The year at whose end stands the plan of which a report signed with a month only gives account."""
    month = re.fullmatch(r"(\d{4})-\d\d", spoken or "")
    return month[1] if month and _ON_PLAN.search(title) else spoken


_LOOKS_BACK = re.compile("回顾|工作(?:情况|总结|成绩|成效|进展)|完成情况|基本情况|主要(?:工作|成绩|成效)|取得|总体情况")


@lru_cache(maxsize=NEARBY)
def heading_period(headings: tuple[str, ...], anchor: Anchor) -> str | None:
    """The period of the nearest heading that looks back on one (一、2021年工作回顾)."""
    for heading in reversed(headings):
        if re.search(r"\d|[去上]年|过去", heading) and (back := _LOOKS_BACK.search(heading)):
            spans = [x for x in find_periods(heading, anchor) if x.code and not x.baseline and x.start < back.start()]
            if spans:
                return spans[0].code
    return None


def latest_year(text: str) -> tuple[int | None, int | None]:
    """The latest year of a text that no 到 makes an aim (增加到 makes none), and that year again if the text reports on
    it (`_reports_on`); None when it names none."""
    told = [
        found
        for found in matches(_CENTURY, _TOLD_YEAR, text)
        if not _HISTORY.search(text[max(0, found.start() - 12) : found.start()])
    ]
    latest = max((int(found[1]) for found in told), default=None)
    return latest, latest if latest is not None and _reports_on(text, latest) else None


def _reports_on(text: str, year: int) -> bool:
    """Whether a clause of a text begins with a year or something has risen or fallen to it."""
    return any(
        not found.start() or _BEGUN.search(text[max(0, found.start() - 2) : found.start()])
        for found in re.finditer(rf"{year}年(?!的?\d|\()", text)
    )


_BEGUN = re.compile(r"(?:[。;,:\n于在]|[升高加降低少][到至])$")
_CENTURY = re.compile(r"(?:19|20)(?=\d\d年)")
_TOLD_YEAR = re.compile(
    r"(?<!\d)(?:(?<![到至])|(?<=[加高升降少低长][到至]))((?:19|20)\d{2})(?=年)"
    r"(?!年(?:\d{1,2}月)?(?:\d{1,2}日)?,?(?:被|获|荣|创办|始建|建校|建园|建成|成立|印发|颁布|修订|通过|发布|新?教师节))"
)
_HISTORY = re.compile(r"(?:创办|始建|创建|建立|成立|建校|建园|开办|建|生|印发|颁布|修订|迁)于?$|《[^》]*$|[〔\[(]$")


def title_period(title: str) -> str | None:
    """The period that a title names: 2019年秋季开学工作汇报 -> SY2019-T1."""
    spans = [s for s in find_periods(title, Anchor()) if s.absolute and s.code]
    return spans[0].code if spans else None


_NO_HEAD = re.compile("[。;,%]|来源:|发布(?:时间|日期)")


def titled_period(heads: Sequence[str], texts: Sequence[str]) -> str | None:
    """The period that a title names, or the sentence with which a report begins (现将我县2019年…工作情况)."""
    for line in heads:
        plain = len(line) <= 60 and not _NO_HEAD.search(line)
        if plain and not day_line(line) and (period := title_period(line)):
            return period
    opening = re.search(r"现将(?:我[县区市镇乡校园局])?([^,。]{4,16}?)(?:工作|开展|落实|情况|的)", "".join(texts[:6]))
    return title_period(opening[1]) if opening else None
