"""`python -m etl extract | ingest | explain | sample | work`: the command line of the pipeline."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from db.catalogue import load_catalogue
from db.records import Draft, ImportResult, Reading, Severity
from etl import pipeline
from etl.places import Directory
from etl.printing import jsonl, table
from etl.sandbox import read_safely
from etl.sheets.recall import remembered_overrides
from etl.types import Refused

READ_AHEAD = 2  # files read in child processes while the one before is stored


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 done, 1 something was refused or not found, 2 wrong usage."""
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except Refused as refused:
        print(f"不能读取:{refused.sentence}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # `| head` closed the pipe
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description="指标抽取与入库")
    commands = parser.add_subparsers(required=True, metavar="命令")
    extract = commands.add_parser("extract", help="抽取一个文件中的指标,只打印,不入库")
    extract.add_argument("file", type=Path, metavar="文件")
    extract.add_argument("--format", choices=["jsonl", "table"], default="table", help="输出格式")
    extract.set_defaults(run=_extract)
    ingest = commands.add_parser("ingest", help="抽取并入库,可给出多个文件或文件夹")
    ingest.add_argument("paths", type=Path, nargs="+", metavar="路径")
    ingest.add_argument("--user", default="命令行", help="登记的经手人")
    ingest.set_defaults(run=_with_store(_ingest))
    explain = commands.add_parser("explain", help="说明一个数的出处、规则和历史")
    explain.add_argument("observation_id", type=int, metavar="编号")
    explain.set_defaults(run=_with_store(_explain))
    units = commands.add_parser("units", help="登记机构名录(xlsx、csv:代码、名称、上级代码、类型、学段…)")
    units.add_argument("file", type=Path, metavar="文件")
    units.set_defaults(run=_with_store(_units))
    sample = commands.add_parser("sample", help="生成样例县(市)数据并按正常流程入库")
    sample.add_argument("--folder", type=Path, default=None, help="样例文件放在哪里")
    sample.add_argument("--if-empty", action="store_true", help="库中已有数据时什么也不做")
    sample.add_argument("--files-only", action="store_true", help="只写文件,不入库")
    sample.add_argument("--schools", type=int, metavar="N", help="改为生成 N 所学校的全省表,用来试大批数据")
    sample.add_argument("--years", type=int, default=1, metavar="N", help="与 --schools 同用:几个学年")
    sample.add_argument(
        "--indicators", type=int, metavar="N", help="与 --schools 同用:每校每年 N 个数,直接写入库,不经读表"
    )
    sample.add_argument("--to", metavar="URL", help="与 --schools 同用:写入哪个数据库(默认 EDU_DATABASE_URL),直接写入")
    sample.set_defaults(run=_with_store(_sample))
    work = commands.add_parser("work", help="从入库队列中取任务执行,直到中断;可在几台机器上同时运行(PostgreSQL)")
    work.add_argument("--once", action="store_true", help="只取一项,做完即止")
    work.add_argument("--most", type=int, default=1, metavar="N", help="同时执行几项")
    work.set_defaults(run=_with_store(_work))
    return parser


def _with_store(command: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A command that opens the store; `extract` never imports it and therefore starts faster."""

    def run(args: argparse.Namespace) -> int:
        from db.engine import StoreError

        try:
            return command(args)
        except StoreError as fault:
            print(str(fault), file=sys.stderr)
            return 1

    return run


# ---- extract ------------------------------------------------------------------------------------------


def _extract(args: argparse.Namespace) -> int:
    if not args.file.is_file():
        print(f"找不到文件:{args.file}", file=sys.stderr)
        return 1
    reading = read_safely(args.file.name, args.file.read_bytes())
    extraction = pipeline.extract(reading, load_catalogue(), args.file.name)
    if args.format == "jsonl":
        for record in jsonl(extraction, reading):
            print(json.dumps(record, ensure_ascii=False))
    else:
        issues = pipeline.problems(reading, extraction, load_catalogue(), args.file.name)
        for line in table(extraction, issues, load_catalogue()):
            print(line)
    return 0


# ---- ingest -------------------------------------------------------------------------------------------


def _ingest(args: argparse.Namespace) -> int:
    missing = [path for path in args.paths if not path.exists()]
    for path in missing:
        print(f"找不到:{path}", file=sys.stderr)
    files = list(_files(path for path in args.paths if path.exists()))
    if not files:
        print("没有可入库的文件。", file=sys.stderr)
        return 1
    refused = ingest_files(files, args.user)
    return 1 if refused or missing else 0


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith((".", "~$")))
        else:
            yield path


def ingest_files(files: Sequence[Path], user: str) -> int:
    """Each file in one transaction of its own, with a line of progress; returns how many were not stored."""
    from db.engine import make_engine  # the store is only needed here; `extract` starts without it
    from db.layouts import remembered_layouts
    from db.opening import open_store
    from db.org import org_directory
    from db.queries_history import history_of
    from db.store import save_import

    engine = make_engine()
    open_store(engine)
    with engine.connect() as connection:
        directory = Directory(org_directory(connection))
        overrides = remembered_overrides(remembered_layouts(connection))
    save = partial(save_import, engine, user=user)

    def prepare(name: str, content: bytes, read: pipeline.Reader) -> Draft:
        draft = pipeline.draft_from_file(name, content, load_catalogue(), directory, read, overrides)
        with engine.connect() as connection:
            history = history_of(connection, draft, load_catalogue())
        return pipeline.with_history(draft, history, load_catalogue())

    counts: Counter[str] = Counter()
    with ThreadPoolExecutor(READ_AHEAD) as pool:
        for n, (path, content, reading) in enumerate(_read_ahead(pool, files), 1):
            outcome = _ingest_one(path, content, reading, prepare, save, counts)
            print(f"[{n}/{len(files)}] {path.name}  {outcome}", flush=True)
    print(
        f"完成:{len(files)} 个文件,入库 {counts['stored']},未变 {counts['same_file']},退回 {counts['rejected']};"
        f"新增 {counts['new']} 个数,相同 {counts['same']},更正 {counts['changed']}。"
    )
    return counts["rejected"]


def _read_ahead(pool: ThreadPoolExecutor, files: Sequence[Path]) -> Iterator[tuple[Path, bytes, Future[Reading]]]:
    waiting: list[tuple[Path, bytes, Future[Reading]]] = []
    for path in files:
        content = path.read_bytes()
        waiting.append((path, content, pool.submit(read_safely, path.name, content)))
        if len(waiting) > READ_AHEAD:
            yield waiting.pop(0)
    yield from waiting


def _ingest_one(
    path: Path,
    content: bytes,
    reading: Future[Reading],
    prepare: Callable[[str, bytes, pipeline.Reader], Draft],
    save: Callable[[Draft], ImportResult],
    counts: Counter[str],
) -> str:
    try:
        draft = prepare(path.name, content, lambda *_: reading.result())
    except Refused as refused:
        counts["rejected"] += 1
        return f"退回:{refused.sentence}"
    return _outcome(draft, save(draft), counts)


def _outcome(draft: Draft, result: ImportResult, counts: Counter[str]) -> str:
    counts.update(new=result.new, same=result.same, changed=result.changed)
    if result.outcome == "same":
        counts["same_file"] += 1
        return "已入过库,没有变化"
    if result.outcome == "rejected":
        counts["rejected"] += 1
        blocks = [issue for issue in draft.issues if issue.severity is Severity.BLOCK]
        first = blocks[0]
        where = f"{first.sheet}!{first.cell} " if first.cell else ""
        return f"退回,有 {len(blocks)} 处必须改正:{where}{first.sentence}"
    counts["stored"] += 1
    waiting = sum(issue.severity is Severity.CONFIRM for issue in draft.issues)
    pending = f" 待人工认定 {len(draft.pending)}" if draft.pending else ""
    return f"新增 {result.new} 相同 {result.same} 更正 {result.changed} 待核 {waiting}{pending} 未采纳 {len(draft.rejected)}"


# ---- explain ------------------------------------------------------------------------------------------


def _explain(args: argparse.Namespace) -> int:
    from db import queries
    from db.engine import make_engine

    with make_engine().connect() as connection:
        detail = queries.observation(connection, args.observation_id)
        if detail is None:
            print(f"没有编号为 {args.observation_id} 的观测。", file=sys.stderr)
            return 1
        document = queries.document(connection, detail.source_file_id)
        history = queries.history(connection, args.observation_id)
    name = load_catalogue().indicator(detail.indicator).name_zh
    print(f"{detail.org_unit_name}  {name}  {detail.period or '时期未知'}  {detail.dims or '不分维度'}")
    value = f"值:{_shown(detail.value)} {detail.unit}({detail.qualifier})"
    print(value if detail.value is not None else f"无值:{detail.obs_status}")
    if detail.numerator is not None and detail.denominator is not None:
        print(f"分子 {_shown(detail.numerator)} / 分母 {_shown(detail.denominator)}")
    print(f"来源:{detail.file_name}  {detail.imported_at:%Y-%m-%d %H:%M}  经手:{detail.imported_by}")
    if detail.cell:
        print(f"位置:{detail.sheet}!{detail.cell}  单元格内容:{detail.quote}")
    else:
        sentence = document.text[detail.sentence_start : detail.sentence_end] if document else detail.quote
        print(f"位置:第 {detail.start}—{detail.end} 字符  {detail.locator}\n原句:{sentence.strip()}")
    print(f"规则:{detail.rule}({detail.rule_version})  把握:{detail.confidence:.2f}")
    print("历史:")
    for row in history.to_dict("records"):
        state = "现行" if str(row["valid_to"]) in ("None", "NaT") else f"止于 {row['valid_to']:%Y-%m-%d %H:%M}"
        print(f"  #{row['observation_id']}  {_shown(row['value'])}  {row['source_kind']}  {row['file_name']}"
              f"  {row['valid_from']:%Y-%m-%d %H:%M}  {state}")  # fmt: skip
    return 0


def _shown(value: float | None) -> str:
    """A number without exponent and without `.0`."""
    return "无" if value is None or value != value else f"{value:.10f}".rstrip("0").rstrip(".")


# ---- work ---------------------------------------------------------------------------------------------


def _work(args: argparse.Namespace) -> int:
    import threading

    from db import logs
    from db.engine import make_engine
    from db.opening import open_store
    from etl.work import Supervisor, run_one

    logs.configure()
    engine = make_engine()
    if args.once:
        run_one(engine)
        return 0
    open_store(engine)
    worker, over = Supervisor(engine, max(args.most, 1)), threading.Event()
    print("正在等候入库任务,按 Ctrl+C 停止。", flush=True)
    try:
        worker.turn(over)
    except KeyboardInterrupt:
        worker.stop(20)
    return 0


# ---- units ---------------------------------------------------------------------------------------------


def _units(args: argparse.Namespace) -> int:
    from db.engine import make_engine
    from db.opening import open_store
    from db.org import load_org_units
    from etl.units import read_units

    units, issues = read_units(read_safely(args.file.name, args.file.read_bytes()))
    for issue in issues:
        print(f"{issue.locator} {issue.sentence}".strip(), file=sys.stderr)
    if issues:
        print(f"有 {len(issues)} 处需要改正,名录没有变动。", file=sys.stderr)
        return 1
    engine = make_engine()
    open_store(engine)
    load_org_units(engine, units)
    print(f"已登记 {len(units)} 个单位。")
    return 0


# ---- sample -------------------------------------------------------------------------------------------


def _sample(args: argparse.Namespace) -> int:
    from db.engine import make_engine
    from db.opening import open_store
    from db.org import load_org_units, org_directory
    from db.settings import Settings
    from etl import samples

    if args.schools is not None and (args.to is not None or args.indicators is not None):
        return _load_province(args)
    folder = args.folder or Settings.from_environment().data_dir / "sample"
    if not args.files_only:
        engine = make_engine()
        open_store(engine)
        with engine.connect() as connection:
            if args.if_empty and org_directory(connection):
                print("库中已有数据,不再装入样例。")
                return 0
    print(f"正在生成样例文件:{folder}")
    if args.schools is not None and not 1 <= args.schools <= samples.MOST:
        print(f"--schools 应在 1 至 {samples.MOST} 之间。", file=sys.stderr)
        return 2
    county = samples.build() if args.schools is None else samples.Load(args.schools, max(args.years, 1))
    files = county.write_files(folder)
    print(f"已写出 {len(files)} 个文件。")
    if args.files_only:
        return 0
    load_org_units(engine, county.org_units)
    _demonstration_accounts(engine)
    print(f"已登记 {len(county.org_units)} 个单位,开始入库(与平时上传相同的流程):")
    return 1 if ingest_files(files, "样例") else 0


def _load_province(args: argparse.Namespace) -> int:
    """Millions of numbers without reading a file; the same command again goes on where it stopped."""
    from db.bulk_load import load_forms
    from db.engine import make_engine
    from db.indexes import build_each
    from db.opening import open_store
    from db.org import load_org_units
    from etl.samples import MOST, Province
    from etl.samples.province import MEASURES, MOST_YEARS

    indicators = args.indicators or len(MEASURES)
    for name, given, most in (
        ("schools", args.schools, MOST), ("years", args.years, MOST_YEARS), ("indicators", indicators, len(MEASURES))
    ):  # fmt: skip
        if not 1 <= given <= most:
            print(f"--{name} 应在 1 至 {most} 之间。", file=sys.stderr)
            return 2
    engine = make_engine(args.to)
    open_store(engine, loading=True)
    province = Province(args.schools, args.years, indicators)
    start, done, total = monotonic(), 0, args.schools * args.years * indicators
    ids = load_org_units(engine, province.org_units)
    _demonstration_accounts(engine)
    print(f"已登记 {len(ids)} 个单位,开始写入 {total} 个数。")
    for step in load_forms(engine, province.forms(), ids, "样例", coming=total):
        done += step.facts + step.known_facts
        print(f"{done}/{total} 个数({done / total:.0%}),{monotonic() - start:.0f} 秒", flush=True)
    for name in build_each(engine):
        print(f"已建索引 {name},{monotonic() - start:.0f} 秒", flush=True)
    print(f"完成:{done} 个数,{monotonic() - start:.0f} 秒。")
    return 0


def _demonstration_accounts(engine: Any) -> None:
    from db.accounts import demonstration_accounts
    from db.org import org_directory
    from etl.samples.people import PEOPLE

    with engine.connect() as connection:
        ids = {unit.code: unit.id for unit in org_directory(connection)}
    demonstration_accounts(
        engine, [(one.name, one.display_name, one.role, ids.get(one.unit_code or "")) for one in PEOPLE]
    )


if __name__ == "__main__":
    sys.exit(main())
