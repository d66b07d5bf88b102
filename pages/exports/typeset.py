"""A paper as PDF in the layout of official papers, set by typst in a process of its own: no office program, no network.

All text goes to the layout (official.typ) as data, so that nothing in a file's words is taken for markup."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pages.exports import docx_fonts, fonts
from pages.exports.paper import Block, Chart, Paper, Paragraph, Run, Table
from pages.exports.picture import drawn

_LAYOUT = Path(__file__).with_name("official.typ")
_ROOT = Path(__file__).resolve().parent.parent.parent
_PATIENCE_S = 180
_LATIN = ("Times New Roman", "Liberation Serif", "TeX Gyre Termes", "Libertinus Serif")  # the last comes with typst


class NotSet(RuntimeError):
    """The layout failed; the message is that of typst."""


def pdf_bytes(paper: Paper) -> bytes:
    """The paper as PDF. Raises NotSet, and picture.NotDrawn where a chart cannot be drawn."""
    charts = drawn([dict(each.spec) for each in paper.charts()], "png")
    asked = {"paper": _as_data(paper), "charts": [base64.b64encode(each).decode() for each in charts]}
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"}
    try:
        child = subprocess.run(
            [sys.executable, "-m", "pages.exports.typeset"], input=json.dumps(asked).encode(), capture_output=True,
            timeout=_PATIENCE_S, check=True, env=environment, cwd=_ROOT,
        )  # fmt: skip
    except subprocess.CalledProcessError as fault:
        raise NotSet(fault.stderr.decode("utf-8", "replace")[-2000:]) from fault
    except subprocess.TimeoutExpired as fault:
        raise NotSet(f"not set within {_PATIENCE_S} s") from fault
    return child.stdout


def _as_data(paper: Paper) -> dict[str, Any]:
    number = iter(range(len(paper.charts())))
    return {
        "title": paper.title, "lines": paper.lines(), "author": paper.author, "language": paper.language, "edition": paper.edition,
        "cover": paper.cover, "cover_notes": paper.cover_notes, "fonts": _families(),
        "body": [_block(each, number) for each in paper.body],
        "annexes": [
            {"label": each.label, "title": each.title, "wide": each.wide, "blocks": [_block(one, number) for one in each.blocks]}
            for each in paper.annexes
        ],
    }  # fmt: skip


def _families() -> dict[str, Sequence[str]]:
    """The families for each part of the paper: those of official papers, then one that this machine has."""
    held = fonts.chinese()
    sans, serif = fonts.first(fonts.SANS, held), fonts.first(fonts.SERIF, held)
    wanted = {
        "title": (docx_fonts.TITLE, serif), "body": (docx_fonts.BODY, serif), "heading": (docx_fonts.HEADING, sans),
        "subheading": (docx_fonts.SUBHEADING, serif), "small": (docx_fonts.SMALL, serif),
    }  # fmt: skip
    found: dict[str, Sequence[str]] = {
        name: [each for each in dict.fromkeys((*names, last)) if each in held] for name, (names, last) in wanted.items()
    }
    return {**found, "latin": _LATIN}


def _block(block: Block, number: Any) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"is": block.kind, "runs": [_run(each) for each in block.runs]}
    if isinstance(block, Chart):
        return {"is": "chart", "caption": block.caption, "alt": block.alt, "file": f"chart{next(number)}.png"}
    return _table(block)


def _table(block: Table) -> dict[str, Any]:
    return {
        "is": "table", "title": block.title, "heads": block.heads, "widths": block.widths, "notes": block.notes,
        "rows": [[_run(each) for each in row] for row in block.rows], "figures": sorted(block.figures),
        "anchored": block.anchored,
    }  # fmt: skip


def _run(run: Run) -> dict[str, Any]:
    return {"text": run.text, "refs": run.refs}


def _set(asked: dict[str, Any]) -> bytes:
    import typst

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "main.typ").write_bytes(_LAYOUT.read_bytes())
        (place / "paper.json").write_text(json.dumps(asked["paper"]), encoding="utf-8")
        for n, chart in enumerate(asked["charts"]):
            (place / f"chart{n}.png").write_bytes(base64.b64decode(chart))
        places = [str(each) for each in fonts.folders() if each.is_dir()]
        return bytes(typst.compile(str(place / "main.typ"), root=folder, font_paths=places, format="pdf"))


def main() -> None:
    """Read {paper, charts} as JSON and write the PDF."""
    sys.stdout.buffer.write(_set(json.loads(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
