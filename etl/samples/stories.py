"""What happens in the sample, in one place: pages, demonstrations and tests refer to these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from etl.samples.county import RESTATED_COUNTY, RESTATED_YEAR, World
from etl.samples.enrolment import CAMPAIGN_COUNTY, CAMPAIGN_YEAR, COLLAPSED_DONE, COLLAPSED_DUE, COLLAPSED_SCHOOL
from etl.samples.health import FAILED_CANTEEN_SCHOOL, FAILED_CANTEEN_YEAR, NO_CANTEEN_SCHOOL
from etl.samples.places import MERGE_YEAR, MERGED_NAME, SILENT_TOWN
from etl.samples.reports import Claim, Report
from etl.samples.reports_bureaus import BUREAU_REPORTS
from etl.samples.reports_local import LOCAL_REPORTS

TINY = 30  # pupils; below it a rate says little


@dataclass(frozen=True, slots=True)
class Story:
    """One story: its key, the full names of the units it is about, the periods, and what happens."""

    key: str
    units: tuple[str, ...]
    periods: tuple[str, ...]
    text: str


def build_reports(world: World) -> list[Report]:
    """The twelve narrative reports."""
    return [write(world) for write in (*BUREAU_REPORTS, *LOCAL_REPORTS)]


def contradictions(reports: Sequence[Report]) -> list[Claim]:
    """The figures of the reports that the sheets contradict."""
    return [claim for report in reports for claim in report.claims if claim.contradicts]


def _names(world: World, codes: Iterable[str]) -> tuple[str, ...]:
    chosen = set(codes)
    return tuple(sorted(school.name for school in world.schools if school.code in chosen))


def tell(world: World, reports: Sequence[Report]) -> list[Story]:
    """All stories of a world, the contradictions among them."""
    named = {school.short: school.name for school in world.schools}
    merged = (*(s.name for s in world.schools if s.successor), named[MERGED_NAME])
    tiny = {e.school.code for e in world.enrolments if e.year == 2026 and e.level == "PRI" and e.total < TINY}
    return [
        Story("campaign", (CAMPAIGN_COUNTY,), tuple(f"SY{y}" for y in range(2020, 2026)),
              f"{CAMPAIGN_YEAR}年秋季起开展控辍专项行动,初中辍学率由约1.7%降到0.4%以下。"),
        Story("collapse", (named[COLLAPSED_SCHOOL],), ("SY2025-T1", "SY2026-T1"),
              f"接种证查验由上年的近乎全部降到{COLLAPSED_DUE}人中的{COLLAPSED_DONE}人,不是偶然波动。"),
        Story("canteen", (named[FAILED_CANTEEN_SCHOOL],), (f"SY{FAILED_CANTEEN_YEAR}-T1", f"SY{FAILED_CANTEEN_YEAR + 1}-T1"),
              "食堂检查不合格、评为C级,次年问题销号、复查合格。"),
        Story("merger", merged, (f"SY{MERGE_YEAR - 1}", f"SY{MERGE_YEAR}"), "两所村小并入新设的联合小学,旧校失效,后继单位相连。"),
        Story("silent_town", (SILENT_TOWN,), ("SY2026-T1",), "全乡学校没有上报2026年秋季的查验和食堂检查。"),
        Story("missing", _names(world, world.missing), ("SY2026-T1",), "未上报2026年秋季查验和食堂检查的学校,含全乡未报的学校。"),
        Story("late", _names(world, world.late), ("SY2026-T1",), "截止日期之后补报的学校。"),
        Story("restated", (RESTATED_COUNTY, *_names(world, world.restated)), (f"SY{RESTATED_YEAR}",),
              "首次填报漏计小学转出人数,次年三月更正在校生数。"),
        Story("tiny", _names(world, tiny), ("SY2026",), f"在校生不足{TINY}人的小学,比率不宜比较。"),
        Story("no_canteen", (named[NO_CANTEEN_SCHOOL],), ("SY2026-T1",), "没有食堂,食堂类指标不适用。"),
        *(Story(f"contradiction_{n}", (claim.unit,), (claim.period,),
                f"{claim.report}:{claim.indicator}写作{claim.stated:g},表中为{claim.truth:g}。")
          for n, claim in enumerate(contradictions(reports), 1)),
    ]  # fmt: skip
