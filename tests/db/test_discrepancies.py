"""Discrepancies are in step with the facts after every import and undoing; rulings decide what is shown."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from db import queries
from db.engine import StoreError
from db.records_claims import Verdict
from db.records_review import Answer, Choice, Origin, Statement
from db.review import decide
from db.review import revoke as take_back
from db.rulings import revoke, rule
from db.statements import corrects
from db.store import save_import, undo_import
from db.verify import verify
from tests.db.makers import Fact, Place, report, sheet, value_of
from tests.depth import seeds

PRI, JUN, CE, ALL = "level=PRI", "level=JUN", "level=CE", "level=ALL"


def found(engine: sa.Engine) -> pd.DataFrame:
    with engine.connect() as connection:
        return queries.discrepancies(connection)


def values(engine: sa.Engine) -> list[tuple[float, float]]:
    frame = found(engine)
    return list(zip(frame["standing_value"], frame["told_value"], strict=True))


def told_id(engine: sa.Engine) -> int:
    [number] = found(engine)["told_observation_id"]
    return int(number)


def sound(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert [fault for check in verify(connection) for fault in check.faults] == []


def put(engine: sa.Engine, place: Place, *facts: Fact, name: str = "报表.xlsx") -> int:
    return save_import(engine, sheet(place, facts, name), "甲").import_id or 0


def tell(engine: sa.Engine, place: Place, *facts: Fact, name: str = "总结.txt") -> int:
    return save_import(engine, report(place, facts, name), "乙").import_id or 0


def test_a_report_against_a_sheet_and_against_a_sum(engine: sa.Engine, place: Place) -> None:
    put(engine, place, Fact("n1a", "enrollment", 300, PRI), Fact("n2a", "enrollment", 100, PRI))
    tell(engine, place, Fact("n1a", "enrollment", "320", PRI), Fact("N", "enrollment", "500", PRI))
    assert values(engine) == [(400, 500), (300, 320)]  # the greater first
    assert found(engine)["affected"].tolist() == [100, 20]
    assert found(engine)["standing_kind"].fillna("").tolist() == ["", "sheet"]
    sound(engine)


@pytest.mark.parametrize("told", ["126432", "12.6万", "400"])
def test_a_value_that_is_only_rounded_is_none(engine: sa.Engine, place: Place, told: str) -> None:
    from dataclasses import replace
    from decimal import Decimal

    known = 400 if told == "400" else 126_432
    put(engine, place, Fact("n1a", "enrollment", known, PRI))
    value = Decimal(126_000) if told == "12.6万" else Decimal(told)
    draft = report(place, [Fact("n1a", "enrollment", told.replace("万", ""), PRI)])
    [item] = draft.observations
    text = draft.reading.text.replace("12.6,", "12.6万,")
    at = item.evidence.start or 0
    proof = replace(item.evidence, quote=told, end=at + len(told))
    reading = replace(draft.reading, text=text, blocks=())
    save_import(
        engine, replace(draft, reading=reading, observations=(replace(item, value=value, evidence=proof),)), "乙"
    )
    assert values(engine) == []
    sound(engine)


def test_imports_open_change_and_close_and_undoing_brings_back(engine: sa.Engine, place: Place) -> None:
    tell(engine, place, Fact("N", "enrollment", "500", PRI))
    assert values(engine) == []
    first = put(engine, place, Fact("n1a", "enrollment", 300, PRI), name="一.xlsx")
    second = put(engine, place, Fact("n2a", "enrollment", 150, PRI), name="二.xlsx")
    assert values(engine) == [(450, 500)]
    third = put(engine, place, Fact("n2b", "enrollment", 50, PRI), name="三.xlsx")
    assert values(engine) == []
    for number, expected in ((third, [(450, 500)]), (second, [(300, 500)]), (first, [])):
        undo_import(engine, number, "甲")
        assert values(engine) == expected
        sound(engine)


def test_two_reports_and_two_sheets_differ_until_one_corrects_the_other(engine: sa.Engine, place: Place) -> None:
    tell(engine, place, Fact("N", "boarders", "500", PRI), name="县教育局总结.txt")
    other = tell(engine, place, Fact("N", "boarders", "540", PRI), name="市教育局通报.txt")
    assert values(engine) == [(540, 500)]
    undo_import(engine, other, "乙")
    assert values(engine) == []
    tell(engine, place, Fact("N", "boarders", "545", PRI), name="县教育局总结(第2次).txt")
    assert values(engine) == []
    put(engine, place, Fact("n1a", "enrollment", 300, PRI), name="在校生统计.xlsx")
    put(engine, place, Fact("n1a", "enrollment", 310, PRI), name="学籍导出.xlsx")
    assert values(engine) == [(310, 300)]
    put(engine, place, Fact("n1a", "enrollment", 311, PRI), name="在校生统计.xlsx")
    assert values(engine) == [(311, 310)]  # the first form now says something else; the export still says 310
    sound(engine)


@pytest.mark.parametrize(
    ("new", "old", "result"),
    [
        ("总结.txt", "总结.txt", True),
        ("B23_云峤县学生变动更正.xlsx", "B23_云峤县基本情况.xlsx", True),
        ("报表(2).xlsx", "报表.xlsx", True),
        ("报表 v2.xlsx", "报表.xls", True),
        ("报表定稿.xlsx", "报表.xlsx", True),
        ("甲校报表.xlsx", "乙校报表.xlsx", False),
        ("2025年报表.xlsx", "2024年报表.xlsx", False),
    ],
)
def test_which_file_corrects_which(new: str, old: str, result: bool) -> None:
    assert corrects(new, old) is result


def test_one_report_that_contradicts_itself(engine: sa.Engine, place: Place) -> None:
    tell(engine, place, Fact("N", "boarders", "500", PRI), Fact("N", "boarders", "520", PRI))
    assert values(engine) == [(500, 520)]


def test_values_of_an_unknown_time_are_not_compared(engine: sa.Engine, place: Place) -> None:
    put(engine, place, Fact("n1a", "enrollment", 300, PRI, None))
    tell(engine, place, Fact("n1a", "enrollment", "320", PRI, None))
    assert values(engine) == []


def test_causes_are_looked_up_in_the_store(engine: sa.Engine, place: Place) -> None:
    facts = [
        Fact("n1a", "enrollment", 3412, PRI), Fact("n1a", "enrollment", 3012, PRI, "SY2024-T2"),
        Fact("n1b", "teachers", 45, JUN), Fact("n1b", "staff", 61, JUN),
        Fact("n2b", "enrollment", 655, JUN), Fact("n2b", "enrollment", 240, PRI),
        Fact("n2a", "enrollment", 4123, PRI), Fact("q1a", "enrollment", 512, PRI),
    ]  # fmt: skip
    put(engine, place, *facts)
    tell(
        engine, place, Fact("n1a", "enrollment", "3012", PRI), Fact("n1b", "teachers", "61", JUN),
        Fact("n2b", "enrollment", "895", JUN), Fact("n2a", "enrollment", "4132", PRI), Fact("q1a", "enrollment", "5120", PRI),
    )  # fmt: skip
    frame = found(engine).set_index("org_unit_name")
    assert frame[["cause", "cause_detail"]].T.to_dict("list") == {
        "河口镇中心小学": ["date", "period:SY2024-T2"],
        "河口镇初级中学": ["definition", "indicator:staff"],
        "枫桥镇九年一贯制学校": ["definition", "dims:level=ALL"],
        "枫桥镇小学": ["digits", ""],
        "石塘镇小学": ["unit", "×10"],
    }


# ---- rulings ----------------------------------------------------------------------------------------


def shown(engine: sa.Engine, place: Place, unit: str, indicator: str = "enrollment", dims: str = PRI) -> dict[str, Any]:
    return value_of(engine, place, unit, indicator, dims)


def test_a_ruling_for_the_report_is_shown_and_added_up_and_can_be_taken_back(engine: sa.Engine, place: Place) -> None:
    put(engine, place, Fact("n1a", "enrollment", 300, PRI), Fact("q1a", "enrollment", 50, PRI))
    tell(engine, place, Fact("n1a", "enrollment", "320", PRI))
    rule(engine, told_id(engine), Verdict.TOLD, "已核对学籍", "丙")
    cell = shown(engine, place, "n1a")
    assert (cell["value"], cell["displaced_value"], cell["observation_id"]) == (320, 300, told_id(engine))
    assert [shown(engine, place, unit)["value"] for unit in ("N1", "N", "C")] == [320, 320, 370]
    [row] = found(engine).to_dict("records")
    assert (row["is_open"], row["verdict"], row["reason"], row["ruled_by"]) == (False, "told", "已核对学籍", "丙")
    sound(engine)
    revoke(engine, told_id(engine), "丁")
    assert [shown(engine, place, unit)["value"] for unit in ("n1a", "C")] == [300, 350]
    assert found(engine)["is_open"].tolist() == [True]
    with engine.connect() as connection:
        assert queries.rulings_of(connection, told_id(engine))["verdict"].tolist() == ["revoked", "told"]
    sound(engine)


@pytest.mark.parametrize("verdict", [Verdict.STANDING, Verdict.BOTH])
def test_other_rulings_change_no_value(engine: sa.Engine, place: Place, verdict: Verdict) -> None:
    put(engine, place, Fact("n1a", "enrollment", 300, PRI))
    tell(engine, place, Fact("n1a", "enrollment", "320", PRI))
    rule(engine, told_id(engine), verdict, "口径", "丙")
    assert shown(engine, place, "n1a")["value"] == 300
    assert found(engine)["is_open"].tolist() == [False]
    sound(engine)


def test_a_new_value_on_either_side_opens_it_again(engine: sa.Engine, place: Place) -> None:
    put(engine, place, Fact("n1a", "enrollment", 300, PRI))
    tell(engine, place, Fact("n1a", "enrollment", "320", PRI))
    rule(engine, told_id(engine), Verdict.TOLD, "已核对", "丙")
    later = put(engine, place, Fact("n1a", "enrollment", 305, PRI), name="报表更正.xlsx")
    assert found(engine)[["is_open", "is_reopened"]].values.tolist() == [[True, True]]
    assert shown(engine, place, "n1a")["value"] == 305
    undo_import(engine, later, "甲")
    assert shown(engine, place, "n1a")["value"] == 320  # as ruled
    tell(engine, place, Fact("n1a", "enrollment", "330", PRI), name="总结更正.txt")
    assert values(engine) == [(300, 330)]
    assert found(engine)["is_open"].tolist() == [True]
    assert shown(engine, place, "n1a")["value"] == 300
    sound(engine)


def test_a_ruling_goes_and_comes_with_its_document(engine: sa.Engine, place: Place) -> None:
    put(engine, place, Fact("n1a", "enrollment", 300, PRI))
    made = tell(engine, place, Fact("n1a", "enrollment", "320", PRI))
    rule(engine, told_id(engine), Verdict.TOLD, "已核对", "丙")
    undo_import(engine, made, "乙")
    assert values(engine) == []
    assert shown(engine, place, "n1a")["value"] == 300
    sound(engine)


def test_a_ruled_sum_stands_for_the_place_and_a_ruled_rate_leaves_the_counts_to_those_above(
    engine: sa.Engine, place: Place
) -> None:
    put(
        engine, place, Fact("n1a", "dropout_rate", 1.0, PRI, numerator=3, denominator=300),
        Fact("q1a", "dropout_rate", 3.0, PRI, numerator=3, denominator=100),
        Fact("n1a", "enrollment", 300, PRI), Fact("q1a", "enrollment", 100, PRI),
    )  # fmt: skip
    tell(engine, place, Fact("N", "dropout_rate", "2.5", PRI), Fact("N", "enrollment", "330", PRI))
    for number in found(engine)["told_observation_id"]:
        rule(engine, int(number), Verdict.TOLD, "已核对", "丙")
    rate = shown(engine, place, "N", "dropout_rate")
    assert (rate["value"], rate["method"], rate["displaced_value"]) == (2.5, "reported", 1.0)
    assert pd.isna(rate["denominator"])
    above = shown(engine, place, "C", "dropout_rate")
    assert (above["value"], above["numerator"], above["denominator"]) == (1.5, 6, 400)
    assert (shown(engine, place, "N")["value"], shown(engine, place, "C")["value"]) == (330, 430)
    sound(engine)


def test_a_ruled_count_enters_the_rate_of_its_own_school(engine: sa.Engine, place: Place) -> None:
    put(engine, place, Fact("n1a", "enrollment", 300, PRI), Fact("n1a", "dropout_count", 3, PRI))
    tell(engine, place, Fact("n1a", "enrollment", "150", PRI))
    assert shown(engine, place, "n1a", "dropout_rate")["value"] == 1.0
    rule(engine, told_id(engine), Verdict.TOLD, "已核对", "丙")
    assert shown(engine, place, "n1a", "dropout_rate")["value"] == 2.0
    sound(engine)


def test_an_earlier_sheet_may_be_ruled_to_hold(engine: sa.Engine, place: Place) -> None:
    put(engine, place, Fact("n1a", "enrollment", 300, PRI), name="在校生统计.xlsx")
    put(engine, place, Fact("n1a", "enrollment", 310, PRI), name="学籍导出.xlsx")
    rule(engine, told_id(engine), Verdict.TOLD, "导出有误", "丙")
    assert shown(engine, place, "N")["value"] == 300
    sound(engine)


def test_a_ruling_that_cannot_be_made_says_why(engine: sa.Engine, place: Place) -> None:
    put(engine, place, Fact("n1a", "enrollment", 300, PRI))
    tell(engine, place, Fact("n1a", "enrollment", "320", PRI))
    number = told_id(engine)
    with pytest.raises(StoreError, match="理由"):
        rule(engine, number, Verdict.TOLD, "  ", "丙")
    with pytest.raises(StoreError, match="500 字"):
        rule(engine, number, Verdict.TOLD, "长" * 501, "丙")
    with pytest.raises(StoreError, match="不存在"):
        rule(engine, number + 99, Verdict.TOLD, "理由", "丙")
    with pytest.raises(StoreError, match="没有可撤回的认定"):
        revoke(engine, number, "丙")


def test_what_a_person_rejected_or_took_back_is_nowhere_said(engine: sa.Engine, place: Place) -> None:
    put(engine, place, Fact("n1a", "enrollment", 300, PRI))
    tell(engine, place, Fact("n1a", "enrollment", "320", PRI))
    number = told_id(engine)
    said = Statement("enrollment", PRI, place["n1a"], "SY2024", 330.0, "person")
    corrected = decide(engine, [Answer(Origin.OBSERVATION, number, Choice.CORRECT, said)], "丙")
    assert values(engine) == [(300, 330)]
    take_back(engine, corrected.decisions, "丙")
    assert values(engine) == [(300, 320)]
    rejected = decide(engine, [Answer(Origin.OBSERVATION, number, Choice.REJECT, reason="misread")], "丙")
    assert values(engine) == []
    take_back(engine, rejected.decisions, "丙")
    tell(engine, place, Fact("n1a", "enrollment", "300", PRI), name="通报.txt")
    assert values(engine) == [(300, 320)]  # a document that was never corrected; what the person put for it is gone
    sound(engine)


@pytest.mark.parametrize(("backend", "seed"), seeds(3, 1), indirect=["backend"])
def test_whatever_happens_the_table_says_what_the_facts_say(engine: sa.Engine, place: Place, seed: int) -> None:
    chance = random.Random(seed)
    made: list[int] = []
    for n in range(14):
        facts = [
            Fact(unit, code, chance.choice([100, 110, 200]), PRI, chance.choice(["SY2023", "SY2024"]))
            for unit in chance.sample(["n1a", "n2a", "n2b", "q1a", "N", "C", "N1"], 3)
            for code in ("enrollment", "dropout_count")
        ]
        if chance.random() < 0.5:
            made.append(put(engine, place, *facts, name=f"表{chance.choice('甲乙丙')}.xlsx"))
        else:
            told = [Fact(f.unit, f.indicator, str(f.value), f.dims, f.period) for f in facts]
            made.append(tell(engine, place, *told, name=f"报告{n % 4}.txt"))
        numbers = found(engine)["told_observation_id"].tolist()
        if numbers and chance.random() < 0.6:
            rule(engine, int(chance.choice(numbers)), chance.choice([Verdict.TOLD, Verdict.BOTH]), "核对", "丙")
        if chance.random() < 0.3:
            undo_import(engine, made.pop(chance.randrange(len(made))), "甲")
        sound(engine)
