"""Undoing an import brings back what was there before, also when others came later."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import sqlalchemy as sa

from db import queries
from db.engine import StoreError, write
from db.schema import observation
from db.schema_restated import restatement
from db.store import save_import, undo_import
from db.verify import verify
from tests.db.makers import Fact, Place, assert_same, report, sheet, snapshot, value_of

PRI = "level=PRI"


def save(engine: sa.Engine, place: Place, *values: tuple[str, float]) -> int:
    facts = [Fact(unit, "enrollment", value, PRI) for unit, value in values]
    result = save_import(engine, sheet(place, facts), "甲")
    assert result.import_id is not None
    return result.import_id


def current(engine: sa.Engine, place: Place) -> dict[str, float]:
    cells = {unit: value_of(engine, place, unit, "enrollment", PRI) for unit in ("n1a", "n2a", "q1a", "C")}
    return {unit: cell["value"] for unit, cell in cells.items() if cell}


def in_force(engine: sa.Engine, place: Place, unit: str) -> list[dict[str, Any]]:
    """The observations of a unit that stand."""
    query = sa.select(observation.c.id.label("observation_id"), observation.c.import_id).where(
        observation.c.org_unit_id == place[unit], observation.c.valid_to.is_(None)
    )
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def sound(engine: sa.Engine) -> bool:
    with engine.connect() as connection:
        return not any(check.faults for check in verify(connection))


def test_undo_restores_the_state_before(engine: sa.Engine, place: Place) -> None:
    save(engine, place, ("n1a", 300), ("n2a", 200))
    before = snapshot(engine)
    second = save(engine, place, ("n1a", 310), ("q1a", 50))
    assert current(engine, place)["C"] == 560
    assert undo_import(engine, second, "乙") == 2
    assert_same(before, snapshot(engine))
    assert sound(engine)
    with engine.connect() as connection:
        newest = queries.recent_changes(connection, 1).iloc[0]
    assert (newest["status"], newest["user"], newest["import_id"]) == ("undone", "乙", second)


def test_undo_of_the_only_import_empties_the_store(engine: sa.Engine, place: Place) -> None:
    only = save(engine, place, ("n1a", 300))
    undo_import(engine, only, "甲")
    assert current(engine, place) == {}
    with engine.connect() as connection:
        assert queries.periods(connection).empty
        assert connection.scalar(sa.select(sa.func.count()).select_from(observation)) == 1  # closed, not deleted


def test_later_imports_of_other_cells_stay(engine: sa.Engine, place: Place) -> None:
    save(engine, place, ("n1a", 300), ("n2a", 200))
    second = save(engine, place, ("n1a", 310))
    save(engine, place, ("n2a", 220), ("q1a", 50))
    undo_import(engine, second, "甲")
    assert current(engine, place) == {"n1a": 300, "n2a": 220, "q1a": 50, "C": 570}
    assert sound(engine)


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
def test_a_chain_can_be_undone_in_any_order(engine: sa.Engine, place: Place, order: tuple[int, ...]) -> None:
    """Whatever is left standing last was imported last of those that are not undone."""
    values = {0: 300, 1: 310, 2: 320, 3: 330}
    imports = {number: save(engine, place, ("n1a", value)) for number, value in values.items()}
    left = set(values)
    for number in order:
        undo_import(engine, imports[number], "甲")
        left.remove(number)
        assert current(engine, place) == {"n1a": values[max(left)], "C": values[max(left)]}
    assert sound(engine)


def test_after_undo_the_file_can_be_imported_again(engine: sa.Engine, place: Place) -> None:
    draft = report(place, [Fact("n1a", "enrollment", 300, PRI)])
    first = save_import(engine, draft, "甲")
    stored = snapshot(engine)
    undo_import(engine, first.import_id or 0, "甲")
    again = save_import(engine, draft, "甲")
    assert (again.outcome, again.new) == ("stored", 1)
    assert again.import_id != first.import_id
    assert snapshot(engine)["cells"]["value"].tolist() == stored["cells"]["value"].tolist()
    with engine.connect() as connection:
        [listed] = queries.documents(connection).to_dict("records")
        assert (listed["import_id"], listed["status"]) == (again.import_id, "stored")
        assert len(queries.document_observations(connection, listed["source_file_id"])) == 1
    assert sound(engine)


def test_rates_follow_an_undone_count(engine: sa.Engine, place: Place) -> None:
    facts = [Fact("n1a", "enrollment", 100, PRI), Fact("n1a", "dropout_count", 1, PRI)]
    save_import(engine, sheet(place, facts), "甲")
    second = save(engine, place, ("n1a", 50))
    assert value_of(engine, place, "N", "dropout_rate", PRI)["value"] == 2
    undo_import(engine, second, "甲")
    assert value_of(engine, place, "N", "dropout_rate", PRI)["value"] == 1


@pytest.mark.parametrize("words", ["已撤销过", "不存在"])
def test_nothing_is_undone_twice(engine: sa.Engine, place: Place, words: str) -> None:
    number = save(engine, place, ("n1a", 300))
    undo_import(engine, number, "甲")
    with pytest.raises(StoreError, match=words):
        undo_import(engine, number if words == "已撤销过" else 4711, "甲")


def test_a_value_that_another_file_states_too_stays_on_its_word(engine: sa.Engine, place: Place) -> None:
    first = save(engine, place, ("n1a", 300), ("n2a", 200))
    second = save(engine, place, ("n1a", 300), ("q1a", 50))
    [before] = in_force(engine, place, "n1a")
    assert before["import_id"] == first
    undo_import(engine, first, "甲")
    assert current(engine, place) == {"n1a": 300, "q1a": 50, "C": 350}
    [after] = in_force(engine, place, "n1a")
    assert (after["observation_id"], after["import_id"]) == (before["observation_id"], second)
    assert sound(engine)
    undo_import(engine, second, "甲")
    assert current(engine, place) == {}
    assert sound(engine)


def test_a_value_goes_over_to_the_next_file_that_is_left(engine: sa.Engine, place: Place) -> None:
    first = save(engine, place, ("n1a", 300))
    numbers = [save(engine, place, ("n1a", 300), (unit, 1)) for unit in ("n1b", "n2a", "q1a")]
    undo_import(engine, numbers[0], "甲")
    undo_import(engine, first, "甲")
    [held] = in_force(engine, place, "n1a")
    assert held["import_id"] == numbers[1]
    undo_import(engine, numbers[1], "甲")
    [held] = in_force(engine, place, "n1a")
    assert held["import_id"] == numbers[2]
    assert sound(engine)


def test_a_value_that_was_replaced_since_goes_over_too(engine: sa.Engine, place: Place) -> None:
    first = save(engine, place, ("n1a", 300))
    save(engine, place, ("n1a", 300), ("n2a", 1))
    third = save(engine, place, ("n1a", 310))
    undo_import(engine, first, "甲")
    undo_import(engine, third, "甲")
    assert current(engine, place) == {"n1a": 300, "n2a": 1, "C": 301}
    assert sound(engine)


def test_an_undated_value_is_shown_when_the_one_before_it_is_gone(engine: sa.Engine, place: Place) -> None:
    drafts = [
        report(place, [Fact("n1a", "enrollment", value, PRI, period=None)], name=f"{name}.txt")
        for name, value in (("甲", 300), ("乙", 310), ("丙", 320))
    ]
    first, second, third = (save_import(engine, draft, "甲").import_id or 0 for draft in drafts)
    assert value_of(engine, place, "n1a", "enrollment", PRI, "")["value"] == 300
    undo_import(engine, first, "甲")
    assert value_of(engine, place, "n1a", "enrollment", PRI, "")["value"] == 310
    save_import(engine, drafts[0], "甲")
    undo_import(engine, second, "甲")
    assert value_of(engine, place, "n1a", "enrollment", PRI, "")["value"] == 320
    undo_import(engine, third, "甲")
    assert value_of(engine, place, "n1a", "enrollment", PRI, "")["value"] == 300
    assert sound(engine)


def test_verify_sees_a_statement_of_a_value_that_is_gone(engine: sa.Engine, place: Place) -> None:
    save(engine, place, ("n1a", 300))
    save(engine, place, ("n1a", 300), ("n2a", 1))
    assert sound(engine)
    with write(engine) as connection:
        connection.execute(sa.update(restatement).values(observation_id=4711))
    assert not sound(engine)
