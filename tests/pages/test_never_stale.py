"""Whatever is written, by whichever process, the next run of every page shows it: what it draws with all that was kept
before is what it draws with nothing kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db import accounts, bureau, locks, notes, queries, rulings
from db.engine import make_engine, write
from db.names import Names
from db.org import add_alias
from db.org_changes import carry_out
from db.records import Evidence, SourceKind
from db.records_accounts import Role
from db.records_claims import Verdict
from db.records_findings import Finding, FindingState
from db.records_org import Rename
from db.records_review import Answer, Choice, Doubt, Pending
from db.review import decide
from db.store import save_import, undo_import
from pages.ui import access, data
from pages.ui import store as pages_store
from tests.pages.conftest import WHO, Shelf, draft_of, observations
from tests.pages.desk import opened_desk
from tests.pages.test_quality import with_a_report
from tests.pages.test_replay import leaves
from tests.pages.test_scope import everything

__all__ = ["opened_desk", "with_a_report"]
Open = Callable[..., AppTest]
PRI = "level=PRI"
FOUND = "湾口小学留样不足。\n石岭中心小学晨检实现全覆盖。\n"


@dataclass(frozen=True, slots=True)
class Laid:
    """A store with something of every kind, and what writes need to know of it."""

    ids: dict[str, int]
    undone: int  # an import


def finding(ids: dict[str, int], state: FindingState, name: str) -> Any:
    proof = Evidence("留样不足", "test", "1", 0.9, "第1段", 4, 8)
    one = Finding("sample_retention", "留样不足", state, proof, period="2026", org_unit_id=ids["p1"])
    return replace(draft_of(f"{FOUND}{name}\n", [], name, SourceKind.REPORT), findings=(one,))


@pytest.fixture(name="laid")
def with_everything(told: Shelf) -> Laid:
    """The desk, a report that disagrees and compares, a number that waits, a finding, a sheet to be undone."""
    ids = told.ids
    engine = make_engine()
    text, made = observations(ids)
    save_import(engine, draft_of(text, made, "学年统计.csv"), "张敏")
    at = FOUND.index("全覆盖")
    proof = Evidence("全覆盖", "implied_value", "1", 0.5, "第2段", at, at + 3)
    waits = replace(
        made[0], indicator="morning_check_rate", value=Decimal(100), numerator=None, denominator=None, evidence=proof,
        source_kind=SourceKind.REPORT,
    )  # fmt: skip
    pending = (Pending(waits, (Doubt.LOW_CONFIDENCE,)),)
    save_import(engine, replace(finding(ids, FindingState.OPEN, "通报.txt"), pending=pending), "甲")
    undone = save_import(engine, changed(ids, 800, "待撤销.csv"), "甲").import_id
    engine.dispose()
    return Laid(ids, int(undone or 0))


def changed(ids: dict[str, int], pupils: int, name: str) -> Any:
    """The school's number of pupils in the newest year, another one."""
    text, made = observations(ids)
    [one] = [
        each for each in made if (each.indicator, each.period, each.org_unit_id) == ("enrollment", "SY2025", ids["p1"])
    ]
    return draft_of(text + f"{name}\n", [replace(one, value=Decimal(pupils))], name)


def alias(engine: sa.Engine, laid: Laid) -> None:
    with write(engine) as connection:
        add_alias(connection, laid.ids["p1"], "湾口一小")


def rule(engine: sa.Engine, _laid: Laid) -> None:
    with engine.connect() as connection:
        number = int(queries.discrepancies(connection)["told_observation_id"].iloc[0])
    rulings.rule(engine, number, Verdict.TOLD, "核对学籍", "王芳")


def accept(engine: sa.Engine, _laid: Laid) -> None:
    with engine.connect() as connection:
        [one] = queries.waiting(connection)
    decide(engine, [Answer(one.origin, one.number, Choice.ACCEPT)], "王芳")


def target(engine: sa.Engine, _laid: Laid) -> None:
    bureau.add_target(
        engine, "vac_cert_check_rate", "PRI", Decimal(99), "school", date(2020, 9, 1), "县教发〔2026〕8号", "王芳"
    )


WRITES: dict[str, tuple[Callable[[sa.Engine, Laid], object], set[str]]] = {
    "import": (lambda e, s: save_import(e, changed(s.ids, 777, "更正.csv"), "甲"), {"overview", "school"}),
    "undo": (lambda e, s: undo_import(e, s.undone, "甲"), {"overview", "school"}),
    "alias": (alias, {"school", "org_units"}),
    "rename": (
        lambda e, s: carry_out(e, Rename(s.ids["p1"], "湾口实验小学", date(2026, 1, 1)), "甲"),
        {"trends", "compare", "school", "org_units"},
    ),
    "target": (target, {"settings", "school"}),
    "deadline": (lambda e, s: bureau.set_due(e, "school_basics", "start", 1, 9, "甲"), {"settings", "templates"}),
    "ruling": (rule, {"quality", "school"}),
    "decision": (accept, {"review", "overview"}),
    "rectified": (
        lambda e, s: save_import(e, finding(s.ids, FindingState.RECTIFIED, "整改报告.txt"), "甲"),
        {"findings"},
    ),
    "note": (
        lambda e, s: notes.pin(e, s.ids["p1"], "vac_cert_check_rate", PRI, "SY2025", "新校舍启用", "甲"),
        {"trends"},
    ),
    "lock": (lambda e, s: locks.lock(e, "SY2023", None, "已审定", "甲"), {"locks"}),
}
SEEN: dict[str, dict[str, Any]] = {
    "overview": {}, "trends": {"units": "p1", "indicator": "vac_cert_check_rate", "dims": PRI}, "districts": {},
    "compare": {"units": "p1"}, "school": {"unit": "p1"}, "findings": {}, "bulletin": {}, "templates": {}, "upload": {},
    "review": {}, "quality": {}, "evidence": {"obs": 1}, "catalogue": {}, "locks": {}, "org_units": {}, "settings": {},
}  # fmt: skip


def drawn(app: AppTest) -> list[tuple[object, ...]]:
    """Every element; a widget whose options changed is told its choice anew for one run, which is not compared."""
    app.run()
    assert not app.exception
    told = re.compile(r', "rawValue": "[^"]*", "setValue": true')
    return [(*rest, told.sub("", str(held))) for *rest, held in leaves(app.main)]


@pytest.mark.parametrize("kind", WRITES)
def test_every_page_shows_what_was_written_at_its_next_run(
    laid: Laid, open_page: Open, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    roles = {page: WHO.role if page in ("org_units", "settings") else Role.APPROVER for page in SEEN}
    apps = {}

    def all_drawn() -> dict[str, list[tuple[object, ...]]]:
        found = {}
        for page, app in apps.items():
            monkeypatch.setattr(access, "look", lambda page=page: replace(WHO, role=roles[page]))
            found[page] = drawn(app)
        return found

    for page, asked in SEEN.items():
        monkeypatch.setattr(access, "look", lambda page=page: replace(WHO, role=roles[page]))
        apps[page] = open_page(page, **{name: laid.ids.get(value, value) for name, value in asked.items()})
    before = all_drawn()
    engine = make_engine()
    act, shown = WRITES[kind]
    act(engine, laid)
    engine.dispose()
    with_all_kept = all_drawn()
    data.forget()
    pages_store._scoped().names = Names()
    with_nothing_kept = all_drawn()
    for page in SEEN:
        assert len(with_all_kept[page]) == len(with_nothing_kept[page]), page
        pairs = zip(with_all_kept[page], with_nothing_kept[page], strict=True)
        assert [pair for pair in pairs if pair[0] != pair[1]] == [], page
        assert page not in shown or with_all_kept[page] != before[page], page


def test_another_scope_of_an_account_holds_at_its_next_run(
    laid: Laid, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine()
    accounts.first_administrator(engine, "guanli")
    with write(engine) as connection:
        accounts.add_account(connection, "keyuan", "科员", Role.VIEWER, laid.ids["west"], by="甲")

    def look() -> access.Person:
        with engine.connect() as connection:
            held = accounts.account_named(connection, "keyuan")
        assert held is not None
        return access.person_of(held)

    monkeypatch.setattr(access, "look", look)
    app = open_page("districts")
    assert "西坪" in everything(app)
    assert "东渡" not in everything(app)
    with engine.connect() as connection:
        held = accounts.account_named(connection, "keyuan")
    assert held is not None
    accounts.change_account(engine, held.id, {"org_unit_id": laid.ids["east"]}, by="甲")
    app = open_page("districts")
    assert "东渡" in everything(app)
    assert "西坪" not in everything(app)
    engine.dispose()
