"""A source file on the screen: marks cover exactly their characters and the file's own text never becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from db.records import Grid
from pages.ui.document import STYLE, CellMark, Mark, grid_html, labels, pages_of, position, text_html, window

TEXT = "云栖县2026年秋季小学在校生12,345人，\n其中女生5,998人；<script>alert(1)</script> & 结束。"


class Seen(HTMLParser):
    """Collects what a browser would show: all text, the text inside each class, links, tag names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text, self.open, self.inside, self.links, self.here = "", [], {}, {}, ""
        self.tags_said: dict[str, str] = {}  # marked text -> what stands behind it
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.tags.add(tag)
        self.open.append((tag, held))

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if any(tag == "style" for tag, _ in self.open):
            return
        self.text += data
        for tag, held in self.open:
            for name in (held.get("class") or "").split():
                self.inside[name] = self.inside.get(name, "") + data
            if tag == "a":
                self.links[data] = held["href"]
            if held.get("id") == "here":
                self.here += data
            if held.get("data-tag"):
                self.tags_said[data] = held["data-tag"]


def span(quote: str) -> tuple[int, int]:
    start = TEXT.index(quote)
    return start, start + len(quote)


def test_the_number_and_its_sentence_are_marked_to_the_character() -> None:
    sentence = "云栖县2026年秋季小学在校生12,345人，\n其中女生5,998人；"
    seen = Seen(text_html(TEXT, [Mark(*span(sentence), "sentence"), Mark(*span("12,345"), "focus")]))
    assert seen.inside["sentence"] == sentence
    assert seen.inside["focus"] == seen.here == "12,345"
    assert seen.text == TEXT


def test_the_place_that_is_scrolled_to_is_a_box() -> None:
    """Browsers snap to boxes only: with an inline mark they centred the whole text instead of the number."""
    assert '<mark class="focus" id="here">' in text_html(TEXT, [Mark(*span("12,345"), "focus")])
    assert 'mark[id="here"] { display: inline-block;' in STYLE
    assert "@keyframes here" in STYLE


def test_text_of_the_file_never_becomes_markup() -> None:
    seen = Seen(text_html(TEXT, [Mark(*span("<script>"), "other", href='./evidence?obs="><img>', title='"><b>')]))
    assert seen.tags == {"style", "div", "a"}
    assert seen.text == TEXT
    assert seen.links == {"<script>": './evidence?obs="><img>'}


def test_the_reason_stands_once_behind_a_number_that_was_not_taken() -> None:
    marks = [
        Mark(1, 5, "rejected", title="计划数", tag="计划"),
        Mark(0, 3, "sentence"),
        Mark(6, 8, "rejected", tag='"<b>'),
    ]
    seen = Seen(text_html("abcdefgh", marks))
    assert seen.tags_said == {"de": "计划", "gh": '"<b>'}
    assert seen.text == "abcdefgh"  # the words are drawn and not part of the text
    assert "content: attr(data-tag)" in STYLE
    cell = grid_html(Grid("s", (("甲", 5),)), [CellMark("B1", "rejected", title="目标值", tag="目标")])
    assert Seen(cell).tags_said == {"5": "目标"}


def test_overlapping_marks_each_keep_their_own_characters() -> None:
    seen = Seen(text_html("abcdefgh", [Mark(1, 5, "other", "./x"), Mark(3, 7, "rejected"), Mark(0, 8, "sentence")]))
    assert seen.inside["other"] == "bcde"
    assert seen.inside["rejected"] == "defg"
    assert seen.inside["sentence"] == "abcdefgh"


def test_marks_outside_the_text_or_empty_are_left_out() -> None:
    seen = Seen(text_html("abc", [Mark(3, 9, "other"), Mark(1, 1, "focus")]))
    assert seen.text == "abc"
    assert "other" not in seen.inside


def test_a_stretch_shows_only_itself_and_the_part_of_a_mark_inside_it() -> None:
    seen = Seen(text_html("abcdefgh", [Mark(1, 5, "other")], first=3, last=7))
    assert seen.text == "defg"
    assert seen.inside["other"] == "de"


def test_a_long_text_is_cut_at_line_ends_and_nothing_is_lost() -> None:
    text = "\n".join("句" * n for n in range(1, 60))
    cut = pages_of(text, 300)
    assert "".join(text[start:end] for start, end in cut) == text
    assert len(cut) > 3
    assert all(text[end - 1] == "\n" for _, end in cut[:-1])
    assert max(end - start for start, end in cut) <= 300


def test_a_long_line_is_cut_where_it_must() -> None:
    assert pages_of("句" * 10, 4) == [(0, 4), (4, 8), (8, 10)]


@pytest.mark.parametrize(
    ("cell", "at"),
    [("A1", (0, 0)), ("C7", (6, 2)), ("AA10", (9, 26)), ("R2C5", (1, 4)), ("第三行", None), ("", None)],
)
def test_addresses(cell: str, at: tuple[int, int] | None) -> None:
    assert position(cell) == at


def test_grid_marks_the_cell_and_escapes_the_rest() -> None:
    grid = Grid("Sheet1", (("学校", "应种", "已种"), ("<img src=x onerror=alert(1)>", 40, 38.0)))
    marks = [CellMark("C2", "focus"), CellMark("B2", "part", "./evidence?obs=3", "应种人数")]
    seen = Seen(grid_html(grid, marks))
    assert seen.inside["focus"] == seen.here == "38"
    assert seen.inside["part"] == "40"
    assert seen.links == {"40": "./evidence?obs=3"}
    assert "img" not in seen.tags
    assert "<img src=x onerror=alert(1)>" in seen.text


def test_grid_of_a_csv_is_addressed_by_numbers() -> None:
    grid = Grid("t", (("学校", "人数"), ("甲", 5)), address_style="RC")
    seen = Seen(grid_html(grid, [CellMark("R2C2", "focus")]))
    assert seen.here == "5"
    assert "C2" in seen.text


def test_a_big_grid_shows_its_head_and_the_rows_around_the_cell() -> None:
    grid = Grid("大表", tuple((f"校{n}", n) for n in range(500)))
    seen = Seen(grid_html(grid, [CellMark("B301", "focus")], head=3, around=2))
    shown = [n for n in range(500) if f"校{n}" in seen.text.replace("⋯", " ") and f"校{n}" in seen.text]
    assert {0, 1, 2, 298, 299, 300, 301, 302} <= set(shown)
    assert "校150" not in seen.text
    assert seen.here == "300"


def test_a_merged_heading_is_drawn_over_the_cells_it_covers() -> None:
    grid = Grid("s", (("小学", None), ("男", "女")), merges=((0, 0, 0, 1),))
    html = grid_html(grid, [])
    assert '<td rowspan="1" colspan="2">小学</td></tr>' in html
    assert html.count("<td") == 3


def test_a_merge_that_is_cut_is_repeated_faintly_where_it_is_seen() -> None:
    grid = Grid("s", (("小学", 1), *((None, n) for n in range(1, 90))), merges=((0, 0, 80, 0),))
    assert Seen(grid_html(grid, [CellMark("B50", "focus")], head=1, around=1)).inside["covered"] == "小学" * 3


def test_a_sheet_of_merges_and_no_cells_is_drawn() -> None:
    assert Seen(grid_html(Grid("s", (), merges=((0, 0, 3, 3),)), [])).text == ""


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("C4", ("甲校", "接种 · 已种")),
        ("B5", ("乙校", "接种 · 应种")),
        ("A1", ("查验情况", "")),
        ("R9", ("", "")),
        ("C99", ("", "")),
    ],
)
def test_a_cell_is_named_by_the_text_of_its_row_and_over_its_column(cell: str, names: tuple[str, str]) -> None:
    rows = (
        ("查验情况", None, None),
        ("学校", "接种", None),
        (None, "应种", "已种"),
        ("甲校", 40, 38),
        ("乙校", 50, 50),
    )
    grid = Grid("s", rows, merges=((1, 1, 1, 2), (1, 0, 2, 0)))
    assert labels(grid, cell) == names


@pytest.mark.parametrize(
    ("total", "focus", "rows"),
    [(4, 2, [0, 1, 2, 3]), (50, None, [0, 1, 2, 3, 4, 5, 6]), (50, 20, [0, 1, 18, 19, 20, 21, 22]), (0, None, [])],
)
def test_window(total: int, focus: int | None, rows: list[int]) -> None:
    assert window(total, focus, 2, 2) == rows
