"""`python -m db upgrade | check | verify | backup | restore | export | import | unreported | administrator`: the care of
the store, who has not filed, and the first account."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from db import audit
from db.accounts import first_administrator
from db.backup import backup, restore
from db.catalogue import load_catalogue
from db.engine import StoreError, make_engine, write
from db.opening import look_around, open_store, unready
from db.periods import parse_period
from db.portable import export_store, import_store
from db.queries_unreported import unreported
from db.records_accounts import Action
from db.verify import verify


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0: done; 1: verify found a fault; 2: it could not be done, a sentence says why."""
    chosen = _parser().parse_args(arguments)
    if arguments is None and chosen.run is _backup:  # a program of its own
        _give_way()
    try:
        engine = make_engine(chosen.database)
        try:
            code: int = chosen.run(engine, chosen)
        finally:
            engine.dispose()
    except StoreError as error:
        print(error, file=sys.stderr)
        return 2
    except OperationalError as error:
        print(f"连不上数据库,或数据库正忙:{error.orig}。请检查地址、账号和网络后重试。", file=sys.stderr)
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m db", description="数据库的建立、核对、备份与恢复")
    parser.add_argument("--database", metavar="URL", help="数据库地址,默认取 EDU_DATABASE_URL,再默认为 data 文件夹")
    commands = parser.add_subparsers(required=True, metavar="命令")
    one = commands.add_parser("upgrade", help="建立数据库,或升级到本版本的结构")
    one.set_defaults(run=_upgrade)
    one = commands.add_parser("check", help="检查运行环境:SQLite 版本、磁盘、时钟、数据库结构")
    one.set_defaults(run=_check)
    one = commands.add_parser("verify", help="由事实重算汇总,并核对每条依据的原文")
    one.set_defaults(run=_verify)
    one = commands.add_parser("backup", help="备份到文件或文件夹,使用中也可进行")
    one.add_argument("destination", type=Path, metavar="目标", help="备份文件,或存放备份的文件夹")
    one.set_defaults(run=_backup)
    one = commands.add_parser("restore", help="从备份恢复")
    one.add_argument("source", type=Path, metavar="备份文件")
    one.add_argument("--replace", action="store_true", help="库中已有数据时也替换")
    one.set_defaults(run=_restore)
    one = commands.add_parser("export", help="以开放格式(每表一个 JSONL,附摘要清单)导出整个库")
    one.add_argument("folder", type=Path, metavar="文件夹", help="一个空文件夹;内含账号和原件,只给应当看到的人")
    one.set_defaults(run=_export)
    one = commands.add_parser("import", help="把导出的文件夹导入一个空库(SQLite 与 PostgreSQL 可互换)")
    one.add_argument("folder", type=Path, metavar="文件夹")
    one.set_defaults(run=_import)
    one = commands.add_parser("unreported", help="列出某期某表未报和未报全的单位,可直接复制")
    one.add_argument("form", metavar="表", help="db/catalogue/forms.yml 中的代码,如 school_basics")
    one.add_argument("period", metavar="时期", help="时期代码,如 SY2024、2024、2025-03")
    one.set_defaults(run=_unreported)
    one = commands.add_parser("administrator", help="建立首个管理员账号,只能建立一次")
    one.add_argument("name", metavar="账号名", help="2 至 32 位小写字母、数字、点、横线或下划线")
    one.add_argument("--display-name", metavar="姓名", default="", help="页面上显示的姓名")
    one.set_defaults(run=_administrator)
    return parser


def _upgrade(engine: sa.Engine, _: argparse.Namespace) -> int:
    open_store(engine)
    print(f"数据库已是最新结构:{engine.url.render_as_string(hide_password=True)}")
    return 0


def _check(engine: sa.Engine, _: argparse.Namespace) -> int:
    faults = look_around(engine)
    for fault in faults:
        print(("不能运行:" if fault.refuses else "请注意:") + fault.sentence)
    codes = () if any(fault.refuses for fault in faults) else unready(engine)
    if codes:
        print(f"数据库现在不能写入或须升级({'、'.join(codes)})。")
    elif not faults:
        print("运行环境检查完毕,未发现问题。")
    return 1 if codes or any(fault.refuses for fault in faults) else 0


def _verify(engine: sa.Engine, _: argparse.Namespace) -> int:
    faults = 0
    with engine.connect() as connection:
        for check in verify(connection):
            faults += len(check.faults)
            for line in check.lines():
                print(line, flush=True)
    print(f"核对完毕,发现 {faults} 处问题。" if faults else "核对完毕,未发现问题。")
    return 1 if faults else 0


def _give_way() -> None:
    """Leave the processor to others first: checking a large copy keeps a whole one busy, and people who read
    meanwhile should not notice."""
    with contextlib.suppress(AttributeError, OSError):  # Windows has no such order
        os.nice(10)


def _backup(engine: sa.Engine, chosen: argparse.Namespace) -> int:
    path = backup(engine, chosen.destination)
    # On a disk that may not be written to, or in a store of an older schema, the copy is what counts.
    with contextlib.suppress(StoreError, DBAPIError), write(engine) as connection:
        audit.record(connection, Action.BACKUP, "命令行", subject=path.name, after={"size": path.stat().st_size})
    print(f"已备份到 {path}({path.stat().st_size / 1e6:.1f} MB),并通过完整性检查。")
    return 0


def _restore(engine: sa.Engine, chosen: argparse.Namespace) -> int:
    restore(engine, chosen.source, replace=chosen.replace)
    print(f"已从 {chosen.source} 恢复。建议再运行 python -m db verify 核对。")
    return 0


def _export(engine: sa.Engine, chosen: argparse.Namespace) -> int:
    rows = export_store(engine, chosen.folder)
    print(f"已导出 {len(rows)} 张表、{sum(rows.values())} 行到 {chosen.folder}。")
    return 0


def _import(engine: sa.Engine, chosen: argparse.Namespace) -> int:
    rows = import_store(engine, chosen.folder)
    print(f"已导入 {len(rows)} 张表、{sum(rows.values())} 行。建议再运行 python -m db verify 核对。")
    return 0


def _unreported(engine: sa.Engine, chosen: argparse.Namespace) -> int:
    forms = load_catalogue().forms
    if chosen.form not in {one.code for one in forms}:
        raise StoreError("没有这张表。可选:" + "、".join(f"{one.code}({one.name_zh})" for one in forms))
    try:
        parse_period(chosen.period)
    except ValueError as error:
        raise StoreError(f"时期“{chosen.period}”写法不对,例如 SY2024(学年)、2024(年度)、2025-03(月)。") from error
    with engine.connect() as connection:
        found = unreported(connection, form=chosen.form, period=chosen.period)
    stages = load_catalogue().form_words.stages
    for row in found.to_dict("records"):
        places = " ".join(name for name in (row["county_name"], row["town_name"]) if isinstance(name, str))
        lacking = f" 缺:{row['missing']}" if row["state"] == "part" else ""
        print(f"{places} {row['name']}({stages[row['stage']]}){lacking}".strip())
    print(f"共 {len(found)} 行未报或未报全。")
    return 0


def _administrator(engine: sa.Engine, chosen: argparse.Namespace) -> int:
    open_store(engine)
    given = first_administrator(engine, chosen.name, chosen.display_name)
    print(f"已建立管理员账号 {chosen.name.strip().lower()}。一次性密码:{given}\n首次登录后须改密码;这个密码不再显示。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
