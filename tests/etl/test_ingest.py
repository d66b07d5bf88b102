"""The command line end to end: extract, ingest, explain; the same file twice; a process killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.org import load_org_units
from etl import samples
from tests.conftest import ROOT, connected, run_module
from tests.stores import prepared

FORMS = ("A_", "E26", "K24", "R0")  # retention, ledgers, canteens, reports


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("files")
    return [path for path in samples.build().write_files(folder) if path.name.startswith(FORMS)]


def units(engine: sa.Engine) -> None:
    load_org_units(engine, samples.build().org_units)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    prepared(tmp_path / "store.sqlite3", units)
    return tmp_path


def counts(data_dir: Path) -> dict[str, int]:
    tables = ("source_file", "import_batch", "observation", "evidence", "rollup")
    with connected(data_dir) as connection:
        return {t: int(connection.execute(sa.text(f"select count(*) from {t}")).scalar_one()) for t in tables}  # noqa: S608


def test_the_same_files_again_change_nothing(files: list[Path], data_dir: Path) -> None:
    chosen = [str(path) for path in files[:3]]
    first = run_module("etl", "ingest", *chosen, data_dir=data_dir)
    assert first.returncode == 0, first.stderr
    assert "入库 3" in first.stdout
    before = counts(data_dir)
    assert before["observation"] > 100
    again = run_module("etl", "ingest", *chosen, data_dir=data_dir)
    assert "未变 3" in again.stdout
    assert "新增 0 个数" in again.stdout
    assert counts(data_dir) == before


def test_a_kill_in_the_middle_leaves_whole_files_only_and_the_next_ingest_completes(
    files: list[Path], data_dir: Path
) -> None:
    environment = {**os.environ, "EDU_DATA_DIR": str(data_dir), "EDU_DATABASE_URL": ""}
    command = [sys.executable, "-m", "etl", "ingest", *map(str, files)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("[4/"):
            process.send_signal(signal.SIGKILL)
            break
    process.wait()
    process.stdout.close()
    half = counts(data_dir)
    assert 4 <= half["import_batch"] < len(files)
    assert half["import_batch"] == half["source_file"]
    assert half["observation"] == half["evidence"]
    verified = run_module("db", "verify", data_dir=data_dir)
    assert verified.returncode == 0, verified.stdout
    done = run_module("etl", "ingest", *map(str, files), data_dir=data_dir)
    assert done.returncode == 0, done.stderr
    assert f"未变 {half['import_batch']}" in done.stdout
    assert counts(data_dir)["import_batch"] == len(files)
    assert run_module("db", "verify", data_dir=data_dir).returncode == 0


def test_extract_prints_the_contract_and_every_quote_stands_at_its_place(files: list[Path], data_dir: Path) -> None:
    report = next(path for path in files if path.suffix == ".txt")
    done = run_module("etl", "extract", str(report), "--format", "jsonl", data_dir=data_dir)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    raw = report.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    text = text.replace("\r\n", "\n")
    found = [record for record in records if record["kind"] == "observation"]
    assert found
    for record in records:
        assert text[record["start"] : record["end"]] == record["text"]
    assert {"indicator", "dims", "value", "unit", "entity", "period", "qualifier", "confidence", "role"} <= set(
        found[0]
    )


def test_extract_of_a_sheet_names_sheet_and_cell(files: list[Path], data_dir: Path) -> None:
    sheet = next(path for path in files if path.name.startswith("K24"))
    done = run_module("etl", "extract", str(sheet), "--format", "jsonl", data_dir=data_dir)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    units = [r for r in records if r["kind"] == "observation" and r["role"] == "unit"]
    totals = [r for r in records if r["kind"] == "observation" and r["role"] == "total"]
    assert len(units) > 50
    assert all(record["sheet"] and record["cell"] for record in units)
    assert {record["entity"] for record in totals}.isdisjoint({record["entity"] for record in units})


def test_explain_leads_from_a_number_to_its_sentence(files: list[Path], data_dir: Path) -> None:
    report = next(path for path in files if path.suffix == ".docx")
    assert run_module("etl", "ingest", str(report), data_dir=data_dir).returncode == 0
    with connected(data_dir) as connection:
        number, quote = connection.execute(
            sa.text("select observation_id, quote from evidence order by observation_id limit 1")
        ).one()
    done = run_module("etl", "explain", str(number), data_dir=data_dir)
    assert done.returncode == 0, done.stderr
    sentence = next(line for line in done.stdout.splitlines() if line.startswith("原句:"))
    assert quote in sentence
    assert report.name in done.stdout
    assert "现行" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("etl", "extract", "没有这个文件.txt"), "找不到文件"),
        (("etl", "ingest", "没有这个文件夹"), "找不到"),
        (("etl", "explain", "999999"), "没有编号为 999999 的观测"),
    ],
)
def test_a_wrong_argument_gets_a_sentence(arguments: tuple[str, ...], words: str, data_dir: Path) -> None:
    done = run_module(*arguments, data_dir=data_dir)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_refused_file_is_said_and_the_others_go_on(files: list[Path], data_dir: Path, tmp_path: Path) -> None:
    bad = tmp_path / "坏表.xlsx"
    bad.write_bytes(b"PK\x03\x04 not a workbook")
    done = run_module("etl", "ingest", str(bad), str(files[0]), data_dir=data_dir)
    assert done.returncode == 1
    assert "坏表.xlsx  退回:" in done.stdout
    assert "入库 1,未变 0,退回 1" in done.stdout
