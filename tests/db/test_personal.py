"""No name, identity number or birth date of a list stands anywhere in the store's files, the logs or the draft."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from db.blocks import original, stored_reading
from db.catalogue import load_catalogue
from db.engine import make_engine
from db.org import load_org_units, org_directory
from db.queries_history import history_of
from db.records import Draft, OrgKind, OrgUnitInput
from db.schema import observation, source_file
from db.store import save_import
from db.verify import verify
from etl import pipeline
from etl.places import Directory
from tests.stores import migrated

PERSONS = {"张小雨": "2018-05-06", "李明轩": "2018-07-11", "欧阳梓涵": "2017-12-30"}
ID = "11010519491231002X"
UNITS = (
    OrgUnitInput("N", None, OrgKind.COUNTY, "北岭县", code="439921"),
    OrgUnitInput("S", "N", OrgKind.SCHOOL, "湖滨小学", code="2143010011", level="PRI"),
)


def workbook(with_ids: bool) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "一(2)班"
    sheet.append(["湖滨小学2023年秋季入学儿童免疫状况登记表"])
    sheet.append(["姓名", "出生日期", "是否有证", "卡介苗", "麻腮风", "是否全种", *(["身份证号"] if with_ids else [])])
    for name, born in PERSONS.items():
        sheet.append([name, born, 1, 1, "△", 0, *([ID] if with_ids else [])])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    engine = make_engine(migrated(tmp_path / "edu.sqlite"))
    load_org_units(engine, UNITS)
    engine.dispose()
    return tmp_path


def prepared(engine: sa.Engine, content: bytes) -> Draft:
    with engine.connect() as connection:
        directory = Directory(org_directory(connection))
    draft = pipeline.draft_from_file("一(2)班免疫.xlsx", content, load_catalogue(), directory)
    with engine.connect() as connection:
        return pipeline.with_history(draft, history_of(connection, draft, load_catalogue()), load_catalogue())


def traces(data: bytes) -> list[str]:
    """The persons whose name, birth date or number can be found in bytes, in any spelling a program may write."""
    secrets = [*PERSONS, *PERSONS.values(), *(born.replace("-", ".") for born in PERSONS.values()), ID]
    return [
        secret
        for secret in secrets
        if any(
            form in data
            for form in (
                secret.encode(), secret.encode("utf-16-le"), secret.encode("gb18030"), json.dumps(secret)[1:-1].encode(),
            )
        )
    ]  # fmt: skip


def test_the_test_sees_persons_where_they_stand(folder: Path) -> None:
    engine = make_engine(f"sqlite:///{folder / 'edu.sqlite'}")
    with engine.begin() as connection:
        connection.execute(
            sa.insert(source_file).values(
                sha256="0",
                name="张小雨.xlsx",
                media_type="",
                size=0,
                uploaded_by="",
                uploaded_at=sa.func.current_timestamp(),
            )
        )
    found = {secret for path in folder.iterdir() for secret in traces(path.read_bytes())}
    engine.dispose()
    assert found == {"张小雨"}


def test_a_counted_list_leaves_no_person_in_the_store(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    engine = make_engine(f"sqlite:///{folder / 'edu.sqlite'}")
    content = workbook(with_ids=False)
    draft = prepared(engine, content)
    result = save_import(engine, draft, "王老师")
    assert result.outcome == "stored"
    files = list(folder.iterdir())  # with the WAL, before it is folded in
    assert any(path.name.endswith("-wal") for path in files)
    assert [(path.name, found) for path in files if (found := traces(path.read_bytes()))] == []
    assert traces(repr(draft).encode()) == []
    assert traces(caplog.text.encode()) == []
    with engine.connect() as connection:
        counted = connection.scalars(sa.select(observation.c.value)).all()
        file_id, sha256, size = connection.execute(
            sa.select(source_file.c.id, source_file.c.sha256, source_file.c.size)
        ).one()
        assert "■" in repr(stored_reading(connection, file_id))
        with pytest.raises(KeyError):
            original(connection, file_id)
    assert 3 in counted
    assert (sha256, size) == (draft.source.sha256, 0)
    with engine.connect() as connection:
        assert all(not check.faults for check in verify(connection))
    assert save_import(engine, prepared(engine, content), "王老师").outcome == "same"
    engine.dispose()
    assert [(path.name, found) for path in folder.iterdir() if (found := traces(path.read_bytes()))] == []


def test_a_refused_list_stores_nothing_and_its_draft_holds_no_person(folder: Path) -> None:
    engine = make_engine(f"sqlite:///{folder / 'edu.sqlite'}")
    draft = prepared(engine, workbook(with_ids=True))
    assert draft.blocked
    assert save_import(engine, draft, "王老师").outcome == "rejected"
    assert traces(repr(draft).encode()) == []
    assert draft.source.content == b""
    assert [(path.name, found) for path in folder.iterdir() if (found := traces(path.read_bytes()))] == []
    engine.dispose()
