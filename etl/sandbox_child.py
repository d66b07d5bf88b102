"""The child's side of the sandbox: limits first, then the reader, then one answer."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
from typing import Any

from etl.types import Refused
from etl.wire import Array, Buffer, packed, reading_to_json


def main() -> None:
    """Reads a JSON line and the file's bytes from stdin; answers on the original stdout, which nobody else can use."""
    gc.disable()  # the cells of a large sheet are searched for cycles again and again, and the process ends soon
    answer_to = os.dup(1)
    os.dup2(2, 1)
    request = json.loads(sys.stdin.buffer.readline())
    limit(request["limits"])
    try:
        answer = _answer(request["name"], sys.stdin.buffer.read())
    except MemoryError:
        answer = packed({"refused": _no_memory()})
    with os.fdopen(answer_to, "wb") as pipe:
        pipe.writelines(answer)
    os._exit(0)  # tearing down millions of cells costs time and helps nobody; the pipe is closed, the answer complete


def limit(limits: dict[str, Any]) -> None:
    """Sets the limits that this system knows; Windows has no such module and relies on the parent's clock."""
    try:
        import resource
    except ImportError:
        return
    wanted = {
        resource.RLIMIT_AS: (limits["memory"], limits["memory"]),
        resource.RLIMIT_CPU: (limits["cpu_seconds"], limits["cpu_seconds"] + 1),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_NOFILE: (limits["open_files"], limits["open_files"]),
    }
    for kind, values in wanted.items():
        with contextlib.suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS; the others still hold
            resource.setrlimit(kind, values)


def _answer(name: str, content: bytes) -> list[Buffer]:
    from etl.readers import read_file

    arrays: list[Array] = []
    try:
        return packed({"reading": reading_to_json(read_file(name, content), arrays)}, arrays)
    except Refused as refused:
        cause = type(refused.__cause__).__name__  # its words may quote the file
        return packed({"refused": [refused.code, refused.sentence], "cause": cause})


def _no_memory() -> list[str]:
    return ["memory", "读取这个文件需要的内存超过上限,请删去多余的行列和图片,或拆成几个文件后再上传。"]
