"""A small store for pages: one city, two districts, five schools, three years; and a way to open a page of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import streamlit as st
from streamlit.testing.v1 import AppTest

from db.engine import make_engine
from db.org import load_org_units
from db.records import (
    Block,
    Draft,
    Evidence,
    Observation,
    OrgKind,
    OrgUnitInput,
    Reading,
    SourceFile,
    SourceKind,
)
from db.records_accounts import Role
from db.schema import import_batch, observation
from db.store import save_import
from pages.exports import docx, pack, picture, typeset
from pages.ui import access, data
from tests.stores import migrated

FRAME = Path(__file__).parent.parent.parent / "pages" / "frame.py"
YEARS = ("SY2023", "SY2024", "SY2025")

TREE = [
    OrgUnitInput("city", None, OrgKind.CITY, "岚川市", code="990100"),
    OrgUnitInput("east", "city", OrgKind.COUNTY, "东渡区", code="990101"),
    OrgUnitInput("west", "city", OrgKind.COUNTY, "西坪县", code="990102"),
    OrgUnitInput("bay", "east", OrgKind.TOWN, "湾口街道", code="990101001"),
    OrgUnitInput("hill", "west", OrgKind.TOWN, "石岭镇", code="990102101"),
    OrgUnitInput("p1", "bay", OrgKind.SCHOOL, "湾口小学", code="2199000001", level="PRI", area_type="urban"),
    OrgUnitInput("p2", "bay", OrgKind.SCHOOL, "渡头小学", code="2199000002", level="PRI", area_type="urban"),
    OrgUnitInput("p3", "hill", OrgKind.SCHOOL, "石岭中心小学", code="2199000003", level="PRI", area_type="town"),
    OrgUnitInput("j1", "hill", OrgKind.SCHOOL, "石岭初中", code="3199000004", level="JUN", area_type="town"),
    OrgUnitInput("p4", "hill", OrgKind.SCHOOL, "青崖小学", code="2199000005", level="PRI", area_type="rural"),
]
# (school, indicator, level) -> numerator / denominator per year; None: not reported
RATES: dict[tuple[str, str, str], Sequence[tuple[int, int] | None]] = {
    ("p1", "vac_cert_check_rate", "PRI"): [(200, 200), (210, 210), (220, 220)],
    ("p2", "vac_cert_check_rate", "PRI"): [(150, 150), (150, 150), (150, 150)],
    ("p3", "vac_cert_check_rate", "PRI"): [(300, 300), (280, 310), (240, 320)],
    ("p4", "vac_cert_check_rate", "PRI"): [(40, 40), (40, 40), None],
    ("p1", "hygiene_inspection_pass_rate", "PRI"): [(19, 20), (20, 20), (20, 20)],
    ("p3", "hygiene_inspection_pass_rate", "PRI"): [(10, 20), (12, 20), (18, 20)],
    ("j1", "hygiene_inspection_pass_rate", "JUN"): [(20, 20), (19, 20), (12, 20)],
}
COUNTS: dict[tuple[str, str, str], Sequence[int | None]] = {
    ("p1", "enrollment", "PRI"): [900, 910, 920],
    ("p2", "enrollment", "PRI"): [500, 505, 495],
    ("p3", "enrollment", "PRI"): [1200, 1210, 1230],
    ("j1", "enrollment", "JUN"): [800, 820, 840],
    ("p4", "enrollment", "PRI"): [60, 58, None],
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A store on disk and the ids of its units by key."""

    folder: Path
    ids: dict[str, int]


def proof(text: str, quote: str) -> Evidence:
    at = text.index(quote)
    end = at + len(quote)
    return Evidence(quote, "test.rule", "1", 0.9, "第1段", at, end, text.rfind("\n", 0, at) + 1, text.index("\n", at))


def observations(ids: dict[str, int]) -> tuple[str, list[Observation]]:
    """Every value of the tables above as a line of one text, and the observations that rest on them."""
    rows: list[tuple[str, str, str, str, int, int | None]] = []
    for (school, code, level), pairs in RATES.items():
        rows += [(school, code, level, y, *pair) for y, pair in zip(YEARS, pairs, strict=True) if pair]
    for (school, code, level), values in COUNTS.items():
        rows += [(school, code, level, y, n, None) for y, n in zip(YEARS, values, strict=True) if n is not None]
    lines = [f"{n}#{school}#{code}#{year}#{x}#{base}#" for n, (school, code, _, year, x, base) in enumerate(rows)]
    text = "".join(line + "\n" for line in lines)
    made = []
    for line, (school, code, level, year, x, base) in zip(lines, rows, strict=True):
        value = Decimal(x) if base is None else Decimal(100) * x / base
        made.append(
            Observation(
                code, year, {"level": level}, value, "person" if base is None else "percent", proof(text, line),
                SourceKind.SHEET, ids[school],
                numerator=None if base is None else Decimal(x), denominator=None if base is None else Decimal(base),
            )
        )  # fmt: skip
    return text, made


def draft_of(text: str, made: Sequence[Observation], name: str, kind: SourceKind = SourceKind.SHEET) -> Draft:
    content = text.encode()
    source = SourceFile(name, content, hashlib.sha256(content).hexdigest(), "text/plain")
    reading = Reading("text/plain", text, (Block(0, "paragraph", "第1段", text, 0),))
    return Draft(source, reading, kind, tuple(made), extractor_version="test")


def stated(ids: dict[str, int]) -> Draft:
    """A report that states a rate of one district without its counts."""
    text = "2025—2026学年西坪县九年义务教育巩固率为93.4%。\n"
    made = Observation(
        "retention_rate", "SY2025", {"level": "CE"}, Decimal("93.4"), "percent", proof(text, "93.4%"),
        SourceKind.REPORT, ids["west"],
    )  # fmt: skip
    return draft_of(text, [made], "西坪县汇报.txt", SourceKind.REPORT)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    folder = tmp_path_factory.mktemp("filled")
    engine = make_engine(migrated(folder / "store.sqlite3"))
    ids = load_org_units(engine, TREE)
    save_import(engine, draft_of(*observations(ids), "学年统计.csv"), "张敏")
    save_import(engine, stated(ids), "李强")
    engine.dispose()
    return Shelf(folder, ids)


WHO = access.Person("wangfang", "王芳", Role.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are looked at by one person with every right but audit, as if the gate had let her in."""
    monkeypatch.setattr(access, "look", lambda: WHO)


@pytest.fixture
def fresh_cache() -> Iterator[None]:
    """No engine and no frame of another test's store."""
    st.cache_data.clear()
    data.forget()
    st.cache_resource.clear()
    yield
    st.cache_data.clear()
    data.forget()
    st.cache_resource.clear()


@pytest.fixture
def store(filled: Shelf, monkeypatch: pytest.MonkeyPatch, fresh_cache: None) -> Shelf:
    """The filled store as the one that pages open; tests must not write to it."""
    monkeypatch.setenv("EDU_DATA_DIR", str(filled.folder))
    monkeypatch.delenv("EDU_DATABASE_URL", raising=False)
    return filled


@pytest.fixture
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_cache: None) -> Path:
    """A migrated store with nothing in it."""
    monkeypatch.setenv("EDU_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EDU_DATABASE_URL", raising=False)
    migrated(tmp_path / "store.sqlite3")
    return tmp_path


@pytest.fixture
def corrected(filled: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_cache: None) -> Shelf:
    """A store whose first files came ten days ago, and in which a school's rate was corrected today."""
    shutil.copy(filled.folder / "store.sqlite3", tmp_path)
    monkeypatch.setenv("EDU_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EDU_DATABASE_URL", raising=False)
    engine = make_engine()
    with engine.begin() as connection:
        for column in (import_batch.c.created_at, observation.c.valid_from):
            before = connection.scalar(sa.select(sa.func.max(column))) - timedelta(days=10)
            connection.execute(sa.update(column.table).values({column: before}))
    text = "石岭中心小学查验300人，应查验320人。\n"
    told = Observation(
        "vac_cert_check_rate", "SY2025", {"level": "PRI"}, Decimal("93.75"), "percent", proof(text, "300"),
        SourceKind.SHEET, filled.ids["p3"], numerator=Decimal(300), denominator=Decimal(320),
    )  # fmt: skip
    save_import(engine, draft_of(text, [told], "查验更正.csv"), "王芳")
    engine.dispose()
    return Shelf(tmp_path, filled.ids)


@pytest.fixture(scope="session", autouse=True)
def drawn_once() -> Iterator[None]:
    """A chart of a paper that was drawn is not drawn again: the engine takes seconds to start (see pages.exports.picture)."""
    held: dict[str, list[bytes]] = {}

    def drawn(specs: Sequence[dict[str, Any]], kind: picture.Kind) -> list[bytes]:
        key = json.dumps([kind, *specs], sort_keys=True)
        if key not in held:
            held[key] = picture.drawn(specs, kind)
        return held[key]

    with pytest.MonkeyPatch.context() as patch:
        for paper in (docx, pack, typeset):
            patch.setattr(paper, "drawn", drawn)
        yield


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    """`open_page("trends", unit=3)`: the page inside the frame, with its query parameters."""

    def opened(name: str, **params: Any) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=30)
        app.switch_page(f"{name}.py")
        for key, value in params.items():
            app.query_params[key] = str(value)
        return app.run()

    return opened


def grids(app: AppTest) -> str:
    """The HTML of all linked tables of a page, without their style and without drawings that have none."""
    return "\n".join(each.value.partition("</style>")[2] for each in app.main.get("html"))


def shown(app: AppTest) -> str:
    """Everything a page says: titles, text, badges, metrics, tables, notices."""
    elements = [
        *app.title,
        *app.header,
        *app.markdown,
        *app.caption,
        *app.info,
        *app.success,
        *app.warning,
        *app.error,
    ]
    words = [str(each.value) for each in elements]
    words += [f"{each.label} {each.value} {each.delta}" for each in app.metric]
    words += [each.value.to_csv() for each in app.dataframe]
    words += [each.label for each in app.expander]
    return "\n".join(words)
