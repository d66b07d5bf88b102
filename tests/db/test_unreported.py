"""Who has not filed a form: by row of the form, with the columns that are wanting."""

from __future__ import annotations

import pandas as pd
import pytest
import sqlalchemy as sa

from db import queries
from db.__main__ import main
from db.catalogue import load_catalogue
from db.queries_unreported import asked_columns
from db.records import ObsStatus
from db.store import save_import, undo_import
from tests.db.makers import YEAR, Fact, Place, report, sheet

FORM = "school_basics"


def unreported(engine: sa.Engine, **asked: object) -> pd.DataFrame:
    with engine.connect() as connection:
        return queries.unreported(connection, **{"form": FORM, "period": YEAR, **asked})  # type: ignore[arg-type]


def states(found: pd.DataFrame) -> dict[tuple[str, str], tuple[str, int]]:
    return {
        (row.name_, row.stage): (row.state, row.n_reported)
        for row in found.rename(columns={"name": "name_"}).itertuples()
    }


def full(unit: str, stage: str) -> list[Fact]:
    """A fact for every column that the form asks of a unit."""
    catalogue = load_catalogue()
    form = catalogue.form(FORM)
    assert form is not None
    facts = []
    for _, code, dims in asked_columns(form, stage, catalogue):
        key = ";".join(f"{name}={value}" for name, value in sorted({**dims, "level": stage}.items()))
        facts.append(Fact(unit, code, 1, key))
    return facts


def test_before_anything_is_filed_every_row_of_the_form_is_wanting(engine: sa.Engine, place: Place) -> None:
    found = unreported(engine)
    with engine.connect() as connection:
        rows = queries.form_rows(connection, form=FORM, period=YEAR)
    assert found[["stage", "org_unit_id"]].to_numpy().tolist() == rows[["stage", "org_unit_id"]].to_numpy().tolist()
    assert set(found["state"]) == {"none"}
    first = found[found["name"] == "河口镇中心小学"].iloc[0]
    assert (first["town_name"], first["county_name"], first["n_reported"]) == ("河口镇", "北岭县", 0)
    assert "在校生数合计" in first["missing"]
    assert "在园幼儿数" not in first["missing"]
    assert "枫桥镇南岸小学" not in set(found["name"])  # merged before the period


def test_a_full_row_leaves_the_list_and_undoing_brings_it_back(engine: sa.Engine, place: Place) -> None:
    before = states(unreported(engine))
    number = save_import(engine, sheet(place, full("n1a", "PRI")), "甲").import_id
    after = states(unreported(engine))
    assert before.keys() - after.keys() == {("河口镇中心小学", "PRI")}
    undo_import(engine, number or 0, "甲")
    assert states(unreported(engine)) == before


def test_a_part_of_a_row_says_what_is_wanting(engine: sa.Engine, place: Place) -> None:
    save_import(engine, report(place, [Fact("n1a", "enrollment", 300, "level=PRI")]), "甲")
    found = unreported(engine)
    row = found[found["name"] == "河口镇中心小学"].iloc[0]
    assert (row["state"], row["n_reported"]) == ("part", 1)
    assert "在校生数合计" not in row["missing"]
    assert "教学班数" in row["missing"]
    assert len(row["missing"].split("、")) == row["n_expected"] - 1


def test_not_reported_is_no_report_and_not_applicable_is_one(engine: sa.Engine, place: Place) -> None:
    facts = [
        Fact("n1a", "classes", None, "level=PRI", status=ObsStatus.NOT_REPORTED),
        Fact("n2a", "classes", None, "level=PRI", status=ObsStatus.NOT_APPLICABLE),
        Fact("n1b", "classes", 12, "level=JUN", period="SY2023"),
    ]
    save_import(engine, sheet(place, facts), "甲")
    found = states(unreported(engine))
    assert found["河口镇中心小学", "PRI"] == ("none", 0)
    assert found["枫桥镇小学", "PRI"] == ("part", 1)
    assert found["河口镇初级中学", "JUN"] == ("none", 0)


def test_a_nine_year_school_is_asked_for_both_sections(engine: sa.Engine, place: Place) -> None:
    name = "枫桥镇九年一贯制学校"
    save_import(engine, sheet(place, [Fact("n2b", "enrollment", 300, "level=PRI")]), "甲")
    found = states(unreported(engine))
    assert (found[name, "PRI"], found[name, "JUN"]) == (("part", 1), ("none", 0))
    save_import(engine, sheet(place, [Fact("n2b", "teachers", 40, "level=CE")]), "甲")
    found = states(unreported(engine))
    assert (found[name, "PRI"], found[name, "JUN"]) == (("part", 2), ("part", 1))


def test_the_list_of_one_county(engine: sa.Engine, place: Place) -> None:
    assert set(unreported(engine, root_id=place["Q"])["county_name"]) == {"青山县"}


def test_a_code_that_is_no_form(engine: sa.Engine) -> None:
    with pytest.raises(KeyError):
        unreported(engine, form="nope")


def test_the_command_prints_a_list_to_copy(
    engine: sa.Engine, store_url: str, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    save_import(engine, sheet(place, [Fact("n1a", "classes", 12, "level=PRI")]), "甲")
    assert main(["--database", store_url, "unreported", FORM, YEAR]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "青山县 石塘镇 石塘镇小学(小学)" in lines
    [part] = [line for line in lines if "河口镇中心小学" in line]
    assert "缺" in part
    assert "教学班数" not in part
    assert lines[-1].startswith("共 ")
    assert main(["--database", store_url, "unreported", "nope", YEAR]) == 2
    assert "school_basics" in capsys.readouterr().err
    assert main(["--database", store_url, "unreported", FORM, "去年"]) == 2
    assert "SY2024" in capsys.readouterr().err
