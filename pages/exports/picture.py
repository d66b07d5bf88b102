"""Vega-Lite charts as PNG and SVG: drawn in a process of their own, without browser and network.

The drawing engine takes 150 MB and does not give them back; a child that ends does (docs/decisions/014)."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

Kind = Literal["png", "svg"]
SCALE = 2.0  # of a PNG: sharp on paper and on a projector
_ROOT = Path(__file__).resolve().parent.parent.parent
_PATIENCE_S = 120


class NotDrawn(RuntimeError):
    """The engine did not draw; the message is its own."""


def drawn(specs: Sequence[dict[str, Any]], kind: Kind) -> list[bytes]:
    """The charts as images, in their order: PNG, or SVG as UTF-8. Raises NotDrawn."""
    if not specs:
        return []
    asked = json.dumps({"kind": kind, "specs": list(specs)}, allow_nan=False)
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"}
    try:
        child = subprocess.run(
            [sys.executable, "-m", "pages.exports.picture"], input=asked.encode(), capture_output=True,
            timeout=_PATIENCE_S, check=True, env=environment, cwd=_ROOT,
        )  # fmt: skip
    except subprocess.CalledProcessError as fault:
        raise NotDrawn(fault.stderr.decode("utf-8", "replace")[-2000:]) from fault
    except subprocess.TimeoutExpired as fault:
        raise NotDrawn(f"no picture within {_PATIENCE_S} s") from fault
    return [base64.b64decode(each) for each in json.loads(child.stdout)]


def _draw(spec: dict[str, Any], kind: str) -> bytes:
    import vl_convert

    nowhere: dict[str, Any] = {"allowed_base_urls": []}  # charts carry their data; nothing is fetched
    if kind == "png":
        return bytes(vl_convert.vegalite_to_png(spec, scale=SCALE, **nowhere))
    return str(vl_convert.vegalite_to_svg(spec, **nowhere)).encode()


def main() -> None:
    """Read {kind, specs} as JSON and write the images in base64 as a JSON list."""
    asked = json.loads(sys.stdin.buffer.read())
    made = [base64.b64encode(_draw(each, asked["kind"])).decode() for each in asked["specs"]]
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    main()
