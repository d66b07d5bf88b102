"""The real compilation of work reports, where it lies beside the checkout: ingested, found, and never merged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import queries
from tests.conftest import COMPILATION, connected, run_module

pytestmark = pytest.mark.skipif(not COMPILATION.exists(), reason="the compilation is not beside this checkout")


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Connection]:
    folder: Path = tmp_path_factory.mktemp("compilation")
    done = run_module("etl", "ingest", str(COMPILATION), data_dir=folder)
    assert done.returncode == 0, done.stderr
    with connected(folder) as opened:
        yield opened


def test_the_enrolment_leads_to_its_sentence(connection: sa.Connection) -> None:
    found = queries.search_observations(connection, value=82437)
    assert found["org_unit_name"].tolist() == ["靖远县"]
    row = found.iloc[0]
    document = queries.document(connection, int(row["source_file_id"]))
    assert document is not None
    assert document.text[row["start"] : row["end"]] == "82437"
    assert "在校学生共82437人" in document.text[row["sentence_start"] : row["sentence_end"]]


def test_the_nine_vaccination_rates_stand_in_one_unnamed_unit(connection: sa.Connection) -> None:
    found = queries.search_observations(connection, indicator="vaccination_coverage")
    assert sorted(found["value"]) == [90, 90, 95, 95, 95, 95, 95, 97, 100]
    assert found["org_unit_id"].nunique() == 1
    assert found["dims"].nunique() == 9


def test_unnamed_districts_are_kept_apart_and_outside_every_tree(connection: sa.Connection) -> None:
    units = queries.org_units(connection)
    unnamed = units[units["status"] == "unnamed"]
    assert len(unnamed) >= 4
    assert unnamed["name"].is_unique
    assert unnamed["parent_id"].isna().all()
    assert set(units["status"]) == {"unnamed", "proposed"}
    cells = queries.cells(connection, indicators=["vaccination_coverage"], org_unit_ids=units["org_unit_id"].tolist())
    assert set(cells["method"]) == {"reported"}
