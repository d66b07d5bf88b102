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
        B7 enrollment{}=2046 person 北湖区教育局 SY2021 total
        C7 entrants{}=456 person 北湖区教育局 SY2022 total
        D7 resumed{}=1 person 北湖区教育局 SY2022 total
        E7 transfer_in{}=23 person 北湖区教育局 SY2022 total
        G7 graduates{}=458 person 北湖区教育局 SY2022 total
        I7 suspended{}=5 person 北湖区教育局 SY2022 total
        J7 withdrawn{}=1 person 北湖区教育局 SY2022 total
        L7 transfer_out{}=14 person 北湖区教育局 SY2022 total
        N7 enrollment{}=2048 person 北湖区教育局 SY2022 total
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
        C7 vac_cert_check_due{}=468 person 南坡县疾控中心 SY2025-T1 total
        D7 vac_cert_check_done{}=466 person 南坡县疾控中心 SY2025-T1 total
        E7 vac_cert_held{}=459 person 南坡县疾控中心 SY2025-T1 total
        I7 vac_catchup_due{basis=person}=52 person 南坡县疾控中心 SY2025-T1 total
        J7 vac_catchup_due{basis=dose}=81 dose 南坡县疾控中心 SY2025-T1 total
        K7 vac_catchup_done{basis=person}=51 person 南坡县疾控中心 SY2025-T1 total
        L7 vac_catchup_done{basis=dose}=78 dose 南坡县疾控中心 SY2025-T1 total
        M7 vac_contraindicated_count{}=1 person 南坡县疾控中心 SY2025-T1 total
        N7 vac_cert_check_rate{}=99.57 percent 南坡县疾控中心 SY2025-T1 total 466/468@D7/C7
        O7 vac_catchup_rate{basis=dose}=96.3 percent 南坡县疾控中心 SY2025-T1 total 78/81@L7/J7
    """,
    "dropout": """
        C4 enrollment{}=806 person 石桥中学 2025-04
        F4 suspected_dropout_count{}=5 person 石桥中学 2025-04
        G4 dropout_count{}=1 person 石桥中学 2025-04
        H4 dropout_count{}=3 person 石桥中学 2024-09..2025-04
        I4 dropout_returned_count{}=2 person 石桥中学 2024-09..2025-04
        C5 enrollment{level=PRI}=1250 person 柳林一小 2025-04
        F5 suspected_dropout_count{level=PRI}=0 person 柳林一小 2025-04
        G5 dropout_count{level=PRI}=0 person 柳林一小 2025-04
        H5 dropout_count{level=PRI}=0 person 柳林一小 2024-09..2025-04
        I5 dropout_returned_count{level=PRI}=0 person 柳林一小 2024-09..2025-04
        C6 enrollment{}=804 person 石桥中学 2025-05
        F6 suspected_dropout_count{}=4 person 石桥中学 2025-05
        G6 dropout_count{}=0 person 石桥中学 2025-05
        H6 dropout_count{}=3 person 石桥中学 2024-09..2025-05
        I6 dropout_returned_count{}=3 person 石桥中学 2024-09..2025-05
    """,
    "entry": """
        B5 school_age_population{level=PRI}=860 person 柳林镇人民政府 2024-09-20 total
        G5 out_of_school_count{level=PRI}=2 person 柳林镇人民政府 2024-09-20 total
        J5 net_enrollment_rate{level=PRI}=99.77 percent 柳林镇人民政府 2024-09-20 total 858/860@D5/B5
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
