"""Each main layout, drawn with invented numbers, against the mentions that a person would read off it."""

from __future__ import annotations

import pytest

from db.catalogue import load_catalogue
from etl.sheets import extract_sheets
from tests.etl.sheets.drawings import DRAWINGS
from tests.etl.sheets.notation import grid, reading
from tests.etl.sheets.telling import lines, told

EXPECTED = {
    "movements": """
        B5 enrollment{level=PRI}=1240 person 柳林一小 SY2021
        C5 entrants{level=PRI}=201 person 柳林一小 SY2022
        D5 resumed{level=PRI}=1 person 柳林一小 SY2022
        E5 transfer_in{level=PRI}=17 person 柳林一小 SY2022
        G5 graduates{level=PRI}=198 person 柳林一小 SY2022
        I5 suspended{level=PRI}=2 person 柳林一小 SY2022
        J5 withdrawn{level=PRI}=0 person 柳林一小 SY2022
        L5 transfer_out{level=PRI}=9 person 柳林一小 SY2022
        N5 enrollment{level=PRI}=1250 person 柳林一小 SY2022
        B6 enrollment{}=806 person 石桥中学 SY2021
        C6 entrants{}=255 person 石桥中学 SY2022
        E6 transfer_in{}=6 person 石桥中学 SY2022
        G6 graduates{}=260 person 石桥中学 SY2022
        I6 suspended{}=3 person 石桥中学 SY2022
        J6 withdrawn{}=1 person 石桥中学 SY2022
        L6 transfer_out{}=5 person 石桥中学 SY2022
        N6 enrollment{}=798 person 石桥中学 SY2022
        B7 enrollment{}=2046 person 北湖区 SY2021 total
        C7 entrants{}=456 person 北湖区 SY2022 total
        D7 resumed{}=1 person 北湖区 SY2022 total
        E7 transfer_in{}=23 person 北湖区 SY2022 total
        G7 graduates{}=458 person 北湖区 SY2022 total
        I7 suspended{}=5 person 北湖区 SY2022 total
        J7 withdrawn{}=1 person 北湖区 SY2022 total
        L7 transfer_out{}=14 person 北湖区 SY2022 total
        N7 enrollment{}=2048 person 北湖区 SY2022 total
    """,
    "check": """
        C5 vac_cert_check_due{}=318 person 柳林镇 SY2025-T1
        D5 vac_cert_check_done{}=316 person 柳林镇 SY2025-T1
        E5 vac_cert_held{}=310 person 柳林镇 SY2025-T1
        I5 vac_catchup_due{basis=person}=40 person 柳林镇 SY2025-T1
        J5 vac_catchup_due{basis=dose}=61 dose 柳林镇 SY2025-T1
        K5 vac_catchup_done{basis=person}=39 person 柳林镇 SY2025-T1
        L5 vac_catchup_done{basis=dose}=58 dose 柳林镇 SY2025-T1
        M5 vac_contraindicated_count{}=1 person 柳林镇 SY2025-T1
        N5 vac_cert_check_rate{}=99.37 percent 柳林镇 SY2025-T1 316/318@D5/C5
        O5 vac_catchup_rate{basis=dose}=95.08 percent 柳林镇 SY2025-T1 58/61@L5/J5
        C6 vac_cert_check_due{}=150 person 石桥乡 SY2025-T1
        D6 vac_cert_check_done{}=150 person 石桥乡 SY2025-T1
        E6 vac_cert_held{}=149 person 石桥乡 SY2025-T1
        I6 vac_catchup_due{basis=person}=12 person 石桥乡 SY2025-T1
        J6 vac_catchup_due{basis=dose}=20 dose 石桥乡 SY2025-T1
        K6 vac_catchup_done{basis=person}=12 person 石桥乡 SY2025-T1
        L6 vac_catchup_done{basis=dose}=20 dose 石桥乡 SY2025-T1
        M6 vac_contraindicated_count{}=0 person 石桥乡 SY2025-T1
        N6 vac_cert_check_rate{}=100 percent 石桥乡 SY2025-T1 150/150@D6/C6
        O6 vac_catchup_rate{basis=dose}=100 percent 石桥乡 SY2025-T1 20/20@L6/J6
        C7 vac_cert_check_due{}=468 person 南坡县 SY2025-T1 total
        D7 vac_cert_check_done{}=466 person 南坡县 SY2025-T1 total
        E7 vac_cert_held{}=459 person 南坡县 SY2025-T1 total
        I7 vac_catchup_due{basis=person}=52 person 南坡县 SY2025-T1 total
        J7 vac_catchup_due{basis=dose}=81 dose 南坡县 SY2025-T1 total
        K7 vac_catchup_done{basis=person}=51 person 南坡县 SY2025-T1 total
        L7 vac_catchup_done{basis=dose}=78 dose 南坡县 SY2025-T1 total
        M7 vac_contraindicated_count{}=1 person 南坡县 SY2025-T1 total
        N7 vac_cert_check_rate{}=99.57 percent 南坡县 SY2025-T1 total 466/468@D7/C7
        O7 vac_catchup_rate{basis=dose}=96.3 percent 南坡县 SY2025-T1 total 78/81@L7/J7
    """,
    "dropout": """
        C4 enrollment{}=806 person 石桥中学 2025-04
        F4 suspected_dropout_count{}=5 person 石桥中学 2025-04
        H4 dropout_count{}=3 person 石桥中学 2025-04
        I4 dropout_returned_count{}=2 person 石桥中学 2025-04
        C5 enrollment{level=PRI}=1250 person 柳林一小 2025-04
        F5 suspected_dropout_count{level=PRI}=0 person 柳林一小 2025-04
        H5 dropout_count{level=PRI}=0 person 柳林一小 2025-04
        I5 dropout_returned_count{level=PRI}=0 person 柳林一小 2025-04
        C6 enrollment{}=804 person 石桥中学 2025-05
        F6 suspected_dropout_count{}=4 person 石桥中学 2025-05
        H6 dropout_count{}=3 person 石桥中学 2025-05
        I6 dropout_returned_count{}=3 person 石桥中学 2025-05
    """,
    "entry": """
        B5 school_age_population{level=PRI}=860 person 柳林镇 2024-09-20 total
        G5 out_of_school_count{level=PRI}=2 person 柳林镇 2024-09-20 total
        J5 net_enrollment_rate{level=PRI}=99.77 percent 柳林镇 2024-09-20 total 858/860@D5/B5
        B6 school_age_population{level=PRI}=420 person 柳林村 2024-09-20
        G6 out_of_school_count{level=PRI}=1 person 柳林村 2024-09-20
        J6 net_enrollment_rate{level=PRI}=99.76 percent 柳林村 2024-09-20 419/420@D6/B6
        B7 school_age_population{level=PRI}=440 person 上坝村 2024-09-20
        G7 out_of_school_count{level=PRI}=1 person 上坝村 2024-09-20
        J7 net_enrollment_rate{level=PRI}=99.77 percent 上坝村 2024-09-20 439/440@D7/B7
    """,
    "long": """
        G2 enrollment{level=PRI}=733 person 柳林镇中心小学 SY2024
        G3 enrollment{level=PRI;sex=F}=351 person 柳林镇中心小学 SY2024
        G4 entrants{level=PRI}=120 person 柳林镇中心小学 SY2024
        G5 dropout_rate{}=0.12 percent 石桥中学 SY2024
        G6 transfer_in{}=not_applicable person 石桥中学 SY2024-T1
    """,
    "breakdown": """
        B5 graduates{level=PRI}=700 person 南坡县 SY2024 total
        C5 entrants{level=PRI}=720 person 南坡县 SY2024 total
        E5 enrollment{level=PRI}=4300 person 南坡县 SY2024 total
        F5 enrollment{level=PRI;sex=F}=2050 person 南坡县 SY2024 total
        G5 enrollment{grade=1;level=PRI}=720 person 南坡县 SY2024 total
        H5 final_year_students{level=PRI}=690 person 南坡县 SY2024 total
        B6 graduates{level=PRI;sex=F}=330 person 南坡县 SY2024
        C6 entrants{level=PRI;sex=F}=350 person 南坡县 SY2024
        E6 enrollment{level=PRI;sex=F}=2050 person 南坡县 SY2024
        G6 enrollment{grade=1;level=PRI;sex=F}=350 person 南坡县 SY2024
        E7 enrollment{level=PRI;sponsor=private}=390 person 南坡县 SY2024
        F7 enrollment{level=PRI;sex=F;sponsor=private}=180 person 南坡县 SY2024
        G7 enrollment{grade=1;level=PRI;sponsor=private}=60 person 南坡县 SY2024
        E8 enrollment{area=urban;level=PRI}=2500 person 南坡县 SY2024
        F8 enrollment{area=urban;level=PRI;sex=F}=1200 person 南坡县 SY2024
        G8 enrollment{area=urban;grade=1;level=PRI}=420 person 南坡县 SY2024
        E9 enrollment{area=urban;level=PRI;sponsor=public}=2250 person 南坡县 SY2024
        F9 enrollment{area=urban;level=PRI;sex=F;sponsor=public}=1080 person 南坡县 SY2024
        G9 enrollment{area=urban;grade=1;level=PRI;sponsor=public}=380 person 南坡县 SY2024
        E11 enrollment{area=rural;level=PRI}=1800 person 南坡县 SY2024
        F11 enrollment{area=rural;level=PRI;sex=F}=850 person 南坡县 SY2024
        G11 enrollment{area=rural;grade=1;level=PRI}=300 person 南坡县 SY2024
    """,
    "retention": """
        C4 entrants{level=JUN}=150 person 石桥初中 SY2021
        D4 transfer_in{level=JUN}=4 person 石桥初中 SY2021..SY2023
        G4 transfer_out{level=JUN}=6 person 石桥初中 SY2021..SY2023
        H4 suspended{level=JUN}=1 person 石桥初中 SY2021..SY2023
        K4 graduates{level=JUN}=146 person 石桥初中 SY2023
        L4 retention_rate{level=JUN}=99.3 percent 石桥初中 SY2023 146/147@K4/C4
        C5 entrants{level=JUN}=90 person 上坝初级中学 SY2021
        D5 transfer_in{level=JUN}=2 person 上坝初级中学 SY2021..SY2023
        G5 transfer_out{level=JUN}=2 person 上坝初级中学 SY2021..SY2023
        K5 graduates{level=JUN}=91 person 上坝初级中学 SY2023
        L5 retention_rate{level=JUN}=100 percent 上坝初级中学 SY2023
    """,
    "disabled": """
        E4 disabled_students{level=PRI}=7 person 柳林小学 2024
        I4 disabled_enrollment_rate{level=PRI}=87.5 percent 柳林小学 2024 7/8@E4/B4
    """,
    "vaccines_across": """
        B6 vaccination_due{vaccine=BCG}=21 person 柳林镇 2025-06
        C6 vaccination_due{dose=1;vaccine=Polio}=24 person 柳林镇 2025-06
        D6 vaccination_due{dose=2;vaccine=Polio}=25 person 柳林镇 2025-06
        E6 vaccination_due{vaccine=MMR}=30 person 柳林镇 2025-06
        F6 vaccination_given{vaccine=BCG}=21 person 柳林镇 2025-06
        G6 vaccination_given{dose=1;vaccine=Polio}=23 person 柳林镇 2025-06
        H6 vaccination_given{dose=2;vaccine=Polio}=25 person 柳林镇 2025-06
        I6 vaccination_given{vaccine=MMR}=28 person 柳林镇 2025-06
    """,
    "vaccines_down": """
        C4 vaccination_due{dose=1;vaccine=DTaP}=50 person 南坡县 2025-06
        E4 vaccination_given{dose=1;vaccine=DTaP}=49 person 南坡县 2025-06
        G4 vaccination_coverage{dose=1;vaccine=DTaP}=98 percent 南坡县 2025-06 49/50@E4/C4
        C5 vaccination_due{dose=2;vaccine=DTaP}=64 person 南坡县 2025-06
        E5 vaccination_given{dose=2;vaccine=DTaP}=63 person 南坡县 2025-06
        G5 vaccination_coverage{dose=2;vaccine=DTaP}=98.44 percent 南坡县 2025-06 63/64@E5/C5
        C6 vaccination_due{dose=1;vaccine=HepA}=40 person 南坡县 2025-06
        E6 vaccination_given{dose=1;vaccine=HepA}=38 person 南坡县 2025-06
        G6 vaccination_coverage{dose=1;vaccine=HepA}=95 percent 南坡县 2025-06 38/40@E6/C6
    """,
    "transposed": """
        C3 schools{level=KG}=40 school 云川市 2025-09-30
        D3 schools{level=PRI}=35 school 云川市 2025-09-30
        F3 schools{}=93 school 云川市 2025-09-30 total
        C4 canteens{level=KG}=39 canteen 云川市 2025-09-30
        D4 canteens{level=PRI}=22 canteen 云川市 2025-09-30
        F4 canteens{}=79 canteen 云川市 2025-09-30 total
        C5 food_handlers{level=KG}=120 person 云川市 2025-09-30
        D5 food_handlers{level=PRI}=101 person 云川市 2025-09-30
        F5 food_handlers{}=361 person 云川市 2025-09-30 total
        C6 food_handlers_certified{level=KG}=119 person 云川市 2025-09-30
        D6 food_handlers_certified{level=PRI}=101 person 云川市 2025-09-30
        F6 food_handlers_certified{}=358 person 云川市 2025-09-30 total
        C7 canteen_graded_count{grade_abc=A;level=KG}=8 canteen 云川市 2025-09-30
        D7 canteen_graded_count{grade_abc=A;level=PRI}=6 canteen 云川市 2025-09-30
        F7 canteen_graded_count{grade_abc=A}=21 canteen 云川市 2025-09-30 total
        C8 canteen_graded_count{grade_abc=none;level=KG}=1 canteen 云川市 2025-09-30
        D8 canteen_graded_count{grade_abc=none;level=PRI}=0 canteen 云川市 2025-09-30
        F8 canteen_graded_count{grade_abc=none}=3 canteen 云川市 2025-09-30 total
    """,
    "months": """
        B4 enrollment{level=KG}=210 person 北湖区向阳幼儿园 2024-11
        F4 attendance_rate{level=KG}=95 percent 北湖区向阳幼儿园 2024-11 3990/4200@E4/D4
        B5 enrollment{level=KG}=208 person 北湖区向阳幼儿园 2025-04
        F5 attendance_rate{level=KG}=94 percent 北湖区向阳幼儿园 2025-04 4106/4368@E5/D5
        J5 student_exam_coverage{level=KG}=98.6 percent 北湖区向阳幼儿园 2025-04 205/208@I5/B5
    """,
    "plan": """
        B4 gross_enrollment_rate{level=KG}=93.4 percent 南坡县 2025
        B5 retention_rate{level=CE}=96.8 percent 南坡县 2025
    """,
    "years": """
        C3 retention_rate{level=CE}=95.1 percent 南坡县 2022
        D3 retention_rate{level=CE}=95.6 percent 南坡县 2023
        E3 retention_rate{level=CE}=96.8 percent 南坡县 2024
        C4 enrollment{level=PRI}=4410 person 南坡县 2022
        D4 enrollment{level=PRI}=4350 person 南坡县 2023
        E4 enrollment{level=PRI}=4300 person 南坡县 2024
    """,
    "weeks": """
        F3 hygiene_findings{}=9 finding 石桥中学 2025-03
        G3 hygiene_findings_closed{}=8 finding 石桥中学 2025-03
    """,
    "pairs": """
        F2 enrollment{level=PRI}=733 person 柳林镇中心小学 SY2024
        B3 canteens{level=PRI}=1 canteen 柳林镇中心小学 SY2024
        B4 teachers{level=PRI}=44 person 柳林镇中心小学 SY2024
        D4 classes{level=PRI}=18 class 柳林镇中心小学 SY2024
    """,
    "score": """
        D5 hygiene_score{level=PRI}=66.5 score 柳林镇中心小学 2025-04-09
    """,
    "sections": """
        B4 vac_cert_check_due{level=KG}=200 person 柳林镇 SY2025-T1
        C4 vac_cert_check_done{level=KG}=199 person 柳林镇 SY2025-T1
        D4 vac_cert_check_rate{level=KG}=99.5 percent 柳林镇 SY2025-T1 199/200@C4/B4
        B5 vac_cert_check_due{level=KG}=50 person 石桥乡 SY2025-T1
        C5 vac_cert_check_done{level=KG}=50 person 石桥乡 SY2025-T1
        D5 vac_cert_check_rate{level=KG}=100 percent 石桥乡 SY2025-T1 50/50@C5/B5
        B6 vac_cert_check_due{level=KG}=250 person 南坡县 SY2025-T1 total
        C6 vac_cert_check_done{level=KG}=249 person 南坡县 SY2025-T1 total
        D6 vac_cert_check_rate{level=KG}=99.6 percent 南坡县 SY2025-T1 total 249/250@C6/B6
        B8 vac_cert_check_due{level=PRI}=118 person 柳林镇 SY2025-T1
        C8 vac_cert_check_done{level=PRI}=117 person 柳林镇 SY2025-T1
        D8 vac_cert_check_rate{level=PRI}=99.15 percent 柳林镇 SY2025-T1 117/118@C8/B8
        B9 vac_cert_check_due{level=PRI}=100 person 石桥乡 SY2025-T1
        D9 vac_cert_check_rate{level=PRI}=not_reported percent 石桥乡 SY2025-T1
        B10 vac_cert_check_due{}=468 person 南坡县 SY2025-T1 total
    """,
    "blocks": """
        B4 vac_cert_check_due{level=KG}=200 person 柳林镇 SY2025-T1
        C4 vac_cert_check_done{level=KG}=199 person 柳林镇 SY2025-T1 about
        D4 vac_cert_check_rate{level=KG}=99.5 percent 柳林镇 SY2025-T1 199/200@C4/B4
        B8 vac_cert_check_due{level=PRI}=118 person 柳林镇 SY2025-T1
        C8 vac_cert_check_done{level=PRI}=117 person 柳林镇 SY2025-T1 at_least
        D8 vac_cert_check_rate{level=PRI}=99.15 percent 柳林镇 SY2025-T1 117/118@C8/B8
    """,
}


@pytest.mark.parametrize("layout", DRAWINGS)
def test_layout_gives_exactly_these_mentions(layout: str) -> None:
    found = extract_sheets(reading(grid(DRAWINGS[layout])), load_catalogue())
    assert told(found.mentions) == lines(EXPECTED[layout])


@pytest.mark.parametrize("layout", DRAWINGS)
def test_every_quote_stands_in_its_cell(layout: str) -> None:
    source = reading(grid(DRAWINGS[layout]))
    found = extract_sheets(source, load_catalogue())
    assert all(mention.evidence.holds_in(source) for mention in found.mentions)
