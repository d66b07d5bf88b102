"""Two server processes behind nginx (docs/deploy/nginx-several.conf) with one PostgreSQL: more reruns than one?"""

from __future__ import annotations

import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.conftest import ROOT
from tests.soak import leaders
from tests.soak.served import Served, running
from tests.soak.share import limited

CONFIGURATION = ROOT / "docs" / "deploy" / "nginx-several.conf"
PAGES = ("trends", "districts")
PEOPLE, WARM_S, LOAD_S = 8, 15.0, 30.0
SHARE = 0.25


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def behind_nginx(folder: Path, behind: list[Served]) -> Iterator[Served]:
    """The configuration of the documentation in front of some servers; its address as that of a server."""
    port, place = free_port(), folder / "nginx"
    place.mkdir()
    servers = "\n".join(f"        server 127.0.0.1:{each.port};" for each in behind)
    told = CONFIGURATION.read_text(encoding="utf-8").replace("{folder}", str(place)).replace("{servers}", servers)
    file = place / "nginx.conf"
    file.write_text(told.replace("{listen}", f"127.0.0.1:{port}"), encoding="utf-8")
    command = ["nginx", "-c", str(file), "-p", str(place), "-g", "daemon off;"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        assert process.poll() is None, (place / "error.log").read_text(encoding="utf-8")
        yield replace(behind[0], address=f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=20)


@dataclass(slots=True)
class Both:
    """The load on one process and on two, whether each process was held to `SHARE` of a core, and how many connections each
    of the two has served."""

    one: leaders.Told
    two: leaders.Told
    held: bool
    spread: list[int]

    @property
    def ratio(self) -> float:
        """Reruns of two processes to those of one."""
        return self.two.per_second / self.one.per_second


def run(folder: Path, url: str, share: float | None = None) -> Both:
    """The same people without a pause on one process and on two, both behind nginx. `share`: of a core, for each process:
    where the machine has as many cores as processes, they compete with the database, nginx and the people themselves."""
    shared = {"EDU_DATABASE_URL": url, "STREAMLIT_SERVER_COOKIE_SECRET": secrets.token_hex(32), "EDU_WORKERS": "0"}
    found: list[leaders.Told] = []
    spread, held = list[int](), share is not None
    for number in (1, 2):
        with ExitStack() as stack:
            folders = [folder / f"{number}-{n}-{share}" for n in range(number)]
            for place in folders:
                place.mkdir()
            behind = [stack.enter_context(running(each, shared)) for each in folders]
            front = stack.enter_context(behind_nginx(folders[0], behind))
            people = leaders.signed_in(front, PEOPLE)
            for each in behind if share is not None else ():
                held &= stack.enter_context(limited(each.process.pid, share or 0.0))
            told = leaders.run(front, people, PAGES, think_s=0, warm_s=WARM_S, load_s=LOAD_S, servers=behind)
            found.append(told)
            spread = [each.said().count('"kind": "websocket"') for each in behind]
    return Both(found[0], found[1], held, spread)
