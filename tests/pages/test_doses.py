"""What is counted by doses is shown in doses, and what is counted by persons in persons, on pages, papers and in files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from db import tokens
from db.catalogue import load_catalogue
from db.engine import make_engine
from db.org import load_org_units
from db.records import Observation, SourceKind
from db.store import save_import
from pages.analysis.display import chinese_marks
from pages.api import ROUTES, routes
from pages.exports.dataset import as_csv, as_sdmx
from pages.ui import bulletin, data, datasets, measures, profile, proof, sentences, text
from tests.pages.conftest import TREE, Shelf, draft_of, grids
from tests.pages.conftest import proof as proved
from tests.stores import prepared

Open = Callable[..., AppTest]
DOSE, PERSON = "basis=dose;level=PRI", "basis=person;level=PRI"
TERM = "SY2025-T1"
# (school, basis) -> due, done
CAUGHT = {
    ("p1", "dose"): (40, 40), ("p2", "dose"): (30, 30), ("p3", "dose"): (60, 20), ("p4", "dose"): (1, 1),
    ("p1", "person"): (25, 25), ("p2", "person"): (20, 20), ("p3", "person"): (41, 12), ("p4", "person"): (1, 1),
}  # fmt: skip


def filled(engine: sa.Engine) -> dict[str, int]:
    """Catching up by doses and by persons, as a sheet of a county states it."""
    ids = load_org_units(engine, TREE)
    rows = [
        (school, basis, code, value)
        for (school, basis), pair in CAUGHT.items()
        for code, value in zip(("vac_catchup_due", "vac_catchup_done"), pair, strict=True)
    ]
    lines = [f"{n}#{school}#{basis}#{code}#{value}#" for n, (school, basis, code, value) in enumerate(rows)]
    body = "".join(line + "\n" for line in lines)
    made = [
        Observation(
            code, TERM, {"basis": basis, "level": "PRI"}, Decimal(value), basis, proved(body, line), SourceKind.SHEET,
            ids[school],
        )
        for line, (school, basis, code, value) in zip(lines, rows, strict=True)
    ]  # fmt: skip
    save_import(engine, draft_of(body, made, "补种.csv"), "张敏")
    return ids


@pytest.fixture
def caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_cache: None) -> Shelf:
    ids = prepared(tmp_path / "store.sqlite3", filled)
    monkeypatch.setenv("EDU_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EDU_DATABASE_URL", raising=False)
    return Shelf(tmp_path, ids)


def speak(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "language", lambda: language)


@pytest.mark.parametrize(
    ("language", "code", "dims", "title", "value"),
    [
        ("zh", "vac_catchup_due", DOSE, "应补种剂次（小学）", "7剂次"),
        ("zh", "vac_catchup_due", PERSON, "应补种人数（小学）", "7人"),
        ("zh", "vac_catchup_due", "level=PRI", "应补种人数（剂次）（小学）", "7人"),
        ("zh", "vac_catchup_done", "basis=dose;level=ALL", "实补种剂次", "7剂次"),
        ("zh", "vac_catchup_done", "basis=person;level=ALL", "实补种人数", "7人"),
        ("zh", "vac_catchup_rate", "basis=dose;level=ALL", "补种率（按剂次）", "7.0%"),
        ("zh", "vaccination_due", "dose=2;vaccine=MMR", "应种人数（第2剂 · 麻腮风疫苗）", "7人"),
        ("zh", "vaccination_given", "basis=dose;vaccine=MMR", "实种人数（按剂次 · 麻腮风疫苗）", "7剂次"),
        ("en", "vac_catchup_due", DOSE, "Doses due for catch-up (Primary)", "7 doses"),
        ("en", "vac_catchup_due", PERSON, "Children due for catch-up (Primary)", "7"),
        ("en", "vac_catchup_done", "basis=dose;level=ALL", "Catch-up doses given", "7 doses"),
        ("en", "vac_catchup_rate", "basis=dose;level=ALL", "Catch-up rate (By dose)", "7.0%"),
    ],
)
def test_the_title_says_the_basis_once_and_the_value_its_unit(
    monkeypatch: pytest.MonkeyPatch, caught: Shelf, language: str, code: str, dims: str, title: str, value: str
) -> None:
    speak(language, monkeypatch)
    indicator = data.indicator(code, dims)
    assert text.title_of(indicator, dims) == text.title_of(data.indicator(code), dims) == title
    assert text.value_text(7, indicator) == value


@pytest.mark.parametrize(
    ("language", "dims", "short", "one"),
    [
        ("zh", DOSE, "38剂次", "1剂次"), ("zh", PERSON, "38人", "1人"), ("zh", "", "38人", "1人"),
        ("en", DOSE, "38 doses", "1 dose"), ("en", PERSON, "38", "1"),
    ],
)  # fmt: skip
def test_a_gap_is_told_in_what_the_rate_counts(
    monkeypatch: pytest.MonkeyPatch, caught: Shelf, language: str, dims: str, short: str, one: str
) -> None:
    speak(language, monkeypatch)
    rate = data.indicator("vac_catchup_rate", dims)
    assert (sentences.short_text(38, rate), sentences.short_text(1, rate)) == (short, one)
    assert sentences.counts_people(rate), (
        "a dose tells of a child, and small numbers of doses are hidden from the public"
    )


def test_other_gaps_keep_their_units(caught: Shelf) -> None:
    told = {code: sentences.short_text(3, data.indicator(code)) for code in ("dropout_rate", "vac_cert_check_rate")}
    assert set(told.values()) == {"3人"}
    assert sentences.short_text(3, data.indicator("hygiene_rectification_rate")) == "3个"


@pytest.mark.parametrize(
    ("language", "title", "gap", "line"),
    [
        ("zh", "补种率（按剂次）（小学）", "还差34剂次", "还差37剂次"),
        ("en", "Catch-up rate (Primary · By dose)", "34 doses short", "37 doses short"),
    ],
)
def test_tile_attention_list_and_bulletin_tell_a_gap_of_doses(
    caught: Shelf, open_page: Open, language: str, title: str, gap: str, line: str
) -> None:
    overview = open_page("overview", lang=language)
    assert not overview.exception
    assert gap in [each.value for each in overview.caption]
    assert line in "\n".join(each.value for each in overview.markdown)
    paper = open_page("bulletin", lang=language, unit=caught.ids["city"], period="SY2025")
    assert not paper.exception
    words = "\n".join(each.value for each in paper.main.get("html"))
    assert gap in words
    assert line in words


@pytest.mark.parametrize(("language", "due", "persons"), [("zh", "60剂次", "41人"), ("en", "60 doses", "41")])
def test_the_page_of_a_school_shows_doses_and_persons_each_in_their_unit(
    caught: Shelf, open_page: Open, language: str, due: str, persons: str
) -> None:
    app = open_page("school", lang=language, unit=caught.ids["p3"])
    assert not app.exception
    assert f">{due}<" in grids(app)
    app.toggle(key="all_breakdowns").set_value(True).run()
    assert not app.exception
    assert f">{due}<" in grids(app)
    assert f">{persons}<" in grids(app)


@pytest.mark.parametrize(("dims", "value", "name"), [(DOSE, "131剂次", "应补种剂次"), (PERSON, "87人", "应补种人数")])
def test_trends_and_evidence_of_a_count_follow_its_dims(
    caught: Shelf, open_page: Open, dims: str, value: str, name: str
) -> None:
    city = caught.ids["city"]
    trend = open_page("trends", indicator="vac_catchup_due", dims=dims, units=city)
    cell = open_page("evidence", unit=city, indicator="vac_catchup_due", period=TERM, dims=dims)
    assert not [*trend.exception, *cell.exception]
    assert f">{value}<" in grids(trend)
    [told] = [each for each in cell.metric if each.label.startswith(name)]
    assert told.value == value


def test_the_parts_of_a_rate_by_doses_are_doses(caught: Shelf, open_page: Open) -> None:
    app = open_page("evidence", unit=caught.ids["p3"], indicator="vac_catchup_rate", period=TERM, dims=DOSE)
    assert not app.exception
    assert all(each in grids(app) for each in (">应补种剂次<", ">60剂次<", ">实补种剂次<", ">20剂次<"))


def test_a_record_is_named_once(caught: Shelf) -> None:
    cells = data.cells(["vac_catchup_due"], [caught.ids["p3"]], [TERM], [DOSE])
    [detail] = [data.observation(int(each)) for each in cells["observation_id"]]
    assert (detail.unit, proof.what(detail)) == (
        "dose", f"应补种剂次 · 小学 · 石岭中心小学 · {text.period_text(TERM)} · 60剂次",
    )  # fmt: skip
    assert profile.title(("vac_catchup_due", DOSE), "PRI") == "应补种剂次"


def test_saved_files_carry_the_unit_of_the_value(caught: Shelf) -> None:
    cells = data.cells(["vac_catchup_due", "vac_catchup_done"], [caught.ids["p3"]], [TERM], [DOSE, PERSON])
    saved = datasets.values("补种", measures.judged(cells))
    rows = list(csv.DictReader(io.StringIO(as_csv(saved).decode("utf-8-sig"))))
    assert {(row["指标"], row["计量单位"], row["数值"]) for row in rows} == {
        ("应补种剂次", "剂次", "60"), ("实补种剂次", "剂次", "20"), ("应补种人数", "人", "41"), ("实补种人数", "人", "12"),
    }  # fmt: skip
    assert set(saved.sources.frame["计量单位"]) == {"人", "剂次"}
    assert set(saved.definitions.frame["计量单位"]) == {"人、剂次"}
    sdmx = list(csv.DictReader(io.StringIO(as_sdmx(saved).decode("utf-8"))))
    assert {(row["BASIS"], row["UNIT_MEASURE"]) for row in sdmx} == {("dose", "DOSE"), ("person", "PS")}
    names = {row["INDICATOR"]: row["INDICATOR_NAME"] for row in sdmx}
    for code, name in names.items():
        assert name == chinese_marks(load_catalogue().indicator(code).name_zh), "of the code, whatever the dims"


def test_the_data_interface_tells_the_unit_of_the_value(caught: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "pace", routes.Pace())
    engine = make_engine()
    held = {"authorization": f"Bearer {tokens.add_token(engine, '取数', None, 30, '王芳')}"}
    engine.dispose()
    client = TestClient(Starlette(routes=ROUTES), base_url="http://127.0.0.1")
    asked = {"indicator": "vac_catchup_due,vac_catchup_rate", "org_unit_id": caught.ids["p3"], "period": TERM}
    rows = client.get("/api/v1/observations", headers=held, params=asked).json()["data"]
    told = {(row["indicator"], row["dims"]): row["unit"] for row in rows}
    assert told["vac_catchup_due", DOSE] == "dose"
    assert told["vac_catchup_due", PERSON] == "person"
    assert told["vac_catchup_rate", DOSE] == "percent"


def test_the_public_edition_hides_few_doses_as_it_hides_few_people(caught: Shelf) -> None:
    facts = bulletin.facts(caught.ids["hill"], "SY2025", "public", "school")
    assert [line.series.indicator.basis for line in facts.lines] == ["dose"]
    hidden = dict(zip(facts.parts["org_unit_id"], facts.parts["hidden"], strict=True))
    assert hidden[caught.ids["p4"]] == "small"
