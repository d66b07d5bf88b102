"""The cells of an earlier moment are those that stood then, whatever was imported, undone and ruled since."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import pytest
import sqlalchemy as sa

from db import queries
from db.engine import moment
from db.records_claims import Verdict
from db.records_review import Answer, Choice, Origin
from db.review import decide
from db.rulings import revoke, rule
from db.schema import observation
from db.store import save_import, undo_import
from tests.db.makers import Fact, Place, load_place, report, sheet
from tests.depth import seeds

STEPS = 14
CODES = ("enrollment", "dropout_rate", "dropouts")
PRI, JUN, KG = "level=PRI", "level=JUN", "level=KG"
SCHOOLS = (("n1a", PRI), ("n1b", JUN), ("n2a", PRI), ("q1a", PRI), ("q1b", KG))
NAMES = ("甲表.xlsx", "乙表.xlsx", "甲表(更正).xlsx")


def cells(engine: sa.Engine, at: datetime | None = None, codes: Sequence[str] = CODES) -> pd.DataFrame:
    """Every cell without the numbers of its observations: those of a file that was undone since may be copies."""
    with engine.connect() as connection:
        units = list(queries.org_units(connection)["org_unit_id"])
        found = queries.cells(connection, indicators=codes, org_unit_ids=units, at=at)
    dropped = [name for name in found if name.endswith("observation_id")]
    return found[found["period"] != ""].drop(columns=dropped).reset_index(drop=True)


def some_facts(rng: random.Random) -> list[Fact]:
    facts = []
    for unit, dims in rng.sample(SCHOOLS, rng.randint(1, len(SCHOOLS))):
        base = rng.choice([100, 120, 400])
        lost = rng.choice([0, 1, 3])
        facts.append(Fact(unit, "enrollment", base, dims, rng.choice(["SY2023", "SY2024"])))
        facts.append(Fact(unit, "dropout_rate", round(100 * lost / base, 2), dims, numerator=lost, denominator=base))
    return facts


def told(engine: sa.Engine) -> list[int]:
    with engine.connect() as connection:
        return [int(each) for each in queries.discrepancies(connection)["told_observation_id"]]


def one_step(engine: sa.Engine, place: Place, rng: random.Random, left: list[int]) -> None:
    """An import of a sheet or a report, an undoing, a ruling or its revocation."""
    choice = rng.random()
    if choice < 0.2 and left:
        undo_import(engine, left.pop(rng.randrange(len(left))), "乙")
    elif choice < 0.3 and told(engine):
        rule(engine, rng.choice(told(engine)), Verdict.TOLD, "核对过原始记录", "丙")
    elif choice < 0.35 and told(engine):
        with engine.connect() as connection:
            ruled = queries.discrepancies(connection)
        numbers = ruled.loc[~ruled["is_open"].astype(bool), "told_observation_id"].tolist()
        if numbers:
            revoke(engine, int(numbers[0]), "丙")
    else:
        name = rng.choice(NAMES)
        if choice < 0.75:
            draft = sheet(place, some_facts(rng), name)
        else:
            facts = [Fact(rng.choice(["N", "n1a", "C"]), "enrollment", rng.choice([100, 250, 900]), PRI)]
            draft = report(place, facts, name.replace("xlsx", "txt"))
        result = save_import(engine, draft, "甲")
        if result.outcome == "stored" and result.import_id:
            left.append(result.import_id)


# Found by `make soak ONLY=walks`: what an undone file had said in the words of another stood again beside what had
# replaced both (7), and a document was taken for another one of which it had taken over the words since (8, `test_changes`).
@pytest.mark.parametrize(("backend", "seed"), list(dict.fromkeys([*seeds(3, 2), ("sqlite", 7)])), indirect=["backend"])
def test_every_earlier_state_is_found_again(engine: sa.Engine, place: Place, seed: int) -> None:
    rng = random.Random(seed)
    left: list[int] = []
    states: list[tuple[datetime, pd.DataFrame]] = [(moment(), cells(engine))]
    for _ in range(STEPS):
        one_step(engine, place, rng, left)
        states.append((moment(), cells(engine)))
    for at, expected in states:
        pd.testing.assert_frame_equal(cells(engine, at), expected)


Step = tuple[str, str, int]  # sheet or report, file name, value; undo, its name; rule or reject, the value


def act(engine: sa.Engine, place: Place, step: Step, made: dict[str, int]) -> None:
    kind, name, value = step
    if kind == "undo":
        undo_import(engine, made.pop(name), "乙")
    elif kind in ("sheet", "report"):
        facts = [
            Fact("n1a", "enrollment", value, PRI),
            Fact("q1a", "enrollment", len(made), PRI),
        ]  # no two files are one
        draft = (sheet if kind == "sheet" else report)(place, facts, name)
        result = save_import(engine, draft, "甲")
        assert result.outcome == "stored"
        made[name] = result.import_id or 0
    else:
        standing = observation.c.valid_to.is_(None) if kind == "reject" else sa.true()
        with engine.connect() as connection:
            query = sa.select(observation.c.id).where(observation.c.value == value, standing)
            number = int(connection.scalars(query.order_by(observation.c.id)).first() or 0)
        if kind == "rule":
            rule(engine, number, Verdict.TOLD, "核对过原始记录", "丙")
        else:
            decide(engine, [Answer(Origin.OBSERVATION, number, Choice.REJECT, reason="misread")], "丙")


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param(
            [("sheet", "甲.xlsx", 300), ("sheet", "乙.xlsx", 300), ("sheet", "丙.xlsx", 310), ("undo", "甲.xlsx", 0)],
            id="two said alike what a third had replaced when the first of them went",
        ),
        pytest.param(
            [("sheet", "甲.xlsx", 300), ("sheet", "乙.xlsx", 300), ("sheet", "丙.xlsx", 310), ("undo", "丙.xlsx", 0),
             ("undo", "甲.xlsx", 0)],
            id="the third had gone before",
        ),
        pytest.param(
            [("sheet", "甲.xlsx", 300), ("sheet", "乙.xlsx", 300), ("sheet", "丙.xlsx", 310), ("reject", "", 310),
             ("undo", "甲.xlsx", 0)],
            id="nothing stood when what the third had said was rejected",
        ),
        pytest.param(
            [("sheet", "乙.xlsx", 100), ("sheet", "甲.xlsx", 120), ("sheet", "甲(更正).xlsx", 120), ("rule", "", 100),
             ("undo", "甲.xlsx", 0)],
            id="a correction that took over the words is not meant before",
        ),
        pytest.param(
            [("sheet", "乙.xlsx", 100), ("sheet", "甲.xlsx", 120), ("rule", "", 100), ("sheet", "甲(更正).xlsx", 120),
             ("undo", "甲.xlsx", 0)],
            id="nor after",
        ),
        pytest.param(
            [("sheet", "甲.xlsx", 300), ("report", "乙.txt", 320), ("rule", "", 320), ("report", "丙.txt", 320),
             ("undo", "乙.txt", 0)],
            id="a ruling about what a later document says too",
        ),
        pytest.param(
            [("sheet", "甲.xlsx", 300), ("report", "乙.txt", 320), ("rule", "", 320), ("report", "乙(2).txt", 330),
             ("undo", "乙(2).txt", 0)],
            id="a ruling about what was corrected for a while",
        ),
    ],
)  # fmt: skip
def test_each_state_of_a_cell_is_found_again(engine: sa.Engine, place: Place, steps: list[Step]) -> None:
    states, made = [], dict[str, int]()
    for step in steps:
        act(engine, place, step, made)
        states.append((moment(), cells(engine)))
    for at, expected in states:
        pd.testing.assert_frame_equal(cells(engine, at), expected)


def test_before_the_first_import_nothing_is_known(engine: sa.Engine, place: Place) -> None:
    before = moment()
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300, PRI)]), "甲")
    assert cells(engine, before).empty
    assert list(cells(engine, before).columns) == list(cells(engine).columns)
    assert cells(engine, before).dtypes.equals(cells(engine).dtypes)


def test_an_undone_file_counts_until_it_was_undone(engine: sa.Engine, place: Place) -> None:
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300, PRI)], "甲.xlsx"), "甲")
    second = save_import(engine, sheet(place, [Fact("n1a", "enrollment", 310, PRI)], "乙.xlsx"), "甲")
    between = moment()
    undo_import(engine, second.import_id or 0, "乙")

    def value(at: datetime | None) -> float:
        found = cells(engine, at, ["enrollment"])
        return float(found[(found["org_unit_id"] == place["C"]) & (found["dims"] == PRI)]["value"].iloc[0])

    assert value(between) == 310
    assert value(None) == value(moment()) == 300


def test_as_many_queries_for_one_period_as_for_all(engine: sa.Engine, place: Place) -> None:
    years = [f"SY{year}" for year in range(2018, 2025)]
    save_import(engine, sheet(place, [Fact("n1a", "enrollment", 300, PRI, year) for year in years]), "甲")
    seen: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    with engine.connect() as connection:
        found = queries.cells(connection, indicators=["enrollment"], org_unit_ids=[place["C"]], at=moment())
    assert sorted(set(found["period"])) == years
    assert len([each for each in seen if each.startswith("SELECT")]) <= 9


def test_a_unit_alone_is_as_in_the_whole(engine: sa.Engine) -> None:
    place = load_place(engine)
    rng = random.Random(7)
    for n in range(4):
        save_import(engine, sheet(place, some_facts(rng), f"{n}.xlsx"), "甲")
    everything, now = cells(engine), moment()
    for unit in ("C", "N", "N1", "n2a", "q1b"):
        with engine.connect() as connection:
            found = queries.cells(connection, indicators=CODES, org_unit_ids=[place[unit]], at=now)
        expected = everything[everything["org_unit_id"] == place[unit]].reset_index(drop=True)
        pd.testing.assert_frame_equal(found[list(expected.columns)], expected)
