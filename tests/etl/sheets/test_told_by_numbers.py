"""Columns and rows that their numbers tell: counts of a known rate, rates beside what a row counts, headings of a bare rate."""

from __future__ import annotations

import pytest

from tests.etl.sheets.telling import lines, read


def test_the_counts_that_a_known_rate_is_made_of_need_no_name() -> None:
    found = read(
        """
        鹤洲区2025年秋季入托入学查验汇总表
        街道 | 机构类型 | 查验 | > | > | 持证 | > | >
        ^ | ^ | 应查 | 实查 | 查验率(%) | 带来的 | 没带的 | 持证率(%)
        桥南街道 | 幼儿园 | 842 | 842 | 100 | 833 | 9 | 98.93
        ^ | 小学 | 1034 | 1031 | 99.71 | 1019 | 12 | 98.84
        龙渚街道 | 幼儿园 | 517 | 515 | 99.61 | 508 | 7 | 98.64
        ^ | 小学 | 688 | 688 | 100 | 681 | 7 | 98.98
        """
    )
    held = [line.split()[:2] for line in found if "vac_cert_held{" in line]
    assert held == [
        ["F4", "vac_cert_held{level=KG}=833"], ["F5", "vac_cert_held{level=PRI}=1019"],
        ["F6", "vac_cert_held{level=KG}=508"], ["F7", "vac_cert_held{level=PRI}=681"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "numbers"),
    [
        ("党员", (833, 1019, 508)),  # of other people, whatever their number
        ("带来的", (833, 1020, 508)),  # one line in which the rate is another
    ],
)
def test_a_count_that_fits_by_chance_or_in_part_stays_without_a_name(heading: str, numbers: tuple[int, ...]) -> None:
    rows = zip(("双塔小学", "清溪小学", "石板小学"), (842, 1031, 515), numbers, (98.93, 98.84, 98.64), strict=True)
    table = "\n".join(" | ".join(map(str, row)) for row in rows)
    found = read(f"鹤洲区2025年秋季小学入学查验汇总表\n学校 | 实查验人数 | {heading} | 持证率(%)\n{table}")
    assert not any("vac_cert_held{" in line for line in found)
    assert sum("vac_cert_held_rate{" in line for line in found) == 3


def test_pieces_of_tableware_are_no_units_that_were_inspected() -> None:
    found = read(
        """
        龙潭镇中心小学食堂月度台账(2025年秋季学期)
        月份 | 餐具消毒抽查 | > | >
        ^ | 件 | 合格 | 合格率
        9月 | 60 | 57 | 95
        10月 | 60 | 59 | 98.3
        11月 | 80 | 78 | 97.5
        """
    )
    assert [line.split()[1] for line in found] == [
        f"tableware_pass_rate{{level=PRI}}={value}" for value in ("95", "98.3", "97.5")
    ]  # fmt: skip


def test_a_share_under_the_name_of_a_count_is_the_rate_of_that_count() -> None:
    found = read(
        """
        梧溪街道中心幼儿园2025学年第一学期幼儿到园汇总
        月份 | 应到(人次) | 缺席情况(人次) | > | 全程接种 | >
        ^ | ^ | 因病 | 占应到% | 人 | %
        9月 | 6006 | 301 | 5.01 | 283 | 98.95
        """
    )
    assert [line.split()[1] for line in found] == [
        "sick_absence_rate{level=KG}=5.01", "full_vaccination_rate{level=KG}=98.95",
    ]  # fmt: skip


def test_a_column_of_shares_beside_findings_holds_the_rate_of_each_row() -> None:
    found = read(
        """
        梧溪街道中心幼儿园2025年秋季健康体检结果
        项目 | 人数 | 占比
        在园幼儿 | 289 | 100%
        实检幼儿 | 284 | 98.3%
        检出龋齿 | 71 | 25.0%
        肥胖 | 13 | 4.6%
        视力不良 | 37 | 13.0%
        受伤 | 3 | 1.1%
        """
    )
    assert [line.replace(" percent 梧溪街道中心幼儿园 SY2025-T1", "") for line in found[1:]] == lines(
        """
        C4 student_exam_coverage{level=KG}=98.3 284/289@B4/B3
        C5 caries_rate{level=KG}=25 71/284@B5/B4
        C6 obesity_rate{level=KG}=4.6 13/284@B6/B4
        C7 low_vision_rate{level=KG}=13 37/284@B7/B4
        """
    )
    assert found[0].startswith("B3 enrollment{level=KG}=289")


def test_girls_after_the_pupils_of_a_card_are_some_of_them() -> None:
    found = read(
        """
        2025—2026学年学校基本情况
        学校名称 | 凌海湾市特殊教育学校 | 办学类型 | 特殊教育
        学生总数 | 96名 | 女生 | 37名
        """
    )
    assert [line.split()[1] for line in found] == ["enrollment{level=SPE}=96", "enrollment{level=SPE;sex=F}=37"]
