"""Runs a reader in a limited child process, so that no file can end or exhaust the program.

A parser of office files may abort the whole process on a few hostile kilobytes, which Python cannot catch. The child
gets the bytes by pipe, an empty environment and hard limits; it answers in JSON and plain arrays, never in pickle: even a
child taken over by its file can only send data.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from db.records import Reading
from etl.types import Refused
from etl.wire import reading_from_json, unpacked

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent
MEBIBYTE = 1024 * 1024
# -I leaves out the caller's folder and PYTHONPATH, so the project's own folder is named explicitly.
_START = "import sys; sys.path.insert(0, sys.argv[1]); from etl.sandbox_child import main; main()"


@dataclass(frozen=True, slots=True)
class Limits:
    """Address space and reply in bytes, processor and wall time in seconds. Windows knows only wall time and reply."""

    memory: int = 2048 * MEBIBYTE
    cpu_seconds: int = 30
    wall_seconds: float = 40
    open_files: int = 64
    reply: int = 512 * MEBIBYTE


DEFAULT_LIMITS = Limits()


def read_safely(name: str, content: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """`etl.readers.read_file` in a child process. Raises Refused, also when the child dies or takes too long."""
    request = json.dumps({"name": name, "limits": asdict(limits)}).encode("ascii") + b"\n" + content
    reply, code, late = _run([sys.executable, "-I", "-c", _START, str(ROOT)], request, limits)
    if late:
        raise Refused(
            "timeout", f"读取超过 {limits.wall_seconds:g} 秒仍未完成,文件过大或结构异常,请拆分或另存后再上传。"
        )
    if code != 0 and len(reply) <= limits.reply:
        raise _death(code, limits)
    return _decode(reply, limits)


def _run(command: list[str], request: bytes, limits: Limits) -> tuple[bytes, int, bool]:
    """(reply, exit code, whether the clock ran out). The child is always waited for."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(), cwd=ROOT
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    clock = threading.Timer(limits.wall_seconds, stop)
    feeder = threading.Thread(target=_feed, args=(process, request), daemon=True)
    clock.start()
    feeder.start()
    assert process.stdout is not None
    try:
        with process.stdout as pipe:
            reply = pipe.read(limits.reply + 1)
        if len(reply) > limits.reply:
            process.kill()
    except BaseException:  # such as Ctrl-C while waiting: leave no child behind
        process.kill()
        raise
    finally:
        code = process.wait()
        clock.cancel()
        feeder.join()
    return reply, code, late.is_set()


def _feed(process: subprocess.Popen[bytes], request: bytes) -> None:
    assert process.stdin is not None
    try:
        with process.stdin as pipe:
            pipe.write(request)
    except OSError:  # the child died before it had read everything; its exit code tells why
        log.debug("the reader closed its input early")


def _environment() -> dict[str, str]:
    """Nothing of ours; Windows cannot start a process without its system folder. A library of matrices would set aside
    memory for each core of the machine."""
    return {"OPENBLAS_NUM_THREADS": "1"} | {key: os.environ[key] for key in ("SYSTEMROOT",) if key in os.environ}


def _decode(reply: bytes, limits: Limits) -> Reading:
    if len(reply) > limits.reply:
        raise Refused("too_large", "文件内容过多,读取结果超过上限,请拆成几个文件后再上传。")
    try:
        answer, arrays = unpacked(reply)
        if "refused" in answer:
            code, sentence = answer["refused"]
            log.info("refused as %r: %.60r", code, answer.get("cause"))
            raise Refused(str(code), str(sentence))
        return reading_from_json(answer["reading"], arrays)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise Refused("crashed", "读取程序返回的结果不完整,文件未读取,请另存一份后重新上传。") from error


def _death(code: int, limits: Limits) -> Refused:
    if code == -getattr(signal, "SIGXCPU", 0) and code != 0:
        return Refused("timeout", f"读取用去 {limits.cpu_seconds} 秒仍未完成,文件过大或结构异常,请拆分或另存后再上传。")
    if code == -getattr(signal, "SIGKILL", 0) and code != 0:
        return Refused("killed", "读取时占用的内存或时间过多,已停止,请删去多余的行列和格式后另存一份再上传。")
    return Refused(
        "crashed", "读取程序因这个文件异常退出,文件可能已损坏或被恶意改动,请用 WPS 或 Office 另存一份后再上传。"
    )
