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
    """`draft`, `refused CODE`, or what went wrong with the traceback; the work is done in a forked child."""
    start = time.monotonic()
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(out)
        os.write(into, _work(name, content).encode()[:60_000])
        os._exit(0)
    os.close(into)
    answer = _answer(out, DEFAULT_LIMITS.wall_seconds)
    if answer is None:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(out)
    if answer is None:
        return "late", f"{time.monotonic() - start:.0f} s"
    if status != 0 or not answer:
        return "died", f"status {status}"
    outcome, _, words = answer.partition("\n")
    return outcome, words


def _answer(out: int, seconds: float) -> str | None:
    """The child's words; None when it has said nothing in time."""
    ready, _, _ = select.select([out], [], [], seconds)
    return os.read(out, 60_000).decode(errors="replace") if ready else None


def _work(name: str, content: bytes) -> str:
    limit(asdict(DEFAULT_LIMITS))
    try:
        reading = read_file(name, content)
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
