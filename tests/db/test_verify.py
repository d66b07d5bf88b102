"""verify finds what was tampered with and is content with a sound store."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from db.__main__ import main
from db.engine import make_engine, write
from db.records_review import Choice
from db.schema import cell_count, evidence, observation, org_unit, rollup, source_block, source_content, store_state
from db.schema_review import pending_reading, review_effect
from db.store import save_import
from db.verify import verify
from tests.db.makers import Fact, Place, report, sheet
from tests.db.reviewed import stored_id, take, waiting_report, waits

PRI = "level=PRI"


@pytest.fixture
def filled(engine: sa.Engine, place: Place) -> sa.Engine:
    facts = [
        Fact("n1a", "enrollment", 300, PRI),
        Fact("n1a", "dropout_count", 3, PRI),
        Fact("q1a", "enrollment", 50, PRI),
    ]
    save_import(engine, sheet(place, facts), "甲")
    save_import(engine, report(place, [Fact("N", "enrollment", "8130", PRI)]), "甲")
    return engine


def faults(engine: sa.Engine) -> dict[str, tuple[str, ...]]:
    with engine.connect() as connection:
        return {check.name: check.faults for check in verify(connection) if check.faults}


def test_a_sound_store_has_no_faults_and_everything_is_counted(filled: sa.Engine) -> None:
    with filled.connect() as connection:
        checks = {check.name: check for check in verify(connection)}
    assert not any(check.faults for check in checks.values())
    assert checks["依据原文"].checked == 4
    assert checks["文件原件"].checked == 2
    assert checks["汇总数"].checked > 20


def change(
    table: sa.Table, condition: Callable[[], sa.ColumnElement[bool]] | None = None, **values: object
) -> sa.Update:
    query = sa.update(table).values(**values)
    return query if condition is None else query.where(condition())


TAMPERED = {
    "汇总数": change(rollup, lambda: rollup.c.method == "summed", value=rollup.c.value + 1),
    "有数单位数": change(cell_count, n_schools=cell_count.c.n_schools + 1),
    "依据原文": change(evidence, lambda: evidence.c.cell.is_(None), start=evidence.c.start + 1),
    "文件原件": change(source_content, content=b"x"),
    "版本号": change(store_state, revision=1),
    "引用关系": change(observation, lambda: observation.c.id == 1, import_id=99),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_found(filled: sa.Engine, name: str) -> None:
    with write(filled) as connection:
        assert connection.execute(TAMPERED[name]).rowcount
    assert name in faults(filled)


def _reviewed(engine: sa.Engine, place: Place) -> None:
    stored_id(
        engine, waiting_report(place, [], [Fact("n2a", "enrollment", 211, PRI), Fact("q1a", "enrollment", 51, PRI)])
    )
    take(engine, waits(engine)[0], Choice.ACCEPT)


LOOSE = {
    "认定结果的认定": sa.update(review_effect).values(decision_id=99),
    "待认定读数的认定": sa.update(pending_reading)
    .where(pending_reading.c.decision_id.is_not(None))
    .values(decision_id=99),
    "人工认定的观测值": sa.delete(review_effect),
    "找不到「211」": sa.update(source_block).values(content=sa.func.replace(source_block.c.content, "211", "112")),
    "不是「51」": sa.update(source_block).values(content=sa.func.replace(source_block.c.content, "51", "15")),
}


@pytest.mark.parametrize("words", LOOSE)
def test_a_loose_end_of_the_review_is_found(engine: sa.Engine, place: Place, words: str) -> None:
    _reviewed(engine, place)
    assert faults(engine) == {}
    with write(engine) as connection:
        assert connection.execute(LOOSE[words]).rowcount
    assert any(words in fault for fault in faults(engine)["人工认定"])


def test_a_tampered_rollup_is_named_with_both_values(filled: sa.Engine) -> None:
    with write(filled) as connection:
        unit = sa.select(org_unit.c.id).where(org_unit.c.name == "石塘镇").scalar_subquery()
        connection.execute(sa.update(rollup).where(rollup.c.org_unit_id == unit).values(value=51))
    [first, *_] = faults(filled)["汇总数"]
    assert first.startswith("石塘镇 enrollment SY2024 level=")
    assert first.endswith("库中为 51.0,按事实应为 50.0。")


def test_a_removed_and_an_invented_rollup_are_found(filled: sa.Engine) -> None:
    with write(filled) as connection:
        row = connection.execute(sa.select(rollup).limit(1)).mappings().one()
        connection.execute(
            sa.delete(rollup).where(*(rollup.c[k] == row[k] for k in (column.name for column in rollup.primary_key)))
        )
        unknown = connection.scalar(sa.text("SELECT id FROM period WHERE code = ''"))
        connection.execute(sa.insert(rollup).values(**{**row, "period_id": unknown}))
    texts = faults(filled)["汇总数"]
    assert any("库中为 无" in text for text in texts)
    assert any("时期不明" in text and "按事实应为 无" in text for text in texts)


def test_a_changed_document_text_is_found(filled: sa.Engine) -> None:
    with write(filled) as connection:
        shorter = sa.func.replace(source_block.c.content, "8130", "8031")
        connection.execute(sa.update(source_block).values(content=shorter))
    [text] = faults(filled)["依据原文"]
    assert "总结.txt" in text
    assert "8130" in text


def test_the_command_reports_and_sets_its_exit_code(
    filled: sa.Engine, store_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--database", store_url, "verify"]) == 0
    assert "核对完毕,未发现问题。" in capsys.readouterr().out
    with write(filled) as connection:
        connection.execute(TAMPERED["依据原文"])
    assert main(["--database", store_url, "verify"]) == 1
    out = capsys.readouterr().out
    assert "依据原文:核对 4 项,有 1 处不符。" in out
    assert "核对完毕,发现 1 处问题。" in out


def test_a_store_without_schema_is_told_to_upgrade(empty_url: str) -> None:
    engine = make_engine(empty_url)
    with engine.connect() as connection:
        [check] = verify(connection)
    engine.dispose()
    assert "python -m db upgrade" in check.faults[0]
