"""Claims in the store: kept with their import, worked out when read, gone when it is undone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from db import queries
from db.records import Draft, Evidence, Qualifier
from db.records_claims import Base, BaseKind, Claim, ClaimKind, Direction
from db.store import save_import, undo_import
from db.verify import verify
from tests.db.makers import Fact, Place, report, sheet

PRI, JUN = "level=PRI", "level=JUN"
YEAR_BEFORE = Base(BaseKind.PERIOD, "上年", "SY2023")


def told(draft: Draft, *claims: Claim) -> Draft:
    return replace(draft, claims=claims)


def more(draft: Draft, n: int, size: float, unit: str = "person", **fields: Any) -> Claim:
    """A claim of growth about the n-th observation of a draft; its number is the observation's, where it stands."""
    about = draft.observations[n]
    proof = replace(about.evidence, quote=about.evidence.quote)
    base: dict[str, Any] = {
        "kind": ClaimKind.COUNT, "direction": Direction.UP, "size": Decimal(str(size)), "unit": unit,
        "base": YEAR_BEFORE, "evidence": proof, "indicator": about.indicator, "dims": about.dims,
        "period": about.period, "value": about.value, "org_unit_id": about.org_unit_id,
        "proposed_key": about.proposed_key,
    }  # fmt: skip
    return Claim(**{**base, **fields})


def results(engine: sa.Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        found = queries.claims(connection)
    return list(zip(found["result"], found["reason"], strict=True))


def history(engine: sa.Engine, place: Place) -> None:
    old = [Fact("n1a", "enrollment", 280, PRI, "SY2023"), Fact("n2a", "enrollment", 100, PRI, "SY2023")]
    save_import(engine, sheet(place, old, "去年.xlsx"), "甲")
    now = [Fact("n1a", "enrollment", 300, PRI), Fact("n2a", "enrollment", 110, PRI)]
    save_import(engine, sheet(place, now, "今年.xlsx"), "甲")


def test_the_three_results(engine: sa.Engine, place: Place) -> None:
    history(engine, place)
    draft = report(place, [Fact("n1a", "enrollment", "300", PRI), Fact("N", "enrollment", "410", PRI)])
    far = Base(BaseKind.PERIOD, "2010年", "SY2010")
    save_import(engine, told(draft, more(draft, 0, 20), more(draft, 1, 57), more(draft, 1, 57, base=far)), "乙")
    with engine.connect() as connection:
        found = queries.claims(connection)
    assert found["result"].tolist() == ["consistent", "contradicted", "not_checkable"]
    assert found["reason"].tolist() == ["", "", "no_base_value"]
    assert found["computed"].tolist()[:2] == [20, 30]
    assert found[["now_value", "store_base"]].values.tolist()[:2] == [[300, 280], [410, 380]]
    assert found["base_unit_id"].tolist()[:2] == [place["n1a"], place["N"]]


def test_a_claim_follows_the_data_and_goes_with_its_import(engine: sa.Engine, place: Place) -> None:
    history(engine, place)
    draft = report(place, [Fact("n1a", "enrollment", "300", PRI)])
    made = save_import(engine, told(draft, more(draft, 0, 20)), "乙")
    assert results(engine) == [("consistent", "")]
    later = save_import(engine, sheet(place, [Fact("n1a", "enrollment", 270, PRI, "SY2023")], "去年更正.xlsx"), "甲")
    assert results(engine) == [("contradicted", "")]
    undo_import(engine, later.import_id or 0, "甲")
    assert results(engine) == [("consistent", "")]
    undo_import(engine, made.import_id or 0, "乙")
    assert results(engine) == []
    save_import(engine, told(draft, more(draft, 0, 20)), "乙")
    assert results(engine) == [("consistent", "")]


def test_a_sentence_is_not_its_own_witness(engine: sa.Engine, place: Place) -> None:
    draft = report(place, [Fact("n1a", "enrollment", "300", PRI), Fact("n1a", "enrollment", "280", PRI, "SY2023")])
    whole = [replace(item, evidence=_in_one_sentence(item.evidence)) for item in draft.observations]
    draft = replace(draft, observations=tuple(whole))
    inner = replace(YEAR_BEFORE, value=Decimal(280))
    claims = (more(draft, 0, 20), more(draft, 0, 20, base=inner), more(draft, 0, 30, base=inner))
    save_import(engine, told(draft, *claims), "乙")
    assert results(engine) == [("not_checkable", "own_sentence"), ("consistent", ""), ("contradicted", "")]
    with engine.connect() as connection:
        assert queries.claims(connection)["inner"].tolist() == [False, True, True]


def _in_one_sentence(proof: Evidence) -> Evidence:
    return replace(proof, sentence_start=0, sentence_end=proof.end)


def test_why_claims_cannot_be_checked(engine: sa.Engine, place: Place) -> None:
    history(engine, place)
    draft = report(place, [Fact("n1a", "enrollment", "300", PRI)])
    claims = (
        more(draft, 0, 1, indicator=None),
        more(draft, 0, 1, org_unit_id=None),
        more(draft, 0, 1, period=None),
        more(draft, 0, 1, base=Base(BaseKind.UNKNOWN)),
        more(draft, 0, 1, base=Base(BaseKind.PERIOD, "验收时")),
        more(draft, 0, 1, base=Base(BaseKind.PLACE, "全国平均", place="国")),
        more(draft, 0, 1, base=Base(BaseKind.GROUP, "城区")),
        more(draft, 0, 1, base=Base(BaseKind.SPAN, "年均")),
        more(draft, 0, 1, base=Base(BaseKind.TARGET, "招生任务")),
        more(draft, 0, 1, dims={"level": "JUN"}, value=None),
    )
    save_import(engine, told(draft, *claims), "乙")
    assert [reason for _, reason in results(engine)] == [
        "indicator", "unit", "period", "base", "base_period", "base_place", "base_group", "span", "target", "no_value",
    ]  # fmt: skip


def test_a_value_of_a_term_is_found_in_its_school_year_only_where_it_is_counted_once_a_year(
    engine: sa.Engine, place: Place
) -> None:
    history(engine, place)
    facts = [Fact("n1a", "hygiene_findings", 50, PRI), Fact("n1a", "hygiene_findings", 40, PRI, "SY2023")]
    save_import(engine, sheet(place, facts, "检查.xlsx"), "甲")
    draft = report(place, [Fact("n1a", "transfer_in", "300", PRI)])
    term = {"period": "SY2024-T1", "base": Base(BaseKind.PERIOD, "上年", "SY2023-T1"), "value": None}
    day = {"period": "2024-10-20", "base": Base(BaseKind.PERIOD, "上年", "2023-10-20"), "value": None}
    claims = (
        more(draft, 0, 20, indicator="enrollment", **term),
        more(draft, 0, 20, indicator="enrollment", **day),
        more(draft, 0, 10, indicator="hygiene_findings", **day),
    )
    save_import(engine, told(draft, *claims), "乙")
    with engine.connect() as connection:
        found = queries.claims(connection)
    assert found["result"].tolist() == ["consistent", "consistent", "not_checkable"]
    assert found["now_period"].tolist() == ["SY2024", "SY2024", "2024-10-20"]


def test_shares_places_and_groups_have_their_own_base(engine: sa.Engine, place: Place) -> None:
    facts = [
        Fact("n1a", "enrollment", 300, PRI), Fact("n1a", "boarders", 60, PRI), Fact("n1b", "enrollment", 200, JUN),
        Fact("n1a", "dropout_rate", 1.0, PRI, numerator=3, denominator=300),
        Fact("q1a", "dropout_rate", 3.0, PRI, numerator=3, denominator=100),
    ]  # fmt: skip
    save_import(engine, sheet(place, facts), "甲")
    draft = report(place, [Fact("n1a", "transfer_in", "60", PRI)])
    whole = Base(BaseKind.WHOLE, "在校生", indicator="enrollment", dims={"level": "PRI"})
    city = Base(BaseKind.PLACE, "全市平均", org_unit_id=place["C"])
    group = Base(BaseKind.GROUP, "初中", dims={"level": "JUN"})
    claims = (
        more(draft, 0, 20, "percent", kind=ClaimKind.SHARE, direction=None, base=whole, indicator="boarders"),
        more(draft, 0, 0.5, "points", kind=ClaimKind.BENCHMARK, direction=Direction.DOWN, base=city,
             indicator="dropout_rate", value=None, org_unit_id=place["N"]),
        more(draft, 0, 100, kind=ClaimKind.BENCHMARK, base=group, indicator="enrollment", value=None, org_unit_id=place["N"]),
    )  # fmt: skip
    save_import(engine, told(draft, *claims), "乙")
    assert [result for result, _ in results(engine)] == ["consistent"] * 3


def test_claims_are_read_by_a_fixed_number_of_queries(engine: sa.Engine, place: Place) -> None:
    history(engine, place)
    draft = report(place, [Fact("n1a", "enrollment", "300", PRI), Fact("n2a", "enrollment", "110", PRI)])
    many = [more(draft, n % 2, n, qualifier=Qualifier.EXACT) for n in range(60)]
    save_import(engine, told(draft, *many), "乙")
    asked: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with engine.connect() as connection:
        assert len(queries.claims(connection)) == 60
    assert len([each for each in asked if each.lstrip().upper().startswith("SELECT")]) <= 10


def test_verify_sees_a_claim_that_is_not_where_it_says(engine: sa.Engine, place: Place) -> None:
    from db.engine import write
    from db.schema_claims import claim

    draft = report(place, [Fact("n1a", "enrollment", "300", PRI)])
    save_import(engine, told(draft, more(draft, 0, 20)), "乙")
    with engine.connect() as connection:
        assert not any(check.faults for check in verify(connection))
    with write(engine) as connection:
        connection.execute(sa.update(claim).values(start=claim.c.start + 1))
    with engine.connect() as connection:
        faulty = {check.name for check in verify(connection) if check.faults}
    assert faulty == {"报告中的比较"}
