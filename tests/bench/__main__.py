"""`python -m tests.bench [subject …] [--repeats N]`; without a subject all of them, one after the other."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module

from tests.bench.measure import HEAD, ROOT, Figure, cells, table

# Each is a module of this package; a new one needs this row and `figures(repeats)`.
SUBJECTS = {
    "extraction": "抽取:真实汇编与分词相比,篇幅增加时的用时",
    "document": "出处页:6 万字的汇报从打开到看见那句话",
    "commit": "入库:10 万行的表存入 1000 万个数的库(首次约需几分钟造库,留在临时文件夹)",
    "commit_postgres": "入库:9.8 万个数存入 PostgreSQL 上的大库(EDU_BENCH_POSTGRES_URL 指向已用 etl sample 装好的库)",
    "memory": "内存:上传 10 万行的 xlsx 并关页 2 分钟后服务多占多少",
    "reruns": "各页重跑,与只查同样的数、只画同样的图相比(样例市)",
    "pages": "各页的全部 SQL:100 万与 1000 万个数的库(首次造库约 20 分钟;BENCH_SMALL、BENCH_LARGE 可改小)",
    "aggregate": "同一个合计:汇总、不用汇总的 SQL、pandas 逐份读原表",
    "imported": "10 万行的表从文件到入库,与 pandas.read_excel + to_sql 相比",
    "start": "从启动到健康检查通过,与空的 Streamlit 程序相比",
    "backed_up": "备份 1000 万个数的库时 8 人读取等多久",
    "preview": "预览:10 万行 × 20 列的 xlsx",
}


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="用时、内存与下限之比")
    parser.add_argument(
        "subjects", nargs="*", metavar="项目", help=";".join(f"{name} {what}" for name, what in SUBJECTS.items())
    )
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="每项重复次数,取中位数")
    args = parser.parse_args(argv)
    unknown = set(args.subjects) - set(SUBJECTS)
    if unknown or args.repeats < 1:
        parser.error(f"没有这些项目:{'、'.join(sorted(unknown))}" if unknown else "重复次数至少为 1")
    print(where())
    found: list[Figure] = []
    for name in args.subjects or SUBJECTS:
        for one in import_module(f"tests.bench.{name}").figures(args.repeats):
            print("  ".join(f"{title}:{cell}" for title, cell in zip(HEAD, cells(one), strict=True)), flush=True)
            found.append(one)
    print(f"\n{table(found)}")


def where() -> str:
    """Date, commit, machine and load: a figure means nothing without them."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    load = f",负载 {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{datetime.now().astimezone():%Y-%m-%d %H:%M},提交 {done.stdout.strip() or '未知'},"
        f"Python {platform.python_version()},{os.cpu_count()} 核{load}"
    )


if __name__ == "__main__":
    main()
