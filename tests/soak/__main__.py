"""`python -m tests.soak [part …]`: the proofs that take minutes, their figures printed and kept in docs/soak.md."""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median

from db.engine import make_engine, sqlite_module
from db.migrations import upgrade
from tests.conftest import ROOT, run_module
from tests.db.conftest import new_database
from tests.soak import backups, bombs, crashes, files, full_disk, leaders, requests, sessions, two
from tests.soak.client import Browser
from tests.soak.served import allow, cookie_of, running

DOC = ROOT / "docs" / "soak.md"
Lines = list[str]
LEADER_ROUNDS, LEADER_S = 3, 20.0
POINTS, REQUESTS, TABS, RERUNS, BACKUP_S, FILES, DEPTH = 200, 5000, 300, 2000, 30.0, 2000, 10


@contextmanager
def databases() -> Iterator[dict[str, Callable[[], str]]]:
    """Makers of URLs of new databases, by kind. PostgreSQL keeps its usual care for the disk here."""
    import pgserver

    with tempfile.TemporaryDirectory(prefix="soak") as folder, tempfile.TemporaryDirectory(prefix="pg") as held:
        server = pgserver.get_server(held)
        programs = Path(pgserver.__file__).parent / "pginstall/bin"
        os.environ["PATH"] = os.pathsep.join((str(programs), os.environ["PATH"]))
        try:
            yield {
                "SQLite": lambda: f"sqlite:///{Path(folder) / uuid.uuid4().hex / 'store.sqlite3'}",
                "PostgreSQL": lambda: new_database(server.get_uri()),
            }
        finally:
            server.cleanup()


def crash() -> Lines:
    """Case 25."""
    lines = []
    with databases() as kinds:
        for name, new in kinds.items():
            url, began = new(), time.monotonic()
            _migrated(url)
            told = crashes.run(url, POINTS)
            lines.append(
                f"{name}:在入库与审核的 {told.points} 个随机时刻 kill -9,已确认 {told.acknowledged} 份,丢失 0,半份可见 0;"
                f"被打断的 {sum(told.unfinished.values())} 份中整份在库 {told.unfinished['whole']}、完全不在 {told.unfinished['absent']};"
                f"同一文件再次入库均无变化,每 {crashes.VERIFY_EVERY} 次及末次全库核对无误({time.monotonic() - began:.0f} 秒)。"
            )
    return lines


def disk() -> Lines:
    """Case 26."""
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        (folder / "limit").mkdir()
        lines = [
            f"写到文件大小上限:提示“{full_disk.by_file_limit(folder / 'limit')}”,回滚完整,放开后同一文件入库,核对无误。"
        ]
        with full_disk.small_disk(folder / "full", 80) as small:
            sentence, _ = full_disk.on_a_full_disk(small)
        lines.append(
            f"80 MB 磁盘在服务运行中写满:提示“{sentence}”;已登录的人照常看页面,/readyz 为未就绪;腾出空间后同一文件入库,核对无误。"
        )
        with full_disk.small_disk(folder / "ro", 80) as small:
            sentence, code = full_disk.on_a_read_only_disk(small)
        lines.append(f"磁盘改为只读:写入提示“{sentence}”,此时启动以退出码 {code} 结束并说明;改回可写后入库,核对无误。")
    return lines


def backup() -> Lines:
    """Cases 27 and 28."""
    lines = []
    with databases() as kinds:
        for name, new in kinds.items():
            url = new()
            _migrated(url)
            found = backups.run(url, new, BACKUP_S)
            lines.append(
                f"{name}:{BACKUP_S:.0f} 秒内 {backups.IMPORTERS} 人入库同一指标共 {found.imports} 次、{backups.READERS} 人读 {found.reads} 次,"
                f"同时备份 {found.copies} 份(每份 {max(found.copy_s):.2f} 秒以内);没有“锁定”,没有人读到半份;"
                f"每份恢复到空库后全库核对无误,可继续入库。读取中位 {found.percentile(0.5):.1f} 毫秒,"
                f"p99 {found.percentile(0.99):.1f} 毫秒(10 个进程争 {os.cpu_count()} 核)。"
            )
    return lines


def fuzz() -> Lines:
    """Mutated requests."""
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        allow(full_disk.url_of(folder))
        with running(folder) as served:
            cookies = [cookie_of(served) for _ in range(40)]
            told = requests.run(served, cookies, REQUESTS)
    failed = sum(n for status, n in told.by_status.items() if status.startswith("5"))
    answers = "、".join(f"{status} {n}" for status, n in sorted(told.by_status.items()))
    return [
        f"{told.by_status.total()} 个变异请求(四路并发,含 websocket):{answers};5xx {failed} 次(均带错误页),日志中内部错误 0 次,"
        f"最长 {told.longest:.1f} 秒,服务仍在。"
    ]


def broken() -> Lines:
    """Mutated files."""
    began = time.monotonic()
    told = files.run(FILES, say=print)
    lines = [
        f"{kind}:{one.outcomes.total()} 个变异文件,得出草稿 {one.outcomes['draft']},给出拒收理由 {one.refused},异常 0,最长 {one.longest:.1f} 秒。"
        for kind, one in told.items()
    ]
    lines.append(
        f"共 {sum(one.outcomes.total() for one in told.values())} 个,用 {time.monotonic() - began:.0f} 秒;没有异常、没有超过 "
        f"{files.LONGEST_S:.0f} 秒的、没有丢失的出处。样本与改法见 tests/etl/readers/mutate.py。"
    )
    return lines


def session() -> Lines:
    """Cases 3, 24 and 30."""
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        _sample(folder)
        with running(folder, sessions.environment(folder / "outside")) as served:
            cookie = cookie_of(served)
            told = sessions.run(served, cookie, TABS, RERUNS)
            status, foreign = sessions.foreign_origin(served, cookie)
            assert " 403 " in status, status
            base = served.rss_mb()
            peak = _upload_and_close(served, cookie)
            time.sleep(110)
            after = served.rss_mb()
            with Browser(served, cookie) as tab:
                tab.open("upload")
            time.sleep(60)
            last = served.rss_mb()
            outside = sessions.attempts_of(folder / "outside")
    assert outside == [], outside
    course = "、".join(f"{n} 次后 {mb:.0f}" for n, mb in told.rss.items())
    return [
        f"样例库,{TABS} 个标签页先后开关、共 {len(told.rerun_ms)} 次重跑:常驻内存(MB){course};前 100 次之后 "
        f"{told.rss[TABS] - told.rss[100]:+.0f} MB。重跑中位 {told.percentile(0.5):.0f} 毫秒,p95 {told.percentile(0.95):.0f} 毫秒。",
        f"外部主机一律解析不到、连不上,服务端尝试外连 {len(outside)} 次;外来 Origin 的 websocket 403,{foreign:.0f} 毫秒。",
        f"4 个 49 MB 文件上传后关页:峰值 {peak - base:+.0f} MB,110 秒后 {after - base:+.0f} MB,再有人打开一页后 {last - base:+.0f} MB。",
    ]


def leader() -> Lines:
    """Fifty people beside each other, in turns on a page that is nothing but four figures, on our pages without the gate and
    as they are: a busy minute of the machine meets all three alike."""
    rounds: dict[str, list[leaders.Told]] = {"bare": [], "open": [], "gate": []}
    with tempfile.TemporaryDirectory() as held, ExitStack() as stack:
        folder, other = Path(held), Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _sample(folder)
        bare = stack.enter_context(running(other, script="tests/soak/bare_page.py", route="/_stcore/health"))
        ungated = stack.enter_context(running(folder, script="tests/soak/ungated.py"))
        gate = stack.enter_context(running(folder))
        people = leaders.signed_in(gate)
        each = {
            "bare": (bare, [{}] * leaders.PEOPLE, ("",)),
            "open": (ungated, leaders.as_the_gate_says(people), leaders.PAGES),
            "gate": (gate, people, leaders.PAGES),
        }
        for number in range(LEADER_ROUNDS):
            for kind, (served, headers, pages) in each.items():
                warm = leaders.WARM_S if number == 0 else 2 * leaders.THINK_S
                rounds[kind].append(leaders.run(served, headers, pages, warm_s=warm, load_s=LEADER_S))
    found = {kind: leaders.together(told) for kind, told in rounds.items()}
    names = {"bare": "四张图加 200 行表格的空页", "open": "本系统,去掉门", "gate": "本系统,照常"}
    lines = [f"{names[kind]}:{leaders.said(told)}。" for kind, told in found.items()]
    p95 = {kind: median(one.percentile(0.95) for one in told) for kind, told in rounds.items()}
    met = p95["gate"] <= max(260, 2 * p95["bare"])
    every = {kind: "、".join(f"{one.percentile(0.95):.0f}" for one in told) for kind, told in rounds.items()}
    lines.append(
        f"三者轮流 {LEADER_ROUNDS} 次,每次 {LEADER_S:.0f} 秒;p95(毫秒)空页 {every['bare']},去掉门 {every['open']},照常 {every['gate']}。"
        f"取中位:是没有门的 {p95['gate'] / p95['open']:.2f} 倍(目标 ≤2),空页的 {p95['gate'] / p95['bare']:.1f} 倍"
        f"(目标 ≤260 毫秒或 ≤2 倍:{'达到' if met else '未达到'});处理器时间是空页的 "
        f"{found['gate'].each_ms / found['bare'].each_ms:.2f} 倍;内存目标 ≤400 MB:"
        f"{'达到' if found['gate'].peak_mb <= 400 else '未达到'}。负载发生器在同一台机器上,此刻负载 {os.getloadavg()[0]:.1f}。"
    )
    return lines


def several() -> Lines:
    """Two processes behind nginx with a shared PostgreSQL, against one."""
    with tempfile.TemporaryDirectory() as held, databases() as kinds:
        folder, url = Path(held), kinds["PostgreSQL"]()
        _sample(folder)
        for arguments, values in (
            (("upgrade",), {}),
            (("export", str(folder / "out")), {}),
            (("import", str(folder / "out")), {"EDU_DATABASE_URL": url}),
        ):
            done = subprocess.run([sys.executable, "-m", "db", *arguments], cwd=ROOT, capture_output=True, text=True,
                                  env={**os.environ, "EDU_DATA_DIR": str(folder), **values}, check=False)  # fmt: skip
            assert done.returncode == 0, done.stderr[-1000:]
        free, shared = two.run(folder, url), two.run(folder, url, two.SHARE)
    lines = []
    for name, told in (("不限处理器", free), (f"每个进程限用 {two.SHARE} 核", shared)):
        if told is shared and not told.held:
            lines.append(f"{name}:这台机器上不能限定,没有测。")
            continue
        lines += [
            f"{name},一个进程,{two.PEOPLE} 人不停地看:{leaders.said(told.one)}。",
            f"{name},两个进程:{leaders.said(told.two)}(两个进程之和);结束的连接 {'、'.join(map(str, told.spread))}。",
            f"{name},两个进程是一个的 {told.ratio:.2f} 倍(目标 ≥1.7:{'达到' if told.ratio >= 1.7 else '未达到'});"
            f"{os.cpu_count()} 核上同时还有 PostgreSQL、nginx 和负载发生器,此刻负载 {os.getloadavg()[0]:.1f}。",
        ]
    return lines


def bomb() -> Lines:
    """Case 17."""
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        allow(full_disk.url_of(folder))
        with running(folder) as served:
            found = bombs.run(served, cookie_of(served))
    lines = [f"{name}({one.size / 1000:.0f} kB):{one.seconds:.1f} 秒,“{one.sentence}”" for name, one in found.items()]
    return [*lines, "每份之后服务仍是同一进程,已打开的页面照常应答。"]


def _upload_and_close(served: sessions.Served, cookie: str) -> float:
    tabs = [Browser(served, cookie) for _ in range(4)]
    for tab in tabs:
        with tab:
            tab.open("upload")
            assert tab.upload("a.xlsx", os.urandom(49 << 20)) == 204
    return served.rss_mb()


def _migrated(url: str) -> None:
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()


def _sample(folder: Path) -> None:
    """The sample city in a folder: a copy of `EDU_SOAK_SAMPLE`, else made anew (about a minute)."""
    given = os.environ.get("EDU_SOAK_SAMPLE")
    if given:
        shutil.copy(Path(given) / "store.sqlite3", folder)
        return
    done = run_module("etl", "sample", data_dir=folder)
    assert done.returncode == 0, done.stderr[-1000:]


def walks() -> Lines:
    """The random tests of `make test` with examples of their own, those that have a depth DEPTH times as long."""
    files = [
        path
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if any(word in path.read_text("utf-8") for word in ("from tests.depth", "from hypothesis"))
    ]
    command = [sys.executable, "-m", "pytest", "-v", "-n", "auto", *map(str, files)]
    environment, said = {**os.environ, "EDU_TEST_DEPTH": str(DEPTH)}, []
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as running_tests:
        assert running_tests.stdout is not None
        for line in running_tests.stdout:  # half an hour and more: whoever waits sees which walk failed
            print(line, end="", flush=True)
            said.append(line)
    assert running_tests.returncode == 0, "".join(said)[-4000:]
    ended = said[-1].strip().strip("= ")
    return [f"{len(files)} 个测试文件中的随机测试,次数为日常测试的 {DEPTH} 倍:{ended}。"]


PARTS: dict[str, tuple[str, Callable[[], Lines]]] = {
    "crash": ("kill -9(用例 25)", crash),
    "disk": ("磁盘满、只读(用例 26)", disk),
    "backup": ("并发入库与备份恢复(用例 27、28)", backup),
    "fuzz": ("变异请求", fuzz),
    "files": ("变异文件", broken),
    "walks": ("加深的随机测试", walks),
    "bombs": ("炸弹文件(用例 17)", bomb),
    "leaders": ("五十人同时查看", leader),
    "several": ("nginx 之后的两个进程", several),
    "session": ("会话与内存、外连(用例 3、24、30)", session),
}


def where() -> str:
    """Date, commit, machine, versions."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return (
        f"{datetime.now().astimezone():%Y-%m-%d %H:%M},提交 {commit.stdout.strip() or '未知'},{os.cpu_count()} 核,"
        f"{platform.system()} {platform.release()},Python {platform.python_version()},SQLite {sqlite_module().sqlite_version}"
    )


def keep(title: str, lines: Lines) -> None:
    """The section of a part in docs/soak.md becomes this."""
    text = DOC.read_text(encoding="utf-8") if DOC.exists() else ""
    section = f"## {title}\n{where()}\n\n" + "".join(f"- {line}\n" for line in lines)
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    text = pattern.sub(lambda _: section + "\n", text) if pattern.search(text) else text.rstrip("\n") + "\n\n" + section
    DOC.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="需要几分钟的证明,结果写入 docs/soak.md")
    parser.add_argument("parts", nargs="*", metavar="项目", help="、".join(PARTS))
    asked = parser.parse_args(argv).parts or list(PARTS)
    if unknown := set(asked) - set(PARTS):
        parser.error("没有这些项目:" + "、".join(sorted(unknown)))
    for name in asked:
        title, run = PARTS[name]
        print(f"{title} ……", flush=True)
        lines = run()
        print("\n".join(lines), flush=True)
        keep(title, lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
