"""`python -m tests.etl.readers.fuzz --seconds 300`: broken files without end; what ends in anything but a draft or a
refusal is kept in a folder and named with its seed. Each file gets a limited process of its own, as in etl.sandbox."""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import select
import signal
import sys
import time
import traceback
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from db.catalogue import load_catalogue
from db.records import SourceFile
from etl.pipeline import draft_from_reading
from etl.places import Directory
from etl.readers import read_file
from etl.sandbox import DEFAULT_LIMITS
from etl.sandbox_child import limit
from etl.types import Refused
from tests.etl.readers.mutate import mutated, samples

READ = "+"  # the child's word that the reader is done and the understanding begins


def main() -> int:
    """Exit code 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.etl.readers.fuzz")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("/tmp/fuzz"))
    args = parser.parse_args()
    args.keep.mkdir(parents=True, exist_ok=True)
    load_catalogue()
    told: Counter[str] = Counter()
    until, seed = time.monotonic() + args.seconds, args.seed
    while time.monotonic() < until:
        rng = random.Random(seed)
        name, content = rng.choice(samples())
        broken = mutated(content, rng)
        outcome, words = outcome_of(name, broken)
        told[outcome.partition(" ")[0]] += 1
        if not outcome.startswith(("draft", "refused")):
            kept = args.keep / f"{seed}-{name}"
            kept.write_bytes(broken)
            print(f"{kept}: {outcome}\n{words}", flush=True)
        seed += 1
    print(f"{sum(told.values())} files, seeds {args.seed}-{seed - 1}: {dict(told)}")
    return int(bool(set(told) - {"draft", "refused"}))


def outcome_of(name: str, content: bytes) -> tuple[str, str]:
    """`draft`, `refused CODE`, or what went wrong with the traceback; the work is done in a forked child. One that dies
    while it reads is a refusal of the sandbox; one that dies later would have taken the server with it."""
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(out)
        os.write(into, _work(name, content, into).encode()[:60_000])
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        answer, late = _answer(pipe.fileno())
    if late:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    was_read = answer.startswith(READ)
    if late or status != 0 or answer == READ:
        how = "late" if late else f"died with status {status}"
        return (f"{how} after reading", "") if was_read else (f"refused {how}", "")
    outcome, _, words = answer.removeprefix(READ).partition("\n")
    return outcome, words


def _answer(out: int) -> tuple[str, bool]:
    """All of the child's words, and whether it was still at work when the time was over."""
    until, said = time.monotonic() + DEFAULT_LIMITS.wall_seconds, b""
    while select.select([out], [], [], max(0, until - time.monotonic()))[0]:
        more = os.read(out, 60_000)
        if not more:
            return said.decode(errors="replace"), False
        said += more
    return said.decode(errors="replace"), True


def _work(name: str, content: bytes, into: int) -> str:
    limit(asdict(DEFAULT_LIMITS))
    try:
        reading = read_file(name, content)
        os.write(into, READ.encode())
        source = SourceFile(name, content, hashlib.sha256(content).hexdigest(), reading.media_type)
        draft = draft_from_reading(source, reading, load_catalogue(), Directory([]))
        lost = [one.evidence for one in draft.observations if not one.evidence.holds_in(draft.reading)]
        return "draft" if not lost else f"evidence lost\n{lost[0]}"
    except Refused as refused:
        return f"refused {refused.code}"
    except MemoryError:
        return "refused memory"
    except BaseException:
        return f"raised\n{traceback.format_exc()}"


if __name__ == "__main__":
    sys.exit(main())
